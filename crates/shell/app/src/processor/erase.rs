//! How is a customer forgotten, in the order of the log?
//!
//! All that is asked by number goes in one transaction with the log position: from then on nobody
//! sees the customer, and what others have given too is theirs. What needs reading (texts, files, the log) is done by the keeper afterwards,
//! step by step. Whom it is about is put into a file before the transaction, so that a crash on
//! either side of it finds what it needs.

use super::commit::write_households;
use super::edit::settled;
use super::flight::InFlight;
use super::intake::Intake;
use super::laps::Laps;
use super::settle::identifier_rows;
use super::tell::forgotten;
use super::{Processor, decode, fold};
use crate::privacy::{EraseOrder, RedactOrder, Whom, needles_of, write_whom};
use crate::relations::households_of;
use base::{CustomerId, Error, IdentifierId, Position};
use history::News;
use state::{ErasedRows, ErasureRow};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

impl Processor {
    /// Carries out `order`, which lies at `position` in the log, in a batch of its own, and judges
    /// anew whom that leaves. Where there is no such customer (any more), that is recorded and
    /// nothing changes.
    pub(super) async fn erase(
        &mut self,
        position: Position,
        order: &EraseOrder,
    ) -> Result<(), Error> {
        self.finish().await?;
        let now = self.shared.state.customer_now(order.customer).await?;
        let Some(customer) = now else { return self.erase_nobody(position, order).await };
        let whom = self.shared.whom(customer).await?;
        write_whom(&self.shared, position, &whom)?;
        let mut laps = Laps::start();
        let mut intake = Intake::new(position);
        intake.received_at = order.at;
        let settled = settled(self.shared.plan_without(&whom, self.next_identifier).await?);
        laps.lap("plan");
        let mut written = self.write(&intake, &settled, &mut laps).await?;
        let batch = &mut written.batch;
        let mut gone = batch.forget(&whom.forgotten()).await?;
        // What others have given too could not be there while it was still theirs.
        batch.put_identifiers(&identifier_rows(&settled.plan)).await?;
        gone.push(("profile.events", whom.n_events));
        let row = row(position, order, Ok((&whom, gone)));
        batch.put_erasure(&row, &whom.ids, &self.digests(&whom)).await?;
        self.observations.forget_values();
        for (source, json, plan) in self.observations.changed() {
            batch.put_observations(source, &json).await?;
            self.shared.observed.write().expect("no writer panics").insert(source, plan);
        }
        let anew: Vec<CustomerId> = settled.plan.new.iter().map(|new| new.customer).collect();
        written.outcome.moved.extend(whom.moved(position));
        self.in_flight = Some(InFlight::start(intake, settled, written, laps));
        self.finish().await?;
        self.forget(position, order, &whom);
        self.shared.questions.shelf.clear();
        self.shared.questions.catalogue.clear();
        self.shared.linkage.news().note(anew.into_iter());
        Ok(())
    }

    /// Records that there is no such customer (any more).
    async fn erase_nobody(&mut self, position: Position, order: &EraseOrder) -> Result<(), Error> {
        let mut batch = self.begin().await?;
        let refusal = format!("there is no customer {}", order.customer);
        batch.put_erasure(&row(position, order, Err(refusal)), &[], &[]).await?;
        batch.advance(position);
        batch.commit().await?;
        self.position = position;
        self.shared.questions.shelf.clear();
        self.shared.questions.catalogue.clear();
        self.shared.history.take_in(News { through: position, ..News::default() });
        self.shared.processed.send_replace(position);
        Ok(())
    }

