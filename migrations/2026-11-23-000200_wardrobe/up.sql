-- Photos, re-encoded without EXIF. `source_sha256` is of the bytes as uploaded: it recognises duplicates.
create table images (
    id            uuid primary key,
    owner         uuid not null references users on delete cascade,
    source_sha256 bytea not null check (octet_length(source_sha256) = 32),
    width         int not null check (width > 0),
    height        int not null check (height > 0),
    created_at    timestamptz not null,
    constraint images_owner_source_key unique (owner, source_sha256)
);

-- The photo itself and its thumbnails; `sha256` is of `bytes` and serves as the ETag.
create table image_variants (
    image_id   uuid not null references images on delete cascade,
    kind       text not null check (kind in ('photo', 'large', 'small')),
    media_type text not null check (media_type in ('image/jpeg', 'image/webp')),
    sha256     bytea not null check (octet_length(sha256) = 32),
    bytes      bytea not null check (octet_length(bytes) > 0),
    primary key (image_id, kind)
);
-- Pictures are compressed already.
alter table image_variants alter column bytes set storage external;

create table items (
    id         uuid primary key,
    owner      uuid not null references users on delete cascade,
    image_id   uuid not null references images on delete cascade,
    -- What the person calls it; until then the caption stands in.
    name       text check (length(name) between 1 and 120),
    state      text not null check (state in ('pending', 'processing', 'ready', 'failed')),
    failure    text check ((state = 'failed') = (failure is not null)),
    attempts   int not null default 0 check (attempts >= 0),
    pack       text,
    caption    text,
    is_clean   boolean not null default true,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    deleted_at timestamptz,
    constraint items_image_key unique (image_id),
    check (state <> 'ready' or (pack is not null and caption is not null))
);
create index items_owner_created on items (owner, created_at desc, id desc);
create index items_waiting on items (created_at) where state in ('pending', 'processing');
create index items_deleted on items (deleted_at) where deleted_at is not null;

-- What a garment is: what the models said, and what the person said instead. The person wins.
create table item_attributes (
    item_id      uuid not null references items on delete cascade,
    name         text not null,
    source       text not null check (source in ('model', 'person')),
    value        text not null check (length(value) between 1 and 80),
    probability  real check (probability between 0 and 1),
    is_sure      boolean not null,
    expectation  real,
    alternatives jsonb not null default '[]',
    primary key (item_id, name, source),
    check ((source = 'model') = (probability is not null))
);
create index item_attributes_value on item_attributes (name, value);

create table item_colours (
    item_id uuid not null references items on delete cascade,
    rank    int not null check (rank >= 0),
    name    text not null,
    hex     text not null check (hex ~ '^#[0-9a-f]{6}$'),
    l       real not null,
    a       real not null,
    b       real not null,
    share   real not null check (share > 0 and share <= 1.0001),
    primary key (item_id, rank)
);

-- Unit vectors as little-endian 32-bit floats, per model space and pack.
create table embeddings (
    item_id uuid not null references items on delete cascade,
    owner   uuid not null references users on delete cascade,
    space   text not null check (space in ('clip', 'blip', 'fashion')),
    pack    text not null,
    vector  bytea not null check (octet_length(vector) > 0 and octet_length(vector) % 4 = 0),
    primary key (item_id, space, pack)
);
create index embeddings_owner on embeddings (owner, pack);

-- What holds: one row per garment and attribute, the person's word before the model's.
create view effective_attributes as
    select distinct on (item_id, name) item_id, name, source, value, probability, is_sure, expectation
      from item_attributes
     order by item_id, name, source desc;
