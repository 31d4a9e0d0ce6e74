//! Small things: socks, gloves, ties, belts, sunglasses.
use super::Model;
use crate::engines::illustrate::canvas::Sheet;
use crate::engines::illustrate::cloth::{Cloth, Weave};
use crate::engines::illustrate::folds::fold;
use crate::engines::illustrate::palette::Rgb;
use crate::engines::illustrate::shapes::Shape;
use crate::engines::illustrate::shapes::Step::{C, L, Q};

/// A pair of socks.
pub(super) fn socks(sheet: &mut Sheet, model: &Model) {
    for by in [(46.0, -30.0), (-66.0, 30.0)] {
        sheet.moved(by, 1.0, |sheet| {
            let leg = Shape::closed(
                (-120.0, 150.0),
                &[
                    L(30.0, 150.0),
                    C(26.0, 300.0, 30.0, 380.0, 44.0, 440.0),
                    C(80.0, 520.0, 190.0, 540.0, 200.0, 600.0),
                    C(204.0, 660.0, 120.0, 664.0, 60.0, 640.0),
                    C(-60.0, 610.0, -130.0, 580.0, -132.0, 500.0),
                    C(-132.0, 400.0, -116.0, 300.0, -120.0, 150.0),
                ],
            );
            sheet.cloth(
                &leg,
                &model.cloth,
                &[
                    fold((40.0, 450.0), (-70.0, 470.0), 12.0, 0.14),
                    fold((-40.0, 220.0), (-50.0, 440.0), 18.0, 0.08),
                ],
            );
            let toe = Shape::closed(
                (120.0, 700.0),
                &[
                    Q(110.0, 580.0, 140.0, 500.0),
                    L(240.0, 520.0),
                    L(240.0, 700.0),
                ],
            );
            let trim = model.cloth.dyed(model.cloth.accent);
            sheet.cloth_within(&leg, &toe, &trim, &[]);
            let heel = Shape::oval((-132.0, 540.0), 74.0, 84.0);
            sheet.cloth_within(&leg, &heel, &trim, &[]);
            sheet.cloth(
                &Shape::bar((-124.0, 144.0), (34.0, 206.0)),
                &trim.woven(Weave::Rib),
                &[],
            );
        });
    }
}

/// A pair of gloves.
pub(super) fn gloves(sheet: &mut Sheet, model: &Model) {
    let mut fingers = vec![L(64.0, 570.0), C(56.0, 500.0, 40.0, 440.0, 46.0, 370.0)];
    for (x, tip) in [(46.0, 250.0), (92.0, 206.0), (138.0, 214.0), (184.0, 270.0)] {
        fingers.extend([
            L(x, tip + 22.0),
            C(x, tip - 6.0, x + 40.0, tip - 6.0, x + 41.0, tip + 22.0),
            L(x + 42.0, 372.0),
            L(x + 46.0, 372.0),
        ]);
    }
    fingers.extend([C(236.0, 470.0, 226.0, 520.0, 212.0, 570.0)]);
    let thumb = Shape::closed(
        (70.0, 540.0),
        &[
            C(40.0, 500.0, 6.0, 450.0, 14.0, 408.0),
            C(20.0, 384.0, 48.0, 388.0, 54.0, 412.0),
            C(62.0, 440.0, 90.0, 470.0, 110.0, 500.0),
        ],
    );
    sheet.cloth_both(&thumb, &model.cloth, &[]);
    let hand = Shape::closed((64.0, 570.0), &fingers);
    sheet.cloth_both(
        &hand,
        &model.cloth,
        &[fold((90.0, 420.0), (120.0, 550.0), 16.0, 0.10)],
    );
    sheet.cloth_both(
        &Shape::bar((62.0, 562.0), (214.0, 668.0)),
        &model.cloth.unprinted().woven(Weave::Rib),
        &[],
    );
}

