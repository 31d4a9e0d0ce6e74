//! Blazers and coats.
use super::torso::{self, SleeveEnd, Torso};
use super::{Cut, Model};
use crate::engines::illustrate::canvas::Sheet;
use crate::engines::illustrate::cloth::{Cloth, Weave};
use crate::engines::illustrate::folds::fold;
use crate::engines::illustrate::palette::Rgb;
use crate::engines::illustrate::shapes::Shape;
use crate::engines::illustrate::shapes::Step::{C, L, Q};

/// Blazers.
pub(super) fn blazer(sheet: &mut Sheet, model: &Model) {
    let torso = Torso {
        neck: (58.0, 104.0),
        throat: 410.0,
        is_pointed: true,
        shoulder: (164.0, 142.0),
        chest: 148.0,
        waist: 132.0,
        hem: 156.0,
        hem_y: 676.0,
    };
    let end = SleeveEnd {
        outer: (268.0, 650.0),
        inner: (212.0, 662.0),
        turn: -13.0,
    };
    torso::sleeves(sheet, &torso, end, &model.cloth);
    for row in 0..3 {
        for side in [-1.0, 1.0] {
            sheet.button(
                (side * (222.0 - row as f32 * 2.0), 640.0 - row as f32 * 16.0),
                5.0,
                model.buttons(),
            );
        }
    }
    lining(sheet, &torso, model);
    front(sheet, &torso, &model.cloth, 34.0);
    lapels(sheet, &model.cloth, torso.throat);
    for side in [-1.0, 1.0] {
        let flap = Shape::polygon(&[
            (side * 50.0, 528.0),
            (side * 128.0, 522.0),
            (side * 129.0, 554.0),
            (side * 50.0, 560.0),
        ]);
        sheet.cloth(&flap, &model.cloth, &[]);
    }
    let welt = Shape::polygon(&[(66.0, 288.0), (116.0, 280.0), (118.0, 294.0), (68.0, 302.0)]);
    sheet.cloth(&welt, &model.cloth, &[]);
    for y in [428.0, 508.0] {
        sheet.button((2.0, y), 9.5, model.buttons());
    }
}

/// Coats: plain, trench or parka.
pub(super) fn coat(sheet: &mut Sheet, model: &Model) {
    if model.cut == Cut::Parka {
        return parka(sheet, model);
    }
    let torso = Torso {
        neck: (58.0, 84.0),
        throat: 330.0,
        is_pointed: true,
        shoulder: (160.0, 122.0),
        chest: 150.0,
        waist: 142.0,
        hem: 182.0,
        hem_y: 748.0,
    };
    let end = SleeveEnd {
        outer: (270.0, 612.0),
        inner: (214.0, 624.0),
        turn: -13.0,
    };
    torso::sleeves(sheet, &torso, end, &model.cloth);
    let line = model.cloth.colour.contrast(0.4);
    lining(sheet, &torso, model);
    front(sheet, &torso, &model.cloth, 0.0);
    sheet.moved((0.0, -20.0), 1.0, |sheet| {
        lapels(sheet, &model.cloth, torso.throat + 20.0)
    });
    sheet.seam(&Shape::open((34.0, 330.0), &[L(40.0, 780.0)]), line);
    for y in [
        372.0,
        if model.cut == Cut::Trench {
            536.0
        } else {
            468.0
        },
        if model.cut == Cut::Trench {
            620.0
        } else {
            564.0
        },
    ] {
        for side in [-1.0, 1.0] {
            sheet.button((side * 44.0 - 4.0, y), 9.5, model.buttons());
        }
    }
    let pocket = Shape::polygon(&[
        (84.0, 528.0),
        (102.0, 520.0),
        (128.0, 606.0),
        (110.0, 614.0),
    ]);
    sheet.cloth_both(&pocket, &model.cloth, &[]);
    if model.cut == Cut::Trench {
        trench_details(sheet, model, end);
    }
}

