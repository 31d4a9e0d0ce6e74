//! Mails as a real server takes them, read by another language's parser.
use crate::{
    alerts::{MINUTE_MS, NOON_MS, at, expect_failure, firing, message, receiver, resolved, send},
    mail_server::{MailServer, Papers},
    tls::Shows,
};
use flashfit::{
    engines::promql::Labels,
    platform::notify::{Problem, Receiver, Site, trial},
};
use serde_json::json;

/// Writes to two people, with more settings.
fn mailer(port: u64, more: &str) -> Receiver {
    receiver(&format!(
        "kind = 'smtp'\nhost = '127.0.0.1'\nport = {port}\nfrom = 'FlashFit Ärger <alerts@example.org>'\n\
         to = ['ops@example.org', 'Zoë <zoe@example.net>']\n{more}"
    ))
}

fn signing_in(papers: &Papers, tls: &str, password: &str) -> String {
    format!(
        "tls = '{tls}'\nca_file = '{}'\nusername = 'alerts'\npassword = '{password}'",
        papers.path("authority.pem")
    )
}

#[tokio::test]
async fn a_mail_tells_all_there_is_to_know() {
    let mut server = MailServer::start(json!({})).await;
    let mailer = mailer(server.port, "tls = 'none'");
    let mut wild = firing("RedisDown", "größe=<b>\"1\" & 'x'</b>");
    wild.annotations = Labels::new([
        ("summary", "Redis ist überlastet <script>alert(1)</script>"),
        ("description", "Zeile eins\nZeile zwei: 5 > 3 & 2 < 4"),
        ("runbook_url", "javascript:alert(1)"),
    ]);
    let down = firing("RedisDown", "c");
    let both = message(vec![resolved(firing("RedisDown", "b")), wild, down], 0);
    send(&mailer, &both).await.unwrap();
    let mail = server.taken().await;
    assert_eq!(mail.from, "alerts@example.org");
    assert_eq!(mail.to, ["ops@example.org", "zoe@example.net"]);
    assert_eq!(mail.kind, "multipart/alternative");
    assert_eq!(mail.parts, ["text/plain", "text/html"]);
    assert_eq!(mail.defects, [""; 0]);
    assert!(mail.is_ascii && !mail.encrypted);
    let header = |name: &str| mail.headers[name].as_str();
    assert_eq!(header("subject"), "[FIRING:2] RedisDown");
    assert_eq!(header("from"), "FlashFit Ärger <alerts@example.org>");
    assert_eq!(header("to"), "ops@example.org, Zoë <zoe@example.net>");
    assert_eq!(header("date"), "Tue, 24 Nov 2026 12:04:00 +0000");
    assert_eq!(header("auto-submitted"), "auto-generated");
    assert!(!mail.headers.contains_key("references"));
    let firing = "FIRING: RedisDown (critical)\n  Redis ist überlastet <script>alert(1)</script>\n  Zeile eins\n  \
                  Zeile zwei: 5 > 3 & 2 < 4\n  Since:  24 Nov 2026, 12:00 UTC (4 min)\n  Value:  0.9524\n";
    assert!(
        mail.text
            .starts_with("2 alerts are firing, 1 is resolved\n\nFIRING"),
        "{}",
        mail.text
    );
    assert!(mail.text.contains(firing), "{}", mail.text);
    let over = "Ended:      24 Nov 2026, 12:10 UTC\n  Lasted:     10 min\n  Last value: 0.9524\n  Labels:     instance=\"b\"\n\n";
    assert!(mail.text.contains(over), "{}", mail.text);
    assert!(
        mail.text
            .contains("All alerts: https://wear.example.org/app/alerts\n")
    );
    for words in [
        "Redis ist überlastet &lt;script&gt;alert(1)&lt;/script&gt;",
        "Zeile zwei: 5 &gt; 3 &amp; 2 &lt; 4",
        "größe=&lt;b&gt;&quot;1&quot; &amp; 'x'&lt;/b&gt;",
        "href=\"https://wear.example.org/app/alerts\"",
        "href=\"https://wear.example.org/runbook#redis\"",
    ] {
        assert!(mail.html.contains(words), "{words} in {}", mail.html);
    }
    for words in ["<script", "<b>", "javascript:"] {
        assert!(!mail.html.contains(words), "{words}");
    }
}

#[tokio::test]
async fn later_mails_answer_the_first() {
    let mut server = MailServer::start(json!({})).await;
    let mailer = mailer(server.port, "tls = 'none'");
    let redis = || firing("RedisDown", "a");
    let told = [
        message(vec![redis()], 0),
        message(vec![redis(), firing("RedisSlow", "a")], 5),
        message(vec![resolved(redis())], 10),
    ];
    let mut mails = vec![];
    for one in &told {
        send(&mailer, one).await.unwrap();
        mails.push(server.taken().await.headers);
    }
    let first = mails[0]["message-id"].clone();
    assert!(first.ends_with("@example.org>"), "{first}");
    assert!(!mails[0].contains_key("in-reply-to"));
    for mail in &mails[1..] {
        assert_eq!(
            (&mail["in-reply-to"], &mail["references"]),
            (&first, &first)
        );
        assert_ne!(mail["message-id"], first);
    }
    assert_ne!(mails[1]["message-id"], mails[2]["message-id"]);
    assert_eq!(mails[1]["subject"], "[FIRING:2] RedisDown, RedisSlow");
    assert_eq!(mails[2]["subject"], "[RESOLVED] RedisDown");
    // Another attempt at the same message is the same mail, whenever it is made.
    let later = at(NOON_MS + 60 * MINUTE_MS);
    mailer
        .send(&told[1], &Site::default(), later)
        .await
        .unwrap();
    let again = server.taken().await;
    assert_eq!(again.headers["message-id"], mails[1]["message-id"]);
    assert!(
        !again.text.contains("http://127"),
        "no links without an address"
    );
    // What fires another time is another matter.
    let mut anew = message(vec![redis()], 90);
    anew.opened_at_ms = anew.made_at_ms;
    send(&mailer, &anew).await.unwrap();
    let anew = server.taken().await.headers;
    assert_ne!(anew["message-id"], first);
    assert!(!anew.contains_key("references"));
}

