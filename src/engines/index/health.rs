//! One number for how well an index does its work. The formula is also in `docs/metrics.md`.

/// What the score is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Health {
    /// Whether there is an index to search at all.
    pub is_usable: bool,
    /// Vectors in the index.
    pub vectors: usize,
    /// Vectors that should be in it.
    pub expected: usize,
    /// Changes that the index has not seen yet: so many may be missing without anything being wrong.
    pub underway: usize,
    /// Share of the nearest that searches find, 0 to 1.
    pub recall: f64,
    /// How far it lies behind the tables.
    pub lag_seconds: f64,
    /// Share of deleted entries in the graph, 0 to 1.
    pub deleted: f64,
    /// Whether the copy on disk is sound.
    pub has_snapshot: bool,
}

/// What each part takes away at most.
const COMPLETENESS: f64 = 50.0;
const RECALL: f64 = 30.0;
const LAG: f64 = 10.0;
const DELETED: f64 = 5.0;
const SNAPSHOT: f64 = 5.0;
/// Losing so much recall is as bad as losing all of it.
const RECALL_LOST: f64 = 0.3;
/// Lying so far behind is as bad as any longer.
const LAG_SECONDS: f64 = 60.0;
/// From such a share on a graph is made anew.
const DELETED_SHARE: f64 = 0.3;

impl Health {
    /// 100 when all is well, 0 when nothing can be searched.
    #[must_use]
    pub fn score(&self) -> f64 {
        if !self.is_usable {
            return 0.0;
        }
        let differ = self.expected.abs_diff(self.vectors);
        let wrong = differ.saturating_sub(self.underway) as f64;
        let missing = wrong / self.expected.max(self.vectors).max(1) as f64;
        let part = |value: f64, worst: f64| (value / worst).clamp(0.0, 1.0);
        let lost = COMPLETENESS * missing
            + RECALL * part(1.0 - self.recall, RECALL_LOST)
            + LAG * part(self.lag_seconds, LAG_SECONDS)
            + DELETED * part(self.deleted, DELETED_SHARE)
            + SNAPSHOT * f64::from(u8::from(!self.has_snapshot));
        (100.0 - lost).clamp(0.0, 100.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WELL: Health = Health {
        is_usable: true,
        vectors: 1000,
        expected: 1000,
        underway: 0,
        recall: 1.0,
        lag_seconds: 0.0,
        deleted: 0.0,
        has_snapshot: true,
    };

    #[test]
    fn each_part_takes_away_what_it_weighs() {
        let empty = Health {
            vectors: 0,
            expected: 0,
            ..WELL
        };
        let lost = Health { vectors: 0, ..WELL };
        let half = Health {
            vectors: 500,
            ..WELL
        };
        let busy = Health {
            vectors: 800,
            underway: 200,
            ..WELL
        };
        let blind = Health {
            recall: 0.5,
            ..WELL
        };
        let late = Health {
            lag_seconds: 600.0,
            ..WELL
        };
        let worn = Health {
            deleted: 0.15,
            ..WELL
        };
        let damaged = Health {
            has_snapshot: false,
            ..WELL
        };
        let gone = Health {
            is_usable: false,
            ..WELL
        };
        for (health, score) in [
            (WELL, 100.0),
            (empty, 100.0),
            (lost, 50.0),
            (half, 75.0),
            (busy, 100.0),
            (blind, 70.0),
            (late, 90.0),
            (worn, 97.5),
            (damaged, 95.0),
            (gone, 0.0),
        ] {
            assert!((health.score() - score).abs() < 1e-9, "{health:?}");
        }
    }
}
