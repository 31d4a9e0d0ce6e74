//! Values of the right type that make no sense, and what they name: files, addresses, receivers, rules.
use crate::{
    app::{self, Settings, certificate, packs},
    base::clock::Clock,
    features::{
        accounts::{Accounts, Foundations},
        alerts,
    },
    platform::{
        cache::Cache,
        db::{self, Db},
        download,
        notify::{Outbox, Receiver, Site},
        tasks::Tasks,
        tls,
    },
};
use std::path::Path;

/// Every complaint, in lines that begin with the key.
pub(super) fn complaints(settings: &Settings) -> Vec<String> {
    let mut found = settings.complaints();
    found.extend(addresses(settings));
    found.extend(people(settings));
    found.extend(certificates(settings));
    found.extend(models(settings));
    found.extend(messages(settings));
    found.extend(settings.backup.complaints());
    found
}

fn addresses(settings: &Settings) -> Vec<String> {
    let database = db::hosts(&settings.database.url).err();
    let cache = Cache::new(&settings.cache).err();
    let operators = app::openness(&settings.http).err();
    let operators = operators.map(|error| format!("{error:#}"));
    let database = database.map(|error| format!("database.url: {error:#}"));
    let cache = cache.map(|error| format!("cache.url: is not a Redis address: {error:#}"));
    database.into_iter().chain(cache).chain(operators).collect()
}

/// Accounts are put on foundations that are never asked.
fn people(settings: &Settings) -> Vec<String> {
    let (Ok(db), Ok(cache)) = (Db::new(&settings.database), Cache::new(&settings.cache)) else {
        return vec![];
    };
    let foundations = Foundations {
        db,
        cache,
        tasks: Tasks::new(),
        outbox: None,
    };
    let made = Accounts::new(foundations, &settings.accounts, Clock::system());
    let error = made.err().map(|error| format!("{error:#}"));
    let named = error.map(|error| match error.starts_with("accounts.") {
        true => error,
        false => format!("accounts: {error}"),
    });
    named.into_iter().collect()
}

fn certificates(settings: &Settings) -> Vec<String> {
    let loaded = certificate::load(settings, &Clock::system());
    let error = loaded.err().map(|error| format!("{error:#}"));
    error.into_iter().collect()
}

fn models(settings: &Settings) -> Vec<String> {
    let models = &settings.models;
    let mut found = vec![];
    if let Err(error) = packs::chosen(settings) {
        found.push(format!("models.pack: {error:#}"));
    }
    if is_given(&models.onnxruntime) && !models.onnxruntime.is_file() {
        let path = models.onnxruntime.display();
        found.push(format!("models.onnxruntime: there is no file {path}"));
    }
    if is_given(&models.ca_file)
        && let Err(error) = tls::certificates(&models.ca_file)
    {
        found.push(format!("models.ca_file: {error}"));
    }
    for (name, url) in &models.packs {
        if let Err(error) = download::address(url) {
            found.push(format!("models.packs.{name}: {error}"));
        }
    }
    let registry = models.registry.as_str();
    let is_file = !registry.is_empty() && !registry.contains("://");
    if is_file && !Path::new(registry).is_file() {
        found.push(format!("models.registry: there is no file {registry}"));
    }
    found
}

/// Receivers with their files, rules with theirs, and who is told of what.
fn messages(settings: &Settings) -> Vec<String> {
    let told = &settings.notifications;
    let each = told.receivers.keys();
    let receivers = each.filter_map(|name| Receiver::named(name, told)?.err());
    let mut found: Vec<String> = receivers.map(|error| error.to_string()).collect();
    if let Err(error) = Site::new(&told.base_url) {
        found.push(error.to_string());
    } else if let Err(error) = Outbox::new(told, Tasks::new(), Clock::system()) {
        found.push(error.to_string());
    }
    let names: Vec<&str> = told.receivers.keys().map(String::as_str).collect();
    found.extend(alerts::complaints(&settings.alerts, &names));
    found
}

fn is_given(path: &Path) -> bool {
    !path.as_os_str().is_empty()
}
