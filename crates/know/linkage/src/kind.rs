//! Which kinds of field are there, and what does each know about being the same?
//!
//! One file per family of kinds: how a value is normalised, in which named levels two values are
//! compared, what is believed of each level before any data speak, and which keys can block.
//! [`Kind::definition`] is the one place that knows them all.

mod address;
mod code;
mod date;
mod email;
pub(crate) mod name;
mod nickname;
mod phone;
mod place;
mod words;

pub(crate) use name::{full_name, generation};
pub(crate) use nickname::groups_of;

use crate::metric::{could_be_similar, damerau_levenshtein, jaro_winkler};
use serde::{Deserialize, Serialize};

/// What a field holds; it decides how values are normalised and compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// First and middle names. Titles are dropped; Jr, Sr, III … become a [`Kind::Generation`].
    GivenName,
    /// Family name, like a given name.
    FamilyName,
    /// A whole name in one field (`Keeley Jones`, `Jones, Keeley`): taken apart into given and
    /// family name wherever the record has none of its own; never compared as such.
    FullName,
    /// Junior, senior, second, third …; made from names, or given.
    Generation,
    /// Date of birth or any other date of the person.
    Date,
    /// E-mail address.
    Email,
    /// Phone number in any notation; the last nine digits count.
    Phone,
    /// Street with or without number.
    Street,
    /// House number.
    HouseNumber,
    /// A whole address in one field.
    Address,
    /// Postcode.
    Postcode,
    /// Town or suburb.
    Town,
    /// State, region or country.
    Region,
    /// Organisation; legal forms are dropped.
    Organisation,
    /// A number or code that belongs to one person: national id, passport, loyalty card.
    Identifier,
    /// A short word from a small list, such as gender or language.
    Category,
    /// Free text.
    Text,
}

/// One step on the ladder from "same" to "different".
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Level {
    /// What a person reads.
    pub name: &'static str,
    /// The share of matching pairs that is believed to be here before any data speak; the levels
    /// of a kind add up to 1.
    pub m_prior: f64,
    /// How much of the term-frequency adjustment holds here: 1 where the values are equal, less
    /// where they are merely alike, 0 where frequency says nothing.
    pub frequency_share: f64,
}

/// A part of a value that can serve as a blocking key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The whole value.
    Whole,
    /// Its first so many letters.
    Start(u8),
    /// Its last so many letters.
    End(u8),
    /// What it sounds like in English (Soundex, Russell 1918).
    Sound,
    /// Year and month of a date.
    YearMonth,
    /// Day and month of a date in either order, with the year's last digits left out.
    DayMonth,
    /// What stands before the @.
    LocalPart,
    /// Given and family name together, in either order.
    BothNames,
}

/// A value as comparisons see it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Prepared<'a> {
    /// The normalised text.
    pub(crate) text: &'a str,
    /// For given names: the groups of nicknames it belongs to, 0 for none.
    pub(crate) groups: u64,
    /// Its [`letters_of`](crate::metric::letters_of).
    pub(crate) letters: u32,
}

impl Prepared<'_> {
    /// The Jaro–Winkler similarity, or 0 where a look at the letters says that it is below `least`,
    /// which is at least 0.7: of values that meet by chance most.
    pub(crate) fn similarity(self, other: Self, least: f64) -> f64 {
        if could_be_similar((self.text, self.letters), (other.text, other.letters), least) {
            jaro_winkler(self.text, other.text)
        } else {
            0.0
        }
    }

    /// The Damerau–Levenshtein distance, or 3 where a look at the letters says that it is above 2.
    pub(crate) fn distance(self, other: Self) -> usize {
        let n_edits_min = |a: u32, b: u32| (a & !b).count_ones().max((b & !a).count_ones());
        if n_edits_min(self.letters, other.letters) > 2 {
            return 3;
        }
        damerau_levenshtein(self.text, other.text)
    }
}

