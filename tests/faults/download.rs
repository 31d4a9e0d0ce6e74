//! Files from servers that hang up, lie and keep silent.
use crate::{
    mirror::{Mirror, Quirk},
    pack_folder::sum,
    program::Place,
};
use flashfit::platform::download::{self, Downloader, Error, Patience, Wanted};
use std::{sync::Arc, time::Duration};

const SIZE: usize = 300_000;

/// A mirror with one file, and somewhere for it to go.
struct Case {
    place: Place,
    mirror: Mirror,
    bytes: Arc<Vec<u8>>,
    downloader: Downloader,
}

impl Case {
    fn new() -> Self {
        let place = Place::new();
        let bytes: Vec<u8> = (0..SIZE).map(|i| (i * i % 251) as u8).collect();
        let folder = place.write("mirror/file", &bytes);
        let patience = Patience {
            silence: Duration::from_millis(700),
            attempts: 3,
            pause: Duration::from_millis(1),
        };
        Self {
            mirror: Mirror::of(folder.parent().unwrap().to_owned()),
            place,
            bytes: Arc::new(bytes),
            downloader: Downloader::new(patience, None).unwrap(),
        }
    }

    fn spoiled(quirk: Quirk) -> Self {
        let case = Self::new();
        case.mirror.spoil("file", quirk);
        case
    }

    fn wanted(&self) -> Wanted {
        Wanted {
            url: download::address(&format!("{}/file", self.mirror.url)).unwrap(),
            path: self.place.path("got"),
            sha256: sum(&self.bytes),
            limit: 1 << 20,
        }
    }

    async fn fetch(&self) -> Result<(), Error> {
        let wanted = self.wanted();
        self.downloader.file(&wanted, &mut |_, _| ()).await
    }

    async fn expect_whole(&self) {
        self.fetch().await.unwrap();
        assert_eq!(fs_err::read(self.place.path("got")).unwrap(), *self.bytes);
        assert!(!self.place.path("got.part").exists());
    }

    /// What is said, in one line that names the address; nothing is there under the file's own name.
    async fn complaint(&self) -> String {
        let said = self.fetch().await.unwrap_err().to_string();
        assert!(!said.contains('\n') && said.contains("/file"), "{said}");
        assert!(!self.place.path("got").exists());
        said
    }
}

#[tokio::test]
async fn a_file_comes_and_progress_is_told() {
    let case = Case::new();
    let mut steps = vec![];
    let wanted = case.wanted();
    let heard = &mut |have, total| steps.push((have, total));
    case.downloader.file(&wanted, heard).await.unwrap();
    assert_eq!(fs_err::read(wanted.path).unwrap(), *case.bytes);
    let total = Some(SIZE as u64);
    assert_eq!(steps.first(), Some(&(0, total)));
    assert_eq!(steps.last(), Some(&(SIZE as u64, total)));
    assert!(steps.is_sorted());
    assert_eq!(case.mirror.asked(), ["GET file"]);
}

#[tokio::test]
async fn a_broken_connection_is_taken_up_where_it_broke() {
    let after = 100_000;
    let case = Case::spoiled(Quirk::Cut { after, times: 2 });
    case.expect_whole().await;
    let asked = case.mirror.asked();
    assert_eq!(
        asked,
        [
            "GET file",
            "GET file bytes=100000-",
            "GET file bytes=200000-"
        ]
    );
}

#[tokio::test]
async fn after_too_many_breaks_the_next_run_goes_on() {
    let case = Case::spoiled(Quirk::Cut {
        after: 0,
        times: 99,
    });
    fs_err::write(case.place.path("got.part"), &case.bytes[..1000]).unwrap();
    let said = case.complaint().await;
    assert!(said.contains("run the command again"), "{said}");
    assert_eq!(case.mirror.asked().len(), 3);
    case.mirror.heal();
    case.expect_whole().await;
    assert_eq!(case.mirror.asked(), ["GET file bytes=1000-"]);
}

#[tokio::test]
async fn a_server_without_ranges_sends_it_all_again() {
    let case = Case::spoiled(Quirk::NoRanges);
    fs_err::write(case.place.path("got.part"), &case.bytes[..1000]).unwrap();
    case.expect_whole().await;
    assert_eq!(case.mirror.asked(), ["GET file bytes=1000-"]);
}

