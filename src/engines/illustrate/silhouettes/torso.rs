//! What everything worn on the upper body shares: the body, its neckline, the sleeves.
use crate::engines::illustrate::canvas::Sheet;
use crate::engines::illustrate::cloth::{Cloth, Weave};
use crate::engines::illustrate::folds::{Fold, fold};
use crate::engines::illustrate::shapes::Step::{C, L, Q};
use crate::engines::illustrate::shapes::{Point, Shape, Step};

/// The measures of the right half of an upper body.
#[derive(Debug, Clone, Copy)]
pub(super) struct Torso {
    /// Where the neckline meets the shoulder.
    pub(super) neck: Point,
    /// How low the neckline hangs in front.
    pub(super) throat: f32,
    /// Whether the neckline is pointed.
    pub(super) is_pointed: bool,
    /// The tip of the shoulder.
    pub(super) shoulder: Point,
    /// Half widths.
    pub(super) chest: f32,
    pub(super) waist: f32,
    pub(super) hem: f32,
    /// How low the garment reaches.
    pub(super) hem_y: f32,
}

impl Torso {
    /// The measures of a T-shirt.
    pub(super) const fn regular() -> Self {
        Self {
            neck: (64.0, 112.0),
            throat: 164.0,
            is_pointed: false,
            shoulder: (156.0, 148.0),
            chest: 142.0,
            waist: 138.0,
            hem: 144.0,
            hem_y: 690.0,
        }
    }

    /// Wide and a little short, as knitwear lies.
    pub(super) const fn loose() -> Self {
        Self {
            shoulder: (162.0, 154.0),
            chest: 152.0,
            waist: 150.0,
            hem: 140.0,
            hem_y: 650.0,
            ..Self::regular()
        }
    }

    /// Cut to the figure.
    pub(super) const fn fitted() -> Self {
        Self {
            shoulder: (142.0, 146.0),
            chest: 130.0,
            waist: 112.0,
            hem: 132.0,
            hem_y: 660.0,
            ..Self::regular()
        }
    }

    /// The front piece.
    pub(super) fn body(&self) -> Shape {
        let (nx, ny) = self.neck;
        let neckline = if self.is_pointed {
            Q(nx * 0.66, self.throat - 30.0, nx, ny)
        } else {
            C(
                nx * 0.55,
                self.throat,
                nx * 0.92,
                self.throat - 24.0,
                nx,
                ny,
            )
        };
        let mut steps = vec![neckline];
        steps.extend(self.flank());
        steps.push(Q(self.hem * 0.5, self.hem_y + 12.0, 0.0, self.hem_y + 12.0));
        Shape::half((0.0, self.throat), &steps)
    }

    /// From the neck over the shoulder and down the side to the hem.
    pub(super) fn flank(&self) -> Vec<Step> {
        let ((sx, sy), (chest, waist, hem, low)) = (
            self.shoulder,
            (self.chest, self.waist, self.hem, self.hem_y),
        );
        let middle = 318.0 + (low - 318.0) * 0.45;
        vec![
            Q(self.neck.0 + 42.0, self.neck.1 + 16.0, sx, sy),
            C(sx - 16.0, sy + 50.0, chest - 12.0, sy + 110.0, chest, 318.0),
            C(chest - 2.0, 380.0, waist, middle - 70.0, waist, middle),
            C(waist, middle + 60.0, hem, low - 90.0, hem, low),
        ]
    }

    /// The inside of the back, seen through the neck.
    pub(super) fn back(&self) -> Shape {
        let (nx, ny) = self.neck;
        Shape::half(
            (0.0, ny + 12.0),
            &[
                Q(nx * 0.6, ny + 10.0, nx + 1.0, ny - 2.0),
                L(nx + 4.0, ny + 20.0),
                Q(nx, self.throat, 0.0, self.throat + 14.0),
            ],
        )
    }

    /// The line of the neck from shoulder to shoulder.
    pub(super) fn neckline(&self) -> Shape {
        let (nx, ny) = self.neck;
        let curve = if self.is_pointed {
            Q(nx * 0.66, self.throat - 30.0, nx, ny)
        } else {
            C(
                nx * 0.55,
                self.throat,
                nx * 0.92,
                self.throat - 24.0,
                nx,
                ny,
            )
        };
        Shape::arch((0.0, self.throat), &[curve])
    }

