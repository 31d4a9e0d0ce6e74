//! Names and other programs: whether every host is known, people's address answers, and receivers can be told.
use super::finding::Finding;
use crate::{
    app::Settings,
    base::clock::Clock,
    platform::{
        cache, db,
        notify::{Receiver, ReceiverSettings},
        tls,
    },
};
use futures_util::future::join_all;
use reqwest::Url;
use std::{collections::BTreeSet, net::IpAddr, time::Duration};

/// How long a name may take to be found, and a connection to be made.
const PATIENCE: Duration = Duration::from_secs(5);
/// Somebody should see to the renewal when less is left.
const SOON_DAYS: i64 = 21;

pub(super) async fn look(settings: &Settings) -> Vec<Finding> {
    let (mut names, public, receivers) =
        tokio::join!(names(settings), public(settings), receivers(settings));
    names.extend(public);
    names.extend(receivers);
    names
}

/// A line for each name that is not found, or one for all.
async fn names(settings: &Settings) -> Vec<Finding> {
    let hosts = hosts(settings);
    if hosts.is_empty() {
        return vec![Finding::ok("DNS", "no name has to be looked up")];
    }
    let asked = hosts.iter().map(|(key, host, port)| async move {
        let found = tokio::net::lookup_host((host.as_str(), *port));
        match tokio::time::timeout(PATIENCE, found).await {
            Ok(Ok(mut addresses)) => match addresses.next() {
                Some(_) => None,
                None => Some((key, host, "it has no address".to_owned())),
            },
            Ok(Err(error)) => Some((key, host, error.to_string())),
            Err(_late) => Some((key, host, format!("no answer within {PATIENCE:?}"))),
        }
    });
    let lost: Vec<Finding> = join_all(asked)
        .await
        .into_iter()
        .flatten()
        .map(|(key, host, why)| {
            let what = format!("{host} ({key}) is not known here: {why}");
            Finding::fail("DNS", what).advise("correct the name, or the resolver of this machine")
        })
        .collect();
    if lost.is_empty() {
        let names: BTreeSet<&str> = hosts.iter().map(|(_, host, _)| host.as_str()).collect();
        let names: Vec<&str> = names.into_iter().collect();
        return vec![Finding::ok("DNS", format!("{} found", names.join(", ")))];
    }
    lost
}

/// Which setting names which host; addresses need not be looked up.
fn hosts(settings: &Settings) -> Vec<(String, String, u16)> {
    let mut found = vec![];
    let mut add = |key: &str, host: String, port: u16| {
        if !host.is_empty() && host.parse::<IpAddr>().is_err() {
            found.push((key.to_owned(), host, port));
        }
    };
    for (host, port) in db::hosts(&settings.database.url).unwrap_or_default() {
        add("database.url", host, port);
    }
    if let Ok(Some((host, port))) = cache::host(&settings.cache) {
        add("cache.url", host, port);
    }
    let mut add_url = |key: &str, text: &str| {
        let Some(url) = Url::parse(text).ok() else {
            return;
        };
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
        add(
            key,
            host.to_owned(),
            url.port_or_known_default().unwrap_or(443),
        );
    };
    add_url("notifications.base_url", &settings.notifications.base_url);
    let mut mail = vec![];
    for (name, one) in &settings.notifications.receivers {
        let key = format!("notifications.receivers.{name}");
        match one {
            ReceiverSettings::Smtp(one) => {
                mail.push((
                    format!("{key}.host"),
                    one.host.clone(),
                    one.port.unwrap_or(587),
                ));
            }
            ReceiverSettings::Webhook(one) => add_url(&format!("{key}.url"), one.url.expose()),
            ReceiverSettings::Alertmanager(one) => add_url(&format!("{key}.url"), one.url.expose()),
        }
    }
    for (key, host, port) in mail {
        add(&key, host, port);
    }
    found
}

/// What people's browsers see: the certificate of whoever speaks TLS there, such as a proxy.
async fn public(settings: &Settings) -> Option<Finding> {
    const CHECK: &str = "public address";
    let url = Url::parse(&settings.notifications.base_url).ok()?;
    let place = url.origin().ascii_serialization();
    if url.scheme() != "https" {
        let what = format!("{place} (notifications.base_url) is not encrypted");
        let is_here = url.host_str().is_some_and(|host| {
            host == "localhost" || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
        });
        return Some(match is_here {
            true => Finding::ok(CHECK, format!("{place} is this machine")),
            false => {
                Finding::warn(CHECK, what).advise("put a proxy with TLS in front, or set http.tls")
            }
        });
    }
    let host = url.host_str()?.trim_matches(['[', ']']).to_owned();
    let (port, now) = (
        url.port_or_known_default().unwrap_or(443),
        Clock::system().now(),
    );
    Some(match tls::shown_by(&host, port, PATIENCE, now).await {
        Ok(until) => {
            let days = (until - now).num_days();
            let what = format!("{place} shows a certificate that is valid for {days} days");
            match days < SOON_DAYS {
                true => Finding::warn(CHECK, what).advise("see whether it is renewed by itself"),
                false => Finding::ok(CHECK, what),
            }
        }
        // A machine behind a router often cannot reach itself by its public name.
        Err(why) => Finding::warn(CHECK, format!("{place}: {why}"))
            .advise("look from where people are whether they can open it"),
    })
}

/// A line for each receiver.
async fn receivers(settings: &Settings) -> Vec<Finding> {
    let told = &settings.notifications;
    let each = told.receivers.keys();
    let each = each.filter_map(|name| Some((name, Receiver::named(name, told)?)));
    let asked = each.map(|(name, receiver)| async move {
        let check = format!("receiver {name}");
        let receiver = match receiver {
            Ok(receiver) => receiver,
            Err(error) => return Finding::fail(check, error),
        };
        match receiver.greet().await {
            Ok(how) => Finding::ok(check, format!("{} {how}", receiver.place())),
            Err(error) => {
                Finding::fail(check, error).advise(format!("then try flashfit alerts test {name}"))
            }
        }
    });
    join_all(asked).await
}
