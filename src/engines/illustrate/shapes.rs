//! Bézier outlines in garment coordinates: x runs from the garment's axis (0, positive to the right), y from
//! the top of the picture, both in picture pixels.
use tiny_skia::{LineCap, LineJoin, Path, PathBuilder, Rect, Stroke, Transform};

/// A point of an outline.
pub(crate) type Point = (f32, f32);

/// One step of an outline, from where the last one ended.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Step {
    /// A straight line to a point.
    L(f32, f32),
    /// A quadratic curve: control point, end point.
    Q(f32, f32, f32, f32),
    /// A cubic curve: two control points, end point.
    C(f32, f32, f32, f32, f32, f32),
}

impl Step {
    fn end(self) -> Point {
        match self {
            Self::L(x, y) | Self::Q(_, _, x, y) | Self::C(_, _, _, _, x, y) => (x, y),
        }
    }

    fn draw(self, pen: &mut PathBuilder) {
        match self {
            Self::L(x, y) => pen.line_to(x, y),
            Self::Q(a, b, x, y) => pen.quad_to(a, b, x, y),
            Self::C(a, b, c, d, x, y) => pen.cubic_to(a, b, c, d, x, y),
        }
    }

    /// The same step walked backwards to `to`, on the other side of the axis.
    fn reflected(self, to: Point) -> Self {
        match self {
            Self::L(..) => Self::L(-to.0, to.1),
            Self::Q(a, b, ..) => Self::Q(-a, b, -to.0, to.1),
            Self::C(a, b, c, d, ..) => Self::C(-c, d, -a, b, -to.0, to.1),
        }
    }
}

/// An outline; empty when its points make no path.
#[derive(Debug, Clone)]
pub(crate) struct Shape(Option<Path>);

impl Shape {
    /// The path, if there is one.
    pub(crate) fn path(&self) -> Option<&Path> {
        self.0.as_ref()
    }

    /// A line that stays open.
    pub(crate) fn open(start: Point, steps: &[Step]) -> Self {
        let mut pen = PathBuilder::new();
        pen.move_to(start.0, start.1);
        for step in steps {
            step.draw(&mut pen);
        }
        Self(pen.finish())
    }

    /// A closed outline.
    pub(crate) fn closed(start: Point, steps: &[Step]) -> Self {
        let mut pen = PathBuilder::new();
        pen.move_to(start.0, start.1);
        for step in steps {
            step.draw(&mut pen);
        }
        pen.close();
        Self(pen.finish())
    }

    /// A symmetric outline: the right half is given from the axis at the top to the axis at the bottom.
    pub(crate) fn half(start: Point, steps: &[Step]) -> Self {
        let mut all = steps.to_vec();
        for (at, step) in steps.iter().enumerate().rev() {
            let to = if at == 0 { start } else { steps[at - 1].end() };
            all.push(step.reflected(to));
        }
        Self::closed(start, &all)
    }

    /// A symmetric line through the axis: the right half is given, starting on the axis.
    pub(crate) fn arch(start: Point, steps: &[Step]) -> Self {
        let Some(last) = steps.last() else {
            return Self(None);
        };
        let mut all = Vec::with_capacity(steps.len() * 2);
        for (at, step) in steps.iter().enumerate().rev() {
            let to = if at == 0 { start } else { steps[at - 1].end() };
            all.push(step.reflected(to));
        }
        all.extend_from_slice(steps);
        let (x, y) = last.end();
        Self::open((-x, y), &all)
    }

    /// A straight line.
    pub(crate) fn line(from: Point, to: Point) -> Self {
        Self::open(from, &[Step::L(to.0, to.1)])
    }

    /// An axis-aligned ellipse.
    pub(crate) fn oval(centre: Point, rx: f32, ry: f32) -> Self {
        let rect = Rect::from_ltrb(centre.0 - rx, centre.1 - ry, centre.0 + rx, centre.1 + ry);
        Self(rect.and_then(PathBuilder::from_oval))
    }

    /// An axis-aligned rectangle between two corners.
    pub(crate) fn bar(from: Point, to: Point) -> Self {
        let rect = Rect::from_ltrb(
            from.0.min(to.0),
            from.1.min(to.1),
            from.0.max(to.0),
            from.1.max(to.1),
        );
        Self(rect.map(PathBuilder::from_rect))
    }

    /// A polygon with straight sides.
    pub(crate) fn polygon(points: &[Point]) -> Self {
        let Some((first, rest)) = points.split_first() else {
            return Self(None);
        };
        let steps: Vec<Step> = rest.iter().map(|(x, y)| Step::L(*x, *y)).collect();
        Self::closed(*first, &steps)
    }

    /// The same outline on the other side of the axis.
    pub(crate) fn mirrored(&self) -> Self {
        self.transformed(Transform::from_scale(-1.0, 1.0))
    }

    /// The outline moved.
    pub(crate) fn moved(&self, dx: f32, dy: f32) -> Self {
        self.transformed(Transform::from_translate(dx, dy))
    }

    /// The outline turned around a point, clockwise.
    pub(crate) fn turned(&self, degrees: f32, about: Point) -> Self {
        self.transformed(Transform::from_rotate_at(degrees, about.0, about.1))
    }

    /// The band that a broad pen leaves along the line.
    pub(crate) fn stroked(&self, width: f32) -> Self {
        let stroke = Stroke {
            width,
            line_cap: LineCap::Butt,
            line_join: LineJoin::Round,
            ..Stroke::default()
        };
        Self(self.0.as_ref().and_then(|path| path.stroke(&stroke, 1.0)))
    }

    /// Both outlines as one.
    pub(crate) fn with(&self, other: &Self) -> Self {
        let mut pen = PathBuilder::new();
        for path in [&self.0, &other.0].into_iter().flatten() {
            pen.push_path(path);
        }
        Self(pen.finish())
    }

    fn transformed(&self, by: Transform) -> Self {
        Self(self.0.clone().and_then(|path| path.transform(by)))
    }
}
