//! What a log says about ways to choose that were not followed.
use crate::engines::{
    quality::{Decision, Estimate, off_policy},
    ranking::{Choice, Considered, SharedPrior},
};

/// An answered choice.
pub(super) struct Logged<'a> {
    /// Whose.
    pub(super) who: &'a str,
    /// How it was chosen.
    pub(super) choice: &'a Choice,
    /// What came of it, 0 to 1.
    pub(super) reward: f64,
    /// What would come of each outfit considered, where that is known.
    pub(super) truth: Option<&'a [f64]>,
}

/// The name of a policy, and its weights; without weights it takes any of the outfits considered.
pub(super) type Named<'a> = (&'a str, Option<&'a SharedPrior>);

/// One row per policy: its name and its cells. `model` expects what comes of each outfit, for the doubly robust estimate.
pub(super) fn rows(
    logged: &[Logged<'_>],
    policies: &[Named<'_>],
    model: &SharedPrior,
) -> Vec<Vec<String>> {
    let interval = |e: Estimate| format!("{:.3} ({:.3} to {:.3})", e.mean, e.low, e.high);
    let expected = |outfit: &Considered| model.worth(&outfit.features);
    let shift = shift(logged, expected);
    let row = |(name, weights): &Named<'_>| {
        let decisions: Vec<Decision> = logged
            .iter()
            .map(|logged| {
                decision(logged, *weights, |outfit| {
                    logistic(expected(outfit) + shift)
                })
            })
            .collect();
        let told = off_policy(&decisions);
        vec![
            (*name).to_owned(),
            truth(&decisions, logged).map_or(String::new(), |truth| format!("{truth:.3}")),
            interval(told.ips),
            interval(told.snips),
            interval(told.doubly_robust),
            format!("{:.0} of {}", told.effective, decisions.len()),
        ]
    };
    policies.iter().map(row).collect()
}

/// The names of the cells.
pub(super) const HEAD: [&str; 6] = [
    "policy",
    "true",
    "IPS",
    "SNIPS",
    "doubly robust",
    "effective choices",
];

/// What the model must be lowered by, in logits, to expect on average what came of what was chosen: what is chosen is
/// what the model thinks too much of.
fn shift(logged: &[Logged<'_>], expected: impl Fn(&Considered) -> f64) -> f64 {
    let chosen = logged
        .iter()
        .filter_map(|logged| logged.choice.considered.get(logged.choice.chosen));
    let worths: Vec<f64> = chosen.map(expected).collect();
    let earned: f64 = logged.iter().map(|logged| logged.reward).sum();
    let (mut low, mut high) = (-20.0, 20.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        let sum: f64 = worths.iter().map(|worth| logistic(worth + middle)).sum();
        if sum > earned {
            high = middle;
        } else {
            low = middle;
        }
    }
    0.5 * (low + high)
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

fn decision(
    logged: &Logged<'_>,
    weights: Option<&SharedPrior>,
    expected: impl Fn(&Considered) -> f64,
) -> Decision {
    let considered = &logged.choice.considered;
    let expected = considered.iter().map(expected);
    Decision {
        who: logged.who.to_owned(),
        chosen: logged.choice.chosen,
        propensity: f64::from(logged.choice.propensity),
        reward: logged.reward,
        target: match weights {
            None => vec![1.0 / considered.len().max(1) as f64; considered.len()],
            Some(weights) => weights.choice(considered),
        },
        expected: expected.collect(),
    }
}

/// What the policy would really have earned, where that is known of every choice.
fn truth(decisions: &[Decision], logged: &[Logged<'_>]) -> Option<f64> {
    let earned = decisions.iter().zip(logged).map(|(decision, logged)| {
        let options = decision.target.iter().zip(logged.truth?);
        Some(options.map(|(p, yes)| p * yes).sum::<f64>())
    });
    let earned: Vec<f64> = earned.collect::<Option<_>>()?;
    Some(earned.iter().sum::<f64>() / earned.len().max(1) as f64)
}
