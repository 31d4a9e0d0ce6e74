//! Requests through a running nginx in front of a running FlashFit: nothing is lost, doubled, held back or let in.
use crate::{
    nginx::{Nginx, at, free_port},
    program::{PATIENCE, Place, Server},
    text_of,
};
use flashfit::engines::vision::Photo;
use reqwest::{
    Client, Response, StatusCode,
    header::{CONTENT_ENCODING, CONTENT_TYPE, LOCATION},
    multipart::{Form, Part},
};
use serde_json::{Value as Json, json};
use std::{net::SocketAddr, process::Stdio, time::Duration};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream, UdpSocket},
    process::Command,
};

/// Of these every answer of FlashFit has exactly one; the last is nginx's own.
const SECURITY: [&str; 6] = [
    "content-security-policy",
    "x-content-type-options",
    "referrer-policy",
    "permissions-policy",
    "cross-origin-opener-policy",
    "strict-transport-security",
];

/// A server as the proxy's file wants it.
pub(crate) async fn serve(place: &Place, more: &[(&str, &str)]) -> Server {
    let mut variables = vec![
        ("FLASHFIT_HTTP__TRUST_PROXY", "true"),
        ("FLASHFIT_HTTP__SECURE_COOKIES", "true"),
    ];
    variables.extend(more);
    place.serve_with(&variables).await
}

fn header<'r>(answer: &'r Response, name: &str) -> Vec<&'r str> {
    let values = answer.headers().get_all(name).iter();
    values.map(|value| value.to_str().unwrap()).collect()
}

fn expect_secure(answer: &Response) {
    for name in SECURITY {
        let values = header(answer, name);
        assert_eq!(values.len(), 1, "{}: {name}: {values:?}", answer.url());
    }
}

async fn get(client: &Client, url: String) -> Response {
    client.get(url).send().await.unwrap()
}

/// Somebody with an account.
async fn register(nginx: &Nginx, client: &Client) -> String {
    let wish = json!({ "email": "a@example.org", "password": "correct horse battery" });
    let answer = client.post(nginx.url("/api/auth/register")).json(&wish);
    let answer = answer.send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::CREATED);
    let cookie = header(&answer, "set-cookie").concat();
    assert!(cookie.contains("Secure"), "{cookie}");
    let session: Json = answer.json().await.unwrap();
    session["token"].as_str().unwrap().to_owned()
}

/// Noise, which no format makes small.
fn large_photo() -> Vec<u8> {
    let (width, height) = (1600, 1300);
    let mut state = 1_u32;
    let mut noise = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    let rgb = (0..width * height * 3).map(|_| noise()).collect();
    let photo = Photo::from_rgb(width, height, rgb).unwrap();
    let jpeg = photo.to_jpeg(95).unwrap();
    assert!(jpeg.len() > 2_500_000, "{}", jpeg.len());
    jpeg
}

