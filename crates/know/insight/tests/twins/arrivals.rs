//! Does SQL see the same visits, and the same channel in each?

use super::{asked, at, calendar, group, now, session, traits};
use base::{CustomerId, Duration, SourceId, Timestamp};
use insight::visits::{Bounce, Dimension, GAP_DEFAULT, Visits};
use insight::{Breakdown, By, Comparison, Grain, Period, date, funnel, trend, visits};
use lexicon::{EventKind, Json};
use std::collections::BTreeMap;
use timeline::{Among, Condition, FactTest, Field, Label, Op, PlainEvent, View, fold_plain};

const PERIOD: Period = Period::Between { first: date(2026, 3, 28), last: date(2026, 3, 30) };

/// Numbers by the columns of text before them.
type Rows = BTreeMap<Vec<String>, Vec<f64>>;

const CONTEXTS: [&str; 17] = [
    "{}",
    "{}",
    r#"{"page":{"path":"/a","url":"https://shop.example/a","referrer":"https://www.Google.co.uk/x"}}"#,
    r#"{"page":{"path":"/b","url":"https://shop.example/b?gclid=1","referrer":"https://google.com"}}"#,
    r#"{"page":{"path":"/c","url":"https://shop.example/c","referrer":"https://shop.example/a"}}"#,
    r#"{"page":{"path":"/a","url":"https://shop.example/a","referrer":"https://a.pay.example/"}}"#,
    r#"{"page":{"path":"/a","referrer":"https://l.facebook.com/"},"location":{"country":"DE"}}"#,
    r#"{"page":{"path":"/c","referrer":"https://blog.example/?p=1"},"location":{"country":"FR"}}"#,
    r#"{"page":{"path":"","referrer":"https://mail.example.org"},"location":{"country":""}}"#,
    r#"{"campaign":{"source":"(direct)","medium":"(none)"},"page":{"path":"/d"}}"#,
    r#"{"campaign":{"source":"crm","medium":"E-Mail ","name":"spring"},"page":{"path":"/d"}}"#,
    r#"{"campaign":{"source":"bing","medium":"CPC","name":"brand"}}"#,
    r#"{"campaign":{"source":"ig","medium":"paid-story"}}"#,
    r#"{"campaign":{"source":"Flyer"}}"#,
    r#"{"campaign":{"source":"awin","medium":"Affiliate"}}"#,
    r#"{"campaign":{"source":"google","medium":"banner"}}"#,
    r#"{"campaign":{"source":"google","medium":"print"}}"#,
];

/// Some hundred events of twelve customers around the night in which Berlin sets its clocks, often
/// several at once and 30 minutes apart; the same in every run.
fn events() -> Vec<PlainEvent> {
    let mut state = 28_032_026_u64;
    let mut draw = move |n: u64| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % n
    };
    let begin = at("2026-03-27T16:00:00Z").0;
    let event = |seq| PlainEvent {
        customer: CustomerId(draw(12) + 1),
        occurred_at: Timestamp(begin + draw(540) as i64 * 600_000_000),
        seq,
        kind: [EventKind::Page, EventKind::Track, EventKind::Screen][draw(3) as usize],
        name: ["view", "order", "signup"][draw(3) as usize].into(),
        source: SourceId(1),
        properties: Json::from_checked_text("{}"),
        context: Json::from_checked_text(CONTEXTS[draw(CONTEXTS.len() as u64) as usize]),
    };
    (1..=900).map(event).collect()
}

fn own_hosts() -> Vec<Box<str>> {
    vec!["https://www.pay.example".into()]
}

fn by_channel(n_groups: usize) -> Breakdown {
    Breakdown { by: By::Channel { own_hosts: own_hosts() }, n_groups }
}

