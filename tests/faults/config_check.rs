//! `flashfit config check`: everything that is wrong with the settings, at once and with its place.
use crate::program::{Ended, Place};

/// What is said, after the last line is split off.
struct Said {
    status: i32,
    lines: Vec<String>,
    verdict: String,
}

impl Said {
    async fn of(command: &mut tokio::process::Command) -> Self {
        let ended = Ended::of(command).await;
        assert_eq!(ended.stderr, "");
        let mut lines: Vec<String> = ended.stdout.lines().map(str::to_owned).collect();
        let verdict = lines.pop().unwrap_or_default();
        Self {
            status: ended.status,
            lines,
            verdict,
        }
    }

    /// Asserts that there is one line with this beginning that contains all of `words`.
    #[track_caller]
    fn has(&self, start: &str, words: &[&str]) {
        let found: Vec<&String> = self
            .lines
            .iter()
            .filter(|line| line.starts_with(start))
            .collect();
        let [line] = found.as_slice() else {
            panic!(
                "one line expected that begins with {start:?}:\n{:#?}",
                self.lines
            );
        };
        for word in words {
            assert!(line.contains(word), "{line:?} says nothing of {word:?}");
        }
    }
}

async fn check(place: &Place, arguments: &[&str]) -> Said {
    let all = [&["config", "check"], arguments].concat();
    Said::of(&mut place.command(&all)).await
}

const WRONG: &str = r#"[http]
prot = 1
port = "many"
cors_origins = ["*"]

[http.tls]
certificate = "/nowhere/cert.pem"
key = "/nowhere/key.pem"

[database]
url = "postgre:/hunter2"
pool_size = 0

[log]
level = "debgu"
format = "xml"

[models]
pack = "/nowhere/pack"
onnxruntime = "/nowhere/library"

[alerts]
rules_file = "/nowhere/rules.yml"
routes = [{ matchers = ["severity"], receivers = ["nobody"] }]

[search]
wait_timeout = 3
poll_interval = "soon"

[notifications.receivers.mail]
kind = "smtp"
host = "mail.example.org"
from = "nobody"
to = ["ops@example.org"]

[notifications.receivers.pigeon]
kind = "pigeon"
"#;

#[tokio::test]
async fn everything_that_is_wrong_is_told_at_once_with_its_line() {
    let place = Place::new();
    let file = place.write("wrong.toml", WRONG);
    let file = file.to_str().unwrap();
    let said = check(&place, &["--file", file]).await;
    assert_eq!(said.status, 1, "{:#?}", said.lines);
    let at = |line: usize, key: &str| format!("error  {file}:{line}: {key}: ");
    for (line, key, words) in [
        (2, "http.prot", ["no such key", "did you mean port?"]),
        (3, "http.port", ["string \"many\"", "expected u16"]),
        (4, "http.cors_origins", ["\"*\" is no origin", "https://"]),
        (
            7,
            "http.tls.certificate",
            ["/nowhere/cert.pem", "No such file"],
        ),
        (11, "database.url", ["invalid connection string", ""]),
        (12, "database.pool_size", ["without a connection", ""]),
        (
            15,
            "log.level",
            ["\"debgu\"", "trace, debug, info, warn, error, off"],
        ),
        (16, "log.format", ["\"xml\"", "pretty, json"]),
        (19, "models.pack", ["/nowhere/pack", "pack.toml is missing"]),
        (20, "models.onnxruntime", ["/nowhere/library", ""]),
        (23, "alerts.rules_file", ["/nowhere/rules.yml", ""]),
        (
            27,
            "search.wait_timeout",
            ["did you mean database.wait_timeout?", ""],
        ),
        (28, "search.poll_interval", ["expected", ""]),
        (
            33,
            "notifications.receivers.mail.from",
            ["\"nobody\"", "no mail address"],
        ),
        (
            37,
            "notifications.receivers.pigeon.kind",
            ["pigeon", "smtp, webhook, alertmanager"],
        ),
    ] {
        said.has(&at(line, key), &words);
    }
    let of_routes = format!("error  {file}:24: alerts.routes, entry 1: ");
    let about = |word: &str| {
        let mut lines = said.lines.iter();
        lines.any(|line| line.starts_with(&of_routes) && line.contains(word))
    };
    assert!(about("\"severity\" is no matcher") && about("no receiver \"nobody\""));
    assert!(
        said.verdict
            .starts_with("the configuration is not valid: 17 errors"),
        "{}",
        said.verdict
    );
    assert!(!said.lines.iter().any(|line| line.contains("hunter2")));
}

#[tokio::test]
async fn what_is_right_is_said_to_be_and_so_is_where_it_was_read() {
    let place = Place::new();
    let said = check(&place, &[]).await;
    assert_eq!((said.status, said.lines.len()), (0, 0), "{:#?}", said.lines);
    assert_eq!(
        said.verdict,
        "the configuration is valid (read: the environment)"
    );
    let defaults = place.run(&["config", "--default"]).await.expect_success();
    let file = place.write("defaults.toml", defaults);
    let said = check(&place, &["--config", file.to_str().unwrap()]).await;
    assert_eq!((said.status, said.lines.len()), (0, 0), "{:#?}", said.lines);
    assert!(said.verdict.contains("defaults.toml"), "{}", said.verdict);
}

