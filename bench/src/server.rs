//! How is a server of our own started, and how does it end?

use crate::http::Connection;
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The credentials that every server of a drill gets.
pub const ADMIN_TOKEN: &str = "bench-admin-token";
/// The write key of its first source.
pub const WRITE_KEY: &str = "bench-write-key";

/// A server in a process of its own; killed where it is dropped.
pub struct Server {
    child: Child,
    address: String,
}

/// Where a server's program and data are, and where it listens.
#[derive(Clone, Debug)]
pub struct Place {
    /// The program.
    pub binary: PathBuf,
    /// The data directory.
    pub data: PathBuf,
    /// ADDRESS:PORT on loopback.
    pub address: String,
}

impl Server {
    /// Starts it and waits until it is ready.
    pub async fn start(place: &Place) -> Result<Self> {
        let log = std::fs::File::create(place.data.with_extension("server.log"))?;
        let child = Command::new(&place.binary)
            .args(["serve", "--listen", &place.address, "--data"])
            .arg(&place.data)
            .env("RAPPORT_ADMIN_TOKEN", ADMIN_TOKEN)
            .env("RAPPORT_WRITE_KEY", WRITE_KEY)
            .env("RAPPORT_API_REQUESTS_PER_SECOND", "100000")
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .with_context(|| format!("could not start {}", place.binary.display()))?;
        let mut server = Self { child, address: place.address.clone() };
        server.wait_until_ready().await?;
        Ok(server)
    }

    async fn wait_until_ready(&mut self) -> Result<()> {
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(60) {
            if let Some(status) = self.child.try_wait()? {
                bail!("the server ended with {status} before it was ready");
            }
            if self.is_ready().await.unwrap_or(false) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        bail!("the server was not ready within a minute")
    }

    async fn is_ready(&self) -> Result<bool> {
        let mut connection = Connection::open(&self.address, "").await?;
        Ok(connection.ask("GET", "/ready", b"").await?.status == 200)
    }

    /// Ends it without a chance to say anything (SIGKILL).
    pub fn kill(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Asks it to end (SIGTERM) and waits.
    pub fn stop(mut self) -> Result<()> {
        let id = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &id]).status()?;
        let status = self.child.wait()?;
        if !status.success() {
            bail!("the server ended with {status}");
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Writes every stored event, one JSON object a line, to the file `to`; the server is down.
pub fn export_events(binary: &Path, data: &Path, to: &Path) -> Result<()> {
    let file = std::fs::File::create(to)?;
    let status = Command::new(binary)
        .args(["export", "events", "--data"])
        .arg(data)
        .stdout(file)
        .status()
        .with_context(|| format!("could not start {}", binary.display()))?;
    if !status.success() {
        bail!("the export ended with {status}");
    }
    Ok(())
}
