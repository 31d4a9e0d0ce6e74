drop table alert_receivers;
drop table alert_queue;
drop table alert_state;
drop table alert_history;
drop table alert_changes;
drop table silences;
drop table alert_rules;
