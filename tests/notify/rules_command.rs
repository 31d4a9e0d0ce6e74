//! `flashfit alerts check` and `flashfit alerts eval` from outside.
use crate::{
    alerts::PATIENCE,
    sink::{Answer, Sink},
};
use std::{
    net::TcpListener,
    path::Path,
    process::{Output, Stdio},
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tokio::process::{Child, Command};

const RULES: &str = "groups:
  - name: redis
    rules:
      - alert: RedisDown
        expr: redis_up == 0
        for: 1m
        annotations:
          summary: Redis is away for {{ $value | humanizeDuration }}
      - record: redis:up
        expr: max(redis_up)
";

const MISSING: &str = "this test needs Prometheus, which could not be run: `apt-get install prometheus`, or let \
     scripts/test install it";

const TESTS: &str = "rule_files: [rules.yml]
tests:
  - interval: 1m
    input_series:
      - {series: redis_up, values: 1 0 0 0}
    alert_rule_test:
      - eval_time: 2m
        alertname: RedisDown
        exp_alerts:
          - exp_annotations: {summary: Redis is away for 0s}
";

async fn run(folder: &Path, arguments: &[&str]) -> Output {
    let running = Command::new(env!("CARGO_BIN_EXE_flashfit"))
        .arg("alerts")
        .args(arguments)
        .env_clear()
        .current_dir(folder)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    tokio::time::timeout(PATIENCE, running)
        .await
        .unwrap()
        .unwrap()
}

/// What is printed, if it ends like this.
#[track_caller]
fn printed(output: &Output, code: i32) -> String {
    assert_eq!(output.status.code(), Some(code), "{output:?}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// The only line of a complaint.
#[track_caller]
fn complaint(output: &Output) -> String {
    assert_eq!(printed(output, 1), "");
    let said = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(said.lines().count(), 1, "{said}");
    said
}

#[tokio::test]
async fn files_of_rules_and_tests_are_checked() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs_err::write(folder.path().join(name), text).unwrap();
    write("rules.yml", RULES);
    write("tests.yml", TESTS);
    let output = run(folder.path(), &["check", "rules.yml", "tests.yml"]).await;
    assert_eq!(
        printed(&output, 0),
        "rules.yml: 1 group, 1 alerting rule, 1 recording rule\ntests.yml: 1 test passed\n"
    );
    // Each of the files is looked at, whatever is wrong with those before.
    write(
        "bad.yml",
        &RULES.replace("humanizeDuration", "humaniseDuration"),
    );
    write("fails.yml", &TESTS.replace("for 0s", "for 1s"));
    write("elsewhere.yml", &TESTS.replace("rules.yml", "bad.yml"));
    let files = [
        "check",
        "bad.yml",
        "rules.yml",
        "fails.yml",
        "elsewhere.yml",
    ];
    let said = printed(&run(folder.path(), &files).await, 1);
    let lines: Vec<&str> = said.lines().collect();
    let wrong = "bad.yml:8:50: there is no function \"humaniseDuration\"";
    assert_eq!(lines[0], wrong);
    assert!(lines[1].starts_with("rules.yml: 1 group"), "{said}");
    assert!(
        lines[2].starts_with("fails.yml:8:20: test 1: RedisDown after 2m: expected"),
        "{said}"
    );
    assert_eq!((lines[3], lines.len()), (wrong, 4));
}

#[tokio::test]
async fn what_is_wrong_with_rules_is_said_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    for (from, to, wanted) in [
        ("groups:\n  - name", "groups:\n  - [name", "bad YAML"),
        ("groups:\n", "groups:\n\t", "bad YAML"),
        (
            "        for:",
            "        fore:",
            "rules.yml:6:9: unknown field \"fore\"",
        ),
        (
            "for: 1m",
            "for: -1m",
            "rules.yml:6:14: a duration cannot be negative",
        ),
        ("redis_up == 0", "redis_up = 0", "rules.yml:5:"),
        ("redis_up == 0", "deriv(redis_up) == 0", "rules.yml:5:"),
        (
            "redis_up == 0",
            "stdvar(redis_up)",
            "rules.yml:5:15: the aggregation \"stdvar\" is not supported",
        ),
        (
            "{{ $value",
            "{{ $valeu",
            "rules.yml:8:41: the variable \"$valeu\" is not defined",
        ),
        (
            "      - record: redis:up",
            "      - alert: RedisDown",
            "rules.yml:9:16: there is another rule \"RedisDown\"",
        ),
        (
            "redis:up",
            "redis-up",
            "rules.yml:9:17: \"redis-up\" is no name of a metric",
        ),
    ] {
        let text = RULES.replacen(from, to, 1);
        assert_ne!(text, RULES, "{from}");
        fs_err::write(folder.path().join("rules.yml"), text).unwrap();
        let said = printed(&run(folder.path(), &["check", "rules.yml"]).await, 1);
        assert_eq!(said.lines().count(), 1, "{said}");
        assert!(
            said.starts_with("rules.yml:") && said.contains(wanted),
            "{wanted:?}: {said}"
        );
    }
    let says = async |words: &str| {
        let said = complaint(&run(folder.path(), &["check", "rules.yml"]).await);
        assert!(said.contains("rules.yml") && said.contains(words), "{said}");
    };
    fs_err::write(folder.path().join("rules.yml"), b"groups: []\n# \xff\n").unwrap();
    says("not text in UTF-8").await;
    fs_err::remove_file(folder.path().join("rules.yml")).unwrap();
    says("No such file").await;
    fs_err::write(folder.path().join("tests.yml"), TESTS).unwrap();
    let said = complaint(&run(folder.path(), &["check", "tests.yml"]).await);
    assert!(said.contains("tests.yml names \"rules.yml\""), "{said}");
}

#[tokio::test]
async fn expressions_are_evaluated_over_saved_metrics() {
    let folder = tempfile::tempdir().unwrap();
    let metrics = "# HELP a about\n# TYPE a counter\na{x=\"1\",y=\"q\\\"{}\"} 3\na{x=\"2\"} 4.5 1700000000\nb NaN\n\nc +Inf\n";
    fs_err::write(folder.path().join("saved.txt"), metrics).unwrap();
    let of = async |expression: &str| {
        run(
            folder.path(),
            &["eval", expression, "--metrics", "saved.txt"],
        )
        .await
    };
    for (expression, lines) in [
        ("sum(a)", "{} 7.5\n"),
        ("a > 3", "a{x=\"2\"} 4.5\n"),
        ("a{x='1'}", "a{x=\"1\", y=\"q\\\"{}\"} 3\n"),
        ("scalar(sum(a)) + 1", "8.5\n"),
        ("c", "c{} +Inf\n"),
        ("absent(a)", "nothing\n"),
        ("rate(a[5m])", "nothing\n"),
    ] {
        assert_eq!(printed(&of(expression).await, 0), lines, "{expression}");
    }
    let said = complaint(&of("sum(a) + foo(a)").await);
    assert!(
        said.contains("line 1, column 10") && said.contains("foo"),
        "{said}"
    );
    fs_err::write(folder.path().join("saved.txt"), "a 1\nthis is none\n").unwrap();
    let said = complaint(&of("a").await);
    assert!(said.contains("saved.txt:2"), "{said}");
}

/// Prometheus, whose API ours has the shape of, with its paths below /api/monitoring.
struct Prometheus {
    url: String,
    child: Child,
    _folder: TempDir,
}

impl Prometheus {
    async fn start() -> Self {
        for _ in 0..3 {
            let folder = tempfile::tempdir().unwrap();
            fs_err::write(folder.path().join("prometheus.yml"), "").unwrap();
            let free = TcpListener::bind("127.0.0.1:0").unwrap();
            let address = free.local_addr().unwrap().to_string();
            drop(free);
            let child = Command::new("prometheus")
                .current_dir(folder.path())
                .arg("--config.file=prometheus.yml")
                .arg("--storage.tsdb.path=data")
                .arg(format!("--web.listen-address={address}"))
                .arg("--web.route-prefix=/api/monitoring")
                .arg("--log.level=error")
                .stdout(Stdio::null())
                .kill_on_drop(true)
                .spawn()
                .unwrap_or_else(|e| panic!("{MISSING} ({e})"));
            let mut prometheus = Self {
                url: format!("http://{address}"),
                child,
                _folder: folder,
            };
            if prometheus.is_ready().await {
                return prometheus;
            }
        }
        panic!("Prometheus did not start");
    }

    async fn is_ready(&mut self) -> bool {
        flashfit::platform::tls::use_ring();
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE && self.child.try_wait().unwrap().is_none() {
            let ready = format!("{}/api/monitoring/-/ready", self.url);
            if reqwest::get(ready)
                .await
                .is_ok_and(|answer| answer.status().is_success())
            {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        false
    }
}

#[tokio::test]
async fn expressions_are_asked_of_a_server() {
    let folder = tempfile::tempdir().unwrap();
    let prometheus = Prometheus::start().await;
    let of = async |expression: &str| {
        run(
            folder.path(),
            &["eval", expression, "--url", &prometheus.url],
        )
        .await
    };
    for (expression, lines) in [
        ("vector(1) + 1", "{} 2\n"),
        ("1 / 0", "+Inf\n"),
        (
            "label_replace(vector(3), 'a', 'b & c', '', '')",
            "{a=\"b & c\"} 3\n",
        ),
        ("vector(1) > 2", "nothing\n"),
    ] {
        assert_eq!(printed(&of(expression).await, 0), lines, "{expression}");
    }
    // Two that match one: the server cannot, and says why.
    let many = "vector(1) + on() (label_replace(vector(1), 'a', 'b', '', '') or vector(2))";
    let said = complaint(&of(many).await);
    assert!(said.contains("422") && said.contains("matching"), "{said}");
}

#[tokio::test]
async fn a_server_that_does_not_answer_well_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let token = folder.path().join("token");
    fs_err::write(&token, "hunter2\n").unwrap();
    let of = async |url: &str| {
        let arguments = ["eval", "up", "--token-file", "token", "--url", url];
        complaint(&run(folder.path(), &arguments).await)
    };
    let denied =
        r#"{"type":"about:blank","title":"Unauthorized","status":401,"detail":"sign in first"}"#;
    let sink = Sink::that(Answer::Status(401, denied));
    let said = of(&sink.url).await;
    assert!(
        said.contains("401") && said.contains("sign in first"),
        "{said}"
    );
    let heard = sink.heard().remove(0);
    assert_eq!(heard.headers["authorization"], "Bearer hunter2");
    for (answer, words) in [
        (Answer::Status(200, "<html>"), "not as FlashFit does"),
        (Answer::Status(404, ""), "404"),
        (Answer::Redirect("http://127.0.0.1:1/"), "answers 30"),
    ] {
        let said = of(&Sink::that(answer).url).await;
        assert!(said.contains(words) && !said.contains("hunter2"), "{said}");
    }
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let nobody = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    let said = of(&nobody).await;
    assert!(
        said.contains("cannot be asked") && said.contains("refused"),
        "{said}"
    );
    let said = of("nonsense").await;
    assert!(said.contains("no address"), "{said}");
}
