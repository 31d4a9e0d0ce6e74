alter table outfits drop column changes;
