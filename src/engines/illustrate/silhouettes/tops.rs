//! T-shirts, polos, shirts and blouses.
use super::torso::{self, SleeveEnd, Torso};
use super::{Cut, Model};
use crate::engines::illustrate::canvas::Sheet;
use crate::engines::illustrate::cloth::{Cloth, Weave};
use crate::engines::illustrate::folds::fold;
use crate::engines::illustrate::palette::Rgb;
use crate::engines::illustrate::patterns;
use crate::engines::illustrate::shapes::Step::{C, L, Q};
use crate::engines::illustrate::shapes::{Point, Shape};

/// T-shirts and bodysuits.
pub(super) fn t_shirt(sheet: &mut Sheet, model: &Model) {
    let base = if model.cut == Cut::Fitted {
        Torso::fitted()
    } else {
        Torso::regular()
    };
    let is_pointed = model.cut == Cut::VNeck;
    let torso = Torso {
        throat: if is_pointed { 214.0 } else { base.throat },
        is_pointed,
        ..base
    };
    plain_top(sheet, model, &torso);
    torso_hem(sheet, &torso, &model.cloth);
    print_on_chest(sheet, model, (0.0, 352.0));
}

/// Tops without sleeves.
pub(super) fn tank_top(sheet: &mut Sheet, model: &Model) {
    let torso = Torso {
        neck: (62.0, 116.0),
        throat: 214.0,
        shoulder: (104.0, 124.0),
        chest: 138.0,
        ..Torso::fitted()
    };
    sheet.cloth(&torso.back(), &model.cloth.inside(), &[]);
    sheet.cloth(&torso.body(), &model.cloth, &torso::creases(&torso));
    let edge = model.cloth.unprinted();
    sheet.cloth_within(&torso.neckline().stroked(20.0), &torso.body(), &edge, &[]);
    torso_hem(sheet, &torso, &model.cloth);
    print_on_chest(sheet, model, (0.0, 370.0));
}

/// Polo shirts.
pub(super) fn polo(sheet: &mut Sheet, model: &Model) {
    let torso = Torso {
        throat: 176.0,
        ..Torso::regular()
    };
    let trim = model.cloth.unprinted();
    if let Some(end) = SleeveEnd::of(model.sleeve) {
        torso::sleeves(sheet, &torso, end, &model.cloth);
        sheet.cloth_both(
            &end.cuff(20.0, 1.5),
            &trim.woven(Weave::Rib).turned(end.turn),
            &[],
        );
    }
    torso::collar_stand(sheet, &torso, &trim);
    sheet.cloth(&torso.body(), &model.cloth, &torso::creases(&torso));
    let placket = Shape::bar((-17.0, 168.0), (17.0, 312.0));
    sheet.cloth_within(&placket, &torso.body(), &trim, &[]);
    for y in [206.0, 248.0, 290.0] {
        sheet.button((0.0, y), 6.5, model.buttons());
    }
    torso::collar(sheet, &torso, &trim.woven(Weave::Rib), 6.0);
    torso_hem(sheet, &torso, &model.cloth);
}

/// Shirts that button in front.
pub(super) fn shirt(sheet: &mut Sheet, model: &Model) {
    let torso = Torso {
        throat: 170.0,
        hem: 148.0,
        hem_y: 690.0,
        ..Torso::regular()
    };
    let line = model.cloth.colour.contrast(0.32);
    if let Some(end) = SleeveEnd::of(model.sleeve) {
        torso::sleeves(sheet, &torso, end, &model.cloth);
        let cuff = if model.sleeve == "short" { 22.0 } else { 62.0 };
        sheet.cloth_both(&end.cuff(cuff, 2.0), &model.cloth.turned(end.turn), &[]);
        if model.sleeve != "short" {
            for side in [-1.0, 1.0] {
                sheet.button(
                    (side * (end.inner.0 + 13.0), end.inner.1 - 30.0),
                    5.5,
                    model.buttons(),
                );
            }
        }
    }
    torso::collar_stand(sheet, &torso, &model.cloth.unprinted());
    sheet.cloth(&curved_hem(&torso), &model.cloth, &torso::creases(&torso));
    sheet.cloth_within(
        &Shape::bar((-19.0, 160.0), (19.0, 760.0)),
        &curved_hem(&torso),
        &model.cloth,
        &[],
    );
    for row in 0..6 {
        sheet.button((0.0, 222.0 + row as f32 * 84.0), 7.0, model.buttons());
    }
    pocket(sheet, &model.cloth, (84.0, 300.0));
    torso::collar(sheet, &torso, &model.cloth, 18.0);
    sheet.button((0.0, 180.0), 6.5, model.buttons());
    let yoke = Shape::open(
        (torso.neck.0 + 30.0, 142.0),
        &[Q(112.0, 168.0, 148.0, 190.0)],
    );
    sheet.seam_both(&yoke, line);
}

