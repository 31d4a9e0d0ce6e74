//! What the server has promised: every answer that said "done", and what has to be asked again.
use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

/// An opinion about an outfit: its id, and the kind of feedback.
pub(crate) type Opinion = (String, &'static str);

/// One person's receipts.
#[derive(Default)]
pub(crate) struct Ledger {
    books: Mutex<Books>,
    /// Promises since the server started.
    fresh: AtomicUsize,
    /// Requests whose answer never came.
    cut_off: AtomicUsize,
}

#[derive(Default)]
struct Books {
    photos_made: u32,
    /// Photo number → the garment it became.
    garments: BTreeMap<u32, String>,
    /// What was said → the lesson learned.
    lessons: BTreeMap<Opinion, String>,
    unanswered_photos: Vec<u32>,
    unanswered_opinions: Vec<Opinion>,
}

impl Ledger {
    /// Numbers of photos to send: first those that never got an answer.
    pub(crate) fn photos_to_send(&self, count: usize) -> Vec<u32> {
        let mut books = self.books.lock().unwrap();
        let left = books.unanswered_photos.len().saturating_sub(count);
        let mut numbers = books.unanswered_photos.split_off(left);
        while numbers.len() < count {
            numbers.push(books.photos_made);
            books.photos_made += 1;
        }
        numbers
    }

    /// Things to say that got no answer when they were said first.
    pub(crate) fn opinions_to_repeat(&self) -> Vec<Opinion> {
        std::mem::take(&mut self.books.lock().unwrap().unanswered_opinions)
    }

    /// A photo is in the wardrobe, says the server; the same photo is always the same garment.
    pub(crate) fn has_garment(&self, photo: u32, id: &str) {
        let mut books = self.books.lock().unwrap();
        let before = books.garments.insert(photo, id.to_owned());
        assert!(before.is_none_or(|before| before == id), "photo {photo}");
        self.fresh.fetch_add(1, Ordering::Relaxed);
    }

    /// An opinion was learned from, says the server.
    pub(crate) fn has_lesson(&self, opinion: Opinion, id: &str) {
        let mut books = self.books.lock().unwrap();
        let before = books.lessons.insert(opinion, id.to_owned());
        assert!(before.is_none_or(|before| before == id), "lesson {id}");
        self.fresh.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn photos_cut_off(&self, numbers: Vec<u32>) {
        self.books.lock().unwrap().unanswered_photos.extend(numbers);
        self.cut_off.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn opinion_cut_off(&self, opinion: Opinion) {
        let mut books = self.books.lock().unwrap();
        books.unanswered_opinions.push(opinion);
        self.cut_off.fetch_add(1, Ordering::Relaxed);
    }

    /// Promises since the last [`Ledger::turn_page`].
    pub(crate) fn fresh(&self) -> usize {
        self.fresh.load(Ordering::Relaxed)
    }

    pub(crate) fn turn_page(&self) {
        self.fresh.store(0, Ordering::Relaxed);
    }

    /// Requests that were cut off.
    pub(crate) fn cut_off(&self) -> usize {
        self.cut_off.load(Ordering::Relaxed)
    }

    /// How many photos were sent at all, answered or not.
    pub(crate) fn photos_made(&self) -> usize {
        self.books.lock().unwrap().photos_made as usize
    }

    /// Photo number and garment of every promise.
    pub(crate) fn garments(&self) -> Vec<(u32, String)> {
        self.books
            .lock()
            .unwrap()
            .garments
            .clone()
            .into_iter()
            .collect()
    }

    /// What was said and the lesson of every promise.
    pub(crate) fn lessons(&self) -> Vec<(Opinion, String)> {
        self.books
            .lock()
            .unwrap()
            .lessons
            .clone()
            .into_iter()
            .collect()
    }
}
