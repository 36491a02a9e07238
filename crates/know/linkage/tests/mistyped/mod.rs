//! What would a customer file look like in which many are twice, mistyped, and the truth is known?
//!
//! Invented people in households: family name, street and often the phone are shared there, towns
//! hang together with postcodes, names and towns are as unevenly frequent as real ones (Zipf). A
//! share of the records are duplicates of others, with slips, missing values, nicknames, moves
//! and marriages. Person `i` is a function of the seed and `i`.

#![allow(dead_code)] // each user takes the part it needs

use base::hash::mix64;
use linkage::{DateNotation, Field, Kind, RecordIdx, Schema, SourceIdx, Table};

/// The fields of a made record, in order.
pub const FIELDS: [(&str, Kind); 8] = [
    ("given name", Kind::GivenName),
    ("family name", Kind::FamilyName),
    ("birthday", Kind::Date),
    ("email", Kind::Email),
    ("phone", Kind::Phone),
    ("street", Kind::Street),
    ("postcode", Kind::Postcode),
    ("town", Kind::Town),
];

/// How the file is made.
#[derive(Clone, Copy, Debug)]
pub struct FileSpec {
    pub seed: u64,
    pub n_records: usize,
    /// Share of records that are duplicates of another record.
    pub duplicates: f64,
    /// Probability of a slip in a value of a duplicate.
    pub slips: f64,
    /// Probability that a value is missing.
    pub missing: f64,
}

impl FileSpec {
    /// A file of usual quality: every fifth record a duplicate, a slip in every eighth value.
    pub fn usual(seed: u64, n_records: usize) -> Self {
        Self { seed, n_records, duplicates: 0.2, slips: 0.12, missing: 0.08 }
    }
}

/// A made record and who it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    pub person: u32,
    pub fields: [String; 8],
}

/// The schema of made records.
pub fn schema() -> Schema {
    let fields = FIELDS.iter().map(|(name, kind)| Field::new(name, *kind)).collect();
    Schema::new(fields, DateNotation::default()).expect("eight fields")
}

/// All records of a file, duplicates scattered among them.
pub fn records(spec: FileSpec) -> impl Iterator<Item = Made> {
    (0..spec.n_records).map(move |at| record(spec, at))
}

/// A table of a file, and the person of each record.
pub fn table(spec: FileSpec) -> (Table, Vec<u32>) {
    let mut table = Table::new(schema());
    let mut persons = Vec::with_capacity(spec.n_records);
    for made in records(spec) {
        let fields: Vec<&str> = made.fields.iter().map(String::as_str).collect();
        let record = table.push(SourceIdx(0), &fields).expect("eight values");
        assert_eq!(record, RecordIdx(persons.len() as u32));
        persons.push(made.person);
    }
    (table, persons)
}

/// Record `at`: a person of its own, or a mistyped copy of one met before.
pub fn record(spec: FileSpec, at: usize) -> Made {
    let mut dice = Dice::new(spec.seed, 1, at as u64);
    if at > 0 && dice.chance(spec.duplicates) {
        let original = origin(spec, dice.below(at));
        let mut fields = person(spec, original);
        mistype_all(&mut fields, spec, &mut dice);
        return Made { person: original as u32, fields };
    }
    let mut fields = person(spec, at);
    for value in &mut fields[2..] {
        if dice.chance(spec.missing) {
            value.clear();
        }
    }
    Made { person: at as u32, fields }
}

/// The person behind a record that may be a duplicate itself.
fn origin(spec: FileSpec, at: usize) -> usize {
    let mut at = at;
    loop {
        let mut dice = Dice::new(spec.seed, 1, at as u64);
        if at == 0 || !dice.chance(spec.duplicates) {
            return at;
        }
        at = dice.below(at);
    }
}

fn person(spec: FileSpec, who: usize) -> [String; 8] {
    // Two of five live with the one before them.
    let mut own = Dice::new(spec.seed, 2, who as u64);
    let shares_home = !who.is_multiple_of(3) && own.chance(0.6);
    let home_of = if shares_home { who - who % 3 } else { who };
    let mut home = Dice::new(spec.seed, 3, home_of as u64);
    let family = name(home.zipf(60_000), 11);
    let given = name(own.zipf(3_000), 5);
    let place = home.zipf(4_000);
    let street = format!(
        "{} {} {}",
        1 + home.zipf(150),
        name(home.below(30_000), 17),
        STREETS[home.below(STREETS.len())]
    );
    let home_phone = format!("0{}{:07}", 200 + place % 700, home.below(10_000_000));
    let phone = match own.below(10) {
        0..=3 => home_phone,
        _ => format!("01{}{:08}", 5 + own.below(3), own.below(100_000_000)),
    };
    let provider = PROVIDERS[own.below(PROVIDERS.len())];
    let email = match own.below(4) {
        0 => format!("{given}.{family}@{provider}"),
        1 => format!("{}{family}{}@{provider}", &given[..1], own.below(100)),
        2 => format!("{given}{}@{provider}", own.below(10_000)),
        _ => format!("{family}.{given}{}@{provider}", 30 + own.below(70)),
    };
    let birthday =
        format!("{}-{:02}-{:02}", 1935 + own.below(70), 1 + own.below(12), 1 + own.below(28));
    let postcode = format!("{:05}", 1_000 + (place * 23) % 98_000);
    [given, family, birthday, email, phone, street, postcode, name(place, 29)]
}

