//! The words of a text: what stands as it is, and what stands between `{{` and `}}`.

/// Something that cannot be read.
#[derive(Debug)]
pub(super) struct WrongAt {
    pub(super) byte: usize,
    pub(super) message: String,
}

/// A word, and where it begins.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub(super) byte: usize,
    pub(super) word: Word,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Word {
    /// Outside.
    Text(String),
    /// `{{`
    Open,
    /// `}}`
    Close,
    /// Blanks between words, which end a chain of fields.
    Blank,
    /// A keyword, a function, `true`, `false`, `nil`.
    Name(String),
    /// `$` and `$name`
    Variable(String),
    /// `.name`
    Field(String),
    /// `.`
    Dot,
    Quoted(String),
    Int(i64),
    Float(f64),
    /// `(`, `)`, `|`, `,`, `=`
    Sign(char),
    /// `:=`
    Declare,
}

pub(super) fn wrong<T>(byte: usize, message: impl Into<String>) -> Result<T, WrongAt> {
    let message = message.into();
    Err(WrongAt { byte, message })
}

/// All words of a text.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, WrongAt> {
    let mut tokens = vec![];
    let (mut at, mut trim_left) = (0, false);
    while let Some(rest) = text.get(at..) {
        let open = rest.find("{{");
        let mut outside = rest.get(..open.unwrap_or(rest.len())).unwrap_or(rest);
        let byte = at;
        if trim_left {
            outside = outside.trim_start_matches(is_blank);
        }
        let Some(open) = open else {
            push_text(&mut tokens, byte, outside);
            break;
        };
        let begin = at + open;
        let mut inside = Inside {
            text,
            at: begin + 2,
        };
        if inside.trims_before() {
            outside = outside.trim_end_matches(is_blank);
            inside.at += 1;
        }
        push_text(&mut tokens, byte, outside);
        if let Some(comment) = inside.comment(begin)? {
            (at, trim_left) = comment;
            continue;
        }
        let word = Word::Open;
        tokens.push(Token { byte: begin, word });
        (at, trim_left) = inside.words(begin, &mut tokens)?;
    }
    Ok(tokens)
}

fn push_text(tokens: &mut Vec<Token>, byte: usize, text: &str) {
    if !text.is_empty() {
        let word = Word::Text(text.to_owned());
        tokens.push(Token { byte, word });
    }
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// Between `{{` and `}}`.
struct Inside<'t> {
    text: &'t str,
    at: usize,
}

