//! Do paths count what going from every anchor by itself counts?

use super::*;
use crate::Behind;
use crate::testing::{answered, event, timelines};
use base::CustomerId;
use proptest::prelude::*;
use std::collections::BTreeMap;
use timeline::{PlainEvent, PlainFacts, View};

const SECOND: i64 = 1_000_000;

fn definition() -> Definition {
    Definition {
        calendar: Calendar::utc(),
        period: Period::Last { n: 7, grain: Grain::Day, current: true },
        comparison: Comparison::None,
        anchor: Anchor::From(Condition::event("a")),
        which: Which::Every,
        among: Condition::default(),
        label: Label { field: Field::Name, view: View::Whole },
        collapse: false,
        gap: None,
        within: None,
        depth: 3,
        n_shown: 10,
    }
}

/// The paths of each customer: the labels of their steps, `None` being absent.
type Paths = Vec<(CustomerId, Vec<Vec<Option<String>>>)>;

struct Seen {
    at: i64,
    label: Option<String>,
    is_anchor: bool,
}

fn slow(definition: &Definition, window: Window, events: &[PlainEvent]) -> Paths {
    let mut paths = Paths::new();
    let reach = definition.within.unwrap_or_default();
    let seen_window = match definition.anchor {
        Anchor::To(_) => Window { from: window.from.minus(reach), ..window },
        _ => Window { until: window.until.plus(reach), ..window },
    };
    for timeline in timelines(events) {
        let mut seen: Vec<Seen> = Vec::new();
        for event in &timeline {
            let is_anchor = match &definition.anchor {
                Anchor::From(condition) | Anchor::To(condition) => {
                    condition.takes_name(&event.name)
                }
                Anchor::Sessions => false,
            };
            let label = event.scalar(&definition.label.field).map(|s| s.label().into_owned());
            let is_step = definition.among.takes_name(&event.name) && label.is_some();
            if seen_window.holds(event.occurred_at) && (is_anchor || is_step) {
                seen.push(Seen { at: event.occurred_at.0, label, is_anchor });
            }
        }
        let gap = |k: usize| seen[k].at - seen[k - 1].at > definition.gap.map_or(i64::MAX, |g| g.0);
        let is_repeat = |k: usize| {
            definition.collapse && k > 0 && !gap(k) && seen[k].label == seen[k - 1].label
        };
        // Runs of events that are one step.
        let mut runs: Vec<Vec<usize>> = Vec::new();
        for k in 0..seen.len() {
            match runs.last_mut() {
                Some(run) if is_repeat(k) => run.push(k),
                _ => runs.push(vec![k]),
            }
        }
        let anchors = (0..runs.len()).filter(|run| {
            let counts = |k: &usize| {
                let begins = match definition.anchor {
                    Anchor::Sessions => *k == 0 || gap(*k),
                    _ => seen[*k].is_anchor,
                };
                begins && window.holds(Timestamp(seen[*k].at))
            };
            runs[*run].iter().any(counts)
        });
        let mut anchors: Vec<usize> = anchors.collect();
        if definition.which == Which::First {
            anchors.truncate(1);
        }
        let line = |anchor| one_path(definition, (&seen, &runs), anchor);
        let of_customer: Vec<_> = anchors.into_iter().map(line).collect();
        if !of_customer.is_empty() {
            paths.push((timeline[0].customer, of_customer));
        }
    }
    paths
}

fn one_path(
    definition: &Definition,
    (seen, runs): (&[Seen], &[Vec<usize>]),
    anchor: usize,
) -> Vec<Option<String>> {
    let is_back = matches!(definition.anchor, Anchor::To(_));
    let order: Vec<usize> =
        if is_back { (0..=anchor).rev().collect() } else { (anchor..runs.len()).collect() };
    let span = |run: usize| {
        let events = &runs[run];
        (seen[events[0]].at, seen[events[events.len() - 1]].at)
    };
    let mut path = vec![seen[runs[anchor][0]].label.clone()];
    for pair in order.windows(2) {
        let (earlier, later) = if is_back { (pair[1], pair[0]) } else { (pair[0], pair[1]) };
        let gap = span(later).0 - span(earlier).1;
        let length = match is_back {
            true => span(anchor).1 - span(earlier).1,
            false => span(later).0 - span(anchor).0,
        };
        let is_over = |limit: Option<Duration>, length| limit.is_some_and(|limit| length > limit.0);
        if path.len() == definition.depth
            || is_over(definition.gap, gap)
            || is_over(definition.within, length)
        {
            break;
        }
        path.push(seen[runs[pair[1]][0]].label.clone());
    }
    path
}

