-- What people say of pieces that are shown to them before they have suggestions to answer: in no outfit, once a piece.
alter table feedback_events
    drop constraint feedback_events_kind_check,
    add constraint feedback_events_kind_check check (kind in (
        'like', 'dislike', 'save', 'skip', 'wear', 'wore_instead', 'rating', 'would_wear', 'would_not_wear')),
    add column piece smallint check (piece > 0),
    add constraint feedback_events_of_a_piece check (
        (kind in ('would_wear', 'would_not_wear')) = (piece is not null) and (piece is null or outfit_id is null));
create unique index feedback_events_piece on feedback_events (owner, piece) where piece is not null;
