//! The SQL of accounts that knows no owner yet, or is about everyone: who is it, who is first, who is last.
use super::{
    audit::{AuditEntry, AuditFilter, NewEntry},
    model::{Role, Token, User},
    store::{TokenRow, UserRow},
    store_audit,
    token::Hash,
};
use crate::{
    base::{cursor::Cursor, id::UserId},
    platform::db::schema::{api_tokens, audit_log, password_resets, sessions, users},
};
use chrono::{DateTime, Utc};
use diesel::{dsl::exists, pg::Pg, prelude::*};
use diesel_async::{AsyncConnection as _, AsyncPgConnection, RunQueryDsl};

/// The advisory lock under which people come and go: who is first and who is the last administrator must
/// not change between the question and the act ("accounts" in ASCII).
const COMING_AND_GOING: i64 = 0x6163_636f_756e_7473;

/// Someone to be added.
pub(super) struct NewUser<'a> {
    pub(super) id: UserId,
    pub(super) email: &'a str,
    pub(super) display_name: &'a str,
    pub(super) password_hash: &'a str,
    pub(super) created_at: DateTime<Utc>,
}

/// On what terms someone is added.
#[derive(Clone, Copy)]
pub(super) enum Terms {
    /// By themselves: the first becomes administrator, later ones come in while registration is open.
    Registration { is_open: bool },
    /// By the operator, in this role.
    Appointment(Role),
    /// By the program, as a member whose password is public.
    Showpiece,
}

/// What became of someone to be added.
pub(super) enum Admission {
    Admitted(User),
    Closed,
    EmailTaken,
}

/// What became of a change that may not take the last administrator away.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Departure {
    Done,
    LastAdmin,
}

/// A session and who it belongs to.
pub(super) struct FoundSession {
    pub(super) user: User,
    pub(super) expires_at: DateTime<Utc>,
    pub(super) last_used_at: DateTime<Utc>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = users, check_for_backend(Pg))]
struct Credentials {
    #[diesel(embed)]
    user: UserRow,
    password_hash: String,
}

pub(super) async fn admit(
    conn: &mut AsyncPgConnection,
    new: &NewUser<'_>,
    terms: Terms,
    entry: NewEntry,
) -> QueryResult<Admission> {
    conn.transaction(async |conn| {
        lock(conn).await?;
        let role = match terms {
            Terms::Appointment(role) => role,
            Terms::Showpiece => Role::Member,
            Terms::Registration { .. } if !has_users(conn).await? => Role::Admin,
            Terms::Registration { is_open: true } => Role::Member,
            Terms::Registration { is_open: false } => return Ok(Admission::Closed),
        };
        let row: Option<UserRow> = diesel::insert_into(users::table)
            .values((
                users::id.eq(new.id.0),
                users::email.eq(new.email),
                users::display_name.eq(new.display_name),
                users::password_hash.eq(new.password_hash),
                users::role.eq(role.as_str()),
                users::created_at.eq(new.created_at),
            ))
            .on_conflict(users::email)
            .do_nothing()
            .returning(UserRow::as_returning())
            .get_result(conn)
            .await
            .optional()?;
        let Some(row) = row else {
            return Ok(Admission::EmailTaken);
        };
        let entry = entry.with("role", role.as_str());
        store_audit::insert(conn, &entry).await?;
        Ok(Admission::Admitted(row.into()))
    })
    .await
}

pub(super) async fn has_users(conn: &mut AsyncPgConnection) -> QueryResult<bool> {
    diesel::select(exists(users::table.select(users::id)))
        .get_result(conn)
        .await
}

/// Who has this address, and the hash of their password.
pub(super) async fn find_credentials(
    conn: &mut AsyncPgConnection,
    email: &str,
) -> QueryResult<Option<(User, String)>> {
    let found: Option<Credentials> = users::table
        .filter(users::email.eq(email))
        .select(Credentials::as_select())
        .first(conn)
        .await
        .optional()?;
    Ok(found.map(|found| (found.user.into(), found.password_hash)))
}

pub(super) async fn find_session(
    conn: &mut AsyncPgConnection,
    hash: Hash,
) -> QueryResult<Option<FoundSession>> {
    let found: Option<(UserRow, DateTime<Utc>, DateTime<Utc>)> = sessions::table
        .inner_join(users::table.on(users::id.eq(sessions::owner)))
        .filter(sessions::token_hash.eq(&hash.0[..]))
        .select((
            UserRow::as_select(),
            sessions::expires_at,
            sessions::last_used_at,
        ))
        .first(conn)
        .await
        .optional()?;
    Ok(found.map(|(user, expires_at, last_used_at)| FoundSession {
        user: user.into(),
        expires_at,
        last_used_at,
    }))
}

/// Who may choose a new password by this secret at this time.
pub(super) async fn find_reset(
    conn: &mut AsyncPgConnection,
    hash: Hash,
    now: DateTime<Utc>,
) -> QueryResult<Option<User>> {
    let found: Option<UserRow> = password_resets::table
        .inner_join(users::table.on(users::id.eq(password_resets::owner)))
        .filter(password_resets::token_hash.eq(&hash.0[..]))
        .filter(password_resets::expires_at.gt(now))
        .select(UserRow::as_select())
        .first(conn)
        .await
        .optional()?;
    Ok(found.map(User::from))
}

