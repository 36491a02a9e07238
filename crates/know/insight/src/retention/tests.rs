//! Does retention count what going through each customer's events by the calendar counts?

use super::*;
use crate::breakdown::{By, Group, shown};
use crate::testing::{answered, event, timelines};
use crate::{Behind, Weekday, date};
use base::CustomerId;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use timeline::{Label, PlainEvent, PlainFacts, View};

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("a time")
}

fn property(name: &str) -> Field {
    Field::Property(name.into())
}

fn definition() -> Definition {
    Definition {
        calendar: Calendar::new("Europe/Berlin", Weekday::Monday).expect("a zone"),
        period: Period::Last { n: 12, grain: Grain::Week, current: true },
        comparison: Comparison::None,
        grain: Grain::Day,
        begin: Condition::event("a"),
        cohort: Cohort::First,
        back: Condition::event("b"),
        n_spans: 5,
        counting: Counting::On,
        clock: Clock::Calendar,
        value: Some(property("v")),
        breakdown: None,
    }
}

/// One customer in one cohort: when the cohort began, the group, the value of each column in which
/// they count.
struct Seen {
    cohort: Timestamp,
    group: Option<String>,
    columns: BTreeMap<usize, f64>,
    customer: CustomerId,
}

fn slow(
    definition: &Definition,
    window: Window,
    now: Timestamp,
    events: &[PlainEvent],
) -> Vec<Seen> {
    let Definition { calendar, grain, .. } = definition;
    let mut seen = Vec::new();
    for timeline in timelines(events) {
        let known: Vec<&PlainEvent> =
            timeline.into_iter().filter(|event| event.occurred_at < now).collect();
        let begins = known.iter().filter(|event| definition.begin.takes_name(&event.name));
        let mut begins: Vec<&&PlainEvent> = begins.collect();
        if definition.cohort == Cohort::First {
            begins.truncate(1);
        }
        begins.retain(|event| window.holds(event.occurred_at));
        let mut cohorts = BTreeSet::new();
        begins.retain(|event| cohorts.insert(calendar.begin(*grain, event.occurred_at)));
        for begin in begins {
            let mut columns = BTreeMap::new();
            for event in &known {
                if event.occurred_at < begin.occurred_at || !definition.back.takes_name(&event.name)
                {
                    continue;
                }
                let value = event.scalar(&property("v")).and_then(|s| s.number()).unwrap_or(0.0);
                let span = spans_after(definition, begin.occurred_at, event.occurred_at);
                for column in columns_of(definition, span) {
                    *columns.entry(column).or_insert(0.0) += value;
                }
            }
            seen.push(Seen {
                cohort: calendar.begin(*grain, begin.occurred_at),
                group: begin.scalar(&property("g")).map(|s| s.label().into_owned()),
                columns,
                customer: begin.customer,
            });
        }
    }
    seen
}

fn spans_after(definition: &Definition, begin: Timestamp, back: Timestamp) -> u32 {
    if definition.clock == Clock::Exact {
        let hours = match definition.grain {
            Grain::Hour => 1,
            Grain::Day => 24,
            _ => 168,
        };
        return (back.since(begin).0 / Duration::hours(hours).0) as u32;
    }
    let mut end = definition.calendar.end(definition.grain, begin);
    let mut n = 0;
    while end <= back {
        end = definition.calendar.end(definition.grain, end);
        n += 1;
    }
    n
}

fn columns_of(definition: &Definition, span: u32) -> Vec<usize> {
    let last = definition.n_spans;
    match &definition.counting {
        Counting::On => (span <= last).then_some(span as usize).into_iter().collect(),
        Counting::OnOrAfter => (0..=span.min(last) as usize).collect(),
        Counting::Brackets(begins) => {
            let column = begins.iter().filter(|begin| **begin <= span).count() - 1;
            (span <= last).then_some(column).into_iter().collect()
        }
    }
}

