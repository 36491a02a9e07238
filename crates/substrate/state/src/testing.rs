//! On which databases do the tests run, and how does a throw-away PostgreSQL come about?
//!
//! Every test runs on a SQLite file of its own and in a PostgreSQL database of its own. The server
//! is the one that `RAPPORT_TEST_POSTGRES` names (a URL with the right to create databases), or
//! one started for the test process from an installed server, on loopback; without either the
//! tests say that they skip PostgreSQL.

use sqlx::{Connection, Executor, PgConnection};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// A database for one test, which can be opened again and again.
pub(crate) struct Place {
    pub url: String,
    _dir: Option<tempfile::TempDir>,
}

impl Place {
    /// A file.
    pub fn sqlite() -> Self {
        let dir = tempfile::tempdir().expect("a directory for the test");
        let url = format!("sqlite:{}", dir.path().join("state.db").display());
        Self { url, _dir: Some(dir) }
    }

    /// A database on a server, or `None` where there is no server.
    pub async fn postgres() -> Option<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let server = tokio::task::spawn_blocking(server).await.expect("the server is looked for");
        let Some(server) = server else {
            eprintln!("skipped: no PostgreSQL");
            return None;
        };
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("rapport_test_{}_{number}", std::process::id());
        let mut connection = connect(&server.url).await;
        let create = format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'");
        connection.execute(sqlx::AssertSqlSafe(create)).await.expect("a database for the test");
        let (base, _) = server.url.rsplit_once('/').expect("the URL names a database");
        Some(Self { url: format!("{base}/{name}"), _dir: None })
    }
}

/// Makes of each `async fn name(place: &Place)` a test on SQLite and one on PostgreSQL.
macro_rules! on_both {
    ($($name:ident),* $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(&$crate::testing::Place::sqlite()).await;
            })*
        }
        mod on_postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                if let Some(place) = $crate::testing::Place::postgres().await {
                    super::$name(&place).await;
                }
            })*
        }
    };
}
pub(crate) use on_both;

struct Server {
    url: String,
    /// Holds the end of a pipe: the server stops and its directory goes when we end.
    _process: Option<Child>,
}

fn server() -> Option<&'static Server> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    let find = || match std::env::var("RAPPORT_TEST_POSTGRES") {
        Ok(url) => Some(Server { url, _process: None }),
        Err(_) => installed().and_then(|bin| start(&bin)),
    };
    SERVER.get_or_init(find).as_ref()
}

/// The folder of the newest installed server.
fn installed() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let bins = versions.flatten().map(|version| version.path().join("bin"));
    bins.filter(|bin| bin.join("initdb").exists()).max()
}

/// The server runs until the pipe to its standard input closes, which the end of the test process
/// does however it ends.
const SCRIPT: &str = r#"
dir=$(mktemp -d) || exit 1
cd "$dir" || exit 1
"$BIN/initdb" -D data -U postgres -A trust --no-sync -E UTF8 --locale=C >initdb.out 2>&1 || exit 1
"$BIN/postgres" -D data -c listen_addresses=127.0.0.1 -c port="$PORT" -c fsync=off \
  -c unix_socket_directories="$dir" -c max_connections=400 >server.out 2>&1 &
cat >/dev/null
kill -INT $!
wait
cd /
rm -rf "$dir"
"#;

fn start(bin: &Path) -> Option<Server> {
    let port = std::net::TcpListener::bind("127.0.0.1:0").ok()?.local_addr().ok()?.port();
    let script = format!("BIN={}; PORT={port}\n{SCRIPT}", bin.display());
    let is_root = Command::new("id").arg("-u").output().ok()?.stdout.starts_with(b"0\n");
    // PostgreSQL refuses to run as root.
    let mut command = if is_root {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "sh"]);
        command
    } else {
        Command::new("sh")
    };
    command.args(["-c", &script]).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut process = command.env("TMPDIR", "/tmp").spawn().ok()?;
    let begin = Instant::now();
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        let has_ended = process.try_wait().ok()?.is_some();
        if has_ended || begin.elapsed() > Duration::from_secs(60) {
            eprintln!("PostgreSQL in {} did not start", bin.display());
            return None;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let url = format!("postgres://postgres@127.0.0.1:{port}/postgres");
    Some(Server { url, _process: Some(process) })
}

/// A server that has just opened its port may not let anybody in yet.
async fn connect(url: &str) -> PgConnection {
    let begin = Instant::now();
    loop {
        match PgConnection::connect(url).await {
            Ok(connection) => return connection,
            Err(error) => assert!(begin.elapsed() < Duration::from_secs(60), "{url}: {error}"),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
