//! Asking for outfits, and looking at earlier ones.
use super::wire::{
    OutfitBody, OutfitPage, OutfitQuery, RecommendAnswer, RecommendForm, attempt, page,
};
use crate::{
    base::id::{ItemId, OutfitId},
    features::{
        accounts::CurrentUser,
        recommend::{Answered, Error, FUSION_VERSION, Recommend, Request, Suggestion},
        wardrobe::{self, routes::read_photo},
    },
    platform::http::{
        Problem,
        extract::Body,
        idempotency::{OptionalKey, once},
    },
};
use actix_multipart::Multipart;
use actix_web::{
    HttpResponse, get, post,
    web::{Data, Json, Path, Query},
};
use futures_util::TryStreamExt as _;
use uuid::Uuid;

/// The JSON beside a photo may have this many bytes.
const MAX_REQUEST_BYTES: usize = 64 * 1024;

/// "What shall I wear?": complete outfits from one's own clothes.
#[utoipa::path(tag = "outfits", request_body = Request, responses(
    (status = 200, body = RecommendAnswer),
))]
#[post("/recommend")]
pub(super) async fn recommend_outfits(
    user: CurrentUser,
    recommend: Data<Recommend>,
    key: OptionalKey,
    Body(request): Body<Request>,
) -> Result<HttpResponse, Problem> {
    let attempt = attempt(&user, "/api/recommend", key, &request)?;
    let work = async {
        let answered = recommend.ask(user.id, request, None).await?;
        Ok(HttpResponse::Ok().json(answer(&recommend, answered)))
    };
    Box::pin(once(recommend.db(), recommend.clock(), attempt, work)).await
}

/// What goes with the thing in this photo: outfits from one's own clothes.
#[utoipa::path(tag = "outfits",
    request_body(content = RecommendForm, content_type = "multipart/form-data"),
    responses(
        (status = 200, body = RecommendAnswer),
    ))]
#[post("/recommend/photo")]
pub(super) async fn recommend_with_photo(
    user: CurrentUser,
    recommend: Data<Recommend>,
    form: Multipart,
) -> Result<Json<RecommendAnswer>, Problem> {
    let limit = recommend.wardrobe().limits().max_bytes;
    let (photo, request) = read_form(form, limit).await?;
    let answered = recommend.ask(user.id, request, Some(photo)).await?;
    Ok(Json(answer(&recommend, answered)))
}

async fn read_form(mut form: Multipart, limit: usize) -> Result<(Vec<u8>, Request), Problem> {
    let (mut photo, mut request) = (None, None);
    let upload = |what: &dyn std::fmt::Display| Error::Upload(what.to_string());
    while let Some(mut field) = form.try_next().await.map_err(|e| upload(&e))? {
        match field.name() {
            Some("photo") => {
                let read = read_photo(&mut field, limit).await?;
                photo = Some(read.map_err(wardrobe::Error::from)?);
            }
            Some("request") => {
                let read = read_photo(&mut field, MAX_REQUEST_BYTES).await?;
                let bytes = read.map_err(|e| upload(&e))?;
                let parsed = serde_json::from_slice(&bytes);
                request = Some(parsed.map_err(|e| Error::Invalid(format!("request: {e}")))?);
            }
            other => {
                let name = other.unwrap_or_default();
                return Err(
                    upload(&format!("field {name:?} is not \"photo\" or \"request\"")).into(),
                );
            }
        }
    }
    let photo = photo.ok_or_else(|| upload(&"it holds no field \"photo\""))?;
    let request = match request {
        Some(request) => request,
        None => serde_json::from_str("{}")
            .map_err(anyhow::Error::from)
            .map_err(Error::from)?,
    };
    Ok((photo, request))
}

fn answer(recommend: &Recommend, answered: Answered) -> RecommendAnswer {
    let items = answered.items;
    RecommendAnswer {
        outfits: answered
            .outfits
            .into_iter()
            .map(|outfit| OutfitBody::new(outfit, &items))
            .collect(),
        missing: answered.missing,
        notes: answered.notes,
        pack: recommend.wardrobe().vision().pack_id().to_owned(),
        fusion_version: FUSION_VERSION,
    }
}

/// Lists outfits that were suggested, newest first.
#[utoipa::path(tag = "outfits", params(OutfitQuery), responses(
    (status = 200, body = OutfitPage),
))]
#[get("/outfits")]
pub(super) async fn list_outfits(
    user: CurrentUser,
    recommend: Data<Recommend>,
    query: Query<OutfitQuery>,
) -> Result<Json<OutfitPage>, Problem> {
    let (after, limit) = page(query.cursor.as_deref(), query.limit)?;
    let wanted = (query.saved, query.worn);
    let (outfits, next) = recommend.outfits(user.id, wanted, after, limit).await?;
    Ok(Json(OutfitPage {
        outfits: bodies(&user, &recommend, outfits).await?,
        next_cursor: next.map(|cursor| cursor.encode()),
    }))
}

/// Shows one outfit that was suggested.
#[utoipa::path(tag = "outfits", params(("id" = Uuid, Path)), responses(
    (status = 200, body = OutfitBody),
))]
#[get("/outfits/{id}")]
pub(super) async fn get_outfit(
    user: CurrentUser,
    recommend: Data<Recommend>,
    id: Path<Uuid>,
) -> Result<Json<OutfitBody>, Problem> {
    let id = OutfitId(*id);
    let outfit = recommend.outfit(user.id, id).await?;
    let body = bodies(&user, &recommend, vec![outfit]).await?.pop();
    Ok(Json(body.ok_or(Error::NoOutfit(id))?))
}

async fn bodies(
    user: &CurrentUser,
    recommend: &Recommend,
    outfits: Vec<Suggestion>,
) -> Result<Vec<OutfitBody>, Problem> {
    let ids: Vec<ItemId> = outfits
        .iter()
        .flat_map(|outfit| outfit.picks.iter().map(|pick| pick.item))
        .collect();
    let items = recommend.wardrobe().items(user.id, &ids).await?;
    let items = items.into_iter().map(|item| (item.id, item)).collect();
    Ok(outfits
        .into_iter()
        .map(|outfit| OutfitBody::new(outfit, &items))
        .collect())
}
