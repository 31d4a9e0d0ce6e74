//! The study as Markdown and as JSON.
use super::study::Study;
use crate::cli::eval::odds::{self, HEAD, Logged};
use crate::engines::{
    quality::{Estimate, calibration_error, estimate, ratio},
    simulate::{CHECKPOINTS, Checkpoint, Course, FLIP, Family, Policy, recovery},
};
use serde_json::{Value, json};
use std::fmt::Write as _;

const PRODUCT: &str = "FlashFit";
const PICKED: &str = "FlashFit after 12 picks";
const ALONE: [&str; 3] = ["CLIP alone", "BLIP alone", "fashion alone"];
const FIXED: &str = "fixed 0.4/0.3/0.3";
const NO_PRIOR: &str = "learning, no prior";
const BY_HAND: &str = "learning, hand-set prior";
/// Taste has been found again when acceptance is back at this share.
const RECOVERED: f64 = 0.9;

/// Everything as tables.
pub(super) fn markdown(study: &Study) -> String {
    let wardrobes: Vec<String> = study
        .wardrobes
        .iter()
        .map(|(name, size)| format!("{name} ({size})"))
        .collect();
    let mut text = format!(
        "{} simulated people over the wardrobes {}; shared prior from {} people\n\n",
        study.people.len(),
        wardrobes.join(", "),
        study.prior.people,
    );
    text += "Chance that the first suggestion is liked, after so many answers:\n\n";
    text += &by_checkpoint(study, |c| c.acceptance);
    text += "\nNDCG@10 over a fixed pool of outfits:\n\n";
    text += &by_checkpoint(study, |c| c.ndcg);
    text += "\nRegret: the best of 150 random outfits minus the first suggestion:\n\n";
    text += &by_checkpoint(study, |c| c.regret);
    text += "\nThe product against fixed fusion, by family:\n\n";
    text += &by_family(study);
    text += "\nWhat was aimed at:\n\n";
    text += &targets(study);
    text += "\nOther ways to choose the first of the twelve best, by the product's own log and in truth:\n\n";
    text += &odds_of_others(study);
    text += "\nThe rest:\n\n";
    text += &rest(study);
    text
}

fn line(text: &mut String, cells: &[String]) {
    // Writing to a string cannot fail.
    let _written = writeln!(text, "| {} |", cells.join(" | "));
}

fn head(names: &[String]) -> String {
    let mut text = String::new();
    line(&mut text, names);
    let rule = names.iter().skip(1).map(|_| "--:").collect::<Vec<_>>();
    let _written = writeln!(text, "|---|{}|", rule.join("|"));
    text
}

fn interval(e: Estimate) -> String {
    format!("{:.3} ({:.3} to {:.3})", e.mean, e.low, e.high)
}

/// One value per person.
fn over(study: &Study, policy: &str, value: impl Fn(&Course) -> f64) -> Estimate {
    let all = study.people.iter().zip(study.of(policy));
    estimate(all.map(|((name, _), course)| (name.as_str(), value(course))))
}

/// One policy over another, person by person.
fn against(
    study: &Study,
    (a, b): (&str, &str),
    family: Option<Family>,
    value: impl Fn(&Course) -> f64,
) -> Estimate {
    let both = study.people.iter().zip(study.of(a).iter().zip(study.of(b)));
    let some = both.filter(|((_, own), _)| family.is_none_or(|wanted| wanted == *own));
    ratio(some.map(|((name, _), (a, b))| (name.as_str(), value(a), value(b))))
}

fn at(course: &Course, events: usize) -> &Checkpoint {
    let found = course.checkpoints.iter().position(|c| c.events == events);
    &course.checkpoints[found.unwrap_or_default()]
}

fn by_checkpoint(study: &Study, value: impl Fn(&Checkpoint) -> f64) -> String {
    let names = CHECKPOINTS.iter().map(ToString::to_string);
    let mut text = head(
        &[String::from("policy")]
            .into_iter()
            .chain(names)
            .collect::<Vec<_>>(),
    );
    for policy in &study.policies {
        let cells = CHECKPOINTS.iter().map(|events| {
            let e = over(study, policy, |course| value(at(course, *events)));
            format!("{:.3} ±{:.3}", e.mean, 0.5 * (e.high - e.low))
        });
        let row: Vec<String> = [(*policy).to_owned()].into_iter().chain(cells).collect();
        line(&mut text, &row);
    }
    text
}

