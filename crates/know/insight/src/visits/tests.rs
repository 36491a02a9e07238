//! Do visits add up to what going through each customer's events by the clock comes to?

use super::*;
use crate::breakdown::Group;
use crate::testing::{answered, event, timelines};
use crate::{Behind, Weekday};
use base::CustomerId;
use lexicon::{EventKind, Json};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use timeline::{PlainEvent, PlainFacts};

const MINUTE: i64 = 60_000_000;

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("a time")
}

fn definition() -> Definition {
    Definition {
        calendar: Calendar::new("Europe/Berlin", Weekday::Monday).expect("a zone"),
        period: Period::Last { n: 7, grain: Grain::Day, current: true },
        activity: Condition::default(),
        views: page_views(),
        gap: GAP_DEFAULT,
        is_cut_at_midnight: false,
        bounce: Bounce::OneView,
        by: None,
        n_groups: 10,
        grain: None,
        own_hosts: Vec::new(),
    }
}

/// A visit, as the slow count sees it.
struct Seen<'e> {
    customer: CustomerId,
    events: Vec<&'e PlainEvent>,
    value: Option<String>,
}

impl Seen<'_> {
    fn begin(&self) -> Timestamp {
        self.events[0].occurred_at
    }

    fn n_views(&self) -> usize {
        self.events.iter().filter(|event| is_view(event)).count()
    }

    fn is_bounce(&self, definition: &Definition) -> bool {
        match definition.bounce {
            Bounce::OneView => self.n_views() <= 1,
            Bounce::OneEvent => self.events.len() == 1,
        }
    }
}

fn is_view(event: &PlainEvent) -> bool {
    event.kind == EventKind::Page
}

fn text(event: &PlainEvent, path: &str) -> Option<String> {
    event.scalar(&Field::Context(path.into())).map(|s| s.label().into_owned())
}

fn value(definition: &Definition, events: &[&PlainEvent]) -> Option<String> {
    let landing = events.iter().find(|event| is_view(event)).unwrap_or(&events[0]);
    match definition.by.as_ref()? {
        Dimension::EntryPage => text(events.iter().find(|event| is_view(event))?, "page.path"),
        Dimension::ExitPage => text(events.iter().rev().find(|event| is_view(event))?, "page.path"),
        Dimension::Referrer => {
            let host = text(landing, "page.referrer").map(|url| View::Host.of(&url).into_owned());
            host.filter(|host| host != "shop.example" && host != "pay.example")
        }
        Dimension::Channel => Some(match text(landing, "page.referrer").as_deref() {
            _ if text(landing, "page.url").is_some_and(|url| url.contains("gclid=")) => {
                "paid search".into()
            }
            Some("https://www.google.com/") => "organic search".into(),
            _ => "direct".into(),
        }),
        Dimension::Device => events.iter().find_map(|event| text(event, "rapport.agent.device")),
        other => panic!("{other:?} is not drawn"),
    }
}

fn slow<'e>(definition: &Definition, window: Window, events: &'e [PlainEvent]) -> Vec<Seen<'e>> {
    let mut visits: Vec<Seen<'e>> = Vec::new();
    for timeline in timelines(events) {
        let mut visit: Vec<&PlainEvent> = Vec::new();
        let counted = timeline
            .into_iter()
            .filter(|event| definition.activity.takes_name(&event.name) || is_view(event));
        let mut close = |visit: Vec<&'e PlainEvent>| {
            if visit.first().is_some_and(|first| window.holds(first.occurred_at)) {
                let until = window.until.plus(LOOK_AHEAD);
                let events: Vec<_> =
                    visit.into_iter().filter(|event| event.occurred_at < until).collect();
                let value = value(definition, &events);
                visits.push(Seen { customer: events[0].customer, events, value });
            }
        };
        for event in counted {
            let is_new = visit.last().is_some_and(|last| {
                let day = |event: &PlainEvent| definition.calendar.date(event.occurred_at);
                event.occurred_at.since(last.occurred_at) > definition.gap
                    || definition.is_cut_at_midnight && day(event) != day(last)
            });
            if is_new {
                close(std::mem::take(&mut visit));
            }
            visit.push(event);
        }
        close(visit);
    }
    visits
}

