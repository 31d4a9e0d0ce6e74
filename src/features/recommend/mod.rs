//! "What shall I wear?": outfits from the person's own clothes, and learning from what they say.
mod ask;
mod candidates;
mod choices;
mod crowd;
mod error;
mod evidence;
mod feedback;
mod learn;
mod model;
mod onboarding;
mod prior;
mod quality;
pub mod routes;
mod settings;
mod store;
mod store_admin;
mod store_choices;
mod store_events;
mod week;

pub use ask::Answered;
pub use candidates::example;
pub use choices::AnsweredChoice;
pub use error::Error;
pub use feedback::Given;
pub use model::{
    DayRequest, Feedback, KeptDay, Lesson, Request, StoredChange, StoredPart, StoredPick,
    Suggestion, WeatherRequest, WeekRequest,
};
pub use onboarding::{Drawn, PieceAnswer, Said, Shown};
pub use quality::{BINS, OUTCOMES};
pub use settings::Settings;
pub use week::{DayAnswered, WeekAnswered};

use crate::{
    base::{
        clock::Clock,
        cursor::Cursor,
        id::{OutfitId, UserId},
        metrics as names,
    },
    engines::ranking::Together,
    features::{search::Search, wardrobe::Wardrobe},
    platform::db::Db,
};
use crowd::Latest;
use onboarding::Pieces;
use std::sync::Arc;

/// The version of features, weights and fold. State derived by another version is derived again.
pub const FUSION_VERSION: &str = "5";

/// The recommender. Cheap to clone.
#[derive(Clone)]
pub struct Recommend {
    db: Db,
    wardrobe: Wardrobe,
    search: Search,
    clock: Clock,
    settings: Settings,
    together: Arc<Together>,
    pieces: Arc<Pieces>,
    crowds: Arc<Latest>,
}

impl Recommend {
    /// Puts the recommender on its foundations.
    #[must_use]
    pub fn new(
        db: Db,
        wardrobe: Wardrobe,
        search: Search,
        clock: Clock,
        settings: Settings,
    ) -> Self {
        let learned = wardrobe.vision().togetherness();
        let together = learned.and_then(Together::learned);
        Self {
            together: Arc::new(together.unwrap_or_else(Together::rules)),
            pieces: Arc::default(),
            crowds: Arc::default(),
            db,
            wardrobe,
            search,
            clock,
            settings,
        }
    }

    /// The database, for answers that are kept.
    pub(super) fn db(&self) -> &Db {
        &self.db
    }

    /// The clock it goes by.
    pub(super) fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Where garments come from.
    #[must_use]
    pub fn wardrobe(&self) -> &Wardrobe {
        &self.wardrobe
    }

    /// Measures how many people something was learned from.
    ///
    /// # Errors
    /// Database errors.
    pub async fn measure(&self) -> Result<(), Error> {
        let people = store_admin::count_learned(&mut *self.db.get().await?).await?;
        metrics::gauge!(names::LEARNED_PEOPLE).set(people as f64);
        Ok(())
    }

    /// One outfit that was suggested.
    ///
    /// # Errors
    /// [`Error::NoOutfit`], also for someone else's.
    pub async fn outfit(&self, owner: UserId, id: OutfitId) -> Result<Suggestion, Error> {
        let mut conn = self.db.get().await?;
        let found = store::find(&mut conn, owner, id).await?;
        found.ok_or(Error::NoOutfit(id))
    }

    /// A page of outfits that were suggested, newest first, and where the next one starts.
    ///
    /// # Errors
    /// Database errors.
    pub async fn outfits(
        &self,
        owner: UserId,
        (saved, worn): (Option<bool>, Option<bool>),
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<(Vec<Suggestion>, Option<Cursor>), Error> {
        let wanted = store::Wanted { saved, worn };
        let rows = i64::try_from(limit + 1).unwrap_or(i64::MAX);
        let mut conn = self.db.get().await?;
        let mut outfits = store::list(&mut conn, owner, wanted, after, rows).await?;
        let more = outfits.len() > limit;
        outfits.truncate(limit);
        let next = outfits.last().filter(|_| more).map(|outfit| Cursor {
            at: outfit.created_at,
            id: outfit.id.0,
        });
        Ok((outfits, next))
    }
}
