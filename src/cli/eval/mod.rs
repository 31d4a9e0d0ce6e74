//! `flashfit eval`: how good the answers are, on data whose right answers people have written down.
mod again;
mod catalogue;
mod feedback;
mod likeness;
mod measures;
mod odds;
mod outfits;
mod parallel;
mod people;
mod photos;
mod products;
mod rewrite;
mod table;
mod told;
mod truth;

use super::context::Global;
use crate::{
    app::{self, Settings, packs},
    engines::vision::{Options, Pack, Vision},
};
use anyhow::Context as _;
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use table::Table;

/// Measures quality.
#[derive(Debug, Subcommand)]
pub(super) enum EvalCommand {
    /// Look at annotated photos and products with a model pack and compare: prints Markdown tables
    #[command(after_help = "\
Examples:
  flashfit eval models --photos ../shared/data/clothing
  flashfit eval models --products ../shared/data/products --limit 200
  flashfit eval models --photos photos --pack models/clip-b32 --json told.json --ask \"navy striped tee\"")]
    Models(Models),
    /// Tell real outfits from made-up ones: by kinds of garments, or by pictures of a published set
    #[command(
        after_help = "Examples:\n  flashfit eval outfits --data ../shared/data/outfits\n  flashfit eval outfits --polyvore polyvore_outfits/nondisjoint --json figures.json"
    )]
    Outfits(outfits::Outfits),
    /// Simulate people with hidden tastes over real wardrobes and see whether learning helps: Markdown tables
    #[command(
        after_help = "Examples:\n  flashfit eval people --photos ../shared/data/clothing\n  flashfit eval people --photos ../shared/data/clothing --limit 2 --json people.json"
    )]
    People(people::People),
    /// Estimate from this installation's feedback what other ways to choose would have earned: a Markdown table
    #[command(
        after_help = "Examples:\n  flashfit eval feedback\n  flashfit eval feedback --embedded"
    )]
    Feedback(feedback::Feedback),
}

/// What to measure on.
#[derive(Debug, Args)]
pub(super) struct Models {
    /// Folder with images.csv (image, sender_id, label, split), annotations.csv and images/ID.jpg
    #[arg(long, value_name = "DIR", required_unless_present_any = ["products", "pictures"])]
    photos: Option<PathBuf>,
    /// Folder with products.csv, images_224.zip and thumbs_60x80.zip
    #[arg(long, value_name = "DIR")]
    products: Option<PathBuf>,
    /// Folder of other pictures to look at; what is said of them is in the --json file
    #[arg(long, value_name = "DIR", requires = "json")]
    pictures: Option<PathBuf>,
    /// A folder with pack.toml, or an installed pack; the pack in this program when left out
    #[arg(long, value_name = "NAME|DIR")]
    pack: Option<PathBuf>,
    /// Which photos and products: the value of the column `split`
    #[arg(long, value_name = "NAME", default_value = "validation")]
    split: String,
    /// Look at so many photos and so many products only, spread over all
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    limit: Option<u32>,
    /// Write what was measured, and what was said of each picture, to this file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Search the photos for this text, for the --json file; may be repeated
    #[arg(long, value_name = "TEXT", requires = "json", requires = "photos")]
    ask: Vec<String>,
    /// Put the tables between the marks of this document; may be repeated
    #[arg(long, value_name = "FILE")]
    write: Vec<PathBuf>,
}

/// Runs one of the commands.
pub(super) async fn run(command: EvalCommand, global: &Global) -> anyhow::Result<()> {
    let settings = global.settings(&[])?;
    match command {
        EvalCommand::Models(args) => models(&args, &settings),
        EvalCommand::Outfits(args) => outfits::run(&args, &app::vision_options(&settings)),
        EvalCommand::People(args) => {
            let cache = settings.data_dir.join("eval");
            people::run(&args, &app::vision_options(&settings), &cache)
        }
        EvalCommand::Feedback(_) => feedback::run(global).await,
    }
}

