//! The comparison as a Markdown table.
use super::{
    likeness::{FUSED, likeness},
    photos::Seen,
    truth::{TenClasses, class_of},
};
use crate::{
    base::{
        colours::is_near,
        embedding::{Embedding, Space},
        words::Words,
    },
    engines::{
        quality::{Estimate, bleu4, calibration_error, cider, estimate, rank_of},
        vision::Attribute,
    },
};
use std::fmt::Write as _;

/// Every measure with its 95 % interval, whole people drawn.
pub(super) fn table(seen: &[Seen], ten: &TenClasses) -> anyhow::Result<String> {
    let mut table = Table::default();
    heads(&mut table, seen, ten);
    colours(&mut table, seen);
    captions(&mut table, seen);
    search(&mut table, seen);
    found_again(&mut table, seen);
    likeness(&mut table, seen);
    let mut took: Vec<f64> = seen.iter().map(|s| s.took.as_secs_f64() * 1e3).collect();
    took.sort_by(f64::total_cmp);
    let middle = took.get(took.len() / 2).copied().unwrap_or_default();
    table.row(
        "decoding and looking, median",
        format!("{middle:.1} ms"),
        "",
        took.len(),
    );
    Ok(table.0)
}

/// Rows of a Markdown table.
pub(super) struct Table(String);

impl Default for Table {
    fn default() -> Self {
        Self("| measure | value | 95 % interval | n |\n|---|--:|--:|--:|\n".to_owned())
    }
}

impl Table {
    pub(super) fn row(&mut self, name: &str, value: String, interval: &str, count: usize) {
        // Writing to a string cannot fail.
        let _written = writeln!(self.0, "| {name} | {value} | {interval} | {count} |");
    }

    fn share(&mut self, name: &str, e: Estimate) {
        let value = format!("{:.1} %", 100.0 * e.mean);
        let interval = format!("{:.1} to {:.1} %", 100.0 * e.low, 100.0 * e.high);
        self.row(name, value, &interval, e.count);
    }

    pub(super) fn number(&mut self, name: &str, e: Estimate) {
        let interval = format!("{:.3} to {:.3}", e.low, e.high);
        self.row(name, format!("{:.3}", e.mean), &interval, e.count);
    }
}

/// Mean over the photos for which `value` has one.
fn over(seen: &[Seen], value: impl Fn(&Seen) -> Option<f64>) -> Estimate {
    estimate(
        seen.iter()
            .filter_map(|s| Some((s.person.as_str(), value(s)?))),
    )
}

fn yes(right: bool) -> f64 {
    f64::from(u8::from(right))
}

fn said<'a>(seen: &'a Seen, name: &str) -> Option<&'a Attribute> {
    seen.sight.attributes.iter().find(|a| a.name == name)
}

/// What is true of a photo, by the name of the attribute.
fn truth<'a>(seen: &'a Seen, name: &str) -> &'a str {
    match name {
        "category" => &seen.note.category,
        "pattern" => &seen.note.pattern,
        "sleeve" => &seen.note.sleeve,
        "formality" => &seen.note.formality,
        "warmth" => &seen.note.warmth,
        _ => &seen.note.audience,
    }
}

fn heads(table: &mut Table, seen: &[Seen], ten: &TenClasses) {
    table.share(
        "ten common classes, top-1",
        over(seen, |s| is_in_class(s, ten)),
    );
    for places in [1, 3] {
        let among = |s: &Seen| {
            let mut best = said(s, "category")?.alternatives.iter().take(places);
            Some(yes(best.any(|(name, _)| *name == s.note.category)))
        };
        table.share(&format!("category, top-{places}"), over(seen, among));
    }
    for name in ["pattern", "sleeve", "audience"] {
        let right = |s: &Seen| Some(yes(said(s, name)?.value == truth(s, name)));
        table.share(&format!("{name}, top-1"), over(seen, right));
    }
    for name in ["formality", "warmth"] {
        let off = |s: &Seen| {
            let grade: f64 = truth(s, name).parse().ok()?;
            Some((f64::from(said(s, name)?.expectation?) - grade).abs())
        };
        table.number(&format!("{name}, mean absolute error"), over(seen, off));
    }
    for name in [
        "category",
        "pattern",
        "sleeve",
        "audience",
        "formality",
        "warmth",
    ] {
        let answers: Vec<(f64, bool)> = seen
            .iter()
            .filter_map(|s| {
                said(s, name).map(|a| (f64::from(a.probability), a.value == truth(s, name)))
            })
            .collect();
        let error = format!("{:.3}", calibration_error(&answers));
        table.row(
            &format!("{name}, expected calibration error"),
            error,
            "",
            answers.len(),
        );
    }
    let taken = |s: &Seen| Some(yes(said(s, "garment")?.value == "garment"));
    table.share("taken for a garment", over(seen, taken));
}

