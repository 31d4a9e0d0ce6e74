//! Reads the words of an expression before it is parsed, because the parser keeps no positions: finds what is not
//! supported, and where the functions are called.
use lrpar::{Lexeme, Lexer};
use promql_parser::{
    parser::token::{self, TokenId},
    util::unquote_string,
};

use super::{
    error::{LoadError, Position, Refusal},
    functions, pattern,
};

/// Nobody writes longer ones by hand, and the parser's work grows with the square.
const MAX_TOKENS: usize = 1000;
const MAX_BYTES: usize = 16 * 1024;
/// So many digits of a duration fit whatever the unit is.
const MAX_DURATION_DIGITS: usize = 9;

/// A word of an expression.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token<'t> {
    pub(super) id: TokenId,
    pub(super) start: usize,
    pub(super) text: &'t str,
}

/// The words of an expression that holds nothing unsupported as far as words tell.
pub(super) fn tokens(text: &str) -> Result<Vec<Token<'_>>, LoadError> {
    if text.len() > MAX_BYTES {
        return Err(refuse(text, 0, Refusal::TooLarge("long")));
    }
    let tokens = read(text)?;
    if tokens.len() > MAX_TOKENS {
        return Err(refuse(text, 0, Refusal::TooLarge("long")));
    }
    let mut in_braces = false;
    for (i, token) in tokens.iter().enumerate() {
        in_braces = match token.id {
            token::T_LEFT_BRACE => true,
            token::T_RIGHT_BRACE => false,
            _ => in_braces,
        };
        let near = Near {
            before_that: i.checked_sub(2).and_then(|i| tokens.get(i)).map(|t| t.id),
            before: i.checked_sub(1).and_then(|i| tokens.get(i)).map(|t| t.id),
            after: tokens.get(i + 1).map(|t| t.id),
            in_braces,
        };
        check(*token, near).map_err(|refusal| refuse(text, token.start, refusal))?;
    }
    balanced(text, &tokens)?;
    Ok(tokens)
}

