//! What an expression reads.
use promql_parser::{
    parser::{self, Expr, LabelModifier, VectorSelector},
    util::{ExprVisitor, walk_expr},
};
use std::{collections::BTreeSet, convert::Infallible};

/// The selectors of an expression, and the labels it groups by.
#[derive(Default)]
pub(crate) struct Reads {
    pub(crate) selectors: Vec<VectorSelector>,
    pub(crate) grouped_by: BTreeSet<String>,
}

impl Reads {
    pub(crate) fn of(expression: &str) -> Self {
        let expr = parser::parse(expression).unwrap_or_else(|e| panic!("{expression}: {e}"));
        let mut reads = Self::default();
        let Ok(_) = walk_expr(&mut reads, &expr);
        reads
    }
}

impl ExprVisitor for Reads {
    type Error = Infallible;

    fn pre_visit(&mut self, expr: &Expr) -> Result<bool, Infallible> {
        if let Expr::VectorSelector(selector) = expr {
            self.selectors.push(selector.clone());
        } else if let Expr::MatrixSelector(matrix) = expr {
            self.selectors.push(matrix.vs.clone());
        } else if let Expr::Aggregate(aggregate) = expr
            && let Some(LabelModifier::Include(labels) | LabelModifier::Exclude(labels)) =
                &aggregate.modifier
        {
            self.grouped_by.extend(labels.labels.iter().cloned());
        }
        Ok(true)
    }
}

/// The series that a selector wants, now.
pub(crate) fn now(selector: &VectorSelector) -> String {
    let mut selector = selector.clone();
    (selector.offset, selector.at) = (None, None);
    selector.to_string()
}
