//! Puts what was measured into documents, between two marks.
use anyhow::Context as _;
use std::path::Path;

const BEGIN: &str = "<!-- measured -->\n";
const END: &str = "<!-- /measured -->\n";

/// Replaces what stands between the marks of a document.
pub(super) fn rewrite(path: &Path, measured: &str) -> anyhow::Result<()> {
    let text = fs_err::read_to_string(path)?;
    let rewritten = between(&text, measured).with_context(|| {
        let marks = [BEGIN.trim(), END.trim()].join(" and then ");
        format!("{} has no lines {marks}", path.display())
    })?;
    Ok(fs_err::write(path, rewritten)?)
}

fn between(text: &str, measured: &str) -> Option<String> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!(
        "{before}{BEGIN}\n{}\n\n{END}{after}",
        measured.trim_end()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_between_the_marks_changes_and_only_once() {
        let text = format!("# Title\n\n{BEGIN}old\n{END}\nAfter.\n");
        let new = between(&text, "| a |\n").unwrap();
        assert_eq!(new, format!("# Title\n\n{BEGIN}\n| a |\n\n{END}\nAfter.\n"));
        assert_eq!(between(&new, "| a |\n").unwrap(), new);
        assert_eq!(between("no marks", "| a |"), None);
    }

    #[test]
    fn a_document_without_marks_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("page.md");
        std::fs::write(&path, "# Title\n").unwrap();
        let error = rewrite(&path, "").unwrap_err().to_string();
        assert!(error.contains("page.md") && error.contains("<!-- measured -->"));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "# Title\n");
    }
}
