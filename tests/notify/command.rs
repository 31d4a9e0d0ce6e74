//! `flashfit alerts test` from outside.
use crate::{
    alerts::PATIENCE,
    mail_server::MailServer,
    script::{Script, Scripted},
    sink::{Answer, Sink},
};
use serde_json::{Value as Json, json};
use std::process::Output;
use tempfile::TempDir;
use tokio::process::Command;

/// Runs it with this configuration and no other; what it printed, and what it complained of.
async fn run(receiver: &str, settings: &str, variables: &[(&str, &str)]) -> (Output, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("own.toml");
    fs_err::write(&file, settings).unwrap();
    let running = Command::new(env!("CARGO_BIN_EXE_flashfit"))
        .args(["alerts", "test", receiver, "--config"])
        .arg(&file)
        .env_clear()
        .envs(variables.iter().copied())
        .current_dir(folder.path())
        .kill_on_drop(true)
        .output();
    let ended = tokio::time::timeout(PATIENCE, running).await;
    (ended.unwrap().unwrap(), folder)
}

fn complaint(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
    let said = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(said.lines().count(), 1, "{said}");
    said
}

#[tokio::test]
async fn a_test_message_arrives_and_says_so() {
    let mut server = MailServer::start(json!({"user": "alerts", "password": "0123"})).await;
    let settings = format!(
        "[notifications]\nbase_url = 'https://wear.example.org'\n[notifications.receivers.mail]\nkind = 'smtp'\n\
         host = '127.0.0.1'\nport = {}\ntls = 'none'\nfrom = 'a@example.org'\nto = ['b@example.org']\n\
         username = 'alerts'",
        server.port
    );
    let password = "FLASHFIT_NOTIFICATIONS__RECEIVERS__MAIL__PASSWORD";
    let (output, _folder) = run("mail", &settings, &[(password, "\"0123\"")]).await;
    let said = String::from_utf8(output.stdout).unwrap();
    let expected = format!(
        "receiver mail (127.0.0.1:{}): the test message was taken\n",
        server.port
    );
    assert_eq!(said, expected);
    let mail = server.taken().await;
    assert_eq!(mail.headers["subject"], "[FIRING:1] FlashFitTest");
    assert!(mail.text.contains("https://wear.example.org/app/alerts"));
    let (output, _folder) = run("mail", &settings, &[(password, "0123")]).await;
    let said = complaint(&output);
    assert!(
        said.contains("in quotes") && !said.contains("123:"),
        "{said}"
    );
    assert!(!said.replace("'\"0123\"'", "").contains("123"), "{said}");
}

#[tokio::test]
async fn a_webhook_and_its_secret_file() {
    let sink = Sink::that(Answer::Status(200, ""));
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("secret");
    fs_err::write(&secret, "hunter2\n").unwrap();
    let settings = format!(
        "[notifications.receivers.hook]\nkind = 'webhook'\nurl = '{}'\nsecret_file = '{}'",
        sink.url,
        secret.display()
    );
    let (output, _folder) = run("hook", &settings, &[]).await;
    assert!(output.status.success(), "{output:?}");
    let heard = sink.heard().remove(0);
    assert!(heard.headers.contains_key("x-flashfit-signature"));
    let body: Json = serde_json::from_slice(&heard.body).unwrap();
    assert_eq!(body["commonLabels"]["test"], "true");
}

#[tokio::test]
async fn what_is_wrong_is_one_line() {
    let hanging = Scripted::start(Script::Hang(&[])).await;
    let mail = |more: &str| {
        format!(
            "[notifications.receivers.mail]\nkind = 'smtp'\nhost = '127.0.0.1'\nport = {}\ntimeout = '200ms'\n\
             tls = 'none'\nfrom = 'a@example.org'\nto = ['b@example.org']\n{more}",
            hanging.port
        )
    };
    let key = "notifications.receivers.mail";
    for (settings, words) in [
        (
            String::new(),
            vec!["no receiver \"mail\"", "[notifications.receivers]"],
        ),
        (
            mail("").replace("receivers.mail", "receivers.post"),
            vec!["there are: post"],
        ),
        (
            mail(""),
            vec!["receiver mail (127.0.0.1", "nothing for 200ms"],
        ),
        (mail("pasword = 'hunter2'"), vec!["pasword"]),
        (
            mail("password = 'hunter2'"),
            vec![key, "username", "nobody to sign in"],
        ),
        (
            mail("username = 'a'\npassword_file = '/nowhere'"),
            vec![key, "password", "/nowhere"],
        ),
        (
            mail("").replace("b@example.org", "b.example.org"),
            vec![key, "to:", "b.example.org"],
        ),
        (
            mail("").replace("'none'", "'starttls'\nca_file = '/nowhere'"),
            vec![key, "ca_file", "/nowhere"],
        ),
        (
            "[notifications.receivers.mail]\nkind = 'webhook'\nurl = 'ftp://u:hunter2@h'"
                .to_owned(),
            vec![key, "url", "http://"],
        ),
        (
            format!("[notifications]\nbase_url = 'wear'\n{}", mail("")),
            vec!["notifications.base_url"],
        ),
    ] {
        let (output, _folder) = run("mail", &settings, &[]).await;
        let said = complaint(&output);
        for word in words {
            assert!(said.contains(word), "{said:?} says nothing of {word:?}");
        }
        assert!(!said.contains("hunter2"), "{said}");
    }
}