#[tokio::test]
async fn what_is_whole_already_is_known_by_its_checksum() {
    let case = Case::new();
    fs_err::write(case.place.path("got.part"), &*case.bytes).unwrap();
    case.expect_whole().await;
    // Answered with 416.
    assert_eq!(case.mirror.asked(), ["GET file bytes=300000-"]);
}

#[tokio::test]
async fn the_rest_of_another_file_is_thrown_away() {
    for left in [vec![9; 5000], vec![9; SIZE], vec![9; SIZE + 1]] {
        let case = Case::new();
        fs_err::write(case.place.path("got.part"), &left).unwrap();
        case.expect_whole().await;
        let asked = case.mirror.asked();
        assert_eq!(asked.len(), 2, "{asked:?}");
        assert_eq!(asked[1], "GET file");
    }
}

#[tokio::test]
async fn a_wrong_file_is_refused_once_and_for_all() {
    let case = Case::new();
    case.place.write("mirror/file", "another file");
    let said = case.complaint().await;
    assert!(
        said.contains("SHA-256") && said.contains(&sum(&case.bytes)),
        "{said}"
    );
    assert!(!case.place.path("got.part").exists());
    assert_eq!(case.mirror.asked().len(), 1);
}

#[tokio::test]
async fn what_may_pass_is_tried_again_and_what_will_not_is_named() {
    let case = Case::spoiled(Quirk::Status {
        code: 500,
        times: 2,
    });
    case.expect_whole().await;
    for (code, requests, word) in [
        (500, 3, "failed with 500"),
        (503, 3, "failed with 503"),
        (403, 1, "refuses with 403"),
        (404, 1, "not there"),
    ] {
        let case = Case::spoiled(Quirk::Status { code, times: 99 });
        let said = case.complaint().await;
        assert!(said.contains(word), "{said}");
        assert_eq!(case.mirror.asked().len(), requests, "{code}");
    }
    let case = Case::new();
    let mirror = case.mirror.url.clone();
    case.mirror.stop().await;
    let url = download::address(&format!("{mirror}/file")).unwrap();
    let said = case
        .downloader
        .bytes(&url, 10)
        .await
        .unwrap_err()
        .to_string();
    assert!(said.contains("no connection"), "{said}");
}

#[tokio::test]
async fn a_page_for_people_is_not_a_file() {
    for kind in ["text/html; charset=utf-8", "application/octet-stream"] {
        let case = Case::spoiled(Quirk::Page { kind });
        let said = case.complaint().await;
        assert!(said.contains("web page (HTML)"), "{said}");
        assert_eq!(case.mirror.asked().len(), 1);
    }
}

#[tokio::test]
async fn too_much_is_too_much_whatever_was_announced() {
    for quirk in [Quirk::Length(5 << 20), Quirk::Endless { bytes: 5 << 20 }] {
        let case = Case::spoiled(quirk);
        let said = case.complaint().await;
        assert!(said.contains("larger than 1048576 bytes"), "{said}");
        assert!(!case.place.path("got.part").exists());
    }
}

#[tokio::test]
async fn a_silent_server_is_not_waited_for() {
    let case = Case::spoiled(Quirk::Silence { after: 0 });
    let said = case.complaint().await;
    assert!(said.contains("says nothing any more"), "{said}");
}

#[tokio::test]
async fn redirects_are_followed_a_few_times() {
    let case = Case::spoiled(Quirk::Redirect("/elsewhere"));
    case.place.write("mirror/elsewhere", &*case.bytes);
    case.expect_whole().await;
    let case = Case::spoiled(Quirk::Redirect("/file"));
    let said = case.complaint().await;
    assert!(said.contains("too often"), "{said}");
    assert_eq!(case.mirror.asked().len(), 6);
}

#[tokio::test]
async fn passwords_and_tokens_are_not_repeated() {
    let case = Case::spoiled(Quirk::Status {
        code: 403,
        times: 9,
    });
    let url = case.wanted().url.to_string();
    let url = url.replace("http://", "http://me:hunter2@") + "?token=hunter3";
    let url = download::address(&url).unwrap();
    let said = case
        .downloader
        .bytes(&url, 10)
        .await
        .unwrap_err()
        .to_string();
    assert!(said.contains("403") && !said.contains("hunter"), "{said}");
}
