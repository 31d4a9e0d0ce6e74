//! What is compiled into the program: finds the compressed ONNX Runtime that `engines::vision` embeds, and compresses
//! the web UI for `app::ui`.
//!
//! The path of the former becomes `FLASHFIT_ONNXRUNTIME_ZST` for `include_bytes!`. Nothing is downloaded here:
//! `scripts/fetch-onnxruntime` does that once, and builds stay offline. Of the latter, a table of what Vite built
//! is written to `ui.rs` in the build's own folder.
use sha2::{Digest as _, Sha256};
use std::{
    env,
    fmt::Write as _,
    fs,
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

const VARIABLE: &str = "FLASHFIT_ONNXRUNTIME_ZST";
const DEFAULT: &str = ".cache/onnxruntime/libonnxruntime.so.zst";
/// What else is compiled into the program; cargo does not see it in the macros that embed it.
const EMBEDDED: [&str; 2] = ["models/default", "migrations"];
/// What Vite built.
const UI: &str = "web/dist";
/// It gets a word of its own with each answer, so it is compressed when it is sent.
const PAGE: &str = "index.html";

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed={VARIABLE}");
    // Clones that share a target folder look alike to cargo, but this program knows where its clone lies.
    println!("cargo::rerun-if-env-changed=CLONE_ROOT");
    // A path that does not exist would make every build run this again.
    for path in EMBEDDED.iter().filter(|path| PathBuf::from(path).exists()) {
        println!("cargo::rerun-if-changed={path}");
    }
    if let Err(error) = embed_ui() {
        println!("cargo::error=the web UI in {UI} cannot be compiled in: {error}");
        return ExitCode::FAILURE;
    }
    let path = env::var_os(VARIABLE).map_or_else(|| PathBuf::from(DEFAULT), PathBuf::from);
    println!("cargo::rerun-if-changed={}", path.display());
    match path.canonicalize() {
        Ok(found) if found.is_file() => {
            println!("cargo::rustc-env={VARIABLE}={}", found.display());
            ExitCode::SUCCESS
        }
        Ok(_) | Err(_) => {
            println!(
                "cargo::error=ONNX Runtime is not at {}: run scripts/fetch-onnxruntime first",
                path.display()
            );
            ExitCode::FAILURE
        }
    }
}

/// Writes the table of the UI's files, sorted by name: empty where there is no UI.
fn embed_ui() -> io::Result<()> {
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    let store = out.join("ui");
    fs::create_dir_all(&store)?;
    let root = Path::new(UI);
    // Watched from now on, so it must be there.
    let _read_only = fs::create_dir_all(root);
    if root.exists() {
        println!("cargo::rerun-if-changed={UI}");
    }
    let mut names = vec![];
    list(root, root, &mut names)?;
    names.sort();
    println!("cargo::rustc-check-cfg=cfg(no_ui)");
    if names.is_empty() {
        println!("cargo::rustc-cfg=no_ui");
    }
    let mut table = String::from("&[\n");
    for name in &names {
        let content = fs::read(root.join(name))?;
        let hash = Sha256::digest(&content);
        let hash = hash.iter().fold(String::new(), |mut text, byte| {
            let _always_works = write!(text, "{byte:02x}");
            text
        });
        let forms = forms(&store, name, &hash, &content)?;
        let kind = mime_guess::from_path(name).first_or_octet_stream();
        let kind = match kind.type_() {
            mime_guess::mime::TEXT => format!("{kind}; charset=utf-8"),
            _ => kind.to_string(),
        };
        let _always_works = writeln!(
            table,
            "File {{ name: {name:?}, kind: {kind:?}, hash: {hash:?}, forms: {forms} }},"
        );
    }
    table.push(']');
    fs::write(out.join("ui.rs"), table)
}

fn list(root: &Path, folder: &Path, names: &mut Vec<String>) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(_) if folder == root => return Ok(()),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            list(root, &path, names)?;
        } else if let Ok(name) = path.strip_prefix(root) {
            names.push(name.to_string_lossy().into_owned());
        }
    }
    Ok(())
}

/// Where the forms of one file are, as an expression. What does not become smaller is kept as it is; of what does, only
/// the compressed forms are. A form that an earlier build made is taken as it is.
fn forms(store: &Path, name: &str, hash: &str, content: &[u8]) -> io::Result<String> {
    let place = |form: &str| store.join(format!("{hash}.{form}"));
    let (plain, brotli, gzip) = (place("plain"), place("br"), place("gz"));
    if !brotli.exists() {
        once(&brotli, &with_brotli(content)?)?;
        once(&gzip, &with_gzip(content)?)?;
    }
    let worth = content.len() - content.len() / 10;
    if name == PAGE || fs::metadata(&brotli)?.len() > worth as u64 {
        once(&plain, content)?;
        return Ok(format!("Forms::Plain(include_bytes!({plain:?}))"));
    }
    Ok(format!(
        "Forms::Packed {{ length: {}, brotli: include_bytes!({brotli:?}), gzip: include_bytes!({gzip:?}) }}",
        content.len()
    ))
}

/// Writes a file that is whole as soon as it is there.
fn once(path: &Path, content: &[u8]) -> io::Result<()> {
    let new = path.with_extension("new");
    fs::write(&new, content)?;
    fs::rename(new, path)
}

fn with_brotli(content: &[u8]) -> io::Result<Vec<u8>> {
    const BUFFER: usize = 4096;
    const QUALITY: u32 = 11;
    const WINDOW: u32 = 22;
    let mut packed = vec![];
    brotli::CompressorReader::new(content, BUFFER, QUALITY, WINDOW).read_to_end(&mut packed)?;
    Ok(packed)
}

fn with_gzip(content: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(vec![], flate2::Compression::best());
    encoder.write_all(content)?;
    encoder.finish()
}
