//! What the program says on the command line, and how it exits.
use crate::pictures::Pictures;
use crate::program::{Ended, PATIENCE, Place};
use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    time::Instant,
};

#[tokio::test]
async fn config_masks_secrets_and_says_where_values_come_from() {
    let place = Place::new();
    let file = place.write("mine.toml", "[http]\nport = 9001\n");
    let mut command = place.command(&["config", "--config", file.to_str().unwrap()]);
    command.env("FLASHFIT_DATABASE__URL", "postgres://u:hunter2@h/d");
    command.args(["--log-level", "debug"]);
    let text = Ended::of(&mut command).await.expect_success();
    assert!(!text.contains("hunter2"), "{text}");
    let line = |key: &str| {
        let start = format!("{key} = ");
        let line = text.lines().find(|line| line.starts_with(&start));
        line.unwrap_or_else(|| panic!("no {key} in:\n{text}"))
    };
    assert!(line("database.url").contains("***"), "{text}");
    assert!(line("database.url").contains("FLASHFIT_"), "{text}");
    assert!(line("http.port").starts_with("http.port = 9001"), "{text}");
    assert!(line("http.port").contains("mine.toml"), "{text}");
    assert!(line("http.host").ends_with("# default"), "{text}");
    assert!(line("log.level").starts_with("log.level = \"debug\""));
}

#[tokio::test]
async fn the_printed_defaults_are_a_valid_file() {
    let place = Place::new();
    let defaults = place.run(&["config", "--default"]).await.expect_success();
    let file = place.write("defaults.toml", &defaults);
    let read = place
        .run(&["config", "--config", file.to_str().unwrap()])
        .await;
    read.expect_success();
}

#[tokio::test]
async fn an_unknown_key_is_named_wherever_it_stands() {
    let place = Place::new();
    let file = place.write("wrong.toml", "[http]\nprot = 1\n");
    let file = file.to_str().unwrap();
    for command in ["config", "serve", "doctor"] {
        let ended = place.run(&[command, "--config", file]).await;
        if command == "doctor" {
            assert_eq!(ended.status, 1);
            assert!(ended.stdout.contains("prot"), "{}", ended.stdout);
        } else {
            ended.expect_complaint(&["prot", "http", "wrong.toml"]);
        }
    }
    let mut command = place.command(&["serve"]);
    command.env("FLASHFIT_HTTP__PROT", "1");
    let ended = Ended::of(&mut command).await;
    ended.expect_complaint(&["HTTP.PROT", "FLASHFIT_"]);
    let mut command = place.command(&["serve"]);
    command.env("FLASHFIT_HTTP_PORT", "1");
    let ended = Ended::of(&mut command).await;
    ended.expect_complaint(&["FLASHFIT_HTTP_PORT", "FLASHFIT_HTTP__PORT"]);
    let ended = place.run(&["config", "--config", "/nowhere.toml"]).await;
    ended.expect_complaint(&["/nowhere.toml"]);
}

#[tokio::test]
async fn wrong_arguments_are_exit_status_two() {
    let place = Place::new();
    for arguments in [&["dance"][..], &["serve", "--port", "many"], &[]] {
        let ended = place.run(arguments).await;
        assert_eq!(ended.status, 2, "{arguments:?}: {}", ended.stderr);
        assert!(ended.stderr.contains("--help"), "{}", ended.stderr);
    }
}

#[tokio::test]
async fn every_command_shows_examples() {
    let place = Place::new();
    for command in [
        "serve",
        "migrate",
        "backup",
        "restore",
        "reindex",
        "relearn",
        "models",
        "models list",
        "models pull",
        "models card",
        "models verify",
        "models bench",
        "eval",
        "eval models",
        "eval outfits",
        "user",
        "user create",
        "user list",
        "user set-password",
        "user set-role",
        "user audit",
        "demo",
        "config",
        "doctor",
        "licenses",
        "openapi",
        "completions",
    ] {
        let arguments: Vec<&str> = command.split(' ').chain(["--help"]).collect();
        let text = place.run(&arguments).await.expect_success();
        assert!(text.contains("Examples:"), "{command}:\n{text}");
        assert!(text.contains("\n  flashfit "), "{command}:\n{text}");
    }
}

