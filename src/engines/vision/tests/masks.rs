//! The mask network: what a pack must bring, and what becomes of what it says.
use super::{
    TinyPack,
    onnx_file::{Graph, Kind},
};
use crate::engines::vision::{Photo, mask::Mask, pack::hex};
use proptest::prelude::*;
use sha2::{Digest as _, Sha256};

const SECTION: &str = "\n[mask]\nthreshold = 0.6\n\n[mask.image]\ndimension = 1\nheight = 8\nwidth = 8\n\
    resize = \"stretch\"\ninterpolation = \"bilinear\"\nmean = [0.0, 0.0, 0.0]\nstd = [1.0, 1.0, 1.0]\n";

/// A network that takes what is bright for the garment: from four tenths of white on.
fn bright(output: &str) -> Vec<u8> {
    Graph::new()
        .input(("pixel_values", Kind::Float, &[-1, 3, 8, 8]))
        .output((output, Kind::Float, &[-1, 1, 8, 8]))
        .mean_kept("pixel_values", output, &[1])
        .bytes()
}

fn pack_with(network: &[u8], section: &str) -> TinyPack {
    let pack = TinyPack::new();
    pack.write("mask.onnx", network);
    pack.seal(section);
    let sum = hex(&Sha256::digest(network));
    pack.edit(
        "[files]\n",
        &format!("[files]\n\"mask.onnx\" = \"{sum}\"\n"),
    );
    pack
}

/// Two halves: what is on the left, what is on the right.
fn halves(left: [u8; 3], right: [u8; 3]) -> Photo {
    let pixel = |i: usize| if i % 160 < 64 { left } else { right };
    Photo::from_rgb(160, 120, (0..160 * 120).flat_map(pixel).collect()).unwrap()
}

#[test]
fn the_network_of_a_pack_says_what_the_garment_is() {
    let vision = pack_with(&bright("mask_logits"), SECTION).load();
    for (photo, name) in [
        (halves([250, 215, 40], [25, 60, 35]), "yellow"),
        (halves([15, 20, 60], [245, 150, 180]), "pink"),
    ] {
        let sight = vision.look(&photo).unwrap();
        assert_eq!(sight.colours.len(), 1, "{:?}", sight.colours);
        assert_eq!(sight.colours[0].name, name);
        assert!(sight.timings.iter().any(|(stage, _)| *stage == "mask"));
    }
}

#[test]
fn where_the_network_sees_nothing_the_photo_is_looked_at_as_without_one() {
    let dark = halves([15, 20, 60], [90, 15, 30]);
    let with = pack_with(&bright("mask_logits"), SECTION).load();
    let without = TinyPack::new().load();
    let colours = |vision: &crate::engines::vision::Vision| vision.look(&dark).unwrap().colours;
    assert_eq!(colours(&with), colours(&without));
}

#[test]
fn a_mask_network_must_be_as_the_contract_says() {
    let network = bright("mask_logits");
    let changed = |from: &str, to: &str| SECTION.replace(from, to);
    for (section, expected) in [
        (String::new(), "lists mask.onnx, but there is no [mask]"),
        (changed("stretch", "crop"), "resize must be \"stretch\""),
        (changed("dimension = 1", "dimension = 2"), "dimension 1"),
        (changed("0.6", "1.0"), "mask.threshold is 1"),
        (
            changed("height = 8", "height = 0"),
            "mask.image: dimension 1, height 0",
        ),
        (changed("threshold = 0.6", ""), "missing field `threshold`"),
    ] {
        let said = pack_with(&network, &section).complaint();
        assert!(
            said.contains("pack.toml: ") && said.contains(expected),
            "{said}"
        );
    }
    let pack = TinyPack::new();
    pack.seal(SECTION);
    assert!(pack.complaint().contains("[files] lists no mask.onnx"));
    let said = pack_with(&bright("mask"), SECTION).complaint();
    assert!(
        said.starts_with("mask.onnx: it has no output `mask_logits`"),
        "{said}"
    );
    let said = pack_with(&network, &changed("width = 8", "width = 16")).complaint();
    assert!(
        said.starts_with("mask.onnx: input `pixel_values` has the shape"),
        "{said}"
    );
}

/// A mask drawn with `#`.
fn drawn(rows: &[&str]) -> Option<String> {
    let (width, height) = (rows[0].len(), rows.len());
    let photo = Photo::from_rgb(width as u32, height as u32, vec![0; width * height * 3]).unwrap();
    let bits = rows.concat().chars().map(|c| c == '#').collect();
    let mask = Mask::tidied(bits, &photo)?;
    let pixel = |i| if mask.is_garment(i) { '#' } else { '.' };
    Some((0..width * height).map(pixel).collect())
}

#[test]
fn two_shoes_stay_and_crumbs_go() {
    let rows = [
        "####...####...",
        "####...####..#",
        "####...####...",
        "####...###....",
    ];
    let tidy = [
        "####...####...",
        "####...####...",
        "####...####...",
        "####...###....",
    ];
    assert_eq!(drawn(&rows), Some(tidy.concat()));
}

#[test]
fn buttons_are_filled_and_what_lies_behind_is_not() {
    let rows = [
        "############",
        "#.##########",
        "############",
        "######..####",
        "######..####",
        "############",
    ];
    let mut tidy = rows;
    tidy[1] = "############";
    assert_eq!(drawn(&rows), Some(tidy.concat()));
}

#[test]
fn no_garment_is_nothing_or_everything() {
    assert_eq!(drawn(&["....", "...."]), None);
    assert_eq!(drawn(&["####", "####"]), None);
}

proptest! {
    #[test]
    fn only_what_is_enclosed_is_added(width in 1_usize..30, seed in prop::collection::vec(any::<u8>(), 1..600)) {
        let height = seed.len().div_ceil(width);
        let photo = Photo::from_rgb(width as u32, height as u32, vec![0; width * height * 3]).unwrap();
        let bits: Vec<bool> = seed.iter().map(|v| *v > 40).cycle().take(width * height).collect();
        let is_edge = |i: usize| {
            let (x, y) = (i % width, i / width);
            x == 0 || y == 0 || x + 1 == width || y + 1 == height
        };
        if let Some(mask) = Mask::tidied(bits.clone(), &photo) {
            for (i, was) in bits.iter().enumerate().filter(|(i, _)| is_edge(*i)) {
                prop_assert!(*was || !mask.is_garment(i), "{} was added", i);
            }
        }
    }
}
