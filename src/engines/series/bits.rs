//! Numbers of any number of bits, one after the other in bytes.

/// Appends bits to bytes.
pub(super) struct Writer<'a> {
    out: &'a mut Vec<u8>,
    /// Bits of the last byte that are still free.
    free: u32,
}

impl<'a> Writer<'a> {
    /// Begins with a new byte.
    pub(super) fn new(out: &'a mut Vec<u8>) -> Self {
        Self { out, free: 0 }
    }

    /// The lowest bits of a number, the highest of them first.
    pub(super) fn write(&mut self, value: u64, mut bits: u32) {
        while bits > 0 {
            if self.free == 0 {
                self.out.push(0);
                self.free = 8;
            }
            let taken = bits.min(self.free);
            bits -= taken;
            self.free -= taken;
            let part = (value >> bits) & ((1 << taken) - 1);
            if let Some(last) = self.out.last_mut() {
                *last |= u8::try_from(part << self.free).unwrap_or(0);
            }
        }
    }
}

/// Reads bits from bytes; behind the last there are zeros.
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Bits of the byte at hand that were not read yet.
    left: u32,
}

impl<'a> Reader<'a> {
    /// From the first bit.
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            at: 0,
            left: 8,
        }
    }

    /// So many bits as a number.
    pub(super) fn read(&mut self, mut bits: u32) -> u64 {
        let mut value = 0;
        while bits > 0 {
            let taken = bits.min(self.left);
            let byte = u64::from(self.bytes.get(self.at).copied().unwrap_or(0));
            let part = (byte >> (self.left - taken)) & ((1 << taken) - 1);
            value = (value << taken) | part;
            bits -= taken;
            self.left -= taken;
            if self.left == 0 {
                self.at += 1;
                self.left = 8;
            }
        }
        value
    }
}
