//! `/api/faiss` and "similar garments": HTTP in, HTTP out.
use super::{Error, Search};
use crate::{
    base::{
        embedding::{Embedding, Space},
        id::{ItemId, UserId},
    },
    features::{
        accounts::{Admin, CurrentUser},
        wardrobe::{
            self,
            routes::{read_photo, wire::ItemBody},
        },
    },
    platform::http::{Problem, extract::Body},
};
use actix_multipart::Multipart;
use actix_web::{
    get, post,
    web::{Data, Json, Path, Query},
};
use anyhow::Context as _;
use chrono::{DateTime, Utc};
use futures_util::TryStreamExt as _;
use serde::{Deserialize, Serialize};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// The routes of this feature.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(get_index_stats)
        .service(search_items)
        .service(search_by_photo)
        .service(rebuild_index)
        .service(list_similar);
}

/// How the index is doing.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct IndexStats {
    /// `name@version` of the model pack.
    pack: String,
    /// Every change before this transaction is in the index; null until it is built.
    horizon: Option<i64>,
    /// When it was last built from the tables by this process.
    built_at: Option<DateTime<Utc>>,
    /// When it was last saved by this process.
    saved_at: Option<DateTime<Utc>>,
    /// One per embedding space.
    spaces: Vec<SpaceStats>,
}

/// One space's index.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct SpaceStats {
    space: Space,
    /// Vectors that can be found.
    vectors: usize,
    /// Numbers per vector.
    dimension: usize,
    /// Memory in bytes.
    memory_bytes: usize,
    /// Vectors in the HNSW graph; zero while the index is small enough to be scanned.
    graph_vectors: usize,
}

/// Tells how the index is doing.
#[utoipa::path(tag = "search", responses((status = 200, body = IndexStats)))]
#[get("/faiss/stats")]
async fn get_index_stats(_user: CurrentUser, search: Data<Search>) -> Json<IndexStats> {
    let status = search.status();
    Json(IndexStats {
        pack: search.wardrobe().vision().pack_id().to_owned(),
        horizon: status.horizon,
        built_at: status.built_at,
        saved_at: status.saved_at,
        spaces: search
            .stats()
            .into_iter()
            .map(|(space, stats)| SpaceStats {
                space,
                vectors: stats.vectors,
                dimension: stats.dimension,
                memory_bytes: stats.memory_bytes,
                graph_vectors: stats.graph_vectors,
            })
            .collect(),
    })
}

/// What to search for: exactly one of `item_id`, `text` and `vector`.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct SearchRequest {
    /// Garments like this one.
    item_id: Option<ItemId>,
    /// Garments that fit these words.
    text: Option<String>,
    /// Garments near this vector, in `space`.
    vector: Option<Vec<f32>>,
    /// Which embedding space; `fashion` for garments and photos, always `clip` for text.
    space: Option<Space>,
    /// How many, 1 to 100.
    #[serde(default = "ten")]
    #[schema(minimum = 1, maximum = 100, default = 10)]
    k: usize,
}

fn ten() -> usize {
    10
}

/// What was found.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct SearchAnswer {
    /// The space that was searched.
    space: Space,
    /// Nearest first.
    items: Vec<Found>,
}

/// A garment that was found.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Found {
    /// The garment.
    item: ItemBody,
    /// Cosine similarity, −1 to 1.
    similarity: f32,
}

/// Searches one's own wardrobe by garment, text or vector.
#[utoipa::path(tag = "search", request_body = SearchRequest, responses(
    (status = 200, body = SearchAnswer),
))]
#[post("/faiss/search")]
async fn search_items(
    user: CurrentUser,
    search: Data<Search>,
    Body(request): Body<SearchRequest>,
) -> Result<Json<SearchAnswer>, Problem> {
    check_k(request.k)?;
    let space = request.space.unwrap_or(Space::Fashion);
    let (query, except) = match (request.item_id, request.text, request.vector) {
        (Some(id), None, None) => (of_item(&search, user.id, id, space).await?, Some(id)),
        (None, Some(text), None) => {
            if request.space.is_some_and(|space| space != Space::Clip) {
                return Err(Error::Invalid("text is searched in space \"clip\"".into()).into());
            }
            if !(1..=300).contains(&text.trim().chars().count()) {
                return Err(Error::Invalid("text must have 1 to 300 characters".into()).into());
            }
            (search.wardrobe().embed_text(text).await?, None)
        }
        (None, None, Some(vector)) => {
            let space = request
                .space
                .ok_or_else(|| Error::Invalid("vector needs its space".into()))?;
            let query = Embedding::new(space, vector).map_err(Error::from)?;
            (query, None)
        }
        _ => {
            let what = "expected exactly one of item_id, text and vector";
            return Err(Error::Invalid(what.to_owned()).into());
        }
    };
    Ok(Json(
        found(&search, user.id, &query, request.k, except).await?,
    ))
}

/// Searches one's own wardrobe by a photo that is not stored.
#[utoipa::path(tag = "search",
    request_body(content = PhotoForm, content_type = "multipart/form-data"),
    params(SimilarQuery),
    responses(
        (status = 200, body = SearchAnswer),
    ))]
