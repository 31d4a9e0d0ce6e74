-- Outfits as they were suggested: what was shown, why, and the features learning needs.
create table outfits (
    id             uuid primary key,
    owner          uuid not null references users on delete cascade,
    request        jsonb not null,
    score          real not null,
    probability    real not null check (probability between 0 and 1),
    sentence       text not null,
    parts          jsonb not null,
    features       real[] not null,
    pack           text not null,
    fusion_version text not null,
    seed           bigint not null,
    created_at     timestamptz not null
);
create index outfits_owner_created on outfits (owner, created_at desc, id desc);

create table outfit_items (
    outfit_id uuid not null references outfits on delete cascade,
    item_id   uuid not null references items on delete cascade,
    slot      text not null,
    rank      int not null check (rank >= 0),
    score     real not null,
    parts     jsonb not null,
    primary key (outfit_id, item_id)
);
create index outfit_items_item on outfit_items (item_id);

-- The truth about what a person thinks. Append only, but for undo, which deletes one row.
create table feedback_events (
    seq             bigint generated always as identity,
    id              uuid primary key,
    owner           uuid not null references users on delete cascade,
    outfit_id       uuid references outfits on delete set null,
    kind            text not null check (kind in ('like', 'dislike', 'save', 'skip', 'wear', 'wore_instead', 'rating')),
    rating          smallint check (rating between 1 and 5),
    reason          text check (reason in ('colour', 'fit', 'too_warm', 'too_cold', 'too_formal', 'worn_recently', 'not_together')),
    -- The event as learning sees it: features and embeddings at that moment, so that a replay is exact.
    evidence        jsonb not null,
    sentence        text not null,
    created_at      timestamptz not null,
    constraint feedback_events_seq_key unique (seq),
    check ((kind = 'rating') = (rating is not null))
);
create index feedback_events_owner on feedback_events (owner, seq);
create index feedback_events_outfit on feedback_events (outfit_id);

-- Which garments an event was about: shown, or worn instead. Wears are counted here.
create table feedback_items (
    event_id uuid not null references feedback_events on delete cascade,
    item_id  uuid not null references items on delete cascade,
    role     text not null check (role in ('shown', 'worn')),
    worn_at  timestamptz check ((role = 'worn') = (worn_at is not null)),
    primary key (event_id, item_id, role)
);
create index feedback_items_item on feedback_items (item_id, worn_at desc);

-- Derived from feedback_events up to `watermark`; may be thrown away and folded again at any time.
create table user_states (
    owner      uuid primary key references users on delete cascade,
    watermark  bigint not null,
    events     int not null check (events >= 0),
    version    text not null,
    state      jsonb not null,
    updated_at timestamptz not null
);

-- The taste part of user_states, one row per interest, in the form the index wants.
create table taste_embeddings (
    owner  uuid not null references users on delete cascade,
    space  text not null check (space in ('clip', 'blip', 'fashion')),
    pack   text not null,
    rank   int not null check (rank >= 0),
    weight real not null,
    vector bytea not null check (octet_length(vector) > 0 and octet_length(vector) % 4 = 0),
    primary key (owner, space, pack, rank)
);
