//! What is known about one person: the fold of their events.
//!
//! Invariant: the state depends on the sequence of events alone, so replaying a log gives the same bits, and
//! replaying it without an event gives the state as if that event had never been sent.
use super::{
    event::{Event, EventItem, Kind},
    features::{COUNT, FEATURES, Phi, visibility},
    fusion::{Fusion, centred, sane},
    lesson::{Lesson, REASON_CERTAINTY, lesson, rather_than},
    memory::Memory,
    model::{Interest, Weight},
    shared::SharedPrior,
    taste::Taste,
};
use crate::base::embedding::Space;
use std::sync::Arc;

/// The most insulation anyone is believed to want more or less than others, clo.
const MOST_COMFORT: f64 = 0.6;
/// The most steps anyone is believed to dress up or down.
const MOST_FORMALITY: f64 = 1.5;
const MILLIS_PER_DAY: f64 = 86_400_000.0;

/// One person: weights, taste, and memory of pieces and pairs. The default knows nothing but the prior.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Learned {
    pub(super) fusion: Fusion,
    pub(super) tastes: [Taste; Space::ALL.len()],
    pub(super) memory: Memory,
    /// clo wanted above the usual.
    pub(super) comfort: f64,
    /// Steps of formality above the usual.
    pub(super) formality: f64,
    /// Events by [`Kind::ALL`].
    pub(super) counts: [u64; Kind::ALL.len()],
    /// Time of the latest event, milliseconds since 1970.
    pub(super) latest: Option<i64>,
}

impl Learned {
    /// Takes in the next event of the log. O(d²) for the weights, O(items²) for the pairs.
    ///
    /// The log's order is the caller's; an event older than the latest counts as simultaneous with it.
    pub fn learn(&mut self, event: &Event) {
        let at = self.advance(event.at.timestamp_millis());
        let taught = lesson(event);
        self.comfort = (self.comfort + taught.comfort).clamp(-MOST_COMFORT, MOST_COMFORT);
        self.formality = (self.formality + taught.formality).clamp(-MOST_FORMALITY, MOST_FORMALITY);
        self.weigh(event, &taught);
        self.remember(&event.items, &taught, at);
        if event.kind == Kind::WoreInstead {
            self.remember(&event.other_items, &Lesson::WORN_INSTEAD, at);
        }
        self.counts[event.kind as usize] += 1;
    }

    /// Knows nothing but what people have in common.
    #[must_use]
    pub fn starting_from(prior: Arc<SharedPrior>) -> Self {
        Self {
            fusion: Fusion::new(prior),
            ..Self::default()
        }
    }

    /// The prior it started from, and forgets towards.
    #[must_use]
    pub fn prior(&self) -> &Arc<SharedPrior> {
        &self.fusion.prior
    }

