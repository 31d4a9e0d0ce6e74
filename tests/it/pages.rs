//! What browsers get of the UI: a policy that forbids what is not ours, and files in the encoding that they like best.
use crate::support::TestApp;
use flate2::read::GzDecoder;
use reqwest::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap, IF_NONE_MATCH,
    VARY,
};
use std::io::Read as _;

/// What came, as it came: this client unpacks nothing.
struct Got {
    status: u16,
    headers: HeaderMap,
    bytes: Vec<u8>,
}

impl Got {
    fn header(&self, name: impl reqwest::header::AsHeaderName) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// Whether caches are told that there are other forms.
    fn varies(&self) -> bool {
        let values = self.headers.get_all(VARY).iter();
        let mut values = values.map(|value| value.to_str().unwrap().to_lowercase());
        values.any(|value| value.contains("accept-encoding"))
    }

    fn text(&self) -> String {
        String::from_utf8(self.bytes.clone()).unwrap()
    }
}

async fn get(app: &TestApp, path: &str, accepted: Option<&str>, known: Option<&str>) -> Got {
    let mut request = app.client().get(format!("{}{path}", app.url));
    if let Some(accepted) = accepted {
        request = request.header(ACCEPT_ENCODING, accepted);
    }
    if let Some(known) = known {
        request = request.header(IF_NONE_MATCH, known);
    }
    let response = request.send().await.unwrap();
    Got {
        status: response.status().as_u16(),
        headers: response.headers().clone(),
        bytes: response.bytes().await.unwrap().to_vec(),
    }
}

/// The script that the page loads, which is large.
async fn script_of(app: &TestApp) -> String {
    let page = get(app, "/app/", None, None).await.text();
    let (_, rest) = page.split_once("/app/assets/index-").unwrap();
    format!("/app/assets/index-{}", rest.split('"').next().unwrap())
}

