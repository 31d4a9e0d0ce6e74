//! Reads files of tests.
use super::{ExpectedAlerts, ExpectedValues, Place, RuleTest, TestFile, notation};
use crate::engines::{
    alerting::{
        alert::ALERT_NAME,
        rules::{RuleError, duration},
        yaml::{Document, Fields, Node},
    },
    promql::{Labels, Query, Sample},
};

const MINUTE_MS: i64 = 60_000;
const TEST_FIELDS: [&str; 7] = [
    "interval",
    "input_series",
    "name",
    "alert_rule_test",
    "promql_expr_test",
    "external_labels",
    "external_url",
];

impl TestFile {
    /// Whether a file has the fields of tests, not of rules.
    #[must_use]
    pub fn is_one(text: &str) -> bool {
        let Ok(Document {
            root: Some(root), ..
        }) = Document::read(text)
        else {
            return false;
        };
        let entries = root.entries().unwrap_or_default();
        let is_field = |key: &Node| matches!(key.text(), Ok("tests" | "rule_files"));
        entries.iter().any(|(key, _)| is_field(key))
    }

    /// Reads a file of tests.
    ///
    /// # Errors
    /// [`RuleError`] of the first thing that is wrong.
    pub fn parse(text: &str) -> Result<Self, RuleError> {
        let document = Document::read(text)?;
        let Some(root) = &document.root else {
            return Err(RuleError {
                line: 1,
                column: 1,
                message: "there is no test in this file".to_owned(),
            });
        };
        let known = [
            "rule_files",
            "evaluation_interval",
            "group_eval_order",
            "tests",
        ];
        let fields = root.fields(&known)?;
        let texts = |name| {
            let items = fields.items(name)?.iter();
            items
                .map(|item| item.text().map(str::to_owned))
                .collect::<Result<Vec<_>, _>>()
        };
        let interval_ms = interval(&fields, "evaluation_interval")?.unwrap_or(MINUTE_MS);
        let reader = Reader {
            document: &document,
            interval_ms,
        };
        let tests = fields.items("tests")?.iter();
        Ok(Self {
            rule_files: texts("rule_files")?,
            interval_ms,
            group_order: texts("group_eval_order")?,
            tests: tests
                .map(|test| reader.test(test))
                .collect::<Result<_, _>>()?,
        })
    }
}

struct Reader<'d> {
    document: &'d Document,
    interval_ms: i64,
}

impl Reader<'_> {
    fn test(&self, node: &Node) -> Result<RuleTest, RuleError> {
        let fields = node.fields(&TEST_FIELDS)?;
        let interval_ms = interval(&fields, "interval")?.unwrap_or(self.interval_ms);
        if let Some(labels) = fields.get("external_labels")
            && !labels.entries()?.is_empty()
        {
            return Err(labels.wrong("external labels are not supported"));
        }
        let series = fields.items("input_series")?.iter();
        let alerts = fields.items("alert_rule_test")?.iter();
        let values = fields.items("promql_expr_test")?.iter();
        Ok(RuleTest {
            name: fields.text("name")?.unwrap_or_default().to_owned(),
            series: series
                .map(|one| series_of(one, interval_ms))
                .collect::<Result<_, _>>()?,
            external_url: fields.text("external_url")?.unwrap_or_default().to_owned(),
            alerts: alerts.map(alerts_of).collect::<Result<_, _>>()?,
            values: values
                .map(|one| self.values(one))
                .collect::<Result<_, _>>()?,
        })
    }

    fn values(&self, node: &Node) -> Result<ExpectedValues, RuleError> {
        let fields = node.fields(&["expr", "eval_time", "exp_samples"])?;
        let Some(expression) = fields.get("expr") else {
            return Err(fields.wrong("a test needs \"expr\""));
        };
        let query = Query::parse(expression.text()?).map_err(|error| {
            let message = error.refusal.to_string();
            self.document
                .wrong_within(expression, error.position, &message)
        })?;
        let mut samples = vec![];
        for sample in fields.items("exp_samples")? {
            let fields = sample.fields(&["labels", "value"])?;
            let labels = match fields.get("labels") {
                Some(node) => series_name(node)?,
                None => Labels::empty(),
            };
            let value = match fields.get("value") {
                Some(node) => number(node)?,
                None => 0.0,
            };
            samples.push((labels, value));
        }
        Ok(ExpectedValues {
            place: place(expression),
            at_ms: interval(&fields, "eval_time")?.unwrap_or(0),
            query,
            samples,
        })
    }
}

fn alerts_of(node: &Node) -> Result<ExpectedAlerts, RuleError> {
    let fields = node.fields(&["eval_time", "alertname", "exp_alerts"])?;
    let name = match fields.get("alertname") {
        Some(name) if !name.text()?.is_empty() => name,
        _ => return Err(fields.wrong("a test needs \"alertname\"")),
    };
    let mut alerts = vec![];
    for alert in fields.items("exp_alerts")? {
        let fields = alert.fields(&["exp_labels", "exp_annotations"])?;
        let labels = texts(&fields, "exp_labels")?.with(ALERT_NAME, name.text()?);
        alerts.push((labels, texts(&fields, "exp_annotations")?));
    }
    Ok(ExpectedAlerts {
        place: place(name),
        at_ms: interval(&fields, "eval_time")?.unwrap_or(0),
        name: name.text()?.to_owned(),
        alerts,
    })
}

fn series_of(node: &Node, interval_ms: i64) -> Result<(Labels, Vec<Sample>), RuleError> {
    let fields = node.fields(&["series", "values"])?;
    let Some(name) = fields.get("series") else {
        return Err(fields.wrong("a series needs \"series\""));
    };
    let labels = series_name(name)?;
    let samples = match fields.get("values") {
        Some(values) => notation::samples(values.text()?, interval_ms)
            .map_err(|message| values.wrong(message))?,
        None => vec![],
    };
    Ok((labels, samples))
}

fn series_name(node: &Node) -> Result<Labels, RuleError> {
    let text = node.text()?.trim();
    if matches!(text, "" | "{}") {
        return Ok(Labels::empty());
    }
    let query = Query::parse(text).map_err(|error| node.wrong(error.to_string()))?;
    let wrong = || node.wrong(format!("{text:?} is no name of a series"));
    query.series_name().ok_or_else(wrong)
}

fn texts(fields: &Fields<'_>, name: &str) -> Result<Labels, RuleError> {
    let mut texts = vec![];
    if let Some(node) = fields.get(name) {
        for (key, value) in node.entries()? {
            let text = if value.is_null() { "" } else { value.text()? };
            texts.push((key.text()?, text));
        }
    }
    Ok(Labels::new(texts))
}

fn interval(fields: &Fields<'_>, name: &str) -> Result<Option<i64>, RuleError> {
    let Some(node) = fields.get(name) else {
        return Ok(None);
    };
    let ms = duration::parse(node.text()?).map_err(|message| node.wrong(message))?;
    Ok((ms > 0).then_some(ms))
}

/// As YAML writes it.
fn number(node: &Node) -> Result<f64, RuleError> {
    let text = node.text()?;
    let plain = text.replace('_', "").to_ascii_lowercase();
    let number = match plain.as_str() {
        ".inf" | "+.inf" => Some(f64::INFINITY),
        "-.inf" => Some(f64::NEG_INFINITY),
        ".nan" => Some(f64::NAN),
        _ => plain.parse().ok(),
    };
    number.ok_or_else(|| node.wrong(format!("a number is wanted here, not {text:?}")))
}

fn place(node: &Node) -> Place {
    let RuleError { line, column, .. } = node.wrong("");
    Place { line, column }
}
