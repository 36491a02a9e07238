//! How are the figures of the first page gathered?

use super::{Attention, AttentionKind, Home, HourCount, ProcessorState, Severity};
use crate::engine::{Engine, Shared};
use crate::plan::{ObservedPlan, Violation};
use base::{Duration, Error, SourceId, Timestamp};
use lexicon::PlanMode;
use std::collections::HashMap;
use std::sync::Arc;

/// Names that the page shows.
const NAMES_SHOWN: usize = 8;
/// Hours that the page shows.
const HOURS_SHOWN: i64 = 7 * 24;
/// A processor this far behind is worth a word, in seconds.
const LAG_SECONDS_NOTABLE: f64 = 10.0;

/// What one source sent of late.
#[derive(Clone, Copy, Debug, Default)]
pub struct SourceActivity {
    /// When its last event was received.
    pub last_event_at: Option<Timestamp>,
    /// Events taken in the last 24 hours.
    pub n_24h: u64,
    /// Events refused in the last 24 hours.
    pub n_refused_24h: u64,
}

impl Engine {
    /// The figures of the first page.
    ///
    /// # Errors
    /// Whatever the state says.
    pub async fn home(&self) -> Result<Home, Error> {
        let (now, state) = (self.now(), &self.shared.state);
        let begin = hour(now).minus(Duration::hours(HOURS_SHOWN - 1));
        let by_hour = filled(begin, &state.counts_by_hour(begin).await?);
        let day = hour(now).minus(Duration::hours(23));
        let sum = |since: Timestamp| {
            by_hour.iter().filter(|h| h.hour >= since).map(|h| h.n_accepted).sum::<u64>()
        };
        let customers = state.count_customers().await?;
        let names = state.top_names(begin, None, NAMES_SHOWN).await?;
        let processor = self.processor_state().await?;
        Ok(Home {
            freshness_at: now,
            events_24h: sum(day),
            events_7d: sum(begin),
            top_events: names.into_iter().map(|name| (name.name, name.n)).collect(),
            n_known: customers.known,
            n_anonymous: customers.anonymous,
            n_new_7d: state.count_new_customers(now.minus(Duration::days(7))).await?,
            orders_7d: None,
            attention: self.attention(&processor, now).await?,
            by_hour,
            processor,
        })
    }

    /// What every source sent of late; sources that never sent anything are left out.
    ///
    /// # Errors
    /// Whatever the state says.
    pub async fn source_activity(&self) -> Result<HashMap<SourceId, SourceActivity>, Error> {
        let since = hour(self.now()).minus(Duration::hours(23));
        let mut activity: HashMap<SourceId, SourceActivity> = HashMap::new();
        for observation in self.shared.state.observations().await? {
            let source = activity.entry(observation.source).or_default();
            source.last_event_at = observation.last_event_at;
        }
        for count in self.shared.state.counts_by_source(since).await? {
            let source = activity.entry(count.source).or_default();
            source.n_24h = count.n_accepted;
            source.n_refused_24h = count.n_refused;
        }
        Ok(activity)
    }

