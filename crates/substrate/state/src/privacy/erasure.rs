//! What goes when a customer is erased, and how far has it got?

use crate::batch::Batch;
use crate::bulk::Rows;
use crate::{Row, State, StateError, Value};
use base::{CustomerId, IdentifierId, Position, Timestamp};
use lexicon::Identifier;

/// One erasure and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErasureRow {
    /// Its place in the log.
    pub id: Position,
    /// Whom it was about; the number points to nobody any more.
    pub customer: CustomerId,
    /// When it was ordered.
    pub ordered_at: Timestamp,
    /// Who ordered it.
    pub ordered_by: String,
    /// Why, by the name of the reason.
    pub reason: String,
    /// The request that it answers, by number.
    pub request: Option<i64>,
    /// Why it was not carried out.
    pub refusal: Option<String>,
    /// From when on nobody sees the customer.
    pub carried_out_at: Option<Timestamp>,
    /// When it was done.
    pub finished_at: Option<Timestamp>,
    /// The step at work.
    pub step: i64,
    /// How much of the step is done.
    pub n_done: u64,
    /// How much the step has.
    pub n_total: u64,
    /// Why the step is being tried again.
    pub trouble: Option<String>,
    /// Identifiers that the customer had.
    pub n_identifiers: u64,
    /// What went, and from where, as JSON.
    pub counts: String,
    /// The certificate, once it is done.
    pub certificate: Option<String>,
    /// When its tombstones were lifted.
    pub lifted_at: Option<Timestamp>,
    /// Who lifted them.
    pub lifted_by: Option<String>,
}

/// Whom the tables are to forget.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// The customer.
    pub customer: CustomerId,
    /// The numbers of all their identifiers, ascending.
    pub identifiers: Vec<IdentifierId>,
    /// The same by name.
    pub names: Vec<Identifier>,
    /// Decisions that touched any of them.
    pub edits: Vec<Position>,
}

