//! The packs below the data directory: a folder each, called as the pack calls itself.
use anyhow::{Context as _, bail};
use std::path::{Path, PathBuf};

/// The folder of installed packs.
#[derive(Debug, Clone)]
pub struct Installed(PathBuf);

impl Installed {
    /// Those of a data directory.
    #[must_use]
    pub fn below(data_dir: &Path) -> Self {
        Self(data_dir.join("packs"))
    }

    /// Where they are.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.0
    }

    /// Where the pack that is called `name@version` is, or would be.
    #[must_use]
    pub fn folder(&self, id: &str) -> PathBuf {
        self.0.join(id)
    }

    /// `name@version` of each, in order.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn list(&self) -> anyhow::Result<Vec<String>> {
        if !self.0.is_dir() {
            return Ok(vec![]);
        }
        let mut found = vec![];
        for entry in fs_err::read_dir(&self.0)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            // What is on its way has a dot in front.
            let is_one = name.contains('@') && !name.starts_with('.');
            if is_one && entry.path().join("pack.toml").is_file() {
                found.push(name);
            }
        }
        found.sort();
        Ok(found)
    }

    /// The folder of `name@version`, or of the only version of `name`.
    ///
    /// # Errors
    /// When there are several versions to choose from.
    pub fn find(&self, name: &str) -> anyhow::Result<Option<PathBuf>> {
        let of_name = format!("{name}@");
        let found = self.list().context("while looking for installed packs")?;
        let found: Vec<&String> = found
            .iter()
            .filter(|id| *id == name || id.starts_with(&of_name))
            .collect();
        match found.as_slice() {
            [] => Ok(None),
            [one] => Ok(Some(self.folder(one))),
            [first, ..] => bail!(
                "{} versions of {name} are installed: say which, for example {first}",
                found.len()
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn install(data: &Path, ids: &[&str]) -> Installed {
        let installed = Installed::below(data);
        for id in ids {
            fs_err::create_dir_all(installed.folder(id)).unwrap();
            fs_err::write(installed.folder(id).join("pack.toml"), "").unwrap();
        }
        installed
    }

    #[test]
    fn packs_are_found_by_name_and_by_name_and_version() {
        let data = tempfile::tempdir().unwrap();
        assert_eq!(Installed::below(data.path()).find("a").unwrap(), None);
        let installed = install(data.path(), &["b@1", "b@2", "a@1", ".c@1.part"]);
        assert_eq!(installed.list().unwrap(), ["a@1", "b@1", "b@2"]);
        let found = |name: &str| installed.find(name).unwrap();
        assert_eq!(found("a"), Some(installed.folder("a@1")));
        assert_eq!(found("b@2"), Some(installed.folder("b@2")));
        assert_eq!(found("c"), None);
        assert_eq!(found("b@3"), None);
        let said = installed.find("b").unwrap_err().to_string();
        assert!(
            said.contains("2 versions of b") && said.contains("b@1"),
            "{said}"
        );
    }
}
