//! `doctor --bundle`: what somebody who helps wants to know, in one file, without anything secret in it.
//!
//! Everything is text, and every text goes through [`scrub`] before it is written.
mod contents;
mod scrub;

use super::finding::Finding;
use crate::{
    app::sources::Sources,
    cli::{context::Opened, say},
};
use anyhow::Context as _;
use contents::Contents;
use scrub::Scrub;
use std::{
    fs::Permissions,
    io::Write as _,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

const README: &str = "\
What FlashFit needs and how it is doing, for whoever helps to find out what is wrong.

Secrets of the configuration, logins in addresses, tokens and the addresses of people are replaced by ***. The names
of machines, folders and settings are as they are. Look through it before you send it.
";

/// What is asked for.
pub(super) struct Wish<'a> {
    /// Where to.
    pub(super) file: &'a Path,
    /// A log whose end is wanted, too.
    pub(super) log: Option<&'a Path>,
}

/// Writes the file; it appears when it is whole, for nobody but its owner.
pub(super) async fn write(
    wish: &Wish<'_>,
    sources: &Sources,
    opened: Option<&Opened>,
    findings: &[Finding],
) -> anyhow::Result<()> {
    let scrub = Scrub::new(sources.secrets())?;
    let mut contents = Contents::default();
    contents.add("README.txt", README);
    contents.of_configuration(sources);
    contents.of_findings(findings);
    contents.of_machine();
    if let Some(opened) = opened {
        contents.of_services(&opened.settings).await;
    }
    if let Some(log) = wish.log {
        contents.of_log(log);
    }
    let files = contents.files();
    let count = files.len();
    let path = wish.file.to_owned();
    let clean: Vec<(String, String)> = files
        .into_iter()
        .map(|(name, text)| (name, scrub.clean(&text)))
        .collect();
    pack(&path, &clean).with_context(|| format!("{} cannot be written", path.display()))?;
    say(format_args!(
        "{} has {count} files: look through it before you send it",
        path.display()
    ));
    Ok(())
}

fn pack(path: &PathBuf, files: &[(String, String)]) -> anyhow::Result<()> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.as_file()
        .set_permissions(Permissions::from_mode(0o600))?;
    let mut zip = ZipWriter::new(file.as_file_mut());
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .unix_permissions(0o600);
    for (name, text) in files {
        zip.start_file(format!("flashfit/{name}"), options)?;
        zip.write_all(text.as_bytes())?;
    }
    zip.finish()?;
    file.persist(path)?;
    Ok(())
}
