//! What the process knows of itself.
mod health;
mod history;
mod queries;
mod refusals;

use crate::support::{Answer, Person, TestApp};
use flashfit::engines::promql::Labels;
use reqwest::Method;

/// The first person is the administrator.
async fn start() -> (TestApp, Person) {
    let app = TestApp::start().await;
    let admin = app.register("admin@example.org").await;
    (app, admin)
}

/// What time it is for the server, in whole seconds.
async fn now(admin: &Person) -> i64 {
    let answer = admin
        .get("/api/monitoring/query?query=time()")
        .await
        .expect(200);
    answer["data"]["result"][0].as_f64().unwrap() as i64
}

/// A minute of a counter that grows by two a second, and of odd numbers; ends at the time that is returned.
async fn made_up(app: &TestApp, admin: &Person) -> i64 {
    let end = now(admin).await;
    for round in 0..=4 {
        let at = end - 60 + round * 15;
        let series = |name: &str, kind: &str| Labels::new([("__name__", name), ("kind", kind)]);
        let rounds = [
            (series("made_up_total", "a"), (round * 30) as f64),
            (series("made_up_total", "b"), (round * 60) as f64),
            (series("odd", "nan"), f64::NAN),
            (series("odd", "inf"), f64::INFINITY),
        ];
        app.app.monitoring.append("made up", at * 1000, rounds);
    }
    end
}

fn query(expression: &str, more: &[(&str, String)]) -> Vec<(String, String)> {
    let more = more
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.clone()));
    std::iter::once(("query".to_owned(), expression.to_owned()))
        .chain(more)
        .collect()
}

/// As a form is written.
fn encoded(form: &[(String, String)]) -> String {
    let encode = |text: &String| -> String {
        let byte = |byte: u8| match byte {
            _ if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        };
        text.bytes().map(byte).collect()
    };
    let pairs = form
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)));
    pairs.collect::<Vec<_>>().join("&")
}

async fn get(person: &Person, path: &str, form: &[(String, String)]) -> Answer {
    person.get(&format!("{path}?{}", encoded(form))).await
}

async fn post(person: &Person, path: &str, form: &[(String, String)]) -> Answer {
    let request = person
        .request(Method::POST, path)
        .header(
            "content-type",
            "application/x-www-form-urlencoded; charset=utf-8",
        )
        .body(encoded(form));
    Answer::read(request.send().await.unwrap()).await
}

/// The program on the database of a test.
struct Command(String);

impl Command {
    fn new(app: &TestApp) -> Self {
        Self(app.database_url.clone())
    }

    async fn run(&self, arguments: &[&str]) -> String {
        let data = tempfile::tempdir().unwrap();
        let run = tokio::process::Command::new(env!("CARGO_BIN_EXE_flashfit"))
            .args(arguments)
            .arg("--data")
            .arg(data.path())
            .args(["--log-level", "error"])
            .env("FLASHFIT_DATABASE__URL", &self.0)
            .output()
            .await
            .unwrap();
        let errors = String::from_utf8_lossy(&run.stderr);
        assert!(run.status.success(), "{errors}");
        String::from_utf8(run.stdout).unwrap()
    }
}