#[tokio::test]
async fn a_file_that_is_no_toml_or_not_there_is_told_with_all_else() {
    let place = Place::new();
    let file = place.write("torn.toml", "[http]\nport = 1\nhost = \n[database\n");
    let mut command = place.command(&["config", "check", "--file", file.to_str().unwrap()]);
    command
        .env("FLASHFIT_HTTP__PROT", "1")
        .env("FLASHFIT_HTTP_PORT", "1");
    let said = Said::of(&mut command).await;
    assert_eq!(said.status, 1);
    said.has(&format!("error  {}:3: ", file.display()), &[]);
    said.has(&format!("error  {}:4: ", file.display()), &[]);
    said.has(
        "error  FLASHFIT_HTTP__PROT: http.prot",
        &["did you mean port?"],
    );
    said.has("error  FLASHFIT_HTTP_PORT: ", &["FLASHFIT_HTTP__PORT"]);
    let said = check(&place, &["--file", "/nowhere.toml"]).await;
    assert_eq!(said.status, 1);
    said.has("error  /nowhere.toml: ", &["no such file"]);
}

#[tokio::test]
async fn settings_that_do_not_go_together_are_warnings() {
    let place = Place::new();
    for (settings, key, word) in [
        (
            "http.secure_cookies = true",
            "http.secure_cookies",
            "signing in does not last",
        ),
        (
            "http.trust_proxy = true\nnotifications.base_url = 'https://wear.example.org'",
            "http.secure_cookies",
            "true",
        ),
        (
            "http.tls.redirect_port = 80",
            "http.tls.redirect_port",
            "no effect",
        ),
        ("http.host = '0.0.0.0'", "http.host", "plain HTTP"),
    ] {
        let file = place.write("odd.toml", settings);
        let said = check(&place, &["--file", file.to_str().unwrap()]).await;
        assert_eq!(said.status, 0, "{:#?}", said.lines);
        let [line] = said.lines.as_slice() else {
            panic!("{settings}: {:#?}", said.lines);
        };
        assert!(
            line.starts_with("warn   ") && line.contains(key) && line.contains(word),
            "{line}"
        );
        assert!(
            said.verdict.contains("valid, 1 warning"),
            "{}",
            said.verdict
        );
    }
}

/// As an editor on another system leaves it.
const ODD: &str = "\u{feff}# of the shop\r\n\
    export LOG_LEVEL=WARNING\r\n\
    CORS_ORIGINS='https://a.example, https://b.example'\r\n\
    POSTGRES_HOST=postgres\r\n\
    POSTGRES_PASSWORD=\"hunter2$x\"\r\n\
    REDIS_PASSWORD=hunter2 # of Redis\r\n\
    SECRET_KEY=hunter2\r\n\
    FLASHFIT_HTTP__PORT=9000\r\n\
    FLASHFIT_HTTP__PROT=1\r\n\
    POSTGRES_PASWORD=hunter2\r\n\
    hunter2\r\n";

#[tokio::test]
async fn a_file_of_variables_is_read_right_or_named_with_its_line() {
    let place = Place::new();
    let file = place.write("shop.env", ODD);
    let path = file.to_str().unwrap();
    let mut command = place.command(&["config", "check", "--env-file", path]);
    // The file counts, and not what happens to be set here.
    command.env("FLASHFIT_HTTP__HOTS", "1");
    let said = Said::of(&mut command).await;
    assert_eq!(said.status, 1, "{:#?}", said.lines);
    for (start, word) in [
        ("warn   PATH:1: the file begins", "byte order mark"),
        ("warn   PATH:1: lines end", "CR LF"),
        ("warn   PATH:2: ", "systemd leaves the line out"),
        ("warn   PATH:5: ", "single quotes"),
        ("warn   PATH:6: ", "a comment to Compose"),
        (
            "warn   PATH:7: SECRET_KEY: ",
            "without effect: nothing is signed",
        ),
        ("error  PATH:9: FLASHFIT_HTTP__PROT: ", "did you mean port?"),
        (
            "warn   PATH:10: POSTGRES_PASWORD: ",
            "did you mean POSTGRES_PASSWORD?",
        ),
        ("error  PATH:11: ", "no NAME=value"),
    ] {
        said.has(&start.replace("PATH", path), &[word]);
    }
    assert!(
        !said.lines.iter().any(|line| line.contains("hunter2")),
        "{:#?}",
        said.lines
    );
    assert!(
        !said.lines.iter().any(|line| line.contains("HOTS")),
        "{:#?}",
        said.lines
    );
    let right = place.write(
        "right.env",
        ODD.replace("FLASHFIT_HTTP__PROT=1\r\n", "")
            .replace("\r\nhunter2", ""),
    );
    let said = check(&place, &["--env-file", right.to_str().unwrap()]).await;
    assert_eq!(said.status, 0, "{:#?}", said.lines);
    let nowhere = place.run(&["config", "check", "--env-file", "/nowhere.env"]);
    nowhere.await.expect_complaint(&["/nowhere.env"]);
}
