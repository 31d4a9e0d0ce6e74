//! Boots, in pairs, seen from the side.
use super::{Cut, Model};
use crate::engines::illustrate::canvas::Sheet;
use crate::engines::illustrate::cloth::{Cloth, Weave};
use crate::engines::illustrate::folds::fold;
use crate::engines::illustrate::palette::Rgb;
use crate::engines::illustrate::shapes::Shape;
use crate::engines::illustrate::shapes::Step::{C, L, Q};

/// Boots: laced, Chelsea (slip-on) or up to the knee (long).
pub(super) fn boots(sheet: &mut Sheet, model: &Model) {
    if model.cut == Cut::Long {
        sheet.moved((64.0, -16.0), 1.0, |sheet| tall_boot(sheet, model));
        sheet.moved((-74.0, 16.0), 1.0, |sheet| tall_boot(sheet, model));
    } else {
        sheet.moved((64.0, -84.0), 0.98, |sheet| boot(sheet, model));
        sheet.moved((-56.0, 80.0), 0.98, |sheet| boot(sheet, model));
    }
}

fn boot(sheet: &mut Sheet, model: &Model) {
    let hide = model.cloth.woven(Weave::Leather);
    let is_chelsea = model.cut == Cut::SlipOn;
    let top = if is_chelsea { 230.0 } else { 196.0 };
    let mouth = Shape::oval((-98.0, top + 6.0), 88.0, 20.0);
    sheet.cloth(&mouth, &hide.inside(), &[]);
    let upper = boot_upper(top);
    let creases = [
        fold((-20.0, 360.0), (-130.0, 372.0), 10.0, 0.18),
        fold((-8.0, 390.0), (-120.0, 410.0), 9.0, 0.13),
        fold((66.0, 404.0), (92.0, 490.0), 9.0, 0.14),
        fold((-150.0, 230.0), (-150.0, 460.0), 20.0, -0.06),
    ];
    sheet.cloth(&upper, &hide, &creases);
    if is_chelsea {
        chelsea_sides(sheet, &upper, &hide);
    } else {
        boot_laces(sheet, hide.colour.contrast(0.5));
    }
    let tread = Rgb(52, 44, 40);
    let heel = Shape::polygon(&[
        (-200.0, 500.0),
        (-96.0, 504.0),
        (-100.0, 546.0),
        (-196.0, 546.0),
    ]);
    sheet.cloth(&heel, &Cloth::plain(tread, Weave::Rubber), &[]);
    let sole = boot_sole();
    sheet.cloth(&sole, &Cloth::plain(tread, Weave::Rubber), &[]);
}

/// Laces, facing and toe cap.
fn boot_laces(sheet: &mut Sheet, line: Rgb) {
    let toe = Shape::open((128.0, 408.0), &[Q(104.0, 450.0, 112.0, 506.0)]);
    sheet.seam(&toe, line);
    let facing = Shape::open(
        (-52.0, 200.0),
        &[
            C(-52.0, 300.0, -56.0, 360.0, -26.0, 400.0),
            Q(10.0, 430.0, 70.0, 424.0),
        ],
    );
    sheet.stitch(&facing, Rgb(206, 170, 110));
    let cord = Rgb(214, 186, 130);
    for (row, (x, y)) in [
        (-28.0, 232.0),
        (-28.0, 264.0),
        (-26.0, 296.0),
        (-20.0, 328.0),
        (-2.0, 360.0),
        (26.0, 384.0),
    ]
    .into_iter()
    .enumerate()
    {
        let lean = row as f32 * 2.0;
        sheet.cord(
            &Shape::line((x - 24.0, y + 5.0 + lean), (x + 12.0, y - 4.0 - lean)),
            cord,
            7.5,
        );
    }
}

