//! Hats, caps and beanies.
use super::Model;
use crate::engines::illustrate::canvas::Sheet;
use crate::engines::illustrate::cloth::{Cloth, Weave};
use crate::engines::illustrate::folds::fold;
use crate::engines::illustrate::palette::Rgb;
use crate::engines::illustrate::shapes::Shape;
use crate::engines::illustrate::shapes::Step::{C, L, Q};

/// Hats with a brim.
pub(super) fn hat(sheet: &mut Sheet, model: &Model) {
    let is_straw = matches!(model.cloth.weave, Weave::Straw);
    let brim = hat_brim();
    sheet.cloth(
        &brim,
        &model.cloth,
        &[
            fold((-250.0, 520.0), (-40.0, 560.0), 20.0, -0.10),
            fold((120.0, 560.0), (270.0, 500.0), 18.0, 0.12),
        ],
    );
    let crown = if is_straw {
        Shape::half(
            (0.0, 236.0),
            &[
                C(110.0, 236.0, 156.0, 280.0, 162.0, 360.0),
                L(176.0, 490.0),
                Q(90.0, 536.0, 0.0, 536.0),
            ],
        )
    } else {
        Shape::half(
            (0.0, 262.0),
            &[
                C(40.0, 232.0, 122.0, 222.0, 140.0, 280.0),
                L(172.0, 490.0),
                Q(90.0, 536.0, 0.0, 536.0),
            ],
        )
    };
    sheet.cloth(
        &crown,
        &model.cloth,
        &[
            fold(
                (0.0, 262.0),
                (-4.0, 400.0),
                26.0,
                if is_straw { 0.0 } else { 0.24 },
            ),
            fold((-90.0, 270.0), (-110.0, 440.0), 26.0, -0.08),
        ],
    );
    let ribbon = Shape::half(
        (0.0, 468.0),
        &[
            Q(90.0, 466.0, 168.0, 430.0),
            L(176.0, 490.0),
            Q(90.0, 536.0, 0.0, 536.0),
        ],
    );
    let accent = if model.cloth.accent.lightness() < 0.5 {
        model.cloth.accent
    } else {
        model.cloth.colour.darker(0.55)
    };
    sheet.cloth_within(&ribbon, &crown, &Cloth::plain(accent, Weave::Jersey), &[]);
}

/// A wide brim.
fn hat_brim() -> Shape {
    Shape::half(
        (0.0, 424.0),
        &[
            C(150.0, 424.0, 292.0, 440.0, 296.0, 492.0),
            C(292.0, 552.0, 140.0, 578.0, 0.0, 578.0),
        ],
    )
}

/// Caps with a visor.
pub(super) fn cap(sheet: &mut Sheet, model: &Model) {
    let line = model.cloth.colour.contrast(0.36);
    let crown = cap_crown();
    sheet.cloth(
        &crown,
        &model.cloth,
        &[
            fold((-140.0, 320.0), (-180.0, 480.0), 20.0, 0.08),
            fold((60.0, 300.0), (90.0, 460.0), 24.0, -0.06),
        ],
    );
    sheet.seam(
        &Shape::open(
            (-20.0, 222.0),
            &[C(-70.0, 300.0, -84.0, 400.0, -86.0, 496.0)],
        ),
        line,
    );
    sheet.seam(
        &Shape::open(
            (-20.0, 222.0),
            &[C(70.0, 280.0, 120.0, 380.0, 126.0, 480.0)],
        ),
        line,
    );
    for (x, y) in [(-150.0, 330.0), (20.0, 306.0)] {
        sheet.spot(&Shape::oval((x, y), 6.0, 6.0).stroked(3.4), line, 0.9);
    }
    let visor = cap_visor();
    let shade = if model.cloth.pattern == "colour-block" {
        model.cloth.dyed(model.cloth.accent)
    } else {
        model.cloth
    };
    sheet.cloth(
        &visor,
        &shade,
        &[fold((-60.0, 510.0), (250.0, 520.0), 16.0, -0.10)],
    );
    for up in [0.0, 12.0] {
        sheet.stitch(
            &Shape::open(
                (-80.0, 544.0 - up),
                &[C(60.0, 512.0 - up, 220.0, 526.0 - up, 280.0, 550.0 - up)],
            ),
            shade.colour.contrast(0.3),
        );
    }
    sheet.cloth(
        &Shape::oval((-20.0, 220.0), 16.0, 10.0),
        &model.cloth.unprinted(),
        &[],
    );
    badge(sheet, model);
}

/// The patch on the front of a cap.
fn badge(sheet: &mut Sheet, model: &Model) {
    let badge = model.cloth.accent;
    let mark = Shape::oval((24.0, 396.0), 44.0, 40.0);
    sheet.spot(&mark, badge, 0.95);
    sheet.spot(
        &Shape::polygon(&[
            (-6.0, 414.0),
            (14.0, 376.0),
            (28.0, 400.0),
            (38.0, 388.0),
            (54.0, 414.0),
        ]),
        model.cloth.colour,
        0.95,
    );
}

/// The visor of a cap.
fn cap_visor() -> Shape {
    Shape::closed(
        (-110.0, 492.0),
        &[
            C(0.0, 462.0, 120.0, 456.0, 194.0, 472.0),
            C(270.0, 490.0, 304.0, 540.0, 290.0, 564.0),
            C(230.0, 540.0, 60.0, 524.0, -70.0, 556.0),
            Q(-120.0, 560.0, -110.0, 492.0),
        ],
    )
}

/// The dome of a cap.
fn cap_crown() -> Shape {
    Shape::closed(
        (-238.0, 500.0),
        &[
            C(-252.0, 320.0, -150.0, 222.0, -20.0, 222.0),
            C(110.0, 222.0, 190.0, 330.0, 196.0, 480.0),
            C(110.0, 470.0, -90.0, 500.0, -238.0, 500.0),
        ],
    )
}

/// Beanies with a folded cuff.
pub(super) fn beanie(sheet: &mut Sheet, model: &Model) {
    let bobble = model.cloth.dyed(model.cloth.accent).woven(Weave::Wool);
    if model.variant.is_multiple_of(2) {
        for (x, y, r) in [
            (-24.0, 168.0, 44.0),
            (24.0, 166.0, 44.0),
            (0.0, 140.0, 46.0),
            (0.0, 178.0, 50.0),
        ] {
            sheet.cloth(&Shape::oval((x, y), r, r), &bobble, &[]);
        }
    }
    let dome = Shape::half(
        (0.0, 188.0),
        &[C(130.0, 188.0, 206.0, 300.0, 208.0, 520.0), L(0.0, 540.0)],
    );
    let mut folds = Vec::new();
    for x in [-150.0, -76.0, 0.0, 76.0, 150.0] {
        folds.push(fold((x * 0.3, 200.0), (x, 520.0), 16.0, 0.12));
    }
    sheet.cloth(&dome, &model.cloth, &folds);
    let cuff = Shape::half(
        (0.0, 478.0),
        &[
            Q(120.0, 476.0, 216.0, 458.0),
            C(228.0, 500.0, 228.0, 560.0, 218.0, 606.0),
            Q(120.0, 628.0, 0.0, 628.0),
        ],
    );
    sheet.cloth(&cuff, &model.cloth.unprinted().woven(Weave::Rib), &[]);
    let label = Shape::bar((-34.0, 530.0), (34.0, 574.0));
    sheet.cloth(
        &label,
        &Cloth::plain(Rgb(150, 104, 66), Weave::Leather),
        &[],
    );
}
