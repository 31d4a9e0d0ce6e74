//! Six faults, each done to the program that users run, with services of its own and a real mail server that it writes
//! to. Each is noticed at once, by the alert meant for it alone; there is one mail, and one answer to it after the repair.
//!
//! Needs aiosmtpd for Python, which scripts/test installs. The fault of the full disk needs root, and says so without.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
#![expect(clippy::disallowed_methods, reason = "tests have no supervisor")]
#![expect(
    clippy::print_stdout,
    reason = "how long each took is what a drill is for"
)]
#[path = "../notify/aiosmtpd.rs"]
mod aiosmtpd;
mod disk;
mod drill;
mod healthy;
mod mailbox;
mod models;
mod operator;
mod program;
mod replay;
mod rules;
mod services;
#[path = "../it/support/shuffled_pack.rs"]
mod shuffled_pack;
mod snapshot;

use std::{pin::Pin, sync::Arc};
use tokio::{
    sync::{Mutex, Semaphore},
    task::{JoinSet, LocalSet},
};

/// How many servers may have a fault at the same time: most of what they do is wait.
const AT_ONCE: usize = 4;

/// Held by what must not share the machine.
static ALONE: Mutex<()> = Mutex::const_new(());

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_fault_is_noticed_at_once_and_told_once_by_the_alert_meant_for_it() {
    LocalSet::new().run_until(all_faults()).await;
}

async fn all_faults() {
    let (turns, mut faults) = (Arc::new(Semaphore::new(0)), JoinSet::new());
    let others = turns.clone();
    // Alone: the others would make it slow as well, and keep it so.
    faults.spawn_local(async move {
        let _alone = ALONE.lock().await;
        models::become_ten_times_slower().await;
        others.add_permits(AT_ONCE);
    });
    let mut add = |fault: Pin<Box<dyn Future<Output = ()>>>| {
        let turns = turns.clone();
        faults.spawn_local(async move {
            let _turn = turns.acquire().await.unwrap();
            fault.await;
        });
    };
    add(Box::pin(models::are_replaced_by_shuffled_ones()));
    add(Box::pin(snapshot::is_spoiled()));
    add(Box::pin(disk::fills_up()));
    add(Box::pin(services::postgres_stops()));
    add(Box::pin(services::redis_stops()));
    while let Some(drilled) = faults.join_next().await {
        drilled.unwrap();
    }
}
