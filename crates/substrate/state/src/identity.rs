//! Who is behind this identifier, since when, and why do we think so?

use crate::batch::Batch;
use crate::bulk::Rows;
use crate::{Row, State, StateError};
use base::{CustomerId, IdentifierId, Position, SourceId, Timestamp};
use lexicon::{Identifier, IdentifierKind, LinkRule};
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

/// An identifier and the customer that it points to now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentifierRow {
    /// Its number in the order in which identifiers were first seen.
    pub id: IdentifierId,
    /// The value itself.
    pub identifier: Identifier,
    /// Whom it points to now.
    pub customer: CustomerId,
    /// When the first event that carried it happened.
    pub first_seen: Timestamp,
    /// When the first event that carried it reached us.
    pub recorded_at: Timestamp,
    /// Whether it was seen with too many people to point to any of them.
    pub is_shared: bool,
}

/// A link of the ledger: the earliest evidence for (a, b, rule).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkRow {
    /// The smaller number of the two.
    pub a: IdentifierId,
    /// The larger number of the two.
    pub b: IdentifierId,
    /// Why they belong together.
    pub rule: LinkRule,
    /// The message id of the event that showed it.
    pub evidence: String,
    /// Where that event came from.
    pub source: SourceId,
    /// When that event happened.
    pub occurred_at: Timestamp,
    /// When that event reached us.
    pub recorded_at: Timestamp,
    /// Where in the log it lies.
    pub position: Position,
    /// Why it joins nobody now, by the name of the reason; `None` for a link that is followed.
    pub inert: Option<String>,
    /// The version of the rules of identity under which that was decided.
    pub version: u64,
}

/// What is recorded of a link, for those who only ask whether a claim is news.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkKnown {
    /// When the earliest evidence happened.
    pub occurred_at: Timestamp,
    /// See [`LinkRow::inert`].
    pub inert: Option<String>,
}

/// One identifier that began to point to another customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityChange {
    /// The identifier that moved.
    pub identifier: IdentifierId,
    /// Whom it pointed to before.
    pub from: CustomerId,
    /// Whom it points to since.
    pub to: CustomerId,
    /// When.
    pub at: Timestamp,
    /// The place in the log that caused it.
    pub position: Position,
    /// What caused it, in words.
    pub cause: String,
}

/// Everything that the ledger knows about some customers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clusters {
    /// Their identifiers, by number.
    pub identifiers: Vec<IdentifierRow>,
    /// The links that touch any of these identifiers, inert ones too, by (a, b, rule).
    pub links: Vec<LinkRow>,
}

const BY_VALUE: Rows = Rows {
    head: "SELECT id, kind, value, customer, first_seen, recorded_at, shared FROM identifiers \
           WHERE (value, kind) IN (VALUES",
    n_columns: 2,
    tail: ")",
};
const BY_ID: Rows = Rows {
    head: "SELECT id, kind, value, customer, first_seen, recorded_at, shared FROM identifiers \
           WHERE id IN (",
    n_columns: 1,
    tail: ")",
};
const BY_CUSTOMER: Rows = Rows {
    head: "SELECT id, kind, value, customer, first_seen, recorded_at, shared FROM identifiers \
           WHERE customer IN (",
    n_columns: 1,
    tail: ")",
};
const LINKS_BY_A: Rows = Rows {
    head: "SELECT a, b, rule, evidence, source, occurred_at, recorded_at, position, inert, \
           version FROM links WHERE a IN (",
    n_columns: 1,
    tail: ")",
};
const LINKS_BY_B: Rows = Rows {
    head: "SELECT a, b, rule, evidence, source, occurred_at, recorded_at, position, inert, \
           version FROM links WHERE b IN (",
    n_columns: 1,
    tail: ")",
};
const LINKS_KNOWN: Rows = Rows {
    head: "SELECT a, b, rule, occurred_at, inert FROM links WHERE (a, b, rule) IN (VALUES",
    n_columns: 3,
    tail: ")",
};
const CHANGES: Rows = Rows {
    head: "SELECT identifier, from_customer, to_customer, changed_at, position, cause, ordinal \
           FROM identity_changes WHERE identifier IN (",
    n_columns: 1,
    tail: ")",
};
/// `DO NOTHING`: an identifier that is there already keeps its number, whatever the caller thinks.
const PUT_IDENTIFIERS: Rows = Rows {
    head: "INSERT INTO identifiers (id, kind, value, customer, first_seen, recorded_at, shared) \
           VALUES",
    n_columns: 7,
    tail: " ON CONFLICT DO NOTHING",
};
const PUT_LINKS: Rows = Rows {
    head: "INSERT INTO links (a, b, rule, evidence, source, occurred_at, recorded_at, position, \
           inert, version) VALUES",
    n_columns: 10,
    tail: " ON CONFLICT (a, b, rule) DO UPDATE SET evidence = excluded.evidence, \
            source = excluded.source, occurred_at = excluded.occurred_at, \
            recorded_at = excluded.recorded_at, position = excluded.position, \
            inert = excluded.inert, version = excluded.version",
};
const PUT_CHANGES: Rows = Rows {
    head: "INSERT INTO identity_changes (position, ordinal, identifier, from_customer, \
           to_customer, changed_at, cause) VALUES",
    n_columns: 7,
    tail: "",
};
const SHARE: Rows = Rows {
    head: "WITH turned (id, shared) AS (VALUES",
    n_columns: 2,
    tail: ") UPDATE identifiers SET shared = turned.shared FROM turned \
            WHERE identifiers.id = turned.id",
};
const MOVE: Rows = Rows {
    head: "WITH moved (id, customer) AS (VALUES",
    n_columns: 2,
    tail: ") UPDATE identifiers SET customer = moved.customer FROM moved \
            WHERE identifiers.id = moved.id",
};

