//! How do commands talk to the server, and what if none is running?
//!
//! Commands are clients of the public API. Where a server has the data directory, they ask that
//! one; where none has, they start one for themselves on a free port of loopback.

use crate::config::Config;
use crate::serve::Serving;
use anyhow::{Context, Result};
use app::data_dir::{self, Running};
use base::{Error, ErrorKind};
use serde::Serialize;
use serde_json::Value;
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;
use ureq::Agent;

/// A way to the API with all rights.
pub struct Client {
    agent: Agent,
    running: Running,
    /// The server that was started for this command.
    own: Option<Serving>,
}

impl Client {
    /// Finds the server of the data directory, or starts one.
    pub async fn connect(config: &Config) -> Result<Self> {
        let agent: Agent = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(120)))
            .build()
            .into();
        if let Some(running) = data_dir::running(&config.data).filter(answers) {
            return Ok(Self { agent, running, own: None });
        }
        let free_port = SocketAddr::from(([127, 0, 0, 1], 0));
        let quiet = Config { listen: free_port, ..config.clone() };
        let own = Serving::start(&quiet).await?;
        Ok(Self { agent, running: own.running().clone(), own: Some(own) })
    }

    /// Asks with no body.
    pub fn get(&self, path: &str) -> Result<Value> {
        let request = self.agent.get(self.url(path)).header("authorization", self.bearer());
        read(tokio::task::block_in_place(|| request.call()), path)
    }

    /// Copies an answer to `out` as it comes, however long it is.
    pub fn copy(&self, path: &str, out: &mut impl std::io::Write) -> Result<()> {
        let request = self.agent.get(self.url(path)).header("authorization", self.bearer());
        let answer = tokio::task::block_in_place(|| request.call());
        if answer.as_ref().is_ok_and(|answer| answer.status().as_u16() < 300) {
            let mut body = answer?.into_body().into_reader();
            tokio::task::block_in_place(|| std::io::copy(&mut body, out))?;
            return Ok(());
        }
        read(answer, path).map(|_| ())
    }

    /// Sends a body.
    pub fn post(&self, path: &str, body: &impl Serialize) -> Result<Value> {
        let request = self.agent.post(self.url(path)).header("authorization", self.bearer());
        read(tokio::task::block_in_place(|| request.send_json(body)), path)
    }

    /// Sends a change.
    pub fn patch(&self, path: &str, body: &Value) -> Result<Value> {
        let request = self.agent.patch(self.url(path)).header("authorization", self.bearer());
        read(tokio::task::block_in_place(|| request.send_json(body)), path)
    }

    /// Every item of a list, page by page.
    pub fn list(&self, path: &str) -> Result<Vec<Value>> {
        let mut items = Vec::new();
        let mut cursor = String::new();
        loop {
            let mut page = self.get(&format!("{path}?limit=200{cursor}"))?;
            let found = page["items"].as_array_mut().context("the answer is not a list")?;
            items.append(found);
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return Ok(items),
            }
        }
    }

    /// Ends what was started for this command, after everything accepted is processed.
    pub async fn close(self) -> Result<()> {
        match self.own {
            Some(own) => own.stop().await,
            None => Ok(()),
        }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.running.address)
    }

    fn bearer(&self) -> String {
        format!("Bearer {}", self.running.token)
    }
}

/// Whether somebody listens there: the file of a killed server stays behind.
fn answers(running: &Running) -> bool {
    let Ok(address) = running.address.parse::<SocketAddr>() else { return false };
    TcpStream::connect_timeout(&address, Duration::from_millis(500)).is_ok()
}

fn read(
    answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
    path: &str,
) -> Result<Value> {
    let mut answer = answer.with_context(|| format!("the server did not answer {path}"))?;
    let status = answer.status().as_u16();
    let text = answer.body_mut().read_to_string()?;
    let body: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
    if status < 300 {
        return Ok(body);
    }
    let message = body["error"]["message"].as_str().unwrap_or("the server refused").to_owned();
    let error = Error::new(kind_of(status), message);
    Err(match body["error"]["hint"].as_str() {
        Some(hint) => error.with_hint(hint).into(),
        None => error.into(),
    })
}

fn kind_of(status: u16) -> ErrorKind {
    match status {
        400 => ErrorKind::Invalid,
        401 => ErrorKind::Unauthenticated,
        403 => ErrorKind::Denied,
        404 => ErrorKind::NotFound,
        409 => ErrorKind::Conflict,
        429 => ErrorKind::Limited,
        503 => ErrorKind::Unavailable,
        _ => ErrorKind::Internal,
    }
}
