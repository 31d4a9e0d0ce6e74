//! Entry point: everything is in [`flashfit::cli`].
fn main() -> std::process::ExitCode {
    flashfit::cli::run()
}