async fn next_chunk(stream: &mut Response) -> String {
    let chunk = tokio::time::timeout(PATIENCE, stream.chunk()).await;
    let chunk = chunk.unwrap().unwrap().unwrap();
    String::from_utf8_lossy(&chunk).into_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_reach_everything_through_the_proxy() {
    let place = Place::new();
    let mut server = serve(&place, &[]).await;
    let nginx = Nginx::before(&server.url).await;
    let client = nginx.client([127, 0, 0, 1]);
    redirects(&nginx, &client).await;
    pages(&nginx, &client).await;
    let token = register(&nginx, &client).await;
    photos_and_their_events(&nginx, &client, &token).await;
    names_instead_of_addresses(&server.url).await;
    server.kill().await;
    let answer = get(&client, nginx.url("/api/health/live")).await;
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(header(&answer, "retry-after"), ["2"]);
    assert_eq!(
        header(&answer, "content-type"),
        ["application/problem+json"]
    );
    assert_eq!(header(&answer, "strict-transport-security").len(), 1);
    let problem: Json = answer.json().await.unwrap();
    assert_eq!(problem["type"], "/problems/unavailable");
}

async fn redirects(nginx: &Nginx, client: &Client) {
    let plain = format!("http://{}/app/week?day=2", nginx.http);
    let answer = get(client, plain).await;
    assert_eq!(answer.status(), StatusCode::PERMANENT_REDIRECT);
    assert_eq!(
        answer.headers()[LOCATION],
        "https://127.0.0.1/app/week?day=2"
    );
    let challenge = nginx.path("acme/.well-known/acme-challenge/token");
    fs_err::create_dir_all(challenge.parent().unwrap()).unwrap();
    fs_err::write(&challenge, "proof").unwrap();
    let plain = format!("http://{}/.well-known/acme-challenge/token", nginx.http);
    assert_eq!(get(client, plain).await.text().await.unwrap(), "proof");
    for (from, to) in [
        ("/", "/app/"),
        ("/docs", "/docs/"),
        ("/grafana", "/grafana/"),
        ("/prometheus", "/prometheus/"),
    ] {
        let answer = get(client, nginx.url(from)).await;
        assert!(answer.status().is_redirection(), "{from}");
        let place = answer.headers()[LOCATION].to_str().unwrap();
        assert!(place.ends_with(to), "{from} → {place}");
    }
}

async fn pages(nginx: &Nginx, client: &Client) {
    let answer = get(client, nginx.url("/app/garments/some/where")).await;
    expect_secure(&answer);
    assert_eq!(answer.status(), StatusCode::OK);
    let page = answer.text().await.unwrap();
    assert!(page.contains("<html"), "{page}");
    for (path, status) in [
        ("/api/health/live", StatusCode::OK),
        ("/api/nowhere/a.jpg", StatusCode::NOT_FOUND),
        ("/api/wardrobe", StatusCode::UNAUTHORIZED),
        ("/app/nothing.js", StatusCode::NOT_FOUND),
    ] {
        let answer = get(client, nginx.url(path)).await;
        assert_eq!(answer.status(), status, "{path}");
        expect_secure(&answer);
        assert_eq!(
            header(&answer, "x-request-id").len(),
            1,
            "{path} did not come from FlashFit"
        );
        assert!(
            !header(&answer, "server").concat().contains('/'),
            "says its version"
        );
    }
    let document = nginx.url("/api/openapi.json");
    let plain = get(client, document.clone()).await.bytes().await.unwrap();
    let packed = client.get(document).header("accept-encoding", "gzip");
    let packed = packed.send().await.unwrap();
    assert_eq!(header(&packed, "content-encoding"), ["gzip"]);
    assert!(
        header(&packed, "vary")
            .concat()
            .to_lowercase()
            .contains("accept-encoding")
    );
    let packed = packed.bytes().await.unwrap();
    assert!(packed.starts_with(&[0x1f, 0x8b]) && packed.len() < plain.len() / 3);
}

async fn photos_and_their_events(nginx: &Nginx, client: &Client, token: &str) {
    let events = client.get(nginx.url("/api/wardrobe/events"));
    let events = events.bearer_auth(token).header("accept-encoding", "gzip");
    let mut events = events.send().await.unwrap();
    assert_eq!(events.headers()[CONTENT_TYPE], "text/event-stream");
    assert_ne!(header(&events, CONTENT_ENCODING.as_str()), ["gzip"]);
    // The stream does not end, so what arrives was not held back.
    assert!(next_chunk(&mut events).await.contains("event: hello"));

    let photo = Part::bytes(large_photo()).file_name("large.jpg");
    let upload = client.post(nginx.url("/api/wardrobe")).bearer_auth(token);
    let answer = upload.multipart(Form::new().part("photos", photo));
    let answer = answer.send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::ACCEPTED);
    let report: Json = answer.json().await.unwrap();
    let id = report["results"][0]["item"]["id"]
        .as_str()
        .unwrap_or_else(|| panic!("{report:#}"));
    let told = async { while !next_chunk(&mut events).await.contains(id) {} };
    tokio::time::timeout(PATIENCE, told).await.unwrap();

    let picture = client.get(nginx.url(&format!("/api/wardrobe/{id}/image/small")));
    let picture = picture.bearer_auth(token).send().await.unwrap();
    assert_eq!(picture.status(), StatusCode::OK);
    assert!(
        header(&picture, "content-type")
            .concat()
            .starts_with("image/")
    );
    expect_secure(&picture);
}

