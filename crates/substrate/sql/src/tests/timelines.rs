//! Is what is asked customer by customer what a plain list says, wherever the rows lie?

use crate::testing::{HOUR, Plain, START, World, texts, world};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

const WINDOWS: &str = "SELECT customer_id, count(*), count(gap), sum(gap * gap),
           sum(CASE WHEN name = before THEN 1 ELSE 0 END), max(place), max(so_far)
    FROM (SELECT customer_id, name,
              extract(epoch FROM lead(occurred_at) OVER timeline - occurred_at) AS gap,
              lag(name) OVER timeline AS before,
              row_number() OVER timeline AS place,
              count(message_id) OVER (PARTITION BY customer_id ORDER BY occurred_at, event_id
                  ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS so_far
          FROM events
          WINDOW timeline AS (PARTITION BY customer_id ORDER BY occurred_at, event_id)) AS gaps
    GROUP BY customer_id ORDER BY customer_id";

const BY_DAY: &str = "SELECT date_trunc('day', occurred_at) AS day, count(DISTINCT customer_id)
    FROM events WHERE name <> 'signed up' GROUP BY 1 ORDER BY 1";

/// Each customer's events in their order.
fn timelines(world: &World) -> BTreeMap<u64, Vec<&Plain>> {
    let mut timelines: BTreeMap<u64, Vec<&Plain>> = BTreeMap::new();
    for event in world.seen() {
        timelines.entry(world.owner(event).unwrap()).or_default().push(event);
    }
    // Stable: the list is in the order of the log.
    timelines.values_mut().for_each(|events| events.sort_by_key(|event| event.at));
    timelines
}

async fn check(world: &World) {
    let told = |(customer, events): (&u64, &Vec<&Plain>)| {
        let pairs = || events.windows(2);
        let squares: i64 = pairs().map(|pair| ((pair[1].at - pair[0].at) / 1_000_000).pow(2)).sum();
        let n_same = pairs().filter(|pair| pair[0].name == pair[1].name).count();
        let (n, n_pairs) = (events.len().to_string(), (events.len() - 1).to_string());
        let squares = if events.len() > 1 { format!("{squares}.0") } else { "-".into() };
        vec![customer.to_string(), n.clone(), n_pairs, squares, n_same.to_string(), n.clone(), n]
    };
    let expected: Vec<Vec<String>> = timelines(world).iter().map(told).collect();
    let found = world.rows(WINDOWS).await;
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(&expected) {
        assert_eq!(found, expected, "customer, n, gaps, squares, same names, place, so far");
    }
    let mut by_day: BTreeMap<i64, BTreeSet<u64>> = BTreeMap::new();
    for event in world.seen().filter(|event| event.name != "signed up") {
        let day = (event.at - START) / (24 * HOUR);
        by_day.entry(day).or_default().insert(world.owner(event).unwrap());
    }
    let expected: Vec<String> = by_day.values().map(|of| of.len().to_string()).collect();
    let found: Vec<String> =
        world.rows(BY_DAY).await.into_iter().map(|row| row[1].clone()).collect();
    assert_eq!(found, expected);
}

async fn plan(world: &World, sql: &str) -> String {
    world.rows(&format!("EXPLAIN {sql}")).await.concat().join("\n")
}

#[tokio::test]
async fn timelines_are_those_of_a_plain_list() {
    let world = world().await;
    check(&world).await;
    for sql in [WINDOWS, BY_DAY] {
        let plan = plan(&world, sql).await;
        assert!(plan.contains("TimelinesExec"), "{plan}");
        let exchange = plan.lines().find(|line| line.contains("Hash([customer_id"));
        assert_eq!(exchange, None, "whole customers lie in one partition:\n{plan}");
    }
    let plan = plan(&world, WINDOWS).await;
    assert!(plan.contains("TimelineWindowsExec"), "{plan}");
    assert!(!plan.contains("BoundedWindowAggExec"), "{plan}");
}

#[tokio::test]
async fn rows_are_on_the_timeline_of_whom_their_identifier_points_to_now() {
    let mut world = world().await;
    for (identifier, to) in [(2, Some(1)), (77, Some(7)), (300, None), (301, Some(302))] {
        world.move_to(identifier, to);
    }
    world.move_to(301, Some(301));
    // Somebody without rows of their own, and somebody who has gone into another.
    world.move_to(9, Some(9_999));
    world.move_to(1, Some(450));
    check(&world).await;
    world.add(1_000);
    world.flush().await;
    world.add(500);
    check(&world).await;
}

#[tokio::test]
async fn what_is_known_of_whole_customers_is_not_taken_for_a_hash() {
    let world = world().await;
    let context = world.engine.session(&world.viewer).unwrap();
    // So that both sides of a join are dealt out by hash, however small.
    for bound in ["", "_rows"] {
        let option = format!("datafusion.optimizer.hash_join_single_partition_threshold{bound}");
        context.sql(&format!("SET {option} = 0")).await.unwrap();
    }
    let sql = "SELECT count(*), sum(e.n) FROM (SELECT customer_id, count(*) AS n FROM events
            GROUP BY customer_id) AS e
        JOIN customers AS c ON c.customer_id = e.customer_id
        JOIN (SELECT DISTINCT customer_id FROM events WHERE name = 'signed up') AS s
          ON s.customer_id = e.customer_id";
    let plan = context.sql(&format!("EXPLAIN {sql}")).await.unwrap().collect().await.unwrap();
    let plan = texts(&plan).concat().join("\n");
    assert!(plan.contains("mode=Partitioned") && plan.contains("TimelinesExec"), "{plan}");
    let found = texts(&context.sql(sql).await.unwrap().collect().await.unwrap());
    let timelines = timelines(&world);
    let joined = timelines.values().filter(|of| of.iter().any(|e| e.name == "signed up"));
    let (n, n_events) = joined.fold((0, 0), |(n, n_events), of| (n + 1, n_events + of.len()));
    assert_eq!(found, [[n.to_string(), n_events.to_string()]]);
}

