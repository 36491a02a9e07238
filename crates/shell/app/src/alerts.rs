//! Who is told when a metric is not as it should be, when, and was it told?
//!
//! An alert looks at each span of its metric once, shortly after the span has ended. What it finds
//! is put down together with the fact that it looked, so that no crash makes it tell twice or not
//! at all. Telling somebody's server comes after, and is tried until it succeeds or is given up.

mod courier;
mod http;
mod judge;
mod message;
mod sign;
mod stored;
#[cfg(test)]
mod tests;
mod watch;

pub use insight::unusual::Sensitivity;
pub use message::Posted;
pub(crate) use watch::begin as begin_watching;

use crate::access::{Actor, audit_line, random};
use crate::engine::Engine;
use crate::metrics::{Frame, Metric, MetricPlan};
use crate::page::{Page, PageQuery, cursor_of};
use base::{AlertId, Error, ErrorKind, FiringId, Timestamp};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use insight::{BadDefinition, Calendar, Comparison, Grain, Period, Weekday};
use state::State;
use state::admin::{Admin, AlertRow, FiringRow};

/// Alerts at most.
pub const ALERTS_MAX: usize = 500;
/// Bytes of a webhook's address at most.
const URL_BYTES_MAX: usize = 2_000;
/// With what a secret for signing begins, as Standard Webhooks say.
const SECRET_PREFIX: &str = "whsec_";

/// An alert.
#[derive(Clone, Debug, PartialEq)]
pub struct Alert {
    /// Which alert.
    pub id: AlertId,
    /// Counts every change, from 1.
    pub version: u64,
    /// What it watches and when it fires.
    pub rule: AlertRule,
    /// Whose server is told.
    pub webhook: Option<Webhook>,
    /// Whether it watches at all.
    pub is_on: bool,
    /// Who made it.
    pub owner: String,
    /// When it was changed last.
    pub changed_at: Timestamp,
    /// Who changed it last.
    pub changed_by: String,
    /// Where the last span ended that was judged.
    pub judged_until: Timestamp,
    /// What was found then.
    pub last: Option<Judgement>,
}

/// What an alert watches, and when it fires.
#[derive(Clone, Debug, PartialEq)]
pub struct AlertRule {
    /// The metric's key.
    pub metric: String,
    /// By hour, day or week.
    pub grain: Grain,
    /// The time zone, and the day with which weeks begin.
    pub calendar: Calendar,
    /// When it fires.
    pub when: When,
}

/// When an alert fires.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum When {
    /// The number is above this.
    Above(f64),
    /// The number is below this.
    Below(f64),
    /// The number is unusual: see [`insight::unusual`].
    Unusual(Sensitivity),
}

/// Somebody's server that is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// Its address.
    pub url: String,
    /// What signs what it is told.
    pub secret: String,
}

/// An alert that is to be.
#[derive(Clone, Debug, PartialEq)]
pub struct AlertDraft {
    /// What it watches and when it fires.
    pub rule: AlertRule,
    /// Whose server is told.
    pub webhook_url: Option<String>,
    /// Whether it watches at all.
    pub is_on: bool,
}

/// What was found of a span.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// When the span began.
    pub from: Timestamp,
    /// When it ended.
    pub until: Timestamp,
    /// How it is called.
    pub span: String,
    /// The number; `None` where there was none.
    pub value: Option<f64>,
    /// What would have been usual, where that was asked.
    pub expected: Option<f64>,
    /// A usual number, or one that is let pass, is at least this.
    pub low: Option<f64>,
    /// And at most this.
    pub high: Option<f64>,
    /// Whether the alert fires.
    pub fires: bool,
    /// All of it in one sentence, or why nothing can be said.
    pub words: String,
}

/// One time that an alert had something to tell.
#[derive(Clone, Debug, PartialEq)]
pub struct Firing {
    /// Which firing.
    pub id: FiringId,
    /// Of which alert.
    pub alert: AlertId,
    /// The metric's key.
    pub metric: String,
    /// The version of the metric.
    pub metric_version: u64,
    /// When it was told.
    pub fired_at: Timestamp,
    /// What was found.
    pub judgement: Judgement,
    /// Whether the reader has looked at it.
    pub is_seen: bool,
    /// How far it is on its way to somebody's server, where there is one.
    pub delivery: Option<Delivery>,
}

/// A firing on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// When it arrived.
    pub delivered_at: Option<Timestamp>,
    /// When it is tried next; `None` once it arrived or was given up.
    pub next_at: Option<Timestamp>,
    /// What was tried, in order.
    pub attempts: Vec<Attempt>,
}

/// One attempt to deliver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// When.
    pub at: Timestamp,
    /// The status that was answered, where one was.
    pub status: Option<u16>,
    /// What came of it.
    pub message: String,
}

/// The alerts of an installation. Cheap to make.
pub struct Alerts {
    admin: Admin,
}

