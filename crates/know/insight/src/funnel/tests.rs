//! Does the funnel count what trying every attempt by itself counts?

use super::*;
use crate::breakdown::Group;
use crate::testing::{WAYS, answered, came, channel_of, event, timelines};
use crate::{Behind, Grain, Took};
use base::CustomerId;
use proptest::prelude::*;
use std::collections::BTreeMap;
use timeline::{Field, Op, PlainEvent, PlainFacts, Scalar, Test, View};

const SECOND: i64 = 1_000_000;
const MINUTES_10: i64 = 600 * SECOND;

fn property(name: &str) -> Label {
    Label { field: Field::Property(name.into()), view: View::Whole }
}

fn where_(name: &str, key: &str, value: &str) -> Condition {
    let op = Op::Is(vec![value.into()]);
    let field = Field::Property(key.into());
    Condition { events: vec![name.into()], tests: vec![Test { field, view: View::Whole, op }] }
}

fn definition(steps: &[Condition], within: i64) -> Definition {
    Definition {
        calendar: Calendar::utc(),
        comparison: Comparison::None,
        period: Period::Last { n: 1, grain: Grain::Day, current: true },
        steps: steps.to_vec(),
        order: Order::Ordered,
        within: Duration(within),
        exclusions: Vec::new(),
        held: Vec::new(),
        breakdown: None,
    }
}

fn named(names: &[&str]) -> Vec<Condition> {
    names.iter().map(|name| Condition::event(name)).collect()
}

/// One event, as the slow count sees it.
struct Seen {
    at: i64,
    exclusions: Vec<bool>,
    steps: Vec<bool>,
    counted: bool,
    value: Option<Vec<String>>,
    group: Option<String>,
}

fn see(definition: &Definition, event: &PlainEvent, events: &[PlainEvent]) -> Seen {
    let holds = |condition: &Condition| {
        let test = |test: &Test| test.takes(event.scalar(&test.field).as_ref());
        condition.takes_name(&event.name) && condition.tests.iter().all(test)
    };
    let label = |label: &Label| event.scalar(&label.field).map(|s| s.label().into_owned());
    let steps: Vec<bool> = definition.steps.iter().map(holds).collect();
    let group = definition.breakdown.as_ref().and_then(|b| match &b.by.by {
        By::Label(of) => label(of),
        By::Trait(_) => None,
        By::Channel { .. } => Some(channel_of(events, event)),
    });
    Seen {
        at: event.occurred_at.0,
        exclusions: definition.exclusions.iter().map(|e| holds(&e.condition)).collect(),
        counted: match &definition.order {
            Order::Strict(among) => holds(among) || steps.contains(&true),
            _ => steps.contains(&true),
        },
        steps,
        value: definition.held.iter().map(label).collect(),
        group,
    }
}

/// The order at the same moment: as the module says, and then single steps before several.
fn order(seen: &Seen) -> (i64, usize, Vec<bool>) {
    let mut all = seen.exclusions.clone();
    all.extend(&seen.steps);
    all.push(seen.counted);
    let first = all.iter().position(|holds| *holds).unwrap_or(usize::MAX);
    all.reverse();
    (seen.at, first, all)
}

