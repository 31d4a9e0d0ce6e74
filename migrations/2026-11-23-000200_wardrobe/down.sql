drop view effective_attributes;
drop table embeddings;
drop table item_colours;
drop table item_attributes;
drop table items;
drop table image_variants;
drop table images;