/// How dates are written in the file at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DateNotation {
    /// Whether `1/7/80` is the first of July; else it is the seventh of January. A part over 12 is
    /// the day in any case, and dates that begin with four digits begin with the year.
    pub day_first: bool,
    /// Two-digit years up to this one are of the 21st century, later ones of the 20th.
    pub pivot_year: u8,
}

impl Default for DateNotation {
    /// Day first, and a person born in '30 is old: customers are rarely older than ninety.
    fn default() -> Self {
        Self { day_first: true, pivot_year: 29 }
    }
}

/// What a kind knows.
pub(crate) struct Definition {
    /// The levels, from the strongest to "different"; the first is equality after normalisation.
    pub(crate) levels: &'static [Level],
    /// Appends the normal form of a value; nothing where there is none to be had.
    pub(crate) normalise: fn(&str, DateNotation, &mut String),
    /// The level of two values that are not equal, at least 1.
    pub(crate) level: fn(Prepared<'_>, Prepared<'_>) -> u8,
    /// Which parts can block.
    pub(crate) parts: &'static [Part],
    /// Among people of one household, the share that is believed to agree before any data speak;
    /// 0 for what belongs to one person only.
    pub(crate) at_home: f64,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 17] = [
        Self::GivenName,
        Self::FamilyName,
        Self::FullName,
        Self::Generation,
        Self::Date,
        Self::Email,
        Self::Phone,
        Self::Street,
        Self::HouseNumber,
        Self::Address,
        Self::Postcode,
        Self::Town,
        Self::Region,
        Self::Organisation,
        Self::Identifier,
        Self::Category,
        Self::Text,
    ];

    /// The levels in which values of this kind are compared, from "same" to "different".
    #[must_use]
    pub fn levels(self) -> &'static [Level] {
        self.definition().levels
    }

    pub(crate) fn definition(self) -> &'static Definition {
        match self {
            Self::GivenName | Self::FullName => &name::GIVEN,
            Self::FamilyName => &name::FAMILY,
            Self::Generation => &name::GENERATION,
            Self::Date => &date::DATE,
            Self::Email => &email::EMAIL,
            Self::Phone => &phone::PHONE,
            Self::Street => &address::STREET,
            Self::Address => &address::ADDRESS,
            Self::HouseNumber => &place::HOUSE_NUMBER,
            Self::Postcode => &place::POSTCODE,
            Self::Town => &place::TOWN,
            Self::Region => &place::REGION,
            Self::Organisation => &words::ORGANISATION,
            Self::Identifier => &code::IDENTIFIER,
            Self::Category => &code::CATEGORY,
            Self::Text => &words::TEXT,
        }
    }
}

pub(crate) const fn level(name: &'static str, m_prior: f64, frequency_share: f64) -> Level {
    Level { name, m_prior, frequency_share }
}

/// A slip of the finger or of the ear, in a text long enough for that to mean something.
pub(crate) fn is_one_slip(a: &str, b: &str, n_letters_min: usize) -> bool {
    a.len().min(b.len()) >= n_letters_min && crate::metric::is_within_one_edit(a, b)
}

