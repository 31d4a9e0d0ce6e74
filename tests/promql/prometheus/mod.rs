//! Prometheus as a child of the test, with the samples of the corpus.
use std::{
    net::TcpListener,
    process::Stdio,
    time::{Duration, Instant},
};

use flashfit::engines::promql::{Labels, Sample, Series, Span};
use serde_json::Value as Json;
use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::compare::Answer;

mod remote_write;

const PATIENCE: Duration = Duration::from_secs(15);
const ATTEMPTS: usize = 3;
const MISSING: &str = "this test compares with Prometheus, which could not be run: `apt-get install prometheus`, \
     or let scripts/test install it";

/// Ends with the test.
pub(crate) struct Prometheus {
    client: reqwest::Client,
    address: String,
    child: Child,
    _folder: TempDir,
}

impl Prometheus {
    /// Starts it and tells it these samples.
    pub(crate) async fn start(series: &[Series]) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        for _ in 0..ATTEMPTS {
            let mut prometheus = Self::spawn();
            if prometheus.is_ready().await {
                prometheus.write(series).await;
                return prometheus;
            }
        }
        panic!("Prometheus did not start");
    }

    fn spawn() -> Self {
        let folder = TempDir::new().unwrap();
        std::fs::write(folder.path().join("prometheus.yml"), "").unwrap();
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let child = Command::new("prometheus")
            .current_dir(folder.path())
            .arg("--config.file=prometheus.yml")
            .arg("--storage.tsdb.path=data")
            .arg(format!("--web.listen-address=127.0.0.1:{port}"))
            .arg("--web.enable-remote-write-receiver")
            // Otherwise samples of more than an hour are too old to be taken at once.
            .arg("--storage.tsdb.min-block-duration=1d")
            .arg("--storage.tsdb.max-block-duration=1d")
            .arg("--log.level=error")
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|e| panic!("{MISSING} ({e})"));
        Self {
            client: reqwest::Client::new(),
            address: format!("http://127.0.0.1:{port}"),
            child,
            _folder: folder,
        }
    }

    /// False if it ended instead, as it does if somebody else took its port.
    async fn is_ready(&mut self) -> bool {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE && self.child.try_wait().unwrap().is_none() {
            let answer = self
                .client
                .get(format!("{}/-/ready", self.address))
                .send()
                .await;
            if answer.is_ok_and(|a| a.status().is_success()) {
                return self.child.try_wait().unwrap().is_none();
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        false
    }

    async fn write(&self, series: &[Series]) {
        let request = self.client.post(format!("{}/api/v1/write", self.address));
        let answer = request
            .header("content-encoding", "snappy")
            .header("content-type", "application/x-protobuf")
            .body(remote_write::request(series))
            .send()
            .await
            .unwrap();
        let status = answer.status();
        assert!(
            status.is_success(),
            "{status}: {}",
            answer.text().await.unwrap()
        );
    }

    pub(crate) async fn at(&self, text: &str, time_ms: i64) -> Answer {
        self.ask("query", &[("query", text), ("time", &seconds(time_ms))])
            .await
    }

    pub(crate) async fn over(&self, text: &str, span: Span) -> Answer {
        let form = [
            ("query", text),
            ("start", &seconds(span.start_ms)),
            ("end", &seconds(span.end_ms)),
            ("step", &seconds(span.step_ms)),
        ];
        self.ask("query_range", &form).await
    }

    async fn ask(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        let encoded = form
            .iter()
            .map(|(name, value)| format!("{name}={}", percent(value)));
        let answer = self
            .client
            .post(format!("{}/api/v1/{path}", self.address))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(encoded.collect::<Vec<_>>().join("&"))
            .send()
            .await
            .unwrap();
        let json: Json = answer.json().await.unwrap();
        if json["status"] != "success" {
            return Answer::Error(json["error"].as_str().unwrap().to_owned());
        }
        let result = &json["data"]["result"];
        let all = || result.as_array().unwrap().iter();
        match json["data"]["resultType"].as_str().unwrap() {
            "scalar" => Answer::Scalar(sample(result).value),
            "string" => Answer::Vector(vec![]),
            "vector" => Answer::Vector(
                all()
                    .map(|s| (labels(s), sample(&s["value"]).value))
                    .collect(),
            ),
            "matrix" => Answer::Matrix(
                all()
                    .map(|s| Series {
                        labels: labels(s),
                        samples: s["values"].as_array().unwrap().iter().map(sample).collect(),
                    })
                    .collect(),
            ),
            other => panic!("a result of type {other}"),
        }
    }
}

fn labels(series: &Json) -> Labels {
    let metric = series["metric"].as_object().unwrap();
    Labels::new(
        metric
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str().unwrap())),
    )
}

fn sample(pair: &Json) -> Sample {
    Sample {
        at_ms: (pair[0].as_f64().unwrap() * 1000.0).round() as i64,
        value: match pair[1].as_str().unwrap() {
            "+Inf" => f64::INFINITY,
            "-Inf" => f64::NEG_INFINITY,
            number => number.parse().unwrap(),
        },
    }
}

fn seconds(ms: i64) -> String {
    format!("{}.{:03}", ms / 1000, ms % 1000)
}

fn percent(text: &str) -> String {
    text.bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect()
}
