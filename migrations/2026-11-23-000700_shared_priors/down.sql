alter table user_states drop column prior;
drop table shared_priors;
drop function refuse_change();
