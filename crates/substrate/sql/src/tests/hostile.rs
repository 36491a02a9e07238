//! Does everything that asks for too much end with a clear error, and leave room for others?

use crate::testing::{World, world_with};
use crate::{Folds, SqlError, SqlLimits};
use base::ErrorKind;
use futures::StreamExt;
use std::time::{Duration, Instant};

/// Little of everything, so that bounds are met soon; more time than any bounded step takes on a
/// busy machine where time is not what is tried.
async fn small() -> World {
    small_within(Duration::from_secs(120)).await
}

async fn small_within(time_max: Duration) -> World {
    let limits = SqlLimits {
        rows_max: 10_000,
        memory_bytes_max: 32 << 20,
        made_bytes_max: 1 << 20,
        time_max,
        n_at_work_max: 2,
        n_waiting_max: 2,
        wait_max: Duration::from_millis(300),
        ..SqlLimits::default()
    };
    world_with(limits, &Folds::default()).await
}

/// A hostile question ends as it must, soon, and the next question is answered.
async fn check(world: &World, text: &str, is_right: impl Fn(&SqlError) -> bool) {
    let begun = Instant::now();
    let error = world.error(text).await;
    let shown: String = text.chars().take(80).collect();
    assert!(is_right(&error), "{shown}: {error} ({error:?})");
    assert!(begun.elapsed() < Duration::from_secs(90), "{shown}: after {:?}", begun.elapsed());
    assert_eq!(world.one("SELECT 1 + 1").await, "2", "after {shown}");
}

fn is_bound(error: &SqlError) -> bool {
    matches!(error, SqlError::Memory { .. } | SqlError::Time { .. } | SqlError::Rows { .. })
}

#[tokio::test]
async fn what_never_ends_is_ended() {
    let world = small_within(Duration::from_secs(3)).await;
    let cross = "SELECT count(*) FROM events a, events b, events c WHERE a.name < b.message_id";
    check(&world, cross, is_bound).await;
    let giant = "SELECT * FROM events a CROSS JOIN events b";
    check(&world, giant, is_bound).await;
    check(&world, "SELECT * FROM events", |e| matches!(e, SqlError::Rows { rows_max: 10_000 }))
        .await;
    let sort = "SELECT a.properties, b.context FROM events a CROSS JOIN events b
        ORDER BY a.properties, b.message_id";
    check(&world, sort, is_bound).await;
    let group = "SELECT a.message_id, b.message_id, count(*) FROM events a, events b GROUP BY 1, 2";
    check(&world, group, is_bound).await;
    let series = "SELECT sum(value) FROM generate_series(1, 1000000000000)";
    check(&world, series, is_bound).await;
    // Little in memory that makes much: nothing is ever waited for.
    let small = "generate_series(1, 70)";
    let ever = format!(
        "SELECT count(*) FROM {small} a, {small} b, {small} c, {small} d, {small} e, {small} f
         WHERE a.value + b.value + c.value + d.value + e.value + f.value > 1000000"
    );
    check(&world, &ever, is_bound).await;
    let unnested =
        "SELECT count(*) FROM (SELECT unnest(range(0, 1000)) FROM generate_series(1, 1000000000))";
    check(&world, unnested, is_bound).await;
    let recursion =
        "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT * FROM r";
    check(&world, recursion, |e| e.kind() == ErrorKind::Invalid).await;
}

#[tokio::test]
async fn what_makes_much_of_little_is_refused() {
    let world = small().await;
    for text in [
        "SELECT repeat('x', 2000000000)",
        "SELECT repeat(message_id, 100000) FROM events",
        "SELECT lpad('x', 2000000000, 'y')",
        "SELECT array_repeat('x', 2000000000)",
        "SELECT range(0, 2000000000)",
        "SELECT generate_series(0, 2000000000)",
    ] {
        check(&world, text, |e| e.kind() == ErrorKind::Invalid).await;
    }
    assert_eq!(world.one("SELECT repeat('ab', 3)").await, "ababab");
    assert_eq!(world.one("SELECT lpad('7', 3, '0')").await, "007");
    assert_eq!(world.one("SELECT array_length(range(0, 10))").await, "10");
}

