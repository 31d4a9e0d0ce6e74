//! `printf` as Go has it, for the values that templates know.
use super::{
    Failure,
    floats::{exponential, fixed, general},
    value::Value,
};

/// No number is wider.
const MAX_WIDTH: usize = 1000;

/// A verb with its flags.
#[derive(Debug, Default)]
struct Verb {
    minus: bool,
    plus: bool,
    zero: bool,
    space: bool,
    sharp: bool,
    width: Option<usize>,
    precision: Option<usize>,
    letter: char,
}

/// Fills in a format.
pub(super) fn printf(format: &str, values: &[Value]) -> Result<String, Failure> {
    let mut out = String::new();
    let mut values = values.iter();
    let mut letters = format.chars().peekable();
    while let Some(c) = letters.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let Some(verb) = read(&mut letters, &mut values)? else {
            out.push_str("%!(NOVERB)");
            break;
        };
        if verb.letter == '%' {
            out.push('%');
            continue;
        }
        match values.next() {
            None => out.push_str(&format!("%!{}(MISSING)", verb.letter)),
            Some(value) => out.push_str(&verb.format(value)?),
        }
    }
    let rest = values.as_slice();
    if !rest.is_empty() {
        let mut extra = vec![];
        for value in rest {
            extra.push(described(value)?);
        }
        out.push_str(&format!("%!(EXTRA {})", extra.join(", ")));
    }
    Ok(out)
}

fn read(
    letters: &mut std::iter::Peekable<std::str::Chars<'_>>,
    values: &mut std::slice::Iter<'_, Value>,
) -> Result<Option<Verb>, Failure> {
    let mut verb = Verb::default();
    while let Some(flag) = letters.next_if(|c| "-+0 #".contains(*c)) {
        match flag {
            '-' => verb.minus = true,
            '+' => verb.plus = true,
            '0' => verb.zero = true,
            ' ' => verb.space = true,
            _ => verb.sharp = true,
        }
    }
    verb.width = size(letters, values)?;
    if letters.next_if_eq(&'.').is_some() {
        verb.precision = Some(size(letters, values)?.unwrap_or(0));
    }
    Ok(letters.next().map(|letter| Verb { letter, ..verb }))
}

/// Digits, or a star that takes a value.
fn size(
    letters: &mut std::iter::Peekable<std::str::Chars<'_>>,
    values: &mut std::slice::Iter<'_, Value>,
) -> Result<Option<usize>, Failure> {
    if letters.next_if_eq(&'*').is_some() {
        return match values.next() {
            Some(Value::Int(size)) => Ok(usize::try_from(*size).ok().filter(|s| *s <= MAX_WIDTH)),
            _ => Err(Failure::never("a \"*\" in a format wants a whole number")),
        };
    }
    let mut digits = String::new();
    while let Some(digit) = letters.next_if(char::is_ascii_digit) {
        digits.push(digit);
    }
    match digits.parse::<usize>() {
        Ok(size) if size > MAX_WIDTH => Err(Failure::never("a format is too wide")),
        Ok(size) => Ok(Some(size)),
        Err(_) => Ok(None),
    }
}

/// `float64=1.5`
fn described(value: &Value) -> Result<String, Failure> {
    Ok(match matches!(value, Value::Nil) {
        true => "<nil>".to_owned(),
        false => format!("{}={}", value.kind(), value.printed()?),
    })
}

impl Verb {
    fn format(&self, value: &Value) -> Result<String, Failure> {
        let text = match (value, self.letter) {
            (Value::Float(number), letter @ ('v' | 'g' | 'G' | 'f' | 'F' | 'e' | 'E')) => {
                return Ok(self.float(*number, letter));
            }
            (Value::Int(number), letter @ ('v' | 'd' | 'x' | 'X' | 'o' | 'b')) => {
                return Ok(self.int(*number, letter));
            }
            (Value::Int(number), 'c') => {
                let code = u32::try_from(*number).ok();
                code.and_then(char::from_u32)
                    .unwrap_or('\u{fffd}')
                    .to_string()
            }
            (Value::Text(text), 'v' | 's') => self.cut(text),
            (Value::Text(text), 'q') => quoted(&self.cut(text)),
            (Value::Text(text), 'x') => {
                let bytes = self.cut(text).into_bytes();
                bytes.iter().map(|byte| format!("{byte:02x}")).collect()
            }
            (Value::Bool(value), 'v' | 't') => value.to_string(),
            (Value::Map(_) | Value::Sample(_), 'v' | 's') => value.printed()?,
            (Value::Nil, 'v') => "<nil>".to_owned(),
            (_, 'T') => value.kind().to_owned(),
            (_, letter) => format!("%!{letter}({})", described(value)?),
        };
        Ok(self.pad(&text, false))
    }

    fn cut(&self, text: &str) -> String {
        let length = self.precision.unwrap_or(usize::MAX);
        text.chars().take(length).collect()
    }

    fn float(&self, number: f64, letter: char) -> String {
        let precision = self.precision;
        let mut text = match letter {
            'f' | 'F' => fixed(number, precision.unwrap_or(6)),
            'e' | 'E' => exponential(number, precision.unwrap_or(6)),
            _ => general(number, precision),
        };
        if matches!(letter, 'E' | 'G') && number.is_finite() {
            text = text.to_uppercase();
        }
        if self.space && !self.plus {
            text = text.replace("+Inf", " Inf");
        }
        self.pad(&self.signed(text), number.is_finite())
    }

    fn int(&self, number: i64, letter: char) -> String {
        let size = number.unsigned_abs();
        let digits = match letter {
            'x' => format!("{size:x}"),
            'X' => format!("{size:X}"),
            'o' => format!("{size:o}"),
            'b' => format!("{size:b}"),
            _ => size.to_string(),
        };
        let prefix = match letter {
            'x' if self.sharp => "0x",
            'X' if self.sharp => "0X",
            'o' if self.sharp => "0",
            'b' if self.sharp => "0b",
            _ => "",
        };
        let zeros = self.precision.unwrap_or(0).saturating_sub(digits.len());
        let sign = if number < 0 { "-" } else { "" };
        let text = format!("{sign}{prefix}{}{digits}", "0".repeat(zeros));
        self.pad(&self.signed(text), self.precision.is_none())
    }

    fn signed(&self, text: String) -> String {
        match text.starts_with(['-', '+', ' ']) {
            true => text,
            false if self.plus => format!("+{text}"),
            false if self.space => format!(" {text}"),
            false => text,
        }
    }

    fn pad(&self, text: &str, is_number: bool) -> String {
        let length = text.chars().count();
        let missing = self.width.unwrap_or(0).saturating_sub(length);
        if self.minus {
            return format!("{text}{}", " ".repeat(missing));
        }
        if self.zero && is_number {
            let signs = text.len() - text.trim_start_matches(['-', '+', ' ']).len();
            let (sign, digits) = text.split_at(signs);
            return format!("{sign}{}{digits}", "0".repeat(missing));
        }
        // Go fills texts up with zeros, too.
        let fill = if self.zero && !text.contains("Inf") && text != "NaN" {
            "0"
        } else {
            " "
        };
        format!("{}{text}", fill.repeat(missing))
    }
}

/// In quotes, with escapes.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ if c.is_control() && c.is_ascii() => {
                out.push_str(&format!("\\x{:02x}", u32::from(c)))
            }
            _ => out.push(c),
        }
    }
    out + "\""
}
