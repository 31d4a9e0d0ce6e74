//! `/api/auth`, `/api/account` and `/api/admin`: HTTP in, HTTP out, nothing decided here.
mod account;
mod audit;
mod cookie;
mod door;
mod reset;
mod sessions;
mod tokens;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of this feature.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(door::auth_config)
        .service(door::register)
        .service(door::login)
        .service(door::logout)
        .service(door::me)
        .service(reset::forgot_password)
        .service(reset::reset_password)
        .service(account::change_password)
        .service(account::delete_account)
        .service(sessions::list_sessions)
        .service(sessions::end_other_sessions)
        .service(sessions::end_session)
        .service(tokens::list_tokens)
        .service(tokens::create_token)
        .service(tokens::delete_token)
        .service(audit::list_own_audit)
        .service(audit::list_audit);
}
