//! How do alerts travel, and what they told?

use super::insight::Clock;
use super::scalar::Time;
use super::word::{AlertSensitivity, Grain};
use crate::error::ApiError;
use app::alerts::{
    Alert as KeptAlert, AlertDraft as InnerDraft, AlertRule, Delivery as KeptDelivery,
    Firing as KeptFiring, Judgement as KeptJudgement, Posted, When,
};
use app::traits::WITHHELD;
use insight::Weekday;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Somebody's wish to be told when a metric is not as it should be.
#[derive(Debug, Serialize, ToSchema)]
pub struct Alert {
    #[schema(examples("w_0001"))]
    pub id: String,
    /// Grows with every change; a change says which one it was made on.
    pub version: u64,
    /// The metric's key.
    pub metric: String,
    /// By hour, day or week.
    pub grain: Grain,
    pub clock: Clock,
    pub when: AlertWhen,
    /// Whose server is told.
    pub webhook: Option<AlertWebhook>,
    pub is_on: bool,
    /// What it watches and when it fires, in words.
    pub words: String,
    /// Who made it.
    pub owner: String,
    pub changed_at: Time,
    pub changed_by: String,
    /// What was found of the last span that has ended.
    pub last: Option<AlertJudgement>,
}

/// When an alert fires.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum AlertWhen {
    /// The number is above or below a limit.
    Threshold { op: ThresholdSide, value: f64 },
    /// The number is unusual for its hour or day of the week.
    Unusual { sensitivity: AlertSensitivity },
}

/// On which side of a limit an alert fires.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ThresholdSide {
    Above,
    Below,
}

/// Somebody's server that is told.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlertWebhook {
    pub url: String,
    /// What signs the messages, as Standard Webhooks say: told when it is made, and never again.
    pub secret: Option<String>,
}

/// Somebody's server that is to be told.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookWish {
    #[schema(examples("https://example.com/hooks/rapport"))]
    pub url: String,
}

/// An alert that is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AlertDraft {
    /// The metric's key.
    pub metric: String,
    /// Hour, day or week.
    pub grain: Grain,
    #[serde(default)]
    pub clock: Clock,
    pub when: AlertWhen,
    #[serde(default)]
    pub webhook: Option<WebhookWish>,
    #[serde(default = "yes")]
    pub is_on: bool,
}

/// What an alert is to be from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AlertChange {
    /// The version that was looked at.
    pub version: u64,
    /// The metric's key.
    pub metric: String,
    /// Hour, day or week.
    pub grain: Grain,
    #[serde(default)]
    pub clock: Clock,
    pub when: AlertWhen,
    /// At the same address the secret stays; another address gets a new one.
    #[serde(default)]
    pub webhook: Option<WebhookWish>,
    pub is_on: bool,
}

/// All alerts.
#[derive(Debug, Serialize, ToSchema)]
pub struct Alerts {
    /// The newest first.
    pub alerts: Vec<Alert>,
}

/// What was found of an hour, day or week.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AlertJudgement {
    /// How it is called.
    #[schema(examples("2026-03-29"))]
    pub span: String,
    pub from: Time,
    pub until: Time,
    /// The number; `null` where there was none.
    pub value: Option<f64>,
    /// What would have been usual.
    pub expected: Option<f64>,
    /// A number that is let pass is at least this,
    pub low: Option<f64>,
    /// and at most this.
    pub high: Option<f64>,
    /// Whether the alert fires.
    pub fires: bool,
    /// All of it in one sentence, or why nothing can be said.
    pub words: String,
}

/// What an alert finds now.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlertTest {
    /// Of the last span that has ended.
    pub judgement: Option<AlertJudgement>,
    /// What came of telling its server, where it has one.
    pub delivery: Option<AlertAttempt>,
}

/// One time that an alert had something to tell.
#[derive(Debug, Serialize, ToSchema)]
pub struct Firing {
    #[schema(examples("f_0001"))]
    pub id: String,
    /// The alert's id.
    pub alert: String,
    /// The metric's key.
    pub metric: String,
    pub metric_version: u64,
    pub at: Time,
    #[serde(flatten)]
    pub judgement: AlertJudgement,
    /// Whether whoever asks has said that they looked at it.
    pub seen_by_me: bool,
    /// How far it is on its way to somebody's server, where there is one.
    pub delivery: Option<AlertDelivery>,
}

/// A firing on its way to somebody's server.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlertDelivery {
    pub delivered_at: Option<Time>,
    /// When it is tried next; `null` once it arrived or was given up.
    pub next_at: Option<Time>,
    /// What was tried, in order.
    pub attempts: Vec<AlertAttempt>,
}

/// One attempt to tell somebody's server.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlertAttempt {
    pub at: Time,
    /// The HTTP status that was answered; `null` where no answer came.
    pub status: Option<u16>,
    /// What came of it.
    pub message: String,
}

/// What alerts told.
#[derive(Debug, Serialize, ToSchema)]
pub struct Firings {
    /// The newest first.
    pub firings: Vec<Firing>,
    /// Pass it as `cursor` for the next page; `null` at the end.
    pub next_cursor: Option<String>,
    /// How many there are in all that whoever asks has not looked at.
    pub n_unseen: u64,
}

