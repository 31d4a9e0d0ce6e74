//! The Dockerfile, as far as it can be held to its word without an engine: its steps are scripts, and they run here.
use crate::{program::PATIENCE, root, text_of};
use serde_json::Value as Json;
use std::{
    collections::BTreeSet,
    path::Path,
    process::{Command, Output},
};

/// Instructions, each with its continuation lines.
fn instructions() -> Vec<(String, String)> {
    let text = text_of("Dockerfile").replace("\\\n", " ");
    let lines = text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let (word, rest) = line.split_once(' ').unwrap();
            (word.to_owned(), rest.trim().to_owned())
        })
        .collect()
}

fn all(word: &str) -> Vec<String> {
    let found = instructions()
        .into_iter()
        .filter(|(found, _)| found == word);
    found.map(|(_, rest)| rest).collect()
}

fn script(arguments: &[&str]) -> Output {
    Command::new(root().join("scripts/image"))
        .args(arguments)
        .env("FLASHFIT_BIN", env!("CARGO_BIN_EXE_flashfit"))
        .output()
        .unwrap()
}

fn printed(arguments: &[&str]) -> String {
    let output = script(arguments);
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn every_step_is_a_script_that_knows_it() {
    let known = printed(&["steps"]);
    let known: BTreeSet<&str> = known.lines().collect();
    let runs = all("RUN");
    assert!(runs.len() > 5);
    for run in &runs {
        let words = run.split(' ').skip_while(|word| word.starts_with("--"));
        let words: Vec<&str> = words.collect();
        assert!(words[0].trim_start_matches('/') == "scripts/image", "{run}");
        assert!(known.contains(words[1]), "{run}: there is no such step");
    }
    let output = script(&["dance"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("unknown step: dance"));
}

#[test]
fn what_it_copies_is_there_and_no_secret_is_in_it() {
    for copy in all("COPY") {
        if copy.starts_with("--from") {
            continue;
        }
        let words: Vec<&str> = copy.split(' ').collect();
        for source in &words[..words.len() - 1] {
            assert!(root().join(source).exists(), "COPY {copy}");
        }
    }
    let ignored = text_of(".dockerignore");
    for secret in [".git", ".env", "flashfit.env", "tls", "*.dump"] {
        assert!(ignored.lines().any(|line| line == secret), "{secret}");
    }
}

#[test]
fn it_ends_as_a_person_without_rights_that_is_asked_for_its_health() {
    assert_eq!(all("USER").last().unwrap(), "flashfit");
    let health = all("HEALTHCHECK");
    let (_, command) = health[0].split_once("CMD ").unwrap();
    let command: Json = serde_json::from_str(command).unwrap();
    assert_eq!(
        command,
        serde_json::json!(["flashfit", "doctor", "--quick"])
    );
    let entry: Json = serde_json::from_str(&all("ENTRYPOINT")[0]).unwrap();
    assert_eq!(entry, serde_json::json!(["flashfit"]));
}

/// The bases have what `scripts/run` asks for on a machine.
#[test]
fn its_bases_are_new_enough() {
    let install = text_of("scripts/lib/install.sh");
    let wanted = |name: &str| {
        let mut lines = install.lines();
        lines
            .find_map(|line| line.strip_prefix(name))
            .unwrap()
            .to_owned()
    };
    let bases = all("FROM").join("\n");
    assert!(
        bases.contains(&format!("rust:{}-", wanted("rust_needed="))),
        "{bases}"
    );
    let node = wanted("node_version=");
    let node = node.split('.').next().unwrap();
    assert!(bases.contains(&format!("node:{node}-")), "{bases}");
}

/// The libraries that a program was linked with, by the Debian package that has each.
fn packages_of(program: &Path) -> BTreeSet<String> {
    let output = Command::new("ldd").arg(program).output().unwrap();
    let listed = String::from_utf8(output.stdout).unwrap();
    let paths = listed.lines().filter_map(|line| {
        let path = line.split_once("=> ")?.1.split(' ').next()?;
        Some(fs_err::canonicalize(path).unwrap())
    });
    let mut packages = BTreeSet::new();
    for path in paths {
        // Some packages still say /lib of what is in /usr/lib.
        let older = Path::new("/").join(path.strip_prefix("/usr").unwrap_or(&path));
        let output = Command::new("dpkg")
            .arg("-S")
            .args([&path, &older])
            .output()
            .unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        let package = said.split(':').next().unwrap();
        assert!(!package.is_empty(), "{} is of no package", path.display());
        packages.insert(package.to_owned());
    }
    packages
}

#[test]
fn what_it_installs_runs_without_rights_on_the_packages_it_names() {
    let folder = tempfile::tempdir().unwrap();
    let into = folder.path().join("image");
    printed(&["install", into.to_str().unwrap()]);
    let program = into.join("usr/local/bin/flashfit");
    let mut packages = packages_of(&program);
    assert!(packages.contains("libc6"), "{packages:?}");
    // Every Debian has these.
    for package in ["libc6", "libgcc-s1"] {
        packages.remove(package);
    }
    let named = printed(&["list-packages"]);
    for package in packages {
        assert!(
            named.lines().any(|line| line == package),
            "{package} is not installed"
        );
    }
    for document in ["LICENSE", "THIRD_PARTY.md", "deployment.md"] {
        let path = into.join("usr/local/share/doc/flashfit").join(document);
        assert!(path.is_file(), "{document}");
    }
    let began = std::time::Instant::now();
    let output = nobody(&program).output().unwrap();
    assert!(began.elapsed() < PATIENCE);
    assert!(output.status.success(), "{output:?}");
    assert!(
        String::from_utf8(output.stdout)
            .unwrap()
            .starts_with("flashfit ")
    );
}

/// `flashfit --version` as an account without any rights, where this test may become one.
fn nobody(program: &Path) -> Command {
    let mut command = Command::new(program);
    if rustix::process::geteuid().is_root() {
        command = Command::new("setpriv");
        command.args([
            "--reuid=65534",
            "--regid=65534",
            "--clear-groups",
            "--no-new-privs",
        ]);
        // A folder of the test is its own; the copy is for whoever may be anybody.
        let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        let folder = program.ancestors().nth(5).unwrap();
        fs_err::set_permissions(folder, open).unwrap();
        command.arg(program);
    }
    command.arg("--version").env_clear();
    command
}
