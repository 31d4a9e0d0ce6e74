//! A real Alertmanager, told of alerts and asked what it knows.
use crate::{
    alerts::{MINUTE_MS, PATIENCE, expect_failure, firing, message, receiver, resolved, site},
    sink::{Answer, Sink},
};
use flashfit::{
    base::clock::Clock,
    engines::alerting::{Alert, State},
    platform::notify::{Problem, Receiver},
};
use serde_json::{Value as Json, json};
use std::{
    collections::BTreeMap,
    net::TcpListener,
    process::Stdio,
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tokio::process::{Child, Command};

const MISSING: &str = "this test needs an Alertmanager, which could not be run: `apt-get install \
     prometheus-alertmanager`, or let scripts/test install it";

/// Ends with the test.
struct Running {
    url: String,
    client: reqwest::Client,
    _child: Child,
    _folder: TempDir,
}

impl Running {
    /// One that passes what it hears on to a webhook.
    async fn start(hook: &str) -> Self {
        flashfit::platform::tls::use_ring();
        for _ in 0..3 {
            let folder = tempfile::tempdir().unwrap();
            let settings = format!(
                "route: {{receiver: hook, group_by: [alertname], group_wait: 10ms, group_interval: 50ms}}\n\
                 receivers: [{{name: hook, webhook_configs: [{{url: '{hook}'}}]}}]\n"
            );
            fs_err::write(folder.path().join("alertmanager.yml"), settings).unwrap();
            let free = TcpListener::bind("127.0.0.1:0").unwrap();
            let address = free.local_addr().unwrap().to_string();
            drop(free);
            let child = Command::new("prometheus-alertmanager")
                .current_dir(folder.path())
                .arg("--config.file=alertmanager.yml")
                .arg("--storage.path=data")
                .arg(format!("--web.listen-address={address}"))
                // No cluster: it would look for a private address of this machine.
                .arg("--cluster.listen-address=")
                .arg("--log.level=error")
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .kill_on_drop(true)
                .spawn()
                .unwrap_or_else(|e| panic!("{MISSING} ({e})"));
            let mut running = Self {
                url: format!("http://{address}"),
                client: reqwest::Client::new(),
                _child: child,
                _folder: folder,
            };
            if running.is_ready().await {
                return running;
            }
        }
        panic!("Alertmanager did not start");
    }

    /// False if it ended instead, as it does if somebody else took its port.
    async fn is_ready(&mut self) -> bool {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE && self._child.try_wait().unwrap().is_none() {
            let ready = self
                .client
                .get(format!("{}/-/ready", self.url))
                .send()
                .await;
            if ready.is_ok_and(|answer| answer.status().is_success()) {
                return self._child.try_wait().unwrap().is_none();
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        false
    }

    /// What it knows, by the label `instance`.
    async fn alerts(&self) -> BTreeMap<String, Json> {
        let asked = self
            .client
            .get(format!("{}/api/v2/alerts", self.url))
            .send();
        let all: Vec<Json> = asked.await.unwrap().json().await.unwrap();
        let named = |one: Json| (one["labels"]["instance"].as_str().unwrap().to_owned(), one);
        all.into_iter().map(named).collect()
    }
}

/// The next alert that the webhook hears of, with its state.
async fn passed_on(sink: &Sink, instance: &str, status: &str) -> Json {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        for heard in sink.heard() {
            let body: Json = serde_json::from_slice(&heard.body).unwrap();
            let alerts = body["alerts"].as_array().unwrap().clone();
            let wanted = alerts
                .into_iter()
                .find(|one| one["labels"]["instance"] == instance && one["status"] == status);
            if let Some(found) = wanted {
                return found;
            }
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("Alertmanager did not pass {instance} on as {status}");
}

fn told(url: &str, more: &str) -> Receiver {
    receiver(&format!("kind = 'alertmanager'\nurl = '{url}/'\n{more}"))
}

/// It fired a minute ago: Alertmanager looks at the clock.
fn fresh(mut alert: Alert) -> Alert {
    let now_ms = Clock::system().now().timestamp_millis();
    alert.active_at_ms = now_ms - 2 * MINUTE_MS;
    alert.fired_at_ms = Some(now_ms - MINUTE_MS);
    if alert.state == State::Resolved {
        alert.resolved_at_ms = Some(now_ms - 1000);
    }
    alert
}

#[tokio::test]
async fn alertmanager_shows_what_it_is_told_and_passes_it_on() {
    let sink = Sink::that(Answer::Status(200, ""));
    let running = Running::start(&sink.url).await;
    let receiver = told(&running.url, "hold = '7m'");
    assert_eq!(receiver.tell_again_within(), Some(Duration::from_secs(210)));
    let (one, two) = (
        fresh(firing("RedisDown", "größe")),
        fresh(firing("RedisDown", "b")),
    );
    let now = Clock::system().now();
    let group = message(vec![one.clone(), two.clone()], 0);
    receiver.send(&group, &site(), now).await.unwrap();
    let known = running.alerts().await;
    assert_eq!(known.len(), 2);
    for alert in [&one, &two] {
        let shown = &known[alert.labels.get("instance")];
        assert_eq!(shown["status"]["state"], "active");
        assert_eq!(shown["fingerprint"], alert.fingerprint());
        assert_eq!(shown["annotations"]["summary"], "Redis is away");
        assert_eq!(shown["labels"]["severity"], "critical");
        assert_eq!(shown["generatorURL"], "https://wear.example.org/app/alerts");
        let ends = shown["endsAt"].as_str().unwrap();
        let ends = chrono::DateTime::parse_from_rfc3339(ends).unwrap();
        assert_eq!(ends.timestamp_millis() - now.timestamp_millis(), 420_000);
    }
    let passed = passed_on(&sink, "größe", "firing").await;
    assert_eq!(passed["fingerprint"], one.fingerprint());
    // Over: it shows no longer, and is passed on as over.
    let over = message(vec![fresh(resolved(one.clone())), two], 10);
    receiver
        .send(&over, &site(), Clock::system().now())
        .await
        .unwrap();
    let passed = passed_on(&sink, "größe", "resolved").await;
    assert_eq!(passed["fingerprint"], one.fingerprint());
    assert_eq!(Vec::from_iter(running.alerts().await.into_keys()), ["b"]);
}

/// The webhook that Alertmanager calls is what ours is measured by.
#[tokio::test]
async fn our_webhook_has_the_shape_of_alertmanagers() {
    let (theirs, ours) = (
        Sink::that(Answer::Status(200, "")),
        Sink::that(Answer::Status(200, "")),
    );
    let running = Running::start(&theirs.url).await;
    let group = message(vec![fresh(firing("RedisDown", "a"))], 0);
    let now = Clock::system().now();
    told(&running.url, "")
        .send(&group, &site(), now)
        .await
        .unwrap();
    let hook = receiver(&format!("kind = 'webhook'\nurl = '{}'", ours.url));
    hook.send(&group, &site(), now).await.unwrap();
    let begun = Instant::now();
    let theirs = loop {
        if let Some(heard) = theirs.heard().pop() {
            break heard;
        }
        assert!(begun.elapsed() < PATIENCE, "Alertmanager called nobody");
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    let mut theirs: Json = serde_json::from_slice(&theirs.body).unwrap();
    let mut ours: Json = serde_json::from_slice(&ours.heard()[0].body).unwrap();
    for body in [&mut theirs, &mut ours] {
        // What differs by right: its own name for itself, for its route and for the receiver, and a form of time.
        for key in ["receiver", "groupKey", "externalURL"] {
            assert!(body[key].is_string(), "{key}");
            body[key] = json!("");
        }
        let starts = body["alerts"][0]["startsAt"].as_str().unwrap();
        let starts = chrono::DateTime::parse_from_rfc3339(starts).unwrap();
        body["alerts"][0]["startsAt"] = json!(starts.timestamp_millis());
    }
    assert_eq!(ours, theirs);
}

#[tokio::test]
async fn what_alertmanager_refuses_is_refused_for_good() {
    let sink = Sink::that(Answer::Status(200, ""));
    let running = Running::start(&sink.url).await;
    let mut nameless = message(vec![fresh(firing("RedisDown", "a"))], 0);
    nameless.alerts[0].labels = flashfit::engines::promql::Labels::empty();
    let error = told(&running.url, "")
        .send(&nameless, &site(), Clock::system().now())
        .await;
    let error = error.unwrap_err();
    assert!(error.is_final(), "{error}");
    assert!(error.to_string().contains("400"), "{error}");
    let elsewhere = told(&format!("{}/elsewhere", running.url), "");
    let error = expect_failure(&elsewhere, &["404", "check url"]).await;
    assert_eq!(error.problem, Problem::Missing(404));
}