fn trench_details(sheet: &mut Sheet, model: &Model, end: SleeveEnd) {
    let trim = model.cloth.unprinted();
    let strap = SleeveEnd {
        outer: (end.outer.0 - 3.0, end.outer.1 - 44.0),
        inner: (end.inner.0 - 5.0, end.inner.1 - 46.0),
        ..end
    };
    sheet.cloth_both(&strap.cuff(24.0, 3.0), &trim, &[]);
    let tab = Shape::polygon(&[(96.0, 104.0), (150.0, 122.0), (146.0, 144.0), (92.0, 122.0)]);
    sheet.cloth_both(&tab, &trim, &[]);
    let belt = Shape::half(
        (0.0, 436.0),
        &[
            Q(80.0, 436.0, 146.0, 428.0),
            L(147.0, 462.0),
            Q(80.0, 472.0, 0.0, 472.0),
        ],
    );
    sheet.cloth(&belt, &trim, &[]);
    let buckle = Shape::bar((-24.0, 430.0), (18.0, 478.0)).stroked(8.0);
    sheet.cloth(
        &buckle,
        &Cloth::plain(trim.colour.darker(0.5), Weave::Leather),
        &[],
    );
    let tail = Shape::polygon(&[(18.0, 440.0), (96.0, 470.0), (92.0, 504.0), (14.0, 470.0)]);
    sheet.cloth(&tail, &trim, &[]);
}

/// A coat with a hood, a zip and large pockets.
fn parka(sheet: &mut Sheet, model: &Model) {
    let torso = Torso {
        neck: (70.0, 136.0),
        throat: 214.0,
        shoulder: (162.0, 162.0),
        chest: 156.0,
        waist: 148.0,
        hem: 168.0,
        hem_y: 744.0,
        ..Torso::regular()
    };
    let end = SleeveEnd {
        outer: (274.0, 640.0),
        inner: (212.0, 654.0),
        turn: -13.0,
    };
    let cloth = &model.cloth;
    torso::sleeves(sheet, &torso, end, cloth);
    sheet.cloth_both(
        &end.cuff(28.0, 2.0),
        &cloth.unprinted().turned(end.turn),
        &[],
    );
    let fur = Rgb(176, 148, 116);
    let hood = parka_hood();
    sheet.cloth(&hood, &Cloth::plain(fur, Weave::Wool), &[]);
    let face = parka_face();
    sheet.cloth(
        &face,
        &cloth.inside(),
        &[fold((0.0, 96.0), (0.0, 200.0), 20.0, 0.16)],
    );
    sheet.cloth(&torso.body(), cloth, &torso::creases(&torso));
    let line = cloth.colour.contrast(0.4);
    sheet.cloth_within(
        &Shape::bar((-24.0, 204.0), (24.0, 790.0)),
        &torso.body(),
        &cloth.unprinted(),
        &[],
    );
    parka_front(sheet, cloth);
    sheet.seam(
        &Shape::arch((0.0, 470.0), &[Q(80.0, 470.0, 170.0, 462.0)]),
        line,
    );
    for side in [-1.0, 1.0] {
        sheet.cord(
            &Shape::open(
                (side * 34.0, 470.0),
                &[Q(side * 46.0, 500.0, side * 40.0, 532.0)],
            ),
            Rgb(214, 204, 184),
            5.0,
        );
    }
}

/// Buttons and large pockets.
fn parka_front(sheet: &mut Sheet, cloth: &Cloth) {
    for row in 0..5 {
        sheet.button((0.0, 268.0 + row as f32 * 104.0), 8.0, Rgb(150, 136, 112));
    }
    for side in [-1.0, 1.0] {
        sheet.cloth(
            &Shape::bar((side * 46.0, 560.0), (side * 134.0, 668.0)),
            &cloth.unprinted(),
            &[],
        );
        sheet.cloth(
            &Shape::polygon(&[
                (side * 42.0, 548.0),
                (side * 138.0, 548.0),
                (side * 138.0, 584.0),
                (side * 90.0, 600.0),
                (side * 42.0, 584.0),
            ]),
            &cloth.unprinted(),
            &[],
        );
        sheet.button((side * 90.0, 584.0), 7.0, Rgb(150, 136, 112));
    }
}

