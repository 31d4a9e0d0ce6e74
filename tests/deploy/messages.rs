//! `docs/troubleshooting.md` has the messages that FlashFit prints.
use crate::{
    program::{Ended, Place},
    text_of,
};
use std::net::TcpListener;

/// The messages of the document that are complete.
fn documented() -> Vec<String> {
    let text = text_of("docs/troubleshooting.md");
    let mut lines = vec![];
    for block in text.split("```text\n").skip(1) {
        let (block, _) = block.split_once("```").unwrap();
        lines.extend(
            block
                .lines()
                .filter(|line| !line.contains('…'))
                .map(str::to_owned),
        );
    }
    lines
}

/// Arguments, a variable and its value: a call that ends in a message of the document.
fn cases<'c>(run: &str, taken: &'c str) -> Vec<(Vec<&'c str>, &'static str, String)> {
    let database = |user: &str, name: &str| format!("host={run} user={user} dbname={name}");
    let url = "FLASHFIT_DATABASE__URL";
    let serve = vec!["serve", "--port", "0"];
    vec![
        (vec!["config"], "FLASHFIT_HTTP__PORT", "many".to_owned()),
        (vec!["config"], "FLASHFIT_HTTP_PORT", "1".to_owned()),
        (
            vec!["config", "check", "--log-level", "debgu"],
            "FLASHFIT_HTTP__PROT",
            "1".to_owned(),
        ),
        (
            vec!["config", "--config", "/nowhere.toml"],
            "X",
            String::new(),
        ),
        (vec!["serve", "--port", taken], "X", String::new()),
        (
            vec!["serve", "--host", "203.0.113.1", "--port", taken],
            "X",
            String::new(),
        ),
        (serve.clone(), url, "postgres://127.0.0.1:1/d".to_owned()),
        (
            serve.clone(),
            url,
            "postgres://nowhere.invalid/d".to_owned(),
        ),
        (serve.clone(), url, database("nobody", "flashfit")),
        (serve.clone(), url, database("flashfit", "nothing")),
        (serve.clone(), url, "postgre:/d".to_owned()),
        (
            vec!["doctor"],
            "FLASHFIT_CACHE__URL",
            "redis://127.0.0.1:1".to_owned(),
        ),
        (
            vec!["doctor", "--data", "/proc/nowhere"],
            "X",
            String::new(),
        ),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn documented_messages_are_those_that_are_printed() {
    let place = Place::new();
    let server = place.serve().await;
    let holder = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = holder.local_addr().unwrap().port().to_string();
    let run = place.data().join("run");
    let cases = cases(&run.display().to_string(), &taken);
    let mut printed = vec![];
    for (arguments, name, value) in cases {
        let mut command = place.command(&arguments);
        command
            .env("FLASHFIT_DATA_DIR", place.path("other"))
            .env(name, value);
        let ended = Ended::of(&mut command).await;
        assert_ne!(ended.status, 0, "{arguments:?}");
        let said = format!("{}{}", ended.stdout, ended.stderr).replace(&taken, "8080");
        printed.extend(said.lines().map(str::to_owned));
    }
    let documented = documented();
    assert!(documented.len() > 8, "{documented:?}");
    for line in documented {
        assert!(
            printed.contains(&line),
            "{line}\nis not among\n{printed:#?}"
        );
    }
    drop((server, holder));
}
