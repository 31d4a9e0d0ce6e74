//! Printed and woven patterns: painted around the middle of a part, clipped to it.
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use crate::engines::illustrate::brush::Brush;
use crate::engines::illustrate::cloth::Cloth;
use crate::engines::illustrate::palette::Rgb;
use crate::engines::illustrate::shapes::{Point, Shape, Step};

/// Paints the pattern of the cloth; words that are textures or placed prints paint nothing here.
pub(crate) fn print(brush: &mut Brush<'_>, cloth: &Cloth, seed: u32) {
    let chance = &mut StdRng::seed_from_u64(u64::from(seed) ^ 0x5EED);
    match cloth.pattern {
        "striped" => stripes(brush, cloth, chance.random_range(30.0..40.0)),
        "checked" => checks(brush, cloth),
        "dotted" => dots(brush, cloth),
        "floral" => flowers(brush, cloth, chance),
        "colour-block" => brush.fill(
            &Shape::bar((-brush.span, 0.0), (brush.span, brush.span)),
            cloth.accent,
            1.0,
        ),
        "camouflage" => camouflage(brush, cloth, chance),
        "animal" => spots(brush, cloth, chance),
        "geometric" => diamonds(brush, cloth),
        "paisley" => paisley(brush, cloth, chance),
        "tie-dye" => rings(brush, cloth),
        "lace" => lace(brush, cloth),
        _ => {}
    }
}

fn steps(from: f32, to: f32, by: f32) -> impl Iterator<Item = f32> {
    let count = ((to - from) / by).ceil().max(0.0) as usize;
    (0..=count).map(move |at| from + at as f32 * by)
}

/// The knots of a grid in which every other row is shifted by half a cell.
fn staggered(span: f32, cell: f32) -> Vec<Point> {
    let mut knots = Vec::new();
    for (row, y) in steps(-span, span, cell * 0.82).enumerate() {
        let shift = if row % 2 == 0 { 0.0 } else { cell / 2.0 };
        knots.extend(steps(-span, span, cell).map(|x| (x + shift, y)));
    }
    knots
}

fn stripes(brush: &mut Brush<'_>, cloth: &Cloth, period: f32) {
    let span = brush.span;
    for y in steps(-span, span, period) {
        brush.fill(
            &Shape::bar((-span, y), (span, y + period * 0.40)),
            cloth.accent,
            1.0,
        );
    }
}

fn checks(brush: &mut Brush<'_>, cloth: &Cloth) {
    let span = brush.span;
    let fine = cloth.colour.lighter(0.72);
    for at in steps(-span, span, 76.0) {
        brush.fill(
            &Shape::bar((at, -span), (at + 30.0, span)),
            cloth.accent,
            0.52,
        );
        brush.fill(
            &Shape::bar((-span, at), (span, at + 30.0)),
            cloth.accent,
            0.52,
        );
    }
    for at in steps(-span, span, 76.0) {
        brush.fill(
            &Shape::bar((at + 51.0, -span), (at + 54.5, span)),
            fine,
            0.62,
        );
        brush.fill(
            &Shape::bar((-span, at + 51.0), (span, at + 54.5)),
            fine,
            0.62,
        );
    }
}

fn dots(brush: &mut Brush<'_>, cloth: &Cloth) {
    for knot in staggered(brush.span, 38.0) {
        brush.fill(&Shape::oval(knot, 7.0, 7.0), cloth.accent, 1.0);
    }
}

fn flowers(brush: &mut Brush<'_>, cloth: &Cloth, chance: &mut StdRng) {
    let leaf = Rgb(74, 124, 84).mix(cloth.colour, 0.25);
    for (x, y) in staggered(brush.span, 74.0) {
        let at = (
            x + chance.random_range(-11.0..11.0),
            y + chance.random_range(-11.0..11.0),
        );
        let size = chance.random_range(8.5..13.5);
        let turn = chance.random_range(0.0..72.0);
        for side in [turn + 20.0, turn + 165.0] {
            let blade = Shape::closed(
                at,
                &[
                    Step::Q(at.0 + size, at.1 - size, at.0 + size * 2.7, at.1),
                    Step::Q(at.0 + size, at.1 + size * 0.7, at.0, at.1),
                ],
            );
            brush.fill(&blade.turned(side, at), leaf, 0.95);
        }
        for petal in 0..5 {
            let oval = Shape::oval((at.0, at.1 - size), size * 0.66, size * 0.86);
            brush.fill(
                &oval.turned(turn + petal as f32 * 72.0, at),
                cloth.accent,
                0.96,
            );
        }
        brush.fill(
            &Shape::oval(at, size * 0.46, size * 0.46),
            Rgb(240, 196, 84),
            1.0,
        );
    }
}

