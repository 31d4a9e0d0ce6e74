//! The sheet on which a garment is put together, part upon part, and the surface it is laid on.
//!
//! A part is cut from cloth by its outline: it casts a shadow on the parts below, takes the pattern, and is
//! lit from above left, so that flat outlines look like something soft lying on a table.
use tiny_skia::{
    BlendMode, FillRule, LineCap, LineJoin, Mask, Pixmap, Stroke, StrokeDash, Transform,
};

use crate::engines::illustrate::brush::{Brush, paint};
use crate::engines::illustrate::cloth::{Cloth, Weave};
use crate::engines::illustrate::folds::Fold;
use crate::engines::illustrate::palette::Rgb;
use crate::engines::illustrate::patterns;
use crate::engines::illustrate::relief::{Soft, Window};
use crate::engines::illustrate::shapes::{Point, Shape};

/// Picture width in pixels.
pub(crate) const WIDTH: u32 = 640;
/// Picture height in pixels.
pub(crate) const HEIGHT: u32 = 800;

/// A part that is being painted: where it is, in picture pixels.
struct Part {
    mask: Mask,
    window: Window,
}

/// The sheet: a transparent picture in which only the garment is opaque.
pub(crate) struct Sheet {
    layer: Pixmap,
    place: Transform,
    seed: u32,
}

impl Sheet {
    /// An empty sheet; the garment's axis lies in the middle, slightly turned.
    #[expect(clippy::expect_used, reason = "the size is a constant and not zero")]
    pub(crate) fn new(seed: u64, tilt: f32, scale: f32) -> Self {
        let (x, y) = (WIDTH as f32 / 2.0, HEIGHT as f32 / 2.0);
        let place = Transform::from_translate(0.0, -y)
            .post_scale(scale, scale)
            .post_rotate(tilt)
            .post_translate(x, y);
        let layer = Pixmap::new(WIDTH, HEIGHT).expect("a picture has a size");
        Self {
            layer,
            place,
            seed: (seed ^ (seed >> 32)) as u32,
        }
    }

    /// Draws with everything moved and scaled about the middle of the picture.
    pub(crate) fn moved(&mut self, by: Point, scale: f32, draw: impl FnOnce(&mut Self)) {
        let before = self.place;
        let middle = HEIGHT as f32 / 2.0;
        let step = Transform::from_translate(0.0, -middle)
            .post_scale(scale, scale)
            .post_translate(by.0, middle + by.1);
        self.place = before.pre_concat(step);
        draw(self);
        self.place = before;
    }

    /// Lays a part on the sheet.
    pub(crate) fn cloth(&mut self, shape: &Shape, cloth: &Cloth, folds: &[Fold]) {
        self.lay(shape, None, cloth, folds);
    }

    /// Lays the piece of a part that lies within another outline.
    pub(crate) fn cloth_within(
        &mut self,
        shape: &Shape,
        within: &Shape,
        cloth: &Cloth,
        folds: &[Fold],
    ) {
        self.lay(shape, Some(within), cloth, folds);
    }

    /// Lays a part of the right-hand side, then its mirror image.
    pub(crate) fn cloth_both(&mut self, shape: &Shape, cloth: &Cloth, folds: &[Fold]) {
        self.lay(shape, None, cloth, folds);
        let mirrored: Vec<Fold> = folds.iter().map(|fold| fold.mirrored()).collect();
        self.lay(&shape.mirrored(), None, &cloth.mirrored(), &mirrored);
    }

    /// A thin soft line on the garment: a seam, an edge.
    pub(crate) fn seam(&mut self, shape: &Shape, colour: Rgb) {
        self.line(shape, colour, (2.4, 0.75), None);
    }

    /// A seam on both sides of the axis.
    pub(crate) fn seam_both(&mut self, shape: &Shape, colour: Rgb) {
        self.seam(shape, colour);
        self.seam(&shape.mirrored(), colour);
    }

    /// A row of stitches on the garment.
    pub(crate) fn stitch(&mut self, shape: &Shape, colour: Rgb) {
        self.line(
            shape,
            colour,
            (1.9, 0.9),
            StrokeDash::new(vec![7.0, 4.0], 0.0),
        );
    }

    /// A row of stitches on both sides of the axis.
    pub(crate) fn stitch_both(&mut self, shape: &Shape, colour: Rgb) {
        self.stitch(shape, colour);
        self.stitch(&shape.mirrored(), colour);
    }

    /// A line of any width that stays on the garment.
    pub(crate) fn band(&mut self, shape: &Shape, colour: Rgb, width: f32) {
        self.line(shape, colour, (width, 1.0), None);
    }

