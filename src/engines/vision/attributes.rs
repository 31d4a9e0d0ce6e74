//! From numbers to words: what a head says about a garment, and how sure it is.

/// One thing a pack says about a garment.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribute {
    /// Which: `category`, `pattern`, …
    pub name: String,
    /// The likeliest label.
    pub value: String,
    /// Calibrated probability of `value`.
    pub probability: f32,
    /// Whether the probability reaches the pack's threshold; otherwise the person is asked.
    pub is_sure: bool,
    /// The likeliest labels with their probabilities, `value` first.
    pub alternatives: Vec<(String, f32)>,
    /// Σ probability × label, where the labels are grades (formality, warmth).
    pub expectation: Option<f32>,
}

/// How likely a pack holds each label of one head, attribute or not.
#[derive(Debug, Clone, PartialEq)]
pub struct Belief {
    /// Which head: `category`, `pattern`, …
    pub name: String,
    /// Every label with its calibrated probability, in the order of the pack.
    pub labels: Vec<(String, f32)>,
}

impl Belief {
    /// How likely a label is; nothing for one that the head does not know.
    #[must_use]
    pub fn of(&self, label: &str) -> Option<f32> {
        let found = self.labels.iter().find(|(name, _)| name == label);
        found.map(|(_, probability)| *probability)
    }

    /// The labels, likeliest first; of equals, the first in the pack.
    #[must_use]
    pub fn ranked(&self) -> Vec<&str> {
        let mut order: Vec<&(String, f32)> = self.labels.iter().collect();
        order.sort_by(|a, b| b.1.total_cmp(&a.1));
        order.into_iter().map(|(name, _)| name.as_str()).collect()
    }
}

/// How the numbers of one head are read.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    pub(super) name: String,
    pub(super) labels: Vec<String>,
    pub(super) temperature: f32,
    pub(super) threshold: f32,
}

/// How many labels are worth showing to somebody who is asked.
const ALTERNATIVES: usize = 5;

impl Reading {
    /// Every label with its calibrated probability.
    pub(super) fn belief(&self, logits: &[f32]) -> Belief {
        let probabilities = softmax(logits, self.temperature);
        Belief {
            name: self.name.clone(),
            labels: self.labels.iter().cloned().zip(probabilities).collect(),
        }
    }

    /// Softmax with temperature, then words. `logits` are as many as the labels.
    pub(super) fn read(&self, logits: &[f32]) -> Attribute {
        let probabilities = softmax(logits, self.temperature);
        let mut order: Vec<usize> = (0..probabilities.len().min(self.labels.len())).collect();
        // The sort is stable: of equals, the first label wins.
        order.sort_by(|a, b| probabilities[*b].total_cmp(&probabilities[*a]));
        let alternatives: Vec<(String, f32)> = order
            .iter()
            .take(ALTERNATIVES)
            .map(|i| (self.labels[*i].clone(), probabilities[*i]))
            .collect();
        let (value, probability) = alternatives.first().cloned().unwrap_or_default();
        let grades: Option<Vec<f32>> = self.labels.iter().map(|l| l.parse().ok()).collect();
        Attribute {
            name: self.name.clone(),
            value,
            probability,
            is_sure: probability >= self.threshold,
            alternatives,
            expectation: grades.map(|g| g.iter().zip(&probabilities).map(|(g, p)| g * p).sum()),
        }
    }
}

/// Probabilities that add up to one.
pub(super) fn softmax(logits: &[f32], temperature: f32) -> Vec<f32> {
    let logs = log_softmax(logits, temperature);
    logs.into_iter().map(|v| v.exp() as f32).collect()
}

/// Logarithms of the probabilities, in double precision.
pub(super) fn log_softmax(logits: &[f32], temperature: f32) -> Vec<f64> {
    let scaled: Vec<f64> = logits
        .iter()
        .map(|v| f64::from(*v) / f64::from(temperature))
        .collect();
    let top = scaled.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = scaled.iter().map(|v| (v - top).exp()).sum();
    let norm = top + sum.ln();
    scaled.into_iter().map(|v| v - norm).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn grades(threshold: f32) -> Reading {
        Reading {
            name: "warmth".into(),
            labels: ["1", "2", "3"].map(String::from).to_vec(),
            temperature: 1.0,
            threshold,
        }
    }

    #[test]
    fn even_logits_are_unsure_and_average_the_grades() {
        let even = grades(0.5).read(&[2.0, 2.0, 2.0]);
        assert_eq!((even.value.as_str(), even.is_sure), ("1", false));
        assert!((even.expectation.unwrap() - 2.0).abs() < 1e-6);
        let clear = grades(0.5).read(&[0.0, 9.0, 0.0]);
        assert_eq!((clear.value.as_str(), clear.is_sure), ("2", true));
        assert_eq!(clear.alternatives.len(), 3);
    }

    proptest! {
        #[test]
        fn probabilities_are_probabilities(logits in proptest::collection::vec(-1e4_f32..1e4, 1..50), t in 0.05_f32..20.0) {
            let p = softmax(&logits, t);
            prop_assert!((p.iter().sum::<f32>() - 1.0).abs() < 1e-4);
            prop_assert!(p.iter().all(|v| (0.0..=1.0).contains(v)));
        }
    }
}
