alter table items drop column whereabouts;
