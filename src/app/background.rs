//! Every periodic task: which, and how often.
use super::{App, collect::Collector, model_sessions, watch};
use std::time::Duration;

/// How often the broom goes round.
const SWEEP: Duration = Duration::from_secs(3600);

/// How often the shared prior and the groups of like taste are looked at.
const RENEW: Duration = Duration::from_secs(3600);

/// The names of what is started again when it fails.
pub(super) const NAMES: [&str; 12] = [
    "alerts",
    "alert-delivery",
    "recognise",
    "index",
    "prior",
    "backup",
    "sweep",
    "collect",
    "self-test",
    "sample",
    "health",
    "history",
];

/// Starts what runs beside the requests.
pub(super) fn start(app: &App) {
    alerts(app);
    collect(app);
    self_test(app);
    backups(app);
    watch::start(app);
    let this = app.clone();
    app.tasks.spawn("re-embed", async move {
        if let Err(error) = follow_pack(&this).await {
            let error = format!("{error:#}");
            tracing::error!(
                error,
                "run flashfit reindex --re-embed: garments of other packs were not queued"
            );
        }
    });
    for _ in 0..model_sessions(&app.settings.models) {
        let (wardrobe, stop) = (app.wardrobe.clone(), app.tasks.stopping());
        app.tasks.supervise("recognise", move || {
            let (wardrobe, stop) = (wardrobe.clone(), stop.clone());
            async move { wardrobe.work(stop).await }
        });
    }
    let (search, stop) = (app.search.clone(), app.tasks.stopping());
    app.tasks.supervise("index", move || {
        let (search, stop) = (search.clone(), stop.clone());
        async move { search.follow(stop).await }
    });
    let (recommend, stop) = (app.recommend.clone(), app.tasks.stopping());
    app.tasks.supervise("prior", move || {
        let (recommend, stop) = (recommend.clone(), stop.clone());
        async move {
            loop {
                recommend.renew_prior().await?;
                recommend.renew_crowds().await?;
                tokio::select! {
                    () = stop.cancelled() => return Ok(()),
                    () = tokio::time::sleep(RENEW) => {}
                }
            }
        }
    });
    let (this, stop) = (app.clone(), app.tasks.stopping());
    app.tasks.supervise("sweep", move || {
        let (app, stop) = (this.clone(), stop.clone());
        async move {
            loop {
                sweep(&app).await?;
                tokio::select! {
                    () = stop.cancelled() => return Ok(()),
                    () = tokio::time::sleep(SWEEP) => {}
                }
            }
        }
    });
}

/// Collects what the metrics say of other programs and of the tables.
fn collect(app: &App) {
    let (this, stop) = (app.clone(), app.tasks.stopping());
    app.tasks.supervise("collect", move || {
        let (mut collector, stop) = (Collector::new(&this), stop.clone());
        let settled = this.settled.clone();
        async move {
            loop {
                let beat = async {
                    Box::pin(collector.beat()).await;
                    settled.note_collected();
                    tokio::time::sleep(collector.pause()).await;
                };
                tokio::select! {
                    () = stop.cancelled() => return Ok(()),
                    () = beat => {}
                }
            }
        }
    });
}

/// Tries the models at the start and now and then.
fn self_test(app: &App) {
    let interval = app.settings.models.self_test_interval;
    if interval.is_zero() {
        app.settled.note_tried();
        return;
    }
    let (this, stop) = (app.clone(), app.tasks.stopping());
    app.tasks.supervise("self-test", move || {
        let (wardrobe, settled, stop) = (this.wardrobe.clone(), this.settled.clone(), stop.clone());
        async move {
            loop {
                tokio::select! {
                    () = stop.cancelled() => return Ok(()),
                    tried = wardrobe.self_test() => { tried?; }
                }
                settled.note_tried();
                tokio::select! {
                    () = stop.cancelled() => return Ok(()),
                    () = tokio::time::sleep(interval) => {}
                }
            }
        }
    });
}

/// Evaluates alerts, and serves each receiver by itself.
fn alerts(app: &App) {
    let (this, stop) = (app.clone(), app.tasks.stopping());
    app.tasks.supervise("alerts", move || {
        let (app, stop) = (this.clone(), stop.clone());
        async move {
            app.settle(&stop).await?;
            app.alerts.evaluate(stop).await
        }
    });
    deliveries(app);
}

/// Serves the receivers that nobody serves yet.
pub(super) fn deliveries(app: &App) {
    for receiver in app.alerts.unserved() {
        let (alerts, stop) = (app.alerts.clone(), app.tasks.stopping());
        app.tasks.supervise("alert-delivery", move || {
            let (alerts, receiver, stop) = (alerts.clone(), receiver.clone(), stop.clone());
            async move { alerts.deliver(receiver, stop).await }
        });
    }
}

/// Makes backups by the clock.
fn backups(app: &App) {
    let Some(backups) = app.backups.clone() else {
        return;
    };
    let stop = app.tasks.stopping();
    app.tasks.supervise("backup", move || {
        let (backups, stop) = (backups.clone(), stop.clone());
        async move { backups.keep(stop).await }
    });
}

/// Has garments that another pack recognised looked at again, or says what to do.
async fn follow_pack(app: &App) -> anyhow::Result<()> {
    let garments = app.wardrobe.of_other_packs().await?;
    if garments == 0 {
        return Ok(());
    }
    let pack = app.wardrobe.vision().pack_id();
    if app.settings.models.re_embed {
        app.wardrobe.reembed().await?;
        tracing::info!(
            garments,
            pack,
            "garments that another pack recognised are looked at again; searches find each when it is done"
        );
    } else {
        tracing::warn!(
            garments,
            pack,
            "no search finds garments that another pack recognised: run flashfit reindex --re-embed"
        );
    }
    Ok(())
}

/// Removes what nobody needs any more. Several instances may do it at once: each step is one statement.
async fn sweep(app: &App) -> anyhow::Result<()> {
    let garments = app.wardrobe.purge().await?;
    app.accounts.purge_expired().await?;
    app.alerts.purge().await?;
    app.search.forget_removed().await?;
    app.monitoring.prune().await?;
    crate::platform::db::changes::prune(&mut *app.db.get().await?).await?;
    if garments > 0 {
        tracing::info!(garments, "deleted garments were removed for good");
    }
    Ok(())
}
