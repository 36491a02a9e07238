//! With which events are folds tried, and in which ways?

use base::{CustomerId, SourceId, Timestamp};
use lexicon::{EventKind, Json};
use std::fmt::Debug;
use timeline::{Ask, Columns, Fold, PlainEvent, PlainTraits, Rows, Texts, fold_plain};

/// An event of a customer with properties as JSON.
pub(crate) fn event(
    (customer, at, seq): (u64, i64, u64),
    name: &str,
    properties: &str,
) -> PlainEvent {
    PlainEvent {
        customer: CustomerId(customer),
        occurred_at: Timestamp(at),
        seq,
        kind: EventKind::Track,
        name: name.into(),
        source: SourceId(1),
        properties: Json::from_checked_text(properties),
        context: Json::from_checked_text("{}"),
    }
}

/// The events of each customer, in order of time and arrival.
pub(crate) fn timelines(events: &[PlainEvent]) -> Vec<Vec<&PlainEvent>> {
    let mut sorted: Vec<&PlainEvent> = events.iter().collect();
    sorted.sort_by_key(|event| (event.customer, event.occurred_at, event.seq));
    sorted.chunk_by(|a, b| a.customer == b.customer).map(<[_]>::to_vec).collect()
}

/// What `answer` says of `events`, whichever way they are folded: each customer at once, or row by
/// row and in two parts that are merged.
pub(crate) fn answered<F: Fold, A: PartialEq + Debug>(
    fold: &F,
    events: &[PlainEvent],
    traits: &PlainTraits,
    answer: impl Fn(F::Total, &[Texts]) -> A,
) -> A {
    let (total, texts) = fold_plain(fold, events, traits);
    let at_once = answer(total, &texts);
    let ((mut odd, even), texts) = fold_plain(&RowByRow(fold), events, traits);
    fold.merge(&mut odd, even);
    assert_eq!(answer(odd, &texts), at_once, "row by row it comes to something else");
    at_once
}

/// The same fold, given a row at a time; customers of odd numbers apart from those of even ones.
struct RowByRow<'f, F>(&'f F);

impl<F: Fold> Fold for RowByRow<'_, F> {
    type State = F::State;
    type Total = (F::Total, F::Total);

    fn ask(&self) -> &Ask {
        self.0.ask()
    }

    fn start(&self) -> F::State {
        self.0.start()
    }

    fn step(&self, state: &mut F::State, rows: Rows<'_>) {
        let ask = self.ask();
        let traits: Vec<[u32; 1]> = (0..ask.traits.len()).map(|k| [rows.trait_(k)]).collect();
        let traits: Vec<&[u32]> = traits.iter().map(<[u32; 1]>::as_slice).collect();
        for row in 0..rows.len() {
            let number = |k| &rows.numbers(k)[row..=row];
            let numbers: Vec<&[f64]> = (0..ask.numbers.len()).map(number).collect();
            let label = |k| &rows.labels(k)[row..=row];
            let labels: Vec<&[u32]> = (0..ask.labels.len()).map(label).collect();
            let columns = Columns {
                customers: &[rows.customer()],
                start: 0,
                ends: &[1],
                times: &rows.times()[row..=row],
                spans: &[],
                bouts: None,
                marks: rows.marks().get(row..=row).unwrap_or_default(),
                numbers: &numbers,
                labels: &labels,
                traits: &traits,
            };
            self.0.step(state, columns.rows(0));
        }
    }

    fn finish(&self, state: F::State, customer: CustomerId, total: &mut Self::Total) {
        let half = if customer.0 % 2 == 1 { &mut total.0 } else { &mut total.1 };
        self.0.finish(state, customer, half);
    }

    fn total(&self) -> Self::Total {
        (self.0.total(), self.0.total())
    }

    fn merge(&self, into: &mut Self::Total, other: Self::Total) {
        self.0.merge(&mut into.0, other.0);
        self.0.merge(&mut into.1, other.1);
    }
}
