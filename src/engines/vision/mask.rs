//! Which pixels are the garment. What a network said is only tidied. Without one it is guessed: colours that live in
//! the middle of the photo rather than at its border, in one piece.
use super::{
    oklab::{self, Lab},
    photo::Photo,
};

/// Photos are looked at in this size: more pixels do not change the answer.
pub(super) const LONGEST_SIDE: u32 = 160;

/// Colours the photo is reduced to.
const COLOURS: usize = 14;
/// Width of the border, as a share of the shorter side.
const BORDER: f32 = 0.07;
/// How often the guess is refined with the colours inside and outside of the last one.
const ROUNDS: usize = 2;
/// How much the place of a pixel counts beside its colour.
const PLACE: f32 = 0.35;
/// Masks smaller or larger than this share of the photo are not believed.
const BELIEVED: std::ops::Range<f32> = 0.05..0.95;

/// The same for what a network said, which may well see that a garment is small.
const SEEN: std::ops::Range<f32> = 0.015..0.98;
/// Pieces smaller than this share of the largest are crumbs; two shoes are two pieces.
const CRUMB: f32 = 0.12;
/// Holes smaller than this share of the garment are buttons and prints, larger ones what lies behind it.
const HOLE: f32 = 0.02;

/// One bit per pixel of the photo it was made from.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Mask {
    bits: Vec<bool>,
}

impl Mask {
    /// Finds the garment in a photo of about [`LONGEST_SIDE`].
    pub(super) fn of(photo: &Photo) -> Self {
        let (width, height) = (photo.width() as usize, photo.height() as usize);
        let (pixels, _) = photo.rgb().as_chunks::<3>();
        let labs: Vec<Lab> = pixels.iter().map(|p| oklab::from_srgb(*p)).collect();
        let centres: Vec<Lab> = oklab::clusters(&labs, COLOURS, 6)
            .iter()
            .map(|c| c.centre)
            .collect();
        let colours: Vec<usize> = labs.iter().map(|l| oklab::nearest(&centres, l)).collect();
        let plane = Plane { width, height };
        let places: Vec<f32> = plane.places();
        let mut inside = places.clone();
        let mut outside = plane.border();
        let mut bits = vec![];
        for _ in 0..=ROUNDS {
            let odds = odds(&colours, centres.len(), &inside, &outside);
            bits = colours
                .iter()
                .zip(&places)
                .map(|(colour, place)| odds[*colour] + PLACE * (place - 0.5) > 0.5)
                .collect();
            bits = plane.smoothed(&bits);
            bits = plane.in_one_piece(&bits, &places);
            for (i, bit) in bits.iter().enumerate() {
                inside[i] = if *bit { places[i] } else { 0.0 };
                outside[i] = if *bit { 0.0 } else { 1.0 - places[i] };
            }
        }
        let share = bits.iter().filter(|b| **b).count() as f32 / bits.len().max(1) as f32;
        if !BELIEVED.contains(&share) {
            bits = plane.ellipse();
        }
        Self { bits }
    }

    /// What a network said of each pixel, without crumbs and holes; `None` when no garment is that small or large.
    pub(super) fn tidied(bits: Vec<bool>, photo: &Photo) -> Option<Self> {
        let (width, height) = (photo.width() as usize, photo.height() as usize);
        let plane = Plane { width, height };
        let mut garment = plane.pieces(&bits);
        let largest = garment.iter().map(Vec::len).max()?;
        garment.retain(|piece| piece.len() as f32 >= CRUMB * largest as f32);
        let count: usize = garment.iter().map(Vec::len).sum();
        let mut ground = vec![true; bits.len()];
        garment.iter().flatten().for_each(|i| ground[*i] = false);
        for hole in plane.pieces(&ground) {
            let is_small = (hole.len() as f32) < HOLE * count as f32;
            if is_small && !hole.iter().any(|i| plane.is_edge(*i)) {
                hole.iter().for_each(|i| ground[*i] = false);
            }
        }
        let bits: Vec<bool> = ground.iter().map(|is_ground| !is_ground).collect();
        let share = count as f32 / bits.len() as f32;
        SEEN.contains(&share).then_some(Self { bits })
    }

    /// Whether the pixel with this number is the garment.
    pub(super) fn is_garment(&self, pixel: usize) -> bool {
        self.bits.get(pixel).copied().unwrap_or(false)
    }
}

/// For each colour, how much more of it is inside than outside: 0 to 1.
fn odds(colours: &[usize], count: usize, inside: &[f32], outside: &[f32]) -> Vec<f32> {
    let share = |weights: &[f32]| {
        let mut sums = vec![0.0_f32; count];
        for (colour, weight) in colours.iter().zip(weights) {
            sums[*colour] += weight;
        }
        let total = sums.iter().sum::<f32>().max(1e-6);
        sums.iter_mut().for_each(|s| *s /= total);
        sums
    };
    let (inside, outside) = (share(inside), share(outside));
    // A colour that is hardly anywhere says nothing either way.
    let odds = inside.iter().zip(&outside);
    odds.map(|(i, o)| (i + 0.002) / (i + o + 0.004)).collect()
}

/// Geometry of the picture.
struct Plane {
    width: usize,
    height: usize,
}

