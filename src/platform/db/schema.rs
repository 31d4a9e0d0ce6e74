//! The tables as diesel sees them. `tests/it/schema.rs` compares this with the migrated database.
#![expect(missing_docs, reason = "the columns are documented in migrations/")]

diesel::table! { users (id) {
    id -> Uuid, email -> Text, display_name -> Text, password_hash -> Text, role -> Text,
    created_at -> Timestamptz,
} }

diesel::table! { sessions (token_hash) {
    token_hash -> Bytea, owner -> Uuid, created_at -> Timestamptz, expires_at -> Timestamptz,
    last_used_at -> Timestamptz, id -> Uuid, address -> Nullable<Text>, agent -> Nullable<Text>,
} }

diesel::table! { password_resets (owner) {
    owner -> Uuid, token_hash -> Bytea, created_at -> Timestamptz, expires_at -> Timestamptz,
} }

diesel::table! { api_tokens (id) {
    id -> Uuid, owner -> Uuid, name -> Text, token_hash -> Bytea, scopes -> Array<Text>,
    created_at -> Timestamptz, expires_at -> Nullable<Timestamptz>,
    last_used_at -> Nullable<Timestamptz>,
} }

diesel::table! { audit_log (id) {
    id -> Uuid, at -> Timestamptz, action -> Text, actor -> Nullable<Uuid>, subject -> Uuid,
    address -> Nullable<Text>, agent -> Nullable<Text>, details -> Jsonb,
    request_id -> Nullable<Uuid>,
} }

diesel::table! { idempotency_keys (owner, route, key) {
    owner -> Uuid, key -> Text, route -> Text, request_hash -> Bytea, status -> Nullable<Int4>,
    body -> Nullable<Bytea>, created_at -> Timestamptz,
} }

diesel::table! { images (id) {
    id -> Uuid, owner -> Uuid, source_sha256 -> Bytea, width -> Int4, height -> Int4,
    created_at -> Timestamptz,
} }

diesel::table! { image_variants (image_id, kind) {
    image_id -> Uuid, kind -> Text, media_type -> Text, sha256 -> Bytea, bytes -> Bytea,
} }

diesel::table! { items (id) {
    id -> Uuid, owner -> Uuid, image_id -> Uuid, name -> Nullable<Text>, state -> Text,
    failure -> Nullable<Text>, attempts -> Int4, pack -> Nullable<Text>, caption -> Nullable<Text>,
    is_clean -> Bool, whereabouts -> Text, created_at -> Timestamptz, updated_at -> Timestamptz,
    deleted_at -> Nullable<Timestamptz>,
} }

diesel::table! { item_attributes (item_id, name, source) {
    item_id -> Uuid, name -> Text, source -> Text, value -> Text, probability -> Nullable<Float4>,
    is_sure -> Bool, expectation -> Nullable<Float4>, alternatives -> Jsonb,
} }

diesel::table! { item_colours (item_id, rank) {
    item_id -> Uuid, rank -> Int4, name -> Text, hex -> Text, l -> Float4, a -> Float4,
    b -> Float4, share -> Float4,
} }

diesel::table! { embeddings (item_id, space, pack) {
    item_id -> Uuid, owner -> Uuid, space -> Text, pack -> Text, vector -> Bytea,
} }

diesel::table! { installation (id) {
    id -> Uuid,
} }

diesel::table! { outfits (id) {
    id -> Uuid, owner -> Uuid, request -> Jsonb, score -> Float4, probability -> Float4,
    sentence -> Text, changes -> Jsonb, parts -> Jsonb, features -> Array<Float4>, pack -> Text,
    fusion_version -> Text, seed -> Int8, created_at -> Timestamptz,
} }

diesel::table! { outfit_items (outfit_id, item_id) {
    outfit_id -> Uuid, item_id -> Uuid, slot -> Text, rank -> Int4, score -> Float4,
    parts -> Jsonb,
} }

diesel::table! { feedback_events (id) {
    seq -> Int8, id -> Uuid, owner -> Uuid, outfit_id -> Nullable<Uuid>, kind -> Text,
    rating -> Nullable<Int2>, reason -> Nullable<Text>, evidence -> Jsonb, sentence -> Text,
    created_at -> Timestamptz, piece -> Nullable<Int2>,
} }

