//! Skirts, and what swings below a dress.
use super::{Cut, Model};
use crate::engines::illustrate::canvas::Sheet;
use crate::engines::illustrate::cloth::Weave;
use crate::engines::illustrate::folds::fold;
use crate::engines::illustrate::palette::Rgb;
use crate::engines::illustrate::shapes::Shape;
use crate::engines::illustrate::shapes::Step::{C, L, Q};

/// Skirts: straight, swinging or pleated.
pub(super) fn skirt(sheet: &mut Sheet, model: &Model) {
    let (hem, low) = [
        (Cut::Fitted, (146.0, 640.0)),
        (Cut::Short, (216.0, 540.0)),
        (Cut::Long, (232.0, 742.0)),
    ]
    .into_iter()
    .find(|(cut, _)| *cut == model.cut)
    .map_or((238.0, 660.0), |(_, measures)| measures);
    let top = 150.0;
    let hip = if model.cut == Cut::Fitted {
        168.0
    } else {
        hem * 0.80
    };
    let body = flared(top, 118.0, hip, (hem, low));
    let mut folds = Vec::new();
    let waves = if model.cut == Cut::Fitted { 2 } else { 7 };
    for wave in 0..waves {
        let at = (wave as f32 + 0.5) / waves as f32 * 2.0 - 1.0;
        let depth = if wave % 2 == 0 { 0.16 } else { 0.12 };
        folds.push(fold(
            (at * 104.0, top + 60.0),
            (at * hem * 0.98, low + 30.0),
            15.0,
            depth,
        ));
    }
    sheet.cloth(&body, &model.cloth, &folds);
    let line = model.cloth.colour.contrast(0.42);
    if model.cut == Cut::Pleated {
        for pleat in -6_i8..=6 {
            let at = f32::from(pleat) / 6.5;
            sheet.seam(
                &Shape::open(
                    (at * 116.0, top + 30.0),
                    &[Q(at * hip * 0.98, (top + low) / 2.0, at * hem, low + 30.0)],
                ),
                line,
            );
        }
    }
    if model.cloth.weave == Weave::Denim {
        denim_front(sheet, top, low);
    }
    let band = Shape::half(
        (0.0, top - 4.0),
        &[
            Q(70.0, top - 4.0, 119.0, top - 12.0),
            L(123.0, top + 26.0),
            Q(70.0, top + 34.0, 0.0, top + 34.0),
        ],
    );
    sheet.cloth(&band, &model.cloth.unprinted(), &[]);
}

/// The buttons of a denim skirt.
fn denim_front(sheet: &mut Sheet, top: f32, low: f32) {
    for row in 0..6 {
        sheet.button(
            (0.0, top + 60.0 + row as f32 * (low - top - 80.0) / 5.5),
            9.0,
            Rgb(196, 160, 110),
        );
    }
    sheet.stitch_both(
        &Shape::line((18.0, top + 36.0), (18.0, low + 20.0)),
        Rgb(206, 152, 84),
    );
}

/// A piece that widens from the waist to a wavy hem.
pub(super) fn flared(top: f32, waist: f32, hip: f32, (hem, low): (f32, f32)) -> Shape {
    let middle = top + (low - top) * 0.45;
    let lean = (hem - hip) / (low - middle) * 70.0;
    Shape::half(
        (0.0, top),
        &[
            Q(waist * 0.6, top, waist, top - 8.0),
            C(
                waist + 14.0,
                top + 46.0,
                hip - lean,
                middle - 70.0,
                hip,
                middle,
            ),
            Q((hip + hem) / 2.0, (middle + low) / 2.0, hem, low - 14.0),
            Q(hem * 0.90, low + 12.0, hem * 0.76, low + 2.0),
            Q(hem * 0.60, low - 6.0, hem * 0.46, low + 10.0),
            Q(hem * 0.26, low + 24.0, 0.0, low + 12.0),
        ],
    )
}
