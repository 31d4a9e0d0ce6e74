//! `config`: the settings in force, and what is wrong with them.
use super::{context::Global, say};
use crate::app::{
    check::{self, WithEnv},
    sources::{self, EnvFile},
};
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

/// Prints every key, its value (secrets masked) and where it came from.
#[derive(clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "\
Examples:
  flashfit config
  flashfit config check                         everything that is wrong, at once
  FLASHFIT_HTTP__PORT=9000 flashfit config
  flashfit config --default > flashfit.toml     a complete, commented file to start from"
)]
pub(super) struct Args {
    /// Print the documented defaults instead.
    #[arg(long)]
    default: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Says everything that is wrong with the settings, and the files they name: exit status 1 when something is.
    #[command(after_help = "\
Examples:
  flashfit config check
  flashfit config check --file flashfit.toml
  flashfit config check --env-file .env         as Compose and systemd read it, in the place of this shell's variables")]
    Check(CheckArgs),
}

#[derive(clap::Args)]
struct CheckArgs {
    /// The configuration file, instead of the one that is read.
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// A file of variables, in the place of those of this shell.
    #[arg(long, value_name = "FILE")]
    env_file: Option<PathBuf>,
}

pub(super) fn run(global: &Global, args: &Args) -> anyhow::Result<ExitCode> {
    if let Some(Command::Check(args)) = &args.command {
        return check(global, args);
    }
    if args.default {
        say(sources::DEFAULTS.trim_end());
        return Ok(ExitCode::SUCCESS);
    }
    let sources = global.sources(&[]);
    let settings = sources.load()?;
    for line in sources::effective(&sources.layers(), &settings) {
        say(format_args!(
            "{} = {}  # {}",
            line.key, line.value, line.source
        ));
    }
    Ok(ExitCode::SUCCESS)
}

fn check(global: &Global, args: &CheckArgs) -> anyhow::Result<ExitCode> {
    let mut sources = global.sources(&[]);
    if let Some(file) = &args.file {
        sources.file = Some(file.clone());
    }
    let env = args.env_file.as_deref();
    let env: Option<(&Path, EnvFile)> = match env {
        Some(path) => Some((path, EnvFile::read(path)?)),
        None => None,
    };
    if let Some((_, file)) = &env {
        sources.variables = file.variables();
    }
    let env = env.as_ref().map(|(path, file)| WithEnv { path, file });
    let checked = check::check(&sources, env);
    for complaint in &checked.complaints {
        say(complaint);
    }
    let errors = checked.complaints.iter().filter(|c| c.is_error).count();
    let warnings = checked.complaints.len() - errors;
    let mut read: Vec<String> = checked
        .read
        .iter()
        .map(|p| p.display().to_string())
        .collect();
    if args.env_file.is_none() {
        read.push("the environment".to_owned());
    }
    let verdict = match errors {
        0 => "the configuration is valid".to_owned(),
        _ => format!(
            "the configuration is not valid: {}",
            counted(errors, "error")
        ),
    };
    let more = match warnings {
        0 => String::new(),
        _ => format!(", {}", counted(warnings, "warning")),
    };
    say(format_args!("{verdict}{more} (read: {})", read.join(", ")));
    Ok(ExitCode::from(u8::from(errors > 0)))
}

fn counted(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}
