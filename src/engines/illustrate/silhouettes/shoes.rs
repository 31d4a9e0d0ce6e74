//! Shoes, in pairs, seen from the side with the toes to the right.
use super::{Cut, Model};
use crate::engines::illustrate::canvas::Sheet;
use crate::engines::illustrate::cloth::{Cloth, Weave};
use crate::engines::illustrate::folds::fold;
use crate::engines::illustrate::palette::Rgb;
use crate::engines::illustrate::shapes::Step::{C, L, Q};
use crate::engines::illustrate::shapes::{Point, Shape};

/// Lays one shoe behind the other; the back one is moved by `back` against the front one.
pub(super) fn pair(sheet: &mut Sheet, back: Point, shoe: impl Fn(&mut Sheet)) {
    sheet.moved((back.0 / 2.0, back.1 / 2.0), 1.12, &shoe);
    sheet.moved((-back.0 / 2.0, -back.1 / 2.0), 1.12, &shoe);
}

/// Sneakers.
pub(super) fn sneakers(sheet: &mut Sheet, model: &Model) {
    pair(sheet, (36.0, -262.0), |sheet| sneaker(sheet, model));
}

fn sneaker(sheet: &mut Sheet, model: &Model) {
    let upper = sneaker_upper();
    let cloth = model.cloth;
    let tongue = Shape::closed(
        (-60.0, 330.0),
        &[L(-18.0, 276.0), Q(2.0, 264.0, 18.0, 280.0), L(40.0, 340.0)],
    );
    sheet.cloth(&tongue, &cloth.unprinted(), &[]);
    let inner = Shape::closed(
        (-192.0, 312.0),
        &[
            Q(-170.0, 284.0, -146.0, 316.0),
            Q(-90.0, 330.0, 0.0, 290.0),
            L(0.0, 350.0),
            L(-190.0, 350.0),
        ],
    );
    sheet.cloth(&inner, &cloth.inside(), &[]);
    sheet.cloth(
        &upper,
        &cloth,
        &[
            fold((96.0, 384.0), (120.0, 452.0), 8.0, 0.12),
            fold((126.0, 390.0), (146.0, 446.0), 7.0, 0.10),
        ],
    );
    let toe = Shape::closed(
        (132.0, 470.0),
        &[
            Q(136.0, 412.0, 176.0, 392.0),
            C(226.0, 410.0, 238.0, 444.0, 214.0, 470.0),
        ],
    );
    sheet.cloth_within(&toe, &upper, &cloth.unprinted(), &[]);
    let heel = Shape::closed(
        (-220.0, 470.0),
        &[L(-220.0, 380.0), Q(-170.0, 388.0, -148.0, 470.0)],
    );
    let accent = cloth.accent;
    sheet.cloth_within(&heel, &upper, &cloth.dyed(accent), &[]);
    let stay = eyestay();
    sheet.cloth_within(&stay, &upper, &cloth.unprinted(), &[]);
    if cloth.pattern != "checked" {
        let flash = Shape::closed(
            (-128.0, 462.0),
            &[
                Q(-70.0, 402.0, -12.0, 386.0),
                L(12.0, 400.0),
                Q(-50.0, 420.0, -92.0, 464.0),
            ],
        );
        sheet.cloth_within(&flash, &upper, &cloth.dyed(accent), &[]);
    }
    sneaker_sole_and_laces(sheet, cloth.colour.lightness() > 0.85);
}

/// Sole and laces; on white shoes a little darker, so that they show.
fn sneaker_sole_and_laces(sheet: &mut Sheet, is_white: bool) {
    let rubber = if is_white {
        Rgb(238, 236, 230)
    } else {
        Rgb(246, 245, 241)
    };
    let sole = sneaker_sole();
    sheet.cloth(&sole, &Cloth::plain(rubber, Weave::Rubber), &[]);
    sheet.seam(
        &Shape::open((-214.0, 470.0), &[Q(0.0, 484.0, 236.0, 472.0)]),
        rubber.darker(0.25),
    );
    laces(
        sheet,
        &[(-20.0, 318.0), (8.0, 342.0), (38.0, 362.0), (70.0, 380.0)],
        if is_white {
            Rgb(226, 224, 218)
        } else {
            Rgb(248, 247, 243)
        },
    );
}

/// The strip that holds the laces.
fn eyestay() -> Shape {
    Shape::closed(
        (-54.0, 332.0),
        &[
            L(8.0, 297.0),
            C(50.0, 342.0, 90.0, 370.0, 128.0, 386.0),
            L(96.0, 412.0),
            C(48.0, 396.0, -10.0, 372.0, -54.0, 332.0),
        ],
    )
}

