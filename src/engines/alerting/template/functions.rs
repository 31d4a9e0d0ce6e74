//! The functions that a text may call.
use super::{
    Context, Failure, compare, humanize,
    printf::printf,
    texts,
    value::{Sample, Value},
};
use crate::engines::{
    alerting::rules::duration,
    promql::{Labels, Query, Value as Answer, regular_expression},
};
use std::{cmp::Ordering, rc::Rc};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    And,
    Or,
    Not,
    Len,
    Index,
    Print,
    Println,
    Printf,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    Query,
    First,
    Label,
    Value,
    StrValue,
    SortByLabel,
    Humanize,
    Humanize1024,
    HumanizeDuration,
    HumanizePercentage,
    HumanizeTimestamp,
    Title,
    ToUpper,
    ToLower,
    Match,
    ReReplaceAll,
    StripPort,
    StripDomain,
    SafeHtml,
    ParseDuration,
    ExternalUrl,
}

/// Those of Go and Prometheus that there are not.
pub(super) const UNSUPPORTED: &[&str] = &[
    "call",
    "html",
    "js",
    "urlquery",
    "slice",
    "args",
    "graphLink",
    "tableLink",
    "tmpl",
    "toTime",
    "pathPrefix",
];

const FUNCTIONS: &[(&str, Function)] = &[
    ("and", Function::And),
    ("or", Function::Or),
    ("not", Function::Not),
    ("len", Function::Len),
    ("index", Function::Index),
    ("print", Function::Print),
    ("println", Function::Println),
    ("printf", Function::Printf),
    ("eq", Function::Eq),
    ("ne", Function::Ne),
    ("lt", Function::Lt),
    ("le", Function::Le),
    ("gt", Function::Gt),
    ("ge", Function::Ge),
    ("query", Function::Query),
    ("first", Function::First),
    ("label", Function::Label),
    ("value", Function::Value),
    ("strvalue", Function::StrValue),
    ("sortByLabel", Function::SortByLabel),
    ("humanize", Function::Humanize),
    ("humanize1024", Function::Humanize1024),
    ("humanizeDuration", Function::HumanizeDuration),
    ("humanizePercentage", Function::HumanizePercentage),
    ("humanizeTimestamp", Function::HumanizeTimestamp),
    ("title", Function::Title),
    ("toUpper", Function::ToUpper),
    ("toLower", Function::ToLower),
    ("match", Function::Match),
    ("reReplaceAll", Function::ReReplaceAll),
    ("stripPort", Function::StripPort),
    ("stripDomain", Function::StripDomain),
    ("safeHtml", Function::SafeHtml),
    ("parseDuration", Function::ParseDuration),
    ("externalURL", Function::ExternalUrl),
];

pub(super) fn lookup(name: &str) -> Option<Function> {
    let mut all = FUNCTIONS.iter();
    all.find(|(known, _)| *known == name)
        .map(|(_, function)| *function)
}

