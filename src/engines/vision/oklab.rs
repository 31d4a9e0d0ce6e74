//! OKLab: a colour space in which equal distances look about equally different.
use std::sync::LazyLock;

/// Lightness 0 to 1, then the green–red and blue–yellow axes, about −0.4 to 0.4.
pub(super) type Lab = [f32; 3];

static LINEAR: LazyLock<[f32; 256]> = LazyLock::new(|| {
    std::array::from_fn(|i| {
        let v = i as f32 / 255.0;
        if v <= 0.040_45 {
            v / 12.92
        } else {
            ((v + 0.055) / 1.055).powf(2.4)
        }
    })
});

/// From sRGB.
pub(super) fn from_srgb([r, g, b]: [u8; 3]) -> Lab {
    let [r, g, b] = [r, g, b].map(|v| LINEAR[usize::from(v)]);
    let l = (0.412_221_46 * r + 0.536_332_55 * g + 0.051_445_995 * b).cbrt();
    let m = (0.211_903_5 * r + 0.680_699_5 * g + 0.107_396_96 * b).cbrt();
    let s = (0.088_302_46 * r + 0.281_718_85 * g + 0.629_978_7 * b).cbrt();
    [
        0.210_454_26 * l + 0.793_617_8 * m - 0.004_072_047 * s,
        1.977_998_5 * l - 2.428_592_2 * m + 0.450_593_7 * s,
        0.025_904_037 * l + 0.782_771_77 * m - 0.808_675_77 * s,
    ]
}

/// To sRGB; what the screen cannot show is cut off.
pub(super) fn to_srgb([lightness, a, b]: Lab) -> [u8; 3] {
    let l = (lightness + 0.396_337_78 * a + 0.215_803_76 * b).powi(3);
    let m = (lightness - 0.105_561_346 * a - 0.063_854_17 * b).powi(3);
    let s = (lightness - 0.089_484_18 * a - 1.291_485_5 * b).powi(3);
    let linear = [
        4.076_741_7 * l - 3.307_711_6 * m + 0.230_969_94 * s,
        -1.268_438 * l + 2.609_757_4 * m - 0.341_319_4 * s,
        -0.004_196_086 * l - 0.703_418_6 * m + 1.707_614_7 * s,
    ];
    linear.map(|v| {
        let v = v.clamp(0.0, 1.0);
        let v = if v <= 0.003_130_8 {
            v * 12.92
        } else {
            1.055 * v.powf(1.0 / 2.4) - 0.055
        };
        (v * 255.0).round() as u8
    })
}

/// Squared distance.
pub(super) fn distance2(a: &Lab, b: &Lab) -> f32 {
    let [x, y, z] = [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
    x * x + y * y + z * z
}

/// A heap of similar colours.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Cluster {
    pub(super) centre: Lab,
    pub(super) weight: f32,
}

/// k-means without chance: seeds are the fullest boxes of a coarse grid, at most `k`.
pub(super) fn clusters(points: &[Lab], k: usize, rounds: usize) -> Vec<Cluster> {
    let mut centres = seeds(points, k);
    let mut sums = vec![];
    for _ in 0..rounds {
        sums = vec![([0.0_f64; 3], 0_u32); centres.len()];
        for point in points {
            let (sum, count) = &mut sums[nearest(&centres, point)];
            sum.iter_mut()
                .zip(point)
                .for_each(|(s, v)| *s += f64::from(*v));
            *count += 1;
        }
        for (centre, (sum, count)) in centres.iter_mut().zip(&sums) {
            if *count > 0 {
                *centre = sum.map(|s| (s / f64::from(*count)) as f32);
            }
        }
    }
    let total = points.len().max(1) as f32;
    let found = centres
        .into_iter()
        .zip(sums)
        .map(|(centre, (_, count))| Cluster {
            centre,
            weight: count as f32 / total,
        });
    found.filter(|c| c.weight > 0.0).collect()
}

/// Index of the nearest centre, the first of equals.
pub(super) fn nearest(centres: &[Lab], point: &Lab) -> usize {
    let mut best = (0, f32::INFINITY);
    for (i, centre) in centres.iter().enumerate() {
        let d = distance2(centre, point);
        if d < best.1 {
            best = (i, d);
        }
    }
    best.0
}

fn seeds(points: &[Lab], k: usize) -> Vec<Lab> {
    const BOX: f32 = 0.06;
    let mut boxes = std::collections::BTreeMap::<[i16; 3], ([f32; 3], u32)>::new();
    for point in points {
        let key = point.map(|v| (v / BOX).floor() as i16);
        let (sum, count) = boxes.entry(key).or_default();
        sum.iter_mut().zip(point).for_each(|(s, v)| *s += v);
        *count += 1;
    }
    let mut boxes: Vec<_> = boxes.into_values().collect();
    boxes.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let means = boxes.into_iter().map(|(sum, n)| sum.map(|s| s / n as f32));
    means.take(k.max(1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_way_there_and_back_is_exact(rgb: [u8; 3]) {
            prop_assert_eq!(to_srgb(from_srgb(rgb)), rgb);
        }
    }

    #[test]
    fn white_is_light_and_neutral() {
        let [l, a, b] = from_srgb([255; 3]);
        assert!((l - 1.0).abs() < 1e-3 && a.abs() < 1e-3 && b.abs() < 1e-3);
    }
}