    /// A line along the hem, `up` pixels above it.
    pub(super) fn hemline(&self, up: f32) -> Shape {
        Shape::arch(
            (0.0, self.hem_y + 12.0 - up),
            &[Q(
                self.hem * 0.5,
                self.hem_y + 12.0 - up,
                self.hem + 6.0,
                self.hem_y - up,
            )],
        )
    }

    /// The right sleeve.
    pub(super) fn sleeve(&self, end: SleeveEnd) -> Shape {
        let ((sx, sy), (ox, oy), (ix, iy)) = (self.shoulder, end.outer, end.inner);
        let long = ((oy - 300.0) / 340.0).clamp(0.0, 1.0);
        Shape::closed(
            (sx - 40.0, sy - 12.0),
            &[
                L(sx - 4.0, sy - 1.0),
                C(
                    sx + 34.0,
                    sy + 16.0,
                    ox - 18.0 - 12.0 * long,
                    sy + 60.0 + 60.0 * long,
                    ox,
                    oy,
                ),
                Q((ox + ix) / 2.0 + 3.0, (oy + iy) / 2.0 + 7.0, ix, iy),
                C(
                    ix - 12.0 - 8.0 * long,
                    iy - 40.0 - 120.0 * long,
                    self.chest + 14.0,
                    340.0 + 30.0 * long,
                    self.chest - 20.0,
                    318.0,
                ),
            ],
        )
    }
}

/// Where a right sleeve ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct SleeveEnd {
    pub(super) outer: Point,
    pub(super) inner: Point,
    /// How far the cloth turns with the arm.
    pub(super) turn: f32,
}

impl SleeveEnd {
    /// The end of a sleeve by the word of its length; `None` when there is no sleeve.
    pub(super) fn of(word: &str) -> Option<Self> {
        match word {
            "short" => Some(Self {
                outer: (252.0, 306.0),
                inner: (180.0, 350.0),
                turn: -31.0,
            }),
            "three-quarter" => Some(Self {
                outer: (268.0, 482.0),
                inner: (206.0, 502.0),
                turn: -17.0,
            }),
            "long" => Some(Self {
                outer: (276.0, 634.0),
                inner: (220.0, 648.0),
                turn: -13.0,
            }),
            _ => None,
        }
    }

    /// The last `length` pixels of the sleeve, as a band of the given extra width.
    pub(super) fn cuff(self, length: f32, extra: f32) -> Shape {
        let ((ox, oy), (ix, iy)) = (self.outer, self.inner);
        let (dx, dy) = ((ox - ix), (oy - iy));
        let size = dx.hypot(dy).max(1.0);
        let (ux, uy) = (dx / size, dy / size);
        let (down_x, down_y) = (-uy * length, ux * length);
        let (o, i) = (
            (ox + ux * extra, oy + uy * extra),
            (ix - ux * extra, iy - uy * extra),
        );
        Shape::polygon(&[
            (o.0 - down_x, o.1 - down_y),
            o,
            i,
            (i.0 - down_x, i.1 - down_y),
        ])
    }

    /// A line across the sleeve, `up` pixels above its end.
    pub(super) fn ring(self, up: f32) -> Shape {
        let ((ox, oy), (ix, iy)) = (self.outer, self.inner);
        let (dx, dy) = ((ox - ix), (oy - iy));
        let size = dx.hypot(dy).max(1.0);
        let (rise_x, rise_y) = (dy / size * up, -dx / size * up);
        Shape::line(
            (ix - dx * 0.2 + rise_x, iy - dy * 0.2 + rise_y),
            (ox + dx * 0.2 + rise_x, oy + dy * 0.2 + rise_y),
        )
    }
}

/// Draws both sleeves with their creases.
pub(super) fn sleeves(sheet: &mut Sheet, torso: &Torso, end: SleeveEnd, cloth: &Cloth) {
    let mut creases = vec![fold((176.0, 190.0), (186.0, 320.0), 9.0, 0.14)];
    if end.outer.1 > 400.0 {
        creases.extend([
            fold((196.0, 360.0), (238.0, 420.0), 8.0, 0.15),
            fold((206.0, 440.0), (250.0, 452.0), 7.0, 0.12),
            fold((222.0, 470.0), (240.0, 600.0), 9.0, -0.07),
        ]);
    }
    sheet.cloth_both(&torso.sleeve(end), &cloth.turned(end.turn), &creases);
}

