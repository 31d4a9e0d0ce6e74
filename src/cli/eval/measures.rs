//! What is measured on annotated photos.
use super::{
    likeness::{FUSED, likeness},
    photos::Seen,
    table::Table,
    truth::{TEN, TenClasses, class_of},
};
use crate::{
    base::{
        colours::is_near,
        embedding::{Embedding, Space},
        words::Words,
    },
    engines::{
        quality::{
            Estimate, bleu4, calibration_by_chance, calibration_error, cider, estimate, rank_of,
        },
        vision::Attribute,
    },
};

/// Every measure with its 95 % interval, whole people drawn.
pub(super) fn measure(table: &mut Table, seen: &[Seen], ten: &TenClasses) -> anyhow::Result<()> {
    types(table, seen, ten);
    heads(table, seen);
    colours(table, seen);
    captions(table, seen);
    search(table, seen);
    found_again(table, seen);
    likeness(table, seen);
    Ok(())
}

/// How long decoding and looking took, the middle of all, in milliseconds.
pub(super) fn median_time(seen: &[Seen]) -> f64 {
    let mut took: Vec<f64> = seen.iter().map(|s| s.took.as_secs_f64() * 1e3).collect();
    took.sort_by(f64::total_cmp);
    took.get(took.len() / 2).copied().unwrap_or_default()
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

/// The heads about which annotators said something.
pub(super) const HEADS: [&str; 6] = [
    "category",
    "pattern",
    "sleeve",
    "audience",
    "formality",
    "warmth",
];

/// What is true of a photo, by the name of the attribute.
pub(super) fn truth<'a>(seen: &'a Seen, name: &str) -> &'a str {
    match name {
        "category" => &seen.note.category,
        "pattern" => &seen.note.pattern,
        "sleeve" => &seen.note.sleeve,
        "formality" => &seen.note.formality,
        "warmth" => &seen.note.warmth,
        _ => &seen.note.audience,
    }
}

fn types(table: &mut Table, seen: &[Seen], ten: &TenClasses) {
    let in_class = |s: &Seen| {
        let likely = likely_classes(s, ten)?;
        let best = (0..10).max_by(|a, b| likely[*a].total_cmp(&likely[*b]))?;
        Some(yes(best == class_of(&s.label)?))
    };
    table
        .share("ten common classes, top-1", over(seen, in_class))
        .at_least(0.90);
    for (places, least) in [(1, 0.70), (3, 0.90)] {
        let among = |s: &Seen| {
            let mut best = said(s, "category")?.alternatives.iter().take(places);
            Some(yes(best.any(|(name, _)| *name == s.note.category)))
        };
        table
            .share(&format!("category, top-{places}"), over(seen, among))
            .at_least(least);
    }
    let told = over(seen, |s| Some(yes(said(s, "category")?.is_sure)));
    table.share("category told without asking", told);
    let right = over(seen, |s| {
        let sure = said(s, "category").filter(|a| a.is_sure)?;
        Some(yes(sure.value == s.note.category))
    });
    table.share("category where it is told without asking, top-1", right);
    let taken = |s: &Seen| Some(yes(said(s, "garment")?.value == "garment"));
    table.share("taken for a garment", over(seen, taken));
}

fn heads(table: &mut Table, seen: &[Seen]) {
    for (name, least) in [("pattern", 0.75), ("sleeve", 0.88), ("audience", 0.0)] {
        let right = |s: &Seen| Some(yes(said(s, name)?.value == truth(s, name)));
        let row = table.share(&format!("{name}, top-1"), over(seen, right));
        if least > 0.0 {
            row.at_least(least);
        }
    }
    for name in ["formality", "warmth"] {
        let off = |s: &Seen| {
            let grade: f64 = truth(s, name).parse().ok()?;
            Some((f64::from(said(s, name)?.expectation?) - grade).abs())
        };
        table
            .number(&format!("{name}, mean absolute error"), over(seen, off))
            .at_most(0.45);
    }
    for name in HEADS {
        let answer =
            |s| said(s, name).map(|a| (f64::from(a.probability), a.value == truth(s, name)));
        let answers: Vec<(f64, bool)> = seen.iter().filter_map(answer).collect();
        let error = calibration_error(&answers);
        table
            .plain(
                &format!("{name}, expected calibration error"),
                error,
                answers.len(),
            )
            .at_most(0.04);
        let probabilities: Vec<f64> = answers
            .iter()
            .map(|(probability, _)| *probability)
            .collect();
        table.plain(
            &format!("{name}, the same by chance if it were 0"),
            calibration_by_chance(&probabilities),
            answers.len(),
        );
    }
}

