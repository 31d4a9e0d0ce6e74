//! Tables of figures with their intervals, as Markdown and as JSON.
use crate::engines::quality::Estimate;
use serde::Serialize;
use std::fmt;

/// What was measured on what.
#[derive(Debug, Default, Serialize)]
pub(super) struct Report {
    /// What it was measured on, in a sentence.
    pub(super) about: String,
    pub(super) tables: Vec<Table>,
    /// What to know when reading the figures.
    pub(super) notes: Vec<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct Table {
    pub(super) title: String,
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<Row>,
}

#[derive(Debug, Serialize)]
pub(super) struct Row {
    pub(super) name: String,
    pub(super) figures: Vec<Figure>,
}

/// A share with its 95 % interval.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Figure {
    value: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    count: Option<usize>,
    #[serde(skip)]
    is_percent: bool,
}

impl Figure {
    pub(super) fn percent(estimate: Estimate) -> Self {
        Self {
            is_percent: true,
            ..Self::number(estimate)
        }
    }

    pub(super) fn number(estimate: Estimate) -> Self {
        Self {
            value: Some(estimate.mean),
            low: Some(estimate.low),
            high: Some(estimate.high),
            count: Some(estimate.count),
            is_percent: false,
        }
    }

    /// A figure somebody else published, without an interval.
    pub(super) fn published(value: Option<f64>, is_percent: bool) -> Self {
        Self {
            value,
            low: None,
            high: None,
            count: None,
            is_percent,
        }
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(value) = self.value else {
            return f.write_str("–");
        };
        match self.is_percent {
            true => write!(f, "{:.1} %", 100.0 * value)?,
            false => write!(f, "{value:.3}")?,
        }
        match (self.low, self.high, self.is_percent) {
            (Some(low), Some(high), true) => write!(f, " ({:.1}–{:.1})", 100.0 * low, 100.0 * high),
            (Some(low), Some(high), false) => write!(f, " ({low:.3}–{high:.3})"),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.about)?;
        for table in &self.tables {
            writeln!(
                f,
                "\n{}\n\n| | {} |",
                table.title,
                table.columns.join(" | ")
            )?;
            writeln!(f, "|---|{}", "--:|".repeat(table.columns.len()))?;
            for row in &table.rows {
                let figures: Vec<String> = row.figures.iter().map(Figure::to_string).collect();
                writeln!(f, "| {} | {} |", row.name, figures.join(" | "))?;
            }
        }
        self.notes
            .iter()
            .try_for_each(|note| write!(f, "\n{note}\n"))
    }
}
