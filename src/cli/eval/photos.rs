//! Looks at the photos as the server would.
use super::{
    again::taken_again,
    truth::{Note, Photo as Told},
};
use crate::base::embedding::Embedding;
use crate::engines::vision::{Limits, Photo, Sight, Vision};
use anyhow::Context as _;
use std::{
    path::Path,
    sync::Mutex,
    time::{Duration, Instant},
};

/// A photo, what people say of it and what the models say.
pub(super) struct Seen {
    pub(super) person: String,
    pub(super) label: String,
    pub(super) note: Note,
    pub(super) sight: Sight,
    /// Where another picture of the same lies.
    pub(super) again: [Embedding; 3],
    /// Where the annotator's caption lies in the CLIP space.
    pub(super) caption: Embedding,
    /// Decoding and looking.
    pub(super) took: Duration,
}

/// Decodes and looks at every photo, `threads` at a time; in the order of `told`.
pub(super) fn look_at(
    vision: &Vision,
    folder: &Path,
    told: &[Told],
    threads: usize,
) -> anyhow::Result<Vec<Seen>> {
    let work = Mutex::new(told.iter().enumerate());
    let next = || work.lock().ok().and_then(|mut left| left.next());
    let one_thread = || -> anyhow::Result<Vec<(usize, Seen)>> {
        let mut seen = vec![];
        while let Some((at, told)) = next() {
            if let Some(note) = &told.note {
                seen.push((at, look(vision, folder, (at, told), note)?));
            }
        }
        Ok(seen)
    };
    let mut all = std::thread::scope(|scope| -> anyhow::Result<Vec<(usize, Seen)>> {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(one_thread)).collect();
        let mut all = vec![];
        for thread in running {
            let seen = thread.join().ok().context("a thread panicked")?;
            all.extend(seen?);
        }
        Ok(all)
    })?;
    all.sort_by_key(|(at, _)| *at);
    Ok(all.into_iter().map(|(_, seen)| seen).collect())
}

fn look(
    vision: &Vision,
    folder: &Path,
    (number, told): (usize, &Told),
    note: &Note,
) -> anyhow::Result<Seen> {
    let path = folder.join("images").join(format!("{}.jpg", told.image));
    let naming = || format!("photo {}", path.display());
    let file = fs_err::read(&path)?;
    let started = Instant::now();
    let photo = Photo::decode(&file, &Limits::default()).with_context(naming)?;
    let sight = vision.look(&photo).with_context(naming)?;
    let took = started.elapsed();
    let again = taken_again(&photo, number as u64).with_context(naming)?;
    Ok(Seen {
        person: told.person.clone(),
        label: told.label.clone(),
        took,
        again: vision.look(&again).with_context(naming)?.embeddings,
        caption: vision.embed_text(&note.caption)?,
        note: note.clone(),
        sight,
    })
}
