//! What does this raw event say, in our own words?

mod context;
mod fault;
mod posthog;
mod segment;
mod who;

use crate::clock::{self, Claim};
use crate::delivery::Delivery;
use crate::dialect::Dialect;
use crate::fields::{self, Fields};
use crate::json_text::{Unkept, tidy};
use base::{Limits, Timestamp, hash};
use lexicon::{Blocked, Event, EventKind, Identifier, Json, LinkClaim, Refusal, RefusalReason};
use std::fmt::Write;
use std::sync::LazyLock;

/// What a dialect finds in a raw event; time and id are the same for all and come on top.
struct Draft {
    kind: EventKind,
    name: Box<str>,
    identifiers: Vec<Identifier>,
    links: Vec<LinkClaim>,
    properties: Json,
    traits: Json,
    traits_once: Json,
    traits_unset: Vec<Box<str>>,
    account_key: Option<Box<str>>,
    /// The circumstances, but for what the time rule adds.
    context: context::Context,
}

/// What every dialect reads an event with.
struct Raw<'a> {
    fields: &'a Fields<'a>,
    delivery: &'a Delivery,
    limits: &'a Limits,
    blocked: &'a Blocked,
}

/// The event at `index` of `delivery`, or the first thing that is wrong with it. A pure function:
/// the log can be read again and says the same.
///
/// *Identifiers*: the user id first, else the anonymous id, else the first other; the event came
/// under the first. *Time*: see `clock`; where the client's time was moved by a second or more,
/// the context keeps it as `rapport.original_timestamp`. *Id*: the sender's `messageId` (`uuid`),
/// else one made of the source, the event's text and when it was sent, so that sending the same
/// again makes no second event; where the event says nothing about time, two that look alike are
/// taken for two, so the time of arrival and the place in the batch are part of the id as well.
/// *Blocked*: the values that stand for nobody are those that an installation begins with.
///
/// # Errors
/// The event cannot be taken; the refusal names the field.
pub fn understand(delivery: &Delivery, index: usize, limits: &Limits) -> Result<Event, Refusal> {
    static BLOCKED: LazyLock<Blocked> = LazyLock::new(Blocked::default);
    understand_without(delivery, index, limits, &BLOCKED)
}

/// The same, where the `blocked` values are those that stand for nobody. One in the place of a
/// user id or an anonymous id is as good as absent; one among the traits stays a trait.
///
/// # Errors
/// As [`understand`].
pub fn understand_without(
    delivery: &Delivery,
    index: usize,
    limits: &Limits,
    blocked: &Blocked,
) -> Result<Event, Refusal> {
    let Some(item) = delivery.items.get(index) else {
        return Err(fault::missing(&format!("batch[{index}]"), "there is no such event"));
    };
    check_size(delivery, index, item.json.len(), limits)?;
    let text = tidy(&item.json, limits.json_depth_max).map_err(|why| match why {
        Unkept::TooDeep => fault::too_deep(index, limits.json_depth_max),
        Unkept::Immense(path) => fault::immense(index, &path),
    })?;
    let fields = Fields::read(&text).map_err(|_| fault::not_an_object(index))?;
    let raw = Raw { fields: &fields, delivery, limits, blocked };
    let time = raw.time()?;
    let draft = match delivery.dialect {
        Dialect::PostHog => posthog::draft(&raw)?,
        _ => segment::draft(&raw, item.kind)?,
    };
    let message_id = raw.message_id(&text, index)?;
    Ok(finish(draft, delivery, time, message_id))
}

fn check_size(
    delivery: &Delivery,
    index: usize,
    n_bytes: usize,
    limits: &Limits,
) -> Result<(), Refusal> {
    let bounds = delivery.dialect.bounds(limits);
    if index >= bounds.events_max {
        return Err(fault::beyond_batch(index, bounds.events_max));
    }
    if n_bytes > bounds.event_bytes_max {
        return Err(fault::event_too_large(index, n_bytes, bounds.event_bytes_max));
    }
    Ok(())
}

fn finish(draft: Draft, delivery: &Delivery, time: clock::Moment, message_id: Box<str>) -> Event {
    Event {
        message_id,
        kind: draft.kind,
        name: draft.name,
        identifiers: draft.identifiers,
        links: draft.links,
        occurred_at: time.at,
        received_at: delivery.received_at,
        source: delivery.source,
        properties: draft.properties,
        traits: draft.traits,
        traits_once: draft.traits_once,
        traits_unset: draft.traits_unset,
        account_key: draft.account_key,
        context: draft.context.finish(time.original),
    }
}

