-- Where a garment is: what is lent to somebody or packed in a case cannot be worn.
alter table items add column whereabouts text not null default 'at-hand'
    check (whereabouts in ('at-hand', 'lent', 'packed'));
