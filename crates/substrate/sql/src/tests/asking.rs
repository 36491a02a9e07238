//! Are answers what a plain list of events says?

use crate::testing::{Fixed, HOUR, N_CUSTOMERS, NAMES, Plain, START, World, world, world_with};
use crate::{
    Argument, Asked, BadCall, Cause, Cell, Column, FoldFunction, Folds, Kind, Ledger, PageQuery,
    Rows, SqlError, SqlLimits, Tables, Veil,
};
use async_trait::async_trait;
use base::ErrorKind;
use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex};

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
    let newer = "SELECT version_key('v1.10') > version_key('1.9.2'), version_key('latest')";
    assert_eq!(world.rows(newer).await, [["true", "-"]]);
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

/// The tables of others, without the events of some.
struct Without(HashSet<i64>);

#[async_trait]
impl Tables for Without {
    async fn page(&self, query: PageQuery<'_>, rows: &mut Rows) -> Result<Option<String>, Cause> {
        Fixed.page(query, rows).await
    }

    async fn left_out(&self) -> Result<Arc<HashSet<i64>>, Cause> {
        match self.0.is_empty() {
            true => Err(SqlError::Denied { message: "you may not any more".into() }.into()),
            false => Ok(Arc::new(self.0.clone())),
        }
    }
}

#[tokio::test]
async fn events_of_customers_whose_data_rest_are_left_out() {
    let mut world = world().await;
    let all = world.seen().count();
    world.viewer.tables = Arc::new(Without([7, 8].into()));
    let resting = world.seen().filter(|e| matches!(e.identifier, 7 | 8)).count();
    assert!(resting > 20, "{resting} events");
    let count = "SELECT count(*) FROM events";
    assert_eq!(world.one(count).await, (all - resting).to_string());
    let of_them = "SELECT count(*) FROM events WHERE customer_id IN (7, 8)";
    assert_eq!(world.one(of_them).await, "0");
    assert_eq!(
        world.one("SELECT count(message_id) FROM events").await,
        (all - resting).to_string()
    );
    // Whoever is merged into one of them rests with them.
    world.move_to(9, Some(7));
    let resting = world.seen().filter(|e| matches!(e.identifier, 7..=9)).count();
    assert_eq!(world.one(count).await, (all - resting).to_string());
    world.viewer.tables = Arc::new(Without(HashSet::new()));
    let error = world.error(count).await;
    assert_eq!(
        (error.kind(), error.to_string().as_str()),
        (ErrorKind::Denied, "you may not any more")
    );
}

#[tokio::test]
async fn errors_say_where_and_what_may_have_been_meant() {
    let world = world().await;
    let check = async |sql: &str, told: &str, hint: Option<&str>| {
        let error = world.error(sql).await;
        assert!(error.to_string().contains(told), "{sql}: {error}");
        assert_eq!(error.hint(), hint, "{sql}: {error:?}");
    };
    check("SELECT 1\nFROM\n  events WHERE )", "found: ) at line 3, column 16", None).await;
    check("SELECT 'open", "at line 1, column 8", None).await;
    check(
        "SELECT 1,\n  nme FROM customers",
        "at line 2, column 3",
        Some("did you mean 'customers.name'?"),
    )
    .await;
    check("SELECT 1 FROM evnts", "evnts' not found at line 1, column 15", None).await;
    check("SELECT summ(n_events) FROM customers", "'summ'", Some("did you mean 'sum'?")).await;
}

#[tokio::test]
async fn what_a_question_will_do_can_be_looked_at() {
    let world = world().await;
    for sql in ["SELECT count(*) FROM customers", "EXPLAIN SELECT count(*) FROM customers"] {
        let plan = world.engine.explain(&world.viewer, sql).await.unwrap();
        assert!(plan.contains("StreamingTableExec") && plan.contains("Aggregate"), "{plan}");
    }
    let error = world.engine.explain(&world.viewer, "DROP TABLE events").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Denied);
}

#[derive(Default)]
struct Notes(Mutex<Vec<Asked>>);

impl Ledger for Notes {
    fn note(&self, asked: Asked) {
        self.0.lock().unwrap().push(asked);
    }
}

#[tokio::test]
async fn questions_about_data_are_written_down_however_they_end() {
    let mut world = world().await;
    let notes = Arc::new(Notes::default());
    world.viewer.ledger = Some(notes.clone());
    for sql in ["SELECT 1", "SHOW TABLES", "SELECT * FROM information_schema.columns"] {
        world.rows(sql).await;
    }
    world.error("SELECT nme FROM customers").await;
    assert_eq!(notes.0.lock().unwrap().len(), 0, "they read nothing that matters");
    world.rows("SELECT * FROM customers LIMIT 7").await;
    world.error("SELECT 1 / 0 FROM customers").await;
    drop(world.engine.query(&world.viewer, "SELECT * FROM events a, events b").await.unwrap());
    while notes.0.lock().unwrap().len() < 3 {
        tokio::task::yield_now().await;
    }
    let notes = notes.0.lock().unwrap();
    assert_eq!((notes[0].text.as_str(), notes[0].n_rows), ("SELECT * FROM customers LIMIT 7", 7));
    let troubles: Vec<bool> = notes.iter().map(|asked| asked.trouble.is_some()).collect();
    assert_eq!(troubles, [false, true, true], "{notes:?}");
    assert_eq!(notes[2].trouble.as_deref(), Some("stopped"));
}

/// Counts up.
struct Upto;

#[async_trait]
impl FoldFunction for Upto {
    fn name(&self) -> &'static str {
        "upto"
    }

    fn signature(&self) -> &'static str {
        "upto(n)"
    }

    fn doc(&self) -> &'static str {
        "The numbers from 1 to n."
    }

    fn example(&self) -> &'static str {
        "SELECT * FROM upto(3)"
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
