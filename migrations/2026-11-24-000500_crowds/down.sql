drop table crowd_centres;
drop table crowd_groups;
drop table crowds;
drop function refuse_crowd_change();
