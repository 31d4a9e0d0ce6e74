//! Jackets and vests.
use super::torso::{self, SleeveEnd, Torso};
use super::{Cut, Model};
use crate::engines::illustrate::canvas::Sheet;
use crate::engines::illustrate::cloth::{Cloth, Weave};
use crate::engines::illustrate::folds::fold;
use crate::engines::illustrate::palette::Rgb;
use crate::engines::illustrate::shapes::Shape;
use crate::engines::illustrate::shapes::Step::{C, L, Q};

/// Jackets: trucker, puffer, biker, or bomber.
pub(super) fn jacket(sheet: &mut Sheet, model: &Model) {
    if model.cut == Cut::Trucker {
        trucker(sheet, model);
    } else if model.cut == Cut::Puffer {
        puffer(sheet, model, true);
    } else if model.cut == Cut::Biker {
        biker(sheet, model);
    } else {
        bomber(sheet, model);
    }
}

/// Vests: padded, or knitted with a pointed neck.
pub(super) fn vest(sheet: &mut Sheet, model: &Model) {
    if model.cut != Cut::VNeck {
        return puffer(sheet, model, false);
    }
    let torso = Torso {
        throat: 270.0,
        is_pointed: true,
        shoulder: (126.0, 136.0),
        chest: 146.0,
        hem: 138.0,
        ..Torso::loose()
    };
    let rib = model.cloth.unprinted().woven(Weave::Rib);
    sheet.cloth(&torso.back(), &model.cloth.inside(), &[]);
    sheet.cloth(&torso.body(), &model.cloth, &torso::creases(&torso));
    let whole = torso.body().with(&torso.back());
    sheet.cloth_within(&torso.neckline().stroked(24.0), &whole, &rib, &[]);
    let armhole = Shape::open(
        (126.0, 132.0),
        &[C(112.0, 186.0, 130.0, 246.0, 150.0, 320.0)],
    );
    for armhole in [armhole.clone(), armhole.mirrored()] {
        sheet.cloth_within(&armhole.stroked(34.0), &torso.body(), &rib, &[]);
    }
    torso::ribbed_hem(sheet, &torso, &model.cloth, 44.0);
}

const SLEEVE: SleeveEnd = SleeveEnd {
    outer: (278.0, 616.0),
    inner: (216.0, 630.0),
    turn: -13.0,
};

fn trucker(sheet: &mut Sheet, model: &Model) {
    let torso = Torso {
        throat: 172.0,
        hem: 132.0,
        hem_y: 592.0,
        chest: 148.0,
        ..Torso::loose()
    };
    let cloth = model.cloth.unprinted().woven(Weave::Denim);
    let thread = Rgb(206, 152, 84);
    torso::sleeves(sheet, &torso, SLEEVE, &cloth);
    sheet.cloth_both(&SLEEVE.cuff(40.0, 2.0), &cloth.turned(-13.0), &[]);
    sheet.stitch_both(&SLEEVE.ring(34.0), thread);
    torso::collar_stand(sheet, &torso, &cloth);
    sheet.cloth(&torso.body(), &cloth, &torso::creases(&torso));
    let yoke = Shape::arch((0.0, 262.0), &[Q(70.0, 262.0, 150.0, 250.0)]);
    sheet.seam(&yoke, cloth.colour.darker(0.5));
    sheet.stitch(&yoke.moved(0.0, 6.0), thread);
    for x in [46.0, 110.0] {
        let dart = Shape::line((x + 6.0, 266.0), (x - 22.0, 604.0));
        sheet.seam_both(&dart, cloth.colour.darker(0.5));
        sheet.stitch_both(&dart.moved(-5.0, 0.0), thread);
    }
    let flap = Shape::polygon(&[
        (44.0, 256.0),
        (122.0, 252.0),
        (122.0, 282.0),
        (84.0, 300.0),
        (44.0, 284.0),
    ]);
    sheet.cloth_both(&flap, &cloth, &[]);
    sheet.cloth_within(
        &Shape::bar((-18.0, 160.0), (18.0, 640.0)),
        &torso.body(),
        &cloth,
        &[],
    );
    sheet.stitch(&Shape::line((-13.0, 170.0), (-13.0, 600.0)), thread);
    let band = Shape::half(
        (0.0, 588.0),
        &[
            Q(70.0, 588.0, 136.0, 576.0),
            L(136.0, 622.0),
            Q(70.0, 636.0, 0.0, 636.0),
        ],
    );
    sheet.cloth(&band, &cloth, &[]);
    sheet.stitch(
        &Shape::arch((0.0, 628.0), &[Q(70.0, 628.0, 140.0, 615.0)]),
        thread,
    );
    torso::collar(sheet, &torso, &cloth, 26.0);
    let copper = Rgb(196, 156, 108);
    for y in [222.0, 304.0, 386.0, 468.0, 550.0, 612.0] {
        sheet.button((0.0, y), 7.5, copper);
    }
    for side in [-1.0, 1.0] {
        sheet.button((side * 84.0, 284.0), 6.0, copper);
    }
}