/// Steps by level as they are called in an answer; nothing is "other" here.
fn step(path: &[Option<String>], level: usize) -> Step {
    match path.get(level) {
        None => Step::End,
        Some(None) => Step::Absent,
        Some(Some(text)) => Step::Value(text.as_str().into()),
    }
}

fn check(definition: &Definition, window: Window, events: &[PlainEvent]) {
    let plan = definition.plan_in(window).expect("a good definition");
    let none = PlainFacts::new();
    let answer = answered(&plan, events, &none, |total, texts| {
        plan.answer(&total, texts).expect("few paths")
    });
    let slow = slow(definition, window, events);
    let all: Vec<&Vec<Option<String>>> = slow.iter().flat_map(|(_, paths)| paths).collect();
    assert_eq!((answer.n_customers, answer.n_paths), (slow.len() as u64, all.len() as u64));

    let mut links: BTreeMap<(usize, Step, Step), u64> = BTreeMap::new();
    let mut tops: BTreeMap<Vec<Step>, u64> = BTreeMap::new();
    for path in &all {
        for level in 0..path.len().min(definition.depth - 1) {
            *links.entry((level, step(path, level), step(path, level + 1))).or_default() += 1;
        }
        let n_steps = (path.len() + 1).min(3).min(definition.depth);
        *tops.entry((0..n_steps).map(|level| step(path, level)).collect()).or_default() += 1;
    }
    let called = |level: usize, place: usize| answer.levels[level][place].step.clone();
    let found = answer.links.iter().map(|link| {
        ((link.level, called(link.level, link.from), called(link.level + 1, link.to)), link.n)
    });
    assert_eq!(found.collect::<BTreeMap<_, _>>(), links);
    let found = answer.top.iter().map(|top| (top.steps.clone(), top.n));
    assert_eq!(found.collect::<BTreeMap<_, _>>(), tops);
    assert!(answer.top.is_sorted_by(|a, b| a.n >= b.n));
    for (level, nodes) in answer.levels.iter().enumerate() {
        for node in nodes {
            let n = all.iter().filter(|path| {
                // A path ends once.
                level <= path.len() && step(path, level) == node.step
            });
            assert_eq!(node.n, n.count() as u64, "{:?} at {level}", node.step);
        }
    }
    check_members(&plan, events, &slow, &answer);
    check_alike(definition, (window, &answer), events);
}

/// By the steps of another answer the numbers are the same; its steps come first.
fn check_alike(definition: &Definition, (window, own): (Window, &Answer), events: &[PlainEvent]) {
    let earlier = Window {
        from: window.from.minus(Duration(20 * SECOND)),
        until: window.until.minus(Duration(20 * SECOND)),
    };
    let none = PlainFacts::new();
    let answer_of = |plan: &Plan| {
        answered(plan, events, &none, |total, texts| plan.answer(&total, texts).expect("few"))
    };
    let before = definition.plan_in(earlier).expect("a good definition");
    let expected = answer_of(&before);
    let found = answered(&before, events, &none, |total, texts| {
        before.answer_in(own, &total, texts).expect("few paths")
    });
    assert_eq!((found.n_paths, found.n_customers), (expected.n_paths, expected.n_customers));
    for (level, nodes) in own.levels.iter().enumerate() {
        let steps = |nodes: &[Node]| nodes.iter().map(|n| n.step.clone()).collect::<Vec<_>>();
        assert_eq!(steps(&found.levels[level])[..nodes.len()], steps(nodes));
    }
    let same_steps = found.links[..own.links.len()].iter().zip(&own.links);
    for (link, of) in same_steps {
        assert_eq!((link.level, link.from, link.to), (of.level, of.from, of.to));
    }
    // Nothing is "other" here, so that each step is one of its own.
    let counts = |answer: &Answer| {
        let node = |(level, nodes): (usize, &Vec<Node>)| {
            let some = nodes.iter().filter(|node| node.n > 0);
            some.map(|node| ((level, node.step.clone()), node.n)).collect::<Vec<_>>()
        };
        let link = |link: &Link| {
            let at = |level: usize, place: usize| answer.levels[level][place].step.clone();
            ((link.level, at(link.level, link.from), at(link.level + 1, link.to)), link.n)
        };
        let nodes: BTreeMap<_, _> = answer.levels.iter().enumerate().flat_map(node).collect();
        let links = answer.links.iter().filter(|link| link.n > 0).map(link);
        (nodes, links.collect::<BTreeMap<_, _>>())
    };
    assert_eq!(counts(&found), counts(&expected));
    let n_tops = if found.n_paths == 0 { 0 } else { own.top.len() };
    assert_eq!(found.top.len(), n_tops);
    for top in &found.top {
        let same = expected.top.iter().find(|other| other.steps == top.steps);
        assert_eq!(top.n, same.map_or(0, |other| other.n), "{:?}", top.steps);
    }
}

