//! What a busy server's metrics look like, made up: for the measure of how small they become.
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};

/// Upper bounds of the buckets, in seconds.
const BOUNDS: [f64; 13] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];
/// Series of one histogram: its buckets, the last one, the sum and the count.
const HISTOGRAM: usize = BOUNDS.len() + 3;
/// Between two rounds.
const STEP_SECONDS: f64 = 15.0;

/// Four of five series are of histograms; of the rest half are counters, half gauges. Half of the histograms and
/// counters are of things that seldom happen.
pub(crate) struct Corpus {
    random: StdRng,
    values: Vec<f64>,
    histograms: usize,
}

impl Corpus {
    pub(crate) fn new(series: usize) -> Self {
        Self {
            random: StdRng::seed_from_u64(1),
            values: vec![0.0; series],
            histograms: series * 4 / 5 / HISTOGRAM,
        }
    }

    /// What a series is called.
    pub(crate) fn names(&self) -> Vec<Vec<(&'static str, String)>> {
        let name = |n: usize| {
            let which = n / HISTOGRAM;
            let part = n % HISTOGRAM;
            if which >= self.histograms {
                return vec![
                    ("__name__", format!("things_{n}_total")),
                    ("kind", "some".to_owned()),
                ];
            }
            let of = ["bucket", "sum", "count"][part.saturating_sub(BOUNDS.len())];
            let le = BOUNDS.get(part).map_or("+Inf".to_owned(), f64::to_string);
            vec![
                ("__name__", format!("http_request_duration_seconds_{of}")),
                ("route", format!("/api/things/{{id}}/{which}")),
                ("method", "GET".to_owned()),
                ("le", if of == "bucket" { le } else { String::new() }),
            ]
        };
        (0..self.values.len()).map(name).collect()
    }

    /// The values of the next round, in the order of the names.
    pub(crate) fn round(&mut self) -> &[f64] {
        for which in 0..self.histograms {
            let per_second = if which % 2 == 0 {
                0.002
            } else {
                which as f64 / 5.0
            };
            let events = self.events(per_second);
            let at = which * HISTOGRAM;
            for _ in 0..events as u32 {
                let seconds = 0.004 * self.random.random_range(-1.5_f64..2.5).exp();
                let first = BOUNDS.partition_point(|b| *b < seconds);
                let cells = &mut self.values[at..at + HISTOGRAM];
                for cell in &mut cells[first..=BOUNDS.len()] {
                    *cell += 1.0;
                }
                cells[HISTOGRAM - 2] += seconds;
                cells[HISTOGRAM - 1] += 1.0;
            }
        }
        for n in self.histograms * HISTOGRAM..self.values.len() {
            self.values[n] = match n % 4 {
                // Load, memory, shares: numbers with all their digits.
                0 => self.random.random_range(0.0..1.0),
                1 => 1e8 + f64::from(self.random.random_range(0..1_000_000)) * 4096.0,
                2 => self.values[n] + self.events(0.002),
                _ => self.values[n] + self.events(n as f64 / 50.0),
            };
        }
        &self.values
    }

    /// How often something happened in a round: half of the mean to one and a half of it.
    fn events(&mut self, per_second: f64) -> f64 {
        let mean = per_second * STEP_SECONDS;
        (mean * self.random.random_range(0.5..1.5) + self.random.random_range(0.0..1.0)).floor()
    }
}
