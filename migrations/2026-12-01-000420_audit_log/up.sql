-- What was done with accounts, by whom and from where. Entries outlive the people they are about, who are ids by then;
-- nothing refers to anything.
create table audit_log (
    id         uuid primary key,
    at         timestamptz not null,
    action     text not null check (action in (
        'sign-up', 'sign-in', 'sign-in-failed', 'sign-out', 'session-ended', 'other-sessions-ended',
        'password-changed', 'password-reset-asked', 'password-reset', 'password-set',
        'token-made', 'token-revoked', 'account-made', 'account-exported', 'account-deleted', 'role-changed')),
    -- Null: whoever runs the server, or nobody knows.
    actor      uuid,
    subject    uuid not null,
    address    text check (length(address) <= 64),
    agent      text check (length(agent) <= 80),
    details    jsonb not null check (jsonb_typeof(details) = 'object' and length(details::text) <= 1000),
    request_id uuid
);
create index audit_log_subject on audit_log (subject, at desc, id desc);
create index audit_log_at on audit_log (at desc, id desc);

-- Entries are never changed, but lose what is personal in them when somebody goes.
create function keep_audit_log() returns trigger language plpgsql as $$
begin
    if (new.id, new.at, new.action, new.actor, new.subject, new.request_id)
           is distinct from (old.id, old.at, old.action, old.actor, old.subject, old.request_id)
       or new.address is not null or new.agent is not null or new.details <> '{}' then
        raise exception 'entries of the audit log are never changed';
    end if;
    return new;
end $$;
create trigger audit_log_kept before update on audit_log
    for each row execute function keep_audit_log();

create function forget_in_audit_log() returns trigger language plpgsql as $$
begin
    update audit_log set address = null, agent = null, details = '{}'
     where subject = old.id or actor = old.id;
    return null;
end $$;
create trigger users_forgotten after delete on users
    for each row execute function forget_in_audit_log();