/// The events of the attempt that begins with the first of `line`.
fn attempt<'s>(definition: &Definition, line: &'s [Seen]) -> Vec<&'s Seen> {
    let first_step = |seen: &Seen| seen.steps.iter().position(|holds| *holds);
    let begin = &line[0];
    let mut done = vec![first_step(begin).expect("it begins with a step")];
    let mut events = vec![begin];
    let mut moment = begin.at;
    for (k, seen) in line.iter().enumerate().skip(1) {
        let level = events.len();
        // All exclusions of a moment come before its steps; those of the first are over.
        let excludes = |seen: &Seen| {
            let mut exclusions = definition.exclusions.iter().zip(&seen.exclusions);
            exclusions.any(|(e, holds)| *holds && e.after <= level && level < e.before)
        };
        let is_new = seen.at > moment;
        moment = seen.at;
        let ends = is_new && line[k..].iter().take_while(|seen| seen.at == moment).any(excludes);
        if ends || seen.at - begin.at > definition.within.0 || level == definition.steps.len() {
            break;
        }
        let next = match definition.order {
            Order::Any => first_step(seen).filter(|step| !done.contains(step)),
            _ => Some(level).filter(|level| seen.steps[*level]),
        };
        match next.filter(|_| seen.value == begin.value) {
            Some(step) => {
                done.push(step);
                events.push(seen);
            }
            None if seen.counted && matches!(definition.order, Order::Strict(_)) => break,
            None => {}
        }
    }
    events
}

/// How many customers of each group reached each step, and how long the steps took.
type Counted = BTreeMap<Option<String>, (Vec<u64>, Vec<Vec<i64>>)>;

fn slow(definition: &Definition, window: Window, events: &[PlainEvent]) -> (Counted, Vec<usize>) {
    let n_steps = definition.steps.len();
    let mut counted = Counted::new();
    let mut levels = Vec::new();
    for timeline in timelines(events) {
        let seen = timeline.iter().map(|event| see(definition, event, events));
        let mut line: Vec<Seen> = seen.collect();
        line.retain(|seen| window.from.0 <= seen.at);
        line.sort_by_key(order);
        let begins = |k: &usize| match definition.order {
            Order::Any => line[*k].steps.contains(&true),
            _ => line[*k].steps[0],
        };
        let mut best = Vec::new();
        for k in (0..line.len()).filter(begins) {
            if line[k].at < window.until.0 && line[k].value.is_some() {
                let events = attempt(definition, &line[k..]);
                if events.len() > best.len() {
                    best = events;
                }
            }
        }
        levels.push(best.len());
        let group = match &definition.breakdown {
            Some(FunnelBreakdown { at: At::Last, .. }) => best.last(),
            _ => best.first(),
        };
        let Some(group) = group else { continue };
        let (ns, tooks) = counted
            .entry(group.group.clone())
            .or_insert_with(|| (vec![0; n_steps], vec![Vec::new(); n_steps - 1]));
        (0..best.len()).for_each(|step| ns[step] += 1);
        for (took, pair) in tooks.iter_mut().zip(best.windows(2)) {
            took.push(pair[1].at - pair[0].at);
        }
    }
    (counted, levels)
}

fn check_group(group: &FunnelGroup, (ns, tooks): &mut (Vec<u64>, Vec<Vec<i64>>)) {
    assert_eq!(group.steps.iter().map(|step| step.n).collect::<Vec<_>>(), *ns, "{group:?}");
    for (step, took) in group.steps[1..].iter().zip(tooks) {
        assert_eq!(step.took, Took::of(took));
    }
}

fn check(definition: &Definition, window: Window, events: &[PlainEvent]) {
    let plan = definition.plan_in(window).expect("a good definition");
    let none = PlainFacts::new();
    let answer = answered(&plan, events, &none, |total, texts| plan.answer(total, texts));
    let (mut counted, levels) = slow(definition, window, events);
    let plain = plan.clone().without_times();
    let untimed = answered(&plain, events, &none, |total, texts| plain.answer(total, texts));
    let ns = |answer: &Answer| answer.all.steps.iter().map(|step| step.n).collect::<Vec<_>>();
    assert_eq!(ns(&untimed), ns(&answer), "without times");
    let n_reached = |step| levels.iter().filter(|level| **level >= step).count() as u64;
    for (k, step) in (1..).zip(&answer.all.steps) {
        assert_eq!(step.n, n_reached(k), "step {k}");
    }
    match definition.breakdown {
        None => counted.values_mut().for_each(|counted| check_group(&answer.all, counted)),
        Some(_) => {
            assert_eq!(answer.groups.len(), counted.len());
            for group in &answer.groups {
                let value = match &group.group {
                    Group::Value(text) => Some(text.to_string()),
                    _ => None,
                };
                check_group(group, counted.get_mut(&value).expect("such a group"));
            }
        }
    }
    check_members(&plan, events, &levels, definition.breakdown.is_some());
}