fn check_group(group: &RetentionGroup, seen: &[&Seen], definition: &Definition) {
    let n_cohorts: BTreeSet<Timestamp> = seen.iter().map(|seen| seen.cohort).collect();
    let found: u64 = group.cohorts.iter().map(|row| row.n).sum();
    assert_eq!(found, seen.len() as u64, "{n_cohorts:?}");
    for row in &group.cohorts {
        let begin = definition.calendar.begin(definition.grain, row.window.from);
        let members: Vec<&&Seen> = seen.iter().filter(|seen| seen.cohort == begin).collect();
        assert_eq!(row.n, members.len() as u64, "cohort of {}", row.name);
        for (column, cell) in row.cells.iter().enumerate() {
            let back = members.iter().filter_map(|seen| seen.columns.get(&column));
            let (n, sum) = back.fold((0, 0.0), |(n, sum), value| (n + 1, sum + value));
            let Some(cell) = cell else {
                assert_eq!(n, 0, "what has not begun has nobody");
                continue;
            };
            assert_eq!(cell.n, n, "{} in column {column}", row.name);
            let worth = cell.worth.as_ref().expect("a value was asked for");
            assert_eq!(worth.sum, sum);
            if row.n > 0 {
                let mean = worth.per_customer.as_ref().expect("there is somebody").value;
                assert!((mean - sum / row.n as f64).abs() < 1e-9);
            }
        }
    }
}

fn check(definition: &Definition, window: Window, now: Timestamp, events: &[PlainEvent]) {
    let plan = definition.plan_in(window, now).expect("a good definition");
    let none = PlainFacts::new();
    let answer = answered(&plan, events, &none, |total, texts| plan.answer(&total, texts));
    let seen = slow(definition, window, now, events);
    check_group(&answer.all, &seen.iter().collect::<Vec<_>>(), definition);
    for group in &answer.groups {
        let value = match &group.group {
            Group::Value(text) => Some(text.to_string()),
            _ => None,
        };
        let of: Vec<&Seen> = seen.iter().filter(|seen| seen.group == value).collect();
        assert!(!of.is_empty());
        check_group(group, &of, definition);
    }
    check_over(definition, now, &answer);
    check_members((&plan, definition), events, &seen, &answer);
    check_pooled((&plan, definition), events, &seen, &answer);
    check_alike(&plan, &answer, events);
}

/// In the groups of another answer, those that are in it have the numbers that they have anyhow.
fn check_alike(plan: &Plan, answer: &Answer, events: &[PlainEvent]) {
    let mut groups: Vec<Group> = answer.groups.iter().map(|of| of.group.clone()).collect();
    let n_ahead = usize::from(!groups.is_empty());
    groups.rotate_left(n_ahead);
    groups.pop();
    if plan.codes != Codes::None {
        groups.push(Group::Value("nobody".into()));
    }
    let alike = answered(plan, events, &PlainFacts::new(), |total, texts| {
        plan.answer_in(&groups, &total, texts)
    });
    assert_eq!((&alike.columns, &alike.all), (&answer.columns, &answer.all));
    let found: Vec<&Group> = alike.groups.iter().map(|of| &of.group).collect();
    assert_eq!(found, groups.iter().collect::<Vec<_>>());
    for of in &alike.groups {
        match answer.groups.iter().find(|other| other.group == of.group) {
            Some(other) => assert_eq!(of, other),
            None => assert!(of.cohorts.iter().all(|row| row.n == 0)),
        }
    }
}

/// A cell is there when its time has begun for somebody, and over when it is for everybody.
fn check_over(definition: &Definition, now: Timestamp, answer: &Answer) {
    for row in &answer.all.cohorts {
        let (first, last) = (row.window.from, Timestamp(row.window.until.0 - 1));
        let n_begun = spans_after(definition, first, Timestamp(now.0 - 1));
        let n_over = spans_after(definition, last, now);
        for (column, cell) in answer.columns.iter().zip(&row.cells) {
            let (has_begun, is_over) = (n_begun >= column.first, n_over > column.last);
            assert_eq!(cell.is_some(), has_begun, "{} {column:?} {now}", row.name);
            assert_eq!(cell.as_ref().is_some_and(|cell| cell.is_over), is_over && has_begun);
        }
    }
    let n_over = |column: usize| {
        let rows = answer.all.cohorts.iter().filter(|row| row.n > 0);
        rows.filter(|row| row.cells[column].as_ref().is_some_and(|cell| cell.is_over)).count()
    };
    for (column, pooled) in answer.all.pooled.iter().enumerate() {
        assert_eq!(pooled.n_cohorts, n_over(column));
    }
}

