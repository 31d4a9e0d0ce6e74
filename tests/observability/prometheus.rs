//! Debian's Prometheus as a child of the test, with the configuration that is shipped.
use crate::{program::PATIENCE, shipped};
use serde_json::Value;
use std::{net::TcpListener, process::Stdio, time::Instant};
use tempfile::TempDir;
use tokio::process::{Child, Command};

const MISSING: &str = "this test asks Prometheus, which could not be run: `apt-get install prometheus`, \
     or let scripts/test install it";

/// Ends with the test.
pub(crate) struct Prometheus {
    client: reqwest::Client,
    url: String,
    _child: Child,
    _folder: TempDir,
}

impl Prometheus {
    /// Scrapes this server each second.
    pub(crate) async fn start(server: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let rules = |name: &str| shipped::path(name).display().to_string();
        let written = shipped::text("config/prometheus/prometheus.yml");
        let mut config = written.clone();
        for (shipped, here) in [
            ("127.0.0.1:8080", server),
            (
                "- ../alerts.yml",
                &format!("- {}", rules("config/alerts.yml")),
            ),
            (
                "- down.yml",
                &format!("- {}", rules("config/prometheus/down.yml")),
            ),
            ("_interval: 15s", "_interval: 1s"),
        ] {
            assert!(written.contains(shipped), "{shipped}");
            config = config.replace(shipped, here);
        }
        fs_err::write(folder.path().join("prometheus.yml"), config).unwrap();
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap();
        drop(free);
        let child = Command::new("prometheus")
            .current_dir(folder.path())
            .args([
                "--config.file=prometheus.yml",
                "--storage.tsdb.path=data",
                "--log.level=error",
            ])
            .arg(format!("--web.listen-address={address}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|e| panic!("{MISSING} ({e})"));
        let this = Self {
            client: reqwest::Client::new(),
            url: format!("http://{address}"),
            _child: child,
            _folder: folder,
        };
        let begun = Instant::now();
        while !this.is_ready().await {
            assert!(begun.elapsed() < PATIENCE, "Prometheus did not start");
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        this
    }

    async fn is_ready(&self) -> bool {
        let answer = self
            .client
            .get(format!("{}/-/ready", self.url))
            .send()
            .await;
        answer.is_ok_and(|answer| answer.status().is_success())
    }

    /// The series that an expression gives now.
    pub(crate) async fn query(&self, expression: &str) -> Result<Vec<Value>, String> {
        let place = format!("{}/api/v1/query", self.url);
        let place = reqwest::Url::parse_with_params(&place, [("query", expression)]).unwrap();
        let json: Value = self
            .client
            .get(place)
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        match json["data"]["result"].as_array() {
            Some(series) => Ok(series.clone()),
            None => Err(json["error"].to_string()),
        }
    }

    /// Every rule as Prometheus sees it.
    pub(crate) async fn rules(&self) -> Vec<Value> {
        let request = self.client.get(format!("{}/api/v1/rules", self.url));
        let json: Value = request.send().await.unwrap().json().await.unwrap();
        let groups = json["data"]["groups"].as_array().unwrap().iter();
        let rules = groups.flat_map(|group| group["rules"].as_array().unwrap());
        rules.cloned().collect()
    }
}
