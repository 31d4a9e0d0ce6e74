//! Saying what one thinks, seeing what was learned, and taking it back.
use super::wire::{FeedbackAnswer, LessonPage, PageQuery, Taste, TasteWeight, attempt, page};
use crate::{
    base::id::EventId,
    features::{
        accounts::CurrentUser,
        recommend::{Feedback, Recommend},
    },
    platform::http::{
        Problem,
        extract::Body,
        idempotency::{OptionalKey, once},
    },
};
use actix_web::{
    HttpResponse, delete, get, post,
    web::{Data, Json, Path, Query},
};
use uuid::Uuid;

/// Learns from what one says about an outfit. Saying the same again changes nothing.
#[utoipa::path(tag = "feedback", request_body = Feedback, responses(
    (status = 201, body = FeedbackAnswer),
    (status = 200, body = FeedbackAnswer, description = "it was said before"),
))]
#[post("/feedback")]
pub(super) async fn give_feedback(
    user: CurrentUser,
    recommend: Data<Recommend>,
    key: OptionalKey,
    Body(body): Body<Feedback>,
) -> Result<HttpResponse, Problem> {
    let attempt = attempt(&user, "/api/feedback", key, &body)?;
    let work = async {
        let given = recommend.give(user.id, &body).await?;
        let mut response = if given.is_new {
            HttpResponse::Created()
        } else {
            HttpResponse::Ok()
        };
        Ok(response.json(FeedbackAnswer {
            event: given.lesson,
        }))
    };
    Box::pin(once(recommend.db(), recommend.clock(), attempt, work)).await
}

/// Lists lessons, newest first.
#[utoipa::path(tag = "feedback", params(PageQuery), responses(
    (status = 200, body = LessonPage),
))]
#[get("/feedback")]
pub(super) async fn list_lessons(
    user: CurrentUser,
    recommend: Data<Recommend>,
    query: Query<PageQuery>,
) -> Result<Json<LessonPage>, Problem> {
    let (after, limit) = page(query.cursor.as_deref(), query.limit)?;
    let (lessons, next) = recommend.lessons(user.id, after, limit).await?;
    Ok(Json(LessonPage {
        lessons,
        next_cursor: next.map(|cursor| cursor.encode()),
    }))
}

/// Takes a lesson back: as if it had never been given.
#[utoipa::path(tag = "feedback", params(("id" = Uuid, Path)), responses(
    (status = 204),
))]
#[delete("/feedback/{id}")]
pub(super) async fn undo_lesson(
    user: CurrentUser,
    recommend: Data<Recommend>,
    id: Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    recommend.undo(user.id, EventId(*id)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Shows what FlashFit thinks one cares about.
#[utoipa::path(tag = "feedback", responses((status = 200, body = Taste)))]
#[get("/taste")]
pub(super) async fn get_taste(
    user: CurrentUser,
    recommend: Data<Recommend>,
) -> Result<Json<Taste>, Problem> {
    let learned = recommend.learned(user.id).await?;
    let weights = learned.weights();
    Ok(Json(Taste {
        events: recommend.events(user.id).await?,
        weights: weights
            .into_iter()
            .map(|weight| TasteWeight {
                feature: weight.feature,
                label: weight.label,
                weight: weight.mean,
                deviation: weight.deviation,
                prior: weight.prior,
            })
            .collect(),
    }))
}