impl Plane {
    /// −1 to 1 from side to side.
    fn place(&self, pixel: usize) -> (f32, f32) {
        let (x, y) = (pixel % self.width, pixel / self.width);
        let at = |v: usize, size: usize| (v as f32 + 0.5) / size as f32 * 2.0 - 1.0;
        (at(x, self.width), at(y, self.height))
    }

    fn is_edge(&self, pixel: usize) -> bool {
        let (x, y) = (pixel % self.width, pixel / self.width);
        x == 0 || y == 0 || x + 1 == self.width || y + 1 == self.height
    }

    /// How likely a garment is there, colours aside: 1 in the middle, little in the corners.
    fn places(&self) -> Vec<f32> {
        let place = |pixel| {
            let (x, y) = self.place(pixel);
            (-(x * x + 0.8 * y * y) / 0.72).exp()
        };
        (0..self.width * self.height).map(place).collect()
    }

    fn border(&self) -> Vec<f32> {
        let rim = (self.width.min(self.height) as f32 * BORDER).ceil() as usize;
        let is_rim = |pixel: usize| {
            let (x, y) = (pixel % self.width, pixel / self.width);
            let left = x.min(self.width - 1 - x);
            left.min(y.min(self.height - 1 - y)) < rim
        };
        let weight = |pixel| f32::from(u8::from(is_rim(pixel)));
        (0..self.width * self.height).map(weight).collect()
    }

    /// The middle of the photo; all of it where it is too small to have one.
    fn ellipse(&self) -> Vec<bool> {
        let is_in = |pixel| {
            let (x, y) = self.place(pixel);
            (x / 0.6).powi(2) + (y / 0.7).powi(2) <= 1.0
        };
        let bits: Vec<bool> = (0..self.width * self.height).map(is_in).collect();
        if bits.contains(&true) {
            bits
        } else {
            vec![true; bits.len()]
        }
    }

    /// Each pixel as most of the 5×5 around it.
    fn smoothed(&self, bits: &[bool]) -> Vec<bool> {
        const REACH: usize = 2;
        let mut sums = vec![0_u32; (self.width + 1) * (self.height + 1)];
        let stride = self.width + 1;
        for y in 0..self.height {
            for x in 0..self.width {
                let bit = u32::from(bits[y * self.width + x]);
                sums[(y + 1) * stride + x + 1] =
                    bit + sums[y * stride + x + 1] + sums[(y + 1) * stride + x]
                        - sums[y * stride + x];
            }
        }
        let most = |pixel: usize| {
            let (x, y) = (pixel % self.width, pixel / self.width);
            let (left, top) = (x.saturating_sub(REACH), y.saturating_sub(REACH));
            let right = (x + REACH + 1).min(self.width);
            let bottom = (y + REACH + 1).min(self.height);
            let set = sums[bottom * stride + right] + sums[top * stride + left]
                - sums[top * stride + right]
                - sums[bottom * stride + left];
            set as usize * 2 > (right - left) * (bottom - top)
        };
        (0..bits.len()).map(most).collect()
    }

    /// The heaviest connected piece with its holes filled.
    fn in_one_piece(&self, bits: &[bool], weights: &[f32]) -> Vec<bool> {
        let weight = |piece: &[usize]| piece.iter().map(|pixel| weights[*pixel]).sum::<f32>();
        let mut best: (f32, Vec<usize>) = (0.0, vec![]);
        for piece in self.pieces(bits) {
            let weight = weight(&piece);
            if weight > best.0 {
                best = (weight, piece);
            }
        }
        let mut whole = vec![false; bits.len()];
        best.1.iter().for_each(|pixel| whole[*pixel] = true);
        let rim = (0..bits.len()).filter(|pixel| self.is_edge(*pixel));
        let rim: Vec<usize> = rim.filter(|pixel| !whole[*pixel]).collect();
        let mut around = vec![false; bits.len()];
        self.flood(rim, &mut around, |pixel| !whole[pixel]);
        around.into_iter().map(|is_around| !is_around).collect()
    }

    /// What hangs together among the pixels that are set.
    fn pieces(&self, bits: &[bool]) -> Vec<Vec<usize>> {
        let mut seen = vec![false; bits.len()];
        let mut pieces = vec![];
        for start in 0..bits.len() {
            if bits[start] && !seen[start] {
                pieces.push(self.flood(vec![start], &mut seen, |pixel| bits[pixel]));
            }
        }
        pieces
    }

    /// Everything that hangs together with `start`; marks it as seen.
    fn flood(
        &self,
        start: Vec<usize>,
        seen: &mut [bool],
        is_in: impl Fn(usize) -> bool,
    ) -> Vec<usize> {
        let mut found = start;
        found.iter().for_each(|pixel| seen[*pixel] = true);
        let mut next = 0;
        while let Some(pixel) = found.get(next).copied() {
            next += 1;
            let (x, y) = (pixel % self.width, pixel / self.width);
            let neighbours = [
                (x > 0).then(|| pixel - 1),
                (x + 1 < self.width).then(|| pixel + 1),
                (y > 0).then(|| pixel - self.width),
                (y + 1 < self.height).then(|| pixel + self.width),
            ];
            for neighbour in neighbours.into_iter().flatten() {
                if !seen[neighbour] && is_in(neighbour) {
                    seen[neighbour] = true;
                    found.push(neighbour);
                }
            }
        }
        found
    }
}
