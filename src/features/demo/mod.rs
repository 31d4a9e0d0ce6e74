//! The demo wardrobe: drawn garments in an account that anyone may look at.
use crate::{
    base::{id::UserId, secret::Secret},
    engines::{
        illustrate::{Design, demo_wardrobe},
        vision::Photo,
    },
    features::{
        accounts::Accounts,
        wardrobe::{Added, Edit, Item, State, Wardrobe},
    },
};
use anyhow::Context as _;
use std::time::Duration;

/// The demo account.
pub const EMAIL: &str = "demo@flashfit.local";
/// Its password. Printed wherever the account is made; the account is no administrator.
pub const PASSWORD: &str = "demo-wardrobe";

/// JPEG quality of the drawings.
const QUALITY: u8 = 92;
/// The seed of the drawings: the demo looks the same everywhere.
const SEED: u64 = 7;
/// How long the models may take for one garment.
const PATIENCE: Duration = Duration::from_secs(60);

/// A drawing as somebody would upload it.
///
/// # Errors
/// When it cannot be encoded.
pub fn photo(design: &Design) -> anyhow::Result<Vec<u8>> {
    let drawing = design.draw(SEED);
    let photo = Photo::from_rgb(drawing.width, drawing.height, drawing.rgb)
        .context("the drawing has no pixels")?;
    Ok(photo.to_jpeg(QUALITY)?)
}

/// Makes the demo account and fills its wardrobe; what is there stays. Returns how many garments it has.
///
/// # Errors
/// Database errors, or when the models do not keep up.
pub async fn fill(accounts: &Accounts, wardrobe: &Wardrobe) -> anyhow::Result<usize> {
    let owner = match accounts.find_user(EMAIL).await? {
        Some(user) => user.id,
        None => {
            let password = Secret::new(PASSWORD.to_owned());
            accounts.create_showpiece(EMAIL, password, "Demo").await?.id
        }
    };
    let designs = demo_wardrobe();
    let mut added = vec![];
    for design in &designs {
        if let Added::Created(item) = wardrobe.add(owner, photo(design)?).await? {
            added.push((item, design));
        }
    }
    for (item, design) in added {
        let item = recognised(wardrobe, owner, &item).await?;
        wardrobe
            .edit(owner, item.id, &corrections(&item, design))
            .await?;
    }
    Ok(designs.len())
}

async fn recognised(wardrobe: &Wardrobe, owner: UserId, item: &Item) -> anyhow::Result<Item> {
    let mut steps = wardrobe.progress().watch();
    let wait = async {
        loop {
            let now = wardrobe.item(owner, item.id).await?;
            if matches!(now.state, State::Ready | State::Failed) {
                return anyhow::Ok(now);
            }
            // A step that is missed is made up for by looking again.
            let _step = tokio::time::timeout(Duration::from_millis(500), steps.recv()).await;
        }
    };
    let waited = tokio::time::timeout(PATIENCE, wait).await;
    waited.context("the models did not recognise a drawing in time")?
}

/// What a person would put right: drawings are not what the models were trained on.
fn corrections(item: &Item, design: &Design) -> Edit {
    let truth = [
        ("category", design.category.name().to_owned()),
        ("pattern", design.pattern.to_owned()),
        ("formality", design.formality.to_string()),
        ("warmth", design.warmth.to_string()),
    ];
    Edit {
        name: Some(Some(design.name.to_owned())),
        is_clean: None,
        whereabouts: None,
        attributes: truth
            .into_iter()
            .filter(|(name, value)| item.attribute(name).is_none_or(|a| a.value != *value))
            .map(|(name, value)| (name.to_owned(), Some(value)))
            .collect(),
    }
}