fn visits_of(by: Option<Dimension>, grain: Option<Grain>, n_groups: usize) -> visits::Definition {
    visits::Definition {
        calendar: calendar(),
        period: PERIOD,
        activity: Condition::default(),
        views: visits::page_views(),
        gap: GAP_DEFAULT,
        is_cut_at_midnight: n_groups == 2,
        bounce: Bounce::OneView,
        by,
        n_groups,
        grain,
        own_hosts: own_hosts(),
    }
}

fn numbers(visits: &Visits) -> Vec<f64> {
    let n = visits.n_visits as f64;
    let mean = |estimate: &Result<stats::Estimate, _>| estimate.as_ref().map_or(0.0, |e| e.value);
    let bounces = (mean(&visits.bounce) * n).round();
    vec![n, visits.n_visitors as f64, visits.n_views as f64, bounces, mean(&visits.duration_s)]
}

fn visits_twin(definition: &visits::Definition, events: &[PlainEvent]) -> (String, Rows) {
    let plan = definition.plan(now()).expect("a plan");
    let (total, texts) = fold_plain(&plan, events, &traits());
    let answer = plan.answer(&total, &texts);
    let (by, grain) = (definition.by.is_some(), definition.grain.is_some());
    let mut rows = Rows::new();
    for row in &answer.rows {
        let name = group(&row.group);
        let key = if grain { vec![String::new(), name] } else { vec![name] };
        rows.insert(key, numbers(&row.visits));
    }
    for span in answer.series.iter().filter(|span| span.visits.n_visits > 0) {
        let name = span.window.from.to_string();
        let key = if by { vec![name, String::new()] } else { vec![name] };
        rows.insert(key, numbers(&span.visits));
    }
    if rows.is_empty() {
        rows.insert(Vec::new(), numbers(&answer.all));
    }
    (definition.sql(plan.window()), rows)
}

fn trend_twin(measure: trend::Measure, events: &[PlainEvent]) -> (String, Rows) {
    let series = trend::Series { events: Condition::event("order"), measure };
    let definition = trend::Definition {
        calendar: calendar(),
        period: PERIOD,
        grain: Grain::Day,
        series: vec![series],
        formula: None,
        breakdown: Some(by_channel(3)),
        comparison: Comparison::None,
    };
    let plan = definition.plan(now()).expect("a plan");
    let (total, texts) = fold_plain(&plan, events, &traits());
    let answer = plan.answer(total, &texts).expect("few groups");
    let mut rows = Rows::new();
    for line in &answer.lines {
        let values = answer.spans.iter().zip(&line.points);
        for (span, point) in values.filter(|(_, point)| point.n > 0) {
            let key = vec![span.begin.to_string(), group(&answer.groups[line.group])];
            rows.insert(key, vec![point.value.expect("a number")]);
        }
    }
    (plan.sql(), rows)
}

fn funnel_twin(events: &[PlainEvent]) -> (String, Rows) {
    let definition = funnel::Definition {
        calendar: calendar(),
        period: PERIOD,
        comparison: Comparison::None,
        steps: ["view", "order", "signup"].map(Condition::event).into(),
        order: funnel::Order::Ordered,
        within: Duration::hours(3),
        exclusions: Vec::new(),
        held: Vec::new(),
        breakdown: Some(funnel::FunnelBreakdown { by: by_channel(4), at: funnel::At::First }),
    };
    let plan = definition.plan(now()).expect("a plan");
    let (total, texts) = fold_plain(&plan, events, &traits());
    let mut rows = Rows::new();
    for of in &plan.answer(total, &texts).groups {
        for (k, step) in of.steps.iter().enumerate() {
            let n = step.n - of.steps.get(k + 1).map_or(0, |next| next.n);
            if n > 0 {
                rows.insert(vec![group(&of.group), (k + 1).to_string()], vec![n as f64]);
            }
        }
    }
    (definition.sql(plan.window()).expect("a plain one"), rows)
}

