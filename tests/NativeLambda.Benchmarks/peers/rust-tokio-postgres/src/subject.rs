//! The addresses that a certificate is for. Its DER has been checked by webpki before.

use std::net::IpAddr;

const EXTENSIONS: u8 = 0xa3;
const IP_ADDRESS: u8 = 0x87;
const SEQUENCE: u8 = 0x30;
const OCTET_STRING: u8 = 0x04;
const SUBJECT_ALT_NAME: &[u8] = &[0x55, 0x1d, 0x11];

/// One after the other the elements of a DER value: tag and content.
struct Elements<'a>(&'a [u8]);

impl<'a> Iterator for Elements<'a> {
    type Item = (u8, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (&tag, rest) = self.0.split_first()?;
        let (&first, mut rest) = rest.split_first()?;
        let mut length = usize::from(first);
        if first >= 0x80 {
            let count = usize::from(first & 0x7f);
            if count > 3 || rest.len() < count {
                return None;
            }
            length = rest[..count].iter().fold(0, |length, &byte| length << 8 | usize::from(byte));
            rest = &rest[count..];
        }
        if rest.len() < length {
            return None;
        }
        self.0 = &rest[length..];
        Some((tag, &rest[..length]))
    }
}

fn first(der: &[u8], tag: u8) -> Option<&[u8]> {
    Elements(der).find(|element| element.0 == tag).map(|element| element.1)
}

pub fn has_address(certificate: &[u8], address: IpAddr) -> bool {
    let is_address = |content: &[u8]| match address {
        IpAddr::V4(address) => content == address.octets(),
        IpAddr::V6(address) => content == address.octets(),
    };
    names(certificate).map_or(false, |names| Elements(names).any(|(tag, content)| tag == IP_ADDRESS && is_address(content)))
}

fn names(certificate: &[u8]) -> Option<&[u8]> {
    let to_be_signed = first(first(certificate, SEQUENCE)?, SEQUENCE)?;
    let extensions = first(first(to_be_signed, EXTENSIONS)?, SEQUENCE)?;
    let (_, extension) = Elements(extensions).find(|extension| Elements(extension.1).next().map_or(false, |id| id.1 == SUBJECT_ALT_NAME))?;
    first(first(extension, OCTET_STRING)?, SEQUENCE)
}
