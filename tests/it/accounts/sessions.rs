//! Where one is signed in, and how to end that.
use super::*;

const PATH: &str = "/api/auth/sessions";

/// Signs in with a program that says what it is.
async fn sign_in_with(app: &TestApp, user_agent: &str, address: &str) -> Value {
    let body = json!({ "email": "ann@example.org", "password": PASSWORD });
    let request = app.client().post(format!("{}/api/auth/login", app.url));
    let request = request
        .header("user-agent", user_agent)
        .header("x-forwarded-for", address);
    let answer = request.json(&body).send().await.unwrap();
    Answer::read(answer).await.expect(200)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_sees_where_they_are_signed_in() {
    let app = TestApp::with(|settings| settings.http.trust_proxy = true).await;
    let here = Caller::member(&app, "ann@example.org").await;
    let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    let phone = sign_in_with(&app, firefox, "2001:db8:1:2:3::4").await;
    let phone = Caller::with_token(&app, &phone["token"]);
    app.advance(2 * MINUTE);
    phone.get("/api/auth/me").await.expect(200);
    let list = here.get(PATH).await.expect(200);
    let sessions = list["sessions"].as_array().unwrap();
    assert_eq!(sessions.len(), 2);
    // The one that asks comes first, whichever was used last.
    assert_eq!(sessions[0]["is_current"], true);
    assert_eq!(sessions[1]["is_current"], false);
    assert_eq!(sessions[1]["agent"], "Firefox on Linux");
    assert_eq!(sessions[1]["address"], "2001:db8:1:2::/64");
    assert!(sessions[1]["last_used_at"].as_str() > sessions[1]["created_at"].as_str());
    assert!(!list.to_string().contains("ffs_"), "no secret is repeated");
    let seen_there = phone.get(PATH).await.expect(200);
    assert_eq!(seen_there["sessions"][0]["id"], sessions[1]["id"]);
    // What expired is not listed, whether the broom was there or not.
    app.advance(29 * DAY);
    let fresh = sign_in_with(&app, firefox, "192.0.2.7").await;
    app.advance(DAY);
    let fresh = Caller::with_token(&app, &fresh["token"]);
    let list = fresh.get(PATH).await.expect(200);
    assert_eq!(list["sessions"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_is_ended_from_another() {
    let app = TestApp::start().await;
    let here = Caller::member(&app, "ann@example.org").await;
    let bob = Caller::member(&app, "bob@example.org").await;
    let lost = sign_in(&app, "ann@example.org", PASSWORD).await.expect(200);
    let lost = Caller::with_token(&app, &lost["token"]);
    let list = here.get(PATH).await.expect(200);
    let path = format!("{PATH}/{}", list["sessions"][1]["id"].as_str().unwrap());
    let end = async |who: &Caller<'_>| who.send(Method::DELETE, &path, None).await;
    end(&bob).await.expect_problem(404, "session-not-found", "");
    lost.get("/api/auth/me").await.expect(200);
    end(&here).await.expect(204);
    lost.get("/api/auth/me")
        .await
        .expect_problem(401, "not-signed-in", "");
    here.get("/api/auth/me").await.expect(200);
    end(&here)
        .await
        .expect_problem(404, "session-not-found", "");
    // An API token sees none and ends none.
    let robot = here.new_token("robot", &["read", "write"]).await;
    let robot = Caller::with_token(&app, &robot["token"]);
    robot
        .get(PATH)
        .await
        .expect_problem(403, "session-needed", "");
    robot
        .send(Method::DELETE, PATH, None)
        .await
        .expect_problem(403, "session-needed", "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signing_out_everywhere_else_leaves_this_session_and_other_people_alone() {
    let app = TestApp::start().await;
    let here = Caller::member(&app, "ann@example.org").await;
    let bob = Caller::member(&app, "bob@example.org").await;
    let mut others = vec![];
    for _ in 0..3 {
        let session = sign_in(&app, "ann@example.org", PASSWORD).await.expect(200);
        others.push(Caller::with_token(&app, &session["token"]));
    }
    let ended = here.send(Method::DELETE, PATH, None).await.expect(200);
    assert_eq!(ended, json!({ "ended": 3 }));
    for other in &others {
        other
            .get("/api/auth/me")
            .await
            .expect_problem(401, "not-signed-in", "");
    }
    here.get("/api/auth/me").await.expect(200);
    bob.get("/api/auth/me").await.expect(200);
}
