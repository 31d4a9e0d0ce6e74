//! Webhooks: what a program hears, and what becomes of bad ones.
use crate::{
    alerts::{MINUTE_MS, NOON_MS, expect_failure, firing, message, receiver, resolved, send},
    script::{Script, Scripted},
    sink::{Answer, Sink},
    tls::{Authority, Shows},
};
use flashfit::platform::notify::{Problem, Receiver};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value as Json, json};
use sha2::Sha256;
use std::time::Duration;

fn hook(url: &str, more: &str) -> Receiver {
    receiver(&format!(
        "kind = 'webhook'\nurl = '{url}/alerts/t0ken'\n{more}"
    ))
}

#[tokio::test]
async fn a_program_hears_what_alertmanager_would_tell_it() {
    let sink = Sink::that(Answer::Status(200, ""));
    let hook = hook(&sink.url, "authorization = 'Bearer t0ken'");
    let group = message(
        vec![firing("RedisDown", "a"), resolved(firing("RedisDown", "b"))],
        4,
    );
    send(&hook, &group).await.unwrap();
    let heard = sink.heard().remove(0);
    assert_eq!(heard.path, "/alerts/t0ken");
    assert_eq!(heard.headers["content-type"], "application/json");
    assert_eq!(heard.headers["authorization"], "Bearer t0ken");
    assert!(!heard.headers.contains_key("x-flashfit-signature"));
    let annotations = json!({
        "summary": "Redis is away",
        "description": "Look-ups are slower; nothing is lost.",
        "runbook_url": "https://wear.example.org/runbook#redis",
    });
    let alert = |instance: &str, status: &str, ends: &str, fingerprint: String| {
        json!({
            "status": status,
            "labels": {"alertname": "RedisDown", "severity": "critical", "instance": instance},
            "annotations": annotations,
            "startsAt": "2026-11-24T12:00:00.000Z",
            "endsAt": ends,
            "generatorURL": "https://wear.example.org/app/alerts",
            "fingerprint": fingerprint,
        })
    };
    let expected = json!({
        "version": "4",
        "groupKey": "{}:{alertname=\"RedisDown\"}",
        "truncatedAlerts": 0,
        "status": "firing",
        "receiver": "one",
        "groupLabels": {"alertname": "RedisDown"},
        "commonLabels": {"alertname": "RedisDown", "severity": "critical"},
        "commonAnnotations": annotations,
        "externalURL": "https://wear.example.org",
        "alerts": [
            alert("a", "firing", "0001-01-01T00:00:00Z", group.alerts[0].fingerprint()),
            alert("b", "resolved", "2026-11-24T12:10:00.000Z", group.alerts[1].fingerprint()),
        ],
    });
    let body: Json = serde_json::from_slice(&heard.body).unwrap();
    assert_eq!(body, expected);
}

#[tokio::test]
async fn what_is_too_much_is_left_out_and_counted() {
    let sink = Sink::that(Answer::Status(204, ""));
    let hook = hook(&sink.url, "max_alerts = 1");
    let both = message(vec![firing("A", "a"), firing("B", "b")], 0);
    send(&hook, &both).await.unwrap();
    let body: Json = serde_json::from_slice(&sink.heard()[0].body).unwrap();
    assert_eq!(body["truncatedAlerts"], 1);
    assert_eq!(body["alerts"].as_array().unwrap().len(), 1);
    assert_eq!(body["commonLabels"], json!({"severity": "critical"}));
}

