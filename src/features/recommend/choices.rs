//! How first suggestions were chosen, and what people said to them.
use super::{Error, Recommend, store_admin};
use crate::{
    base::id::UserId,
    engines::ranking::{Choice, SharedPrior},
};
use std::sync::Arc;

/// A first suggestion whose odds are known and that was answered.
#[derive(Debug, Clone)]
pub struct AnsweredChoice {
    /// Whose.
    pub owner: UserId,
    /// How it was chosen; which garments the others had is not remembered.
    pub choice: Choice,
    /// What came of it, 0 to 1.
    pub reward: f64,
}

impl Recommend {
    /// Everybody's answered choices of this fusion version, oldest first.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn answered_choices(&self) -> Result<Vec<AnsweredChoice>, Error> {
        let mut conn = self.db.get().await?;
        Ok(store_admin::answered_choices(&mut conn, super::FUSION_VERSION).await?)
    }

    /// What new people start from.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn shared_prior(&self) -> Result<Arc<SharedPrior>, Error> {
        let mut conn = self.db.get().await?;
        self.newest_prior(&mut conn).await
    }
}
