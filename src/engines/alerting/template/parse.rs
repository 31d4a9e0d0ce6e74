//! From words to a tree.
use super::{
    functions::{self, Function},
    lex::{self, Token, Word, WrongAt, wrong},
    tree::{Branch, Command, Node, Operand, Pipeline, Root},
};
use crate::engines::promql::Query;

/// Nobody nests deeper by hand, and the stack is finite.
const MAX_DEPTH: usize = 50;
/// Those that Prometheus sets.
const GIVEN: [&str; 5] = ["", "labels", "externalLabels", "externalURL", "value"];

/// Reads a text.
pub(super) fn parse(text: &str) -> Result<Vec<Node>, WrongAt> {
    let mut parser = Parser {
        tokens: lex::tokens(text)?,
        at: 0,
        end: text.len(),
        variables: GIVEN.iter().map(|name| (*name).to_owned()).collect(),
        depth: 0,
    };
    let (nodes, ending) = parser.nodes()?;
    match ending {
        None => Ok(nodes),
        Some((byte, Ending::End)) => wrong(byte, "this \"end\" ends nothing"),
        Some((byte, Ending::Else)) => wrong(byte, "this \"else\" belongs to nothing"),
    }
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    end: usize,
    /// Those that are known here, the newest last.
    variables: Vec<String>,
    depth: usize,
}

/// What ends a list of nodes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    /// Right before what may follow `else`.
    Else,
    End,
}

/// Nodes, and what ends them, unless that is the end of the text.
type Body = (Vec<Node>, Option<(usize, Ending)>);

impl Parser {
    fn peek(&self) -> Option<&Word> {
        self.tokens.get(self.at).map(|token| &token.word)
    }

    fn byte(&self) -> usize {
        self.tokens
            .get(self.at)
            .map_or(self.end, |token| token.byte)
    }

    fn take_if(&mut self, word: &Word) -> bool {
        let is_there = self.peek() == Some(word);
        self.at += usize::from(is_there);
        is_there
    }

    fn blanks(&mut self) {
        while self.take_if(&Word::Blank) {}
    }

    fn close(&mut self) -> Result<(), WrongAt> {
        self.blanks();
        match self.take_if(&Word::Close) {
            true => Ok(()),
            false => self.unexpected(),
        }
    }

    fn unexpected<T>(&self) -> Result<T, WrongAt> {
        let what = match self.peek() {
            None => "the end of the text".to_owned(),
            Some(Word::Close) => "\"}}\"".to_owned(),
            Some(Word::Name(name)) => format!("{name:?}"),
            Some(Word::Field(name)) => format!("\".{name}\""),
            Some(Word::Variable(name)) => format!("\"${name}\""),
            Some(Word::Sign(sign)) => format!("\"{sign}\""),
            Some(Word::Declare) => "\":=\"".to_owned(),
            Some(Word::Quoted(text)) => format!("{text:?}"),
            Some(Word::Int(_) | Word::Float(_)) => "a number".to_owned(),
            Some(Word::Dot | Word::Blank | Word::Open | Word::Text(_)) => "this".to_owned(),
        };
        wrong(self.byte(), format!("{what} is not expected here"))
    }

    /// Up to the end of the text, an `end` or an `else`.
    fn nodes(&mut self) -> Result<Body, WrongAt> {
        let mut nodes = vec![];
        while let Some(word) = self.peek().cloned() {
            let byte = self.byte();
            self.at += 1;
            if let Word::Text(text) = word {
                nodes.push(Node::Text(text));
                continue;
            }
            self.blanks();
            let Some(Word::Name(name)) = self.peek().cloned() else {
                nodes.push(self.print()?);
                continue;
            };
            let place = self.byte();
            match name.as_str() {
                "if" | "with" | "range" => {
                    self.at += 1;
                    nodes.push(self.branch(byte, &name)?);
                }
                "end" => {
                    self.at += 1;
                    self.close()?;
                    return Ok((nodes, Some((place, Ending::End))));
                }
                "else" => {
                    self.at += 1;
                    return Ok((nodes, Some((place, Ending::Else))));
                }
                "define" | "template" | "block" | "break" | "continue" => {
                    return wrong(place, format!("{name:?} is not supported in a template"));
                }
                _ => nodes.push(self.print()?),
            }
        }
        Ok((nodes, None))
    }

    fn print(&mut self) -> Result<Node, WrongAt> {
        let pipeline = self.pipeline(false)?;
        self.close()?;
        Ok(Node::Print(pipeline))
    }

    fn branch(&mut self, byte: usize, kind: &str) -> Result<Node, WrongAt> {
        self.deeper()?;
        let known = self.variables.len();
        let on = self.pipeline(kind == "range")?;
        self.close()?;
        let (body, ending) = self.nodes()?;
        let mut otherwise = vec![];
        match ending {
            None => return wrong(byte, format!("this {kind:?} has no \"end\"")),
            Some((_, Ending::End)) => (),
            Some((_, Ending::Else)) => {
                self.blanks();
                if kind == "if" && self.take_if(&Word::Name("if".to_owned())) {
                    otherwise.push(self.branch(byte, kind)?);
                } else {
                    self.close()?;
                    let (nodes, ending) = self.nodes()?;
                    match ending {
                        Some((_, Ending::End)) => otherwise = nodes,
                        Some((at, Ending::Else)) => {
                            return wrong(at, "there is an \"else\" already");
                        }
                        None => return wrong(byte, format!("this {kind:?} has no \"end\"")),
                    }
                }
            }
        }
        self.variables.truncate(known);
        self.depth -= 1;
        let branch = Branch {
            on,
            body,
            otherwise,
        };
        Ok(match kind {
            "if" => Node::If(branch),
            "with" => Node::With(branch),
            _ => Node::Range(branch),
        })
    }

