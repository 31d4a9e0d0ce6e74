//! SQL of how first suggestions were chosen.
use crate::{
    base::id::OutfitId,
    engines::ranking::{Choice, Considered},
    platform::db::schema::choices,
};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// How the first of several outfits was chosen.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = choices, check_for_backend(diesel::pg::Pg))]
pub(super) struct ChoiceRow {
    outfit_id: Uuid,
    considered: Vec<u8>,
    features: i16,
    chosen: i16,
    propensity: f32,
}

impl ChoiceRow {
    /// `None` when nothing was considered.
    pub(super) fn new(outfit: OutfitId, choice: &Choice) -> Option<Self> {
        let [first, ..] = choice.considered.as_slice() else {
            return None;
        };
        let features = first.features.len();
        let values = choice.considered.iter().flat_map(|outfit| &outfit.features);
        Some(Self {
            outfit_id: outfit.0,
            considered: values.flat_map(|value| value.to_le_bytes()).collect(),
            features: i16::try_from(features).ok()?,
            chosen: i16::try_from(choice.chosen).ok()?,
            propensity: choice.propensity,
        })
    }

    /// The choice, without the garments; `None` when the row is damaged.
    pub(super) fn choice(&self) -> Option<Choice> {
        let (values, _) = self.considered.as_chunks::<4>();
        let values: Vec<f32> = values.iter().map(|v| f32::from_le_bytes(*v)).collect();
        let width = usize::try_from(self.features).ok().filter(|n| *n > 0)?;
        let considered: Vec<Considered> = values
            .chunks(width)
            .map(|features| Considered {
                items: vec![],
                features: features.to_vec(),
            })
            .collect();
        let chosen = usize::try_from(self.chosen).ok()?;
        (chosen < considered.len()).then_some(Choice {
            considered,
            chosen,
            propensity: self.propensity,
        })
    }
}

/// Remembers how a suggestion was chosen.
pub(super) async fn insert(conn: &mut AsyncPgConnection, row: &ChoiceRow) -> QueryResult<usize> {
    diesel::insert_into(choices::table)
        .values(row)
        .execute(conn)
        .await
}
