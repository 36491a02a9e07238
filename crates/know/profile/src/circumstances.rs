//! From where and with what does the customer come to us?

use crate::bounds::shortened;
use crate::consents::Consents;
use crate::latest::{Latest, put, put_text};
use crate::loose::{Loose, Maybe, read_fields};
use crate::origin::Telling;
use base::{Limits, Timestamp};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Agents kept per fragment.
const AGENTS_MAX: usize = 8;
const TEXT_BYTES_MAX: usize = 64;

/// A browser on a system on a kind of device.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Agent {
    /// The browser or app.
    pub browser: String,
    /// The operating system.
    pub os: String,
    /// The kind of device.
    pub device: String,
    /// When it was used last.
    pub last_seen: Timestamp,
}

/// Browser, system, device, last seen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Seen(Box<str>, Box<str>, Box<str>, Timestamp);

/// The circumstances of one fragment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Circumstances {
    pub(crate) locale: Option<Latest<Box<str>>>,
    pub(crate) timezone: Option<Latest<Box<str>>>,
    pub(crate) country: Option<Latest<Box<str>>>,
    pub(crate) city: Option<Latest<Box<str>>>,
    /// Ascending by browser, system and device.
    agents: Vec<Seen>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Context<'a> {
    #[serde(borrow)]
    locale: Loose<'a>,
    #[serde(borrow)]
    timezone: Loose<'a>,
    #[serde(borrow)]
    location: Maybe<Location<'a>>,
    #[serde(borrow)]
    rapport: Maybe<Ours<'a>>,
    #[serde(borrow, rename = "rapport.agent")]
    agent: Maybe<AgentFields<'a>>,
    #[serde(borrow)]
    consent: Maybe<Preferences<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Location<'a> {
    #[serde(borrow)]
    country: Loose<'a>,
    #[serde(borrow)]
    city: Loose<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Ours<'a> {
    #[serde(borrow)]
    agent: Maybe<AgentFields<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct AgentFields<'a> {
    #[serde(borrow)]
    browser: Loose<'a>,
    #[serde(borrow)]
    os: Loose<'a>,
    #[serde(borrow)]
    device: Loose<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Preferences<'a> {
    #[serde(borrow, rename = "categoryPreferences")]
    categories: BTreeMap<Cow<'a, str>, Loose<'a>>,
}

impl Circumstances {
    /// Takes what the context of `event` says, and the consent in it for `consents`.
    pub(crate) fn absorb(
        &mut self,
        telling: &Telling<'_>,
        consents: &mut Consents,
        limits: &Limits,
    ) {
        let event = telling.event;
        if event.context.is_empty() {
            return;
        }
        let read = |text: &str| serde_json::from_str::<Context<'_>>(text).is_ok();
        match serde_json::from_str::<Context<'_>>(event.context.as_str()) {
            Ok(context) => self.take(&context, telling, consents, limits),
            Err(_) => {
                let tidy = read_fields(&event.context, |text| read(text).then(|| text.to_owned()));
                if let Some(Ok(context)) = tidy.as_deref().map(serde_json::from_str::<Context<'_>>)
                {
                    self.take(&context, telling, consents, limits);
                }
            }
        }
    }

    pub(crate) fn join(&mut self, other: Self) {
        let ours = [&mut self.locale, &mut self.timezone, &mut self.country, &mut self.city];
        let theirs = [other.locale, other.timezone, other.country, other.city];
        for (ours, theirs) in ours.into_iter().zip(theirs) {
            if let Some(theirs) = theirs {
                put(ours, theirs);
            }
        }
        for Seen(browser, os, device, at) in other.agents {
            self.see([&browser, &os, &device], at);
        }
    }

    /// The agents, the latest first.
    pub(crate) fn agents(&self) -> Vec<Agent> {
        let agents = self.agents.iter().map(|Seen(browser, os, device, last_seen)| Agent {
            browser: browser.to_string(),
            os: os.to_string(),
            device: device.to_string(),
            last_seen: *last_seen,
        });
        let mut agents: Vec<_> = agents.collect();
        agents.sort_by(|a, b| b.last_seen.cmp(&a.last_seen).then_with(|| a.cmp(b)));
        agents
    }

    fn take(
        &mut self,
        context: &Context<'_>,
        telling: &Telling<'_>,
        consents: &mut Consents,
        limits: &Limits,
    ) {
        let at = telling.event.occurred_at;
        take_text(&mut self.locale, at, &context.locale);
        take_text(&mut self.timezone, at, &context.timezone);
        if let Some(location) = &context.location.0 {
            take_text(&mut self.country, at, &location.country);
            take_text(&mut self.city, at, &location.city);
        }
        let nested = context.rapport.0.as_ref().and_then(|ours| ours.agent.0.as_ref());
        if let Some(agent) = nested.or(context.agent.0.as_ref()) {
            self.take_agent(agent, at);
        }
        if let Some(preferences) = &context.consent.0 {
            consents.absorb_categories(telling, &preferences.categories, limits);
        }
    }

    fn take_agent(&mut self, agent: &AgentFields<'_>, at: Timestamp) {
        let fields = [agent.browser.text(), agent.os.text(), agent.device.text()];
        if fields.iter().all(Option::is_none) {
            return;
        }
        let text = |i: usize| shortened(fields[i].as_deref().unwrap_or_default(), TEXT_BYTES_MAX);
        self.see([text(0), text(1), text(2)], at);
        if self.agents.len() > AGENTS_MAX {
            let oldest = self.agents.iter().enumerate().min_by_key(|(_, seen)| (seen.3, *seen));
            let place = oldest.expect("there are more than the bound").0;
            self.agents.remove(place);
        }
    }

    fn see(&mut self, [browser, os, device]: [&str; 3], at: Timestamp) {
        let key = (browser, os, device);
        match self.agents.binary_search_by(|seen| (&*seen.0, &*seen.1, &*seen.2).cmp(&key)) {
            Ok(place) => self.agents[place].3 = at.max(self.agents[place].3),
            Err(place) => {
                let seen = Seen(browser.into(), os.into(), device.into(), at);
                self.agents.insert(place, seen);
            }
        }
    }
}

fn take_text(place: &mut Option<Latest<Box<str>>>, at: Timestamp, value: &Loose<'_>) {
    if let Some(text) = value.text() {
        put_text(place, at, shortened(&text, TEXT_BYTES_MAX));
    }
}
