//! How often people and strangers may call: per person once signed in, per address otherwise.
use super::extract;
use crate::platform::http::{
    Problem, Settings,
    limits::{RateLimiter, client_address},
};
use actix_web::{
    Error, FromRequest, HttpRequest,
    body::MessageBody,
    dev::{Payload, ServiceRequest, ServiceResponse},
    middleware::Next,
    web::Data,
};
use anyhow::anyhow;
use futures_util::future::LocalBoxFuture;

/// The labels of limits in metrics.
pub const LIMITS: [&str; 3] = ["requests", "sign-in", "account"];

/// The middleware around every route of the API.
///
/// # Errors
/// 429 once the person or address has used its minute up, else those of the service behind it.
pub async fn throttle(
    limiter: Data<RateLimiter>,
    settings: Data<Settings>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse, Error> {
    let mut allowance = None;
    if settings.rate_per_minute > 0 {
        // Whether the route wants to know who it is, and what to say if nobody, is the route's business.
        let key = match extract::identify(request.request()).await {
            Ok(identity) => format!("user:{}", identity.user.id),
            Err(_) => client_address(request.request(), settings.trust_proxy),
        };
        allowance = limiter
            .check("requests", &key, settings.rate_per_minute)
            .await?;
    }
    let mut response = next.call(request).await?.map_into_boxed_body();
    if let Some(allowance) = allowance {
        allowance.tell(response.headers_mut());
    }
    Ok(response)
}

/// Passage to the routes where passwords can be tried, for so many times a minute and address.
pub(super) struct Gate;

impl FromRequest for Gate {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let limiter = request.app_data::<Data<RateLimiter>>();
            let settings = request.app_data::<Data<Settings>>();
            let (Some(limiter), Some(settings)) = (limiter, settings) else {
                return Err(Problem::internal(anyhow!(
                    "the server was built without limits"
                )));
            };
            let address = client_address(&request, settings.trust_proxy);
            limiter
                .check("sign-in", &address, settings.login_rate_per_minute)
                .await?;
            Ok(Self)
        })
    }
}
