//! Where a backup is written: a file that appears whole or not at all, or standard output.
use anyhow::Context as _;
use fs_err::os::unix::fs::OpenOptionsExt as _;
use std::{
    io::{self, BufWriter, IsTerminal as _, Write},
    path::{Path, PathBuf},
};

/// Something to write a backup to.
pub(super) enum Place {
    /// A file under a name of its own until it is whole.
    File(Part),
    /// Whoever reads standard output.
    Stdout(io::Stdout),
}

/// `FILE.part`, removed unless it becomes `FILE`.
pub(super) struct Part {
    out: BufWriter<fs_err::File>,
    part: PathBuf,
    whole: PathBuf,
    is_whole: bool,
}

impl Place {
    /// Opens `file`, or standard output when it is `-`. Nobody else may read the file: it holds everybody's photos.
    pub(super) fn open(file: &Path) -> anyhow::Result<Self> {
        if file == Path::new("-") {
            let stdout = io::stdout();
            anyhow::ensure!(
                !stdout.is_terminal(),
                "a backup is nothing for a terminal: send standard output to a file or a program"
            );
            return Ok(Self::Stdout(stdout));
        }
        let mut part = file.as_os_str().to_owned();
        part.push(".part");
        let part = PathBuf::from(part);
        let mut options = fs_err::OpenOptions::new();
        options.create(true).truncate(true).write(true).mode(0o600);
        let out = BufWriter::with_capacity(1 << 18, options.open(&part)?);
        Ok(Self::File(Part {
            out,
            part,
            whole: file.to_owned(),
            is_whole: false,
        }))
    }

    /// Makes what was written last, and appear under its name.
    pub(super) fn finish(self) -> anyhow::Result<()> {
        match self {
            Self::Stdout(mut stdout) => Ok(stdout.flush()?),
            Self::File(mut part) => {
                part.out.flush()?;
                part.out.get_ref().sync_all()?;
                fs_err::rename(&part.part, &part.whole)?;
                part.is_whole = true;
                let folder = match part.whole.parent() {
                    Some(folder) if folder != Path::new("") => folder,
                    _ => Path::new("."),
                };
                let folder = fs_err::File::open(folder)?;
                folder.sync_all().context("the file may not last")
            }
        }
    }
}

impl Write for Place {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::File(part) => part.out.write(bytes),
            Self::Stdout(stdout) => stdout.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::File(part) => part.out.flush(),
            Self::Stdout(stdout) => stdout.flush(),
        }
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if !self.is_whole {
            // What BufWriter still holds is written to a file that is gone.
            let _removed = fs_err::remove_file(&self.part);
        }
    }
}
