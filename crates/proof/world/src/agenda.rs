//! What will happen to a customer next, and when?

use crate::campaign::MailCampaign;
use crate::catalogue::Plan;
use crate::spend::Arrival;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

/// Why somebody comes to the shop.
#[derive(Clone, Debug)]
pub(crate) enum Purpose {
    /// For the first time.
    First(Arrival),
    /// To look around.
    Look,
    /// To buy.
    Order,
    /// From an e-mail.
    Mail(Arc<MailCampaign>),
    /// From a retargeting banner.
    Banner,
    /// With a question.
    Support,
}

/// Something that will happen.
#[derive(Clone, Debug)]
pub(crate) enum Task {
    /// A visit on one of the devices.
    Visit(Purpose),
    /// A purchase in a store.
    StoreOrder,
    /// An e-mail goes out.
    Mail(Arc<MailCampaign>),
    /// It is opened; the text is its message id.
    MailOpened(Arc<MailCampaign>, Arc<str>),
    /// A product of an order is taken into use.
    SetUp(u16),
    /// An order (its position) is cancelled before it is sent.
    Cancelled(usize),
    /// An order (its position) is sent back, in part or whole.
    Refunded(usize, bool),
    /// A trial of a plan ends.
    TrialEnded,
    /// A month of a plan has passed.
    Renewal(Plan),
}

impl Task {
    /// Does it need a customer who still takes an interest?
    pub(crate) fn needs_interest(&self) -> bool {
        matches!(self, Task::Visit(_) | Task::StoreOrder | Task::MailOpened(..) | Task::SetUp(_))
    }
}

/// Tasks by time; those of the same time in the order in which they were planned.
#[derive(Default)]
pub(crate) struct Agenda {
    heap: BinaryHeap<Reverse<Entry>>,
    n_planned: u32,
}

impl Agenda {
    pub(crate) fn plan(&mut self, at: i64, task: Task) {
        let order = (at, self.n_planned);
        self.n_planned += 1;
        self.heap.push(Reverse(Entry { order, task }));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.heap.is_empty()
    }

    /// The next task before an instant.
    pub(crate) fn next_before(&mut self, end: i64) -> Option<(i64, Task)> {
        if self.heap.peek()?.0.order.0 >= end {
            return None;
        }
        self.heap.pop().map(|Reverse(entry)| (entry.order.0, entry.task))
    }
}

struct Entry {
    order: (i64, u32),
    task: Task,
}

impl PartialEq for Entry {
    fn eq(&self, other: &Entry) -> bool {
        self.order == other.order
    }
}
impl Eq for Entry {}
impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Entry) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Entry {
    fn cmp(&self, other: &Entry) -> std::cmp::Ordering {
        self.order.cmp(&other.order)
    }
}
