//! The commands in the operators' documents: run, or marked with what they need that a test has not.
use crate::{
    program::{PATIENCE, Place},
    root, text_of,
};
use std::{
    path::Path,
    process::{Command, Stdio},
};

const DOCUMENTS: [&str; 4] = [
    "docs/deployment.md",
    "docs/scaling.md",
    "docs/security.md",
    "docs/troubleshooting.md",
];

/// A fenced block of shell commands.
#[derive(Debug)]
struct Block {
    document: &'static str,
    line: usize,
    mark: String,
    script: String,
}

fn blocks(document: &'static str) -> Vec<Block> {
    let text = text_of(document);
    let (mut found, mut before, mut open): (Vec<Block>, &str, bool) = (vec![], "", false);
    for (number, line) in text.lines().enumerate() {
        let line = line.trim_start();
        match (open, line) {
            (false, "```sh") => {
                open = true;
                found.push(Block {
                    document,
                    line: number + 1,
                    mark: before.to_owned(),
                    script: String::new(),
                });
            }
            (true, "```") => open = false,
            (true, line) => {
                let block = found.last_mut().unwrap();
                block.script += &format!("{line}\n");
            }
            (false, _) => {}
        }
        if !line.is_empty() {
            before = line;
        }
    }
    found
}

fn all() -> Vec<Block> {
    DOCUMENTS.into_iter().flat_map(blocks).collect()
}

#[test]
fn every_block_is_run_or_says_why_not() {
    let marks = [
        "<!-- run -->",
        "<!-- needs: a container engine -->",
        "<!-- needs: root on a machine of its own -->",
    ];
    let blocks = all();
    assert!(blocks.len() > 10);
    for block in &blocks {
        let known = marks.contains(&block.mark.as_str());
        assert!(known, "{}:{}: {:?}", block.document, block.line, block.mark);
    }
}

/// Files of the repository that the commands name are there.
#[test]
fn the_files_that_commands_name_are_there() {
    for block in all() {
        let words = block.script.split_whitespace();
        for word in words.filter(|word| {
            ["config/", "scripts/", "docs/", "docker-compose."]
                .iter()
                .any(|start| word.starts_with(start))
        }) {
            let place = format!("{}:{}", block.document, block.line);
            assert!(root().join(word).exists(), "{place}: {word}");
        }
    }
}

/// Subcommands and flags are known, in blocks that are not run, too.
#[test]
fn flashfit_knows_the_commands_it_is_called_with() {
    let mut seen = 0;
    for block in all() {
        for line in block.script.lines() {
            let call = line.split("exec flashfit ").last().unwrap();
            let Some(arguments) = call.strip_prefix("flashfit ") else {
                continue;
            };
            let words = arguments.split_whitespace();
            let words = words.take_while(|word| !["|", ">", "<", "&&"].contains(word));
            let output = Command::new(env!("CARGO_BIN_EXE_flashfit"))
                .args(words.filter(|word| !word.contains('$')))
                .arg("--help")
                .env_clear()
                .output()
                .unwrap();
            assert!(output.status.success(), "{line}: {output:?}");
            seen += 1;
        }
    }
    assert!(seen > 8, "{seen}");
}

/// The text of every Rust file below a folder.
fn sources(folder: &Path, out: &mut String) {
    for entry in fs_err::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, out);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            *out += &fs_err::read_to_string(&path).unwrap();
        }
    }
}

#[test]
fn every_test_that_the_security_document_names_is_there() {
    let mut code = String::new();
    sources(&root().join("src"), &mut code);
    sources(&root().join("tests"), &mut code);
    let mut seen = 0;
    for line in text_of("docs/security.md").lines() {
        // `| item | how | shown by |`
        let cells: Vec<&str> = line.split('|').collect();
        if cells.len() != 5 || !cells[3].contains('`') {
            continue;
        }
        for name in cells[3].split('`').skip(1).step_by(2) {
            assert!(code.contains(&format!("fn {name}(")), "{name} is no test");
            seen += 1;
        }
    }
    assert!(seen > 60, "{seen}");
}

/// A shell in the operator's folder, with the settings of the server that runs.
fn shell(script: &str, place: &Place, url: &str) -> tokio::process::Command {
    let (folder, run) = (place.path("operator"), place.data().join("run"));
    let (bin, run) = (folder.join("bin"), run.display());
    let path = std::env::var("PATH").unwrap();
    let mut command = tokio::process::Command::new("bash");
    command
        .args(["-euo", "pipefail", "-c", script])
        .env_clear()
        .env("PATH", format!("{}:{path}:/usr/sbin", bin.display()))
        .env("FLASHFIT_DATA_DIR", folder.join("data"))
        .env("FLASHFIT_HTTP__PORT", url.rsplit(':').next().unwrap())
        .env("FLASHFIT_CACHE__URL", format!("unix://{run}/redis.sock"))
        .env(
            "FLASHFIT_DATABASE__URL",
            format!("host={run} user=flashfit dbname=flashfit"),
        )
        .current_dir(&folder)
        .stdin(Stdio::null())
        .kill_on_drop(true);
    command
}

/// In the order in which they stand, on a server that has somebody's wardrobe.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commands_do_what_they_are_there_for() {
    let place = Place::new();
    let server = place.serve().await;
    let folder = place.path("operator");
    fs_err::create_dir_all(folder.join("bin")).unwrap();
    fs_err::os::unix::fs::symlink(env!("CARGO_BIN_EXE_flashfit"), folder.join("bin/flashfit"))
        .unwrap();
    let mut ran = 0;
    for block in all()
        .into_iter()
        .filter(|block| block.mark == "<!-- run -->")
    {
        let mut command = shell(&block.script, &place, &server.url);
        let output = tokio::time::timeout(PATIENCE, command.output()).await;
        let output = output.unwrap().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success(),
            "{}:{}:\n{}{said}{}",
            block.document,
            block.line,
            block.script,
            String::from_utf8_lossy(&output.stderr)
        );
        ran += 1;
        if block.script.contains("user list") {
            assert!(said.contains("ann@example.org"), "restored: {said}");
        }
    }
    assert!(ran >= 5, "{ran}");
    for made in [
        "tls/fullchain.pem",
        "tls/privkey.pem",
        "tls/operators",
        "flashfit.dump",
    ] {
        assert!(folder.join(made).metadata().unwrap().len() > 0, "{made}");
    }
    drop(server);
}
