//! The measures of trousers, from which every pair is cut.
use super::Cut;
use crate::engines::illustrate::folds::{Fold, fold};
use crate::engines::illustrate::shapes::Shape;
use crate::engines::illustrate::shapes::Step::{C, L, Q};

/// The measures of the right half of a pair of trousers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Legs {
    pub(super) top: f32,
    pub(super) waist: f32,
    pub(super) hip: f32,
    pub(super) crotch: f32,
    /// The outer and the inner edge of the leg's end.
    pub(super) outer: f32,
    pub(super) inner: f32,
    pub(super) low: f32,
}

impl Legs {
    /// Usual trousers.
    pub(super) const fn straight() -> Self {
        Self {
            top: 76.0,
            waist: 112.0,
            hip: 146.0,
            crotch: 318.0,
            outer: 150.0,
            inner: 52.0,
            low: 738.0,
        }
    }

    pub(super) fn of(cut: Cut) -> Self {
        let straight = Self::straight();
        if cut == Cut::Fitted {
            Self {
                hip: 138.0,
                outer: 122.0,
                inner: 46.0,
                ..straight
            }
        } else if cut == Cut::Wide {
            Self {
                hip: 150.0,
                outer: 206.0,
                inner: 46.0,
                ..straight
            }
        } else if cut == Cut::Short {
            Self {
                low: 640.0,
                ..straight
            }
        } else {
            straight
        }
    }

    pub(super) fn shape(&self) -> Shape {
        let Self {
            top,
            waist,
            hip,
            crotch,
            outer,
            inner,
            low,
        } = *self;
        let knee = crotch + (low - crotch) * 0.5;
        Shape::half(
            (0.0, top + 6.0),
            &[
                Q(waist * 0.6, top + 5.0, waist, top),
                C(
                    waist + 8.0,
                    top + 60.0,
                    hip,
                    crotch - 120.0,
                    hip,
                    crotch - 40.0,
                ),
                C(hip + 4.0, knee - 60.0, outer - 6.0, knee, outer, low),
                Q((outer + inner) / 2.0, low + 8.0, inner, low + 2.0),
                C(inner - 4.0, knee + 20.0, 18.0, crotch + 90.0, 0.0, crotch),
            ],
        )
    }

    pub(super) fn folds(&self) -> Vec<Fold> {
        let Self {
            hip,
            crotch,
            outer,
            inner,
            low,
            ..
        } = *self;
        let (middle, knee) = ((outer + inner) / 2.0, crotch + (low - crotch) * 0.5);
        let mut folds = Vec::new();
        for side in [-1.0, 1.0] {
            let bend = 9.0 * side;
            folds.push(fold(
                (side * 10.0, crotch - 6.0),
                (side * (hip - 30.0), crotch - 40.0),
                bend,
                0.13,
            ));
            folds.push(fold(
                (side * 12.0, crotch + 16.0),
                (side * (hip - 40.0), crotch + 30.0),
                bend,
                0.10,
            ));
            folds.push(fold(
                (side * (inner + 8.0), knee + 10.0),
                (side * (middle + 22.0), knee - 12.0),
                bend,
                0.10,
            ));
            folds.push(fold(
                (side * (inner + 6.0), low - 54.0),
                (side * (outer - 12.0), low - 70.0),
                bend,
                0.11,
            ));
            folds.push(fold(
                (side * (middle - 2.0), crotch - 50.0),
                (side * middle, low - 60.0),
                20.0 * side,
                -0.055,
            ));
        }
        folds
    }

    pub(super) fn waistband(&self, height: f32) -> Shape {
        let Self { top, waist, .. } = *self;
        Shape::half(
            (0.0, top),
            &[
                Q(waist * 0.6, top, waist + 2.0, top - 6.0),
                L(waist + 6.0, top + height - 6.0),
                Q(waist * 0.6, top + height, 0.0, top + height),
            ],
        )
    }

    /// A line down the middle of the right leg.
    pub(super) fn crease(&self) -> Shape {
        let x = (self.outer + self.inner) / 2.0;
        Shape::open(
            (x - 22.0, self.top + 110.0),
            &[Q(x - 8.0, self.crotch + 60.0, x, self.low + 8.0)],
        )
    }

    /// The inside of the back, seen above the waistband.
    pub(super) fn back(&self) -> Shape {
        let Self { top, waist, .. } = *self;
        Shape::half(
            (0.0, top - 14.0),
            &[
                Q(waist * 0.6, top - 14.0, waist, top - 4.0),
                L(waist, top + 20.0),
                L(0.0, top + 24.0),
            ],
        )
    }
}
