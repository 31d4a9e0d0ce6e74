//! Which kinds of garments go together, where the pack has a network for it: asked once, for every two kinds.
use super::{
    VisionError,
    manifest::{self, Manifest},
    onnx::{Network, Runtime},
    pack::Pack,
    tensor::{Feed, Side, Signature, TensorSpec},
};
use crate::base::garment::Category;

/// The log-odds of each two kinds, row by row in the order of [`Category::ALL`]; 0 where the pack knows no such kind.
pub(super) fn load(runtime: &Runtime, pack: &Pack) -> Result<Option<Vec<f32>>, VisionError> {
    let manifest = pack.manifest();
    if !manifest.files.contains_key(manifest::COMPAT) {
        return Ok(None);
    }
    let known = known(manifest);
    let dimension = manifest.fashion.image.dimension;
    let once = runtime.with_sessions(1);
    let file = pack.file(manifest::COMPAT);
    let network = Network::load(&once, manifest::COMPAT, file, signature(dimension))?;
    let all = Category::ALL.len();
    let mut logits = vec![0.0; all * all];
    for (row, a) in known.iter().enumerate() {
        let count = known.len();
        let rows = vec![row as i64; count];
        let columns: Vec<i64> = (0..count as i64).collect();
        // Kinds alone: the embeddings of no garment in particular.
        let nobody = vec![0.0; count * dimension];
        let (shape, wide) = ([count], [count, dimension]);
        let results = network.run(&[
            Feed::Ints(&shape, &rows),
            Feed::Ints(&shape, &columns),
            Feed::Floats(&wide, &nobody),
            Feed::Floats(&wide, &nobody),
        ])?;
        let values = results.first().map_or(&[][..], |tensor| &tensor.values);
        if values.len() != count {
            return Err(VisionError::Network {
                file: manifest::COMPAT,
                problem: format!(
                    "output `logit` has {} numbers for {count} pairs",
                    values.len()
                ),
            });
        }
        for (b, logit) in known.iter().zip(values) {
            logits[*a as usize * all + *b as usize] = *logit;
        }
    }
    Ok(Some(logits))
}

/// The kinds of the pack, in the order in which its networks count them.
fn known(manifest: &Manifest) -> Vec<Category> {
    let heads = manifest.fashion.heads.iter();
    let heads = heads.map(|head| (&head.name, &head.labels));
    let prompts = manifest.zero_shot.iter().map(|z| (&z.name, &z.labels));
    let found = heads.chain(prompts).find(|(name, _)| *name == "category");
    let labels = found.map_or(&[][..], |(_, labels)| labels);
    labels
        .iter()
        .filter_map(|l| Category::from_name(l))
        .collect()
}

fn signature(dimension: usize) -> Signature {
    let ids = |name: &str| TensorSpec::ints(name, &[Side::Open]);
    let wide = |name: &str| TensorSpec::floats(name, &[Side::Open, Side::Is(dimension)]);
    Signature {
        inputs: vec![
            ids("category_a"),
            ids("category_b"),
            wide("image_embeds_a"),
            wide("image_embeds_b"),
        ],
        outputs: vec![TensorSpec::floats("logit", &[Side::Open])],
    }
}