#[tokio::test]
async fn completions_and_the_api_document_are_printed() {
    let place = Place::new();
    let script = place.run(&["completions", "bash"]).await.expect_success();
    assert!(script.contains("_flashfit()"), "{script}");
    let document = place.run(&["openapi"]).await.expect_success();
    let document: serde_json::Value = serde_json::from_str(&document).unwrap();
    assert!(document["paths"]["/api/recommend"]["post"].is_object());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_healthy_place_passes_the_doctor_and_a_wrong_pack_does_not() {
    let place = Place::new();
    let text = place.run(&["doctor", "--embedded"]).await.expect_success();
    let lines: Vec<&str> = text.lines().collect();
    for about in [
        "data directory",
        "disk space",
        "database",
        "clock",
        "cache",
        "model pack",
        "index",
    ] {
        let start = format!("ok    {about}: ");
        let found = lines.iter().filter(|line| line.starts_with(&start)).count();
        assert_eq!(found, 1, "{about} in:\n{text}");
    }
    let mut command = place.command(&["doctor", "--embedded"]);
    command.env("FLASHFIT_MODELS__PACK", "/nonexistent");
    let ended = Ended::of(&mut command).await;
    assert_eq!(ended.status, 1, "{}", ended.stderr);
    let mut failures = ended.stdout.lines().filter(|line| line.starts_with("FAIL"));
    assert!(failures.any(|line| line.contains("model pack") && line.contains("/nonexistent")));
    assert!(ended.stdout.contains("ok    database"), "{}", ended.stdout);
    place.expect_nothing_runs().await;
}

#[tokio::test]
async fn why_the_database_cannot_be_reached_is_said() {
    let place = Place::new();
    for (url, words) in [
        ("postgres://u:hunter2@127.0.0.1:1/d", "Connection refused"),
        (
            "postgres://u:hunter2@nowhere.invalid/d",
            "failed to lookup address",
        ),
        ("postgre:/flashfit", "invalid connection string"),
    ] {
        let mut command = place.command(&["serve", "--port", "0"]);
        command.env("FLASHFIT_DATABASE__URL", url);
        let ended = Ended::of(&mut command).await;
        ended.expect_complaint(&["the database cannot be reached; check database.url", words]);
        assert!(!ended.stderr.contains("hunter2"), "{}", ended.stderr);
    }
}

/// `doctor --quick`, told of a port; of the database it is told something wrong.
async fn quick(place: &Place, host: &str, port: &str) -> Ended {
    let mut command = place.command(&["doctor", "--quick"]);
    command.env("FLASHFIT_HTTP__HOST", host);
    command.env("FLASHFIT_HTTP__PORT", port);
    command.env("FLASHFIT_DATABASE__URL", "postgres://nobody@127.0.0.1:1/no");
    command.env("HTTP_PROXY", "http://127.0.0.1:1");
    Ended::of(&mut command).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_health_check_asks_the_running_server_alone() {
    let place = Place::new();
    let mut server = place.serve().await;
    let port = server.url.rsplit(':').next().unwrap().to_owned();
    let ready = async {
        loop {
            let ended = quick(&place, "0.0.0.0", &port).await;
            if ended.status == 0 {
                return ended.expect_success();
            }
            assert!(ended.stdout.contains("being built"), "{}", ended.stdout);
        }
    };
    let text = tokio::time::timeout(PATIENCE, ready).await.unwrap();
    for about in ["database", "cache", "models", "index"] {
        let start = format!("ok    {about}: ");
        assert!(text.lines().any(|line| line.starts_with(&start)), "{text}");
    }
    server.kill().await;
    let ended = quick(&place, "127.0.0.1", &port).await;
    assert_eq!(ended.status, 1);
    let start = format!("FAIL  server: nothing answers at http://127.0.0.1:{port}/api/");
    assert!(ended.stdout.starts_with(&start), "{}", ended.stdout);
    let ended = quick(&place, "127.0.0.1", "0").await;
    assert_eq!(ended.status, 1);
    assert!(ended.stdout.contains("http.port is 0"), "{}", ended.stdout);
    place.expect_nothing_runs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_health_check_fails_where_the_server_is_not_ready_or_is_another() {
    let place = Place::new();
    let failed = r#"{"ready":false,"checks":[{"name":"database","status":"failed","detail":"gone"},
        {"name":"cache","status":"degraded","detail":"without"}]}"#;
    for (status, body, lines) in [
        (
            503,
            failed,
            vec!["FAIL  database: gone", "ok    cache: without"],
        ),
        (
            200,
            "hello",
            vec!["FAIL  server: what answers at", "is no FlashFit"],
        ),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port().to_string();
        let answering = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut asked = [0; 4096];
            let length = stream.read(&mut asked).unwrap();
            assert!(asked[..length].starts_with(b"GET /api/health/ready HTTP/1.1"));
            let length = body.len();
            write!(
                stream,
                "HTTP/1.1 {status} x\r\ncontent-length: {length}\r\n\r\n{body}"
            )
            .unwrap();
        });
        let ended = quick(&place, "127.0.0.1", &port).await;
        answering.join().unwrap();
        assert_eq!(ended.status, 1, "{}", ended.stdout);
        for line in lines {
            assert!(ended.stdout.contains(line), "{}", ended.stdout);
        }
    }
    // Nobody accepts.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let started = Instant::now();
    let ended = quick(&place, "127.0.0.1", &port).await;
    assert_eq!(ended.status, 1, "{}", ended.stdout);
    assert!(started.elapsed() < PATIENCE / 4, "{:?}", started.elapsed());
}

