//! `restore`: a backup back into a database.
use super::{backup, context::Global};
use crate::platform::db::archive;
use anyhow::Context as _;
use std::{
    io,
    path::{Path, PathBuf},
};

/// Loads a backup into an empty database: all of it, or nothing. Stop the servers first.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  flashfit restore wardrobes.backup
  flashfit restore --embedded --data NEW wardrobes.backup
  flashfit restore --identity-file key.txt wardrobes.backup.age")]
pub(super) struct Args {
    /// What `flashfit backup` wrote; - is standard input.
    file: PathBuf,
    /// The first line of this file is the passphrase that the backup was encrypted with.
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
    /// The private keys (age-keygen) that open the backup.
    #[arg(long, value_name = "FILE", conflicts_with = "passphrase_file")]
    identity_file: Option<PathBuf>,
}

pub(super) async fn run(global: &Global, args: Args) -> anyhow::Result<()> {
    let key = backup::key(
        args.passphrase_file.as_deref(),
        args.identity_file.as_deref(),
    )?;
    let opened = global.open(&[]).await?;
    let settings = &opened.settings;
    let restored = async {
        // It is read twice, which standard input cannot be.
        let spool = match args.file == Path::new("-") {
            true => Some(spool(&settings.data_dir)?),
            false => None,
        };
        let file = spool
            .as_ref()
            .map_or(args.file, |spool| spool.path().to_owned());
        archive::restore(settings.database.url.expose(), file, key).await
    }
    .await;
    opened.close().await;
    backup::tell(&restored?);
    Ok(())
}

/// Standard input as a file that goes when it is dropped.
fn spool(folder: &Path) -> anyhow::Result<tempfile::NamedTempFile> {
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    io::copy(&mut io::stdin().lock(), &mut file).with_context(|| {
        format!(
            "standard input could not be kept in {} while it is read",
            folder.display()
        )
    })?;
    Ok(file)
}
