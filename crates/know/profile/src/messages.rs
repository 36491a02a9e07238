//! What became of the messages that the customer got?

use crate::bounds::{evict, shortened};
use crate::latest::{Latest, earliest, put};
use crate::loose::{Loose, read_fields};
use crate::semantic::EmailStep;
use base::{Limits, Timestamp};
use lexicon::Event;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const TEXT_BYTES_MAX: usize = 200;
const KEY_BYTES_MAX: usize = 128;

/// The furthest that a message came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MessageStatus {
    /// It was sent.
    Sent,
    /// The receiving server took it.
    Delivered,
    /// It could not be delivered.
    Bounced,
    /// It was opened.
    Opened,
    /// A link in it was followed.
    Clicked,
    /// The customer wants no more of them.
    Unsubscribed,
    /// The customer called it spam.
    MarkedAsSpam,
}

impl MessageStatus {
    /// The status as it is written on the wire.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Bounced => "bounced",
            Self::Opened => "opened",
            Self::Clicked => "clicked",
            Self::Unsubscribed => "unsubscribed",
            Self::MarkedAsSpam => "marked_as_spam",
        }
    }
}

/// One message; each moment is the earliest of its kind, and missing where it was not told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The sender's id of the message; `campaign:…` where only the campaign was named, `event:…`
    /// where nothing was.
    pub id: String,
    /// The channel; `email` for all that the e-mail events tell.
    pub channel: &'static str,
    /// The campaign, by name, else by id.
    pub campaign: Option<String>,
    /// The subject line.
    pub subject: Option<String>,
    /// The furthest that it came.
    pub status: MessageStatus,
    /// When it was sent.
    pub sent_at: Option<Timestamp>,
    /// When the receiving server took it.
    pub delivered_at: Option<Timestamp>,
    /// When it was first opened.
    pub opened_at: Option<Timestamp>,
    /// When a link in it was first followed.
    pub clicked_at: Option<Timestamp>,
    /// When it bounced.
    pub bounced_at: Option<Timestamp>,
    /// When it was called spam.
    pub marked_as_spam_at: Option<Timestamp>,
    /// When the customer unsubscribed by it.
    pub unsubscribed_at: Option<Timestamp>,
}

impl Message {
    /// The earliest moment that is known of it.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        let all = [
            self.sent_at,
            self.delivered_at,
            self.opened_at,
            self.clicked_at,
            self.bounced_at,
            self.marked_as_spam_at,
            self.unsubscribed_at,
        ];
        all.into_iter().flatten().min().expect("a message is known by something that happened")
    }

    /// Whether it is known to have reached the customer: delivered, or used.
    #[must_use]
    pub fn has_arrived(&self) -> bool {
        self.delivered_at.is_some() || self.opened_at.is_some() || self.clicked_at.is_some()
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Cell {
    campaign: Option<Latest<Box<str>>>,
    subject: Option<Latest<Box<str>>>,
    stamps: [Option<Timestamp>; 7],
    /// The latest of anything; what a message is ranked by when there are too many.
    active_at: Timestamp,
}

/// The messages of one fragment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Messages(BTreeMap<Box<str>, Cell>);

#[derive(Default, Deserialize)]
#[serde(default)]
struct Fields<'a> {
    #[serde(borrow)]
    email_id: Loose<'a>,
    #[serde(borrow)]
    message_id: Loose<'a>,
    #[serde(borrow)]
    email_subject: Loose<'a>,
    #[serde(borrow)]
    campaign_id: Loose<'a>,
    #[serde(borrow)]
    campaign_name: Loose<'a>,
}

