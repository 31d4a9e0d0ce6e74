//! What is read is what was written, and whatever is damaged or foreign is refused.
use super::*;
use crate::{
    base::{
        embedding::{Embedding, Space},
        id::{ItemId, UserId},
    },
    engines::index::{Filter, Plan},
};
use uuid::Uuid;

const EXPECTED: Expected<'_> = Expected {
    space: Space::Fashion,
    dimension: 8,
    pack: "pack@1",
};

fn vector(seed: u32) -> Embedding {
    let values = (0..8).map(|i| ((seed * 31 + i * 7) as f32).sin()).collect();
    Embedding::new(Space::Fashion, values).unwrap()
}

fn filled(count: u32, settings: &Settings) -> SpaceIndex {
    let index = SpaceIndex::new(Space::Fashion, 8, settings).unwrap();
    for i in 0..count {
        let key = ItemId(Uuid::from_u128(u128::from(i)));
        let owner = UserId(Uuid::from_u128(u128::from(i % 5)));
        index.upsert(key, owner, &vector(i)).unwrap();
    }
    for i in (0..count).step_by(7) {
        index.remove(ItemId(Uuid::from_u128(u128::from(i))));
    }
    index
}

fn contents(index: &SpaceIndex) -> Vec<(ItemId, UserId, Vec<u32>)> {
    let mut out = vec![];
    index.for_each(|row| {
        let bits = row.values.iter().map(|v| v.to_bits()).collect();
        out.push((row.key, row.owner, bits));
    });
    out.sort();
    out
}

#[test]
fn what_is_read_is_what_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("fashion.idx");
    for exact_up_to in [16, 4096] {
        let settings = Settings {
            exact_up_to,
            ..Settings::default()
        };
        let index = filled(300, &settings);
        write_snapshot(&path, &index, "pack@1", 42).unwrap();
        let restored = read_snapshot(&path, &EXPECTED, &settings).unwrap();
        assert_eq!(restored.watermark, 42);
        assert_eq!(contents(&restored.index), contents(&index));
        assert_eq!(
            restored.index.stats().graph_vectors,
            index.stats().graph_vectors
        );
        let key = ItemId(Uuid::from_u128(9_999));
        let owner = UserId(Uuid::from_u128(1));
        restored.index.upsert(key, owner, &vector(9_999)).unwrap();
        let found = restored
            .index
            .search(&vector(9_999), 1, &Filter::default())
            .unwrap();
        assert_eq!(found.hits[0].key, key);
        assert_eq!(found.plan == Plan::Hnsw, exact_up_to == 16);
    }
}

#[test]
fn whatever_is_damaged_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("fashion.idx");
    let settings = Settings {
        exact_up_to: 8,
        ..Settings::default()
    };
    write_snapshot(&path, &filled(40, &settings), "pack@1", 7).unwrap();
    let good = fs_err::read(&path).unwrap();
    check_snapshot(&path).unwrap();
    let check = |bytes: &[u8]| {
        fs_err::write(&path, bytes).unwrap();
        check_snapshot(&path).unwrap_err().is_damage()
    };
    for at in 0..good.len() {
        let mut bad = good.clone();
        bad[at] ^= 0x10;
        assert!(decode(&bad, &EXPECTED, &settings).is_err(), "byte {at}");
        assert!(at % 97 > 0 || check(&bad), "byte {at}");
    }
    assert!(check(&good[..good.len() - 1]) && check(&good[..7]) && check(&[]));
    for length in 0..good.len() {
        assert!(decode(&good[..length], &EXPECTED, &settings).is_err());
    }
}

#[test]
fn whatever_is_foreign_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("fashion.idx");
    let settings = Settings::default();
    let read = |expected: &Expected<'_>| read_snapshot(&path, expected, &settings).err();
    assert!(matches!(read(&EXPECTED), Some(SnapshotError::Missing)));
    write_snapshot(&path, &filled(10, &settings), "pack@1", 7).unwrap();
    let other = Expected {
        pack: "pack@2",
        ..EXPECTED
    };
    assert!(matches!(
        read(&other),
        Some(SnapshotError::ForeignPack { .. })
    ));
    let other = Expected {
        dimension: 16,
        ..EXPECTED
    };
    assert!(matches!(
        read(&other),
        Some(SnapshotError::ForeignSpace { .. })
    ));
    let mut bytes = fs_err::read(&path).unwrap();
    bytes[8] = 9;
    fs_err::write(&path, &bytes).unwrap();
    assert!(matches!(read(&EXPECTED), Some(SnapshotError::Version(9))));
    fs_err::write(&path, b"hello").unwrap();
    assert!(matches!(read(&EXPECTED), Some(SnapshotError::NotASnapshot)));
}

/// Whether these bytes hold this vector, as rows or as a graph write it.
fn holds(bytes: &[u8], vector: &Embedding) -> bool {
    let whole: Vec<u8> = vector
        .values()
        .iter()
        .flat_map(|v| v.to_le_bytes())
        .collect();
    let half: Vec<u8> = vector
        .values()
        .iter()
        .flat_map(|v| half_bits(*v).to_le_bytes())
        .collect();
    [whole, half]
        .iter()
        .any(|wanted| bytes.windows(wanted.len()).any(|part| part == wanted))
}

/// A number of normal size as 16 bits, rounded to the nearest.
fn half_bits(value: f32) -> u16 {
    let bits = value.to_bits();
    let (sign, exponent) = ((bits >> 16) & 0x8000, (bits >> 23) & 0xff);
    let mantissa = (bits & 0x7f_ffff) | 0x80_0000;
    assert!(exponent > 112, "{value} is too small for this test");
    let rounded = mantissa + 0xfff + ((mantissa >> 13) & 1);
    (sign | (((exponent - 112) << 10) + ((rounded >> 13) - 0x400))) as u16
}

#[test]
fn what_was_removed_is_in_no_snapshot_once_it_is_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("fashion.idx");
    let settings = Settings {
        exact_up_to: 16,
        ..Settings::default()
    };
    let index = SpaceIndex::new(Space::Fashion, 8, &settings).unwrap();
    let key = |i: u32| ItemId(Uuid::from_u128(u128::from(i)));
    for i in 1..=200 {
        index
            .upsert(key(i), UserId(Uuid::nil()), &vector(i))
            .unwrap();
    }
    let (gone, kept) = (vector(100), vector(101));
    index.remove(key(100));
    let save = || {
        write_snapshot(&path, &index, "pack@1", 1).unwrap();
        fs_err::read(&path).unwrap()
    };
    let before = save();
    assert!(holds(&before, &gone), "the graph goes through it");
    assert!(index.forget_removed());
    let after = save();
    assert!(!holds(&after, &gone));
    assert!(holds(&after, &kept));
    assert_eq!(index.stats().graph_vectors, 199);
    assert!(!index.forget_removed(), "there is nothing left to forget");
    let restored = read_snapshot(&path, &EXPECTED, &settings).unwrap();
    assert_eq!(contents(&restored.index), contents(&index));
}
