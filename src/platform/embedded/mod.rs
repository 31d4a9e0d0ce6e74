//! Private Postgres and Redis for `serve --embedded`: the system's programs, run below one data directory.
//!
//! They listen on unix sockets that only their account and root can reach, and end with flashfit however
//! that ends. One that dies is started again. What holds for any other server holds for these: the rest
//! of FlashFit gets two URLs and does not know the difference.
//!
//! | in the data directory | what |
//! |---|---|
//! | `embedded.lock` | held while a flashfit uses the directory |
//! | `postgres/`, `postgres.log` | the cluster; its complaints |
//! | `redis/`, `redis.log` | where Redis works (it stores nothing); its complaints |
//! | `run/` | the sockets, or below `/run/user` or `/tmp` when the path is too long for sockets |
mod account;
mod error;
mod folders;
mod keeper;
mod postgres;
mod programs;
mod redis;
mod service;

pub use error::EmbeddedError;

use keeper::{Keeper, Lifeline};
use std::{
    convert::Infallible,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread::JoinHandle,
};
use tokio::sync::oneshot;

/// What may happen to the data when the machine loses power.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// Nothing that was acknowledged is lost.
    Durable,
    /// Everything may be lost. For tests, which are faster for it.
    Throwaway,
}

/// Running private services. Dropping it ends them too, but blocks the thread meanwhile: prefer
/// [`Embedded::stop`].
#[derive(Debug)]
pub struct Embedded {
    run: PathBuf,
    lifeline: Option<mpsc::Sender<Infallible>>,
    ended: oneshot::Receiver<()>,
    keeper: Option<JoinHandle<()>>,
    restarts: Arc<AtomicUsize>,
}

impl Embedded {
    /// Starts both services below `dir`, made when missing, and waits until they answer.
    ///
    /// Whatever an earlier flashfit left behind there is put in order first: children that outlived it,
    /// stale pid files and sockets, a half-made cluster.
    ///
    /// # Cancel safety
    /// Dropping the future ends what was started.
    ///
    /// # Errors
    /// [`EmbeddedError`] says what is wrong and what to do.
    pub async fn start(dir: &Path, durability: Durability) -> Result<Self, EmbeddedError> {
        let (lifeline, cut) = mpsc::channel();
        let (ready, answer) = oneshot::channel();
        let (over, ended) = oneshot::channel();
        let restarts = Arc::new(AtomicUsize::new(0));
        let (dir, counter) = (dir.to_owned(), restarts.clone());
        let keeper = std::thread::Builder::new()
            .name("embedded".to_owned())
            .spawn(move || {
                keep(&dir, durability, &cut, (ready, counter));
                // Nobody waits when the value was dropped rather than stopped.
                let _nobody_waits = over.send(());
            })?;
        let run = answer.await.map_err(|_closed| EmbeddedError::Keeper)??;
        let embedded = Self {
            run,
            lifeline: Some(lifeline),
            ended,
            keeper: Some(keeper),
            restarts,
        };
        embedded.make_database().await?;
        Ok(embedded)
    }

    /// How to reach Postgres, in the key-value form, which takes a folder as the host.
    #[must_use]
    pub fn postgres_url(&self) -> String {
        self.postgres_url_of(postgres::NAME)
    }

    /// How to reach Redis.
    #[must_use]
    pub fn redis_url(&self) -> String {
        format!("redis+unix://{}", redis::socket(&self.run).display())
    }

    /// How often a service that had died was started again.
    #[must_use]
    pub fn restarts(&self) -> usize {
        self.restarts.load(Ordering::Relaxed)
    }

    /// Ends both services in an orderly way and waits for it.
    pub async fn stop(mut self) {
        self.lifeline = None;
        if (&mut self.ended).await.is_err() {
            tracing::error!("{}", EmbeddedError::Keeper);
        }
    }

    /// How to reach another database of the private Postgres, as the owner of all of them.
    #[must_use]
    pub fn postgres_url_of(&self, database: &str) -> String {
        url_of(&self.run, database)
    }

    /// How to reach the private Postgres of a flashfit that runs on this data directory.
    ///
    /// # Errors
    /// When it cannot be told where that listens.
    pub fn postgres_url_in_use(dir: &Path) -> Result<String, EmbeddedError> {
        Ok(url_of(&folders::run_folder_of(dir)?, postgres::NAME))
    }

    /// How to reach the private Redis of a flashfit that runs on this data directory.
    ///
    /// # Errors
    /// When it cannot be told where that listens.
    pub fn redis_url_in_use(dir: &Path) -> Result<String, EmbeddedError> {
        let run = folders::run_folder_of(dir)?;
        Ok(format!("redis+unix://{}", redis::socket(&run).display()))
    }

    /// Makes the database when this is the first start, or when the first start was cut short.
    async fn make_database(&self) -> Result<(), tokio_postgres::Error> {
        let url = self.postgres_url_of("postgres");
        let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await?;
        let work = async {
            let name = postgres::NAME;
            let query = "select 1 from pg_database where datname = $1";
            if client.query_opt(query, &[&name]).await?.is_none() {
                client
                    .batch_execute(&format!("create database {name}"))
                    .await?;
            }
            Ok(())
        };
        tokio::select! {
            done = work => done,
            broken = connection => broken,
        }
    }
}

impl Drop for Embedded {
    fn drop(&mut self) {
        self.lifeline = None;
        if let Some(keeper) = self.keeper.take()
            && keeper.join().is_err()
        {
            tracing::error!("{}", EmbeddedError::Keeper);
        }
    }
}

type Answer = (
    oneshot::Sender<Result<PathBuf, EmbeddedError>>,
    Arc<AtomicUsize>,
);

fn url_of(run: &Path, database: &str) -> String {
    let (run, user) = (run.display(), postgres::NAME);
    format!("host={run} port=5432 user={user} dbname={database}")
}

/// The life of the keeper's thread.
fn keep(dir: &Path, durability: Durability, lifeline: &Lifeline, (ready, restarts): Answer) {
    match Keeper::start(dir, durability, lifeline, restarts) {
        Ok(Some(keeper)) => {
            // When nobody waits any more, the lifeline is cut as well.
            let _nobody_waits = ready.send(Ok(keeper.run_folder().to_owned()));
            keeper.keep(lifeline);
        }
        Ok(None) => (),
        Err(error) => {
            let _nobody_waits = ready.send(Err(error));
        }
    }
}

#[cfg(test)]
mod tests;
