//! `flashfit doctor --bundle`: all that helps, and no secret of anybody.
use crate::{
    client::Person,
    doctor::Said,
    program::{Ended, Place},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    io::Read as _,
    path::Path,
};

/// A receiver of each kind, with whatever it cannot do without.
const RECEIVERS: &str = r#"
[notifications.receivers.smtp]
kind = "smtp"
host = "127.0.0.1"
port = 1
username = "postman"
from = "FlashFit <alerts@wear.example.org>"
to = ["Ops <ops@people.example.org>"]
[notifications.receivers.webhook]
kind = "webhook"
url = "http://127.0.0.1:1/"
[notifications.receivers.alertmanager]
kind = "alertmanager"
url = "http://127.0.0.1:1/"
"#;

/// Every text in a bundle, by its name.
fn unpack(file: &Path) -> BTreeMap<String, String> {
    let mut zip = zip::ZipArchive::new(std::fs::File::open(file).unwrap()).unwrap();
    (0..zip.len())
        .map(|i| {
            let mut entry = zip.by_index(i).unwrap();
            let mut text = String::new();
            entry.read_to_string(&mut text).unwrap();
            let name = entry
                .name()
                .unwrap()
                .strip_prefix("flashfit/")
                .unwrap()
                .to_owned();
            (name, text)
        })
        .collect()
}

/// A secret: the part of it that must not be found, and all of it.
struct Planted {
    part: String,
    whole: String,
}

/// What `flashfit config` prints.
async fn config(place: &Place, file: &Path) -> Vec<(String, String)> {
    let ended = place
        .run(&["config", "--config", file.to_str().unwrap()])
        .await;
    let text = ended.expect_success();
    let lines = text.lines().filter_map(|line| line.split_once(" = "));
    let pair = |(key, rest): (&str, &str)| {
        let (value, _) = rest.rsplit_once("  # ").unwrap();
        (key.to_owned(), value.to_owned())
    };
    lines.map(pair).collect()
}

/// Gives every secret a value of its own, in whatever form that setting takes, and every file of secrets a secret line.
async fn plant(place: &Place) -> (Vec<(String, String)>, Vec<Planted>) {
    let base = place.write("base.toml", RECEIVERS);
    let (mut variables, mut planted) = (vec![], vec![]);
    let settings = config(place, &base).await;
    for (number, (key, value)) in settings.iter().enumerate() {
        let name = format!("FLASHFIT_{}", key.replace('.', "__").to_uppercase());
        // Half as it may stand in an address, half with what must be escaped there.
        let secret = format!("hunter{number}-s3cret");
        let mut whole = secret.clone();
        let value = match value.as_str() {
            _ if key == "database.url" => {
                whole = format!("{secret}/@#x");
                format!("host=127.0.0.1 port=1 user=u password='{whole}'")
            }
            _ if key == "cache.url" => {
                whole = format!("{secret}/@x");
                format!("redis://:{secret}%2F%40x@127.0.0.1:1")
            }
            "\"***\"" if key.ends_with(".url") => {
                format!("http://u:{secret}@127.0.0.1:1/{secret}/hook?{secret}")
            }
            // Of two ways to say it, the file is tried below.
            "\"***\""
                if settings
                    .iter()
                    .any(|(other, _)| *other == format!("{key}_file"))
                    && number % 2 == 0 =>
            {
                let file = place.write(&format!("secret-{number}"), format!("{secret}\n"));
                variables.push((format!("{name}_FILE"), file.to_str().unwrap().to_owned()));
                planted.push(Planted {
                    part: secret,
                    whole,
                });
                continue;
            }
            "\"***\"" => secret.clone(),
            _ if key == "models.registry" => format!("http://u:{secret}@127.0.0.1:1/list"),
            _ => continue,
        };
        variables.push((name, value));
        planted.push(Planted {
            part: secret,
            whole,
        });
    }
    (variables, planted)
}