/// The same of customers of one plan, and of those of none.
fn among_twins(events: &[PlainEvent]) -> Vec<((String, Rows), usize)> {
    let definition = visits_of(Some(Dimension::EntryPage), None, 20);
    let plan = definition.plan(now()).expect("a plan");
    let test = |op| [FactTest::of_trait("plan", op)];
    let ops = [Op::Is(vec!["pro".into(), "free".into()]), Op::IsNot(vec!["pro".into()])];
    let mut twins = Vec::new();
    for who in ops.map(test).into_iter().chain([test(Op::Missing)]) {
        let fold = Among::new(plan.clone(), &who);
        let (total, texts) = fold_plain(&fold, events, &traits());
        let answer = plan.answer(&total, &texts);
        let rows = answer.rows.iter().map(|row| (vec![group(&row.group)], numbers(&row.visits)));
        let sql = insight::sql::among(&definition.sql(plan.window()), &who);
        twins.push(((sql, rows.collect()), 1));
    }
    twins
}

/// Rows of SQL, of which the first columns are texts; times are moments here.
fn read(n_texts: usize, rows: &[Vec<String>]) -> Rows {
    let text = |text: &String| {
        let is_time = text.len() > 18 && text.starts_with("2026-");
        if is_time { super::moment(text) } else { text.clone() }
    };
    let number = |text: &String| text.parse().expect("a number");
    let row = |row: &Vec<String>| {
        let (texts, numbers) = row.split_at(n_texts);
        (texts.iter().map(text).collect(), numbers.iter().map(number).collect())
    };
    rows.iter().filter(|row| row.len() > n_texts).map(row).collect()
}

fn same(ours: &Rows, theirs: &Rows, sql: &str) {
    let keys = |rows: &Rows| rows.keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(ours), keys(theirs), "{sql}");
    for (key, numbers) in ours {
        let is_near = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-6 * a.abs().max(1.0);
        let all = numbers.len() == theirs[key].len();
        assert!(
            all && numbers.iter().zip(&theirs[key]).all(is_near),
            "{key:?}: {numbers:?} here, {:?} in SQL\n{sql}",
            theirs[key]
        );
    }
}

fn dimensions() -> Vec<Dimension> {
    let label = Label { field: Field::Context("page.url".into()), view: View::Path };
    vec![
        Dimension::EntryPage,
        Dimension::ExitPage,
        Dimension::Referrer,
        Dimension::Campaign,
        Dimension::Source,
        Dimension::Medium,
        Dimension::Channel,
        Dimension::Device,
        Dimension::Country,
        Dimension::Label(label),
    ]
}

#[test]
fn visits_by_group_and_over_time_and_whatever_is_asked_by_channel_are_the_same() {
    let events = events();
    let mut twins: Vec<((String, Rows), usize)> = Vec::new();
    for dimension in dimensions() {
        let definition = visits_of(Some(dimension), None, 20);
        twins.push((visits_twin(&definition, &events), 1));
    }
    for (by, grain, n_texts) in [
        (None, None, 0),
        (None, Some(Grain::Hour), 1),
        (Some(Dimension::Channel), Some(Grain::Day), 2),
    ] {
        twins.push((visits_twin(&visits_of(by, grain, 2), &events), n_texts));
    }
    let measures = [trend::Measure::Events, trend::Measure::Customers];
    twins.extend(measures.map(|measure| (trend_twin(measure, &events), 2)));
    twins.push((funnel_twin(&events), 2));
    twins.extend(among_twins(&events));
    let channels = &twins[6].0.1;
    assert!(channels.len() == 10, "all channels are drawn: {channels:?}");

    let questions: Vec<String> = twins.iter().map(|((sql, _), _)| sql.clone()).collect();
    let Some(answers) = asked(&session(&events), &questions) else {
        println!("skipped: no PostgreSQL");
        return;
    };
    for (((sql, ours), n_texts), rows) in twins.iter().zip(&answers) {
        same(ours, &read(*n_texts, rows), sql);
    }
}
