//! How is a fold run over a few events that lie in memory as they are?
//!
//! Slow and plain on purpose: what the stored history answers is compared with this.

use crate::among::FactTest;
use crate::ask::Ask;
use crate::bouts::{Bouts, BoutsFrom};
use crate::fact::Fact;
use crate::field::{Field, Scalar};
use crate::fold::{Fold, fold_columns};
use crate::rows::{Columns, Marks};
use crate::texts::{ABSENT, Texts};
use base::{CustomerId, SourceId, Timestamp};
use lexicon::{EventKind, Json};
use std::collections::HashMap;

/// An event and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlainEvent {
    /// Whose it is.
    pub customer: CustomerId,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// Its number in order of arrival.
    pub seq: u64,
    /// Which of the six calls it was.
    pub kind: EventKind,
    /// What is counted.
    pub name: Box<str>,
    /// Where it came from.
    pub source: SourceId,
    /// Its fields.
    pub properties: Json,
    /// Circumstances.
    pub context: Json,
}

impl PlainEvent {
    /// What stands in `field`.
    #[must_use]
    pub fn scalar(&self, field: &Field) -> Option<Scalar> {
        match field {
            Field::Name => Some(Scalar::Text(self.name.clone())),
            Field::Kind => Some(Scalar::Text(self.kind.slug().into())),
            Field::Source => Some(Scalar::Text(self.source.0.to_string().into())),
            Field::Property(path) => Scalar::at(&self.properties, path),
            Field::Context(path) => Scalar::at(&self.context, path),
        }
    }

    fn marks(&self, ask: &Ask) -> Marks {
        let holds = |k: &usize| {
            let condition = &ask.conditions[*k];
            let mut tests = condition.tests.iter();
            condition.takes_name(&self.name)
                && tests.all(|test| test.takes(self.scalar(&test.field).as_ref()))
        };
        (0..ask.conditions.len()).filter(holds).fold(0, |marks, k| marks | 1 << k)
    }
}

/// What is known of customers: by customer and fact.
pub type PlainFacts = HashMap<(CustomerId, Fact), Scalar>;

/// What `fold` comes to over `events`, in whatever order they are given; and what the codes of each
/// label and then of each trait stand for.
pub fn fold_plain<F: Fold>(
    fold: &F,
    events: &[PlainEvent],
    traits: &PlainFacts,
) -> (F::Total, Vec<Texts>) {
    let ask = fold.ask();
    let looks_at = |event: &&PlainEvent| {
        let scalar = |fact: &Fact| traits.get(&(event.customer, fact.clone()));
        let takes = |test: &FactTest| test.takes(scalar(&test.fact).map(Scalar::label).as_deref());
        ask.who.iter().all(takes)
    };
    let with_marks = events.iter().filter(looks_at).map(|event| (event, event.marks(ask)));
    let mut rows: Vec<(&PlainEvent, Marks)> = with_marks
        .filter(|(event, marks)| {
            ask.window.holds(event.occurred_at) && (ask.conditions.is_empty() || *marks != 0)
        })
        .collect();
    rows.sort_by_key(|(event, _)| (event.customer, event.occurred_at, event.seq));

    let (customers, ends) = customers_of(&rows);
    let begins = [0].into_iter().chain(ends.iter().copied());
    let time = |row: u32| rows[row as usize].0.occurred_at.0;
    let spans: Vec<(i64, i64)> =
        begins.zip(&ends).map(|(begin, end)| (time(begin), time(end - 1))).collect();
    let times: Vec<i64> = rows.iter().map(|(event, _)| event.occurred_at.0).collect();
    let marks: Vec<Marks> = match ask.conditions[..] {
        [] => Vec::new(),
        _ => rows.iter().map(|(_, marks)| *marks).collect(),
    };
    let number = |event: &PlainEvent, field| event.scalar(field).and_then(|s| s.number());
    let numbers_of = |field| {
        rows.iter().map(|(event, _)| number(event, field).unwrap_or(f64::NAN)).collect::<Vec<_>>()
    };
    let numbers: Vec<Vec<f64>> = ask.numbers.iter().map(numbers_of).collect();

    let mut texts = Vec::new();
    let mut labels = Vec::new();
    for label in &ask.labels {
        let seen = rows.iter().map(|(event, _)| {
            event.scalar(&label.field).map(|s| label.view.of(&s.label()).into_owned())
        });
        labels.push(coded(seen, &mut texts));
    }
    let mut columns_of_traits = Vec::new();
    for fact in &ask.traits {
        let seen = customers.iter().map(|customer| {
            traits.get(&(*customer, fact.clone())).map(|scalar| scalar.label().into_owned())
        });
        columns_of_traits.push(coded(seen, &mut texts));
    }
    let bouts = Bouts::all(&ends, &times);
    let columns = Columns {
        customers: &customers,
        start: 0,
        ends: &ends,
        times: &times,
        spans: &spans,
        bouts: Some(BoutsFrom { bouts: &bouts, place: 0 }),
        marks: &marks,
        numbers: &slices(&numbers),
        labels: &slices(&labels),
        traits: &slices(&columns_of_traits),
    };
    let mut total = fold.total();
    fold_columns(fold, &columns, &mut total);
    (total, texts)
}

fn customers_of(rows: &[(&PlainEvent, Marks)]) -> (Vec<CustomerId>, Vec<u32>) {
    let mut customers = Vec::new();
    let mut ends: Vec<u32> = Vec::new();
    for (end, (event, _)) in (1..).zip(rows) {
        if customers.last() == Some(&event.customer) {
            ends.pop();
        } else {
            customers.push(event.customer);
        }
        ends.push(end);
    }
    (customers, ends)
}

fn coded(seen: impl Iterator<Item = Option<String>>, texts: &mut Vec<Texts>) -> Vec<u32> {
    let mut of = Texts::default();
    let codes = seen.map(|text| text.map_or(ABSENT, |text| of.code(&text))).collect();
    texts.push(of);
    codes
}

fn slices<T>(columns: &[Vec<T>]) -> Vec<&[T]> {
    columns.iter().map(Vec::as_slice).collect()
}
