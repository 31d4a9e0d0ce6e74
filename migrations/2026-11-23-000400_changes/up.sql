-- What other instances, and the index of this one, must hear about. Sequence numbers become visible out
-- of order under concurrent commits, so readers go by transaction id (`xid`).
create table changes (
    seq   bigint generated always as identity primary key,
    xid   xid8 not null default pg_current_xact_id(),
    -- No reference: a deletion is a change too, and must outlive what it is about.
    owner uuid not null,
    item_id uuid not null,
    created_at timestamptz not null default now()
);
create index changes_xid on changes (xid);
create index changes_created_at on changes (created_at);

create function announce_change() returns trigger language plpgsql as $$
begin
    perform pg_notify('flashfit_changes', '');
    return null;
end $$;
create trigger changes_notify after insert on changes
    for each statement execute function announce_change();

-- Every write that alters what the index holds appends to the feed in the same transaction.
create function record_item_change() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        insert into changes (owner, item_id) values (old.owner, old.id);
    else
        insert into changes (owner, item_id) values (new.owner, new.id);
    end if;
    return null;
end $$;
create trigger items_inserted after insert or delete on items
    for each row execute function record_item_change();
create trigger items_changed after update on items
    for each row when (old.* is distinct from new.*) execute function record_item_change();

-- Which database this is: what is derived from another one must not be mixed up with it.
create table installation (
    id uuid primary key default gen_random_uuid()
);
insert into installation default values;