/// The opening of the hood.
fn parka_face() -> Shape {
    Shape::half(
        (0.0, 82.0),
        &[
            C(52.0, 82.0, 86.0, 112.0, 86.0, 156.0),
            C(84.0, 190.0, 40.0, 210.0, 0.0, 220.0),
        ],
    )
}

/// The furry hood.
fn parka_hood() -> Shape {
    Shape::half(
        (0.0, 42.0),
        &[
            C(76.0, 40.0, 126.0, 86.0, 126.0, 150.0),
            C(124.0, 200.0, 70.0, 232.0, 0.0, 240.0),
        ],
    )
}

/// The inside of the back, down to where the front closes.
fn lining(sheet: &mut Sheet, torso: &Torso, model: &Model) {
    let (nx, ny) = torso.neck;
    let back = Shape::half(
        (0.0, ny - 14.0),
        &[
            Q(nx * 0.6, ny - 14.0, nx - 6.0, ny - 8.0),
            L(nx + 30.0, ny + 80.0),
            L(0.0, torso.throat + 60.0),
        ],
    );
    sheet.cloth(
        &back,
        &model.cloth.inside(),
        &[fold((0.0, ny + 20.0), (0.0, torso.throat), 30.0, 0.18)],
    );
}

/// Both fronts; the corners at the hem are rounded by `open` pixels.
fn front(sheet: &mut Sheet, torso: &Torso, cloth: &Cloth, open: f32) {
    let mut steps = vec![Q(
        torso.neck.0 * 0.7,
        torso.throat - 150.0,
        torso.neck.0,
        torso.neck.1,
    )];
    steps.extend(torso.flank());
    let low = torso.hem_y + 14.0;
    if open > 0.0 {
        steps.extend([
            Q(torso.hem * 0.6, low, open + 44.0, low),
            C(open, low, 8.0, low - 80.0, 2.0, torso.throat + 130.0),
            L(0.0, torso.throat + 120.0),
        ]);
    } else {
        steps.push(Q(torso.hem * 0.5, low, 0.0, low));
    }
    let body = Shape::half((0.0, torso.throat), &steps);
    sheet.cloth(&body, cloth, &torso::creases(torso));
    let edge = Shape::open(
        (0.0, torso.throat),
        &[Q(10.0, torso.throat + 60.0, 8.0, torso.throat + 130.0)],
    );
    sheet.seam(&edge, cloth.colour.contrast(0.45));
}

/// Notched lapels that meet at `meeting`.
fn lapels(sheet: &mut Sheet, cloth: &Cloth, meeting: f32) {
    let lapel = Shape::closed(
        (58.0, 108.0),
        &[
            L(92.0, 196.0),
            L(114.0, 202.0),
            C(106.0, 270.0, 60.0, meeting - 60.0, 4.0, meeting + 8.0),
            L(-4.0, meeting - 6.0),
            C(30.0, meeting - 90.0, 40.0, 200.0, 40.0, 130.0),
        ],
    );
    sheet.cloth_both(&lapel, &cloth.turned(14.0), &[]);
    let collar = Shape::closed(
        (36.0, 82.0),
        &[
            C(62.0, 86.0, 78.0, 104.0, 88.0, 124.0),
            L(110.0, 168.0),
            L(88.0, 192.0),
            C(64.0, 168.0, 44.0, 140.0, 30.0, 108.0),
        ],
    );
    sheet.cloth_both(&collar, &cloth.turned(24.0), &[]);
    let nape = Shape::half(
        (0.0, 78.0),
        &[
            Q(26.0, 78.0, 44.0, 84.0),
            L(36.0, 112.0),
            Q(20.0, 106.0, 0.0, 106.0),
        ],
    );
    sheet.cloth(&nape, cloth, &[]);
}
