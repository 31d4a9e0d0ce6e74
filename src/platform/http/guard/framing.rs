//! Where requests begin and end in the bytes of a connection.
use super::head::{self, Follows};
use bytes::{Bytes, BytesMut};

/// Longer than any size with an extension that a program sends.
const CHUNK_LINE_LIMIT: usize = 256;

/// Follows a connection of HTTP/1. What it takes comes out again as it was, but heads and the lines between chunks only
/// when they are whole.
pub(super) struct Framing {
    state: State,
    /// What has come of a head or line that is not whole.
    held: BytesMut,
    head_limit: usize,
}

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Head,
    /// So many bytes of a body.
    Body(u64),
    ChunkSize,
    /// So many bytes of a chunk, with the CRLF behind it.
    Chunk(u64),
    Trailer,
}

/// What a connection waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Waits {
    /// The next request, of which nothing has come.
    Idle,
    /// The rest of a head.
    Head,
    /// More of a body.
    Body,
}

/// Why a connection is not followed any further.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It can be read in more than one way, or in none.
    Malformed,
    /// The head is larger than the limit.
    TooLarge,
}

/// What came of some bytes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Progress {
    /// What may go on: all of a head, or part of a body.
    pub(super) passed: Option<Bytes>,
    /// The connection ends behind that, for this reason, in the middle of what it waits for.
    pub(super) refused: Option<Refusal>,
}

impl Framing {
    pub(super) fn new(head_limit: usize) -> Self {
        Self {
            state: State::Head,
            held: BytesMut::new(),
            head_limit,
        }
    }

    pub(super) fn waits_for(&self) -> Waits {
        match self.state {
            State::Head if self.held.is_empty() => Waits::Idle,
            State::Head => Waits::Head,
            State::Body(_) | State::ChunkSize | State::Chunk(_) | State::Trailer => Waits::Body,
        }
    }

    /// Takes the next bytes.
    pub(super) fn take(&mut self, mut bytes: &[u8]) -> Progress {
        let mut passed = BytesMut::new();
        let mut refused = None;
        while !bytes.is_empty() && refused.is_none() {
            let step = match self.state {
                State::Head => self.head(&mut bytes, &mut passed),
                State::Body(left) => {
                    let left = pass(left, &mut bytes, &mut passed);
                    self.state = if left == 0 {
                        State::Head
                    } else {
                        State::Body(left)
                    };
                    Ok(())
                }
                State::ChunkSize => self.chunk_size(&mut bytes, &mut passed),
                State::Chunk(left) => self.chunk(left, &mut bytes, &mut passed),
                State::Trailer => self.trailer(&mut bytes, &mut passed),
            };
            refused = step.err();
        }
        Progress {
            passed: (!passed.is_empty()).then(|| passed.freeze()),
            refused,
        }
    }

    fn head(&mut self, bytes: &mut &[u8], passed: &mut BytesMut) -> Result<(), Refusal> {
        while self.line(bytes, self.head_limit, Refusal::TooLarge)? {
            // An empty line before a request is left over from the one before it.
            if self.held.as_ref() == b"\r\n" {
                self.held.clear();
            } else if self.held.ends_with(b"\r\n\r\n") {
                let follows = head::read(&self.held).map_err(|head::Malformed| Refusal::Malformed);
                self.state = match follows? {
                    Follows::Bytes(0) => State::Head,
                    Follows::Bytes(length) => State::Body(length),
                    Follows::Chunks => State::ChunkSize,
                };
                passed.unsplit(std::mem::take(&mut self.held));
                return Ok(());
            }
        }
        Ok(())
    }

