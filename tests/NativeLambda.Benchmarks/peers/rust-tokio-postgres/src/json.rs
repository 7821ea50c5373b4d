//! JSON is written by hand: a string is all that needs care.

pub fn push_string(to: &mut Vec<u8>, text: &str) {
    push_bytes(to, text.as_bytes());
}

/// A JSON string of bytes that are UTF-8.
pub fn push_bytes(to: &mut Vec<u8>, text: &[u8]) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    to.reserve(text.len() + 2);
    to.push(b'"');
    for &c in text {
        match c {
            b'"' | b'\\' => to.extend_from_slice(&[b'\\', c]),
            0..=31 => to.extend_from_slice(&[b'\\', b'u', b'0', b'0', HEX[usize::from(c >> 4)], HEX[usize::from(c & 15)]]),
            _ => to.push(c),
        }
    }
    to.push(b'"');
}
