//! How does a test speak HTTP, well or badly?
//!
//! A client of its own, because libraries do not send what makes no sense.

use serde_json::Value;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// No answer may take longer than this.
const PATIENCE: Duration = Duration::from_secs(120);

/// What the server answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status; 0 where the connection was closed without an answer.
    pub status: u16,
    /// The lines before the body.
    pub head: String,
    /// The body as text.
    pub body: String,
}

impl Answer {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines();
        let line = lines
            .filter_map(|line| line.split_once(':'))
            .find(|(found, _)| found.eq_ignore_ascii_case(name));
        line.map(|(_, value)| value.trim())
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    /// The seconds that the sender should wait; fails where that is no number.
    pub fn retry_after(&self) -> u64 {
        let value = self.header("retry-after").unwrap_or_else(|| panic!("no wait in {self:?}"));
        value.parse().unwrap_or_else(|_| panic!("'{value}' is no number of seconds"))
    }
}

/// Asks on a connection of its own; where nobody listens that is no answer either.
pub fn ask(
    address: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Answer {
    let Ok(mut stream) = try_connect(address) else {
        return Answer { status: 0, head: String::new(), body: String::new() };
    };
    let head = head(method, path, headers, Some(body.len()));
    send(&mut stream, head.as_bytes());
    send(&mut stream, body);
    answer(&mut stream)
}

/// A connection.
pub fn connect(address: SocketAddr) -> TcpStream {
    try_connect(address).unwrap()
}

fn try_connect(address: SocketAddr) -> std::io::Result<TcpStream> {
    let stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// The lines before a body of `n_bytes`.
pub fn head(method: &str, path: &str, headers: &[(&str, &str)], n_bytes: Option<usize>) -> String {
    let mut head = format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if let Some(n_bytes) = n_bytes {
        head.push_str(&format!("content-length: {n_bytes}\r\n"));
    }
    head.push_str("\r\n");
    head
}

/// Sends what the server takes: it may have answered and hung up before the end.
pub fn send(stream: &mut TcpStream, bytes: &[u8]) {
    let _ = stream.write_all(bytes);
}

/// Reads until the server hangs up.
pub fn answer(stream: &mut TcpStream) -> Answer {
    let mut bytes = Vec::new();
    let mut buffer = [0; 16 << 10];
    // A connection that was reset ends what can be read, like one that was closed.
    while let Ok(n_bytes @ 1..) = stream.read(&mut buffer) {
        bytes.extend_from_slice(&buffer[..n_bytes]);
    }
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
    let (head, body) = end.map_or((&*bytes, &[][..]), |end| (&bytes[..end], &bytes[end + 4..]));
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let head = text(head);
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    let mut answer = Answer { status, head, body: String::new() };
    answer.body = match answer.header("transfer-encoding") {
        Some("chunked") => text(&joined(body)),
        _ => text(body),
    };
    answer
}

/// A body that came in chunks, as far as it came.
fn joined(mut body: &[u8]) -> Vec<u8> {
    let mut all = Vec::new();
    while let Some(end) = body.windows(2).position(|two| two == b"\r\n") {
        let size = std::str::from_utf8(&body[..end]).ok();
        let size = size.and_then(|size| usize::from_str_radix(size.trim(), 16).ok());
        let Some(chunk) = size.and_then(|size| body.get(end + 2..end + 2 + size)) else { break };
        all.extend_from_slice(chunk);
        body = body.get(end + 4 + chunk.len()..).unwrap_or(&[]);
    }
    all
}
