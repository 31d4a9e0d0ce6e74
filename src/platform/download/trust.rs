//! Whom to believe: the authorities of the system, and an operator's own.
use super::Error;
use reqwest::Certificate;
use rustls::{
    CertificateError, RootCertStore,
    pki_types::{CertificateDer, pem::PemObject as _},
};
use std::{error::Error as StdError, io, iter, path::Path};

/// The certificates in a PEM file, each of them sound; what else is in it does not matter.
pub(super) fn certificates(path: &Path) -> Result<Vec<Certificate>, Error> {
    let wrong = |problem: &str| Error::Authority(format!("{}: {problem}", path.display()));
    let pem = fs_err::read(path).map_err(|e| Error::Authority(e.to_string()))?;
    let mut found = vec![];
    for (i, one) in CertificateDer::pem_slice_iter(&pem).enumerate() {
        let nth = |e: String| wrong(&format!("certificate {} cannot be read: {e}", i + 1));
        let one = one.map_err(|e| nth(e.to_string()))?;
        let known = RootCertStore::empty().add(one.clone());
        known.map_err(|e| nth(e.to_string()))?;
        found.push(Certificate::from_der(&one).map_err(|e| nth(e.to_string()))?);
    }
    match found.is_empty() {
        true => Err(wrong(
            "there is no certificate in PEM form in it (-----BEGIN CERTIFICATE-----)",
        )),
        false => Ok(found),
    }
}

/// Why the server's certificate is not believed, if that is what went wrong.
pub(super) fn doubt(error: &reqwest::Error) -> Option<String> {
    let first: &(dyn StdError + 'static) = error;
    let refusal = iter::successors(Some(first), |e| (*e).source()).find_map(refusal)?;
    // The latter when there is an authority of that name, with another key.
    let is_unknown = matches!(
        refusal,
        CertificateError::UnknownIssuer | CertificateError::BadSignature
    );
    Some(match is_unknown {
        true => "nobody this system trusts has signed it; if your own authority has, set models.ca_file to that \
                 authority's certificate"
            .to_owned(),
        false => refusal.to_string(),
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