/// Rows that went, or lost what they said, by table.
pub type ErasedRows = Vec<(&'static str, u64)>;

const COLUMNS: &str = "id, customer, ordered_at, ordered_by, reason, request, refusal, \
                       carried_out_at, finished_at, step, n_done, n_total, trouble, \
                       n_identifiers, counts, certificate, lifted_at, lifted_by";

/// What is deleted by the number of an identifier. Every identifier may have been a customer of its
/// own once, by its number.
const BY_IDENTIFIER: [(&str, Rows); 15] = [
    ("links", rows("DELETE FROM links WHERE a IN (")),
    ("links", rows("DELETE FROM links WHERE b IN (")),
    ("identity_changes", rows("DELETE FROM identity_changes WHERE identifier IN (")),
    ("identifiers", rows("DELETE FROM identifiers WHERE id IN (")),
    ("suspensions", rows("DELETE FROM suspensions WHERE identifier IN (")),
    ("linkage_pairs", rows("DELETE FROM linkage_pairs WHERE a IN (")),
    ("linkage_pairs", rows("DELETE FROM linkage_pairs WHERE b IN (")),
    ("relations", rows("DELETE FROM relations WHERE speaker IN (")),
    ("referral_codes", rows("DELETE FROM referral_codes WHERE identifier IN (")),
    ("account_statements", rows("DELETE FROM account_statements WHERE identifier IN (")),
    ("account_verdicts", rows("DELETE FROM account_verdicts WHERE identifier IN (")),
    ("household_removals", rows("DELETE FROM household_removals WHERE identifier IN (")),
    ("relation_edit_words", rows("DELETE FROM relation_edit_words WHERE identifier IN (")),
    ("email_domains", rows("DELETE FROM email_domains WHERE identifier IN (")),
    ("identity_edit_customers", rows("DELETE FROM identity_edit_customers WHERE customer IN (")),
];
/// What others said of them, by their name.
const DROP_RELATIONS: Rows = Rows {
    head: "DELETE FROM relations WHERE (other_value, other_kind) IN (VALUES",
    n_columns: 2,
    tail: ")",
};
/// The debugger's lines stay, so that their numbers have no gaps, and tell nothing.
const BLANK: &str = "UPDATE refusals SET kind = NULL, name = NULL, customer = NULL, \
                     identifier_kind = NULL, identifier_value = NULL, message_id = NULL, \
                     refusals = '[]' WHERE ";
const BLANK_BY_NAME: Rows = Rows {
    head: "UPDATE refusals SET kind = NULL, name = NULL, customer = NULL, identifier_kind = NULL, \
           identifier_value = NULL, message_id = NULL, refusals = '[]' \
           WHERE (identifier_value, identifier_kind) IN (VALUES",
    n_columns: 2,
    tail: ")",
};
const BLANK_EDITS: Rows = Rows {
    head: "UPDATE identity_edits SET reason = '', refusal = NULL WHERE id IN (",
    n_columns: 1,
    tail: ")",
};
/// What was said of a decision stands in the audit log as well, and as the cause of what it moved.
const BLANK_AUDIT: Rows = Rows {
    head: "UPDATE audit SET detail = '' WHERE action LIKE 'identity.%' AND target IN (",
    n_columns: 1,
    tail: ")",
};
/// The household that they were taken out of stands there as a fingerprint of where they live.
const BLANK_HOUSEHOLDS: Rows = Rows {
    head: "UPDATE audit SET detail = '' WHERE action LIKE 'households.%' AND target IN (",
    n_columns: 1,
    tail: ")",
};
const BLANK_CAUSES: Rows = Rows {
    head: "UPDATE identity_changes SET cause = 'a decision about somebody who is erased' \
           WHERE position IN (",
    n_columns: 1,
    tail: ")",
};
const PUT_ERASED: Rows = Rows {
    head: "INSERT INTO erased_identifiers (id, erasure) VALUES",
    n_columns: 2,
    tail: " ON CONFLICT (id) DO NOTHING",
};
const PUT_TOMBSTONES: Rows = Rows {
    head: "INSERT INTO tombstones (digest, erasure, erased_at, shared) VALUES",
    n_columns: 4,
    tail: " ON CONFLICT (digest) DO UPDATE SET erasure = excluded.erasure, \
            erased_at = excluded.erased_at, shared = excluded.shared",
};

const fn rows(head: &'static str) -> Rows {
    Rows { head, n_columns: 1, tail: ")" }
}

impl Batch {
    /// Takes a customer out of every table that is asked by number; answers what went.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn forget(&mut self, whom: &Forgotten) -> Result<ErasedRows, StateError> {
        let mut counts = ErasedRows::new();
        counts.push(("relations", self.forget_codes(&whom.identifiers).await?));
        for (table, delete) in BY_IDENTIFIER {
            let n = delete.write(self.tx(), &whom.identifiers, |&id, v| v.push(id.into())).await?;
            counts.push((table, n));
        }
        let founded: Vec<CustomerId> =
            whom.identifiers.iter().map(|&id| CustomerId::founded_by(id)).collect();
        self.drop_customers(&founded).await?;
        let numbers: Vec<String> = founded.iter().map(CustomerId::to_string).collect();
        let blank =
            BLANK_HOUSEHOLDS.write(self.tx(), &numbers, |one, v| v.push(one.as_str().into()));
        blank.await?;
        counts.push(("profiles", 1));
        let said = DROP_RELATIONS.write(self.tx(), &whom.names, |name, values| {
            values.extend([(&*name.value).into(), name.kind.slug().into()]);
        });
        counts.push(("relations", said.await?));
        counts.push(("refusals", self.blank_refusals(whom).await?));
        let edits = BLANK_EDITS.write(self.tx(), &whom.edits, |&id, v| v.push(id.into())).await?;
        counts.push(("identity_edits", edits));
        let targets: Vec<String> = whom.edits.iter().map(Position::to_string).collect();
        BLANK_AUDIT.write(self.tx(), &targets, |target, v| v.push(target.as_str().into())).await?;
        BLANK_CAUSES.write(self.tx(), &whom.edits, |&id, v| v.push(id.into())).await?;
        counts.push(("privacy_requests", self.blank_requests(whom.customer).await?));
        counts.retain(|&(_, n)| n > 0);
        Ok(counts)
    }

    async fn blank_refusals(&mut self, whom: &Forgotten) -> Result<u64, StateError> {
        let mut n = BLANK_BY_NAME
            .write(self.tx(), &whom.names, |name, values| {
                values.extend([(&*name.value).into(), name.kind.slug().into()]);
            })
            .await?;
        for id in &whom.identifiers {
            let sql = format!("{BLANK}customer = $1");
            n += self.tx().execute(sql, vec![CustomerId::founded_by(*id).into()]).await?;
        }
        Ok(n)
    }

    async fn blank_requests(&mut self, customer: CustomerId) -> Result<u64, StateError> {
        let sql = "UPDATE privacy_requests SET contact = NULL, note = '', outcome = '', \
                   extension_reason = '' WHERE customer = $1";
        self.tx().execute(sql, vec![customer.into()]).await
    }

    /// Records the erasure, the numbers that are never given again, and the tombstones, each with
    /// whether it is shared.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn put_erasure(
        &mut self,
        row: &ErasureRow,
        identifiers: &[IdentifierId],
        tombstones: &[(String, bool)],
    ) -> Result<(), StateError> {
        let sql = format!(
            "INSERT INTO erasures ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, \
             $11, $12, $13, $14, $15, $16, $17, $18)"
        );
        self.tx().execute(sql, values_of(row)).await?;
        let erasure = row.id;
        PUT_ERASED
            .write(self.tx(), identifiers, |&id, v| v.extend([id.into(), erasure.into()]))
            .await?;
        let at = row.ordered_at;
        PUT_TOMBSTONES
            .write(self.tx(), tombstones, |(digest, is_shared), values| {
                values.extend([digest.as_str().into(), erasure.into(), at.into()]);
                values.push((*is_shared).into());
            })
            .await?;
        if let Some(request) = row.request {
            let sql = "UPDATE privacy_requests SET erasure = $2 WHERE id = $1";
            self.tx().execute(sql, vec![request.into(), erasure.into()]).await?;
        }
        Ok(())
    }
}

