//! `flashfit models`: what packs there are, whether one is sound, how fast it runs.
use crate::engines::vision::{Options, Pack, Photo, Vision};
use anyhow::Context as _;
use clap::{Args, Subcommand};
use std::{
    collections::BTreeMap,
    io::Write as _,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// Looks into model packs.
#[derive(Debug, Subcommand)]
pub(super) enum ModelsCommand {
    /// Say what the pack in this program is: files, attributes, card
    #[command(after_help = "Examples:\n  flashfit models list")]
    List,
    /// Check a pack: checksums, every tensor's name and shape, tokenizers, one run
    #[command(after_help = "Examples:\n  flashfit models verify models/default")]
    Verify {
        /// The folder with pack.toml
        dir: PathBuf,
    },
    /// Time every stage of looking at a photo, on one thread
    #[command(
        after_help = "Examples:\n  flashfit models bench\n  flashfit models bench --pack models/clip-b32 --rounds 50"
    )]
    Bench(Bench),
}

/// What to time and how often.
#[derive(Debug, Args)]
pub(super) struct Bench {
    /// The folder with pack.toml; the pack in this program when left out
    #[arg(long, value_name = "DIR")]
    pack: Option<PathBuf>,
    /// How many photos to look at
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
}

/// Runs one of the commands. `options` says where ONNX Runtime is.
pub(super) fn run(cmd: ModelsCommand, options: &Options) -> anyhow::Result<()> {
    let text = match cmd {
        ModelsCommand::List => describe(&Pack::embedded()?),
        ModelsCommand::Verify { dir } => verify(&dir, options)?,
        ModelsCommand::Bench(bench) => time(&bench, options)?,
    };
    std::io::stdout()
        .write_all(text.as_bytes())
        .context("while printing")
}

fn describe(pack: &Pack) -> String {
    let deterministic = if pack.is_deterministic() { "yes" } else { "no" };
    let attributes: Vec<_> = pack.attributes().collect();
    let mut text = format!(
        "{}  {}\n  licence        {}\n  provenance     {}\n  deterministic  {deterministic}\n  attributes     {}\n",
        pack.id(),
        pack.origin(),
        pack.licence(),
        pack.provenance(),
        attributes.join(" "),
    );
    for (file, bytes) in pack.files() {
        text += &format!("  {file:<22} {:>9.2} MB\n", bytes as f64 / 1e6);
    }
    if let Some(card) = pack.card() {
        text += &format!("\n{}\n", card.trim_end());
    }
    text
}

fn verify(dir: &Path, options: &Options) -> anyhow::Result<String> {
    let pack = Pack::open(dir)?;
    let id = pack.id().to_owned();
    Vision::load(pack, options).with_context(|| format!("model pack {}", dir.display()))?;
    Ok(format!("{id} is sound\n"))
}

fn time(bench: &Bench, options: &Options) -> anyhow::Result<String> {
    let pack = match &bench.pack {
        Some(dir) => Pack::open(dir)?,
        None => Pack::embedded()?,
    };
    let id = pack.id().to_owned();
    let started = Instant::now();
    let alone = Options {
        sessions: 1,
        ..options.clone()
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
    Ok(text)
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

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(subcommand)]
        command: ModelsCommand,
    }

    #[test]
    fn the_commands_are_well_formed() {
        <Line as clap::CommandFactory>::command().debug_assert();
        assert!(Line::try_parse_from(["models", "bench", "--rounds", "0"]).is_err());
        let line = Line::try_parse_from(["models", "verify", "packs/x"]).unwrap();
        assert!(matches!(line.command, ModelsCommand::Verify { dir } if dir.ends_with("x")));
    }

    #[test]
    fn a_missing_pack_is_named() {
        let options = Options {
            library: None,
            cache_dir: std::env::temp_dir(),
            sessions: 1,
        };
        let dir = PathBuf::from("no/such/pack");
        let error = run(ModelsCommand::Verify { dir }, &options).unwrap_err();
        assert!(
            error
                .to_string()
                .contains("no/such/pack: pack.toml is missing"),
            "{error}"
        );
    }
}
