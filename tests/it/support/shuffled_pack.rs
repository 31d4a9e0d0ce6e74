//! A pack that loads and knows nothing.
use rand::{SeedableRng as _, rngs::StdRng, seq::SliceRandom as _};
use sha2::{Digest as _, Sha256};
use std::{fmt::Write as _, ops::Range, path::Path};
use tempfile::TempDir;

/// Tables shorter than this hold shapes and the like, without which a network would not load.
const WEIGHTS: usize = 1024;

/// The pack in the program with the weights of every encoder in another order: it loads, answers in the right shapes
/// and knows nothing.
pub(crate) fn shuffled_pack() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/default");
    let mut manifest = fs_err::read_to_string(from.join("pack.toml")).unwrap();
    for entry in fs_err::read_dir(&from).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let mut bytes = fs_err::read(&path).unwrap();
        if ["clip_image.onnx", "blip_vision.onnx", "fashion.onnx"].contains(&name.as_str()) {
            let before = sha256(&bytes);
            shuffle(&mut bytes);
            assert!(manifest.contains(&before));
            manifest = manifest.replace(&before, &sha256(&bytes));
        }
        fs_err::write(folder.path().join(name), bytes).unwrap();
    }
    fs_err::write(folder.path().join("pack.toml"), manifest).unwrap();
    folder
}

/// Puts the numbers of every large table in another order.
fn shuffle(model: &mut [u8]) {
    let random = &mut StdRng::seed_from_u64(1);
    let whole = 0..model.len();
    let mut tables = vec![];
    for graph in fields(model, whole, 7) {
        for tensor in fields(model, graph, 5) {
            tables.extend(fields(model, tensor, 9));
        }
    }
    let mut shuffled = 0;
    for table in tables.into_iter().filter(|table| table.len() >= WEIGHTS) {
        let (numbers, _) = model[table].as_chunks_mut::<4>();
        numbers.shuffle(random);
        shuffled += 1;
    }
    assert!(shuffled > 10, "the weights were not found");
}

/// Where the bytes of a field lie in a message of protocol buffers.
fn fields(bytes: &[u8], message: Range<usize>, wanted: u64) -> Vec<Range<usize>> {
    let (mut at, mut found) = (message.start, vec![]);
    while at < message.end {
        let key = varint(bytes, &mut at);
        match key & 7 {
            0 => drop(varint(bytes, &mut at)),
            1 => at += 8,
            2 => {
                let length = usize::try_from(varint(bytes, &mut at)).unwrap();
                if key >> 3 == wanted {
                    found.push(at..at + length);
                }
                at += length;
            }
            5 => at += 4,
            other => panic!("wire type {other}"),
        }
    }
    found
}

fn varint(bytes: &[u8], at: &mut usize) -> u64 {
    let (mut value, mut shift) = (0, 0);
    loop {
        let byte = bytes[*at];
        *at += 1;
        value |= u64::from(byte & 0x7f) << shift;
        shift += 7;
        if byte < 0x80 {
            return value;
        }
    }
}

fn sha256(bytes: &[u8]) -> String {
    let mut hex = String::new();
    for byte in Sha256::digest(bytes) {
        write!(hex, "{byte:02x}").unwrap();
    }
    hex
}
