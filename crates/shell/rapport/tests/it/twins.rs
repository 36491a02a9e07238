//! Does the SQL that answers show come to the same numbers, in Rapport itself?
//!
//! A made history goes through the real collector; then every insight is asked in several ways,
//! and the SQL that each answer explains itself by is run over the same server. A question whose
//! answer has no SQL says so in the table of questions, with the reason: that list can only shrink.

mod history;
mod numbers;
mod questions;

use crate::place::{Place, Server};
use numbers::{Numbers, Sql};
use questions::{Asked, Twin};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// How far a number may be from its twin, as a share of it: sums are exact here, and rounded at
/// each step there.
const TOLERANCE: f64 = 1e-12;

/// What an insight answers.
fn ask(server: &Server, asked: &Asked) -> Value {
    let path = format!("/api/insights/{}", asked.insight);
    let answer = server.admin("POST", &path, &asked.question.to_string());
    assert_eq!(answer.status, 200, "{}: {}", asked.name, answer.body);
    answer.json()
}

/// What SQL answers; else why not.
fn run(server: &Server, sql: &str) -> Result<Sql, String> {
    let body = json!({"query": sql, "rows_max": 100_000}).to_string();
    let answer = server.admin("POST", "/api/sql", &body);
    if answer.status != 200 {
        return Err(answer.body);
    }
    let answer = answer.json();
    match answer["is_cut"] == false && answer["error"].is_null() {
        true => Ok(Sql::new(&answer)),
        false => Err(format!("cut short: {}", answer["error"])),
    }
}

/// How the numbers differ; nothing where they do not.
fn difference(ours: &Numbers, theirs: &Numbers) -> String {
    let mut text = String::new();
    for (key, value) in ours {
        match theirs.get(key) {
            Some(other) if is_same(*value, *other) => {}
            other => {
                let _ = writeln!(text, "  {key:?}: {value} in the answer, {other:?} in SQL");
            }
        }
    }
    for (key, value) in theirs.iter().filter(|(key, _)| !ours.contains_key(*key)) {
        let _ = writeln!(text, "  {key:?}: not in the answer, {value} in SQL");
    }
    text
}

fn is_same(a: f64, b: f64) -> bool {
    (a - b).abs() <= TOLERANCE * a.abs().max(b.abs())
}

/// What is wrong with a question's twin; nothing where all is well.
fn check(server: &Server, asked: &Asked) -> String {
    let answer = ask(server, asked);
    let sql = answer["explained"]["sql"].as_str();
    let (read, sql) = match (&asked.twin, sql) {
        (Twin::None { .. }, None) => return String::new(),
        (Twin::None { .. }, Some(_)) => return "it has SQL now: compare it\n".into(),
        (Twin::Same(_), None) => return "it has no SQL any more\n".into(),
        (Twin::Same(read), Some(sql)) => (read, sql),
    };
    let theirs = match run(server, sql) {
        Err(why) => return format!("{why}\n{sql}\n"),
        Ok(rows) => (read.sql)(&asked.question, &rows),
    };
    let ours = (read.answer)(&asked.question, &answer);
    if ours.len() < 2 {
        return format!("there is nothing to compare: {answer}\n");
    }
    match difference(&ours, &theirs) {
        same if same.is_empty() => same,
        different => format!("{different}{sql}\n"),
    }
}

#[test]
fn the_sql_of_every_answer_comes_to_the_same_numbers() {
    let place = Place::new();
    let server = place.serve();
    history::make(&server);
    let all = questions::all();
    let mut insights: Vec<&str> = all.iter().map(|asked| asked.insight).collect();
    insights.dedup();
    assert_eq!(insights, questions::INSIGHTS, "every insight is asked, one after the other");
    let mut wrong = String::new();
    for asked in &all {
        let what = check(&server, asked);
        if !what.is_empty() {
            let _ = writeln!(wrong, "{} ({}):\n{what}", asked.insight, asked.name);
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    for asked in &all {
        if let Twin::None { because } = asked.twin {
            println!("no SQL: {} ({}): {because}", asked.insight, asked.name);
        }
    }
    server.stop();
}