fn bomber(sheet: &mut Sheet, model: &Model) {
    let torso = Torso {
        throat: 158.0,
        hem: 136.0,
        hem_y: 616.0,
        chest: 156.0,
        waist: 158.0,
        ..Torso::loose()
    };
    let trim = model.cloth.unprinted();
    let rib = trim.dyed(trim.colour.contrast(0.22)).woven(Weave::Rib);
    torso::sleeves(sheet, &torso, SLEEVE, &model.cloth);
    torso::ribbed_cuffs(sheet, SLEEVE, &rib);
    sheet.cloth(&torso.back(), &trim.inside(), &[]);
    sheet.cloth(&torso.body(), &model.cloth, &torso::creases(&torso));
    torso::ribbed_hem(sheet, &torso, &rib, 48.0);
    sheet.cloth(&torso.neckline().stroked(34.0), &rib, &[]);
    let nape = Shape::arch((0.0, 116.0), &[Q(40.0, 116.0, 66.0, 104.0)]);
    sheet.cloth(&nape.stroked(28.0), &rib, &[]);
    zip(sheet, (0.0, 150.0), 664.0);
    let pocket = Shape::polygon(&[(78.0, 468.0), (94.0, 460.0), (124.0, 560.0), (108.0, 568.0)]);
    sheet.cloth_both(&pocket, &trim, &[]);
    sheet.seam_both(
        &Shape::open((96.0, 132.0), &[Q(108.0, 230.0, 150.0, 310.0)]),
        trim.colour.contrast(0.4),
    );
}

/// A zip with its slider.
fn zip(sheet: &mut Sheet, (x, y): (f32, f32), low: f32) {
    sheet.band(&Shape::line((x, y), (x, low)), Rgb(52, 52, 56), 9.0);
    sheet.stitch(&Shape::line((x, y), (x, low)), Rgb(196, 198, 202));
    let pull = Shape::polygon(&[
        (x - 5.0, y + 14.0),
        (x + 5.0, y + 14.0),
        (x + 4.0, y + 42.0),
        (x - 4.0, y + 42.0),
    ]);
    sheet.cloth(
        &pull,
        &Cloth::plain(Rgb(190, 192, 196), Weave::Leather),
        &[],
    );
}

fn biker(sheet: &mut Sheet, model: &Model) {
    let torso = Torso {
        throat: 226.0,
        is_pointed: true,
        hem: 138.0,
        hem_y: 600.0,
        chest: 148.0,
        waist: 134.0,
        ..Torso::regular()
    };
    let hide = model.cloth.unprinted().woven(Weave::Leather);
    let (line, metal) = (hide.colour.contrast(0.5), Rgb(196, 198, 204));
    torso::sleeves(sheet, &torso, SLEEVE, &hide);
    sheet.seam_both(&SLEEVE.ring(60.0), metal);
    torso::collar_stand(sheet, &torso, &hide);
    sheet.cloth(&torso.body(), &hide, &torso::creases(&torso));
    for side in [-1.0, 1.0] {
        let panel = Shape::open(
            (side * 104.0, 140.0),
            &[Q(side * 96.0, 300.0, side * 112.0, 600.0)],
        );
        sheet.seam(&panel, line);
        sheet.band(
            &Shape::line((side * 66.0, 470.0), (side * 118.0, 430.0)),
            metal,
            5.0,
        );
    }
    sheet.band(
        &Shape::open((-40.0, 270.0), &[Q(-18.0, 450.0, 14.0, 620.0)]),
        Rgb(46, 46, 50),
        11.0,
    );
    sheet.stitch(
        &Shape::open((-40.0, 270.0), &[Q(-18.0, 450.0, 14.0, 620.0)]),
        metal,
    );
    let lapel = biker_lapel();
    sheet.cloth_both(&lapel, &hide, &[]);
    let collar = biker_collar();
    sheet.cloth_both(&collar, &hide, &[]);
    for side in [-1.0, 1.0] {
        sheet.spot(&Shape::oval((side * 106.0, 206.0), 4.0, 4.0), metal, 1.0);
        sheet.spot(&Shape::oval((side * 94.0, 176.0), 3.6, 3.6), metal, 1.0);
    }
    let belt = Shape::half(
        (0.0, 588.0),
        &[
            Q(70.0, 588.0, 140.0, 578.0),
            L(141.0, 610.0),
            Q(70.0, 622.0, 0.0, 622.0),
        ],
    );
    sheet.cloth(&belt, &hide, &[]);
    sheet.cloth(
        &Shape::bar((-22.0, 584.0), (22.0, 626.0)).stroked(7.0),
        &Cloth::plain(metal, Weave::Leather),
        &[],
    );
}

