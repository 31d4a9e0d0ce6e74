//! `flashfit eval feedback`: what other ways to choose would have earned, by the feedback that people gave.
use super::odds::{self, HEAD, Logged};
use crate::{
    cli::{context, context::Global, say},
    engines::simulate::Policy,
};
use clap::Args;

/// Fewer answered choices say nothing.
const FEWEST: usize = 30;

/// What to measure.
#[derive(Debug, Args)]
pub(in crate::cli) struct Feedback {}

/// Reads the log of the installation and prints the table.
pub(in crate::cli) async fn run(global: &Global) -> anyhow::Result<()> {
    context::with_app(global, async |app| {
        let answered = app.recommend.answered_choices().await?;
        if answered.len() < FEWEST {
            say(format_args!(
                "{} first suggestions whose odds are known were answered; {FEWEST} are needed (is recommend.explore on?)",
                answered.len()
            ));
            return Ok(());
        }
        let names: Vec<String> = answered.iter().map(|a| a.owner.to_string()).collect();
        let logged: Vec<Logged<'_>> = answered
            .iter()
            .zip(&names)
            .map(|(answered, who)| Logged {
                who,
                choice: &answered.choice,
                reward: answered.reward,
                truth: None,
            })
            .collect();
        let earned: f64 = logged.iter().map(|logged| logged.reward).sum();
        let newest = app.recommend.shared_prior().await?;
        let policies = [Policy::published(), Policy::colours(), Policy::by_hand()];
        let named = policies.iter().map(|p| (p.name, Some(p.prior())));
        let all: Vec<odds::Named<'_>> = [("any of those considered", None)]
            .into_iter()
            .chain(named)
            .chain([("newest shared prior, not learning", Some(&*newest))])
            .collect();
        say(format_args!(
            "{} answered first suggestions earned {:.3} on average. Others would have earned:\n",
            logged.len(),
            earned / logged.len() as f64,
        ));
        say(format_args!("| {} |", HEAD.join(" | ")));
        say(format_args!("|---{}|", "|--:".repeat(HEAD.len() - 1)));
        for row in odds::rows(&logged, &all, &newest) {
            say(format_args!("| {} |", row.join(" | ")));
        }
        Ok(())
    })
    .await
}
