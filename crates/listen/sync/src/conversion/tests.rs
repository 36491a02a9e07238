//! Is any start the same as the beginning, and is nothing lost on the way?

use super::*;
use crate::RejectWriter;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::path::PathBuf;

const LINES: &str = r#"
    name = "lines"
    [group]
    by = ["no"]
    within_rows = 4
    [customer]
    user_id = "who"
    anonymous_id = { column = "no", prefix = "order-" }
    [time]
    column = "day"
    [order]
    order_id = "no"
    [order.product]
    price = "price"
    quantity = "n"
    [[events]]
    name = "Order Refunded"
    when = [{ order_total = "negative" }]
    negate = true
    [[events]]
    skip = true
    when = [{ column = "who", equals = "test" }]
    [[events]]
    name = "Order Completed"
"#;

struct Scene {
    _folder: tempfile::TempDir,
    path: PathBuf,
}

fn file(text: impl AsRef<[u8]>) -> Scene {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    std::fs::write(&path, text).unwrap();
    Scene { _folder: folder, path }
}

fn convert(scene: &Scene, mapping: &str, from_row: u64) -> Chunk {
    let mapping = Mapping::from_toml(mapping).unwrap();
    sum_of(Conversion::new(&scene.path, &mapping, from_row).unwrap(), from_row)
}

fn sum_of(conversion: Conversion, from_row: u64) -> Chunk {
    let mut sum = Chunk { from_row, to_row: from_row, ..Chunk::default() };
    for chunk in conversion {
        let chunk = chunk.unwrap();
        sum.events.extend(chunk.events);
        sum.rejects.extend(chunk.rejects);
        sum.n_skipped += chunk.n_skipped;
        sum.to_row = chunk.to_row;
    }
    sum
}

fn values(chunk: &Chunk) -> Vec<Value> {
    chunk.events.iter().map(|event| serde_json::from_str(event).unwrap()).collect()
}

#[test]
fn lines_become_orders() {
    let scene = file(
        "no,who,day,price,n\n1,ann,2026-01-02,0.10,3\n2,,2026-01-03,5,-1\n1,ann,2026-01-01,1.005,1\n\
         3,test,2026-01-01,1,1\n",
    );
    let chunk = convert(&scene, LINES, 0);
    assert_eq!((chunk.rejects.len(), chunk.n_skipped, chunk.to_row), (0, 1, 4));
    let events = values(&chunk);
    assert_eq!(events[0]["event"], "Order Completed");
    assert_eq!(events[0]["userId"], "ann");
    assert_eq!(events[0].get("anonymousId"), None, "a stand-in is not sent beside the customer");
    assert_eq!(events[0]["timestamp"], "2026-01-01T00:00:00Z", "the earliest line");
    let lines = json!([{"price": 0.1, "quantity": 3}, {"price": 1.005, "quantity": 1}]);
    let order = json!({"order_id": "1", "total": 1.305, "products": lines});
    assert_eq!(events[0]["properties"], order);
    assert_eq!(events[1]["event"], "Order Refunded");
    assert_eq!(events[1]["anonymousId"], "order-2");
    let lines = json!([{"price": 5, "quantity": 1}]);
    assert_eq!(events[1]["properties"], json!({"order_id": "2", "total": 5, "products": lines}));
}

#[test]
fn an_order_with_a_bad_line_is_rejected_whole_and_can_be_mended() {
    let scene = file(
        "no,who,day,price,n\n1,ann,2026-01-02,2,3\n1,ann,2026-01-02,two,1\n2,bob,2026-01-02,1,1\n",
    );
    let chunk = convert(&scene, LINES, 0);
    assert_eq!(chunk.events.len(), 1);
    let said: Vec<_> =
        chunk.rejects.iter().map(|r| (r.row, r.column.as_deref(), r.reason.as_str())).collect();
    let expected = [
        (1, None, "row 2 of the same '1' was rejected: 'two' is not a number"),
        (2, Some("price"), "'two' is not a number"),
    ];
    assert_eq!(said, expected);

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rejects.csv");
    let columns = ["no", "who", "day", "price", "n"].map(str::to_owned);
    let mut writer = RejectWriter::create(&path, &columns).unwrap();
    chunk.rejects.iter().for_each(|reject| writer.write(reject).unwrap());
    writer.flush().unwrap();
    let mended = std::fs::read_to_string(&path).unwrap().replace("-02,two,1", "-02,1,1");
    let again = convert(&file(mended), LINES, 0);
    assert_eq!(again.rejects, []);
    assert_eq!(values(&again)[0]["properties"]["total"], 7);
}

