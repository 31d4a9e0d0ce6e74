//! One-piece garments.
use super::legs::Legs;
use super::skirts;
use super::torso::{self, SleeveEnd, Torso};
use super::{Cut, Model};
use crate::engines::illustrate::canvas::Sheet;
use crate::engines::illustrate::folds::fold;
use crate::engines::illustrate::palette::Rgb;
use crate::engines::illustrate::shapes::Shape;
use crate::engines::illustrate::shapes::Step::{C, L, Q};

/// Dresses: with a swinging skirt, or (fitted) narrow with thin straps.
pub(super) fn dress(sheet: &mut Sheet, model: &Model) {
    if model.cut == Cut::Fitted {
        return slip_dress(sheet, model);
    }
    let torso = bodice(model);
    let low = if model.cut == Cut::Long { 748.0 } else { 700.0 };
    let (hem, waist_y) = (if model.cut == Cut::Wide { 252.0 } else { 226.0 }, 384.0);
    upper(sheet, model, &torso);
    let mut folds = Vec::new();
    for wave in 0..7 {
        let at = (wave as f32 + 0.5) / 3.5 - 1.0;
        folds.push(fold(
            (at * 96.0, waist_y + 8.0),
            (at * hem, low + 20.0),
            16.0,
            if wave % 2 == 0 { 0.17 } else { 0.11 },
        ));
    }
    let skirt = skirts::flared(waist_y, 106.0, hem * 0.78, (hem, low));
    sheet.cloth(&skirt, &model.cloth, &folds);
    let belt = Shape::half(
        (0.0, waist_y - 10.0),
        &[
            Q(60.0, waist_y - 8.0, 107.0, waist_y - 14.0),
            L(109.0, waist_y + 8.0),
            Q(60.0, waist_y + 15.0, 0.0, waist_y + 14.0),
        ],
    );
    sheet.cloth(&belt, &model.cloth.unprinted(), &[]);
}

/// Jumpsuits.
pub(super) fn jumpsuit(sheet: &mut Sheet, model: &Model) {
    let torso = bodice(model);
    let legs = Legs {
        top: 350.0,
        waist: 106.0,
        hip: 132.0,
        crotch: 500.0,
        outer: 168.0,
        inner: 40.0,
        low: 748.0,
    };
    upper(sheet, model, &torso);
    let folds = [
        fold((-70.0, 420.0), (-108.0, 730.0), 18.0, 0.12),
        fold((74.0, 420.0), (106.0, 730.0), 18.0, 0.12),
        fold((6.0, 496.0), (100.0, 440.0), 9.0, 0.12),
        fold((-6.0, 496.0), (-100.0, 440.0), -9.0, 0.12),
    ];
    sheet.cloth(&legs.shape(), &model.cloth, &folds);
    sheet.seam(
        &Shape::line((0.0, 370.0), (0.0, 500.0)),
        model.cloth.colour.contrast(0.4),
    );
    let belt = Shape::half(
        (0.0, 344.0),
        &[
            Q(60.0, 346.0, 108.0, 340.0),
            L(110.0, 366.0),
            Q(60.0, 376.0, 0.0, 376.0),
        ],
    );
    sheet.cloth(&belt, &model.cloth.unprinted(), &[]);
    let tie = Shape::closed(
        (2.0, 362.0),
        &[
            C(20.0, 400.0, 26.0, 440.0, 24.0, 478.0),
            L(44.0, 470.0),
            C(42.0, 430.0, 34.0, 390.0, 10.0, 356.0),
        ],
    );
    sheet.cloth_both(&tie, &model.cloth.unprinted(), &[]);
    sheet.cloth(
        &Shape::oval((0.0, 360.0), 12.0, 14.0),
        &model.cloth.unprinted(),
        &[],
    );
}

fn bodice(model: &Model) -> Torso {
    let is_pointed = model.cut != Cut::Regular;
    let throat = if is_pointed { 218.0 } else { 176.0 };
    let shoulder = if model.sleeve == "none" {
        (112.0, 128.0)
    } else {
        (138.0, 146.0)
    };
    let chest = if model.sleeve == "none" { 112.0 } else { 122.0 };
    Torso {
        neck: (66.0, 112.0),
        throat,
        is_pointed,
        shoulder,
        chest,
        waist: 106.0,
        hem: 104.0,
        hem_y: 392.0,
    }
}

fn upper(sheet: &mut Sheet, model: &Model, torso: &Torso) {
    if let Some(end) = SleeveEnd::of(model.sleeve) {
        torso::sleeves(sheet, torso, end, &model.cloth);
        sheet.stitch_both(&end.ring(14.0), model.cloth.colour.contrast(0.3));
    }
    sheet.cloth(&torso.back(), &model.cloth.inside(), &[]);
    let folds = [
        fold((-112.0, 318.0), (-40.0, 380.0), 9.0, 0.12),
        fold((112.0, 318.0), (40.0, 380.0), -9.0, 0.12),
        fold((-46.0, 270.0), (-38.0, 386.0), 10.0, 0.10),
        fold((46.0, 270.0), (38.0, 386.0), -10.0, 0.10),
    ];
    sheet.cloth(&torso.body(), &model.cloth, &folds);
    sheet.cloth_within(
        &torso.neckline().stroked(16.0),
        &torso.body(),
        &model.cloth.unprinted(),
        &[],
    );
}

/// A narrow dress on thin straps.
fn slip_dress(sheet: &mut Sheet, model: &Model) {
    let strap = Shape::open(
        (72.0, 210.0),
        &[
            C(88.0, 130.0, 76.0, 84.0, 60.0, 88.0),
            C(46.0, 94.0, 56.0, 160.0, 66.0, 236.0),
        ],
    );
    let back = Shape::half(
        (0.0, 232.0),
        &[Q(60.0, 214.0, 96.0, 226.0), L(90.0, 290.0), L(0.0, 290.0)],
    );
    for side in [strap.clone(), strap.mirrored()] {
        sheet.cord(&side, model.cloth.colour, 8.0);
    }
    sheet.cloth(&back, &model.cloth.inside(), &[]);
    let body = Shape::half(
        (0.0, 252.0),
        &[
            Q(46.0, 222.0, 74.0, 196.0),
            Q(100.0, 214.0, 120.0, 262.0),
            C(116.0, 330.0, 96.0, 360.0, 98.0, 400.0),
            C(104.0, 470.0, 150.0, 500.0, 164.0, 738.0),
            Q(84.0, 756.0, 0.0, 754.0),
        ],
    );
    let folds = [
        fold((-84.0, 330.0), (30.0, 430.0), 14.0, 0.15),
        fold((88.0, 340.0), (-30.0, 452.0), 14.0, 0.13),
        fold((-50.0, 460.0), (-100.0, 740.0), 18.0, 0.15),
        fold((40.0, 480.0), (66.0, 746.0), 18.0, 0.13),
        fold((-6.0, 440.0), (-14.0, 720.0), 26.0, -0.12),
        fold((0.0, 258.0), (0.0, 330.0), 14.0, 0.10),
    ];
    sheet.cloth(&body, &model.cloth, &folds);
    let edge = Shape::arch((0.0, 258.0), &[Q(46.0, 228.0, 74.0, 202.0)]);
    sheet.stitch(&edge, model.cloth.colour.contrast(0.3));
    if model.cloth.pattern == "lace" {
        sheet.band(
            &Shape::arch((0.0, 748.0), &[Q(84.0, 750.0, 170.0, 732.0)]),
            Rgb(250, 248, 244),
            8.0,
        );
    }
}
