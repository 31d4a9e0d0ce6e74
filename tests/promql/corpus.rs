//! Samples of every kind that matters, always the same.
use flashfit::engines::promql::{Labels, METRIC_NAME, Sample, Series, stale_marker};
use rand::{Rng, SeedableRng, rngs::StdRng};

/// A whole minute.
pub(crate) const START_MS: i64 = 1_699_999_200_000;
const SCRAPE_S: i64 = 15;
/// Two hours.
const END_S: i64 = 7200;

type Pairs<'a> = &'a [(&'a str, &'a str)];

/// Every series of the corpus.
pub(crate) fn series() -> Vec<Series> {
    let mut random = StdRng::seed_from_u64(7);
    let mut out = vec![];
    requests(&mut out, &mut random);
    gauges(&mut out, &mut random);
    ups(&mut out, &mut random);
    histograms(&mut out, &mut random);
    odd_numbers(&mut out, &mut random);
    sparse(&mut out);
    names(&mut out);
    out
}

fn add(
    out: &mut Vec<Series>,
    name: &str,
    labels: Pairs<'_>,
    samples: impl IntoIterator<Item = (i64, f64)>,
) {
    let named = [(METRIC_NAME, name)]
        .into_iter()
        .chain(labels.iter().copied());
    let samples = samples.into_iter().map(|(ms, value)| Sample {
        at_ms: START_MS + ms,
        value,
    });
    out.push(Series {
        labels: Labels::new(named),
        samples: samples.collect(),
    });
}

/// Every scrape, late by so many milliseconds.
fn scrapes(late_ms: i64) -> impl Iterator<Item = i64> {
    (0..=END_S / SCRAPE_S).map(move |i| i * SCRAPE_S * 1000 + late_ms)
}

/// Counters that start anew now and then; some begin late, one goes away and comes back.
fn requests(out: &mut Vec<Series>, random: &mut StdRng) {
    for (j, job) in ["api", "web"].iter().enumerate() {
        for (i, instance) in ["a:80", "b:80", "c:80"].iter().enumerate() {
            for (c, code) in ["200", "404", "500"].iter().enumerate() {
                let restart = 1 + random.random_range(100..400);
                let mut count = if i == 0 { 1000.0 * (c + 1) as f64 } else { 0.0 };
                let begins = if i == 2 { 600_000 } else { 0 };
                let late = ((i + j) as i64) * 137;
                let mut samples = vec![];
                for (n, ms) in scrapes(late).enumerate() {
                    if n as i64 % restart == restart - 1 {
                        count = 0.0;
                    }
                    if c < 2 || random.random_bool(0.1) {
                        count += f64::from(random.random_range(0..20 / (c + 1) as i32));
                    }
                    let away = c == 1 && i == 1 && (3_600_000..4_800_000).contains(&ms);
                    if ms >= begins && !away {
                        // No two series have the same value: which of two equals comes first is nobody's promise.
                        samples.push((ms, count + (9 * j + 3 * i + c) as f64 / 1024.0));
                    }
                }
                let labels = [("job", *job), ("instance", *instance), ("code", *code)];
                add(out, "requests_total", &labels, samples);
            }
        }
    }
    let info = |i: i64| scrapes(i * 137).map(|ms| (ms, 1.0));
    for (i, (instance, version)) in [("a:80", "1.2"), ("b:80", "1.3"), ("c:80", "")]
        .iter()
        .enumerate()
    {
        add(
            out,
            "build_info",
            &[("instance", instance), ("version", version), ("job", "api")],
            info(i as i64),
        );
    }
}

