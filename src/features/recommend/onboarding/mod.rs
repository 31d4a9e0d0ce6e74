//! Before there are suggestions to answer: pieces to choose from, and what the choice teaches.
//!
//! An answer is an event like any other: it carries its evidence, is folded in order and can be taken back. There is
//! one a piece; another one takes its place. What a piece measures is taken from what is known of the person *beside*
//! these answers, so that it does not matter in which order or how often they were given.
mod pieces;

pub use pieces::Drawn;
pub(super) use pieces::Pieces;

use super::{
    Error, Recommend,
    evidence::{self, Evidence, EvidenceItem},
    model::Lesson,
    store_events::{self, NewEvent, StateRow},
};
use crate::{
    base::{
        id::{EventId, UserId},
        metrics as names,
    },
    engines::ranking::{self, Event, Garment, Kind, Learned},
};
use anyhow::Context as _;
use chrono::{DateTime, Utc};
use diesel_async::{AsyncConnection as _, AsyncPgConnection};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// What somebody says of a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PieceAnswer {
    /// Would wear it.
    WouldWear,
    /// Would rather not.
    WouldNotWear,
}

impl PieceAnswer {
    const fn kind(self) -> Kind {
        match self {
            Self::WouldWear => Kind::WouldWear,
            Self::WouldNotWear => Kind::WouldNotWear,
        }
    }

    fn of(kind: Kind) -> Option<Self> {
        let all = [Self::WouldWear, Self::WouldNotWear];
        all.into_iter().find(|answer| answer.kind() == kind)
    }
}

/// An answer about a piece; none takes back what was said before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said {
    /// Which piece.
    pub piece: u8,
    /// What is said of it.
    pub answer: Option<PieceAnswer>,
}

/// A piece as it is shown to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    /// Its number.
    pub piece: u8,
    /// What it is, with its article.
    pub description: &'static str,
    /// What was said of it.
    pub answer: Option<PieceAnswer>,
}

impl Recommend {
    /// The pieces to choose from, with what this person said of them.
    ///
    /// # Errors
    /// Database errors.
    pub async fn pieces(&self, owner: UserId) -> Result<Vec<Shown>, Error> {
        let said = store_events::answers(&mut *self.db.get().await?, owner).await?;
        let shown = self.pieces.iter().map(|piece| Shown {
            piece: piece.number,
            description: piece.description(),
            answer: said
                .get(&piece.number)
                .and_then(|(_, kind)| PieceAnswer::of(*kind)),
        });
        Ok(shown.collect())
    }

    /// The picture of a piece.
    ///
    /// # Errors
    /// [`Error::NoPiece`].
    pub async fn piece_picture(&self, number: u8) -> Result<&Drawn, Error> {
        self.pieces.find(number)?.drawn().await
    }

    /// Learns from what somebody says of pieces. What is not named stays as it was; saying the same again changes
    /// nothing, and a new answer takes the place of the old one.
    ///
    /// # Errors
    /// [`Error::NoPiece`], or [`Error::Invalid`] when a piece is named twice.
    pub async fn choose(&self, owner: UserId, said: &[Said]) -> Result<(), Error> {
        let mut named = HashSet::new();
        if let Some(twice) = said.iter().find(|said| !named.insert(said.piece)) {
            let number = twice.piece;
            return Err(Error::Invalid(format!("piece {number} is named twice")));
        }
        // Before the transaction: the models take their time.
        let mut garments = HashMap::new();
        for said in said {
            let piece = self.pieces.find(said.piece)?;
            if said.answer.is_some() {
                garments.insert(said.piece, piece.garment(&self.wardrobe).await?);
            }
        }
        let now = self.clock.now();
        let mut conn = self.db.get().await?;
        let learned = conn
            .transaction(async |conn| {
                let state = store_events::lock(conn, owner, now).await?;
                let known = store_events::answers(conn, owner).await?;
                let news = news(said, &known, &garments);
                if !news.is_empty() {
                    self.rewrite(conn, (owner, state), &news, now).await?;
                }
                Ok::<_, Error>(news.iter().filter_map(News::kind).collect::<Vec<_>>())
            })
            .await?;
        for kind in learned {
            metrics::counter!(names::FEEDBACK, "kind" => kind.name()).increment(1);
        }
        Ok(())
    }