/// Deletes the ways to new passwords that have closed by `now`.
pub(super) async fn delete_expired_resets(
    conn: &mut AsyncPgConnection,
    now: DateTime<Utc>,
) -> QueryResult<usize> {
    diesel::delete(password_resets::table)
        .filter(password_resets::expires_at.le(now))
        .execute(conn)
        .await
}

pub(super) async fn find_token(
    conn: &mut AsyncPgConnection,
    hash: Hash,
) -> QueryResult<Option<(User, Token)>> {
    let found: Option<(UserRow, TokenRow)> = api_tokens::table
        .inner_join(users::table.on(users::id.eq(api_tokens::owner)))
        .filter(api_tokens::token_hash.eq(&hash.0[..]))
        .select((UserRow::as_select(), TokenRow::as_select()))
        .first(conn)
        .await
        .optional()?;
    Ok(found.map(|(user, token)| (user.into(), token.into())))
}

/// Everyone, oldest account first.
pub(super) async fn list_users(conn: &mut AsyncPgConnection) -> QueryResult<Vec<User>> {
    let rows: Vec<UserRow> = users::table
        .order((users::created_at, users::id))
        .select(UserRow::as_select())
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(User::from).collect())
}

/// Gives a role, unless that would leave nobody in charge.
pub(super) async fn set_role(
    conn: &mut AsyncPgConnection,
    user: UserId,
    role: Role,
    entry: &NewEntry,
) -> QueryResult<Departure> {
    conn.transaction(async |conn| {
        lock(conn).await?;
        if role != Role::Admin && !others(conn, user, Some(Role::Admin)).await? {
            return Ok(Departure::LastAdmin);
        }
        diesel::update(users::table)
            .filter(users::id.eq(user.0))
            .set(users::role.eq(role.as_str()))
            .execute(conn)
            .await?;
        store_audit::insert(conn, entry).await?;
        Ok(Departure::Done)
    })
    .await
}

/// Deletes someone and, by cascade, everything of theirs; not the last administrator of others.
pub(super) async fn delete_user(
    conn: &mut AsyncPgConnection,
    user: UserId,
    entry: &NewEntry,
) -> QueryResult<Departure> {
    conn.transaction(async |conn| {
        lock(conn).await?;
        if others(conn, user, None).await? && !others(conn, user, Some(Role::Admin)).await? {
            return Ok(Departure::LastAdmin);
        }
        store_audit::insert(conn, entry).await?;
        // With the account goes what is personal in the audit log: the database sees to it.
        diesel::delete(users::table)
            .filter(users::id.eq(user.0))
            .execute(conn)
            .await?;
        Ok(Departure::Done)
    })
    .await
}

/// Deletes the sessions that have expired by `now`.
pub(super) async fn delete_expired_sessions(
    conn: &mut AsyncPgConnection,
    now: DateTime<Utc>,
) -> QueryResult<usize> {
    diesel::delete(sessions::table)
        .filter(sessions::expires_at.le(now))
        .execute(conn)
        .await
}

/// Entries of everybody's audit log that a filter accepts, newest first.
pub(super) async fn list_audit(
    conn: &mut AsyncPgConnection,
    filter: &AuditFilter,
    after: Option<Cursor>,
    limit: i64,
) -> QueryResult<Vec<AuditEntry>> {
    let mut query = audit_log::table
        .order((audit_log::at.desc(), audit_log::id.desc()))
        .limit(limit)
        .select(store_audit::Row::as_select())
        .into_boxed();
    if let Some(subject) = filter.subject {
        query = query.filter(audit_log::subject.eq(subject.0));
    }
    if let Some(actor) = filter.actor {
        query = query.filter(audit_log::actor.eq(actor.0));
    }
    if let Some(action) = filter.action {
        query = query.filter(audit_log::action.eq(action.as_str()));
    }
    if let Some(from) = filter.from {
        query = query.filter(audit_log::at.ge(from));
    }
    if let Some(until) = filter.until {
        query = query.filter(audit_log::at.lt(until));
    }
    if let Some(Cursor { at, id }) = after {
        let older = audit_log::at.lt(at);
        query = query.filter(older.or(audit_log::at.eq(at).and(audit_log::id.lt(id))));
    }
    let rows: Vec<store_audit::Row> = query.load(conn).await?;
    Ok(rows
        .into_iter()
        .filter_map(store_audit::Row::read)
        .collect())
}

/// Deletes entries of the audit log from before `until`.
pub(super) async fn delete_old_audit(
    conn: &mut AsyncPgConnection,
    until: DateTime<Utc>,
) -> QueryResult<usize> {
    diesel::delete(audit_log::table)
        .filter(audit_log::at.lt(until))
        .execute(conn)
        .await
}

/// Whether there is anyone else, or anyone else in that role.
async fn others(
    conn: &mut AsyncPgConnection,
    than: UserId,
    role: Option<Role>,
) -> QueryResult<bool> {
    let mut found = users::table
        .filter(users::id.ne(than.0))
        .select(users::id)
        .into_boxed();
    if let Some(role) = role {
        found = found.filter(users::role.eq(role.as_str()));
    }
    let other: Option<uuid::Uuid> = found.first(conn).await.optional()?;
    Ok(other.is_some())
}

async fn lock(conn: &mut AsyncPgConnection) -> QueryResult<()> {
    diesel::sql_query(format!("select pg_advisory_xact_lock({COMING_AND_GOING})"))
        .execute(conn)
        .await?;
    Ok(())
}