    /// Takes what the profiles of others say of somebody who is erased out of them. Once the
    /// erasure is done nobody knows any more whom it was about, and nothing is left to do.
    pub(super) async fn redact(
        &mut self,
        position: Position,
        order: &RedactOrder,
    ) -> Result<(), Error> {
        self.finish().await?;
        // Products that mention them are gone by now: they are told anew.
        self.catalogue.clear();
        let mut batch = self.begin().await?;
        let (mut profiles, mut rows) = (Vec::new(), Vec::new());
        let (mut households, mut vanished) = (Vec::new(), BTreeSet::new());
        if let Some(needles) = needles_of(&self.shared, order.erasure) {
            let rules = self.shared.traits.rules();
            let blobs = self.shared.profile_blobs(&order.customers).await?;
            for (&customer, blob) in order.customers.iter().zip(blobs) {
                let Some(blob) = blob else { continue };
                let mut fragments = decode(&blob)?;
                let before = households_of(&fragments, &rules);
                if fragments.forget_values(|json| needles.redact_json(json).is_some()) > 0 {
                    rows.extend(fold::row(customer, &fragments, &rules));
                    let after = households_of(&fragments, &rules);
                    vanished.extend(before.into_iter().filter(|one| !after.contains(one)));
                    households.push((customer, after));
                    profiles.push((customer, Arc::<[u8]>::from(fragments.encode())));
                }
            }
        }
        batch.put_profiles(&profiles).await?;
        batch.put_customers(&rows).await?;
        write_households(&mut batch, &households).await?;
        batch.forget_households(&vanished.into_iter().collect::<Vec<_>>()).await?;
        batch.advance(position);
        batch.commit().await?;
        self.position = position;
        for (customer, blob) in profiles {
            self.shared.profiles.insert(customer, blob);
        }
        self.shared.history.take_in(News { through: position, ..News::default() });
        self.shared.processed.send_replace(position);
        Ok(())
    }

    /// What is remembered of each identifier, and whether it is somebody else's too.
    fn digests(&self, whom: &Whom) -> Vec<(String, bool)> {
        let own = whom.own.iter().map(|name| (name, false));
        let all = own.chain(whom.shared.iter().map(|name| (name, true)));
        let tombstones = &self.shared.tombstones;
        all.map(|(name, is_shared)| (tombstones.digest(name, is_shared), is_shared)).collect()
    }

    /// Lets go of what memory knows of them.
    fn forget(&mut self, position: Position, order: &EraseOrder, whom: &Whom) {
        self.shared.tombstones.add(&self.digests(whom), position, order.at);
        self.known.clear();
        self.catalogue.clear();
        let founded = whom.ids.iter().map(|&id: &IdentifierId| CustomerId::founded_by(id));
        for customer in founded {
            self.shared.profiles.remove(&customer);
        }
        self.shared.linkage.news().note(std::iter::once(whom.customer));
        forgotten(&self.shared, whom.customer);
    }
}

fn row(
    position: Position,
    order: &EraseOrder,
    outcome: Result<(&Whom, ErasedRows), String>,
) -> ErasureRow {
    let (gone, refusal) = match outcome {
        Ok((whom, gone)) => (Some((whom, gone)), None),
        Err(refusal) => (None, Some(refusal)),
    };
    let counts: BTreeMap<&str, u64> =
        gone.iter().flat_map(|(_, gone)| gone).fold(BTreeMap::new(), |mut counts, &(table, n)| {
            *counts.entry(table).or_default() += n;
            counts
        });
    ErasureRow {
        id: position,
        customer: gone.as_ref().map_or(order.customer, |(whom, _)| whom.customer),
        ordered_at: order.at,
        ordered_by: order.by.clone(),
        reason: order.reason.slug().to_owned(),
        request: order.request.map(|request| request.to_sql()),
        carried_out_at: gone.is_some().then_some(order.at),
        finished_at: refusal.is_some().then_some(order.at),
        refusal,
        step: 0,
        n_done: 0,
        n_total: 0,
        trouble: None,
        n_identifiers: gone.as_ref().map_or(0, |(whom, _)| whom.ids.len() as u64),
        counts: serde_json::to_string(&counts).expect("names and numbers are JSON"),
        certificate: None,
        lifted_at: None,
        lifted_by: None,
    }
}
