//! `/api/recommend`, `/api/outfits`, `/api/feedback`, `/api/taste`, `/api/onboarding`: HTTP in, HTTP out.
mod feedback;
mod onboarding;
mod outfits;
mod week;
mod wire;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of this feature.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(outfits::recommend_outfits)
        .service(outfits::recommend_with_photo)
        .service(week::plan_week)
        .service(outfits::list_outfits)
        .service(outfits::get_outfit)
        .service(feedback::give_feedback)
        .service(feedback::list_lessons)
        .service(feedback::undo_lesson)
        .service(feedback::get_taste)
        .service(onboarding::get_onboarding)
        .service(onboarding::put_onboarding)
        .service(onboarding::get_onboarding_picture);
}
