//! `backup`: everything in one file.
use super::{context::Global, say};
use crate::platform::db::archive::{self, Contents, Key, Seal};
use std::path::{Path, PathBuf};

/// Writes everything that people made to one file, as one moment shows it. Servers may run meanwhile.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  flashfit backup wardrobes.backup
  flashfit backup --embedded --data DIR wardrobes.backup    of a private Postgres, also while it serves
  flashfit backup --recipient age1… wardrobes.backup.age    only the owner of that key can read it
  flashfit backup - | ssh elsewhere 'cat > wardrobes.backup'
  flashfit backup --verify wardrobes.backup                 read all of it and say what it holds")]
pub(super) struct Args {
    /// Where to; - is standard output.
    file: PathBuf,
    /// Only read the file, to its end, and say what it holds.
    #[arg(long)]
    verify: bool,
    /// Encrypt for the owner of this public key of age; may be repeated.
    #[arg(long, value_name = "KEY", conflicts_with_all = ["verify", "passphrase_file"])]
    recipient: Vec<String>,
    /// Encrypt with the passphrase in the first line of this file, or verify what was encrypted so.
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
    /// The private keys (age-keygen) that open the file to verify.
    #[arg(
        long,
        value_name = "FILE",
        requires = "verify",
        conflicts_with = "passphrase_file"
    )]
    identity_file: Option<PathBuf>,
}

pub(super) async fn run(global: &Global, args: Args) -> anyhow::Result<()> {
    if args.verify {
        let key = key(
            args.passphrase_file.as_deref(),
            args.identity_file.as_deref(),
        )?;
        let contents = archive::verify(args.file, key).await?;
        tell(&contents);
        return Ok(());
    }
    let seal = match &args.passphrase_file {
        Some(file) => Seal::passphrase_file(file)?,
        None => Seal::for_recipients(&args.recipient)?,
    };
    let is_file = args.file != Path::new("-");
    let opened = global.open_beside().await?;
    let made = archive::backup(opened.settings.database.url.expose(), args.file, seal).await;
    opened.close().await;
    let contents = made?;
    if is_file {
        tell(&contents);
    }
    Ok(())
}

/// What opens a backup.
pub(super) fn key(passphrase: Option<&Path>, identity: Option<&Path>) -> anyhow::Result<Key> {
    match (passphrase, identity) {
        (Some(file), _) => Key::passphrase_file(file),
        (None, Some(file)) => Key::identity_file(file),
        (None, None) => Ok(Key::None),
    }
}

/// Says what a backup holds.
pub(super) fn tell(contents: &Contents) {
    let head = &contents.head;
    let count = |table| contents.rows_of(table);
    say(format_args!(
        "{} people, {} garments, {} outfits, {} lessons; {} rows in {} tables",
        count("users"),
        count("items"),
        count("outfits"),
        count("feedback_events"),
        contents.rows(),
        contents.tables.len()
    ));
    say(format_args!(
        "as of {}, by FlashFit {} from PostgreSQL {}",
        head.made_at.format("%Y-%m-%d %H:%M:%S UTC"),
        head.flashfit,
        head.postgres
    ));
}
