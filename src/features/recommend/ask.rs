//! "What shall I wear?": an ask → candidates → outfits, stored as they are shown.
use super::{
    Error, Recommend, candidates,
    model::{Request, StoredChange, StoredPart, StoredPick, Suggestion},
    store,
    store_choices::ChoiceRow,
};
use crate::{
    base::{
        garment::Slot,
        id::{ItemId, OutfitId, UserId},
        metrics as names,
    },
    engines::ranking::{
        self, Answer, Ask, Change, Choice, Garment, Outfit, Part, PerSpace, Weather,
    },
    features::wardrobe::{self, Filter, Glance, Item},
    platform::tasks,
};
use std::{collections::HashMap, time::Instant};

/// Longest text of an ask, in characters.
const MAX_TEXT: usize = 300;
/// Disliked and skipped outfits that are not shown again, most recent first.
const MAX_AVOIDED: i64 = 200;

/// What to wear, and the garments it speaks of.
#[derive(Debug)]
pub struct Answered {
    /// Outfits, best first.
    pub outfits: Vec<Suggestion>,
    /// Every garment in them.
    pub items: HashMap<ItemId, Item>,
    /// Places in an outfit that nothing in the wardrobe fills.
    pub missing: Vec<Slot>,
    /// Plain sentences about what could not be done and why.
    pub notes: Vec<String>,
}

impl Recommend {
    /// Answers with complete outfits from the person's own clothes. `photo` is something they hold in
    /// their hand, in a shop perhaps: the outfits go with it.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the ask makes no sense, a wardrobe error when a garment is not theirs or the
    /// photo cannot be used.
    pub async fn ask(
        &self,
        owner: UserId,
        request: Request,
        photo: Option<Vec<u8>>,
    ) -> Result<Answered, Error> {
        check(&request).map_err(Error::Invalid)?;
        let considered = self.considered(owner).await?;
        if let Some(id) = considered.lacks(&request) {
            return Err(wardrobe::Error::NotFound(id).into());
        }
        let shown = match photo {
            Some(bytes) => Some(self.wardrobe.glance(bytes).await?),
            None => None,
        };
        let embeddings = &considered.embeddings;
        let targets = self.targets(&request, shown.as_ref(), embeddings).await?;
        let example = shown.and_then(|seen| candidates::example(&seen, ItemId::new()));
        let learned = self.learned(owner).await?;
        let avoided = self.avoided(owner).await?;
        let explores = self.settings.explore;
        let seed = if explores { rand::random() } else { 0 };
        let ask = Ask {
            seed,
            explores,
            example: example.map(Box::new),
            crowds: self.crowds().await?,
            ..self.build(&request, targets, avoided)
        };
        let garments = considered.garments;
        let started = Instant::now();
        let mut answer =
            tasks::blocking(move || ranking::compose(&ask, &garments, &learned)).await?;
        record("compose", started);
        answer.notes.extend(considered.note);
        count(&answer);

        let asked = serde_json::to_value(&request).map_err(anyhow::Error::from)?;
        let shown = answer.outfits.into_iter().map(|o| (asked.clone(), o));
        let choice = answer.choice.filter(|_| explores);
        let outfits = self.keep(owner, (seed, choice), shown.collect()).await?;
        Ok(Answered {
            outfits,
            items: considered.items,
            missing: answer.missing,
            notes: answer.notes,
        })
    }

    /// The garments outfits can be made of.
    pub(super) async fn considered(&self, owner: UserId) -> Result<Considered, Error> {
        let started = Instant::now();
        let most = self.settings.max_wardrobe;
        let (items, more) = self.wardrobe.list(owner, &recognised(), None, most).await?;
        let ids: Vec<ItemId> = items.iter().map(|item| item.id).collect();
        let embeddings = candidates::embeddings(&self.search, &self.wardrobe, &ids).await?;
        metrics::histogram!(names::RECOMMEND_CANDIDATES).record(items.len() as f64);
        let considered = Considered {
            garments: candidates::garments(&items, &embeddings),
            items: items.into_iter().map(|item| (item.id, item)).collect(),
            embeddings,
            note: more.map(|_| format!("Only the {most} newest garments were considered.")),
        };
        record("candidates", started);
        Ok(considered)
    }

    /// Outfits not to show again.
    pub(super) async fn avoided(&self, owner: UserId) -> Result<Vec<Vec<ItemId>>, Error> {
        let mut conn = self.db.get().await?;
        Ok(store::avoided(&mut conn, owner, MAX_AVOIDED).await?)
    }

    /// What the outfit should be close to, in each space.
    pub(super) async fn targets(
        &self,
        request: &Request,
        shown: Option<&Glance>,
        embeddings: &candidates::Embeddings,
    ) -> Result<PerSpace, Error> {
        let mut targets = shown.map(Glance::embeddings).unwrap_or_default();
        if let Some(anchor) = request.anchor_item_id.and_then(|id| embeddings.get(&id)) {
            for embedding in anchor.iter().flatten() {
                candidates::place(&mut targets, embedding.clone());
            }
        }
        if let Some(text) = request.text.as_deref().map(str::trim)
            && !text.is_empty()
        {
            let embedding = self.wardrobe.embed_text(text.to_owned()).await?;
            candidates::place(&mut targets, embedding);
        }
        Ok(targets)
    }

