//! The products of a catalogue: its table, its archives of pictures, and what the models say of them.
use super::{parallel::in_parallel, truth::rows};
use crate::{
    base::embedding::Embedding,
    engines::{
        quality::Product,
        vision::{Belief, Limits, Photo, Vision},
    },
};
use anyhow::{Context as _, bail};
use serde::Deserialize;
use std::{
    io::{BufReader, Read as _},
    path::Path,
};
use zip::ZipArchive;

const TABLE: &str = "products.csv";
const LARGE: &str = "images_224.zip";
const SMALL: &str = "thumbs_60x80.zip";

/// A product and its picture as stored.
pub(super) struct Told {
    id: String,
    product: Product,
    picture: Vec<u8>,
}

/// A product, and what the models say of its picture.
pub(super) struct SeenProduct {
    pub(super) id: String,
    pub(super) product: Product,
    pub(super) beliefs: Vec<Belief>,
    /// Where the picture lies in the CLIP space, and where the product's name does.
    pub(super) place: Embedding,
    pub(super) named: Embedding,
}

impl SeenProduct {
    /// What a head holds likely.
    pub(super) fn belief(&self, head: &str) -> Option<&Belief> {
        self.beliefs.iter().find(|b| b.name == head)
    }
}

#[derive(Deserialize)]
struct Line {
    id: String,
    split: String,
    has_224: String,
}

/// Reads the products of a split, at most `limit` of them, evenly spread.
pub(super) fn read(folder: &Path, split: &str, limit: Option<usize>) -> anyhow::Result<Vec<Told>> {
    let table = folder.join(TABLE);
    let lines: Vec<Line> = rows(&table)?;
    let products: Vec<Product> = rows(&table)?;
    let all: Vec<(Line, Product)> = lines
        .into_iter()
        .zip(products)
        .filter(|(line, _)| line.split == split)
        .collect();
    if all.is_empty() {
        bail!("no product is in the split {split:?}");
    }
    let count = limit.unwrap_or(all.len()).min(all.len());
    let (mut large, mut small) = (open(&folder.join(LARGE))?, open(&folder.join(SMALL))?);
    let told = (0..count).map(|i| {
        let (line, product) = &all[i * all.len() / count];
        let (archive, name) = match line.has_224.as_str() {
            "1" => (&mut large, LARGE),
            _ => (&mut small, SMALL),
        };
        let picture = entry(archive, &line.id);
        Ok(Told {
            id: line.id.clone(),
            product: product.clone(),
            picture: picture.with_context(|| format!("product {} in {name}", line.id))?,
        })
    });
    told.collect()
}

type Archive = ZipArchive<BufReader<fs_err::File>>;

fn open(path: &Path) -> anyhow::Result<Archive> {
    let file = BufReader::new(fs_err::File::open(path)?);
    ZipArchive::new(file).with_context(|| format!("while opening {}", path.display()))
}

fn entry(archive: &mut Archive, id: &str) -> anyhow::Result<Vec<u8>> {
    let mut bytes = vec![];
    archive
        .by_name(&format!("{id}.jpg"))?
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Looks at every product, `threads` at a time.
pub(super) fn look_at(
    vision: &Vision,
    told: &[Told],
    threads: usize,
) -> anyhow::Result<Vec<SeenProduct>> {
    in_parallel(told, threads, |_, told| {
        let naming = || format!("product {}", told.id);
        let photo = Photo::decode(&told.picture, &Limits::default()).with_context(naming)?;
        let (place, beliefs) = vision.classify(&photo).with_context(naming)?;
        Ok(SeenProduct {
            id: told.id.clone(),
            product: told.product.clone(),
            beliefs,
            place,
            named: vision.embed_text(&told.product.name).with_context(naming)?,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;
    use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

    fn archive(path: &Path, names: &[&str]) {
        let mut zip = ZipWriter::new(std::fs::File::create(path).unwrap());
        let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        for name in names {
            zip.start_file(*name, stored).unwrap();
            zip.write_all(path.file_name().unwrap().as_encoded_bytes())
                .unwrap();
        }
        zip.finish().unwrap();
    }

    fn catalogue(small: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let table = "id,masterCategory,articleType,baseColour,productDisplayName,split,has_224\n\
             1,Apparel,Jeans,Blue,501,validation,1\n2,Apparel,Shirts,Red,A shirt,validation,0\n\
             3,Apparel,Shirts,Red,A shirt,train,0\n";
        std::fs::write(folder.path().join(TABLE), table).unwrap();
        archive(&folder.path().join(LARGE), &["1.jpg"]);
        archive(&folder.path().join(SMALL), small);
        folder
    }

    #[test]
    fn the_larger_picture_is_taken_where_there_is_one() {
        let folder = catalogue(&["1.jpg", "2.jpg", "3.jpg"]);
        let told = read(folder.path(), "validation", None).unwrap();
        let pictures: Vec<&[u8]> = told.iter().map(|t| t.picture.as_slice()).collect();
        assert_eq!(pictures, [LARGE.as_bytes(), SMALL.as_bytes()]);
        assert_eq!(told[0].product.name, "501");
        let one = read(folder.path(), "validation", Some(1)).unwrap();
        assert_eq!(one.len(), 1);
        assert!(read(folder.path(), "test", None).is_err());
    }

    #[test]
    fn a_picture_that_is_missing_is_named() {
        let folder = catalogue(&["1.jpg"]);
        let error = read(folder.path(), "validation", None).err().unwrap();
        assert!(format!("{error:#}").contains("product 2 in thumbs_60x80.zip"));
    }
}