const STREETS: [&str; 6] = ["Street", "Road", "Lane", "Avenue", "Close", "Weg"];
const PROVIDERS: [&str; 6] =
    ["example.org", "example.com", "mail.example", "post.example", "inbox.example", "web.example"];

fn mistype_all(fields: &mut [String; 8], spec: FileSpec, dice: &mut Dice) {
    if dice.chance(0.06) {
        // Moved house: another street, postcode and town.
        let elsewhere = person(FileSpec { seed: spec.seed ^ 77, ..spec }, dice.below(1 << 30));
        for at in 5..8 {
            fields[at].clone_from(&elsewhere[at]);
        }
    }
    if dice.chance(0.03) {
        fields[1] = name(dice.zipf(60_000), 11); // married
    }
    if dice.chance(0.02) {
        fields.swap(0, 1);
    }
    if dice.chance(0.10) {
        fields[3] = format!("{}@{}", name(dice.below(1 << 30), 3), PROVIDERS[dice.below(6)]);
    }
    if dice.chance(0.12) {
        fields[4] = format!("016{:08}", dice.below(100_000_000));
    }
    for (at, value) in fields.iter_mut().enumerate() {
        if dice.chance(spec.missing) && at > 1 {
            value.clear();
        } else if dice.chance(spec.slips) {
            *value = slip(value, dice);
        }
    }
}

/// One slip: two letters swapped, one left out, one doubled, or one replaced.
fn slip(text: &str, dice: &mut Dice) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    if letters.len() < 3 {
        return text.to_owned();
    }
    let at = 1 + dice.below(letters.len() - 1);
    match dice.below(4) {
        0 => letters.swap(at, at - 1),
        1 => {
            letters.remove(at);
        }
        2 => letters.insert(at, letters[at]),
        _ if letters[at].is_ascii_digit() => {
            letters[at] = char::from(b'0' + dice.below(10) as u8);
        }
        _ => letters[at] = char::from(b'a' + dice.below(26) as u8),
    }
    letters.into_iter().collect()
}

/// An invented name, the same for the same number.
fn name(number: usize, family: u64) -> String {
    const HEADS: [&str; 24] = [
        "a", "be", "cor", "da", "e", "fa", "gre", "ha", "i", "jo", "ka", "lo", "mi", "na", "o",
        "pe", "ri", "sa", "ste", "to", "u", "va", "wi", "za",
    ];
    const MIDDLES: [&str; 20] = [
        "ba", "den", "fi", "go", "la", "li", "man", "mer", "na", "ni", "per", "ra", "ri", "sen",
        "so", "ta", "ter", "vi", "ze", "",
    ];
    const TAILS: [&str; 20] = [
        "a", "berg", "da", "e", "ell", "er", "ez", "i", "ien", "in", "ko", "ley", "man", "n", "o",
        "ov", "r", "s", "son", "ton",
    ];
    let bits = mix64(number as u64 ^ (family << 48));
    let pick = |list: &[&'static str], shift: u32| list[(bits >> shift) as usize % list.len()];
    let middle = [pick(&MIDDLES, 8), pick(&MIDDLES, 24)].concat();
    [pick(&HEADS, 0), &middle, pick(&TAILS, 16)].concat()
}

/// Random draws of one purpose for one record.
pub struct Dice {
    state: u64,
}

impl Dice {
    pub fn new(seed: u64, purpose: u64, number: u64) -> Self {
        Self { state: mix64(mix64(seed ^ (purpose << 56)) ^ number) }
    }

    fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix64(self.state)
    }

    /// Below `n`, all equally likely.
    pub fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.bits()) * n as u128) >> 64) as usize
    }

    pub fn chance(&mut self, probability: f64) -> bool {
        (self.bits() >> 11) as f64 / ((1u64 << 53) as f64) < probability
    }

    /// Below `n`, the k-th with a probability of about 1/k (Zipf, by inversion).
    fn zipf(&mut self, n: usize) -> usize {
        let unit = (self.bits() >> 11) as f64 / ((1u64 << 53) as f64);
        ((n as f64).powf(unit) as usize).min(n) - 1
    }
}
