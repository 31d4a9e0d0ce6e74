//! Parts of the way of a photo and of a request, each alone: `cargo bench --bench parts`.
#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that cannot go on should stop"
)]
#![expect(clippy::print_stdout, reason = "some figures are no times")]
#[path = "../src/engines/series/corpus.rs"]
mod corpus;

use chrono::{DateTime, TimeDelta, Utc};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use flashfit::{
    base::{
        embedding::{Embedding, Space},
        garment::{Category, Occasion, Whereabouts},
        id::{ItemId, UserId},
        metrics as names,
    },
    engines::{
        alerting::{Active, Evaluation as Round, RuleFile},
        illustrate::demo_wardrobe,
        index::{Filter, Settings, SpaceIndex},
        promql::{Labels, Options as Evaluation, Query},
        ranking::{Ask, Day, Garment, Learned, Tint, compose, plan},
        series::{Limits as RingLimits, Ring},
        vision::{Limits, Options, Pack, Photo, Vision},
    },
    platform::telemetry,
};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use std::{hint::black_box, path::Path, time::Duration};
use uuid::Uuid;

/// A phone photo: 4000 × 3000 pixels.
const PHONE: (u32, u32) = (4000, 3000);
/// Garments in a large wardrobe, and numbers in an embedding.
const GARMENTS: u128 = 300;
const DIMENSION: usize = 128;
/// What the server accepts, stores and shows: see `config/flashfit.toml` and `features/wardrobe/intake.rs`.
const LIMITS: Limits = Limits {
    max_bytes: 20 << 20,
    max_pixels: 50_000_000,
};
const STORED: u32 = 2048;
const THUMBNAILS: [u32; 2] = [960, 384];

criterion_group! {
    name = parts;
    config = Criterion::default().sample_size(20).measurement_time(Duration::from_secs(8));
    targets = intake, look, choose, search, metrics_of_a_server, ring
}
criterion_main!(parts, alerts);

criterion_group! {
    name = alerts;
    config = Criterion::default().sample_size(20).measurement_time(Duration::from_secs(8));
    targets = rules
}

/// A drawn garment, enlarged to the size of a phone photo, with the noise of a sensor.
fn phone_photo() -> Photo {
    let drawing = demo_wardrobe()[0].draw(1);
    let random = &mut StdRng::seed_from_u64(1);
    let (width, height) = (PHONE.0 as usize, PHONE.1 as usize);
    let mut rgb = Vec::with_capacity(width * height * 3);
    for row in 0..height {
        for column in 0..width {
            let x = column * drawing.width as usize / width;
            let y = row * drawing.height as usize / height;
            let at = (y * drawing.width as usize + x) * 3;
            let noise = random.random_range(-4..=4_i8);
            let pixel = &drawing.rgb[at..at + 3];
            rgb.extend(pixel.iter().map(|v| v.saturating_add_signed(noise)));
        }
    }
    Photo::from_rgb(PHONE.0, PHONE.1, rgb).unwrap()
}

/// All that happens to an uploaded photo before the answer, the database apart.
fn intake(criterion: &mut Criterion) {
    let jpeg = phone_photo().to_jpeg(90).unwrap();
    let name = format!("intake/12 MP JPEG of {} KiB", jpeg.len() >> 10);
    criterion.bench_function(&format!("{name}: decode"), |bencher| {
        bencher.iter(|| Photo::decode(black_box(&jpeg), &LIMITS).unwrap());
    });
    criterion.bench_function(&format!("{name}: all"), |bencher| {
        bencher.iter(|| {
            let photo = Photo::decode(black_box(&jpeg), &LIMITS).unwrap();
            let stored = photo.shrunk(STORED);
            let thumbnails = THUMBNAILS.map(|side| stored.shrunk(side).to_webp(78.0).unwrap());
            (stored.to_jpeg(88).unwrap(), thumbnails)
        });
    });
}

/// The whole ensemble on one photo, on one thread.
fn look(criterion: &mut Criterion) {
    let options = Options {
        library: None,
        cache_dir: Path::new(env!("CARGO_TARGET_TMPDIR")).join("models/onnxruntime"),
        sessions: 1,
    };
    let vision = Vision::load(Pack::embedded().unwrap(), &options).unwrap();
    let photo = phone_photo().shrunk(STORED);
    criterion.bench_function("vision/look at a stored photo", |bencher| {
        bencher.iter(|| vision.look(black_box(&photo)).unwrap());
    });
    criterion.bench_function("vision/embed a text", |bencher| {
        bencher.iter(|| vision.embed_text(black_box("a warm blue sweater")).unwrap());
    });
}

fn embedding(random: &mut StdRng, space: Space) -> Embedding {
    let values = (0..DIMENSION).map(|_| random.random_range(-1.0..1.0));
    Embedding::new(space, values.collect()).unwrap()
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_760_000_000, 0).unwrap()
}

