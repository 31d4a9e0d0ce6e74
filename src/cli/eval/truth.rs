//! What people wrote down about the photos.
use anyhow::{Context as _, bail};
use serde::{Deserialize, Serialize};
use std::{collections::HashMap, path::Path};

/// One photo and what is true of it.
#[derive(Debug, Clone)]
pub(super) struct Photo {
    pub(super) image: String,
    pub(super) person: String,
    /// The coarse label its owner gave it.
    pub(super) label: String,
    pub(super) split: String,
    pub(super) note: Option<Note>,
}

/// A line of `annotations.csv`.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub(super) struct Note {
    image: String,
    #[serde(rename = "type")]
    pub(super) category: String,
    pub(super) colour: String,
    pub(super) pattern: String,
    pub(super) sleeve: String,
    pub(super) formality: String,
    pub(super) warmth: String,
    pub(super) audience: String,
    pub(super) caption: String,
}

#[derive(Debug, Deserialize)]
struct Line {
    image: String,
    sender_id: String,
    label: String,
    split: String,
}

/// The ten common classes and the labels each gathers.
pub(super) const TEN: [(&str, &[&str]); 10] = [
    ("t-shirt", &["T-Shirt", "Polo", "Undershirt", "Top"]),
    ("longsleeve", &["Longsleeve", "Hoodie"]),
    ("pants", &["Pants"]),
    ("shoes", &["Shoes"]),
    ("shirt", &["Shirt", "Blouse"]),
    ("dress", &["Dress"]),
    ("outwear", &["Outwear", "Blazer"]),
    ("shorts", &["Shorts"]),
    ("hat", &["Hat"]),
    ("skirt", &["Skirt"]),
];

/// The number of the class that a label belongs to.
pub(super) fn class_of(label: &str) -> Option<usize> {
    TEN.iter().position(|(_, labels)| labels.contains(&label))
}

/// P(class | category, long sleeve or not), counted on training photos.
pub(super) struct TenClasses(HashMap<(String, bool), [f64; 10]>);

impl TenClasses {
    /// The likelihood of each class for a category and whether the sleeves are long.
    pub(super) fn of(&self, category: &str, is_long: bool) -> [f64; 10] {
        let known = self.0.get(&(category.to_owned(), is_long));
        known.copied().unwrap_or([0.1; 10])
    }
}

/// All that is written down.
pub(super) struct Truth(Vec<Photo>);

impl Truth {
    /// Reads both tables.
    pub(super) fn read(folder: &Path) -> anyhow::Result<Self> {
        let notes: Vec<Note> = rows(&folder.join("annotations.csv"))?;
        let mut notes: HashMap<String, Note> =
            notes.into_iter().map(|n| (n.image.clone(), n)).collect();
        let lines: Vec<Line> = rows(&folder.join("images.csv"))?;
        let photos = lines.into_iter().map(|line| Photo {
            note: notes
                .remove(&line.image)
                .filter(|n| n.category != "unclear"),
            image: line.image,
            person: line.sender_id,
            label: line.label,
            split: line.split,
        });
        Ok(Self(photos.collect()))
    }

    /// The annotated photos of a split, at most `limit` of them, evenly spread.
    pub(super) fn photos(&self, split: &str, limit: Option<usize>) -> anyhow::Result<Vec<Photo>> {
        let all: Vec<&Photo> = self
            .0
            .iter()
            .filter(|p| p.split == split && p.note.is_some())
            .collect();
        if all.is_empty() {
            bail!("no annotated photo is in the split {split:?}");
        }
        let count = limit.unwrap_or(all.len()).min(all.len());
        Ok((0..count)
            .map(|i| all[i * all.len() / count].clone())
            .collect())
    }

    /// How categories and sleeves go with the ten classes, counted on annotated training photos.
    pub(super) fn ten_classes(&self) -> TenClasses {
        let mut counts = HashMap::<(String, bool), [f64; 10]>::new();
        for photo in self.0.iter().filter(|p| p.split == "train") {
            if let (Some(class), Some(note)) = (class_of(&photo.label), &photo.note) {
                let key = (note.category.clone(), note.sleeve == "long");
                counts.entry(key).or_insert([1e-3; 10])[class] += 1.0;
            }
        }
        for row in counts.values_mut() {
            let sum: f64 = row.iter().sum();
            row.iter_mut().for_each(|n| *n /= sum);
        }
        TenClasses(counts)
    }
}

/// The lines of a table.
pub(super) fn rows<T: for<'a> Deserialize<'a>>(path: &Path) -> anyhow::Result<Vec<T>> {
    let reading = || format!("while reading {}", path.display());
    let mut reader = csv::Reader::from_path(path).with_context(reading)?;
    reader
        .deserialize()
        .collect::<Result<_, _>>()
        .with_context(reading)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(annotations: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let images = "image,sender_id,label,kids,split\na,1,T-Shirt,False,train\nb,1,Longsleeve,False,train\nc,2,Hat,False,validation\n";
        std::fs::write(folder.path().join("images.csv"), images).unwrap();
        std::fs::write(folder.path().join("annotations.csv"), annotations).unwrap();
        folder
    }

    const HEAD: &str =
        "image,type,colour,colour2,pattern,sleeve,formality,warmth,audience,caption\n";

    #[test]
    fn the_tables_are_joined_and_unclear_photos_left_out() {
        let notes = format!(
            "{HEAD}a,t-shirt,red,,plain,short,2,2,men,a red t-shirt\nb,t-shirt,red,,plain,long,2,2,men,a red top\nc,unclear,,,,,,,,\n"
        );
        let truth = Truth::read(folder(&notes).path()).unwrap();
        assert_eq!(truth.photos("train", None).unwrap().len(), 2);
        assert_eq!(truth.photos("train", Some(1)).unwrap()[0].image, "a");
        let none = truth.photos("validation", None).unwrap_err();
        assert!(none.to_string().contains("validation"), "{none}");
        let ten = truth.ten_classes();
        assert!(ten.of("t-shirt", false)[0] > 0.9 && ten.of("t-shirt", true)[1] > 0.9);
        assert_eq!(ten.of("hat", false), [0.1; 10]);
    }

    #[test]
    fn a_table_that_is_missing_or_broken_is_named() {
        let broken = format!("{HEAD}a,t-shirt\n");
        for (folder, about) in [
            (folder(&broken), "annotations.csv"),
            (tempfile::tempdir().unwrap(), "annotations.csv"),
        ] {
            let error = Truth::read(folder.path()).err().unwrap();
            assert!(format!("{error:#}").contains(about), "{error:#}");
        }
    }
}
