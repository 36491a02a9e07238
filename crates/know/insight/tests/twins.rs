//! Does SQL count the same?
//!
//! The twins of the insights, run by PostgreSQL over the same events: on the server that
//! `RAPPORT_TEST_POSTGRES` names, or on one started for this test from an installed server.

#![allow(clippy::disallowed_methods, reason = "a server is started")]

#[path = "twins/arrivals.rs"]
mod arrivals;
#[path = "twins/in_order.rs"]
mod in_order;

use base::{CustomerId, SourceId, Timestamp};
use insight::{
    Breakdown, By, Calendar, Comparison, Grain, Group, Period, Weekday, date, lifecycle, rfm,
    stickiness, trend,
};
use lexicon::{EventKind, Json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use timeline::{
    Condition, Field, Label, Op, PlainEvent, PlainFacts, Scalar, Test, View, fold_plain,
};

/// One session in which all is asked; its tables are temporary.
const SCRIPT: &str = r#"
if [ -n "$URL" ]; then exec "$BIN/psql" -X -q --csv -t -v ON_ERROR_STOP=1 "$URL"; fi
dir=$(mktemp -d) || exit 1
cd "$dir" || exit 1
"$BIN/initdb" -D data -U postgres -A trust --no-sync -E UTF8 --locale=C >initdb.out 2>&1 || exit 1
"$BIN/postgres" -D data -c listen_addresses= -c fsync=off -c unix_socket_directories="$dir" \
  >server.out 2>&1 &
server=$!
for _ in $(seq 600); do
  "$BIN/psql" -X -q -h "$dir" -U postgres -c 'select 1' postgres >/dev/null 2>&1 && break
  sleep 0.1
done
"$BIN/psql" -X -q --csv -t -v ON_ERROR_STOP=1 -h "$dir" -U postgres postgres
result=$?
kill -INT $server
wait $server
cd /
rm -rf "$dir"
exit $result
"#;

/// What stands between two answers.
const NEXT: &str = "=====";

fn installed() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let bins = versions.flatten().map(|version| version.path().join("bin"));
    bins.filter(|bin| bin.join("initdb").exists()).max()
}

/// The answers of PostgreSQL to each question, as rows of texts.
fn asked(session: &str, questions: &[String]) -> Option<Vec<Vec<Vec<String>>>> {
    let bin = installed()?;
    let is_root = Command::new("id").arg("-u").output().ok()?.stdout.starts_with(b"0\n");
    let url = std::env::var("RAPPORT_TEST_POSTGRES").unwrap_or_default();
    // PostgreSQL refuses to run as root.
    let mut command = if is_root && url.is_empty() {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "sh"]);
        command
    } else {
        Command::new("sh")
    };
    command.args(["-c", SCRIPT]).env("BIN", bin).env("URL", url).env("TMPDIR", "/tmp");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = command.spawn().ok()?;
    let mut input = session.to_owned();
    for question in questions {
        write!(input, "{question};\n\\echo {NEXT}\n").expect("a text can be written to");
    }
    let mut stdin = process.stdin.take().expect("it is piped");
    stdin.write_all(input.as_bytes()).expect("psql reads");
    drop(stdin);
    let output = process.wait_with_output().expect("psql ends");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let rows = |answer: &str| {
        let cells = |line: &str| line.split(',').map(str::to_owned).collect();
        answer.trim().lines().map(cells).collect()
    };
    Some(text.split(&format!("{NEXT}\n")).take(questions.len()).map(rows).collect())
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("a time")
}

