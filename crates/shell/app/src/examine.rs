//! Is everything on disk what was written, and does it fit together?

use crate::engine::Engine;
use base::Error;
use profile::Fragments;
use std::collections::HashMap;

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
        findings.push(self.examine_sums().await?);
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

    /// Every stored event must be counted on exactly one profile. What was kept no longer by a rule
    /// of retention is still counted there.
    async fn examine_sums(&self) -> Result<Finding, Error> {
        let mut by_identifier: HashMap<base::IdentifierId, u64> = HashMap::new();
        self.export_events(|event| {
            *by_identifier.entry(event.identifier).or_default() += 1;
            Ok(())
        })
        .await?;
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
