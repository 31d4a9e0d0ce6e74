//! What this process knows of itself: samples in memory, expressions over them, health checks, and a history in Postgres.
//!
//! Nothing here looks at other parts of the program: `app` hands in the text of `/metrics` and what the health checks
//! found. Postgres may be away at any time: what is to be kept waits, within bounds.
mod bounded;
mod dashboards;
mod error;
mod exposition;
pub mod grafana;
mod health;
mod history;
mod outbox;
pub mod routes;
mod sample;
mod settings;
mod store_admin;
mod trend;

pub use dashboards::{Dashboard, Dashboards, Panel, PanelQuery, Unit};
pub use error::{Error, QueryError};
pub use health::{Finding, Health, HealthChange, Status};
pub use settings::Settings;
pub use trend::Trend;

use crate::{
    base::clock::Clock,
    engines::{
        promql::{EvalError, Labels, Matcher, Options, Query, Series, Span, Store, Value},
        series::Snapshot,
    },
    platform::{db::Db, tasks},
};
use bounded::Bounded;
use chrono::{DateTime, Utc};
use health::Ward;
use history::Keeper;
use outbox::Outbox;
use sample::Sampler;
use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::Semaphore;

/// Samples that one expression may read, and values it may make.
const MAX_VALUES: u64 = 10_000_000;
/// Expressions evaluated at the same time for whoever asks.
const EVALUATIONS: usize = 2;
/// How long one may take, waiting included.
const PATIENCE: Duration = Duration::from_secs(20);

/// The memory of this process about itself. Cheap to clone.
#[derive(Clone)]
pub struct Monitoring {
    inner: Arc<Inner>,
}

struct Inner {
    db: Db,
    clock: Clock,
    settings: Settings,
    instance: String,
    dashboards: Dashboards,
    sampler: Mutex<Sampler>,
    keeper: Keeper,
    ward: Mutex<Ward>,
    outbox: Outbox,
    evaluations: Arc<Semaphore>,
}

impl Monitoring {
    /// Remembers nothing yet. `instance` tells this process from others at the same database, and is the same after a
    /// restart.
    ///
    /// # Errors
    /// When the settings make no sense.
    pub fn new(db: Db, clock: Clock, settings: Settings, instance: String) -> anyhow::Result<Self> {
        settings.check()?;
        Ok(Self {
            inner: Arc::new(Inner {
                keeper: Keeper::new(clock.now()),
                sampler: Mutex::new(Sampler::new(&settings)),
                db,
                clock,
                settings,
                instance,
                dashboards: Dashboards::embedded()?,
                ward: Mutex::default(),
                outbox: Outbox::default(),
                evaluations: Arc::new(Semaphore::new(EVALUATIONS)),
            }),
        })
    }

    /// How often the metrics are to be sampled.
    #[must_use]
    pub fn interval(&self) -> Duration {
        self.inner.settings.interval
    }

    /// Which process this is among those at the same database.
    #[must_use]
    pub fn instance(&self) -> &str {
        &self.inner.instance
    }

    /// The dashboards of the program.
    #[must_use]
    pub fn dashboards(&self) -> &Dashboards {
        &self.inner.dashboards
    }

    /// Takes a sample of the metrics, given as `/metrics` serves them; and every five minutes keeps what the dashboards
    /// show.
    ///
    /// # Errors
    /// When the work was given up because the process ends.
    pub async fn sample(&self, text: String) -> Result<(), tasks::Unfinished> {
        let this = self.clone();
        tasks::blocking(move || {
            let now = this.inner.clock.now();
            this.sampler().take(&text, now.timestamp_millis());
            if let Some(at) = this.inner.keeper.due(now) {
                this.keep_panels(at);
            }
        })
        .await
    }

    /// Adds a round of a source of its own, like a group of recording rules: all its series at one time.
    ///
    /// A series that was in the source's round before and is not in this one is marked stale, so an empty round ends
    /// them all.
    pub fn append(
        &self,
        source: &str,
        at_ms: i64,
        samples: impl IntoIterator<Item = (Labels, f64)>,
    ) {
        self.sampler().append(source, at_ms, samples);
    }

