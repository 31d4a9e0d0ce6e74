//! `demo`: the demo wardrobe.
use super::{context, context::Global, say};
use crate::{engines::illustrate::demo_wardrobe, features::demo};
use std::path::PathBuf;

/// Fills the demo account's wardrobe with drawn garments, or writes the drawings to a folder.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  flashfit demo --embedded            fill the demo wardrobe
  flashfit demo --export pictures     only write the drawings as JPEG files")]
pub(super) struct Args {
    /// Write the drawings here instead.
    #[arg(long, value_name = "DIR")]
    export: Option<PathBuf>,
}

pub(super) async fn run(global: &Global, args: &Args) -> anyhow::Result<()> {
    if let Some(folder) = &args.export {
        fs_err::create_dir_all(folder)?;
        for design in demo_wardrobe() {
            let name = design.name.to_lowercase().replace(' ', "-");
            fs_err::write(folder.join(format!("{name}.jpg")), demo::photo(&design)?)?;
        }
        say(format_args!("{} drawings written", demo_wardrobe().len()));
        return Ok(());
    }
    context::with_app(global, async |app| {
        let stop = app.tasks.stopping();
        let wardrobe = app.wardrobe.clone();
        app.tasks.supervise("recognise", move || {
            let (wardrobe, stop) = (wardrobe.clone(), stop.clone());
            async move { wardrobe.work(stop).await }
        });
        let garments = demo::fill(&app.accounts, &app.wardrobe).await?;
        app.tasks.stop(std::time::Duration::from_secs(5)).await;
        say(format_args!("{garments} garments added"));
        say(format_args!(
            "sign in as {} with {}",
            demo::EMAIL,
            demo::PASSWORD
        ));
        Ok(())
    })
    .await
}
