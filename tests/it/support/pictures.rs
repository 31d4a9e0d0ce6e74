//! Pictures to upload.
use flashfit::engines::{
    illustrate::{Design, demo_wardrobe, random_design},
    vision::Photo,
};
use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{LazyLock, Mutex},
};

/// Small, so that a test does not wait for pixels it does not need.
const LONGEST_SIDE: u32 = 320;

/// A drawn garment as a JPEG file; another seed, another garment.
pub(crate) fn garment(seed: u64) -> (String, Vec<u8>) {
    drawn(&random_design(seed))
}

/// A design as a JPEG file, drawn once for all tests.
pub(crate) fn drawn(design: &Design) -> (String, Vec<u8>) {
    static DRAWN: LazyLock<Mutex<HashMap<String, Vec<u8>>>> = LazyLock::new(Mutex::default);
    // Designs made at random share their names.
    let key = format!("{design:?}");
    let known = DRAWN.lock().unwrap().get(&key).cloned();
    let file = known.unwrap_or_else(|| {
        let drawing = design.draw(1);
        let photo = Photo::from_rgb(drawing.width, drawing.height, drawing.rgb).unwrap();
        let file = photo.shrunk(LONGEST_SIDE).to_jpeg(90).unwrap();
        let mut drawn = DRAWN.lock().unwrap();
        drawn.insert(key, file.clone());
        file
    });
    (format!("{}.jpg", design.name), file)
}

/// The first demo designs of the given categories; a category named twice gives two.
pub(crate) fn designs(categories: &[&str]) -> Vec<Design> {
    let mut left = demo_wardrobe();
    categories
        .iter()
        .map(|category| {
            let at = left.iter().position(|d| d.category.name() == *category);
            left.remove(at.unwrap_or_else(|| panic!("no demo garment is a {category}")))
        })
        .collect()
}

/// Real phone photos of two people's clothes, where the data is there; drawn garments otherwise.
pub(crate) fn real_photos(count: usize) -> Vec<(String, Vec<u8>)> {
    let folder =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data/clothing/originals");
    let Ok(entries) = fs_err::read_dir(&folder) else {
        println!(
            "NOTE: the photos of ../shared/data are not here; drawn garments stand in for them"
        );
        return (0..count as u64).map(garment).collect();
    };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
        .into_iter()
        .take(count)
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, fs_err::read(path).unwrap())
        })
        .collect()
}
