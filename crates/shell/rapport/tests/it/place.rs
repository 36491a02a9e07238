//! Where does a test run the program, and how does it start and end a server there?

use crate::wire::{self, Answer};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The bearer token of every server here.
pub const ADMIN_TOKEN: &str = "test-admin-token-0001";
/// The write key of every server's first source.
pub const WRITE_KEY: &str = "test-write-key";
/// So long may anything take on a machine that is busy with other things.
const PATIENCE: Duration = Duration::from_secs(120);

/// A folder of a test's own, and the data directory that its commands use.
pub struct Place {
    folder: TempDir,
    data: PathBuf,
}

/// What a command said.
pub struct Said {
    /// Its exit code; `None` where a signal ended it.
    pub code: Option<i32>,
    /// Its standard output.
    pub out: String,
    /// Its error stream.
    pub err: String,
}

impl Place {
    /// A fresh folder; the data directory in it is not made yet.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        Self { folder, data }
    }

    /// A fresh folder, with the data directory elsewhere.
    pub fn with_data(data: &Path) -> Self {
        Self { data: data.to_owned(), ..Self::new() }
    }

    /// The data directory.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// A path in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A call of the program, in the folder and with nothing of the caller's settings.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rapport"));
        command.current_dir(self.folder.path()).stdin(Stdio::null());
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("RAPPORT_") {
                command.env_remove(name);
            }
        }
        command.env("RAPPORT_DATA", &self.data).args(words);
        command
    }

    /// Calls the program and waits for its end.
    pub fn run(&self, words: &[&str]) -> Said {
        said(self.command(words))
    }

    /// Calls the program, which must do what it was told, and answers what it printed.
    pub fn run_well(&self, words: &[&str]) -> String {
        let said = self.run(words);
        assert_eq!(said.code, Some(0), "rapport {words:?}: {}{}", said.out, said.err);
        said.out
    }

    /// Starts a server on a free port and waits until it says where it is.
    pub fn serve(&self) -> Server {
        self.serve_with(&[])
    }

    /// The same with settings.
    pub fn serve_with(&self, settings: &[(&str, &str)]) -> Server {
        let mut command = self.command(&["serve", "--listen", "127.0.0.1:0"]);
        command.env("RAPPORT_ADMIN_TOKEN", ADMIN_TOKEN).env("RAPPORT_WRITE_KEY", WRITE_KEY);
        command.env("RAPPORT_API_REQUESTS_PER_SECOND", "100000");
        command.envs(settings.iter().copied());
        Server::start(command, &self.path("server.log"))
    }

    /// Every event, by message id; fails where one is there twice. No server may run.
    pub fn exported_events(&self) -> BTreeMap<String, Value> {
        let mut events = BTreeMap::new();
        for line in self.run_well(&["export", "events"]).lines() {
            let event: Value = serde_json::from_str(line).unwrap();
            let id = event["message_id"].as_str().unwrap().to_owned();
            assert!(events.insert(id, event).is_none(), "stored twice: {line}");
        }
        events
    }

    /// Every customer, as exported. No server may run.
    pub fn exported_customers(&self) -> String {
        self.run_well(&["export", "customers"])
    }

    /// The data directory is whole, says the program itself. No server may run.
    pub fn check_with_doctor(&self) {
        let findings = self.run_well(&["doctor"]);
        assert!(findings.lines().count() >= 3, "{findings}");
        assert!(findings.lines().all(|line| line.starts_with("ok")), "{findings}");
    }
}

/// Waits for the end of `command`.
pub fn said(mut command: Command) -> Said {
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Said { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

/// A server in a process of its own; killed where it is dropped.
pub struct Server {
    child: Child,
    /// What it printed until it served.
    pub greeting: String,
    /// Where it listens.
    pub address: SocketAddr,
    log: PathBuf,
}

impl Server {
    /// Starts `command` and waits until it has said where it is.
    pub fn start(mut command: Command, log: &Path) -> Self {
        let errors = std::fs::File::options().create(true).append(true).open(log).unwrap();
        let mut child = command.stdout(Stdio::piped()).stderr(errors).spawn().unwrap();
        let out = child.stdout.take().unwrap();
        let mut greeting = String::new();
        for line in BufReader::new(out).lines() {
            let line = line.unwrap();
            greeting.push_str(&line);
            greeting.push('\n');
            if line.starts_with("Ctrl-C stops it") {
                break;
            }
        }
        let address = greeting.split_once(" at http://").and_then(|(_, rest)| {
            rest.split_whitespace().next().and_then(|address| address.parse().ok())
        });
        let Some(address) = address else {
            let status = child.wait();
            let words = std::fs::read_to_string(log).unwrap_or_default();
            panic!("no server came up ({status:?}): {greeting}{words}");
        };
        Self { child, greeting, address, log: log.to_owned() }
    }

    /// The process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Kills it on the spot, as a power cut would.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Sends a signal (`TERM`, `INT`) and waits for the end.
    pub fn end(mut self, signal: &str) -> ExitStatus {
        tell(self.pid(), signal);
        until("the server ends", || self.child.try_wait().unwrap())
    }

    /// Ends it as a service manager would; it must end well.
    pub fn stop(self) {
        let log = self.log.clone();
        let status = self.end("TERM");
        let words = std::fs::read_to_string(log).unwrap_or_default();
        assert_eq!(status.code(), Some(0), "{status}: {words}");
    }

    /// An answer to the operator.
    pub fn admin(&self, method: &str, path: &str, body: &str) -> Answer {
        let bearer = format!("Bearer {ADMIN_TOKEN}");
        wire::ask(self.address, method, path, &[("authorization", &bearer)], body.as_bytes())
    }

    /// The JSON at `path`.
    pub fn get(&self, path: &str) -> Value {
        let answer = self.admin("GET", path, "");
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        answer.json()
    }

    /// Waits until the processor has reached the end of the log.
    pub fn catch_up(&self) {
        until("the processor catches up", || {
            let processor = &self.get("/api/home")["processor"];
            (processor["position"] == processor["head"]).then_some(())
        });
    }

    /// The most memory that it ever held, in MB; `None` where the system does not tell.
    pub fn peak_resident_mb(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid())).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
        let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
        Some(kilobytes / 1024)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends a signal to a process.
pub fn tell(pid: u32, signal: &str) {
    let kill = Command::new("kill").arg(format!("-{signal}")).arg(pid.to_string()).status();
    assert!(kill.unwrap().success(), "kill -{signal}");
}

/// Looks until there is something, for as long as a busy machine may take.
pub fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed() < PATIENCE, "waited in vain until {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Says that a test could not be made here; not through `eprintln!`, which is kept from the eye
/// where a test passes.
pub fn skipped(why: &str) {
    let _ = writeln!(std::io::stderr(), "skipped: {why}");
}
