//! Looks at photos as the server would and keeps what was seen in a file, so that it is looked at once.
use super::seen::Sights;
use crate::{
    cli::eval::truth::Photo as Told,
    engines::vision::{Limits, Pack, Photo, Vision},
    features::wardrobe::Glance,
};
use anyhow::Context as _;
use sha2::{Digest as _, Sha256};
use std::{
    path::{Path, PathBuf},
    sync::Mutex,
};

/// Photos between two writes.
const WRITTEN_AT_ONCE: usize = 64;

/// The file that holds what a pack saw: another pack, another file.
pub(super) fn cache_file(folder: &Path, pack: &Pack) -> PathBuf {
    let mut digest = Sha256::new();
    digest.update(pack.id());
    digest.update(pack.provenance());
    digest.update(pack.card().unwrap_or_default());
    for (file, bytes) in pack.files() {
        digest.update(format!("{file} {bytes} "));
    }
    let hex: String = digest
        .finalize()
        .iter()
        .take(8)
        .map(|b| format!("{b:02x}"))
        .collect();
    folder.join(format!("seen-{hex}.json"))
}

/// Looks at the photos that are not known yet and writes them to the file, some at a time: what was seen
/// before an interruption need not be seen again.
pub(super) fn look_at(
    vision: &Vision,
    (folder, told): (&Path, &[&Told]),
    (known, file): (&mut Sights, &Path),
    threads: usize,
) -> anyhow::Result<()> {
    if let Some(parent) = file.parent() {
        fs_err::create_dir_all(parent)?;
    }
    let missing: Vec<&Told> = told
        .iter()
        .copied()
        .filter(|told| !known.contains_key(&told.image))
        .collect();
    for some in missing.chunks(WRITTEN_AT_ONCE) {
        known.extend(look(vision, folder, some, threads)?);
        fs_err::write(file, serde_json::to_vec(known)?)?;
    }
    Ok(())
}

fn look(
    vision: &Vision,
    folder: &Path,
    told: &[&Told],
    threads: usize,
) -> anyhow::Result<Vec<(String, Glance)>> {
    let work = Mutex::new(told.iter());
    let next = || work.lock().ok().and_then(|mut left| left.next());
    let one_thread = || -> anyhow::Result<Vec<(String, Glance)>> {
        let mut seen = vec![];
        while let Some(told) = next() {
            let path = folder.join("images").join(format!("{}.jpg", told.image));
            let naming = || format!("photo {}", path.display());
            let photo = Photo::decode(&fs_err::read(&path)?, &Limits::default());
            let sight = vision
                .look(&photo.with_context(naming)?)
                .with_context(naming)?;
            seen.push((told.image.clone(), Glance::of(&sight)));
        }
        Ok(seen)
    };
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(one_thread)).collect();
        let mut all = vec![];
        for thread in running {
            all.extend(thread.join().ok().context("a thread panicked")??);
        }
        Ok(all)
    })
}