    /// What was seen of a source, and what broke its plan.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn plan_observed(&self, source: SourceId) -> Result<ObservedPlan, Error> {
        self.sources().find(source)?;
        let observed = self.shared.observed.read().expect("no writer panics");
        Ok(observed.get(&source).map(|plan| (**plan).clone()).unwrap_or_default())
    }

    /// How far the processor is behind the log.
    ///
    /// # Errors
    /// `Unavailable` where the log cannot be read.
    pub async fn processor_state(&self) -> Result<ProcessorState, Error> {
        let position = *self.shared.processed.borrow();
        let head = self.shared.log.head();
        let (lag_events, lag_seconds) =
            if position < head { lag(&self.shared).await? } else { (0, 0.0) };
        Ok(ProcessorState { position, head, lag_events, lag_seconds })
    }

    async fn attention(
        &self,
        processor: &ProcessorState,
        now: Timestamp,
    ) -> Result<Vec<Attention>, Error> {
        let mut attention = Vec::new();
        attention.extend(self.disk_low());
        attention.extend(lagging(processor));
        attention.extend(self.refused(now).await?);
        attention.extend(self.violated());
        attention.extend(self.import_rejects().await?);
        attention.extend(self.sourceless());
        attention.sort_by_key(|item| std::cmp::Reverse(item.severity));
        Ok(attention)
    }

    fn disk_low(&self) -> Option<Attention> {
        let free = fs4::available_space(self.shared.data_dir.path()).ok()?;
        let reserve = self.shared.options.disk_reserve_bytes;
        let is_full = free <= reserve;
        let message = if is_full {
            "The disk is full: nothing new is accepted until there is room.".to_owned()
        } else {
            format!("The disk has {} MB left above the reserve.", (free - reserve) >> 20)
        };
        (is_full || free < reserve.saturating_mul(4)).then(|| Attention {
            kind: AttentionKind::DiskLow,
            severity: if is_full { Severity::Critical } else { Severity::Warning },
            message,
            count: None,
            link: "/settings/about".to_owned(),
        })
    }

    async fn refused(&self, now: Timestamp) -> Result<Option<Attention>, Error> {
        let since = hour(now).minus(Duration::hours(23));
        let counts = self.shared.state.counts_by_source(since).await?;
        let n: u64 = counts.iter().map(|count| count.n_refused).sum();
        Ok((n > 0).then(|| Attention {
            kind: AttentionKind::RefusedEvents,
            severity: Severity::Warning,
            message: format!("{n} events of the last 24 hours were refused."),
            count: Some(n),
            link: "/listen/debugger?status=refused".to_owned(),
        }))
    }

    fn violated(&self) -> Option<Attention> {
        let observed = self.shared.observed.read().expect("no writer panics");
        let strict = self.sources().all().into_iter().filter(|s| s.plan_mode != PlanMode::Allow);
        let broken = strict.filter_map(|source| {
            let violations: &Arc<ObservedPlan> = observed.get(&source.id)?;
            let n: u64 = violations.violations.iter().map(|v: &Violation| v.n).sum();
            (n > 0).then_some((source, n))
        });
        let (source, n) = broken.max_by_key(|(_, n)| *n)?;
        Some(Attention {
            kind: AttentionKind::PlanViolations,
            severity: Severity::Info,
            message: format!("{n} events of {} do not fit its tracking plan.", source.name),
            count: Some(n),
            link: format!("/listen/sources/{}?tab=plan", source.id),
        })
    }

    async fn import_rejects(&self) -> Result<Option<Attention>, Error> {
        let page = crate::page::PageQuery { limit: 20, cursor: None };
        let imports = self.imports().list(&page).await?.items;
        let rejected = imports.into_iter().find(|import| import.n_rejected > 0);
        Ok(rejected.map(|import| Attention {
            kind: AttentionKind::ImportRejects,
            severity: Severity::Info,
            message: format!(
                "{} rows of {} were rejected.",
                import.n_rejected, import.file.file_name
            ),
            count: Some(import.n_rejected),
            link: format!("/listen/imports/{}", import.id),
        }))
    }

    fn sourceless(&self) -> Option<Attention> {
        self.sources().all().is_empty().then(|| Attention {
            kind: AttentionKind::NoSource,
            severity: Severity::Info,
            message: "No source is set up yet: events have no way in.".to_owned(),
            count: None,
            link: "/listen/sources?new=1".to_owned(),
        })
    }
}

fn lagging(processor: &ProcessorState) -> Option<Attention> {
    (processor.lag_seconds > LAG_SECONDS_NOTABLE).then(|| Attention {
        kind: AttentionKind::ProcessorLag,
        severity: Severity::Warning,
        message: format!(
            "Events are {:.0} seconds behind; nothing is lost.",
            processor.lag_seconds
        ),
        count: Some(processor.lag_events),
        link: "/settings/about".to_owned(),
    })
}

/// Events still to be processed, and the age of the oldest of them in seconds. Events are counted
/// in the first entries and taken to be as many in the others.
async fn lag(shared: &Shared) -> Result<(u64, f64), Error> {
    let position = *shared.processed.borrow();
    let entries = shared.log.read_after(position, 8, 1 << 20).await;
    let entries = entries.map_err(crate::failure::log)?;
    let read: Vec<_> =
        entries.iter().filter_map(|e| collect::Delivery::decode(&e.payload).ok()).collect();
    let Some(oldest) = read.first() else { return Ok((0, 0.0)) };
    let n_read: usize = read.iter().map(|delivery| delivery.items.len()).sum();
    let n_waiting = shared.log.head().0.saturating_sub(position.0);
    let lag_events = n_read as u64 * n_waiting / read.len() as u64;
    let seconds = shared.now().since(oldest.received_at).0 as f64 / 1e6;
    Ok((lag_events, seconds.max(0.0)))
}

fn hour(moment: Timestamp) -> Timestamp {
    let width = Duration::hours(1).0;
    Timestamp(moment.0.div_euclid(width) * width)
}

/// The hours from `begin` on, those without events as zeros.
fn filled(begin: Timestamp, counts: &[state::HourCount]) -> Vec<HourCount> {
    let counted: HashMap<Timestamp, &state::HourCount> =
        counts.iter().map(|count| (count.hour, count)).collect();
    let hour = |n: i64| {
        let hour = begin.plus(Duration::hours(n));
        let count = counted.get(&hour);
        HourCount {
            hour,
            n_accepted: count.map_or(0, |count| count.n_accepted),
            n_refused: count.map_or(0, |count| count.n_refused),
        }
    };
    (0..HOURS_SHOWN).map(hour).collect()
}
