-- What one expression of a dashboard gave a line for: which process, which expression, which labels.
create table monitoring_series (
    id         int generated always as identity primary key,
    -- A process by its host and port, so that it is the same one after a restart.
    instance   text not null,
    expression text not null,
    labels     jsonb not null,
    unique (instance, expression, labels)
);

-- Its value every five minutes.
create table monitoring_values (
    series int not null references monitoring_series on delete cascade,
    at     timestamptz not null,
    value  double precision not null,
    primary key (series, at)
);
-- Rows come in the order of time, so a small index is enough to find the old ones.
create index monitoring_values_at on monitoring_values using brin (at);

-- What the periodic checks found: each change at once, and what stays as it is every five minutes.
create table monitoring_health (
    instance   text not null,
    check_name text not null,
    at         timestamptz not null,
    status     text not null check (status in ('ok', 'degraded', 'failed')),
    detail     text not null,
    took_ms    int not null,
    primary key (instance, check_name, at)
);
create index monitoring_health_at on monitoring_health (at);
