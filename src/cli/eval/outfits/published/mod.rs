//! The published protocols on outfits with pictures, for those who have the published sets.
mod eyes;
mod judge;
mod sets;

use super::{
    figures::{Figure, Report, Row, Table},
    grammar::credit,
};
use crate::engines::{
    quality::{Scored, auc, estimate},
    ranking::Together,
    vision::{Options, Pack, Vision},
};
use anyhow::{Context as _, bail};
use judge::{JUDGES, Judge};
use sets::{Published, Set};
use std::{collections::BTreeSet, path::Path, sync::Arc};

/// A published figure: who, fill in the blank, AUC.
type Anchor = (&'static str, Option<f64>, Option<f64>);

const MARYLAND: &[Anchor] = &[
    ("Bi-LSTM (Han et al. 2017)", Some(0.686), Some(0.90)),
    (
        "Bi-LSTM, wrong pieces drawn anew (Vasileva et al. 2018): other questions",
        Some(0.649),
        None,
    ),
];
const POLYVORE_OUTFITS: &[Anchor] = &[
    (
        "type-aware embeddings (Vasileva et al. 2018)",
        Some(0.578),
        Some(0.86),
    ),
    ("CSA-Net (Lin et al. 2020)", Some(0.637), Some(0.91)),
    (
        "OutfitTransformer (Sarkar et al. 2022)",
        Some(0.671),
        Some(0.93),
    ),
    (
        "OutfitTransformer with CLIP, re-implemented",
        Some(0.692),
        Some(0.95),
    ),
];

/// Looks at every picture the questions need and answers them.
pub(super) fn measure(
    folder: &Path,
    pack: Pack,
    options: &Options,
    limit: usize,
) -> anyhow::Result<Report> {
    let mut set = Published::read(folder)?;
    let is_whole = set.blanks.len() <= limit && set.outfits.len() <= limit;
    set.blanks.truncate(limit);
    // The file has all real outfits first: a part of it is taken from both ends.
    if set.outfits.len() > limit {
        let end = set.outfits.split_off(set.outfits.len() - limit / 2);
        set.outfits.truncate(limit - limit / 2);
        set.outfits.extend(end);
    }
    if set.blanks.is_empty() && set.outfits.is_empty() {
        bail!("{} has no questions", folder.display());
    }
    let id = pack.id().to_owned();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let options = Options {
        sessions: threads,
        ..options.clone()
    };
    let vision = Vision::load(pack, &options)?;
    let needed: BTreeSet<&str> = set.pieces().collect();
    let seen = eyes::look_at(&vision, &set, &needed, threads)?;
    let learned = vision.togetherness().map(Together::learned);
    let has_table = learned.is_some();
    let together = match learned {
        Some(table) => table.context("the pack's table has holes")?,
        None => Together::rules(),
    };
    let judge = Judge::new(&seen, Arc::new(together));
    let about = format!(
        "{} in {}: {} blanks, {} outfits, {} pictures looked at by {id}.",
        set.name,
        folder.display(),
        set.blanks.len(),
        set.outfits.len(),
        needed.len(),
    );
    Ok(Report {
        about,
        tables: vec![table(&set, &judge, is_whole)],
        notes: notes(&set, is_whole, has_table),
    })
}

fn table(set: &Published, judge: &Judge<'_>, is_whole: bool) -> Table {
    let blanks: Vec<(String, Vec<Vec<f64>>)> = set
        .blanks
        .iter()
        .zip(0_usize..)
        .map(|(blank, number)| {
            let filled = blank.choices.iter().map(|choice| {
                let pieces = blank.others.iter().chain([choice]);
                judge.scores(pieces.map(String::as_str))
            });
            (number.to_string(), filled.collect())
        })
        .collect();
    let outfits: Vec<(bool, Vec<f64>)> = set
        .outfits
        .iter()
        .map(|(is_real, pieces)| (*is_real, judge.scores(pieces.iter().map(String::as_str))))
        .collect();
    let mut rows: Vec<Row> = JUDGES
        .iter()
        .enumerate()
        .map(|(at, name)| {
            let right = blanks.iter().map(|(number, choices)| {
                let fits: Vec<f64> = choices.iter().map(|scores| scores[at]).collect();
                (number.as_str(), credit(&fits))
            });
            let scored: Vec<Scored> = outfits
                .iter()
                .enumerate()
                .map(|(group, (is_real, scores))| Scored {
                    group,
                    score: scores[at],
                    is_real: *is_real,
                })
                .collect();
            Row {
                name: (*name).to_owned(),
                figures: vec![
                    Figure::percent(estimate(right)),
                    Figure::number(auc(&scored)),
                ],
            }
        })
        .collect();
    let anchors = if is_whole { anchors(set.set) } else { &[] };
    rows.extend(anchors.iter().map(|(who, blank, area)| Row {
        name: format!("published: {who}"),
        figures: vec![
            Figure::published(*blank, true),
            Figure::published(*area, false),
        ],
    }));
    Table {
        title: "How often the right piece of four is chosen (chance 25 %), and real outfits against made-up ones (chance 0.5)"
            .to_owned(),
        columns: vec!["fill in the blank".to_owned(), "AUC".to_owned()],
        rows,
    }
}

const fn anchors(set: Set) -> &'static [Anchor] {
    match set {
        Set::Maryland => MARYLAND,
        Set::Nondisjoint => POLYVORE_OUTFITS,
        Set::Disjoint | Set::Unnamed => &[],
    }
}

fn notes(set: &Published, is_whole: bool, has_table: bool) -> Vec<String> {
    let mut notes = vec![
        "Likeness: the mean cosine of each two pieces in a space. The others are features of the score, as `/api/recommend` \
         measures them. All: their contributions with everybody's starting weights, and the likenesses with the published \
         0.4, 0.3 and 0.3 times the same scale. FlashFit's models saw none of these outfits; those published were trained \
         on their set. Intervals: 95 %, bootstrap over questions."
            .to_owned(),
    ];
    if !has_table {
        notes.push("The pack has no compat.onnx: togetherness is by rules.".to_owned());
    }
    match set.set {
        _ if !is_whole => {
            notes.push("A part of the questions: not comparable with published figures.".to_owned());
        }
        Set::Disjoint => notes.push(
            "The figures usually cited are of the nondisjoint split; none is printed beside this one.".to_owned(),
        ),
        Set::Unnamed => notes.push(
            "The folder is called neither disjoint nor nondisjoint: no published figure is printed.".to_owned(),
        ),
        Set::Maryland | Set::Nondisjoint => {}
    }
    notes
}