    /// Takes old answers out of the log, appends new ones, and learns from what the log says then. The caller holds
    /// the lock.
    async fn rewrite(
        &self,
        conn: &mut AsyncPgConnection,
        (owner, state): (UserId, StateRow),
        news: &[News<'_>],
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let prior = self.prior_of(conn, &state).await?;
        let beside = {
            let pack = self.wardrobe.vision().pack_id();
            let rows = store_events::events_after(conn, owner, 0).await?;
            let events = rows
                .into_iter()
                .filter_map(|row| evidence::event(row, pack));
            let others: Vec<Event> = events.filter(|e| !e.kind.is_of_a_piece()).collect();
            Learned::replay_from(&prior, &others)
        };
        for old in news.iter().filter_map(|news| news.old) {
            store_events::delete(conn, owner, old).await?;
        }
        for (piece, (kind, garment)) in news.iter().filter_map(|n| Some((n.piece, n.new?))) {
            let lesson = lesson(kind, garment, now);
            let evidence = self.evidence_of(garment, &beside);
            let event = NewEvent {
                lesson: &lesson,
                evidence: serde_json::to_value(&evidence).context("while writing evidence")?,
                shown: vec![],
                worn: vec![],
                piece: Some(piece),
            };
            store_events::append(conn, owner, &event).await?;
        }
        if news.iter().any(|news| news.old.is_some()) {
            self.relearn_locked(conn, owner, (&prior, now)).await
        } else {
            self.catch_up(conn, owner, state, now).await
        }
    }

    fn evidence_of(&self, garment: &Garment, beside: &Learned) -> Evidence {
        let embeddings = HashMap::from([(garment.id, garment.embeddings.clone())]);
        Evidence {
            pack: self.wardrobe.vision().pack_id().to_owned(),
            features: ranking::taste_of(garment, beside),
            other_features: None,
            items: vec![EvidenceItem::new(garment.id, garment.slot, &embeddings)],
            other_items: vec![],
        }
    }
}

/// An answer that is not what was said before.
struct News<'a> {
    piece: u8,
    /// The event that no longer holds.
    old: Option<EventId>,
    new: Option<(Kind, &'a Garment)>,
}

impl News<'_> {
    fn kind(&self) -> Option<Kind> {
        self.new.map(|(kind, _)| kind)
    }
}

fn news<'a>(
    said: &[Said],
    known: &HashMap<u8, (EventId, Kind)>,
    garments: &'a HashMap<u8, Garment>,
) -> Vec<News<'a>> {
    let new = |said: &Said| {
        let kind = said.answer.map(PieceAnswer::kind);
        let old = known.get(&said.piece);
        (kind != old.map(|(_, kind)| *kind)).then(|| News {
            piece: said.piece,
            old: old.map(|(id, _)| *id),
            new: kind.zip(garments.get(&said.piece)),
        })
    };
    said.iter().filter_map(new).collect()
}

fn lesson(kind: Kind, garment: &Garment, now: DateTime<Utc>) -> Lesson {
    Lesson {
        id: EventId::new(),
        kind,
        sentence: sentence(kind, &garment.label),
        rating: None,
        reason: None,
        outfit_id: None,
        created_at: now,
    }
}

/// The lesson in plain words.
pub(super) fn sentence(kind: Kind, piece: &str) -> String {
    if kind == Kind::WouldWear {
        format!("You would wear {piece}.")
    } else {
        format!("You would rather not wear {piece}.")
    }
}