#[tokio::test]
async fn both_kinds_of_encryption_and_signing_in() {
    let papers = Papers::showing(Shows::Right);
    let user = json!({"user": "alerts", "password": "pässwörd"});
    for (tls, more) in [
        ("implicit", json!({"implicit": true})),
        ("starttls", json!({"strict": true, "auth_needs_tls": true})),
        ("optional", json!({"without": ["PLAIN"]})),
    ] {
        let mut wanted = papers.server(more);
        wanted
            .as_object_mut()
            .unwrap()
            .extend(user.as_object().unwrap().clone());
        let mut server = MailServer::start(wanted).await;
        let mailer = mailer(server.port, &signing_in(&papers, tls, "pässwörd"));
        send(&mailer, &trial("one", at(NOON_MS))).await.unwrap();
        let mail = server.taken().await;
        assert!(mail.encrypted, "{tls}");
        assert_eq!(mail.user.as_deref(), Some("alerts"), "{tls}");
        assert_eq!(mail.headers["subject"], "[FIRING:1] FlashFitTest");
        assert!(mail.text.contains("This is a test"));
    }
}

#[tokio::test]
async fn a_wrong_password_is_said_and_not_repeated() {
    let papers = Papers::showing(Shows::Right);
    let wanted = papers.server(json!({"implicit": true, "user": "alerts", "password": "right"}));
    let server = MailServer::start(wanted).await;
    let mailer = mailer(server.port, &signing_in(&papers, "implicit", "hunter2"));
    let error = expect_failure(&mailer, &["535", "check username and password"]).await;
    assert!(!error.is_final(), "the operator can put it right");
    assert!(!error.to_string().contains("hunter2"));
    assert!(!format!("{error:?} {mailer:?}").contains("hunter2"));
}

#[tokio::test]
async fn a_password_is_not_sent_in_the_clear() {
    let papers = Papers::showing(Shows::Right);
    let server = MailServer::start(json!({"user": "alerts", "password": "hunter2"})).await;
    for (tls, word) in [
        ("starttls", "no STARTTLS"),
        ("optional", "not sent without"),
    ] {
        let mailer = mailer(server.port, &signing_in(&papers, tls, "hunter2"));
        expect_failure(&mailer, &[word]).await;
    }
}

#[tokio::test]
async fn a_certificate_that_is_not_right_is_named() {
    for (shows, word) in [
        (Shows::AnothersName, "models.example.org"),
        (Shows::Expired, "expired"),
        (Shows::Right, "ca_file"),
    ] {
        let papers = Papers::showing(shows);
        for (tls, is_implicit) in [("implicit", true), ("starttls", false)] {
            let server = MailServer::start(papers.server(json!({"implicit": is_implicit}))).await;
            let mut more = format!("tls = '{tls}'");
            if !matches!(shows, Shows::Right) {
                more += &format!("\nca_file = '{}'", papers.path("authority.pem"));
            }
            let mailer = mailer(server.port, &more);
            let error = expect_failure(&mailer, &["not trusted", word]).await;
            assert!(!error.is_final());
        }
    }
}

#[tokio::test]
async fn who_is_refused_is_told_and_the_others_get_the_mail() {
    let mut server = MailServer::start(json!({
        "refused": {"zoe@example.net": "550 5.1.1 zoe@example.net is unknown here"},
    }))
    .await;
    let one = mailer(server.port, "tls = 'none'");
    let error = expect_failure(&one, &["recipients 2 of the 2", "550"]).await;
    assert!(error.is_final());
    assert!(!error.to_string().contains("zoe"), "{error}");
    assert_eq!(server.taken().await.to, ["ops@example.org"]);
    let greylisted = "450 4.7.1 greylisted, try again";
    let server = MailServer::start(json!({
        "refused": {"zoe@example.net": "550 unknown", "ops@example.org": greylisted},
    }))
    .await;
    let error = expect_failure(&mailer(server.port, "tls = 'none'"), &["greylisted"]).await;
    assert!(!error.is_final(), "one of them may be taken later");
}

#[tokio::test]
async fn a_server_may_refuse_for_good_or_for_now() {
    for (answer, is_final) in [
        ("554 5.7.1 looks like spam", true),
        ("451 4.3.0 the disk is full", false),
        ("421 closing down", false),
    ] {
        let server = MailServer::start(json!({"answer": answer})).await;
        let mailer = mailer(server.port, "tls = 'none'");
        let error = expect_failure(&mailer, &[answer.split_once(' ').unwrap().0]).await;
        assert_eq!(error.is_final(), is_final, "{error}");
    }
    let server = MailServer::start(json!({"hang_up": true})).await;
    let mailer = mailer(server.port, "tls = 'none'");
    let error = expect_failure(&mailer, &["while taking the mail", "sent again"]).await;
    assert!(matches!(error.problem, Problem::Broken { .. }), "{error:?}");
}
