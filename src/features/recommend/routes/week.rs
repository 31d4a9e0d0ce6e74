//! Planning several days at once.
use super::wire::{DayAnswer, OutfitBody, WeekAnswer, attempt};
use crate::{
    features::{
        accounts::CurrentUser,
        recommend::{FUSION_VERSION, Recommend, WeekAnswered, WeekRequest},
    },
    platform::http::{
        Problem,
        extract::Body,
        idempotency::{OptionalKey, once},
    },
};
use actix_web::{HttpResponse, post, web::Data};

/// "What shall I wear this week?": an outfit for each of up to 14 days, without repeats as far as the wardrobe lasts.
/// Days in `keep` stay as they are; with `instead_of` a day gets another outfit.
#[utoipa::path(tag = "outfits", request_body = WeekRequest, responses(
    (status = 200, body = WeekAnswer),
))]
#[post("/recommend/week")]
pub(super) async fn plan_week(
    user: CurrentUser,
    recommend: Data<Recommend>,
    key: OptionalKey,
    Body(week): Body<WeekRequest>,
) -> Result<HttpResponse, Problem> {
    let attempt = attempt(&user, "/api/recommend/week", key, &week)?;
    let work = async {
        let answered = recommend.week(user.id, week).await?;
        Ok(HttpResponse::Ok().json(answer(&recommend, answered)))
    };
    Box::pin(once(recommend.db(), recommend.clock(), attempt, work)).await
}

fn answer(recommend: &Recommend, answered: WeekAnswered) -> WeekAnswer {
    let items = answered.items;
    WeekAnswer {
        days: answered
            .days
            .into_iter()
            .map(|day| DayAnswer {
                date: day.date,
                outfit: day.outfit.map(|outfit| OutfitBody::new(outfit, &items)),
                missing: day.missing,
                notes: day.notes,
            })
            .collect(),
        notes: answered.notes,
        pack: recommend.wardrobe().vision().pack_id().to_owned(),
        fusion_version: FUSION_VERSION,
    }
}
