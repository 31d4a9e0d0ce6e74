drop table taste_embeddings;
drop table user_states;
drop table feedback_items;
drop table feedback_events;
drop table outfit_items;
drop table outfits;
