//! The dashboards as Grafana reads them.
use super::dashboards::{Dashboard, Dashboards, Panel, Unit, WINDOW};
use serde_json::{Value, json};

/// Of the model of a dashboard that Grafana 12 writes.
const SCHEMA_VERSION: u32 = 41;
/// Two panels side by side: Grafana's grid has 24 columns.
const WIDTH: usize = 12;
const HEIGHT: usize = 8;

/// A file for each dashboard: its name and what it holds. The same dashboards give the same bytes.
///
/// # Errors
/// Never in practice: when a dashboard cannot be written as JSON.
pub fn files(dashboards: &Dashboards) -> serde_json::Result<Vec<(String, String)>> {
    let file = |dashboard: &Dashboard| {
        let text = serde_json::to_string_pretty(&model(dashboard))?;
        Ok((format!("{}.json", dashboard.id), text + "\n"))
    };
    dashboards.all.iter().map(file).collect()
}

fn model(dashboard: &Dashboard) -> Value {
    let panels = dashboard.panels.iter().enumerate();
    json!({
        "uid": format!("flashfit-{}", dashboard.id),
        "title": format!("FlashFit: {}", dashboard.title),
        "tags": ["flashfit"],
        "schemaVersion": SCHEMA_VERSION,
        "version": 1,
        "editable": true,
        "graphTooltip": 1,
        "timezone": "browser",
        "refresh": "30s",
        "time": { "from": "now-6h", "to": "now" },
        "annotations": { "list": [] },
        "templating": { "list": [] },
        "links": [],
        "panels": panels.map(|(at, panel)| model_of_panel(at, panel)).collect::<Vec<_>>(),
    })
}

fn model_of_panel(at: usize, panel: &Panel) -> Value {
    let source = json!({ "type": "prometheus", "uid": "prometheus" });
    let targets = panel.queries.iter().zip('A'..='Z').map(|(query, letter)| {
        json!({
            "refId": letter.to_string(),
            "datasource": source,
            "expr": query.expression.replace(WINDOW, "$__rate_interval"),
            "legendFormat": query.legend,
            "range": true,
        })
    });
    let mut defaults = json!({
        "unit": unit(panel.unit),
        "custom": { "lineWidth": 1, "fillOpacity": 10, "showPoints": "never", "spanNulls": false },
    });
    for (key, bound) in [("min", panel.min), ("max", panel.max)] {
        if let Some(bound) = bound {
            defaults[key] = json!(bound);
        }
    }
    json!({
        "id": at + 1,
        "type": "timeseries",
        "title": panel.title,
        "description": panel.help,
        "datasource": source,
        "gridPos": { "h": HEIGHT, "w": WIDTH, "x": (at % 2) * WIDTH, "y": (at / 2) * HEIGHT },
        "fieldConfig": { "defaults": defaults, "overrides": [] },
        "options": {
            "legend": { "displayMode": "list", "placement": "bottom", "showLegend": true },
            "tooltip": { "mode": "multi", "sort": "desc" },
        },
        "targets": targets.collect::<Vec<_>>(),
    })
}

/// What Grafana calls it.
const fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::None => "none",
        Unit::Ratio => "percentunit",
        Unit::Seconds => "s",
        Unit::Bytes => "bytes",
        Unit::PerSecond => "cps",
        Unit::BytesPerSecond => "Bps",
        Unit::Count => "short",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn the_committed_files_are_those_that_the_program_writes() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/grafana/dashboards");
        if !folder.is_dir() {
            return;
        }
        let made = files(&Dashboards::embedded().unwrap()).unwrap();
        for (name, text) in &made {
            let committed = fs_err::read_to_string(folder.join(name)).unwrap_or_default();
            assert!(
                committed == *text,
                "run `flashfit dashboards config/grafana/dashboards`: {name} differs"
            );
        }
        let json = |e: &fs_err::DirEntry| e.path().extension().is_some_and(|e| e == "json");
        let there = fs_err::read_dir(folder).unwrap().flatten().filter(json);
        assert_eq!(
            there.count(),
            made.len(),
            "a dashboard is there that the program does not write"
        );
    }

    #[test]
    fn a_panel_keeps_what_it_says() {
        let (name, text) = files(&Dashboards::embedded().unwrap()).unwrap().remove(0);
        assert_eq!(name, "system.json");
        let model: Value = serde_json::from_str(&text).unwrap();
        let panel = &model["panels"][1];
        assert_eq!(
            panel["gridPos"],
            json!({ "h": 8, "w": 12, "x": 12, "y": 0 })
        );
        assert_eq!(panel["datasource"]["uid"], "prometheus");
        assert!(!text.contains(WINDOW));
    }
}