/// Up to which firing somebody has looked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FiringsSeen {
    /// The newest that was seen.
    #[schema(examples("f_0001"))]
    pub through: String,
}

fn yes() -> bool {
    true
}

impl AlertDraft {
    /// The inner twin.
    ///
    /// # Errors
    /// `Invalid`, naming the field.
    pub fn inner(self) -> Result<InnerDraft, ApiError> {
        let grain: insight::Grain = self.grain.into();
        if grain > insight::Grain::Week {
            return Err(ApiError::field("grain", "an alert looks at hours, days or weeks"));
        }
        let when = match self.when {
            AlertWhen::Threshold { op: ThresholdSide::Above, value } => When::Above(value),
            AlertWhen::Threshold { op: ThresholdSide::Below, value } => When::Below(value),
            AlertWhen::Unusual { sensitivity } => When::Unusual(sensitivity.into()),
        };
        let calendar = self.clock.calendar()?;
        let rule = AlertRule { metric: self.metric, grain, calendar, when };
        let webhook_url = self.webhook.map(|webhook| webhook.url);
        Ok(InnerDraft { rule, webhook_url, is_on: self.is_on })
    }
}

impl AlertChange {
    /// The inner twin.
    ///
    /// # Errors
    /// `Invalid`, naming the field.
    pub fn inner(self) -> Result<InnerDraft, ApiError> {
        let Self { metric, grain, clock, when, webhook, is_on, .. } = self;
        AlertDraft { metric, grain, clock, when, webhook, is_on }.inner()
    }
}

impl From<When> for AlertWhen {
    fn from(when: When) -> Self {
        match when {
            When::Above(value) => Self::Threshold { op: ThresholdSide::Above, value },
            When::Below(value) => Self::Threshold { op: ThresholdSide::Below, value },
            When::Unusual(sensitivity) => Self::Unusual { sensitivity: sensitivity.into() },
        }
    }
}

impl Alert {
    /// The wire twin of an alert, without its secret.
    pub fn of(kept: KeptAlert, may_see: bool) -> Self {
        let calendar = &kept.rule.calendar;
        let clock = Clock {
            time_zone: calendar.zone_name().to_owned(),
            weeks_begin_on_sunday: calendar.week_begins() == Weekday::Sunday,
        };
        Self {
            id: kept.id.to_string(),
            version: kept.version,
            words: kept.rule.words(),
            grain: kept.rule.grain.into(),
            clock,
            when: kept.rule.when.into(),
            metric: kept.rule.metric,
            webhook: kept.webhook.map(|hook| AlertWebhook { url: hook.url, secret: None }),
            is_on: kept.is_on,
            owner: kept.owner,
            changed_at: kept.changed_at.into(),
            changed_by: kept.changed_by,
            last: kept.last.as_ref().map(|last| AlertJudgement::of(last, may_see)),
        }
    }

    /// The same with a secret that was just made.
    pub fn with_secret(kept: KeptAlert) -> Self {
        let secret = kept.webhook.as_ref().map(|webhook| webhook.secret.clone());
        let mut told = Self::of(kept, true);
        if let Some(webhook) = &mut told.webhook {
            webhook.secret = secret;
        }
        told
    }
}

impl AlertJudgement {
    /// The wire twin; without numbers for those who may not see them.
    pub fn of(found: &KeptJudgement, may_see: bool) -> Self {
        let seen = |number: Option<f64>| number.filter(|_| may_see);
        Self {
            span: found.span.clone(),
            from: found.from.into(),
            until: found.until.into(),
            value: seen(found.value),
            expected: seen(found.expected),
            low: seen(found.low),
            high: seen(found.high),
            fires: found.fires,
            words: if may_see { found.words.clone() } else { WITHHELD.to_owned() },
        }
    }
}

impl Firing {
    /// The wire twin; without numbers for those who may not see them.
    pub fn of(kept: KeptFiring, may_see: bool) -> Self {
        Self {
            id: kept.id.to_string(),
            alert: kept.alert.to_string(),
            metric: kept.metric,
            metric_version: kept.metric_version,
            at: kept.fired_at.into(),
            judgement: AlertJudgement::of(&kept.judgement, may_see),
            seen_by_me: kept.is_seen,
            delivery: kept.delivery.map(Into::into),
        }
    }
}

impl From<KeptDelivery> for AlertDelivery {
    fn from(kept: KeptDelivery) -> Self {
        let attempt = |one: app::alerts::Attempt| AlertAttempt {
            at: one.at.into(),
            status: one.status,
            message: one.message,
        };
        Self {
            delivered_at: Time::maybe(kept.delivered_at),
            next_at: Time::maybe(kept.next_at),
            attempts: kept.attempts.into_iter().map(attempt).collect(),
        }
    }
}

impl AlertAttempt {
    /// What came of telling a server just now.
    pub fn of(posted: Posted, now: base::Timestamp) -> Self {
        Self { at: now.into(), status: posted.status, message: posted.message }
    }
}
