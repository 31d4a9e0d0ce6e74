//! Evaluates the parts of an expression, each at all times of the grid at once.
use super::{
    aggregate, binary,
    error::EvalError,
    frame::{self, Collector, Frame, Track},
    grid::{Budget, Grid},
    histogram::{self, Bucket},
    labels::Labels,
    numbers,
    options::Options,
    plan::{Anchor, At, Node, Shape},
    store::Store,
};

/// Everything an evaluation depends on.
#[derive(Clone, Copy)]
pub(super) struct Scene<'a> {
    pub(super) store: &'a dyn Store,
    pub(super) options: &'a Options,
    pub(super) budget: &'a Budget,
    pub(super) grid: Grid,
    /// What `start()` and `end()` mean, in subqueries too.
    whole: (i64, i64),
}

impl<'a> Scene<'a> {
    pub(super) fn new(
        store: &'a dyn Store,
        options: &'a Options,
        budget: &'a Budget,
        grid: Grid,
    ) -> Self {
        Self {
            store,
            options,
            budget,
            grid,
            whole: (grid.start_ms, grid.last()),
        }
    }

    pub(super) fn ending(self, end_ms: i64) -> Self {
        Self {
            whole: (self.whole.0, end_ms),
            ..self
        }
    }

    /// The same at other times.
    pub(super) fn at_times(self, grid: Grid) -> Self {
        Self { grid, ..self }
    }

    /// The time a selector looks at.
    pub(super) fn anchored(&self, anchor: Anchor, time_ms: i64) -> i64 {
        let time_ms = match anchor.at {
            None => time_ms,
            Some(At::Time(fixed)) => fixed,
            Some(At::Start) => self.whole.0,
            Some(At::End) => self.whole.1,
        };
        time_ms.saturating_sub(anchor.offset_ms)
    }

    pub(super) fn evaluate(&self, node: &Node) -> Result<Frame, EvalError> {
        self.budget.spend(self.grid.len)?;
        match node {
            Node::Number(number) => Ok(Frame::Scalar(vec![*number; self.grid.len])),
            Node::Time => Ok(Frame::Scalar(self.grid.times().map(seconds).collect())),
            Node::Select(matchers, anchor) => {
                let tracks = self.seen(matchers, *anchor, |sample| sample.value)?;
                Ok(Frame::Vector(tracks))
            }
            // The planner lets range vectors stand where they are handled, and nowhere else.
            Node::Range(_) => Err(EvalError::RangeVector),
            Node::Negate(of) => negate(self.evaluate(of)?),
            Node::Each(change, of) => {
                frame::map(self.vector(of)?, Labels::nameless, |_, v| Some(change(v)))
            }
            Node::Shape(shape, of, numbers) => self.shape(*shape, of, numbers),
            Node::AsVector(of) => Ok(Frame::Vector(vec![Track {
                labels: Labels::empty(),
                values: self.scalar(of)?.into_iter().map(Some).collect(),
            }])),
            Node::AsScalar(of) => Ok(Frame::Scalar(self.the_only(&self.vector(of)?))),
            Node::Timestamp(of) => self.timestamps(of),
            Node::Sort { descending, of } => Ok(self.sorted(self.vector(of)?, *descending)),
            Node::Absent(of, labels) => Ok(self.absent(&self.vector(of)?, labels)),
            Node::HistogramQuantile(q, of) => self.histogram(&self.scalar(q)?, self.vector(of)?),
            Node::Relabel(relabel, of) => {
                frame::map(self.vector(of)?, |l| relabel.apply(l), |_, v| Some(v))
            }
            Node::Over {
                function,
                window,
                parameter,
                absent,
            } => {
                let parameter = parameter.as_deref().map(|p| self.scalar(p)).transpose()?;
                self.over((*function, window), parameter.as_deref(), absent)
            }
            Node::Aggregate {
                operator,
                grouping,
                parameter,
                of,
            } => {
                let parameter = parameter.as_deref().map(|p| self.scalar(p)).transpose()?;
                let tracks = self.vector(of)?;
                aggregate::aggregate(
                    (*operator, grouping),
                    parameter.as_deref(),
                    tracks,
                    &self.grid,
                )
            }
            Node::Binary(binary) => {
                let sides = (self.evaluate(&binary.left)?, self.evaluate(&binary.right)?);
                binary::binary(binary, sides, self.grid.len)
            }
        }
    }

    pub(super) fn vector(&self, node: &Node) -> Result<Vec<Track>, EvalError> {
        self.evaluate(node).map(Frame::into_vector)
    }

    fn scalar(&self, node: &Node) -> Result<Vec<f64>, EvalError> {
        self.evaluate(node).map(Frame::into_scalar)
    }

