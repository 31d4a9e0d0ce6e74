//! What a person says about an outfit → an event in the log → a lesson that holds at once.
use super::{
    Error, Recommend, candidates,
    evidence::{Evidence, EvidenceItem},
    model::{Feedback, Lesson, Suggestion},
    onboarding, quality, store,
    store_events::{self, NewEvent},
};
use crate::{
    base::{
        cursor::Cursor,
        id::{EventId, ItemId, UserId},
        metrics as names,
    },
    engines::ranking::{self, Ask, Kind, Learned, Reason},
    features::wardrobe::Item,
};
use anyhow::Context as _;
use diesel_async::AsyncConnection as _;

/// Saying the same within this time is saying it once.
const SAME_WEAR_HOURS: i64 = 12;

/// What became of a piece of feedback.
#[derive(Debug, Clone)]
pub struct Given {
    /// What was learned.
    pub lesson: Lesson,
    /// Whether it was news.
    pub is_new: bool,
}

impl Recommend {
    /// Learns from what a person says about an outfit. Saying the same again changes nothing.
    ///
    /// # Errors
    /// [`Error::NoOutfit`], [`Error::Invalid`], or a wardrobe error for garments that are not theirs.
    pub async fn give(&self, owner: UserId, said: &Feedback) -> Result<Given, Error> {
        check(said)?;
        let outfit = {
            let mut conn = self.db.get().await?;
            let found = store::find(&mut conn, owner, said.outfit_id).await?;
            found.ok_or(Error::NoOutfit(said.outfit_id))?
        };
        let worn = said.worn_item_ids.clone().unwrap_or_default();
        let mut ids: Vec<ItemId> = outfit.picks.iter().map(|pick| pick.item).collect();
        ids.extend(&worn);
        let items = self.wardrobe.items(owner, &ids).await?;
        if let Some(id) = worn.iter().find(|id| !items.iter().any(|i| i.id == **id)) {
            return Err(crate::features::wardrobe::Error::NotFound(*id).into());
        }
        let learned = self.learned(owner).await?;
        let evidence = self.evidence(&outfit, &worn, &items, &learned).await?;
        let lesson = self.lesson(said, &outfit, &items);
        self.record(owner, said, (lesson, evidence), &outfit).await
    }

    async fn record(
        &self,
        owner: UserId,
        said: &Feedback,
        (lesson, evidence): (Lesson, Evidence),
        outfit: &Suggestion,
    ) -> Result<Given, Error> {
        let worn = match said.kind {
            Kind::Wear => outfit.picks.iter().map(|pick| pick.item).collect(),
            Kind::WoreInstead => said.worn_item_ids.clone().unwrap_or_default(),
            Kind::Like
            | Kind::Dislike
            | Kind::Save
            | Kind::Skip
            | Kind::Rating
            | Kind::WouldWear
            | Kind::WouldNotWear => vec![],
        };
        let mut shown: Vec<ItemId> = outfit.picks.iter().map(|pick| pick.item).collect();
        shown.dedup();
        let event = NewEvent {
            lesson: &lesson,
            evidence: serde_json::to_value(&evidence).context("while writing evidence")?,
            shown,
            worn,
            piece: None,
        };
        let mut conn = self.db.get().await?;
        let given = conn
            .transaction(async |conn| {
                let now = lesson.created_at;
                let state = store_events::lock(conn, owner, now).await?;
                let before = store_events::latest(conn, owner, said.outfit_id, said.kind).await?;
                if let Some(same) = before.and_then(|row| same(&row.lesson()?, &lesson)) {
                    return Ok::<_, Error>(Given {
                        lesson: same,
                        is_new: false,
                    });
                }
                store_events::append(conn, owner, &event).await?;
                self.catch_up(conn, owner, state, now).await?;
                Ok(Given {
                    lesson: lesson.clone(),
                    is_new: true,
                })
            })
            .await?;
        if given.is_new {
            metrics::counter!(names::FEEDBACK, "kind" => said.kind.name()).increment(1);
            quality::count(said, f64::from(outfit.probability));
        }
        Ok(given)
    }

    /// Takes a lesson back: as if it had never been given.
    ///
    /// # Errors
    /// [`Error::NoLesson`].
    pub async fn undo(&self, owner: UserId, id: EventId) -> Result<(), Error> {
        let now = self.clock.now();
        let mut conn = self.db.get().await?;
        conn.transaction(async |conn| {
            let state = store_events::lock(conn, owner, now).await?;
            if !store_events::delete(conn, owner, id).await? {
                return Err(Error::NoLesson(id));
            }
            let prior = self.prior_of(conn, &state).await?;
            self.relearn_locked(conn, owner, (&prior, now)).await
        })
        .await
    }

    /// A page of lessons, newest first, and where the next one starts.
    ///
    /// # Errors
    /// Database errors.
    pub async fn lessons(
        &self,
        owner: UserId,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<(Vec<Lesson>, Option<Cursor>), Error> {
        let wanted = i64::try_from(limit + 1).unwrap_or(i64::MAX);
        let mut conn = self.db.get().await?;
        let mut rows = store_events::list(&mut conn, owner, after, wanted).await?;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|row| Cursor {
            at: row.created_at,
            id: row.id,
        });
        Ok((rows.iter().filter_map(|row| row.lesson()).collect(), next))
    }

