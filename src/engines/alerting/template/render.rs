//! Fills in a text.
use super::{
    Context, Failure,
    functions::Function,
    tree::{Branch, Command, Node, Operand, Pipeline, Root},
    value::Value,
};

/// Nobody reads more.
const MAX_BYTES: usize = 64 * 1024;

type Rendered<T> = Result<T, (usize, Failure)>;

pub(super) fn render(nodes: &[Node], context: &Context<'_>) -> Rendered<String> {
    let text = |text: &str| Value::Text(text.to_owned());
    let variables = [
        ("", Value::Data),
        ("labels", Value::Map(context.labels.clone())),
        (
            "externalLabels",
            Value::Map(crate::engines::promql::Labels::empty()),
        ),
        ("externalURL", text(context.external_url)),
        ("value", Value::Float(context.value)),
    ];
    let mut renderer = Renderer {
        context,
        out: String::new(),
        variables: variables
            .map(|(name, value)| (name.to_owned(), value))
            .into(),
    };
    renderer.nodes(nodes, &Value::Data)?;
    Ok(renderer.out)
}

struct Renderer<'c> {
    context: &'c Context<'c>,
    out: String,
    /// The newest last.
    variables: Vec<(String, Value)>,
}

impl Renderer<'_> {
    fn nodes(&mut self, nodes: &[Node], dot: &Value) -> Rendered<()> {
        for node in nodes {
            match node {
                Node::Text(text) => self.out.push_str(text),
                Node::Print(pipeline) => {
                    let value = self.pipeline(pipeline, dot)?;
                    if pipeline.names.is_empty() {
                        let text = value.printed().map_err(|f| (pipeline.byte, f))?;
                        self.out.push_str(&text);
                    }
                }
                Node::If(branch) => self.choose(branch, dot, false)?,
                Node::With(branch) => self.choose(branch, dot, true)?,
                Node::Range(branch) => self.range(branch, dot)?,
            }
            if self.out.len() > MAX_BYTES {
                return Err((0, Failure::values("the text is too long")));
            }
        }
        Ok(())
    }

    fn choose(&mut self, branch: &Branch, dot: &Value, is_with: bool) -> Rendered<()> {
        let known = self.variables.len();
        let value = self.pipeline(&branch.on, dot)?;
        match value.is_true() {
            true if is_with => self.nodes(&branch.body, &value)?,
            true => self.nodes(&branch.body, dot)?,
            false => self.nodes(&branch.otherwise, dot)?,
        }
        self.variables.truncate(known);
        Ok(())
    }

    fn range(&mut self, branch: &Branch, dot: &Value) -> Rendered<()> {
        let known = self.variables.len();
        let unnamed = Pipeline {
            names: vec![],
            ..branch.on.clone()
        };
        let items: Vec<(Value, Value)> = match self.pipeline(&unnamed, dot)? {
            Value::Vector(samples) => {
                let items = samples.iter().enumerate();
                let index = |at| Value::Int(i64::try_from(at).unwrap_or(i64::MAX));
                items
                    .map(|(at, sample)| (index(at), Value::Sample(sample.clone())))
                    .collect()
            }
            Value::Map(labels) => {
                let text = |text: &str| Value::Text(text.to_owned());
                labels
                    .iter()
                    .map(|(name, value)| (text(name), text(value)))
                    .collect()
            }
            Value::Nil => vec![],
            other @ (Value::Bool(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::Text(_)
            | Value::Sample(_)
            | Value::Data) => {
                let message = format!("\"range\" cannot go through a {}", other.kind());
                return Err((branch.on.byte, Failure::never(message)));
            }
        };
        if items.is_empty() {
            self.nodes(&branch.otherwise, dot)?;
        }
        for (index, item) in items {
            match branch.on.names.as_slice() {
                [one] => self.set(&branch.on, one, item.clone()),
                [first, second] => {
                    self.set(&branch.on, first, index);
                    self.set(&branch.on, second, item.clone());
                }
                _ => (),
            }
            self.nodes(&branch.body, &item)?;
            self.variables.truncate(known);
        }
        Ok(())
    }

    fn set(&mut self, pipeline: &Pipeline, name: &str, value: Value) {
        let mut known = self.variables.iter_mut().rev();
        match known.find(|(known, _)| pipeline.is_assignment && known == name) {
            Some((_, place)) => *place = value,
            None => self.variables.push((name.to_owned(), value)),
        }
    }

    fn pipeline(&mut self, pipeline: &Pipeline, dot: &Value) -> Rendered<Value> {
        let mut value = None;
        for command in &pipeline.commands {
            value = Some(self.command(command, value, dot)?);
        }
        let value = value.unwrap_or(Value::Nil);
        for name in &pipeline.names {
            self.set(pipeline, name, value.clone());
        }
        Ok(value)
    }

    fn command(&mut self, command: &Command, piped: Option<Value>, dot: &Value) -> Rendered<Value> {
        let Some((first, rest)) = command.words.split_first() else {
            return Ok(Value::Nil);
        };
        let Root::Function(function) = first.root else {
            if rest.is_empty() && piped.is_none() {
                if matches!(first.root, Root::Nil) {
                    return Err((first.byte, Failure::never("nil is not a command")));
                }
                return self.operand(first, dot);
            }
            let message = "only a function takes values";
            return Err((first.byte, Failure::never(message)));
        };
        self.call(function, (first.byte, rest), piped, dot)
    }

    fn call(
        &mut self,
        function: Function,
        (byte, words): (usize, &[Operand]),
        piped: Option<Value>,
        dot: &Value,
    ) -> Rendered<Value> {
        let mut values = vec![];
        for word in words {
            let value = self.operand(word, dot)?;
            // The rest is not looked at once it is decided.
            let is_decided = match value.is_true() {
                true => function == Function::Or,
                false => function == Function::And,
            };
            if is_decided {
                return Ok(value);
            }
            values.push(value);
        }
        values.extend(piped);
        match (function, values.pop()) {
            (Function::And | Function::Or, Some(last)) => Ok(last),
            (_, last) => {
                values.extend(last);
                function
                    .call(&values, self.context)
                    .map_err(|failure| (byte, failure))
            }
        }
    }

    fn operand(&mut self, operand: &Operand, dot: &Value) -> Rendered<Value> {
        let mut value = match &operand.root {
            Root::Dot => dot.clone(),
            Root::Variable(name) => {
                let mut known = self.variables.iter().rev();
                match known.find(|(known, _)| known == name) {
                    Some((_, value)) => value.clone(),
                    None => {
                        let message = format!("the variable \"${name}\" is not defined");
                        return Err((operand.byte, Failure::never(message)));
                    }
                }
            }
            Root::Function(function) => {
                return self.call(*function, (operand.byte, &[]), None, dot);
            }
            Root::Text(text) => Value::Text(text.clone()),
            Root::Int(number) => Value::Int(*number),
            Root::Float(number) => Value::Float(*number),
            Root::Bool(value) => Value::Bool(*value),
            Root::Nil => Value::Nil,
            Root::Inner(pipeline) => self.pipeline(pipeline, dot)?,
        };
        for field in &operand.fields {
            let found = value.field(field, self.context);
            value = found.map_err(|failure| (operand.byte, failure))?;
        }
        Ok(value)
    }
}