/// `addresses.compose.conf`: a DNS server in the place of Docker's.
async fn names_instead_of_addresses(url: &str) {
    let upstream: SocketAddr = url.strip_prefix("http://").unwrap().parse().unwrap();
    let dns = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let address = dns.local_addr().unwrap();
    // Nobody listens at the first of the two addresses.
    let answering = tokio::spawn(answer_names(dns, vec![[127, 0, 0, 77], [127, 0, 0, 1]]));
    let mut addresses = text_of("config/nginx/addresses.compose.conf");
    for (there, here) in [
        ("127.0.0.11", address.to_string()),
        ("flashfit:8080", format!("flashfit:{}", upstream.port())),
    ] {
        assert!(addresses.contains(there), "{there}");
        addresses = addresses.replace(there, &here);
    }
    let nginx = Nginx::start(&addresses).await;
    let client = nginx.client([127, 0, 0, 1]);
    for _ in 0..10 {
        let answer = get(&client, nginx.url("/api/health/live")).await;
        assert_eq!(answer.status(), StatusCode::OK);
    }
    let answer = get(&client, nginx.url("/grafana/")).await;
    assert_eq!(
        answer.status(),
        StatusCode::SERVICE_UNAVAILABLE,
        "there is no Grafana"
    );
    answering.abort();
}

/// A DNS server that knows `flashfit`.
async fn answer_names(socket: UdpSocket, addresses: Vec<[u8; 4]>) {
    let mut question = [0; 512];
    loop {
        let (length, from) = socket.recv_from(&mut question).await.unwrap();
        let question = &question[..length];
        let is_known = question[12..].starts_with(b"\x08flashfit\x00\x00\x01");
        let count = if is_known { addresses.len() as u8 } else { 0 };
        let code = if is_known { 0x80 } else { 0x83 };
        let mut answer = [&question[..2], &[0x81, code, 0, 1, 0, count, 0, 0, 0, 0]].concat();
        let end = 12 + question[12..].iter().position(|byte| *byte == 0).unwrap() + 5;
        answer.extend(&question[12..end]);
        for address in addresses.iter().take(usize::from(count)) {
            answer.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4]);
            answer.extend(address);
        }
        socket.send_to(&answer, from).await.unwrap();
    }
}

/// With the flags that Compose gives it, at another port.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn prometheus_is_seen_at_its_route_by_operators() {
    let folder = tempfile::tempdir().unwrap();
    fs_err::write(folder.path().join("prometheus.yml"), "").unwrap();
    let port = free_port();
    let mut prometheus = Command::new("prometheus")
        .current_dir(folder.path())
        .args(["--config.file=prometheus.yml", "--storage.tsdb.path=data"])
        .args([
            "--web.external-url=https://localhost/prometheus/",
            "--web.route-prefix=/",
        ])
        .arg(format!("--web.listen-address=127.0.0.1:{port}"))
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let flags = text_of("docker-compose.production.yml");
    assert!(flags.contains("/prometheus/\n") && flags.contains("--web.route-prefix=/\n"));
    let nginx = Nginx::start(&at("http://127.0.0.1:1", free_port(), port)).await;
    let client = nginx.client([127, 0, 0, 1]);
    let query = nginx.url("/prometheus/api/v1/query?query=40%2B2");
    nginx.admit("ops", "secret").await;
    let answer = get(&client, query.clone()).await;
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    let asked = async || {
        let ask = client.get(&query).basic_auth("ops", Some("secret"));
        ask.send().await.unwrap()
    };
    let waiting = async {
        while asked().await.status() != StatusCode::OK {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.unwrap();
    let answer: Json = asked().await.json().await.unwrap();
    assert_eq!(answer["data"]["result"][1], "42");
    let front = client.get(nginx.url("/prometheus/"));
    let front = front
        .basic_auth("ops", Some("secret"))
        .send()
        .await
        .unwrap();
    let place = front.headers()[LOCATION].to_str().unwrap();
    assert!(place.starts_with("/prometheus/"), "{place}");
    prometheus.kill().await.unwrap();
}

/// Grafana's live channel is one; what stands here in its place shakes hands and sends back what it hears.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_websocket_passes() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let serving = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut asked = vec![];
        while !asked.ends_with(b"\r\n\r\n") {
            asked.push(socket.read_u8().await.unwrap());
        }
        let asked = String::from_utf8(asked).unwrap().to_lowercase();
        assert!(asked.starts_with("get /grafana/api/live/ws "), "{asked}");
        for line in ["upgrade: websocket", "connection: upgrade"] {
            assert!(asked.contains(&format!("{line}\r\n")), "{asked}");
        }
        let hello =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
        socket.write_all(hello.as_bytes()).await.unwrap();
        let byte = socket.read_u8().await.unwrap();
        socket.write_u8(byte + 1).await.unwrap();
    });
    let nginx = Nginx::start(&at("http://127.0.0.1:1", port, free_port())).await;
    let client = nginx.client([127, 0, 0, 1]);
    let answer = client.get(nginx.url("/grafana/api/live/ws"));
    let answer = answer
        .header("upgrade", "websocket")
        .header("connection", "Upgrade");
    let answer = answer.send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::SWITCHING_PROTOCOLS);
    let mut socket = answer.upgrade().await.unwrap();
    socket.write_u8(41).await.unwrap();
    assert_eq!(socket.read_u8().await.unwrap(), 42);
    serving.await.unwrap();
}

