//! From the events of the parser to a tree. Aliases are resolved and merged here, and what repeats is refused.
use super::{Kind, Node, wrong_at};
use crate::engines::alerting::rules::RuleError;
use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span};
use std::collections::{HashMap, HashSet};

/// Nobody nests deeper by hand.
const MAX_DEPTH: usize = 64;
/// Nor writes more; aliases can make much of little.
const MAX_NODES: usize = 200_000;
const MERGE: &str = "<<";

/// A collection that is not closed yet.
struct Open {
    at: Marker,
    anchor: usize,
    is_mapping: bool,
    nodes: Vec<Node>,
}

#[derive(Default)]
struct Builder {
    open: Vec<Open>,
    anchors: HashMap<usize, (Node, usize)>,
    root: Option<Node>,
    nodes: usize,
}

/// The content of the only document.
pub(super) fn root(text: &str) -> Result<Option<Node>, RuleError> {
    let mut builder = Builder::default();
    let mut documents = 0;
    for event in Parser::new_from_str(text) {
        let (event, span) = event
            .map_err(|error| wrong_at(error.marker(), format!("bad YAML: {}", error.info())))?;
        if matches!(event, Event::DocumentStart(_)) {
            documents += 1;
            if documents > 1 {
                return Err(wrong_at(&span.start, "a file has one document"));
            }
        }
        builder.take(event, span)?;
    }
    Ok(builder.root)
}

impl Builder {
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), RuleError> {
        let at = span.start;
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let kind = Kind::Scalar(text.into_owned(), style);
                self.put(Node { at, kind }, anchor, 1)
            }
            Event::SequenceStart(anchor, _) => self.begin(at, anchor, false),
            Event::MappingStart(anchor, _) => self.begin(at, anchor, true),
            Event::SequenceEnd | Event::MappingEnd => self.end(),
            Event::Alias(anchor) => match self.anchors.get(&anchor).cloned() {
                Some((node, size)) => self.put(node, 0, size),
                None => Err(wrong_at(
                    &at,
                    "bad YAML: an alias within what it stands for",
                )),
            },
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => Ok(()),
        }
    }

    fn begin(&mut self, at: Marker, anchor: usize, is_mapping: bool) -> Result<(), RuleError> {
        if self.open.len() >= MAX_DEPTH {
            return Err(wrong_at(&at, "this is too deeply nested"));
        }
        let nodes = vec![];
        self.open.push(Open {
            at,
            anchor,
            is_mapping,
            nodes,
        });
        Ok(())
    }

    fn end(&mut self) -> Result<(), RuleError> {
        let Some(open) = self.open.pop() else {
            return Ok(());
        };
        let (at, anchor) = (open.at, open.anchor);
        let kind = match open.is_mapping {
            true => Kind::Mapping(mapping(open.nodes)?),
            false => Kind::Sequence(open.nodes),
        };
        self.put(Node { at, kind }, anchor, 1)
    }

    fn put(&mut self, node: Node, anchor: usize, size: usize) -> Result<(), RuleError> {
        self.nodes += size;
        if self.nodes > MAX_NODES {
            return Err(node.wrong("there is too much in this file"));
        }
        if anchor > 0 {
            let size = node.size();
            self.anchors.insert(anchor, (node.clone(), size));
        }
        match self.open.last_mut() {
            Some(open) => open.nodes.push(node),
            None => self.root = Some(node),
        }
        Ok(())
    }
}

impl Node {
    fn size(&self) -> usize {
        match &self.kind {
            Kind::Scalar(..) => 1,
            Kind::Sequence(items) => 1 + items.iter().map(Self::size).sum::<usize>(),
            Kind::Mapping(entries) => {
                let sizes = entries.iter().map(|(key, value)| key.size() + value.size());
                1 + sizes.sum::<usize>()
            }
        }
    }

    fn is_merge(&self) -> bool {
        matches!(&self.kind, Kind::Scalar(text, ScalarStyle::Plain) if text == MERGE)
    }
}

/// Keys and values; merged ones after those that are written here.
fn mapping(nodes: Vec<Node>) -> Result<Vec<(Node, Node)>, RuleError> {
    let mut entries: Vec<(Node, Node)> = vec![];
    let mut merged = vec![];
    let mut names = HashSet::new();
    let mut nodes = nodes.into_iter();
    while let (Some(key), Some(value)) = (nodes.next(), nodes.next()) {
        if key.is_merge() {
            merged.push(value);
            continue;
        }
        if let Kind::Scalar(name, _) = &key.kind
            && !names.insert(name.clone())
        {
            return Err(key.wrong(format!("{name:?} is there twice")));
        }
        entries.push((key, value));
    }
    for source in merged {
        let sources = match source.kind {
            Kind::Sequence(items) => items,
            Kind::Mapping(_) | Kind::Scalar(..) => vec![source],
        };
        for source in sources {
            let Kind::Mapping(theirs) = source.kind else {
                return Err(source.wrong("only fields can be merged"));
            };
            let new = |(key, _): &(Node, Node)| match &key.kind {
                Kind::Scalar(name, _) => names.insert(name.clone()),
                Kind::Sequence(_) | Kind::Mapping(_) => true,
            };
            entries.extend(theirs.into_iter().filter(new));
        }
    }
    Ok(entries)
}