/// A tie, laid straight.
pub(super) fn tie(sheet: &mut Sheet, model: &Model) {
    sheet.moved((0.0, 0.0), 1.06, |sheet| {
        let tail = Shape::polygon(&[
            (10.0, 170.0),
            (80.0, 600.0),
            (130.0, 640.0),
            (150.0, 584.0),
            (60.0, 170.0),
        ]);
        sheet.cloth(&tail, &model.cloth.turned(-42.0), &[]);
        let blade = Shape::half(
            (0.0, 150.0),
            &[
                L(34.0, 150.0),
                C(44.0, 330.0, 84.0, 500.0, 112.0, 640.0),
                L(0.0, 744.0),
            ],
        );
        sheet.cloth(
            &blade,
            &model.cloth.turned(-38.0),
            &[fold((-10.0, 190.0), (-20.0, 460.0), 16.0, 0.12)],
        );
        let collar = Shape::arch((0.0, 70.0), &[C(100.0, 60.0, 170.0, 110.0, 60.0, 150.0)]);
        sheet.cloth(&collar.stroked(44.0), &model.cloth.turned(60.0), &[]);
        let knot = Shape::half(
            (0.0, 116.0),
            &[
                Q(40.0, 114.0, 60.0, 122.0),
                L(38.0, 206.0),
                Q(18.0, 214.0, 0.0, 214.0),
            ],
        );
        sheet.cloth(&knot, &model.cloth.turned(38.0), &[]);
    });
}

/// A belt, rolled up.
pub(super) fn belt(sheet: &mut Sheet, model: &Model) {
    let hide = model.cloth.woven(Weave::Leather);
    for radius in [226.0, 176.0, 126.0] {
        sheet.cloth(
            &Shape::oval((0.0, 400.0), radius, radius * 0.92).stroked(44.0),
            &hide,
            &[],
        );
    }
    let tongue = Shape::closed(
        (-20.0, 168.0),
        &[
            L(190.0, 176.0),
            Q(240.0, 200.0, 236.0, 236.0),
            L(-20.0, 224.0),
        ],
    );
    sheet.cloth(&tongue, &hide, &[]);
    for x in [30.0, 80.0, 130.0] {
        sheet.spot(&Shape::oval((x, 200.0), 5.0, 5.0), Rgb(30, 24, 22), 0.9);
    }
    let buckle = Shape::bar((-92.0, 150.0), (-6.0, 246.0)).stroked(15.0);
    sheet.cloth(
        &buckle,
        &Cloth::plain(Rgb(206, 200, 186), Weave::Leather),
        &[],
    );
}

/// Sunglasses.
pub(super) fn sunglasses(sheet: &mut Sheet, model: &Model) {
    let frame = model.cloth.woven(Weave::Leather);
    let temple = Shape::open(
        (262.0, 330.0),
        &[C(250.0, 250.0, 200.0, 220.0, 90.0, 214.0)],
    );
    sheet.cloth_both(&temple.stroked(20.0), &frame, &[]);
    let rim = Shape::closed(
        (30.0, 320.0),
        &[
            C(100.0, 296.0, 230.0, 296.0, 276.0, 318.0),
            C(286.0, 430.0, 240.0, 520.0, 156.0, 520.0),
            C(74.0, 520.0, 34.0, 450.0, 30.0, 320.0),
        ],
    );
    sheet.cloth_both(&rim, &frame, &[]);
    let lens = Shape::closed(
        (54.0, 340.0),
        &[
            C(110.0, 322.0, 210.0, 322.0, 254.0, 338.0),
            C(258.0, 420.0, 226.0, 496.0, 156.0, 496.0),
            C(90.0, 496.0, 58.0, 440.0, 54.0, 340.0),
        ],
    );
    let glass = Cloth::plain(Rgb(64, 66, 74), Weave::Leather);
    sheet.cloth_both(
        &lens,
        &glass,
        &[fold((84.0, 360.0), (180.0, 470.0), 26.0, -0.22)],
    );
    let bridge = Shape::arch((0.0, 330.0), &[Q(20.0, 330.0, 38.0, 352.0)]);
    sheet.cloth(&bridge.stroked(22.0), &frame, &[]);
}