fn check_members(
    (plan, definition): (&Plan, &Definition),
    events: &[PlainEvent],
    seen: &[Seen],
    answer: &Answer,
) {
    for (cohort, row) in answer.all.cohorts.iter().enumerate().filter(|(_, row)| row.n > 0) {
        let begin = definition.calendar.begin(definition.grain, row.window.from);
        for side in [Side::Began(None), Side::Returned(1), Side::Stayed(1)] {
            let point = Point { cohort: Some(cohort), side, group: (Group::All, Vec::new()) };
            let fold = plan.members(point, 100);
            let none = PlainFacts::new();
            let behind = answered(&fold, events, &none, |total, texts| fold.answer(&total, texts));
            let takes = |seen: &&Seen| {
                seen.cohort == begin
                    && match side {
                        Side::Began(_) => true,
                        Side::Returned(column) => seen.columns.contains_key(&column),
                        Side::Stayed(column) => !seen.columns.contains_key(&column),
                    }
            };
            let first: Vec<CustomerId> =
                seen.iter().filter(takes).map(|seen| seen.customer).collect();
            // Groups overlap in nothing here, so everybody is there once.
            assert_eq!(behind, Behind { n: first.len() as u64, first });
        }
    }
}

/// Behind all cohorts together are those of the cohorts for which the column is over, each once.
fn check_pooled(
    (plan, definition): (&Plan, &Definition),
    events: &[PlainEvent],
    seen: &[Seen],
    answer: &Answer,
) {
    let shown = shown(&answer.groups.iter().map(|of| of.group.clone()).collect::<Vec<_>>());
    let groups = answer.groups.iter().map(|of| of.group.clone());
    let is_over = |begin: Timestamp, column: usize| {
        let mut rows = answer.all.cohorts.iter();
        let row =
            rows.find(|row| definition.calendar.begin(definition.grain, row.window.from) == begin);
        let cell = row.and_then(|row| row.cells[column].as_ref());
        cell.is_some_and(|cell| cell.is_over)
    };
    for group in groups.chain([Group::All]) {
        for side in [Side::Began(None), Side::Began(Some(1)), Side::Returned(1), Side::Stayed(1)] {
            let point = Point { cohort: None, side, group: (group.clone(), shown.clone()) };
            let fold = plan.members(point, 100);
            let none = PlainFacts::new();
            let behind = answered(&fold, events, &none, |total, texts| fold.answer(&total, texts));
            let takes = |seen: &&Seen| {
                group.takes(seen.group.as_deref(), &shown)
                    && match side {
                        Side::Began(column) => column.is_none_or(|c| is_over(seen.cohort, c)),
                        Side::Returned(c) => {
                            is_over(seen.cohort, c) && seen.columns.contains_key(&c)
                        }
                        Side::Stayed(c) => {
                            is_over(seen.cohort, c) && !seen.columns.contains_key(&c)
                        }
                    }
            };
            let customers: BTreeSet<CustomerId> =
                seen.iter().filter(takes).map(|seen| seen.customer).collect();
            let n = customers.len() as u64;
            let expected = Behind { n, first: customers.into_iter().collect() };
            assert_eq!(behind, expected, "{side:?} of {group:?}");
        }
    }
}

