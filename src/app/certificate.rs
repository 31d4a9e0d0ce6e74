//! The certificate of a server that speaks TLS itself: loaded before the port opens, followed while it serves.
use super::{App, Settings};
use crate::{
    base::{clock::Clock, metrics as names},
    platform::tls::ServerCertificate,
};
use anyhow::bail;
use std::{sync::Arc, time::Duration};

/// How often its files are looked at.
const RENEWED_WITHIN: Duration = Duration::from_secs(2);

/// What is shown to clients, where this process speaks TLS itself.
///
/// # Errors
/// One line that names the setting and what is wrong with it.
pub(super) fn load(
    settings: &Settings,
    clock: &Clock,
) -> anyhow::Result<Option<Arc<ServerCertificate>>> {
    let tls = &settings.http.tls;
    match (settings.http.speaks_tls(), tls.key.as_os_str().is_empty()) {
        (false, true) => return Ok(None),
        (true, false) => {}
        (true, true) => {
            bail!("http.tls.key: expected the key of http.tls.certificate, got nothing")
        }
        (false, false) => {
            bail!("http.tls.certificate: expected the certificate of http.tls.key, got nothing")
        }
    }
    let loaded = ServerCertificate::load(&tls.certificate, &tls.key, clock.now());
    Ok(Some(loaded.map_err(anyhow::Error::msg)?))
}

/// Starts to look whether it was renewed. Reading two small files now and then needs no thread of its own.
pub(super) fn follow(app: &App) {
    let Some(certificate) = app.certificate.clone() else {
        return;
    };
    let (clock, stop) = (app.clock.clone(), app.tasks.stopping());
    app.tasks.spawn("certificate", async move {
        loop {
            renew(&certificate, &clock);
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(RENEWED_WITHIN) => {}
            }
        }
    });
}

/// Looks now.
pub(super) fn look(app: &App) {
    if let Some(certificate) = &app.certificate {
        renew(certificate, &app.clock);
    }
}

/// Shows a renewed certificate to those who come after it; one that cannot be used is said once, and the old stays.
fn renew(certificate: &ServerCertificate, clock: &Clock) {
    match certificate.reload(clock.now()) {
        Ok(true) => {
            let until = certificate.not_after();
            tracing::info!("the certificate was renewed: valid until {until}");
        }
        Ok(false) => {}
        Err(error) => tracing::error!("{error}; the earlier certificate stays in use"),
    }
    metrics::gauge!(names::TLS_NOT_AFTER, "certificate" => "http")
        .set(certificate.not_after().timestamp() as f64);
}