fn check_visits(visits: &Visits, seen: &[&Seen<'_>], definition: &Definition) {
    let visitors: BTreeSet<CustomerId> = seen.iter().map(|seen| seen.customer).collect();
    assert_eq!((visits.n_visits, visits.n_visitors), (seen.len() as u64, visitors.len() as u64));
    assert_eq!(visits.n_views, seen.iter().map(|seen| seen.n_views() as u64).sum::<u64>());
    assert_eq!(visits.n_events, seen.iter().map(|seen| seen.events.len() as u64).sum::<u64>());
    if seen.is_empty() {
        assert!(visits.bounce.is_err() && visits.duration_s.is_err());
        return;
    }
    let length = |seen: &Seen<'_>| {
        let last = seen.events[seen.events.len() - 1];
        last.occurred_at.since(seen.begin()).0 as f64 / 1e6
    };
    check_ratio(&visits.bounce, seen, |seen| f64::from(u8::from(seen.is_bounce(definition))));
    check_ratio(&visits.views_per_visit, seen, |seen| seen.n_views() as f64);
    check_ratio(&visits.duration_s, seen, length);
}

/// That a mean over visits is right, and its interval counts customers.
fn check_ratio(
    found: &Result<stats::Estimate, stats::NotEstimable>,
    seen: &[&Seen<'_>],
    of: impl Fn(&Seen<'_>) -> f64,
) {
    let found = found.as_ref().expect("there is a visit");
    let mut customers: BTreeMap<CustomerId, (f64, f64)> = BTreeMap::new();
    for seen in seen {
        let (x, y) = customers.entry(seen.customer).or_default();
        (*x, *y) = (*x + 1.0, *y + of(seen));
    }
    let ratio = customers.values().map(|(_, y)| y).sum::<f64>() / seen.len() as f64;
    assert!((found.value - ratio).abs() < 1e-9 * (1.0 + ratio));
    // Groups of several values may count customers more than once.
    if found.n != customers.len() as u64 {
        assert!(found.n > customers.len() as u64);
        return;
    }
    let squares: f64 = customers.values().map(|(x, y)| (y - ratio * x).powi(2)).sum();
    let n = customers.len() as f64;
    if let Ok(interval) = &found.interval {
        let error = (squares * n / (n - 1.0)).sqrt() / seen.len() as f64;
        let low = (ratio - stats::t_isf(0.025, n - 1.0) * error).max(0.0);
        assert!((interval.low - low).abs() < 1e-6 * (1.0 + ratio), "{interval:?} {low}");
    } else {
        assert!(n < 2.0 || squares < 1e-6);
    }
}

fn check(definition: &Definition, window: Window, events: &[PlainEvent]) {
    let plan = definition.plan_in(window).expect("a good definition");
    let none = PlainFacts::new();
    let answer = answered(&plan, events, &none, |total, texts| plan.answer(&total, texts));
    let counts = answered(&plan.counts(), events, &none, |total, _| total);
    let CountsTotal { n_visits, n_visitors } = counts;
    assert_eq!((n_visits, n_visitors), (answer.all.n_visits, answer.all.n_visitors));
    let slow = slow(definition, window, events);
    check_visits(&answer.all, &slow.iter().collect::<Vec<_>>(), definition);

    let mut by_value: BTreeMap<Option<String>, Vec<&Seen<'_>>> = BTreeMap::new();
    if definition.by.is_some() {
        slow.iter().for_each(|seen| by_value.entry(seen.value.clone()).or_default().push(seen));
    }
    assert_eq!(answer.rows.len(), by_value.len());
    for row in &answer.rows {
        let value = match &row.group {
            Group::Value(text) => Some(text.to_string()),
            _ => None,
        };
        check_visits(&row.visits, &by_value[&value], definition);
        check_members((&plan, definition), events, &by_value[&value], &row.group);
    }
    for span in &answer.series {
        let of: Vec<&Seen<'_>> =
            slow.iter().filter(|seen| span.window.holds(seen.begin())).collect();
        check_visits(&span.visits, &of, definition);
    }
    check_members((&plan, definition), events, &slow.iter().collect::<Vec<_>>(), &Group::All);
}

fn check_members(
    (plan, definition): (&Plan, &Definition),
    events: &[PlainEvent],
    seen: &[&Seen<'_>],
    group: &Group,
) {
    for is_bounce in [false, true] {
        let point = Point { group: (group.clone(), Vec::new()), span: None, is_bounce };
        let fold = plan.members(point, 100);
        let none = PlainFacts::new();
        let behind = answered(&fold, events, &none, |total, texts| fold.answer(&total, texts));
        let of = seen.iter().filter(|seen| !is_bounce || seen.is_bounce(definition));
        let first: BTreeSet<CustomerId> = of.map(|seen| seen.customer).collect();
        let first: Vec<CustomerId> = first.into_iter().collect();
        assert_eq!(behind, Behind { n: first.len() as u64, first });
    }
}

fn page(mut event: PlainEvent, referrer: &str, page: &str) -> PlainEvent {
    event.kind = EventKind::Page;
    event.context = Json::from_checked_text(format!(
        r#"{{"page":{{"path":"/{page}","url":"https://shop.example/{page}{}","referrer":"{referrer}"}},
           "rapport":{{"agent":{{"device":"{}"}}}}}}"#,
        if page == "b" { "?gclid=1" } else { "" },
        if page == "a" { "phone" } else { "desktop" },
    ));
    event
}

fn events() -> impl Strategy<Value = Vec<PlainEvent>> {
    // Quarters of an hour around 29 March 2026, when the clock is set, and a microsecond beside.
    let one = (0..4_u64, 0..300_i64, 0..2_i64, 0..3_usize, 0..4_usize, 0..3_usize);
    prop::collection::vec(one, 0..60).prop_map(|rows| {
        let begin = at("2026-03-27T12:00:00Z").0;
        let build = |(seq, (customer, quarter, beside, name, referrer, path))| {
            let time = begin + quarter * 15 * MINUTE + beside;
            let event = event((customer, time, seq), ["x", "y", "z"][name], "{}");
            let referrer = [
                "",
                "https://www.google.com/",
                "https://shop.example/cart",
                "https://sub.pay.example/x",
            ][referrer];
            match name {
                0 => page(event, referrer, ["a", "b", "c"][path]),
                _ => event,
            }
        };
        (0..).zip(rows).map(build).collect()
    })
}

fn definitions() -> impl Strategy<Value = Definition> {
    let by = prop::sample::select(vec![
        None,
        Some(Dimension::EntryPage),
        Some(Dimension::ExitPage),
        Some(Dimension::Channel),
        Some(Dimension::Device),
    ]);
    let grain = prop::sample::select(vec![None, Some(Grain::Hour), Some(Grain::Day)]);
    (by, grain, any::<[bool; 3]>(), 1..100_i64).prop_map(
        |(by, grain, [is_cut_at_midnight, is_strict, is_some], minutes)| Definition {
            by,
            grain,
            is_cut_at_midnight,
            bounce: if is_strict { Bounce::OneEvent } else { Bounce::OneView },
            activity: if is_some { Condition::event("y") } else { Condition::default() },
            gap: Duration(minutes * MINUTE),
            own_hosts: vec!["pay.example".into()],
            ..definition()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn the_same_as_going_by_the_clock(
        definition in definitions(),
        events in events(),
        (from, until) in (-10..100_i64, 110..320_i64),
    ) {
        let begin = at("2026-03-27T12:00:00Z").0;
        let quarter = |n: i64| Timestamp(begin + n * 15 * MINUTE);
        check(&definition, Window { from: quarter(from), until: quarter(until) }, &events);
    }
}

fn answer(definition: &Definition, events: &[PlainEvent]) -> Answer {
    let window = Window { from: at("2026-03-01"), until: at("2026-04-01") };
    let plan = definition.plan_in(window).expect("a good definition");
    answered(&plan, events, &PlainFacts::new(), |total, texts| plan.answer(&total, texts))
}

#[test]
fn whoever_comes_by_two_pages_is_one_visitor_of_the_channel() {
    let mut definition = definition();
    definition.by = Some(Dimension::Channel);
    let view = |customer: u64, day: &str, referrer: &str| {
        page(event((customer, at(day).0, 0), "x", "{}"), referrer, "a")
    };
    let events = [
        view(1, "2026-03-02", "https://google.com/"),
        view(1, "2026-03-03", "https://duckduckgo.com/"),
        view(1, "2026-03-04", ""),
        view(2, "2026-03-05", "https://blog.example/"),
    ];
    let rows: Vec<_> = answer(&definition, &events)
        .rows
        .into_iter()
        .map(|row| (row.group, row.visits.n_visits, row.visits.n_visitors))
        .collect();
    let value = |text: &str| Group::Value(text.into());
    assert_eq!(
        rows,
        [(value("organic search"), 2, 1), (value("direct"), 1, 1), (value("referral"), 1, 1)]
    );
    definition.by = Some(Dimension::Referrer);
    let hosts: Vec<_> = answer(&definition, &events).rows.into_iter().map(|r| r.group).collect();
    assert_eq!(hosts.len(), 4);
    assert!(hosts.contains(&Group::Absent) && hosts.contains(&value("blog.example")));
}

#[test]
fn a_gap_of_just_the_limit_is_none() {
    let definition = definition();
    let times = ["2026-03-02T10:00Z", "2026-03-02T10:30Z", "2026-03-02T11:00:00.000001Z"];
    let events = times.map(|time| event((1, at(time).0, 0), "x", "{}"));
    let all = answer(&definition, &events).all;
    assert_eq!((all.n_visits, all.n_visitors, all.n_events), (2, 1, 3));
    assert_eq!(all.duration_s.expect("two visits").value, 900.0);
}

#[test]
fn what_cannot_be_used_is_named() {
    let check = |change: fn(&mut Definition), message: &str| {
        let mut definition = definition();
        change(&mut definition);
        let window = Window { from: at("2026-03-01"), until: at("2026-04-01") };
        assert_eq!(definition.plan_in(window).unwrap_err().to_string(), message);
    };
    check(|d| d.gap = Duration(0), "gap: 0 is not from 1 to 86400000000");
    check(|d| d.n_groups = 0, "n_groups: must not be empty");
    let empty = |d: &mut Definition| {
        let field = Field::Property("".into());
        d.by = Some(Dimension::Label(timeline::Label { field, view: View::Whole }));
    };
    check(empty, "by.label: must not be empty");
}

#[test]
fn said_in_words_and_in_sql() {
    let mut definition = definition();
    let window = Window { from: at("2026-03-01"), until: at("2026-04-01") };
    let sql = definition.sql(window);
    assert!(sql.contains("interval '1800000000 microseconds'"), "{sql}");
    definition.by = Some(Dimension::Channel);
    assert!(definition.sql(window).contains("then 'paid search'"), "{}", definition.sql(window));
    assert_eq!(
        definition.words(),
        "Visits that begin in the last 7 days with the current one, by channel; a visit are the \
         events of a customer up to a gap of more than 30 minutes; one with no more than one page \
         view is a bounce; in the time zone Europe/Berlin."
    );
}