    /// The size in hexadecimal digits, and what may stand behind a semicolon.
    fn chunk_size(&mut self, bytes: &mut &[u8], passed: &mut BytesMut) -> Result<(), Refusal> {
        const MOST_DIGITS: usize = 15;
        if !self.line(bytes, CHUNK_LINE_LIMIT, Refusal::Malformed)? {
            return Ok(());
        }
        let line = self.held.strip_suffix(b"\r\n").unwrap_or_default();
        let end = line.iter().position(|byte| *byte == b';');
        let (size, extension) = line.split_at(end.unwrap_or(line.len()));
        let is_size = (1..=MOST_DIGITS).contains(&size.len())
            && size.iter().all(u8::is_ascii_hexdigit)
            && extension
                .iter()
                .all(|byte| *byte == b' ' || byte.is_ascii_graphic());
        let size = std::str::from_utf8(size).ok().filter(|_| is_size);
        let size = size.and_then(|size| u64::from_str_radix(size, 16).ok());
        self.state = match size.ok_or(Refusal::Malformed)? {
            0 => State::Trailer,
            size => State::Chunk(size + 2),
        };
        passed.unsplit(std::mem::take(&mut self.held));
        Ok(())
    }

    fn chunk(
        &mut self,
        mut left: u64,
        bytes: &mut &[u8],
        passed: &mut BytesMut,
    ) -> Result<(), Refusal> {
        if left > 2 {
            left = 2 + pass(left - 2, bytes, passed);
        }
        while let (1..=2, [first, rest @ ..]) = (left, *bytes) {
            let expected = if left == 2 { b'\r' } else { b'\n' };
            if *first != expected {
                return Err(Refusal::Malformed);
            }
            passed.extend_from_slice(&[*first]);
            *bytes = rest;
            left -= 1;
        }
        self.state = match left {
            0 => State::ChunkSize,
            left => State::Chunk(left),
        };
        Ok(())
    }

    /// Lines behind the last chunk, up to an empty one. Nothing reads them.
    fn trailer(&mut self, bytes: &mut &[u8], passed: &mut BytesMut) -> Result<(), Refusal> {
        while self.line(bytes, self.head_limit, Refusal::TooLarge)? {
            let is_end = self.held.as_ref() == b"\r\n" || self.held.ends_with(b"\r\n\r\n");
            if is_end {
                self.state = State::Head;
                passed.unsplit(std::mem::take(&mut self.held));
                return Ok(());
            }
        }
        Ok(())
    }

    /// Holds bytes up to the end of a line, and says whether it has come. CR and LF stand only together.
    fn line(
        &mut self,
        bytes: &mut &[u8],
        limit: usize,
        too_long: Refusal,
    ) -> Result<bool, Refusal> {
        let end = bytes.iter().position(|byte| *byte == b'\n');
        let (part, rest) = bytes.split_at(end.map_or(bytes.len(), |end| end + 1));
        let room = limit.saturating_sub(self.held.len());
        let mut before = self.held.last().copied();
        for (at, byte) in part.iter().enumerate() {
            if at >= room {
                return Err(too_long);
            }
            if (*byte == b'\n') != (before == Some(b'\r')) {
                return Err(Refusal::Malformed);
            }
            before = Some(*byte);
        }
        self.held.extend_from_slice(part);
        *bytes = rest;
        Ok(end.is_some())
    }
}

