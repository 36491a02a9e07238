//! What do the events of a batch say of who belongs to whom?

use super::intake::Intake;
use super::settle::Settlement;
use base::{Error, IdentifierId};
use lexicon::IdentifierKind;
use relations::{Reference, hear};
use state::{AccountStatementRow, Batch, CodeRow, RelationRow};

/// Everything that a batch says of relations; most batches say nothing.
#[derive(Default)]
pub struct Related {
    relations: Vec<RelationRow>,
    codes: Vec<CodeRow>,
    /// Places in accounts.
    pub statements: Vec<AccountStatementRow>,
    /// Domains of e-mail addresses that nobody had seen.
    email_domains: Vec<(String, IdentifierId)>,
}

/// What the batch says of relations.
pub fn related(intake: &Intake, settled: &Settlement) -> Related {
    let mut related = Related::default();
    for (taken, owner) in intake.taken.iter().zip(&settled.owners) {
        if let Some(heard) = hear(&taken.event) {
            related.take(heard, owner.identifier, (taken.seq.to_number(), &taken.event));
        }
    }
    for new in &settled.plan.new {
        if new.identifier.kind == IdentifierKind::Email {
            let domains = domains_above(&new.identifier.value);
            related.email_domains.extend(domains.into_iter().map(|domain| (domain, new.id)));
        }
    }
    related
}

impl Related {
    fn take(
        &mut self,
        heard: relations::Heard,
        speaker: IdentifierId,
        (seq, event): (u64, &lexicon::Event),
    ) {
        for (ordinal, fact) in (0..).zip(heard.facts) {
            let (other_kind, other_value) = name_of(&fact.other);
            self.relations.push(RelationRow {
                speaker,
                seq,
                ordinal,
                kind: fact.kind.slug().to_owned(),
                way: fact.way.slug().to_owned(),
                other_kind,
                other_value,
                at: fact.at,
                source: fact.source,
                message_id: fact.message_id.into(),
            });
        }
        self.codes.extend(heard.codes.into_iter().map(|code| CodeRow {
            code: code.into(),
            identifier: speaker,
            at: event.occurred_at,
            message_id: event.message_id.to_string(),
        }));
        self.statements.extend(heard.accounts.into_iter().map(|claim| AccountStatementRow {
            account_key: claim.account_key.to_string(),
            identifier: speaker,
            about: claim.statement.slug().to_owned(),
            value: claim.statement.value().to_owned(),
            at: claim.at,
            source: claim.source,
        }));
    }

    /// Writes all of it down.
    pub async fn write(&self, batch: &mut Batch) -> Result<(), Error> {
        batch.put_relations(&self.relations).await?;
        batch.put_codes(&self.codes).await?;
        batch.put_account_statements(&self.statements).await?;
        batch.put_email_domains(&self.email_domains).await?;
        Ok(())
    }
}

/// Kind and value under which a reference is kept; the kind of a code is empty.
fn name_of(reference: &Reference) -> (String, String) {
    match reference {
        Reference::Identifier(identifier) => {
            (identifier.kind.slug().to_owned(), identifier.value.to_string())
        }
        Reference::Code(code) => (String::new(), code.to_string()),
    }
}

/// The domain of an address and those above it, down to two labels.
fn domains_above(email: &str) -> Vec<String> {
    let Some(domain) = relations::domain_of(email) else { return Vec::new() };
    let n_labels = domain.split('.').count();
    let above = |n| domain.splitn(n + 1, '.').last().unwrap_or_default().to_owned();
    (0..n_labels.saturating_sub(1)).map(above).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_of_its_domain_and_of_those_above() {
        assert_eq!(domains_above("a@x.acme.co.uk"), ["x.acme.co.uk", "acme.co.uk", "co.uk"]);
        assert_eq!(domains_above("a@acme.com"), ["acme.com"]);
        assert!(domains_above("a@localhost").is_empty());
    }
}