fn by_family(study: &Study) -> String {
    let names = [
        "family",
        "accepted at 0: fixed",
        "FlashFit",
        "at 5: fixed",
        "FlashFit",
        "at 50: fixed",
        "FlashFit",
        "NDCG ratio at 20",
        "worst NDCG ratio",
    ];
    let mut text = head(&names.map(str::to_owned));
    for family in Family::ALL {
        let own = |policy: &str, events: usize| {
            let all = study.people.iter().zip(study.of(policy));
            let some = all.filter(|((_, own), _)| *own == family);
            let values = some.map(|((n, _), course)| (n.as_str(), at(course, events).acceptance));
            format!("{:.3}", estimate(values).mean)
        };
        let gain = |events: usize| {
            against(study, (PRODUCT, FIXED), Some(family), |c| {
                at(c, events).ndcg
            })
        };
        let worst = CHECKPOINTS.iter().map(|events| gain(*events).mean);
        let mut row = vec![family.name().to_owned()];
        for events in [0, 5, 50] {
            row.extend([own(FIXED, events), own(PRODUCT, events)]);
        }
        row.push(interval(gain(20)));
        row.push(format!("{:.3}", worst.fold(f64::MAX, f64::min)));
        line(&mut text, &row);
    }
    text
}

fn early(course: &Course) -> f64 {
    let first = &course.acceptance[..course.acceptance.len().min(5)];
    first.iter().sum::<f64>() / first.len().max(1) as f64
}

/// The acceptance of everybody who drifts, ask by ask.
fn drifting(study: &Study, policy: &str) -> Vec<f64> {
    let all = study.people.iter().zip(study.of(policy));
    let some: Vec<&Course> = all
        .filter(|((_, family), _)| *family == Family::Drifting)
        .map(|(_, course)| course)
        .collect();
    let asks = some.first().map_or(0, |course| course.acceptance.len());
    let mean = |ask: usize| {
        let sum: f64 = some.iter().map(|course| course.acceptance[ask]).sum();
        sum / some.len() as f64
    };
    (0..asks).map(mean).collect()
}

fn targets(study: &Study) -> String {
    let names = ["measure", "aim", "FlashFit", "after 12 picks"];
    let mut text = head(&names.map(str::to_owned));
    let mut row = |name: &str, aim: &str, of: &dyn Fn(&str) -> String| {
        let cells = [name.to_owned(), aim.to_owned(), of(PRODUCT), of(PICKED)];
        line(&mut text, &cells);
    };
    row(
        "accepted after 5 answers, against fixed fusion",
        "≥ 1.5×",
        &|p| interval(against(study, (p, FIXED), None, |c| at(c, 5).acceptance)),
    );
    row(
        "NDCG@10 after 20 answers, against fixed fusion",
        "≥ 1.35×",
        &|p| interval(against(study, (p, FIXED), None, |c| at(c, 20).ndcg)),
    );
    row(
        "the same, the worst family and moment",
        "≥ 0.99×",
        &|p| format!("{:.3}", worst(study, p)),
    );
    row(
        "NDCG@10 after 20 answers, against the best single model",
        "> 1",
        &|p| {
            interval(against(study, (p, best_alone(study)), None, |c| {
                at(c, 20).ndcg
            }))
        },
    );
    row(
        "accepted in the first 5 asks, against no prior",
        "≥ 1.2×",
        &|p| interval(against(study, (p, NO_PRIOR), None, early)),
    );
    row("the same, against the hand-set prior", "", &|p| {
        interval(against(study, (p, BY_HAND), None, early))
    });
    row(
        "answers until acceptance is back at 90 % after a change of taste",
        "≤ 15",
        &|p| match recovery(&drifting(study, p), FLIP, RECOVERED) {
            Some(events) => format!("{events}"),
            None => "not within 25".to_owned(),
        },
    );
    text
}

/// The smallest ratio of NDCG to fixed fusion over families and moments.
fn worst(study: &Study, policy: &str) -> f64 {
    let all = Family::ALL.into_iter().flat_map(|family| {
        CHECKPOINTS.map(|events| {
            let ndcg = |c: &Course| at(c, events).ndcg;
            against(study, (policy, FIXED), Some(family), ndcg).mean
        })
    });
    all.fold(f64::MAX, f64::min)
}

