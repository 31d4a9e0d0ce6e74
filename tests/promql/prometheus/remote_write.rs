//! What remote write sends: protocol buffers in a snappy block. Unlike OpenMetrics it can say that a series has ended.
use flashfit::engines::promql::{Sample, Series};

/// The body of a request.
pub(crate) fn request(series: &[Series]) -> Vec<u8> {
    let mut out = vec![];
    for series in series {
        field(&mut out, 1, &time_series(series));
    }
    uncompressed(&out)
}

fn time_series(series: &Series) -> Vec<u8> {
    let mut out = vec![];
    for (name, value) in series.labels.iter() {
        let mut label = vec![];
        field(&mut label, 1, name.as_bytes());
        field(&mut label, 2, value.as_bytes());
        field(&mut out, 1, &label);
    }
    for sample in &series.samples {
        field(&mut out, 2, &message(*sample));
    }
    out
}

fn message(sample: Sample) -> Vec<u8> {
    // Field 1 is eight bytes long, field 2 a number.
    let mut out = vec![1 << 3 | 1];
    out.extend(sample.value.to_bits().to_le_bytes());
    out.push(2 << 3);
    varint(&mut out, u64::try_from(sample.at_ms).unwrap());
    out
}

fn field(out: &mut Vec<u8>, number: u8, bytes: &[u8]) {
    out.push(number << 3 | 2);
    varint(out, bytes.len() as u64);
    out.extend(bytes);
}

fn varint(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// A snappy block may consist of nothing but literals.
fn uncompressed(bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![];
    varint(&mut out, bytes.len() as u64);
    for chunk in bytes.chunks(1 << 16) {
        // 61: the length less one follows in two bytes.
        out.push(61 << 2);
        out.extend(((chunk.len() - 1) as u16).to_le_bytes());
        out.extend(chunk);
    }
    out
}
