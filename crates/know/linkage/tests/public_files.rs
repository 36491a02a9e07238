//! Is linkage as good on the public files as it says it is?

use base::seed::Seed;
use linkage::{
    DateNotation, Field, Kind, LearnOptions, LinkOptions, Quality, Schema, Scope, SourceIdx, Table,
    Truth, learn, link,
};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::PathBuf;

const FIELDS: [(&str, Kind); 10] = [
    ("given_name", Kind::GivenName),
    ("surname", Kind::FamilyName),
    ("street_number", Kind::HouseNumber),
    ("address_1", Kind::Street),
    ("address_2", Kind::Street),
    ("suburb", Kind::Town),
    ("postcode", Kind::Postcode),
    ("state", Kind::Region),
    ("date_of_birth", Kind::Date),
    ("soc_sec_id", Kind::Identifier),
];

/// The text of a shared file; `None`, said aloud, where it is absent.
#[allow(clippy::disallowed_methods)] // tests read files
fn file(name: &str) -> Option<String> {
    let path =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/data/febrl").join(name);
    let Ok(packed) = std::fs::read(&path) else {
        println!("skipped: no {name} in ../shared/data/febrl");
        return None;
    };
    let mut text = String::new();
    flate2::read::GzDecoder::new(packed.as_slice()).read_to_string(&mut text).expect("gzip");
    Some(text)
}

/// Cluster and pair F1 of files that are linked without labels.
fn f1(files: &[&str]) -> Option<(f64, f64)> {
    let fields = FIELDS.iter().map(|(name, kind)| Field::new(name, *kind)).collect();
    let mut table = Table::new(Schema::new(fields, DateNotation::default()).expect("ten fields"));
    let (mut persons, mut sources) = (Vec::new(), Vec::new());
    let mut by_name = BTreeMap::new();
    for (source, name) in files.iter().enumerate() {
        let text = file(name)?;
        let mut reader =
            csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
        for row in reader.records() {
            let row = row.expect("a row");
            let values: Vec<&str> = row.iter().skip(1).collect();
            table.push(SourceIdx(source as u16), &values).expect("ten values");
            let person = row[0].split('-').nth(1).expect("rec-N-…").to_owned();
            let next = by_name.len() as u32;
            persons.push(*by_name.entry(person).or_insert(next));
            sources.push(source as u16);
        }
    }
    let is_one = files.len() == 1;
    let scope = if is_one { Scope::Within } else { Scope::Across };
    let learned = learn(&table, &LearnOptions::new(Seed::root(1), scope, 2), &[]).expect("a model");
    let mut options = LinkOptions::new(scope, 2);
    if !is_one {
        options.unique_sources = vec![SourceIdx(0), SourceIdx(1)];
    }
    let linked = link(&table, &learned.model, &options);
    let none = Vec::new();
    let truth = Truth { persons: &persons, sources: if is_one { &none } else { &sources } };
    let pairs: Vec<_> = linked
        .pairs
        .iter()
        .filter(|pair| f64::from(pair.probability) >= options.bands.link_at)
        .map(|pair| (pair.a, pair.b))
        .collect();
    let by_clusters = Quality::of_clusters(&linked.clusters, &truth).f1()?;
    Some((by_clusters, Quality::of_pairs(&pairs, &truth).f1()?))
}

#[test]
fn febrl_3_is_deduplicated() {
    if let Some((clusters, pairs)) = f1(&["dataset3.csv.gz"]) {
        assert!(clusters >= 0.999 && pairs >= 0.995, "{clusters} {pairs}");
    }
}

#[test]
fn febrl_4_is_linked() {
    if let Some((clusters, pairs)) = f1(&["dataset4a.csv.gz", "dataset4b.csv.gz"]) {
        assert!(clusters >= 0.999 && pairs >= 0.999, "{clusters} {pairs}");
    }
}