/// The model that ranks best by itself.
fn best_alone(study: &Study) -> &'static str {
    let ndcg = |policy: &str| over(study, policy, |c| at(c, 20).ndcg).mean;
    let by_ndcg = |a: &&str, b: &&str| ndcg(a).total_cmp(&ndcg(b));
    ALONE.into_iter().max_by(by_ndcg).unwrap_or(FIXED)
}

/// What the product's log says about policies that it did not follow, beside what is true of them.
fn odds_of_others(study: &Study) -> String {
    let courses = study.people.iter().zip(study.of(PRODUCT));
    let logged: Vec<Logged<'_>> = courses
        .flat_map(|((who, _), course)| {
            course.decisions.iter().map(move |decided| Logged {
                who,
                choice: &decided.choice,
                reward: f64::from(u8::from(decided.liked)),
                truth: Some(&decided.yes),
            })
        })
        .collect();
    let policies = [Policy::published(), Policy::colours(), Policy::by_hand()];
    let named = policies.iter().map(|p| (p.name, Some(p.prior())));
    let all: Vec<odds::Named<'_>> = [("any of those considered", None)]
        .into_iter()
        .chain(named)
        .collect();
    let mut text = head(&HEAD.map(str::to_owned));
    for row in odds::rows(&logged, &all, &study.prior) {
        line(&mut text, &row);
    }
    text
}

fn rest(study: &Study) -> String {
    let names = [
        "policy",
        "calibration error",
        "overlap of two suggestions",
        "garments used",
        "repeated",
        "invalid",
        "no outfit by annotation",
        "median",
        "p95",
    ];
    let mut text = head(&names.map(str::to_owned));
    for policy in &study.policies {
        let courses = study.of(policy);
        let sum = |value: fn(&Course) -> usize| courses.iter().map(value).sum::<usize>();
        let predicted: Vec<(f64, bool)> = courses
            .iter()
            .flat_map(|c| c.predicted.iter().copied())
            .collect();
        let overlap = over(study, policy, |c| {
            let all = c.checkpoints.iter().map(|c| c.overlap);
            all.sum::<f64>() / CHECKPOINTS.len() as f64
        });
        let mut took: Vec<f64> = courses
            .iter()
            .flat_map(|c| c.latency_ms.iter().copied())
            .collect();
        took.sort_by(f64::total_cmp);
        let part = |share: f64| took.get((share * took.len() as f64) as usize).copied();
        let share = |e: Estimate| format!("{:.1} %", 100.0 * e.mean);
        line(
            &mut text,
            &[
                (*policy).to_owned(),
                format!("{:.3}", calibration_error(&predicted)),
                share(overlap),
                share(over(study, policy, |c| c.coverage)),
                share(over(study, policy, |c| c.repetition)),
                sum(|c| c.invalid).to_string(),
                format!(
                    "{:.1} %",
                    100.0 * sum(|c| c.mistaken) as f64 / sum(|c| c.suggested).max(1) as f64
                ),
                format!("{:.2} ms", part(0.5).unwrap_or_default()),
                format!("{:.2} ms", part(0.95).unwrap_or_default()),
            ],
        );
    }
    text
}

/// Every number of every course.
pub(super) fn json(study: &Study) -> Value {
    let course = |(person, course): (&(String, Family), &Course)| {
        let checkpoints = course.checkpoints.iter().map(|c| {
            json!({
                "events": c.events, "ndcg": c.ndcg, "acceptance": c.acceptance,
                "regret": c.regret, "overlap": c.overlap,
            })
        });
        json!({
            "person": person.0,
            "family": person.1.name(),
            "checkpoints": checkpoints.collect::<Vec<_>>(),
            "acceptance": course.acceptance,
            "invalid": course.invalid,
            "coverage": course.coverage,
            "repetition": course.repetition,
        })
    };
    let policies = study.policies.iter().map(|policy| {
        let courses = study.people.iter().zip(study.of(policy)).map(course);
        json!({ "policy": policy, "people": courses.collect::<Vec<_>>() })
    });
    let (mean, covariance) = study.prior.numbers();
    json!({
        "policies": policies.collect::<Vec<_>>(),
        "prior": { "people": study.prior.people, "mean": mean, "covariance": covariance },
    })
}
