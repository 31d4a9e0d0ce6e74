//! `flashfit models bench`: how long each stage of looking at a photo takes.
use crate::{
    app::{self, Settings, packs},
    cli::say,
    engines::vision::{Options, Pack, Photo, Vision},
};
use anyhow::Context as _;
use clap::Args;
use std::{
    collections::BTreeMap,
    path::PathBuf,
    time::{Duration, Instant},
};

/// What to time and how often.
#[derive(Debug, Args)]
pub(in crate::cli) struct Bench {
    /// A folder with pack.toml, or an installed pack; the pack in this program when left out
    #[arg(long, value_name = "NAME|DIR")]
    pack: Option<PathBuf>,
    /// How many photos to look at
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
}

/// Prints how long each stage takes.
pub(super) fn run(bench: &Bench, settings: &Settings) -> anyhow::Result<()> {
    let pack = match &bench.pack {
        Some(pack) => packs::open(pack, settings)?,
        None => Pack::embedded()?,
    };
    let id = pack.id().to_owned();
    let started = Instant::now();
    let alone = Options {
        sessions: 1,
        ..app::vision_options(settings)
    };
    let vision = Vision::load(pack, &alone)?;
    let loaded = started.elapsed();
    let photo = test_photo().context("the test photo has no pixels")?;
    let mut times = BTreeMap::<&str, Vec<Duration>>::new();
    let mut order = vec![];
    for _ in 0..bench.rounds {
        let started = Instant::now();
        let sight = vision.look(&photo)?;
        let whole = started.elapsed();
        let started = Instant::now();
        vision.embed_text("a navy striped shirt")?;
        let text = ("clip_text", started.elapsed());
        let stages = sight.timings.into_iter().chain([("(look)", whole), text]);
        for (stage, time) in stages {
            if !order.contains(&stage) {
                order.push(stage);
            }
            times.entry(stage).or_default().push(time);
        }
    }
    let mut text = format!(
        "{id}, loaded in {} ms, {} rounds on one thread\n{:<14}{:>10}{:>10}\n",
        loaded.as_millis(),
        bench.rounds,
        "stage",
        "p50 ms",
        "max ms"
    );
    for stage in order {
        let mut taken = times.remove(stage).unwrap_or_default();
        taken.sort();
        let ms = |time: Option<&Duration>| time.map_or(0.0, |t| t.as_secs_f64() * 1e3);
        let (middle, most) = (ms(taken.get(taken.len() / 2)), ms(taken.last()));
        text += &format!("{stage:<14}{middle:>10.2}{most:>10.2}\n");
    }
    say(text.trim_end());
    Ok(())
}

/// As large as what a phone's photo is reduced to: a dark square on a light, uneven ground.
fn test_photo() -> Option<Photo> {
    const SIDE: usize = 1024;
    let pixel = |i: usize| {
        let (x, y) = (i % SIDE, i / SIDE);
        let is_inside =
            (SIDE / 4..SIDE * 3 / 4).contains(&x) && (SIDE / 5..SIDE * 4 / 5).contains(&y);
        let noise = ((x * 31 + y * 17) % 23) as u8;
        match is_inside {
            true => [20 + noise, 30 + noise, 80 + noise],
            false => [200 + noise, 190 + noise, 180 + noise],
        }
    };
    let rgb = (0..SIDE * SIDE).flat_map(pixel).collect();
    Photo::from_rgb(SIDE as u32, SIDE as u32, rgb)
}
