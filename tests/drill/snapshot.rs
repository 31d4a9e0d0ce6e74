//! The saved index is spoiled on the disk; the next save repairs it.
use crate::{
    drill::{Drill, NOT_TRIED},
    models::photo,
};
use chrono::Utc;
use flashfit::engines::illustrate::demo_wardrobe;
use std::path::{Path, PathBuf};

pub(crate) async fn is_spoiled() {
    let now_and_then = [NOT_TRIED, ("FLASHFIT_SEARCH__SNAPSHOT_INTERVAL", "10s")];
    let drill = Drill::begin("IndexSnapshotDamaged", &now_and_then).await;
    drill.operator.upload(photo(&demo_wardrobe()[0])).await;
    let is_indexed = async || drill.operator.value("min(vector_index_vectors)").await == Some(1.0);
    drill.wait("garment in the index", is_indexed).await;
    // The moment at which all files of a save are there, after that at which it may have begun.
    let saved_at = async || {
        let stats = drill.operator.get("/api/faiss/stats").await.unwrap();
        stats["saved_at"].as_str().map(str::to_owned)
    };
    let before = saved_at().await;
    let is_saved = async || saved_at().await > before;
    drill.wait("snapshot", is_saved).await;
    let folder = drill.place.data().join("index");
    let fault_at = Utc::now();
    spoil(&snapshot(&folder).unwrap());
    drill.told().await;
    let noticed = drill
        .noticed(fault_at, "vector_index_snapshot_damaged[5m]", |damaged| {
            damaged == 1.0
        })
        .await;
    drill.expect_end(&noticed).await;
    drill.end().await;
}

/// The file with the vectors of one space.
fn snapshot(folder: &Path) -> Option<PathBuf> {
    let places = fs_err::read_dir(folder).ok()?.flatten();
    let mut files = places.map(|place| place.path().join("clip.snapshot"));
    files.find(|file| file.exists())
}

/// Turns over some bits in the middle, as a bad disk would.
fn spoil(file: &Path) {
    let mut bytes = fs_err::read(file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x55;
    fs_err::write(file, bytes).unwrap();
}