diesel::table! { feedback_items (event_id, item_id, role) {
    event_id -> Uuid, item_id -> Uuid, role -> Text, worn_at -> Nullable<Timestamptz>,
} }

diesel::table! { user_states (owner) {
    owner -> Uuid, watermark -> Int8, events -> Int4, version -> Text, state -> Jsonb,
    updated_at -> Timestamptz, prior -> Nullable<Int8>,
} }

diesel::table! { choices (outfit_id) {
    outfit_id -> Uuid, considered -> Bytea, features -> Int2, chosen -> Int2, propensity -> Float4,
} }

diesel::table! { shared_priors (version) {
    version -> Int8, fusion_version -> Text, people -> Int4, mean -> Array<Float8>,
    covariance -> Array<Float8>, watermark -> Int8, created_at -> Timestamptz,
} }

diesel::table! { taste_embeddings (owner, space, pack, rank) {
    owner -> Uuid, space -> Text, pack -> Text, rank -> Int4, weight -> Float4, vector -> Bytea,
} }

diesel::table! { crowds (version) {
    version -> Int8, pack -> Text, people -> Int4, origin -> Bytea, watermark -> Int8,
    events -> Int8, created_at -> Timestamptz,
} }

diesel::table! { crowd_groups (version, number) {
    version -> Int8, number -> Int4, people -> Int4, mean -> Bytea,
} }

diesel::table! { crowd_centres (version, number, rank) {
    version -> Int8, number -> Int4, rank -> Int4, people -> Int4, weight -> Float4,
    vector -> Bytea,
} }

diesel::table! { alert_rules (id) {
    id -> Uuid, file_rule -> Nullable<Text>, kind -> Text, name -> Text, expression -> Text,
    for_seconds -> Int8, keep_firing_for_seconds -> Int8, labels -> Jsonb, annotations -> Jsonb,
    is_enabled -> Bool, created_at -> Timestamptz, updated_at -> Timestamptz,
} }

diesel::table! { silences (id) {
    id -> Uuid, matchers -> Jsonb, starts_at -> Timestamptz, ends_at -> Timestamptz,
    weekly -> Nullable<Jsonb>, comment -> Text, created_by -> Nullable<Uuid>,
    created_at -> Timestamptz,
} }

diesel::table! { alert_changes (id) {
    id -> Int8, at -> Timestamptz, who -> Nullable<Uuid>, action -> Text, subject -> Text,
    named -> Text, detail -> Jsonb,
} }

diesel::table! { alert_history (id) {
    id -> Uuid, at -> Timestamptz, fingerprint -> Text, name -> Text, severity -> Text,
    state -> Text, labels -> Jsonb, annotations -> Jsonb, value -> Nullable<Float8>,
} }

diesel::table! { alert_state (id) {
    id -> Bool, saved_at -> Timestamptz, state -> Jsonb,
} }

diesel::table! { alert_queue (id) {
    id -> Uuid, receiver -> Text, message -> Jsonb, made_at -> Timestamptz, attempts -> Int4,
    due_at -> Timestamptz, last_error -> Nullable<Text>,
} }

diesel::table! { alert_receivers (name) {
    name -> Text, is_up -> Bool, last_attempt_at -> Timestamptz, last_error -> Nullable<Text>,
} }

diesel::table! { monitoring_series (id) {
    id -> Int4, instance -> Text, expression -> Text, labels -> Jsonb,
} }

diesel::table! { monitoring_values (series, at) {
    series -> Int4, at -> Timestamptz, value -> Float8,
} }

diesel::table! { monitoring_health (instance, check_name, at) {
    instance -> Text, check_name -> Text, at -> Timestamptz, status -> Text, detail -> Text,
    took_ms -> Int4,
} }

diesel::allow_tables_to_appear_in_same_query!(
    users,
    sessions,
    password_resets,
    api_tokens,
    audit_log,
    images,
    image_variants,
    items,
    item_attributes,
    item_colours,
    embeddings,
    outfits,
    outfit_items,
    feedback_events,
    feedback_items,
    user_states,
    taste_embeddings,
    shared_priors,
    choices,
    crowds,
    crowd_groups,
    crowd_centres,
    silences,
    alert_changes,
);
