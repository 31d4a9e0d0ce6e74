//! Requests made up from the OpenAPI document, with given ids wherever it has room for one.
use reqwest::Method;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// One request.
#[derive(Debug)]
pub(super) struct Attempt {
    /// Method and pattern.
    pub(super) route: String,
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) body: Option<Value>,
}

impl Attempt {
    /// Whether the caller says this word.
    pub(super) fn says(&self, word: &str) -> bool {
        let is_in_body = |body: &Value| body.to_string().contains(word);
        self.path.contains(word) || self.body.as_ref().is_some_and(is_in_body)
    }
}

/// Every operation with every id in every place, and once with everything optional left out.
pub(super) fn attempts(document: &Value, ids: &[String]) -> Vec<Attempt> {
    let mut all = vec![];
    for (pattern, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let method: Method = method.to_uppercase().parse().unwrap();
            for id in ids {
                let path = address(document, pattern, operation, id);
                for body in bodies(document, operation, id) {
                    all.push(Attempt {
                        route: format!("{method} {pattern}"),
                        method: method.clone(),
                        path: path.clone(),
                        body,
                    });
                }
            }
        }
    }
    all.sort_by_key(|attempt| format!("{attempt:?}"));
    all.dedup_by_key(|attempt| format!("{attempt:?}"));
    all
}

/// The operations of which the document says that nobody need sign in.
pub(super) fn public(document: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (pattern, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            if operation["security"] == json!([{}]) {
                found.insert(format!("{} {pattern}", method.to_uppercase()));
            }
        }
    }
    found
}

fn address(document: &Value, pattern: &str, operation: &Value, id: &str) -> String {
    let (mut path, mut query) = (pattern.to_owned(), vec![]);
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let name = parameter["name"].as_str().unwrap();
        let value = made_up(document, &parameter["schema"], id);
        let value = match value.as_str() {
            Some(text) => text.to_owned(),
            None => value.to_string(),
        };
        if parameter["in"] == "path" {
            path = path.replace(&format!("{{{name}}}"), &value);
        } else if parameter["required"] == true {
            query.push(format!("{name}={value}"));
        }
    }
    match query.is_empty() {
        true => path,
        false => format!("{path}?{}", query.join("&")),
    }
}

/// The body with what it must have; and for each place where it may have an id, one with that.
fn bodies(document: &Value, operation: &Value, id: &str) -> Vec<Option<Value>> {
    let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
    if schema.is_null() {
        return vec![None];
    }
    let least = made_up(document, schema, id);
    let mut all = vec![Some(least.clone())];
    let properties = &resolved(document, schema)["properties"];
    for (name, property) in properties.as_object().into_iter().flatten() {
        let value = made_up(document, property, id);
        if least.is_object() && value.to_string().contains(id) {
            let mut more = least.clone();
            more[name] = value;
            all.push(Some(more));
        }
    }
    all
}

fn resolved<'d>(document: &'d Value, schema: &'d Value) -> &'d Value {
    match schema["$ref"].as_str() {
        Some(reference) => {
            let place = reference.strip_prefix('#').unwrap();
            resolved(document, document.pointer(place).unwrap())
        }
        None => schema,
    }
}

/// A value that the schema allows, as small as it may be. UUIDs are `id`.
fn made_up(document: &Value, schema: &Value, id: &str) -> Value {
    let schema = resolved(document, schema);
    if let Some(first) = schema["enum"].get(0) {
        return first.clone();
    }
    for choice in ["oneOf", "anyOf", "allOf"] {
        if let Some(first) = schema[choice].get(0) {
            return made_up(document, first, id);
        }
    }
    let kind = &schema["type"];
    match kind.get(0).unwrap_or(kind).as_str() {
        Some("string") if schema["format"] == "uuid" => json!(id),
        Some("string") if schema["format"] == "date-time" => json!("2026-12-01T00:00:00Z"),
        Some("string") if schema["format"] == "date" => json!("2026-12-01"),
        Some("string") => json!("x".repeat(schema["minLength"].as_u64().unwrap_or(1) as usize)),
        Some("integer") => json!(schema["minimum"].as_i64().unwrap_or(1)),
        Some("number") => json!(schema["minimum"].as_f64().unwrap_or(1.0)),
        Some("boolean") => json!(false),
        Some("array") => json!([made_up(document, &schema["items"], id)]),
        Some("object") => {
            let wanted = schema["required"].as_array().into_iter().flatten();
            let wanted = wanted.map(|name| name.as_str().unwrap());
            let made = wanted.map(|name| {
                let value = made_up(document, &schema["properties"][name], id);
                (name.to_owned(), value)
            });
            Value::Object(made.collect::<Map<_, _>>())
        }
        _ => Value::Null,
    }
}