    /// A cord, which may leave the garment.
    pub(crate) fn cord(&mut self, shape: &Shape, colour: Rgb, width: f32) {
        self.cloth(
            &shape.stroked(width),
            &Cloth::plain(colour, Weave::Rubber),
            &[],
        );
    }

    /// A flat spot of colour.
    pub(crate) fn spot(&mut self, shape: &Shape, colour: Rgb, opacity: f32) {
        if let Some(path) = shape.path() {
            self.layer.fill_path(
                path,
                &paint(colour, opacity),
                FillRule::Winding,
                self.place,
                None,
            );
        }
    }

    /// A button with its holes.
    pub(crate) fn button(&mut self, at: Point, radius: f32, colour: Rgb) {
        self.spot(
            &Shape::oval((at.0 + 1.0, at.1 + 2.0), radius + 0.6, radius + 0.6),
            Rgb(20, 18, 22),
            0.35,
        );
        self.spot(&Shape::oval(at, radius, radius), colour.darker(0.18), 1.0);
        self.spot(
            &Shape::oval((at.0 - 0.6, at.1 - 0.8), radius * 0.82, radius * 0.82),
            colour,
            1.0,
        );
        for (dx, dy) in [(-1.0, -1.0), (1.0, -1.0), (-1.0, 1.0), (1.0, 1.0)] {
            let hole = (at.0 + dx * radius * 0.28, at.1 + dy * radius * 0.28);
            self.spot(
                &Shape::oval(hole, radius * 0.13, radius * 0.13),
                colour.contrast(0.6),
                1.0,
            );
        }
    }

    /// How opaque the garment is at every pixel.
    pub(crate) fn alpha(&self) -> Vec<u8> {
        self.layer
            .pixels()
            .iter()
            .map(|pixel| pixel.alpha())
            .collect()
    }

    /// Lays the garment on a plain light surface and takes the picture.
    pub(crate) fn photograph(&self, surface: Rgb) -> Vec<u8> {
        let alpha = self.alpha();
        let size = (WIDTH as usize, HEIGHT as usize);
        let near = Soft::from_alpha(&alpha, size, 6.0);
        let far = Soft::from_alpha(&alpha, size, 26.0);
        let mut rgb = Vec::with_capacity(alpha.len() * 3);
        for (at, pixel) in self.layer.pixels().iter().enumerate() {
            let (x, y) = ((at % size.0) as f32, (at / size.0) as f32);
            let shadow = 1.0 - 0.20 * near.at(x - 3.0, y - 5.0) - 0.24 * far.at(x - 10.0, y - 18.0);
            let light = shadow * (1.015 - 0.035 * (x / WIDTH as f32 + y / HEIGHT as f32) / 2.0);
            let clear = f32::from(255 - pixel.alpha()) / 255.0;
            let channels = [
                (pixel.red(), surface.0),
                (pixel.green(), surface.1),
                (pixel.blue(), surface.2),
            ];
            rgb.extend(channels.map(|(c, s)| {
                (f32::from(c) + f32::from(s) * light * clear)
                    .round()
                    .min(255.0) as u8
            }));
        }
        rgb
    }

    fn line(
        &mut self,
        shape: &Shape,
        colour: Rgb,
        (width, opacity): (f32, f32),
        dash: Option<StrokeDash>,
    ) {
        if let Some(path) = shape.path() {
            let mut paint = paint(colour, opacity);
            paint.blend_mode = BlendMode::SourceAtop;
            let stroke = Stroke {
                width,
                dash,
                line_cap: LineCap::Round,
                line_join: LineJoin::Round,
                ..Stroke::default()
            };
            self.layer
                .stroke_path(path, &paint, &stroke, self.place, None);
        }
    }

    fn lay(&mut self, shape: &Shape, within: Option<&Shape>, cloth: &Cloth, folds: &[Fold]) {
        let Some(part) = self.part(shape, within) else {
            return;
        };
        let rim = Soft::of(&part.mask, part.window, 8.0);
        self.cast_shadow(&part, &rim);
        self.dye(&part, cloth);
        self.light(&part, &rim, cloth, folds);
        if let Some(path) = shape.path() {
            let stroke = Stroke {
                width: 3.2,
                line_join: LineJoin::Round,
                ..Stroke::default()
            };
            let edge = paint(cloth.colour.darker(0.45), 0.55);
            self.layer
                .stroke_path(path, &edge, &stroke, self.place, Some(&part.mask));
        }
    }

