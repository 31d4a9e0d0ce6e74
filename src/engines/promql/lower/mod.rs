//! From what the parser understood to what is evaluated.
use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use promql_parser::{
    label::{MatchOp, Matcher as ParsedMatcher},
    parser::{self, AtModifier, Expr, Offset, VectorSelector},
};

use crate::engines::promql::{
    error::{LoadError, Refusal},
    labels::METRIC_NAME,
    locate, pattern,
    plan::{Anchor, At, Kind, Node, Source, Window},
    scan::{self, Token},
    store::{Comparison, Matcher},
};

mod call;
mod operator;

/// Nobody nests deeper by hand, and the stack is finite.
const MAX_DEPTH: usize = 100;

/// Reads, parses and checks an expression.
pub(super) fn load(text: &str) -> Result<Node, LoadError> {
    let tokens = scan::tokens(text)?;
    let parsed = parser::parse(text).map_err(|reason| unparsable(text, &tokens, reason))?;
    let mut lowering = Lowering {
        text,
        calls: scan::calls(&tokens).into_iter(),
        place: tokens.first().map_or(0, |t| t.start),
        depth: 0,
    };
    lowering.node(&parsed)
}

fn unparsable(text: &str, tokens: &[Token<'_>], reason: String) -> LoadError {
    let reason = match reason.as_str() {
        "invalid promql query" => "this cannot be read as PromQL".to_owned(),
        _ => reason,
    };
    scan::refuse(text, locate::blame(text, tokens), Refusal::Invalid(reason))
}

/// Walks the expression in the order of the text, so that the calls found there are met one after the other.
struct Lowering<'t> {
    text: &'t str,
    calls: std::vec::IntoIter<usize>,
    /// The call that is looked at, for messages.
    place: usize,
    depth: usize,
}

