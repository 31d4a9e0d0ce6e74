//! Silences: times in which nobody is told of some alerts.
use super::{
    Alerts, Error,
    store_admin::{self, ChangeRow, SilenceRow},
};
use crate::{
    base::id::{SilenceId, UserId},
    engines::alerting::{
        Conditions, LabelCondition, Silence, SilenceStatus, Weekly, WrittenWeekly,
    },
};
use chrono::{DateTime, Utc};
use diesel_async::AsyncConnection as _;
use serde_json::json;
use uuid::Uuid;

/// So long a silence that is over is still listed.
const LISTED: chrono::Duration = chrono::Duration::days(7);
const LONGEST_COMMENT: usize = 2000;
const MOST_MATCHERS: usize = 50;

/// A silence as somebody wants it.
#[derive(Debug, Clone)]
pub(super) struct SilenceWish {
    pub(super) matchers: Vec<LabelCondition>,
    /// None: from now on.
    pub(super) starts_at: Option<DateTime<Utc>>,
    pub(super) ends_at: DateTime<Utc>,
    pub(super) weekly: Option<WrittenWeekly>,
    pub(super) comment: String,
}

/// A silence, and who made it; none if they are gone.
pub(super) struct KnownSilence {
    pub(super) row: SilenceRow,
    pub(super) silence: Silence,
    pub(super) created_by: Option<String>,
}

impl SilenceRow {
    /// What the engine makes of it; one that a newer version wrote may be none.
    pub(super) fn read(&self) -> Option<Silence> {
        let weekly = self.weekly.clone().map(serde_json::from_value);
        Some(Silence {
            id: self.id.to_string(),
            matchers: serde_json::from_value(self.matchers.clone()).ok()?,
            starts_at: self.starts_at,
            ends_at: self.ends_at,
            weekly: weekly.transpose().ok()?,
        })
    }
}

impl Alerts {
    /// Silences that are not over, or have not been for long; newest first.
    pub(super) async fn list_silences(&self) -> Result<Vec<KnownSilence>, Error> {
        let mut conn = self.inner.db.get().await?;
        let since = self.inner.clock.now() - LISTED;
        let rows = store_admin::list_silences(&mut conn, since).await?;
        Ok(rows.into_iter().filter_map(known).collect())
    }

    /// One silence.
    pub(super) async fn silence(&self, id: SilenceId) -> Result<KnownSilence, Error> {
        let mut conn = self.inner.db.get().await?;
        let found = store_admin::find_silence(&mut conn, id.0).await?;
        found.and_then(known).ok_or(Error::NoSilence(id.0))
    }

    /// Makes a silence.
    pub(super) async fn add_silence(
        &self,
        who: UserId,
        wish: SilenceWish,
    ) -> Result<SilenceId, Error> {
        let id = SilenceId::new();
        let now = self.inner.clock.now();
        let row = SilenceRow {
            created_by: Some(who.0),
            ..row(id.0, &wish, now)?
        };
        self.write_silence(who, "create", row).await?;
        Ok(id)
    }

    /// Changes a silence that is not over. Who made it stays.
    pub(super) async fn change_silence(
        &self,
        who: UserId,
        id: SilenceId,
        mut wish: SilenceWish,
    ) -> Result<(), Error> {
        let before = self.silence(id).await?;
        let now = self.inner.clock.now();
        if before.silence.status(now) == SilenceStatus::Expired {
            return Err(Error::SilenceOver(id.0));
        }
        wish.starts_at = wish.starts_at.or(Some(before.row.starts_at));
        let row = SilenceRow {
            created_by: before.row.created_by,
            created_at: before.row.created_at,
            ..row(id.0, &wish, now)?
        };
        self.write_silence(who, "change", row).await
    }

    /// Ends a silence now; one that is over already stays as it is.
    pub(super) async fn end_silence(&self, who: UserId, id: SilenceId) -> Result<(), Error> {
        let before = self.silence(id).await?;
        let now = self.inner.clock.now();
        if before.silence.status(now) == SilenceStatus::Expired {
            return Ok(());
        }
        let row = SilenceRow {
            starts_at: before.row.starts_at.min(now),
            ends_at: now,
            ..before.row
        };
        self.write_silence(who, "end", row).await
    }

    async fn write_silence(
        &self,
        who: UserId,
        action: &'static str,
        row: SilenceRow,
    ) -> Result<(), Error> {
        let named = row.id.to_string();
        let note = ChangeRow {
            at: self.inner.clock.now(),
            who: Some(who.0),
            action,
            subject: "silence",
            named: &named,
            detail: json!({
                "matchers": row.matchers, "starts_at": row.starts_at, "ends_at": row.ends_at,
                "weekly": row.weekly, "comment": row.comment,
            }),
        };
        let mut conn = self.inner.db.get().await?;
        conn.transaction(async |conn| {
            store_admin::put_silence(conn, &row).await?;
            store_admin::note(conn, &note).await?;
            Ok::<_, Error>(())
        })
        .await?;
        drop(conn);
        tracing::info!(silence = named, action, user.id = %who, "a silence was changed");
        self.refresh().await?;
        self.inner.changed.notify_one();
        Ok(())
    }
}

fn known((row, created_by): (SilenceRow, Option<String>)) -> Option<KnownSilence> {
    let silence = row.read()?;
    Some(KnownSilence {
        row,
        silence,
        created_by,
    })
}

/// Checks what somebody wants.
fn row(id: Uuid, wish: &SilenceWish, now: DateTime<Utc>) -> Result<SilenceRow, Error> {
    let wrong = |message: String| Err(Error::Silence(message));
    if wish.comment.chars().count() > LONGEST_COMMENT {
        return wrong(format!(
            "comment: expected at most {LONGEST_COMMENT} characters"
        ));
    }
    if wish.matchers.len() > MOST_MATCHERS {
        return wrong(format!("matchers: expected at most {MOST_MATCHERS}"));
    }
    let matchers = match Conditions::new(wish.matchers.clone()) {
        Ok(matchers) => matchers,
        Err(error) => return wrong(format!("matchers: {error}")),
    };
    let weekly = match wish.weekly.clone().map(Weekly::try_from).transpose() {
        Ok(weekly) => weekly,
        Err(error) => return wrong(format!("weekly: {error}")),
    };
    let silence = Silence {
        id: id.to_string(),
        matchers,
        starts_at: wish.starts_at.unwrap_or(now),
        ends_at: wish.ends_at,
        weekly,
    };
    if let Err(error) = silence.check() {
        return wrong(error.to_string());
    }
    if silence.ends_at <= now {
        return wrong("ends_at: this time is over already".to_owned());
    }
    Ok(SilenceRow {
        id,
        matchers: json!(silence.matchers),
        starts_at: silence.starts_at,
        ends_at: silence.ends_at,
        weekly: silence.weekly.map(|weekly| json!(weekly)),
        comment: wish.comment.trim().to_owned(),
        created_by: None,
        created_at: now,
    })
}
