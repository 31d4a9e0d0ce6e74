//! Rules that administrators add, change, switch off and take away.
use super::{
    Alerts, Error,
    catalogue::{self, Listed},
    store_admin::{self, ChangeRow, RuleRow},
};
use crate::{
    base::id::{RuleId, UserId},
    engines::alerting::{Definition, RuleKind},
};
use diesel_async::AsyncConnection as _;
use serde_json::json;

/// More rules than this are not added here: a file is the better place for them.
const MOST_RULES: usize = 500;
/// Names and expressions are no longer than the tables allow.
const LONGEST_NAME: usize = 200;
const LONGEST_EXPRESSION: usize = 10_000;

/// A rule as somebody wants it.
#[derive(Debug, Clone)]
pub(super) struct RuleWish {
    pub(super) written: Definition,
    pub(super) is_enabled: bool,
}

impl Alerts {
    /// Adds a rule; its id.
    pub(super) async fn add_rule(&self, who: UserId, wish: RuleWish) -> Result<String, Error> {
        self.refresh().await?;
        let id = RuleId::new();
        check(&wish.written)?;
        catalogue::ready(&id.to_string(), wish.written.clone())?;
        let rules = self.inner.catalogue.load_full();
        let own = rules.groups.iter().filter(|group| group.is_own);
        let mut own = own.flat_map(|group| &group.rules);
        if own.clone().count() >= MOST_RULES {
            return Err(Error::Rule(format!(
                "there are {MOST_RULES} rules already; put more into the rule file"
            )));
        }
        if own.any(|other| other.written.id() == wish.written.id()) {
            return Err(Error::NameTaken(wish.written.name));
        }
        let now = self.inner.clock.now();
        let row = row(id, None, &wish, now);
        self.write_rule(who, "create", &id.to_string(), Write::Put(row))
            .await?;
        Ok(id.to_string())
    }

    /// Changes a rule; one of the file is overridden.
    pub(super) async fn change_rule(
        &self,
        who: UserId,
        id: &str,
        mut wish: RuleWish,
    ) -> Result<(), Error> {
        self.refresh().await?;
        let rules = self.inner.catalogue.load_full();
        let (group, known) = rules.find(id).ok_or_else(|| Error::NoRule(id.to_owned()))?;
        wish.written.kind = known.written.kind;
        check(&wish.written)?;
        catalogue::ready(id, wish.written.clone())?;
        let is_same = |other: &&Listed| other.id != id && other.written.id() == wish.written.id();
        if group.is_own && group.rules.iter().any(|other| is_same(&other)) {
            return Err(Error::NameTaken(wish.written.name));
        }
        let now = self.inner.clock.now();
        let row = match self.stored(id) {
            Some(before) => RuleRow {
                created_at: before.created_at,
                updated_at: now.max(before.created_at),
                ..row(RuleId(before.id), before.file_rule, &wish, now)
            },
            None => row(RuleId::new(), Some(id.to_owned()), &wish, now),
        };
        self.write_rule(who, "change", id, Write::Put(row)).await
    }

    /// Takes a rule away; one of the file that was changed is again as the file says.
    pub(super) async fn delete_rule(&self, who: UserId, id: &str) -> Result<(), Error> {
        self.refresh().await?;
        match self.stored(id) {
            Some(row) => self.write_rule(who, "delete", id, Write::Delete(row)).await,
            None if self.inner.catalogue.load().find(id).is_some() => {
                Err(Error::FromFile(id.to_owned()))
            }
            None => Err(Error::NoRule(id.to_owned())),
        }
    }

    /// What the database says of a rule.
    fn stored(&self, id: &str) -> Option<RuleRow> {
        let rows = self.rows();
        let is_it = |row: &&RuleRow| match &row.file_rule {
            Some(of) => of == id,
            None => row.id.to_string() == id,
        };
        rows.iter().find(is_it).cloned()
    }

    async fn write_rule(
        &self,
        who: UserId,
        action: &'static str,
        named: &str,
        write: Write,
    ) -> Result<(), Error> {
        let (Write::Put(row) | Write::Delete(row)) = &write;
        let note = ChangeRow {
            at: self.inner.clock.now(),
            who: Some(who.0),
            action,
            subject: "rule",
            named,
            detail: json!({
                "name": row.name, "expression": row.expression, "is_enabled": row.is_enabled,
                "for_seconds": row.for_seconds, "keep_firing_for_seconds": row.keep_firing_for_seconds,
                "labels": row.labels, "annotations": row.annotations,
            }),
        };
        let mut conn = self.inner.db.get().await?;
        conn.transaction(async |conn| {
            match &write {
                Write::Put(row) => store_admin::put_rule(conn, row).await?,
                Write::Delete(row) => store_admin::delete_rule(conn, row.id).await?,
            };
            store_admin::note(conn, &note).await?;
            Ok::<_, Error>(())
        })
        .await?;
        drop(conn);
        tracing::info!(rule = named, action, user.id = %who, "an alert rule was changed");
        self.refresh().await?;
        self.inner.changed.notify_one();
        Ok(())
    }
}

enum Write {
    Put(RuleRow),
    Delete(RuleRow),
}

fn check(written: &Definition) -> Result<(), Error> {
    for (field, text, most) in [
        ("name", &written.name, LONGEST_NAME),
        ("expression", &written.expression, LONGEST_EXPRESSION),
    ] {
        let length = text.chars().count();
        if length > most {
            return Err(Error::Rule(format!(
                "{field}: expected at most {most} characters, got {length}"
            )));
        }
    }
    Ok(())
}

fn row(
    id: RuleId,
    file_rule: Option<String>,
    wish: &RuleWish,
    now: chrono::DateTime<chrono::Utc>,
) -> RuleRow {
    let written = &wish.written;
    RuleRow {
        id: id.0,
        file_rule,
        kind: kind_name(written.kind).to_owned(),
        name: written.name.clone(),
        expression: written.expression.clone(),
        for_seconds: written.for_ms / 1000,
        keep_firing_for_seconds: written.keep_firing_for_ms / 1000,
        labels: json!(written.labels),
        annotations: json!(written.annotations),
        is_enabled: wish.is_enabled,
        created_at: now,
        updated_at: now,
    }
}

/// The name of a kind, in the database and on the wire.
pub(super) fn kind_name(kind: RuleKind) -> &'static str {
    match kind {
        RuleKind::Alerting => "alerting",
        RuleKind::Recording => "recording",
    }
}
