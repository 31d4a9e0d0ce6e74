alter table sessions drop column id, drop column address, drop column agent;