impl Engine {
    /// The alerts.
    #[must_use]
    pub fn alerts(&self) -> Alerts {
        Alerts::of(&self.shared.state)
    }
}

impl AlertRule {
    /// How the metric is asked for so many whole spans before `now`.
    ///
    /// # Errors
    /// Names the field that does not go with the metric.
    pub fn plan(
        &self,
        metric: &Metric,
        n_spans: u32,
        now: Timestamp,
    ) -> Result<MetricPlan, BadDefinition> {
        let frame = Frame {
            calendar: self.calendar.clone(),
            period: Period::Last { n: n_spans, grain: self.grain, current: false },
            grain: self.grain,
            breakdown: None,
            comparison: Comparison::None,
        };
        MetricPlan::new(metric, frame, now)
    }

    /// One that merely looks at a metric, by week: every metric can be asked so.
    #[must_use]
    pub fn by_week(metric: &str) -> Self {
        let (metric, calendar) = (metric.to_owned(), Calendar::utc());
        Self { metric, grain: Grain::Week, calendar, when: When::Above(0.0) }
    }

    fn check(&self) -> Result<(), Error> {
        let invalid = |message| Err(Error::new(ErrorKind::Invalid, message));
        if self.grain > Grain::Week {
            return invalid("an alert looks at hours, days or weeks");
        }
        match self.when {
            When::Above(limit) | When::Below(limit) if !limit.is_finite() => {
                invalid("the limit must be a finite number")
            }
            _ => Ok(()),
        }
    }

    /// The calendar of a time zone.
    ///
    /// # Errors
    /// Where nobody knows the zone.
    pub(crate) fn calendar_of(zone: &str, is_sunday: bool) -> Result<Calendar, BadDefinition> {
        Calendar::new(zone, if is_sunday { Weekday::Sunday } else { Weekday::Monday })
    }
}

impl Alerts {
    /// The alerts in `state`.
    pub(crate) fn of(state: &State) -> Self {
        Self { admin: Admin::new(state.db()) }
    }

    /// Every alert, the newest first.
    ///
    /// # Errors
    /// Where the table cannot be read.
    pub async fn list(&self) -> Result<Vec<Alert>, Error> {
        self.admin.alerts().await?.into_iter().map(alert).collect()
    }

    /// The alert with this id.
    ///
    /// # Errors
    /// `NotFound` where there is none.
    pub async fn get(&self, id: AlertId) -> Result<Alert, Error> {
        alert(self.admin.alert(id).await?.ok_or_else(|| nowhere(id))?)
    }

    /// Makes an alert. The first span that it judges is the one that is going on.
    ///
    /// # Errors
    /// `Invalid` with what is wrong; `Limited` where there are too many.
    pub async fn create(
        &self,
        actor: &Actor,
        draft: AlertDraft,
        now: Timestamp,
    ) -> Result<Alert, Error> {
        draft.rule.check()?;
        if self.admin.alerts().await?.len() >= ALERTS_MAX {
            let message = format!("there may be {ALERTS_MAX} alerts at most");
            return Err(Error::new(ErrorKind::Limited, message));
        }
        let webhook = draft.webhook_url.map(|url| webhook(&url, None)).transpose()?;
        let judged_until = draft.rule.calendar.begin(draft.rule.grain, now);
        let made = Alert {
            id: AlertId(0),
            version: 1,
            rule: draft.rule,
            webhook,
            is_on: draft.is_on,
            owner: actor.name.clone(),
            changed_at: now,
            changed_by: actor.name.clone(),
            judged_until,
            last: None,
        };
        let line = audit_line(actor, "alert.created", ("", &made.rule.words()), now);
        alert(self.admin.put_alert(row(&made), &line).await?)
    }

    /// Changes an alert that was looked at in `version`. Where another address is told, a new
    /// secret signs; spans that ended before are not judged again.
    ///
    /// # Errors
    /// `Invalid` with what is wrong, `NotFound`, or `Conflict` where it was changed meanwhile.
    pub async fn change(
        &self,
        actor: &Actor,
        (id, version): (AlertId, u64),
        draft: AlertDraft,
        now: Timestamp,
    ) -> Result<Alert, Error> {
        draft.rule.check()?;
        let before = self.get(id).await?;
        let webhook = draft.webhook_url.map(|url| webhook(&url, before.webhook.as_ref()));
        let begun = draft.rule.calendar.begin(draft.rule.grain, now);
        let goes_on = before.is_on && before.rule == draft.rule;
        let after = Alert {
            version: version + 1,
            rule: draft.rule,
            webhook: webhook.transpose()?,
            is_on: draft.is_on,
            changed_at: now,
            changed_by: actor.name.clone(),
            judged_until: if goes_on { before.judged_until } else { begun },
            last: None,
            ..before
        };
        let line = audit_line(actor, "alert.changed", (&id.to_string(), &after.rule.words()), now);
        if !self.admin.change_alert(&row(&after), &line).await? {
            let message = "the alert was changed by somebody else meanwhile";
            return Err(Error::new(ErrorKind::Conflict, message).with_hint("read it again"));
        }
        Ok(after)
    }

