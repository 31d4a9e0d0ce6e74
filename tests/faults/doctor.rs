//! `flashfit doctor`: files, certificates, names and the machine, each healthy and not.
use crate::{
    bench::Bench,
    program::{Ended, Place},
    tls::{Authority, Shows},
};
use rcgen::{CertificateParams, KeyPair};
use serde_json::Value;
use std::{fs::Permissions, os::unix::fs::PermissionsExt as _, path::PathBuf, process::Stdio};

/// What the doctor said.
pub(crate) struct Said(pub(crate) Ended);

impl Said {
    pub(crate) async fn of(command: &mut tokio::process::Command) -> Self {
        Self(Ended::of(command).await)
    }

    /// Asserts that there is one line with this beginning that contains all of `words`.
    #[track_caller]
    pub(crate) fn has(&self, start: &str, words: &[&str]) -> &Self {
        let lines = self.0.stdout.lines();
        let found: Vec<&str> = lines.filter(|line| line.starts_with(start)).collect();
        let [line] = found.as_slice() else {
            panic!(
                "one line expected that begins with {start:?}:\n{}",
                self.0.stdout
            );
        };
        for word in words {
            assert!(line.contains(word), "{line:?} says nothing of {word:?}");
        }
        self
    }

    /// Asserts that nothing failed, or that something did.
    #[track_caller]
    pub(crate) fn ended(&self, status: i32) -> &Self {
        assert_eq!(
            self.0.status, status,
            "{}\n{}",
            self.0.stdout, self.0.stderr
        );
        self
    }
}

/// The doctor without services, which says so, and all the rest.
async fn alone(place: &Place, settings: &str) -> Said {
    let file = place.write(
        "own.toml",
        format!("database.url = 'host=127.0.0.1 port=1 user=u'\n{settings}"),
    );
    Said::of(&mut place.command(&["doctor", "--config", file.to_str().unwrap()])).await
}

/// A certificate and its key in files.
fn issue(place: &Place, authority: &Authority, shows: Shows) -> (PathBuf, PathBuf) {
    let (certificate, key) = authority.issue(shows);
    (
        place.write("certificate.pem", certificate.pem()),
        place.write("key.pem", key.serialize_pem()),
    )
}