/// Blouses: soft, with a bow at the neck or a pointed opening.
pub(super) fn blouse(sheet: &mut Sheet, model: &Model) {
    let torso = Torso {
        throat: 226.0,
        is_pointed: true,
        waist: 122.0,
        hem: 146.0,
        hem_y: 640.0,
        ..Torso::fitted()
    };
    if let Some(end) = SleeveEnd::of(model.sleeve) {
        let wide = SleeveEnd {
            outer: (end.outer.0 + 14.0, end.outer.1 - 24.0),
            inner: (end.inner.0 - 12.0, end.inner.1 - 20.0),
            ..end
        };
        torso::sleeves(sheet, &torso, wide, &model.cloth);
        sheet.cloth_both(&end.cuff(34.0, -2.0), &model.cloth.turned(end.turn), &[]);
    }
    sheet.cloth(&torso.back(), &model.cloth.inside(), &[]);
    let mut folds = torso::creases(&torso);
    for x in [-84.0, -46.0, 44.0, 82.0] {
        folds.push(fold((x * 0.9, 190.0), (x * 1.1, 400.0), 9.0, 0.13));
    }
    sheet.cloth(&torso.body(), &model.cloth, &folds);
    let bow = if model.cloth.pattern == "plain" {
        model.cloth
    } else {
        model.cloth.dyed(model.cloth.accent)
    };
    let frill = Shape::arch((0.0, 232.0), &[Q(36.0, 190.0, 70.0, 108.0)]);
    sheet.cloth(&frill.stroked(22.0), &bow, &[]);
    let knot = Shape::closed(
        (2.0, 240.0),
        &[
            C(40.0, 200.0, 84.0, 214.0, 78.0, 246.0),
            C(74.0, 272.0, 34.0, 268.0, 2.0, 244.0),
        ],
    );
    let tail = Shape::closed(
        (-2.0, 244.0),
        &[
            C(24.0, 290.0, 30.0, 330.0, 34.0, 388.0),
            L(62.0, 372.0),
            C(56.0, 320.0, 44.0, 280.0, 8.0, 240.0),
        ],
    );
    sheet.cloth_both(&tail, &bow, &[]);
    sheet.cloth_both(&knot, &bow, &[fold((10.0, 244.0), (60.0, 240.0), 7.0, 0.2)]);
    sheet.cloth(&Shape::oval((0.0, 244.0), 15.0, 17.0), &bow, &[]);
    torso_hem(sheet, &torso, &model.cloth);
}

/// Sleeves, back, body and a ribbed neck: everything that is pulled over the head.
pub(super) fn plain_top(sheet: &mut Sheet, model: &Model, torso: &Torso) {
    plain_sleeves(sheet, model, torso);
    sheet.cloth(&torso.back(), &model.cloth.inside(), &[]);
    sheet.cloth(&torso.body(), &model.cloth, &torso::creases(torso));
    let rib = model.cloth.unprinted().woven(Weave::Rib);
    let rib = if model.is_two_tone() {
        rib.dyed(model.cloth.accent)
    } else {
        rib
    };
    let width = if model.cloth.weave == Weave::Jersey {
        17.0
    } else {
        25.0
    };
    let whole = torso.body().with(&torso.back());
    sheet.cloth_within(&torso.neckline().stroked(width), &whole, &rib, &[]);
    let (nx, ny) = torso.neck;
    let nape = Shape::arch((0.0, ny + 12.0), &[Q(nx * 0.6, ny + 10.0, nx + 1.0, ny)]);
    sheet.cloth_within(&nape.stroked(width * 0.7), &whole, &rib, &[]);
}

/// Both sleeves and their ends.
pub(super) fn plain_sleeves(sheet: &mut Sheet, model: &Model, torso: &Torso) {
    let Some(end) = SleeveEnd::of(model.sleeve) else {
        return;
    };
    let cloth = if model.is_two_tone() {
        model.cloth.dyed(model.cloth.colour)
    } else {
        model.cloth
    };
    torso::sleeves(sheet, torso, end, &cloth);
    if model.cloth.weave == Weave::Jersey && model.sleeve != "long" {
        sheet.stitch_both(&end.ring(16.0), model.cloth.colour.contrast(0.35));
    } else {
        torso::ribbed_cuffs(sheet, end, &cloth);
    }
}

fn torso_hem(sheet: &mut Sheet, torso: &Torso, cloth: &Cloth) {
    sheet.stitch(&torso.hemline(18.0), cloth.colour.contrast(0.35));
}

/// The body of a shirt, whose hem rises at the sides.
fn curved_hem(torso: &Torso) -> Shape {
    let low = torso.hem_y;
    let mut steps = vec![C(
        torso.neck.0 * 0.55,
        torso.throat,
        torso.neck.0 * 0.92,
        torso.throat - 24.0,
        torso.neck.0,
        torso.neck.1,
    )];
    steps.extend(
        Torso {
            hem_y: low - 40.0,
            ..*torso
        }
        .flank(),
    );
    steps.push(C(
        torso.hem - 12.0,
        low + 4.0,
        torso.hem * 0.66,
        low + 28.0,
        0.0,
        low + 28.0,
    ));
    Shape::half((0.0, torso.throat), &steps)
}

fn pocket(sheet: &mut Sheet, cloth: &Cloth, (x, y): Point) {
    let patch = Shape::polygon(&[
        (x - 34.0, y),
        (x + 34.0, y),
        (x + 34.0, y + 70.0),
        (x, y + 84.0),
        (x - 34.0, y + 70.0),
    ]);
    sheet.cloth(&patch, cloth, &[]);
    sheet.seam(
        &Shape::line((x - 33.0, y + 15.0), (x + 33.0, y + 15.0)),
        cloth.colour.contrast(0.3),
    );
}

/// The picture or the word of a printed top.
pub(super) fn print_on_chest(sheet: &mut Sheet, model: &Model, at: Point) {
    if matches!(model.cloth.pattern, "graphic" | "lettering") {
        let print: Vec<(Shape, Rgb)> =
            patterns::placed(at, model.cloth.accent, model.cloth.pattern, model.variant);
        for (shape, colour) in print {
            sheet.spot(&shape, colour, 0.93);
        }
    }
}
