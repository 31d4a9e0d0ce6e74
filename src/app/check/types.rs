//! Unknown keys and values of another type: all of them, by putting right one after the other.
use super::{Complaint, names::nearest, places::Places};
use crate::app::{Settings, sources};
use figment::{
    error::{Error, Kind},
    value::{Dict, Value},
};

/// More than this is not told.
const MOST: usize = 200;

/// The settings as far as they can be read, with the defaults in the place of what cannot.
pub(super) fn read(places: &Places<'_>) -> (Option<Settings>, Vec<Complaint>) {
    let mut complaints = vec![];
    let mut values: Dict = match places.figment.extract() {
        Ok(values) => values,
        Err(error) => return (None, vec![Complaint::error("the settings", error)]),
    };
    let defaults = sources::default_values();
    while complaints.len() < MOST {
        let error = match Value::from(values.clone()).deserialize::<Settings>() {
            Ok(settings) => return (Some(settings), complaints),
            Err(error) => error,
        };
        let key = key(&error);
        complaints.push(Complaint::error(
            places.of(&key),
            said(&error, &key, &defaults),
        ));
        if !repair(&mut values, &defaults, to_repair(&error, &key, &defaults)) {
            break;
        }
    }
    (None, complaints)
}

/// What has to give way: an unknown key alone, but all that a wrong value is part of where that has no default.
fn to_repair<'k>(error: &Error, key: &'k [String], defaults: &Dict) -> &'k [String] {
    let is_unknown = matches!(error.kind, Kind::UnknownField(..));
    let mut at = Some(defaults);
    let mut has_default = false;
    for part in key {
        let value = at.and_then(|table| table.get(part));
        has_default = value.is_some();
        at = value.and_then(Value::as_dict);
    }
    match (is_unknown || has_default, key) {
        (false, [above @ .., _]) if !above.is_empty() => above,
        _ => key,
    }
}

/// The key that an error is about.
fn key(error: &Error) -> Vec<String> {
    let mut key = error.path.clone();
    if let Kind::UnknownField(name, _) = &error.kind
        && key.last() != Some(name)
    {
        key.push(name.clone());
    }
    if let Kind::MissingField(name) = &error.kind
        && key.last().map(String::as_str) != Some(name)
    {
        key.push(name.to_string());
    }
    key
}

fn said(error: &Error, key: &[String], defaults: &Dict) -> String {
    let dotted = key.join(".");
    let what = match &error.kind {
        Kind::UnknownField(name, expected) => {
            let known = expected.iter().copied();
            match nearest(name, known)
                .map(str::to_owned)
                .or_else(|| elsewhere(name, defaults))
            {
                Some(meant) => format!("there is no such key; did you mean {meant}?"),
                None => "there is no such key; flashfit config --default prints all".to_owned(),
            }
        }
        Kind::MissingField(_) => "it is missing".to_owned(),
        Kind::UnknownVariant(found, expected) => {
            format!("{found:?} is none of {}", expected.join(", "))
        }
        // Addresses with a password are the only values that must not be repeated: other secrets are read by themselves.
        Kind::InvalidType(_, expected) | Kind::InvalidValue(_, expected)
            if dotted.ends_with("url") =>
        {
            format!("expected {expected}")
        }
        Kind::InvalidType(found, expected) | Kind::InvalidValue(found, expected) => {
            format!("expected {expected}, got {found}")
        }
        Kind::Message(_)
        | Kind::InvalidLength(..)
        | Kind::DuplicateField(_)
        | Kind::ISizeOutOfRange(_)
        | Kind::USizeOutOfRange(_)
        | Kind::Unsupported(_)
        | Kind::UnsupportedKey(..) => error.kind.to_string().replace('\n', " "),
    };
    format!("{dotted}: {what}")
}

/// A key of this name in another section.
fn elsewhere(name: &str, defaults: &Dict) -> Option<String> {
    let mut sections = defaults.iter();
    let (section, _) = sections.find(|(_, values)| {
        let values = values.as_dict();
        values.is_some_and(|values| values.contains_key(name))
    })?;
    Some(format!("{section}.{name}"))
}

/// Puts the default in the place of what is wrong, or nothing where there is none. Says whether that changed anything.
fn repair(values: &mut Dict, defaults: &Dict, key: &[String]) -> bool {
    let [first, rest @ ..] = key else {
        return false;
    };
    let usual = defaults.get(first);
    if let (Some(Value::Dict(_, below)), false) = (values.get_mut(first), rest.is_empty()) {
        let none = Dict::new();
        let usual = usual.and_then(Value::as_dict).unwrap_or(&none);
        if repair(below, usual, rest) {
            return true;
        }
    }
    let before = match usual {
        Some(usual) => values.insert(first.clone(), usual.clone()),
        None => values.remove(first),
    };
    before.as_ref() != usual
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dict(text: &str) -> Dict {
        use figment::{
            Figment,
            providers::{Format as _, Toml},
        };
        Figment::from(Toml::string(text)).extract().unwrap()
    }

    fn key(dotted: &str) -> Vec<String> {
        dotted.split('.').map(str::to_owned).collect()
    }

    #[test]
    fn what_is_wrong_gives_way_to_the_default_or_to_nothing() {
        let defaults = dict("[http]\nport = 1\n[notifications]\nreceivers = {}");
        let mut values =
            dict("[http]\nport = 'x'\nprot = 2\n[notifications.receivers.a]\nkind = 'pigeon'");
        assert!(repair(&mut values, &defaults, &key("http.port")));
        assert!(repair(&mut values, &defaults, &key("http.prot")));
        assert!(repair(
            &mut values,
            &defaults,
            &key("notifications.receivers.a")
        ));
        assert_eq!(values, defaults);
        assert!(
            !repair(&mut values, &defaults, &key("http.port")),
            "it is right already"
        );
        assert!(!repair(&mut values, &defaults, &[]));
    }

    #[test]
    fn a_missing_key_of_what_has_no_default_takes_what_is_above_it_away() {
        let defaults = dict("[notifications]\nreceivers = {}");
        let mut values = dict("[notifications.receivers.a]\nkind = 'smtp'");
        assert!(repair(
            &mut values,
            &defaults,
            &key("notifications.receivers.a.host")
        ));
        assert_eq!(values, defaults);
    }

    #[test]
    fn a_key_of_another_section_is_found() {
        let defaults = dict("[database]\npool_size = 1");
        assert_eq!(
            elsewhere("pool_size", &defaults).unwrap(),
            "database.pool_size"
        );
        assert_eq!(elsewhere("nothing", &defaults), None);
    }
}