#[tokio::test]
async fn what_is_deep_or_long_overflows_no_stack() {
    let world = small().await;
    let brackets = |n: usize| format!("SELECT {}1{}", "(".repeat(n), ")".repeat(n));
    let complex =
        |e: &SqlError| matches!(e, SqlError::TooComplex { .. } | SqlError::TooLong { .. });
    check(&world, &brackets(100_000), complex).await;
    assert_eq!(world.one(&brackets(30)).await, "1");
    let sum = |n: usize| format!("SELECT count(*) FROM events WHERE 1{} > 0", " + 1".repeat(n));
    check(&world, &sum(50_000), complex).await;
    let n = world.seen().count().to_string();
    assert_eq!(
        world.one(&sum(SqlLimits::default().operators_max - 10)).await,
        n,
        "as long as allowed"
    );
    let or = format!("SELECT count(*) FROM events WHERE name = ''{}", " OR name = 'x'".repeat(200));
    assert_eq!(world.one(&or).await, "0");
    let unions = format!("SELECT 1{}", " UNION ALL SELECT 1".repeat(1_500));
    check(&world, &unions, complex).await;
    let joins = format!(
        "SELECT count(*) FROM events e0{}",
        (1..200).map(|i| format!(", events e{i}")).collect::<String>()
    );
    check(&world, &joins, complex).await;
    let nested =
        (0..8).fold("SELECT 1 AS x".to_owned(), |q, i| format!("SELECT x FROM ({q}) t{i}"));
    assert_eq!(world.one(&nested).await, "1");
}

#[tokio::test]
async fn nothing_but_reading_is_answered() {
    let world = small().await;
    let denied = |e: &SqlError| e.kind() == ErrorKind::Denied;
    for text in [
        "DELETE FROM events",
        "UPDATE customers SET name = 'x'",
        "INSERT INTO customers SELECT * FROM customers",
        "CREATE TABLE t AS SELECT * FROM events",
        "CREATE VIEW v AS SELECT 1",
        "CREATE EXTERNAL TABLE t STORED AS CSV LOCATION '/etc/passwd'",
        "DROP TABLE events",
        "COPY events TO '/tmp/events.csv'",
        "COPY (SELECT 1) TO '/tmp/one.csv'",
        "SET datafusion.execution.enable_recursive_ctes = true",
        "EXPLAIN DELETE FROM events",
        "EXPLAIN ANALYZE INSERT INTO customers SELECT * FROM customers",
        "SELECT * INTO t FROM events",
        "TRUNCATE events",
    ] {
        check(&world, text, denied).await;
    }
    let invalid = |e: &SqlError| e.kind() == ErrorKind::Invalid;
    check(&world, "SELECT * FROM '/etc/passwd'", invalid).await;
    check(&world, "SELECT 1; SELECT 2", invalid).await;
    check(&world, "SELEKT 1", invalid).await;
    check(&world, "SELECT nme FROM customers", invalid).await;
    check(&world, "SELECT 'open", invalid).await;
    check(&world, "", invalid).await;
    check(&world, "SELECT 1 / 0", invalid).await;
}

#[tokio::test]
async fn questions_take_turns_and_let_go() {
    let limits = SqlLimits {
        n_at_work_max: 2,
        wait_max: Duration::from_millis(300),
        ..SqlLimits::default()
    };
    let world = world_with(limits, &Folds::default()).await;
    let endless = "SELECT value FROM generate_series(1, 1000000000000)";
    let mut first = world.engine.query(&world.viewer, endless).await.unwrap();
    let second = world.engine.query(&world.viewer, endless).await.unwrap();
    let error = world.error("SELECT 1").await;
    assert_eq!(error.kind(), ErrorKind::Limited, "{error}");
    assert!(first.next().await.unwrap().unwrap().num_rows() > 0);
    drop(second);
    assert_eq!(world.one("SELECT 1").await, "1");
    let canceller = first.canceller();
    canceller.stop();
    let mut last = None;
    while let Some(part) = first.next().await {
        last = Some(part);
    }
    assert!(matches!(last, Some(Err(SqlError::Stopped))), "{last:?}");
    assert_eq!(world.one("SELECT 1").await, "1");
}

#[tokio::test]
async fn rows_until_the_bound_are_given() {
    let world = small().await;
    let mut answer = world.engine.query(&world.viewer, "SELECT name FROM events").await.unwrap();
    let mut n_rows = 0;
    let error = loop {
        match answer.next().await.expect("it ends with an error") {
            Ok(batch) => n_rows += batch.num_rows(),
            Err(error) => break error,
        }
    };
    assert_eq!(n_rows, 10_000);
    assert_eq!(
        error.to_string(),
        "the answer has more than 10000 rows: add a LIMIT or a condition"
    );
}
