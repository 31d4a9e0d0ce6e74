//! HTTPS without a proxy: what clients see, and certificates that are renewed while people are connected.
use crate::support::{TestApp, wait_until};
use rcgen::{CertificateParams, KeyPair, SerialNumber};
use rustls::{
    ClientConfig, DigitallySignedStruct, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::ring::default_provider,
    pki_types::{CertificateDer, ServerName, UnixTime},
};
use serde_json::json;
use std::{net::TcpListener, path::Path, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use tokio_rustls::{TlsConnector, client::TlsStream};

#[tokio::test(flavor = "multi_thread")]
async fn a_server_with_a_certificate_speaks_https_alone_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    issue(folder.path(), 1);
    let redirect = free_port();
    let app = secure(folder.path(), redirect).await;
    let client = app.client();
    let body = json!({ "email": "ann@example.org", "password": "correct horse battery" });
    let register = client.post(format!("{}/api/auth/register", app.url));
    let answer = register.json(&body).send().await.unwrap();
    assert_eq!(answer.status(), 201);
    assert_eq!(
        answer.headers()["strict-transport-security"],
        "max-age=31557600"
    );
    let cookie = answer.headers()["set-cookie"].to_str().unwrap();
    assert!(
        cookie.contains("Secure") && cookie.contains("HttpOnly"),
        "{cookie}"
    );
    let port = app.url.rsplit(':').next().unwrap();
    for (host, place) in [
        (
            "wear.example.org",
            format!("https://wear.example.org:{port}/app/style?a=b"),
        ),
        (
            "wear.example.org:80",
            format!("https://wear.example.org:{port}/app/style?a=b"),
        ),
        ("[::1]:80", format!("https://[::1]:{port}/app/style?a=b")),
    ] {
        let plain = client.get(format!("http://127.0.0.1:{redirect}/app/style?a=b"));
        let plain = plain
            .header("host", host)
            .header("x-forwarded-host", "evil.example");
        let answer = plain.send().await.unwrap();
        assert_eq!(answer.status(), 308);
        assert_eq!(answer.headers()["location"], *place);
    }
    let plain = client.get(app.url.replace("https", "http")).send().await;
    assert!(
        plain.is_err(),
        "plain HTTP is not spoken on the port of HTTPS"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn http_2_is_offered() {
    let folder = tempfile::tempdir().unwrap();
    issue(folder.path(), 1);
    let app = secure(folder.path(), 0).await;
    let stream = connect(&app.url, &[b"h2", b"http/1.1"]).await;
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(b"h2".as_slice()));
}

#[tokio::test(flavor = "multi_thread")]
async fn old_protocols_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    issue(folder.path(), 1);
    let app = secure(folder.path(), 0).await;
    for version in [[3, 1], [3, 2]] {
        let mut stream = TcpStream::connect(app.url.rsplit('/').next().unwrap())
            .await
            .unwrap();
        stream.write_all(&hello(version)).await.unwrap();
        let mut answer = vec![];
        let _closed = stream.read_to_end(&mut answer).await;
        // A record with an alert: fatal, "protocol version".
        assert_eq!(
            (answer[0], &answer[5..7]),
            (21, [2, 70].as_slice()),
            "{answer:?}"
        );
    }
}

/// How a client of TLS 1.0 (3, 1) or 1.1 (3, 2) says hello.
fn hello(version: [u8; 2]) -> Vec<u8> {
    let mut body = version.to_vec();
    body.extend([7; 32]);
    // No session; ECDHE-RSA-AES128-SHA; no compression.
    body.extend([0, 0, 2, 0xc0, 0x13, 1, 0]);
    let length = u8::try_from(body.len()).unwrap();
    let mut record = vec![22, 3, 1, 0, length + 4, 1, 0, 0, length];
    record.extend(body);
    record
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewed_certificate_is_shown_without_dropping_anybody() {
    let folder = tempfile::tempdir().unwrap();
    issue(folder.path(), 1);
    let app = secure(folder.path(), 0).await;
    let client = app.client();
    let live = format!("{}/api/health/live", app.url);
    assert_eq!(client.get(&live).send().await.unwrap().status(), 200);
    assert_eq!(shown(&app.url).await, 1);
    fs_err::write(folder.path().join("cert.pem"), "torn").unwrap();
    // Long enough for the torn file to be looked at: the reload after it must still be noticed.
    tokio::time::timeout(Duration::from_secs(3), async {
        while shown(&app.url).await == 1 {}
    })
    .await
    .expect_err("a torn file leaves the old certificate");
    issue(folder.path(), 2);
    wait_until("the new certificate is shown", async || {
        shown(&app.url).await == 2
    })
    .await;
    assert_eq!(client.get(&live).send().await.unwrap().status(), 200);
}

async fn secure(folder: &Path, redirect: u16) -> TestApp {
    TestApp::with(|settings| {
        settings.http.tls.certificate = folder.join("cert.pem");
        settings.http.tls.key = folder.join("key.pem");
        settings.http.tls.redirect_port = redirect;
    })
    .await
}

/// Puts a certificate with this serial number and its key into the folder, each in one go.
fn issue(folder: &Path, serial: u64) {
    let key = KeyPair::generate().unwrap();
    let mut wish = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    wish.serial_number = Some(SerialNumber::from(serial));
    let made = wish.self_signed(&key).unwrap();
    for (name, text) in [("key.pem", key.serialize_pem()), ("cert.pem", made.pem())] {
        let new = folder.join(format!("{name}.new"));
        fs_err::write(&new, text).unwrap();
        fs_err::rename(new, folder.join(name)).unwrap();
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// The serial number of the certificate that a new connection is shown.
async fn shown(url: &str) -> u64 {
    let stream = connect(url, &[]).await;
    let chain = stream.get_ref().1.peer_certificates().unwrap();
    let (_, parsed) = x509_parser::parse_x509_certificate(&chain[0]).unwrap();
    parsed
        .raw_serial()
        .iter()
        .fold(0, |all, byte| (all << 8) | u64::from(*byte))
}

async fn connect(url: &str, protocols: &[&[u8]]) -> TlsStream<TcpStream> {
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Credulous));
    let mut config = config.with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|one| one.to_vec()).collect();
    let address = url.rsplit('/').next().unwrap();
    let stream = TcpStream::connect(address).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    TlsConnector::from(Arc::new(config))
        .connect(name, stream)
        .await
        .unwrap()
}

/// Whom a certificate is from is not what these tests ask.
#[derive(Debug)]
struct Credulous;

impl ServerCertVerifier for Credulous {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        default_provider()
            .signature_verification_algorithms
            .supported_schemes()
    }
}