/// Kinds of receivers that the program knows: a new one has to be added above.
async fn kinds(place: &Place) -> BTreeSet<String> {
    let file = place.write("odd.toml", "[notifications.receivers.x]\nkind = 'pigeon'\n");
    let ended = place
        .run(&["config", "check", "--file", file.to_str().unwrap()])
        .await;
    let (_, known) = ended.stdout.split_once("is none of ").unwrap();
    let known = known.lines().next().unwrap().split(", ");
    known.map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_secret_of_the_configuration_is_in_a_bundle() {
    let place = Place::new();
    for kind in kinds(&place).await {
        assert!(
            RECEIVERS.contains(&format!("kind = \"{kind}\"")),
            "{kind} has no secrets planted"
        );
    }
    let (variables, planted) = plant(&place).await;
    assert!(planted.len() >= 8, "{}", planted.len());
    let base = place.path("base.toml");
    let refused = |one: &Planted| format!("error=\"refused: {}\"\n", one.whole);
    let log: String = planted.iter().map(refused).collect();
    let log =
        format!("{log}login of ann@people.example.org\nAuthorization: Bearer abcdef0123456789\n");
    let log = place.write("server.log", log);
    let file = place.path("help.zip");
    let mut command = place.command(&["doctor", "--bundle", file.to_str().unwrap()]);
    command
        .args([
            "--config",
            base.to_str().unwrap(),
            "--log",
            log.to_str().unwrap(),
        ])
        .envs(variables);
    let said = Said::of(&mut command).await;
    said.ended(1);
    let everything: Vec<(String, String)> = unpack(&file).into_iter().collect();
    let everything = [
        everything,
        vec![("standard output".to_owned(), said.0.stdout.clone())],
    ]
    .concat();
    for (name, text) in &everything {
        for Planted { part, .. } in &planted {
            assert!(
                !text.contains(part.as_str()),
                "{part} is in {name}:\n{text}"
            );
        }
        assert!(!text.contains("abcdef0123456789"), "{name}");
    }
    let bundle = unpack(&file);
    for (name, text) in &bundle {
        for person in ["people.example.org", "alerts@wear"] {
            assert!(!text.contains(person), "{person} is in {name}:\n{text}");
        }
    }
    assert!(bundle["config.txt"].contains("http.port = 8080  # default"));
    assert!(bundle["config.txt"].contains("database.url = \"***\""));
    assert!(bundle["doctor.txt"].contains("FAIL  database: "));
    assert!(
        bundle["log.txt"].contains("login of ***@***"),
        "{}",
        bundle["log.txt"]
    );
    assert!(bundle["postgres.txt"].contains("could not be had"));
    let mode = std::os::unix::fs::PermissionsExt::mode(&file.metadata().unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bundle_of_a_server_that_runs_has_all_that_helps_and_nobody_in_it() {
    let place = Place::new();
    let server = place.serve().await;
    let _ann = Person::register_as(&server.url, "ann@people.example.org").await;
    let file = place.path("help.zip");
    let log = place.path("log");
    let mut command = place.command(&["doctor", "--embedded", "--bundle", file.to_str().unwrap()]);
    command.args(["--log", log.to_str().unwrap()]).env(
        "FLASHFIT_HTTP__PORT",
        server.url.rsplit(':').next().unwrap(),
    );
    let said = Said::of(&mut command).await;
    said.ended(0).has(
        &file.display().to_string(),
        &["look through it before you send it"],
    );
    let bundle = unpack(&file);
    for (name, words) in [
        ("README.txt", "before you send it"),
        ("config.txt", "http.port"),
        ("config-check.txt", "nothing is wrong"),
        ("doctor.txt", "ok    database: "),
        ("doctor.json", "\"findings\""),
        ("machine.txt", "# memory (/proc/meminfo)"),
        ("postgres.txt", "max_connections = 100"),
        ("tables.txt", "image_variants"),
        ("migrations.txt", "2026"),
        ("redis.txt", "redis_version"),
        ("health.txt", ""),
        ("metrics.txt", "build_info"),
        ("model-pack.md", "#"),
        ("log.txt", " INFO "),
    ] {
        let text = bundle
            .get(name)
            .unwrap_or_else(|| panic!("{name} of {:?}", bundle.keys()));
        assert!(
            text.contains(words),
            "{name} says nothing of {words:?}:\n{text}"
        );
        assert!(!text.contains("could not be had"), "{name}: {text}");
        assert!(!text.contains("people.example.org"), "{name}:\n{text}");
    }
    assert_eq!(bundle.len(), 14, "{:?}", bundle.keys());
    assert!(server.terminate().await.success(), "{}", place.log());
    place.expect_nothing_runs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bundle_is_made_also_where_nothing_else_works() {
    let place = Place::new();
    let file = place.path("help.zip");
    let mut command = place.command(&["doctor", "--bundle", file.to_str().unwrap()]);
    command.env("FLASHFIT_HTTP__PROT", "1");
    command.env("POSTGRES_PASSWORD", "hunter2-s3cret");
    Said::of(&mut command).await.ended(1);
    let bundle = unpack(&file);
    assert!(bundle["config-check.txt"].contains("did you mean port?"));
    assert!(bundle["doctor.txt"].contains("FAIL  services: "));
    let mut command = place.command(&["doctor", "--bundle", "/nowhere/help.zip"]);
    let ended = Ended::of(command.env("FLASHFIT_HTTP__PROT", "1")).await;
    assert_eq!(ended.status, 1);
    assert!(
        ended.stderr.contains("/nowhere/help.zip cannot be written"),
        "{}",
        ended.stderr
    );
}
