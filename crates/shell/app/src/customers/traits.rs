//! What is known of a customer, who said so, which value counts, and what do they allow?

use super::view::unreadable;
use crate::engine::Engine;
use crate::privacy::Suspension;
use crate::traits::Sight;
use base::{CustomerId, Error, ErrorKind, IdentifierId, SourceId, Timestamp};
use lexicon::{Channel, ConsentAct, ConsentState, Identifier, Purpose};
use profile::{Evidence, Fragments, Profile, Summary, TraitRule};
use serde_json::Value;
use std::collections::HashMap;

/// One trait with where it came from and why this value counts.
#[derive(Clone, Debug)]
pub struct TraitView {
    /// Its name.
    pub name: String,
    /// The value that counts; `None` where this caller may not see it.
    pub value: Option<Value>,
    /// When it was said last.
    pub at: Timestamp,
    /// When the same source said it first.
    pub since: Timestamp,
    /// How often it did.
    pub n: u64,
    /// Where it was said.
    pub source: SourceId,
    /// The event that said it last, where that is kept.
    pub message_id: Option<String>,
    /// The identifier that the event came under.
    pub came_under: Identifier,
    /// The rule by which it counts.
    pub rule: TraitRule,
    /// Why it counts, in words.
    pub why: String,
    /// Whether its source is verified, or the customer confirmed it.
    pub is_verified: bool,
    /// Other values, the latest first; at most five.
    pub others: Vec<OtherValueView>,
    /// How many other values there are.
    pub n_others: usize,
}

/// A value that does not count.
#[derive(Clone, Debug)]
pub struct OtherValueView {
    /// The value.
    pub value: Value,
    /// When it was said last.
    pub at: Timestamp,
    /// Where.
    pub source: SourceId,
    /// In which event, where that is kept.
    pub message_id: Option<String>,
}

/// A trait that had a value and has none.
#[derive(Clone, Debug)]
pub struct TakenAwayView {
    /// Its name.
    pub name: String,
    /// The event that took it away.
    pub by: Evidence,
}

/// Everything that is kept of what was said of one trait.
#[derive(Clone, Debug)]
pub struct TraitHistoryView {
    /// Its name.
    pub name: String,
    /// The rule by which one value counts.
    pub rule: TraitRule,
    /// Whether the values are withheld from this caller.
    pub is_withheld: bool,
    /// What was said, the latest first.
    pub entries: Vec<TraitSaidView>,
    /// How many times something was said in all.
    pub n_said: u64,
    /// How many of those are no longer kept one by one.
    pub n_fallen: u64,
}

/// One value, said by one source under one identifier.
#[derive(Clone, Debug)]
pub struct TraitSaidView {
    /// What was said; the value is `null` where it took the trait away, or is withheld.
    pub said: profile::TraitSaid,
    /// The identifier that it came under.
    pub came_under: Identifier,
}

/// One permission with its evidence.
#[derive(Clone, Debug)]
pub struct ConsentView {
    /// What for.
    pub purpose: String,
    /// By which channel.
    pub channel: String,
    /// The answer.
    pub state: ConsentState,
    /// Since when it is so.
    pub since: Timestamp,
    /// When it was said last.
    pub at: Timestamp,
    /// The event that made it so.
    pub evidence: Evidence,
    /// Which wording they agreed to.
    pub text_version: Option<String>,
    /// Every answer that is kept, the latest first.
    pub changes: Vec<ConsentChangeView>,
    /// How many answers are no longer kept.
    pub n_fallen: u64,
}

/// One answer.
#[derive(Clone, Debug)]
pub struct ConsentChangeView {
    /// What was done.
    pub act: ConsentAct,
    /// The first event that said so.
    pub first: Evidence,
    /// The latest.
    pub last: Evidence,
    /// How many events said so.
    pub n: u64,
    /// Which wording it was about.
    pub text_version: Option<String>,
}

/// Whether something is permitted, and why.
#[derive(Clone, Debug)]
pub struct PermissionView {
    /// What for.
    pub purpose: String,
    /// By which channel.
    pub channel: String,
    /// Whether it is permitted.
    pub allowed: bool,
    /// The answer that decides; `None`: nobody ever answered.
    pub state: Option<ConsentState>,
    /// Since when it is so.
    pub since: Option<Timestamp>,
    /// The same in a sentence.
    pub words: String,
    /// The event that decides.
    pub evidence: Option<Evidence>,
    /// Which wording they agreed to.
    pub text_version: Option<String>,
}

impl Engine {
    /// What was said of one trait of a customer.
    ///
    /// # Errors
    /// `NotFound` where there is no such customer, or nobody ever said anything of the trait.
    pub async fn trait_history(
        &self,
        id: CustomerId,
        name: &str,
        sight: &Sight,
    ) -> Result<TraitHistoryView, Error> {
        let id = self.canonical(id).await?;
        let fragments = self.fragments_of(id).await?;
        let history = fragments.trait_history(name, &self.shared.traits.rules());
        let history = history.ok_or_else(|| {
            let message = format!("nobody said anything of the trait {name} of this customer");
            Error::new(ErrorKind::NotFound, message)
        })?;
        let under: Vec<IdentifierId> = history.entries.iter().map(|e| e.came_under).collect();
        let rows = self.shared.state.identifiers_by_id(&under).await?;
        let is_withheld = sight.hides(name);
        let entries = history.entries.into_iter().zip(rows).filter_map(|(mut said, row)| {
            if is_withheld {
                said.value = said.value.map(|_| Value::Null);
            }
            Some(TraitSaidView { said, came_under: sight.identifier(row?.identifier) })
        });
        Ok(TraitHistoryView {
            name: history.name,
            rule: history.rule,
            is_withheld,
            entries: entries.take(self.limits().page_rows_max).collect(),
            n_said: history.n_said,
            n_fallen: history.n_fallen,
        })
    }