#[test]
fn what_cannot_be_told_is_rejected_with_column_and_reason() {
    let check = |line: &str, column: Option<&str>, reason: &str| {
        let chunk = convert(&file(format!("no,who,day,price,n\n{line}\n")), LINES, 0);
        assert_eq!(chunk.events, [""; 0], "{line}");
        let reject = &chunk.rejects[0];
        assert_eq!((reject.column.as_deref(), reject.reason.as_str()), (column, reason), "{line}");
    };
    check("1,ann,soon,1,1", Some("day"), "'soon' is not a time of the form iso");
    check("1,ann,,1,1", Some("day"), "the time is missing");
    check(
        "1,ann,2026-01-01,,1",
        Some("price"),
        "quantity × price cannot be told: one is missing or too large",
    );
    check(",ann,2026-01-01,1,1", Some("no"), "the row does not say which group it belongs to");
    check("1,ann,2026-01-01,1", None, "the row has 4 cells where the heading has 5");
    check("1,ann,2026-01-01,1,1,surplus", None, "the row has 6 cells where the heading has 5");
}

#[test]
fn late_lines_are_rejected_not_lost() {
    let row = |no| format!("{no},ann,2026-01-01,1,1\n");
    let text: String = ["1", "2", "3", "4", "5", "1"].map(row).concat();
    let chunk = convert(&file(format!("no,who,day,price,n\n{text}")), LINES, 0);
    assert_eq!((chunk.events.len(), chunk.rejects.len()), (5, 1));
    assert_eq!(chunk.rejects[0].row, 6);
    assert!(chunk.rejects[0].reason.contains("raise group.within_rows"), "{:?}", chunk.rejects);
}

const EVENTS: &str = r#"
    name = "log"
    [customer]
    user_id = "who"
    [time]
    column = "at"
    [properties]
    page = "page"
    [[events]]
    name_column = "what"
"#;

#[test]
fn equal_rows_are_different_events_and_stay_so() {
    let row = "ann,2026-01-01,Clicked,a\n";
    let scene = file(format!("who,at,what,page\n{row}{row}bob,2026-01-01,Clicked,a\n{row}"));
    let ids = |from_row| -> Vec<String> {
        let events = values(&convert(&scene, EVENTS, from_row));
        events.iter().map(|event| event["messageId"].as_str().unwrap().to_owned()).collect()
    };
    let all = ids(0);
    let distinct: std::collections::HashSet<_> = all.iter().collect();
    assert_eq!(distinct.len(), 4);
    assert_eq!(ids(3), all[3..], "the last of three equal rows, found alone, is still the third");
    assert_eq!(ids(9), [""; 0]);
}

#[test]
fn segment_events_pass_as_they_are() {
    let ready =
        r#"{"type":"track","event":"A","userId":"u","messageId":"m1","properties":{"n":1.50}}"#;
    let bare = r#"{"type":"identify","userId":"u","traits":{"a":1}}"#;
    let scene = file(format!("{ready}\n{bare}\n{{\"type\":\"dance\"}}\nnonsense\n[1]\n\n{bare}\n"));
    let chunk = convert(&scene, "name = \"s\"\nrows = \"segment\"", 0);
    assert_eq!(chunk.events[0], ready, "to the letter");
    assert_eq!((chunk.events.len(), chunk.rejects.len(), chunk.to_row), (3, 3, 6));
    let events = values(&chunk);
    assert_ne!(events[1]["messageId"], events[2]["messageId"]);
    assert_eq!(chunk.rejects[0].reason, "'dance' is not a type of event");
    assert_eq!(chunk.rejects[1].cells, ["nonsense"]);
}

#[test]
fn numbers_beyond_a_float_are_rejected_by_name() {
    let reason = "is a number beyond 1.8e308, which nothing can compute with";
    let scene = file(concat!(
        "{\"type\":\"track\",\"event\":\"A\",\"userId\":\"u\",\"messageId\":\"m\",\"properties\":{\"n\":1e999}}\n",
        "{\"type\":\"track\",\"event\":\"A\",\"userId\":\"u\",\"properties\":{\"n\":1e308}}\n",
    ));
    let chunk = convert(&scene, "name = \"s\"\nrows = \"segment\"", 0);
    assert_eq!((chunk.events.len(), chunk.rejects.len()), (1, 1));
    let reject = &chunk.rejects[0];
    assert_eq!((reject.row, reject.column.as_deref()), (1, Some("properties.n")));
    assert_eq!(reject.reason, format!("properties.n {reason}"));
    let line = "{\"who\":\"u\",\"at\":\"2026-01-01\",\"what\":\"A\",\"page\":PAGE}\n";
    let scene = file([line.replace("PAGE", "{\"n\":[1e999]}"), line.replace("PAGE", "7")].concat());
    let chunk = convert(&scene, EVENTS, 0);
    assert_eq!((chunk.events.len(), chunk.rejects.len()), (1, 1));
    assert_eq!(chunk.rejects[0].reason, format!("page.n[0] {reason}"));
    let mapping = EVENTS.replace("page = \"page\"", "page = { column = \"page\", as = \"json\" }");
    let rows = "u,2026-01-01,A,[-1e999]\nu,2026-01-01,A,1e999\nu,2026-01-01,A,[1]\n";
    let chunk = convert(&file(format!("who,at,what,page\n{rows}")), &mapping, 0);
    assert_eq!((chunk.events.len(), chunk.rejects.len()), (1, 2));
    let reasons: Vec<&str> = chunk.rejects.iter().map(|r| r.reason.as_str()).collect();
    assert_eq!(reasons, [format!("page[0] {reason}"), format!("page {reason}")]);
    assert_eq!(chunk.rejects[0].column.as_deref(), Some("page"));
}

