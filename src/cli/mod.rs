//! Floor 6: the command line, one file per subcommand.
mod alerts;
mod audit;
mod backup;
mod completions;
mod config;
mod context;
mod dashboards;
mod demo;
mod doctor;
mod eval;
mod health_log;
mod licenses;
mod migrate;
mod models;
mod openapi;
mod quiet;
mod reindex;
mod relearn;
mod restore;
mod serve;
mod user;

use clap::{Parser, Subcommand};
use context::Global;
use std::process::ExitCode;

/// Self-hosted wardrobe and outfit recommender: photographs of clothes in, outfits out.
#[derive(Parser)]
#[command(
    name = "flashfit",
    version,
    propagate_version = true,
    after_help = "\
Examples:
  flashfit serve --embedded --demo     everything on this machine, with a demo wardrobe
  flashfit doctor --embedded           check what FlashFit needs
  flashfit config                      print the settings in force and where each came from"
)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves the API, the web UI and the metrics.
    Serve(serve::Args),
    /// Brings the database schema up to date, or back.
    Migrate(migrate::Args),
    /// Writes everything to one file while the server runs, or checks such a file.
    Backup(backup::Args),
    /// Loads a backup into an empty database.
    Restore(restore::Args),
    /// Builds the vector index from the database, checks it, or re-embeds.
    Reindex(reindex::Args),
    /// Folds the feedback log again and proves that the learned state is the same.
    Relearn(relearn::Args),
    /// Lists, fetches, verifies and times model packs.
    #[command(
        subcommand,
        after_help = "Examples:\n  flashfit models list\n  flashfit models pull https://models.example.org/closet/pack.toml"
    )]
    Models(models::ModelsCommand),
    /// Measures quality on annotated data.
    #[command(
        subcommand,
        after_help = "Examples:\n  flashfit eval models --photos ../shared/data/clothing"
    )]
    Eval(eval::EvalCommand),
    /// Checks rules and their tests, evaluates expressions, tries out receivers.
    #[command(
        subcommand,
        after_help = "Examples:\n  flashfit alerts check config/alerts.yml\n  flashfit alerts test mail"
    )]
    Alerts(alerts::AlertsCommand),
    /// Creates and changes accounts.
    #[command(subcommand, after_help = "Examples:\n  flashfit user list")]
    User(user::UserCommand),
    /// Fills a demo wardrobe, or writes its pictures to a folder.
    Demo(demo::Args),
    /// Prints the settings in force, secrets masked, and where each came from.
    Config(config::Args),
    /// Checks what FlashFit needs: one line each, exit status 1 when something fails.
    Doctor(doctor::Args),
    /// Prints when a part of FlashFit began to do better or worse.
    HealthLog(health_log::Args),
    /// Writes the dashboards of the Monitoring page as Grafana reads them.
    Dashboards(dashboards::Args),
    /// Prints the licences of FlashFit and of all its parts.
    Licenses(licenses::Args),
    /// Prints the OpenAPI document.
    #[command(after_help = "Examples:\n  flashfit openapi > openapi.json")]
    Openapi,
    /// Prints a completion script for a shell.
    Completions(completions::Args),
}

/// Runs what the arguments ask for: 0 for success, 1 for failure, 2 for wrong arguments.
#[must_use]
pub fn run() -> ExitCode {
    if let Err(error) = quiet::ensure() {
        let error = anyhow::Error::new(error);
        return fail(&error.context("ONNX Runtime could not be kept from reporting to its maker"));
    }
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error.into()),
    };
    match runtime.block_on(Box::pin(dispatch(cli))) {
        Ok(code) => code,
        Err(error) => fail(&error),
    }
}

async fn dispatch(cli: Cli) -> anyhow::Result<ExitCode> {
    let global = &cli.global;
    match cli.command {
        Command::Serve(args) => serve::run(global, args).await?,
        Command::Migrate(args) => migrate::run(global, &args).await?,
        Command::Backup(args) => backup::run(global, args).await?,
        Command::Restore(args) => restore::run(global, args).await?,
        Command::Reindex(args) => return reindex::run(global, &args).await,
        Command::Relearn(args) => return relearn::run(global, &args).await,
        Command::Models(command) => models::run(command, &global.settings(&[])?).await?,
        Command::Alerts(command) => {
            return alerts::run(command, &global.settings(&[])?).await;
        }
        Command::Eval(command) => eval::run(command, global).await?,
        Command::User(command) => {
            context::with_accounts(global, async |accounts| user::run(command, accounts).await)
                .await?
        }
        Command::Demo(args) => demo::run(global, &args).await?,
        Command::Config(args) => return config::run(global, &args),
        Command::Doctor(args) => return doctor::run(global, &args).await,
        Command::HealthLog(args) => health_log::run(global, &args).await?,
        Command::Dashboards(args) => dashboards::run(&args)?,
        Command::Licenses(args) => licenses::run(&args)?,
        Command::Openapi => openapi::run()?,
        Command::Completions(args) => completions::run(&args),
    }
    Ok(ExitCode::SUCCESS)
}

/// One clear line, with its causes.
#[expect(clippy::print_stderr, reason = "this is where errors become visible")]
fn fail(error: &anyhow::Error) -> ExitCode {
    eprintln!("flashfit: {error:#}");
    ExitCode::FAILURE
}

/// Prints a line of a command's output.
#[expect(clippy::print_stdout, reason = "the output of a command")]
fn say(line: impl std::fmt::Display) {
    println!("{line}");
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        super::Cli::command().debug_assert();
    }
}
