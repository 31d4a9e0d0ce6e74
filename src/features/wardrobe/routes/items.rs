//! Listing, changing and deleting garments.
use super::wire::{EditBody, ItemBody, ItemPage, ListQuery, SummaryBody};
use crate::{
    base::{cursor::Cursor, id::ItemId},
    features::{
        accounts::CurrentUser,
        wardrobe::{Error, Wardrobe},
    },
    platform::http::{Problem, extract::Body},
};
use actix_web::{
    HttpResponse, delete, get, patch, post,
    web::{Data, Json, Path, Query},
};
use uuid::Uuid;

/// Lists garments, newest first.
#[utoipa::path(tag = "wardrobe", params(ListQuery), responses(
    (status = 200, body = ItemPage),
))]
#[get("/wardrobe")]
pub(super) async fn list_items(
    user: CurrentUser,
    wardrobe: Data<Wardrobe>,
    query: Query<ListQuery>,
) -> Result<Json<ItemPage>, Problem> {
    let limit = query.limit.unwrap_or(50);
    if !(1..=200).contains(&limit) {
        return Err(Error::Invalid(format!("limit is {limit}; expected 1 to 200")).into());
    }
    let after = match &query.cursor {
        None => None,
        Some(text) => Some(Cursor::decode(text).ok_or_else(|| {
            Error::Invalid("cursor is none that a page of this list gave".to_owned())
        })?),
    };
    let (items, next) = wardrobe
        .list(user.id, &query.filter(), after, limit)
        .await?;
    Ok(Json(ItemPage {
        items: items.into_iter().map(ItemBody::from).collect(),
        next_cursor: next.map(|cursor| cursor.encode()),
    }))
}

/// Counts garments by kind and colour.
#[utoipa::path(tag = "wardrobe", responses((status = 200, body = SummaryBody)))]
#[get("/wardrobe/summary")]
pub(super) async fn get_summary(
    user: CurrentUser,
    wardrobe: Data<Wardrobe>,
) -> Result<Json<SummaryBody>, Problem> {
    Ok(Json(wardrobe.summary(user.id).await?.into()))
}

/// Shows one garment.
#[utoipa::path(tag = "wardrobe", params(("id" = Uuid, Path)), responses(
    (status = 200, body = ItemBody),
))]
#[get("/wardrobe/{id}")]
pub(super) async fn get_item(
    user: CurrentUser,
    wardrobe: Data<Wardrobe>,
    id: Path<Uuid>,
) -> Result<Json<ItemBody>, Problem> {
    Ok(Json(wardrobe.item(user.id, ItemId(*id)).await?.into()))
}

/// Corrects what was recognised, names a garment, or puts it in the wash.
#[utoipa::path(tag = "wardrobe", params(("id" = Uuid, Path)), request_body = EditBody, responses(
    (status = 200, body = ItemBody),
))]
#[patch("/wardrobe/{id}")]
pub(super) async fn edit_item(
    user: CurrentUser,
    wardrobe: Data<Wardrobe>,
    id: Path<Uuid>,
    Body(body): Body<EditBody>,
) -> Result<Json<ItemBody>, Problem> {
    let edit = body.into();
    Ok(Json(
        wardrobe.edit(user.id, ItemId(*id), &edit).await?.into(),
    ))
}

/// Deletes a garment; it can be restored for 30 days.
#[utoipa::path(tag = "wardrobe", params(("id" = Uuid, Path)), responses(
    (status = 204),
))]
#[delete("/wardrobe/{id}")]
pub(super) async fn delete_item(
    user: CurrentUser,
    wardrobe: Data<Wardrobe>,
    id: Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    wardrobe.delete(user.id, ItemId(*id)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Takes a deletion back.
#[utoipa::path(tag = "wardrobe", params(("id" = Uuid, Path)), responses(
    (status = 200, body = ItemBody),
))]
#[post("/wardrobe/{id}/restore")]
pub(super) async fn restore_item(
    user: CurrentUser,
    wardrobe: Data<Wardrobe>,
    id: Path<Uuid>,
) -> Result<Json<ItemBody>, Problem> {
    Ok(Json(wardrobe.restore(user.id, ItemId(*id)).await?.into()))
}

/// Sends a garment through the models again. Corrections stay.
#[utoipa::path(tag = "wardrobe", params(("id" = Uuid, Path)), responses(
    (status = 202, body = ItemBody),
))]
#[post("/wardrobe/{id}/reprocess")]
pub(super) async fn reprocess_item(
    user: CurrentUser,
    wardrobe: Data<Wardrobe>,
    id: Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let item = wardrobe.reprocess(user.id, ItemId(*id)).await?;
    Ok(HttpResponse::Accepted().json(ItemBody::from(item)))
}