/// The collar above the lapel.
fn biker_collar() -> Shape {
    Shape::closed(
        (44.0, 86.0),
        &[
            C(70.0, 94.0, 84.0, 110.0, 92.0, 130.0),
            L(112.0, 178.0),
            L(90.0, 196.0),
            C(66.0, 170.0, 48.0, 140.0, 36.0, 112.0),
        ],
    )
}

/// A wide lapel, snapped down.
fn biker_lapel() -> Shape {
    Shape::closed(
        (56.0, 110.0),
        &[
            L(96.0, 196.0),
            L(122.0, 214.0),
            C(112.0, 262.0, 70.0, 280.0, 2.0, 316.0),
            L(-6.0, 250.0),
            C(30.0, 210.0, 46.0, 160.0, 56.0, 110.0),
        ],
    )
}

/// Padded jackets and vests: the body is a stack of stuffed tubes.
fn puffer(sheet: &mut Sheet, model: &Model, has_sleeves: bool) {
    let shoulder = if has_sleeves {
        (166.0, 156.0)
    } else {
        (134.0, 140.0)
    };
    let torso = Torso {
        neck: (66.0, 126.0),
        throat: 140.0,
        shoulder,
        chest: 162.0,
        waist: 160.0,
        hem: 158.0,
        hem_y: 662.0,
        ..Torso::loose()
    };
    let cloth = model.cloth.woven(Weave::Leather);
    if has_sleeves {
        puffer_sleeves(sheet, &torso, &cloth);
    }
    let body = torso.body();
    for row in (0..8).rev() {
        let y = 110.0 + row as f32 * 72.0;
        let tube = Shape::half(
            (0.0, y - 8.0),
            &[
                Q(90.0, y - 8.0, 220.0, y - 2.0),
                L(220.0, y + 76.0),
                Q(90.0, y + 66.0, 0.0, y + 66.0),
            ],
        );
        let creases: Vec<_> = [-122.0, -66.0, -30.0, 40.0, 84.0, 128.0]
            .iter()
            .map(|x| x + (row % 3) as f32 * 17.0 - 14.0)
            .map(|x| fold((x, y - 12.0), (x * 1.06, y + 44.0), 5.0, 0.09))
            .collect();
        sheet.cloth_within(&body, &tube, &cloth, &creases);
    }
    let stand = Shape::half(
        (0.0, 70.0),
        &[
            Q(50.0, 68.0, 76.0, 78.0),
            C(90.0, 100.0, 90.0, 136.0, 82.0, 160.0),
            Q(40.0, 176.0, 0.0, 176.0),
        ],
    );
    sheet.cloth(&stand, &cloth.unprinted(), &[]);
    sheet.seam(
        &Shape::arch((0.0, 120.0), &[Q(50.0, 120.0, 92.0, 114.0)]),
        cloth.colour.contrast(0.4),
    );
    zip(sheet, (0.0, 74.0), 674.0);
}

/// Sleeves of stuffed tubes.
fn puffer_sleeves(sheet: &mut Sheet, torso: &Torso, cloth: &Cloth) {
    let sleeve = torso.sleeve(SLEEVE);
    for row in (0..8).rev() {
        let y = 120.0 + row as f32 * 68.0;
        let tube = Shape::polygon(&[
            (90.0, y + 20.0),
            (300.0, y - 36.0),
            (310.0, y + 40.0),
            (100.0, y + 96.0),
        ]);
        let creases = [fold((130.0, y + 64.0), (260.0, y + 26.0), 8.0, 0.12)];
        for side in [false, true] {
            let (sleeve, tube) = if side {
                (sleeve.mirrored(), tube.mirrored())
            } else {
                (sleeve.clone(), tube.clone())
            };
            sheet.cloth_within(&sleeve, &tube, cloth, if side { &[] } else { &creases });
        }
    }
    sheet.cloth_both(
        &SLEEVE.cuff(26.0, 0.0),
        &cloth.unprinted().woven(Weave::Rib).turned(-13.0),
        &[],
    );
}