#[tokio::test]
async fn a_request_is_signed() {
    let sink = Sink::that(Answer::Status(200, ""));
    let hook = hook(&sink.url, "secret = 'hunter2'");
    send(&hook, &message(vec![firing("RedisDown", "ä")], 0))
        .await
        .unwrap();
    let heard = sink.heard().remove(0);
    let timestamp = &heard.headers["x-flashfit-timestamp"];
    assert_eq!(*timestamp, ((NOON_MS + 4 * MINUTE_MS) / 1000).to_string());
    let signature = heard.headers["x-flashfit-signature"]
        .strip_prefix("v1=")
        .unwrap();
    let bytes: Vec<u8> = (0..signature.len() / 2)
        .map(|i| u8::from_str_radix(signature.get(2 * i..2 * i + 2).unwrap(), 16).unwrap())
        .collect();
    let mut mac = Hmac::<Sha256>::new_from_slice(b"hunter2").unwrap();
    mac.update(timestamp.as_bytes());
    mac.update(b".");
    mac.update(&heard.body);
    mac.verify_slice(&bytes).unwrap();
}

#[tokio::test]
async fn the_check_in_the_documentation_works() {
    let sink = Sink::that(Answer::Status(200, ""));
    send(
        &hook(&sink.url, "secret = 'hunter2'"),
        &message(vec![firing("A", "ü")], 0),
    )
    .await
    .unwrap();
    let heard = sink.heard().remove(0);
    let document = include_str!("../../docs/notifications.md");
    let check = document
        .split("```python\n")
        .nth(1)
        .unwrap()
        .split("```")
        .next()
        .unwrap();
    let program = format!(
        "import sys\n{check}\nbody = sys.stdin.buffer.read()\n\
         good = is_ours(b'hunter2', sys.argv[1], sys.argv[2], body, now=int(sys.argv[1]) + 10)\n\
         late = is_ours(b'hunter2', sys.argv[1], sys.argv[2], body, now=int(sys.argv[1]) + 3600)\n\
         other = is_ours(b'hunter3', sys.argv[1], sys.argv[2], body, now=int(sys.argv[1]))\n\
         print(good, late, other)"
    );
    let mut child = std::process::Command::new("python3")
        .args(["-c", &program])
        .args([
            &heard.headers["x-flashfit-timestamp"],
            &heard.headers["x-flashfit-signature"],
        ])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), &heard.body).unwrap();
    let said = child.wait_with_output().unwrap().stdout;
    assert_eq!(String::from_utf8(said).unwrap().trim(), "True False False");
}

#[tokio::test]
async fn every_answer_is_understood() {
    for (status, is_final, words) in [
        (400, true, ["400", "refuses the message"]),
        (413, true, ["413", "refuses the message"]),
        (422, true, ["no such field", "see its log"]),
        (
            401,
            false,
            ["401", "check username and password, or authorization"],
        ),
        (403, false, ["403", "does not let FlashFit in"]),
        (404, false, ["404", "check url"]),
        (429, false, ["429", "will be sent again"]),
        (500, false, ["500", "will be sent again"]),
        (503, false, ["503", "no such field"]),
    ] {
        let sink = Sink::that(Answer::Status(
            status,
            "no such field at /alerts/t0ken, nor t0ken\nsecond line",
        ));
        let hook = hook(&sink.url, "authorization = 'Bearer t0ken'");
        assert!(!hook.place().contains("t0ken"));
        let error = expect_failure(&hook, &words).await;
        assert_eq!(error.is_final(), is_final, "{error}");
        let said = error.to_string();
        assert!(
            !said.contains("t0ken") && !said.contains("second"),
            "{said}"
        );
        assert!(!format!("{hook:?}").contains("Bearer"), "{hook:?}");
        assert_eq!(sink.heard().len(), 1, "one attempt is one request");
    }
}

#[tokio::test]
async fn a_server_may_say_when_to_come_back() {
    for (says, waits) in [("7", Some(7)), ("999999", Some(3600)), ("soon", None)] {
        let sink = Sink::that(Answer::Later(says));
        let error = expect_failure(&hook(&sink.url, ""), &["503"]).await;
        assert_eq!(error.asked_to_wait(), waits.map(Duration::from_secs));
    }
}

