//! Heels, in pairs, seen from the side.
use super::shoes::pair;
use super::{Cut, Model};
use crate::engines::illustrate::canvas::Sheet;
use crate::engines::illustrate::cloth::{Cloth, Weave};
use crate::engines::illustrate::folds::fold;
use crate::engines::illustrate::palette::Rgb;
use crate::engines::illustrate::shapes::Shape;
use crate::engines::illustrate::shapes::Step::{C, L, Q};

/// Heels: pumps.
pub(super) fn heels(sheet: &mut Sheet, model: &Model) {
    pair(sheet, (44.0, -276.0), |sheet| pump(sheet, model));
}

fn pump(sheet: &mut Sheet, model: &Model) {
    let hide = model.cloth.woven(Weave::Leather);
    let is_thin = model.cut == Cut::Fitted;
    let thick = if is_thin { 12.0 } else { 44.0 };
    let heel = Shape::closed(
        (-206.0, 360.0),
        &[
            C(-204.0, 420.0, -196.0, 470.0, -194.0, 530.0),
            L(-194.0 + thick, 530.0),
            C(-180.0 + thick, 460.0, -150.0, 420.0, -128.0, 400.0),
        ],
    );
    sheet.cloth(&heel, &hide.unprinted().dyed(hide.colour.darker(0.22)), &[]);
    let inner = Shape::closed(
        (-204.0, 316.0),
        &[
            Q(-186.0, 292.0, -164.0, 320.0),
            C(-90.0, 380.0, 20.0, 440.0, 92.0, 440.0),
            L(120.0, 490.0),
            L(20.0, 480.0),
            L(-60.0, 425.0),
            L(-204.0, 340.0),
        ],
    );
    sheet.cloth(
        &inner,
        &Cloth::plain(Rgb(222, 196, 164), Weave::Leather),
        &[],
    );
    let upper = pump_upper();
    sheet.cloth(
        &upper,
        &hide,
        &[
            fold((-120.0, 380.0), (60.0, 500.0), 16.0, -0.16),
            fold((120.0, 470.0), (210.0, 500.0), 12.0, -0.16),
        ],
    );
    let sole = Shape::open(
        (-100.0, 412.0),
        &[C(-50.0, 440.0, 20.0, 524.0, 110.0, 529.0), L(222.0, 529.0)],
    );
    sheet.cloth(
        &sole.stroked(7.0),
        &Cloth::plain(Rgb(52, 38, 34), Weave::Rubber),
        &[],
    );
    if !is_thin {
        let strap = Shape::open(
            (-176.0, 318.0),
            &[C(-120.0, 250.0, -40.0, 280.0, -30.0, 416.0)],
        );
        sheet.cloth(&strap.stroked(15.0), &hide, &[]);
        sheet.button((-34.0, 380.0), 8.0, Rgb(214, 190, 130));
    }
}

/// The leather of a pump.
fn pump_upper() -> Shape {
    Shape::closed(
        (-206.0, 312.0),
        &[
            Q(-218.0, 360.0, -206.0, 392.0),
            C(-150.0, 392.0, -100.0, 410.0, -50.0, 452.0),
            C(0.0, 500.0, 50.0, 524.0, 110.0, 526.0),
            L(214.0, 526.0),
            C(250.0, 520.0, 236.0, 486.0, 190.0, 468.0),
            C(160.0, 456.0, 130.0, 446.0, 98.0, 438.0),
            C(60.0, 462.0, 0.0, 450.0, -60.0, 406.0),
            C(-100.0, 380.0, -140.0, 350.0, -164.0, 316.0),
            Q(-186.0, 288.0, -206.0, 312.0),
        ],
    )
}