    fn deeper(&mut self) -> Result<(), WrongAt> {
        self.depth += 1;
        match self.depth > MAX_DEPTH {
            true => wrong(self.byte(), "the template is too deeply nested"),
            false => Ok(()),
        }
    }

    fn pipeline(&mut self, is_range: bool) -> Result<Pipeline, WrongAt> {
        self.blanks();
        let byte = self.byte();
        let (names, is_assignment) = self.declaration(is_range)?;
        let mut commands = vec![self.command()?];
        self.blanks();
        while self.take_if(&Word::Sign('|')) {
            let command = self.command()?;
            let is_function = matches!(
                command.words.first().map(|word| &word.root),
                Some(Root::Function(_) | Root::Variable(_) | Root::Dot | Root::Inner(_))
            );
            if !is_function {
                return wrong(command.byte, "only a function can take what is piped");
            }
            commands.push(command);
            self.blanks();
        }
        check_queries(&commands)?;
        if !is_assignment {
            self.variables.extend(names.iter().cloned());
        }
        Ok(Pipeline {
            byte,
            names,
            is_assignment,
            commands,
        })
    }

    /// `$x :=`, `$x =`, `$i, $x :=`
    fn declaration(&mut self, is_range: bool) -> Result<(Vec<String>, bool), WrongAt> {
        let before = self.at;
        let mut names = vec![];
        while let Some(Word::Variable(name)) = self.peek().cloned() {
            let byte = self.byte();
            self.at += 1;
            names.push((byte, name));
            self.blanks();
            if self.take_if(&Word::Sign(',')) && names.len() < 2 && is_range {
                self.blanks();
                continue;
            }
            let is_assignment = self.take_if(&Word::Sign('='));
            if !is_assignment && !self.take_if(&Word::Declare) {
                break;
            }
            if is_assignment {
                for (byte, name) in &names {
                    self.known(*byte, name)?;
                }
            }
            let names = names.into_iter().map(|(_, name)| name).collect();
            return Ok((names, is_assignment));
        }
        self.at = before;
        Ok((vec![], false))
    }

    fn known(&self, byte: usize, name: &str) -> Result<(), WrongAt> {
        match self.variables.iter().any(|known| known == name) {
            true => Ok(()),
            false => wrong(byte, format!("the variable \"${name}\" is not defined")),
        }
    }

    fn command(&mut self) -> Result<Command, WrongAt> {
        self.blanks();
        let byte = self.byte();
        let mut words = vec![];
        while let Some(operand) = self.operand()? {
            words.push(operand);
            if !matches!(
                self.peek(),
                Some(Word::Blank | Word::Close | Word::Sign('|' | ')'))
            ) {
                return self.unexpected();
            }
            self.blanks();
        }
        match words.is_empty() {
            true if self.peek() == Some(&Word::Close) => wrong(byte, "a value is missing here"),
            true => self.unexpected(),
            false => Ok(Command { byte, words }),
        }
    }

    fn operand(&mut self) -> Result<Option<Operand>, WrongAt> {
        let byte = self.byte();
        let Some(word) = self.peek().cloned() else {
            return self.unexpected();
        };
        let mut fields = vec![];
        let root = match word {
            Word::Dot => Root::Dot,
            Word::Field(name) => {
                fields.push(name);
                Root::Dot
            }
            Word::Variable(name) => {
                self.known(byte, &name)?;
                Root::Variable(name)
            }
            Word::Name(name) => named(byte, &name)?,
            Word::Quoted(text) => Root::Text(text),
            Word::Int(number) => Root::Int(number),
            Word::Float(number) => Root::Float(number),
            Word::Sign('(') => {
                self.deeper()?;
                self.at += 1;
                let inner = self.pipeline(false)?;
                self.depth -= 1;
                if self.peek() != Some(&Word::Sign(')')) {
                    return wrong(byte, "this \"(\" is not closed");
                }
                Root::Inner(inner)
            }
            Word::Text(_)
            | Word::Open
            | Word::Close
            | Word::Blank
            | Word::Sign(_)
            | Word::Declare => {
                return Ok(None);
            }
        };
        self.at += 1;
        let can_have = matches!(root, Root::Dot | Root::Variable(_) | Root::Inner(_));
        while can_have && let Some(Word::Field(name)) = self.peek().cloned() {
            self.at += 1;
            fields.push(name);
        }
        Ok(Some(Operand { byte, root, fields }))
    }
}

fn named(byte: usize, name: &str) -> Result<Root, WrongAt> {
    Ok(match name {
        "true" => Root::Bool(true),
        "false" => Root::Bool(false),
        "nil" => Root::Nil,
        _ => match functions::lookup(name) {
            Some(function) => Root::Function(function),
            None if functions::UNSUPPORTED.contains(&name) => {
                return wrong(byte, format!("the function {name:?} is not supported"));
            }
            None => return wrong(byte, format!("there is no function {name:?}")),
        },
    })
}

/// An expression that is written out is read here already.
fn check_queries(commands: &[Command]) -> Result<(), WrongAt> {
    let mut piped: Option<&Operand> = None;
    for command in commands {
        let is_query = |word: &Operand| matches!(word.root, Root::Function(Function::Query));
        let asked = match command.words.as_slice() {
            [query, text] if is_query(query) => Some(text),
            [query] if is_query(query) => piped,
            _ => None,
        };
        if let Some(Operand {
            root: Root::Text(text),
            byte,
            ..
        }) = asked
            && let Err(error) = Query::parse(text)
        {
            return wrong(*byte, format!("the query {text:?} cannot be used: {error}"));
        }
        piped = match command.words.as_slice() {
            [only] => Some(only),
            _ => None,
        };
    }
    Ok(())
}