/// Creases that any body shows: from the armpits, and hanging near the hem.
pub(super) fn creases(torso: &Torso) -> Vec<Fold> {
    let (chest, low) = (torso.chest, torso.hem_y);
    vec![
        fold((chest - 6.0, 326.0), (chest - 66.0, 400.0), 11.0, 0.13),
        fold((6.0 - chest, 326.0), (66.0 - chest, 400.0), -11.0, 0.13),
        fold(
            (-chest * 0.45, 430.0),
            (-chest * 0.58, low - 30.0),
            14.0,
            0.09,
        ),
        fold(
            (chest * 0.42, 480.0),
            (chest * 0.36, low - 14.0),
            15.0,
            0.10,
        ),
        fold(
            (chest * 0.62, 440.0),
            (chest * 0.60, low - 60.0),
            12.0,
            -0.05,
        ),
        fold((-chest * 0.16, 300.0), (-chest * 0.20, 520.0), 22.0, -0.05),
    ]
}

/// A ribbed hem under the body.
pub(super) fn ribbed_hem(sheet: &mut Sheet, torso: &Torso, cloth: &Cloth, height: f32) {
    let (hem, low) = (torso.hem, torso.hem_y);
    let band = Shape::half(
        (0.0, low + 4.0),
        &[
            Q(hem * 0.5, low + 4.0, hem + 1.0, low - 8.0),
            Q(
                hem + 2.0,
                low + height * 0.5,
                hem - 12.0,
                low + height - 8.0,
            ),
            Q(hem * 0.5, low + height + 4.0, 0.0, low + height + 4.0),
        ],
    );
    sheet.cloth(&band, &cloth.unprinted().woven(Weave::Rib), &[]);
}

/// Ribbed cuffs at the ends of the sleeves.
pub(super) fn ribbed_cuffs(sheet: &mut Sheet, end: SleeveEnd, cloth: &Cloth) {
    let below = SleeveEnd {
        outer: (end.outer.0 + 2.0, end.outer.1 + 34.0),
        inner: (end.inner.0 + 12.0, end.inner.1 + 32.0),
        ..end
    };
    sheet.cloth_both(
        &below.cuff(42.0, 1.0),
        &cloth.unprinted().woven(Weave::Rib).turned(end.turn),
        &[],
    );
}

/// A pointed collar: the stand behind, two leaves in front.
pub(super) fn collar(sheet: &mut Sheet, torso: &Torso, cloth: &Cloth, reach: f32) {
    let (nx, ny) = torso.neck;
    let leaf = Shape::closed(
        (nx - 8.0, ny - 20.0),
        &[
            C(
                nx + 8.0,
                ny - 8.0,
                nx + 18.0,
                ny + 8.0,
                nx + 22.0,
                ny + 22.0,
            ),
            L(nx * 0.62, ny + 62.0 + reach),
            L(2.0, torso.throat - 2.0),
            C(nx * 0.3, ny + 30.0, nx * 0.7, ny + 4.0, nx - 8.0, ny - 20.0),
        ],
    );
    sheet.cloth_both(&leaf, &cloth.turned(28.0), &[]);
}

/// The collar's back, which stands behind the neck: to be drawn before the body.
pub(super) fn collar_stand(sheet: &mut Sheet, torso: &Torso, cloth: &Cloth) {
    let (nx, ny) = torso.neck;
    let stand = Shape::half(
        (0.0, ny - 26.0),
        &[
            Q(nx * 0.7, ny - 30.0, nx - 4.0, ny - 20.0),
            L(nx + 10.0, ny + 20.0),
            L(0.0, ny + 44.0),
        ],
    );
    sheet.cloth(&stand, &cloth.unprinted(), &[]);
    let inner = Shape::half(
        (0.0, ny - 2.0),
        &[
            Q(nx * 0.6, ny - 4.0, nx - 6.0, ny - 8.0),
            L(nx + 2.0, ny + 20.0),
            Q(nx * 0.6, torso.throat, 0.0, torso.throat + 10.0),
        ],
    );
    sheet.cloth(&inner, &cloth.inside(), &[]);
}
