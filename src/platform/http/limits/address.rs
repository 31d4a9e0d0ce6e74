//! Whom a request comes from, as far as it can be known.
use actix_web::{HttpRequest, http::header::HeaderName};
use std::net::{IpAddr, Ipv6Addr};

/// The address a request comes from, as a key: an IPv6 caller commands a whole /64.
///
/// `X-Forwarded-For` counts only when a trusted proxy sets it, and of it only what that proxy wrote: the
/// last hop. What stands before is hearsay.
#[must_use]
pub fn client_address(request: &HttpRequest, trust_proxy: bool) -> String {
    let forwarded = trust_proxy.then(|| last_hop(request)).flatten();
    let address = forwarded.or_else(|| request.peer_addr().map(|peer| peer.ip()));
    match address.map(|address| address.to_canonical()) {
        Some(IpAddr::V4(v4)) => v4.to_string(),
        Some(IpAddr::V6(v6)) => {
            let network = u128::from(v6) & !u128::from(u64::MAX);
            format!("{}/64", Ipv6Addr::from(network))
        }
        None => "unknown".to_owned(),
    }
}

fn last_hop(request: &HttpRequest) -> Option<IpAddr> {
    const FORWARDED: HeaderName = HeaderName::from_static("x-forwarded-for");
    let line = request.headers().get_all(FORWARDED).last()?.to_str().ok()?;
    line.rsplit(',').next()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn only_what_a_trusted_proxy_wrote_is_believed() {
        let peer = "192.0.2.7:4711".parse().unwrap();
        let address = |forwarded: &str, trust_proxy| {
            let request = TestRequest::get()
                .peer_addr(peer)
                .insert_header(("x-forwarded-for", forwarded))
                .insert_header(("forwarded", "for=203.0.113.77"))
                .insert_header(("x-real-ip", "203.0.113.78"))
                .to_http_request();
            client_address(&request, trust_proxy)
        };
        assert_eq!(address("203.0.113.9", false), "192.0.2.7");
        assert_eq!(address("203.0.113.9", true), "203.0.113.9");
        assert_eq!(address("10.0.0.1, 203.0.113.9", true), "203.0.113.9");
        assert_eq!(address("2001:db8:1:2:3::4", true), "2001:db8:1:2::/64");
        assert_eq!(address("::ffff:203.0.113.9", true), "203.0.113.9");
        for nonsense in [
            "",
            "nonsense",
            "203.0.113.9,",
            "203.0.113.9:80",
            "203.0.113.9, unknown",
        ] {
            assert_eq!(address(nonsense, true), "192.0.2.7", "{nonsense}");
        }
    }
}
