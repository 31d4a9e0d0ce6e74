//! The files, read.
use flashfit::engines::alerting::{Definition, RuleFile};
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// A file of the repository.
pub(crate) fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

pub(crate) fn text(name: &str) -> String {
    fs_err::read_to_string(path(name)).unwrap()
}

/// The rules that FlashFit evaluates.
pub(crate) fn rules() -> Vec<Definition> {
    read("config/alerts.yml")
}

/// The rules that only Prometheus can evaluate.
pub(crate) fn outside() -> Vec<Definition> {
    read("config/prometheus/down.yml")
}

fn read(name: &str) -> Vec<Definition> {
    let file = RuleFile::parse(&text(name)).unwrap_or_else(|error| panic!("{name}:{error}"));
    let rules = file.groups.iter().flat_map(|group| &group.rules);
    rules.map(|rule| rule.written().clone()).collect()
}

#[derive(Deserialize)]
struct Dashboards {
    dashboard: Vec<Dashboard>,
}

#[derive(Deserialize)]
pub(crate) struct Dashboard {
    pub(crate) id: String,
    pub(crate) panel: Vec<Panel>,
}

#[derive(Deserialize)]
pub(crate) struct Panel {
    pub(crate) id: String,
    pub(crate) query: Vec<PanelQuery>,
}

#[derive(Deserialize)]
pub(crate) struct PanelQuery {
    pub(crate) expr: String,
    pub(crate) legend: String,
}

pub(crate) fn dashboards() -> Vec<Dashboard> {
    let all: Dashboards = toml::from_str(&text("config/dashboards.toml")).unwrap();
    all.dashboard
}

/// Every query of every panel: `dashboard/panel` and the query, over windows of a minute.
pub(crate) fn panel_queries() -> Vec<(String, PanelQuery)> {
    let mut queries = vec![];
    for dashboard in dashboards() {
        for panel in dashboard.panel {
            for query in panel.query {
                let expr = query.expr.replace("$window", "1m");
                let legend = query.legend;
                queries.push((
                    format!("{}/{}", dashboard.id, panel.id),
                    PanelQuery { expr, legend },
                ));
            }
        }
    }
    queries
}
