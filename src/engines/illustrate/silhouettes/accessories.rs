//! Bags and scarves.
use super::{Cut, Model};
use crate::engines::illustrate::canvas::Sheet;
use crate::engines::illustrate::cloth::{Cloth, Weave};
use crate::engines::illustrate::folds::fold;
use crate::engines::illustrate::palette::Rgb;
use crate::engines::illustrate::shapes::Shape;
use crate::engines::illustrate::shapes::Step::{C, L, Q};

const BRASS: Rgb = Rgb(206, 180, 120);

/// Handbags, totes and backpacks.
pub(super) fn bag(sheet: &mut Sheet, model: &Model) {
    if model.cut == Cut::Backpack {
        backpack(sheet, model);
    } else if model.cut == Cut::Tote {
        tote(sheet, model);
    } else {
        handbag(sheet, model);
    }
}

fn handbag(sheet: &mut Sheet, model: &Model) {
    let hide = model.cloth.woven(Weave::Leather);
    let trim = hide.unprinted();
    let handle = Shape::arch((0.0, 146.0), &[C(92.0, 146.0, 124.0, 220.0, 128.0, 348.0)]);
    sheet.cloth(&handle.stroked(24.0), &trim, &[]);
    let body = Shape::half(
        (0.0, 322.0),
        &[
            L(196.0, 322.0),
            Q(214.0, 324.0, 220.0, 346.0),
            C(238.0, 460.0, 250.0, 560.0, 252.0, 620.0),
            Q(252.0, 656.0, 214.0, 658.0),
            L(0.0, 660.0),
        ],
    );
    sheet.cloth(
        &body,
        &hide,
        &[fold((-150.0, 600.0), (120.0, 620.0), 18.0, 0.10)],
    );
    let flap = Shape::half(
        (0.0, 316.0),
        &[
            L(198.0, 316.0),
            Q(216.0, 318.0, 222.0, 342.0),
            C(232.0, 420.0, 190.0, 502.0, 120.0, 512.0),
            Q(60.0, 520.0, 0.0, 520.0),
        ],
    );
    sheet.cloth(
        &flap,
        &hide,
        &[fold((-160.0, 340.0), (-130.0, 470.0), 24.0, -0.12)],
    );
    let edge = Shape::arch(
        (0.0, 508.0),
        &[
            Q(60.0, 508.0, 118.0, 500.0),
            C(180.0, 490.0, 222.0, 420.0, 212.0, 332.0),
        ],
    );
    sheet.stitch(&edge, hide.colour.contrast(0.42));
    let metal = Cloth::plain(BRASS, Weave::Leather);
    sheet.cloth(&Shape::bar((-26.0, 486.0), (26.0, 548.0)), &metal, &[]);
    sheet.cloth(
        &Shape::oval((0.0, 516.0), 9.0, 9.0),
        &metal.dyed(BRASS.darker(0.4)),
        &[],
    );
    for side in [-1.0, 1.0] {
        sheet.cloth(
            &Shape::oval((side * 128.0, 344.0), 17.0, 17.0).stroked(8.0),
            &metal,
            &[],
        );
    }
}

fn tote(sheet: &mut Sheet, model: &Model) {
    let trim = model.cloth.dyed(if model.cloth.pattern == "plain" {
        model.cloth.colour
    } else {
        model.cloth.accent
    });
    let behind = Shape::arch((0.0, 96.0), &[C(84.0, 96.0, 108.0, 190.0, 108.0, 330.0)]);
    sheet.cloth(&behind.moved(0.0, -14.0).stroked(22.0), &trim.inside(), &[]);
    let mouth = Shape::half(
        (0.0, 300.0),
        &[L(216.0, 304.0), L(214.0, 330.0), L(0.0, 336.0)],
    );
    sheet.cloth(&mouth, &model.cloth.inside(), &[]);
    let body = Shape::half(
        (0.0, 326.0),
        &[
            Q(120.0, 328.0, 218.0, 308.0),
            L(206.0, 690.0),
            Q(204.0, 708.0, 180.0, 708.0),
            L(0.0, 712.0),
        ],
    );
    sheet.cloth(
        &body,
        &model.cloth,
        &[
            fold((-170.0, 340.0), (-120.0, 660.0), 26.0, 0.09),
            fold((120.0, 350.0), (150.0, 680.0), 22.0, 0.10),
            fold((-60.0, 480.0), (40.0, 690.0), 24.0, -0.05),
        ],
    );
    sheet.stitch(
        &Shape::arch((0.0, 354.0), &[Q(120.0, 356.0, 222.0, 336.0)]),
        model.cloth.colour.contrast(0.34),
    );
    let handle = Shape::arch((0.0, 96.0), &[C(84.0, 96.0, 112.0, 190.0, 112.0, 424.0)]);
    sheet.cloth(&handle.stroked(24.0), &trim, &[]);
    for side in [-1.0, 1.0] {
        let x = side * 112.0;
        sheet.stitch(
            &Shape::open(
                (x - 8.0, 380.0),
                &[L(x + 8.0, 414.0), L(x - 8.0, 414.0), L(x + 8.0, 380.0)],
            ),
            trim.colour.contrast(0.4),
        );
    }
}

