//! Creases.
use crate::engines::illustrate::shapes::Point;

/// A crease: a soft dark streak (or a light one, if `depth` is negative) that tapers at both ends.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fold {
    from: Point,
    to: Point,
    width: f32,
    depth: f32,
}

/// Makes a crease.
pub(crate) const fn fold(from: Point, to: Point, width: f32, depth: f32) -> Fold {
    Fold {
        from,
        to,
        width,
        depth,
    }
}

impl Fold {
    /// The crease on the other side of the axis.
    pub(crate) fn mirrored(self) -> Self {
        Self {
            from: (-self.from.0, self.from.1),
            to: (-self.to.0, self.to.1),
            ..self
        }
    }

    /// How much darker the cloth is at a place.
    pub(crate) fn shade_at(self, x: f32, y: f32) -> f32 {
        let (dx, dy) = (self.to.0 - self.from.0, self.to.1 - self.from.1);
        let length2 = (dx * dx + dy * dy).max(1.0);
        let along = ((x - self.from.0) * dx + (y - self.from.1) * dy) / length2;
        if !(0.0..=1.0).contains(&along) {
            return 0.0;
        }
        let bend = (along * std::f32::consts::PI).sin();
        let off = ((x - self.from.0) * dy - (y - self.from.1) * dx) / length2.sqrt()
            - bend * self.width * 0.6;
        let near = off / (self.width * (0.35 + 0.65 * bend));
        self.depth * bend * (-near * near).exp()
    }
}
