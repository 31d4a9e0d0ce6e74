//! What each kind of feedback teaches: the table from events to evidence.
use super::{
    event::{Event, Kind, Reason},
    features::{
        COLOUR, CONTRAST, FORMALITY, NOVELTY, OCCASION, PAIR, PATTERN, PIECE, RAIN, ROTATION,
        STYLE, TOGETHER, WEATHER, style,
    },
    fusion::Weights,
};

/// What somebody who was too cold wants more, clo: about three degrees.
const COMFORT_STEP: f64 = 0.15;

/// What an event says about the outfit as shown.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Lesson {
    /// How liked the outfit was, 0 to 1.
    pub(super) liked: f64,
    /// How much that says about the weights; 0 for nothing.
    pub(super) certainty: f64,
    /// Evidence for the directions its garments point in.
    pub(super) taste: f32,
    /// Evidence for each garment.
    pub(super) piece: f32,
    /// Evidence for each pair.
    pub(super) pair: f32,
    /// How much more insulation this person wants, clo.
    pub(super) comfort: f64,
    /// How much more formal this person dresses, steps.
    pub(super) formality: f64,
}

impl Lesson {
    const fn new((liked, certainty): (f64, f64), taste: f32, piece: f32, pair: f32) -> Self {
        Self {
            liked,
            certainty,
            taste,
            piece,
            pair,
            comfort: 0.0,
            formality: 0.0,
        }
    }

    fn of_comfort(comfort: f64) -> Self {
        Self {
            comfort,
            ..Self::default()
        }
    }

    /// What was worn instead of the suggestion.
    pub(super) const WORN_INSTEAD: Self = Self::new((1.0, 0.0), 0.8, 0.5, 0.5);
}

/// Reads the lesson off an event.
pub(super) fn lesson(event: &Event) -> Lesson {
    match event.kind {
        Kind::Like => Lesson::new((1.0, 1.0), 1.0, 0.5, 0.4),
        Kind::Save => Lesson::new((1.0, 0.8), 0.8, 0.4, 0.4),
        Kind::Wear => Lesson::new((1.0, 1.2), 0.7, 0.5, 0.5),
        Kind::Skip => Lesson::new((0.0, 0.25), -0.1, -0.08, -0.2),
        // The comparison itself goes through the difference of the two φ.
        Kind::WoreInstead => Lesson::new((0.0, 0.0), -0.2, -0.2, -0.3),
        Kind::Rating => rating(event.rating),
        Kind::Dislike => dislike(event.reason),
        // A piece that hangs in nobody's wardrobe: it has no history, and pairs with nothing.
        Kind::WouldWear => Lesson::new((1.0, 1.0), 0.7, 0.0, 0.0),
        Kind::WouldNotWear => Lesson::new((0.0, 1.0), -0.5, 0.0, 0.0),
        // It was worn, so it is liked well enough: only how warm this person dresses is learned.
        Kind::TooWarm => Lesson::of_comfort(-COMFORT_STEP),
        Kind::TooCold => Lesson::of_comfort(COMFORT_STEP),
    }
}

fn rating(rating: Option<u8>) -> Lesson {
    let Some(stars @ 1..=5) = rating else {
        return Lesson::default();
    };
    let stars = f32::from(stars);
    let lean = (stars - 3.0) / 2.0;
    let liked = f64::from((stars - 1.0) / 4.0);
    Lesson::new((liked, 1.0), lean, 0.5 * lean, 0.6 * lean)
}

/// A reason says less about the pieces and more about what it names.
fn dislike(reason: Option<Reason>) -> Lesson {
    match reason {
        None => Lesson::new((0.0, 1.0), -0.7, -0.5, -0.9),
        Some(Reason::Colour) => Lesson::new((0.0, 1.0), -0.2, -0.2, -1.0),
        Some(Reason::Fit) => Lesson::new((0.0, 0.5), 0.0, -1.0, -0.3),
        Some(Reason::NotTogether) => Lesson::new((0.0, 1.0), 0.0, 0.0, -1.5),
        Some(Reason::WornRecently) => Lesson::new((0.0, 1.0), 0.0, 0.0, -0.2),
        Some(Reason::TooWarm) => Lesson {
            comfort: -COMFORT_STEP,
            ..Lesson::new((0.0, 1.0), 0.0, 0.0, -0.2)
        },
        Some(Reason::TooCold) => Lesson {
            comfort: COMFORT_STEP,
            ..Lesson::new((0.0, 1.0), 0.0, 0.0, -0.2)
        },
        Some(Reason::TooFormal) => Lesson {
            formality: -0.3,
            ..Lesson::new((0.0, 1.0), -0.1, -0.1, -0.2)
        },
    }
}

/// How much a reason says beyond the dislike.
pub(super) const REASON_CERTAINTY: f64 = 0.5;

/// What a dislike may be blamed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Blame {
    Colour,
    Pieces,
    Combination,
    Repetition,
    Warmth,
    Formality,
}

/// How many of them there are besides the one that is named.
const OTHERS: f64 = 5.0;

impl Blame {
    /// What a feature is about; `None` for what nobody gives as a reason.
    fn of_feature(feature: usize) -> Option<Self> {
        const BRIGHT: usize = STYLE;
        const LIGHT: usize = STYLE + 1;
        const DRESSY: usize = STYLE + 3;
        Some(match feature {
            COLOUR | CONTRAST | PATTERN | BRIGHT | LIGHT => Self::Colour,
            PIECE => Self::Pieces,
            PAIR | TOGETHER | FORMALITY => Self::Combination,
            ROTATION | NOVELTY => Self::Repetition,
            WEATHER | RAIN => Self::Warmth,
            OCCASION | DRESSY => Self::Formality,
            _ if (style::OF_COLOUR..style::OF_KIND).contains(&feature) => Self::Colour,
            _ => return None,
        })
    }

    const fn named_by(reason: Reason) -> Self {
        match reason {
            Reason::Colour => Self::Colour,
            Reason::Fit => Self::Pieces,
            Reason::NotTogether => Self::Combination,
            Reason::WornRecently => Self::Repetition,
            Reason::TooWarm | Reason::TooCold => Self::Warmth,
            Reason::TooFormal => Self::Formality,
        }
    }
}

/// What a reason says: of all that might be wrong with an outfit measured as `shown`, this is worse than the rest.
/// The difference is learned from like a preference (Bradley & Terry 1952).
pub(super) fn rather_than(reason: Reason, shown: &Weights) -> Weights {
    let named = Blame::named_by(reason);
    std::array::from_fn(|i| match Blame::of_feature(i) {
        Some(blame) if blame == named => -shown[i],
        Some(_) => shown[i] / OTHERS,
        None => 0.0,
    })
}
