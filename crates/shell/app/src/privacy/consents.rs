//! How many customers agreed to what, to which words, and how do we know?
//!
//! Counted from the profiles as they stand, which takes a pass over all of them; the answer is kept
//! for a minute.

use crate::engine::Engine;
use crate::processor::decode;
use base::{CustomerId, Duration, Error, SourceId, Timestamp};
use lexicon::{ConsentAct, ConsentState};
use profile::Consent;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How old an answer may be.
const AGE_MAX: Duration = Duration::seconds(60);
/// Profiles that are read in one go.
const N_PROFILES: usize = 500;

/// Who agreed to what, in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConsentReport {
    /// As of when.
    pub at: Timestamp,
    /// Customers.
    pub n_customers: u64,
    /// Those of whom no answer is known.
    pub n_silent: u64,
    /// Those whose data rest; they are in no other number.
    pub n_suspended: u64,
    /// For each purpose and channel.
    pub items: Vec<ConsentStanding>,
}

/// The answers about one purpose on one channel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConsentStanding {
    /// What for.
    pub purpose: String,
    /// By which channel.
    pub channel: String,
    /// Customers who agreed.
    pub n_granted: u64,
    /// Customers who did not confirm yet.
    pub n_pending: u64,
    /// Customers who refused or took it back.
    pub n_denied: u64,
    /// Of those who agreed: who confirmed that it was they.
    pub n_confirmed: u64,
    /// Of those who agreed: of whom no text is known that they agreed to.
    pub n_without_text: u64,
    /// The answers by the text that they are about.
    pub texts: Vec<TextStanding>,
    /// Where the answers came from.
    pub sources: Vec<(SourceId, u64)>,
    /// The oldest answer that stands.
    pub oldest_at: Option<Timestamp>,
    /// The latest.
    pub latest_at: Option<Timestamp>,
}

/// The answers about one text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextStanding {
    /// Its version; `None` where none was told.
    pub text_version: Option<String>,
    /// Customers who agreed.
    pub n_granted: u64,
    /// Customers who did not confirm yet.
    pub n_pending: u64,
    /// Customers who refused.
    pub n_denied: u64,
    /// When the first of the answers was given.
    pub first_at: Option<Timestamp>,
    /// When the last was.
    pub last_at: Option<Timestamp>,
}

/// What is counted while profiles pass by.
#[derive(Default)]
struct Counting {
    standing: ConsentStanding,
    texts: BTreeMap<Option<String>, TextStanding>,
    sources: BTreeMap<SourceId, u64>,
}

impl Engine {
    /// Who agreed to what, in numbers; at most a minute old.
    ///
    /// # Errors
    /// `Corrupt` where a profile cannot be read; whatever the state says.
    pub async fn consent_report(&self) -> Result<Arc<ConsentReport>, Error> {
        let mut kept = self.shared.consent_report.lock().await;
        let is_young = |report: &&Arc<ConsentReport>| self.now() < report.at.plus(AGE_MAX);
        if let Some(report) = kept.as_ref().filter(is_young) {
            return Ok(Arc::clone(report));
        }
        let report = Arc::new(self.count_consents().await?);
        *kept = Some(Arc::clone(&report));
        Ok(report)
    }

    async fn count_consents(&self) -> Result<ConsentReport, Error> {
        let state = &self.shared.state;
        let resting: BTreeSet<CustomerId> =
            state.suspensions().await?.into_iter().map(|row| row.customer).collect();
        let rules = self.shared.traits.rules();
        let mut report = ConsentReport { at: self.now(), ..ConsentReport::default() };
        report.n_suspended = resting.len() as u64;
        let mut counted: BTreeMap<(String, String), Counting> = BTreeMap::new();
        let mut after = CustomerId::default();
        loop {
            let profiles = state.profiles_after(after, N_PROFILES).await?;
            let Some((last, _)) = profiles.last() else { break };
            after = *last;
            for (_, blob) in profiles.iter().filter(|(id, _)| !resting.contains(id)) {
                let consents = decode(blob)?.view(&rules).consents;
                report.n_customers += 1;
                report.n_silent += u64::from(consents.is_empty());
                for consent in &consents {
                    let purpose = consent.purpose.as_str().to_owned();
                    let key = (purpose, consent.channel.as_str().to_owned());
                    counted.entry(key).or_default().count(consent);
                }
            }
            tokio::task::yield_now().await;
        }
        report.items = counted.into_iter().map(|(key, counting)| counting.finish(key)).collect();
        Ok(report)
    }
}

impl Counting {
    fn count(&mut self, consent: &Consent) {
        let all = &mut self.standing;
        let text = self.texts.entry(consent.text_version.clone()).or_default();
        match consent.state {
            ConsentState::Granted => {
                all.n_granted += 1;
                text.n_granted += 1;
                all.n_confirmed += u64::from(is_confirmed(consent));
                all.n_without_text += u64::from(consent.text_version.is_none());
            }
            ConsentState::Pending => {
                all.n_pending += 1;
                text.n_pending += 1;
            }
            ConsentState::Denied => {
                all.n_denied += 1;
                text.n_denied += 1;
            }
        }
        let since = consent.since;
        for (first, last) in
            [(&mut all.oldest_at, &mut all.latest_at), (&mut text.first_at, &mut text.last_at)]
        {
            *first = Some(first.map_or(since, |first| first.min(since)));
            *last = (*last).max(Some(since));
        }
        if let Some(source) = consent.evidence.source {
            *self.sources.entry(source).or_default() += 1;
        }
    }

    fn finish(self, (purpose, channel): (String, String)) -> ConsentStanding {
        let texts = self.texts.into_iter();
        let texts = texts.map(|(text_version, text)| TextStanding { text_version, ..text });
        let mut sources: Vec<(SourceId, u64)> = self.sources.into_iter().collect();
        sources.sort_by_key(|&(source, n)| (std::cmp::Reverse(n), source));
        ConsentStanding { purpose, channel, texts: texts.collect(), sources, ..self.standing }
    }
}

/// Whether the agreement that stands was confirmed. What was confirmed after a withdrawal and before
/// they were asked or agreed again was an old question.
fn is_confirmed(consent: &Consent) -> bool {
    let acts: Vec<ConsentAct> = consent.changes.iter().map(|change| change.act).collect();
    let withdrawn = acts.iter().position(|act| *act == ConsentAct::Withdrawn);
    let since = acts[..withdrawn.unwrap_or(acts.len())].iter().rev();
    let is_old = |act: &&ConsentAct| withdrawn.is_some() && **act == ConsentAct::Confirmed;
    since.skip_while(is_old).any(|act| *act == ConsentAct::Confirmed)
}