impl State {
    /// The erasure at this place in the log.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn erasure(&self, id: Position) -> Result<Option<ErasureRow>, StateError> {
        let sql = format!("SELECT {COLUMNS} FROM erasures WHERE id = $1");
        self.db().row(sql, vec![id.into()]).await?.as_ref().map(erasure_row).transpose()
    }

    /// Erasures before `before` in the log, newest first, at most `n_max`.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn erasures(
        &self,
        before: Option<Position>,
        n_max: usize,
    ) -> Result<Vec<ErasureRow>, StateError> {
        let sql = format!("SELECT {COLUMNS} FROM erasures WHERE id < $1 ORDER BY id DESC LIMIT $2");
        let before = before.map_or(i64::MAX, Position::to_sql);
        let rows = self.db().rows(sql, vec![before.into(), (n_max as i64).into()]).await?;
        rows.iter().map(erasure_row).collect()
    }

    /// The oldest erasure that is not finished.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn open_erasure(&self) -> Result<Option<ErasureRow>, StateError> {
        let sql =
            format!("SELECT {COLUMNS} FROM erasures WHERE finished_at IS NULL ORDER BY id LIMIT 1");
        self.db().row(sql, vec![]).await?.as_ref().map(erasure_row).transpose()
    }

    /// The erasures that are not finished, the oldest first.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn open_erasures(&self) -> Result<Vec<ErasureRow>, StateError> {
        let sql = format!("SELECT {COLUMNS} FROM erasures WHERE finished_at IS NULL ORDER BY id");
        self.db().rows(sql, vec![]).await?.iter().map(erasure_row).collect()
    }

    /// The numbers of the identifiers that an erasure took, ascending.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn identifiers_of_erasure(
        &self,
        id: Position,
    ) -> Result<Vec<IdentifierId>, StateError> {
        let sql = "SELECT id FROM erased_identifiers WHERE erasure = $1 ORDER BY id";
        let rows = self.db().rows(sql, vec![id.into()]).await?;
        rows.iter().map(|row| Ok(IdentifierId::from_sql(row.int(0)?))).collect()
    }

    /// Whether a customer of this number was erased, and when.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn erased_customer(
        &self,
        customer: CustomerId,
    ) -> Result<Option<Timestamp>, StateError> {
        let sql = "SELECT carried_out_at FROM erasures WHERE customer = $1 \
                   AND carried_out_at IS NOT NULL ORDER BY id DESC LIMIT 1";
        self.db().row(sql, vec![customer.into()]).await?.map(|row| row.time(0)).transpose()
    }

    /// The numbers of all identifiers that were ever erased, ascending.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn erased_identifiers(&self) -> Result<Vec<IdentifierId>, StateError> {
        let rows = self.db().rows("SELECT id FROM erased_identifiers ORDER BY id", vec![]).await?;
        rows.iter().map(|row| Ok(IdentifierId::from_sql(row.int(0)?))).collect()
    }

    /// Puts down how far an erasure has got: everything but who, when and why.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn put_erasure_progress(&self, row: &ErasureRow) -> Result<(), StateError> {
        let sql = "UPDATE erasures SET finished_at = $2, step = $3, n_done = $4, n_total = $5, \
                   trouble = $6, counts = $7, certificate = $8 WHERE id = $1";
        let mut values = vec![row.id.into(), row.finished_at.into(), row.step.into()];
        values.extend([row.n_done.cast_signed().into(), row.n_total.cast_signed().into()]);
        values.extend([row.trouble.as_deref().into(), row.counts.as_str().into()]);
        values.push(row.certificate.as_deref().into());
        self.db().execute(sql, values).await?;
        Ok(())
    }
}

