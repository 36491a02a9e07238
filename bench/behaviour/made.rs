//! What did the made customers do, in the order in which it arrived?
//!
//! Activity is log-normal (σ 1.2); a customer's events fall into visits of a geometric number of
//! events with exponential pauses of a minute, visits are spread over the year. Everything follows
//! from the seed.

use base::seed::Seed;
use rand_core::RngCore;

/// The year begins 2025-01-01T00:00:00Z.
const BEGIN_US: i64 = 1_735_689_600_000_000;
const YEAR_US: i64 = 365 * 86_400_000_000;
/// Spread of activity: the most active hundredth has about a sixth of all events.
const SIGMA: f64 = 1.2;
/// Events of a visit on average.
const VISIT_EVENTS: f64 = 8.0;
/// Pause within a visit on average, in µs.
const PAUSE_US: f64 = 60e6;

/// The events by name, with their share in thousandths.
pub const KINDS: [(&str, u64); 15] = [
    ("page_viewed", 420),
    ("product_viewed", 150),
    ("product_list_viewed", 90),
    ("product_added", 60),
    ("search_performed", 55),
    ("email_delivered", 50),
    ("email_opened", 40),
    ("cart_viewed", 35),
    ("campaign_touched", 25),
    ("email_clicked", 20),
    ("checkout_started", 20),
    ("order_completed", 15),
    ("product_removed", 10),
    ("coupon_applied", 6),
    ("support_contacted", 4),
];

/// One event: nothing but numbers, so that a hundred million fit into memory.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Made {
    /// When, in µs.
    pub at: i64,
    /// Who, from 1.
    pub customer: u32,
    /// What: its place among [`KINDS`].
    pub kind: u8,
}

/// About `n_events` events of `n_customers`, sorted by time.
pub fn events(n_events: u64, n_customers: u32, seed: u64) -> Vec<Made> {
    let mut rng = Draw(Box::new(Seed::root(seed).rng()));
    let activity: Vec<f64> = (0..n_customers).map(|_| (SIGMA * rng.normal()).exp()).collect();
    let scale = n_events as f64 / activity.iter().sum::<f64>();
    let mut events = Vec::with_capacity(n_events as usize + n_events as usize / 50);
    for (customer, activity) in (1..).zip(activity) {
        let mut left = (activity * scale + rng.unit()).floor() as u64;
        while left > 0 {
            left -= rng.visit(customer, left, &mut events);
        }
    }
    events.sort_unstable();
    events
}

struct Draw(Box<dyn RngCore>);

impl Draw {
    /// Uniform in [0, 1).
    fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    fn exponential(&mut self) -> f64 {
        -(1.0 - self.unit()).ln()
    }

    /// Box and Muller.
    fn normal(&mut self) -> f64 {
        (2.0 * self.exponential()).sqrt() * (std::f64::consts::TAU * self.unit()).cos()
    }

    /// One visit of at most `left` events; how many there were.
    fn visit(&mut self, customer: u32, left: u64, events: &mut Vec<Made>) -> u64 {
        let n = ((VISIT_EVENTS * self.exponential()) as u64 + 1).min(left);
        let mut at = BEGIN_US + (self.unit() * YEAR_US as f64) as i64;
        for _ in 0..n {
            events.push(Made { at, customer, kind: self.kind() });
            at += (PAUSE_US * self.exponential()) as i64 + 1;
        }
        n
    }

    fn kind(&mut self) -> u8 {
        let mut draw = self.0.next_u64() % 1_000;
        for (place, (_, share)) in (0u8..).zip(KINDS) {
            if draw < share {
                return place;
            }
            draw -= share;
        }
        unreachable!("the shares sum to a thousand")
    }
}