#[test]
fn a_customer_by_e_mail_alone_is_somebody() {
    let mapping = r#"
        name = "c"
        [customer]
        email = "mail"
        [time]
        column = "at"
        [traits]
        city = "city"
        [[events]]
        name = "Visited"
    "#;
    let scene =
        file("mail,at,city\nAnn@Example.com,2026-01-01,Kiel\nnot an address,2026-01-01,Kiel\n");
    let chunk = convert(&scene, mapping, 0);
    let event = &values(&chunk)[0];
    let id = json!([{"id": "ann@example.com", "type": "email", "collection": "users", "encoding": "none"}]);
    assert_eq!(event["context"]["externalIds"], id);
    assert_eq!(event["context"]["traits"], json!({"email": "ann@example.com", "city": "Kiel"}));
    assert_eq!(event["context"]["location"], json!({"city": "Kiel"}));
    assert_eq!(chunk.rejects[0].column.as_deref(), Some("mail"));
}

#[test]
fn chunks_are_bounded() {
    let rows: String = (0..1_300).map(|n| format!("u{n},2026-01-01,Clicked,a\n")).collect();
    let scene = file(format!("who,at,what,page\n{rows}"));
    let mapping = Mapping::from_toml(EVENTS).unwrap();
    let chunks: Vec<Chunk> =
        Conversion::new(&scene.path, &mapping, 0).unwrap().map(Result::unwrap).collect();
    let edges: Vec<_> = chunks.iter().map(|c| (c.from_row, c.to_row, c.events.len())).collect();
    assert_eq!(edges, [(0, 500, 500), (500, 1_000, 500), (1_000, 1_300, 300)]);
    assert_eq!(chunks[2].bytes_done, std::fs::metadata(&scene.path).unwrap().len());
}

#[test]
fn a_column_that_is_not_there_is_named() {
    let scene = file("a,b\n1,2\n");
    let mapping = Mapping::from_toml(EVENTS).unwrap();
    let Err(error) = Conversion::new(&scene.path, &mapping, 0) else { panic!("it must not fit") };
    let said = "the mapping does not fit: customer.user_id names the column 'who', which the file \
        does not have; it has: a, b";
    assert_eq!(error.to_string(), said);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever the order of the lines: a start at any row gives exactly the events that a run
    /// from the beginning gives from there on, and every row is told, skipped or rejected once.
    #[test]
    fn any_start_gives_the_same(keys in prop::collection::vec((0u8..9, 0u8..12), 1..60)) {
        let line = |(key, price): &(u8, u8)| match price {
            0 => format!("{key},ann,2026-01-01,bad,1\n"),
            1 => ",ann,2026-01-01,1,1\n".to_owned(),
            2 => format!("{key},test,2026-01-01,1,1\n"),
            _ => format!("{key},ann,2026-01-01,{price},1\n"),
        };
        let text: String = keys.iter().map(line).collect();
        let scene = file(format!("no,who,day,price,n\n{text}"));
        let all = convert(&scene, LINES, 0);
        let n_lines = |events: &[Value]| -> usize {
            events.iter().map(|e| e["properties"]["products"].as_array().unwrap().len()).sum()
        };
        let n_told = n_lines(&values(&all)) + all.rejects.len() + all.n_skipped as usize;
        prop_assert_eq!(n_told, keys.len());
        let mapping = Mapping::from_toml(LINES).unwrap();
        for from_row in 0..=keys.len() as u64 {
            let rest = convert(&scene, LINES, from_row);
            let conversion = Conversion::new(&scene.path, &mapping, 0).unwrap().until(from_row);
            let before = sum_of(conversion, 0);
            prop_assert_eq!(&[before.events, rest.events].concat(), &all.events, "at {}", from_row);
            let rejects = [before.rejects, rest.rejects].concat();
            prop_assert_eq!(&rejects, &all.rejects, "at {}", from_row);
        }
        let edge = convert_first(&scene);
        let rest = convert(&scene, LINES, edge.to_row);
        let n_both = edge.events.len() + rest.events.len();
        prop_assert_eq!(n_both, all.events.len());
    }
}

/// What a run has told when it is killed after two groups.
fn convert_first(scene: &Scene) -> Chunk {
    let mapping = Mapping::from_toml(LINES).unwrap();
    let mut conversion = Conversion::new(&scene.path, &mapping, 0).unwrap();
    let mut chunk = Chunk::default();
    for _ in 0..2 {
        if let Some(group) = conversion.next_group().unwrap() {
            conversion.tell(&group, &mut chunk);
        }
    }
    chunk.to_row = conversion.gathering.first_waiting().unwrap_or(conversion.next_row);
    chunk
}
