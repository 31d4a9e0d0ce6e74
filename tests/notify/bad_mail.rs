//! Mail servers that hang, break and babble: a clear line each, in time, and another attempt makes sense.
use crate::{
    alerts::{expect_failure, receiver},
    script::{Script, Scripted},
};
use flashfit::platform::notify::{Problem, Receiver};
use futures_util::future::join_all;
use std::net::TcpListener;

fn mailer(port: u16, tls: &str) -> Receiver {
    receiver(&format!(
        "kind = 'smtp'\nhost = '127.0.0.1'\nport = {port}\ntls = '{tls}'\ntimeout = '1s'\n\
         from = 'a@example.org'\nto = ['b@example.org']"
    ))
}

const READY: &str = "220 mail.test ready\r\n";
const HELLO: &str = "250-mail.test\r\n250 STARTTLS\r\n";
const OK: &str = "250 OK\r\n";
const GO_ON: &str = "354 go on\r\n";

async fn expect_another_attempt(script: Script, tls: &str, words: &[&str]) -> Problem {
    let server = Scripted::start(script).await;
    let error = expect_failure(&mailer(server.port, tls), words).await;
    assert!(!error.is_final(), "{error}");
    error.problem
}

/// How the connection is to be encrypted, what the server says before it hangs, and what is going on then.
const HANGING: [(&str, &[&str], &str); 9] = [
    ("none", &[], "after connecting"),
    ("none", &[READY], "after connecting"),
    ("implicit", &[], "while encrypting"),
    ("starttls", &[READY, HELLO], "while encrypting"),
    (
        "starttls",
        &[READY, HELLO, "220 go\r\n"],
        "while encrypting",
    ),
    ("none", &[READY, HELLO], "while naming the sender"),
    ("none", &[READY, HELLO, OK], "while naming a recipient"),
    ("none", &[READY, HELLO, OK, OK], "while announcing the mail"),
    (
        "none",
        &[READY, HELLO, OK, OK, GO_ON],
        "while taking the mail",
    ),
];

#[tokio::test]
async fn a_server_that_hangs_is_left_after_a_while() {
    // Together: each takes as long as the setting says.
    let all = HANGING.map(async |(tls, lines, step)| {
        let words = ["nothing for 1s", step];
        let problem = expect_another_attempt(Script::Hang(lines), tls, &words).await;
        assert!(matches!(problem, Problem::Silent { .. }), "{problem:?}");
    });
    join_all(all).await;
}

const BREAKING: [(&[&str], &str); 3] = [
    (&[], "after connecting"),
    (&[READY, HELLO], "while naming the sender"),
    (&[READY, HELLO, OK, OK, GO_ON], "while taking the mail"),
];

#[tokio::test]
async fn a_server_that_hangs_up_is_tried_again() {
    for (lines, step) in BREAKING {
        let words = [step, "broke", "sent again"];
        let problem = expect_another_attempt(Script::HangUp(lines), "none", &words).await;
        assert!(matches!(problem, Problem::Broken { .. }), "{problem:?}");
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named() {
    let port = {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        free.local_addr().unwrap().port()
    };
    let error = expect_failure(&mailer(port, "none"), &["no connection", "refused"]).await;
    assert!(matches!(error.problem, Problem::Unreachable(_)));
    let nowhere = receiver(
        "kind = 'smtp'\nhost = 'mail.invalid'\ntimeout = '5s'\nfrom = 'a@example.org'\nto = ['b@example.org']",
    );
    assert_eq!(nowhere.place(), "mail.invalid:587");
    let error = expect_failure(&nowhere, &[]).await;
    assert!(!error.is_final());
}

#[tokio::test]
async fn a_server_that_is_none_is_found_out() {
    let web = Script::HangUp(&["HTTP/1.1 400 Bad Request\r\n\r\n"]);
    let problem = expect_another_attempt(web, "none", &["not understood"]).await;
    assert!(matches!(problem, Problem::Odd(_)), "{problem:?}");
    let plain = Script::HangUp(&[READY]);
    expect_another_attempt(plain, "implicit", &["while encrypting"]).await;
    let refusing = Script::HangUp(&["554 go away\r\n"]);
    let server = Scripted::start(refusing).await;
    expect_failure(&mailer(server.port, "none"), &["554", "go away"]).await;
}

#[tokio::test]
async fn a_server_that_never_ends_a_line_cannot_fill_the_memory() {
    let endless: &'static str = Box::leak("x".repeat(64 * 1024).into_boxed_str());
    let server = Scripted::start(Script::Flood("220 ", endless)).await;
    let slow = receiver(&format!(
        "kind = 'smtp'\nhost = '127.0.0.1'\nport = {}\ntls = 'none'\ntimeout = '50s'\n\
         from = 'a@example.org'\nto = ['b@example.org']",
        server.port
    ));
    expect_failure(&slow, &["more than any mail server says"]).await;
}