    /// All samples as they are now, to evaluate expressions on. Cheap.
    #[must_use]
    pub fn store(&self) -> Snapshot {
        self.sampler().snapshot()
    }

    /// How expressions are evaluated here.
    #[must_use]
    pub fn options(&self) -> Options {
        let step = i64::try_from(self.interval().as_millis()).unwrap_or(i64::MAX);
        Options {
            subquery_step_ms: step,
            max_values: MAX_VALUES,
            ..Options::default()
        }
    }

    /// What an expression is worth at one time, worked out away from the request threads.
    ///
    /// # Errors
    /// When it has no value, needs too much, or takes too long.
    pub async fn query(&self, query: Query, at_ms: i64) -> Result<Value, QueryError> {
        self.evaluate(move |store, options| query.at(store, at_ms, options))
            .await
    }

    /// What an expression is worth through a time, worked out away from the request threads.
    ///
    /// # Errors
    /// As [`Monitoring::query`].
    pub async fn query_range(&self, query: Query, span: Span) -> Result<Vec<Series>, QueryError> {
        self.evaluate(move |store, options| query.over(store, span, options))
            .await
    }

    /// What the series are called that one of the selectors matches and that were there between two times.
    ///
    /// # Errors
    /// When the process ends.
    pub async fn labels(
        &self,
        selectors: Vec<Vec<Matcher>>,
        from_ms: i64,
        to_ms: i64,
    ) -> Result<Vec<Labels>, QueryError> {
        let store = self.store();
        let labels = tasks::blocking(move || {
            let found = selectors
                .iter()
                .flat_map(|s| store.labels(s, from_ms, to_ms));
            found.collect::<BTreeSet<Labels>>().into_iter().collect()
        });
        Ok(labels.await?)
    }

    /// What time it is here.
    fn now(&self) -> DateTime<Utc> {
        self.inner.clock.now()
    }

    /// # Cancel safety
    /// Work that has begun goes on to its end, and keeps its place among those that may run until then.
    async fn evaluate<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Store, &Options) -> Result<T, EvalError> + Send + 'static,
    ) -> Result<T, QueryError> {
        let (snapshot, options) = (self.store(), self.options());
        let evaluations = self.inner.evaluations.clone();
        let evaluated = async {
            let permit = evaluations.acquire_owned().await;
            tasks::blocking(move || {
                let _permit = permit;
                let store = Bounded::new(snapshot, options.max_values);
                let result = work(&store, &options);
                store.check().and(result)
            })
            .await
        };
        let evaluated = tokio::time::timeout(PATIENCE, evaluated).await;
        let evaluated = evaluated.map_err(|_elapsed| QueryError::TooLong(PATIENCE))?;
        Ok(evaluated??)
    }

    /// Writes to Postgres what waits to be kept. What cannot be written waits on.
    ///
    /// # Errors
    /// When Postgres is away or refuses.
    pub async fn flush(&self) -> anyhow::Result<()> {
        self.inner
            .outbox
            .flush(&self.inner.db, &self.inner.instance)
            .await
    }

    /// Resolves when something waits to be kept.
    pub async fn something_to_keep(&self) {
        self.inner.outbox.filled().await;
    }

    /// Removes history that is too old; returns how many rows.
    ///
    /// # Errors
    /// Database errors.
    pub async fn prune(&self) -> Result<usize, Error> {
        let keep = chrono::Duration::from_std(self.inner.settings.history_keep);
        let keep = keep.unwrap_or(chrono::Duration::days(90));
        let before = self.inner.clock.now() - keep;
        let mut conn = self.inner.db.get().await?;
        Ok(store_admin::prune(&mut conn, before).await?)
    }

    fn sampler(&self) -> MutexGuard<'_, Sampler> {
        let sampler = self.inner.sampler.lock();
        sampler.unwrap_or_else(PoisonError::into_inner)
    }
}
