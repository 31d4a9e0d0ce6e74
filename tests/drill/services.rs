//! Redis and Postgres stop. They stand still rather than end, since one that ends is started again at once.
use crate::{
    drill::{Drill, NOT_TRIED},
    program::signal,
};
use chrono::Utc;
use rustix::process::Signal;

pub(crate) async fn redis_stops() {
    let drill = Drill::begin("RedisDown", &[NOT_TRIED]).await;
    let fault_at = Utc::now();
    signal(&drill.place.processes("redis-server"), Signal::STOP);
    drill.told().await;
    let noticed = drill
        .noticed(fault_at, "redis_up[5m]", |up| up == 0.0)
        .await;
    signal(&drill.place.processes("redis-server"), Signal::CONT);
    drill.expect_end(&noticed).await;
    drill.end().await;
}

pub(crate) async fn postgres_stops() {
    let drill = Drill::begin("PostgresDown", &[NOT_TRIED]).await;
    let fault_at = Utc::now();
    // The parent first, so that it has no more children.
    signal(&drill.place.processes("postgres"), Signal::STOP);
    signal(&drill.place.processes("postgres"), Signal::STOP);
    drill.told().await;
    signal(&drill.place.processes("postgres"), Signal::CONT);
    let answers = async || {
        drill
            .operator
            .fired()
            .await
            .is_some_and(|fired| !fired.is_empty())
    };
    drill.wait("history", answers).await;
    let noticed = drill.noticed(fault_at, "db_up[5m]", |up| up == 0.0).await;
    drill.expect_end(&noticed).await;
    drill.end().await;
}