/// Two neighbours swapped in a short name (`mia`, `ima`): too short for other slips to mean
/// anything, but all its letters are there.
pub(crate) fn is_swap(a: &str, b: &str) -> bool {
    let letters = |text: &str| {
        let mut letters = text.as_bytes().to_vec();
        letters.sort_unstable();
        letters
    };
    let is_short = a.len() == b.len() && (2..=3).contains(&a.len());
    is_short && letters(a) == letters(b) && crate::metric::is_within_one_edit(a, b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_a_distribution() {
        for kind in Kind::ALL {
            let levels = kind.levels();
            let sum: f64 = levels.iter().map(|level| level.m_prior).sum();
            assert!((sum - 1.0).abs() < 1e-9, "{kind:?}: {sum}");
            assert!((2..=8).contains(&levels.len()), "{kind:?}");
            assert_eq!(levels.last().map(|level| level.name), Some("different"), "{kind:?}");
        }
    }

    /// Normalises both and names the level.
    fn check(kind: Kind, a: &str, b: &str, expected: &str) {
        let definition = kind.definition();
        let normal = |text: &str| {
            let mut out = String::new();
            (definition.normalise)(text, DateNotation::default(), &mut out);
            out
        };
        let (a, b) = (normal(a), normal(b));
        let prepared = |text| {
            let letters = crate::metric::letters_of(text);
            Prepared { text, groups: groups_of(text), letters }
        };
        let found = if a == b { 0 } else { (definition.level)(prepared(&a), prepared(&b)) };
        assert_eq!(definition.levels[usize::from(found)].name, expected, "{kind:?}: {a} / {b}");
    }

    #[test]
    fn pairs_reach_their_levels() {
        use Kind::{
            Address, Category, Date, Email, FamilyName, GivenName, HouseNumber, Identifier,
            Organisation, Phone, Postcode, Region, Street, Text, Town,
        };
        for (kind, a, b, expected) in [
            (GivenName, "Dr. Anna", "ANNA", "same"),
            (GivenName, "Robert", "Bob", "nickname"),
            (GivenName, "Michele", "Michelle", "a letter off"),
            (GivenName, "Mia", "Ima", "a letter off"),
            (GivenName, "Mia", "Pia", "different"),
            (GivenName, "Mr", "MR", "same"),
            (FamilyName, "Vos", "Ovs", "a letter off"),
            (GivenName, "Maria Luisa", "Maria", "part of the other"),
            (GivenName, "J.", "Jane", "initial"),
            (GivenName, "Peter", "Olga", "different"),
            (FamilyName, "Müller-Lüdenscheidt", "Lüdenscheidt", "part of the other"),
            (FamilyName, "Thompson", "Tompson", "a letter off"),
            (FamilyName, "Smith", "Zrzavy", "different"),
            (Date, "1971-06-24", "24.06.1971", "same"),
            (Date, "24 Jun 1971", "Jun 24, 71", "same"),
            (Date, "1971-06-05", "1971-05-06", "day and month swapped"),
            (Date, "1971-06-24", "1971-05-24", "a digit off"),
            (Date, "1971-06-24", "1971-06-13", "one part differs"),
            (Date, "1971-06-24", "1971-02-13", "same year"),
            (Date, "1971-06-24", "1988-02-13", "different"),
            (Email, "Anna@Example.org", "\"A\" <anna@example.org>", "same"),
            (Email, "anna.m@example.org", "anna.m@example.com", "same name, other provider"),
            (Email, "anna.m@example.org", "ana.m@example.org", "a letter off"),
            (Email, "anna.m@example.org", "peter@example.org", "different"),
            (Phone, "+49 170 1234567", "0170/1234567", "same"),
            (Phone, "702-321-3212", "321-3212", "same local number"),
            (Phone, "+49 170 1234567", "0170 1234576", "a digit off"),
            (Street, "12 Main Street", "12 main st.", "same"),
            (Street, "Pridham Street", "pridhamstreet", "similar"),
            (HouseNumber, "12a", "12 A", "same"),
            (HouseNumber, "12a", "12b", "same digits"),
            (Address, "1450 N City Rd Suite 900", "Suite 900, 1450 N City Road", "same words"),
            (Address, "12 Main St, Leeds", "99 High St, York", "different"),
            (Postcode, "SW1A 1AA", "sw1a1aa", "same"),
            (Postcode, "89111-0000", "89111", "same"),
            (Postcode, "2119", "2191", "a character off"),
            (Town, "Las Vegas", "LAS VEGAS", "same"),
            (Town, "Manchester", "Mancester", "a letter off"),
            (Region, "nsw", "nws", "a letter off"),
            (Organisation, "Northlight GmbH", "NORTHLIGHT", "same"),
            (Organisation, "Universal Exports Ltd", "Universal Exports India", "part of the other"),
            (Identifier, "294-66-9999", "294669999", "same"),
            (Identifier, "1804974", "1804947", "a character off"),
            (Category, "F", "m", "different"),
            (Text, "one two three four five", "five four three two one", "nearly the same words"),
        ] {
            check(kind, a, b, expected);
            check(kind, b, a, expected);
        }
    }
}
