//! What did this customer do, newest first?

use crate::engine::Engine;
use crate::failure;
use crate::page::{Page, PageQuery};
use crate::seq::EventSeq;
use crate::traits::Sight;
use base::{CustomerId, Error, ErrorKind, IdentifierId, SourceId, Timestamp};
use history::{Cursor, Filter, StoredEvent, TimelineQuery};
use lexicon::{EventKind, Identifier, Json};
use std::collections::{HashMap, HashSet};

/// Rows that one page looks at before it says how far it got.
const SCAN_ROWS_MAX: usize = 20_000;
/// Events that are looked through in one go where not everything may be sought.
const N_SOUGHT: usize = 500;

/// Which events are asked for; what is `None` does not restrict.
#[derive(Clone, Debug, Default)]
pub struct TimelineFilter {
    /// Only of this kind.
    pub kind: Option<EventKind>,
    /// Only of this name.
    pub name: Option<String>,
    /// Only where name or properties contain this, in any case.
    pub text: Option<String>,
    /// Only since.
    pub since: Option<Timestamp>,
    /// Only before.
    pub until: Option<Timestamp>,
}

/// One event of a timeline.
#[derive(Clone, Debug)]
pub struct TimelineEvent {
    /// Which event.
    pub seq: EventSeq,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// When it reached us.
    pub received_at: Timestamp,
    /// Which call it was.
    pub kind: EventKind,
    /// Its name.
    pub name: String,
    /// Where it came from.
    pub source: SourceId,
    /// The identifier that it came under.
    pub came_under: Identifier,
    /// The sender's id of it.
    pub message_id: String,
    /// Its fields.
    pub properties: Json,
    /// What it says of the customer or the account.
    pub traits: Json,
    /// Circumstances.
    pub context: Json,
}

impl TimelineEvent {
    /// A stored event together with the identifier that it came under.
    pub(crate) fn new(event: StoredEvent, came_under: Identifier) -> Self {
        Self {
            seq: EventSeq::from(event.seq),
            occurred_at: event.occurred_at,
            received_at: event.received_at,
            kind: event.kind,
            name: event.name.into(),
            source: event.source,
            came_under,
            message_id: event.message_id.into(),
            properties: event.properties,
            traits: event.traits,
            context: event.context,
        }
    }

    /// Its place in the timeline.
    fn cursor(&self) -> Cursor {
        Cursor { occurred_at: self.occurred_at, seq: self.seq.to_number() }
    }
}

impl Engine {
    /// A page of a customer's events, newest first. A page may be short, even empty, and yet have
    /// a next one: then the search got so far.
    ///
    /// # Errors
    /// `NotFound`; `Invalid` for a cursor of another list.
    pub async fn timeline(
        &self,
        id: CustomerId,
        filter: &TimelineFilter,
        page: &PageQuery,
    ) -> Result<Page<TimelineEvent>, Error> {
        let canonical = self.canonical(id).await?;
        let state = &self.shared.state;
        let rows = state.clusters(&[canonical]).await?.identifiers;
        let names: HashMap<IdentifierId, Identifier> =
            rows.into_iter().map(|row| (row.id, row.identifier)).collect();
        let ids: Vec<IdentifierId> = names.keys().copied().collect();
        let keys = state.keys_ever(&ids).await?;
        let query = TimelineQuery {
            customers: &keys,
            identifiers: &ids.iter().copied().collect::<HashSet<_>>(),
            before: page.cursor.as_deref().map(cursor).transpose()?,
            limit: page.limit,
            scan_rows_max: SCAN_ROWS_MAX,
            filter: &filter_of(filter),
        };
        let found = self.shared.history.timeline(&query).await.map_err(failure::history)?;
        let items = found.events.into_iter().filter_map(|event| {
            let came_under = names.get(&event.identifier)?.clone();
            Some(TimelineEvent::new(event, came_under))
        });
        Ok(Page { items: items.collect(), next: found.next.map(|cursor| cursor.to_string()) })
    }
}

impl Engine {
    /// The same for somebody with this `sight`: a text is sought in what they may see.
    ///
    /// # Errors
    /// As [`Self::timeline`].
    pub async fn timeline_seen(
        &self,
        id: CustomerId,
        filter: &TimelineFilter,
        page: &PageQuery,
        sight: &Sight,
    ) -> Result<Page<TimelineEvent>, Error> {
        let sought = match &filter.text {
            Some(text) if !sight.is_clear() => text.to_lowercase(),
            _ => return self.timeline(id, filter, page).await,
        };
        let filter = TimelineFilter { text: None, ..filter.clone() };
        let mut items: Vec<TimelineEvent> = Vec::new();
        let mut place = PageQuery { limit: N_SOUGHT, cursor: page.cursor.clone() };
        for _ in 0..SCAN_ROWS_MAX / N_SOUGHT {
            let found = self.timeline(id, &filter, &place).await?;
            for event in found.items {
                let properties = sight.json(&event.properties);
                if is_found(&sought, &[&event.name, properties.as_str()]) {
                    items.push(event);
                }
                if items.len() == page.limit {
                    let next = items.last().map(|event| event.cursor().to_string());
                    return Ok(Page { items, next });
                }
            }
            place.cursor = found.next;
            if place.cursor.is_none() {
                break;
            }
        }
        Ok(Page { items, next: place.cursor })
    }
}

/// Whether any of these contains the text, which is in lower case, as it is or as JSON spells it.
fn is_found(sought: &str, texts: &[&str]) -> bool {
    let spelled = serde_json::Value::from(sought).to_string();
    let spelled = &spelled[1..spelled.len() - 1];
    let mut texts = texts.iter().map(|text| text.to_lowercase());
    texts.any(|text| text.contains(sought) || text.contains(spelled))
}

fn cursor(text: &str) -> Result<Cursor, Error> {
    text.parse().map_err(|_| {
        Error::new(ErrorKind::Invalid, "the cursor is not one that this list handed out")
            .with_hint("leave the cursor out to begin at the first page")
    })
}

fn filter_of(filter: &TimelineFilter) -> Filter {
    Filter {
        kinds: filter.kind.into_iter().collect(),
        names: filter.name.iter().map(|name| name.as_str().into()).collect(),
        text: filter.text.as_deref().map(Into::into),
        since: filter.since,
        until: filter.until,
    }
}
