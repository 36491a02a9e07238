//! Who is looking at a customer just now, and what are they told?

use super::TimelineEvent;
use crate::engine::Engine;
use base::CustomerId;
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::sync::broadcast;

/// News that a slow reader may be behind.
const NEWS_MAX: usize = 256;

/// What somebody who looks at a customer is told.
#[derive(Clone, Debug)]
pub enum CustomerNews {
    /// Something happened.
    Event(Arc<TimelineEvent>),
    /// Something changed that is no event: read the profile again.
    ProfileChanged,
}

/// The pages that are open, by customer.
#[derive(Default)]
pub struct Watchers {
    open: Mutex<HashMap<CustomerId, broadcast::Sender<CustomerNews>>>,
    n_open: AtomicUsize,
}

impl Watchers {
    /// Whether nobody looks at anybody.
    pub(crate) fn is_empty(&self) -> bool {
        self.n_open.load(Ordering::Relaxed) == 0
    }

    /// Whether somebody looks at `customer`. Pages that were closed are forgotten on the way.
    pub(crate) fn watch(&self, customer: CustomerId) -> bool {
        let mut open = self.open.lock().expect("no holder of the watchers panics");
        let is_watched = open.get(&customer).is_some_and(|sender| sender.receiver_count() > 0);
        if !is_watched && open.remove(&customer).is_some() {
            self.n_open.store(open.len(), Ordering::Relaxed);
        }
        is_watched
    }

    /// Tells those who look at `customer`.
    pub(crate) fn tell(&self, customer: CustomerId, news: &CustomerNews) {
        let open = self.open.lock().expect("no holder of the watchers panics");
        if let Some(sender) = open.get(&customer) {
            // Everybody may have gone in this moment, which is no failure.
            let _ = sender.send(news.clone());
        }
    }

    fn subscribe(&self, customer: CustomerId) -> broadcast::Receiver<CustomerNews> {
        let mut open = self.open.lock().expect("no holder of the watchers panics");
        open.retain(|_, sender| sender.receiver_count() > 0);
        let sender = open.entry(customer).or_insert_with(|| broadcast::Sender::new(NEWS_MAX));
        let receiver = sender.subscribe();
        self.n_open.store(open.len(), Ordering::Relaxed);
        receiver
    }
}

impl Engine {
    /// What happens to a customer from now on.
    #[must_use]
    pub fn customer_live(&self, id: CustomerId) -> broadcast::Receiver<CustomerNews> {
        self.shared.watchers.subscribe(id)
    }
}