    fn part(&self, shape: &Shape, within: Option<&Shape>) -> Option<Part> {
        let path = shape.path()?;
        let mut mask = Mask::new(WIDTH, HEIGHT)?;
        mask.fill_path(path, FillRule::Winding, true, self.place);
        if let Some(within) = within {
            mask.intersect_path(within.path()?, FillRule::Winding, true, self.place);
        }
        let bounds = path.clone().transform(self.place)?.bounds();
        let clamp = |value: f32, most: u32| value.clamp(0.0, most as f32) as usize;
        let window = Window {
            left: clamp(bounds.left() - 24.0, WIDTH),
            top: clamp(bounds.top() - 24.0, HEIGHT),
            right: clamp(bounds.right() + 24.0, WIDTH),
            bottom: clamp(bounds.bottom() + 24.0, HEIGHT),
        };
        (window.left < window.right && window.top < window.bottom).then_some(Part { mask, window })
    }

    /// Darkens what already lies where the new part will keep the light away.
    fn cast_shadow(&mut self, part: &Part, rim: &Soft) {
        self.each_pixel(part, |x, y, mask, rgb| {
            let keep = 1.0 - 0.42 * rim.at(x - 2.0, y - 5.0) * (1.0 - mask);
            rgb.map(|c| c * keep)
        });
    }

    fn dye(&mut self, part: &Part, cloth: &Cloth) {
        let Window {
            left,
            top,
            right,
            bottom,
        } = part.window;
        let (width, height) = ((right - left) as f32, (bottom - top) as f32);
        let (x, y) = (left as f32 + width / 2.0, top as f32 + height / 2.0);
        let span = width.hypot(height) / 2.0;
        let place = Transform::from_rotate(cloth.grain).post_translate(x, y);
        let mut brush = Brush {
            layer: &mut self.layer,
            mask: &part.mask,
            place,
            span,
        };
        brush.fill(&Shape::bar((-span, -span), (span, span)), cloth.colour, 1.0);
        patterns::print(&mut brush, cloth, self.seed);
    }

    fn light(&mut self, part: &Part, rim: &Soft, cloth: &Cloth, folds: &[Fold]) {
        let broad = Soft::of(&part.mask, part.window, 26.0);
        let (sin, cos) = cloth.grain.to_radians().sin_cos();
        let (sheen, weave, seed) = (cloth.weave.sheen(), cloth.weave, self.seed);
        let back = self.place.invert().unwrap_or_default();
        let creases = Soft::from_fn(part.window, |x, y| {
            let (x, y) = (
                x * back.sx + y * back.kx + back.tx,
                x * back.ky + y * back.sy + back.ty,
            );
            folds.iter().map(|fold| fold.shade_at(x, y)).sum()
        });
        self.each_pixel(part, |x, y, mask, rgb| {
            if mask == 0.0 {
                return rgb;
            }
            let slope = 0.45 * (rim.at(x + 4.0, y + 5.0) - rim.at(x - 4.0, y - 5.0))
                + 0.80 * (broad.at(x + 10.0, y + 12.0) - broad.at(x - 10.0, y - 12.0));
            let hollow = 0.16 * (1.0 - rim.at(x, y)) + 0.05 * (1.0 - broad.at(x, y));
            let thread = weave.thread(x * cos + y * sin, y * cos - x * sin, seed);
            let lit = (1.0 + sheen * slope - hollow - creases.at(x, y)) * thread;
            rgb.map(|c| {
                let shaded = if lit > 1.0 {
                    c + (255.0 * mask - c).max(0.0) * (lit - 1.0) * 0.75
                } else {
                    c * lit.max(0.0)
                };
                c + (shaded - c) * mask
            })
        });
    }

    /// Changes the colours (not the opacity) of every pixel in the reach of a part.
    fn each_pixel(&mut self, part: &Part, change: impl Fn(f32, f32, f32, [f32; 3]) -> [f32; 3]) {
        let bytes = self.layer.data_mut();
        let Window {
            left,
            top,
            right,
            bottom,
        } = part.window;
        for y in top..bottom {
            for x in left..right {
                let at = y * WIDTH as usize + x;
                let pixel = &mut bytes[at * 4..at * 4 + 4];
                let most = f32::from(pixel[3]);
                if most == 0.0 {
                    continue;
                }
                let mask = f32::from(part.mask.data()[at]) / 255.0;
                let rgb = change(
                    x as f32,
                    y as f32,
                    mask,
                    [pixel[0].into(), pixel[1].into(), pixel[2].into()],
                );
                for (channel, value) in pixel.iter_mut().zip(rgb) {
                    *channel = value.round().clamp(0.0, most) as u8;
                }
            }
        }
    }
}

/// The surfaces that garments are laid on.
pub(crate) const SURFACES: [Rgb; 4] = [
    Rgb(233, 229, 223),
    Rgb(228, 231, 234),
    Rgb(235, 230, 226),
    Rgb(230, 232, 227),
];