fn wardrobe(random: &mut StdRng) -> Vec<Garment> {
    let wearable: Vec<Category> = Category::ALL
        .iter()
        .copied()
        .filter(|category| category.slot().is_some())
        .collect();
    (0..GARMENTS)
        .map(|number| {
            let category = wearable[random.random_range(0..wearable.len())];
            Garment {
                id: ItemId(Uuid::from_u128(number)),
                category,
                slot: category.slot().unwrap(),
                certainty: random.random_range(0.5..1.0),
                embeddings: Space::ALL.map(|space| Some(embedding(random, space))),
                colours: vec![Tint {
                    oklab: [random.random(), random.random_range(-0.1..0.1), 0.02],
                    share: 1.0,
                    name: "blue".to_owned(),
                }],
                pattern: Some("plain".to_owned()),
                formality: random.random_range(1.0..5.0),
                warmth: random.random_range(1.0..5.0),
                season: None,
                is_clean: true,
                whereabouts: Whereabouts::AtHand,
                last_worn: None,
                wears_30d: random.random_range(0..4),
                label: format!("{category} {number}"),
            }
        })
        .collect()
}

/// Three outfits out of a large wardrobe.
fn choose(criterion: &mut Criterion) {
    let garments = wardrobe(&mut StdRng::seed_from_u64(2));
    let learned = Learned::default();
    let mut ask = Ask::new(3, 7, now());
    ask.occasion = Some(Occasion::Work);
    criterion.bench_function("ranking/3 outfits from 300 garments", |bencher| {
        bencher.iter(|| compose(black_box(&ask), &garments, &learned));
    });
    let week: Vec<Day> = (0..7)
        .map(|n| Day {
            date: now().date_naive() + TimeDelta::days(n),
            ask: ask.clone(),
            instead_of: vec![],
        })
        .collect();
    criterion.bench_function("ranking/7 days from 300 garments", |bencher| {
        bencher.iter(|| plan(black_box(&week), &[], &garments, &learned));
    });
}

/// One person's garments, scanned.
fn search(criterion: &mut Criterion) {
    let random = &mut StdRng::seed_from_u64(3);
    let index = SpaceIndex::new(Space::Clip, DIMENSION, &Settings::default()).unwrap();
    let owner = UserId(Uuid::from_u128(1));
    for number in 0..GARMENTS {
        let key = ItemId(Uuid::from_u128(number));
        let vector = embedding(random, Space::Clip);
        index.upsert(key, owner, &vector).unwrap();
    }
    let filter = Filter {
        owner: Some(owner),
        ..Filter::default()
    };
    criterion.bench_function("index/exact search of 300 × 128", |bencher| {
        let query = || embedding(&mut StdRng::seed_from_u64(4), Space::Clip);
        let search = |query: Embedding| index.search(&query, 10, &filter).unwrap();
        bencher.iter_batched(query, search, BatchSize::SmallInput);
    });
}

/// Series of a server with much to say, and statements of a request that asks the database a lot.
const SERIES: usize = 2000;
const STATEMENTS: usize = 10;

/// What a scrape costs, and what a request pays for being measured. The first must stay below 10 ms; the second below a
/// fiftieth of what `cargo bench --bench http` says a request takes.
fn metrics_of_a_server(criterion: &mut Criterion) {
    let exporter = telemetry::exporter().unwrap();
    criterion.bench_function("metrics/what a request records", |bencher| {
        bencher.iter(|| record_request("/api/wardrobe/{id}"));
    });
    exporter.run_upkeep();
    let mut routes = 0;
    while series(&exporter.render()) < SERIES {
        record_request(&format!("/api/{routes}"));
        routes += 1;
    }
    criterion.bench_function("metrics/a scrape of 2000 series", |bencher| {
        bencher.iter(|| black_box(exporter.render()));
    });
}

fn series(text: &str) -> usize {
    text.lines().filter(|line| !line.starts_with('#')).count()
}

/// As `platform::http::observe`, the pool, the cache and the connections do.
fn record_request(route: &str) {
    let (route, took) = (route.to_owned(), Duration::from_micros(900));
    metrics::gauge!(names::HTTP_IN_FLIGHT).increment(1.0);
    for operation in ["count", "get"] {
        metrics::histogram!(names::CACHE_SECONDS, "operation" => operation).record(took);
    }
    for _ in 0..2 {
        metrics::histogram!(names::DB_WAIT_SECONDS).record(took);
    }
    for _ in 0..STATEMENTS {
        metrics::histogram!(names::DB_QUERY_SECONDS, "statement" => "select items").record(took);
    }
    metrics::histogram!(names::HTTP_REQUEST_BYTES).record(200.0);
    metrics::histogram!(names::HTTP_RESPONSE_BYTES).record(20_000.0);
    metrics::counter!(names::HTTP_REQUESTS, "method" => "GET", "route" => route.clone(), "status" => 200.to_string())
        .increment(1);
    metrics::histogram!(names::HTTP_SECONDS, "method" => "GET", "route" => route).record(took);
    metrics::gauge!(names::HTTP_IN_FLIGHT).decrement(1.0);
}

