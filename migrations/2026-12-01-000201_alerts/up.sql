-- Rules that administrators add, and those that they say otherwise than the rule file does.
create table alert_rules (
    id                       uuid primary key,
    -- The rule of the file that this one takes the place of.
    file_rule                text unique check (length(file_rule) between 1 and 200),
    kind                     text not null check (kind in ('alerting', 'recording')),
    name                     text not null check (length(name) between 1 and 200),
    expression               text not null check (length(expression) between 1 and 10000),
    for_seconds              bigint not null check (for_seconds >= 0),
    keep_firing_for_seconds  bigint not null check (keep_firing_for_seconds >= 0),
    labels                   jsonb not null check (jsonb_typeof(labels) = 'object'),
    annotations              jsonb not null check (jsonb_typeof(annotations) = 'object'),
    is_enabled               boolean not null,
    created_at               timestamptz not null,
    updated_at               timestamptz not null check (updated_at >= created_at)
);

-- What is not told for a while. Who said so may be gone; the silence stays.
create table silences (
    id          uuid primary key,
    matchers    jsonb not null check (jsonb_typeof(matchers) = 'array' and jsonb_array_length(matchers) > 0),
    starts_at   timestamptz not null,
    ends_at     timestamptz not null check (ends_at >= starts_at),
    weekly      jsonb check (jsonb_typeof(weekly) = 'object'),
    comment     text not null check (length(comment) <= 2000),
    created_by  uuid references users on delete set null,
    created_at  timestamptz not null
);
create index silences_ends_at on silences (ends_at);

-- Who changed which silence or rule, and to what.
create table alert_changes (
    id       bigint generated always as identity primary key,
    at       timestamptz not null,
    who      uuid references users on delete set null,
    action   text not null check (action in ('create', 'change', 'end', 'delete')),
    subject  text not null check (subject in ('silence', 'rule')),
    named    text not null,
    detail   jsonb not null
);
create index alert_changes_at on alert_changes (at);

-- What became of alerts: one row whenever one begins to wait, to fire, or is over.
create table alert_history (
    id           uuid primary key,
    at           timestamptz not null,
    fingerprint  text not null check (fingerprint ~ '^[0-9a-f]{16}$'),
    name         text not null,
    severity     text not null,
    state        text not null check (state in ('pending', 'firing', 'resolved')),
    labels       jsonb not null check (jsonb_typeof(labels) = 'object'),
    annotations  jsonb not null check (jsonb_typeof(annotations) = 'object'),
    -- Null where it is no finite number.
    value        double precision
);
create index alert_history_at on alert_history (at desc, id desc);
create index alert_history_name on alert_history (name, at desc, id desc);

-- Alerts and groups as whoever evaluates last wrote them: one row, written over the connection that holds the lock.
create table alert_state (
    id        boolean primary key default true check (id),
    saved_at  timestamptz not null,
    state     jsonb not null
);

-- Messages that no receiver has taken yet.
create table alert_queue (
    id          uuid primary key,
    receiver    text not null,
    message     jsonb not null check (jsonb_typeof(message) = 'object'),
    made_at     timestamptz not null,
    attempts    int not null check (attempts >= 0),
    due_at      timestamptz not null,
    last_error  text
);

-- How the last attempt to tell each receiver went.
create table alert_receivers (
    name             text primary key,
    is_up            boolean not null,
    last_attempt_at  timestamptz not null,
    last_error       text,
    check (is_up = (last_error is null))
);
