//! The colours that cloth is dyed in, by the names people give them.

/// An opaque colour, 8 bits a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rgb(pub(crate) u8, pub(crate) u8, pub(crate) u8);

impl Rgb {
    /// Blends towards another colour; 0 is `self`, 1 is `other`.
    pub(crate) fn mix(self, other: Self, share: f32) -> Self {
        let blend =
            |a: u8, b: u8| (f32::from(a) + (f32::from(b) - f32::from(a)) * share).round() as u8;
        Self(
            blend(self.0, other.0),
            blend(self.1, other.1),
            blend(self.2, other.2),
        )
    }

    /// Blends towards black.
    pub(crate) fn darker(self, share: f32) -> Self {
        self.mix(Self(12, 10, 14), share)
    }

    /// Blends towards white.
    pub(crate) fn lighter(self, share: f32) -> Self {
        self.mix(Self(255, 253, 250), share)
    }

    /// Perceived lightness from 0 to 1.
    pub(crate) fn lightness(self) -> f32 {
        (0.299 * f32::from(self.0) + 0.587 * f32::from(self.1) + 0.114 * f32::from(self.2)) / 255.0
    }

    /// A line that shows on this colour without shouting: darker on light cloth, lighter on dark cloth.
    pub(crate) fn contrast(self, share: f32) -> Self {
        if self.lightness() < 0.22 {
            self.lighter(share * 0.55)
        } else {
            self.darker(share)
        }
    }
}

/// Every colour a design may name.
pub(crate) const PALETTE: &[(&str, Rgb)] = &[
    ("black", Rgb(34, 34, 38)),
    ("charcoal", Rgb(70, 72, 78)),
    ("grey", Rgb(142, 145, 150)),
    ("light-grey", Rgb(196, 198, 201)),
    ("white", Rgb(249, 249, 247)),
    ("cream", Rgb(241, 231, 208)),
    ("beige", Rgb(212, 190, 158)),
    ("camel", Rgb(190, 143, 91)),
    ("tan", Rgb(172, 122, 74)),
    ("brown", Rgb(110, 72, 48)),
    ("dark-brown", Rgb(72, 48, 38)),
    ("khaki", Rgb(158, 148, 108)),
    ("olive", Rgb(104, 108, 62)),
    ("sage", Rgb(158, 176, 146)),
    ("green", Rgb(62, 132, 86)),
    ("dark-green", Rgb(36, 78, 60)),
    ("teal", Rgb(36, 120, 126)),
    ("light-blue", Rgb(164, 198, 228)),
    ("blue", Rgb(58, 108, 184)),
    ("denim-blue", Rgb(74, 104, 146)),
    ("indigo", Rgb(46, 60, 100)),
    ("navy", Rgb(34, 46, 82)),
    ("lavender", Rgb(182, 168, 214)),
    ("purple", Rgb(112, 72, 140)),
    ("burgundy", Rgb(118, 34, 52)),
    ("red", Rgb(194, 48, 50)),
    ("coral", Rgb(236, 124, 104)),
    ("terracotta", Rgb(190, 98, 68)),
    ("orange", Rgb(228, 132, 52)),
    ("mustard", Rgb(210, 160, 50)),
    ("yellow", Rgb(244, 210, 92)),
    ("pink", Rgb(238, 172, 184)),
    ("fuchsia", Rgb(200, 58, 122)),
];

/// Finds the colour of a name; an unknown name is undyed grey.
pub(crate) fn dye(name: &str) -> Rgb {
    PALETTE
        .iter()
        .find(|(known, _)| *known == name)
        .map_or(Rgb(142, 145, 150), |(_, rgb)| *rgb)
}