impl Fields<'_> {
    fn key(&self, event: &Event) -> Box<str> {
        let own = self.email_id.text().or_else(|| self.message_id.text());
        let own = own.map(|id| shortened(&id, KEY_BYTES_MAX).into());
        let campaign = || {
            let id = self.campaign_id.text()?;
            Some(format!("campaign:{}", shortened(&id, KEY_BYTES_MAX)).into())
        };
        own.or_else(campaign).unwrap_or_else(|| format!("event:{}", event.message_id).into())
    }

    fn cell(&self, event: &Event, step: EmailStep) -> Cell {
        let at = event.occurred_at;
        let text = |field: &Loose<'_>| {
            field.text().map(|t| Latest::new(at, shortened(&t, TEXT_BYTES_MAX).into()))
        };
        let mut stamps = [None; 7];
        stamps[step as usize] = Some(at);
        Cell {
            campaign: text(&self.campaign_name).or_else(|| text(&self.campaign_id)),
            subject: text(&self.email_subject),
            stamps,
            active_at: at,
        }
    }
}

impl Messages {
    pub(crate) fn absorb(&mut self, event: &Event, step: EmailStep, limits: &Limits) {
        let read = read_fields(&event.properties, |text| {
            let fields: Fields<'_> = serde_json::from_str(text).ok()?;
            Some((fields.key(event), fields.cell(event, step)))
        });
        let Some((key, cell)) = read else { return };
        self.put(key, cell);
        evict(&mut self.0, limits.messages_per_customer_max, |_, cell| cell.active_at);
    }

    pub(crate) fn join(&mut self, other: Self) {
        for (key, theirs) in other.0 {
            self.put(key, theirs);
        }
    }

    /// The messages, the latest first.
    pub(crate) fn shown(&self) -> Vec<Message> {
        let mut shown: Vec<_> = self.0.iter().map(|(id, cell)| cell.shown(id)).collect();
        shown.sort_by(|a, b| b.at().cmp(&a.at()).then_with(|| a.id.cmp(&b.id)));
        shown
    }

    fn put(&mut self, key: Box<str>, theirs: Cell) {
        match self.0.get_mut(&key) {
            Some(ours) => ours.join(theirs),
            None => drop(self.0.insert(key, theirs)),
        }
    }
}

impl Cell {
    fn join(&mut self, other: Self) {
        for (ours, theirs) in self.stamps.iter_mut().zip(other.stamps) {
            *ours = earliest(*ours, theirs);
        }
        if let Some(campaign) = other.campaign {
            put(&mut self.campaign, campaign);
        }
        if let Some(subject) = other.subject {
            put(&mut self.subject, subject);
        }
        self.active_at = self.active_at.max(other.active_at);
    }

    fn at(&self, step: EmailStep) -> Option<Timestamp> {
        self.stamps[step as usize]
    }

    fn status(&self) -> MessageStatus {
        let by_rank = [
            (EmailStep::MarkedAsSpam, MessageStatus::MarkedAsSpam),
            (EmailStep::Unsubscribed, MessageStatus::Unsubscribed),
            (EmailStep::Clicked, MessageStatus::Clicked),
            (EmailStep::Opened, MessageStatus::Opened),
            (EmailStep::Bounced, MessageStatus::Bounced),
            (EmailStep::Delivered, MessageStatus::Delivered),
        ];
        let furthest = by_rank.into_iter().find(|&(step, _)| self.at(step).is_some());
        furthest.map_or(MessageStatus::Sent, |(_, status)| status)
    }

    fn shown(&self, id: &str) -> Message {
        let text = |latest: &Option<Latest<Box<str>>>| latest.as_ref().map(|l| l.value.to_string());
        Message {
            id: id.into(),
            channel: "email",
            campaign: text(&self.campaign),
            subject: text(&self.subject),
            status: self.status(),
            sent_at: self.at(EmailStep::Sent),
            delivered_at: self.at(EmailStep::Delivered),
            opened_at: self.at(EmailStep::Opened),
            clicked_at: self.at(EmailStep::Clicked),
            bounced_at: self.at(EmailStep::Bounced),
            marked_as_spam_at: self.at(EmailStep::MarkedAsSpam),
            unsubscribed_at: self.at(EmailStep::Unsubscribed),
        }
    }
}
