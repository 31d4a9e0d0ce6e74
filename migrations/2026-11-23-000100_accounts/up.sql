-- People and what lets them in.
create table users (
    id            uuid primary key,
    email         text not null check (email = lower(email) and position('@' in email) > 1 and length(email) <= 254),
    display_name  text not null check (length(display_name) between 1 and 80),
    password_hash text not null check (password_hash like '$argon2id$%'),
    role          text not null check (role in ('admin', 'member')),
    created_at    timestamptz not null,
    constraint users_email_key unique (email)
);

-- A session token is 256 random bits; only its SHA-256 is kept.
create table sessions (
    token_hash   bytea primary key check (octet_length(token_hash) = 32),
    owner        uuid not null references users on delete cascade,
    created_at   timestamptz not null,
    expires_at   timestamptz not null check (expires_at > created_at),
    last_used_at timestamptz not null
);
create index sessions_owner on sessions (owner);
create index sessions_expires_at on sessions (expires_at);

create table api_tokens (
    id           uuid primary key,
    owner        uuid not null references users on delete cascade,
    name         text not null check (length(name) between 1 and 80),
    token_hash   bytea not null check (octet_length(token_hash) = 32),
    scopes       text[] not null check (cardinality(scopes) > 0 and scopes <@ array['read', 'write']),
    created_at   timestamptz not null,
    expires_at   timestamptz check (expires_at > created_at),
    last_used_at timestamptz,
    constraint api_tokens_token_hash_key unique (token_hash),
    constraint api_tokens_owner_name_key unique (owner, name)
);

-- Answers already given to requests that carried an Idempotency-Key.
create table idempotency_keys (
    owner        uuid not null references users on delete cascade,
    key          text not null check (length(key) between 1 and 200),
    route        text not null,
    request_hash bytea not null check (octet_length(request_hash) = 32),
    status       int,
    body         bytea,
    created_at   timestamptz not null,
    primary key (owner, route, key),
    check ((status is null) = (body is null))
);
create index idempotency_keys_created_at on idempotency_keys (created_at);
