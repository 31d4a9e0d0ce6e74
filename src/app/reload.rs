//! Reads the settings again while the server runs, and puts in force what can be changed then: all of it, or nothing.
use super::{
    App, Settings, background, certificate,
    sources::{Loaded, Sources},
};
use crate::{
    features::alerts::Outside,
    platform::{tasks, telemetry::AUDIT},
};
use anyhow::Context as _;
use std::{mem, sync::Mutex, sync::PoisonError};

/// Keys of `[alerts]` that are read once.
const FIXED_ALERTS: [&str; 2] = ["alerts.interval", "alerts.history_keep"];

/// Reads the settings again when it is told to.
pub struct Reloader {
    app: App,
    sources: Sources,
    /// As the server was started.
    started: Loaded,
    /// As they were read last.
    last: Mutex<Loaded>,
}

impl Reloader {
    /// `started` is what `sources` gave when the server was started.
    #[must_use]
    pub fn new(app: &App, sources: Sources, started: Loaded) -> Self {
        Self {
            app: app.clone(),
            sources,
            last: Mutex::new(started.clone()),
            started,
        }
    }

    /// Reads the settings again. What is wrong with them is one line in the log, and everything stays as it was.
    pub async fn reload(&self) {
        if let Err(error) = self.attempt().await {
            let error = format!("{error:#}");
            tracing::error!(
                error,
                "the configuration was not read again, and everything stays as it was"
            );
        }
    }

    async fn attempt(&self) -> anyhow::Result<()> {
        let (sources, clock) = (self.sources.clone(), self.app.clock.clone());
        // Whatever can fail comes first.
        let sound = tasks::blocking(move || {
            let loaded = sources.read()?;
            let settings = &loaded.settings;
            let outside = Outside::sound(&settings.alerts, &settings.notifications)?;
            certificate::load(settings, &clock)?;
            anyhow::Ok((loaded, outside))
        });
        let (loaded, outside) = sound.await??;
        let (before, changed) = {
            let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
            let changed = last.differences(&loaded);
            (mem::replace(&mut *last, loaded.clone()), changed)
        };
        self.put_in_force(&before.settings, &loaded.settings, outside)
            .await
            .context("log.level")?;
        let in_force: Vec<String> = changed.into_iter().filter(|key| is_live(key)).collect();
        let later = self.started.differences(&loaded).into_iter();
        let later: Vec<String> = later.filter(|key| !is_live(key)).collect();
        let changed = in_force.join(", ");
        tracing::info!(target: AUDIT, changed, "the configuration was read again");
        if !later.is_empty() {
            let keys = later.join(", ");
            tracing::warn!("changed, takes effect at the next start: {keys}");
        }
        Ok(())
    }

    async fn put_in_force(
        &self,
        before: &Settings,
        now: &Settings,
        outside: Outside,
    ) -> anyhow::Result<()> {
        // Somebody may have asked for another level for a while, which ends only when the settings say something else.
        if before.log.level != now.log.level {
            self.app.levels.configure(&now.log.level)?;
        }
        self.app.alerts.reconfigure(outside).await;
        background::deliveries(&self.app);
        certificate::look(&self.app);
        Ok(())
    }
}

/// Whether a change of this key is in force without another start.
fn is_live(key: &str) -> bool {
    let is_of_alerts = key.starts_with("alerts.") && !FIXED_ALERTS.contains(&key);
    key == "log.level" || key.starts_with("notifications.") || is_of_alerts
}

#[cfg(test)]
mod tests {
    use super::is_live;

    #[test]
    fn what_is_read_once_needs_another_start() {
        for live in [
            "log.level",
            "alerts.routes",
            "notifications.receivers.mail.password",
        ] {
            assert!(is_live(live), "{live}");
        }
        for fixed in [
            "log.format",
            "alerts.interval",
            "database.url",
            "http.tls.key",
        ] {
            assert!(!is_live(fixed), "{fixed}");
        }
    }
}
