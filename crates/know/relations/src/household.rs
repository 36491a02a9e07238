//! Who lives with whom, and what shows it?
//!
//! Two customers share a household where they share one of their keys: each is a fingerprint of
//! the evidence, so that nothing readable is kept. A customer's keys depend on nobody else.

use crate::text::{folded, plain, text};
use base::SourceId;
use base::hash::hash128;
use serde_json::{Map, Value};
use std::fmt;
use std::str::FromStr;

/// Bytes of a household's key that count.
const NAMED_BYTES_MAX: usize = 256;

/// What shows that people live together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum HouseholdRule {
    /// A source gave them the same key.
    Named,
    /// They have the same surname at the same address.
    Address,
}

impl HouseholdRule {
    /// The rule as it is written on the wire.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Named => "named",
            Self::Address => "address",
        }
    }
}

/// Which household: its rule and a fingerprint of the evidence. Written as `n` or `a` and 32
/// hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HouseholdKey {
    /// What shows it.
    pub rule: HouseholdRule,
    /// The fingerprint of the evidence.
    pub print: u128,
}

impl fmt::Display for HouseholdKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rule = match self.rule {
            HouseholdRule::Named => 'n',
            HouseholdRule::Address => 'a',
        };
        write!(f, "{rule}{:032x}", self.print)
    }
}

/// The text is not the key of a household.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the key of a household: expected 'a' or 'n' and 32 hexadecimal digits")]
pub struct BadHouseholdKey;

impl FromStr for HouseholdKey {
    type Err = BadHouseholdKey;

    fn from_str(text: &str) -> Result<Self, BadHouseholdKey> {
        let rule = match text.as_bytes().first() {
            Some(b'n') => HouseholdRule::Named,
            Some(b'a') => HouseholdRule::Address,
            _ => return Err(BadHouseholdKey),
        };
        let digits = &text[1..];
        let is_whole = digits.len() == 32 && digits.bytes().all(|b| b.is_ascii_hexdigit());
        let print = u128::from_str_radix(digits, 16).ok().filter(|_| is_whole);
        print.map(|print| Self { rule, print }).ok_or(BadHouseholdKey)
    }
}

/// What is known of where a customer lives and what they are called, from their traits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dwelling {
    /// Their surname.
    pub surname: Option<String>,
    /// Street and number.
    pub street: Option<String>,
    /// Postcode.
    pub postcode: Option<String>,
    /// Town.
    pub city: Option<String>,
    /// Keys of households, each with the source that gave it.
    pub named: Vec<(SourceId, String)>,
}