/// Elastic sides and a tab to pull.
fn chelsea_sides(sheet: &mut Sheet, upper: &Shape, hide: &Cloth) {
    let gore = Shape::closed(
        (-130.0, 240.0),
        &[
            L(-62.0, 242.0),
            C(-66.0, 320.0, -76.0, 350.0, -92.0, 380.0),
            C(-116.0, 350.0, -126.0, 310.0, -130.0, 240.0),
        ],
    );
    sheet.cloth_within(
        &gore,
        upper,
        &Cloth::plain(hide.colour.contrast(0.35), Weave::Rib),
        &[],
    );
    let tab = Shape::closed(
        (-190.0, 250.0),
        &[
            L(-196.0, 196.0),
            Q(-178.0, 186.0, -172.0, 198.0),
            L(-168.0, 250.0),
        ],
    );
    sheet.cloth(&tab, hide, &[]);
}

/// The sole of a boot.
fn boot_sole() -> Shape {
    Shape::closed(
        (-202.0, 490.0),
        &[
            L(208.0, 494.0),
            Q(232.0, 508.0, 212.0, 528.0),
            Q(80.0, 540.0, -10.0, 524.0),
            L(-200.0, 520.0),
        ],
    )
}

/// The leg and the foot of a boot.
fn boot_upper(top: f32) -> Shape {
    Shape::closed(
        (-186.0, top),
        &[
            C(-180.0, 330.0, -206.0, 420.0, -194.0, 500.0),
            L(200.0, 504.0),
            C(236.0, 486.0, 216.0, 428.0, 146.0, 416.0),
            C(70.0, 404.0, 10.0, 372.0, -2.0, 320.0),
            C(-10.0, 280.0, -8.0, 250.0, -10.0, top + 4.0),
            Q(-98.0, top + 26.0, -186.0, top),
        ],
    )
}

fn tall_boot(sheet: &mut Sheet, model: &Model) {
    let hide = model.cloth.woven(Weave::Leather);
    sheet.cloth(
        &Shape::oval((-54.0, 126.0), 92.0, 20.0),
        &hide.inside(),
        &[],
    );
    let heel = Shape::polygon(&[
        (-146.0, 640.0),
        (-66.0, 656.0),
        (-74.0, 716.0),
        (-136.0, 716.0),
    ]);
    sheet.cloth(&heel, &Cloth::plain(Rgb(46, 38, 36), Weave::Rubber), &[]);
    let upper = Shape::closed(
        (-146.0, 122.0),
        &[
            C(-140.0, 360.0, -110.0, 460.0, -134.0, 600.0),
            Q(-150.0, 650.0, -132.0, 668.0),
            C(-60.0, 668.0, -20.0, 704.0, 60.0, 708.0),
            L(168.0, 708.0),
            C(196.0, 690.0, 170.0, 648.0, 118.0, 636.0),
            C(56.0, 620.0, 14.0, 592.0, 10.0, 540.0),
            C(10.0, 440.0, 38.0, 340.0, 38.0, 124.0),
            Q(-54.0, 150.0, -146.0, 122.0),
        ],
    );
    let creases = [
        fold((0.0, 548.0), (-108.0, 556.0), 11.0, 0.2),
        fold((4.0, 508.0), (-90.0, 524.0), 9.0, 0.14),
        fold((18.0, 588.0), (-100.0, 612.0), 9.0, 0.13),
        fold((-70.0, 150.0), (-66.0, 520.0), 26.0, -0.16),
        fold((20.0, 150.0), (2.0, 500.0), 16.0, 0.10),
    ];
    sheet.cloth(&upper, &hide, &creases);
    sheet.seam(
        &Shape::open(
            (-110.0, 130.0),
            &[C(-106.0, 360.0, -84.0, 470.0, -100.0, 664.0)],
        ),
        hide.colour.contrast(0.5),
    );
    let sole = Shape::closed(
        (-134.0, 660.0),
        &[
            C(-60.0, 664.0, -20.0, 698.0, 60.0, 702.0),
            L(172.0, 700.0),
            Q(186.0, 710.0, 168.0, 718.0),
            L(54.0, 720.0),
            C(-20.0, 716.0, -70.0, 680.0, -130.0, 676.0),
        ],
    );
    sheet.cloth(&sole, &Cloth::plain(Rgb(40, 34, 32), Weave::Rubber), &[]);
}