fn check_members(plan: &Plan, events: &[PlainEvent], levels: &[usize], is_grouped: bool) {
    if is_grouped {
        return;
    }
    let customers: Vec<CustomerId> =
        timelines(events).iter().map(|timeline| timeline[0].customer).collect();
    for side in [Side::Reached, Side::Dropped] {
        for step in 1..=plan.rules.n_steps {
            let point = Point { step, side, group: (Group::All, Vec::new()) };
            let fold = plan.members(point, 100);
            let none = PlainFacts::new();
            let behind = answered(&fold, events, &none, |total, texts| fold.answer(&total, texts));
            let is_there = |level: usize| match side {
                Side::Reached => level >= step,
                Side::Dropped => level > 0 && level == step - 1,
            };
            let pairs = customers.iter().zip(levels);
            let first: Vec<CustomerId> =
                pairs.filter(|(_, level)| is_there(**level)).map(|(c, _)| *c).collect();
            assert_eq!(behind, Behind { n: first.len() as u64, first });
        }
    }
}

/// That behind each step of a group are as many customers as it says.
fn check_members_of_groups(definition: &Definition, window: Window, events: &[PlainEvent]) {
    let plan = definition.plan_in(window).expect("a good definition");
    let none = PlainFacts::new();
    let answer = answered(&plan, events, &none, |total, texts| plan.answer(total, texts));
    for group in &answer.groups {
        for (step, of) in (1..).zip(&group.steps) {
            for (side, n) in [(Side::Reached, of.n), (Side::Dropped, of.n_dropped)] {
                let point = Point { step, side, group: (group.group.clone(), Vec::new()) };
                let fold = plan.members(point, 100);
                let answer = |total, texts: &[_]| fold.answer(&total, texts);
                let behind = answered(&fold, events, &none, answer);
                assert_eq!((behind.n, behind.first.len() as u64), (n, n));
            }
        }
    }
}

fn events() -> impl Strategy<Value = Vec<PlainEvent>> {
    events_at(SECOND)
}