impl Inside<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn trims_before(&self) -> bool {
        let mut letters = self.rest().chars();
        letters.next() == Some('-') && letters.next().is_some_and(is_blank)
    }

    /// `}}` or ` -}}`: how long, and whether blanks after it go.
    fn closing(&self) -> Option<(usize, bool)> {
        let rest = self.rest();
        if rest.starts_with("}}") {
            return Some((2, false));
        }
        let after = rest.strip_prefix(is_blank)?;
        after.starts_with("-}}").then_some((4, true))
    }

    /// Where a comment is over.
    fn comment(&mut self, begin: usize) -> Result<Option<(usize, bool)>, WrongAt> {
        let trimmed = self.rest().trim_start_matches(is_blank);
        let blanks = self.rest().len() - trimmed.len();
        // Blanks before a comment are allowed only where they trim.
        if !trimmed.starts_with("/*") || (blanks > 0 && !self.trims_at(begin)) {
            return Ok(None);
        }
        let Some(end) = trimmed.find("*/") else {
            return wrong(begin, "this comment does not end");
        };
        self.at += blanks + end + 2;
        match self.closing() {
            Some((length, trims)) => Ok(Some((self.at + length, trims))),
            None => wrong(begin, "a comment ends right before \"}}\""),
        }
    }

    fn trims_at(&self, begin: usize) -> bool {
        self.at == begin + 3
    }

    fn words(&mut self, begin: usize, tokens: &mut Vec<Token>) -> Result<(usize, bool), WrongAt> {
        loop {
            let byte = self.at;
            if let Some((length, trims)) = self.closing() {
                tokens.push(Token {
                    byte,
                    word: Word::Close,
                });
                return Ok((self.at + length, trims));
            }
            let Some(c) = self.peek() else {
                return wrong(begin, "this \"{{\" is not closed");
            };
            let word = self.word(c)?;
            tokens.push(Token { byte, word });
        }
    }

    fn word(&mut self, c: char) -> Result<Word, WrongAt> {
        match c {
            _ if is_blank(c) => {
                // A blank that belongs to the end is left there.
                self.at += 1;
                while self.peek().is_some_and(is_blank) && self.closing().is_none() {
                    self.at += 1;
                }
                Ok(Word::Blank)
            }
            '"' => self.quoted(),
            '`' => self.raw(),
            '$' => {
                self.at += 1;
                Ok(Word::Variable(self.name()))
            }
            '.' if self
                .rest()
                .chars()
                .nth(1)
                .is_none_or(|c| !c.is_ascii_digit()) =>
            {
                self.at += 1;
                let name = self.name();
                Ok(match name.is_empty() {
                    true => Word::Dot,
                    false => Word::Field(name),
                })
            }
            '+' | '-' | '.' | '0'..='9' => self.number(),
            '(' | ')' | '|' | ',' | '=' => {
                self.at += 1;
                Ok(Word::Sign(c))
            }
            ':' if self.rest().starts_with(":=") => {
                self.at += 2;
                Ok(Word::Declare)
            }
            _ if is_word(c) => Ok(Word::Name(self.name())),
            '\'' => wrong(self.at, "a character constant is not supported"),
            _ => wrong(self.at, format!("unexpected {c:?} in a template")),
        }
    }

    fn name(&mut self) -> String {
        let name: String = self.rest().chars().take_while(|c| is_word(*c)).collect();
        self.at += name.len();
        name
    }

    fn raw(&mut self) -> Result<Word, WrongAt> {
        let begin = self.at;
        self.at += 1;
        let Some(end) = self.rest().find('`') else {
            return wrong(begin, "this string does not end");
        };
        let text = self.rest().get(..end).unwrap_or_default().replace('\r', "");
        self.at += end + 1;
        Ok(Word::Quoted(text))
    }

    fn quoted(&mut self) -> Result<Word, WrongAt> {
        let begin = self.at;
        self.at += 1;
        let mut text = String::new();
        loop {
            let byte = self.at;
            let Some(c) = self.peek() else {
                return wrong(begin, "this string does not end");
            };
            self.at += c.len_utf8();
            match c {
                '"' => return Ok(Word::Quoted(text)),
                '\n' => return wrong(begin, "this string does not end on its line"),
                '\\' => match self.escaped() {
                    Some(letter) => text.push(letter),
                    None => return wrong(byte, "this escape is not supported"),
                },
                _ => text.push(c),
            }
        }
    }

    /// What stands after a backslash.
    fn escaped(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        let digits = match c {
            'a' => return Some('\u{7}'),
            'b' => return Some('\u{8}'),
            'f' => return Some('\u{c}'),
            'n' => return Some('\n'),
            'r' => return Some('\r'),
            't' => return Some('\t'),
            'v' => return Some('\u{b}'),
            '\\' | '"' => return Some(c),
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => return None,
        };
        let code = u32::from_str_radix(self.rest().get(..digits)?, 16).ok()?;
        self.at += digits;
        // A byte beyond ASCII is no letter.
        (c != 'x' || code < 0x80).then(|| char::from_u32(code))?
    }

    fn number(&mut self) -> Result<Word, WrongAt> {
        let begin = self.at;
        let mut last = ' ';
        while let Some(c) = self.peek() {
            let is_part = match c {
                '+' | '-' => matches!(last, ' ' | 'e' | 'E'),
                _ => c == '.' || is_word(c),
            };
            if !is_part {
                break;
            }
            last = c;
            self.at += c.len_utf8();
        }
        let written = self.text.get(begin..self.at).unwrap_or_default();
        match number(&written.replace('_', "")) {
            Some(word) => Ok(word),
            None => wrong(begin, format!("{written:?} is no number")),
        }
    }
}

/// A number as Go writes it.
fn number(text: &str) -> Option<Word> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let is_decimal = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    let is_octal = digits.len() > 1 && digits.starts_with('0');
    let prefixes = [
        ("0x", 16),
        ("0X", 16),
        ("0o", 8),
        ("0O", 8),
        ("0b", 2),
        ("0B", 2),
        ("0", 8),
    ];
    let based = prefixes.iter().find_map(|(prefix, radix)| {
        let digits = digits.strip_prefix(prefix)?;
        i64::from_str_radix(digits, *radix).ok()
    });
    let whole = match is_octal {
        true => based,
        false => digits.parse().ok().filter(|_| is_decimal),
    };
    match whole {
        Some(whole) => Some(Word::Int(sign * whole)),
        None if is_decimal => text.parse().ok().map(Word::Float),
        None => None,
    }
}
