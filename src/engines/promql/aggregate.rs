//! Aggregations: many series of a vector become few.
use super::{
    error::EvalError,
    frame::{self, Collector, Frame, Track},
    grid::Grid,
    numbers,
    plan::{Aggregation, Grouping},
};

/// A group is told by the place of what it is called in the result.
pub(super) fn aggregate(
    (operator, grouping): (Aggregation, &Grouping),
    parameter: Option<&[f64]>,
    tracks: Vec<Track>,
    grid: &Grid,
) -> Result<Frame, EvalError> {
    let mut out = Collector::new(grid.len);
    let groups: Vec<usize> = tracks
        .iter()
        .map(|t| out.place(grouping.key(&t.labels)))
        .collect();
    let count = groups.iter().max().map_or(0, |most| most + 1);
    let parameter = |step: usize| {
        parameter
            .and_then(|p| p.get(step))
            .copied()
            .unwrap_or(f64::NAN)
    };
    if let Aggregation::Ranked { top } = operator {
        return ranked(tracks, (&groups, count), top, (parameter, grid.len));
    }
    let mut members: Vec<Vec<f64>> = vec![vec![]; count];
    for step in 0..grid.len {
        for (track, group) in tracks.iter().zip(&groups) {
            let value = track.values.get(step).copied().flatten();
            if let (Some(value), Some(members)) = (value, members.get_mut(*group)) {
                members.push(value);
            }
        }
        for (place, members) in members.iter_mut().enumerate() {
            if !members.is_empty() {
                out.put(place, step, together(operator, members, parameter(step)))?;
                members.clear();
            }
        }
    }
    Ok(out.finish())
}

fn together(operator: Aggregation, values: &mut [f64], parameter: f64) -> f64 {
    let first = values.first().copied().unwrap_or(f64::NAN);
    #[expect(clippy::cast_precision_loss, reason = "there are not that many series")]
    let count = values.len() as f64;
    let values_in_turn = values.iter().copied();
    match operator {
        Aggregation::Sum => values_in_turn.sum(),
        Aggregation::Avg => mean(values_in_turn),
        Aggregation::Min => {
            values_in_turn.fold(first, |a, b| if a > b || a.is_nan() { b } else { a })
        }
        Aggregation::Max => {
            values_in_turn.fold(first, |a, b| if a < b || a.is_nan() { b } else { a })
        }
        Aggregation::Count => count,
        Aggregation::Group => 1.0,
        Aggregation::Stddev => deviation(values),
        Aggregation::Quantile => numbers::quantile(parameter, values),
        // Handled on its own: it picks series.
        Aggregation::Ranked { .. } => f64::NAN,
    }
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (mut mean, mut n) = (0.0, 0.0);
    for value in values {
        n += 1.0;
        if n == 1.0 {
            mean = value;
        } else if !numbers::mean_is_settled(mean, value) {
            mean += value / n - mean / n;
        }
    }
    mean
}

/// Of the population, by Welford's method; one value deviates from nothing, whatever it is.
fn deviation(values: &[f64]) -> f64 {
    let [first, rest @ ..] = values else {
        return f64::NAN;
    };
    let (mut mean, mut squares, mut n) = (*first, 0.0, 1.0);
    for value in rest {
        n += 1.0;
        let off = value - mean;
        mean += off / n;
        squares += off * (value - mean);
    }
    (squares / n).sqrt()
}

/// The series with the largest or smallest values of each group keep them, the others have none.
fn ranked(
    mut tracks: Vec<Track>,
    (groups, count): (&[usize], usize),
    top: bool,
    (parameter, steps): (impl Fn(usize) -> f64, usize),
) -> Result<Frame, EvalError> {
    let mut order = vec![];
    let mut members: Vec<Vec<(usize, f64)>> = vec![vec![]; count];
    for step in 0..steps {
        let wanted = wanted(parameter(step))?;
        for (place, (track, group)) in tracks.iter_mut().zip(groups).enumerate() {
            let value = track.values.get_mut(step).and_then(Option::take);
            if let (Some(value), Some(members)) = (value, members.get_mut(*group)) {
                members.push((place, value));
            }
        }
        order.clear();
        for members in &mut members {
            members.sort_by(|(_, a), (_, b)| numbers::ranked(*a, *b, top));
            for (place, value) in members.drain(..).take(wanted) {
                order.push(place);
                let cell = tracks.get_mut(place).and_then(|t| t.values.get_mut(step));
                if let Some(cell) = cell {
                    *cell = Some(value);
                }
            }
        }
    }
    if steps == 1 {
        let mut slots: Vec<Option<Track>> = tracks.into_iter().map(Some).collect();
        let in_order = order
            .iter()
            .filter_map(|place| slots.get_mut(*place).and_then(Option::take));
        return Ok(Frame::Vector(in_order.collect()));
    }
    Ok(Frame::Vector(frame::inhabited(tracks)))
}

fn wanted(parameter: f64) -> Result<usize, EvalError> {
    if !numbers::is_whole_number(parameter) {
        return Err(EvalError::Count(parameter));
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "what is below one is none"
    )]
    Ok(parameter.max(0.0) as usize)
}
