//! Outfits as lists of kinds: fill in the blank, and real outfits against made-up ones.
use super::{
    figures::{Figure, Report, Row, Table},
    product::Product,
};
use crate::engines::{
    quality::{
        Scored, auc, estimate,
        grammar::{
            Blank, Double, Examiner, Frequency, Grammar, Kinds, Outfit, Pairs, Scorer, Wrong,
        },
    },
    ranking::Together,
    vision::{Options, Pack, Vision},
};
use anyhow::{Context as _, bail};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use std::path::Path;

const TRAINING: &str = "polyvore_categories_train.json";
const TEST: &str = "polyvore_categories_test.json";
/// Of the questions.
const SEED: u64 = 20_261_123;

#[derive(Debug, Deserialize)]
struct Stored {
    items_category: Vec<u32>,
}

/// Reads outfits, and the checksum of the file.
fn read(folder: &Path, file: &str) -> anyhow::Result<(Vec<Outfit>, String)> {
    let path = folder.join(file);
    let bytes = fs_err::read(&path)?;
    let naming = || format!("{} is not a list of outfits", path.display());
    let stored: Vec<Stored> = serde_json::from_slice(&bytes).with_context(naming)?;
    if stored.is_empty() {
        bail!("{} has no outfits", path.display());
    }
    let outfits = stored
        .into_iter()
        .map(|o| o.items_category.into_iter().collect());
    let digest = Sha256::digest(&bytes);
    let digest = digest.iter().map(|b| format!("{b:02x}")).collect();
    Ok((outfits.collect(), digest))
}

/// A name and how it scores.
type Named<'a> = (String, Box<dyn Scorer + 'a>);

/// Measures every scorer on the test outfits of `folder`.
pub(super) fn measure(
    folder: &Path,
    pack: &Pack,
    options: &Options,
    limit: usize,
) -> anyhow::Result<Report> {
    let (training, digest) = read(folder, TRAINING)?;
    let (mut test, _) = read(folder, TEST)?;
    test.truncate(limit);
    let kinds = Kinds::built_in()?;
    let grammar = Grammar::built_in()?;
    let (learned_from, learned_on) = grammar.learned_from();
    let mut notes = vec![];
    if learned_from != digest {
        notes.push(format!(
            "The grammar was learned from another {TRAINING} (SHA-256 {learned_from}): it may know the test outfits."
        ));
    }
    let about = format!(
        "Kinds of garments on {} test outfits; baselines counted on {} training outfits, the grammar learned on {learned_on} of them.",
        test.len(),
        training.len(),
    );
    let scorers = scorers(&training, &kinds, grammar, (pack, options))?;
    let is_known = |id: u32| kinds.find(id).is_some_and(|kind| !kind.ours.is_empty());
    let only_known = |outfits: &[Outfit]| -> Vec<Outfit> {
        let known = |o: &Outfit| o.iter().copied().filter(|id| is_known(*id)).collect();
        outfits.iter().map(known).collect()
    };
    let usual = Frequency::count(&training);
    let all = Sheet::new((&kinds, &usual), &test, |_| true);
    let known = Sheet::new((&kinds, &usual), &only_known(&test), is_known);
    let tables = vec![
        all.table(
            "Everything in the outfits, make-up and handbags included",
            &scorers,
        ),
        known.table("Garments that FlashFit has words for", &scorers),
    ];
    notes.push(
        "The grammar given the place takes the places as they are and asks only which kind goes with the rest."
            .to_owned(),
    );
    notes.push(
        "Fill in the blank: four choices, chance is 25 %. AUC: a real outfit against one made up in its place, chance is 0.5. \
         Wrong pieces are drawn as often as people use them: of any kind, or of the kinds that take the same place. \
         Intervals: 95 %, bootstrap over outfits."
            .to_owned(),
    );
    Ok(Report {
        about,
        tables,
        notes,
    })
}

fn scorers<'a>(
    training: &[Outfit],
    kinds: &'a Kinds,
    grammar: Grammar,
    (pack, options): (&Pack, &Options),
) -> anyhow::Result<Vec<Named<'a>>> {
    let in_place = Grammar::built_in()?.given_the_place(kinds);
    let product = |together| Box::new(Product { kinds, together });
    let mut scorers: Vec<Named<'a>> = vec![
        ("how common".into(), Box::new(Frequency::count(training))),
        ("pair counts (PMI)".into(), Box::new(Pairs::count(training))),
        ("the grammar".into(), Box::new(grammar)),
        ("the grammar, given the place".into(), Box::new(in_place)),
        ("FlashFit's rules".into(), product(Together::rules())),
    ];
    if let Some(logits) = Vision::togetherness_of(pack, options)? {
        let learned = Together::learned(&logits).context("the pack's table has holes")?;
        scorers.push((
            format!("FlashFit's table ({})", pack.id()),
            product(learned),
        ));
    }
    Ok(scorers)
}

