//! How the series of two vectors find each other.
use std::collections::{HashMap, HashSet};

use super::{
    error::EvalError,
    frame::{Collector, Frame, Track},
    labels::Labels,
    operate::{apply, drops_name},
    plan::{Grouping, Matching, Operator, Set, Side},
};

/// What series must agree in to be partners, by number.
#[derive(Default)]
struct Keys(HashMap<Labels, usize>);

impl Keys {
    fn of(&mut self, tracks: &[Track], grouping: &Grouping) -> Vec<usize> {
        let number = |track: &Track| {
            let next = self.0.len();
            *self.0.entry(grouping.key(&track.labels)).or_insert(next)
        };
        tracks.iter().map(number).collect()
    }

    fn len(&self) -> usize {
        self.0.len()
    }
}

/// `and`, `or`, `unless`.
pub(super) fn set(
    operator: Set,
    grouping: &Grouping,
    (left, right): (Vec<Track>, Vec<Track>),
    steps: usize,
) -> Result<Frame, EvalError> {
    let mut keys = Keys::default();
    let (left_keys, right_keys) = (keys.of(&left, grouping), keys.of(&right, grouping));
    let mut out = Collector::new(steps);
    let from_left = places(&mut out, &left);
    let from_right = match operator {
        Set::Or => places(&mut out, &right),
        Set::And | Set::Unless => vec![],
    };
    for step in 0..steps {
        let (on_left, on_right) = (
            present(&left, &left_keys, step),
            present(&right, &right_keys, step),
        );
        for ((track, key), place) in left.iter().zip(&left_keys).zip(&from_left) {
            let stays = match operator {
                Set::And => on_right.contains(key),
                Set::Unless => !on_right.contains(key),
                Set::Or => true,
            };
            if let (true, Some(value)) = (stays, value(track, step)) {
                out.put(*place, step, value)?;
            }
        }
        for ((track, key), place) in right.iter().zip(&right_keys).zip(&from_right) {
            if let (false, Some(value)) = (on_left.contains(key), value(track, step)) {
                out.put(*place, step, value)?;
            }
        }
    }
    Ok(out.finish())
}

fn places(out: &mut Collector, tracks: &[Track]) -> Vec<usize> {
    tracks.iter().map(|t| out.place(t.labels.clone())).collect()
}

fn present(tracks: &[Track], keys: &[usize], step: usize) -> HashSet<usize> {
    let there = tracks
        .iter()
        .zip(keys)
        .filter(|(track, _)| value(track, step).is_some());
    there.map(|(_, key)| *key).collect()
}

fn value(track: &Track, step: usize) -> Option<f64> {
    track.values.get(step).copied().flatten()
}

/// Arithmetic and comparisons: each series of the side that may have many meets the one of the other side.
pub(super) fn pair(
    operator: Operator,
    matching: &Matching,
    (left, right): (Vec<Track>, Vec<Track>),
    steps: usize,
) -> Result<Frame, EvalError> {
    let swapped = matching.side == Side::OneToMany;
    let (many, one) = if swapped {
        (right, left)
    } else {
        (left, right)
    };
    let mut keys = Keys::default();
    let many_keys = keys.of(&many, &matching.grouping);
    let one_keys = keys.of(&one, &matching.grouping);
    let mut out = Collector::new(steps);
    let mut known = HashMap::new();
    for step in 0..steps {
        // Where one side has nothing at all, nobody asks whether the other is unique.
        if many.iter().all(|t| value(t, step).is_none()) {
            continue;
        }
        let partners = unique((&one, &one_keys), keys.len(), step)?;
        let mut met = vec![false; keys.len()];
        for (i, (track, key)) in many.iter().zip(&many_keys).enumerate() {
            let partner = partners.get(*key).copied().flatten();
            let (Some(own), Some((j, other))) = (value(track, step), partner) else {
                continue;
            };
            let (l, r) = if swapped { (other, own) } else { (own, other) };
            let Some(result) = apply(operator, l, r) else {
                continue;
            };
            let place = *known.entry((i, j)).or_insert_with(|| {
                let other = one.get(j).map_or(&track.labels, |t| &t.labels);
                out.place(called(operator, matching, &track.labels, other))
            });
            let again = met
                .get_mut(*key)
                .is_none_or(|met| std::mem::replace(met, true));
            if (again && matching.side == Side::OneToOne) || !out.try_put(place, step, result) {
                return Err(EvalError::ManyToOne(out.name(place)));
            }
        }
    }
    Ok(out.finish())
}

type Partner = Option<(usize, f64)>;

/// The one series of each key that has a value at this step.
fn unique(
    (tracks, track_keys): (&[Track], &[usize]),
    keys: usize,
    step: usize,
) -> Result<Vec<Partner>, EvalError> {
    let mut partners: Vec<Partner> = vec![None; keys];
    for (j, (track, key)) in tracks.iter().zip(track_keys).enumerate() {
        let (Some(value), Some(partner)) = (value(track, step), partners.get_mut(*key)) else {
            continue;
        };
        if partner.replace((j, value)).is_some() {
            return Err(EvalError::ManyToMany(track.labels.to_string()));
        }
    }
    Ok(partners)
}

/// What the result of two series is called.
fn called(operator: Operator, matching: &Matching, many: &Labels, one: &Labels) -> Labels {
    // Included labels may bring a name back, but not where a result is 0 or 1.
    let is_bool = matches!(operator, Operator::Compare { as_bool: true, .. });
    let mut labels = if drops_name(operator) && !is_bool {
        many.nameless()
    } else {
        many.clone()
    };
    if matching.side == Side::OneToOne {
        labels = match &matching.grouping {
            Grouping::By(names) => labels.only(names),
            Grouping::Without(names) => labels.without(names),
        };
    }
    for name in &matching.include {
        labels = labels.with(name, one.get(name));
    }
    if is_bool { labels.nameless() } else { labels }
}
