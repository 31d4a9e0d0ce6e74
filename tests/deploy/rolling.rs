//! Three servers are restarted one after the other under load, and nobody notices.
use crate::{
    client::Person,
    fleet::{COUNT, Fleet},
    ledger::Ledger,
    pictures::Pictures,
};
use futures_util::future::join_all;
use serde_json::json;
use std::{
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

/// Enough that no address asks as often as nginx takes for a flood.
const PEOPLE: u8 = 8;
/// For so long it is measured how much the servers can do.
const SATURATION: Duration = Duration::from_secs(3);
/// One request of so many is an upload.
const UPLOAD_EVERY: usize = 30;

/// Requests that were answered, and what was wrong with the others.
#[derive(Default)]
struct Tally {
    answered: AtomicUsize,
    failures: Mutex<Vec<String>>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rolling_restart_under_load_fails_no_request() {
    let mut fleet = Fleet::start().await;
    let pictures = Pictures::draw();
    let people = fleet.dressed(PEOPLE, &pictures).await;
    let most = saturating_rate(&people, &pictures).await;
    let pause = Duration::from_secs_f64(2.0 / most);

    let (tally, is_over) = (Tally::default(), AtomicBool::new(false));
    let load = paced(&people, &pictures, pause, &tally, &is_over);
    let restarts = async {
        for which in 0..COUNT {
            fleet.restart(which).await;
        }
        is_over.store(true, Ordering::Relaxed);
    };
    tokio::join!(load, restarts);
    let failures = tally.failures.into_inner().unwrap();
    let answered = tally.answered.into_inner();
    assert!(
        failures.is_empty(),
        "{} of {answered}: {failures:#?}",
        failures.len()
    );
    assert!(answered > 100, "{answered} of {most:.0} a second");
}

/// Requests a second when everybody asks again as soon as there is an answer.
async fn saturating_rate(people: &[(Person, Ledger)], pictures: &Pictures) -> f64 {
    let tally = Tally::default();
    let begin = Instant::now();
    let crowd = people.iter().map(async |(person, ledger)| {
        for number in 0.. {
            if begin.elapsed() > SATURATION {
                return;
            }
            request(person, ledger, pictures, number, &tally).await;
        }
    });
    join_all(crowd).await;
    let failures = tally.failures.into_inner().unwrap();
    assert!(failures.is_empty(), "{failures:#?}");
    tally.answered.into_inner() as f64 / begin.elapsed().as_secs_f64()
}

/// Requests at a steady pace, whether or not those before were answered.
async fn paced(
    people: &[(Person, Ledger)],
    pictures: &Pictures,
    pause: Duration,
    tally: &Tally,
    is_over: &AtomicBool,
) {
    // Everybody at the same pace, one after the other.
    let of_one = pause * people.len() as u32;
    let crowd = people
        .iter()
        .zip(0..)
        .map(async |((person, ledger), turn)| {
            let mut beat =
                tokio::time::interval_at(tokio::time::Instant::now() + pause * turn, of_one);
            let mut running = futures_util::stream::FuturesUnordered::new();
            for number in 0.. {
                if is_over.load(Ordering::Relaxed) {
                    break;
                }
                loop {
                    tokio::select! {
                        _ = beat.tick() => break,
                        Some(()) = futures_util::StreamExt::next(&mut running) => {}
                    }
                }
                running.push(request(person, ledger, pictures, number, tally));
            }
            while futures_util::StreamExt::next(&mut running).await.is_some() {}
        });
    join_all(crowd).await;
}

/// One of the requests that people make most.
async fn request(
    person: &Person,
    ledger: &Ledger,
    pictures: &Pictures,
    number: usize,
    tally: &Tally,
) {
    let (what, answer, expected) = match number % UPLOAD_EVERY {
        0 => {
            let photos = ledger.photos_to_send(1);
            let photos = photos.iter().map(|n| pictures.jpeg(*n)).collect();
            ("upload", person.upload(photos).await, 202)
        }
        n if n % 3 == 0 => {
            let ask = json!({ "count": 3, "occasion": "casual" });
            ("ask", person.post("/api/recommend", &ask).await, 200)
        }
        n if n % 3 == 1 => ("list", person.read_from("/api/wardrobe").await, 200),
        _ => ("taste", person.read_from("/api/taste").await, 200),
    };
    match answer {
        Ok((status, _)) if status == expected => {
            tally.answered.fetch_add(1, Ordering::Relaxed);
        }
        Ok((status, answer)) => fail(tally, what, format!("{status}: {answer:#}")),
        Err(cut_off) => fail(tally, what, format!("{cut_off:?}")),
    }
}

fn fail(tally: &Tally, what: &str, why: String) {
    tally
        .failures
        .lock()
        .unwrap()
        .push(format!("{what}: {why}"));
}
