-- Learned state that knows of these events is of a version that an older program does not read.
delete from feedback_events where piece is not null;
alter table feedback_events
    drop constraint feedback_events_of_a_piece,
    drop column piece,
    drop constraint feedback_events_kind_check,
    add constraint feedback_events_kind_check check (kind in (
        'like', 'dislike', 'save', 'skip', 'wear', 'wore_instead', 'rating'));
