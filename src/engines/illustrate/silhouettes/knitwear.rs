//! Sweaters, hoodies and cardigans.
use super::torso::{self, SleeveEnd, Torso};
use super::{Cut, Model, tops};
use crate::engines::illustrate::canvas::Sheet;
use crate::engines::illustrate::cloth::Weave;
use crate::engines::illustrate::folds::fold;
use crate::engines::illustrate::shapes::Shape;
use crate::engines::illustrate::shapes::Step::{C, L, Q};

/// Sweaters and sweatshirts.
pub(super) fn sweater(sheet: &mut Sheet, model: &Model) {
    let is_pointed = model.cut == Cut::VNeck;
    let torso = Torso {
        throat: if is_pointed { 222.0 } else { 160.0 },
        is_pointed,
        ..Torso::loose()
    };
    tops::plain_top(sheet, model, &torso);
    torso::ribbed_hem(sheet, &torso, &model.cloth, 44.0);
    if model.cut == Cut::RollNeck {
        let rib = model.cloth.unprinted().woven(Weave::Rib);
        let roll = Shape::half(
            (0.0, 66.0),
            &[
                Q(52.0, 66.0, 66.0, 72.0),
                C(74.0, 100.0, 76.0, 130.0, 74.0, 146.0),
                Q(36.0, 164.0, 0.0, 164.0),
            ],
        );
        sheet.cloth(&roll, &rib, &[]);
        sheet.seam(
            &Shape::arch((0.0, 84.0), &[Q(44.0, 84.0, 68.0, 76.0)]),
            rib.colour.darker(0.4),
        );
    }
    tops::print_on_chest(sheet, model, (0.0, 350.0));
}

/// Hoodies.
pub(super) fn hoodie(sheet: &mut Sheet, model: &Model) {
    let torso = Torso {
        throat: 196.0,
        neck: (78.0, 126.0),
        ..Torso::loose()
    };
    let trim = model.cloth.unprinted();
    if let Some(end) = SleeveEnd::of(model.sleeve) {
        torso::sleeves(sheet, &torso, end, &model.cloth);
        torso::ribbed_cuffs(sheet, end, &trim);
    }
    let hood = hood();
    sheet.cloth(
        &hood,
        &trim,
        &[
            fold((-92.0, 90.0), (-70.0, 200.0), 10.0, 0.14),
            fold((92.0, 90.0), (72.0, 200.0), -10.0, 0.14),
        ],
    );
    let face = hood_opening();
    sheet.cloth(
        &face,
        &trim.inside(),
        &[fold((0.0, 90.0), (0.0, 190.0), 18.0, 0.2)],
    );
    sheet.cloth(&torso.body(), &model.cloth, &torso::creases(&torso));
    let leaf = hood_leaf();
    sheet.cloth_both(&leaf, &trim, &[]);
    let pouch = pouch();
    sheet.cloth(
        &pouch,
        &model.cloth,
        &[fold((-30.0, 500.0), (-36.0, 630.0), 14.0, 0.08)],
    );
    torso::ribbed_hem(sheet, &torso, &trim, 46.0);
    let cord = trim.colour.lighter(if trim.colour.lightness() > 0.6 {
        0.9
    } else {
        0.7
    });
    for side in [-1.0, 1.0] {
        sheet.cord(
            &Shape::open(
                (side * 30.0, 222.0),
                &[Q(side * 38.0, 280.0, side * 34.0, 352.0)],
            ),
            cord,
            6.5,
        );
    }
    tops::print_on_chest(sheet, model, (0.0, 396.0));
}

/// The pocket for both hands.
fn pouch() -> Shape {
    Shape::half(
        (0.0, 470.0),
        &[
            L(72.0, 470.0),
            Q(78.0, 474.0, 82.0, 482.0),
            L(116.0, 566.0),
            L(116.0, 634.0),
            L(0.0, 640.0),
        ],
    )
}

/// The edge of the hood that crosses the throat.
fn hood_leaf() -> Shape {
    Shape::closed(
        (78.0, 110.0),
        &[
            C(104.0, 140.0, 104.0, 168.0, 84.0, 196.0),
            Q(50.0, 232.0, 0.0, 244.0),
            L(0.0, 210.0),
            C(44.0, 196.0, 70.0, 170.0, 78.0, 110.0),
        ],
    )
}

/// What one sees into.
fn hood_opening() -> Shape {
    Shape::half(
        (0.0, 76.0),
        &[
            C(46.0, 76.0, 78.0, 104.0, 80.0, 146.0),
            C(78.0, 176.0, 40.0, 204.0, 0.0, 220.0),
        ],
    )
}

/// The hood, lying behind the neck.
fn hood() -> Shape {
    Shape::half(
        (0.0, 36.0),
        &[
            C(62.0, 34.0, 112.0, 74.0, 118.0, 140.0),
            C(120.0, 172.0, 98.0, 200.0, 70.0, 214.0),
            L(0.0, 226.0),
        ],
    )
}

/// Cardigans.
pub(super) fn cardigan(sheet: &mut Sheet, model: &Model) {
    let torso = Torso {
        throat: 400.0,
        is_pointed: true,
        neck: (62.0, 112.0),
        ..Torso::loose()
    };
    tops::plain_sleeves(sheet, model, &torso);
    sheet.cloth(
        &torso.back(),
        &model.cloth.inside(),
        &[fold((0.0, 140.0), (0.0, 360.0), 30.0, 0.12)],
    );
    sheet.cloth(&torso.body(), &model.cloth, &torso::creases(&torso));
    torso::ribbed_hem(sheet, &torso, &model.cloth, 44.0);
    let rib = model.cloth.unprinted().woven(Weave::Rib);
    let band = Shape::arch((0.0, 392.0), &[Q(42.0, 366.0, 63.0, 106.0)]);
    sheet.cloth_within(
        &band.stroked(24.0),
        &torso.body().with(&torso.back()),
        &rib,
        &[],
    );
    sheet.cloth(&Shape::bar((-15.0, 382.0), (15.0, 694.0)), &rib, &[]);
    for row in 0..5 {
        sheet.button((0.0, 420.0 + row as f32 * 62.0), 9.0, model.buttons());
    }
    for side in [-1.0, 1.0] {
        let patch = Shape::bar((side * 48.0, 512.0), (side * 122.0, 608.0));
        sheet.cloth(&patch, &model.cloth, &[]);
        sheet.cloth(
            &Shape::bar((side * 46.0, 506.0), (side * 124.0, 530.0)),
            &rib,
            &[],
        );
    }
}
