//! The dashboards: `config/dashboards.toml`, which is embedded.
use crate::engines::promql::Query;
use anyhow::{Context as _, ensure};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

const FILE: &str = include_str!("../../../config/dashboards.toml");

/// What an expression says where the window of a rate goes.
pub(super) const WINDOW: &str = "$window";

/// All dashboards, in the order of their file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dashboards {
    /// One after the other.
    #[serde(rename = "dashboard")]
    pub all: Vec<Dashboard>,
}

/// Charts that are looked at together.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Dashboard {
    /// A short name that never changes.
    pub id: String,
    /// Its name for people.
    pub title: String,
    /// The charts.
    #[serde(rename(deserialize = "panel"))]
    pub panels: Vec<Panel>,
}

/// One chart.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Panel {
    /// A short name, unique on its dashboard, that never changes.
    pub id: String,
    /// Its name for people.
    pub title: String,
    /// What it shows, in a sentence.
    pub help: String,
    /// What its values are.
    pub unit: Unit,
    /// Where its axis begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// Where its axis ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    /// What it draws.
    #[serde(rename(deserialize = "query"))]
    pub queries: Vec<PanelQuery>,
}

/// One expression of a chart.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PanelQuery {
    /// PromQL, in which `$window` stands for the window of rates.
    #[serde(rename(deserialize = "expr"))]
    pub expression: String,
    /// What a line is called; `{{label}}` is filled in.
    pub legend: String,
}

/// What the values of a chart are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Just numbers.
    None,
    /// 0 to 1.
    Ratio,
    /// A duration.
    Seconds,
    /// A size.
    Bytes,
    /// How often.
    PerSecond,
    /// How much.
    BytesPerSecond,
    /// How many.
    Count,
}

impl PanelQuery {
    /// The expression with a window in place of `$window`.
    ///
    /// # Errors
    /// When that cannot be evaluated.
    pub fn with_window(&self, window: &str) -> anyhow::Result<Query> {
        let text = self.expression.replace(WINDOW, window);
        Query::parse(&text).with_context(|| format!("the expression {text}"))
    }
}

impl Dashboards {
    /// Those in the program.
    ///
    /// # Errors
    /// When the file is wrong, which a test finds out.
    pub fn embedded() -> anyhow::Result<Self> {
        Self::parse(FILE).context("config/dashboards.toml")
    }

    fn parse(text: &str) -> anyhow::Result<Self> {
        let this: Self = toml::from_str(text)?;
        let mut ids = HashSet::new();
        for dashboard in &this.all {
            let id = &dashboard.id;
            ensure!(ids.insert(id.clone()), "two dashboards are called {id}");
            for panel in &dashboard.panels {
                let id = format!("{id}/{}", panel.id);
                ensure!(ids.insert(id.clone()), "two panels are called {id}");
                ensure!(!panel.queries.is_empty(), "the panel {id} has no query");
                for query in &panel.queries {
                    query
                        .with_window("5m")
                        .with_context(|| format!("the panel {id}"))?;
                }
            }
        }
        Ok(this)
    }

    /// A panel by the names of it and its dashboard.
    #[must_use]
    pub fn find(&self, dashboard: &str, panel: &str) -> Option<&Panel> {
        let dashboard = self.all.iter().find(|d| d.id == dashboard)?;
        dashboard.panels.iter().find(|p| p.id == panel)
    }

    /// Every expression of every panel.
    pub fn queries(&self) -> impl Iterator<Item = &PanelQuery> {
        let panels = self.all.iter().flat_map(|d| &d.panels);
        panels.flat_map(|p| &p.queries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::metrics;

    #[test]
    fn the_dashboards_of_the_program_can_be_drawn() {
        let dashboards = Dashboards::embedded().unwrap();
        assert!(dashboards.queries().count() > 1);
    }

    #[test]
    fn a_wrong_dashboard_is_refused_with_its_place() {
        let file = |expr: &str, id: &str| {
            format!(
                "[[dashboard]]\nid = 'd'\ntitle = 'D'\n[[dashboard.panel]]\nid = 'p'\ntitle = 'P'\nhelp = 'H.'\nunit = 'ratio'\n\
                 [[dashboard.panel.query]]\nexpr = '{expr}'\nlegend = ''\n[[dashboard.panel]]\nid = '{id}'\ntitle = 'P'\nhelp = 'H.'\n\
                 unit = 'none'\nmin = 0\n[[dashboard.panel.query]]\nexpr = 'up'\nlegend = ''\n"
            )
        };
        Dashboards::parse(&file("rate(up[$window])", "q")).unwrap();
        for (text, about) in [
            (file("rate(up[", "q"), "the panel d/p"),
            (file("up", "p"), "two panels are called d/p"),
            (file("up", "q").replace("'ratio'", "'apples'"), "apples"),
            (file("up", "q").replace("help", "hlep"), "hlep"),
        ] {
            let error = format!("{:#}", Dashboards::parse(&text).unwrap_err());
            assert!(error.contains(about), "{error}");
        }
    }

    #[test]
    fn every_metric_on_a_dashboard_is_in_the_table() {
        let known = |name: &str| {
            let base = ["_bucket", "_sum", "_count"]
                .iter()
                .find_map(|end| name.strip_suffix(end));
            metrics::ALL
                .iter()
                .any(|m| m.name == name || Some(m.name) == base)
        };
        for query in Dashboards::embedded().unwrap().queries() {
            let words = query
                .expression
                .split(|c: char| !(c.is_alphanumeric() || c == '_'));
            for word in words.filter(|w| {
                w.ends_with("_total") || w.ends_with("_seconds") || w.ends_with("_bytes")
            }) {
                assert!(known(word), "{word} of {} is no metric", query.expression);
            }
        }
    }
}
