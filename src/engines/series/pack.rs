//! Makes a run of numbers small, and gives every bit of them back.
//!
//! Two notations, whichever is shorter: whole numbers as differences, and anything at all as the bits that change from
//! one number to the next (as in Facebook's Gorilla). Runs are short, so there is no header beyond one byte.
use super::bits::{Reader, Writer};

/// Whole numbers up to here are exact.
const MAX_WHOLE: f64 = 9_007_199_254_740_992.0;

const WHOLE: u8 = 1;
const CHANGES: u8 = 2;

/// Appends the numbers to the bytes.
pub(super) fn pack(values: &[f64], out: &mut Vec<u8>) {
    let start = out.len();
    changes(values, out);
    let Some(whole) = whole(values) else { return };
    if start + whole.len() < out.len() {
        out.truncate(start);
        out.extend_from_slice(&whole);
    }
}

/// The first numbers that begin at the start of the bytes.
pub(super) fn unpack(bytes: &[u8], len: usize) -> Vec<f64> {
    match bytes.split_first() {
        Some((&WHOLE, rest)) => from_whole(rest, len),
        Some((&CHANGES, rest)) => from_changes(rest, len),
        _ => vec![],
    }
}

/// Differences of whole numbers; a difference of nothing is followed by how often it comes again.
fn whole(values: &[f64]) -> Option<Vec<u8>> {
    let mut out = vec![WHOLE];
    let mut last = 0;
    let mut still: Option<u64> = None;
    for value in values {
        let is_exact = value.trunc() == *value && value.abs() <= MAX_WHOLE;
        if !is_exact || (*value == 0.0 && value.is_sign_negative()) {
            return None;
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "it is whole and small enough"
        )]
        let now = *value as i64;
        match (now == last, still) {
            (true, Some(times)) => still = Some(times + 1),
            (true, None) => {
                out.push(0);
                still = Some(0);
            }
            (false, times) => {
                times.into_iter().for_each(|t| put(&mut out, t));
                still = None;
                put(&mut out, zigzag(now - last));
            }
        }
        last = now;
    }
    still.into_iter().for_each(|t| put(&mut out, t));
    Some(out)
}

fn from_whole(bytes: &[u8], len: usize) -> Vec<f64> {
    let mut bytes = bytes.iter().copied();
    let mut out = Vec::with_capacity(len);
    let mut last = 0_i64;
    while out.len() < len {
        let Some(difference) = get(&mut bytes) else {
            break;
        };
        let times = if difference == 0 {
            get(&mut bytes).unwrap_or(0)
        } else {
            last = last.wrapping_add(unzigzag(difference));
            0
        };
        let left = len - out.len();
        let times = usize::try_from(times).unwrap_or(left).saturating_add(1);
        #[expect(
            clippy::cast_precision_loss,
            reason = "it came from a number of this kind"
        )]
        out.extend(std::iter::repeat_n(last as f64, times.min(left)));
    }
    out
}

const fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)).cast_unsigned()
}

const fn unzigzag(value: u64) -> i64 {
    (value >> 1).cast_signed() ^ -((value & 1).cast_signed())
}

/// Seven bits a byte, the lowest first.
fn put(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(u8::try_from(value & 0x7f).unwrap_or(0) | 0x80);
        value >>= 7;
    }
    out.push(u8::try_from(value).unwrap_or(0));
}

fn get(bytes: &mut impl Iterator<Item = u8>) -> Option<u64> {
    let mut value = 0_u64;
    for shift in (0..64).step_by(7) {
        let byte = bytes.next()?;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

/// The bits that changed: how many lead, how many there are, and they themselves. The same place as before costs two
/// bits, the same number one.
fn changes(values: &[f64], out: &mut Vec<u8>) {
    out.push(CHANGES);
    let mut writer = Writer::new(out);
    let mut last = 0_u64;
    let mut place: Option<(u32, u32)> = None;
    for value in values {
        let changed = value.to_bits() ^ last;
        last = value.to_bits();
        if changed == 0 {
            writer.write(0, 1);
            continue;
        }
        writer.write(1, 1);
        let (leading, trailing) = (changed.leading_zeros(), changed.trailing_zeros());
        let (leading, trailing) = match place {
            Some((l, t)) if l <= leading && t <= trailing && leading + trailing <= l + t + 11 => {
                writer.write(0, 1);
                (l, t)
            }
            _ => {
                writer.write(1, 1);
                writer.write(u64::from(leading), 6);
                writer.write(u64::from(63 - leading - trailing), 6);
                (leading, trailing)
            }
        };
        writer.write(changed >> trailing, 64 - leading - trailing);
        place = Some((leading, trailing));
    }
}

fn from_changes(bytes: &[u8], len: usize) -> Vec<f64> {
    let mut reader = Reader::new(bytes);
    let mut out = Vec::with_capacity(len);
    let mut last = 0_u64;
    let (mut trailing, mut width) = (0, 0);
    for _ in 0..len {
        if reader.read(1) == 1 {
            if reader.read(1) == 1 {
                let leading = reader.read(6);
                width = reader.read(6) + 1;
                trailing = 64_u64.saturating_sub(leading + width);
            }
            let width = u32::try_from(width).unwrap_or(64);
            last ^= reader.read(width) << trailing;
        }
        out.push(f64::from_bits(last));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn there_and_back(values: &[f64]) -> usize {
        let mut bytes = vec![7, 7, 7];
        pack(values, &mut bytes);
        let back = unpack(&bytes[3..], values.len());
        let bits = |values: &[f64]| values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&back), bits(values));
        bytes.len() - 3
    }

    #[test]
    fn what_does_not_change_costs_next_to_nothing() {
        assert!(there_and_back(&[0.0; 120]) <= 3);
        assert!(there_and_back(&[4096.0; 120]) <= 6);
        assert!(there_and_back(&[0.1; 120]) <= 26);
    }

    #[test]
    fn a_counter_costs_a_byte_or_two() {
        let counter: Vec<f64> = (0..120)
            .map(|n| f64::from(100_000 + n * 37 + n % 5))
            .collect();
        assert!(there_and_back(&counter) <= 120 + 8);
    }

    #[test]
    fn the_worst_is_little_worse_than_unpacked() {
        let noise: Vec<f64> = (1..=120_u64)
            .map(|n| f64::from_bits(n.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
            .collect();
        assert!(there_and_back(&noise) <= 120 * 10);
    }

    fn odd() -> impl Strategy<Value = f64> {
        prop_oneof![
            any::<u64>().prop_map(f64::from_bits),
            (-300..300_i32).prop_map(f64::from),
            prop::sample::select(vec![
                0.0,
                -0.0,
                MAX_WHOLE,
                -MAX_WHOLE,
                MAX_WHOLE * 2.0,
                f64::INFINITY,
                f64::NEG_INFINITY,
                f64::NAN,
                f64::MIN_POSITIVE,
                f64::MAX,
            ]),
        ]
    }

    proptest! {
        #[test]
        fn every_bit_comes_back(values in prop::collection::vec(odd(), 0..200)) {
            there_and_back(&values);
        }

        #[test]
        fn whole_numbers_come_back(values in prop::collection::vec((-40_000_000_000_i64..40_000_000_000).prop_map(|v| v as f64), 0..200)) {
            there_and_back(&values);
        }

        #[test]
        fn damaged_bytes_make_numbers_and_no_panic(bytes in prop::collection::vec(any::<u8>(), 0..100), len in 0..200_usize) {
            prop_assert!(unpack(&bytes, len).len() <= len);
        }
    }
}