#[tokio::test]
async fn conditions_reach_the_files_of_timelines() {
    let world = world().await;
    let sql = "SELECT customer_id, count(*) FROM events
        WHERE occurred_at >= '2026-01-05T04:00:00Z' AND name = 'signed up' GROUP BY customer_id";
    let plan = plan(&world, sql).await;
    let files = plan.lines().find(|line| line.contains("DataSourceExec")).expect("files are read");
    assert!(files.contains("predicate=") && files.contains("pruning_predicate="), "{plan}");
    assert!(!plan.contains("properties"), "columns that nobody asks for are not read: {plan}");
    let of_one = "SELECT name, count(*) OVER (PARTITION BY customer_id) FROM events
        WHERE customer_id = 7";
    let n = world.seen().filter(|event| world.owner(event) == Some(7)).count();
    let rows = world.rows(of_one).await;
    assert_eq!(rows.len(), n);
    assert!(rows.iter().all(|row| row[1] == n.to_string()), "{rows:?}");
}

struct Hidden;

impl crate::Veil for Hidden {
    fn veil(&self, json: &str) -> Option<String> {
        json.contains("EUR").then(|| json.replace("EUR", "?"))
    }
}

#[tokio::test]
async fn what_is_withheld_is_withheld_on_timelines() {
    let mut world = world().await;
    world.viewer.veil = Some(Arc::new(Hidden));
    world.move_to(5, Some(6));
    let sql = "SELECT count(*) FROM (SELECT lead(properties) OVER
        (PARTITION BY customer_id ORDER BY occurred_at) AS next FROM events) AS n";
    assert_eq!(world.one(&format!("{sql} WHERE next LIKE '%EUR%'")).await, "0");
    assert_ne!(world.one(&format!("{sql} WHERE next LIKE '%\"?\"%'")).await, "0");
}

#[tokio::test]
async fn events_are_counted_by_their_name() {
    let mut world = world().await;
    world.move_to(300, None);
    let sql = "SELECT name AS what, count(*) AS n, count(1) AS m FROM events
        WHERE customer_id < 250 GROUP BY name ORDER BY name";
    let mut by_name: BTreeMap<&str, usize> = BTreeMap::new();
    for event in world.seen().filter(|event| world.owner(event) < Some(250)) {
        *by_name.entry(event.name).or_default() += 1;
    }
    let told = |(name, n): (&&str, &usize)| vec![(*name).to_owned(), n.to_string(), n.to_string()];
    let expected: Vec<Vec<String>> = by_name.iter().map(told).collect();
    assert_eq!(world.rows(sql).await, expected);
    assert!(plan(&world, sql).await.contains("TallyExec: by=name"));
    let kinds = world.rows("SELECT DISTINCT kind FROM events").await;
    assert_eq!(kinds, [["track"]]);
    for other in ["count(message_id)", "count(*) FILTER (WHERE name > 'p')"] {
        let plan = plan(&world, &format!("SELECT name, {other} FROM events GROUP BY name")).await;
        assert!(!plan.contains("TallyExec"), "{plan}");
    }
}
