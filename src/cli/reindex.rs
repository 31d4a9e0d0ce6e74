//! `reindex`: the vector index.
use super::{context, context::Global, say};
use std::process::ExitCode;

/// Builds the index from the database and saves it, checks it, or re-embeds with the pack in force.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  flashfit reindex                          build from the database and save
  flashfit reindex --verify                 compare with the database; exit status 1 when they differ
  flashfit reindex --user a@example.org     have running servers read one person's garments again
  flashfit reindex --re-embed               send garments of other packs through the models again")]
pub(super) struct Args {
    /// Only compare the saved index with the database.
    #[arg(long, conflicts_with_all = ["re_embed", "user"])]
    verify: bool,
    /// Send every garment that another pack recognised through the models of this one.
    #[arg(long, conflicts_with = "user")]
    re_embed: bool,
    /// Only this person's garments.
    #[arg(long, value_name = "EMAIL")]
    user: Option<String>,
}

pub(super) async fn run(global: &Global, args: &Args) -> anyhow::Result<ExitCode> {
    context::with_app(global, async |app| {
        if args.re_embed {
            let count = app.wardrobe.reembed().await?;
            say(format_args!(
                "{count} garments wait for the models; a running server re-embeds them"
            ));
        } else if let Some(email) = &args.user {
            let user = app.accounts.find_user(email).await?;
            let user = user.ok_or_else(|| anyhow::anyhow!("there is no account {email}"))?;
            let count = app.wardrobe.announce_all(user.id).await?;
            say(format_args!(
                "{count} garments are read again by every running server"
            ));
        } else if args.verify {
            app.search.start().await?;
            let differ = app.search.verify().await?;
            say(format_args!("{differ} garments differ"));
            return Ok(ExitCode::from(u8::from(differ > 0)));
        } else {
            let vectors = app.search.rebuild().await?;
            app.search.save().await?;
            say(format_args!("{vectors} vectors indexed and saved"));
        }
        Ok(ExitCode::SUCCESS)
    })
    .await
}
