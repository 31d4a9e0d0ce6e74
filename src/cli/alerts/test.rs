//! `flashfit alerts test`: one message to one receiver, now.
use super::say;
use crate::{
    app::Settings,
    base::clock::Clock,
    platform::notify::{Receiver, Site, trial},
};
use anyhow::bail;

pub(super) async fn run(name: &str, settings: &Settings) -> anyhow::Result<()> {
    let settings = &settings.notifications;
    let Some(receiver) = Receiver::named(name, settings) else {
        let known: Vec<&str> = settings.receivers.keys().map(String::as_str).collect();
        match known.is_empty() {
            true => {
                bail!("there is no receiver {name:?}: none is set below [notifications.receivers]")
            }
            false => bail!(
                "there is no receiver {name:?}; there are: {}",
                known.join(", ")
            ),
        }
    };
    let receiver = receiver?;
    let (site, now) = (Site::new(&settings.base_url)?, Clock::system().now());
    receiver.send(&trial(name, now), &site, now).await?;
    say(format_args!(
        "receiver {name} ({}): the test message was taken",
        receiver.place()
    ));
    Ok(())
}