/// How likely each of the ten common classes is: by the head that knows them, or through category and sleeve.
pub(super) fn likely_classes(seen: &Seen, ten: &TenClasses) -> Option<[f64; 10]> {
    if let Some(kind) = seen.belief("kind") {
        return Some(TEN.map(|(name, _)| f64::from(kind.of(name).unwrap_or(0.0))));
    }
    let long = f64::from(seen.belief("sleeve")?.of("long")?);
    let mut likely = [0.0; 10];
    for (category, probability) in &seen.belief("category")?.labels {
        for (is_long, share) in [(true, long), (false, 1.0 - long)] {
            let row = ten.of(category, is_long);
            for (sum, p) in likely.iter_mut().zip(row) {
                *sum += p * share * f64::from(*probability);
            }
        }
    }
    Some(likely)
}

fn colours(table: &mut Table, seen: &[Seen]) {
    let is_one = |s: &&Seen| s.note.colour != "multicolour";
    let main = |s: &Seen| {
        let named = Some(s).filter(is_one)?.sight.colours.first();
        named.map(|c| c.name)
    };
    let right = over(seen, |s| Some(yes(main(s)? == s.note.colour)));
    table.share("main colour, top-1", right).at_least(0.70);
    let near = over(seen, |s| Some(yes(is_near(main(s)?, &s.note.colour))));
    table
        .share("main colour or a neighbour", near)
        .at_least(0.90);
    if seen.iter().any(|s| s.belief("colour").is_some()) {
        let alone = over(seen, |s| {
            let ranked = s.belief("colour")?.ranked();
            Some(yes(*ranked.first()? == s.note.colour))
        });
        table.share("colour head alone, top-1", alone);
    }
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
    table
        .share("caption names both", over(seen, |s| both(written(s))))
        .at_least(0.70);
    let own = |s: &Seen| both(named(s, &s.note.caption));
    table.share(
        "for comparison, the annotator's caption names both",
        over(seen, own),
    );
    let pairs: Vec<(&str, &str)> = seen
        .iter()
        .map(|s| (s.sight.caption.as_str(), s.note.caption.as_str()))
        .collect();
    table.plain("captions, BLEU-4", bleu4(&pairs), pairs.len());
    table.plain("captions, CIDEr", cider(&pairs), pairs.len());
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
    table.share(name, estimate(first)).at_least(0.97);
}

fn search(table: &mut Table, seen: &[Seen]) {
    let rank = |(at, asked): (usize, &Seen)| rank_of(&scores(seen, &asked.caption), at);
    let ranks: Vec<usize> = seen.iter().enumerate().map(rank).collect();
    for (places, least) in [(1, 0.10), (10, 0.45)] {
        let found = seen.iter().zip(&ranks);
        let found = found.map(|(s, rank)| (s.person.as_str(), yes(*rank < places)));
        let name = format!("annotated caption → its photo, recall at {places}");
        table.share(&name, estimate(found)).at_least(least);
    }
}

/// How near each photo is to a text.
pub(super) fn scores(seen: &[Seen], text: &Embedding) -> Vec<f32> {
    let places = seen
        .iter()
        .map(|s| &s.sight.embeddings[Space::Clip.index()]);
    places.map(|photo| text.cosine(photo)).collect()
}