fn models(models: &Models, settings: &Settings) -> anyhow::Result<()> {
    let pack = match &models.pack {
        Some(pack) => packs::open(pack, settings)?,
        None => Pack::embedded()?,
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let options = Options {
        sessions: threads,
        ..app::vision_options(settings)
    };
    let id = pack.id().to_owned();
    let evaluation = Evaluation {
        id: &id,
        vision: &Vision::load(pack, &options)?,
        models,
        threads,
    };
    let mut told = json!({ "pack": &id });
    let mut tables = vec![];
    if let Some(folder) = &models.photos {
        tables.push(evaluation.photos(folder, &mut told)?);
    }
    if let Some(folder) = &models.products {
        tables.push(evaluation.products(folder, &mut told)?);
    }
    if let Some(folder) = &models.pictures {
        let seen = photos::look_into(evaluation.vision, folder, threads)?;
        told["pictures"] = Value::Array(told::pictures(&seen));
    }
    let text: Vec<String> = tables.iter().map(Table::markdown).collect();
    let text = text.join("\n");
    super::say(text.trim_end());
    if let Some(path) = &models.json {
        told["tables"] = json!(tables);
        let text = serde_json::to_string(&told).context("while writing JSON")?;
        fs_err::write(path, text + "\n")?;
    }
    let rewrite = |path: &PathBuf| rewrite::rewrite(path, &text);
    models.write.iter().try_for_each(rewrite)
}

struct Evaluation<'a> {
    id: &'a str,
    vision: &'a Vision,
    models: &'a Models,
    threads: usize,
}

impl Evaluation<'_> {
    fn limit(&self) -> Option<usize> {
        self.models.limit.map(|n| n as usize)
    }

    fn photos(&self, folder: &Path, told: &mut Value) -> anyhow::Result<Table> {
        let truth = truth::Truth::read(folder)?;
        let (split, ten) = (&self.models.split, truth.ten_classes());
        let chosen = truth.photos(split, self.limit())?;
        let seen = photos::look_at(self.vision, folder, &chosen, self.threads)?;
        let count = seen.len();
        let mut table = Table::new(format!("{}, {count} photos ({split})", self.id));
        measures::measure(&mut table, &seen, &ten)?;
        super::say(format_args!(
            "decoding and looking took {:.0} ms (median, {} at a time)",
            measures::median_time(&seen),
            self.threads
        ));
        if self.models.json.is_some() {
            let asked = self.models.ask.iter();
            let asked = asked.map(|text| Ok((text.clone(), self.vision.embed_text(text)?)));
            let asked = asked.collect::<anyhow::Result<Vec<_>>>()?;
            told["photos"] = Value::Array(told::photos(&seen, &ten)?);
            told["searches"] = Value::Array(told::searches(&seen, &asked));
        }
        Ok(table)
    }

    fn products(&self, folder: &Path, told: &mut Value) -> anyhow::Result<Table> {
        let split = &self.models.split;
        let chosen = products::read(folder, split, self.limit())?;
        let seen = products::look_at(self.vision, &chosen, self.threads)?;
        let count = seen.len();
        let mut table = Table::new(format!("{}, {count} products ({split})", self.id));
        let ranks = catalogue::ranks(&seen, self.threads)?;
        catalogue::measure(&mut table, &seen, &ranks)?;
        if self.models.json.is_some() {
            told["products"] = Value::Array(told::products(&seen, &ranks));
        }
        Ok(table)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::{CommandFactory as _, Parser};

    #[derive(Debug, Parser)]
    struct Line {
        #[command(subcommand)]
        command: EvalCommand,
    }

    #[test]
    fn something_to_look_at_must_be_named() {
        Line::command().debug_assert();
        let is_right = |line: &str| Line::try_parse_from(line.split(' ')).is_ok();
        assert!(is_right(
            "eval models --products a --photos b --write c --write d"
        ));
        assert!(is_right("eval models --pictures a --json b"));
        assert!(!is_right("eval models --limit 3"));
        assert!(!is_right("eval models --pictures a"), "nobody would see it");
        assert!(!is_right("eval models --photos a --limit 0"));
    }
}
