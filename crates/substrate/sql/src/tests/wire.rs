//! Do clients of PostgreSQL get along?

use crate::pg::{Authenticator, Options, serve, tls};
use crate::testing::{N_CUSTOMERS, World, world_with};
use crate::{Folds, SqlLimits, Viewer};
use async_trait::async_trait;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_postgres::error::{ErrorPosition, SqlState};
use tokio_postgres::{Client, Config, NoTls, SimpleQueryMessage};

/// Lets in those of whom it knows the password.
struct One(Viewer);

#[async_trait]
impl Authenticator for One {
    async fn sign_in(&self, user: &str, password: &str, _: SocketAddr) -> Option<Viewer> {
        (user == "ada" && password == "secret").then(|| self.0.clone())
    }
}

struct Served {
    world: World,
    address: SocketAddr,
    certificate: String,
}

async fn served() -> Served {
    let limits = SqlLimits {
        rows_max: 100_000,
        time_max: Duration::from_secs(120),
        memory_bytes_max: 64 << 20,
        ..SqlLimits::default()
    };
    let world = world_with(limits, &Folds::default()).await;
    let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
    let made = rcgen::generate_simple_self_signed(names).unwrap();
    let (certificate, key) = (made.cert.pem(), made.signing_key.serialize_pem());
    let options = Options {
        authenticator: Arc::new(One(world.viewer.clone())),
        tls: Some(tls(certificate.as_bytes(), key.as_bytes()).unwrap()),
        requires_tls: true,
        n_connections_max: 8,
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(serve(world.engine.clone(), listener, options, std::future::pending()));
    Served { world, address, certificate }
}

impl Served {
    fn config(&self, password: &str) -> Config {
        let mut config = Config::new();
        let IpAddr::V4(host) = self.address.ip() else { panic!("loopback is version 4") };
        config.host(host.to_string()).port(self.address.port());
        config.user("ada").password(password).dbname("rapport");
        config
    }

    async fn connect(&self) -> Client {
        let (client, connection) = self.config("secret").connect(NoTls).await.unwrap();
        tokio::spawn(connection);
        client
    }
}

async fn first(client: &Client, sql: &str) -> Vec<Option<String>> {
    for message in client.simple_query(sql).await.unwrap() {
        if let SimpleQueryMessage::Row(row) = message {
            return (0..row.len()).map(|i| row.get(i).map(str::to_owned)).collect();
        }
    }
    panic!("{sql}: no row");
}

#[tokio::test]
async fn questions_plain_and_prepared_are_answered_in_both_formats() {
    let served = served().await;
    let client = served.connect().await;
    let n = served.world.seen().count() as i64;
    assert_eq!(first(&client, "SELECT count(*) FROM events").await, [Some(n.to_string())]);
    let row = client.query_one("SELECT count(*) FROM events", &[]).await.unwrap();
    assert_eq!(row.get::<_, i64>(0), n);
    let sql = "SELECT customer_id, name, revenue, is_known, phone FROM customers
        WHERE customer_id = $1 AND name = $2";
    let row = client.query_one(sql, &[&8i64, &"n8"]).await.unwrap();
    assert_eq!((row.get::<_, i64>(0), row.get::<_, &str>(1)), (8, "n8"));
    assert_eq!((row.get::<_, f64>(2), row.get::<_, bool>(3)), (4.0, true));
    assert_eq!(row.get::<_, Option<&str>>(4), None);
    let row = client.query_one("SELECT min(occurred_at) FROM events", &[]).await.unwrap();
    let earliest = served.world.seen().map(|e| e.at).min().unwrap();
    let at: std::time::SystemTime = row.get(0);
    let since_1970 = at.duration_since(std::time::UNIX_EPOCH).unwrap();
    assert_eq!(since_1970.as_micros() as i64, earliest);
    let row = first(&client, "SELECT first_seen FROM customers LIMIT 1").await;
    assert!(row[0].as_deref().unwrap().starts_with("2026-01-01 00:00:00"), "{row:?}");
    let rows = client.query("SELECT customer_id FROM customers", &[]).await.unwrap();
    assert_eq!(rows.len() as u64, N_CUSTOMERS);
}

#[tokio::test]
async fn what_drivers_send_unasked_is_acknowledged() {
    let served = served().await;
    let mut client = served.connect().await;
    let sql = "SET application_name = 'x'; SET client_min_messages TO warning; BEGIN; SELECT 1;
        COMMIT; SHOW transaction_isolation; DISCARD ALL";
    client.batch_execute(sql).await.unwrap();
    let transaction = client.transaction().await.unwrap();
    let kept = "DECLARE few CURSOR FOR SELECT customer_id FROM customers ORDER BY 1";
    transaction.batch_execute(kept).await.unwrap();
    let fetched = transaction.simple_query("FETCH 3 FROM few").await.unwrap();
    let n_rows = fetched.iter().filter(|m| matches!(m, SimpleQueryMessage::Row(_))).count();
    assert_eq!(n_rows, 3);
    transaction.commit().await.unwrap();
}

#[tokio::test]
async fn errors_carry_the_codes_that_clients_know() {
    let served = served().await;
    let client = served.connect().await;
    for (sql, code) in [
        ("DELETE FROM events", SqlState::READ_ONLY_SQL_TRANSACTION),
        ("SET datafusion.runtime.memory_limit = '100G'", SqlState::READ_ONLY_SQL_TRANSACTION),
        ("SELECT * FROM events a CROSS JOIN events b", SqlState::PROGRAM_LIMIT_EXCEEDED),
        ("SELECT nme FROM customers", SqlState::SYNTAX_ERROR_OR_ACCESS_RULE_VIOLATION),
    ] {
        let simple = client.simple_query(sql).await.unwrap_err();
        assert_eq!(simple.code(), Some(&code), "{sql}: {simple:?}");
        let prepared = match client.prepare(sql).await {
            Ok(statement) => client.query(&statement, &[]).await.unwrap_err(),
            Err(error) => error,
        };
        assert_eq!(prepared.code(), Some(&code), "{sql}: {prepared:?}");
        assert_eq!(first(&client, "SELECT 1").await, [Some("1".to_owned())], "after {sql}");
    }
    let deep = format!("SELECT {}1{}", "(".repeat(50_000), ")".repeat(50_000));
    let error = client.simple_query(&deep).await.unwrap_err();
    assert_eq!(error.code(), Some(&SqlState::STATEMENT_TOO_COMPLEX), "{error:?}");
    let error = client.prepare(&deep).await.unwrap_err();
    assert_eq!(error.code(), Some(&SqlState::STATEMENT_TOO_COMPLEX), "{error:?}");
    let error = served.config("wrong").connect(NoTls).await.map(|_| ()).unwrap_err();
    assert_eq!(error.code(), Some(&SqlState::INVALID_PASSWORD));
}

#[tokio::test]
async fn errors_point_at_their_place_in_the_text() {
    let served = served().await;
    let client = served.connect().await;
    let told = |error: &tokio_postgres::Error| {
        let error = error.as_db_error().expect("the server told it");
        (error.message().to_owned(), error.position().cloned(), error.hint().map(str::to_owned))
    };
    let place = |at: u32| Some(ErrorPosition::Original(at));
    let sql = "SELECT 'ä',\n  nme FROM customers";
    for error in [
        client.simple_query(sql).await.unwrap_err(),
        client.prepare(sql).await.map(|_| ()).unwrap_err(),
    ] {
        let (message, position, hint) = told(&error);
        assert!(message.starts_with("No field named nme.") && !message.contains(" at line "));
        assert_eq!(position, place(15));
        assert_eq!(hint.as_deref(), Some("did you mean 'customers.name'?"));
    }
    let error = client.simple_query("SELECT 1 FROM evnts").await.unwrap_err();
    assert_eq!(told(&error).1, place(15), "{error:?}");
    let error = client.simple_query("SELECT FROM WHERE x y z").await.unwrap_err();
    assert!(told(&error).1.is_some(), "{error:?}");
    let error = client.simple_query("SELECT 1 FROM pg_catalog.pg_clss").await.unwrap_err();
    assert!(told(&error).0.contains("pg_clss"), "{error:?}");
}

#[tokio::test]
async fn a_question_is_stopped_by_its_client() {
    let served = served().await;
    let client = served.connect().await;
    let endless = "SELECT sum(value) FROM generate_series(1, 1000000000000)";
    let canceller = client.cancel_token();
    let asked = tokio::spawn(async move {
        let error = client.simple_query(endless).await.unwrap_err();
        (client, error)
    });
    // A request to stop what has not begun stops nothing, as with PostgreSQL: until it is heard.
    while !asked.is_finished() {
        tokio::time::sleep(Duration::from_millis(50)).await;
        canceller.cancel_query(NoTls).await.unwrap();
    }
    let (client, error) = asked.await.unwrap();
    assert_eq!(error.code(), Some(&SqlState::QUERY_CANCELED), "{error:?}");
    assert_eq!(first(&client, "SELECT 1").await, [Some("1".to_owned())]);
    client.batch_execute("SET statement_timeout = '200ms'").await.unwrap();
    let error = client.simple_query(endless).await.unwrap_err();
    assert_eq!(error.code(), Some(&SqlState::QUERY_CANCELED), "{error:?}");
}

/// Runs psql as somebody who never saw Rapport would, over TLS with the certificate checked.
fn psql(served: &Served, folder: &Path, commands: &[&str]) -> Option<Output> {
    let certificate = folder.join("ca.pem");
    std::fs::write(&certificate, &served.certificate).unwrap();
    let target = format!(
        "host=localhost hostaddr=127.0.0.1 port={} user=ada dbname=rapport sslmode=verify-full \
         sslrootcert={}",
        served.address.port(),
        certificate.display()
    );
    let mut psql = Command::new("psql");
    psql.args(["-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", &target]);
    for command in commands {
        psql.args(["-c", command]);
    }
    psql.env("PGPASSWORD", "secret").output().ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn psql_browses_and_asks_over_tls() {
    let served = served().await;
    let folder = tempfile::tempdir().unwrap();
    let commands = [
        "\\conninfo",
        "\\l",
        "\\dn",
        "\\dt",
        "\\d",
        "\\d events",
        "SELECT name, count(*) FROM events GROUP BY name ORDER BY 2 DESC",
        "SELECT count(*) FROM events WHERE properties ->> 'currency' = 'EUR'",
        "\\copy (SELECT 1) TO STDOUT",
    ];
    // The last one needs COPY, which is not there: all before it must have worked.
    for (place, command) in commands.iter().enumerate() {
        let Some(output) = psql(&served, folder.path(), &[command]) else {
            println!("skipped: psql is not installed");
            return;
        };
        let (out, err) =
            (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        println!("{command}\n{out}{err}");
        if place + 1 == commands.len() {
            assert!(err.contains("COPY is not answered here"), "{command}: {err}");
            continue;
        }
        assert!(output.status.success(), "{command}: {err}");
        match *command {
            "\\conninfo" => assert!(out.contains("TLSv1.3"), "{out}"),
            "\\dt" | "\\d" => assert!(out.contains("events") && out.contains("holdings"), "{out}"),
            "\\d events" => {
                assert!(out.contains("customer_id|bigint"), "{out}");
                assert!(out.contains("occurred_at|timestamp with time zone"), "{out}");
            }
            _ => {}
        }
    }
}

/// Runs a session of a client that may not be there; gives what it wrote.
async fn session(mut command: Command, served: &Served, folder: &Path) -> String {
    let certificate = folder.join("ca.pem");
    std::fs::write(&certificate, &served.certificate).unwrap();
    command.arg(served.address.port().to_string()).arg(&certificate);
    command.arg(served.world.seen().count().to_string());
    let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap();
    let Ok(output) = output else { return "skipped: it is not installed".into() };
    let (out, err) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}\n{err}");
    out.into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn psycopg_gets_along() {
    let served = served().await;
    let folder = tempfile::tempdir().unwrap();
    let python = std::env::var("RAPPORT_TEST_PYTHON").unwrap_or_else(|_| "python3".into());
    let script = folder.path().join("session.py");
    std::fs::write(&script, include_str!("clients/session.py")).unwrap();
    let mut command = Command::new(python);
    command.arg(&script);
    let out = session(command, &served, folder.path()).await;
    assert!(out.contains("skipped") || out.contains("psycopg"), "{out}");
    println!("{out}");
}

#[tokio::test(flavor = "multi_thread")]
async fn pgjdbc_gets_along() {
    let served = served().await;
    let folder = tempfile::tempdir().unwrap();
    let driver = Path::new("/usr/share/java/postgresql.jar");
    if !driver.exists() {
        println!("skipped: {} is not there", driver.display());
        return;
    }
    let program = folder.path().join("Session.java");
    std::fs::write(&program, include_str!("clients/Session.java")).unwrap();
    let mut command = Command::new("java");
    command.arg("-cp").arg(driver).arg(&program);
    let out = session(command, &served, folder.path()).await;
    assert!(out.contains("skipped") || out.contains("done"), "{out}");
    println!("{out}");
}
