delete from feedback_events where kind in ('too_warm', 'too_cold');
alter table feedback_events
    drop constraint feedback_events_kind_check,
    add constraint feedback_events_kind_check check (kind in (
        'like', 'dislike', 'save', 'skip', 'wear', 'wore_instead', 'rating', 'would_wear', 'would_not_wear'));
