//! YAML as JSON, and Compose's variables in it.
use saphyr::{LoadableYamlNode as _, Scalar, Yaml};
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;

/// The one document in a text.
pub(crate) fn load(text: &str) -> Json {
    let documents = Yaml::load_from_str(text).unwrap();
    let [document] = documents.as_slice() else {
        panic!("one document expected, found {}", documents.len());
    };
    json(document)
}

fn json(yaml: &Yaml<'_>) -> Json {
    match yaml {
        Yaml::Value(scalar) => match scalar {
            Scalar::Null => Json::Null,
            Scalar::Boolean(value) => Json::from(*value),
            Scalar::Integer(value) => Json::from(*value),
            Scalar::FloatingPoint(value) => Json::from(value.into_inner()),
            Scalar::String(value) => Json::from(value.as_ref()),
        },
        Yaml::Sequence(items) => items.iter().map(json).collect(),
        Yaml::Mapping(entries) => {
            let mut map = Map::new();
            for (key, value) in entries {
                let key = key.as_str().unwrap_or_else(|| panic!("{key:?} is no name"));
                let before = map.insert(key.to_owned(), json(value));
                assert!(before.is_none(), "{key} stands there twice");
            }
            Json::Object(map)
        }
        other @ (Yaml::Representation(..) | Yaml::Tagged(..) | Yaml::Alias(_) | Yaml::BadValue) => {
            panic!("{other:?} is not expected in a Compose file")
        }
    }
}

/// What a `${…}` says.
#[derive(Debug, PartialEq)]
pub(crate) struct Variable<'t> {
    pub(crate) name: &'t str,
    /// `:-` or `:?` and what follows, or nothing.
    rest: &'t str,
}

/// Cuts a text at its variables: what stands before each, the variable, and what is left at the end.
fn cut(text: &str) -> (Vec<(String, Variable<'_>)>, String) {
    let (mut found, mut before, mut rest) = (vec![], String::new(), text);
    while let Some((plain, after)) = rest.split_once('$') {
        before += plain;
        if let Some(after) = after.strip_prefix('$') {
            before.push('$');
            rest = after;
            continue;
        }
        let inside = after
            .strip_prefix('{')
            .and_then(|after| after.split_once('}'));
        let (inside, after) = inside.unwrap_or_else(|| panic!("a lone $ in {text:?}"));
        let end = inside.find(':').unwrap_or(inside.len());
        let (name, operator) = inside.split_at(end);
        let variable = Variable {
            name,
            rest: operator,
        };
        found.push((std::mem::take(&mut before), variable));
        rest = after;
    }
    (found, before + rest)
}

/// The variables in all texts of a document.
pub(crate) fn variables(document: &Json) -> Vec<String> {
    let mut names = vec![];
    each_text(document, &mut |text| {
        names.extend(cut(text).0.iter().map(|(_, v)| v.name.to_owned()));
    });
    names
}

fn each_text(value: &Json, visit: &mut impl FnMut(&str)) {
    match value {
        Json::String(text) => visit(text),
        Json::Array(items) => items.iter().for_each(|item| each_text(item, visit)),
        Json::Object(map) => map.values().for_each(|value| each_text(value, visit)),
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
    }
}

/// The document with its variables filled in, as Compose does it; fails with the message of a required one.
pub(crate) fn filled(value: &Json, given: &BTreeMap<String, String>) -> Result<Json, String> {
    Ok(match value {
        Json::String(text) => Json::from(fill(text, given)?),
        Json::Array(items) => {
            let items: Result<Vec<_>, _> = items.iter().map(|item| filled(item, given)).collect();
            Json::Array(items?)
        }
        Json::Object(map) => {
            let mut out = Map::new();
            for (key, value) in map {
                out.insert(key.clone(), filled(value, given)?);
            }
            Json::Object(out)
        }
        Json::Null | Json::Bool(_) | Json::Number(_) => value.clone(),
    })
}

fn fill(text: &str, given: &BTreeMap<String, String>) -> Result<String, String> {
    let (parts, end) = cut(text);
    let mut out = String::new();
    for (before, Variable { name, rest }) in parts {
        out += &before;
        let value = given.get(name).filter(|value| !value.is_empty());
        match (value, rest.split_at_checked(2)) {
            (Some(value), _) => out += value,
            (None, Some((":-", default))) => out += default,
            (None, Some((":?", message))) => return Err(format!("{name}: {message}")),
            (None, _) => panic!("{name} in {text:?} has neither a default nor a message"),
        }
    }
    Ok(out + &end)
}

#[test]
fn variables_are_filled_in_as_compose_does_it() {
    let given = BTreeMap::from([
        ("A".to_owned(), "x".to_owned()),
        ("E".to_owned(), String::new()),
    ]);
    assert_eq!(fill("1 ${A:-y} ${B:-y}$$C", &given).unwrap(), "1 x y$C");
    assert_eq!(fill("${E:-}:80", &given).unwrap(), ":80");
    assert_eq!(fill("${E:?say it}", &given).unwrap_err(), "E: say it");
}
