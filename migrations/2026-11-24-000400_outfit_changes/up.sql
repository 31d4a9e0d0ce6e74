-- What would have changed how much an outfit was liked, as it was told.
alter table outfits add column changes jsonb not null default '[]';