/// Where functions are called, in the order of the text.
pub(super) fn calls(tokens: &[Token<'_>]) -> Vec<usize> {
    let is_call = |pair: &&[Token<'_>]| matches!(pair, [name, open] if name.id == token::T_IDENTIFIER && open.id == token::T_LEFT_PAREN);
    let starts = tokens.windows(2).filter(is_call);
    starts
        .filter_map(|pair| pair.first())
        .map(|t| t.start)
        .collect()
}

pub(super) fn refuse(text: &str, byte: usize, refusal: Refusal) -> LoadError {
    LoadError {
        position: Position::of(text, byte),
        refusal,
    }
}

fn read(text: &str) -> Result<Vec<Token<'_>>, LoadError> {
    let lexer = promql_parser::parser::lexer(text).map_err(|reason| {
        let at = where_reading_stops(text, &reason);
        refuse(text, at, Refusal::Invalid(reason))
    })?;
    let lexemes = lexer.iter().filter_map(Result::ok);
    let tokens = lexemes.filter_map(|lexeme| {
        let span = lexeme.span();
        let (id, start) = (lexeme.tok_id(), span.start());
        let text = text.get(start..span.end())?;
        (id != token::T_EOF).then_some(Token { id, start, text })
    });
    Ok(tokens.collect())
}

/// The end of the shortest beginning of the text that cannot be read for the same reason.
fn where_reading_stops(text: &str, reason: &str) -> usize {
    let fails = |end: usize| {
        let beginning = text.get(..end).unwrap_or(text);
        promql_parser::parser::lexer(beginning).is_err_and(|e| e == reason)
    };
    text.char_indices()
        .find(|(at, c)| fails(at + c.len_utf8()))
        .map_or(0, |(at, _)| at)
}

/// What stands around a word.
#[derive(Clone, Copy)]
struct Near {
    before_that: Option<TokenId>,
    before: Option<TokenId>,
    after: Option<TokenId>,
    in_braces: bool,
}

impl Near {
    fn wants_duration(self) -> bool {
        match (self.before_that, self.before) {
            (_, Some(token::T_OFFSET | token::T_LEFT_BRACKET | token::T_COLON)) => true,
            (before_that, Some(token::T_SUB)) => before_that == Some(token::T_OFFSET),
            _ => false,
        }
    }

    /// Within a list, where keywords are names of labels.
    fn in_list(self) -> bool {
        matches!(self.before, Some(token::T_LEFT_PAREN | token::T_COMMA))
            && matches!(self.after, Some(token::T_RIGHT_PAREN | token::T_COMMA))
    }
}

fn check(token: Token<'_>, near: Near) -> Result<(), Refusal> {
    let unsupported = |what: String| Err(Refusal::Unsupported(what));
    let called = near.after == Some(token::T_LEFT_PAREN);
    match token.id {
        token::T_IDENTIFIER if called && functions::lookup(token.text).is_none() => {
            unsupported(format!("the function \"{}\"", token.text))
        }
        token::T_START | token::T_END if called && near.before != Some(token::T_AT) => {
            unsupported(format!("the function \"{}\"", token.text))
        }
        token::T_COUNT_VALUES | token::T_STDVAR | token::T_LIMITK | token::T_LIMIT_RATIO
            if called || matches!(near.after, Some(token::T_BY | token::T_WITHOUT)) =>
        {
            unsupported(format!("the aggregation \"{}\"", token.text))
        }
        token::T_ATAN2 if !near.in_list() => unsupported("the operator \"atan2\"".to_owned()),
        token::T_FILL | token::T_FILL_LEFT | token::T_FILL_RIGHT if called => {
            unsupported(format!("the modifier \"{}\"", token.text))
        }
        token::T_LOR if near.in_braces => unsupported("\"or\" between matchers".to_owned()),
        token::T_NUMBER if near.wants_duration() => {
            unsupported("a duration without a unit".to_owned())
        }
        token::T_DURATION if !near.wants_duration() => {
            unsupported("a duration in the place of a number".to_owned())
        }
        token::T_DURATION => duration(token.text),
        token::T_STRING => string(token.text, near),
        _ => Ok(()),
    }
}

fn duration(text: &str) -> Result<(), Refusal> {
    let longest = text
        .split(|c: char| !c.is_ascii_digit())
        .map(str::len)
        .max();
    if longest > Some(MAX_DURATION_DIGITS) {
        return Err(Refusal::Invalid("the duration is too long".to_owned()));
    }
    if !text.contains(|c: char| ('1'..='9').contains(&c)) {
        return Err(Refusal::Invalid("the duration is nothing".to_owned()));
    }
    Ok(())
}

fn string(quoted: &str, near: Near) -> Result<(), Refusal> {
    if near.in_braces && matches!(near.before, Some(token::T_LEFT_BRACE | token::T_COMMA)) {
        return Err(Refusal::Unsupported("a quoted name".to_owned()));
    }
    if !quoted.starts_with('`') && names_bytes(quoted) {
        return Err(Refusal::Unsupported(
            "a byte written as a number".to_owned(),
        ));
    }
    let is_pattern = matches!(near.before, Some(token::T_EQL_REGEX | token::T_NEQ_REGEX));
    match unquote_string(quoted) {
        Ok(text) if is_pattern => pattern::anchored(&text).map(drop),
        Ok(_) => Ok(()),
        Err(reason) => Err(Refusal::Invalid(reason)),
    }
}

/// `\xff` and `\377` are bytes to Prometheus and characters to the parser.
fn names_bytes(quoted: &str) -> bool {
    let mut letters = quoted.chars();
    while let Some(c) = letters.next() {
        if c == '\\'
            && letters
                .next()
                .is_some_and(|c| c == 'x' || c.is_ascii_digit())
        {
            return true;
        }
    }
    false
}

fn balanced(text: &str, tokens: &[Token<'_>]) -> Result<(), LoadError> {
    let mut open: Vec<&Token<'_>> = vec![];
    let wrong = |token: &Token<'_>, what: &str| {
        let reason = format!("this \"{}\" {what}", token.text);
        Err(refuse(text, token.start, Refusal::Invalid(reason)))
    };
    for token in tokens {
        let opening = match token.id {
            token::T_LEFT_PAREN | token::T_LEFT_BRACE | token::T_LEFT_BRACKET => {
                open.push(token);
                continue;
            }
            token::T_RIGHT_PAREN => token::T_LEFT_PAREN,
            token::T_RIGHT_BRACE => token::T_LEFT_BRACE,
            token::T_RIGHT_BRACKET => token::T_LEFT_BRACKET,
            _ => continue,
        };
        if open.pop().map(|t| t.id) != Some(opening) {
            return wrong(token, "closes nothing");
        }
    }
    open.pop()
        .map_or(Ok(()), |token| wrong(token, "is not closed"))
}
