//! What was measured: rows with their interval and their target, as Markdown and as JSON.
use crate::engines::quality::Estimate;
use serde::Serialize;

/// One measure.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    name: String,
    value: f64,
    interval: Option<(f64, f64)>,
    count: usize,
    unit: Unit,
    target: Option<Target>,
}

#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "lowercase")]
enum Unit {
    Share,
    Number,
}

#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
enum Target {
    AtLeast(f64),
    AtMost(f64),
    Above(f64),
}

impl Row {
    /// The target is a value no smaller than this.
    pub(super) fn at_least(&mut self, value: f64) {
        self.target = Some(Target::AtLeast(value));
    }

    /// The target is a value no larger than this.
    pub(super) fn at_most(&mut self, value: f64) {
        self.target = Some(Target::AtMost(value));
    }

    /// The target is an interval that is larger than this as a whole.
    pub(super) fn above(&mut self, value: f64) {
        self.target = Some(Target::Above(value));
    }

    fn line(&self) -> String {
        if self.count == 0 {
            return format!("| {} |  |  | 0 |  |\n", self.name);
        }
        let value = match self.unit {
            Unit::Share => format!("{:.1} %", 100.0 * self.value),
            Unit::Number => format!("{:.3}", self.value),
        };
        let interval = match (self.interval, self.unit) {
            (None, _) => String::new(),
            (Some((low, high)), Unit::Share) => {
                format!("{:.1} to {:.1} %", 100.0 * low, 100.0 * high)
            }
            (Some((low, high)), Unit::Number) => {
                format!("{low:.3} to {high:.3}")
            }
        };
        let (name, count) = (&self.name, self.count);
        let target = self.target.map_or_else(String::new, |t| self.verdict(t));
        format!("| {name} | {value} | {interval} | {count} | {target} |\n")
    }

    fn verdict(&self, target: Target) -> String {
        let (sign, bound, is_met) = match target {
            Target::AtLeast(bound) => ("≥", bound, self.value >= bound),
            Target::AtMost(bound) => ("≤", bound, self.value <= bound),
            Target::Above(bound) => (">", bound, self.least() > bound),
        };
        let bound = match self.unit {
            Unit::Share => format!("{:.0} %", 100.0 * bound),
            Unit::Number => bound.to_string(),
        };
        let word = if is_met { "met" } else { "missed" };
        format!("{sign} {bound}, {word}")
    }

    /// The lower end of the interval: what is above a bound has to be so beyond doubt.
    fn least(&self) -> f64 {
        self.interval.map_or(self.value, |(low, _)| low)
    }
}

/// Measures of one data set, and what else must be said of them.
#[derive(Debug, Serialize)]
pub(super) struct Table {
    title: String,
    rows: Vec<Row>,
    notes: Vec<String>,
}

impl Table {
    pub(super) fn new(title: String) -> Self {
        let (rows, notes) = (vec![], vec![]);
        Self { title, rows, notes }
    }

    /// A mean of yes and no.
    pub(super) fn share(&mut self, name: &str, e: Estimate) -> &mut Row {
        self.push(name, (e.mean, Some((e.low, e.high))), e.count, Unit::Share)
    }

    /// A mean of numbers.
    pub(super) fn number(&mut self, name: &str, e: Estimate) -> &mut Row {
        self.push(name, (e.mean, Some((e.low, e.high))), e.count, Unit::Number)
    }

    /// A number of which no interval is known.
    pub(super) fn plain(&mut self, name: &str, value: f64, count: usize) -> &mut Row {
        self.push(name, (value, None), count, Unit::Number)
    }

    /// Something that the reader must know.
    pub(super) fn note(&mut self, text: String) {
        self.notes.push(text);
    }

    /// The title, the rows as a Markdown table, the notes.
    pub(super) fn markdown(&self) -> String {
        let mut text = format!(
            "{}:\n\n| measure | value | 95 % interval | n | target |\n|---|--:|--:|--:|---|\n",
            self.title
        );
        self.rows.iter().for_each(|row| text += &row.line());
        for note in &self.notes {
            text += &format!("\n{note}\n");
        }
        text
    }

    fn push(
        &mut self,
        name: &str,
        (value, interval): (f64, Option<(f64, f64)>),
        count: usize,
        unit: Unit,
    ) -> &mut Row {
        let at = self.rows.len();
        self.rows.push(Row {
            name: name.to_owned(),
            value,
            interval,
            count,
            unit,
            target: None,
        });
        &mut self.rows[at]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engines::quality::estimate;

    #[test]
    fn a_row_says_whether_its_target_is_met() {
        let mut table = Table::new("three things".into());
        table
            .share("right", estimate([("a", 1.0), ("b", 1.0)]))
            .at_least(0.9);
        table.plain("off", 0.5, 2).at_most(0.45);
        table.number("gain", estimate([("a", 0.0)])).above(0.0);
        table
            .number("doubtful", estimate([("a", 1.0), ("b", -0.5)]))
            .above(0.0);
        table.share("unknown", estimate([])).at_least(0.9);
        table.note("no more was measured".into());
        let text = table.markdown();
        for part in [
            "three things:\n\n| measure |",
            "| right | 100.0 % | 100.0 to 100.0 % | 2 | ≥ 90 %, met |",
            "| off | 0.500 |  | 2 | ≤ 0.45, missed |",
            "| gain | 0.000 | 0.000 to 0.000 | 1 | > 0, missed |",
            "| doubtful | 0.250 | -0.500 to 1.000 | 2 | > 0, missed |",
            "| unknown |  |  | 0 |  |",
            "\n\nno more was measured\n",
        ] {
            assert!(text.contains(part), "{text}");
        }
    }
}
