-- Where everybody's weights start, estimated from everybody: one row per estimate, never changed. The table
-- that is set by hand is version 0 and lives in the program.
create table shared_priors (
    version        bigint primary key check (version > 0),
    fusion_version text not null,
    -- Estimated from fewer, it would tell about them.
    people         int not null check (people >= 5),
    mean           float8[] not null check (cardinality(mean) > 0),
    -- Row by row.
    covariance     float8[] not null check (cardinality(covariance) = cardinality(mean) * cardinality(mean)),
    -- The log up to here was known.
    watermark      bigint not null,
    created_at     timestamptz not null
);

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'a version of the shared prior is never changed';
end;
$$;
create trigger shared_priors_stay before update or delete on shared_priors
    for each row execute function refuse_change();

-- What a person's state was folded from; none is the table set by hand. It changes only with a new fold.
alter table user_states add column prior bigint references shared_priors;
