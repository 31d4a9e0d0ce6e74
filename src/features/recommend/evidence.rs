//! What an event carries in the log: all that learning needs, as it was at that moment.
//!
//! Features and embeddings are copied into the event, so that a replay gives the same state bit for bit,
//! whatever has become of the garments since.
use super::{candidates::Embeddings, store_events::EventRow};
use crate::{
    base::{
        embedding::{Embedding, Space},
        garment::Slot,
        id::{EventId, ItemId},
    },
    engines::ranking::{Event, EventItem, Kind, PerSpace, Reason},
};
use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use serde::{Deserialize, Serialize};

/// The `evidence` column.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Evidence {
    /// The pack the embeddings are of; those of another pack teach nothing about this one's spaces.
    pub(super) pack: String,
    /// φ of the outfit as it was shown.
    pub(super) features: Vec<f32>,
    /// φ of what was worn instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) other_features: Option<Vec<f32>>,
    /// The garments that were shown.
    pub(super) items: Vec<EvidenceItem>,
    /// The garments that were worn instead.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) other_items: Vec<EvidenceItem>,
}

/// A garment as it looked.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct EvidenceItem {
    item: ItemId,
    slot: Slot,
    /// Base64 of little-endian 32-bit floats, in the order of [`Space::ALL`].
    embeddings: [Option<String>; Space::ALL.len()],
}

impl EvidenceItem {
    /// Copies how a garment looks now.
    pub(super) fn new(item: ItemId, slot: Slot, embeddings: &Embeddings) -> Self {
        let spaces = embeddings.get(&item);
        let text = |space: Space| {
            let embedding = spaces?[space.index()].as_ref()?;
            Some(STANDARD_NO_PAD.encode(embedding.to_bytes()))
        };
        Self {
            item,
            slot,
            embeddings: Space::ALL.map(text),
        }
    }

    fn read(&self, is_current: bool) -> EventItem {
        let mut embeddings = PerSpace::default();
        for space in Space::ALL.into_iter().filter(|_| is_current) {
            embeddings[space.index()] = self.embeddings[space.index()]
                .as_ref()
                .and_then(|text| STANDARD_NO_PAD.decode(text).ok())
                .and_then(|bytes| Embedding::from_bytes(space, &bytes).ok());
        }
        EventItem {
            item: self.item,
            slot: self.slot,
            embeddings,
        }
    }
}

/// An event as learning sees it; `None` when a newer version wrote something this one cannot read.
pub(super) fn event(row: EventRow, pack: &str) -> Option<Event> {
    let evidence: Evidence = serde_json::from_value(row.evidence)
        .inspect_err(|error| tracing::error!(event.id = %row.id, %error, "unreadable evidence"))
        .ok()?;
    let is_current = evidence.pack == pack;
    let read = |items: &[EvidenceItem]| items.iter().map(|item| item.read(is_current)).collect();
    Some(Event {
        id: EventId(row.id),
        at: row.created_at,
        kind: Kind::from_name(&row.kind)?,
        rating: row.rating.and_then(|rating| u8::try_from(rating).ok()),
        reason: row.reason.as_deref().and_then(Reason::from_name),
        items: read(&evidence.items),
        other_items: read(&evidence.other_items),
        features: evidence.features,
        other_features: evidence.other_features,
    })
}
