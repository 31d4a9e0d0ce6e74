//! Writes small ONNX files by hand: just enough protocol buffers for a few nodes.

#[derive(Clone, Copy)]
pub(super) enum Kind {
    Float = 1,
    Int = 7,
}

/// Name, element, shape with -1 for open sides.
type Value<'a> = (&'a str, Kind, &'a [i64]);

/// A graph in the making.
#[derive(Clone, Default)]
pub(super) struct Graph {
    nodes: Vec<u8>,
    tables: Vec<u8>,
    inputs: Vec<u8>,
    outputs: Vec<u8>,
}

impl Graph {
    pub(super) fn new() -> Self {
        Self::default()
    }

    pub(super) fn input(mut self, value: Value<'_>) -> Self {
        bytes(&mut self.inputs, 11, &value_info(value));
        self
    }

    pub(super) fn output(mut self, value: Value<'_>) -> Self {
        bytes(&mut self.outputs, 12, &value_info(value));
        self
    }

    /// A constant.
    pub(super) fn table(mut self, name: &str, shape: &[i64], values: &[f32]) -> Self {
        let mut tensor = vec![];
        for side in shape {
            number(&mut tensor, 1, *side as u64);
        }
        number(&mut tensor, 2, Kind::Float as u64);
        bytes(&mut tensor, 8, name.as_bytes());
        let raw: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
        bytes(&mut tensor, 9, &raw);
        bytes(&mut self.tables, 5, &tensor);
        self
    }

    pub(super) fn mean(self, from: &str, to: &str, axes: &[i64]) -> Self {
        self.reduce((from, to), axes, 0)
    }

    /// A mean whose axes stay, one long.
    pub(super) fn mean_kept(self, from: &str, to: &str, axes: &[i64]) -> Self {
        self.reduce((from, to), axes, 1)
    }

    fn reduce(self, (from, to): (&str, &str), axes: &[i64], keep: u64) -> Self {
        let mut attributes = vec![];
        let mut attribute = vec![];
        bytes(&mut attribute, 1, b"axes");
        for axis in axes {
            number(&mut attribute, 8, *axis as u64);
        }
        number(&mut attribute, 20, 7);
        bytes(&mut attributes, 5, &attribute);
        let mut attribute = vec![];
        bytes(&mut attribute, 1, b"keepdims");
        number(&mut attribute, 3, keep);
        number(&mut attribute, 20, 2);
        bytes(&mut attributes, 5, &attribute);
        self.node("ReduceMean", &[from], to, &attributes)
    }

    pub(super) fn gather(self, table: &str, ids: &str, to: &str) -> Self {
        self.node("Gather", &[table, ids], to, &[])
    }

    /// A node without attributes and with one input.
    pub(super) fn apply(self, operator: &str, from: &str, to: &str) -> Self {
        self.node(operator, &[from], to, &[])
    }

    fn node(mut self, operator: &str, from: &[&str], to: &str, attributes: &[u8]) -> Self {
        let mut node = vec![];
        for name in from {
            bytes(&mut node, 1, name.as_bytes());
        }
        bytes(&mut node, 2, to.as_bytes());
        bytes(&mut node, 4, operator.as_bytes());
        node.extend_from_slice(attributes);
        bytes(&mut self.nodes, 1, &node);
        self
    }

    /// The file.
    pub(super) fn bytes(&self) -> Vec<u8> {
        self.bytes_of(8, 13)
    }

    /// The file, in the words of a version of ONNX and of its operators.
    pub(super) fn bytes_of(&self, version: u64, opset: u64) -> Vec<u8> {
        let mut graph = self.nodes.clone();
        bytes(&mut graph, 2, b"graph");
        graph.extend_from_slice(&self.tables);
        graph.extend_from_slice(&self.inputs);
        graph.extend_from_slice(&self.outputs);
        let mut operators = vec![];
        number(&mut operators, 2, opset);
        let mut model = vec![];
        number(&mut model, 1, version);
        bytes(&mut model, 7, &graph);
        bytes(&mut model, 8, &operators);
        model
    }
}

fn value_info((name, kind, shape): Value<'_>) -> Vec<u8> {
    let mut sides = vec![];
    for side in shape {
        let mut dimension = vec![];
        match u64::try_from(*side) {
            Ok(size) => number(&mut dimension, 1, size),
            Err(_) => {
                let open = format!("open{}", sides.len());
                bytes(&mut dimension, 2, open.as_bytes());
            }
        }
        bytes(&mut sides, 1, &dimension);
    }
    let mut tensor = vec![];
    number(&mut tensor, 1, kind as u64);
    bytes(&mut tensor, 2, &sides);
    let mut of = vec![];
    bytes(&mut of, 1, &tensor);
    let mut info = vec![];
    bytes(&mut info, 1, name.as_bytes());
    bytes(&mut info, 2, &of);
    info
}

fn number(out: &mut Vec<u8>, field: u32, value: u64) {
    varint(out, u64::from(field << 3));
    varint(out, value);
}

fn bytes(out: &mut Vec<u8>, field: u32, value: &[u8]) {
    varint(out, u64::from(field << 3 | 2));
    varint(out, value.len() as u64);
    out.extend_from_slice(value);
}

fn varint(out: &mut Vec<u8>, mut value: u64) {
    while value > 0x7F {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}
