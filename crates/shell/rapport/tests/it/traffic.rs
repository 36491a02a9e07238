//! Who sends events, and what was acknowledged?

use crate::place::WRITE_KEY;
use crate::wire;
use serde_json::json;
use std::collections::BTreeSet;
use std::net::SocketAddr;

/// Events of one batch.
pub const BATCH_EVENTS: u64 = 20;

/// Sends batches one after the other; one that was not acknowledged is sent again, the same.
pub struct Sender {
    /// Distinguishes senders.
    pub name: String,
    /// The number of the next batch.
    pub next: u64,
    /// The message ids that were acknowledged.
    pub acknowledged: BTreeSet<String>,
    /// How often the sender was asked to wait.
    pub n_waits: u64,
}

impl Sender {
    /// A sender that has sent nothing.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), next: 0, acknowledged: BTreeSet::new(), n_waits: 0 }
    }

    /// The message ids of the next batch.
    pub fn ids(&self) -> Vec<String> {
        (0..BATCH_EVENTS).map(|index| format!("{}-{}-{index}", self.name, self.next)).collect()
    }

    /// The next batch. Every tenth event tells who the visitor is.
    pub fn body(&self) -> String {
        let event = |(index, id): (u64, String)| {
            let visitor = (self.next * 7 + index) % 40;
            if index % 10 == 9 {
                return json!({"type": "identify", "messageId": id,
                    "anonymousId": format!("visitor-{visitor}"), "userId": format!("user-{visitor}"),
                    "traits": {"email": format!("user{visitor}@example.com")}});
            }
            json!({"type": "track", "event": "Product Viewed", "messageId": id,
                "anonymousId": format!("visitor-{visitor}"),
                "properties": {"product_id": format!("P-{index}"), "price": 49.9}})
        };
        let batch: Vec<_> = (0..).zip(self.ids()).map(event).collect();
        json!({ "batch": batch }).to_string()
    }

    /// Sends the next batch once; answers the status. Whatever is not 200 leaves it the next.
    pub fn send(&mut self, address: SocketAddr) -> wire::Answer {
        let headers = [("x-write-key", WRITE_KEY)];
        let body = self.body();
        let answer = wire::ask(address, "POST", "/v1/batch", &headers, body.as_bytes());
        match answer.status {
            200 => self.note(),
            429 | 503 => self.n_waits += 1,
            _ => {}
        }
        answer
    }

    /// The next batch is acknowledged.
    fn note(&mut self) {
        self.acknowledged.extend(self.ids());
        self.next += 1;
    }
}
