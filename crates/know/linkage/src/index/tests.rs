//! Does an index that is changed answer like one that is built anew?

use super::*;
use crate::kind::{DateNotation, Kind, Part};
use crate::model::{Calibration, FieldModel, ModelParts};
use crate::rule::{KeyPart, Rule};
use crate::schema::{Field, Schema};
use proptest::prelude::*;

const KINDS: [Kind; 3] = [Kind::GivenName, Kind::FamilyName, Kind::Date];

fn model() -> Model {
    let schema = schema();
    let columns = schema.columns().iter().map(|column| {
        let m: Vec<f64> = column.kind.levels().iter().map(|level| level.m_prior).collect();
        let mut u = vec![0.01 / (m.len() - 1) as f64; m.len()];
        u[m.len() - 1] = 0.99;
        let sum: f64 = u.iter().sum();
        u.iter_mut().for_each(|u| *u /= sum);
        FieldModel { is_used: true, r: u.clone(), m, u, match_share: 0.0, dependence: None }
    });
    let part = |column, part| Rule { parts: vec![KeyPart { column, part }] };
    Model::from_parts(ModelParts {
        version: 1,
        fields: schema.fields().to_vec(),
        notation: schema.notation(),
        lambda: 0.01,
        lambda_home: 0.0,
        columns: columns.collect(),
        rules: vec![part(1, Part::Sound), part(2, Part::Whole), part(0, Part::BothNames)],
        together: Vec::new(),
        calibration: Calibration::NONE,
    })
    .expect("a valid model")
}

fn schema() -> Schema {
    let fields = KINDS.iter().map(|kind| Field::new(&format!("{kind:?}"), *kind)).collect();
    Schema::new(fields, DateNotation::default()).expect("three fields")
}

#[derive(Clone, Debug)]
enum Change {
    Insert([usize; 3]),
    Remove(usize),
    Update(usize, [usize; 3]),
}

const GIVEN: [&str; 5] = ["Ada", "Bob", "Robert", "Grace", ""];
const FAMILY: [&str; 5] = ["Smith", "Smyth", "Zrzavy", "Ada", ""];
const DATES: [&str; 4] = ["1970-01-02", "1970-02-01", "1988-12-31", ""];

fn texts(picks: &[usize; 3]) -> [&'static str; 3] {
    [GIVEN[picks[0] % 5], FAMILY[picks[1] % 5], DATES[picks[2] % 4]]
}

fn change() -> impl Strategy<Value = Change> {
    let record = || [0usize..5, 0..5, 0..4];
    prop_oneof![
        3 => record().prop_map(Change::Insert),
        1 => (0usize..40).prop_map(Change::Remove),
        1 => (0usize..40, record()).prop_map(|(at, record)| Change::Update(at, record)),
    ]
}

/// What a question finds, without the numbers of records.
fn shown(index: &Index, question: [&str; 3]) -> Vec<(String, String)> {
    let answer = index.ask(&question).expect("three values");
    let mut out: Vec<(String, String)> = answer
        .candidates
        .iter()
        .map(|candidate| {
            let value = |column| index.table().value(candidate.record, column).unwrap_or("");
            let record = format!("{} {} {}", value(0), value(1), value(2));
            (record, format!("{:.4}", candidate.weight))
        })
        .collect();
    out.sort();
    out
}

proptest! {
    #[test]
    fn changes_and_a_rebuild_agree(
        changes in proptest::collection::vec(change(), 1..60),
        question in [0usize..5, 0..5, 0..4],
    ) {
        let options = IndexOptions { n_answers_max: 1_000, ..IndexOptions::default() };
        let mut index = Index::new(Table::new(schema()), model(), options);
        let mut live: Vec<(RecordIdx, [&str; 3])> = Vec::new();
        for change in &changes {
            match change {
                Change::Insert(record) => {
                    let values = texts(record);
                    let at = index.insert(SourceIdx(0), &values).expect("three values");
                    live.push((at, values));
                }
                Change::Remove(at) if !live.is_empty() => {
                    let (record, _) = live.swap_remove(at % live.len());
                    prop_assert!(index.remove(record));
                    prop_assert!(!index.remove(record));
                }
                Change::Update(at, record) if !live.is_empty() => {
                    let place = at % live.len();
                    live[place].1 = texts(record);
                    let done = index.update(live[place].0, SourceIdx(0), &live[place].1);
                    prop_assert_eq!(done, Ok(true));
                }
                _ => {}
            }
        }
        prop_assert_eq!(index.n_records(), live.len());
        let mut table = Table::new(schema());
        for (_, values) in &live {
            table.push(SourceIdx(0), values).expect("three values");
        }
        let mut anew = Index::new(table, model(), options);
        // Weights are made for a number of records, and looked at anew now and then only.
        index.weights = Weights::new(&index.model, &index.table);
        anew.weights = index.weights.clone();
        prop_assert_eq!(shown(&index, texts(&question)), shown(&anew, texts(&question)));
    }
}

#[test]
fn long_chains_are_cut_and_said_so() {
    let options = IndexOptions { n_per_rule_max: 10, ..IndexOptions::default() };
    let mut index = Index::new(Table::new(schema()), model(), options);
    // Many others, so that fifty of one name and birthday are still rare.
    for at in 0..20_000u32 {
        let (given, family) = (format!("x{}", at % 97), format!("y{}z", at % 8_009));
        let date = format!("{}-03-{:02}", 1900 + at % 90, 1 + at % 28);
        index.insert(SourceIdx(0), &[&given, &family, &date]).expect("three values");
    }
    for _ in 0..50 {
        index.insert(SourceIdx(0), &["Ada", "Smith", "1970-01-02"]).expect("three values");
    }
    let answer = index.ask(&["Ada", "Smith", "1970-01-02"]).expect("three values");
    assert_eq!((answer.n_compared, answer.n_rules_cut), (10, 3), "the newest ten of each chain");
    assert_eq!(answer.candidates.len(), 10);
    assert_eq!(answer.candidates[0].band, Band::Link);
    let first = answer.candidates[0].record;
    let evidence = index.explain(&["Ada", "Smith", "1970-02-01"], first).expect("three values");
    let words: Vec<_> = evidence.fields.iter().map(|field| field.level).collect();
    assert_eq!(words[..3], [Some("same"), Some("same"), Some("day and month swapped")]);
    let sum: f64 = evidence.fields.iter().map(|field| field.weight).sum();
    assert!((evidence.prior + sum + evidence.of_household - evidence.total).abs() < 1e-4);
}
