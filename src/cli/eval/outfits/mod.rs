//! `flashfit eval outfits`: whether real outfits are told from made-up ones, and whether composed ones can be worn.
mod figures;
mod grammar;
mod product;
mod published;
mod validity;

use super::rewrite::rewrite;
use crate::engines::vision::{Options, Pack};
use anyhow::Context as _;
use clap::{ArgGroup, Args};
use serde::Serialize;
use std::{fmt, path::PathBuf};

/// What to measure on.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("outfits_of").required(true).args(["data", "polyvore", "compose"])))]
pub(in crate::cli) struct Outfits {
    /// Folder with polyvore_categories_train.json and polyvore_categories_test.json: kinds of garments, no pictures
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Folder of a published set with pictures: Maryland Polyvore, or Polyvore Outfits (disjoint or nondisjoint)
    #[arg(long, value_name = "DIR")]
    polyvore: Option<PathBuf>,
    /// Compose so many outfits over random wardrobes instead, and fail if there is one that nobody could wear
    #[arg(long, value_name = "N", conflicts_with_all = ["pack", "limit"], value_parser = clap::value_parser!(u32).range(1..))]
    compose: Option<u32>,
    /// The folder with pack.toml; the pack in this program when left out
    #[arg(long, value_name = "DIR")]
    pack: Option<PathBuf>,
    /// Measure on so many questions of each sort only, the first ones
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    limit: Option<u32>,
    /// Write the figures to a file as well
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Put the tables between the marks of this document; may be repeated
    #[arg(long, value_name = "FILE")]
    write: Vec<PathBuf>,
}

/// Measures, prints a Markdown table, and writes the figures down if asked to.
pub(super) fn run(args: &Outfits, options: &Options) -> anyhow::Result<()> {
    if let Some(number) = args.compose {
        let counted = validity::measure(number as usize)?;
        return tell(args, &counted);
    }
    let pack = match &args.pack {
        Some(dir) => Pack::open(dir)?,
        None => Pack::embedded()?,
    };
    let limit = args.limit.map_or(usize::MAX, |n| n as usize);
    let report = match (&args.data, &args.polyvore) {
        (Some(folder), _) => grammar::measure(folder, &pack, options, limit)?,
        (None, Some(folder)) => published::measure(folder, pack, options, limit)?,
        (None, None) => anyhow::bail!("neither --data nor --polyvore was given"),
    };
    tell(args, &report)
}

fn tell(args: &Outfits, report: &(impl Serialize + fmt::Display)) -> anyhow::Result<()> {
    if let Some(file) = &args.json {
        let text = serde_json::to_string_pretty(report)?;
        fs_err::write(file, text + "\n").context("while writing the figures")?;
    }
    let text = report.to_string();
    crate::cli::say(&text);
    args.write.iter().try_for_each(|path| rewrite(path, &text))
}
