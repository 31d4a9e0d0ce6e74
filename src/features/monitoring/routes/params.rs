//! The parameters of a request to Prometheus's HTTP API: in the address, or as a form in the body.
use super::answer::Refusal;
use actix_web::{
    FromRequest, HttpMessage as _, HttpRequest,
    dev::Payload,
    web::{Bytes, Query},
};
use futures_util::future::LocalBoxFuture;

/// Names and values; a name may come several times.
pub(super) struct Params(Vec<(String, String)>);

impl Params {
    /// The first value of a name that is not empty.
    pub(super) fn find<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        self.all(name).next()
    }

    /// Every value of a name.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = self
            .0
            .iter()
            .filter(move |(n, v)| n == name && !v.is_empty());
        named.map(|(_, value)| value.as_str())
    }

    fn parse(text: &str) -> Result<Vec<(String, String)>, Refusal> {
        let pairs = Query::<Vec<(String, String)>>::from_query(text);
        let pairs = pairs
            .map_err(|error| Refusal::bad_data(format!("error parsing form values: {error}")))?;
        Ok(pairs.into_inner())
    }
}

impl FromRequest for Params {
    type Error = Refusal;
    type Future = LocalBoxFuture<'static, Result<Self, Refusal>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let in_address = request.query_string().to_owned();
        let is_form = request.content_type() == "application/x-www-form-urlencoded";
        let body = is_form.then(|| Bytes::from_request(request, payload));
        Box::pin(async move {
            let mut pairs = vec![];
            if let Some(body) = body {
                let unread = |error| Refusal::bad_data(format!("error reading the body: {error}"));
                let body = body.await.map_err(unread)?;
                // The body goes before the address, as in Go.
                pairs = Self::parse(&String::from_utf8_lossy(&body))?;
            }
            pairs.extend(Self::parse(&in_address)?);
            Ok(Self(pairs))
        })
    }
}
