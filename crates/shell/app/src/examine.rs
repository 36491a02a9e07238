//! Is everything on disk what was written, and does it fit together?

use crate::engine::Engine;
use crate::seq::EventSeq;
use base::{CustomerId, Error, IdentifierId};
use profile::Fragments;
use std::collections::HashMap;

/// Identifiers that are looked up in one go.
const N_IDENTIFIERS: usize = 10_000;

/// One thing that was checked.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Whether it is as it should be.
    pub is_sound: bool,
    /// What was checked, and what was found.
    pub message: String,
}

impl Finding {
    fn sound(message: impl Into<String>) -> Self {
        Self { is_sound: true, message: message.into() }
    }

    fn wrong(message: impl Into<String>) -> Self {
        Self { is_sound: false, message: message.into() }
    }
}

impl Engine {
    /// Reads every file and every profile, and compares their sums.
    ///
    /// # Errors
    /// Whatever keeps the check itself from going on.
    pub async fn examine(&self) -> Result<Vec<Finding>, Error> {
        let mut findings = vec![self.examine_log()];
        findings.extend(self.examine_runs().await);
        let (by_identifier, owners) = self.examine_rows().await?;
        findings.push(owners);
        findings.push(self.examine_sums(&by_identifier).await?);
        Ok(findings)
    }

    fn examine_log(&self) -> Finding {
        let (head, processed) = (self.shared.log.head(), *self.shared.processed.borrow());
        let waiting = head.0.saturating_sub(processed.0);
        Finding::sound(format!("log: {} entries, {waiting} of them not yet processed", head.0))
    }

    async fn examine_runs(&self) -> Vec<Finding> {
        let runs = self.shared.history.runs();
        let mut findings = Vec::new();
        for run in &runs {
            if let Err(error) = self.shared.history.store().verify(run).await {
                findings.push(Finding::wrong(format!("history: {error}")));
            }
        }
        let n_sound = runs.len() - findings.len();
        findings.push(Finding::sound(format!("history: {n_sound} of {} files whole", runs.len())));
        findings
    }

    /// Every stored event must belong to whom its identifier points to, by what it says and what is
    /// known to have moved since; answers also how many came under each identifier. Events of
    /// somebody erased, which the files will be rid of, are nobody's and are not counted.
    async fn examine_rows(&self) -> Result<(HashMap<IdentifierId, u64>, Finding), Error> {
        let owners = self.owners().await?;
        let moves = self.shared.history.moves();
        let mut by_identifier: HashMap<IdentifierId, u64> = HashMap::new();
        let (mut n_stale, mut n_erased, mut wrong) = (0u64, 0u64, Vec::new());
        self.export_events(|event| {
            let (identifier, written) = (event.identifier, event.customer);
            let owner = moves.customer_of(identifier, written);
            let is_stale = owner != Some(written);
            match owner {
                Some(_) => *by_identifier.entry(identifier).or_default() += 1,
                None => n_erased += 1,
            }
            n_stale += u64::from(is_stale && owner.is_some());
            // Those who are not touched are never asked for their rows elsewhere.
            let touched = [Some(written), owner].into_iter().flatten();
            let is_told = !is_stale || touched.into_iter().all(|one| moves.is_touched(one));
            if owner != owners.get(&identifier).copied() || !is_told {
                wrong.push(event.seq);
            }
            Ok(())
        })
        .await?;
        let n_stored = by_identifier.values().sum::<u64>() + n_erased;
        let finding = match wrong.first() {
            None => Finding::sound(format!(
                "customers: {n_stored} stored events belong to whom they should; {n_stale} wait \
                 to be moved there, {n_erased} of somebody erased to be taken away"
            )),
            Some(&seq) => Finding::wrong(format!(
                "customers: {} of {n_stored} stored events belong to somebody else than they \
                 should, for instance {}",
                wrong.len(),
                EventSeq::from(seq)
            )),
        };
        Ok((by_identifier, finding))
    }

    /// Whom each identifier points to.
    async fn owners(&self) -> Result<HashMap<IdentifierId, CustomerId>, Error> {
        let (mut owners, mut after) = (HashMap::new(), IdentifierId(0));
        loop {
            let some = self.shared.state.identifiers_after(after, N_IDENTIFIERS).await?;
            let Some(&(last, ..)) = some.last() else { return Ok(owners) };
            after = last;
            owners.extend(some.into_iter().map(|(id, _, customer)| (id, customer)));
        }
    }

    /// Every stored event must be counted on exactly one profile. What was kept no longer by a rule
    /// of retention is still counted there.
    async fn examine_sums(
        &self,
        by_identifier: &HashMap<IdentifierId, u64>,
    ) -> Result<Finding, Error> {
        let n_stored: u64 = by_identifier.values().sum();
        let mut ids = Vec::new();
        self.export_customers(|row| {
            ids.push(row.id);
            Ok(())
        })
        .await?;
        let mut n_on_profiles = 0;
        for lot in ids.chunks(1_000) {
            for blob in self.shared.profile_blobs(lot).await?.into_iter().flatten() {
                match Fragments::decode(&blob) {
                    Ok(fragments) => n_on_profiles += fragments.n_events(),
                    Err(error) => return Ok(Finding::wrong(format!("profiles: {error}"))),
                }
            }
        }
        let message = format!(
            "profiles: {} customers with {n_on_profiles} events, {n_stored} stored",
            ids.len()
        );
        let n_retired = self.retention().n_events_ever;
        let is_sound = (n_stored..=n_stored + n_retired).contains(&n_on_profiles);
        Ok(Finding { is_sound, message })
    }
}