/// Gauges that go up and down, below zero, with gaps, and with values that are no number.
fn gauges(out: &mut Vec<Series>, random: &mut StdRng) {
    for (r, room) in ["attic", "cellar", "hall", "kitchen"].iter().enumerate() {
        let mut value = 10.0 * r as f64 - 5.0;
        let mut samples = vec![];
        for (n, ms) in scrapes(0).enumerate() {
            value += random.random_range(-1.0..1.0);
            let gap = r == 1 && (100..160).contains(&(n % 240));
            let odd = r == 2 && n % 50 < 3;
            if !gap && random.random_bool(0.97) {
                samples.push((
                    ms,
                    if odd {
                        f64::NAN
                    } else {
                        (value * 64.0).round() / 64.0
                    },
                ));
            }
        }
        add(
            out,
            "temperature",
            &[("room", room), ("floor", if r < 2 { "x" } else { "y" })],
            samples,
        );
    }
    for (job, limit) in [("api", 8000.0), ("web", 6000.0), ("batch", 1.0)] {
        let labels = [
            ("job", job),
            ("owner", if job == "api" { "ann" } else { "ben" }),
        ];
        add(
            out,
            "request_limit",
            &labels,
            scrapes(0).map(|ms| (ms, limit)),
        );
    }
    add(
        out,
        "ratio",
        &[],
        scrapes(0).map(|ms| (ms, 0.25 + ms as f64 / 2e7)),
    );
    add(
        out,
        "steady",
        &[("job", "api")],
        scrapes(0).map(|ms| (ms, 42.0)),
    );
}

/// Up or not, with the marker of staleness when the target is gone.
fn ups(out: &mut Vec<Series>, random: &mut StdRng) {
    for (i, instance) in ["a:80", "b:80", "c:80", "d:80"].iter().enumerate() {
        let mut samples = vec![];
        for (n, ms) in scrapes(i as i64 * 137).enumerate() {
            let gone = i == 1 && (90..130).contains(&n) || i == 3 && n > 200;
            let marked = i == 1 && n == 90 || i == 3 && n == 201;
            if marked {
                samples.push((ms, stale_marker()));
            } else if !gone {
                samples.push((ms, f64::from(u8::from(random.random_bool(0.9)))));
            }
        }
        let job = if i < 2 { "api" } else { "web" };
        add(out, "up", &[("job", job), ("instance", instance)], samples);
    }
    // Comes and goes from one scrape to the next.
    let flickering = scrapes(0)
        .enumerate()
        .map(|(n, ms)| (ms, if n % 3 == 2 { stale_marker() } else { n as f64 }));
    add(out, "flickering", &[], flickering);
}

/// Classic histograms: ordinary, torn (a smaller bucket holds more), and without the last bucket.
fn histograms(out: &mut Vec<Series>, random: &mut StdRng) {
    let bounds = ["0.1", "0.5", "1", "2.5", "+Inf"];
    for (j, job) in ["api", "web", "torn", "cut"].iter().enumerate() {
        let mut counts = [0.0; 5];
        let mut series = vec![vec![]; 5];
        for ms in scrapes(0) {
            for _ in 0..random.random_range(0..8) {
                let bucket = random.random_range(0..5usize);
                for count in counts.iter_mut().skip(bucket) {
                    *count += 1.0;
                }
            }
            for (bucket, samples) in series.iter_mut().enumerate() {
                let torn = if j == 2 && bucket == 1 { 40.0 } else { 0.0 };
                samples.push((ms, counts[bucket] + torn));
            }
        }
        for (le, samples) in bounds.iter().zip(series) {
            if !(j == 3 && *le == "+Inf") {
                add(
                    out,
                    "latency_seconds_bucket",
                    &[("job", job), ("le", le)],
                    samples,
                );
            }
        }
        add(
            out,
            "latency_seconds_count",
            &[("job", job)],
            scrapes(0).map(|ms| (ms, ms as f64 / 5000.0)),
        );
        add(
            out,
            "latency_seconds_sum",
            &[("job", job)],
            scrapes(0).map(|ms| (ms, ms as f64 / 9000.0)),
        );
    }
    odd_histograms(out);
}

