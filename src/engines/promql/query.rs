//! An expression that was read, and what it is worth.
use super::{
    error::{EvalError, LoadError},
    evaluate::Scene,
    frame::{Frame, Track},
    grid::{Budget, Grid},
    labels::Labels,
    lower,
    options::Options,
    plan::Node,
    store::{Comparison, Matcher, Sample, Series, Store},
};
use std::sync::Arc;

/// An expression that is supported throughout.
#[derive(Debug, Clone)]
pub struct Query {
    text: String,
    root: Node,
}

/// The times at which an expression is evaluated for a chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first time.
    pub start_ms: i64,
    /// The last time, if a step falls on it.
    pub end_ms: i64,
    /// Between two times.
    pub step_ms: i64,
}

/// What an expression is worth at one time.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A number.
    Scalar(f64),
    /// A number for each series; in order if the expression sorts.
    Vector(Vec<(Labels, f64)>),
    /// The samples themselves.
    Matrix(Vec<Series>),
}

impl Query {
    /// Reads an expression.
    ///
    /// # Errors
    /// Whatever cannot be evaluated is refused here, with its place in the text.
    pub fn parse(text: &str) -> Result<Self, LoadError> {
        Ok(Self {
            root: lower::load(text)?,
            text: text.to_owned(),
        })
    }

    /// The expression as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The labels of the only series that it can mean, if it is nothing but the name of one.
    #[must_use]
    pub fn series_name(&self) -> Option<Labels> {
        let Node::Select(matchers, anchor) = &self.root else {
            return None;
        };
        let mut pairs = vec![];
        for matcher in matchers {
            let Comparison::Equal(value) = &matcher.comparison else {
                return None;
            };
            pairs.push((Arc::clone(&matcher.name), Arc::clone(value)));
        }
        (anchor.at.is_none() && anchor.offset_ms == 0).then(|| Labels::new(pairs))
    }

    /// Whether it is worth samples through time, which have no value at one time.
    #[must_use]
    pub fn is_range(&self) -> bool {
        matches!(self.root, Node::Range(_))
    }

    /// What is asked of the series, if the expression is nothing but a selector.
    #[must_use]
    pub fn selector(&self) -> Option<&[Matcher]> {
        if let Node::Select(matchers, _) = &self.root {
            return Some(matchers);
        }
        None
    }

    /// What it is worth at one time.
    ///
    /// # Errors
    /// If the series cannot be matched, two of the result would be called the same, or it is too much work.
    pub fn at(
        &self,
        store: &dyn Store,
        time_ms: i64,
        options: &Options,
    ) -> Result<Value, EvalError> {
        let grid = Grid::new(time_ms, time_ms, 1);
        let budget = Budget::new(options);
        let scene = Scene::new(store, options, &budget, grid);
        if let Node::Range(window) = &self.root {
            return scene.samples(window).map(Value::Matrix);
        }
        Ok(match scene.evaluate(&self.root)? {
            Frame::Scalar(values) => Value::Scalar(values.first().copied().unwrap_or(f64::NAN)),
            Frame::Vector(tracks) => Value::Vector(tracks.into_iter().filter_map(now).collect()),
        })
    }

    /// What it is worth through a time: series sorted by their labels, a sample at each step where there is one.
    ///
    /// # Errors
    /// As [`Query::at`]; and for a span that has no first time, and for range vectors.
    pub fn over(
        &self,
        store: &dyn Store,
        span: Span,
        options: &Options,
    ) -> Result<Vec<Series>, EvalError> {
        if span.step_ms <= 0 || span.end_ms < span.start_ms {
            return Err(EvalError::Span);
        }
        if matches!(self.root, Node::Range(_)) {
            return Err(EvalError::RangeVector);
        }
        let grid = Grid::new(span.start_ms, span.end_ms, span.step_ms);
        let budget = Budget::new(options);
        // The end that an expression may name is that of the span, whether a step falls on it or not.
        let scene = Scene::new(store, options, &budget, grid).ending(span.end_ms);
        let tracks = match scene.evaluate(&self.root)? {
            Frame::Vector(tracks) => tracks,
            Frame::Scalar(values) => vec![Track {
                labels: Labels::empty(),
                values: values.into_iter().map(Some).collect(),
            }],
        };
        let mut series: Vec<Series> = tracks.into_iter().map(|t| into_series(t, &grid)).collect();
        series.sort_by(|a, b| a.labels.cmp(&b.labels));
        Ok(series)
    }
}

fn now(track: Track) -> Option<(Labels, f64)> {
    let value = track.values.first().copied().flatten()?;
    Some((track.labels, value))
}

/// The values of a track with their times.
pub(super) fn into_series(track: Track, grid: &Grid) -> Series {
    let values = grid.times().zip(track.values);
    Series {
        labels: track.labels,
        samples: values
            .filter_map(|(at_ms, value)| value.map(|value| Sample { at_ms, value }))
            .collect(),
    }
}
