drop trigger users_forgotten on users;
drop function forget_in_audit_log();
drop table audit_log;
drop function keep_audit_log();
