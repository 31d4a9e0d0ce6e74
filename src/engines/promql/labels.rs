//! What a series is called: label names with their values.
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{collections::BTreeMap, fmt, sync::Arc};

/// The label that holds the name of the metric.
pub const METRIC_NAME: &str = "__name__";

/// Label names with their values, sorted by name. An empty value is the same as no label. Cheap to clone.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Labels(Arc<[(Arc<str>, Arc<str>)]>);

impl Labels {
    /// Sorts by name and leaves out empty values. Of a name given twice the last value counts.
    pub fn new<N, V>(pairs: impl IntoIterator<Item = (N, V)>) -> Self
    where
        N: Into<Arc<str>>,
        V: Into<Arc<str>>,
    {
        let sorted: BTreeMap<Arc<str>, Arc<str>> = pairs
            .into_iter()
            .map(|(name, value)| (name.into(), value.into()))
            .collect();
        Self(sorted.into_iter().filter(|(_, v)| !v.is_empty()).collect())
    }

    /// No labels.
    #[must_use]
    pub fn empty() -> Self {
        Self(Arc::from([]))
    }

    /// The value of a label; empty where there is none.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.0
            .binary_search_by(|(n, _)| n.as_ref().cmp(name))
            .ok()
            .and_then(|at| self.0.get(at))
            .map_or("", |(_, value)| value)
    }

    /// Names and values in the order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(n, v)| (n.as_ref(), v.as_ref()))
    }

    /// Only these labels.
    pub(super) fn only(&self, names: &[Arc<str>]) -> Self {
        self.filtered(|name| names.iter().any(|n| n.as_ref() == name))
    }

    /// All but these labels.
    pub(super) fn without(&self, names: &[Arc<str>]) -> Self {
        self.filtered(|name| !names.iter().any(|n| n.as_ref() == name))
    }

    /// Without the name of the metric.
    #[must_use]
    pub fn nameless(&self) -> Self {
        self.filtered(|name| name != METRIC_NAME)
    }

    /// With one label changed, or taken away by an empty value.
    #[must_use]
    pub fn with(&self, name: &str, value: &str) -> Self {
        let others = self.0.iter().filter(|(n, _)| n.as_ref() != name).cloned();
        Self::new(others.chain([(Arc::from(name), Arc::from(value))]))
    }

    fn filtered(&self, keep: impl Fn(&str) -> bool) -> Self {
        if self.0.iter().all(|(name, _)| keep(name)) {
            return self.clone();
        }
        Self(self.0.iter().filter(|(n, _)| keep(n)).cloned().collect())
    }
}

/// A map of names to values.
impl Serialize for Labels {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for Labels {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        BTreeMap::<String, String>::deserialize(deserializer).map(Self::new)
    }
}

impl fmt::Debug for Labels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

/// The notation of PromQL: `up{job="web"}`.
impl fmt::Display for Labels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.get(METRIC_NAME))?;
        f.write_str("{")?;
        let others = self.iter().filter(|(name, _)| *name != METRIC_NAME);
        for (i, (name, value)) in others.enumerate() {
            let comma = if i == 0 { "" } else { ", " };
            write!(f, "{comma}{name}={value:?}")?;
        }
        f.write_str("}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_value_is_no_label() {
        let labels = Labels::new([("b", "2"), ("a", ""), (METRIC_NAME, "up")]);
        assert_eq!(labels.to_string(), r#"up{b="2"}"#);
        assert_eq!(labels.get("a"), "");
        assert_eq!(labels.with("b", "").nameless(), Labels::empty());
    }

    #[test]
    fn labels_are_kept_and_dropped_by_name() {
        let labels = Labels::new([("a", "1"), ("b", "2"), (METRIC_NAME, "up")]);
        let names = [Arc::from("a"), Arc::from("c")];
        assert_eq!(labels.only(&names), Labels::new([("a", "1")]));
        assert_eq!(labels.without(&names).nameless(), Labels::new([("b", "2")]));
    }
}
