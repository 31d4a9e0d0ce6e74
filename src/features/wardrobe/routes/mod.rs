//! `/api/wardrobe`: HTTP in, HTTP out, nothing decided here.
mod events;
mod items;
mod photos;
mod vocabulary;
pub mod wire;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of this feature. Fixed words come before `{id}`.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(vocabulary::get_vocabulary)
        .service(photos::upload_photos)
        .service(events::watch_items)
        .service(items::list_items)
        .service(items::get_summary)
        .service(items::get_item)
        .service(items::edit_item)
        .service(items::delete_item)
        .service(items::restore_item)
        .service(items::reprocess_item)
        .service(photos::get_picture);
}

pub use photos::read_photo;
