//! Packs that are not as they should be.
use super::{services, shuffled_pack::shuffled_pack};
use flashfit::{
    app,
    engines::vision::{Pack, Vision},
};

/// One that knows nothing, ready to run.
pub(crate) fn shuffled() -> Vision {
    let folder = shuffled_pack();
    let mut settings: app::Settings = app::sources::layers(None, &vec![]).extract().unwrap();
    settings.data_dir = services::model_folder();
    settings.models.sessions = 1;
    let pack = Pack::open(folder.path()).unwrap();
    Vision::load(pack, &app::vision_options(&settings)).unwrap()
}