/// Bounds below zero, written in two ways, or no bounds at all; and nothing observed.
fn odd_histograms(out: &mut Vec<Series>) {
    for (le, count) in [
        ("-2", 3.0),
        ("-1", 5.0),
        ("0", 9.0),
        ("1", 12.0),
        ("1.0", 2.0),
        ("Inf", 20.0),
        ("odd", 7.0),
    ] {
        add(
            out,
            "balance_bucket",
            &[("le", le)],
            scrapes(0).map(|ms| (ms, count)),
        );
    }
    for le in ["1", "+Inf"] {
        add(
            out,
            "empty_bucket",
            &[("le", le)],
            scrapes(0).map(|ms| (ms, 0.0)),
        );
    }
}

/// Values at the edges of arithmetic.
fn odd_numbers(out: &mut Vec<Series>, random: &mut StdRng) {
    let values = [
        ("inf", f64::INFINITY),
        ("minus_inf", f64::NEG_INFINITY),
        ("nan", f64::NAN),
        ("zero", 0.0),
        ("minus_zero", -0.0),
        ("huge", 1e300),
        ("tiny", -1e-300),
        ("half", 2.5),
        ("minus_half", -2.5),
    ];
    for (kind, value) in values {
        add(
            out,
            "odd",
            &[("kind", kind)],
            scrapes(0).map(|ms| (ms, value)),
        );
    }
    let any = [
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::NAN,
        1.0,
        2.0,
        -3.0,
        1e300,
    ];
    for which in ["one", "two"] {
        let mixed: Vec<_> = scrapes(0)
            .map(|ms| (ms, any[random.random_range(0..any.len())]))
            .collect();
        add(out, "mixed", &[("which", which)], mixed);
        let infinite = scrapes(0).map(|ms| {
            (
                ms,
                if ms % 120_000 == 0 {
                    f64::INFINITY
                } else {
                    1.0
                },
            )
        });
        add(out, "spikes", &[("which", which)], infinite);
    }
}

/// Samples so far apart that lookback and the edges of windows matter.
fn sparse(out: &mut Vec<Series>) {
    for (every, name) in [
        (60, "minutely"),
        (240, "slow"),
        (300, "slower"),
        (420, "slowest"),
    ] {
        let samples = (0..=END_S / every).map(|i| (i * every * 1000, (i * i) as f64));
        add(out, name, &[("every", &format!("{every}s"))], samples);
    }
    add(out, "once", &[], [(1_800_000, 3.0)]);
    add(out, "twice", &[], [(1_800_000, 3.0), (3_600_000, 5.0)]);
}

/// Names and labels that put matchers, patterns and label functions to the test.
fn names(out: &mut Vec<Series>) {
    let every = || scrapes(0).map(|ms| (ms, ms as f64 / 1000.0));
    // The same labels under two names; the first ends before the second begins.
    add(
        out,
        "early",
        &[("x", "1")],
        every().filter(|(ms, _)| *ms < 1_500_000),
    );
    add(
        out,
        "late",
        &[("x", "1")],
        every().filter(|(ms, _)| *ms > 4_500_000),
    );
    add(out, "twin_a", &[("x", "1")], every());
    add(out, "twin_b", &[("x", "1")], every());
    for (path, text) in [
        ("/a/b", "héllo"),
        ("/a/b/c", "two\nlines"),
        ("/A/42", "a-b_c.d"),
        ("", "[brackets]"),
        ("/x=1", "back\\slash"),
        ("/٣", "\"quoted\""),
    ] {
        add(out, "page", &[("path", path), ("text", text)], every());
    }
    for (a, b, value) in [
        ("1", "2", 3.0),
        ("1", "3", 4.0),
        ("2", "2", 5.0),
        ("2", "", 6.0),
    ] {
        add(
            out,
            "left",
            &[("a", a), ("b", b)],
            scrapes(0).map(move |ms| (ms, value)),
        );
    }
    for (a, value) in [("1", 10.0), ("2", 20.0), ("3", 30.0)] {
        add(
            out,
            "right",
            &[("a", a), ("c", "see")],
            scrapes(0).map(move |ms| (ms, value)),
        );
    }
    add(
        out,
        "seconds",
        &[],
        (0..=END_S / 60).map(|i| (i * 60_000, (i * 7_919 * 60) as f64 - 1e6)),
    );
}
