//! How does one connection ask, and what was answered?
//!
//! A client of fifty lines, because the load generator shares its two cores with the server: a
//! library's pools and checks would be measured along with Rapport.

use anyhow::{Context, Result, bail, ensure};
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A keep-alive HTTP/1.1 connection to an address on loopback.
pub struct Connection {
    stream: TcpStream,
    host: String,
    authorization: String,
    head: Vec<u8>,
    answer: Vec<u8>,
}

/// What the server answered.
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body as text.
    pub body: String,
    /// `Retry-After`, in seconds.
    pub retry_after: Option<u64>,
}

impl Connection {
    /// Opens a connection to `host` (`127.0.0.1:7117`); every request carries `authorization`.
    pub async fn open(host: &str, authorization: &str) -> Result<Self> {
        let address: SocketAddr = host.parse().context("give the server as ADDRESS:PORT")?;
        ensure!(address.ip().is_loopback(), "load is for loopback only, not for {address}");
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            host: host.to_owned(),
            authorization: authorization.to_owned(),
            head: Vec::new(),
            answer: Vec::new(),
        })
    }

    /// Sends one request and waits for its answer.
    pub async fn ask(&mut self, method: &str, path: &str, body: &[u8]) -> Result<Answer> {
        self.head.clear();
        let (host, authorization, length) = (&self.host, &self.authorization, body.len());
        self.head.extend_from_slice(
            format!(
                "{method} {path} HTTP/1.1\r\nhost: {host}\r\nauthorization: {authorization}\r\n\
                 content-type: application/json\r\ncontent-length: {length}\r\n\r\n"
            )
            .as_bytes(),
        );
        self.stream.write_all(&self.head).await?;
        self.stream.write_all(body).await?;
        self.answer().await
    }

    async fn answer(&mut self) -> Result<Answer> {
        self.answer.clear();
        let head_end = loop {
            if let Some(end) = find(&self.answer, b"\r\n\r\n") {
                break end + 4;
            }
            self.more().await?;
        };
        let head = String::from_utf8_lossy(&self.answer[..head_end]).to_ascii_lowercase();
        let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).context("no status")?;
        let length: usize = header(&head, "content-length").unwrap_or(0);
        while self.answer.len() < head_end + length {
            self.more().await?;
        }
        let body = String::from_utf8_lossy(&self.answer[head_end..head_end + length]).into_owned();
        Ok(Answer { status, body, retry_after: header(&head, "retry-after") })
    }

    async fn more(&mut self) -> Result<()> {
        if self.stream.read_buf(&mut self.answer).await? == 0 {
            bail!("the server closed the connection");
        }
        Ok(())
    }
}

fn header<T: std::str::FromStr>(head: &str, name: &str) -> Option<T> {
    let line = head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    line.trim().parse().ok()
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}
