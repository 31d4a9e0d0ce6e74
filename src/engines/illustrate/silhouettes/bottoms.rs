//! Trousers of every kind, and shorts.
use super::legs::Legs;
use super::{Cut, Model};
use crate::engines::illustrate::canvas::Sheet;
use crate::engines::illustrate::cloth::{Cloth, Weave};
use crate::engines::illustrate::folds::fold;
use crate::engines::illustrate::palette::Rgb;
use crate::engines::illustrate::shapes::Shape;
use crate::engines::illustrate::shapes::Step::{C, L, Q};

/// Jeans: stitched, faded, riveted.
pub(super) fn jeans(sheet: &mut Sheet, model: &Model) {
    let legs = Legs::of(model.cut);
    let cloth = model.cloth.woven(Weave::Denim);
    let thread = if cloth.colour.lightness() < 0.2 {
        Rgb(128, 118, 108)
    } else {
        Rgb(206, 152, 84)
    };
    sheet.cloth(&legs.back(), &cloth.inside(), &[]);
    let mut folds = legs.folds();
    let middle = (legs.outer + legs.inner) / 2.0;
    for side in [-1.0, 1.0] {
        let fade = if model.cloth.pattern == "denim-wash" {
            -0.30
        } else {
            -0.04
        };
        folds.push(fold(
            (side * middle * 0.86, legs.crotch - 90.0),
            (side * middle, legs.crotch + 330.0),
            46.0 * side,
            fade,
        ));
    }
    sheet.cloth(&legs.shape(), &cloth.unprinted(), &folds);
    jeans_front(sheet, &legs, &cloth, thread);
    for up in [16.0, 22.0] {
        let hem = Shape::line(
            (legs.inner - 30.0, legs.low - up + 4.0),
            (legs.outer + 20.0, legs.low - up),
        );
        sheet.stitch_both(&hem, thread);
    }
    let outseam = Shape::open(
        (legs.waist - 4.0, legs.top + 100.0),
        &[
            Q(
                legs.hip - 8.0,
                legs.crotch - 90.0,
                legs.hip - 9.0,
                legs.crotch - 20.0,
            ),
            Q(
                legs.hip - 6.0,
                (legs.crotch + legs.low) / 2.0,
                legs.outer - 10.0,
                legs.low,
            ),
        ],
    );
    sheet.stitch_both(&outseam, thread);
}

/// Band, fly, pockets and rivets.
fn jeans_front(sheet: &mut Sheet, legs: &Legs, cloth: &Cloth, thread: Rgb) {
    let (top, waist) = (legs.top, legs.waist);
    let pocket = Shape::open(
        (waist - 52.0, top + 30.0),
        &[C(
            waist - 48.0,
            top + 82.0,
            waist - 20.0,
            top + 96.0,
            waist + 30.0,
            top + 98.0,
        )],
    );
    sheet.seam_both(&pocket, cloth.colour.darker(0.5));
    sheet.stitch_both(&pocket.moved(-4.0, 6.0), thread);
    sheet.seam(
        &Shape::open((0.0, top + 20.0), &[L(0.0, legs.crotch)]),
        cloth.colour.darker(0.5),
    );
    sheet.stitch(
        &Shape::open(
            (34.0, top + 32.0),
            &[L(32.0, top + 130.0), Q(28.0, top + 166.0, 2.0, top + 176.0)],
        ),
        thread,
    );
    let band = legs.waistband(36.0);
    sheet.cloth(&band, &cloth.unprinted(), &[]);
    sheet.stitch(
        &Shape::arch(
            (0.0, top + 30.0),
            &[Q(waist * 0.6, top + 30.0, waist + 8.0, top + 24.0)],
        ),
        thread,
    );
    for x in [-78.0, 78.0] {
        sheet.cloth(
            &Shape::bar((x - 6.0, top - 10.0), (x + 6.0, top + 42.0)),
            &cloth.unprinted(),
            &[],
        );
    }
    sheet.button((4.0, top + 17.0), 9.5, Rgb(196, 160, 110));
    for side in [-1.0, 1.0] {
        sheet.spot(
            &Shape::oval((side * (waist - 50.0), top + 44.0), 3.4, 3.4),
            Rgb(196, 150, 100),
            1.0,
        );
        sheet.spot(
            &Shape::oval((side * (waist + 8.0), top + 96.0), 3.4, 3.4),
            Rgb(196, 150, 100),
            1.0,
        );
    }
}