/// Whether a handshake succeeds, as OpenSSL tries it with these options.
async fn shakes(nginx: &Nginx, options: &[&str]) -> Option<String> {
    let child = Command::new("openssl")
        .args(["s_client", "-connect", &nginx.https.to_string()])
        .args(options)
        .stdin(Stdio::null())
        .output();
    let output = tokio::time::timeout(PATIENCE, child)
        .await
        .unwrap()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let is_new = said.contains("New, TLSv1") || said.contains("New, SSLv3");
    (is_new && !said.contains("Cipher is (NONE)")).then_some(said)
}

/// Protocols and ciphers are those of Mozilla's intermediate profile, and no others.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tls_is_as_mozillas_intermediate() {
    let nginx = Nginx::before("http://127.0.0.1:1").await;
    let any = "ALL:COMPLEMENTOFALL:@SECLEVEL=0";
    for version in ["-tls1", "-tls1_1"] {
        assert_eq!(
            shakes(&nginx, &[version, "-cipher", any]).await,
            None,
            "{version}"
        );
    }
    let modern = shakes(&nginx, &["-tls1_3", "-alpn", "h2"]).await.unwrap();
    assert!(modern.contains("ALPN protocol: h2"), "{modern}");
    let listed = Command::new("openssl")
        .args(["ciphers", "-s", "-tls1_2", any])
        .output();
    let listed = String::from_utf8(listed.await.unwrap().stdout).unwrap();
    let mut taken = vec![];
    for cipher in listed.trim().split(':') {
        // Suites of TLS 1.3 are listed, too, but are not offered in TLS 1.2.
        if cipher.starts_with("TLS_") {
            continue;
        }
        let only = format!("{cipher}:@SECLEVEL=0");
        if shakes(&nginx, &["-tls1_2", "-cipher", &only])
            .await
            .is_some()
        {
            taken.push(cipher);
        }
    }
    taken.sort_unstable();
    // The certificate of the test is one of ECDSA.
    let wanted = [
        "ECDHE-ECDSA-AES128-GCM-SHA256",
        "ECDHE-ECDSA-AES256-GCM-SHA384",
        "ECDHE-ECDSA-CHACHA20-POLY1305",
    ];
    assert_eq!(taken, wanted);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hanging_request_is_not_waited_for_for_ever() {
    let nginx = Nginx::before("http://127.0.0.1:1").await;
    let mut socket = TcpStream::connect(nginx.http).await.unwrap();
    socket
        .write_all(b"GET /app HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        .await
        .unwrap();
    let mut answer = String::new();
    let heard = tokio::time::timeout(PATIENCE, socket.read_to_string(&mut answer)).await;
    heard.unwrap().unwrap();
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 408"),
        "{answer}"
    );
}
