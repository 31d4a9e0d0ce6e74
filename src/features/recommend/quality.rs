//! How good the fusion model is, told by what people say: counted when they say it.
use super::model::Feedback;
use crate::{
    base::{
        embedding::{Embedding, Space},
        metrics as names,
    },
    engines::ranking::{Interest, Kind, Learned},
};

/// The labels of what came of a suggestion.
pub const OUTCOMES: [&str; 2] = ["accepted", "rejected"];
/// The labels of predicted probabilities, by tenth.
pub const BINS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
/// A prediction is never taken for surer than this, so that one mistake does not outweigh all else.
const SUREST: f64 = 1e-6;

/// Counts what was said of an outfit, and compares it with the probability that was shown with it.
pub(super) fn count(said: &Feedback, predicted: f64) {
    let Some(is_accepted) = outcome(said.kind, said.rating) else {
        return;
    };
    let outcome = OUTCOMES[usize::from(!is_accepted)];
    metrics::counter!(names::OUTCOMES, "outcome" => outcome).increment(1);
    if !predicted.is_finite() {
        return;
    }
    let bin = BINS[((predicted * 10.0).clamp(0.0, 9.0)) as usize];
    metrics::gauge!(names::FUSION_LOG_LOSS).increment(log_loss(predicted, is_accepted));
    metrics::counter!(names::FUSION_PREDICTIONS).increment(1);
    metrics::gauge!(names::FUSION_PREDICTED, "bin" => bin).increment(predicted.clamp(0.0, 1.0));
    metrics::counter!(names::FUSION_ACCEPTED, "bin" => bin).increment(u64::from(is_accepted));
}

/// Whether the outfit was taken; `None` when what was said is neither yes nor no.
fn outcome(kind: Kind, rating: Option<u8>) -> Option<bool> {
    match kind.reward(rating)? {
        reward if reward > 0.5 => Some(true),
        reward if reward < 0.5 => Some(false),
        _ => None,
    }
}

fn log_loss(predicted: f64, is_accepted: bool) -> f64 {
    let p = predicted.clamp(SUREST, 1.0 - SUREST);
    -(if is_accepted { p } else { 1.0 - p }).ln()
}

/// The direction of somebody's taste in each space, where there is one.
pub(super) fn directions(learned: &Learned) -> [Option<Embedding>; Space::ALL.len()] {
    Space::ALL.map(|space| direction(space, learned.taste(space)))
}

/// Records how far one lesson moved it.
pub(super) fn record_shift(
    before: &[Option<Embedding>; Space::ALL.len()],
    after: &[Option<Embedding>; Space::ALL.len()],
) {
    for (space, (before, after)) in Space::ALL.iter().zip(before.iter().zip(after)) {
        if let (Some(before), Some(after)) = (before, after) {
            let shift = f64::from(1.0 - before.cosine(after)).max(0.0);
            metrics::histogram!(names::TASTE_SHIFT, "space" => space.name()).record(shift);
        }
    }
}

fn direction(space: Space, interests: &[Interest]) -> Option<Embedding> {
    let mut sum = vec![0.0; interests.first()?.centre.dimension()];
    for interest in interests {
        for (total, value) in sum.iter_mut().zip(interest.centre.values()) {
            *total += interest.weight * value;
        }
    }
    Embedding::new(space, sum).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratings_in_the_middle_are_no_outcome() {
        assert_eq!(outcome(Kind::Rating, Some(4)), Some(true));
        assert_eq!(outcome(Kind::Rating, Some(3)), None);
        assert_eq!(outcome(Kind::Rating, Some(2)), Some(false));
        assert_eq!(outcome(Kind::Wear, None), Some(true));
        assert_eq!(outcome(Kind::Skip, None), Some(false));
        assert_eq!(outcome(Kind::WouldWear, None), None);
    }

    #[test]
    fn the_loss_is_that_of_the_textbook_and_finite() {
        assert!((log_loss(0.8, true) - 0.223_143_551).abs() < 1e-6);
        assert!((log_loss(0.8, false) - 1.609_437_912).abs() < 1e-6);
        assert!(log_loss(0.0, true).is_finite() && log_loss(1.0, false) > 10.0);
    }

    #[test]
    fn a_taste_points_where_its_heavier_interests_do() {
        let interest = |weight, values: [f32; 2]| Interest {
            weight,
            centre: Embedding::new(Space::Clip, values.to_vec()).unwrap(),
        };
        assert!(direction(Space::Clip, &[]).is_none());
        let both = [interest(3.0, [1.0, 0.0]), interest(1.0, [0.0, 1.0])];
        let pointed = direction(Space::Clip, &both).unwrap();
        assert!(pointed.values()[0] > pointed.values()[1]);
    }
}