impl Function {
    fn name(self) -> &'static str {
        let mut all = FUNCTIONS.iter();
        all.find(|(_, function)| *function == self)
            .map_or("", |(name, _)| name)
    }

    /// Calls it; `and` and `or` are called where their arguments are evaluated.
    pub(super) fn call(self, values: &[Value], context: &Context<'_>) -> Result<Value, Failure> {
        let order = |values: &[Value]| match values {
            [a, b] => compare::order(a, b),
            _ => Err(self.arity(2, values.len())),
        };
        let is = |wanted: fn(Ordering) -> bool, otherwise| {
            order(values).map(|order| Value::Bool(order.map_or(otherwise, wanted)))
        };
        match self {
            Self::And | Self::Or => Err(Failure::never(format!("{:?} needs a value", self.name()))),
            Self::Not => self.one(values).map(|value| Value::Bool(!value.is_true())),
            Self::Len => length(self.one(values)?),
            Self::Index => index(values),
            Self::Print | Self::Println => print(values, self == Self::Println).map(Value::Text),
            Self::Printf => match values.split_first() {
                Some((format, values)) => printf(self.text(format)?, values).map(Value::Text),
                None => Err(self.arity(1, 0)),
            },
            Self::Eq => match values.split_first() {
                Some((a, others)) => compare::equals(a, others).map(Value::Bool),
                None => Err(self.arity(2, 0)),
            },
            Self::Ne => match values {
                [a, b] => compare::equals(a, std::slice::from_ref(b)).map(|is| Value::Bool(!is)),
                _ => Err(self.arity(2, values.len())),
            },
            Self::Lt => is(Ordering::is_lt, false),
            Self::Le => is(Ordering::is_le, false),
            // As in Go: the opposite of the other two, even where something is no number.
            Self::Gt => is(Ordering::is_gt, true),
            Self::Ge => is(Ordering::is_ge, true),
            Self::ExternalUrl => match values {
                [] => Ok(Value::Text(context.external_url.to_owned())),
                _ => Err(self.arity(0, values.len())),
            },
            Self::Query => query(self.text(self.one(values)?)?, context),
            Self::First | Self::Label | Self::Value | Self::StrValue | Self::SortByLabel => {
                self.on_samples(values)
            }
            Self::Humanize
            | Self::Humanize1024
            | Self::HumanizeDuration
            | Self::HumanizePercentage
            | Self::HumanizeTimestamp => {
                self.humanized(number(self.one(values)?)?).map(Value::Text)
            }
            Self::Title
            | Self::ToUpper
            | Self::ToLower
            | Self::Match
            | Self::ReReplaceAll
            | Self::StripPort
            | Self::StripDomain
            | Self::SafeHtml
            | Self::ParseDuration => {
                let texts: Result<Vec<&str>, _> = values.iter().map(|v| self.text(v)).collect();
                self.on_texts(&texts?)
            }
        }
    }

    fn arity(self, wanted: usize, got: usize) -> Failure {
        let name = self.name();
        Failure::never(format!("{name:?} takes {wanted} values, not {got}"))
    }

    fn one(self, values: &[Value]) -> Result<&Value, Failure> {
        match values {
            [one] => Ok(one),
            _ => Err(self.arity(1, values.len())),
        }
    }

    fn text(self, value: &Value) -> Result<&str, Failure> {
        match value {
            Value::Text(text) => Ok(text),
            Value::Nil
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::Map(_)
            | Value::Sample(_)
            | Value::Vector(_)
            | Value::Data => Err(self.wants("a string", value)),
        }
    }

    fn wants(self, what: &str, got: &Value) -> Failure {
        let (name, kind) = (self.name(), got.kind());
        Failure::never(format!("{name:?} wants {what}, not a {kind}"))
    }

    fn on_samples(self, values: &[Value]) -> Result<Value, Failure> {
        match (self, values) {
            (Self::First, [Value::Vector(samples)]) => match samples.first() {
                Some(first) => Ok(Value::Sample(Rc::clone(first))),
                None => Err(Failure::values("first() called on vector with no elements")),
            },
            (Self::Label, [Value::Text(name), Value::Sample(sample)]) => {
                Ok(Value::Text(sample.labels.get(name).to_owned()))
            }
            (Self::Value, [Value::Sample(sample)]) => Ok(Value::Float(sample.value)),
            (Self::StrValue, [Value::Sample(sample)]) => {
                Ok(Value::Text(sample.labels.get("__value__").to_owned()))
            }
            (Self::SortByLabel, [Value::Text(name), Value::Vector(samples)]) => {
                let mut sorted = samples.as_ref().clone();
                sorted.sort_by(|a, b| a.labels.get(name).cmp(b.labels.get(name)));
                Ok(Value::Vector(Rc::new(sorted)))
            }
            (Self::Label | Self::SortByLabel, [_, _]) => Err(Failure::never(format!(
                "{:?} wants a name and what \"query\" found",
                self.name()
            ))),
            (Self::First, [got]) => Err(self.wants("what \"query\" found", got)),
            (Self::Value | Self::StrValue, [got]) => Err(self.wants("a sample", got)),
            (Self::Label | Self::SortByLabel, _) => Err(self.arity(2, values.len())),
            _ => Err(self.arity(1, values.len())),
        }
    }

    fn humanized(self, value: f64) -> Result<String, Failure> {
        if self == Self::HumanizeTimestamp {
            let text = humanize::timestamp(value);
            return text.ok_or_else(|| Failure::values(format!("{value} is no time")));
        }
        Ok(match () {
            () if self == Self::Humanize1024 => humanize::binary(value),
            () if self == Self::HumanizeDuration => humanize::duration(value),
            () if self == Self::HumanizePercentage => humanize::percentage(value),
            () => humanize::metric(value),
        })
    }

    fn on_texts(self, texts: &[&str]) -> Result<Value, Failure> {
        let pattern = |text: &str| {
            regular_expression(text).map_err(|refusal| Failure::never(refusal.to_string()))
        };
        let text = |text: String| Ok(Value::Text(text));
        match (self, texts) {
            (Self::Title, [one]) => text(texts::title(one)),
            (Self::ToUpper, [one]) => text(one.to_uppercase()),
            (Self::ToLower, [one]) => text(one.to_lowercase()),
            (Self::SafeHtml, [one]) => text((*one).to_owned()),
            (Self::Match, [wanted, one]) => Ok(Value::Bool(pattern(wanted)?.is_match(one))),
            (Self::ReReplaceAll, [wanted, with, one]) => {
                text(pattern(wanted)?.replace_all(one, *with).into_owned())
            }
            (Self::StripPort, [one]) => text(texts::without_port(one).to_owned()),
            (Self::StripDomain, [one]) => text(texts::without_domain(one)),
            (Self::ParseDuration, [one]) => {
                let ms = duration::parse(one).map_err(Failure::Values)?;
                #[expect(clippy::cast_precision_loss, reason = "a duration in seconds")]
                Ok(Value::Float(ms as f64 / 1000.0))
            }
            (Self::Match, _) => Err(self.arity(2, texts.len())),
            (Self::ReReplaceAll, _) => Err(self.arity(3, texts.len())),
            _ => Err(self.arity(1, texts.len())),
        }
    }
}

