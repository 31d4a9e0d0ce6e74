//! Finds the compressed ONNX Runtime that `engines::vision` embeds.
//!
//! The path becomes `FLASHFIT_ONNXRUNTIME_ZST` for `include_bytes!`. Nothing is downloaded here:
//! `scripts/fetch-onnxruntime` does that once, and builds stay offline.
use std::{env, path::PathBuf, process::ExitCode};

const VARIABLE: &str = "FLASHFIT_ONNXRUNTIME_ZST";
const DEFAULT: &str = ".cache/onnxruntime/libonnxruntime.so.zst";
/// What else is compiled into the program; cargo does not see it in the macros that embed it.
const EMBEDDED: [&str; 2] = ["models/default", "migrations"];

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed={VARIABLE}");
    // Clones that share a target folder look alike to cargo, but this program knows where its clone lies.
    println!("cargo::rerun-if-env-changed=CLONE_ROOT");
    // A path that does not exist would make every build run this again.
    for path in EMBEDDED.iter().filter(|path| PathBuf::from(path).exists()) {
        println!("cargo::rerun-if-changed={path}");
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