/// Rounds in a day at one every 15 seconds.
const ROUNDS: i64 = 24 * 60 * 4;
const ROUND_MS: i64 = 15_000;

/// A day of samples in memory: what it weighs, and what adding to it and asking it takes.
fn ring(criterion: &mut Criterion) {
    let mut corpus = corpus::Corpus::new(SERIES);
    let names: Vec<Labels> = corpus.names().into_iter().map(Labels::new).collect();
    let mut ring = Ring::new(RingLimits::default());
    let mut now = 0;
    let mut append = |ring: &mut Ring, now: &mut i64| {
        *now += ROUND_MS;
        let values = corpus.round().iter().copied();
        ring.append("metrics", *now, names.iter().cloned().zip(values));
    };
    (0..ROUNDS).for_each(|_| append(&mut ring, &mut now));
    let bytes = ring.bytes();
    println!(
        "series/24 h of {SERIES} series: {:.1} MB, {:.2} bytes a sample",
        bytes as f64 / 1e6,
        bytes as f64 / (SERIES as i64 * ROUNDS) as f64
    );
    assert!(bytes < 64_000_000);
    criterion.bench_function("series/append a round of 2000", |bencher| {
        bencher.iter(|| append(&mut ring, &mut now));
    });
    let snapshot = ring.snapshot();
    let p99 =
        "histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket[5m])))";
    for text in [p99, "sum(rate(http_request_duration_seconds_count[5m]))"] {
        let query = Query::parse(text).unwrap();
        criterion.bench_function(&format!("series/{text} now"), |bencher| {
            bencher.iter(|| query.at(&snapshot, now, &Evaluation::default()).unwrap());
        });
    }
}

/// A hundred rules: most look at a few series, one in four at every route of a server.
fn hundred_rules() -> RuleFile {
    let mut rules = String::from("groups:\n  - name: a hundred\n    rules:\n");
    for n in 0..100 {
        let things = format!("things_{}_total", 1600 + n * 4);
        let http = "http_request_duration_seconds";
        let expression = match n % 12 {
            0 => format!(
                "histogram_quantile(0.99, sum by (le, route) (rate({http}_bucket[5m]))) > 5"
            ),
            1 => format!(
                "sum by (route) (rate({http}_sum[5m])) / sum by (route) (rate({http}_count[5m])) > 1"
            ),
            2 => format!("sum(rate({http}_count[10m])) < 0.1"),
            3 => format!("increase({things}[1h]) > 1e9"),
            4 => format!("avg_over_time({things}[15m]) > 1e12"),
            5 => format!("max_over_time({things}[30m]) > 1e12 and on() {things} > 0"),
            6 => format!("rate({things}[5m]) / clamp_min(rate({things}[1h] offset 5m), 1) > 1e6"),
            7 => format!("absent({things})"),
            8 => format!("changes({things}[10m]) > 1e6"),
            9 => format!("quantile_over_time(0.9, {things}[20m]) > 1e12"),
            10 => format!("{things} > 0"),
            _ => format!("{things} == bool 0"),
        };
        // Every twelfth is recorded, every twelfth fires.
        let kind = if n % 12 == 11 {
            "record: r"
        } else {
            "alert: A"
        };
        rules += &format!("      - {kind}{n}\n        expr: {expression}\n");
        if n % 12 != 11 {
            rules += "        for: 1m\n        annotations: {summary: '{{ $labels.kind }} {{ $value | humanize }}'}\n";
        }
    }
    RuleFile::parse(&rules).unwrap()
}

/// One evaluation round.
fn rules(criterion: &mut Criterion) {
    let mut corpus = corpus::Corpus::new(SERIES);
    let names: Vec<Labels> = corpus.names().into_iter().map(Labels::new).collect();
    let mut ring = Ring::new(RingLimits::default());
    // As long as the longest window, and a block that is packed and one that is not.
    for round in 0..400 {
        let values = corpus.round().iter().copied();
        ring.append(
            "metrics",
            round * ROUND_MS,
            names.iter().cloned().zip(values),
        );
    }
    let snapshot = ring.snapshot();
    let file = hundred_rules();
    let round = Round {
        store: &snapshot,
        at_ms: 399 * ROUND_MS,
        options: &Evaluation::default(),
        external_url: "",
    };
    let group = &file.groups[0];
    let active = round.of(group, &Active::default()).active;
    assert_eq!((group.rules.len(), active.alerts().count()), (100, 8));
    criterion.bench_function(
        "alerting/a round of 100 rules over 2000 series",
        |bencher| {
            bencher.iter(|| round.of(group, black_box(&active)));
        },
    );
}