    /// Whether a customer permits something for a purpose on a channel.
    ///
    /// # Errors
    /// `NotFound`; `Corrupt` where the profile cannot be read.
    pub async fn permission(
        &self,
        id: CustomerId,
        purpose: &Purpose,
        channel: &Channel,
    ) -> Result<PermissionView, Error> {
        let id = self.canonical(id).await?;
        let profile = self.fragments_of(id).await?.view(&self.shared.traits.rules());
        let mut permission = self.permission_in(&profile, purpose, channel);
        permission.heed(self.suspension(id).await?.as_ref());
        Ok(permission)
    }

    /// The same, of a profile at hand.
    pub(super) fn permission_in(
        &self,
        profile: &Profile,
        purpose: &Purpose,
        channel: &Channel,
    ) -> PermissionView {
        let permission = profile.permission(purpose, channel);
        let words = permission.words(|source| self.source_name(source));
        let consent = permission.decided_by;
        PermissionView {
            purpose: purpose.as_str().to_owned(),
            channel: channel.as_str().to_owned(),
            allowed: permission.allowed,
            state: consent.as_ref().map(|consent| consent.state),
            since: consent.as_ref().map(|consent| consent.since),
            words,
            evidence: consent.as_ref().map(|consent| consent.evidence.clone()),
            text_version: consent.and_then(|consent| consent.text_version),
        }
    }

    /// What is kept of a customer.
    pub(super) async fn fragments_of(&self, id: CustomerId) -> Result<Fragments, Error> {
        match self.shared.profile_blobs(&[id]).await?.into_iter().flatten().next() {
            Some(blob) => Fragments::decode(&blob).map_err(unreadable),
            None => Ok(Fragments::new()),
        }
    }

    pub(super) fn source_name(&self, id: SourceId) -> String {
        self.shared.sources.get(id).map_or_else(|| id.to_string(), |source| source.name.clone())
    }

    /// The traits that have a value, as somebody with this sight sees them.
    pub(super) fn trait_views(
        &self,
        profile: &Profile,
        names: &HashMap<IdentifierId, Identifier>,
        sight: &Sight,
    ) -> Vec<TraitView> {
        let view = |value: &profile::TraitValue| {
            let came_under = sight.identifier(names.get(&value.came_under)?.clone());
            let mut value = value.clone();
            let is_withheld = sight.hides(&value.name);
            if is_withheld {
                (value.others, value.n_others) = (Vec::new(), 0);
            }
            let why = value.why(|source| self.source_name(source));
            Some(TraitView {
                came_under,
                why,
                value: (!is_withheld).then_some(value.value),
                name: value.name,
                at: value.at,
                since: value.since,
                n: value.n,
                source: value.source,
                message_id: value.message_id,
                rule: value.rule,
                is_verified: value.is_verified,
                others: value.others.into_iter().map(OtherValueView::from).collect(),
                n_others: value.n_others,
            })
        };
        profile.traits.iter().filter_map(view).collect()
    }
}

impl PermissionView {
    /// Whatever was agreed: while data rest, nothing is done with them.
    pub(super) fn heed(&mut self, suspension: Option<&Suspension>) {
        if let Some(suspension) = suspension {
            self.allowed = false;
            let since = suspension.since;
            self.words = format!("No: the use of their data is suspended since {since}.");
        }
    }
}

impl From<profile::OtherValue> for OtherValueView {
    fn from(other: profile::OtherValue) -> Self {
        let profile::OtherValue { value, at, source, message_id, .. } = other;
        Self { value, at, source, message_id }
    }
}

/// Takes from a profile what is shown of it elsewhere than among the traits, where those that it
/// is made of are withheld.
pub(super) fn look_over(profile: &mut Profile, sight: &Sight) {
    let fields = [
        (&mut profile.name, Summary::NAME_TRAITS),
        (&mut profile.email, Summary::EMAIL_TRAITS),
        (&mut profile.phone, Summary::PHONE_TRAITS),
        (&mut profile.country, Summary::COUNTRY_TRAITS),
        (&mut profile.city, Summary::CITY_TRAITS),
        (&mut profile.company, Summary::COMPANY_TRAITS),
    ];
    for (field, traits) in fields {
        if sight.hides_any(traits) {
            *field = None;
        }
    }
}

pub(super) fn taken_away(profile: &Profile) -> Vec<TakenAwayView> {
    let view = |taken: &profile::TakenAway| TakenAwayView {
        name: taken.name.clone(),
        by: taken.by.clone(),
    };
    profile.taken_away.iter().map(view).collect()
}

pub(super) fn consents(profile: &Profile) -> Vec<ConsentView> {
    let change = |change: &profile::ConsentChange| ConsentChangeView {
        act: change.act,
        first: change.first.clone(),
        last: change.last.clone(),
        n: change.n,
        text_version: change.text_version.clone(),
    };
    let view = |consent: &profile::Consent| ConsentView {
        purpose: consent.purpose.as_str().to_owned(),
        channel: consent.channel.as_str().to_owned(),
        state: consent.state,
        since: consent.since,
        at: consent.at,
        evidence: consent.evidence.clone(),
        text_version: consent.text_version.clone(),
        changes: consent.changes.iter().map(change).collect(),
        n_fallen: consent.n_fallen,
    };
    profile.consents.iter().map(view).collect()
}