    fn shape(&self, shape: Shape, of: &Node, numbers: &[Node]) -> Result<Frame, EvalError> {
        let tracks = self.vector(of)?;
        let numbers: Vec<Vec<f64>> = numbers
            .iter()
            .map(|n| self.scalar(n))
            .collect::<Result<_, _>>()?;
        let number =
            |which: usize, step: usize| numbers.get(which).and_then(|n| n.get(step)).copied();
        frame::map(tracks, Labels::nameless, |step, value| {
            let first = number(0, step);
            match shape {
                Shape::Round => Some(numbers::round(value, first.unwrap_or(1.0))),
                Shape::ClampMin => Some(numbers::larger(first?, value)),
                Shape::ClampMax => Some(numbers::smaller(first?, value)),
                Shape::Clamp => {
                    let (low, high) = (first?, number(1, step)?);
                    let is_empty = high < low;
                    (!is_empty).then(|| numbers::larger(low, numbers::smaller(high, value)))
                }
            }
        })
    }

    /// The value of the series at each step where there is but one.
    fn the_only(&self, tracks: &[Track]) -> Vec<f64> {
        let at = |step: usize| {
            let mut there = tracks
                .iter()
                .filter_map(|t| t.values.get(step).copied().flatten());
            match (there.next(), there.next()) {
                (Some(value), None) => value,
                _ => f64::NAN,
            }
        };
        (0..self.grid.len).map(at).collect()
    }

    fn timestamps(&self, of: &Node) -> Result<Frame, EvalError> {
        if let Node::Select(matchers, anchor) = of {
            let tracks = self.seen(matchers, *anchor, |sample| seconds(sample.at_ms))?;
            return frame::map(tracks, Labels::nameless, |_, v| Some(v));
        }
        frame::map(self.vector(of)?, Labels::nameless, |step, _| {
            Some(seconds(self.grid.at(step)))
        })
    }

    /// At several times there is no one order, so there is none.
    fn sorted(&self, mut tracks: Vec<Track>, descending: bool) -> Frame {
        if self.grid.len == 1 {
            let value = |t: &Track| t.values.first().copied().flatten().unwrap_or(f64::NAN);
            tracks.sort_by(|a, b| numbers::ranked(value(a), value(b), descending));
        }
        Frame::Vector(tracks)
    }

    pub(super) fn absent(&self, tracks: &[Track], labels: &Labels) -> Frame {
        let there = |step: usize| {
            tracks
                .iter()
                .any(|t| t.values.get(step).copied().flatten().is_some())
        };
        let values = (0..self.grid.len).map(|step| (!there(step)).then_some(1.0));
        Frame::Vector(frame::inhabited(vec![Track {
            labels: labels.clone(),
            values: values.collect(),
        }]))
    }

    fn histogram(&self, q: &[f64], tracks: Vec<Track>) -> Result<Frame, EvalError> {
        let mut out = Collector::new(self.grid.len);
        for (labels, parts) in histograms(tracks) {
            let place = out.place(labels);
            for (step, q) in q.iter().enumerate() {
                let bucket = |(upper, track): &(f64, Track)| {
                    let count = track.values.get(step).copied().flatten()?;
                    Some(Bucket {
                        upper: *upper,
                        count,
                    })
                };
                let buckets: Vec<Bucket> = parts.iter().filter_map(bucket).collect();
                if !buckets.is_empty() {
                    out.put(place, step, histogram::quantile(*q, buckets))?;
                }
            }
        }
        Ok(out.finish())
    }
}

const BUCKET: &str = "le";

type Histogram = (Labels, Vec<(f64, Track)>);

/// The buckets of each histogram, and what it is called. Those of two metrics are two histograms.
fn histograms(tracks: Vec<Track>) -> Vec<Histogram> {
    let mut known = std::collections::HashMap::new();
    let mut out: Vec<Histogram> = vec![];
    for track in tracks {
        let Ok(upper) = track.labels.get(BUCKET).parse::<f64>() else {
            continue;
        };
        let named = track.labels.with(BUCKET, "");
        let place = *known.entry(named.clone()).or_insert_with(|| {
            out.push((named.nameless(), vec![]));
            out.len() - 1
        });
        if let Some((_, parts)) = out.get_mut(place) {
            parts.push((upper, track));
        }
    }
    out
}

fn negate(of: Frame) -> Result<Frame, EvalError> {
    Ok(match of {
        Frame::Scalar(values) => Frame::Scalar(values.into_iter().map(|v| -v).collect()),
        Frame::Vector(tracks) => Frame::Vector(frame::all_different(
            tracks
                .into_iter()
                .map(|track| Track {
                    labels: track.labels.nameless(),
                    values: track.values.into_iter().map(|v| v.map(|v| -v)).collect(),
                })
                .collect(),
        )?),
    })
}

#[expect(
    clippy::cast_precision_loss,
    reason = "milliseconds of centuries are exact"
)]
pub(super) fn seconds(ms: i64) -> f64 {
    ms as f64 / 1000.0
}
