//! Are answers what a plain list of events says?

use crate::testing::{HOUR, N_CUSTOMERS, NAMES, Plain, START, World, world, world_with};
use crate::{
    Argument, BadCall, Cause, Cell, Column, FoldFunction, Folds, Kind, Rows, SqlLimits, Veil,
};
use async_trait::async_trait;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a plain list says, next to what SQL says, over one world.
async fn check(world: &World) {
    assert_eq!(world.one("SELECT count(*) FROM events").await, world.seen().count().to_string());
    let mut by_name: BTreeMap<&str, (usize, f64)> = BTreeMap::new();
    let mut by_customer: BTreeMap<u64, usize> = BTreeMap::new();
    for event in world.seen() {
        let (n, sum) = by_name.entry(event.name).or_default();
        *n += 1;
        *sum += event.revenue.unwrap_or(0.0);
        *by_customer.entry(world.owner(event).unwrap()).or_default() += 1;
    }
    let expected: Vec<Vec<String>> = by_name
        .iter()
        .map(|(name, (n, sum))| vec![(*name).to_owned(), n.to_string(), format!("{sum:.2}")])
        .collect();
    let sql = "SELECT name, count(*), round(coalesce(sum(try_cast(properties ->> 'revenue' AS DOUBLE)), 0), 2)
        FROM events GROUP BY name ORDER BY name";
    let found: Vec<Vec<String>> = world
        .rows(sql)
        .await
        .into_iter()
        .map(|row| {
            vec![row[0].clone(), row[1].clone(), format!("{:.2}", row[2].parse::<f64>().unwrap())]
        })
        .collect();
    assert_eq!(found, expected);
    let sql = "SELECT customer_id, count(*) FROM events GROUP BY customer_id ORDER BY customer_id";
    let expected: Vec<Vec<String>> =
        by_customer.iter().map(|(c, n)| vec![c.to_string(), n.to_string()]).collect();
    assert_eq!(world.rows(sql).await, expected);
    for customer in [1, 2, 7, 77, N_CUSTOMERS, 9_999] {
        let sql = format!("SELECT count(*) FROM events WHERE customer_id = {customer}");
        let expected = by_customer.get(&customer).copied().unwrap_or(0);
        assert_eq!(world.one(&sql).await, expected.to_string(), "customer {customer}");
    }
    let few = "SELECT count(*) FROM events WHERE customer_id IN (1, 2, 7) AND name <> 'signed up'";
    let is_few = |e: &&Plain| matches!(world.owner(e), Some(1 | 2 | 7)) && e.name != "signed up";
    assert_eq!(world.one(few).await, world.seen().filter(is_few).count().to_string());
}

#[tokio::test]
async fn answers_are_those_of_a_plain_list() {
    check(&world().await).await;
}

#[tokio::test]
async fn rows_belong_to_whom_their_identifier_points_to_now_and_erased_ones_are_not_there() {
    let mut world = world().await;
    for (identifier, to) in [(2, Some(1)), (77, Some(7)), (300, None), (301, Some(302))] {
        world.move_to(identifier, to);
    }
    world.move_to(301, Some(301));
    world.add(1_000);
    check(&world).await;
    let erased = world.events.iter().filter(|e| e.identifier == 300).count();
    assert!(erased > 10, "{erased} rows were there to be erased");
    assert_eq!(world.one("SELECT count(*) FROM events WHERE identifier_id = 300").await, "0");
}

#[tokio::test]
async fn conditions_reach_the_files() {
    let world = world().await;
    let (from, to) = (START + 100 * HOUR, START + 110 * HOUR);
    let within = |e: &&Plain| (from..to).contains(&e.at) && e.name == NAMES[0];
    let sql = "FROM events WHERE occurred_at >= '2026-01-05T04:00:00Z'
        AND occurred_at < '2026-01-05T14:00:00Z' AND name = 'Order Completed'";
    let count = world.one(&format!("SELECT count(*) {sql}")).await;
    assert_eq!(count, world.seen().filter(within).count().to_string());

    let plan = world.rows(&format!("EXPLAIN SELECT message_id {sql}")).await.concat().join("\n");
    let files = plan.lines().find(|line| line.contains("DataSourceExec")).expect("files are read");
    assert!(files.contains("predicate=") && files.contains("pruning_predicate="), "{files}");
    assert!(!files.contains("properties"), "columns that nobody asks for are not read: {files}");

    let sql = "EXPLAIN SELECT count(*) FROM events WHERE customer_id = 7";
    let plan = world.rows(sql).await.concat().join("\n");
    let n_files = plan.matches(".parquet").count();
    let n_runs = world.history.runs().len();
    assert!(n_files >= 1 && n_files <= n_runs.min(4), "{n_files} of {n_runs} files in\n{plan}");
}