impl State {
    /// What is known of each of these identifiers, in their order; `None` for a new one.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn identifiers(
        &self,
        wanted: &[Identifier],
    ) -> Result<Vec<Option<IdentifierRow>>, StateError> {
        let mut keys: Vec<&Identifier> = wanted.iter().collect();
        keys.sort_unstable_by(|a, b| (&a.value, &a.kind).cmp(&(&b.value, &b.kind)));
        keys.dedup();
        let rows = BY_VALUE.read(self.db(), &keys, |key, values| {
            values.extend([(&*key.value).into(), key.kind.slug().into()]);
        });
        let mut found: HashMap<Identifier, IdentifierRow> = HashMap::new();
        for row in rows.await? {
            let row = identifier_row(&row)?;
            found.insert(row.identifier.clone(), row);
        }
        Ok(wanted.iter().map(|key| found.get(as_stored(key).as_ref()).cloned()).collect())
    }

    /// The identifiers behind `after`, by number, at most `n_max`.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn identifiers_after(
        &self,
        after: IdentifierId,
        n_max: usize,
    ) -> Result<Vec<(IdentifierId, Identifier, CustomerId)>, StateError> {
        let sql = "SELECT id, kind, value, customer FROM identifiers WHERE id > $1 \
                   ORDER BY id LIMIT $2";
        let rows = self.db().rows(sql, vec![after.into(), (n_max as i64).into()]).await?;
        let one = |row: &Row| {
            let kind = IdentifierKind::from_slug(&row.text(1)?);
            let identifier = Identifier { kind, value: row.text(2)?.into() };
            let customer = CustomerId::from_sql(row.int(3)?);
            Ok((IdentifierId::from_sql(row.int(0)?), identifier, customer))
        };
        rows.iter().map(one).collect()
    }

    /// Values of identifiers of which `part` is a part, in any case of ASCII letters; at most
    /// `n_max`.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn identifiers_containing(
        &self,
        part: &str,
        n_max: usize,
    ) -> Result<Vec<String>, StateError> {
        let sql = "SELECT value FROM identifiers WHERE LOWER(value) LIKE $1 ESCAPE '!' LIMIT $2";
        let like = format!("%{}%", crate::listing::escape_like(&part.to_ascii_lowercase()));
        let rows = self.db().rows(sql, vec![like.into(), (n_max as i64).into()]).await?;
        rows.iter().map(|row| row.text(0)).collect()
    }

    /// The identifiers with these numbers, in their order.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn identifiers_by_id(
        &self,
        wanted: &[IdentifierId],
    ) -> Result<Vec<Option<IdentifierRow>>, StateError> {
        let mut found = HashMap::new();
        for row in BY_ID.read(self.db(), &sorted(wanted), |&id, v| v.push(id.into())).await? {
            let row = identifier_row(&row)?;
            found.insert(row.id, row);
        }
        Ok(wanted.iter().map(|id| found.get(id).cloned()).collect())
    }

    /// The identifiers of these customers and every link that touches one of them.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn clusters(&self, customers: &[CustomerId]) -> Result<Clusters, StateError> {
        let customers = sorted(customers);
        let rows = BY_CUSTOMER.read(self.db(), &customers, |&id, v| v.push(id.into())).await?;
        let mut identifiers: Vec<_> = rows.iter().map(identifier_row).collect::<Result<_, _>>()?;
        identifiers.sort_unstable_by_key(|row| row.id);
        let ids: Vec<IdentifierId> = identifiers.iter().map(|row| row.id).collect();
        Ok(Clusters { identifiers, links: self.links_touching(&ids).await? })
    }

    /// Every link that touches one of these identifiers, by (a, b, rule).
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn links_touching(&self, ids: &[IdentifierId]) -> Result<Vec<LinkRow>, StateError> {
        let ids = sorted(ids);
        let mut rows = LINKS_BY_A.read(self.db(), &ids, |&id, v| v.push(id.into())).await?;
        rows.extend(LINKS_BY_B.read(self.db(), &ids, |&id, v| v.push(id.into())).await?);
        let mut links: Vec<_> = rows.iter().map(link_row).collect::<Result<_, _>>()?;
        links.sort_unstable_by_key(|link| (link.a, link.b, link.rule));
        links.dedup_by_key(|link| (link.a, link.b, link.rule));
        Ok(links)
    }

    /// Every customer that any of these identifiers ever pointed to, the present ones included, in
    /// order: under these keys their events lie in history.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn keys_ever(&self, ids: &[IdentifierId]) -> Result<Vec<CustomerId>, StateError> {
        let present = self.identifiers_by_id(ids).await?;
        let mut keys: BTreeSet<CustomerId> =
            present.into_iter().flatten().map(|row| row.customer).collect();
        for change in self.identity_changes(ids).await? {
            keys.extend([change.from, change.to]);
        }
        Ok(keys.into_iter().collect())
    }

    /// How these identifiers moved between customers, in log order.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn identity_changes(
        &self,
        ids: &[IdentifierId],
    ) -> Result<Vec<IdentityChange>, StateError> {
        let mut changes = Vec::new();
        for row in CHANGES.read(self.db(), &sorted(ids), |&id, v| v.push(id.into())).await? {
            changes.push((row.int(6)?, change_row(&row)?));
        }
        changes.sort_unstable_by_key(|(ordinal, change)| (change.position, *ordinal));
        Ok(changes.into_iter().map(|(_, change)| change).collect())
    }

    /// The customer that `id` has become: where the identifier that founded it points to now.
    /// `None` where there never was such a customer.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn customer_now(&self, id: CustomerId) -> Result<Option<CustomerId>, StateError> {
        let sql = "SELECT customer FROM identifiers WHERE id = $1";
        let row = self.db().row(sql, vec![id.into()]).await?;
        row.map(|row| Ok(CustomerId::from_sql(row.int(0)?))).transpose()
    }

    /// What is recorded of each of these links, in their order; `None` for a new link. `a < b` is
    /// the caller's duty.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn links_known(
        &self,
        wanted: &[(IdentifierId, IdentifierId, LinkRule)],
    ) -> Result<Vec<Option<LinkKnown>>, StateError> {
        let keys = sorted(wanted);
        let rows = LINKS_KNOWN.read(self.db(), &keys, |&(a, b, rule), values| {
            values.extend([a.into(), b.into(), rule.slug().into()]);
        });
        let mut found = HashMap::new();
        for row in rows.await? {
            let ends = (IdentifierId::from_sql(row.int(0)?), IdentifierId::from_sql(row.int(1)?));
            let known = LinkKnown { occurred_at: row.time(3)?, inert: row.text_opt(4)? };
            found.insert((ends.0, ends.1, link_rule(&row.text(2)?)?), known);
        }
        Ok(wanted.iter().map(|key| found.get(key).cloned()).collect())
    }

    /// The number that the next new identifier gets.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn next_identifier(&self) -> Result<IdentifierId, StateError> {
        // The numbers of those who were erased are never given again.
        let sql = "SELECT MAX(id) FROM (SELECT MAX(id) AS id FROM identifiers \
                   UNION ALL SELECT MAX(id) AS id FROM erased_identifiers) AS ever";
        let row = self.db().row(sql, vec![]).await?;
        let last = row.map_or(Ok(None), |row| row.int_opt(0))?;
        Ok(IdentifierId::from_sql(last.unwrap_or(0) + 1))
    }
}

