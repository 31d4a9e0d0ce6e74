//! Softness: blurred masks, from which the volume of a part and its shadow are made.
use tiny_skia::Mask;

/// Cells are this many picture pixels wide; what is soft needs no finer grid.
const CELL: usize = 4;

/// A blurred mask on a coarse grid.
#[derive(Debug, Clone)]
pub(crate) struct Soft {
    /// The first column and row, in cells.
    left: usize,
    top: usize,
    width: usize,
    height: usize,
    cells: Vec<f32>,
}

/// A part of the picture, in pixels; right and bottom are outside.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window {
    pub(crate) left: usize,
    pub(crate) top: usize,
    pub(crate) right: usize,
    pub(crate) bottom: usize,
}

impl Window {
    /// Grown on every side, but not beyond a picture of the given size.
    pub(crate) fn grown(self, by: usize, size: (usize, usize)) -> Self {
        let (left, top) = (self.left.saturating_sub(by), self.top.saturating_sub(by));
        Self {
            left,
            top,
            right: (self.right + by).min(size.0),
            bottom: (self.bottom + by).min(size.1),
        }
    }
}

impl Soft {
    /// Blurs the part of a mask in the window; `radius` is in picture pixels.
    pub(crate) fn of(mask: &Mask, window: Window, radius: f32) -> Self {
        let size = (mask.width() as usize, mask.height() as usize);
        let reach = ((radius / CELL as f32).round() as usize).max(1);
        Self::blurred(mask.data(), size, (window, reach))
    }

    /// Blurs one byte a pixel of a whole picture.
    pub(crate) fn from_alpha(alpha: &[u8], size: (usize, usize), radius: f32) -> Self {
        let reach = ((radius / CELL as f32).round() as usize).max(1);
        let window = Window {
            left: 0,
            top: 0,
            right: size.0,
            bottom: size.1,
        };
        Self::blurred(alpha, size, (window, reach))
    }

    /// Evaluates something smooth once a cell.
    pub(crate) fn from_fn(window: Window, value: impl Fn(f32, f32) -> f32) -> Self {
        let mut soft = Self::empty(window);
        for row in 0..soft.height {
            for column in 0..soft.width {
                let (x, y) = ((soft.left + column) * CELL, (soft.top + row) * CELL);
                let middle = CELL as f32 / 2.0;
                soft.cells.push(value(x as f32 + middle, y as f32 + middle));
            }
        }
        soft
    }

    fn empty(window: Window) -> Self {
        let (left, top) = (window.left / CELL, window.top / CELL);
        let (width, height) = (
            window.right.div_ceil(CELL) - left,
            window.bottom.div_ceil(CELL) - top,
        );
        Self {
            left,
            top,
            width: width.max(1),
            height: height.max(1),
            cells: Vec::with_capacity(width * height),
        }
    }

    fn blurred(alpha: &[u8], size: (usize, usize), (window, reach): (Window, usize)) -> Self {
        let mut soft = Self::empty(window.grown(3 * reach * CELL, size));
        for row in 0..soft.height {
            for column in 0..soft.width {
                let mut sum = 0u32;
                for line in 0..CELL {
                    let at =
                        ((soft.top + row) * CELL + line) * size.0 + (soft.left + column) * CELL;
                    let run = alpha.get(at..at + CELL).unwrap_or_default();
                    sum += run.iter().map(|a| u32::from(*a)).sum::<u32>();
                }
                soft.cells.push(sum as f32 / (255 * CELL * CELL) as f32);
            }
        }
        for _ in 0..3 {
            soft.blur_rows(reach);
            soft.blur_columns(reach);
        }
        soft
    }

    fn blur_rows(&mut self, reach: usize) {
        let mut line = vec![0.0; self.width];
        for row in self.cells.chunks_exact_mut(self.width) {
            line.copy_from_slice(row);
            box_blur(&line, reach, |at, value| row[at] = value);
        }
    }

    fn blur_columns(&mut self, reach: usize) {
        let mut line = vec![0.0; self.height];
        for column in 0..self.width {
            for (row, value) in line.iter_mut().enumerate() {
                *value = self.cells[row * self.width + column];
            }
            let (cells, width) = (&mut self.cells, self.width);
            box_blur(&line, reach, |at, value| cells[at * width + column] = value);
        }
    }

    /// The value at a place of the picture, between cells interpolated.
    pub(crate) fn at(&self, x: f32, y: f32) -> f32 {
        let u = (x / CELL as f32 - 0.5 - self.left as f32).clamp(0.0, (self.width - 1) as f32);
        let v = (y / CELL as f32 - 0.5 - self.top as f32).clamp(0.0, (self.height - 1) as f32);
        let (column, row) = (u as usize, v as usize);
        let (right, below) = (
            (column + 1).min(self.width - 1),
            (row + 1).min(self.height - 1),
        );
        let (fu, fv) = (u - column as f32, v - row as f32);
        let cell = |r: usize, c: usize| self.cells[r * self.width + c];
        let top = cell(row, column) * (1.0 - fu) + cell(row, right) * fu;
        let bottom = cell(below, column) * (1.0 - fu) + cell(below, right) * fu;
        top * (1.0 - fv) + bottom * fv
    }
}

/// The running mean over `2 reach + 1` values; beyond the ends there is nothing.
fn box_blur(line: &[f32], reach: usize, mut put: impl FnMut(usize, f32)) {
    let size = (2 * reach + 1) as f32;
    let mut sum: f32 = line.iter().take(reach).sum();
    for at in 0..line.len() {
        sum += line.get(at + reach).copied().unwrap_or(0.0);
        put(at, sum / size);
        if at >= reach {
            sum -= line[at - reach];
        }
    }
}
