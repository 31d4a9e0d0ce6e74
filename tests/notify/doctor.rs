//! `flashfit doctor` as far as it is about receivers: a mail server is greeted and signed in at, and sent nothing.
use crate::{
    alerts::PATIENCE,
    mail_server::{MailServer, Papers},
    sink::{Answer, Sink},
    tls::Shows,
};
use serde_json::json;
use tokio::process::Command;

/// What the doctor says of the receiver `post`.
async fn said(settings: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("own.toml");
    let database = "database.url = 'host=127.0.0.1 port=1 user=u'\n";
    fs_err::write(&file, format!("{database}{settings}")).unwrap();
    let running = Command::new(env!("CARGO_BIN_EXE_flashfit"))
        .args(["doctor", "--config"])
        .arg(&file)
        .env_clear()
        .current_dir(folder.path())
        .kill_on_drop(true)
        .output();
    let ended = tokio::time::timeout(PATIENCE, running)
        .await
        .unwrap()
        .unwrap();
    let text = String::from_utf8(ended.stdout).unwrap();
    assert!(
        !text.contains("pässwörd") && !text.contains("b@example.org"),
        "{text}"
    );
    let line = text.lines().find(|line| line.contains(" receiver post: "));
    line.unwrap_or_else(|| panic!("{text}")).to_owned()
}

fn mail(papers: &Papers, port: u64, password: &str) -> String {
    format!(
        "[notifications.receivers.post]\nkind = 'smtp'\nhost = '127.0.0.1'\nport = {port}\nca_file = '{}'\n\
         from = 'a@example.org'\nto = ['b@example.org']\nusername = 'alerts'\npassword = '{password}'\n",
        papers.path("authority.pem")
    )
}

#[tokio::test]
async fn a_mail_server_is_greeted_and_signed_in_at_and_gets_no_mail() {
    let papers = Papers::showing(Shows::Right);
    let user =
        json!({"user": "alerts", "password": "pässwörd", "strict": true, "auth_needs_tls": true});
    let mut server = MailServer::start(papers.server(user)).await;
    let line = said(&mail(&papers, server.port, "pässwörd")).await;
    let place = format!("127.0.0.1:{}", server.port);
    let expected = format!("ok    receiver post: {place} answers, encrypted, and lets FlashFit in");
    assert_eq!(line, expected);
    let line = said(&mail(&papers, server.port, "another")).await;
    assert!(
        line.starts_with("FAIL  receiver post: ") && line.contains("does not let FlashFit in"),
        "{line}"
    );
    let line = said(&mail(
        &Papers::showing(Shows::Right),
        server.port,
        "pässwörd",
    ))
    .await;
    assert!(
        line.contains("set ca_file to that authority's certificate"),
        "{line}"
    );
    let (port, papers_of) = (server.port, &papers);
    // Whatever it took would be the next thing it says.
    let nothing = tokio::time::timeout(std::time::Duration::from_millis(200), server.taken());
    assert!(nothing.await.is_err(), "no mail was sent");
    drop(server);
    let line = said(&mail(papers_of, port, "pässwörd")).await;
    assert!(
        line.contains("Connection refused") && line.contains("flashfit alerts test post"),
        "{line}"
    );
}

#[tokio::test]
async fn a_hook_is_connected_to_and_asked_for_nothing() {
    let sink = Sink::that(Answer::Status(200, ""));
    let hook =
        |url: &str| format!("[notifications.receivers.post]\nkind = 'webhook'\nurl = '{url}'\n");
    let line = said(&hook(&sink.url)).await;
    assert!(
        line.starts_with("ok    receiver post: ") && line.ends_with("takes connections"),
        "{line}"
    );
    assert!(sink.heard().is_empty());
    let line = said(&hook("http://127.0.0.1:1/secret-path")).await;
    assert!(
        line.starts_with("FAIL  receiver post: ") && !line.contains("secret-path"),
        "{line}"
    );
}
