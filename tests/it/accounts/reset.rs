//! A forgotten password: what is sent, what it is good for, and what strangers learn.
use super::*;
use crate::{
    mail_server::{MailServer, Taken},
    support::wait_until,
};
use flashfit::{app::Settings, base::metrics, platform::notify::Encryption};

const NEW: &str = "seven green umbrellas";
const HOME: &str = "https://wear.example.org";

/// A server that sends its mail here.
async fn app_with(mails: &MailServer, change: impl FnOnce(&mut Settings)) -> TestApp {
    let port = u16::try_from(mails.port).unwrap();
    TestApp::with(|settings| {
        let notifications = &mut settings.notifications;
        notifications.base_url = HOME.to_owned();
        notifications.mail.host = "127.0.0.1".to_owned();
        notifications.mail.port = port;
        notifications.mail.tls = Encryption::None;
        notifications.mail.from = "FlashFit <wardrobe@example.org>".to_owned();
        change(settings);
    })
    .await
}

/// An address of its own for every test: letters are counted in a Redis that other tests use, too.
fn some_email() -> String {
    format!("ann-{}@example.org", flashfit::base::id::RequestId::new())
}

async fn forgot(app: &TestApp, email: &str) -> Answer {
    let body = json!({ "email": email });
    Caller::stranger(app).post("/api/auth/forgot", body).await
}

async fn reset(app: &TestApp, token: &str, password: &str) -> Answer {
    let body = json!({ "token": token, "password": password });
    Caller::stranger(app).post("/api/auth/reset", body).await
}

/// The secret in a letter.
fn token_of(letter: &Taken) -> String {
    let start = format!("{HOME}/app/reset#token=");
    let (_, rest) = letter.text.split_once(&start).unwrap();
    rest.lines().next().unwrap().to_owned()
}

