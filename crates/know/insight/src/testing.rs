//! With which events are folds tried, and in which ways?

use crate::breakdown::By;
use crate::visits::channel::{Arrival, channel};
use base::{CustomerId, SourceId, Timestamp};
use lexicon::{EventKind, Json};
use std::fmt::Debug;
use timeline::{
    Ask, Columns, Field, Fold, Label, PlainEvent, PlainFacts, Rows, Scalar, Texts, View, fold_plain,
};

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

/// By the property `g` of events.
pub(crate) fn by_field() -> By {
    By::Label(Label { field: Field::Property("g".into()), view: View::Whole })
}

/// The plans of the first customers, turn by turn.
pub(crate) fn plans() -> PlainFacts {
    let plan = |id: u64| {
        let plan = ["pro", "free"][id as usize % 2];
        ((CustomerId(id), timeline::Fact::Trait("plan".into())), Scalar::Text(plan.into()))
    };
    (1..4).map(plan).collect()
}

/// In how many ways an event can come about; see [`came`].
pub(crate) const WAYS: usize = 7;

/// The same event, as one that came about in some way: most of them are page views.
pub(crate) fn came(event: PlainEvent, way: usize) -> PlainEvent {
    let (kind, context) = match way {
        1 => (EventKind::Page, r#"{"page":{"referrer":"https://www.google.com/"}}"#),
        2 => (EventKind::Page, r#"{"page":{"url":"https://shop.example/a?gclid=1"}}"#),
        3 => (EventKind::Page, r#"{"campaign":{"source":"crm","medium":"Email"}}"#),
        4 => (
            EventKind::Screen,
            r#"{"page":{"url":"https://shop.example/b","referrer":"https://pay.example/x"}}"#,
        ),
        5 => (EventKind::Track, r#"{"campaign":{"source":"facebook","medium":"cpc"}}"#),
        6 => (EventKind::Page, r#"{"page":{"referrer":"https://blog.example/"}}"#),
        _ => (EventKind::Track, "{}"),
    };
    PlainEvent { kind, context: Json::from_checked_text(context), ..event }
}

/// The channel of the visit in which one of `events` stands, where `pay.example` is the company's
/// own.
pub(crate) fn channel_of(events: &[PlainEvent], of: &PlainEvent) -> String {
    let timelines = timelines(events);
    let mut visits = timelines.iter().flat_map(|timeline| {
        let is_near = |a: &&PlainEvent, b: &&PlainEvent| {
            b.occurred_at.0 - a.occurred_at.0 <= 30 * 60 * 1_000_000
        };
        timeline.chunk_by(is_near)
    });
    let holds = |visit: &&[&PlainEvent]| visit.iter().any(|event| event.seq == of.seq);
    let visit = visits.find(holds).expect("every event is in a visit");
    let is_view = |event: &&&PlainEvent| event.kind != EventKind::Track;
    let landing = visit.iter().find(is_view).unwrap_or(&visit[0]);
    let text = |path: &str| {
        let scalar = landing.scalar(&Field::Context(path.into()));
        scalar.map(|scalar| scalar.label().into_owned())
    };
    let host = text("page.referrer").map(|url| View::Host.of(&url).into_owned());
    let (source, medium) = (text("campaign.source"), text("campaign.medium"));
    let arrival = Arrival {
        source: source.as_deref(),
        medium: medium.as_deref(),
        host: host.as_deref().filter(|host| *host != "pay.example"),
        is_ad_click: text("page.url").is_some_and(|url| url.contains("gclid=")),
    };
    channel(arrival).name().into()
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
    traits: &PlainFacts,
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