impl Dwelling {
    /// The traits that tell a household's key.
    pub const NAMED_TRAITS: [&'static str; 4] =
        ["household_id", "householdId", "household_key", "household"];

    /// Every trait that tells of a household.
    pub const TRAITS: [&'static str; 20] = [
        "household_id",
        "householdId",
        "household_key",
        "household",
        "address",
        "street",
        "street_address",
        "streetAddress",
        "address1",
        "line1",
        "postalCode",
        "postal_code",
        "postcode",
        "zip",
        "zip_code",
        "city",
        "lastName",
        "last_name",
        "lastname",
        "name",
    ];
    /// Those without which there is no household.
    pub const TELLING: [&'static str; 10] = [
        "household_id",
        "householdId",
        "household_key",
        "household",
        "address",
        "street",
        "street_address",
        "streetAddress",
        "address1",
        "line1",
    ];

    /// Reads the traits that count of one customer, each with the source that said it.
    #[must_use]
    pub fn read(traits: &Map<String, Value>, source_of: impl Fn(&str) -> SourceId) -> Self {
        let address = traits.get("address");
        let inside = address.and_then(Value::as_object);
        let look = |names: &[&str]| {
            inside.and_then(|address| text(address, names)).or_else(|| text(traits, names))
        };
        let named = Self::NAMED_TRAITS.into_iter().filter_map(|name| {
            let key = plain(traits.get(name)?).filter(|key| key.len() <= NAMED_BYTES_MAX)?;
            Some((source_of(name), key))
        });
        Self {
            surname: text(traits, &["lastName", "last_name", "lastname"])
                .or_else(|| text(traits, &["name"]).and_then(|name| surname_of(&name))),
            street: look(&["street", "street_address", "streetAddress", "address1", "line1"])
                .or_else(|| address.and_then(plain)),
            postcode: look(&["postalCode", "postal_code", "postcode", "zip", "zip_code"]),
            city: look(&["city"]),
            named: named.collect(),
        }
    }

    /// The households that this shows, ascending.
    #[must_use]
    pub fn keys(&self) -> Vec<HouseholdKey> {
        let named = self.named.iter().map(|(source, key)| {
            let print = print(&[&source.0.to_string(), key.trim()]);
            HouseholdKey { rule: HouseholdRule::Named, print }
        });
        let mut keys: Vec<HouseholdKey> = named.chain(self.by_address()).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    fn by_address(&self) -> Option<HouseholdKey> {
        let surname = folded(self.surname.as_deref()?);
        let street = street_of(self.street.as_deref()?)?;
        let postcode = self.postcode.as_deref().map(|code| folded(code).replace(' ', ""));
        let place = postcode.filter(|code| !code.is_empty());
        let place = place.or_else(|| self.city.as_deref().map(folded))?;
        if surname.is_empty() || place.is_empty() {
            return None;
        }
        let print = print(&[&surname, &street, &place]);
        Some(HouseholdKey { rule: HouseholdRule::Address, print })
    }
}

/// Parts with a separator that no folded text has, so that no two lists look alike.
fn print(parts: &[&str]) -> u128 {
    hash128(parts.join("\u{1f}").as_bytes())
}

/// The last word of a name, or what stands before its comma.
fn surname_of(name: &str) -> Option<String> {
    match name.split_once(',') {
        Some((surname, _)) => Some(surname.trim().to_owned()).filter(|name| !name.is_empty()),
        None => {
            let words: Vec<&str> = name.split_whitespace().collect();
            (words.len() > 1).then(|| words[words.len() - 1].to_owned())
        }
    }
}

/// Street and number in one spelling; `None` without a number.
fn street_of(raw: &str) -> Option<String> {
    let folded = folded(raw);
    if !folded.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let words: Vec<String> = folded.split(' ').map(street_word).collect();
    // "Haupt Str" and "Hauptstr" are one street; so are "5 a" and "5a".
    Some(words.concat())
}

fn street_word(word: &str) -> String {
    match word {
        "street" => "st".to_owned(),
        "road" => "rd".to_owned(),
        "avenue" => "ave".to_owned(),
        _ => match word.strip_suffix("strasse") {
            Some(start) => format!("{start}str"),
            None => word.to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn keys(traits: &Value) -> Vec<HouseholdKey> {
        let map = traits.as_object().expect("a test writes an object");
        Dwelling::read(map, |name| SourceId(name.len() as u64)).keys()
    }

    #[test]
    fn one_surname_at_one_address_is_one_household() {
        let ann = keys(&json!({"lastName": "Müller",
            "address": {"street": "Hauptstraße 5a", "postalCode": "10 115", "city": "Berlin"}}));
        assert_eq!(ann.len(), 1);
        for same in [
            json!({"name": "Ben MULLER", "street": "Haupt Str. 5 A", "zip": "10115"}),
            json!({"name": "Müller, Cy", "address": "Hauptstr 5a", "postcode": 10115}),
        ] {
            assert_eq!(keys(&same), ann, "{same}");
        }
        for other in [
            json!({"lastName": "Meyer", "street": "Hauptstr. 5a", "zip": "10115"}),
            json!({"lastName": "Müller", "street": "Hauptstr. 6", "zip": "10115"}),
            json!({"lastName": "Müller", "street": "Hauptstr. 5a", "zip": "20095"}),
        ] {
            assert_ne!(keys(&other), ann, "{other}");
        }
        for nothing in [
            json!({"lastName": "Müller", "street": "Hauptstr.", "zip": "10115"}),
            json!({"lastName": "Müller", "street": "Hauptstr. 5"}),
            json!({"name": "Cher", "street": "Hauptstr. 5", "zip": "10115"}),
            json!({"lastName": "…", "street": "Hauptstr. 5", "zip": "10115"}),
        ] {
            assert!(keys(&nothing).is_empty(), "{nothing}");
        }
    }

    #[test]
    fn a_key_holds_within_its_source() {
        let named = |source, key: &str| {
            let named = vec![(SourceId(source), key.to_owned())];
            Dwelling { named, ..Dwelling::default() }.keys()
        };
        assert_eq!(named(1, "7"), named(1, "7"));
        assert_ne!(named(1, "7"), named(2, "7"), "both may count from 1");
        assert_eq!(keys(&json!({"household_id": 7})).len(), 1);
        assert!(keys(&json!({"household_id": null})).is_empty());
    }

    #[test]
    fn keys_are_read_back() {
        let key = HouseholdKey { rule: HouseholdRule::Address, print: 7 };
        assert_eq!(key.to_string().parse(), Ok(key));
        for bad in [
            "",
            "a7",
            "x00000000000000000000000000000007",
            "ä",
            "a+0000000000000000000000000000007",
        ] {
            assert_eq!(bad.parse::<HouseholdKey>(), Err(BadHouseholdKey), "{bad}");
        }
    }
}
