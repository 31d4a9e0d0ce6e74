//! What is measured on the products of a catalogue.
use super::{parallel::in_parallel, products::SeenProduct, table::Table};
use crate::engines::quality::{Catalogue, Estimate, estimate, rank_of, word};
use std::collections::BTreeMap;

/// Every measure with its 95 % interval, all products of a name drawn together.
pub(super) fn measure(
    table: &mut Table,
    seen: &[SeenProduct],
    ranks: &[(usize, usize)],
) -> anyhow::Result<()> {
    let catalogue = Catalogue::of_training()?;
    if has(table, seen, "article_type") {
        let kind = |s: &SeenProduct| word(&s.product.kind);
        let among = |places| over(seen, |s| is_among(s, "article_type", &kind(s), places));
        table.share("article type, top-1", among(1)).at_least(0.85);
        table.share("article type, top-3", among(3)).at_least(0.96);
    }
    if has(table, seen, "base_colour") {
        let colour = |s: &SeenProduct| word(&s.product.colour);
        let right = over(seen, |s| is_among(s, "base_colour", &colour(s), 1));
        table.share("base colour, top-1", right).at_least(0.65);
        let near = over(seen, |s| {
            let said = *s.belief("base_colour")?.ranked().first()?;
            Some(catalogue.are_near(said, &colour(s)))
        });
        table
            .share("base colour or a neighbour", near)
            .at_least(0.85);
    }
    let allowed = over(seen, |s| {
        let right = catalogue.categories(&s.product);
        let said = *s.belief("category")?.ranked().first()?;
        (!right.is_empty()).then(|| right.contains(&said))
    });
    table.share("category among those that its type allows", allowed);
    for (is_one, name) in [(true, "garment recognised"), (false, "other recognised")] {
        let told = over(seen, |s| {
            let truth = catalogue.is_garment(&s.product)?;
            let said = s.belief("garment")?.of("garment")? > 0.5;
            (truth == is_one).then_some(said == is_one)
        });
        table.share(name, told);
    }
    search(table, seen, ranks);
    Ok(())
}

/// Whether the pack has a head; if not, the table says so.
fn has(table: &mut Table, seen: &[SeenProduct], head: &str) -> bool {
    let is_there = seen.iter().any(|s| s.belief(head).is_some());
    if !is_there {
        table.note(format!(
            "The pack has no head `{head}`, so that is not measured."
        ));
    }
    is_there
}

fn over(seen: &[SeenProduct], value: impl Fn(&SeenProduct) -> Option<bool>) -> Estimate {
    let values = seen.iter().filter_map(|s| {
        let right = f64::from(u8::from(value(s)?));
        Some((s.product.name.as_str(), right))
    });
    estimate(values)
}

fn is_among(seen: &SeenProduct, head: &str, truth: &str, places: usize) -> Option<bool> {
    let ranked = seen.belief(head)?.ranked();
    Some(ranked.iter().take(places).any(|label| *label == truth))
}

/// How many pictures are nearer to each product's name than its own is, and than the nearest of that name.
pub(super) fn ranks(seen: &[SeenProduct], threads: usize) -> anyhow::Result<Vec<(usize, usize)>> {
    let mut first_of = BTreeMap::<&str, usize>::new();
    for (at, s) in seen.iter().enumerate() {
        first_of.entry(&s.product.name).or_insert(at);
    }
    let names: Vec<usize> = first_of.values().copied().collect();
    let found = in_parallel(&names, threads, |_, at| {
        let (name, asked) = (&seen[*at].product.name, &seen[*at].named);
        let scores: Vec<f32> = seen.iter().map(|s| asked.cosine(&s.place)).collect();
        let is_namesake = |i: &usize| seen[*i].product.name == *name;
        let own = (0..seen.len()).filter(is_namesake);
        let best = own.clone().map(|i| scores[i]).fold(f32::MIN, f32::max);
        let better = |(i, score): (usize, &f32)| *score >= best && !is_namesake(&i);
        let of_name = scores.iter().enumerate().filter(|s| better(*s)).count();
        let rank = |i| rank_of(&scores, i);
        Ok(own.map(|i| (i, (rank(i), of_name))).collect::<Vec<_>>())
    })?;
    let mut ranks: Vec<_> = found.into_iter().flatten().collect();
    ranks.sort_unstable();
    Ok(ranks.into_iter().map(|(_, both)| both).collect())
}

fn search(table: &mut Table, seen: &[SeenProduct], ranks: &[(usize, usize)]) {
    let within = |rank: &dyn Fn(&(usize, usize)) -> usize, places: usize| {
        let found = seen.iter().zip(ranks).map(|(s, both)| {
            let right = f64::from(u8::from(rank(both) < places));
            (s.product.name.as_str(), right)
        });
        estimate(found)
    };
    for (places, least) in [(1, 0.10), (10, 0.40)] {
        let name = format!("product name → its picture, recall at {places}");
        table
            .share(&name, within(&|both| both.0, places))
            .at_least(least);
    }
    for places in [1, 10] {
        let name = format!("product name → a picture of that name, recall at {places}");
        table.share(&name, within(&|both| both.1, places));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        base::embedding::{Embedding, Space},
        engines::{quality::Product, vision::Belief},
    };

    fn at(x: f32, y: f32) -> Embedding {
        Embedding::new(Space::Clip, vec![x, y]).unwrap()
    }

    fn seen(kind: &str, name: &str, place: Embedding, named: Embedding) -> SeenProduct {
        let labels = [("jeans", 0.3), ("shirt", 0.7)].map(|(label, p)| (label.to_owned(), p));
        SeenProduct {
            id: name.into(),
            product: Product {
                master: "Apparel".into(),
                kind: kind.into(),
                colour: "Blue".into(),
                name: name.into(),
            },
            beliefs: vec![Belief {
                name: "category".into(),
                labels: labels.to_vec(),
            }],
            place,
            named,
        }
    }

    /// Two shirts of one name, of which the second lies on the name, and jeans that lie between.
    fn three() -> Vec<SeenProduct> {
        let name = at(1.0, 0.0);
        vec![
            seen("Shirts", "A shirt", at(0.0, 1.0), name.clone()),
            seen("Shirts", "A shirt", at(1.0, 0.0), name),
            seen("Jeans", "Some jeans", at(0.7, 0.7), at(0.0, 1.0)),
        ]
    }

    #[test]
    fn namesakes_count_as_found_and_apart_from_that_each_has_its_own_rank() {
        assert_eq!(ranks(&three(), 2).unwrap(), [(2, 0), (0, 0), (1, 1)]);
    }

    #[test]
    fn heads_that_a_pack_lacks_are_said_to_be_left_out() {
        let mut table = Table::new("three products".into());
        let ranks = ranks(&three(), 1).unwrap();
        measure(&mut table, &three(), &ranks).unwrap();
        let text = table.markdown();
        assert!(text.contains("no head `article_type`") && text.contains("no head `base_colour`"));
        assert!(!text.contains("| article type, top-1"));
        assert!(text.contains("| category among those that its type allows | 66.7 %"));
    }
}
