//! TLS: ring underneath, chosen once per process; whom to believe: the authorities of the system, and an
//! operator's own; and what this server shows ([`ServerCertificate`]).
mod server;

pub use server::ServerCertificate;

use chrono::{DateTime, Utc};
use rustls::{
    CertificateError, ClientConfig, RootCertStore,
    pki_types::{CertificateDer, ServerName, pem::PemObject as _},
};
use rustls_platform_verifier::Verifier;
use std::{error::Error as StdError, io, iter, path::Path, sync::Arc, time::Duration};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// Chooses ring. Clients and listeners are made after this; saying it again does nothing.
pub fn use_ring() {
    // An error says that the choice was made before.
    let _chosen = rustls::crypto::ring::default_provider().install_default();
}

/// The certificates in a PEM file, each of them sound; what else is in it does not matter.
///
/// # Errors
/// One line that names the file and what is wrong with it.
pub fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let wrong = |problem: &str| format!("{}: {problem}", path.display());
    let pem = fs_err::read(path).map_err(|e| e.to_string())?;
    let mut found = vec![];
    for (i, one) in CertificateDer::pem_slice_iter(&pem).enumerate() {
        let nth = |e: String| wrong(&format!("certificate {} cannot be read: {e}", i + 1));
        let one = one.map_err(|e| nth(e.to_string()))?;
        let known = RootCertStore::empty().add(one.clone());
        known.map_err(|e| nth(e.to_string()))?;
        found.push(one);
    }
    match found.is_empty() {
        true => Err(wrong(
            "there is no certificate in PEM form in it (-----BEGIN CERTIFICATE-----)",
        )),
        false => Ok(found),
    }
}

/// What a client of any protocol obeys: it believes whom the system believes, and `own`.
///
/// # Errors
/// When there is nobody to believe.
pub fn client(own: Vec<CertificateDer<'static>>) -> Result<ClientConfig, rustls::Error> {
    let ring = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = Verifier::new_with_extra_roots(own, ring.clone())?;
    Ok(ClientConfig::builder_with_provider(ring)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth())
}

/// Until when the certificate is valid that a server shows; it must be believed for this name.
///
/// # Errors
/// One line that says why nobody answers, or why the server is not believed.
pub async fn shown_by(
    host: &str,
    port: u16,
    patience: Duration,
    now: DateTime<Utc>,
) -> Result<DateTime<Utc>, String> {
    use_ring();
    let config = client(vec![]).map_err(|e| e.to_string())?;
    let name = ServerName::try_from(host.to_owned()).map_err(|e| e.to_string())?;
    let greeting = async {
        let stream = TcpStream::connect((host, port)).await?;
        TlsConnector::from(Arc::new(config))
            .connect(name, stream)
            .await
    };
    let greeted = tokio::time::timeout(patience, greeting).await;
    let greeted = greeted.map_err(|_late| format!("no answer within {patience:?}"))?;
    let stream = greeted.map_err(|error| match doubt(&error) {
        Some(Doubt::Unknown) => "nobody this system trusts has signed its certificate".to_owned(),
        Some(Doubt::Wrong(problem)) => format!("its certificate is not believed: {problem}"),
        None => error.to_string(),
    })?;
    let chain = stream.get_ref().1.peer_certificates().unwrap_or_default();
    server::validity(chain, now)
}

/// Why a server is not believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doubt {
    /// Nobody this program believes has signed its certificate.
    Unknown,
    /// Something else is wrong with it.
    Wrong(String),
}

impl Doubt {
    /// In words; `key` is the setting that names authorities of one's own.
    #[must_use]
    pub fn explain(self, key: &str) -> String {
        match self {
            Self::Unknown => format!(
                "nobody this system trusts has signed it; if your own authority has, set {key} to that authority's \
                 certificate"
            ),
            Self::Wrong(problem) => problem,
        }
    }
}

/// Why the server's certificate is not believed, if that is what went wrong.
#[must_use]
pub fn doubt(error: &(dyn StdError + 'static)) -> Option<Doubt> {
    let refusal = iter::successors(Some(error), |e| (*e).source()).find_map(refusal)?;
    // The latter when there is an authority of that name, with another key.
    let is_unknown = matches!(
        refusal,
        CertificateError::UnknownIssuer | CertificateError::BadSignature
    );
    Some(match is_unknown {
        true => Doubt::Unknown,
        false => Doubt::Wrong(refusal.to_string()),
    })
}

/// I/O errors hide what they wrap from their chain of sources, and wrap one another.
fn refusal<'a>(mut error: &'a (dyn StdError + 'static)) -> Option<&'a CertificateError> {
    while let Some(inner) = error.downcast_ref::<io::Error>().and_then(|e| e.get_ref()) {
        error = inner;
    }
    match error.downcast_ref() {
        Some(rustls::Error::InvalidCertificate(refusal)) => Some(refusal),
        _ => None,
    }
}