#[post("/faiss/search/photo")]
async fn search_by_photo(
    user: CurrentUser,
    search: Data<Search>,
    query: Query<SimilarQuery>,
    mut form: Multipart,
) -> Result<Json<SearchAnswer>, Problem> {
    let k = query.limit.unwrap_or(10);
    check_k(k)?;
    let upload = |what: String| Problem::from(wardrobe::Error::Upload(what));
    let field = form.try_next().await.map_err(|e| upload(e.to_string()))?;
    let mut field = field
        .filter(|field| field.name() == Some("photo"))
        .ok_or_else(|| upload("it holds no field \"photo\"".to_owned()))?;
    let limit = search.wardrobe().limits().max_bytes;
    let photo = read_photo(&mut field, limit).await?;
    let photo = photo.map_err(wardrobe::Error::from)?;
    let glance = search.wardrobe().glance(photo).await?;
    let space = query.space.unwrap_or(Space::Fashion);
    let embedding = glance.embeddings()[space.index()].take();
    let embedding = embedding.context("the pack gave no embedding in this space");
    let embedding = embedding.map_err(wardrobe::Error::from)?;
    Ok(Json(found(&search, user.id, &embedding, k, None).await?))
}

/// A photo to search by.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "documents the multipart form")]
struct PhotoForm {
    /// JPEG, PNG, WebP, GIF or BMP.
    #[schema(value_type = String, format = Binary)]
    photo: Vec<u8>,
}

/// What a rebuild did.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct RebuildAnswer {
    /// Vectors in the new index.
    vectors: usize,
}

/// Builds the index of this instance from the tables and puts it in place. For administrators.
#[utoipa::path(tag = "search", responses(
    (status = 200, body = RebuildAnswer),
))]
#[post("/faiss/rebuild")]
async fn rebuild_index(
    _admin: Admin,
    search: Data<Search>,
) -> Result<Json<RebuildAnswer>, Problem> {
    let vectors = search.rebuild().await?;
    Ok(Json(RebuildAnswer { vectors }))
}

/// How many, and in which space.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct SimilarQuery {
    /// Garments, 1 to 100.
    #[param(minimum = 1, maximum = 100, default = 10)]
    limit: Option<usize>,
    /// Which embedding space; `fashion` when absent.
    space: Option<Space>,
}

/// Shows garments of one's own that are like this one.
#[utoipa::path(tag = "search", params(("id" = Uuid, Path), SimilarQuery), responses(
    (status = 200, body = SearchAnswer),
))]
#[get("/wardrobe/{id}/similar")]
async fn list_similar(
    user: CurrentUser,
    search: Data<Search>,
    id: Path<Uuid>,
    query: Query<SimilarQuery>,
) -> Result<Json<SearchAnswer>, Problem> {
    let (id, k) = (ItemId(*id), query.limit.unwrap_or(10));
    check_k(k)?;
    let space = query.space.unwrap_or(Space::Fashion);
    let embedding = of_item(&search, user.id, id, space).await?;
    Ok(Json(
        found(&search, user.id, &embedding, k, Some(id)).await?,
    ))
}

fn check_k(k: usize) -> Result<(), Error> {
    if (1..=100).contains(&k) {
        return Ok(());
    }
    Err(Error::Invalid(format!(
        "{k} garments were asked for; expected 1 to 100"
    )))
}

/// A garment's embedding, if it is this owner's and recognised.
async fn of_item(
    search: &Search,
    owner: UserId,
    id: ItemId,
    space: Space,
) -> Result<Embedding, Error> {
    // One in the bin can be looked at and restored, but not searched by.
    let item = search.wardrobe().item(owner, id).await?;
    if item.deleted_at.is_some() {
        return Err(wardrobe::Error::NotFound(id).into());
    }
    let stored = search.wardrobe().embeddings_of(&[id]).await?;
    let what = match item.is_recognised() {
        true => "was recognised by another model pack and waits to be looked at again",
        false => "is not recognised yet",
    };
    stored
        .into_iter()
        .map(|(_, _, embedding)| embedding)
        .find(|embedding| embedding.space() == space)
        .ok_or_else(|| Error::Invalid(format!("garment {id} {what}")))
}

async fn found(
    search: &Search,
    owner: UserId,
    query: &Embedding,
    k: usize,
    except: Option<ItemId>,
) -> Result<SearchAnswer, Error> {
    let hits = search.nearest(owner, query, k, except)?;
    let ids: Vec<ItemId> = hits.iter().map(|hit| hit.key).collect();
    let items = search.wardrobe().items(owner, &ids).await?;
    let items = items
        .into_iter()
        .filter(|item| item.deleted_at.is_none())
        .filter_map(|item| {
            let similarity = hits.iter().find(|hit| hit.key == item.id)?.cosine;
            Some(Found {
                item: item.into(),
                similarity,
            })
        })
        .collect();
    Ok(SearchAnswer {
        space: query.space(),
        items,
    })
}