impl Batch {
    /// Records new identifiers.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn put_identifiers(&mut self, rows: &[IdentifierRow]) -> Result<(), StateError> {
        PUT_IDENTIFIERS
            .write(self.tx(), rows, |row, values| {
                let Identifier { kind, value } = &row.identifier;
                values.extend([row.id.into(), kind.slug().into(), (&**value).into()]);
                values.extend([row.customer.into(), row.first_seen.into()]);
                values.extend([row.recorded_at.into(), row.is_shared.into()]);
            })
            .await?;
        Ok(())
    }

    /// Lets identifiers point to other customers.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn move_identifiers(
        &mut self,
        moves: &[(IdentifierId, CustomerId)],
    ) -> Result<(), StateError> {
        let last = last_by_key(moves, |&(id, _)| id);
        MOVE.write(self.tx(), &last, |&(id, customer), values| {
            values.extend([id.into(), customer.into()]);
        })
        .await?;
        Ok(())
    }

    /// Marks identifiers as shared, or as shared no longer.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn share_identifiers(
        &mut self,
        turned: &[(IdentifierId, bool)],
    ) -> Result<(), StateError> {
        let last = last_by_key(turned, |&(id, _)| id);
        SHARE
            .write(self.tx(), &last, |&(id, is_shared), values| {
                values.extend([id.into(), is_shared.into()]);
            })
            .await?;
        Ok(())
    }

    /// Records links, each in place of what was recorded for its (a, b, rule).
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn put_links(&mut self, links: &[LinkRow]) -> Result<(), StateError> {
        let refs: Vec<&LinkRow> = links.iter().collect();
        let last = last_by_key(&refs, |link| (link.a, link.b, link.rule));
        PUT_LINKS
            .write(self.tx(), &last, |link, values| {
                values.extend([link.a.into(), link.b.into(), link.rule.slug().into()]);
                values.extend([link.evidence.as_str().into(), link.source.into()]);
                values.extend([link.occurred_at.into(), link.recorded_at.into()]);
                values.extend([link.position.into(), link.inert.as_deref().into()]);
                values.push(link.version.cast_signed().into());
            })
            .await?;
        Ok(())
    }

    /// Records how identifiers moved.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn put_identity_changes(
        &mut self,
        changes: &[IdentityChange],
    ) -> Result<(), StateError> {
        let first = self.number_changes(changes.len());
        let numbered: Vec<_> = (first..).zip(changes).collect();
        PUT_CHANGES
            .write(self.tx(), &numbered, |&(ordinal, change), values| {
                values.extend([change.position.into(), ordinal.into(), change.identifier.into()]);
                values.extend([change.from.into(), change.to.into(), change.at.into()]);
                values.push(change.cause.as_str().into());
            })
            .await?;
        Ok(())
    }
}