    /// Folds a whole log from the table set by hand.
    #[must_use]
    pub fn replay<'a>(events: impl IntoIterator<Item = &'a Event>) -> Self {
        Self::replay_from(&Arc::default(), events)
    }

    /// Folds a whole log.
    #[must_use]
    pub fn replay_from<'a>(
        prior: &Arc<SharedPrior>,
        events: impl IntoIterator<Item = &'a Event>,
    ) -> Self {
        let mut learned = Self::starting_from(prior.clone());
        for event in events {
            learned.learn(event);
        }
        learned
    }

    /// Likes (positive weight) and dislikes (negative) in one space, at most four of each.
    #[must_use]
    pub fn taste(&self, space: Space) -> &[Interest] {
        &self.tastes[space.index()].interests
    }

    /// How much this person cares about each feature, in the order of [`FEATURES`].
    #[must_use]
    pub fn weights(&self) -> Vec<Weight> {
        let rows = FEATURES.iter().enumerate();
        rows.map(|(i, info)| Weight {
            feature: info.name,
            label: info.label,
            mean: self.fusion.mean[i] as f32,
            deviation: self.fusion.deviation(i) as f32,
            prior: self.fusion.prior.mean[i] as f32,
        })
        .collect()
    }

    /// How much more than where everybody starts this person cares about each feature.
    pub(super) fn leanings(&self) -> Phi {
        std::array::from_fn(|i| (self.fusion.mean[i] - self.fusion.prior.mean[i]) as f32)
    }

    /// How many events were learned from.
    #[must_use]
    pub fn events(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// How many of them were about outfits.
    #[must_use]
    pub fn events_about_outfits(&self) -> u64 {
        let kinds = Kind::ALL.into_iter().filter(|kind| !kind.is_of_a_piece());
        kinds.map(|kind| self.events_of(kind)).sum()
    }

    /// How many events of one kind were learned from.
    #[must_use]
    pub fn events_of(&self, kind: Kind) -> u64 {
        self.counts[kind as usize]
    }

    /// Now, as far as evidence is concerned: the time of the latest event.
    pub(super) fn time(&self) -> i64 {
        self.latest.unwrap_or(0)
    }

    /// Lets time pass until `at`; returns the time it is then.
    fn advance(&mut self, at: i64) -> i64 {
        let latest = self.latest.unwrap_or(at);
        let now = at.max(latest);
        let days = now.saturating_sub(latest) as f64 / MILLIS_PER_DAY;
        if days > 0.0 {
            for taste in &mut self.tastes {
                taste.fade(days);
            }
        }
        self.latest = Some(now);
        now
    }

    fn weigh(&mut self, event: &Event, taught: &Lesson) {
        let shown = sane(&event.features);
        if let (Kind::WoreInstead, Some(worn)) = (event.kind, &event.other_features) {
            let worn = sane(worn);
            // Bradley & Terry 1952: the preference depends on the difference alone.
            let difference: [f64; COUNT] = std::array::from_fn(|i| worn[i] - shown[i]);
            self.fusion.observe(&difference, 1.0, 1.0);
        }
        if taught.certainty > 0.0 {
            let measured = if event.kind.is_of_a_piece() {
                shown
            } else {
                centred(&shown)
            };
            self.fusion
                .observe(&measured, taught.liked, taught.certainty);
        }
        if let (Kind::Dislike, Some(reason)) = (event.kind, event.reason) {
            let difference = rather_than(reason, &centred(&shown));
            self.fusion.observe(&difference, 1.0, REASON_CERTAINTY);
        }
    }

    fn remember(&mut self, items: &[EventItem], taught: &Lesson, at: i64) {
        for (n, item) in items.iter().enumerate() {
            let share = visibility(item.slot);
            for (taste, embedding) in self.tastes.iter_mut().zip(&item.embeddings) {
                if let Some(embedding) = embedding {
                    taste.learn(embedding, taught.taste * share);
                }
            }
            self.memory.learn_piece(item.item, taught.piece * share, at);
            for other in &items[n + 1..] {
                let share = share.min(visibility(other.slot));
                self.memory
                    .learn_pair(item.item, other.item, taught.pair * share, at);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{
        embedding::Embedding,
        garment::Slot,
        id::{EventId, ItemId},
    };
    use crate::engines::ranking::Reason;
    use chrono::DateTime;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn any_item() -> impl Strategy<Value = EventItem> {
        let values = || proptest::option::of(proptest::collection::vec(-1.0_f32..1.0, 6));
        (
            0..20_u128,
            0..Slot::ALL.len(),
            [values(), values(), values()],
        )
            .prop_map(|(item, slot, values)| {
                let mut spaces = Space::ALL.into_iter();
                EventItem {
                    item: ItemId(Uuid::from_u128(item)),
                    slot: Slot::ALL[slot],
                    embeddings: values.map(|values| {
                        let space = spaces.next()?;
                        Embedding::new(space, values?).ok()
                    }),
                }
            })
    }

    fn any_phi() -> impl Strategy<Value = Vec<f32>> {
        let value = prop_oneof![
            8 => -1.0_f32..1.0,
            1 => any::<f32>(),
            1 => Just(f32::NAN),
        ];
        proptest::collection::vec(value, 0..COUNT + 2)
    }

    fn any_event() -> impl Strategy<Value = Event> {
        (
            (
                any::<u128>(),
                -1_000_000_000_000_i64..4_000_000_000_000,
                0..Kind::ALL.len(),
            ),
            (
                proptest::option::of(any::<u8>()),
                proptest::option::of(0..7_usize),
            ),
            (any_phi(), proptest::option::of(any_phi())),
            (
                proptest::collection::vec(any_item(), 0..6),
                proptest::collection::vec(any_item(), 0..3),
            ),
        )
            .prop_map(|((id, at, kind), (rating, reason), phis, items)| Event {
                id: EventId(Uuid::from_u128(id)),
                at: DateTime::from_timestamp_millis(at).unwrap_or_default(),
                kind: Kind::ALL[kind],
                rating,
                reason: reason.map(|at| Reason::ALL[at]),
                features: phis.0,
                other_features: phis.1,
                items: items.0,
                other_items: items.1,
            })
    }

    fn any_prior() -> impl Strategy<Value = Arc<SharedPrior>> {
        proptest::collection::vec((-3.0_f64..3.0, 0.05_f64..2.0), COUNT).prop_map(|rows| {
            let mut rows = rows.into_iter();
            let prior = SharedPrior::independent(|_| rows.next().unwrap_or((0.0, 1.0)));
            Arc::new(SharedPrior {
                version: 3,
                ..prior
            })
        })
    }

    /// Equal numbers may differ in their bits: zeros have signs.
    fn bits(learned: &Learned) -> Vec<u64> {
        let fusion = &learned.fusion;
        let numbers = fusion.mean.iter().chain(&fusion.covariance);
        let numbers = numbers.chain([&learned.comfort, &learned.formality]);
        numbers.map(|number| number.to_bits()).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn undo_is_exact_to_the_bit_from_any_prior(
            prior in any_prior(),
            events in proptest::collection::vec(any_event(), 1..5),
            gone in any::<prop::sample::Index>(),
        ) {
            let mut learned = Learned::starting_from(prior.clone());
            let mut never = Learned::starting_from(prior.clone());
            let gone = gone.index(events.len());
            for (n, event) in events.iter().enumerate() {
                learned.learn(event);
                if n != gone {
                    never.learn(event);
                }
            }
            prop_assert!(learned.fusion.is_sound());
            prop_assert_eq!(&learned, &Learned::replay_from(&prior, &events));
            let mut left = events;
            left.remove(gone);
            let undone = Learned::replay_from(&prior, &left);
            prop_assert_eq!(&never, &undone);
            prop_assert_eq!(bits(&never), bits(&undone));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]

        #[test]
        fn undo_is_as_if_it_had_never_been_sent(
            events in proptest::collection::vec(any_event(), 0..30),
            gone in any::<prop::sample::Index>(),
        ) {
            let mut learned = Learned::default();
            for event in &events {
                learned.learn(event);
            }
            prop_assert_eq!(&learned, &Learned::replay(&events));
            prop_assert!(learned.fusion.is_sound());
            if events.is_empty() {
                return Ok(());
            }
            let gone = gone.index(events.len());
            let mut never = Learned::default();
            for (n, event) in events.iter().enumerate() {
                if n != gone {
                    never.learn(event);
                }
            }
            let mut left = events.clone();
            left.remove(gone);
            let undone = Learned::replay(&left);
            prop_assert_eq!(undone.to_json().to_string(), never.to_json().to_string());
        }

        #[test]
        fn what_is_stored_comes_back_bit_for_bit(
            events in proptest::collection::vec(any_event(), 0..20),
            more in any_event(),
        ) {
            let mut learned = Learned::replay(&events);
            let text = learned.to_json().to_string();
            let json: serde_json::Value = serde_json::from_str(&text).unwrap();
            let newer = Arc::new(SharedPrior { version: 1, ..SharedPrior::hand_set() });
            prop_assert!(Learned::from_json(&json, &newer).is_err(), "another prior");
            let mut back = Learned::from_json(&json, &Arc::default()).unwrap();
            prop_assert_eq!(&back, &learned);
            back.learn(&more);
            learned.learn(&more);
            prop_assert_eq!(back.to_json().to_string(), learned.to_json().to_string());
        }
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        let good = Learned::default().to_json();
        assert!(Learned::from_json(&good, &Arc::default()).is_ok());
        for (field, value) in [
            ("version", serde_json::json!(99)),
            ("features", serde_json::json!(3)),
            ("mean", serde_json::json!("AAAA")),
            ("covariance", serde_json::json!("!")),
            ("counts", serde_json::json!([1])),
            ("tastes", serde_json::json!([])),
        ] {
            let mut bad = good.clone();
            bad[field] = value;
            assert!(
                Learned::from_json(&bad, &Arc::default()).is_err(),
                "{field}"
            );
        }
        assert!(Learned::from_json(&serde_json::Value::Null, &Arc::default()).is_err());
    }
}
