-- By what a person tells their sign-ins apart. Sessions of before, and of the previous version, have no place.
alter table sessions
    add column id      uuid not null default gen_random_uuid(),
    add column address text check (length(address) <= 64),
    add column agent   text check (length(agent) <= 80);
alter table sessions add constraint sessions_id_key unique (id);
