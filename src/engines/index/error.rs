//! Why the index refuses.
use crate::base::embedding::Space;

/// Why a vector or a query is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IndexError {
    /// The vector is from another model.
    #[error("the vector is in the {found} space, the index in the {expected} space")]
    Space {
        /// The index's space.
        expected: Space,
        /// The vector's space.
        found: Space,
    },
    /// The vector is from another version of the model.
    #[error("the vector has {found} dimensions, the index {expected}")]
    Dimension {
        /// The index's number of dimensions.
        expected: usize,
        /// The vector's number of dimensions.
        found: usize,
    },
    /// An index needs at least one dimension.
    #[error("an index cannot have zero dimensions")]
    NoDimensions,
    /// More rows than 32-bit positions.
    #[error("the index is full at {0} vectors")]
    Full(usize),
    /// The graph library refused; the message is its own.
    #[error("the graph refused: {0}")]
    Graph(String),
}
