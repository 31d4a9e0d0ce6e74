//! What is loaded and what is derived: the model pack, and the index against the tables.
use super::{database::DatabaseState, finding::Finding};
use crate::{
    app::{self, App, Settings},
    cli::context::Opened,
};
use anyhow::Context as _;
use std::time::Duration;

/// Building the index of the largest installation takes half of that.
const PATIENCE: Duration = Duration::from_secs(600);

pub(super) async fn pack(settings: &Settings) -> Finding {
    let loaded = app::load_vision(settings).await;
    let said = loaded.map(|vision| {
        format!(
            "{} is as its checksums say, loads and answers",
            vision.pack_id()
        )
    });
    Finding::of("model pack", said)
}

pub(super) async fn index(opened: &Opened, database: &DatabaseState) -> Vec<Finding> {
    const CHECK: &str = "index";
    match database {
        DatabaseState::Away => {
            return vec![Finding::unknown(CHECK, "the database does not answer")];
        }
        DatabaseState::Locked => {
            let why = "not compared while somebody holds the lock of migrations";
            return vec![Finding::unknown(CHECK, why)];
        }
        DatabaseState::Behind => {
            let why = "nothing to compare before the migrations have run";
            return vec![Finding::ok(CHECK, why)];
        }
        DatabaseState::Ahead => {
            let why = "not compared with a database of a newer FlashFit";
            return vec![Finding::unknown(CHECK, why)];
        }
        DatabaseState::Current => {}
    }
    match tokio::time::timeout(PATIENCE, Box::pin(compare(opened))).await {
        Ok(Ok(findings)) => findings,
        Ok(Err(error)) => vec![Finding::of(CHECK, Err(error))],
        Err(_late) => {
            let what = format!("it could not be compared with the tables within {PATIENCE:?}");
            vec![Finding::unknown(CHECK, what).advise("see what the line about locks says")]
        }
    }
}

async fn compare(opened: &Opened) -> anyhow::Result<Vec<Finding>> {
    let app: App = opened.app().await?;
    app.search.start().await?;
    let mut found = vec![];
    if app.search.is_snapshot_damaged() {
        let what = "its file is damaged, and it was built from the tables";
        found.push(
            Finding::warn("index snapshot", what)
                .advise("the next one replaces it; see whether the disk is sound"),
        );
    }
    let differ = app.search.verify().await?;
    let others = app.wardrobe.of_other_packs().await?;
    let (_, stats) = app.search.stats().into_iter().next().context("no space")?;
    found.push(match (differ, others) {
        (0, 0) => Finding::ok(
            "index",
            format!("{} garments, as in the database", stats.vectors),
        ),
        (0, others) => {
            let what = format!(
                "as in the database, but {others} garments are of another pack and found by no search"
            );
            Finding::ok("index", what)
                .advise("flashfit reindex --re-embed, or wait for the server if it does")
        }
        (differ, _) => Finding::fail(
            "index",
            format!("{differ} garments differ from the database"),
        )
        .advise("run flashfit reindex"),
    });
    Ok(found)
}
