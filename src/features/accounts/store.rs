//! The SQL of accounts. Every query here is bound to an owner; the others are in `store_admin.rs`.
use super::{
    audit::NewEntry,
    model::{Role, Scope, Token, User},
    store_audit, store_sessions,
    token::Hash,
};
use crate::{
    base::id::{TokenId, UserId},
    platform::db::schema::{api_tokens, password_resets, users},
};
use chrono::{DateTime, Utc};
use diesel::{pg::Pg, prelude::*};
use diesel_async::{AsyncConnection as _, AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

#[derive(Queryable, Selectable)]
#[diesel(table_name = users, check_for_backend(Pg))]
pub(super) struct UserRow {
    id: Uuid,
    email: String,
    display_name: String,
    role: String,
    created_at: DateTime<Utc>,
}

impl From<UserRow> for User {
    fn from(row: UserRow) -> Self {
        Self {
            id: UserId(row.id),
            email: row.email,
            display_name: row.display_name,
            // The table allows two words only.
            role: row.role.parse().unwrap_or(Role::Member),
            created_at: row.created_at,
        }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = api_tokens, check_for_backend(Pg))]
pub(super) struct TokenRow {
    id: Uuid,
    name: String,
    scopes: Vec<String>,
    created_at: DateTime<Utc>,
    pub(super) last_used_at: Option<DateTime<Utc>>,
    pub(super) expires_at: Option<DateTime<Utc>>,
}

impl From<TokenRow> for Token {
    fn from(row: TokenRow) -> Self {
        let has = |scope: &Scope| row.scopes.iter().any(|word| word == scope.as_str());
        let scopes = [Scope::Read, Scope::Write].into_iter().filter(has);
        Self {
            id: TokenId(row.id),
            scopes: scopes.collect(),
            name: row.name,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
            expires_at: row.expires_at,
        }
    }
}

/// The stored hash; absent when the person has just left.
pub(super) async fn password_hash(
    conn: &mut AsyncPgConnection,
    owner: UserId,
) -> QueryResult<Option<String>> {
    users::table
        .filter(users::id.eq(owner.0))
        .select(users::password_hash)
        .first(conn)
        .await
        .optional()
}

/// Stores a new password and ends every session but the one to keep; a way to another one that was sent is closed.
pub(super) async fn replace_password(
    conn: &mut AsyncPgConnection,
    owner: UserId,
    password_hash: &str,
    keep: Option<Hash>,
    entry: &NewEntry,
) -> QueryResult<()> {
    conn.transaction(async |conn| {
        diesel::update(users::table)
            .filter(users::id.eq(owner.0))
            .set(users::password_hash.eq(password_hash))
            .execute(conn)
            .await?;
        store_sessions::delete_all(conn, owner, keep).await?;
        delete_reset(conn, owner).await?;
        store_audit::insert(conn, entry).await
    })
    .await
}

/// Opens a way to a new password, from one time to another; an older one is closed.
pub(super) async fn put_reset(
    conn: &mut AsyncPgConnection,
    owner: UserId,
    hash: Hash,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
    entry: &NewEntry,
) -> QueryResult<()> {
    let values = (
        password_resets::token_hash.eq(hash.0.to_vec()),
        password_resets::created_at.eq(from),
        password_resets::expires_at.eq(until),
    );
    conn.transaction(async |conn| {
        diesel::insert_into(password_resets::table)
            .values((password_resets::owner.eq(owner.0), values.clone()))
            .on_conflict(password_resets::owner)
            .do_update()
            .set(values.clone())
            .execute(conn)
            .await?;
        store_audit::insert(conn, entry).await
    })
    .await
}

/// Takes the way to a new password, once: false where it is closed by now.
pub(super) async fn use_reset(
    conn: &mut AsyncPgConnection,
    owner: UserId,
    hash: Hash,
    password_hash: &str,
    entry: &NewEntry,
) -> QueryResult<bool> {
    conn.transaction(async |conn| {
        let open = password_resets::table
            .filter(password_resets::owner.eq(owner.0))
            .filter(password_resets::token_hash.eq(&hash.0[..]))
            .filter(password_resets::expires_at.gt(entry.at));
        if diesel::delete(open).execute(conn).await? == 0 {
            return Ok(false);
        }
        replace_password(conn, owner, password_hash, None, entry).await?;
        Ok(true)
    })
    .await
}

async fn delete_reset(conn: &mut AsyncPgConnection, owner: UserId) -> QueryResult<usize> {
    diesel::delete(password_resets::table)
        .filter(password_resets::owner.eq(owner.0))
        .execute(conn)
        .await
}

pub(super) async fn list_tokens(
    conn: &mut AsyncPgConnection,
    owner: UserId,
) -> QueryResult<Vec<Token>> {
    let rows: Vec<TokenRow> = api_tokens::table
        .filter(api_tokens::owner.eq(owner.0))
        .order((api_tokens::created_at.desc(), api_tokens::id.desc()))
        .select(TokenRow::as_select())
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(Token::from).collect())
}

/// Stores a token; `None` when the person has one of that name.
pub(super) async fn insert_token(
    conn: &mut AsyncPgConnection,
    owner: UserId,
    token: &Token,
    hash: Hash,
    entry: &NewEntry,
) -> QueryResult<Option<Token>> {
    let scopes: Vec<&str> = token.scopes.iter().map(|scope| scope.as_str()).collect();
    conn.transaction(async |conn| {
        let row: Option<TokenRow> = diesel::insert_into(api_tokens::table)
            .values((
                api_tokens::id.eq(token.id.0),
                api_tokens::owner.eq(owner.0),
                api_tokens::name.eq(&token.name),
                api_tokens::token_hash.eq(&hash.0[..]),
                api_tokens::scopes.eq(&scopes),
                api_tokens::created_at.eq(token.created_at),
                api_tokens::expires_at.eq(token.expires_at),
            ))
            .on_conflict((api_tokens::owner, api_tokens::name))
            .do_nothing()
            .returning(TokenRow::as_returning())
            .get_result(conn)
            .await
            .optional()?;
        if row.is_some() {
            store_audit::insert(conn, entry).await?;
        }
        Ok(row.map(Token::from))
    })
    .await
}

/// Deletes a token; false where there is none.
pub(super) async fn delete_token(
    conn: &mut AsyncPgConnection,
    owner: UserId,
    id: TokenId,
    entry: NewEntry,
) -> QueryResult<bool> {
    conn.transaction(async |conn| {
        let revoked: Option<String> = diesel::delete(api_tokens::table)
            .filter(api_tokens::owner.eq(owner.0))
            .filter(api_tokens::id.eq(id.0))
            .returning(api_tokens::name)
            .get_result(conn)
            .await
            .optional()?;
        let is_there = revoked.is_some();
        if let Some(name) = revoked {
            store_audit::insert(conn, &entry.with("name", name)).await?;
        }
        Ok(is_there)
    })
    .await
}

pub(super) async fn touch_token(
    conn: &mut AsyncPgConnection,
    owner: UserId,
    id: TokenId,
    now: DateTime<Utc>,
) -> QueryResult<usize> {
    diesel::update(api_tokens::table)
        .filter(api_tokens::owner.eq(owner.0))
        .filter(api_tokens::id.eq(id.0))
        .set(api_tokens::last_used_at.eq(now))
        .execute(conn)
        .await
}
