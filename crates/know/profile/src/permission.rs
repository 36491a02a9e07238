//! May we write to this customer, since when, and why?

use crate::consents::Consent;
use crate::origin::Evidence;
use crate::sentence::date;
use crate::view::Profile;
use base::{SourceId, Timestamp};
use lexicon::{Channel, ConsentAct, ConsentState, Purpose};

/// Whether something is permitted for one purpose on one channel, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permission {
    /// What for.
    pub purpose: Purpose,
    /// On which channel.
    pub channel: Channel,
    /// Whether it is permitted: only a yes that needs no more confirmation permits.
    pub allowed: bool,
    /// The answer that decides; `None` where there is none: silence is not consent.
    pub decided_by: Option<Consent>,
}

impl Profile {
    /// Whether the customer permits it.
    ///
    /// What was said of the channel itself decides, unless a no to every channel came later: a
    /// yes to everything does not take back a no to this channel, but a no to everything takes
    /// back a yes to it. Where nothing was said of the channel, what was said of all decides.
    #[must_use]
    pub fn permission(&self, purpose: &Purpose, channel: &Channel) -> Permission {
        let about = |channel: &Channel| {
            self.consents.iter().find(|c| c.purpose == *purpose && c.channel == *channel)
        };
        let decided_by = match (about(channel), about(&Channel::all())) {
            (Some(own), Some(all)) if is_revoked(own, all) => Some(all),
            (own, all) => own.or(all),
        };
        Permission {
            purpose: purpose.clone(),
            channel: channel.clone(),
            allowed: decided_by.is_some_and(|c| c.state == ConsentState::Granted),
            decided_by: decided_by.cloned(),
        }
    }
}

fn is_revoked(own: &Consent, all: &Consent) -> bool {
    all.state == ConsentState::Denied && own.state != ConsentState::Denied && all.since >= own.at
}

impl Permission {
    /// Since when it is so; `None` where nobody ever answered.
    #[must_use]
    pub fn since(&self) -> Option<Timestamp> {
        self.decided_by.as_ref().map(|consent| consent.since)
    }

    /// The answer in a sentence: "Yes: agreed on 3 May 2026 (text v2, Web shop)."
    #[must_use]
    pub fn words(&self, source_name: impl Fn(SourceId) -> String) -> String {
        let Some(consent) = &self.decided_by else {
            return "No: they were not asked, or their answer has not come here.".into();
        };
        let mut about = Vec::new();
        if consent.channel != self.channel {
            about.push("for every channel".to_owned());
        }
        about.extend(consent.text_version.as_ref().map(|version| format!("text {version}")));
        about.extend(consent.source().map(source_name));
        let about =
            if about.is_empty() { String::new() } else { format!(" ({})", about.join(", ")) };
        let day = date(consent.since);
        match consent.state {
            ConsentState::Granted => match consent.confirmed() {
                Some(_) => format!("Yes: agreed and confirmed on {day}{about}."),
                None => format!("Yes: agreed on {day}{about}."),
            },
            ConsentState::Pending => {
                format!("No: asked on {day}{about}, and not confirmed yet.")
            }
            ConsentState::Denied => format!("No: refused on {day}{about}."),
        }
    }
}

impl Consent {
    /// The event that confirmed it, where it was a confirmation that made it so.
    #[must_use]
    pub fn confirmed(&self) -> Option<&Evidence> {
        let made = self.changes.iter().find(|change| change.first == self.evidence)?;
        (made.act == ConsentAct::Confirmed).then_some(&made.first)
    }
}

#[cfg(test)]
mod tests;
