//! PostgreSQL's numeric, from its binary form to decimal text.

use std::error::Error;
use std::fmt::Write;
use tokio_postgres::types::{FromSql, Type};

pub struct Price(pub String);

impl<'a> FromSql<'a> for Price {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        let mut words = raw.chunks_exact(2).map(|word| i16::from_be_bytes([word[0], word[1]]));
        let mut header = || words.next().ok_or("a numeric is too short");
        let (count, weight, sign, scale) = (header()?, header()?, header()? as u16, header()? as usize);
        if sign != 0 && sign != 0x4000 {
            return Err("a price is not a number".into());
        }
        let digits: Vec<i16> = words.collect();
        if digits.len() != count as usize {
            return Err("a numeric has another length than it says".into());
        }
        // Each digit counts to ten thousand; the one at weight 0 stands before the point.
        let digit = |at: i16| if (0..count).contains(&(weight - at)) { digits[(weight - at) as usize] } else { 0 };
        let mut text = String::with_capacity(16);
        if sign != 0 {
            text.push('-');
        }
        write!(text, "{}", digit(weight.max(0)))?;
        for at in (0..weight.max(0)).rev() {
            write!(text, "{:04}", digit(at))?;
        }
        if scale > 0 {
            text.push('.');
            let end = text.len() + scale;
            let mut at = -1;
            while text.len() < end {
                write!(text, "{:04}", digit(at))?;
                at -= 1;
            }
            text.truncate(end);
        }
        Ok(Price(text))
    }

    fn accepts(ty: &Type) -> bool {
        *ty == Type::NUMERIC
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(words: &[i16]) -> String {
        let raw: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
        Price::from_sql(&Type::NUMERIC, &raw).unwrap().0
    }

    #[test]
    fn prices_read_as_the_server_writes_them() {
        assert_eq!(text(&[1, 0, 0, 2, 1]), "1.00");
        assert_eq!(text(&[0, 0, 0, 2]), "0.00");
        assert_eq!(text(&[1, -1, 0, 2, 100]), "0.01");
        assert_eq!(text(&[3, 1, 0, 2, 999, 9999, 9900]), "9999999.99");
        assert_eq!(text(&[1, 1, 0, 2, 100]), "1000000.00");
        assert_eq!(text(&[2, 0, 0, 2, 12, 5000]), "12.50");
    }
}
