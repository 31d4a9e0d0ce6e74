//! Reasons of style: what the outfit looks like, and whether this person is known to like it.
use super::{LEAST_REASON, Reason, Teller};
use crate::engines::ranking::features::{
    FEATURES, STYLE,
    style::{CONTEXTS, IN_CONTEXT, MEASURES, OF_COLOUR, OF_KIND},
};

/// A weight this far from where everybody starts is a liking of one's own.
const OWN: f32 = 0.05;
/// What each measure is called when it is high and when it is low.
const WORDS: [(&str, &str); MEASURES] = [
    ("it is colourful", "its colours are quiet"),
    ("it is light", "it is dark"),
    ("it is plain", "there is a pattern in it"),
    ("it is dressy", "it is relaxed"),
];

impl Teller<'_, '_> {
    pub(super) fn of_style(&self) -> Vec<Reason> {
        let measures = (0..MEASURES).filter_map(|n| self.measured(n));
        let liked = [OF_COLOUR..OF_KIND, OF_KIND..IN_CONTEXT];
        let liked = liked.into_iter().filter_map(|group| self.most_liked(group));
        measures.chain(liked).collect()
    }

    fn measured(&self, n: usize) -> Option<Reason> {
        let at = STYLE + n;
        let in_contexts = (0..CONTEXTS).map(|context| IN_CONTEXT + context * MEASURES + n);
        let all = || in_contexts.clone().chain([at]);
        let sum: f32 = all().map(|i| self.parts[i].contribution).sum();
        let value = self.parts[at].value;
        if sum < LEAST_REASON {
            return None;
        }
        let (high, low) = WORDS[n];
        let words = if value > 0.0 { high } else { low };
        let leaning: f32 = all()
            .map(|i| self.scorer.leanings[i] * self.parts[i].value)
            .sum();
        let phrase = if leaning > OWN * value.abs() {
            format!("{words}, as you like it")
        } else {
            words.to_owned()
        };
        let shared: f32 = all().map(|i| self.common[i].max(0.0)).sum();
        Some(Reason {
            own: sum - shared,
            sum,
            phrase,
        })
    }

    /// The colour or kind that adds most, if this person is known to like it.
    fn most_liked(&self, group: std::ops::Range<usize>) -> Option<Reason> {
        let liked = group.filter(|i| self.scorer.leanings[*i] > OWN);
        let most = liked.max_by(|a, b| {
            let of = |i: &usize| self.parts[*i].contribution;
            of(a).total_cmp(&of(b))
        })?;
        let sum = self.parts[most].contribution;
        (sum >= LEAST_REASON).then(|| Reason {
            own: sum - self.common[most].max(0.0),
            sum,
            phrase: format!("you like {}", FEATURES[most].label),
        })
    }
}
