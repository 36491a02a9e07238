//! Which part of a long list is meant, and where does the next one begin?

use base::{Error, ErrorKind};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// One page of a list, in the list's order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows of this page.
    pub items: Vec<T>,
    /// Where the next page begins; `None` at the end. Opaque: only we read it.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// The same page with every row put into other words.
    pub fn map<U>(self, into: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(into).collect(), next: self.next }
    }
}

/// Which page is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageQuery {
    /// Rows at most; the caller has held it to `Limits::page_rows_max`.
    pub limit: usize,
    /// The `next` of the page before; `None` for the first page.
    pub cursor: Option<String>,
}

impl PageQuery {
    /// The place that the cursor names, if there is a cursor.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`] where the text is not a cursor of this list.
    pub fn place<T: DeserializeOwned>(&self) -> Result<Option<T>, Error> {
        self.cursor.as_deref().map(place_of).transpose()
    }
}

/// A place in a list as opaque text for the wire.
///
/// # Panics
/// Never for plain data: places are numbers and texts.
#[must_use]
pub fn cursor_of<T: Serialize>(place: &T) -> String {
    let mut bytes = postcard::to_stdvec(place).expect("a place is numbers and texts");
    bytes.extend(checksum(&bytes));
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The place that `cursor` stands for.
///
/// # Errors
/// [`ErrorKind::Invalid`] where the text is not a cursor of this list.
pub fn place_of<T: DeserializeOwned>(cursor: &str) -> Result<T, Error> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok();
    bytes.as_deref().and_then(unpacked).ok_or_else(|| {
        Error::new(ErrorKind::Invalid, "the cursor is not one that this list handed out")
            .with_hint("leave the cursor out to begin at the first page")
    })
}

fn unpacked<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    let (place, sum) = bytes.split_last_chunk::<4>()?;
    if checksum(place) != *sum {
        return None;
    }
    let (place, rest) = postcard::take_from_bytes(place).ok()?;
    rest.is_empty().then_some(place)
}

/// Tells a cursor from a text that somebody made up or cut short; it is no secret.
fn checksum(place: &[u8]) -> [u8; 4] {
    let sum = base::hash::hash64(0, place).to_le_bytes();
    [sum[0], sum[1], sum[2], sum[3]]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_leads_back_to_its_place() {
        let place = (17_i64, "name".to_owned());
        assert_eq!(place_of::<(i64, String)>(&cursor_of(&place)).unwrap(), place);
        let of_another_list = cursor_of(&"name");
        for nonsense in ["", "%%%", "AAAA", "not a cursor", &of_another_list] {
            let error = place_of::<(i64, String)>(nonsense).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Invalid, "{nonsense:?}");
        }
    }
}