/// The official ONNX Runtime would keep what it has to tell its maker in the home of whoever runs it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_models_tell_nobody_that_they_ran() {
    let place = Place::new();
    let home = place.write("home/here", "");
    let home = home.parent().unwrap();
    for forbidden in [None, Some("0")] {
        let mut command = place.command(&["doctor", "--embedded"]);
        command.env("HOME", home).env_remove("XDG_CACHE_HOME");
        if let Some(value) = forbidden {
            command.env("ORT_DISABLE_TELEMETRY", value);
        }
        let text = Ended::of(&mut command).await.expect_success();
        assert!(text.contains("ok    model pack"), "{text}");
        let left: Vec<_> = fs_err::read_dir(home).unwrap().collect();
        assert_eq!(left.len(), 1, "{left:#?}");
    }
    place.expect_nothing_runs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_keeps_its_port_and_its_data_to_itself_and_ends_when_asked() {
    let place = Place::new();
    let server = place.serve().await;
    let second = place.run(&["serve", "--embedded", "--port", "0"]).await;
    second.expect_complaint(&["in use by another flashfit", place.data().to_str().unwrap()]);
    let answer = reqwest::get(format!("{}/api/health/live", server.url)).await;
    assert_eq!(answer.unwrap().status(), 200);
    let status = server.terminate().await;
    assert_eq!(status.code(), Some(0), "{}", place.log());
    assert_eq!(place.processes(), Vec::<String>::new());

    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let ended = place.run(&["serve", "--embedded", "--port", &port]).await;
    ended.expect_complaint(&[&format!("127.0.0.1:{port}"), "in use"]);
    assert_eq!(place.processes(), Vec::<String>::new());
}

#[tokio::test]
async fn quality_is_measured_on_annotated_photos() {
    let place = Place::new();
    let pictures = Pictures::draw();
    let (mut images, mut notes) = (String::new(), String::new());
    for (number, design) in pictures.first() {
        place.write(
            &format!("photos/images/{number}.jpg"),
            pictures.jpeg(number),
        );
        let (kind, colour) = (design.category.name(), design.colour);
        images += &format!("{number},{},Shirt,False,validation\n", number % 2);
        notes += &format!("{number},{kind},{colour},,plain,long,2,2,men,a {colour} {kind}\n");
    }
    let table = place.write(
        "photos/images.csv",
        format!("image,sender_id,label,kids,split\n{images}"),
    );
    let head = "image,type,colour,colour2,pattern,sleeve,formality,warmth,audience,caption";
    place.write("photos/annotations.csv", format!("{head}\n{notes}"));
    let folder = table.parent().unwrap().to_str().unwrap();
    let table = place
        .run(&["eval", "models", "--photos", folder])
        .await
        .expect_success();
    let row = |name: &str| {
        let start = format!("| {name} |");
        let found = table.lines().find(|line| line.starts_with(&start));
        found
            .unwrap_or_else(|| panic!("no {name} in:\n{table}"))
            .to_owned()
    };
    assert!(row("category, top-1").contains("| 6 |"), "{table}");
    // An annotator always names what the annotator says.
    assert!(
        row("for comparison, the annotator's caption names both").contains("| 100.0 % |"),
        "{table}"
    );
    let share = |row: String| -> f64 {
        let value = row.split('|').nth(2).unwrap().trim().trim_end_matches(" %");
        value.parse().unwrap()
    };
    assert!(
        share(row("category, top-3")) >= share(row("category, top-1")),
        "{table}"
    );
    let other = ["eval", "models", "--photos", folder, "--split", "nobody"];
    place.run(&other).await.expect_complaint(&["nobody"]);
    place
        .run(&["eval", "models", "--photos", "/nowhere"])
        .await
        .expect_complaint(&["/nowhere", "annotations.csv"]);
}
