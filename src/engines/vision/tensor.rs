//! Tensors as networks declare them, and as they go in and come out.

/// What a tensor holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Element {
    Float,
    Int,
}

/// One side of a tensor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// Pictures or texts at once; FlashFit gives one.
    Batch,
    /// Must be left open by the network.
    Open,
    /// Must be left open by the network, and may be none at all.
    Grows,
    /// Whatever the network has.
    Any,
    /// Exactly this.
    Is(usize),
}

/// A named tensor that goes in or comes out.
#[derive(Debug, Clone)]
pub(super) struct TensorSpec {
    pub(super) name: String,
    pub(super) element: Element,
    pub(super) sides: Vec<Side>,
}

impl TensorSpec {
    pub(super) fn floats(name: &str, sides: &[Side]) -> Self {
        Self::new(name, Element::Float, sides)
    }

    pub(super) fn ints(name: &str, sides: &[Side]) -> Self {
        Self::new(name, Element::Int, sides)
    }

    fn new(name: &str, element: Element, sides: &[Side]) -> Self {
        Self {
            name: name.to_owned(),
            element,
            sides: sides.to_vec(),
        }
    }
}

/// Numbers for one input.
#[derive(Debug, Clone, Copy)]
pub(super) enum Feed<'a> {
    Floats(&'a [usize], &'a [f32]),
    Ints(&'a [usize], &'a [i64]),
}

/// What came out, checked: right shape, every number finite.
#[derive(Debug, Clone)]
pub(super) struct Tensor {
    pub(super) shape: Vec<usize>,
    pub(super) values: Vec<f32>,
}

/// An input as the network itself describes it; open sides are -1.
pub(super) struct Declared {
    pub(super) name: String,
    pub(super) sides: Vec<i64>,
}

/// What a network must look like.
pub(super) struct Signature {
    /// In the order of the feeds of `Network::run`.
    pub(super) inputs: Vec<TensorSpec>,
    /// In the order of its results.
    pub(super) outputs: Vec<TensorSpec>,
}

/// Whether an actual shape is one of those that `sides` allows.
pub(super) fn fits(sides: &[Side], shape: &[usize]) -> bool {
    sides.len() == shape.len()
        && sides.iter().zip(shape).all(|(side, got)| match side {
            Side::Batch => *got == 1,
            Side::Open | Side::Any => *got > 0,
            Side::Grows => true,
            Side::Is(wanted) => got == wanted,
        })
}

/// The sides in words.
pub(super) fn sides(sides: &[Side]) -> String {
    let words: Vec<_> = sides
        .iter()
        .map(|side| match side {
            Side::Batch => "N".to_owned(),
            Side::Open | Side::Grows => "open".to_owned(),
            Side::Any => "any".to_owned(),
            Side::Is(wanted) => wanted.to_string(),
        })
        .collect();
    format!("[{}]", words.join(", "))
}
