//! What does a busy company's traffic look like, batch by batch?

use base::seed::Seed;
use rand_core::RngCore;
use std::fmt::Write;

/// The shape of the traffic.
#[derive(Clone, Debug)]
pub struct Traffic {
    /// Separates the message ids of one run from those of another.
    pub run: String,
    /// Events per batch.
    pub batch_events: usize,
    /// Customers who are active.
    pub n_customers: u64,
    /// Share of events that link an anonymous id with a user id, in 1/1000.
    pub identify_permille: u64,
    /// The seed of all choices.
    pub seed: Seed,
}

const PAGES: [&str; 6] = ["/", "/hubs", "/cameras", "/thermostats", "/plans", "/support"];
const NAMES: [(&str, u64); 6] = [
    ("Product Viewed", 420),
    ("Product Added", 120),
    ("Products Searched", 90),
    ("Checkout Started", 40),
    ("Order Completed", 15),
    ("Email Opened", 60),
];

impl Traffic {
    /// The body of batch `batch` of `worker`, and nothing about the clock: `now_ms` is told.
    /// The same arguments always give the same message ids.
    pub fn body(&self, worker: u64, batch: u64, now_ms: u64) -> String {
        let mut rng = self.seed.nth(worker).nth(batch).rng();
        let mut body = String::with_capacity(self.batch_events * 420 + 100);
        body.push_str("{\"batch\":[");
        for index in 0..self.batch_events {
            if index > 0 {
                body.push(',');
            }
            let message = Message { id: self.message_id(worker, batch, index), now_ms };
            self.event(&mut body, &message, &mut rng);
        }
        let _ = write!(body, "],\"sentAt\":\"{}\"}}", time(now_ms));
        body
    }

    /// The id of one event of a batch.
    pub fn message_id(&self, worker: u64, batch: u64, index: usize) -> String {
        format!("{}-{worker}-{batch}-{index}", self.run)
    }

    fn event(&self, body: &mut String, message: &Message, rng: &mut impl RngCore) {
        let customer = self.customer(rng);
        let draw = rng.next_u64() % 1000;
        if draw < self.identify_permille {
            identify(body, message, customer);
        } else {
            behaviour(body, message, customer, rng);
        }
    }

    /// A customer; the square of a uniform number makes some much busier than others.
    fn customer(&self, rng: &mut impl RngCore) -> u64 {
        let uniform = (rng.next_u64() >> 11) as f64 / (1u64 << 53) as f64;
        ((uniform * uniform * self.n_customers as f64) as u64).min(self.n_customers - 1)
    }
}

struct Message {
    id: String,
    now_ms: u64,
}

fn identify(body: &mut String, message: &Message, customer: u64) {
    let _ = write!(
        body,
        "{{\"type\":\"identify\",\"messageId\":\"{}\",\"timestamp\":\"{}\",\
         \"anonymousId\":\"anon-{customer}\",\"userId\":\"user-{customer}\",\"traits\":{{\
         \"email\":\"user{customer}@example.com\",\"name\":\"Customer {customer}\",\
         \"plan\":\"plus\"}}}}",
        message.id,
        time(message.now_ms),
    );
}

fn behaviour(body: &mut String, message: &Message, customer: u64, rng: &mut impl RngCore) {
    let page = PAGES[(rng.next_u64() % PAGES.len() as u64) as usize];
    let id = &message.id;
    let at = time(message.now_ms);
    let context = format_args!(
        "\"context\":{{\"page\":{{\"path\":\"{page}\",\"url\":\"https://shop.example.com{page}\"}},\
         \"locale\":\"de-DE\",\"library\":{{\"name\":\"analytics.js\",\"version\":\"1.84.3\"}}}}"
    )
    .to_string();
    let _ = match name(rng) {
        None => write!(
            body,
            "{{\"type\":\"page\",\"messageId\":\"{id}\",\"timestamp\":\"{at}\",\
             \"anonymousId\":\"anon-{customer}\",\"properties\":{{\"path\":\"{page}\",\
             \"title\":\"Northlight Home\"}},{context}}}"
        ),
        Some(name) => write!(
            body,
            "{{\"type\":\"track\",\"event\":\"{name}\",\"messageId\":\"{id}\",\
             \"timestamp\":\"{at}\",\"anonymousId\":\"anon-{customer}\",\"properties\":{{\
             \"order_id\":\"{id}\",\"product_id\":\"P-{}\",\"price\":49.9,\"currency\":\"EUR\",\
             \"total\":49.9}},{context}}}",
            rng.next_u64() % 70,
        ),
    };
}

/// The name of a track call, or `None` for a page view.
fn name(rng: &mut impl RngCore) -> Option<&'static str> {
    let mut draw = rng.next_u64() % 1000;
    NAMES.iter().find_map(|(name, permille)| {
        if draw < *permille {
            return Some(*name);
        }
        draw -= permille;
        None
    })
}

/// RFC 3339 of a time in the years that a load test can see.
fn time(ms: u64) -> String {
    base::Timestamp(i64::try_from(ms).unwrap_or(0) * 1000).to_string()
}