/// A thick foam sole.
fn sneaker_sole() -> Shape {
    Shape::closed(
        (-214.0, 448.0),
        &[
            Q(0.0, 464.0, 222.0, 452.0),
            Q(248.0, 470.0, 232.0, 498.0),
            Q(0.0, 508.0, -208.0, 500.0),
            Q(-232.0, 480.0, -214.0, 448.0),
        ],
    )
}

/// What the foot is in.
fn sneaker_upper() -> Shape {
    Shape::closed(
        (-196.0, 318.0),
        &[
            Q(-216.0, 400.0, -206.0, 466.0),
            L(214.0, 466.0),
            C(238.0, 440.0, 214.0, 404.0, 158.0, 392.0),
            C(110.0, 382.0, 62.0, 352.0, 8.0, 296.0),
            C(-40.0, 320.0, -100.0, 344.0, -146.0, 324.0),
            Q(-176.0, 290.0, -196.0, 318.0),
        ],
    )
}

/// Short laces across the instep, one at each place.
fn laces(sheet: &mut Sheet, places: &[Point], colour: Rgb) {
    for (x, y) in places {
        let lace = Shape::open(
            (x - 16.0, y + 16.0),
            &[Q(x + 4.0, y + 4.0, x + 20.0, y - 16.0)],
        );
        sheet.cord(&lace, colour, 8.5);
    }
}

/// Laced leather shoes, or (slip-on) loafers.
pub(super) fn dress_shoes(sheet: &mut Sheet, model: &Model) {
    pair(sheet, (36.0, -252.0), |sheet| dress_shoe(sheet, model));
}

fn dress_shoe(sheet: &mut Sheet, model: &Model) {
    let hide = model.cloth.woven(Weave::Leather);
    let line = hide.colour.contrast(0.5);
    let upper = dress_shoe_upper();
    let inner = Shape::closed(
        (-198.0, 332.0),
        &[
            Q(-176.0, 304.0, -152.0, 330.0),
            Q(-80.0, 340.0, 16.0, 316.0),
            L(20.0, 372.0),
            L(-196.0, 372.0),
        ],
    );
    sheet.cloth(
        &inner,
        &Cloth::plain(Rgb(196, 158, 116), Weave::Leather),
        &[],
    );
    let heel = Shape::polygon(&[
        (-212.0, 474.0),
        (-112.0, 478.0),
        (-116.0, 516.0),
        (-208.0, 516.0),
    ]);
    sheet.cloth(&heel, &Cloth::plain(Rgb(46, 36, 32), Weave::Rubber), &[]);
    let sole = dress_shoe_sole();
    sheet.cloth(&sole, &Cloth::plain(Rgb(58, 42, 34), Weave::Rubber), &[]);
    sheet.cloth(
        &upper,
        &hide,
        &[
            fold((92.0, 404.0), (112.0, 462.0), 9.0, 0.16),
            fold((-40.0, 390.0), (120.0, 430.0), 22.0, -0.10),
        ],
    );
    let counter = Shape::open((-130.0, 340.0), &[Q(-128.0, 420.0, -80.0, 476.0)]);
    if model.cut == Cut::SlipOn {
        penny_strap(sheet, &upper, &hide);
    } else {
        oxford_laces(sheet, &upper, &hide);
    }
    sheet.seam(&counter, line);
    sheet.seam(
        &Shape::open((-208.0, 462.0), &[L(60.0, 467.0), L(238.0, 468.0)]),
        line,
    );
}

/// The toe cap, the facing and the laces of an Oxford.
fn oxford_laces(sheet: &mut Sheet, upper: &Shape, hide: &Cloth) {
    let line = hide.colour.contrast(0.5);
    let cap = Shape::open((150.0, 402.0), &[Q(138.0, 440.0, 146.0, 480.0)]);
    sheet.seam(&cap, line);
    sheet.stitch(&cap.moved(7.0, 0.0), line);
    let facing = Shape::closed(
        (-62.0, 356.0),
        &[
            L(18.0, 324.0),
            C(50.0, 362.0, 78.0, 384.0, 104.0, 398.0),
            C(60.0, 420.0, -20.0, 410.0, -62.0, 356.0),
        ],
    );
    sheet.cloth_within(&facing, upper, hide, &[]);
    laces(
        sheet,
        &[(-6.0, 346.0), (22.0, 366.0), (50.0, 384.0)],
        hide.colour.darker(0.35),
    );
}

