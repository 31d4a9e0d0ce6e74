//! What a person said about single garments and about pairs of them, fading with time.
use crate::base::id::ItemId;
use std::collections::BTreeMap;

/// Evidence about a garment halves in so many days.
const PIECE_HALF_LIFE_DAYS: f64 = 45.0;
/// Evidence about a pair halves in so many days.
const PAIR_HALF_LIFE_DAYS: f64 = 90.0;
/// More evidence than this makes nothing surer, so that one change of mind always shows.
const MOST_EVIDENCE: f32 = 1.5;
/// Weaker traces are dropped when there are too many.
const LEAST_EVIDENCE: f32 = 0.05;
/// So many traces are kept without a look at how strong they are.
const MOST_TRACES: usize = 4096;
const MILLIS_PER_DAY: f64 = 86_400_000.0;

/// Evidence as of a time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Trace {
    pub(super) evidence: f32,
    /// Milliseconds since 1970.
    pub(super) at: i64,
}

/// Two garments, the smaller id first.
pub(super) type PairKey = (ItemId, ItemId);

/// Traces of pieces and pairs.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Memory {
    pub(super) pieces: BTreeMap<ItemId, Trace>,
    pub(super) pairs: BTreeMap<PairKey, Trace>,
}

impl Memory {
    pub(super) fn learn_piece(&mut self, item: ItemId, evidence: f32, at: i64) {
        learn(&mut self.pieces, item, PIECE_HALF_LIFE_DAYS, (evidence, at));
    }

    pub(super) fn learn_pair(&mut self, a: ItemId, b: ItemId, evidence: f32, at: i64) {
        if a != b {
            learn(
                &mut self.pairs,
                key(a, b),
                PAIR_HALF_LIFE_DAYS,
                (evidence, at),
            );
        }
    }

    /// −1 to 1 as of `now`; 0 when nothing is known.
    pub(super) fn piece(&self, item: ItemId, now: i64) -> f32 {
        self.pieces
            .get(&item)
            .map_or(0.0, |trace| faded(*trace, PIECE_HALF_LIFE_DAYS, now).tanh())
    }

    /// −1 to 1 as of `now`; 0 when nothing is known.
    pub(super) fn pair(&self, a: ItemId, b: ItemId, now: i64) -> f32 {
        self.pairs
            .get(&key(a, b))
            .map_or(0.0, |trace| faded(*trace, PAIR_HALF_LIFE_DAYS, now).tanh())
    }
}

fn learn<K: Ord>(traces: &mut BTreeMap<K, Trace>, key: K, half_life: f64, new: (f32, i64)) {
    let (evidence, at) = new;
    if evidence == 0.0 {
        return;
    }
    let before = traces
        .get(&key)
        .map_or(0.0, |trace| faded(*trace, half_life, at));
    let evidence = (before + evidence).clamp(-MOST_EVIDENCE, MOST_EVIDENCE);
    traces.insert(key, Trace { evidence, at });
    if traces.len() > MOST_TRACES {
        traces.retain(|_, trace| faded(*trace, half_life, at).abs() >= LEAST_EVIDENCE);
        drop_weakest_half(traces, half_life, at);
    }
}

/// When fading alone does not make room.
fn drop_weakest_half<K: Ord>(traces: &mut BTreeMap<K, Trace>, half_life: f64, at: i64) {
    if traces.len() <= MOST_TRACES {
        return;
    }
    let mut strengths: Vec<f32> = traces
        .values()
        .map(|trace| faded(*trace, half_life, at).abs())
        .collect();
    strengths.sort_by(f32::total_cmp);
    let bar = strengths[strengths.len() / 2];
    traces.retain(|_, trace| faded(*trace, half_life, at).abs() > bar);
}

fn faded(trace: Trace, half_life: f64, now: i64) -> f32 {
    let days = (now.saturating_sub(trace.at)).max(0) as f64 / MILLIS_PER_DAY;
    trace.evidence * (-days / half_life).exp2() as f32
}

fn key(a: ItemId, b: ItemId) -> PairKey {
    if a < b { (a, b) } else { (b, a) }
}
