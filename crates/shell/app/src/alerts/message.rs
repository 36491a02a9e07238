//! What is somebody's server told, and what came of it?

use super::http::{Address, Letter};
use super::{Judgement, Webhook, sign};
use base::Timestamp;
use serde::Serialize;

/// What came of telling somebody's server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    /// The status that was answered, where one was.
    pub status: Option<u16>,
    /// What came of it.
    pub message: String,
}

/// What a message says.
#[derive(Serialize)]
pub struct Message<'a> {
    /// `alert.fired`, or `alert.test`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// When it happened, RFC 3339.
    pub timestamp: String,
    pub data: Data<'a>,
}

/// What happened.
#[derive(Serialize)]
pub struct Data<'a> {
    pub alert: String,
    /// None for a test.
    pub firing: Option<String>,
    pub metric: &'a str,
    pub metric_version: u64,
    pub span: Span<'a>,
    pub value: Option<f64>,
    pub expected: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub words: &'a str,
}

/// The hour, day or week.
#[derive(Serialize)]
pub struct Span<'a> {
    pub name: &'a str,
    pub from: String,
    pub until: String,
}

impl<'a> Data<'a> {
    /// What is told of a judgement.
    pub fn of(
        found: &'a Judgement,
        (alert, firing): (String, Option<String>),
        (metric, metric_version): (&'a str, u64),
    ) -> Self {
        let span = Span {
            name: &found.span,
            from: found.from.to_string(),
            until: found.until.to_string(),
        };
        Self {
            alert,
            firing,
            metric,
            metric_version,
            span,
            value: found.value,
            expected: found.expected,
            low: found.low,
            high: found.high,
            words: &found.words,
        }
    }
}

impl Message<'_> {
    /// Tells it to a server under an id that is the same at every attempt.
    pub async fn post(
        &self,
        webhook: &Webhook,
        (id, now): (&str, Timestamp),
        is_inside_allowed: bool,
    ) -> Posted {
        let nothing = |message: String| Posted { status: None, message };
        let Ok(address) = Address::parse(&webhook.url) else {
            return nothing("the webhook is no address".to_owned());
        };
        let Ok(body) = serde_json::to_string(self) else {
            return nothing("the message could not be written".to_owned());
        };
        let seconds = now.0.div_euclid(1_000_000);
        let headers = [
            ("webhook-id", id.to_owned()),
            ("webhook-timestamp", seconds.to_string()),
            ("webhook-signature", sign::signature(&webhook.secret, (id, seconds), &body)),
        ];
        match address.post(Letter { headers, body: &body }, is_inside_allowed).await {
            Ok(status) if (200..300).contains(&status) => {
                Posted { status: Some(status), message: "taken".to_owned() }
            }
            Ok(status) => {
                Posted { status: Some(status), message: format!("refused with {status}") }
            }
            Err(message) => nothing(message),
        }
    }
}

impl Posted {
    /// Whether the server took it.
    #[must_use]
    pub fn is_taken(&self) -> bool {
        self.status.is_some_and(|status| (200..300).contains(&status))
    }

    /// Whether the server said that nobody is there for good, so that there is no use in trying
    /// again.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        self.status == Some(410)
    }
}