#[tokio::test]
async fn nobody_is_led_elsewhere() {
    for to in [
        "http://127.0.0.1:9/",
        "http://169.254.169.254/latest",
        "http://10.0.0.1/",
    ] {
        let sink = Sink::that(Answer::Redirect(to));
        let error = expect_failure(&hook(&sink.url, ""), &["307", "not followed", "url"]).await;
        assert_eq!(error.problem, Problem::Redirected(307));
        assert_eq!(sink.heard().len(), 1);
    }
    // Not to itself either.
    let target = Sink::that(Answer::Status(200, ""));
    let to: &'static str = Box::leak(target.url.clone().into_boxed_str());
    let sink = Sink::that(Answer::Redirect(to));
    expect_failure(&hook(&sink.url, ""), &["not followed"]).await;
    assert!(target.heard().is_empty());
}

#[tokio::test]
async fn an_answer_that_never_ends_is_left() {
    let sink = Sink::that(Answer::Endless(200));
    let said_yes = hook(&sink.url, "timeout = '30s'");
    send(&said_yes, &message(vec![firing("A", "a")], 0))
        .await
        .unwrap();
    let sink = Sink::that(Answer::Endless(500));
    let said_no = hook(&sink.url, "timeout = '30s'");
    let error = expect_failure(&said_no, &["500", "xxx…"]).await;
    assert!(!error.is_final());
    let head: &'static str = Box::leak("X-Header: x\r\n".repeat(4096).into_boxed_str());
    let server = Scripted::start(Script::Flood("HTTP/1.1 200 OK\r\n", head)).await;
    let url = format!("http://127.0.0.1:{}", server.port);
    let error = expect_failure(&hook(&url, "timeout = '30s'"), &["broke"]).await;
    assert!(!error.is_final());
}

#[tokio::test]
async fn a_program_that_hangs_is_left_after_a_while() {
    let sink = Sink::that(Answer::Never);
    let error = expect_failure(
        &hook(&sink.url, "timeout = '200ms'"),
        &["nothing for 200ms"],
    )
    .await;
    assert!(!error.is_final());
    let mute = Scripted::start(Script::Hang(&[])).await;
    let url = format!("http://127.0.0.1:{}", mute.port);
    expect_failure(&hook(&url, "timeout = '200ms'"), &["nothing for 200ms"]).await;
    let cut = Scripted::start(Script::HangUp(&[])).await;
    let url = format!("http://127.0.0.1:{}", cut.port);
    let error = expect_failure(&hook(&url, ""), &["broke"]).await;
    assert!(matches!(error.problem, Problem::Broken { .. }), "{error:?}");
}

#[tokio::test]
async fn https_needs_a_certificate_that_is_right() {
    let sink = Sink::that(Answer::Status(200, ""));
    let authority = Authority::new();
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join("own.pem");
    fs_err::write(&own, authority.pem()).unwrap();
    let believing = format!("ca_file = '{}'", own.display());
    let group = message(vec![firing("A", "a")], 0);
    let server = authority.guard(&sink.url, Shows::Right).await;
    send(&hook(&server.url, &believing), &group).await.unwrap();
    expect_failure(&hook(&server.url, ""), &["not trusted", "ca_file"]).await;
    for (shows, word) in [
        (Shows::AnothersName, "models.example.org"),
        (Shows::Expired, "expired"),
    ] {
        let server = authority.guard(&sink.url, shows).await;
        expect_failure(&hook(&server.url, &believing), &["not trusted", word]).await;
    }
    assert_eq!(sink.heard().len(), 1);
}

#[tokio::test]
async fn an_address_may_be_secret() {
    let sink = Sink::that(Answer::Status(500, "POST /alerts/t0ken failed"));
    let error = expect_failure(&hook(&sink.url, ""), &["POST *** failed"]).await;
    assert!(!error.to_string().contains("t0ken"), "{error}");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named() {
    let error = expect_failure(&hook("http://127.0.0.1:9", ""), &["no connection"]).await;
    assert!(!error.to_string().contains("t0ken"), "{error}");
    let error = expect_failure(&hook("http://u:t0ken@hook.invalid", ""), &[]).await;
    assert!(!error.to_string().contains("t0ken"), "{error}");
}