fn is_in_class(seen: &Seen, ten: &TenClasses) -> Option<f64> {
    let class = class_of(&seen.label)?;
    let sleeve = said(seen, "sleeve")?;
    let long = sleeve.alternatives.iter().find(|(name, _)| name == "long");
    let long = long.map_or(0.0, |(_, p)| f64::from(*p));
    let mut likely = [0.0; 10];
    for (category, probability) in &said(seen, "category")?.alternatives {
        for (is_long, share) in [(true, long), (false, 1.0 - long)] {
            let row = ten.of(category, is_long);
            for (sum, p) in likely.iter_mut().zip(row) {
                *sum += p * share * f64::from(*probability);
            }
        }
    }
    let best = (0..10).max_by(|a, b| likely[*a].total_cmp(&likely[*b]))?;
    Some(yes(best == class))
}

fn colours(table: &mut Table, seen: &[Seen]) {
    let main = |s: &Seen| {
        let is_one = s.note.colour != "multicolour";
        s.sight.colours.first().filter(|_| is_one).map(|c| c.name)
    };
    table.share(
        "main colour, top-1",
        over(seen, |s| Some(yes(main(s)? == s.note.colour))),
    );
    let near = |s: &Seen| Some(yes(is_near(main(s)?, &s.note.colour)));
    table.share("main colour or a neighbour", over(seen, near));
}

fn captions(table: &mut Table, seen: &[Seen]) {
    let (types, colours) = (Words::for_types(), Words::for_colours());
    let named = |s: &Seen, caption: &str| {
        let kind = types.is_named(&s.note.category, caption);
        (kind, colours.is_named(&s.note.colour, caption))
    };
    let written = |s: &Seen| named(s, &s.sight.caption);
    table.share(
        "caption names the type",
        over(seen, |s| Some(yes(written(s).0))),
    );
    table.share(
        "caption names the colour",
        over(seen, |s| Some(yes(written(s).1))),
    );
    let both = |(kind, colour): (bool, bool)| Some(yes(kind && colour));
    table.share("caption names both", over(seen, |s| both(written(s))));
    let own = |s: &Seen| both(named(s, &s.note.caption));
    table.share(
        "for comparison, the annotator's caption names both",
        over(seen, own),
    );
    let pairs: Vec<(&str, &str)> = seen
        .iter()
        .map(|s| (s.sight.caption.as_str(), s.note.caption.as_str()))
        .collect();
    table.row(
        "captions, BLEU-4",
        format!("{:.3}", bleu4(&pairs)),
        "",
        pairs.len(),
    );
    table.row(
        "captions, CIDEr",
        format!("{:.2}", cider(&pairs)),
        "",
        pairs.len(),
    );
}

/// Whether another picture of a garment finds it first, in all three spaces together.
fn found_again(table: &mut Table, seen: &[Seen]) {
    let all = |again: &[Embedding; 3], photo: &[Embedding; 3]| {
        let spaces = again.iter().zip(photo).zip(FUSED);
        spaces
            .map(|((a, b), weight)| weight * a.cosine(b))
            .sum::<f32>()
    };
    let first = seen.iter().enumerate().map(|(at, asked)| {
        let scores: Vec<f32> = seen
            .iter()
            .map(|s| all(&asked.again, &s.sight.embeddings))
            .collect();
        (asked.person.as_str(), yes(rank_of(&scores, at) == 0))
    });
    let name = "mirrored, cropped, relit and compressed → its photo, recall at 1";
    table.share(name, estimate(first));
}

fn search(table: &mut Table, seen: &[Seen]) {
    let ranks: Vec<(&str, usize)> = seen
        .iter()
        .enumerate()
        .map(|(at, asked)| {
            let photo = |s: &Seen| {
                asked
                    .caption
                    .cosine(&s.sight.embeddings[Space::Clip.index()])
            };
            let scores: Vec<f32> = seen.iter().map(photo).collect();
            (asked.person.as_str(), rank_of(&scores, at))
        })
        .collect();
    for places in [1, 10] {
        let found = ranks
            .iter()
            .map(|(person, rank)| (*person, yes(*rank < places)));
        let name = format!("annotated caption → its photo, recall at {places}");
        table.share(&name, estimate(found));
    }
}