fn check_members(plan: &Plan, events: &[PlainEvent], slow: &Paths, answer: &Answer) {
    for link in &answer.links {
        let at = |level: usize, place: usize| answer.levels[level][place].step.clone();
        let (from, to) = (at(link.level, link.from), at(link.level + 1, link.to));
        let point = Point {
            level: link.level,
            step: from.clone(),
            shown: Vec::new(),
            next: Some((to.clone(), Vec::new())),
        };
        let fold = plan.members(&point, 100);
        let none = PlainFacts::new();
        let behind = answered(&fold, events, &none, |total, _| fold.answer(total));
        let goes = |path: &Vec<Option<String>>| {
            link.level < path.len()
                && step(path, link.level) == from
                && step(path, link.level + 1) == to
        };
        let first: Vec<CustomerId> =
            slow.iter().filter(|(_, paths)| paths.iter().any(goes)).map(|(c, _)| *c).collect();
        assert_eq!(behind, Behind { n: first.len() as u64, first }, "{from:?} then {to:?}");
    }
}

fn events() -> impl Strategy<Value = Vec<PlainEvent>> {
    let one = (0..4_u64, 0..60_i64, 0..4_usize, 0..3_usize);
    prop::collection::vec(one, 0..50).prop_map(|rows| {
        let build = |(seq, (customer, tick, name, page))| {
            let properties = match page {
                0 => "{}".to_owned(),
                page => format!(r#"{{"page":"/{page}"}}"#),
            };
            event((customer, tick * SECOND, seq), ["a", "b", "c", "d"][name], &properties)
        };
        (0..).zip(rows).map(build).collect()
    })
}

fn definitions() -> impl Strategy<Value = Definition> {
    let lengths = || prop::option::of((1..20_i64).prop_map(|n| Duration(n * SECOND)));
    (0..3_usize, any::<[bool; 4]>(), lengths(), lengths(), 2..6_usize).prop_map(
        |(anchor, [is_first, is_page, is_some, collapse], gap, within, depth)| {
            let mut definition = definition();
            definition.anchor = match anchor {
                0 => Anchor::From(Condition::event("a")),
                1 => Anchor::To(Condition::event("a")),
                _ => Anchor::Sessions,
            };
            definition.gap = match anchor {
                2 => Some(gap.unwrap_or(Duration(5 * SECOND))),
                _ => gap,
            };
            definition.which = if is_first { Which::First } else { Which::Every };
            if is_page {
                definition.label.field = Field::Property("page".into());
            }
            if is_some {
                definition.among.events = vec!["b".into(), "c".into()];
            }
            Definition { collapse, within, depth, ..definition }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn the_same_as_going_from_every_anchor(
        definition in definitions(),
        events in events(),
        (from, until) in (-5..20_i64, 30..80_i64),
    ) {
        let window = Window { from: Timestamp(from * SECOND), until: Timestamp(until * SECOND) };
        check(&definition, window, &events);
    }
}

/// One letter per second; customers parted by `|`.
fn story(text: &str) -> Vec<PlainEvent> {
    let mut events = Vec::new();
    for (customer, line) in (1..).zip(text.split('|')) {
        for (second, name) in (0_u32..).zip(line.trim().chars()) {
            let at = (customer, i64::from(second) * SECOND, u64::from(second));
            events.push(event(at, &name.to_string(), "{}"));
        }
    }
    events
}

fn answer(definition: &Definition, text: &str) -> Answer {
    let plan = definition.plan_in(Window::EVER).expect("a good definition");
    answered(&plan, &story(text), &PlainFacts::new(), |total, texts| {
        plan.answer(&total, texts).expect("few paths")
    })
}

#[test]
fn what_is_rare_is_other() {
    let mut definition = definition();
    definition.n_shown = 1;
    let answer = answer(&definition, "abx | aby | acx | adx | a");
    let value = |text: &str| Step::Value(text.into());
    let second: Vec<_> = answer.levels[1].iter().map(|node| (node.step.clone(), node.n)).collect();
    let other = Step::Other { n_values: 2 };
    assert_eq!(second, [(value("b"), 2), (other.clone(), 2), (Step::End, 1)]);
    let links: Vec<_> = answer.links.iter().map(|l| (l.level, l.from, l.to, l.n)).collect();
    // a → b, other, end; b → x, other; other → x.
    let expected =
        [(0, 0, 0, 2), (0, 0, 1, 2), (0, 0, 2, 1), (1, 0, 0, 1), (1, 0, 1, 1), (1, 1, 0, 2)];
    assert_eq!(links, expected);
    assert_eq!(answer.top[0].share, 0.2);
    assert_eq!(answer.top.iter().map(|top| top.n).sum::<u64>(), 5);

    let plan = definition.plan_in(Window::EVER).expect("a good definition");
    let point = Point { level: 1, step: other, shown: vec!["b".into()], next: None };
    let fold = plan.members(&point, 10);
    let events = story("abx | aby | acx | adx | a");
    let behind = answered(&fold, &events, &PlainFacts::new(), |total, _| fold.answer(total));
    assert_eq!(behind.first, [CustomerId(3), CustomerId(4)]);
}

#[test]
fn what_was_rare_before_is_in_the_other_of_now() {
    let mut definition = definition();
    definition.depth = 2;
    definition.n_shown = 1;
    let now = answer(&definition, "ab | ab | ac");
    let plan = definition.plan_in(Window::EVER).expect("a good definition");
    let before = |own: &Answer, text: &str| {
        let answer = answered(&plan, &story(text), &PlainFacts::new(), |total, texts| {
            plan.answer_in(own, &total, texts).expect("few paths")
        });
        let nodes = answer.levels[1].iter().map(|node| (node.step.clone(), node.n));
        (nodes.collect::<Vec<_>>(), answer.links.iter().map(|link| link.n).collect::<Vec<_>>())
    };
    let value = |text: &str| Step::Value(text.into());
    let other = |n_values| Step::Other { n_values };
    // d and e are in "other", which is there now; that a path ended is not, and comes after it.
    let found = before(&now, "ab | ad | ae | a");
    assert_eq!(found.0, [(value("b"), 1), (other(1), 2), (Step::End, 1)]);
    assert_eq!(found.1, [1, 2, 1]);
    // Without an "other" now, those are shown that there is room for.
    let now = self::answer(&definition, "a");
    let found = before(&now, "ad | ad | ae");
    assert_eq!(found.0, [(Step::End, 0), (value("d"), 2), (other(1), 1)]);
    assert_eq!(found.1, [0, 2, 1]);
}

#[test]
fn repeats_are_one_step_and_begin_one_path() {
    let mut definition = definition();
    let tops = |definition: &Definition, text: &str| -> Vec<(String, u64)> {
        let name = |step: &Step| match step {
            Step::Value(text) => text.to_string(),
            _ => "-".to_owned(),
        };
        let top = |top: &TopPath| (top.steps.iter().map(name).collect(), top.n);
        answer(definition, text).top.iter().map(top).collect()
    };
    let found = |pairs: &[(&str, u64)]| -> Vec<(String, u64)> {
        pairs.iter().map(|(path, n)| ((*path).to_owned(), *n)).collect()
    };
    assert_eq!(tops(&definition, "aabbc"), found(&[("aab", 1), ("abb", 1)]));
    definition.collapse = true;
    assert_eq!(tops(&definition, "aabbc"), found(&[("abc", 1)]));
    definition.anchor = Anchor::To(Condition::event("c"));
    assert_eq!(tops(&definition, "aabbc"), found(&[("cba", 1)]));
}

#[test]
fn what_cannot_be_used_is_named() {
    let check = |change: fn(&mut Definition), message: &str| {
        let mut definition = definition();
        change(&mut definition);
        assert_eq!(definition.plan_in(Window::EVER).unwrap_err().to_string(), message);
    };
    check(|d| d.anchor = Anchor::Sessions, "gap: sessions are told apart by a gap");
    check(|d| d.depth = 1, "depth: 1 is not from 2 to 10");
    check(|d| d.n_shown = 0, "n_shown: must not be empty");
    check(|d| d.label.field = Field::Property("".into()), "label: must not be empty");
}

#[test]
fn said_in_words_and_in_sql() {
    let mut definition = definition();
    assert_eq!(
        definition.words(),
        "What customers do after every “a” of the last 7 days with the current one: up to 3 steps \
         with it, each any event, called by name of the event; in the time zone UTC."
    );
    let sql = definition.sql(Window::EVER).expect("a plain one");
    assert!(sql.contains("lead(step, 2) over"), "{sql}");
    definition.collapse = true;
    assert_eq!(definition.sql(Window::EVER), None);
}
