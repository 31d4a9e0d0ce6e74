//! `doctor --quick`: what the server that runs says of itself.
use super::finding::Finding;
use crate::{app::Settings, platform::tls};
use anyhow::{Context as _, bail};
use serde_json::Value as Json;
use std::{net::IpAddr, time::Duration};

/// How long a server may take to say whether it is ready; health checks of containers wait a little longer.
const PATIENCE: Duration = Duration::from_secs(4);

/// Whether the server is ready, and what it looked at.
pub(super) async fn look(settings: anyhow::Result<Settings>) -> (bool, Vec<Finding>) {
    let asked = match settings {
        Ok(settings) => ask_server(&settings).await,
        Err(error) => Err(error),
    };
    let (is_ready, answer) = match asked {
        Ok(asked) => asked,
        Err(error) => return (false, vec![Finding::of("server", Err(error))]),
    };
    let checks = answer["checks"].as_array().into_iter().flatten();
    let findings = checks.map(|check| {
        let text = |key: &str| check[key].as_str().unwrap_or("?").to_owned();
        match text("status").as_str() {
            "failed" => Finding::fail(text("name"), text("detail")),
            _ => Finding::ok(text("name"), text("detail")),
        }
    });
    (is_ready, findings.collect())
}

/// Whether the server is ready, and what it was asked for.
async fn ask_server(settings: &Settings) -> anyhow::Result<(bool, Json)> {
    let (status, text) = get(settings, "/api/health/ready").await?;
    let answer: Json = serde_json::from_str(&text)
        .ok()
        .filter(|answer: &Json| answer["checks"].is_array())
        .with_context(|| {
            let place = address(settings).unwrap_or_default();
            format!("what answers at {place}/api/health/ready is no FlashFit")
        })?;
    Ok((status.is_success(), answer))
}

/// Where the server of these settings is reached from here.
fn address(settings: &Settings) -> anyhow::Result<String> {
    let http = &settings.http;
    if http.port == 0 {
        bail!("http.port is 0, any free one: name the port that the server took");
    }
    let host = match http.host.parse() {
        Ok(IpAddr::V4(address)) if address.is_unspecified() => "127.0.0.1".to_owned(),
        Ok(IpAddr::V6(address)) if address.is_unspecified() => "[::1]".to_owned(),
        Ok(IpAddr::V6(address)) => format!("[{address}]"),
        Ok(IpAddr::V4(_)) | Err(_) => http.host.clone(),
    };
    Ok(format!("{}://{host}:{}", http.scheme(), http.port))
}

/// What the server says at a path.
pub(super) async fn get(
    settings: &Settings,
    path: &str,
) -> anyhow::Result<(reqwest::StatusCode, String)> {
    let url = format!("{}{path}", address(settings)?);
    tls::use_ring();
    // A proxy on the way out is not on the way to ourselves, and a certificate names the place where others find us.
    let client = reqwest::Client::builder()
        .danger_accept_invalid_certs(true)
        .no_proxy()
        .timeout(PATIENCE)
        .build()?;
    let answer = client.get(&url).send().await;
    let answer = answer.with_context(|| format!("nothing answers at {url}"))?;
    Ok((answer.status(), answer.text().await?))
}
