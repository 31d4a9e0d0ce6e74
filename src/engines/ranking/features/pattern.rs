//! Mixing patterns: one speaks, two discuss, three shout.

/// How a garment's pattern counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engines::ranking) enum Boldness {
    Unknown,
    /// Plain, or a texture of the cloth.
    Plain,
    Patterned,
}

pub(in crate::engines::ranking) fn boldness(pattern: Option<&str>) -> Boldness {
    match pattern {
        None => Boldness::Unknown,
        Some("plain" | "denim-wash" | "knit" | "other") => Boldness::Plain,
        Some(_) => Boldness::Patterned,
    }
}

/// −1 to 0.5 by the number of patterned pieces; 0 when no pattern is known.
pub(in crate::engines::ranking) fn mixing(pieces: impl Iterator<Item = Boldness>) -> f32 {
    let (mut known, mut patterned) = (0, 0);
    for piece in pieces {
        known += usize::from(piece != Boldness::Unknown);
        patterned += usize::from(piece == Boldness::Patterned);
    }
    match (known, patterned) {
        (0, _) => 0.0,
        (_, 0) => 0.2,
        (_, 1) => 0.5,
        (_, 2) => -0.4,
        _ => -1.0,
    }
}
