//! The head of a request, read as strictly as RFC 9112 lets a server be: whatever another server on the way might read
//! in another way is refused.

/// What follows a head.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub(super) enum Follows {
    /// So many bytes of a body; 0 is none.
    Bytes(u64),
    /// A body in chunks.
    Chunks,
}

/// The head is not what a client of good will sends.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub(super) struct Malformed;

/// Reads a whole head, which ends with an empty line. Every line ends with CRLF.
pub(super) fn read(head: &[u8]) -> Result<Follows, Malformed> {
    let text = head.strip_suffix(b"\r\n\r\n").ok_or(Malformed)?;
    let mut lines = text.split(|byte| *byte == b'\n');
    let first = lines.next().map(without_cr).ok_or(Malformed)?;
    let is_1_1 = request_line(first)?;
    let (mut length, mut is_chunked) = (None, false);
    for line in lines.map(without_cr) {
        let (name, value) = field(line)?;
        if name.eq_ignore_ascii_case(b"content-length") {
            if length.replace(digits(value)?).is_some() {
                return Err(Malformed);
            }
        } else if name.eq_ignore_ascii_case(b"transfer-encoding") {
            if is_chunked || !is_1_1 || !value.eq_ignore_ascii_case(b"chunked") {
                return Err(Malformed);
            }
            is_chunked = true;
        }
    }
    match (length, is_chunked) {
        (Some(_), true) => Err(Malformed),
        (None, true) => Ok(Follows::Chunks),
        (length, false) => Ok(Follows::Bytes(length.unwrap_or(0))),
    }
}

fn without_cr(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// Method, target and version with one space between them; true for HTTP/1.1, false for 1.0.
fn request_line(line: &[u8]) -> Result<bool, Malformed> {
    let mut parts = line.split(|byte| *byte == b' ');
    let (Some(method), Some(target), Some(version), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(Malformed);
    };
    let is_target = !target.is_empty() && target.iter().all(|byte| byte.is_ascii_graphic());
    match version {
        b"HTTP/1.1" if is_token(method) && is_target => Ok(true),
        b"HTTP/1.0" if is_token(method) && is_target => Ok(false),
        _ => Err(Malformed),
    }
}

/// A line that begins with a blank would continue the one before it: it has no name, so it is refused.
fn field(line: &[u8]) -> Result<(&[u8], &[u8]), Malformed> {
    let colon = line
        .iter()
        .position(|byte| *byte == b':')
        .ok_or(Malformed)?;
    let (name, value) = line.split_at(colon);
    let value = value.get(1..).unwrap_or_default().trim_ascii();
    let is_value = |byte: &u8| *byte == b'\t' || (*byte >= b' ' && *byte != 0x7f);
    if !is_token(name) || !value.iter().all(is_value) {
        return Err(Malformed);
    }
    Ok((name, value))
}

fn is_token(text: &[u8]) -> bool {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte);
    !text.is_empty() && text.iter().all(is_part)
}

fn digits(text: &[u8]) -> Result<u64, Malformed> {
    if text.is_empty() || !text.iter().all(u8::is_ascii_digit) {
        return Err(Malformed);
    }
    let text = std::str::from_utf8(text).map_err(|_not_ascii| Malformed)?;
    text.parse().map_err(|_too_large| Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(fields: &str) -> Result<Follows, Malformed> {
        read(format!("POST /a?b=c HTTP/1.1\r\nHost: x\r\n{fields}\r\n").as_bytes())
    }

    #[test]
    fn what_clients_of_good_will_send_is_read() {
        assert_eq!(of(""), Ok(Follows::Bytes(0)));
        assert_eq!(of("Content-Length:  12 \r\n"), Ok(Follows::Bytes(12)));
        assert_eq!(of("transfer-encoding: Chunked\r\n"), Ok(Follows::Chunks));
        assert_eq!(
            of("x-name: J\u{fc}rgen\tm\r\nempty:\r\n"),
            Ok(Follows::Bytes(0))
        );
        assert_eq!(
            read(b"GET http://x/ HTTP/1.0\r\n\r\n"),
            Ok(Follows::Bytes(0))
        );
    }

    #[test]
    fn what_can_be_read_in_two_ways_is_refused() {
        for fields in [
            "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n",
            "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n",
            "Content-Length: 1\r\nContent-Length: 1\r\n",
            "Content-Length: 1, 1\r\n",
            "Content-Length: +1\r\n",
            "Content-Length: -1\r\n",
            "Content-Length: 0x1\r\n",
            "Content-Length: 1 2\r\n",
            "Content-Length:\r\n",
            "Content-Length: 99999999999999999999\r\n",
            "Content-Length : 1\r\n",
            "Transfer-Encoding: xchunked\r\n",
            "Transfer-Encoding: chunked, identity\r\n",
            "Transfer-Encoding: gzip, chunked\r\n",
            "Transfer-Encoding: identity\r\n",
            "Transfer-Encoding: \"chunked\"\r\n",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
            "Transfer-Encoding: \u{b}chunked\r\n",
            "Transfer-Encoding\t: chunked\r\n",
            "X: y\r\n folded\r\n",
            " X: y\r\n",
            "X\r\n",
            ": y\r\n",
            "X: a\0b\r\n",
            "X: a\rContent-Length: 1\r\n",
            "X y: z\r\n",
        ] {
            assert_eq!(of(fields), Err(Malformed), "{fields:?}");
        }
        for head in [
            "GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
            "GET /\r\n\r\n",
            "GET  / HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.1 \r\n\r\n",
            "GET / HTTP/2.0\r\n\r\n",
            "GET /\t HTTP/1.1\r\n\r\n",
            "G{T / HTTP/1.1\r\n\r\n",
            "PRI * HTTP/2.0\r\n\r\n",
        ] {
            assert_eq!(read(head.as_bytes()), Err(Malformed), "{head:?}");
        }
    }
}
