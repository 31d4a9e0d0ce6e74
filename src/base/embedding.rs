//! Unit vectors that know which space they live in.
use serde::{Deserialize, Serialize};

/// One of the three embedding spaces of a model pack.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Space {
    /// Pictures and texts side by side.
    Clip,
    /// What the captioner sees.
    Blip,
    /// Garment similarity.
    Fashion,
}

impl Space {
    /// Every space, in the order of [`Space::index`].
    pub const ALL: [Self; 3] = [Self::Clip, Self::Blip, Self::Fashion];

    /// Position in arrays that hold one value per space.
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The name used in the database, in metrics and on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Clip => "clip",
            Self::Blip => "blip",
            Self::Fashion => "fashion",
        }
    }

    /// Finds a space by its [`Space::name`].
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|space| space.name() == name)
    }
}

impl std::fmt::Display for Space {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// Why numbers are not an embedding.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum NotAnEmbedding {
    /// There is no direction in no numbers.
    #[error("it is empty")]
    Empty,
    /// A NaN or an infinity.
    #[error("value {0} is not finite")]
    NotFinite(usize),
    /// All zeros have no direction.
    #[error("its length is zero")]
    Zero,
    /// The stored bytes are not whole 32-bit floats.
    #[error("{0} bytes are not a whole number of 32-bit floats")]
    Bytes(usize),
}

/// A finite vector of length one (L2), in one [`Space`].
#[derive(Debug, Clone, PartialEq)]
pub struct Embedding {
    space: Space,
    values: Box<[f32]>,
}

impl Embedding {
    /// Normalises `values` to unit length.
    ///
    /// # Errors
    /// [`NotAnEmbedding`] when the values are empty, not finite or all zero.
    pub fn new(space: Space, mut values: Vec<f32>) -> Result<Self, NotAnEmbedding> {
        if values.is_empty() {
            return Err(NotAnEmbedding::Empty);
        }
        if let Some(at) = values.iter().position(|v| !v.is_finite()) {
            return Err(NotAnEmbedding::NotFinite(at));
        }
        let length = values
            .iter()
            .map(|v| f64::from(*v).powi(2))
            .sum::<f64>()
            .sqrt();
        if length < 1e-12 {
            return Err(NotAnEmbedding::Zero);
        }
        for value in &mut values {
            *value = (f64::from(*value) / length) as f32;
        }
        Ok(Self {
            space,
            values: values.into_boxed_slice(),
        })
    }

    /// Reads what [`Embedding::to_bytes`] wrote, bit for bit.
    ///
    /// # Errors
    /// [`NotAnEmbedding`] when the bytes are not finite little-endian 32-bit floats.
    pub fn from_bytes(space: Space, bytes: &[u8]) -> Result<Self, NotAnEmbedding> {
        let (chunks, rest) = bytes.as_chunks::<4>();
        if !rest.is_empty() {
            return Err(NotAnEmbedding::Bytes(bytes.len()));
        }
        let values: Box<[f32]> = chunks.iter().map(|c| f32::from_le_bytes(*c)).collect();
        if values.is_empty() {
            return Err(NotAnEmbedding::Empty);
        }
        match values.iter().position(|v| !v.is_finite()) {
            Some(at) => Err(NotAnEmbedding::NotFinite(at)),
            None => Ok(Self { space, values }),
        }
    }

    /// Little-endian 32-bit floats, for storage.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.values.iter().flat_map(|v| v.to_le_bytes()).collect()
    }

    /// The space it lives in.
    #[must_use]
    pub fn space(&self) -> Space {
        self.space
    }

    /// Number of dimensions.
    #[must_use]
    pub fn dimension(&self) -> usize {
        self.values.len()
    }

    /// The unit vector.
    #[must_use]
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// Cosine similarity, −1 to 1; zero when the two are not comparable (other space or dimension).
    #[must_use]
    pub fn cosine(&self, other: &Self) -> f32 {
        if self.space != other.space {
            return 0.0;
        }
        dot(&self.values, &other.values)
    }
}

/// Inner product; zero when the lengths differ.
#[must_use]
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    if a.len() != b.len() {
        return 0.0;
    }
    // Eight running sums let the compiler vectorise without changing the result between runs.
    let mut sums = [0.0_f32; 8];
    let (a8, a_rest) = a.as_chunks::<8>();
    let (b8, b_rest) = b.as_chunks::<8>();
    for (x, y) in a8.iter().zip(b8) {
        for lane in 0..8 {
            sums[lane] += x[lane] * y[lane];
        }
    }
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(x, y)| x * y).sum();
    sums.iter().sum::<f32>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_without_a_direction_are_refused() {
        let make = |values| Embedding::new(Space::Clip, values);
        assert_eq!(make(vec![]), Err(NotAnEmbedding::Empty));
        assert_eq!(make(vec![0.0; 4]), Err(NotAnEmbedding::Zero));
        assert_eq!(make(vec![1.0, f32::NAN]), Err(NotAnEmbedding::NotFinite(1)));
        assert!(Embedding::from_bytes(Space::Clip, &[0; 5]).is_err());
    }

    #[test]
    fn other_spaces_are_not_comparable() {
        let a = Embedding::new(Space::Clip, vec![1.0, 0.0]).unwrap();
        let b = Embedding::new(Space::Fashion, vec![1.0, 0.0]).unwrap();
        assert_eq!(a.cosine(&b), 0.0);
        assert!((a.cosine(&a) - 1.0).abs() < 1e-6);
    }

    proptest! {
        #[test]
        fn storage_is_exact_and_length_is_one(values in proptest::collection::vec(-1e3_f32..1e3, 1..64)) {
            prop_assume!(values.iter().any(|v| v.abs() > 1e-3));
            let embedding = Embedding::new(Space::Blip, values).unwrap();
            prop_assert!((embedding.cosine(&embedding) - 1.0).abs() < 1e-4);
            let back = Embedding::from_bytes(Space::Blip, &embedding.to_bytes()).unwrap();
            prop_assert_eq!(back, embedding);
        }
    }
}