/// Passes as many bytes on as are left; returns how many are left then.
fn pass(left: u64, bytes: &mut &[u8], passed: &mut BytesMut) -> u64 {
    let count = usize::try_from(left).map_or(bytes.len(), |left| left.min(bytes.len()));
    let (part, rest) = bytes.split_at(count);
    passed.extend_from_slice(part);
    *bytes = rest;
    left - count as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const GOOD: &str = "\r\nPOST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab\ncd\
        GET / HTTP/1.1\r\nHost: x\r\n\r\n\
        POST /b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n\
        3;note=\"x\"\r\na\rb\r\nA\r\n0123456789\r\n0\r\nTrailer: y\r\n\r\n\
        POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";

    /// What passes of a text that comes in these pieces, and why no more does.
    fn feed(text: &[u8], cuts: &[usize]) -> (Vec<u8>, Option<Refusal>, Waits) {
        let mut framing = Framing::new(200);
        let mut passed = vec![];
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut % (text.len() + 1)).collect();
        cuts.extend([0, text.len()]);
        cuts.sort_unstable();
        for piece in cuts.windows(2) {
            let progress = framing.take(&text[piece[0]..piece[1]]);
            passed.extend(progress.passed.unwrap_or_default());
            if progress.refused.is_some() {
                return (passed, progress.refused, framing.waits_for());
            }
        }
        (passed, None, framing.waits_for())
    }

    proptest! {
        #[test]
        fn good_requests_pass_unchanged_however_they_are_cut(
            cuts in prop::collection::vec(0_usize..2000, 0..60),
        ) {
            let (passed, refused, waits) = feed(GOOD.as_bytes(), &cuts);
            prop_assert_eq!(String::from_utf8(passed).unwrap(), GOOD.trim_start());
            prop_assert_eq!((refused, waits), (None, Waits::Idle));
        }

        #[test]
        fn nothing_makes_it_panic_and_how_it_is_cut_changes_nothing(
            text in prop::collection::vec(prop::sample::select(b"\r\n 0aG:;/HTP1.\x00".to_vec()), 0..300),
            cuts in prop::collection::vec(0_usize..300, 0..30),
        ) {
            let (whole, cut) = (feed(&text, &[]), feed(&text, &cuts));
            prop_assert_eq!((whole.0, whole.1), (cut.0, cut.1));
        }
    }

    #[test]
    fn what_is_wrong_ends_it_and_does_not_pass() {
        let chunked = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
        for (good, bad) in [
            ("", "GET / HTTP/1.1\nHost: x\n\n"),
            ("", "GET / HTTP/1.1\r\nHost: x\n\r\n"),
            ("", "GET / HTTP/1.1\r\nHost: x\r\n\n"),
            ("", "GET / HTTP/1.1\r\nHo\rst: x\r\n\r\n"),
            ("", "\nGET / HTTP/1.1\r\n\r\n"),
            (chunked, "3;\nabc\r\n"),
            (chunked, "3;a\rb\r\n"),
            (chunked, "3;\0\r\n"),
            (chunked, "3 \r\nabc\r\n"),
            (chunked, "0x3\r\nabc\r\n"),
            (chunked, "-3\r\nabc\r\n"),
            (chunked, "\r\n"),
            (chunked, "1000000000000000\r\n"),
            (chunked, "3\nabc\r\n"),
        ] {
            let (passed, refused, _) = feed(format!("{good}{bad}").as_bytes(), &[]);
            assert_eq!(String::from_utf8(passed).unwrap(), good, "{bad:?}");
            assert_eq!(refused, Some(Refusal::Malformed), "{bad:?}");
        }
        let (passed, refused, _) = feed(format!("{chunked}3\r\nabcd\r\n").as_bytes(), &[]);
        assert!(passed.ends_with(b"3\r\nabc"));
        assert_eq!(refused, Some(Refusal::Malformed));
        let long = format!("GET / HTTP/1.1\r\nX: {}\r\n\r\n", "y".repeat(200));
        assert_eq!(feed(long.as_bytes(), &[]).1, Some(Refusal::TooLarge));
        let endless = "y".repeat(201);
        assert_eq!(feed(endless.as_bytes(), &[]).1, Some(Refusal::TooLarge));
    }

    #[test]
    fn one_knows_what_is_waited_for() {
        let waits = |text: &str| feed(text.as_bytes(), &[]).2;
        assert_eq!(waits(""), Waits::Idle);
        assert_eq!(waits("\r\n"), Waits::Idle);
        assert_eq!(waits("G"), Waits::Head);
        assert_eq!(waits("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), Waits::Idle);
        let post = "POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n";
        assert_eq!(waits(post), Waits::Body);
        assert_eq!(waits(&format!("{post}ab")), Waits::Idle);
    }
}
