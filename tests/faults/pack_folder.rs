//! The pack in the program as a folder that can be bent.
use sha2::{Digest as _, Sha256};
use std::path::{Path, PathBuf};

/// A folder with a pack.
pub(crate) struct PackFolder(PathBuf);

impl PackFolder {
    /// A copy of the default pack that calls itself `name`, version 1.
    pub(crate) fn copy(to: PathBuf, name: &str) -> Self {
        fs_err::create_dir_all(&to).unwrap();
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/default");
        for entry in fs_err::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            fs_err::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
        let pack = Self(to);
        let toml = pack.toml();
        let line = |key: &str| {
            let start = format!("{key} = ");
            let found = toml.lines().find(|line| line.starts_with(&start));
            found.unwrap().to_owned()
        };
        pack.edit(&line("name"), &format!("name = {name:?}"));
        pack.edit(&line("version"), "version = \"1\"");
        pack
    }

    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.0.join(file)
    }

    pub(crate) fn read(&self, file: &str) -> Vec<u8> {
        fs_err::read(self.path(file)).unwrap()
    }

    pub(crate) fn write(&self, file: &str, bytes: impl AsRef<[u8]>) {
        fs_err::write(self.path(file), bytes).unwrap();
    }

    fn toml(&self) -> String {
        fs_err::read_to_string(self.path("pack.toml")).unwrap()
    }

    /// Replaces all of `from` in `pack.toml`.
    pub(crate) fn edit(&self, from: &str, to: &str) {
        let toml = self.toml();
        assert!(toml.contains(from), "{from}");
        self.write("pack.toml", toml.replace(from, to));
    }

    /// Leaves only the first half of a file, and has `pack.toml` say that this is right.
    pub(crate) fn halve(&self, file: &str) {
        let whole = self.read(file);
        let half = &whole[..whole.len() / 2];
        self.write(file, half);
        self.edit(&sum(&whole), &sum(half));
    }
}

/// SHA-256 in hexadecimal.
pub(crate) fn sum(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
