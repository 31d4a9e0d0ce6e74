drop table installation;
drop trigger items_changed on items;
drop trigger items_inserted on items;
drop function record_item_change();
drop table changes;
drop function announce_change();