/// The apron and the slotted strap of a loafer.
fn penny_strap(sheet: &mut Sheet, upper: &Shape, hide: &Cloth) {
    let line = hide.colour.contrast(0.5);
    let apron = Shape::open((20.0, 396.0), &[C(70.0, 436.0, 150.0, 452.0, 214.0, 434.0)]);
    sheet.seam(&apron, line);
    let strap = Shape::closed(
        (-8.0, 342.0),
        &[
            L(44.0, 352.0),
            Q(30.0, 420.0, 8.0, 476.0),
            L(-56.0, 476.0),
            Q(-24.0, 420.0, -8.0, 342.0),
        ],
    );
    sheet.cloth_within(&strap, upper, hide, &[]);
    sheet.spot(
        &Shape::bar((-14.0, 394.0), (18.0, 404.0)),
        Rgb(30, 22, 20),
        0.7,
    );
}

/// A thin sole with an arch.
fn dress_shoe_sole() -> Shape {
    Shape::closed(
        (-214.0, 464.0),
        &[
            L(234.0, 470.0),
            Q(254.0, 480.0, 232.0, 490.0),
            Q(100.0, 500.0, 0.0, 486.0),
            Q(-60.0, 478.0, -114.0, 490.0),
            L(-212.0, 490.0),
        ],
    )
}

/// The leather of a low shoe.
fn dress_shoe_upper() -> Shape {
    Shape::closed(
        (-200.0, 336.0),
        &[
            Q(-222.0, 400.0, -208.0, 470.0),
            L(60.0, 474.0),
            L(226.0, 476.0),
            C(258.0, 464.0, 236.0, 424.0, 170.0, 412.0),
            C(112.0, 402.0, 62.0, 374.0, 18.0, 324.0),
            C(-30.0, 352.0, -110.0, 368.0, -156.0, 338.0),
            Q(-180.0, 312.0, -200.0, 336.0),
        ],
    )
}

/// Sandals.
pub(super) fn sandals(sheet: &mut Sheet, model: &Model) {
    for side in [-1.0, 1.0] {
        sandal(sheet, model, side);
    }
}

/// One sandal seen from above; `side` is 1 for the right foot.
fn sandal(sheet: &mut Sheet, model: &Model, side: f32) {
    let at = |x: f32, y: f32| (side * (x + 136.0), y);
    let flip = |shape: Shape| if side < 0.0 { shape.mirrored() } else { shape };
    let foot = |grow: f32| {
        let g = grow;
        flip(Shape::closed(
            (136.0, 108.0 - g),
            &[
                C(212.0 + g, 104.0 - g, 246.0 + g, 210.0, 226.0 + g, 330.0),
                C(208.0 + g, 430.0, 214.0 + g, 480.0, 212.0 + g, 560.0),
                C(210.0 + g, 672.0 + g, 84.0 - g, 676.0 + g, 80.0 - g, 566.0),
                C(76.0 - g, 460.0, 50.0 - g, 400.0, 46.0 - g, 280.0),
                C(44.0 - g, 170.0, 80.0, 110.0 - g, 136.0, 108.0 - g),
            ],
        ))
    };
    sheet.cloth(
        &foot(9.0),
        &Cloth::plain(Rgb(66, 52, 44), Weave::Rubber),
        &[],
    );
    let bed = Cloth::plain(Rgb(204, 170, 128), Weave::Leather);
    sheet.cloth(
        &foot(0.0),
        &bed,
        &[
            fold(at(0.0, 150.0), at(0.0, 320.0), 40.0, 0.10),
            fold(at(10.0, 480.0), at(10.0, 630.0), 36.0, 0.10),
        ],
    );
    let hide = model.cloth.woven(Weave::Leather);
    for (y, tall, left, right) in [(190.0, 62.0, 34.0, 250.0), (318.0, 62.0, 32.0, 244.0)] {
        let strap = flip(Shape::closed(
            (left, y + 14.0),
            &[
                Q(136.0, y - 26.0, right, y + 14.0),
                L(right - 6.0, y + 14.0 + tall),
                Q(136.0, y + tall - 22.0, left + 4.0, y + 14.0 + tall),
            ],
        ));
        sheet.cloth(
            &strap,
            &hide,
            &[fold(at(-70.0, y + 24.0), at(80.0, y + 24.0), 16.0, -0.12)],
        );
        let buckle = flip(Shape::bar((180.0, y + 2.0), (214.0, y + 52.0)).stroked(6.0));
        sheet.cloth(
            &buckle,
            &Cloth::plain(Rgb(206, 188, 140), Weave::Leather),
            &[],
        );
    }
    let ankle = flip(Shape::arch((0.0, 0.0), &[Q(52.0, 4.0, 74.0, 44.0)]).moved(146.0, 520.0));
    sheet.cloth(&ankle.stroked(30.0), &hide, &[]);
}