impl Lowering<'_> {
    fn node(&mut self, expression: &Expr) -> Result<Node, LoadError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return self.refuse(Refusal::TooLarge("deeply nested"));
        }
        let node = match expression {
            Expr::Paren(inner) => self.node(&inner.expr),
            Expr::NumberLiteral(number) => Ok(Node::Number(number.val)),
            Expr::Unary(minus) => {
                let of = self.node(&minus.expr)?;
                if of.kind() == Kind::Range {
                    return self.invalid("a range vector has no negative");
                }
                Ok(Node::Negate(Box::new(of)))
            }
            Expr::VectorSelector(selector) => {
                let (matchers, anchor) = self.selector(selector)?;
                Ok(Node::Select(matchers, anchor))
            }
            Expr::MatrixSelector(_) | Expr::Subquery(_) => {
                Ok(Node::Range(self.window(expression)?))
            }
            Expr::Call(call) => self.call(call),
            Expr::Aggregate(aggregate) => self.aggregate(aggregate),
            Expr::Binary(binary) => self.binary(binary),
            Expr::StringLiteral(_) => self.unsupported("a string in this place"),
            Expr::Extension(_) => self.unsupported("an extension"),
        };
        self.depth -= 1;
        node
    }

    /// A part that must be of one kind.
    fn of_kind(&mut self, kind: Kind, expression: &Expr) -> Result<Box<Node>, LoadError> {
        let place = self.place;
        let node = self.node(expression)?;
        self.place = place;
        if node.kind() == kind {
            return Ok(Box::new(node));
        }
        let (wanted, got) = (kind.name(), node.kind().name());
        self.invalid(&format!("{wanted} is wanted here, not {got}"))
    }

    fn window(&mut self, expression: &Expr) -> Result<Window, LoadError> {
        match expression {
            Expr::Paren(inner) => self.window(&inner.expr),
            Expr::MatrixSelector(matrix) => {
                let (matchers, anchor) = self.selector(&matrix.vs)?;
                Ok(Window {
                    source: Source::Series(matchers),
                    range_ms: self.milliseconds(matrix.range)?,
                    anchor,
                })
            }
            Expr::Subquery(query) => {
                let of = self.of_kind(Kind::Vector, &query.expr)?;
                let step_ms = query.step.map(|step| self.milliseconds(step)).transpose()?;
                Ok(Window {
                    source: Source::Subquery { of, step_ms },
                    range_ms: self.milliseconds(query.range)?,
                    anchor: self.anchor(query.at.as_ref(), query.offset.as_ref())?,
                })
            }
            Expr::Aggregate(_)
            | Expr::Unary(_)
            | Expr::Binary(_)
            | Expr::NumberLiteral(_)
            | Expr::StringLiteral(_)
            | Expr::VectorSelector(_)
            | Expr::Call(_)
            | Expr::Extension(_) => self.invalid("a range vector is wanted here"),
        }
    }

    fn selector(&self, selector: &VectorSelector) -> Result<(Vec<Matcher>, Anchor), LoadError> {
        if !selector.matchers.or_matchers.is_empty() {
            return self.unsupported("\"or\" between matchers");
        }
        let asked = selector.matchers.matchers.iter();
        let mut matchers = asked
            .map(|m| self.matcher(m))
            .collect::<Result<Vec<_>, _>>()?;
        if let Some(name) = &selector.name {
            matchers.push(Matcher {
                name: Arc::from(METRIC_NAME),
                comparison: Comparison::Equal(Arc::from(name.as_str())),
            });
        }
        let anchor = self.anchor(selector.at.as_ref(), selector.offset.as_ref())?;
        Ok((matchers, anchor))
    }

    fn matcher(&self, parsed: &ParsedMatcher) -> Result<Matcher, LoadError> {
        let value = || Arc::from(parsed.value.as_str());
        let pattern = || pattern::anchored(&parsed.value).or_else(|refusal| self.refuse(refusal));
        Ok(Matcher {
            name: Arc::from(parsed.name.as_str()),
            comparison: match parsed.op {
                MatchOp::Equal => Comparison::Equal(value()),
                MatchOp::NotEqual => Comparison::NotEqual(value()),
                MatchOp::Re(_) => Comparison::Like(pattern()?),
                MatchOp::NotRe(_) => Comparison::Unlike(pattern()?),
            },
        })
    }

    fn anchor(
        &self,
        at: Option<&AtModifier>,
        offset: Option<&Offset>,
    ) -> Result<Anchor, LoadError> {
        let at = match at {
            None => None,
            Some(AtModifier::Start) => Some(At::Start),
            Some(AtModifier::End) => Some(At::End),
            Some(AtModifier::At(time)) => Some(At::Time(self.time(*time)?)),
        };
        let offset_ms = match offset {
            None => 0,
            Some(Offset::Pos(back)) => self.milliseconds(*back)?,
            Some(Offset::Neg(ahead)) => -self.milliseconds(*ahead)?,
        };
        Ok(Anchor { at, offset_ms })
    }

    fn time(&self, time: SystemTime) -> Result<i64, LoadError> {
        match time.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(since) => self.milliseconds(since),
            Err(before) => Ok(-self.milliseconds(before.duration())?),
        }
    }

    /// Bounded, so that a few of them may be added to a time.
    fn milliseconds(&self, duration: Duration) -> Result<i64, LoadError> {
        match i64::try_from(duration.as_millis()) {
            Ok(ms) if ms < i64::MAX / 8 => Ok(ms),
            Ok(_) | Err(_) => self.invalid("the duration is too long"),
        }
    }

    fn invalid<T>(&self, reason: &str) -> Result<T, LoadError> {
        self.refuse(Refusal::Invalid(reason.to_owned()))
    }

    fn unsupported<T>(&self, what: &str) -> Result<T, LoadError> {
        self.refuse(Refusal::Unsupported(what.to_owned()))
    }

    fn refuse<T>(&self, refusal: Refusal) -> Result<T, LoadError> {
        Err(scan::refuse(self.text, self.place, refusal))
    }
}
