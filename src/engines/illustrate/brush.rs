//! What paints: it cannot leave the part it was made for.
use tiny_skia::{Color, FillRule, Mask, Paint, Pixmap, Transform};

use crate::engines::illustrate::palette::Rgb;
use crate::engines::illustrate::shapes::Shape;

/// A brush that cannot leave the part it paints; patterns are made with it.
pub(crate) struct Brush<'a> {
    pub(crate) layer: &'a mut Pixmap,
    pub(crate) mask: &'a Mask,
    pub(crate) place: Transform,
    /// Half the extent of the part: a square of this size around the origin covers it.
    pub(crate) span: f32,
}

impl Brush<'_> {
    /// Fills an outline given around the middle of the part.
    pub(crate) fn fill(&mut self, shape: &Shape, colour: Rgb, opacity: f32) {
        if let Some(path) = shape.path() {
            let paint = paint(colour, opacity);
            self.layer
                .fill_path(path, &paint, FillRule::Winding, self.place, Some(self.mask));
        }
    }
}

/// A colour that covers so much.
pub(crate) fn paint(colour: Rgb, opacity: f32) -> Paint<'static> {
    let mut paint = Paint {
        anti_alias: true,
        ..Paint::default()
    };
    let mut dye = Color::from_rgba8(colour.0, colour.1, colour.2, 255);
    dye.set_alpha(opacity);
    paint.set_color(dye);
    paint
}
