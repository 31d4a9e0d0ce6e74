//! Numbers in what is stored: JSON knows neither infinities nor what is no number, so they are written as Prometheus
//! writes them.
use serde::{Deserialize, Deserializer, Serializer, de::Error as _};

/// As text, in the notation of Prometheus.
#[must_use]
pub(super) fn text(value: f64) -> String {
    match value {
        _ if value.is_nan() => "NaN".to_owned(),
        f64::INFINITY => "+Inf".to_owned(),
        f64::NEG_INFINITY => "-Inf".to_owned(),
        _ => value.to_string(),
    }
}

pub(super) fn parse(text: &str) -> Option<f64> {
    text.parse().ok()
}

pub(super) fn serialize<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&text(*value))
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    let written = String::deserialize(deserializer)?;
    parse(&written).ok_or_else(|| D::Error::custom(format!("{written:?} is no number")))
}
