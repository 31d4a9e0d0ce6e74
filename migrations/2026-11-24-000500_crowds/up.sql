-- What people of like taste like. A version is never changed; old ones are deleted. Nothing here belongs to a person,
-- and no row comes from fewer than five.
create table crowds (
    version    bigint generated always as identity primary key,
    -- Its vectors mean nothing to another.
    pack       text not null,
    people     int not null check (people >= 5),
    -- Where interests lie on average: little-endian 32-bit floats, as all vectors here.
    origin     bytea not null,
    -- The log up to here was known, and held so many events then: fewer now means that some were taken back.
    watermark  bigint not null,
    events     bigint not null,
    created_at timestamptz not null
);

create table crowd_groups (
    version bigint not null references crowds on delete cascade,
    number  int not null,
    people  int not null check (people >= 5),
    -- Where its members' tastes point on average.
    mean    bytea not null,
    primary key (version, number)
);

-- What they like (positive weight) and dislike (negative).
create table crowd_centres (
    version bigint not null,
    number  int not null,
    rank    int not null,
    people  int not null check (people >= 5),
    weight  real not null check (weight <> 0),
    vector  bytea not null,
    primary key (version, number, rank),
    foreign key (version, number) references crowd_groups on delete cascade
);

create function refuse_crowd_change() returns trigger language plpgsql as $$
begin
    raise exception 'what was estimated is never changed';
end;
$$;
create trigger crowds_stay before update on crowds for each row execute function refuse_crowd_change();
create trigger crowd_groups_stay before update on crowd_groups for each row execute function refuse_crowd_change();
create trigger crowd_centres_stay before update on crowd_centres for each row execute function refuse_crowd_change();
