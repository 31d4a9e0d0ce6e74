-- Who may choose a new password without the old one. A person has one at most: a newer one takes its place. The secret is
-- 256 random bits, sent by mail; only its SHA-256 is kept.
create table password_resets (
    owner      uuid primary key references users on delete cascade,
    token_hash bytea not null check (octet_length(token_hash) = 32),
    created_at timestamptz not null,
    expires_at timestamptz not null check (expires_at > created_at),
    constraint password_resets_token_hash_key unique (token_hash)
);
create index password_resets_expires_at on password_resets (expires_at);