/// All questions about some outfits.
struct Sheet {
    blanks: [Vec<Blank>; 2],
    doubles: [Vec<Double>; 2],
}

impl Sheet {
    fn new(
        (kinds, usual): (&Kinds, &Frequency),
        outfits: &[Outfit],
        allowed: impl Fn(u32) -> bool,
    ) -> Self {
        let [any, same] =
            [Wrong::Any, Wrong::SameSlot].map(|wrong| Examiner::new(kinds, usual, &allowed, wrong));
        Self {
            blanks: [any.blanks(outfits, SEED), same.blanks(outfits, SEED)],
            doubles: [any.doubles(outfits, SEED), same.doubles(outfits, SEED)],
        }
    }

    fn table(&self, title: &str, scorers: &[Named<'_>]) -> Table {
        let count = |n: usize, what: &str| format!("{what} ({n})");
        let [any, same] = &self.blanks;
        let [any_double, same_double] = &self.doubles;
        let mut rows: Vec<Row> = scorers
            .iter()
            .map(|(name, scorer)| Row {
                name: name.clone(),
                figures: vec![
                    Figure::percent(over_outfits(&filled(any, scorer.as_ref()))),
                    Figure::number(auc(&scored(any_double, scorer.as_ref()))),
                    Figure::percent(over_outfits(&filled(same, scorer.as_ref()))),
                    Figure::number(auc(&scored(same_double, scorer.as_ref()))),
                ],
            })
            .collect();
        rows.extend(self.gain(scorers));
        Table {
            title: title.to_owned(),
            columns: vec![
                count(any.len(), "blank, any wrong"),
                count(any_double.len(), "AUC, any wrong"),
                count(same.len(), "blank, same place"),
                count(same_double.len(), "AUC, same place"),
            ],
            rows,
        }
    }

    /// By how much the grammar beats the counts, question by question.
    fn gain(&self, scorers: &[Named<'_>]) -> Option<Row> {
        let find = |wanted: &str| scorers.iter().find(|(name, _)| name.starts_with(wanted));
        let ((_, pairs), (_, grammar)) = (find("pair counts")?, find("the grammar")?);
        let gain = |blanks: &[Blank]| {
            let (old, new) = (
                filled(blanks, pairs.as_ref()),
                filled(blanks, grammar.as_ref()),
            );
            let both = old.into_iter().zip(new);
            let gains: Vec<_> = both.map(|((o, old), (_, new))| (o, new - old)).collect();
            Figure::percent(over_outfits(&gains))
        };
        let nothing = || Figure::published(None, false);
        let [any, same] = &self.blanks;
        Some(Row {
            name: "the grammar over pair counts, difference".to_owned(),
            figures: vec![gain(any), nothing(), gain(same), nothing()],
        })
    }
}

/// Which outfit, and whether the right piece scored best; of equals, each is taken as often.
fn filled(blanks: &[Blank], scorer: &dyn Scorer) -> Vec<(String, f64)> {
    let one = |blank: &Blank| {
        let fits: Vec<f64> = blank
            .choices
            .iter()
            .map(|kind| scorer.fit(*kind, &blank.others))
            .collect();
        (blank.outfit.to_string(), credit(&fits))
    };
    blanks.iter().map(one).collect()
}

/// 1 when the first is best, 0 when another is, a share when several are equally good.
pub(super) fn credit(fits: &[f64]) -> f64 {
    let best = fits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let equals = fits.iter().filter(|fit| **fit == best).count();
    match fits.first() {
        Some(right) if *right == best => 1.0 / equals as f64,
        _ => 0.0,
    }
}

fn over_outfits(values: &[(String, f64)]) -> crate::engines::quality::Estimate {
    estimate(
        values
            .iter()
            .map(|(outfit, value)| (outfit.as_str(), *value)),
    )
}

fn scored(doubles: &[Double], scorer: &dyn Scorer) -> Vec<Scored> {
    let both = |(group, double): (usize, &Double)| {
        [(&double.real, true), (&double.made_up, false)].map(|(outfit, is_real)| Scored {
            group,
            score: scorer.together(outfit),
            is_real,
        })
    };
    doubles.iter().enumerate().flat_map(both).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_are_no_merit() {
        assert_eq!(credit(&[2.0, 1.0, 0.0]), 1.0);
        assert_eq!(credit(&[1.0, 1.0, 1.0, 1.0]), 0.25);
        assert_eq!(credit(&[0.0, 1.0]), 0.0);
        assert_eq!(credit(&[]), 0.0);
    }
}
