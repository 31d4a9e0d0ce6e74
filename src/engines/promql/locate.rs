//! Finds the place to blame when an expression cannot be parsed, because the parser does not name one.
use promql_parser::parser::{self, token};

use super::scan::Token;

/// Where the smallest part begins that cannot be parsed on its own.
pub(super) fn blame(text: &str, tokens: &[Token<'_>]) -> usize {
    let broken = parts(tokens).into_iter().find(|part| {
        part.len() < tokens.len()
            && source(text, part).is_some_and(|text| parser::parse(text).is_err())
    });
    match broken {
        Some(part) => blame(text, part),
        None => tokens.first().map_or(0, |t| t.start),
    }
}

fn source<'t>(text: &'t str, tokens: &[Token<'_>]) -> Option<&'t str> {
    let (first, last) = (tokens.first()?, tokens.last()?);
    text.get(first.start..last.start + last.text.len())
}

/// The operands of the operators, and what stands in the outermost parentheses.
fn parts<'a, 't>(tokens: &'a [Token<'t>]) -> Vec<&'a [Token<'t>]> {
    let mut out = vec![];
    let (mut depth, mut operand, mut argument) = (0usize, 0, 0);
    let mut is_list = false;
    for (i, token) in tokens.iter().enumerate() {
        let before = i.checked_sub(1).and_then(|i| tokens.get(i)).map(|t| t.id);
        match token.id {
            token::T_LEFT_PAREN | token::T_LEFT_BRACE | token::T_LEFT_BRACKET => {
                if depth == 0 {
                    argument = i + 1;
                    is_list = token.id != token::T_LEFT_PAREN || is_before_list(before);
                }
                depth += 1;
            }
            token::T_RIGHT_PAREN | token::T_RIGHT_BRACE | token::T_RIGHT_BRACKET => {
                depth = depth.saturating_sub(1);
                if depth == 0 && !is_list {
                    out.extend(tokens.get(argument..i));
                }
            }
            token::T_COMMA if depth == 1 && !is_list => {
                out.extend(tokens.get(argument..i));
                argument = i + 1;
            }
            id if depth == 0 && is_operator(id) && !is_sign(before) => {
                out.extend(tokens.get(operand..i));
                operand = i + 1;
            }
            _ => (),
        }
    }
    if operand > 0 {
        out.extend(tokens.get(operand..).map(without_modifiers));
    }
    out.retain(|part| !part.is_empty());
    out
}

fn is_operator(id: token::TokenId) -> bool {
    token::TokenType::new(id).is_operator() && id != token::T_AT
}

/// Whether a plus or minus after this belongs to a number.
fn is_sign(before: Option<token::TokenId>) -> bool {
    matches!(before, Some(token::T_OFFSET | token::T_AT))
}

fn is_before_list(before: Option<token::TokenId>) -> bool {
    matches!(
        before,
        Some(
            token::T_BY
                | token::T_WITHOUT
                | token::T_ON
                | token::T_IGNORING
                | token::T_GROUP_LEFT
                | token::T_GROUP_RIGHT
                | token::T_START
                | token::T_END
        )
    )
}

/// The right operand without `bool`, `on (…)` and the like.
fn without_modifiers<'a, 't>(mut tokens: &'a [Token<'t>]) -> &'a [Token<'t>] {
    while let [first, rest @ ..] = tokens {
        let is_modifier = first.id == token::T_BOOL || is_before_list(Some(first.id));
        if !is_modifier {
            break;
        }
        tokens = rest;
        if let [open, ..] = rest
            && open.id == token::T_LEFT_PAREN
        {
            let close = rest.iter().position(|t| t.id == token::T_RIGHT_PAREN);
            tokens = close.and_then(|at| rest.get(at + 1..)).unwrap_or_default();
        }
    }
    tokens
}