fn policy(got: &Got) -> &str {
    got.header("content-security-policy").unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_page_has_a_word_of_its_own_for_its_styles_and_is_kept_by_nobody() {
    let app = TestApp::start().await;
    let mut words = vec![];
    for path in ["/app/", "/app/wardrobe", "/app/index.html", "/app/"] {
        let got = get(&app, path, None, None).await;
        assert_eq!(got.status, 200, "{path}");
        let policy = policy(&got);
        let (_, rest) = policy.split_once("style-src 'self' 'nonce-").unwrap();
        let (word, _) = rest.split_once('\'').unwrap();
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(got.header(CACHE_CONTROL), Some("no-store"));
        assert_eq!(got.header(ETAG), None);
        let page = got.text();
        assert!(page.contains(&format!("nonce=\"{word}\"")), "{page}");
        assert!(!page.contains("FLASHFIT_NONCE"));
        assert!(
            !page.contains("<style") && !page.contains("style="),
            "{page}"
        );
        words.push(word.to_owned());
    }
    words.sort();
    words.dedup();
    assert_eq!(words.len(), 4, "{words:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_policy_allows_what_is_inline() {
    let app = TestApp::start().await;
    for path in [
        "/runbook",
        "/docs/",
        "/api/health/live",
        "/nowhere",
        "/app/colour-scheme.js",
    ] {
        let got = get(&app, path, None, None).await;
        let policy = policy(&got);
        assert!(
            policy.starts_with("default-src 'self';"),
            "{path}: {policy}"
        );
        assert!(
            policy.contains("frame-ancestors 'none'"),
            "{path}: {policy}"
        );
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(
            got.headers
                .get_all("content-security-policy")
                .iter()
                .count(),
            1
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_come_in_the_encoding_that_the_client_likes_best() {
    let app = TestApp::start().await;
    let script = script_of(&app).await;
    let plain = get(&app, &script, None, None).await;
    assert_eq!(plain.header(CONTENT_ENCODING), None);
    assert_eq!(
        plain.header(CONTENT_TYPE),
        Some("text/javascript; charset=utf-8")
    );
    assert!(plain.bytes.len() > 100_000);
    let mut tags = vec![plain.header(ETAG).unwrap().to_owned()];
    for (accepted, expected) in [
        ("gzip, deflate, br, zstd", Some("br")),
        ("br;q=0.5, gzip", Some("gzip")),
        ("br;q=0, gzip;q=0.1", Some("gzip")),
        ("gzip", Some("gzip")),
        ("br", Some("br")),
        ("identity, br;q=0.5", None),
        ("gzip;q=0, br;q=0", None),
        ("deflate", None),
        ("zstd", None),
        ("x-strange;q=7, , ;", None),
    ] {
        let got = get(&app, &script, Some(accepted), None).await;
        assert_eq!(got.status, 200, "{accepted}");
        assert_eq!(got.header(CONTENT_ENCODING), expected, "{accepted}");
        assert!(got.varies(), "{accepted}");
        assert_eq!(
            got.header(CACHE_CONTROL),
            Some("public, max-age=31536000, immutable")
        );
        let length: usize = got.header("content-length").unwrap().parse().unwrap();
        assert_eq!(length, got.bytes.len());
        tags.push(got.header(ETAG).unwrap().to_owned());
        let unpacked = match expected {
            Some("gzip") => {
                let mut text = vec![];
                GzDecoder::new(got.bytes.as_slice())
                    .read_to_end(&mut text)
                    .unwrap();
                text
            }
            Some(_) => {
                assert!(got.bytes.len() * 3 < plain.bytes.len(), "it is packed well");
                let mut text = vec![];
                brotli_decompressor::BrotliDecompress(&mut got.bytes.as_slice(), &mut text)
                    .unwrap();
                text
            }
            None => got.bytes,
        };
        assert_eq!(unpacked, plain.bytes, "{accepted}");
    }
    tags.sort();
    tags.dedup();
    assert_eq!(tags.len(), 3, "a tag for each form: {tags:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_browser_has_is_not_sent_again_unless_it_has_another_form() {
    let app = TestApp::start().await;
    let script = script_of(&app).await;
    let tag = async |accepted: &str| {
        let got = get(&app, &script, Some(accepted), None).await;
        got.header(ETAG).unwrap().to_owned()
    };
    let (brotli, gzip) = (tag("br").await, tag("gzip").await);
    for (known, status) in [
        (brotli.clone(), 304),
        (format!("\"other\", W/{brotli}"), 304),
        ("*".to_owned(), 304),
        (gzip, 200),
        ("\"other\"".to_owned(), 200),
    ] {
        let got = get(&app, &script, Some("br"), Some(&known)).await;
        assert_eq!(got.status, status, "{known}");
        assert_eq!(got.header(ETAG), Some(brotli.as_str()));
        assert!(got.varies());
        assert_eq!(got.bytes.is_empty(), status == 304);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_packed_is_sent_as_it_is() {
    let app = TestApp::start().await;
    let icon = get(&app, "/app/icon-192.png", Some("br, gzip"), None).await;
    assert_eq!(icon.header(CONTENT_ENCODING), None);
    assert_eq!(icon.header(CONTENT_TYPE), Some("image/png"));
    assert!(icon.bytes.starts_with(b"\x89PNG"));
    assert!(!icon.varies());
    assert_eq!(icon.header(CACHE_CONTROL), Some("no-cache"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn large_answers_are_packed_and_small_ones_are_not() {
    let app = TestApp::start().await;
    for (accepted, expected) in [
        ("gzip, deflate, br, zstd", "br"),
        ("zstd, gzip", "zstd"),
        ("gzip", "gzip"),
    ] {
        let got = get(&app, "/api/openapi.json", Some(accepted), None).await;
        assert_eq!(got.header(CONTENT_ENCODING), Some(expected));
        assert!(got.varies());
    }
    let got = get(&app, "/api/openapi.json", None, None).await;
    assert_eq!(got.header(CONTENT_ENCODING), None);
    assert!(got.varies());
    let small = get(&app, "/api/health/live", Some("br, gzip"), None).await;
    assert_eq!(small.header(CONTENT_ENCODING), None);
    assert!(small.text().contains("ok"), "{}", small.text());
}
