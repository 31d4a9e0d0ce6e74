//! `flashfit models pull` over HTTPS: whom it believes, and whom it does not.
use crate::{
    mirror::{Mirror, Quirk},
    pack_folder::PackFolder,
    program::{Ended, Place},
    tls::{Authority, Guarded, Shows},
};
use std::path::PathBuf;

/// A place, and a server with the pack `closet@1` whose certificate an authority of its own has signed.
struct Case {
    place: Place,
    mirror: Mirror,
    server: Guarded,
    ca_file: PathBuf,
}

impl Case {
    async fn new() -> Self {
        Self::that(Shows::Right).await
    }

    async fn that(shows: Shows) -> Self {
        let place = Place::new();
        PackFolder::copy(place.path("mirror/closet"), "closet");
        let mirror = Mirror::of(place.path("mirror"));
        let authority = Authority::new();
        Self {
            ca_file: place.write("own-ca.pem", authority.pem()),
            server: authority.guard(&mirror.url, shows).await,
            place,
            mirror,
        }
    }

    /// Pulls with these variables in the environment.
    async fn pull(&self, variables: &[(&str, &str)]) -> Ended {
        let url = format!("{}/closet/pack.toml", self.server.url);
        let mut command = self.place.command(&["models", "pull", &url]);
        Ended::of(command.envs(variables.iter().copied())).await
    }

    async fn pull_believing(&self) -> Ended {
        let own = self.ca_file.to_str().unwrap();
        self.pull(&[("FLASHFIT_MODELS__CA_FILE", own)]).await
    }

    /// Asserts one line that has these words, and that not so much as a folder is left behind.
    fn expect_refusal(&self, ended: &Ended, words: &[&str]) {
        ended.expect_complaint(words);
        assert!(!self.place.data().join("packs").exists());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_nobody_vouches_for_is_refused_at_once() {
    let case = Case::new().await;
    let words = ["/closet/pack.toml", "not trusted", "models.ca_file"];
    case.expect_refusal(&case.pull(&[]).await, &words);
    let another = case.place.write("another.pem", Authority::new().pem());
    let another = another.to_str().unwrap();
    let ended = case.pull(&[("FLASHFIT_MODELS__CA_FILE", another)]).await;
    case.expect_refusal(&ended, &words);
    assert_eq!(case.mirror.asked(), [""; 0], "nothing was asked for");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_authority_of_ones_own_is_believed() {
    let case = Case::new().await;
    let said = case.pull_believing().await.expect_success();
    assert!(said.contains("closet@1 is installed: "), "{said}");
    // Elsewhere the same is said in a variable that many programs obey.
    let own = case.ca_file.to_str().unwrap();
    let again = case.pull(&[("SSL_CERT_FILE", own)]).await;
    let said = again.expect_success();
    assert!(said.contains("closet@1 is installed already"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn being_signed_by_the_right_one_is_not_enough() {
    for (shows, word) in [
        (Shows::AnothersName, "models.example.org"),
        (Shows::Expired, "expired"),
    ] {
        let case = Case::that(shows).await;
        let ended = case.pull_believing().await;
        case.expect_refusal(&ended, &["/closet/pack.toml", "not trusted", word]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_without_usable_certificates_is_named() {
    let case = Case::new().await;
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let torn = "-----BEGIN CERTIFICATE-----\nAAAA\n";
    let cases: [(&str, Option<&str>, &str); 4] = [
        ("absent.pem", None, "No such file"),
        ("text.pem", Some("trust me"), "no certificate in PEM form"),
        ("broken.pem", Some(broken), "certificate 1 cannot be read"),
        ("torn.pem", Some(torn), "certificate 1 cannot be read"),
    ];
    for (name, text, word) in cases {
        let path = case.place.path(name);
        if let Some(text) = text {
            fs_err::write(&path, text).unwrap();
        }
        let path = path.to_str().unwrap();
        let ended = case.pull(&[("FLASHFIT_MODELS__CA_FILE", path)]).await;
        case.expect_refusal(&ended, &["models.ca_file", path, word]);
    }
    let ended = case.pull(&[("SSL_CERT_FILE", "/nowhere.pem")]).await;
    case.expect_refusal(&ended, &["No CA certificates", "SSL_CERT_FILE"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_began_with_encryption_does_not_go_on_without() {
    let case = Case::new().await;
    for (file, to) in [
        ("closet/pack.toml", "http://127.0.0.1:9/closet/pack.toml"),
        ("closet/fashion.onnx", "http://127.0.0.1:9/fashion.onnx"),
    ] {
        case.mirror.heal();
        case.mirror.spoil(file, Quirk::Redirect(to));
        let ended = case.pull_believing().await;
        ended.expect_failure(&[file, "from https to an address without encryption"]);
        assert!(!case.place.data().join("packs/closet@1").exists());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redirects_in_a_circle_end() {
    let case = Case::new().await;
    case.place.write("mirror/round/pack.toml", "");
    let there = Quirk::Redirect("/round/pack.toml");
    case.mirror.spoil("closet/pack.toml", there);
    let back = Quirk::Redirect("/closet/pack.toml");
    case.mirror.spoil("round/pack.toml", back);
    let ended = case.pull_believing().await;
    case.expect_refusal(&ended, &["closet/pack.toml", "too often"]);
    assert_eq!(case.mirror.asked().len(), 6, "and it is not tried again");
}
