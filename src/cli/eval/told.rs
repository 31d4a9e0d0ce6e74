//! Everything that was said and measured, as JSON for figures and galleries.
use super::{
    measures::{HEADS, likely_classes, scores, truth},
    photos::Seen,
    products::SeenProduct,
    truth::{TEN, TenClasses, class_of},
};
use crate::{
    base::{embedding::Embedding, words::Words},
    engines::{
        quality::{rank_of, word},
        vision::{Belief, Sight},
    },
};
use serde_json::{Map, Value, json};

/// How many answers of a search are told.
const ANSWERS: usize = 8;

/// What the models say of a photo, and what is true of it.
pub(super) fn photos(seen: &[Seen], ten: &TenClasses) -> anyhow::Result<Vec<Value>> {
    let (types, colours) = (Words::for_types(), Words::for_colours());
    let one = |(at, s): (usize, &Seen)| {
        let scores = scores(seen, &s.caption);
        let classes = likely_classes(s, ten).map(|likely| {
            let named = TEN
                .iter()
                .zip(likely)
                .map(|((name, _), p)| (*name, p as f32));
            shares(named)
        });
        let caption = &s.sight.caption;
        let mut told = sight(&s.sight);
        told.extend([
            ("image".into(), json!(s.image)),
            ("person".into(), json!(s.person)),
            ("label".into(), json!(s.label)),
            (
                "class".into(),
                json!(class_of(&s.label).map(|at| TEN[at].0)),
            ),
            ("classes".into(), json!(classes)),
            ("truth".into(), json!(s.note)),
            ("right".into(), right(s)),
            ("rank".into(), json!(rank_of(&scores, at))),
            ("found".into(), best(seen, &scores)),
            (
                "caption_names".into(),
                json!({
                    "type": types.is_named(&s.note.category, caption),
                    "colour": colours.is_named(&s.note.colour, caption),
                }),
            ),
        ]);
        Value::Object(told)
    };
    Ok(seen.iter().enumerate().map(one).collect())
}

/// For each head, whether its likeliest label is the true one.
fn right(seen: &Seen) -> Value {
    let heads = HEADS.iter().filter_map(|name| {
        let ranked = seen.belief(name)?.ranked();
        Some((
            (*name).to_owned(),
            json!(*ranked.first()? == truth(seen, name)),
        ))
    });
    Value::Object(heads.collect())
}

/// The photos nearest to each text.
pub(super) fn searches(seen: &[Seen], texts: &[(String, Embedding)]) -> Vec<Value> {
    let one = |(text, place): &(String, Embedding)| json!({"text": text, "found": best(seen, &scores(seen, place))});
    texts.iter().map(one).collect()
}

fn best(seen: &[Seen], scores: &[f32]) -> Value {
    let mut order: Vec<usize> = (0..seen.len()).collect();
    order.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]));
    let best = order.iter().take(ANSWERS).map(|at| &seen[*at].image);
    json!(best.collect::<Vec<_>>())
}

/// What the models say of pictures that nobody has described.
pub(super) fn pictures(seen: &[(String, Sight)]) -> Vec<Value> {
    let one = |(file, seen): &(String, Sight)| {
        let mut told = sight(seen);
        told.insert("file".into(), json!(file));
        Value::Object(told)
    };
    seen.iter().map(one).collect()
}

/// What the models say of a product, and what the catalogue says.
pub(super) fn products(seen: &[SeenProduct], ranks: &[(usize, usize)]) -> Vec<Value> {
    let one = |(s, ranks): (&SeenProduct, &(usize, usize))| {
        let first = |b: &Belief| b.labels.iter().map(|(_, p)| *p).fold(0.0, f32::max);
        let heads = s.beliefs.iter().map(|b| {
            let best: Vec<&str> = b.ranked().into_iter().take(3).collect();
            (
                b.name.clone(),
                json!({"best": best, "probability": rounded(first(b))}),
            )
        });
        json!({
            "id": s.id,
            "name": s.product.name,
            "article_type": word(&s.product.kind),
            "base_colour": word(&s.product.colour),
            "heads": Value::Object(heads.collect()),
            "rank": ranks.0,
            "rank_of_name": ranks.1,
        })
    };
    seen.iter().zip(ranks).map(one).collect()
}

fn sight(sight: &Sight) -> Map<String, Value> {
    let head = |b: &Belief| {
        let labels = b.labels.iter().map(|(label, p)| (label.as_str(), *p));
        (b.name.clone(), shares(labels))
    };
    let colours = sight.colours.iter();
    let colours = colours.map(|c| json!({"name": c.name, "hex": c.hex, "share": rounded(c.share)}));
    let heads = sight.beliefs.iter().map(head);
    Map::from_iter([
        ("heads".into(), Value::Object(heads.collect())),
        ("caption".into(), json!(sight.caption)),
        ("colours".into(), Value::Array(colours.collect())),
    ])
}

fn shares<'a>(labels: impl Iterator<Item = (&'a str, f32)>) -> Value {
    let shares = labels.map(|(label, p)| (label.to_owned(), json!(rounded(p))));
    Value::Object(shares.collect())
}

/// Four digits are enough to draw.
fn rounded(probability: f32) -> f64 {
    (f64::from(probability) * 1e4).round() / 1e4
}