fn tls(certificate: &std::path::Path, key: &std::path::Path, base_url: &str) -> String {
    format!(
        "notifications.base_url = '{base_url}'\n[http.tls]\ncertificate = '{}'\nkey = '{}'\n",
        certificate.display(),
        key.display()
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_is_judged_by_its_key_its_end_and_its_names() {
    let (place, authority) = (Place::new(), Authority::new());
    let here = "http://127.0.0.1:8080";
    let (certificate, key) = issue(&place, &authority, Shows::Right);
    let said = alone(&place, &tls(&certificate, &key, here)).await;
    said.has("ok    certificate: ", &["fits its key", "valid until"]);
    let elsewhere = tls(&certificate, &key, "http://wear.example.org");
    let said = alone(&place, &elsewhere).await;
    said.has(
        "warn  certificate: ",
        &["does not name wear.example.org", "notifications.base_url"],
    );

    let other = place.write("other.pem", KeyPair::generate().unwrap().serialize_pem());
    let said = alone(&place, &tls(&certificate, &other, here)).await;
    said.has(
        "FAIL  certificate: http.tls.key: ",
        &["the key of another certificate"],
    );
    let (certificate, key) = issue(&place, &authority, Shows::Expired);
    let said = alone(&place, &tls(&certificate, &key, here)).await;
    said.has(
        "FAIL  certificate: http.tls.certificate: ",
        &["it expired on", "renew it"],
    );
    let said = alone(
        &place,
        &tls(&certificate.with_file_name("gone"), &key, here),
    )
    .await;
    said.has(
        "FAIL  certificate: http.tls.certificate: ",
        &["gone", "No such file"],
    );

    let pair = KeyPair::generate().unwrap();
    let mut soon = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    soon.not_after =
        (std::time::SystemTime::now() + std::time::Duration::from_secs(5 * 86_400)).into();
    let soon = place.write("soon.pem", soon.self_signed(&pair).unwrap().pem());
    let key = place.write("key.pem", pair.serialize_pem());
    let said = alone(&place, &tls(&soon, &key, here)).await;
    said.has("warn  certificate: ", &["for 4 days", "renew it"])
        .ended(1);
    let said = alone(&place, "").await;
    assert!(
        !said.0.stdout.contains(" certificate: "),
        "there is none to look at"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_that_nobody_knows_are_told_with_the_setting() {
    let place = Place::new();
    let said = alone(&place, "").await;
    said.has("ok    DNS: ", &["no name has to be looked up"]);
    let said = alone(&place, "notifications.base_url = 'http://localhost:1'").await;
    said.has("ok    DNS: ", &["localhost found"]);
    said.has("ok    public address: ", &["this machine"]);
    let unknown = "cache.url = 'redis://cache.invalid'\nnotifications.base_url = 'https://wear.invalid'\n\
        [notifications.receivers.post]\nkind = 'smtp'\nhost = 'mail.invalid'\nfrom = 'a@b.invalid'\nto = ['c@d.invalid']\n";
    let said = alone(&place, unknown).await;
    for (host, key) in [
        ("cache.invalid", "cache.url"),
        ("wear.invalid", "notifications.base_url"),
        ("mail.invalid", "notifications.receivers.post.host"),
    ] {
        let start = format!("FAIL  DNS: {host} ({key}) is not known here");
        said.has(&start, &["correct the name"]);
    }
    said.has(
        "warn  public address: https://wear.invalid",
        &["look from where people are"],
    );
    said.has("FAIL  receiver post: ", &["mail.invalid:587"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_public_address_shows_a_certificate_that_is_believed_or_why_it_is_not() {
    let (place, authority) = (Place::new(), Authority::new());
    let guarded = authority.guard("http://127.0.0.1:1", Shows::Right).await;
    let settings = format!("notifications.base_url = '{}'", guarded.url);
    let said = alone(&place, &settings).await;
    said.has(
        "warn  public address: ",
        &["nobody this system trusts has signed"],
    );
    let bundle = place.write("authority.pem", authority.pem());
    let file = place.write(
        "own.toml",
        format!("database.url = 'host=127.0.0.1 port=1 user=u'\n{settings}"),
    );
    let mut command = place.command(&["doctor", "--config", file.to_str().unwrap()]);
    command.env("SSL_CERT_FILE", &bundle);
    let said = Said::of(&mut command).await;
    said.has(
        "ok    public address: ",
        &["shows a certificate that is valid for"],
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_with_secrets_are_for_their_owners_alone() {
    let place = Place::new();
    let secret = place.write("password", "hunter2");
    let settings = format!(
        "[notifications.receivers.hook]\nkind = 'webhook'\nurl = 'http://127.0.0.1:1'\nsecret_file = '{}'\n",
        secret.display()
    );
    let own = place.write("own.toml", &settings);
    let chmod =
        |path: &PathBuf, mode| fs_err::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    chmod(&secret, 0o600);
    // It holds the address of a hook, which may be a secret.
    chmod(&own, 0o600);
    let said = alone(&place, &settings).await;
    said.has("ok    secrets: ", &["2 files hold them"]);
    chmod(&secret, 0o644);
    let said = alone(&place, &settings).await;
    let start = format!(
        "warn  secrets: everybody on this machine can read {}",
        secret.display()
    );
    said.has(&start, &["mode 644", "chmod 640"]);
    assert!(!said.0.stdout.contains("hunter2"));
    chmod(&secret, 0o620);
    let said = alone(&place, &settings).await;
    said.has("warn  secrets: others can write ", &["mode 620"]);
    let said = alone(&place, "").await;
    said.has("ok    secrets: ", &["none is in a file"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn too_few_open_files_are_told_with_what_to_do() {
    let place = Place::new();
    for (most, start) in [(200, "FAIL"), (1000, "warn"), (5000, "ok  ")] {
        let mut shell = tokio::process::Command::new("bash");
        let program = env!("CARGO_BIN_EXE_flashfit");
        shell
            .args([
                "-c",
                &format!(
                    "ulimit -n {most} && exec {program} doctor --data {}",
                    place.data().display()
                ),
            ])
            .stdin(Stdio::null())
            .env("FLASHFIT_DATABASE__URL", "host=127.0.0.1 port=1 user=u")
            .kill_on_drop(true);
        let said = Said::of(&mut shell).await;
        said.has(&format!("{start}  open files: {most} at most"), &[]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn programs_read_the_same_as_people() {
    let bench = Bench::new().await;
    bench.create("own").await;
    bench.flashfit("own", &["migrate"]).await.expect_success();
    let text = bench.flashfit("own", &["doctor"]).await.expect_success();
    for about in [
        "data directory",
        "disk space",
        "secrets",
        "database",
        "connections",
        "clock",
        "time zone",
        "locks",
        "cache",
        "model pack",
        "index",
        "DNS",
    ] {
        let start = format!("ok    {about}: ");
        assert_eq!(text.matches(&start).count(), 1, "{about} in:\n{text}");
    }
    assert!(text.contains("?     disk growth: unknown"), "{text}");
    let json = bench
        .flashfit("own", &["doctor", "--json"])
        .await
        .expect_success();
    let json: Value = serde_json::from_str(&json).unwrap();
    let findings = json["findings"].as_array().unwrap();
    assert_eq!(findings.len(), text.lines().count());
    assert!(
        ["ok", "unknown", "warn"].contains(&json["state"].as_str().unwrap()),
        "{json:#}"
    );
    let database = findings
        .iter()
        .find(|one| one["check"] == "database")
        .unwrap();
    assert_eq!(database["state"], "ok");
    let ended = alone(&bench.place, "http.prot = 1").await;
    ended.ended(1);
    let mut command = bench.place.command(&["doctor", "--json"]);
    command.env("FLASHFIT_HTTP__PROT", "1");
    let said = Said::of(&mut command).await;
    let json: Value = serde_json::from_str(&said.ended(1).0.stdout).unwrap();
    assert_eq!(json["findings"][0]["check"], "services");
    let mut command = bench.place.command(&["doctor", "--quick", "--json"]);
    command.env("FLASHFIT_HTTP__PORT", "1");
    let said = Said::of(&mut command).await;
    let json: Value = serde_json::from_str(&said.ended(1).0.stdout).unwrap();
    assert_eq!(json["findings"][0]["state"], "fail");
}
