//! `Idempotency-Key`: the same request twice is done once.
use crate::support::TestApp;
use actix_web::{HttpResponse, ResponseError as _, body, http::StatusCode};
use flashfit::{
    base::{clock::Clock, id::UserId},
    platform::http::{
        Problem,
        idempotency::{Attempt, IdempotencyKey, once},
    },
};
use std::{
    cell::Cell,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

/// Someone with a database, and a clock of their own.
struct Fixture {
    app: TestApp,
    owner: UserId,
    clock: Clock,
    second: Arc<AtomicI64>,
    runs: Cell<u32>,
}

impl Fixture {
    async fn start() -> Self {
        let app = TestApp::start().await;
        let owner = UserId::new();
        app.sql(&format!(
            "insert into users values ('{owner}', 'a@b', 'a', '$argon2id$', 'member', now())"
        ))
        .await;
        // Not in the past: the server beside it throws away what is over by its own clock.
        let second = Arc::new(AtomicI64::new(chrono::Utc::now().timestamp()));
        let hand = second.clone();
        let clock = Clock::from_fn(move || {
            chrono::DateTime::from_timestamp(hand.load(Ordering::Relaxed), 123_456_789).unwrap()
        });
        Self {
            app,
            owner,
            clock,
            second,
            runs: Cell::new(0),
        }
    }

    fn attempt(&self, request: u8) -> Attempt {
        Attempt {
            owner: self.owner,
            route: "/api/things",
            key: IdempotencyKey::parse("key"),
            request_hash: [request; 32],
        }
    }

    async fn create(&self, request: u8) -> Result<HttpResponse, Problem> {
        let work = async {
            self.runs.set(self.runs.get() + 1);
            Ok(HttpResponse::Created().json(self.runs.get()))
        };
        once(&self.app.app.db, &self.clock, self.attempt(request), work).await
    }

    fn pass(&self, seconds: i64) {
        self.second.fetch_add(seconds, Ordering::Relaxed);
    }
}

async fn text(response: HttpResponse) -> (u16, bool, String) {
    let is_replay = response.headers().contains_key("idempotency-replayed");
    let status = response.status().as_u16();
    let bytes = body::to_bytes(response.into_body()).await.unwrap();
    (
        status,
        is_replay,
        String::from_utf8(bytes.to_vec()).unwrap(),
    )
}

fn kind(outcome: Result<HttpResponse, Problem>) -> (StatusCode, String) {
    let problem = outcome.unwrap_err();
    (problem.status_code(), problem.body().kind)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repeat_gets_the_first_answer() {
    let me = Fixture::start().await;
    let first = text(me.create(1).await.unwrap()).await;
    assert_eq!(first, (201, false, "1".to_owned()));
    let again = text(me.create(1).await.unwrap()).await;
    assert_eq!(again, (201, true, "1".to_owned()));
    me.pass(24 * 60 * 60);
    let next_day = text(me.create(1).await.unwrap()).await;
    assert_eq!(next_day, (201, false, "2".to_owned()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_means_one_request() {
    let me = Fixture::start().await;
    me.create(1).await.unwrap();
    let (status, kind) = kind(me.create(2).await);
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(kind, "/problems/idempotency-key-reused");
    let elsewhere = Attempt {
        route: "/api/others",
        ..me.attempt(2)
    };
    let work = async { Ok(HttpResponse::Ok().finish()) };
    let answer = once(&me.app.app.db, &me.clock, elsewhere, work).await;
    assert_eq!(text(answer.unwrap()).await, (200, false, String::new()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_first_is_at_it_the_second_is_told_to_wait() {
    let me = Fixture::start().await;
    let work = async {
        let meanwhile = me.create(1).await.unwrap_err();
        let response = meanwhile.error_response();
        assert!(response.headers().contains_key("retry-after"));
        assert_eq!(meanwhile.body().kind, "/problems/idempotency-in-progress");
        Ok(HttpResponse::Created().json("first"))
    };
    let answer = once(&me.app.app.db, &me.clock, me.attempt(1), work).await;
    assert_eq!(answer.unwrap().status(), StatusCode::CREATED);
    assert_eq!(me.runs.get(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_claim_of_the_dead_runs_out_and_they_do_not_speak_again() {
    let me = Fixture::start().await;
    let work = async {
        me.pass(59);
        let (status, _) = kind(me.create(1).await);
        assert_eq!(status, StatusCode::CONFLICT);
        me.pass(1);
        me.create(1).await.unwrap();
        Ok(HttpResponse::Created().json("late"))
    };
    once(&me.app.app.db, &me.clock, me.attempt(1), work)
        .await
        .unwrap();
    let kept = text(me.create(1).await.unwrap()).await;
    assert_eq!(kept, (201, true, "1".to_owned()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn failed_work_leaves_the_key_free() {
    let me = Fixture::start().await;
    for problem in [
        Problem::internal(anyhow::anyhow!("planted")),
        Problem::client(StatusCode::UNPROCESSABLE_ENTITY, "planted", "planted"),
    ] {
        let work = async { Err(problem) };
        let outcome = once(&me.app.app.db, &me.clock, me.attempt(1), work).await;
        assert!(outcome.is_err());
    }
    let answer = text(me.create(2).await.unwrap()).await;
    assert_eq!(answer, (201, false, "1".to_owned()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_key_everything_is_done() {
    let me = Fixture::start().await;
    for _ in 0..2 {
        let attempt = Attempt {
            key: None,
            ..me.attempt(1)
        };
        let work = async {
            me.runs.set(me.runs.get() + 1);
            Ok(HttpResponse::Ok().finish())
        };
        once(&me.app.app.db, &me.clock, attempt, work)
            .await
            .unwrap();
    }
    assert_eq!(me.runs.get(), 2);
}
