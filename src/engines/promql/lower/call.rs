//! Calls of functions.
use std::sync::Arc;

use promql_parser::parser::{Call, Expr};

use super::Lowering;
use crate::engines::promql::{
    error::LoadError,
    functions::{self, Known},
    labels::Labels,
    over_time::Over,
    pattern,
    plan::{Kind, Node, Source},
    relabel::{self, Relabel},
};

impl Lowering<'_> {
    pub(super) fn call(&mut self, call: &Call) -> Result<Node, LoadError> {
        self.place = self.calls.next().unwrap_or(self.place);
        let name = call.func.name;
        let Some(known) = functions::lookup(name) else {
            return self.unsupported(&format!("the function \"{name}\""));
        };
        let arguments: Vec<&Expr> = call.args.args.iter().map(AsRef::as_ref).collect();
        Ok(match (known, arguments.as_slice()) {
            (Known::Time, []) => Node::Time,
            (Known::Calendar(change), []) => {
                Node::Each(change, Box::new(Node::AsVector(Box::new(Node::Time))))
            }
            (Known::Each(change) | Known::Calendar(change), [of]) => {
                Node::Each(change, self.vector(of)?)
            }
            (Known::Vector, [of]) => Node::AsVector(self.scalar(of)?),
            (Known::Scalar, [of]) => Node::AsScalar(self.vector(of)?),
            (Known::Timestamp, [of]) => Node::Timestamp(self.vector(of)?),
            (Known::Sort { descending }, [of]) => {
                let of = self.vector(of)?;
                Node::Sort { descending, of }
            }
            (Known::Absent, [of]) => self.absent(of)?,
            (Known::HistogramQuantile, [q, of]) => {
                Node::HistogramQuantile(self.scalar(q)?, self.vector(of)?)
            }
            (Known::Shape(shape), [of, numbers @ ..]) => {
                let of = self.vector(of)?;
                let numbers = numbers.iter().map(|n| self.scalar(n).map(|n| *n));
                Node::Shape(shape, of, numbers.collect::<Result<_, _>>()?)
            }
            (Known::LabelReplace, [of, target, replacement, source, pattern]) => {
                let of = self.vector(of)?;
                Node::Relabel(self.replace([target, replacement, source, pattern])?, of)
            }
            (Known::LabelJoin, [of, target, separator, sources @ ..]) => {
                let of = self.vector(of)?;
                Node::Relabel(self.join(target, separator, sources)?, of)
            }
            (Known::Over(Over::Quantile), [q, of]) => {
                let parameter = Some(self.scalar(q)?);
                self.over(Over::Quantile, of, parameter)?
            }
            (Known::Over(function), [of]) => self.over(function, of, None)?,
            (_, arguments) => {
                let got = arguments.len();
                return self.invalid(&format!("\"{name}\" does not take {got} arguments"));
            }
        })
    }

    fn vector(&mut self, of: &Expr) -> Result<Box<Node>, LoadError> {
        self.of_kind(Kind::Vector, of)
    }

    fn scalar(&mut self, of: &Expr) -> Result<Box<Node>, LoadError> {
        self.of_kind(Kind::Scalar, of)
    }

    fn over(
        &mut self,
        function: Over,
        of: &Expr,
        parameter: Option<Box<Node>>,
    ) -> Result<Node, LoadError> {
        let window = self.window(of)?;
        let absent = match (&window.source, function) {
            (Source::Series(matchers), Over::Absent) => relabel::of_the_absent(matchers),
            _ => Labels::empty(),
        };
        Ok(Node::Over {
            function,
            window,
            parameter,
            absent,
        })
    }

    /// Only a selector says what is absent.
    fn absent(&mut self, of: &Expr) -> Result<Node, LoadError> {
        let node = self.vector(of)?;
        let labels = if let Node::Select(matchers, _) = node.as_ref() {
            relabel::of_the_absent(matchers)
        } else {
            Labels::empty()
        };
        Ok(Node::Absent(node, labels))
    }

    fn replace(
        &self,
        [target, replacement, source, expression]: [&Expr; 4],
    ) -> Result<Relabel, LoadError> {
        let expression = self.string(expression)?;
        Ok(Relabel::Replace {
            target: self.label_name(target)?,
            replacement: self.string(replacement)?.to_owned(),
            source: Arc::from(self.string(source)?),
            pattern: pattern::anchored(expression).or_else(|refusal| self.refuse(refusal))?,
        })
    }

    fn join(
        &self,
        target: &Expr,
        separator: &Expr,
        sources: &[&Expr],
    ) -> Result<Relabel, LoadError> {
        Ok(Relabel::Join {
            target: self.label_name(target)?,
            separator: self.string(separator)?.to_owned(),
            sources: sources
                .iter()
                .map(|s| self.label_name(s))
                .collect::<Result<_, _>>()?,
        })
    }

    fn label_name(&self, of: &Expr) -> Result<Arc<str>, LoadError> {
        let name = self.string(of)?;
        if relabel::is_label_name(name) {
            return Ok(Arc::from(name));
        }
        self.invalid(&format!("\"{name}\" is no name of a label"))
    }

    fn string<'e>(&self, of: &'e Expr) -> Result<&'e str, LoadError> {
        match of {
            Expr::StringLiteral(literal) => Ok(&literal.val),
            Expr::Paren(inner) => self.string(&inner.expr),
            Expr::Aggregate(_)
            | Expr::Unary(_)
            | Expr::Binary(_)
            | Expr::Subquery(_)
            | Expr::NumberLiteral(_)
            | Expr::VectorSelector(_)
            | Expr::MatrixSelector(_)
            | Expr::Call(_)
            | Expr::Extension(_) => self.invalid("a string is wanted here"),
        }
    }
}
