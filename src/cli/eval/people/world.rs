//! Real wardrobes with what is true of them, and photos that people might hold up.
use super::seen::{Sights, garment, id};
use crate::{
    base::{garment::Category, id::ItemId},
    cli::eval::truth::Photo as Told,
    engines::simulate::{Owned, Photo, Truth, Wardrobe},
};
use std::collections::BTreeMap;

/// People with so many annotated garments are reported on.
const LARGE: usize = 40;
/// People with fewer, but so many, teach the shared prior.
const SMALL: usize = 15;
/// Photos that people choose from when they hold one up.
const HELD_UP: usize = 150;

/// The clothes that people are simulated with. The models saw none of these photos in training: mistakes are as
/// frequent in the wardrobes that teach as in those that are reported on.
pub(super) struct World {
    /// Of people that the shared prior may be estimated from.
    pub(super) training: Vec<Wardrobe>,
    /// Of people it has not met.
    pub(super) unseen: Vec<Wardrobe>,
    /// In nobody's wardrobe.
    pub(super) photos: Vec<Photo>,
    /// What shows each garment.
    pub(super) images: BTreeMap<ItemId, String>,
}

/// The photos that matter: those of people with enough of them, and some of others.
pub(super) fn needed(told: &[Told]) -> Vec<&Told> {
    let counts = counts(told);
    let (own, others): (Vec<&Told>, Vec<&Told>) = told
        .iter()
        .partition(|told| counts[told.person.as_str()] >= SMALL);
    let count = others.len().min(HELD_UP);
    let some = (0..count).map(|i| others[i * others.len() / count]);
    own.into_iter().chain(some).collect()
}

/// Annotated garments by person.
fn counts(told: &[Told]) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::<&str, usize>::new();
    for told in told {
        *counts.entry(&told.person).or_default() += 1;
    }
    counts
}

impl World {
    /// Puts together what people wrote and what the models saw.
    pub(super) fn of(told: &[Told], sights: &Sights) -> Self {
        let counts = counts(told);
        let count = |told: &&Told| counts[told.person.as_str()];
        let all = needed(told).into_iter();
        let photos = all.filter(|told| count(told) < SMALL).filter_map(|told| {
            Some(Photo {
                garment: garment(sights.get(&told.image)?, &told.image)?,
                truth: truth(told)?,
            })
        });
        Self {
            photos: photos.collect(),
            images: told
                .iter()
                .filter_map(|told| Some((id(&told.image)?, told.image.clone())))
                .collect(),
            training: wardrobes(told, |told| (SMALL..LARGE).contains(&count(&told)), sights),
            unseen: wardrobes(told, |told| count(&told) >= LARGE, sights),
        }
    }

    /// Has owners go over what FlashFit took their garments for. Photos that are held up stay as they were seen.
    pub(super) fn correct(&mut self) {
        let wardrobes = self.training.iter_mut().chain(&mut self.unseen);
        for Owned { garment, truth } in wardrobes.flat_map(|wardrobe| &mut wardrobe.pieces) {
            garment.category = truth.category;
            garment.slot = truth.category.slot().unwrap_or(garment.slot);
            garment.certainty = 1.0;
            garment.pattern = Some(truth.pattern.clone());
            garment.formality = truth.formality as f32;
            garment.warmth = truth.warmth as f32;
        }
    }
}

fn wardrobes(told: &[Told], is_owner: impl Fn(&Told) -> bool, sights: &Sights) -> Vec<Wardrobe> {
    let mut by_person = BTreeMap::<&str, Vec<Owned>>::new();
    for photo in told.iter().filter(|photo| is_owner(photo)) {
        let seen = sights.get(&photo.image);
        if let (Some(truth), Some(garment)) = (
            truth(photo),
            seen.and_then(|seen| garment(seen, &photo.image)),
        ) {
            let owned = Owned { garment, truth };
            by_person.entry(&photo.person).or_default().push(owned);
        }
    }
    let named = by_person.into_iter().map(|(name, pieces)| Wardrobe {
        name: name.to_owned(),
        pieces,
    });
    named.collect()
}

fn truth(photo: &Told) -> Option<Truth> {
    let note = photo.note.as_ref()?;
    Some(Truth {
        category: Category::from_name(&note.category)?,
        colour: note.colour.clone(),
        pattern: note.pattern.clone(),
        formality: note.formality.parse().ok()?,
        warmth: note.warmth.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn corrected_garments_are_what_their_owners_say_in_the_colours_that_were_measured() {
        let note = json!({
            "image": "", "type": "skirt", "colour": "red", "pattern": "plain", "sleeve": "na",
            "formality": "4", "warmth": "2", "audience": "women", "caption": "",
        });
        let seen = json!({
            "is_no_garment": false, "category": "shirt", "kinds": [["shirt", 0.6], ["skirt", 0.3]],
            "season": null, "pattern": "striped", "formality": 2.5, "warmth": 3.0,
            "colours": [["blue", [0.5, 0.0, -0.1], 1.0]], "embeddings": ["", "", ""],
        });
        let told: Vec<Told> = (0..SMALL)
            .map(|number| Told {
                image: number.to_string(),
                person: "ann".to_owned(),
                label: "Skirt".to_owned(),
                split: "validation".to_owned(),
                note: serde_json::from_value(note.clone()).unwrap(),
            })
            .collect();
        let glance = || serde_json::from_value(seen.clone()).unwrap();
        let sights = told
            .iter()
            .map(|told| (told.image.clone(), glance()))
            .collect();
        let mut world = World::of(&told, &sights);
        let before = world.training[0].pieces[0].garment.clone();
        assert_eq!(before.category, Category::Shirt);
        assert!(before.certainty < 1.0);

        world.correct();
        for Owned { garment, .. } in &world.training[0].pieces {
            assert_eq!(garment.category, Category::Skirt);
            assert_eq!(Some(garment.slot), Category::Skirt.slot());
            assert_eq!(garment.pattern.as_deref(), Some("plain"));
            assert!((garment.certainty - 1.0).abs() < f32::EPSILON);
            assert!((garment.formality - 4.0).abs() < f32::EPSILON);
            assert!((garment.warmth - 2.0).abs() < f32::EPSILON);
            assert_eq!(garment.colours, before.colours);
        }
    }
}
