//! What the pool does with connections whose work was dropped half-way.
use crate::support::{TestApp, wait_until};
use diesel::result::Error;
use diesel_async::{AsyncConnection as _, RunQueryDsl as _};
use tokio::sync::Notify;

#[tokio::test(flavor = "multi_thread")]
async fn work_that_is_dropped_half_way_leaves_no_lock() {
    let app = TestApp::start().await;
    let has_begun = Notify::new();
    let work = async {
        let mut conn = app.app.db.get().await.unwrap();
        let taken = conn.transaction(async |conn| {
            diesel::sql_query("select pg_advisory_xact_lock(4711)")
                .execute(conn)
                .await?;
            has_begun.notify_one();
            std::future::pending::<Result<(), Error>>().await
        });
        taken.await.unwrap();
    };
    let locks = "select count(*) from pg_locks where locktype = 'advisory' and objid = 4711";
    let mut work = Box::pin(work);
    tokio::select! {
        () = &mut work => unreachable!("it waits for ever"),
        () = has_begun.notified() => {}
    }
    assert_eq!(app.number(locks).await, 1);
    drop(work);
    wait_until("the lock is gone", async || app.number(locks).await == 0).await;
}
