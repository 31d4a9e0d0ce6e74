//! `flashfit models pull` against a real server: what is installed works, and what does not work is not installed.
use crate::{
    mirror::{Mirror, Quirk},
    pack_folder::{PackFolder, sum},
    program::{Ended, Place},
};
use std::path::PathBuf;

/// A place, and a server that offers the pack `closet@1`.
struct Case {
    place: Place,
    pack: PackFolder,
    mirror: Mirror,
}

impl Case {
    fn new() -> Self {
        let place = Place::new();
        let pack = PackFolder::copy(place.path("mirror/closet"), "closet");
        let mirror = Mirror::of(place.path("mirror"));
        Self {
            place,
            pack,
            mirror,
        }
    }

    fn spoiled(file: &str, quirk: Quirk) -> Self {
        let case = Self::new();
        case.mirror.spoil(&format!("closet/{file}"), quirk);
        case
    }

    fn url(&self) -> String {
        format!("{}/closet/pack.toml", self.mirror.url)
    }

    async fn pull(&self) -> Ended {
        self.place.run(&["models", "pull", &self.url()]).await
    }

    fn installed(&self) -> PathBuf {
        self.place.data().join("packs/closet@1")
    }

    /// Pulls, and asserts one line of complaint and that nothing is installed.
    async fn expect_refusal(&self, words: &[&str]) {
        self.pull().await.expect_failure(words);
        assert!(!self.installed().exists());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pack_is_pulled_once() {
    let case = Case::new();
    let said = case.pull().await.expect_success();
    for words in [
        "closet@1: 9 files",
        "fashion.onnx: fetched",
        "is installed: ",
        "models.pack = \"closet@1\"",
    ] {
        assert!(said.contains(words), "{words:?} is not in:\n{said}");
    }
    for file in [
        "pack.toml",
        "CARD.md",
        "fashion.onnx",
        "clip_tokenizer.json",
    ] {
        let got = fs_err::read(case.installed().join(file)).unwrap();
        assert_eq!(sum(&got), sum(&case.pack.read(file)), "{file}");
    }
    let entries = fs_err::read_dir(case.installed()).unwrap();
    assert_eq!(entries.count(), 11, "nine files, pack.toml and the card");

    case.mirror.asked();
    let again = case
        .place
        .run(&["models", "pull", &format!("{}/closet", case.mirror.url)])
        .await;
    assert!(
        again
            .expect_success()
            .contains("closet@1 is installed already")
    );
    assert_eq!(case.mirror.asked(), ["GET closet/pack.toml"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_installed_is_listed_shown_verified_and_chosen() {
    let case = Case::new();
    let place = &case.place;
    case.pull().await.expect_success();
    let list = place.run(&["models", "list"]).await.expect_success();
    assert!(list.contains("\n  closet@1 "), "{list}");
    assert!(list.contains("\n* flashfit-default@"), "{list}");
    let mut command = place.command(&["models", "list"]);
    command.env("FLASHFIT_MODELS__PACK", "closet");
    let list = Ended::of(&mut command).await.expect_success();
    assert!(
        list.contains("\n* closet@1 ") && list.contains("\n  flashfit-default@"),
        "{list}"
    );

    let card = place
        .run(&["models", "card", "closet"])
        .await
        .expect_success();
    assert_eq!(
        card.trim(),
        String::from_utf8(case.pack.read("CARD.md")).unwrap().trim()
    );
    let own = place.run(&["models", "card"]).await.expect_success();
    assert_eq!(own, card, "a copy of the pack in the program");
    let verified = place.run(&["models", "verify", "closet@1"]).await;
    assert_eq!(verified.expect_success().trim(), "closet@1 is sound");
    let missing = place.run(&["models", "card", "wardrobe"]).await;
    missing.expect_complaint(&[
        "\"wardrobe\"",
        "neither a folder nor an installed pack",
        "models list",
    ]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_interrupted_pull_goes_on_where_it_stopped() {
    let (after, times) = (1_000_000, 99);
    let case = Case::spoiled("fashion.onnx", Quirk::Cut { after: 0, times });
    case.expect_refusal(&["fashion.onnx", "run the command again"])
        .await;
    case.mirror
        .spoil("closet/fashion.onnx", Quirk::Cut { after, times: 1 });
    case.mirror.asked();
    case.pull().await.expect_success();
    let asked = case.mirror.asked();
    let of = |file: &str| -> Vec<&String> {
        let got = asked
            .iter()
            .filter(|line| line.starts_with(&format!("GET closet/{file}")));
        got.collect()
    };
    assert_eq!(
        of("fashion.onnx"),
        [
            "GET closet/fashion.onnx",
            "GET closet/fashion.onnx bytes=1000000-"
        ]
    );
    assert_eq!(
        of("clip_image.onnx"),
        Vec::<&str>::new(),
        "it was there: {asked:#?}"
    );
    assert!(case.installed().join("fashion.onnx").is_file());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn servers_that_know_little_will_do() {
    let case = Case::spoiled("fashion.onnx", Quirk::NoRanges);
    case.mirror
        .spoil("closet/blip_vision.onnx", Quirk::NoHead { code: 405 });
    case.mirror
        .spoil("closet/CARD.md", Quirk::Page { kind: "text/html" });
    let half = case.pack.read("fashion.onnx");
    let staging = case.place.data().join("packs/.closet@1.part");
    fs_err::create_dir_all(&staging).unwrap();
    fs_err::write(staging.join("fashion.onnx.part"), &half[..half.len() / 2]).unwrap();
    fs_err::write(staging.join("left-over.onnx"), "of an older version").unwrap();
    case.pull().await.expect_success();
    assert_eq!(
        fs_err::read(case.installed().join("fashion.onnx")).unwrap(),
        half
    );
    assert!(!case.installed().join("CARD.md").exists());
    assert!(!case.installed().join("left-over.onnx").exists());
    let card = case.place.run(&["models", "card", "closet"]).await;
    card.expect_complaint(&["closet@1 has no CARD.md"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bad_servers_are_named_and_nothing_is_installed() {
    let case = Case::new();
    let (file, times) = ("closet/clip_text.onnx", 99);
    let cases: [(&str, Quirk, &[&str]); 6] = [
        (
            "closet/pack.toml",
            Quirk::Status { code: 500, times },
            &["pack.toml", "failed with 500"],
        ),
        (
            "closet/pack.toml",
            Quirk::Status { code: 404, times },
            &["pack.toml", "not there", "address"],
        ),
        (
            "closet/pack.toml",
            Quirk::Page { kind: "text/html" },
            &["web page (HTML)"],
        ),
        (
            file,
            Quirk::Status { code: 500, times },
            &["clip_text.onnx", "failed with 500"],
        ),
        (
            file,
            Quirk::Page {
                kind: "application/x-onnx",
            },
            &["clip_text.onnx", "web page (HTML)"],
        ),
        (
            file,
            Quirk::Length(1 << 50),
            &["MiB free", "are needed", "make room"],
        ),
    ];
    for (file, quirk, words) in cases {
        case.mirror.heal();
        case.mirror.spoil(file, quirk);
        case.expect_refusal(words).await;
    }
    case.mirror.heal();
    let large = Quirk::Length(1 << 50);
    case.mirror.spoil("closet/fashion.onnx", large);
    case.mirror.asked();
    case.expect_refusal(&["MiB free"]).await;
    let asked = case.mirror.asked();
    let fetched = asked
        .iter()
        .filter(|line| line.starts_with("GET") && line.contains(".onnx"));
    assert_eq!(fetched.count(), 0, "room is looked for first: {asked:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_does_not_work_is_not_installed() {
    let case = Case::new();
    case.pack.halve("blip_vision.onnx");
    case.expect_refusal(&["is not installed", "blip_vision.onnx: "])
        .await;
    let staging = case.place.data().join("packs/.closet@1.part");
    assert!(!staging.exists(), "no part of it would ever be right");

    let case = Case::new();
    case.pack.write("blip_vision.onnx", "something else");
    case.expect_refusal(&["blip_vision.onnx has SHA-256", "thrown away"])
        .await;
    case.pack.edit("format = 1", "format = 9");
    case.expect_refusal(&["pack.toml: format is 9"]).await;
    case.pack.edit("format = 9", "format = 1");
    case.pack.edit("version = \"1\"", "version = \"../../x\"");
    case.expect_refusal(&["pack.toml: version \"../../x\""])
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_installation_is_replaced_and_another_pack_is_not() {
    let case = Case::new();
    case.pull().await.expect_success();
    let network = case.installed().join("fashion.onnx");
    let whole = fs_err::read(&network).unwrap();
    fs_err::write(&network, &whole[..100]).unwrap();
    let list = case.place.run(&["models", "list"]).await.expect_success();
    assert!(
        list.contains("damaged: ") && list.contains("pull it again"),
        "{list}"
    );
    case.pull().await.expect_success();
    assert_eq!(fs_err::read(&network).unwrap(), whole);
    case.pack
        .edit("version = \"1\"", "version = \"1\"\n# changed");
    case.pull()
        .await
        .expect_complaint(&["closet@1", "remove it first"]);
}

#[tokio::test]
async fn names_come_from_the_list_in_the_program_and_from_the_operators() {
    let case = Case::new();
    let published = case.place.run(&["models", "pull", "fashion-clip"]).await;
    published.expect_complaint(&[
        "fashion-clip",
        "hf download patrickjohncyh/fashion-clip",
        "models/export",
        "models.packs.fashion-clip",
    ]);
    let unknown = case.place.run(&["models", "pull", "closet"]).await;
    unknown.expect_complaint(&["\"closet\"", "models list"]);
    let other = case.place.run(&["models", "pull", "ftp://h/closet"]).await;
    other.expect_complaint(&["ftp://h/closet", "http"]);

    let wrong = "00".repeat(32);
    let list = format!(
        "[[pack]]\nname = \"closet\"\nurl = \"closet/pack.toml\"\nsha256 = \"{wrong}\"\nbytes = 27000000\n\
         [[pack]]\nname = \"fashion-clip\"\nurl = \"elsewhere/pack.toml\"\nlicence = \"MIT\"\n"
    );
    case.place.write("mirror/packs.toml", list);
    let with_list = |arguments: &[&str]| {
        let mut command = case.place.command(arguments);
        command.env(
            "FLASHFIT_MODELS__REGISTRY",
            format!("{}/packs.toml", case.mirror.url),
        );
        command.env("FLASHFIT_MODELS__PACKS__ATTIC", "http://127.0.0.1:1/attic");
        command
    };
    let known = Ended::of(&mut with_list(&["models", "list"]))
        .await
        .expect_success();
    for words in [
        "closet ",
        "27.0 MB",
        &case.url(),
        "/elsewhere/pack.toml",
        "attic ",
        "marqo-fashion-siglip ",
    ] {
        assert!(known.contains(words), "{words:?} is not in:\n{known}");
    }
    let pinned = Ended::of(&mut with_list(&["models", "pull", "closet"])).await;
    pinned.expect_complaint(&["pack.toml has SHA-256", &wrong]);
    case.mirror.spoil(
        "packs.toml",
        Quirk::Status {
            code: 404,
            times: 99,
        },
    );
    let known = Ended::of(&mut with_list(&["models", "list"]))
        .await
        .expect_success();
    assert!(
        known.contains("models.registry: ") && known.contains("fashion-clip"),
        "{known}"
    );
}