impl<'a> Raw<'a> {
    /// The text in a field; numbers count as text, `null` and blanks as absent.
    fn text(&self, name: &str) -> Result<Option<std::borrow::Cow<'a, str>>, Refusal> {
        let Some(raw) = self.fields.get(name) else {
            return Ok(None);
        };
        match fields::text_or_number(raw) {
            Some(text) if text.trim().is_empty() => Ok(None),
            Some(text) => Ok(Some(text)),
            None => Err(fault::wrong_type(name, "a string", raw)),
        }
    }

    /// The object in a field as text; absent is empty.
    fn object(&self, name: &str) -> Result<&'a str, Refusal> {
        let Some(raw) = self.fields.get(name) else {
            return Ok("{}");
        };
        if !raw.get().starts_with('{') {
            return Err(fault::wrong_type(name, "an object", raw));
        }
        let n_max = self.limits.properties_per_event_max;
        // A field has at least five bytes: `"":0,`.
        if raw.get().len() > 5 * n_max {
            let n = Fields::lenient(raw.get()).0.len();
            if n > n_max {
                return Err(fault::too_many_fields(name, n, n_max));
            }
        }
        Ok(raw.get())
    }

    /// An event's name, trimmed.
    fn name(&self, field: &str) -> Result<Box<str>, Refusal> {
        let Some(name) = self.text(field)? else {
            let message = format!("{field} is missing: it is the name of what happened");
            return Err(fault::missing(field, &message));
        };
        let chars_max = self.limits.event_name_chars_max;
        if name.chars().count() > chars_max {
            return Err(fault::too_long(field, chars_max));
        }
        Ok(name.trim().into())
    }

    fn time(&self) -> Result<clock::Moment, Refusal> {
        let claim = Claim { original: self.claimed_time()?, sent_at: self.sent_at() };
        clock::occurred_at(claim, self.delivery.received_at)
            .ok_or_else(|| fault::too_early("timestamp"))
    }

    fn claimed_time(&self) -> Result<Option<Timestamp>, Refusal> {
        // What a client meant; `timestamp` beside it is a gateway's correction of it. Not so with
        // RudderStack: its libraries stamp every call, and a `timestamp` is what the caller said.
        let names = match self.delivery.dialect {
            Dialect::RudderStack => ["timestamp", "originalTimestamp"],
            _ => ["originalTimestamp", "timestamp"],
        };
        for name in names {
            if let Some(raw) = self.fields.get(name) {
                return clock::moment(raw).map(Some).ok_or_else(|| fault::not_a_time(name, raw));
            }
        }
        // Old PostHog libraries send how many milliseconds ago it was.
        let offset =
            self.fields.get("offset").filter(|_| self.delivery.dialect == Dialect::PostHog);
        let millis: Option<f64> = offset.and_then(|raw| raw.get().parse().ok());
        Ok(millis.map(|ms| self.delivery.received_at.minus(base::Duration((ms * 1e3) as i64))))
    }

    fn sent_at(&self) -> Option<Timestamp> {
        let own = ["sentAt", "sent_at"].iter().find_map(|name| self.fields.get(name));
        own.and_then(clock::moment).or(self.delivery.sent_at)
    }

    fn message_id(&self, text: &str, index: usize) -> Result<Box<str>, Refusal> {
        let name = if self.delivery.dialect == Dialect::PostHog { "uuid" } else { "messageId" };
        let Some(id) = self.text(name)? else {
            return Ok(self.made_id(text, index));
        };
        let chars_max = self.limits.message_id_chars_max;
        if id.chars().count() > chars_max {
            return Err(fault::too_long(name, chars_max));
        }
        Ok(id.trim().into())
    }

    fn made_id(&self, text: &str, index: usize) -> Box<str> {
        let sent_at = self.sent_at();
        let timeless = sent_at.is_none() && matches!(self.claimed_time(), Ok(None));
        let mut content = String::with_capacity(text.len() + 64);
        let _ = write!(content, "{}\n{:?}\n", self.delivery.source, sent_at.map(|t| t.0));
        if timeless {
            let _ = write!(content, "{}\n{index}\n", self.delivery.received_at.0);
        }
        content.push_str(text);
        format!("m_{:032x}", hash::hash128(content.as_bytes())).into()
    }
}

/// Whether a text has the form of a UUID, which is how client libraries name those whom they do
/// not know.
fn is_uuid(text: &str) -> bool {
    let is_dash = |at: usize| matches!(at, 8 | 13 | 18 | 23);
    let fits = |(at, b): (usize, u8)| {
        if is_dash(at) { b == b'-' } else { b.is_ascii_hexdigit() }
    };
    text.len() == 36 && text.bytes().enumerate().all(fits)
}

/// An event that nobody can be found behind.
fn nobody(blocked: Option<(&'static str, Box<str>)>, expected: &str) -> Refusal {
    match blocked {
        Some((field, value)) => Refusal {
            reason: RefusalReason::BlockedValue,
            field: field.to_owned(),
            message: format!("{field} '{value}' stands for nobody"),
        },
        None => fault::missing(
            expected.split(' ').next().unwrap_or_default(),
            &format!("the event needs {expected} to belong to somebody"),
        ),
    }
}

#[cfg(test)]
mod tests;
