//! The certificate that this server shows: checked when it is read, read anew when its files change.
//!
//! Connections are never dropped for a new certificate: it is shown to those who come after it.
use super::{certificates, use_ring};
use arc_swap::ArcSwap;
use chrono::{DateTime, Utc};
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject as _},
    server::{ClientHello, ParsedCertificate, ResolvesServerCert},
    sign::CertifiedKey,
};
use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};
use x509_parser::prelude::{FromDer as _, X509Certificate};

/// A certificate and its key in two PEM files, and the pair of them that is in force.
pub struct ServerCertificate {
    certificate: PathBuf,
    key: PathBuf,
    current: ArcSwap<Shown>,
    /// The files as they were when they were last looked at, sound or not.
    seen: Mutex<Stamp>,
}

/// What is shown to clients.
struct Shown {
    pair: Arc<CertifiedKey>,
    not_after: DateTime<Utc>,
}

type Stamp = [Option<(SystemTime, u64)>; 2];

impl ServerCertificate {
    /// Reads both files.
    ///
    /// # Errors
    /// One line that names the setting and says what is wrong: a file that cannot be read, a key that belongs to
    /// another certificate, a certificate that is over or not valid yet.
    pub fn load(certificate: &Path, key: &Path, now: DateTime<Utc>) -> Result<Arc<Self>, String> {
        let seen = stamp(certificate, key);
        let current = ArcSwap::from_pointee(read(certificate, key, now)?);
        Ok(Arc::new(Self {
            certificate: certificate.to_owned(),
            key: key.to_owned(),
            current,
            seen: Mutex::new(seen),
        }))
    }

    /// Reads the files again if they have changed; says whether a new certificate is in force.
    ///
    /// # Errors
    /// As [`Self::load`]; the earlier certificate stays in force, and the same files are not tried twice.
    pub fn reload(&self, now: DateTime<Utc>) -> Result<bool, String> {
        let found = stamp(&self.certificate, &self.key);
        {
            let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            if *seen == found {
                return Ok(false);
            }
            *seen = found;
        }
        self.current
            .store(Arc::new(read(&self.certificate, &self.key, now)?));
        Ok(true)
    }

    /// Until when the certificate in force is valid.
    #[must_use]
    pub fn not_after(&self) -> DateTime<Utc> {
        self.current.load().not_after
    }

    /// Whether it names this host, as clients would ask.
    #[must_use]
    pub fn is_for(&self, host: &str) -> bool {
        let shown = self.current.load();
        let Some(first) = shown.pair.cert.first() else {
            return false;
        };
        let (Ok(parsed), Ok(name)) = (
            ParsedCertificate::try_from(first),
            ServerName::try_from(host),
        ) else {
            return false;
        };
        rustls::client::verify_server_name(&parsed, &name).is_ok()
    }

    /// What a listener obeys: TLS 1.2 and 1.3 with forward secrecy and authenticated ciphers only, as Mozilla's
    /// "intermediate" asks (its DHE suites, which ring does not have, aside).
    ///
    /// # Errors
    /// When ring does not offer these versions.
    pub fn config(self: &Arc<Self>) -> Result<ServerConfig, rustls::Error> {
        use_ring();
        let ring = Arc::new(rustls::crypto::ring::default_provider());
        Ok(ServerConfig::builder_with_provider(ring)
            .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])?
            .with_no_client_auth()
            .with_cert_resolver(self.clone()))
    }
}

impl std::fmt::Debug for ServerCertificate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("ServerCertificate")
            .field(&self.certificate)
            .finish()
    }
}

impl ResolvesServerCert for ServerCertificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.current.load().pair.clone())
    }
}

fn stamp(certificate: &Path, key: &Path) -> Stamp {
    [certificate, key].map(|path| {
        let file = fs_err::metadata(path).ok()?;
        Some((file.modified().ok()?, file.len()))
    })
}

fn read(certificate: &Path, key: &Path, now: DateTime<Utc>) -> Result<Shown, String> {
    let chain = certificates(certificate).map_err(|e| format!("http.tls.certificate: {e}"))?;
    let of_certificate =
        |problem: String| format!("http.tls.certificate: {}: {problem}", certificate.display());
    let not_after = validity(&chain, now).map_err(of_certificate)?;
    let of_key = |problem: String| format!("http.tls.key: {problem}");
    let pem = fs_err::read(key).map_err(|e| of_key(e.to_string()))?;
    let secret = PrivateKeyDer::from_pem_slice(&pem).map_err(|_e| {
        of_key(format!(
            "{}: there is no private key in PEM form in it (-----BEGIN PRIVATE KEY-----)",
            key.display()
        ))
    })?;
    let ring = rustls::crypto::ring::default_provider();
    let pair = CertifiedKey::from_der(chain, secret, &ring);
    let pair = pair.map_err(|error| {
        of_key(if matches!(error, rustls::Error::InconsistentKeys(_)) {
            format!(
                "{}: the key of another certificate, not of {}",
                key.display(),
                certificate.display()
            )
        } else {
            format!("{}: {error}", key.display())
        })
    })?;
    Ok(Shown {
        pair: Arc::new(pair),
        not_after,
    })
}

/// Until when the first certificate of a chain, the server's own, is valid.
///
/// # Errors
/// When it is over, not valid yet, or cannot be read.
pub(super) fn validity(
    chain: &[CertificateDer<'_>],
    now: DateTime<Utc>,
) -> Result<DateTime<Utc>, String> {
    let first = chain.first().ok_or("there is no certificate in it")?;
    let (_, parsed) = X509Certificate::from_der(first).map_err(|e| e.to_string())?;
    let at = |time: &x509_parser::time::ASN1Time| {
        DateTime::from_timestamp(time.timestamp(), 0).ok_or("its dates cannot be read")
    };
    let (from, until) = (
        at(&parsed.validity().not_before)?,
        at(&parsed.validity().not_after)?,
    );
    if now > until {
        return Err(format!("it expired on {until}: renew it"));
    }
    if now < from {
        return Err(format!(
            "it is valid from {from} on only; is the clock of this machine right?"
        ));
    }
    Ok(until)
}

#[cfg(test)]
mod tests;
