//! Redis as a cache that may be absent: every failure is a miss, never an error of the request.
mod bucket;
mod examine;
mod info;
mod settings;

pub use bucket::{Bucket, Taken};
pub use examine::{Examined, Trouble, examine, host};
pub use info::Info;
pub use settings::Settings;

use crate::base::metrics as names;
use deadpool_redis::{
    Config, Connection, Pool, Runtime,
    redis::{self, AsyncCommands as _},
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

/// The labels of calls in metrics.
pub const OPERATIONS: [&str; 5] = ["get", "put", "take", "ping", "info"];

/// How often Redis is asked how it is before it is said to be away.
const ATTEMPTS: u32 = 4;

/// The cache. Cheap to clone.
#[derive(Clone)]
pub struct Cache {
    pool: Pool,
    timeout: Duration,
    /// So that a dead Redis is reported once, not with every request.
    is_down: Arc<AtomicBool>,
}

impl Cache {
    /// Makes a pool; connects on first use.
    ///
    /// # Errors
    /// When the address is no Redis address.
    pub fn new(settings: &Settings) -> anyhow::Result<Self> {
        let mut config = Config::from_url(settings.url.expose().clone());
        config.pool = Some(deadpool_redis::PoolConfig::new(settings.pool_size));
        Ok(Self {
            pool: config.create_pool(Some(Runtime::Tokio1))?,
            timeout: settings.timeout,
            is_down: Arc::default(),
        })
    }

    /// Looks a value up; a miss when Redis cannot be asked.
    pub async fn get(&self, key: &str) -> Option<Vec<u8>> {
        let found: Option<Option<Vec<u8>>> = self
            .with("get", async |conn| {
                conn.get::<_, Option<Vec<u8>>>(key).await
            })
            .await;
        let result = match &found {
            None => "unavailable",
            Some(None) => "miss",
            Some(Some(_)) => "hit",
        };
        metrics::counter!(names::CACHE_REQUESTS, "result" => result).increment(1);
        found.flatten()
    }

    /// Remembers a value for a while, if Redis is there.
    pub async fn put(&self, key: &str, value: &[u8], keep: Duration) {
        let seconds = keep.as_secs().max(1);
        self.with("put", async |conn| {
            conn.set_ex::<_, _, ()>(key, value, seconds).await
        })
        .await;
    }

    /// Takes tokens, as many as are wanted at most, out of a bucket, by the clock of Redis; `None` when Redis cannot be
    /// asked.
    pub async fn take(&self, key: &str, bucket: Bucket, wanted: u32) -> Option<Taken> {
        let mut take = bucket::TAKE.key(key);
        take.arg(bucket.interval_us)
            .arg(bucket.depth_us)
            .arg(wanted);
        let taken: Option<(u32, i64, i64)> = self
            .with("take", async |conn| take.invoke_async(conn).await)
            .await;
        taken.map(|(granted, now_us, full_at_us)| Taken {
            granted,
            now_us,
            full_at_us,
        })
    }

    /// Counts an event in a window that starts with the first one; `None` when Redis cannot be asked.
    pub async fn count(&self, key: &str, window: Duration) -> Option<u64> {
        let millis = u64::try_from(window.as_millis()).unwrap_or(u64::MAX);
        let mut pipe = redis::pipe();
        pipe.cmd("SET")
            .arg(key)
            .arg(0)
            .arg("PX")
            .arg(millis)
            .arg("NX");
        pipe.ignore().incr(key, 1);
        let counted: Option<(u64,)> = self
            .with("count", async |conn| pipe.query_async(conn).await)
            .await;
        counted.map(|(count,)| count)
    }

    /// Whether Redis answers now.
    pub async fn is_up(&self) -> bool {
        self.with("ping", async |conn| {
            redis::cmd("PING").query_async::<String>(conn).await
        })
        .await
        .is_some()
    }

    /// What Redis says of itself; `None` when it does not answer, asked a few times: what is late once is slow, not away.
    pub async fn info(&self) -> Option<Info> {
        for attempt in 1..=ATTEMPTS {
            let text: Option<String> = self
                .with("info", async |conn| {
                    redis::cmd("INFO").query_async(conn).await
                })
                .await;
            match text {
                Some(text) => return Some(Info::read(&text)),
                None if attempt < ATTEMPTS => tokio::time::sleep(self.timeout).await,
                None => (),
            }
        }
        None
    }

    async fn with<T>(
        &self,
        operation: &'static str,
        work: impl AsyncFnOnce(&mut Connection) -> redis::RedisResult<T>,
    ) -> Option<T> {
        let attempt = async {
            let mut conn = self.pool.get().await.map_err(|e| e.to_string())?;
            work(&mut conn).await.map_err(|e| e.to_string())
        };
        let started = Instant::now();
        let result = tokio::time::timeout(self.timeout, attempt)
            .await
            .unwrap_or_else(|_| Err(format!("no answer within {:?}", self.timeout)));
        metrics::histogram!(names::CACHE_SECONDS, "operation" => operation)
            .record(started.elapsed());
        if result.is_err() {
            metrics::counter!(names::CACHE_ERRORS).increment(1);
        }
        let was_down = self.is_down.swap(result.is_err(), Ordering::Relaxed);
        match result {
            Ok(value) => {
                if was_down {
                    tracing::info!("Redis answers again");
                }
                Some(value)
            }
            Err(error) => {
                if !was_down {
                    tracing::warn!(
                        error,
                        "Redis is not available; carrying on without the cache"
                    );
                }
                None
            }
        }
    }
}
