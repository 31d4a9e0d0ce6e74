//! Looks at the photos as the server would.
use super::{
    again::taken_again,
    parallel::in_parallel,
    truth::{Note, Photo as Told},
};
use crate::base::embedding::Embedding;
use crate::engines::vision::{Belief, Limits, Photo, Sight, Vision};
use anyhow::Context as _;
use std::{
    path::Path,
    time::{Duration, Instant},
};

/// A photo, what people say of it and what the models say.
pub(super) struct Seen {
    pub(super) image: String,
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

impl Seen {
    /// What a head holds likely.
    pub(super) fn belief(&self, head: &str) -> Option<&Belief> {
        self.sight.beliefs.iter().find(|b| b.name == head)
    }
}

/// Decodes and looks at every photo, `threads` at a time; in the order of `told`.
pub(super) fn look_at(
    vision: &Vision,
    folder: &Path,
    told: &[Told],
    threads: usize,
) -> anyhow::Result<Vec<Seen>> {
    let seen = in_parallel(told, threads, |at, told| match &told.note {
        Some(note) => Ok(Some(look(vision, folder, (at, told), note)?)),
        None => Ok(None),
    })?;
    Ok(seen.into_iter().flatten().collect())
}

/// Looks at every picture of a folder, by name: nobody has said what they show.
pub(super) fn look_into(
    vision: &Vision,
    folder: &Path,
    threads: usize,
) -> anyhow::Result<Vec<(String, Sight)>> {
    let mut files = vec![];
    for entry in fs_err::read_dir(folder)? {
        let path = entry?.path();
        let ending = path.extension().and_then(|e| e.to_str()).unwrap_or("");
        if ["jpg", "jpeg", "png", "webp"].contains(&ending) {
            files.push(path);
        }
    }
    files.sort();
    in_parallel(&files, threads, |_, path| {
        let naming = || format!("picture {}", path.display());
        let file = fs_err::read(path)?;
        let photo = Photo::decode(&file, &Limits::default()).with_context(naming)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        Ok((name.into_owned(), vision.look(&photo).with_context(naming)?))
    })
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
        image: told.image.clone(),
        person: told.person.clone(),
        label: told.label.clone(),
        took,
        again: vision.look(&again).with_context(naming)?.embeddings,
        caption: vision.embed_text(&note.caption)?,
        note: note.clone(),
        sight,
    })
}
