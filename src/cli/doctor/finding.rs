//! What the doctor found: one line each, for people and for programs.
use crate::cli::say;
use serde::Serialize;
use std::fmt;

/// How something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    /// As it should be.
    Ok,
    /// It could not be looked at.
    Unknown,
    /// It works, and somebody should see to it.
    Warn,
    /// It does not work.
    Fail,
}

/// How one thing is, and what to do.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Finding {
    /// What was looked at.
    pub(super) check: String,
    /// How it is.
    pub(super) state: State,
    /// In words.
    pub(super) detail: String,
    /// What to do; nothing where all is well.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) advice: Option<String>,
}

impl Finding {
    fn new(check: impl Into<String>, state: State, detail: impl fmt::Display) -> Self {
        Self {
            check: check.into(),
            state,
            detail: detail.to_string().replace('\n', " "),
            advice: None,
        }
    }

    pub(super) fn ok(check: impl Into<String>, detail: impl fmt::Display) -> Self {
        Self::new(check, State::Ok, detail)
    }

    pub(super) fn unknown(check: impl Into<String>, detail: impl fmt::Display) -> Self {
        Self::new(check, State::Unknown, detail)
    }

    pub(super) fn warn(check: impl Into<String>, detail: impl fmt::Display) -> Self {
        Self::new(check, State::Warn, detail)
    }

    pub(super) fn fail(check: impl Into<String>, detail: impl fmt::Display) -> Self {
        Self::new(check, State::Fail, detail)
    }

    /// The same, with what to do.
    pub(super) fn advise(self, advice: impl Into<String>) -> Self {
        Self {
            advice: Some(advice.into()),
            ..self
        }
    }

    /// What a check that can only work or fail says.
    pub(super) fn of(check: impl Into<String>, result: anyhow::Result<String>) -> Self {
        match result {
            Ok(detail) => Self::ok(check, detail),
            Err(error) => Self::fail(check, format!("{error:#}")),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = match self.state {
            State::Ok => "ok  ",
            State::Unknown => "?   ",
            State::Warn => "warn",
            State::Fail => "FAIL",
        };
        write!(f, "{mark}  {}: {}", self.check, self.detail)?;
        match &self.advice {
            Some(advice) => write!(f, "; {advice}"),
            None => Ok(()),
        }
    }
}

/// All findings, and what they come to.
#[derive(Serialize)]
struct Document<'a> {
    /// The worst of them.
    state: State,
    /// In the order in which things were looked at.
    findings: &'a [Finding],
}

/// The worst state of all.
pub(super) fn worst(findings: &[Finding]) -> State {
    let states = findings.iter().map(|finding| finding.state);
    states.max().unwrap_or(State::Ok)
}

/// As JSON.
pub(super) fn json(findings: &[Finding]) -> serde_json::Result<String> {
    let document = Document {
        state: worst(findings),
        findings,
    };
    serde_json::to_string_pretty(&document)
}

/// Gathers findings, and tells people of each as soon as it is there: what comes later may take long.
pub(super) struct Report {
    as_json: bool,
    pub(super) findings: Vec<Finding>,
}

impl Report {
    pub(super) fn new(as_json: bool) -> Self {
        Self {
            as_json,
            findings: vec![],
        }
    }

    pub(super) fn add(&mut self, findings: impl IntoIterator<Item = Finding>) {
        for finding in findings {
            if !self.as_json {
                say(&finding);
            }
            self.findings.push(finding);
        }
    }

    /// Tells programs of all at once.
    pub(super) fn close(&self) -> anyhow::Result<()> {
        if self.as_json {
            say(json(&self.findings)?);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_is_one_line_with_what_to_do() {
        let finding = Finding::warn("clock", "two\nlines").advise("set it");
        assert_eq!(finding.to_string(), "warn  clock: two lines; set it");
        let all = [Finding::ok("a", "b"), finding, Finding::unknown("c", "d")];
        assert_eq!(worst(&all), State::Warn);
        let read: serde_json::Value = serde_json::from_str(&json(&all).unwrap()).unwrap();
        assert_eq!(read["state"], "warn");
        assert_eq!(read["findings"][1]["advice"], "set it");
        assert!(read["findings"][0].get("advice").is_none());
    }
}
