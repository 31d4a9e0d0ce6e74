//! Colours and masks: on made-up garments always, on annotated photos where there are some.
use super::project;
use crate::base::colours::is_near;
use crate::engines::vision::{
    Colour, Limits, Photo,
    colour::measure,
    mask::{LONGEST_SIDE, Mask},
};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

fn colours(photo: &Photo) -> Vec<Colour> {
    let small = photo.shrunk(LONGEST_SIDE);
    measure(&small, &Mask::of(&small), &[])
}

/// A rectangle of one colour in the middle of another.
fn garment(colour: [u8; 3], ground: [u8; 3]) -> Photo {
    let pixel = |i: usize| {
        let (x, y) = (i % 160, i / 160);
        let is_in = (45..115).contains(&x) && (20..100).contains(&y);
        let noise = ((x * 7 + y * 13) % 5) as u8;
        let colour = if is_in { colour } else { ground };
        colour.map(|v| v.saturating_sub(noise))
    };
    Photo::from_rgb(160, 120, (0..160 * 120).flat_map(pixel).collect()).unwrap()
}

#[test]
fn a_garment_has_its_colour_whatever_the_ground() {
    let cases = [
        ([20, 20, 22], "black"),
        ([245, 245, 245], "white"),
        ([120, 120, 122], "grey"),
        ([200, 25, 35], "red"),
        ([25, 35, 85], "navy"),
        ([40, 90, 190], "blue"),
        ([30, 130, 60], "green"),
        ([250, 215, 40], "yellow"),
        ([250, 130, 30], "orange"),
        ([110, 40, 140], "purple"),
        ([245, 150, 180], "pink"),
        ([20, 130, 130], "teal"),
        ([110, 65, 40], "brown"),
        ([110, 20, 40], "burgundy"),
        ([105, 105, 50], "olive"),
        ([215, 190, 155], "beige"),
        ([160, 205, 240], "light-blue"),
    ];
    for (colour, name) in cases {
        for ground in [[235, 232, 225], [60, 55, 50], [150, 110, 80]] {
            let measured = colours(&garment(colour, ground));
            assert_eq!(measured[0].name, name, "on {ground:?}: {measured:?}");
            assert!(measured[0].share > 0.8, "on {ground:?}: {measured:?}");
        }
    }
}

#[test]
fn a_network_settles_what_pixels_leave_open_and_nothing_else() {
    let believe = |photo: &Photo, name: &str| {
        let small = photo.shrunk(LONGEST_SIDE);
        let said = [(name.to_owned(), 0.9)];
        measure(&small, &Mask::of(&small), &said)[0].name
    };
    let dark = garment([38, 40, 50], [235, 232, 225]);
    assert_eq!(believe(&dark, "navy"), "navy");
    assert_eq!(believe(&dark, "black"), "black");
    let red = garment([200, 25, 35], [235, 232, 225]);
    assert_eq!(believe(&red, "green"), "red");
}

#[test]
fn white_on_white_is_white() {
    let measured = colours(&garment([250, 250, 250], [252, 252, 252]));
    assert_eq!(measured[0].name, "white");
}

#[test]
fn the_mask_is_the_garment() {
    for (colour, ground) in [([20, 20, 30], [230; 3]), ([235; 3], [40, 50, 40])] {
        let photo = garment(colour, ground);
        let mask = Mask::of(&photo);
        let is_garment =
            |i: usize| (45..115).contains(&(i % 160)) && (20..100).contains(&(i / 160));
        let pixels = 160 * 120;
        let both = (0..pixels)
            .filter(|i| mask.is_garment(*i) && is_garment(*i))
            .count();
        let either = (0..pixels)
            .filter(|i| mask.is_garment(*i) || is_garment(*i))
            .count();
        assert!(both as f32 / either as f32 > 0.95, "{both} of {either}");
    }
}

#[test]
fn a_photo_without_a_middle_has_colours() {
    for (width, height) in [(1, 1), (2, 2), (2, 3), (1, 40), (40, 1)] {
        let pixels = (width * height * 3) as usize;
        let rgb: Vec<u8> = (0..pixels).map(|i| (i * 83 % 256) as u8).collect();
        for rgb in [rgb, vec![0; pixels]] {
            let photo = Photo::from_rgb(width, height, rgb).unwrap();
            assert!(!colours(&photo).is_empty(), "{width}×{height}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn shares_add_up_and_fall(width in 1_u32..40, height in 1_u32..40, seed: [u8; 32]) {
        let pixels = (width * height * 3) as usize;
        let rgb = (0..pixels).map(|i| seed[(i * 7 + i / 31) % 32]).collect();
        let photo = Photo::from_rgb(width, height, rgb).unwrap();
        for said in [vec![], vec![("navy".to_owned(), 0.6), ("white".to_owned(), 0.3)]] {
            let measured = measure(&photo, &Mask::of(&photo), &said);
            prop_assert!(!measured.is_empty());
            prop_assert!((measured.iter().map(|c| c.share).sum::<f32>() - 1.0).abs() < 1e-4);
            prop_assert!(measured.iter().skip(1).is_sorted_by(|a, b| a.share >= b.share));
            let names: BTreeSet<&str> = measured.iter().map(|c| c.name).collect();
            prop_assert_eq!(names.len(), measured.len(), "a colour is named once: {:?}", &measured);
            prop_assert!(measured.iter().all(|c| c.hex.len() == 7 && c.oklab.iter().all(|v| v.is_finite())));
        }
        prop_assert_eq!(colours(&photo), colours(&photo));
    }
}

/// All of them would take a minute.
const EVERY: usize = 10;

/// Two people agree on the main colour of these photos in 79 of 100 cases.
#[test]
fn photos_have_the_colour_that_people_say() {
    let folders = ["../shared/data/clothing", "../../shared/data/clothing"].map(project);
    let Some(folder) = folders.into_iter().find(|f| f.is_dir()) else {
        return;
    };
    let read = |file: &str| std::fs::read_to_string(folder.join(file)).unwrap();
    let images = read("images.csv");
    let splits: BTreeMap<&str, bool> = images
        .lines()
        .filter_map(|line| Some((line.split(',').next()?, line.ends_with(",validation"))))
        .collect();
    let notes = read("annotations.csv");
    let said = notes.lines().skip(1).filter_map(|line| {
        let mut fields = line.split(',');
        let (image, colour) = (fields.next()?, fields.nth(1)?);
        let is_measured = !["multicolour", "gold", "silver"].contains(&colour);
        (splits.get(image) == Some(&true) && is_measured).then_some((image, colour))
    });
    let (mut count, mut right, mut near) = (0, 0, 0);
    for (image, colour) in said.step_by(EVERY) {
        let file = std::fs::read(folder.join("images").join(format!("{image}.jpg"))).unwrap();
        let photo = Photo::decode(&file, &Limits::default()).unwrap();
        let got = colours(&photo)[0].name;
        count += 1;
        right += usize::from(got == colour);
        near += usize::from(is_near(got, colour));
    }
    let share = |n: usize| n as f32 / count as f32;
    assert!(count > 55, "{count} photos");
    assert!(
        share(right) > 0.50 && share(near) > 0.80,
        "{right} right, {near} near of {count}"
    );
}
