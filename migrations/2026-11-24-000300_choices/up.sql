-- How a first suggestion was chosen among others, and how likely it was: what other ways to choose would have earned can
-- be told from it later.
create table choices (
    outfit_id  uuid primary key references outfits on delete cascade,
    -- φ of the outfits considered, row by row, as little-endian 32-bit floats.
    considered bytea not null,
    features   smallint not null check (features > 0),
    chosen     smallint not null check (chosen >= 0),
    propensity real not null check (propensity > 0 and propensity <= 1),
    check (octet_length(considered) % (4 * features) = 0),
    check (chosen < octet_length(considered) / (4 * features))
);