    /// The ask of a request, now and without chance.
    pub(super) fn build(
        &self,
        request: &Request,
        targets: PerSpace,
        avoided: Vec<Vec<ItemId>>,
    ) -> Ask {
        Ask {
            targets,
            anchor: request.anchor_item_id,
            occasion: request.occasion,
            weather: request.weather.map(|weather| Weather {
                temperature_c: weather.temperature_c,
                is_wet: weather.is_wet,
            }),
            must_include: request.must_include.clone(),
            exclude: request.exclude.clone(),
            avoid_outfits: avoided,
            include_unclean: request.include_unclean,
            together: self.together.clone(),
            ..Ask::new(request.count, 0, self.clock.now())
        }
    }

    /// Stores what is about to be shown, what was asked and how the first was chosen, so that feedback can refer to it.
    pub(super) async fn keep(
        &self,
        owner: UserId,
        (seed, choice): (u64, Option<Choice>),
        outfits: Vec<(serde_json::Value, Outfit)>,
    ) -> Result<Vec<Suggestion>, Error> {
        let rows: Vec<(serde_json::Value, Suggestion)> = outfits
            .into_iter()
            .map(|(asked, outfit)| (asked, self.suggestion(outfit)))
            .collect();
        let first = rows.first().map(|(_, suggestion)| suggestion.id);
        let choice = first.zip(choice.as_ref());
        let choice = choice.and_then(|(first, choice)| ChoiceRow::new(first, choice));
        let mut conn = self.db.get().await?;
        store::insert(&mut conn, owner, seed, &rows, choice.as_ref()).await?;
        Ok(rows.into_iter().map(|(_, suggestion)| suggestion).collect())
    }

    fn suggestion(&self, outfit: Outfit) -> Suggestion {
        let picks = outfit.picks.iter().map(|pick| StoredPick {
            item: pick.item,
            slot: pick.slot,
            score: pick.score,
            parts: stored(&pick.parts),
        });
        Suggestion {
            id: OutfitId::new(),
            score: outfit.score,
            probability: outfit.probability,
            sentence: outfit.sentence,
            changes: outfit.changes.into_iter().map(StoredChange::from).collect(),
            parts: stored(&outfit.parts),
            features: outfit.features,
            pack: self.wardrobe.vision().pack_id().to_owned(),
            created_at: self.clock.now(),
            is_saved: false,
            picks: picks.collect(),
        }
    }
}

/// What a person's wardrobe has to choose from.
pub(super) struct Considered {
    pub(super) items: HashMap<ItemId, Item>,
    pub(super) embeddings: candidates::Embeddings,
    pub(super) garments: Vec<Garment>,
    /// Says that there are more.
    pub(super) note: Option<String>,
}

impl Considered {
    /// A garment that is asked for and not there: someone else's is none, and one not recognised yet cannot be
    /// dressed with.
    pub(super) fn lacks(&self, request: &Request) -> Option<ItemId> {
        let mut wanted = request.must_include.iter().chain(&request.anchor_item_id);
        wanted.find(|id| !self.items.contains_key(id)).copied()
    }
}

/// Counts an answer by how much of what was asked it has.
pub(super) fn count(answer: &Answer) {
    let result = match (answer.outfits.is_empty(), answer.missing.is_empty()) {
        (true, _) => "empty",
        (false, false) => "partial",
        (false, true) => "full",
    };
    metrics::counter!(names::RECOMMENDATIONS, "result" => result).increment(1);
}

/// The parts that add something.
fn stored(parts: &[Part]) -> Vec<StoredPart> {
    let parts = parts.iter().filter(|part| part.contribution != 0.0);
    parts
        .map(|part| StoredPart {
            feature: part.feature.to_owned(),
            label: part.label.to_owned(),
            value: part.value,
            weight: part.weight,
            contribution: part.contribution,
        })
        .collect()
}

impl From<Change> for StoredChange {
    fn from(change: Change) -> Self {
        Self {
            without: change.without,
            with: change.with,
            needs_wash: change.needs_wash,
            probability: change.probability,
            sentence: change.sentence,
        }
    }
}

fn recognised() -> Filter {
    Filter {
        recognised: true,
        ..Filter::default()
    }
}

/// Refuses what makes no sense, whoever asks.
pub(super) fn check(request: &Request) -> Result<(), String> {
    if !(1..=ranking::MAX_COUNT).contains(&request.count) {
        return Err(format!(
            "count is {}; expected 1 to {}",
            request.count,
            ranking::MAX_COUNT
        ));
    }
    if let Some(weather) = request.weather
        && !(-60.0..=60.0).contains(&weather.temperature_c)
    {
        return Err(format!(
            "weather.temperature_c is {}; expected -60 to 60 degrees Celsius",
            weather.temperature_c
        ));
    }
    if request
        .text
        .as_ref()
        .is_some_and(|t| t.chars().count() > MAX_TEXT)
    {
        return Err(format!("text is longer than {MAX_TEXT} characters"));
    }
    let wanted = request.must_include.iter().chain(&request.anchor_item_id);
    for id in wanted {
        if request.exclude.contains(id) {
            return Err(format!("garment {id} is both wanted and excluded"));
        }
    }
    Ok(())
}

pub(super) fn record(stage: &'static str, started: Instant) {
    metrics::histogram!(names::RECOMMEND_SECONDS, "stage" => stage).record(started.elapsed());
}