/// A closed blob with an uneven rim.
fn blob(at: Point, radius: f32, chance: &mut StdRng) -> Shape {
    let corners: Vec<Point> = (0..9)
        .map(|corner| {
            let angle = corner as f32 / 9.0 * std::f32::consts::TAU;
            let reach = radius * chance.random_range(0.6..1.25);
            (
                at.0 + angle.cos() * reach * 1.3,
                at.1 + angle.sin() * reach * 0.85,
            )
        })
        .collect();
    let middle = |a: Point, b: Point| ((a.0 + b.0) / 2.0, (a.1 + b.1) / 2.0);
    let curve: Vec<Step> = (0..9)
        .map(|corner| {
            let end = middle(corners[corner], corners[(corner + 1) % 9]);
            Step::Q(corners[corner].0, corners[corner].1, end.0, end.1)
        })
        .collect();
    Shape::closed(middle(corners[8], corners[0]), &curve)
}

fn camouflage(brush: &mut Brush<'_>, cloth: &Cloth, chance: &mut StdRng) {
    let tones = [
        cloth.accent,
        cloth.colour.darker(0.35),
        cloth.colour.lighter(0.30),
    ];
    for (at, (x, y)) in staggered(brush.span, 62.0).into_iter().enumerate() {
        let spot = (
            x + chance.random_range(-18.0..18.0),
            y + chance.random_range(-18.0..18.0),
        );
        let radius = chance.random_range(15.0..28.0);
        brush.fill(&blob(spot, radius, chance), tones[at % 3], 1.0);
    }
}

fn spots(brush: &mut Brush<'_>, cloth: &Cloth, chance: &mut StdRng) {
    for (x, y) in staggered(brush.span, 36.0) {
        let spot = (
            x + chance.random_range(-7.0..7.0),
            y + chance.random_range(-7.0..7.0),
        );
        brush.fill(&blob(spot, 10.5, chance), cloth.accent, 1.0);
        brush.fill(
            &blob((spot.0 + 2.0, spot.1 + 1.0), 5.0, chance),
            cloth.colour.darker(0.18),
            1.0,
        );
    }
}

fn diamonds(brush: &mut Brush<'_>, cloth: &Cloth) {
    for (x, y) in staggered(brush.span, 62.0) {
        let diamond =
            |r: f32| Shape::polygon(&[(x, y - r), (x + r * 0.8, y), (x, y + r), (x - r * 0.8, y)]);
        brush.fill(&diamond(23.0), cloth.accent, 1.0);
        brush.fill(&diamond(13.0), cloth.colour, 1.0);
        brush.fill(&diamond(6.0), cloth.accent, 1.0);
    }
}

fn paisley(brush: &mut Brush<'_>, cloth: &Cloth, chance: &mut StdRng) {
    for at in staggered(brush.span, 60.0) {
        let turn = chance.random_range(0.0..360.0);
        let drop = |r: f32| {
            let (x, y) = at;
            let curve = [
                Step::C(x + r * 1.4, y - r * 1.2, x + r * 1.5, y + r, x, y + r),
                Step::C(
                    x - r * 1.5,
                    y + r,
                    x - r * 0.9,
                    y - r * 0.6,
                    x + r * 0.2,
                    y - r * 1.7,
                ),
            ];
            Shape::closed((x + r * 0.2, y - r * 1.7), &curve).turned(turn, at)
        };
        brush.fill(&drop(15.0), cloth.accent, 1.0);
        brush.fill(&drop(9.5), cloth.colour, 1.0);
        brush.fill(&drop(4.5), cloth.accent, 1.0);
    }
}

fn rings(brush: &mut Brush<'_>, cloth: &Cloth) {
    for (at, radius) in steps(24.0, brush.span * 1.2, 34.0).enumerate() {
        let ring = Shape::oval((0.0, -30.0), radius, radius * 1.06).stroked(if at % 2 == 0 {
            20.0
        } else {
            9.0
        });
        brush.fill(&ring, cloth.accent, if at % 2 == 0 { 0.72 } else { 0.40 });
    }
}