fn backpack(sheet: &mut Sheet, model: &Model) {
    let trim = model.cloth.unprinted();
    let line = trim.colour.contrast(0.4);
    let strap = Shape::open(
        (150.0, 250.0),
        &[C(250.0, 320.0, 262.0, 520.0, 206.0, 640.0)],
    );
    sheet.cloth_both(
        &strap.stroked(36.0),
        &trim.dyed(trim.colour.contrast(0.25)),
        &[],
    );
    let grip = Shape::arch((0.0, 96.0), &[C(34.0, 96.0, 52.0, 110.0, 54.0, 156.0)]);
    sheet.cloth(
        &grip.stroked(18.0),
        &trim.dyed(trim.colour.contrast(0.25)),
        &[],
    );
    let body = backpack_body();
    sheet.cloth(
        &body,
        &model.cloth,
        &[
            fold((-150.0, 220.0), (-160.0, 640.0), 26.0, 0.08),
            fold((-60.0, 160.0), (-80.0, 400.0), 30.0, -0.05),
        ],
    );
    let arc = Shape::arch((0.0, 176.0), &[C(100.0, 176.0, 150.0, 220.0, 162.0, 420.0)]);
    sheet.seam(&arc, line);
    sheet.stitch(&arc.moved(0.0, 6.0), trim.colour.lighter(0.5));
    let pocket = backpack_pocket();
    sheet.cloth(&pocket, &model.cloth, &[]);
    sheet.band(
        &Shape::line((-136.0, 474.0), (136.0, 474.0)),
        Rgb(56, 56, 60),
        8.0,
    );
    sheet.stitch(&Shape::line((-136.0, 474.0), (136.0, 474.0)), BRASS);
    let patch = Shape::bar((-44.0, 530.0), (44.0, 588.0));
    sheet.cloth(
        &patch,
        &Cloth::plain(Rgb(166, 116, 72), Weave::Leather),
        &[],
    );
    sheet.stitch(
        &Shape::bar((-38.0, 536.0), (38.0, 582.0)),
        Rgb(224, 196, 150),
    );
}

/// The pocket in front.
fn backpack_pocket() -> Shape {
    Shape::half(
        (0.0, 440.0),
        &[
            L(128.0, 440.0),
            Q(156.0, 442.0, 160.0, 474.0),
            L(164.0, 640.0),
            Q(162.0, 672.0, 128.0, 674.0),
            L(0.0, 676.0),
        ],
    )
}

/// The main compartment.
fn backpack_body() -> Shape {
    Shape::half(
        (0.0, 128.0),
        &[
            C(130.0, 126.0, 190.0, 180.0, 200.0, 300.0),
            L(212.0, 640.0),
            Q(210.0, 704.0, 150.0, 708.0),
            L(0.0, 710.0),
        ],
    )
}

/// Scarves, laid round a neck and crossed.
pub(super) fn scarf(sheet: &mut Sheet, model: &Model) {
    let fringe = model.cloth.unprinted();
    let end = |sheet: &mut Sheet, x: f32, y: f32, lean: f32| {
        for thread in 0..9 {
            let start = x - 60.0 + thread as f32 * 15.0;
            sheet.cord(
                &Shape::line((start, y - 8.0), (start + lean, y + 44.0)),
                fringe.colour,
                6.5,
            );
        }
    };
    let round = Shape::arch((0.0, 132.0), &[C(96.0, 132.0, 150.0, 190.0, 96.0, 300.0)]);
    sheet.cloth(
        &round.stroked(92.0),
        &model.cloth.turned(4.0),
        &[fold((-60.0, 150.0), (70.0, 150.0), 14.0, 0.12)],
    );
    end(sheet, 94.0, 640.0, 5.0);
    let under = Shape::closed(
        (-150.0, 236.0),
        &[
            C(-90.0, 350.0, 30.0, 420.0, 28.0, 644.0),
            L(162.0, 640.0),
            C(160.0, 440.0, 60.0, 360.0, -56.0, 236.0),
            Q(-100.0, 206.0, -150.0, 236.0),
        ],
    );
    sheet.cloth(
        &under,
        &model.cloth.turned(-9.0),
        &[
            fold((60.0, 330.0), (84.0, 630.0), 20.0, 0.14),
            fold((110.0, 350.0), (126.0, 630.0), 16.0, -0.06),
        ],
    );
    end(sheet, -92.0, 700.0, -5.0);
    let over = Shape::closed(
        (56.0, 240.0),
        &[
            C(-60.0, 350.0, -164.0, 480.0, -160.0, 700.0),
            L(-26.0, 704.0),
            C(-30.0, 520.0, 70.0, 400.0, 152.0, 238.0),
            Q(104.0, 206.0, 56.0, 240.0),
        ],
    );
    sheet.cloth(
        &over,
        &model.cloth.turned(12.0),
        &[
            fold((-60.0, 340.0), (-108.0, 690.0), 20.0, 0.15),
            fold((-6.0, 350.0), (-60.0, 690.0), 18.0, 0.10),
        ],
    );
}
