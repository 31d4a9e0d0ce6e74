//! Certificates that are made here, sound and not.
use super::*;
use chrono::Duration;
use rcgen::{CertificateParams, KeyPair, date_time_ymd};

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Puts a certificate for the years from `first` until `last` into `cert.pem`, its key into `key.pem`.
    fn issue(&self, first: i32, last: i32) {
        let key = KeyPair::generate().unwrap();
        let mut wish = CertificateParams::new(vec!["wear.example.org".to_owned()]).unwrap();
        wish.not_before = date_time_ymd(first, 1, 1);
        wish.not_after = date_time_ymd(last, 1, 1);
        let made = wish.self_signed(&key).unwrap();
        fs_err::write(self.file("cert.pem"), made.pem()).unwrap();
        fs_err::write(self.file("key.pem"), key.serialize_pem()).unwrap();
    }

    fn load(&self) -> Result<Arc<ServerCertificate>, String> {
        ServerCertificate::load(&self.file("cert.pem"), &self.file("key.pem"), now())
    }
}

fn now() -> DateTime<Utc> {
    "2026-12-01T00:00:00Z".parse().unwrap()
}

#[test]
fn what_cannot_be_shown_is_refused_in_one_line() {
    let folder = Folder::new();
    let refused = |about: &str| {
        let error = folder.load().unwrap_err();
        assert!(error.contains(about), "{error:?} says nothing of {about:?}");
        assert!(
            error.starts_with("http.tls.") && !error.contains('\n'),
            "{error}"
        );
    };
    refused("cert.pem");
    folder.issue(2020, 2026);
    refused("expired on 2026-01-01");
    folder.issue(2027, 2028);
    refused("is the clock of this machine right");
    folder.issue(2026, 2028);
    fs_err::write(folder.file("key.pem"), "hello").unwrap();
    refused("no private key");
    let other = KeyPair::generate().unwrap();
    fs_err::write(folder.file("key.pem"), other.serialize_pem()).unwrap();
    refused("the key of another certificate");
    fs_err::remove_file(folder.file("key.pem")).unwrap();
    refused("key.pem");
    fs_err::write(folder.file("cert.pem"), "hello").unwrap();
    refused("no certificate in PEM form");
}

#[test]
fn a_new_certificate_is_taken_and_a_bad_one_leaves_the_old() {
    let folder = Folder::new();
    folder.issue(2026, 2028);
    let shown = folder.load().unwrap();
    assert_eq!(shown.reload(now()), Ok(false));
    folder.issue(2026, 2030);
    assert_eq!(shown.reload(now()), Ok(true));
    assert_eq!(shown.not_after().to_rfc3339(), "2030-01-01T00:00:00+00:00");
    fs_err::write(folder.file("cert.pem"), "torn").unwrap();
    assert!(shown.reload(now()).is_err());
    assert_eq!(
        shown.reload(now()),
        Ok(false),
        "the same files are not tried twice"
    );
    assert_eq!(shown.not_after().to_rfc3339(), "2030-01-01T00:00:00+00:00");
    assert!(shown.not_after() > now() + Duration::days(365));
}
