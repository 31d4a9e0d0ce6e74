//! Values at every time of a grid: what the parts of an expression hand to each other.
use std::collections::{HashMap, HashSet};

use super::{error::EvalError, labels::Labels};

/// One series of a vector: its value at each step of the grid, where it has one.
#[derive(Debug, Clone)]
pub(super) struct Track {
    pub(super) labels: Labels,
    pub(super) values: Vec<Option<f64>>,
}

/// What an expression is worth.
#[derive(Debug)]
pub(super) enum Frame {
    /// One number at each step.
    Scalar(Vec<f64>),
    /// Series, whose order matters only where the grid has one step.
    Vector(Vec<Track>),
}

impl Frame {
    /// The numbers of a scalar. The planner has checked the kinds, so a vector is never asked.
    pub(super) fn into_scalar(self) -> Vec<f64> {
        match self {
            Self::Scalar(values) => values,
            Self::Vector(_) => vec![],
        }
    }

    /// The series of a vector. The planner has checked the kinds, so a scalar is never asked.
    pub(super) fn into_vector(self) -> Vec<Track> {
        match self {
            Self::Scalar(_) => vec![],
            Self::Vector(tracks) => tracks,
        }
    }
}

/// Collects a vector step by step. Series that come to be called the same become one, unless they meet.
#[derive(Debug)]
pub(super) struct Collector {
    steps: usize,
    tracks: Vec<Track>,
    known: HashMap<Labels, usize>,
}

impl Collector {
    pub(super) fn new(steps: usize) -> Self {
        Self {
            steps,
            tracks: vec![],
            known: HashMap::new(),
        }
    }

    /// The place of a series in the result.
    pub(super) fn place(&mut self, labels: Labels) -> usize {
        let next = self.tracks.len();
        *self.known.entry(labels).or_insert_with_key(|labels| {
            self.tracks.push(Track {
                labels: labels.clone(),
                values: vec![None; self.steps],
            });
            next
        })
    }

    /// Sets the value of a series at a step; false if it has one already.
    pub(super) fn try_put(&mut self, place: usize, step: usize, value: f64) -> bool {
        let cell = self
            .tracks
            .get_mut(place)
            .and_then(|t| t.values.get_mut(step));
        match cell {
            Some(cell) if cell.is_none() => {
                *cell = Some(value);
                true
            }
            Some(_) | None => false,
        }
    }

    /// Sets the value of a series at a step, where no other may have been called the same.
    pub(super) fn put(&mut self, place: usize, step: usize, value: f64) -> Result<(), EvalError> {
        if self.try_put(place, step, value) {
            return Ok(());
        }
        Err(EvalError::SameLabels(self.name(place)))
    }

    /// For messages.
    pub(super) fn name(&self, place: usize) -> String {
        self.tracks
            .get(place)
            .map_or_else(String::new, |t| t.labels.to_string())
    }

    /// The series that have a value anywhere.
    pub(super) fn finish(self) -> Frame {
        Frame::Vector(inhabited(self.tracks))
    }
}

/// Leaves out the series without values.
pub(super) fn inhabited(mut tracks: Vec<Track>) -> Vec<Track> {
    tracks.retain(|t| t.values.iter().any(Option::is_some));
    tracks
}

/// Changes every value, and what the series are called.
pub(super) fn map(
    tracks: Vec<Track>,
    rename: impl Fn(&Labels) -> Labels,
    change: impl Fn(usize, f64) -> Option<f64>,
) -> Result<Frame, EvalError> {
    let mut out = Collector::new(tracks.first().map_or(0, |t| t.values.len()));
    for track in tracks {
        let place = out.place(rename(&track.labels));
        for (step, value) in track.values.iter().enumerate() {
            if let Some(value) = value.and_then(|v| change(step, v)) {
                out.put(place, step, value)?;
            }
        }
    }
    Ok(out.finish())
}

/// Fails if two series are called the same, even if they never meet.
pub(super) fn all_different(tracks: Vec<Track>) -> Result<Vec<Track>, EvalError> {
    let mut seen = HashSet::new();
    match tracks.iter().find(|t| !seen.insert(&t.labels)) {
        Some(twice) => Err(EvalError::SameLabels(twice.labels.to_string())),
        None => Ok(tracks),
    }
}