    /// Deletes an alert with all that it told.
    ///
    /// # Errors
    /// `NotFound` where there is none.
    pub async fn delete(&self, actor: &Actor, id: AlertId, now: Timestamp) -> Result<(), Error> {
        let before = self.get(id).await?;
        let line = audit_line(actor, "alert.deleted", (&id.to_string(), &before.rule.words()), now);
        self.admin.delete_alert(id, &line).await?;
        Ok(())
    }

    /// What alerts told, the newest first, of one alert or of all; `reader` says who looks.
    ///
    /// # Errors
    /// `Invalid` for a cursor that is not of this list.
    pub async fn firings(
        &self,
        alert: Option<AlertId>,
        reader: &str,
        page: &PageQuery,
    ) -> Result<Page<Firing>, Error> {
        let before = page.place::<u64>()?.map(FiringId);
        let mut rows = self.admin.firings(alert, before, page.limit + 1).await?;
        let has_more = rows.len() > page.limit;
        rows.truncate(page.limit);
        let next = rows.last().filter(|_| has_more).map(|last| cursor_of(&last.id.0));
        let seen = self.admin.seen_firing(reader).await?;
        let items = self.told(rows, seen).await?;
        Ok(Page { items, next })
    }

    /// How many firings `reader` has not looked at.
    ///
    /// # Errors
    /// Where the tables cannot be read.
    pub async fn n_unseen(&self, reader: &str) -> Result<u64, Error> {
        let seen = self.admin.seen_firing(reader).await?;
        Ok(self.admin.n_firings_after(seen).await?)
    }

    /// Remembers that `reader` has looked at all firings up to this one.
    ///
    /// # Errors
    /// Where the tables cannot be written.
    pub async fn see(&self, reader: &str, to: FiringId) -> Result<(), Error> {
        Ok(self.admin.put_seen_firing(reader, to).await?)
    }

    async fn told(&self, rows: Vec<FiringRow>, seen: FiringId) -> Result<Vec<Firing>, Error> {
        let (Some(first), Some(last)) = (rows.last(), rows.first()) else { return Ok(Vec::new()) };
        let attempts = self.admin.attempts((first.id, last.id)).await?;
        rows.into_iter()
            .map(|row| {
                let own = attempts.iter().filter(|attempt| attempt.firing == row.id);
                let attempts = own.map(|one| Attempt {
                    at: one.at,
                    status: one.status,
                    message: one.message.clone(),
                });
                let delivery = row.delivery.map(|delivery| Delivery {
                    delivered_at: delivery.delivered_at,
                    next_at: delivery.next_at,
                    attempts: attempts.collect(),
                });
                Ok(Firing {
                    id: row.id,
                    alert: row.alert,
                    metric: row.metric,
                    metric_version: row.metric_version,
                    fired_at: row.fired_at,
                    judgement: stored::read_judgement(&row.judgement)?,
                    is_seen: row.id <= seen,
                    delivery,
                })
            })
            .collect()
    }
}

/// The webhook at `url`, with the secret that it had where it is the same.
fn webhook(url: &str, before: Option<&Webhook>) -> Result<Webhook, Error> {
    let url = url.trim();
    http::Address::parse(url)?;
    if url.len() > URL_BYTES_MAX {
        return Err(Error::new(ErrorKind::Invalid, "the address of the webhook is too long"));
    }
    if let Some(same) = before.filter(|before| before.url == url) {
        return Ok(same.clone());
    }
    let secret = format!("{SECRET_PREFIX}{}", STANDARD.encode(random::<32>()?));
    Ok(Webhook { url: url.to_owned(), secret })
}

fn row(alert: &Alert) -> AlertRow {
    AlertRow {
        id: alert.id,
        version: alert.version,
        metric: alert.rule.metric.clone(),
        rule: stored::write_rule(&alert.rule),
        webhook: alert.webhook.clone().map(|webhook| (webhook.url, webhook.secret)),
        is_on: alert.is_on,
        owner: alert.owner.clone(),
        changed_at: alert.changed_at,
        changed_by: alert.changed_by.clone(),
        judged_until: alert.judged_until,
        judgement: None,
    }
}

fn alert(row: AlertRow) -> Result<Alert, Error> {
    Ok(Alert {
        id: row.id,
        version: row.version,
        rule: stored::read_rule(row.metric, &row.rule)?,
        webhook: row.webhook.map(|(url, secret)| Webhook { url, secret }),
        is_on: row.is_on,
        owner: row.owner,
        changed_at: row.changed_at,
        changed_by: row.changed_by,
        judged_until: row.judged_until,
        last: row.judgement.as_deref().map(stored::read_judgement).transpose()?,
    })
}

fn nowhere(id: AlertId) -> Error {
    Error::new(ErrorKind::NotFound, format!("there is no alert {id}"))
}