/// How many ways to new passwords are open.
async fn open_resets(app: &TestApp) -> i64 {
    app.number("select count(*) from password_resets").await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_forgot_their_password_chooses_another_once() {
    let mut mails = MailServer::start(json!({})).await;
    let app = app_with(&mails, |_| ()).await;
    let email = some_email();
    let before = Caller::member(&app, &email).await;
    let robot = before.new_token("robot", &["read"]).await;
    let config = before.get("/api/auth/config").await.expect(200);
    assert_eq!(config["password_reset"], true);

    forgot(&app, &email.to_uppercase()).await.expect(202);
    let letter = mails.taken().await;
    assert_eq!(letter.to, [email.as_str()]);
    assert_eq!(letter.from, "wardrobe@example.org");
    assert_eq!(letter.headers["auto-submitted"], "auto-generated");
    assert_eq!(letter.kind, "text/plain");
    let token = token_of(&letter);
    assert!(!holds_text(&app, &token).await, "only a hash is stored");

    // What is refused does not use the link up.
    reset(&app, &token, "Password2026!")
        .await
        .expect_problem(422, "guessable-password", "");
    reset(&app, &token, NEW).await.expect(204);
    reset(&app, &token, NEW)
        .await
        .expect_problem(422, "reset-unknown", "");
    before
        .get("/api/auth/me")
        .await
        .expect_problem(401, "not-signed-in", "");
    Caller::with_token(&app, &robot["token"])
        .get("/api/auth/me")
        .await
        .expect(200);
    sign_in(&app, &email, PASSWORD)
        .await
        .expect_problem(401, "wrong-credentials", "");
    sign_in(&app, &email, NEW).await.expect(200);

    let told = mails.taken().await;
    assert_eq!(told.to, [email]);
    assert_eq!(
        told.headers["subject"],
        "Your FlashFit password was changed"
    );
    assert!(told.text.contains("from 127.0.0.1"), "{}", told.text);
}

/// Whether this text stands in the table of ways to new passwords.
async fn holds_text(app: &TestApp, text: &str) -> bool {
    let sql = format!(
        "select count(*) from password_resets r where position('{text}' in r::text) > 0
             or position(encode('{text}', 'hex') in r::text) > 0"
    );
    app.number(&sql).await > 0
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_is_closed_by_time_by_a_newer_one_and_by_a_new_password() {
    let mut mails = MailServer::start(json!({})).await;
    let app = app_with(&mails, |_| ()).await;
    let email = some_email();
    let ann = Caller::member(&app, &email).await;
    forgot(&app, &email).await.expect(202);
    let first = token_of(&mails.taken().await);
    forgot(&app, &email).await.expect(202);
    let second = token_of(&mails.taken().await);
    reset(&app, &first, NEW)
        .await
        .expect_problem(422, "reset-unknown", "ask for another");
    let change = json!({ "current_password": PASSWORD, "new_password": NEW });
    ann.post("/api/auth/password", change).await.expect(204);
    assert!(mails.taken().await.text.contains("was changed"));
    reset(&app, &second, "nine yellow raincoats")
        .await
        .expect_problem(422, "reset-unknown", "");
    forgot(&app, &email).await.expect(202);
    let third = token_of(&mails.taken().await);
    app.advance(30 * MINUTE);
    reset(&app, &third, "nine yellow raincoats")
        .await
        .expect_problem(422, "reset-unknown", "");
    app.app.accounts.purge_expired().await.unwrap();
    assert_eq!(open_resets(&app).await, 0);
    sign_in(&app, &email, NEW).await.expect(200);
    for nonsense in ["", "ffr_", "ffs_AAAA", &third.replace("ffr_", "ffs_")] {
        reset(&app, nonsense, NEW)
            .await
            .expect_problem(422, "reset-unknown", "");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_sent_lets_nobody_in() {
    let mut mails = MailServer::start(json!({})).await;
    let app = app_with(&mails, |_| ()).await;
    let email = some_email();
    Caller::member(&app, &email).await;
    forgot(&app, &email).await.expect(202);
    let token = token_of(&mails.taken().await);
    Caller::with_token(&app, &json!(token))
        .get("/api/auth/me")
        .await
        .expect_problem(401, "not-signed-in", "");
}

/// The answer does not wait for the database, let alone the mail server: the time is the same by construction.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_an_account_is_not_told_to_those_who_forgot() {
    let mut mails = MailServer::start(json!({})).await;
    let app = app_with(&mails, |_| ()).await;
    let (ann, nobody) = (some_email(), some_email());
    Caller::member(&app, &ann).await;
    let known = forgot(&app, &ann).await;
    let unknown = forgot(&app, &nobody).await;
    assert_eq!((known.status, unknown.status), (202, 202));
    assert_eq!(known.body, unknown.body);
    let names = |answer: &Answer| -> Vec<String> {
        let mut names: Vec<_> = answer.headers.keys().map(ToString::to_string).collect();
        names.sort();
        names
    };
    assert_eq!(names(&known), names(&unknown));
    assert_eq!(mails.taken().await.to, [ann.as_str()]);
    // With the database away the answer is still the same.
    app.database_is_away(true).await;
    for email in [&ann, &nobody] {
        forgot(&app, email).await.expect(202);
    }
    app.database_is_away(false).await;
    forgot(&app, "no address")
        .await
        .expect_problem(422, "invalid-email", "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_flooded_with_letters() {
    let mut mails = MailServer::start(json!({})).await;
    let app = app_with(&mails, |settings| settings.http.trust_proxy = true).await;
    let (ann, bob) = (some_email(), some_email());
    Caller::member(&app, &ann).await;
    Caller::member(&app, &bob).await;
    // Three an hour; the window may slide on meanwhile, but not by much.
    for _ in 0..6 {
        forgot(&app, &ann).await.expect(202);
    }
    forgot(&app, &bob).await.expect(202);
    let mut to_ann = 0;
    loop {
        let letter = mails.taken().await;
        if letter.to == [bob.as_str()] && no_mail_task(&app).await {
            break;
        }
        to_ann += usize::from(letter.to == [ann.as_str()]);
    }
    assert!((1..=3).contains(&to_ann), "{to_ann} letters");
}

/// Waits until no letter is on its way.
async fn no_mail_task(app: &TestApp) -> bool {
    let tasks = &app.app.tasks;
    wait_until("no letter is on its way", async || {
        !tasks.running().contains(&"mail")
    })
    .await;
    true
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn links_can_be_asked_for_so_often_a_minute() {
    let mails = MailServer::start(json!({})).await;
    let app = app_with(&mails, |settings| settings.http.login_rate_per_minute = 2).await;
    let mut refused = 0;
    for _ in 0..5 {
        let answer = forgot(&app, &some_email()).await;
        refused += u32::from(answer.status == 429);
    }
    assert!(refused > 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_letter_that_the_server_cannot_take_now_is_tried_again() {
    let mut mails = MailServer::start(json!({ "busy_first": 1 })).await;
    let app = app_with(&mails, |_| ()).await;
    let email = some_email();
    Caller::member(&app, &email).await;
    forgot(&app, &email).await.expect(202);
    let letter = mails.taken().await;
    reset(&app, &token_of(&letter), NEW).await.expect(204);
    assert!(flashfit::app::metrics(&app.app).contains(metrics::MAILS));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_mail_server_nothing_is_offered() {
    let app = TestApp::start().await;
    let email = some_email();
    let ann = Caller::member(&app, &email).await;
    let config = ann.get("/api/auth/config").await.expect(200);
    assert_eq!(config["password_reset"], false);
    for email in [email, some_email()] {
        forgot(&app, &email)
            .await
            .expect_problem(403, "no-mail", "ask whoever runs it");
    }
    let change = json!({ "current_password": PASSWORD, "new_password": NEW });
    ann.post("/api/auth/password", change).await.expect(204);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_server_that_makes_no_sense_stops_the_start() {
    let app = TestApp::start().await;
    let mut settings = app.app.settings.clone();
    settings.notifications.mail.host = "mail.example.org".to_owned();
    let vision = app.app.wardrobe.vision().clone();
    let built = flashfit::app::App::build(settings, flashfit::base::clock::Clock::system(), vision);
    let error = built.await.err().unwrap().to_string();
    assert!(error.contains("notifications.mail.from"), "{error}");
}
