//! What is in an export: which table goes into which file.
//!
//! Every table with an owner is named here, as a part or as left out; a test asks the catalogue.

/// One file of an export.
#[derive(Debug)]
pub struct Part {
    /// Its name in the archive.
    pub file: &'static str,
    /// Whose rows it holds, as `t`.
    pub table: &'static str,
    /// The column that says whose they are.
    pub(super) owner: &'static str,
    /// A text that is different for each of a person's rows.
    pub(super) key: &'static str,
    /// A row as `jsonb`.
    pub(super) row: &'static str,
}

/// Tables with an owner that are in no export, and why.
pub const LEFT_OUT: [(&str, &str); 3] = [
    (
        "changes",
        "which garments changed in the last days, for the index",
    ),
    (
        "idempotency_keys",
        "answers kept for a day, in case a request is sent twice",
    ),
    (
        "password_resets",
        "the hash of a secret that works for half an hour",
    ),
];

/// The files. Hashes of secrets are in none.
pub const PARTS: [Part; 11] = [
    Part {
        file: "account.json",
        table: "users",
        owner: "id",
        key: "t.id::text",
        row: "to_jsonb(t) - 'password_hash'",
    },
    Part {
        file: "sessions.json",
        table: "sessions",
        owner: "owner",
        key: "t.id::text",
        row: "to_jsonb(t) - 'token_hash'",
    },
    Part {
        file: "tokens.json",
        table: "api_tokens",
        owner: "owner",
        key: "t.id::text",
        row: "to_jsonb(t) - 'token_hash'",
    },
    Part {
        file: "audit.json",
        table: "audit_log",
        owner: "subject",
        key: "t.id::text",
        row: "to_jsonb(t)",
    },
    Part {
        file: "garments.json",
        table: "items",
        owner: "owner",
        key: "t.id::text",
        row: "to_jsonb(t) || jsonb_build_object(
            'photo', 'photos/' || t.image_id || '.jpg',
            'attributes', (select coalesce(jsonb_agg(to_jsonb(a) - 'item_id' order by a.name, a.source), '[]')
                             from item_attributes a where a.item_id = t.id),
            'colours', (select coalesce(jsonb_agg(to_jsonb(c) - 'item_id' order by c.rank), '[]')
                          from item_colours c where c.item_id = t.id))",
    },
    Part {
        file: "photos.json",
        table: "images",
        owner: "owner",
        key: "t.id::text",
        row: "to_jsonb(t) || jsonb_build_object('photo', 'photos/' || t.id || '.jpg')",
    },
    Part {
        file: "embeddings.json",
        table: "embeddings",
        owner: "owner",
        key: "t.item_id::text || t.space || t.pack",
        row: "to_jsonb(t) || jsonb_build_object('vector', translate(encode(t.vector, 'base64'), chr(10), ''))",
    },
    Part {
        file: "outfits.json",
        table: "outfits",
        owner: "owner",
        key: "t.id::text",
        row: "to_jsonb(t) || jsonb_build_object(
            'items', (select coalesce(jsonb_agg(to_jsonb(i) - 'outfit_id' order by i.rank), '[]')
                        from outfit_items i where i.outfit_id = t.id),
            'choice', (select to_jsonb(c) - 'outfit_id' || jsonb_build_object('considered', translate(encode(c.considered, 'base64'), chr(10), ''))
                         from choices c where c.outfit_id = t.id))",
    },
    Part {
        file: "feedback.json",
        table: "feedback_events",
        owner: "owner",
        key: "t.id::text",
        row: "to_jsonb(t) || jsonb_build_object(
            'items', (select coalesce(jsonb_agg(to_jsonb(i) - 'event_id' order by i.role, i.item_id), '[]')
                        from feedback_items i where i.event_id = t.id))",
    },
    Part {
        file: "learned.json",
        table: "user_states",
        owner: "owner",
        key: "t.owner::text",
        row: "to_jsonb(t)",
    },
    Part {
        file: "tastes.json",
        table: "taste_embeddings",
        owner: "owner",
        key: "t.space || t.pack || lpad(t.rank::text, 10, '0')",
        row: "to_jsonb(t) || jsonb_build_object('vector', translate(encode(t.vector, 'base64'), chr(10), ''))",
    },
];
