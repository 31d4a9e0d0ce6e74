//! "What shall I wear?": an ask → candidates → outfits, stored as they are shown.
use super::{
    Error, Recommend, candidates,
    model::{Request, StoredPart, StoredPick, Suggestion},
    store,
};
use crate::{
    base::{
        garment::Slot,
        id::{ItemId, OutfitId, UserId},
        metrics as names,
    },
    engines::ranking::{self, Ask, Outfit, Part, PerSpace, Weather},
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
        check(&request)?;
        let started = Instant::now();
        let (items, more) = self
            .wardrobe
            .list(owner, &recognised(), None, self.settings.max_wardrobe)
            .await?;
        check_items(&request, &items)?;
        let ids: Vec<ItemId> = items.iter().map(|item| item.id).collect();
        let embeddings = candidates::embeddings(&self.search, &self.wardrobe, &ids).await?;
        let garments = candidates::garments(&items, &embeddings);
        record("candidates", started);

        let shown = match photo {
            Some(bytes) => Some(self.wardrobe.glance(bytes).await?),
            None => None,
        };
        let targets = self.targets(&request, shown.as_ref(), &embeddings).await?;
        let example = shown.and_then(|seen| candidates::example(&seen, ItemId::new()));
        let learned = self.learned(owner).await?;
        let ask = Ask {
            example: example.map(Box::new),
            ..self.build(owner, &request, targets).await?
        };
        let seed = ask.seed;
        let started = Instant::now();
        let mut answer =
            tasks::blocking(move || ranking::compose(&ask, &garments, &learned)).await?;
        record("compose", started);
        if more.is_some() {
            answer.notes.push(format!(
                "Only the {} newest garments were considered.",
                self.settings.max_wardrobe
            ));
        }

        let result = match (answer.outfits.is_empty(), answer.missing.is_empty()) {
            (true, _) => "empty",
            (false, false) => "partial",
            (false, true) => "full",
        };
        metrics::counter!(names::RECOMMENDATIONS, "result" => result).increment(1);
        let outfits = self.keep(owner, &request, seed, answer.outfits).await?;
        let items = items.into_iter().map(|item| (item.id, item)).collect();
        Ok(Answered {
            outfits,
            items,
            missing: answer.missing,
            notes: answer.notes,
        })
    }

    /// What the outfit should be close to, in each space.
    async fn targets(
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

    async fn build(
        &self,
        owner: UserId,
        request: &Request,
        targets: PerSpace,
    ) -> Result<Ask, Error> {
        let now = self.clock.now();
        let seed = if self.settings.explore {
            rand::random()
        } else {
            0
        };
        let mut conn = self.db.get().await?;
        Ok(Ask {
            targets,
            anchor: request.anchor_item_id,
            occasion: request.occasion,
            weather: request.weather.map(|weather| Weather {
                temperature_c: weather.temperature_c,
                is_wet: weather.is_wet,
            }),
            must_include: request.must_include.clone(),
            exclude: request.exclude.clone(),
            avoid_outfits: store::avoided(&mut conn, owner, MAX_AVOIDED).await?,
            include_unclean: request.include_unclean,
            together: self.together.clone(),
            explores: self.settings.explore,
            ..Ask::new(request.count, seed, now)
        })
    }

    /// Stores what is about to be shown, so that feedback can refer to it.
    async fn keep(
        &self,
        owner: UserId,
        request: &Request,
        seed: u64,
        outfits: Vec<Outfit>,
    ) -> Result<Vec<Suggestion>, Error> {
        let now = self.clock.now();
        let pack = self.wardrobe.vision().pack_id();
        let suggestions: Vec<Suggestion> = outfits
            .into_iter()
            .map(|outfit| Suggestion {
                id: OutfitId::new(),
                score: outfit.score,
                probability: outfit.probability,
                sentence: outfit.sentence,
                parts: stored(&outfit.parts),
                features: outfit.features,
                pack: pack.to_owned(),
                created_at: now,
                is_saved: false,
                picks: outfit
                    .picks
                    .iter()
                    .map(|pick| StoredPick {
                        item: pick.item,
                        slot: pick.slot,
                        score: pick.score,
                        parts: stored(&pick.parts),
                    })
                    .collect(),
            })
            .collect();
        let request = serde_json::to_value(request).map_err(anyhow::Error::from)?;
        let mut conn = self.db.get().await?;
        store::insert(&mut conn, owner, &request, seed, &suggestions).await?;
        Ok(suggestions)
    }
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

fn recognised() -> Filter {
    Filter {
        recognised: true,
        ..Filter::default()
    }
}

fn check(request: &Request) -> Result<(), Error> {
    if !(1..=ranking::MAX_COUNT).contains(&request.count) {
        return Err(Error::Invalid(format!(
            "count is {}; expected 1 to {}",
            request.count,
            ranking::MAX_COUNT
        )));
    }
    if let Some(weather) = request.weather
        && !(-60.0..=60.0).contains(&weather.temperature_c)
    {
        return Err(Error::Invalid(format!(
            "weather.temperature_c is {}; expected -60 to 60 degrees Celsius",
            weather.temperature_c
        )));
    }
    if request
        .text
        .as_ref()
        .is_some_and(|t| t.chars().count() > MAX_TEXT)
    {
        return Err(Error::Invalid(format!(
            "text is longer than {MAX_TEXT} characters"
        )));
    }
    let wanted = request.must_include.iter().chain(&request.anchor_item_id);
    for id in wanted {
        if request.exclude.contains(id) {
            return Err(Error::Invalid(format!(
                "garment {id} is both wanted and excluded"
            )));
        }
    }
    Ok(())
}

/// Someone else's garment is no garment; one not recognised yet cannot be dressed with.
fn check_items(request: &Request, items: &[Item]) -> Result<(), Error> {
    let mut wanted = request.must_include.iter().chain(&request.anchor_item_id);
    match wanted.find(|id| !items.iter().any(|item| item.id == **id)) {
        Some(id) => Err(wardrobe::Error::NotFound(*id).into()),
        None => Ok(()),
    }
}

fn record(stage: &'static str, started: Instant) {
    metrics::histogram!(names::RECOMMEND_SECONDS, "stage" => stage).record(started.elapsed());
}
