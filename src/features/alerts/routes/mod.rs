//! `/api/alerts`: HTTP in, HTTP out. All of it is for administrators.
mod alerts;
mod receivers;
mod rules;
mod silences;
mod wire;
mod wire_rules;
mod wire_silences;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of this feature.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(alerts::list_alerts)
        .service(alerts::list_alert_history)
        .service(rules::list_alert_rules)
        .service(rules::add_alert_rule)
        .service(rules::preview_alert_rule)
        .service(rules::reload_alert_rules)
        .service(rules::change_alert_rule)
        .service(rules::delete_alert_rule)
        .service(silences::list_silences)
        .service(silences::add_silence)
        .service(silences::change_silence)
        .service(silences::end_silence)
        .service(receivers::list_receivers)
        .service(receivers::test_receiver);
}