    /// All that learning needs, as it is now.
    async fn evidence(
        &self,
        outfit: &Suggestion,
        worn: &[ItemId],
        items: &[Item],
        learned: &Learned,
    ) -> Result<Evidence, Error> {
        let ids: Vec<ItemId> = items.iter().map(|item| item.id).collect();
        let embeddings = candidates::embeddings(&self.search, &self.wardrobe, &ids).await?;
        let other = worn
            .iter()
            .filter_map(|id| {
                let slot = items.iter().find(|item| item.id == *id)?.slot()?;
                Some(EvidenceItem::new(*id, slot, &embeddings))
            })
            .collect();
        let crowds = self.crowds().await?;
        let other_features = (!worn.is_empty()).then(|| -> Option<Vec<f32>> {
            // What was worn is scored as if it alone could have been suggested.
            let mut garments = candidates::garments(items, &embeddings);
            garments.retain(|garment| worn.contains(&garment.id));
            let ask = Ask {
                must_include: worn.to_vec(),
                include_unclean: true,
                crowds,
                ..Ask::new(1, 0, self.clock.now())
            };
            let answer = ranking::compose(&ask, &garments, learned);
            answer
                .outfits
                .into_iter()
                .next()
                .map(|outfit| outfit.features)
        });
        Ok(Evidence {
            pack: self.wardrobe.vision().pack_id().to_owned(),
            features: outfit.features.clone(),
            other_features: other_features.flatten(),
            items: outfit
                .picks
                .iter()
                .map(|pick| EvidenceItem::new(pick.item, pick.slot, &embeddings))
                .collect(),
            other_items: other,
        })
    }

    fn lesson(&self, said: &Feedback, outfit: &Suggestion, items: &[Item]) -> Lesson {
        let labels = |ids: &[ItemId]| {
            let found: Vec<String> = ids
                .iter()
                .filter_map(|id| items.iter().find(|item| item.id == *id))
                .map(Item::label)
                .collect();
            listed(&found)
        };
        let shown: Vec<ItemId> = outfit.picks.iter().map(|pick| pick.item).collect();
        let worn = said.worn_item_ids.clone().unwrap_or_default();
        Lesson {
            id: EventId::new(),
            kind: said.kind,
            sentence: sentence(said, &labels(&shown), &labels(&worn)),
            rating: said.rating,
            reason: said.reason,
            outfit_id: Some(outfit.id),
            created_at: self.clock.now(),
        }
    }
}

/// The earlier lesson, when the new one says nothing else.
fn same(before: &Lesson, new: &Lesson) -> Option<Lesson> {
    let repeats = match new.kind {
        Kind::Wear | Kind::WoreInstead => {
            new.sentence == before.sentence
                && (new.created_at - before.created_at).num_hours() < SAME_WEAR_HOURS
        }
        Kind::Like
        | Kind::Dislike
        | Kind::Save
        | Kind::Skip
        | Kind::Rating
        | Kind::WouldWear
        | Kind::WouldNotWear => new.rating == before.rating && new.reason == before.reason,
    };
    repeats.then(|| before.clone())
}

fn check(said: &Feedback) -> Result<(), Error> {
    let wrong = |what: &str| Err(Error::Invalid(what.to_owned()));
    if said.kind.is_of_a_piece() {
        return wrong("this kind is said of pieces, with PUT /api/onboarding");
    }
    match (said.kind == Kind::Rating, said.rating) {
        (true, Some(1..=5)) | (false, None) => {}
        (true, _) => return wrong("rating must be 1 to 5 for kind \"rating\""),
        (false, Some(_)) => return wrong("rating goes with kind \"rating\" only"),
    }
    if said.reason.is_some() && said.kind != Kind::Dislike {
        return wrong("reason goes with kind \"dislike\" only");
    }
    match (said.kind == Kind::WoreInstead, &said.worn_item_ids) {
        (true, Some(ids)) if (1..=12).contains(&ids.len()) => Ok(()),
        (false, None) => Ok(()),
        (true, _) => wrong("worn_item_ids must name 1 to 12 garments for kind \"wore_instead\""),
        (false, Some(_)) => wrong("worn_item_ids goes with kind \"wore_instead\" only"),
    }
}

fn listed(labels: &[String]) -> String {
    match labels {
        [] => "an outfit".to_owned(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

fn sentence(said: &Feedback, shown: &str, worn: &str) -> String {
    match said.kind {
        Kind::Like => format!("You liked {shown}."),
        Kind::Save => format!("You saved {shown}."),
        Kind::Skip => format!("You passed over {shown}."),
        Kind::Wear => format!("You wore {shown}."),
        Kind::WouldWear | Kind::WouldNotWear => onboarding::sentence(said.kind, shown),
        Kind::WoreInstead => format!("You wore {worn} instead of {shown}."),
        Kind::Rating => {
            let stars = said.rating.unwrap_or_default();
            format!("You gave {stars} of 5 to {shown}.")
        }
        Kind::Dislike => match said.reason.map(because) {
            Some(because) => format!("You did not like {shown}: {because}."),
            None => format!("You did not like {shown}."),
        },
    }
}

fn because(reason: Reason) -> &'static str {
    match reason {
        Reason::Colour => "the colours",
        Reason::Fit => "the fit",
        Reason::TooWarm => "too warm",
        Reason::TooCold => "too cold",
        Reason::TooFormal => "too formal",
        Reason::WornRecently => "worn only recently",
        Reason::NotTogether => "the pieces do not go together",
    }
}