fn lace(brush: &mut Brush<'_>, cloth: &Cloth) {
    for knot in staggered(brush.span, 26.0) {
        brush.fill(&Shape::oval(knot, 9.0, 9.0).stroked(2.2), cloth.accent, 0.9);
        brush.fill(&Shape::oval(knot, 3.0, 3.0), cloth.accent, 0.9);
    }
}

/// A picture or a word printed on the chest, for `graphic` and `lettering`.
pub(crate) fn placed(at: Point, accent: Rgb, pattern: &str, variant: u32) -> Vec<(Shape, Rgb)> {
    match (pattern, variant % 3) {
        ("lettering", _) => letters(at.0, at.1, accent),
        (_, 0) => mountains(at, accent),
        (_, 1) => rainbow(at, accent),
        _ => sunset(at, accent),
    }
}

fn mountains(at: Point, accent: Rgb) -> Vec<(Shape, Rgb)> {
    let (x, y) = at;
    let near = Shape::polygon(&[
        (x - 66.0, y + 34.0),
        (x - 22.0, y - 26.0),
        (x + 22.0, y + 34.0),
    ]);
    let far = Shape::polygon(&[
        (x - 22.0, y + 34.0),
        (x + 24.0, y - 6.0),
        (x + 66.0, y + 34.0),
    ]);
    vec![
        (Shape::oval(at, 74.0, 74.0), accent),
        (near, accent.darker(0.55)),
        (far, accent.darker(0.35)),
        (
            Shape::oval((x + 30.0, y - 34.0), 15.0, 15.0),
            accent.lighter(0.75),
        ),
    ]
}

fn rainbow((x, y): Point, accent: Rgb) -> Vec<(Shape, Rgb)> {
    let bow = |r: f32| {
        let curve = Step::C(x - r, y - r * 1.25, x + r, y - r * 1.25, x + r, y + 40.0);
        Shape::open((x - r, y + 40.0), &[curve]).stroked(15.0)
    };
    vec![
        (bow(78.0), accent),
        (bow(58.0), accent.lighter(0.35)),
        (bow(38.0), accent.lighter(0.62)),
    ]
}

fn sunset((x, y): Point, accent: Rgb) -> Vec<(Shape, Rgb)> {
    let wave = |down: f32| {
        let y = y + down;
        let rise = Step::C(x - 50.0, y - 44.0, x - 34.0, y + 44.0, x, y);
        let fall = Step::C(x + 34.0, y - 44.0, x + 50.0, y + 44.0, x + 84.0, y);
        Shape::open((x - 84.0, y), &[rise, fall]).stroked(13.0)
    };
    let sun = Shape::oval((x + 26.0, y - 42.0), 28.0, 28.0);
    vec![
        (sun, accent),
        (wave(8.0), accent.lighter(0.25)),
        (wave(36.0), accent),
    ]
}

/// The word "SUN" in block strokes.
fn letters(x: f32, y: f32, accent: Rgb) -> Vec<(Shape, Rgb)> {
    use Step::{L, Q};
    let s = Shape::open(
        (x - 46.0, y - 28.0),
        &[
            Q(x - 50.0, y - 36.0, x - 66.0, y - 34.0),
            Q(x - 92.0, y - 30.0, x - 82.0, y - 8.0),
            Q(x - 70.0, y + 2.0, x - 54.0, y + 10.0),
            Q(x - 38.0, y + 34.0, x - 66.0, y + 36.0),
            Q(x - 82.0, y + 36.0, x - 88.0, y + 24.0),
        ],
    );
    let u = Shape::open(
        (x - 22.0, y - 36.0),
        &[
            L(x - 22.0, y + 14.0),
            Q(x - 20.0, y + 36.0, x, y + 36.0),
            Q(x + 20.0, y + 36.0, x + 22.0, y + 14.0),
            L(x + 22.0, y - 36.0),
        ],
    );
    let n = Shape::open(
        (x + 44.0, y + 40.0),
        &[
            L(x + 44.0, y - 34.0),
            L(x + 84.0, y + 36.0),
            L(x + 84.0, y - 38.0),
        ],
    );
    [s, u, n]
        .map(|letter| (letter.stroked(15.0), accent))
        .into()
}
