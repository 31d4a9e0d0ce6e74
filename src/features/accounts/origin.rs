//! Where a request comes from, as far as people are told of it: an address and a program.
use super::agent;
use crate::platform::http::{Problem, Settings, limits::client_address};
use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header, web::Data};
use std::future::{Ready, ready};

/// Longer ones no address has.
const ADDRESS_CHARS: usize = 64;

/// Where a request comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// The client's address, of an IPv6 caller the network.
    pub(super) address: Option<String>,
    /// The client's program in few words.
    pub(super) agent: Option<String>,
}

impl FromRequest for Origin {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let settings = request.app_data::<Data<Settings>>();
        let trust_proxy = settings.is_some_and(|settings| settings.trust_proxy);
        let address = client_address(request, trust_proxy);
        let says = request.headers().get(header::USER_AGENT);
        ready(Ok(Self {
            address: (address.len() <= ADDRESS_CHARS).then_some(address),
            agent: says.and_then(|says| agent::summary(says.to_str().ok()?)),
        }))
    }
}