/// Events at multiples of a length of time, and now and then the microsecond beside them.
fn events_at(unit: i64) -> impl Strategy<Value = Vec<PlainEvent>> {
    let one = (0..4_u64, 0..30_i64, 0..5_usize, (0..4_usize, 0..WAYS), any::<bool>());
    prop::collection::vec(one, 0..60).prop_map(move |rows| {
        let build = |(seq, (customer, tick, name, (value, way), is_near))| {
            let at = tick * unit + i64::from(is_near);
            let properties = match value {
                0 => "{}".to_owned(),
                value => format!(r#"{{"p":"{value}","q":{}}}"#, value % 2),
            };
            came(event((customer, at, seq), ["a", "b", "c", "d", "x"][name], &properties), way)
        };
        (0..).zip(rows).map(build).collect()
    })
}

fn steps() -> impl Strategy<Value = Vec<Condition>> {
    let either = Condition { events: vec!["a".into(), "b".into()], tests: Vec::new() };
    let pool = vec![
        Condition::event("a"),
        Condition::event("b"),
        Condition::event("c"),
        Condition::event("d"),
        either,
        where_("a", "p", "1"),
        Condition::default(),
    ];
    prop::collection::vec(prop::sample::select(pool), 2..6)
}

fn definitions() -> impl Strategy<Value = Definition> {
    let exclusion = (0..10_usize, 0..10_usize, any::<bool>());
    (
        steps(),
        (0..4_usize, (1..40_i64, 0..2_i64).prop_map(|(s, beside)| s * SECOND + beside)),
        prop::collection::vec(exclusion, 0..3),
        (0..3_usize, 0..4_usize),
    )
        .prop_map(|(steps, (order, within), exclusions, (n_held, group))| {
            let mut definition = definition(&steps, within);
            definition.order = match order {
                0 | 1 => Order::Ordered,
                2 => Order::Strict(Condition::default()),
                _ => Order::Any,
            };
            if definition.order == Order::Any {
                definition.steps = named(&["a", "b", "c", "d"])[..steps.len().min(4)].to_vec();
                definition
                    .steps
                    .push(Condition { events: vec!["a".into(), "x".into()], tests: Vec::new() });
            }
            let n_steps = definition.steps.len();
            for (after, before, is_x) in exclusions {
                let any_order = definition.order == Order::Any;
                let after = if any_order { 1 } else { 1 + after % (n_steps - 1) };
                let before =
                    if any_order { n_steps } else { after + 1 + before % (n_steps - after) };
                let condition = Condition::event(if is_x { "x" } else { "d" });
                definition.exclusions.push(Exclusion { condition, after, before });
            }
            definition.held = [property("p"), property("q")][..n_held].to_vec();
            let by = Breakdown { by: By::Label(property("p")), n_groups: 10 };
            definition.breakdown = match group {
                2 => Some(FunnelBreakdown { by, at: At::First }),
                3 => Some(FunnelBreakdown { by, at: At::Last }),
                _ => None,
            };
            definition
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn the_same_as_trying_every_attempt(
        definition in definitions(),
        events in events(),
        (from, until) in (-1..10_i64, 12..40_i64),
    ) {
        let window = Window { from: Timestamp(from * SECOND), until: Timestamp(until * SECOND) };
        check(&definition, window, &events);
    }

    #[test]
    fn by_channel_as_well(
        definition in definitions(),
        events in events_at(MINUTES_10),
        (from, until) in (-1..10_i64, 12..40_i64),
        is_last in any::<bool>(),
    ) {
        let by = By::Channel { own_hosts: vec!["pay.example".into()] };
        let by = Breakdown { by, n_groups: 10 };
        let at = if is_last { At::Last } else { At::First };
        let within = Duration(definition.within.0 * (MINUTES_10 / SECOND));
        let definition =
            Definition { breakdown: Some(FunnelBreakdown { by, at }), within, ..definition };
        let moment = |n: i64| Timestamp(n * MINUTES_10);
        let window = Window { from: moment(from), until: moment(until) };
        check(&definition, window, &events);
        check_members_of_groups(&definition, window, &events);
    }

    #[test]
    fn a_plain_funnel_is_window_funnel(events in events(), within in 0..40_i64) {
        let definition = definition(&named(&["a", "b", "c"]), within * SECOND + 1);
        let plan = definition.plan_in(Window::EVER).expect("a good definition").without_times();
        let none = PlainFacts::new();
        let answer = answered(&plan, &events, &none, |total, texts| plan.answer(total, texts));
        let mut n_at = [0; 4];
        for timeline in timelines(&events) {
            n_at[window_funnel(&timeline, &["a", "b", "c"], within * SECOND + 1)] += 1;
        }
        let ns: Vec<u64> = answer.all.steps.iter().map(|step| step.n).collect();
        prop_assert_eq!(ns, [n_at[1] + n_at[2] + n_at[3], n_at[2] + n_at[3], n_at[3]]);
        prop_assert!(answer.all.took.is_none());
    }
}

/// `getEventLevel` of ClickHouse's `AggregateFunctionWindowFunnel.h` (Apache-2.0), default mode.
fn window_funnel(timeline: &[&PlainEvent], names: &[&str], window: i64) -> usize {
    let place = |name: &str| names.iter().position(|step| *step == name);
    let mut events: Vec<(i64, usize)> = timeline
        .iter()
        .filter_map(|event| Some((event.occurred_at.0, place(&event.name)?)))
        .collect();
    events.sort();
    let mut first: Vec<Option<i64>> = vec![None; names.len()];
    for (at, step) in events {
        if step == 0 {
            first[0] = Some(at);
        } else if let Some(begin) = first[step - 1].filter(|begin| at <= begin + window) {
            first[step] = Some(begin);
        }
    }
    first.iter().rposition(Option::is_some).map_or(0, |level| level + 1)
}

/// Letters at seconds: `a0 b5 x7`, customers parted by `|`.
fn story(text: &str) -> Vec<PlainEvent> {
    let mut events = Vec::new();
    for (customer, line) in (1..).zip(text.split('|')) {
        for (seq, word) in (0..).zip(line.split_whitespace()) {
            let at: i64 = word[1..].parse().expect("seconds");
            events.push(event((customer, at * SECOND, seq), &word[..1], "{}"));
        }
    }
    events
}

fn ns(definition: &Definition, text: &str) -> Vec<u64> {
    let plan = definition.plan_in(Window::EVER).expect("a good definition");
    let none = PlainFacts::new();
    let answer = answered(&plan, &story(text), &none, |total, texts| plan.answer(total, texts));
    answer.all.steps.iter().map(|step| step.n).collect()
}

#[test]
fn rules_one_by_one() {
    let abc = definition(&named(&["a", "b", "c"]), 10 * SECOND);
    assert_eq!(ns(&abc, "a0 b5 c10 | a0 b5 c11 | b0 a1 c2"), [3, 2, 1], "the last moment counts");
    assert_eq!(ns(&abc, "a0 a8 b9 c15"), [1, 1, 1], "a later attempt may get deeper");
    assert_eq!(ns(&abc, "c3 b3 a3"), [1, 1, 1], "one moment, read in favour of the funnel");
    let aa = definition(&named(&["a", "a"]), 10 * SECOND);
    assert_eq!(ns(&aa, "a0 | a0 a1 | a0 a20"), [3, 1], "one event is one step");

    // Found by chance: events that are a step and an exclusion, two at one moment.
    let mut self_excluding = definition(&named(&["a", "a"]), 10 * SECOND);
    let condition = Condition::event("a");
    self_excluding.exclusions = vec![Exclusion { condition, after: 1, before: 2 }];
    assert_eq!(ns(&self_excluding, "a0 a0 | a0 a1"), [2, 1], "a moment's exclusions come first");

    let mut strict = abc.clone();
    strict.order = Order::Strict(Condition::default());
    assert_eq!(ns(&strict, "a0 b1 c2 | a0 x1 b2 c3 | a0 b1 x2 c3 | a0 a1 b2 c3"), [4, 3, 2]);
    strict.order = Order::Strict(Condition::event("y"));
    assert_eq!(ns(&strict, "a0 x1 b2 c3 | a0 y1 b2 c3 | a0 c1 b2 c3"), [3, 1, 1]);

    let mut any = abc.clone();
    any.order = Order::Any;
    assert_eq!(ns(&any, "c0 a1 b2 | c0 c1 | b0 a11 c12 | a0 b5 c10"), [4, 3, 2]);

    let mut without = abc.clone();
    let condition = Condition::event("x");
    without.exclusions = vec![Exclusion { condition, after: 1, before: 3 }];
    assert_eq!(ns(&without, "a0 x1 b2 c3 | a0 x1 a2 b3 c4 | a0 b1 c2 x2 | x0 a0 b1 c2"), [4, 3, 2]);
}

#[test]
fn times_are_those_of_the_earliest_deepest_attempt() {
    let definition = definition(&named(&["a", "b"]), 10 * SECOND);
    let plan = definition.plan_in(Window::EVER).expect("a good definition");
    let none = PlainFacts::new();
    let answered =
        |text| answered(&plan, &story(text), &none, |total, texts| plan.answer(total, texts)).all;
    let took = answered("a0 a20 a24 b27 a30 b31").took.expect("one got there");
    assert_eq!((took.n, took.median), (1, Duration::seconds(7)));
    assert!(answered("a0 a20").took.is_none());
}

#[test]
fn by_trait() {
    let mut definition = definition(&named(&["a", "b"]), 10 * SECOND);
    let by = Breakdown { by: By::Trait("plan".into()), n_groups: 1 };
    definition.breakdown = Some(FunnelBreakdown { by, at: At::First });
    let plan = definition.plan_in(Window::EVER).expect("a good definition");
    let plans = [(1, "pro"), (2, "pro"), (3, "free")];
    let traits: PlainFacts = plans
        .map(|(id, plan)| {
            ((CustomerId(id), timeline::Fact::Trait("plan".into())), Scalar::Text(plan.into()))
        })
        .into();
    let events = story("a0 b1 | a0 | a0 b3 | a0 b2");
    let answer = answered(&plan, &events, &traits, |total, texts| plan.answer(total, texts));
    let found: Vec<_> = answer
        .groups
        .iter()
        .map(|g| (g.group.clone(), g.steps[1].n, g.steps[1].n_dropped))
        .collect();
    let other = Group::Other { n_values: 1 };
    let pro = Group::Value("pro".into());
    assert_eq!(found, [(pro, 1, 1), (other.clone(), 1, 0), (Group::Absent, 1, 0)]);

    let groups = [Group::Value("free".into()), Group::Absent];
    let again =
        answered(&plan, &events, &traits, |total, texts| plan.answer_in(total, texts, &groups));
    assert_eq!(again.all, answer.all);
    assert_eq!(again.groups.iter().map(|g| g.steps[1].n).collect::<Vec<_>>(), [1, 1]);

    let point = Point { step: 2, side: Side::Reached, group: (other, vec!["pro".into()]) };
    let fold = plan.members(point, 10);
    let behind = answered(&fold, &events, &traits, |total, texts| fold.answer(&total, texts));
    assert_eq!(behind, Behind { n: 1, first: vec![CustomerId(3)] });
}

#[test]
fn what_cannot_be_used_is_named() {
    let good = definition(&named(&["a", "b"]), SECOND);
    let check = |change: fn(&mut Definition), message: &str| {
        let mut definition = good.clone();
        change(&mut definition);
        let error = definition.plan_in(Window::EVER).unwrap_err();
        assert_eq!(error.to_string(), message);
    };
    check(|d| d.steps.truncate(1), "steps: a funnel has two steps at least");
    check(|d| d.steps.clear(), "steps: must not be empty");
    check(|d| d.steps = named(&["a"; 11]), "steps: 11 are too many, at most 10 are possible");
    check(
        |d| (d.order, d.steps) = (Order::Any, named(&["a", "b", "a"])),
        "steps[2]: in any order the same step cannot be taken twice",
    );
    check(
        |d| d.exclusions = vec![Exclusion { condition: Condition::default(), after: 2, before: 2 }],
        "exclusions[0].after: 2 is not from 1 to 1",
    );
    check(|d| d.within = Duration(0), "within: 0 is not from 1 to 316224000000000");
}

#[test]
fn said_in_words_and_in_sql() {
    let mut definition = definition(&named(&["Product Viewed", "Order Completed"]), 0);
    definition.within = Duration::days(7);
    definition.period = Period::Last { n: 30, grain: Grain::Day, current: false };
    assert_eq!(
        definition.words(),
        "Customers who do “Product Viewed”, then “Order Completed”, within 7 days of the first, \
         which falls into the last 30 days before the current one; in the time zone UTC."
    );
    let sql = definition.sql(Window::EVER).expect("a plain funnel");
    assert!(sql.contains("s1.began") || sql.contains("s.began + interval '604800000000 "), "{sql}");
    definition.order = Order::Any;
    assert_eq!(definition.sql(Window::EVER), None);
}