fn number(value: &Value) -> Result<f64, Failure> {
    match value {
        Value::Float(number) => Ok(*number),
        #[expect(clippy::cast_precision_loss, reason = "a number for people")]
        Value::Int(number) => Ok(*number as f64),
        Value::Text(text) => {
            let number = text.parse().ok();
            number.ok_or_else(|| Failure::values(format!("{text:?} is no number")))
        }
        Value::Nil
        | Value::Bool(_)
        | Value::Map(_)
        | Value::Sample(_)
        | Value::Vector(_)
        | Value::Data => Err(Failure::never(format!("a {} is no number", value.kind()))),
    }
}

fn length(value: &Value) -> Result<Value, Failure> {
    let length = match value {
        Value::Text(text) => text.len(),
        Value::Map(labels) => labels.iter().count(),
        Value::Vector(samples) => samples.len(),
        Value::Nil
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Float(_)
        | Value::Sample(_)
        | Value::Data => {
            return Err(Failure::never(format!("a {} has no length", value.kind())));
        }
    };
    Ok(Value::Int(i64::try_from(length).unwrap_or(i64::MAX)))
}

fn index(values: &[Value]) -> Result<Value, Failure> {
    let Some((of, keys)) = values.split_first() else {
        return Err(Failure::never("\"index\" needs a value"));
    };
    let mut found = of.clone();
    for key in keys {
        found = match (&found, key) {
            (Value::Map(labels), Value::Text(name)) => Value::Text(labels.get(name).to_owned()),
            (Value::Vector(samples), Value::Int(at)) => {
                let sample = usize::try_from(*at).ok().and_then(|at| samples.get(at));
                let sample =
                    sample.ok_or_else(|| Failure::values(format!("there is no item {at}")))?;
                Value::Sample(Rc::clone(sample))
            }
            _ => {
                return Err(Failure::never(format!(
                    "a {} has no item by a {}",
                    found.kind(),
                    key.kind()
                )));
            }
        };
    }
    Ok(found)
}

/// Blanks are between values of which neither is a string; on a line they are between all.
fn print(values: &[Value], is_line: bool) -> Result<String, Failure> {
    let mut out = String::new();
    let mut after_text = true;
    for (at, value) in values.iter().enumerate() {
        let is_text = matches!(value, Value::Text(_));
        if at > 0 && (is_line || (!is_text && !after_text)) {
            out.push(' ');
        }
        match matches!(value, Value::Nil) {
            true => out.push_str("<nil>"),
            false => out.push_str(&value.printed()?),
        }
        after_text = is_text;
    }
    if is_line {
        out.push('\n');
    }
    Ok(out)
}

fn query(text: &str, context: &Context<'_>) -> Result<Value, Failure> {
    let failed = |error: String| Failure::values(format!("the query {text:?} failed: {error}"));
    let query = Query::parse(text).map_err(|error| failed(error.to_string()))?;
    let answer = query.at(context.store, context.at_ms, context.options);
    let samples = match answer.map_err(|error| failed(error.to_string()))? {
        Answer::Scalar(value) => vec![(Labels::empty(), value)],
        Answer::Vector(samples) => samples,
        Answer::Matrix(_) => {
            return Err(failed("a range vector has no value at one time".to_owned()));
        }
    };
    let sample = |(labels, value)| Rc::new(Sample { labels, value });
    Ok(Value::Vector(Rc::new(
        samples.into_iter().map(sample).collect(),
    )))
}