/// A few hundred events of twelve customers around the night in which Berlin sets its clocks; the
/// same in every run.
fn events() -> Vec<PlainEvent> {
    let mut state = 20_260_329_u64;
    let mut draw = move |n: u64| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % n
    };
    let begin = at("2026-01-20").0;
    let event = |seq| {
        let name = ["order", "visit", "visit", "signup"][draw(4) as usize];
        let x =
            ["", r#""x":0.1,"#, r#""x":20,"#, r#""x":77.7,"#, r#""x":-3.25,"#][draw(5) as usize];
        let p =
            [r#""q":1"#, r#""p":"u""#, r#""p":"v""#, r#""p":"w""#, r#""p":"w""#][draw(5) as usize];
        let url = ["https://www.A.de/x?y=1", "http://b.de", "/x#z"][draw(3) as usize];
        PlainEvent {
            customer: CustomerId(draw(12) + 1),
            occurred_at: Timestamp(begin + draw(90 * 48) as i64 * 1_800_000_000),
            seq,
            kind: EventKind::Track,
            name: name.into(),
            source: SourceId(draw(2) + 1),
            properties: Json::from_checked_text(format!("{{{x}{p}}}")),
            context: Json::from_checked_text(format!(r#"{{"page":{{"url":"{url}"}}}}"#)),
        }
    };
    (1..=400).map(event).collect()
}

fn traits() -> PlainFacts {
    let plan = |id: u64| {
        let plan = ["pro", "free", "basic"][id as usize % 3];
        ((CustomerId(id), timeline::Fact::Trait("plan".into())), Scalar::Text(plan.into()))
    };
    (1..10).map(plan).collect()
}

fn session(events: &[PlainEvent]) -> String {
    let mut text = "set timezone = 'UTC'; set extra_float_digits = 1;\n\
        create temp table events(customer_id bigint, occurred_at timestamptz, kind text, \
        name text, source_id bigint, properties jsonb, context jsonb, event_id bigint);\n\
        create temp table customers(customer_id bigint, traits jsonb);\n"
        .to_owned();
    for event in events {
        let PlainEvent { customer, occurred_at, kind, name, source, .. } = event;
        let (kind, properties) = (kind.slug(), event.properties.as_str());
        writeln!(
            text,
            "insert into events values ({}, '{occurred_at}', '{kind}', '{name}', {}, \
             '{properties}', '{}', {});",
            customer.0,
            source.0,
            event.context.as_str(),
            event.seq,
        )
        .expect("a text can be written to");
    }
    for id in 1..=12 {
        let plan = traits()
            .get(&(CustomerId(id), timeline::Fact::Trait("plan".into())))
            .map(|plan| plan.label().into_owned());
        let json = plan.map_or("{}".into(), |plan| format!(r#"{{"plan":"{plan}"}}"#));
        writeln!(text, "insert into customers values ({id}, '{json}');").expect("likewise");
    }
    text
}

fn calendar() -> Calendar {
    Calendar::new("Europe/Berlin", Weekday::Sunday).expect("a zone")
}

const PERIOD: Period = Period::Between { first: date(2026, 3, 1), last: date(2026, 4, 5) };

fn now() -> Timestamp {
    at("2026-05-01")
}

fn x() -> Field {
    Field::Property("x".into())
}

fn trends() -> Vec<trend::Definition> {
    use trend::Measure;
    let measures = [
        [Measure::Events, Measure::Customers],
        [Measure::Sum(x()), Measure::EventsPerCustomer],
        [Measure::Mean(x()), Measure::SumPerCustomer(x())],
        [Measure::Min(x()), Measure::Percentile { of: x(), percent: 75.0 }],
    ];
    let url = Field::Context("page.url".into());
    let label = |field: &Field, view| By::Label(Label { field: field.clone(), view });
    let property = Field::Property("p".into());
    let bys = [
        None,
        Some(label(&property, View::Whole)),
        Some(label(&url, View::Path)),
        Some(label(&url, View::Host)),
        Some(label(&Field::Source, View::Whole)),
        Some(By::Trait("plan".into())),
    ];
    let tests = vec![Test { field: x(), view: View::Whole, op: Op::AtLeast(0.1) }];
    let series = |measures: &[Measure; 2]| {
        let names = ["visit", "order"];
        let one = |(name, measure): (&str, &Measure)| {
            let tests = if name == "visit" { Vec::new() } else { tests.clone() };
            let events = Condition { events: vec![name.into()], tests };
            trend::Series { events, measure: measure.clone() }
        };
        names.into_iter().zip(measures).map(one).collect::<Vec<_>>()
    };
    let of = |(measures, by, grain): (&[Measure; 2], &Option<By>, Grain)| trend::Definition {
        calendar: calendar(),
        period: PERIOD,
        grain,
        series: series(measures),
        formula: Some("A / B * 100".into()),
        breakdown: by.clone().map(|by| Breakdown { by, n_groups: 1 }),
        comparison: Comparison::None,
    };
    let grains = [Grain::Day, Grain::Week, Grain::Month, Grain::Hour];
    let all = measures.iter().flat_map(|measures| {
        bys.iter().enumerate().map(move |(k, by)| (measures, by, grains[k % grains.len()]))
    });
    all.map(of).collect()
}

/// Numbers by what they stand for; those that are absent are left out.
type Numbers = BTreeMap<(String, String), f64>;

fn group(group: &Group) -> String {
    match group {
        Group::All => String::new(),
        Group::Value(text) => text.to_string(),
        Group::Other { .. } => "(other)".into(),
        Group::Absent => "(absent)".into(),
    }
}

fn trend_of(definition: &trend::Definition, events: &[PlainEvent]) -> Numbers {
    let plan = definition.plan(now()).expect("a plan");
    let (total, texts) = fold_plain(&plan, events, &traits());
    let answer = plan.answer(total, &texts).expect("few groups");
    let mut numbers = Numbers::new();
    for line in &answer.lines {
        let of = match line.of {
            trend::Of::Series(k) => k,
            trend::Of::Formula => 2,
        };
        for (span, point) in answer.spans.iter().zip(&line.points) {
            // A span without events has no row in SQL.
            if let Some(value) = point.value.ok().filter(|value| *value != 0.0) {
                let group = group(&answer.groups[line.group]);
                numbers.insert((span.begin.to_string(), format!("{group} {of}")), value);
            }
        }
    }
    numbers
}

/// A time of SQL: a moment, or a local time in Berlin.
fn moment(text: &str) -> String {
    let time = match text.contains('+') {
        true => text.replace(' ', "T") + ":00",
        false => {
            let local: insight::Date = text[..10].parse().expect("a date");
            return calendar().midnight(local).to_string();
        }
    };
    at(&time).to_string()
}

fn trend_rows(has_groups: bool, rows: &[Vec<String>]) -> Numbers {
    let mut numbers = Numbers::new();
    for row in rows.iter().filter(|row| row.len() > 1) {
        let (group, values) = if has_groups { (&*row[1], &row[2..]) } else { ("", &row[1..]) };
        for (of, value) in values.iter().enumerate().filter(|(_, value)| !value.is_empty()) {
            let value: f64 = value.parse().expect("a number");
            if value != 0.0 {
                numbers.insert((moment(&row[0]), format!("{group} {of}")), value);
            }
        }
    }
    numbers
}

#[track_caller]
fn same(ours: &Numbers, theirs: &Numbers, what: &str) {
    assert!(!ours.is_empty(), "{what}: there is something to compare");
    for (key, value) in ours {
        let other = theirs.get(key);
        let is_near =
            other.is_some_and(|other| (value - other).abs() <= 1e-9 * value.abs().max(1.0));
        assert!(is_near, "{what}: {key:?} is {value} here and {other:?} in SQL");
    }
    assert_eq!(ours.len(), theirs.len(), "{what}: SQL has more");
}

#[test]
fn trends_are_the_same() {
    let (events, definitions) = (events(), trends());
    let sql = |definition: &trend::Definition| definition.plan(now()).expect("a plan").sql();
    let questions: Vec<String> = definitions.iter().map(sql).collect();
    let Some(answers) = asked(&session(&events), &questions) else {
        println!("skipped: no PostgreSQL");
        return;
    };
    for ((definition, rows), sql) in definitions.iter().zip(&answers).zip(&questions) {
        let theirs = trend_rows(definition.breakdown.is_some(), rows);
        same(&trend_of(definition, &events), &theirs, sql);
    }
}

/// Rows of two keys and a number, and a group between the keys where there are any.
fn counts(has_groups: bool, rows: &[Vec<String>], first: impl Fn(&str) -> String) -> Numbers {
    let n_keys = if has_groups { 3 } else { 2 };
    let rows = rows.iter().filter(|row| row.len() > n_keys);
    let count = |row: &Vec<String>| {
        let key = match has_groups {
            true => (first(&row[1]), format!("{} {}", row[0], row[2])),
            false => (first(&row[0]), format!(" {}", row[1])),
        };
        (key, row[n_keys].parse().expect("a number"))
    };
    rows.map(count).collect()
}

/// Rows that begin with a span, and have the group behind it.
fn group_first(has_groups: bool, rows: &[Vec<String>]) -> Vec<Vec<String>> {
    let swapped = |row: &Vec<String>| {
        let mut row = row.clone();
        if has_groups && row.len() > 1 {
            row.swap(0, 1);
        }
        row
    };
    rows.iter().map(swapped).collect()
}

/// How many are in which state in which span.
fn states(plan: &lifecycle::Plan, events: &[PlainEvent]) -> Numbers {
    let (total, texts) = fold_plain(plan, events, &traits());
    let answer = plan.answer(&total, &texts);
    let mut numbers = Numbers::new();
    let mut add = |group: &str, spans: &[lifecycle::Span]| {
        for span in spans {
            let all = [
                ("new", span.n_new),
                ("returning", span.n_returning),
                ("resurrecting", span.n_resurrecting),
                ("dormant", span.n_dormant),
            ];
            let some = all.into_iter().filter(|(_, n)| *n > 0);
            let key = |state| (span.begin.to_string(), format!("{group} {state}"));
            numbers.extend(some.map(|(state, n)| (key(state), n as f64)));
        }
    };
    if answer.groups.is_empty() {
        add("", &answer.spans);
    }
    answer.groups.iter().for_each(|of| add(&group(&of.group), &of.spans));
    numbers
}

/// How many were active on how many days of which span.
fn active_days(plan: &stickiness::Plan, events: &[PlainEvent]) -> Numbers {
    let (total, texts) = fold_plain(plan, events, &traits());
    let answer = plan.answer(&total, &texts);
    let mut numbers = Numbers::new();
    let mut add = |group: &str, spans: &[stickiness::Span]| {
        for span in spans {
            let some = (1..).zip(&span.n_by_days).filter(|(_, n)| **n > 0);
            let key = |n_days: u32| (span.begin.to_string(), format!("{group} {n_days}"));
            numbers.extend(some.map(|(n_days, n)| (key(n_days), *n as f64)));
        }
    };
    if answer.groups.is_empty() {
        add("", &answer.all.spans);
    }
    answer.groups.iter().for_each(|of| add(&group(&of.group), &of.numbers.spans));
    numbers
}

/// How many have which scores.
fn scored(plan: &rfm::Plan, events: &[PlainEvent]) -> Numbers {
    let (total, texts) = fold_plain(plan, events, &traits());
    let answer = plan.answer(&total, &texts);
    let mut numbers = Numbers::new();
    let mut add = |group: &str, cells: &[rfm::Cell]| {
        for cell in cells.iter().filter(|cell| cell.n > 0) {
            let key = (cell.recency.to_string(), format!("{group} {}", cell.frequency));
            numbers.insert(key, cell.n as f64);
        }
    };
    if answer.groups.is_empty() {
        add("", &answer.all.cells);
    }
    answer.groups.iter().for_each(|of| add(&group(&of.group), &of.numbers.cells));
    numbers
}

/// By nothing, by a field, and by a trait; one value has a group of its own.
fn breakdowns() -> [Option<Breakdown>; 3] {
    let label = By::Label(Label { field: Field::Property("p".into()), view: View::Whole });
    [None, Some(label), Some(By::Trait("plan".into()))]
        .map(|by| by.map(|by| Breakdown { by, n_groups: 1 }))
}

fn cycle(grain: Grain, breakdown: Option<Breakdown>) -> lifecycle::Plan {
    let definition = lifecycle::Definition {
        calendar: calendar(),
        period: PERIOD,
        comparison: Comparison::None,
        grain,
        events: Condition::event("visit"),
        breakdown,
    };
    definition.plan(now()).expect("a plan")
}

fn habit(breakdown: Option<Breakdown>) -> stickiness::Plan {
    let definition = stickiness::Definition {
        calendar: calendar(),
        period: PERIOD,
        comparison: Comparison::None,
        grain: Grain::Week,
        events: Condition::event("visit"),
        breakdown,
    };
    definition.plan(now()).expect("a plan")
}

fn grid(edges: rfm::Edges, breakdown: Option<Breakdown>) -> rfm::Plan {
    let definition = rfm::Definition {
        calendar: calendar(),
        period: PERIOD,
        comparison: Comparison::None,
        events: Condition::event("visit"),
        money: Some(x()),
        edges,
        breakdown,
    };
    definition.plan(now()).expect("a plan")
}

#[test]
fn lifecycle_stickiness_and_rfm_are_the_same() {
    // In SQL the first of several events of the same moment is any of them.
    let mut moments = std::collections::BTreeSet::new();
    let mut events = events();
    events.retain(|event| moments.insert((event.customer, event.occurred_at)));

    let grains = [Grain::Day, Grain::Week, Grain::Month];
    let cycles: Vec<_> = breakdowns()
        .into_iter()
        .flat_map(|by| grains.map(|grain| (by.is_some(), cycle(grain, by.clone()))))
        .collect();
    let habits = breakdowns().map(|by| (by.is_some(), habit(by)));
    let given =
        rfm::Scale { recency_days: vec![2.0, 9.0], frequency: vec![5.0], monetary: vec![100.0] };
    let edges = [rfm::Edges::Quantiles(3), rfm::Edges::Given(given)];
    let [none, _, by_trait] = breakdowns();
    let grids: Vec<_> = [none, by_trait]
        .into_iter()
        .flat_map(|by| edges.clone().map(|edges| (by.is_some(), grid(edges, by.clone()))))
        .collect();
    let mut questions: Vec<String> = cycles.iter().map(|(_, plan)| plan.sql()).collect();
    questions.extend(habits.iter().map(|(_, plan)| plan.sql()));
    questions.extend(grids.iter().map(|(_, plan)| plan.sql()));
    let Some(answers) = asked(&session(&events), &questions) else {
        println!("skipped: no PostgreSQL");
        return;
    };

    let mut answered = answers.iter().zip(&questions);
    for ((has_groups, plan), (rows, sql)) in cycles.iter().zip(answered.by_ref()) {
        let theirs = counts(*has_groups, &group_first(*has_groups, rows), moment);
        same(&states(plan, &events), &theirs, sql);
    }
    for ((has_groups, plan), (rows, sql)) in habits.iter().zip(answered.by_ref()) {
        let theirs = counts(*has_groups, &group_first(*has_groups, rows), moment);
        same(&active_days(plan, &events), &theirs, sql);
    }
    for ((has_groups, plan), (rows, sql)) in grids.iter().zip(answered.by_ref()) {
        same(&scored(plan, &events), &counts(*has_groups, rows, str::to_owned), sql);
    }
}
