//! Photos through the models: the queue, its workers, and what they write.
use super::{Error, Wardrobe, measure, model::State, progress::Step, store_admin};
use crate::{
    base::{
        id::{ItemId, UserId},
        metrics as names,
    },
    engines::vision::{Photo, Sight},
    platform::tasks,
};
use anyhow::Context as _;
use diesel_async::AsyncConnection as _;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often the queue is looked at when nobody knocks: photos that another instance left behind.
const POLL: Duration = Duration::from_secs(2);

/// What the owner reads when the models failed too often.
const GIVEN_UP: &str = "the photo could not be recognised";

/// What became of one look at the queue.
#[derive(Debug, PartialEq, Eq)]
enum Round {
    Idle,
    Worked,
}

impl Wardrobe {
    /// Recognises photos until told to stop. Run as many as there are model sessions.
    ///
    /// # Errors
    /// Database errors; the caller tries again later.
    pub async fn work(&self, stop: CancellationToken) -> anyhow::Result<()> {
        loop {
            let round = tokio::select! {
                biased;
                () = stop.cancelled() => return Ok(()),
                round = self.recognise_next() => round?,
            };
            if round == Round::Worked {
                continue;
            }
            tokio::select! {
                () = stop.cancelled() => return Ok(()),
                () = self.inner.waiting.notified() => {}
                () = tokio::time::sleep(POLL) => {}
            }
        }
    }

    /// # Cancel safety
    /// Dropping it rolls the transaction back; the photo waits again.
    async fn recognise_next(&self) -> anyhow::Result<Round> {
        let mut conn = self.inner.db.get().await?;
        let turn = self.inner.claims.acquire().await;
        let mut turn = Some(turn.context("shutting down")?);
        let now = self.inner.clock.now();
        let Some(claim) = store_admin::claim(&mut conn, now).await? else {
            return Ok(Round::Idle);
        };
        let (id, owner) = (ItemId(claim.id), UserId(claim.owner));
        self.tell(owner, id, State::Processing);
        let is_last = claim.attempts >= self.inner.settings.max_attempts;
        let outcome = conn
            .transaction(async |conn| {
                let locked = store_admin::lock_photo(conn, id, claim.attempts).await?;
                // There may be more: let another worker look while this one is busy.
                drop(turn.take());
                self.inner.waiting.notify_one();
                let Some(jpeg) = locked else {
                    return Ok::<_, Error>(None);
                };
                let now = self.inner.clock.now();
                // An attempt that was counted but never ended took the process with it.
                if claim.attempts > self.inner.settings.max_attempts {
                    tracing::error!(item.id = %id, attempts = claim.attempts, "recognition given up");
                    store_admin::write_failure(conn, id, GIVEN_UP, now).await?;
                    return Ok(Some(State::Failed));
                }
                match self.look(jpeg).await {
                    Ok(sight) => {
                        let pack = self.inner.vision.pack_id();
                        store_admin::write_sight(conn, (id, owner), pack, &sight, now).await?;
                        measure::count_sight(&sight);
                        Ok(Some(State::Ready))
                    }
                    Err(error) if is_last => {
                        tracing::error!(item.id = %id, error = format!("{error:#}"), "recognition given up");
                        store_admin::write_failure(conn, id, GIVEN_UP, now).await?;
                        Ok(Some(State::Failed))
                    }
                    Err(error) => {
                        tracing::warn!(item.id = %id, error = format!("{error:#}"), "recognition failed; it will be tried again");
                        Ok(None)
                    }
                }
            })
            .await
            .context("while storing what was recognised")?;
        if let Some(state) = outcome {
            let result = if state == State::Ready {
                "ready"
            } else {
                "failed"
            };
            metrics::counter!(names::RECOGNISED, "result" => result).increment(1);
        }
        Ok(Round::Worked)
    }

    pub(super) async fn look(&self, jpeg: Vec<u8>) -> anyhow::Result<Sight> {
        let vision = self.inner.vision.clone();
        let limits = self.limits();
        tasks::blocking(move || {
            let photo = Photo::decode(&jpeg, &limits).context("the stored photo is damaged")?;
            Ok(vision.look(&photo)?)
        })
        .await?
    }

    fn tell(&self, owner: UserId, item: ItemId, state: State) {
        self.inner.progress.tell(Step {
            owner,
            item,
            state: Some(state),
        });
    }
}