/// Trousers with creases.
pub(super) fn trousers(sheet: &mut Sheet, model: &Model) {
    let legs = Legs::of(model.cut);
    let line = model.cloth.colour.contrast(0.42);
    sheet.cloth(&legs.back(), &model.cloth.inside(), &[]);
    sheet.cloth(&legs.shape(), &model.cloth, &legs.folds());
    sheet.seam_both(&legs.crease(), line);
    let pocket = Shape::line(
        (legs.waist - 34.0, legs.top + 30.0),
        (legs.waist + 14.0, legs.top + 128.0),
    );
    sheet.seam_both(&pocket, line);
    sheet.seam(
        &Shape::open((0.0, legs.top + 20.0), &[L(0.0, legs.crotch)]),
        line,
    );
    sheet.seam(
        &Shape::open(
            (26.0, legs.top + 34.0),
            &[
                L(25.0, legs.top + 128.0),
                Q(22.0, legs.top + 160.0, 1.0, legs.top + 172.0),
            ],
        ),
        line,
    );
    if model.cut == Cut::Wide || model.cut == Cut::Pleated {
        sheet.seam_both(
            &Shape::line((62.0, legs.top + 32.0), (70.0, legs.top + 112.0)),
            line,
        );
        sheet.seam_both(
            &Shape::line((44.0, legs.top + 32.0), (52.0, legs.top + 96.0)),
            line,
        );
    }
    sheet.cloth(&legs.waistband(34.0), &model.cloth, &[]);
    for x in [-74.0, 74.0] {
        sheet.cloth(
            &Shape::bar((x - 5.0, legs.top - 8.0), (x + 5.0, legs.top + 38.0)),
            &model.cloth,
            &[],
        );
    }
    sheet.button((-2.0, legs.top + 17.0), 7.5, model.buttons());
}

/// Joggers and leggings: elastic at the waist.
pub(super) fn joggers(sheet: &mut Sheet, model: &Model) {
    let is_slim = model.cut == Cut::Fitted;
    let legs = if is_slim {
        Legs {
            hip: 126.0,
            waist: 100.0,
            outer: 92.0,
            inner: 44.0,
            ..Legs::straight()
        }
    } else {
        Legs {
            hip: 150.0,
            outer: 134.0,
            inner: 58.0,
            low: 704.0,
            ..Legs::straight()
        }
    };
    sheet.cloth(&legs.shape(), &model.cloth, &legs.folds());
    let line = model.cloth.colour.contrast(0.4);
    let rib = model.cloth.unprinted().woven(Weave::Rib);
    sheet.cloth(&legs.waistband(46.0), &rib, &[]);
    if is_slim {
        return;
    }
    let cuff = ankle_cuff(&legs);
    sheet.cloth_both(&cuff, &rib, &[]);
    let pocket = Shape::open(
        (legs.waist - 22.0, legs.top + 46.0),
        &[Q(
            legs.waist - 14.0,
            legs.top + 110.0,
            legs.hip + 4.0,
            legs.top + 150.0,
        )],
    );
    sheet.seam_both(&pocket, line);
    if model.cloth.pattern == "striped" {
        return;
    }
    drawstring(sheet, &legs, model.cloth.colour);
}

/// The two ends of the cord in the waistband.
fn drawstring(sheet: &mut Sheet, legs: &Legs, ground: Rgb) {
    let cord = if ground.lightness() > 0.7 {
        ground.darker(0.4)
    } else {
        Rgb(240, 238, 232)
    };
    for side in [-1.0, 1.0] {
        sheet.cord(
            &Shape::open(
                (side * 8.0, legs.top + 24.0),
                &[Q(
                    side * 30.0,
                    legs.top + 70.0,
                    side * 18.0,
                    legs.top + 140.0,
                )],
            ),
            cord,
            6.0,
        );
    }
}

/// A ribbed cuff at the ankle.
fn ankle_cuff(legs: &Legs) -> Shape {
    Shape::polygon(&[
        (legs.inner + 4.0, legs.low - 8.0),
        (legs.outer - 6.0, legs.low - 10.0),
        (legs.outer - 16.0, legs.low + 40.0),
        (legs.inner + 8.0, legs.low + 42.0),
    ])
}

/// Shorts.
pub(super) fn shorts(sheet: &mut Sheet, model: &Model) {
    let legs = Legs {
        top: 196.0,
        waist: 156.0,
        hip: 196.0,
        crotch: 448.0,
        outer: 232.0,
        inner: 42.0,
        low: 612.0,
    };
    let line = model.cloth.colour.contrast(0.42);
    sheet.cloth(&legs.back(), &model.cloth.inside(), &[]);
    sheet.cloth(&legs.shape(), &model.cloth, &legs.folds());
    let pocket = Shape::open(
        (legs.waist - 54.0, legs.top + 40.0),
        &[Q(
            legs.waist - 30.0,
            legs.top + 110.0,
            legs.waist + 34.0,
            legs.top + 140.0,
        )],
    );
    sheet.seam_both(&pocket, line);
    sheet.seam(
        &Shape::open((0.0, legs.top + 20.0), &[L(0.0, legs.crotch)]),
        line,
    );
    sheet.stitch(
        &Shape::open(
            (40.0, legs.top + 40.0),
            &[
                L(38.0, legs.top + 150.0),
                Q(34.0, legs.top + 196.0, 2.0, legs.top + 206.0),
            ],
        ),
        line,
    );
    sheet.stitch_both(
        &Shape::line((20.0, legs.low - 14.0), (250.0, legs.low - 18.0)),
        line,
    );
    sheet.cloth(&legs.waistband(44.0), &model.cloth, &[]);
    for x in [-104.0, 104.0] {
        sheet.cloth(
            &Shape::bar((x - 7.0, legs.top - 12.0), (x + 7.0, legs.top + 50.0)),
            &model.cloth.unprinted(),
            &[],
        );
    }
    sheet.button((0.0, legs.top + 22.0), 10.0, model.buttons());
}