fn events() -> impl Strategy<Value = Vec<PlainEvent>> {
    // Half days around 29 March 2026, when the clock is set; a microsecond beside them.
    let one = (0..4_u64, 0..40_i64, -1..2_i64, 0..3_usize, 0..4_usize);
    prop::collection::vec(one, 0..50).prop_map(|rows| {
        let begin = at("2026-03-18T23:00:00Z").0;
        let build = |(seq, (customer, half_days, beside, name, group))| {
            let time = begin + half_days * Duration::hours(12).0 - half_days % 3 * 3_600_000_000;
            let properties = match group {
                0 => "{}".to_owned(),
                group => format!(r#"{{"g":"{group}","v":{}.25}}"#, group * 10),
            };
            event((customer, time + beside, seq), ["a", "b", "c"][name], &properties)
        };
        (0..).zip(rows).map(build).collect()
    })
}

fn definitions() -> impl Strategy<Value = Definition> {
    let conditions = prop::sample::select(vec![
        Condition::event("a"),
        Condition::event("b"),
        Condition { events: vec!["a".into(), "b".into()], tests: Vec::new() },
        Condition::default(),
    ]);
    let grain = prop::sample::select(vec![Grain::Hour, Grain::Day, Grain::Week, Grain::Month]);
    (conditions.clone(), conditions, grain, any::<[bool; 4]>(), 0..3_usize, 1..9_u32).prop_map(
        |(begin, back, grain, [is_first, is_exact, is_grouped, is_same], counting, n_spans)| {
            let mut definition = definition();
            definition.back = if is_same { begin.clone() } else { back };
            definition.begin = begin;
            definition.grain = grain;
            definition.n_spans = n_spans.max(2);
            definition.cohort = if is_first { Cohort::First } else { Cohort::Every };
            if is_exact && grain != Grain::Month {
                definition.clock = Clock::Exact;
            }
            definition.counting = match counting {
                0 => Counting::On,
                1 => Counting::OnOrAfter,
                _ => Counting::Brackets(vec![0, 1, n_spans.max(2)]),
            };
            let label = Label { field: property("g"), view: View::Whole };
            let breakdown = Breakdown { by: By::Label(label), n_groups: 10 };
            definition.breakdown = is_grouped.then_some(breakdown);
            definition
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn the_same_as_going_through_the_calendar(
        definition in definitions(),
        events in events(),
        (from, until, now) in (-20..200_i64, 210..500_i64, 210..500_i64),
    ) {
        // Hour by hour there are many spans that nothing is in; look at a few of them.
        let begin = at("2026-03-19").0;
        let hour = |n: i64| Timestamp(begin + Duration::hours(n).0);
        let (until, now) = match definition.grain {
            Grain::Hour => (from + 30, from + 25 + now % 20),
            _ => (until, now),
        };
        let window = Window { from: hour(from), until: hour(until) };
        check(&definition, window, hour(now), &events);
    }
}

fn plain(definition: &Definition, events: &[PlainEvent]) -> Answer {
    let window = Window { from: at("2026-03-02T00:00+01:00"), until: at("2026-03-16T00:00+01:00") };
    let plan = definition.plan_in(window, at("2026-04-01")).expect("a good definition");
    answered(&plan, events, &PlainFacts::new(), |total, texts| plan.answer(&total, texts))
}

#[test]
fn weeks_one_by_one() {
    let mut definition = definition();
    definition.grain = Grain::Week;
    definition.back = Condition::event("a");
    definition.n_spans = 3;
    let on = |customer, day: &str| event((customer, at(day).0, 0), "a", "{}");
    let events = [
        on(1, "2026-03-03"),
        on(1, "2026-03-09"),
        on(2, "2026-03-08T22:59:59Z"),
        on(2, "2026-03-23T00:00+01:00"),
        on(3, "2026-02-01"),
        on(3, "2026-03-03"),
        on(4, "2026-03-10"),
    ];
    let answer = plain(&definition, &events);
    let rows: Vec<_> = answer.all.cohorts.iter().map(|row| (row.name.as_str(), row.n)).collect();
    assert_eq!(rows, [("2026-03-02", 2), ("2026-03-09", 1)], "3 had begun before");
    let ns = |row: usize| -> Vec<Option<u64>> {
        answer.all.cohorts[row].cells.iter().map(|c| c.as_ref().map(|c| c.n)).collect()
    };
    assert_eq!(ns(0), [Some(2), Some(1), Some(0), Some(1)]);
    assert_eq!(ns(1), [Some(1), Some(0), Some(0), Some(0)]);
    let last = answer.all.cohorts[1].cells[3].as_ref().expect("it has begun");
    assert!(!last.is_over && answer.all.cohorts[0].is_whole);
    let pooled = &answer.all.pooled[3];
    assert_eq!((pooled.n_cohorts, pooled.n), (1, 1));
    assert_eq!(pooled.of.as_ref().expect("two began").value, 0.5);

    definition.counting = Counting::OnOrAfter;
    let answer = plain(&definition, &events);
    let ns: Vec<_> = answer.all.cohorts[0].cells.iter().flatten().map(|cell| cell.n).collect();
    assert_eq!(ns, [2, 2, 1, 1]);
}

#[test]
fn the_period_before_is_known_for_as_long() {
    let mut definition = definition();
    definition.grain = Grain::Week;
    definition.period = Period::Between { first: date(2026, 3, 2), last: date(2026, 3, 15) };
    definition.n_spans = 3;
    definition.back = Condition::event("a");
    definition.counting = Counting::OnOrAfter;
    assert!(definition.plan_compared(at("2026-03-24")).expect("a plan").is_none());
    definition.comparison = Comparison::Previous;
    let on = |customer, day: &str| event((customer, at(day).0, 0), "a", "{}");
    // Both come again in the week after the period that they began in; 2 once more, much later.
    let events = [
        on(1, "2026-03-03"),
        on(1, "2026-03-17"),
        on(2, "2026-02-17"),
        on(2, "2026-03-03"),
        on(2, "2026-03-20"),
    ];
    let now = at("2026-03-24");
    let cohorts = |plan: &Plan| {
        let none = PlainFacts::new();
        let answer = answered(plan, &events, &none, |total, texts| plan.answer(&total, texts));
        let n = |row: &CohortRow| row.cells.iter().map(|c| c.as_ref().map(|c| c.n)).collect();
        answer.all.cohorts.iter().map(n).collect::<Vec<Vec<Option<u64>>>>()
    };
    let plan = definition.plan(now).expect("a plan");
    let before = definition.plan_compared(now).expect("a plan").expect("it is compared");
    assert_eq!(before.window().from, at("2026-02-16T00:00+01:00"));
    let shape = vec![Some(1), Some(1), Some(1), Some(0)];
    assert_eq!(cohorts(&plan)[0], shape);
    assert_eq!(cohorts(&before)[0], shape, "of 20 March the earlier period knows nothing");
}

#[test]
fn what_cannot_be_used_is_named() {
    let check = |change: fn(&mut Definition), message: &str| {
        let mut definition = definition();
        change(&mut definition);
        let window = Window { from: at("2026-01-01"), until: at("2026-03-01") };
        let error = definition.plan_in(window, at("2026-04-01")).unwrap_err();
        assert_eq!(error.to_string(), message);
    };
    check(|d| d.n_spans = 0, "n_spans: 0 is not from 1 to 400");
    check(
        |d| (d.grain, d.clock) = (Grain::Month, Clock::Exact),
        "clock: months have no exact length: count by the calendar",
    );
    check(
        |d| d.counting = Counting::Brackets(vec![1, 2]),
        "counting.brackets: brackets begin at 0, ascend, and end before the last span",
    );
    check(
        |d| (d.grain, d.n_spans) = (Grain::Hour, 100),
        "n_spans: 143016 are too many, at most 50000 are possible",
    );
}

#[test]
fn said_in_words_and_in_sql() {
    let mut definition = definition();
    definition.value = None;
    assert_eq!(
        definition.words(),
        "Of the customers whose first “a” ever was in the same day, the last 12 weeks with the \
         current one, how many did “b” at that moment or later, in each of the 5 days after, by \
         the calendar of Europe/Berlin."
    );
    let window = Window { from: at("2026-01-01"), until: at("2026-03-01") };
    let sql = definition.sql(window).expect("a plain one");
    assert!(sql.contains("date_trunc('day', e.occurred_at at time zone 'Europe/Berlin')"), "{sql}");
    definition.counting = Counting::OnOrAfter;
    assert_eq!(definition.sql(window), None);
    definition.comparison = Comparison::Previous;
    let end =
        "by the calendar of Europe/Berlin; compared with the period of the same length before.";
    assert!(definition.words().ends_with(end), "{}", definition.words());
}