#[tokio::test]
async fn properties_are_read_as_what_they_are() {
    let world = world().await;
    let sql = "SELECT count(*) FROM events WHERE json_get_float(properties, 'revenue') > 1000";
    let rich = world.seen().filter(|e| e.revenue.is_some_and(|r| r > 1000.0)).count();
    assert_eq!(world.one(sql).await, rich.to_string());
    let sql = "SELECT DISTINCT context -> 'page' ->> 'path', json_get_str(properties, 'nothing')
        FROM events";
    assert_eq!(world.rows(sql).await, [["/", "-"]]);
    let sql =
        "SELECT count(*) FROM events WHERE try_cast(properties ->> 'revenue' AS DOUBLE) IS NULL
        AND properties ->> 'revenue' IS NOT NULL";
    let none = world.seen().filter(|e| e.revenue.is_none()).count();
    assert_eq!(world.one(sql).await, none.to_string());
    let error = world.error("SELECT cast(properties ->> 'revenue' AS DOUBLE) FROM events").await;
    assert_eq!(error.kind(), base::ErrorKind::Invalid);
}

#[tokio::test]
async fn tables_join_events_and_ids_become_each_other() {
    let world = world().await;
    let sql = "SELECT count(*), count(DISTINCT c.customer_id), min(c.name) FROM events e
        JOIN customers c USING (customer_id) WHERE c.is_known AND c.traits ->> 'plan' = 'pro'";
    let known = world.seen().filter(|e| e.identifier % 2 == 0).count();
    let row = &world.rows(sql).await[0];
    assert_eq!(row[..2], [known.to_string(), (N_CUSTOMERS / 2).to_string()]);
    let sql = "SELECT name, customer_key(customer_id), customer_number(customer_key(customer_id))
        FROM customers WHERE customer_id = 33";
    assert_eq!(world.rows(sql).await, [["n33", "c_0011", "33"]]);
    assert_eq!(world.one("SELECT customer_number('nonsense')").await, "-");
    assert_eq!(world.one("SELECT count(*) FROM customers").await, N_CUSTOMERS.to_string());
    assert_eq!(world.one("SELECT count(*) FROM (SELECT * FROM holdings LIMIT 5)").await, "5");
    let error = world.error("SELECT * FROM accounts").await;
    assert_eq!(error.to_string(), "table 'accounts' cannot be read");
    assert_eq!(error.kind(), base::ErrorKind::Unavailable);
}

#[tokio::test]
async fn the_catalogue_can_be_browsed() {
    let world = world().await;
    let sql = "SELECT column_name, data_type FROM information_schema.columns
        WHERE table_name = 'products' ORDER BY ordinal_position LIMIT 2";
    assert_eq!(world.rows(sql).await.len(), 2);
    let tables = world.rows("SHOW TABLES").await.concat();
    for table in ["events", "customers", "holdings", "sources"] {
        assert!(tables.iter().any(|t| t == table), "{table} in {tables:?}");
    }
}

struct Secrets;

impl Veil for Secrets {
    fn veil(&self, json: &str) -> Option<String> {
        json.contains("\"secret\":").then(|| json.replace("\"secret\":\"x\"", "\"secret\":\"?\""))
    }
}

#[tokio::test]
async fn what_is_withheld_finds_nobody() {
    let mut world = world().await;
    let sql = "SELECT count(*) FROM events WHERE context ->> 'secret' = 'x'";
    assert_eq!(world.one(sql).await, world.seen().count().to_string());
    world.viewer.veil = Some(Arc::new(Secrets));
    assert_eq!(world.one(sql).await, "0");
    world.move_to(5, Some(6));
    assert_eq!(world.one(sql).await, "0");
    let sql = "SELECT count(*) FROM events WHERE context LIKE '%\"?\"%'";
    assert_eq!(world.one(sql).await, world.seen().count().to_string());
}

/// Counts up.
struct Upto;

#[async_trait]
impl FoldFunction for Upto {
    fn name(&self) -> &'static str {
        "upto"
    }

    fn doc(&self) -> &'static str {
        "upto(n): the numbers from 1 to n"
    }

    fn columns(&self, arguments: &[Argument]) -> Result<Vec<Column>, BadCall> {
        match arguments {
            [Argument::Int(0..)] => {
                let doc = "the number";
                Ok(vec![Column { name: "n", kind: Kind::Int, may_be_null: false, doc }])
            }
            _ => Err(BadCall { function: "upto", what: "expected a number from 0".into() }),
        }
    }

    async fn rows(&self, arguments: &[Argument], rows: &mut Rows) -> Result<(), Cause> {
        let [Argument::Int(n)] = arguments else { return Err("unchecked".into()) };
        (1..=*n).for_each(|n| rows.push(|_| Cell::Int(n)));
        Ok(())
    }
}

#[tokio::test]
async fn folds_stand_in_from() {
    let mut folds = Folds::default();
    folds.add(Arc::new(Upto));
    let world = world_with(SqlLimits::default(), &folds).await;
    assert_eq!(world.one("SELECT sum(n) FROM upto(10) WHERE n > 3").await, "49");
    let error = world.error("SELECT * FROM upto(-1)").await;
    assert!(error.to_string().contains("upto: expected a number from 0"), "{error}");
    let error = world.error("SELECT * FROM upto('x')").await;
    assert_eq!(error.kind(), base::ErrorKind::Invalid);
}