fn values_of(row: &ErasureRow) -> Vec<Value<'_>> {
    let mut values = vec![row.id.into(), row.customer.into(), row.ordered_at.into()];
    values.extend([row.ordered_by.as_str().into(), row.reason.as_str().into()]);
    values.extend([row.request.into(), row.refusal.as_deref().into()]);
    values.extend([row.carried_out_at.into(), row.finished_at.into(), row.step.into()]);
    values.extend([row.n_done.cast_signed().into(), row.n_total.cast_signed().into()]);
    values.extend([row.trouble.as_deref().into(), row.n_identifiers.cast_signed().into()]);
    values.extend([row.counts.as_str().into(), row.certificate.as_deref().into()]);
    values.extend([row.lifted_at.into(), row.lifted_by.as_deref().into()]);
    values
}

fn erasure_row(row: &Row) -> Result<ErasureRow, StateError> {
    Ok(ErasureRow {
        id: Position::from_sql(row.int(0)?),
        customer: CustomerId::from_sql(row.int(1)?),
        ordered_at: row.time(2)?,
        ordered_by: row.text(3)?,
        reason: row.text(4)?,
        request: row.int_opt(5)?,
        refusal: row.text_opt(6)?,
        carried_out_at: row.time_opt(7)?,
        finished_at: row.time_opt(8)?,
        step: row.int(9)?,
        n_done: row.int(10)?.cast_unsigned(),
        n_total: row.int(11)?.cast_unsigned(),
        trouble: row.text_opt(12)?,
        n_identifiers: row.int(13)?.cast_unsigned(),
        counts: row.text(14)?,
        certificate: row.text_opt(15)?,
        lifted_at: row.time_opt(16)?,
        lifted_by: row.text_opt(17)?,
    })
}
