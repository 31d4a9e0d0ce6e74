//! `relearn`: learned state is a fold over the feedback log; this folds it again.
use super::{context, context::Global, say};
use std::process::ExitCode;

/// Folds everybody's feedback log again; exit status 1 when a state had not been what its log says.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  flashfit relearn
  flashfit relearn --user a@example.org")]
pub(super) struct Args {
    /// Only this person.
    #[arg(long, value_name = "EMAIL")]
    user: Option<String>,
}

pub(super) async fn run(global: &Global, args: &Args) -> anyhow::Result<ExitCode> {
    context::with_app(global, async |app| {
        let users = match &args.user {
            None => app.accounts.list_users().await?,
            Some(email) => {
                let user = app.accounts.find_user(email).await?;
                vec![user.ok_or_else(|| anyhow::anyhow!("there is no account {email}"))?]
            }
        };
        let mut differ = 0;
        for user in &users {
            if !app.recommend.relearn(user.id).await? {
                say(format_args!(
                    "{}: the state was not what the log says; corrected",
                    user.email
                ));
                differ += 1;
            }
        }
        say(format_args!(
            "{} people relearned, {differ} differed",
            users.len()
        ));
        Ok(ExitCode::from(u8::from(differ > 0)))
    })
    .await
}
