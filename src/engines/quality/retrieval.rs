//! Measures of ranked lists.

/// How many scores are better than the one at `target`: 0 is the first place. Of equals, `target` is the last.
#[must_use]
pub fn rank_of(scores: &[f32], target: usize) -> usize {
    let Some(own) = scores.get(target) else {
        return scores.len();
    };
    let others = scores.iter().enumerate().filter(|(at, _)| *at != target);
    others.filter(|(_, score)| *score >= own).count()
}

/// Average precision of a ranking: the mean, over the relevant ones, of the share of relevant ones up to there.
///
/// `None` when nothing is relevant. Pairs are a score and whether it is relevant; order does not matter.
#[must_use]
pub fn average_precision(mut scored: Vec<(f32, bool)>) -> Option<f64> {
    // Of equals, the irrelevant come first: luck is not counted.
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let (mut found, mut sum) = (0_u32, 0.0);
    for (place, (_, is_relevant)) in (1_u32..).zip(scored) {
        if is_relevant {
            found += 1;
            sum += f64::from(found) / f64::from(place);
        }
    }
    (found > 0).then(|| sum / f64::from(found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_from_the_best() {
        assert_eq!(rank_of(&[0.1, 0.9, 0.5], 1), 0);
        assert_eq!(rank_of(&[0.1, 0.9, 0.5], 0), 2);
        assert_eq!(rank_of(&[0.5, 0.5], 0), 1, "ties are no merit");
    }

    #[test]
    fn precision_is_averaged_over_what_is_relevant() {
        let ranked = |flags: &[bool]| {
            let scored = flags.iter().zip(0_u8..).map(|(f, i)| (-f32::from(i), *f));
            average_precision(scored.collect())
        };
        assert_eq!(ranked(&[true, true, false]), Some(1.0));
        assert_eq!(ranked(&[false, true, false, true]), Some(0.5));
        assert_eq!(ranked(&[false]), None);
    }
}
