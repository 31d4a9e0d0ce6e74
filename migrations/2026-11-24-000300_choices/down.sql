drop table choices;