/// The keys in order and once: neighbours in the table are neighbours in the question.
pub(crate) fn sorted<T: Copy + Ord>(keys: &[T]) -> Vec<T> {
    let mut keys = keys.to_vec();
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// The last item of each key, by key: one statement may not touch a row twice in PostgreSQL, and
/// writing in the order of the key keeps neighbours on one page.
pub(crate) fn last_by_key<T: Copy, K: Ord>(items: &[T], key: impl Fn(&T) -> K) -> Vec<T> {
    let mut items: Vec<T> = items.iter().rev().copied().collect();
    items.sort_by_key(|item| key(item));
    items.dedup_by_key(|item| key(item));
    items
}

/// An identifier as it comes back: without NUL, which no database of ours can keep.
fn as_stored(identifier: &Identifier) -> Cow<'_, Identifier> {
    if !identifier.value.contains('\0') && !identifier.kind.slug().contains('\0') {
        return Cow::Borrowed(identifier);
    }
    let kind = IdentifierKind::from_slug(&identifier.kind.slug().replace('\0', "\u{fffd}"));
    let value = identifier.value.replace('\0', "\u{fffd}").into();
    Cow::Owned(Identifier { kind, value })
}

pub(crate) fn identifier_row(row: &Row) -> Result<IdentifierRow, StateError> {
    let (kind, value) = (IdentifierKind::from_slug(&row.text(1)?), row.text(2)?.into());
    Ok(IdentifierRow {
        id: IdentifierId::from_sql(row.int(0)?),
        identifier: Identifier { kind, value },
        customer: CustomerId::from_sql(row.int(3)?),
        first_seen: row.time(4)?,
        recorded_at: row.int_opt(5)?.map_or(row.time(4)?, Timestamp),
        is_shared: row.int(6)? != 0,
    })
}

fn link_rule(slug: &str) -> Result<LinkRule, StateError> {
    LinkRule::from_slug(slug).ok_or_else(|| StateError::corrupt(format!("link rule '{slug}'")))
}

fn link_row(row: &Row) -> Result<LinkRow, StateError> {
    Ok(LinkRow {
        a: IdentifierId::from_sql(row.int(0)?),
        b: IdentifierId::from_sql(row.int(1)?),
        rule: link_rule(&row.text(2)?)?,
        evidence: row.text(3)?,
        source: SourceId::from_sql(row.int(4)?),
        occurred_at: row.time(5)?,
        recorded_at: row.time(6)?,
        position: Position::from_sql(row.int(7)?),
        inert: row.text_opt(8)?,
        version: row.int(9)?.cast_unsigned(),
    })
}

pub(crate) fn change_row(row: &Row) -> Result<IdentityChange, StateError> {
    Ok(IdentityChange {
        identifier: IdentifierId::from_sql(row.int(0)?),
        from: CustomerId::from_sql(row.int(1)?),
        to: CustomerId::from_sql(row.int(2)?),
        at: row.time(3)?,
        position: Position::from_sql(row.int(4)?),
        cause: row.text(5)?,
    })
}
