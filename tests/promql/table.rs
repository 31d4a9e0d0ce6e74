//! Reads the table of expressions.

/// One expression of the table.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) group: String,
    pub(crate) expected: Expected,
    pub(crate) text: String,
}

#[derive(Debug, PartialEq)]
pub(crate) enum Expected {
    /// Both have the same result.
    Same,
    /// In the same order, too.
    SameOrder,
    /// A range vector, which has a value at one time only.
    Range,
    /// Both have no result, at any time.
    Nothing,
    /// Both fail, at some times at least, and at the same ones.
    Failure,
    /// PromQL that is not supported.
    Refused { column: usize },
    /// Not PromQL.
    Invalid { column: usize },
}

/// Lines are `[group]`, `# remark`, or an expression that may have a mark and a colon before it.
pub(crate) fn read() -> Vec<Case> {
    let mut group = String::new();
    let mut cases = vec![];
    for line in include_str!("expressions.txt").lines() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            group = name.to_owned();
            continue;
        }
        let (expected, text) = marked(line);
        cases.push(Case {
            group: group.clone(),
            expected,
            text: text.to_owned(),
        });
    }
    cases
}

fn marked(line: &str) -> (Expected, &str) {
    let Some((mark, text)) = line.split_once(": ") else {
        return (Expected::Same, line);
    };
    let mut words = mark.split(' ');
    let first = words.next();
    let column = words.next().and_then(|w| w.parse().ok());
    let expected = match (first, column) {
        (Some("order"), None) => Expected::SameOrder,
        (Some("range"), None) => Expected::Range,
        (Some("nothing"), None) => Expected::Nothing,
        (Some("fails"), None) => Expected::Failure,
        (Some("refused"), Some(column)) => Expected::Refused { column },
        (Some("invalid"), Some(column)) => Expected::Invalid { column },
        _ => return (Expected::Same, line),
    };
    (expected, text)
}
