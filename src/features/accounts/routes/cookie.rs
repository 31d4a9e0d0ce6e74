//! The cookie that browsers carry their session in.
use crate::{
    features::accounts::{Accounts, Session, extract::COOKIE},
    platform::http::Settings,
};
use actix_web::{
    HttpResponse,
    cookie::{Cookie, SameSite, time},
};

/// Ends with the session by `Max-Age`: the browser's clock may be wrong.
pub(super) fn session_cookie(
    accounts: &Accounts,
    session: &Session,
    settings: &Settings,
) -> Cookie<'static> {
    let mut cookie = bare_cookie(session.token.clone(), settings);
    cookie.set_max_age(time::Duration::seconds(accounts.lifetime.num_seconds()));
    cookie
}

/// The answer to someone who leaves: the browser forgets the session.
pub(super) fn farewell(settings: &Settings) -> HttpResponse {
    let mut cookie = bare_cookie(String::new(), settings);
    cookie.make_removal();
    HttpResponse::NoContent().cookie(cookie).finish()
}

fn bare_cookie(value: String, settings: &Settings) -> Cookie<'static> {
    Cookie::build(COOKIE, value)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(settings.keeps_cookies_secure())
        .finish()
}
