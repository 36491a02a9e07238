//! Which customers may be one person, what did people say about it, and which runs looked?

use crate::bulk::Rows;
use crate::{Row, State, StateError, Tx, Value};
use base::{CustomerId, IdentifierId, LinkageRunId, PairId, Position, Timestamp};

/// One run over all customers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkageRunRow {
    /// Which run.
    pub id: LinkageRunId,
    /// `running`, `done`, `cancelled`, `failed` or `interrupted`.
    pub state: String,
    /// When it began.
    pub started_at: Timestamp,
    /// Who began it.
    pub started_by: String,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// What is to be known about its end.
    pub message: Option<String>,
    /// What it came to.
    pub counts: LinkageCounts,
    /// When it was taken back.
    pub undone_at: Option<Timestamp>,
    /// Who took it back.
    pub undone_by: Option<String>,
}

/// What a run came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LinkageCounts {
    /// Customers that were compared.
    pub n_records: u64,
    /// Pairs that were compared.
    pub n_compared: u64,
    /// Links that were made.
    pub n_links: u64,
    /// Pairs that were put up for review.
    pub n_review: u64,
    /// Of these, pairs that would have been linked if nothing else held them apart.
    pub n_held_apart: u64,
    /// Links that were withdrawn when it was taken back.
    pub n_withdrawn: u64,
}

/// Two customers who may be one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairRow {
    /// Which pair; 0 for one that is not kept yet.
    pub id: PairId,
    /// An identifier of the one customer, the smaller number.
    pub a: IdentifierId,
    /// An identifier of the other.
    pub b: IdentifierId,
    /// `open`, `same`, `different`, `skipped`, `linking` or `linked`.
    pub state: String,
    /// That they are one person, in millionths.
    pub probability_ppm: u32,
    /// In thousandths of a bit.
    pub weight_milli: i64,
    /// The run that found it; `None` where it was found as its record came.
    pub run: Option<LinkageRunId>,
    /// When it was found.
    pub found_at: Timestamp,
    /// Why identity would not join the two by itself.
    pub held_apart: Option<String>,
    /// Both sides and the evidence, as JSON.
    pub evidence: String,
    /// What was decided about it.
    pub verdict: PairVerdict,
}

/// What was decided about a pair.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PairVerdict {
    /// When.
    pub at: Option<Timestamp>,
    /// By whom.
    pub by: Option<String>,
    /// The decision that joined the two.
    pub decision: Option<Position>,
    /// The two identifiers that it joined.
    pub joined: Option<(IdentifierId, IdentifierId)>,
}

/// Which pairs are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PairQuery {
    /// In this state; `None` for all.
    pub state: Option<&'static str>,
    /// Found by this run.
    pub run: Option<LinkageRunId>,
    /// With this customer, as customers are now, on one side.
    pub customer: Option<CustomerId>,
    /// In which order.
    pub order: PairOrder,
    /// Behind this place: the sorted column and the id.
    pub after: Option<(i64, PairId)>,
    /// At most so many.
    pub n_max: usize,
}

/// In which order pairs are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PairOrder {
    /// The nearest to even odds first.
    #[default]
    Doubtful,
    /// The likeliest first.
    Likely,
    /// The latest first.
    Newest,
}

/// Bins of [`State::spread_of_pairs`] between 0 and 1.
pub const N_SPREAD_BINS: u64 = 50;

/// How many pairs there are in a state.
pub type PairCounts = Vec<(String, u64)>;

const RUN: &str = "SELECT id, state, started_at, started_by, finished_at, message, n_records, \
                   n_compared, n_links, n_review, n_held_apart, n_withdrawn, undone_at, undone_by \
                   FROM linkage_runs";

const PAIR: &str = "SELECT id, a, b, state, probability, weight, run, found_at, held_apart, \
                    evidence, decided_at, decided_by, decision, joined_a, joined_b, certainty \
                    FROM linkage_pairs";

/// What a person has said stays; what was found again is as it was found last.
const PUT_PAIR: &str = "INSERT INTO linkage_pairs (id, a, b, state, probability, certainty, weight, run, found_at, \
     held_apart, evidence) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
     ON CONFLICT (a, b) DO UPDATE SET state = excluded.state, \
     probability = excluded.probability, certainty = excluded.certainty, \
     weight = excluded.weight, run = excluded.run, found_at = excluded.found_at, \
     held_apart = excluded.held_apart, evidence = excluded.evidence, decided_at = NULL, \
     decided_by = NULL, decision = NULL, joined_a = NULL, joined_b = NULL \
     WHERE linkage_pairs.state NOT IN ('different', 'skipped')";

const PAIRS_BY_ID: Rows = Rows {
    head: "SELECT id, a, b, state, probability, weight, run, found_at, held_apart, evidence, \
           decided_at, decided_by, decision, joined_a, joined_b, certainty \
           FROM linkage_pairs WHERE id IN (",
    n_columns: 1,
    tail: ")",
};

const WITH_USER_ID: Rows = Rows {
    head: "SELECT DISTINCT customer FROM identifiers WHERE kind = 'user_id' AND customer IN (",
    n_columns: 1,
    tail: ")",
};

impl State {
    /// Begins a run; its id in `row` is replaced by the real one.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn create_linkage_run(
        &self,
        mut row: LinkageRunRow,
    ) -> Result<LinkageRunRow, StateError> {
        let mut tx = self.db().begin().await?;
        row.id = LinkageRunId::from_sql(next_id(&mut tx, "linkage_runs").await?);
        let sql = "INSERT INTO linkage_runs (id, state, started_at, started_by, n_records, \
                   n_compared, n_links, n_review, n_held_apart, n_withdrawn) \
                   VALUES ($1, $2, $3, $4, 0, 0, 0, 0, 0, 0)";
        let mut values: Vec<Value<'_>> = vec![row.id.to_sql().into(), row.state.as_str().into()];
        values.extend([row.started_at.into(), row.started_by.as_str().into()]);
        tx.execute(sql, values).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// Writes down how far a run has come.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn put_linkage_run(&self, row: &LinkageRunRow) -> Result<(), StateError> {
        let sql = "UPDATE linkage_runs SET state = $2, finished_at = $3, message = $4, \
                   n_records = $5, n_compared = $6, n_links = $7, n_review = $8, \
                   n_held_apart = $9, n_withdrawn = $10, undone_at = $11, undone_by = $12 \
                   WHERE id = $1";
        let counts = row.counts;
        let mut values: Vec<Value<'_>> = vec![row.id.to_sql().into(), row.state.as_str().into()];
        values.extend([row.finished_at.into(), row.message.as_deref().into()]);
        let numbers = [counts.n_records, counts.n_compared, counts.n_links, counts.n_review];
        values.extend(numbers.map(|n| n.cast_signed().into()));
        values.extend([counts.n_held_apart, counts.n_withdrawn].map(|n| n.cast_signed().into()));
        values.extend([row.undone_at.into(), row.undone_by.as_deref().into()]);
        self.db().execute(sql, values).await?;
        Ok(())
    }

    /// Runs that were at work when the program ended are interrupted ones; verdicts that were not
    /// carried out are open questions again.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn end_interrupted_linkage(&self, now: Timestamp) -> Result<(), StateError> {
        let mut tx = self.db().begin().await?;
        let sql = "UPDATE linkage_runs SET state = 'interrupted', finished_at = $1 \
                   WHERE state = 'running'";
        tx.execute(sql, vec![now.into()]).await?;
        let sql = "UPDATE linkage_pairs SET state = 'open', decided_at = NULL, decided_by = NULL \
                   WHERE state = 'same' AND decision IS NULL";
        tx.execute(sql, vec![]).await?;
        tx.commit().await
    }

    /// One run.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn linkage_run(&self, id: LinkageRunId) -> Result<Option<LinkageRunRow>, StateError> {
        let row = self.db().row(format!("{RUN} WHERE id = $1"), vec![id.to_sql().into()]).await?;
        row.as_ref().map(run_row).transpose()
    }

    /// The latest runs before `before`, newest first.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn linkage_runs(
        &self,
        before: Option<LinkageRunId>,
        n_max: usize,
    ) -> Result<Vec<LinkageRunRow>, StateError> {
        let sql = format!("{RUN} WHERE id < $1 ORDER BY id DESC LIMIT $2");
        let before = before.map_or(i64::MAX, LinkageRunId::to_sql);
        let rows = self.db().rows(sql, vec![before.into(), (n_max as i64).into()]).await?;
        rows.iter().map(run_row).collect()
    }

    /// Keeps pairs. One that is kept already is as it was found last, unless a person has said
    /// that it is two persons, or put it aside.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn put_pairs(&self, pairs: &[PairRow]) -> Result<(), StateError> {
        if pairs.is_empty() {
            return Ok(());
        }
        let mut tx = self.db().begin().await?;
        let mut id = next_id(&mut tx, "linkage_pairs").await?;
        for pair in pairs {
            tx.execute(PUT_PAIR, new_pair(id, pair)).await?;
            id += 1;
        }
        tx.commit().await
    }

    /// The pairs with these numbers, in any order.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn pairs_by_id(&self, ids: &[PairId]) -> Result<Vec<PairRow>, StateError> {
        let ids: Vec<i64> = ids.iter().map(|id| id.to_sql()).collect();
        let ids = crate::identity::sorted(&ids);
        let rows = PAIRS_BY_ID.read(self.db(), &ids, |&id, v| v.push(id.into())).await?;
        rows.iter().map(pair_row).collect()
    }

    /// Some pairs, with the sorted column of each for the next page.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn pairs(&self, query: &PairQuery) -> Result<Vec<(PairRow, i64)>, StateError> {
        let (column, is_up) = match query.order {
            PairOrder::Doubtful => ("certainty", true),
            PairOrder::Likely => ("probability", false),
            PairOrder::Newest => ("id", false),
        };
        let (than, direction, from) =
            if is_up { (">", "ASC", i64::MIN) } else { ("<", "DESC", i64::MAX) };
        let (place, id) = query.after.map_or((from, from), |(place, id)| (place, id.to_sql()));
        let mut sql = format!("{PAIR} WHERE ({column}, id) {than} ($1, $2)");
        let mut values: Vec<Value<'_>> = vec![place.into(), id.into()];
        if let Some(state) = query.state {
            values.push(state.into());
            sql.push_str(&format!(" AND state = ${}", values.len()));
        }
        if let Some(run) = query.run {
            values.push(run.to_sql().into());
            sql.push_str(&format!(" AND run = ${}", values.len()));
        }
        if let Some(customer) = query.customer {
            values.push(customer.into());
            let own = format!("(SELECT id FROM identifiers WHERE customer = ${})", values.len());
            sql.push_str(&format!(" AND (a IN {own} OR b IN {own})"));
        }
        values.push((query.n_max as i64).into());
        let n = values.len();
        sql.push_str(&format!(" ORDER BY {column} {direction}, id {direction} LIMIT ${n}"));
        let rows = self.db().rows(sql, values).await?;
        let place = |row: &Row| match query.order {
            PairOrder::Doubtful => row.int(15),
            PairOrder::Likely => row.int(4),
            PairOrder::Newest => row.int(0),
        };
        rows.iter().map(|row| Ok((pair_row(row)?, place(row)?))).collect()
    }

    /// The customers, as they are now, of all pairs that were decided and are not one customer, and
    /// how it was decided: `different`, or joined in one way or the other.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn settled_pairs(&self) -> Result<Vec<(CustomerId, CustomerId, String)>, StateError> {
        let sql = "SELECT x.customer, y.customer, p.state FROM linkage_pairs AS p \
                   JOIN identifiers AS x ON x.id = p.a JOIN identifiers AS y ON y.id = p.b \
                   WHERE p.state IN ('different', 'same', 'linked') AND x.customer <> y.customer";
        let rows = self.db().rows(sql, vec![]).await?;
        let id = |row: &Row, at| row.int(at).map(CustomerId::from_sql);
        rows.iter().map(|row| Ok((id(row, 0)?, id(row, 1)?, row.text(2)?))).collect()
    }

    /// The evidence and the verdict on the pairs that people judged last, as JSON.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn judged_pairs(&self, n_max: usize) -> Result<Vec<(String, bool)>, StateError> {
        let sql = "SELECT evidence, state FROM linkage_pairs WHERE state IN ('same', 'different') \
                   ORDER BY decided_at DESC, id DESC LIMIT $1";
        let rows = self.db().rows(sql, vec![(n_max as i64).into()]).await?;
        rows.iter().map(|row| Ok((row.text(0)?, row.text(1)? == "same"))).collect()
    }

    /// How many pairs there are by probability: of each of [`N_SPREAD_BINS`] equal bins that is
    /// not empty its number from 0, its pairs, and those of them that wait for a person.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn spread_of_pairs(&self) -> Result<Vec<(u64, u64, u64)>, StateError> {
        let sql = "SELECT probability * $1 / 1000001, COUNT(*), \
                   CAST(SUM(CASE WHEN state = 'open' THEN 1 ELSE 0 END) AS BIGINT) \
                   FROM linkage_pairs WHERE state <> 'gone' GROUP BY 1 ORDER BY 1";
        let rows = self.db().rows(sql, vec![(N_SPREAD_BINS as i64).into()]).await?;
        let number = |row: &Row, at| row.int(at).map(i64::cast_unsigned);
        rows.iter().map(|row| Ok((number(row, 0)?, number(row, 1)?, number(row, 2)?))).collect()
    }

    /// How many pairs there are in each state.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn count_pairs(&self) -> Result<PairCounts, StateError> {
        let sql = "SELECT state, COUNT(*) FROM linkage_pairs GROUP BY state ORDER BY state";
        let rows = self.db().rows(sql, vec![]).await?;
        rows.iter().map(|row| Ok((row.text(0)?, row.int(1)?.cast_unsigned()))).collect()
    }

    /// Puts pairs into a state, with what was decided about each.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn decide_pairs(
        &self,
        pairs: &[(PairId, &'static str, PairVerdict)],
    ) -> Result<(), StateError> {
        if pairs.is_empty() {
            return Ok(());
        }
        let sql = "UPDATE linkage_pairs SET state = $2, decided_at = $3, decided_by = $4, \
                   decision = $5, joined_a = $6, joined_b = $7 WHERE id = $1";
        let mut tx = self.db().begin().await?;
        for (id, state, verdict) in pairs {
            let (a, b) = verdict.joined.unzip();
            let mut values: Vec<Value<'_>> = vec![id.to_sql().into(), (*state).into()];
            values.extend([verdict.at.into(), verdict.by.as_deref().into()]);
            values.push(verdict.decision.map(Position::to_sql).into());
            values.extend([a, b].map(|end| end.map(IdentifierId::to_sql).into()));
            tx.execute(sql, values).await?;
        }
        tx.commit().await
    }

    /// Takes away the open questions of a run, and frees those that it had linked to be asked.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn drop_open_pairs(&self, run: LinkageRunId) -> Result<(), StateError> {
        let sql = "DELETE FROM linkage_pairs WHERE run = $1 AND state IN ('open', 'linking')";
        self.db().execute(sql, vec![run.to_sql().into()]).await?;
        Ok(())
    }

    /// The pairs that these customers' joining by linkage has made true.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn finish_linking(
        &self,
        ends: &[(IdentifierId, IdentifierId)],
        verdict: &PairVerdict,
    ) -> Result<(), StateError> {
        let sql = "UPDATE linkage_pairs SET state = 'linked', decided_at = $3, decided_by = $4, \
                   decision = $5 WHERE a = $1 AND b = $2 AND state = 'linking'";
        let mut tx = self.db().begin().await?;
        for &(a, b) in ends {
            let mut values: Vec<Value<'_>> = vec![a.into(), b.into(), verdict.at.into()];
            values.push(verdict.by.as_deref().into());
            values.push(verdict.decision.map(Position::to_sql).into());
            tx.execute(sql, values).await?;
        }
        tx.commit().await
    }

    /// Up to which entry of the log everybody who changed has been compared; `None` before that was
    /// so for the first time.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn linkage_followed(&self) -> Result<Option<Position>, StateError> {
        let sql = "SELECT position FROM linkage_followed WHERE id = 1";
        let row = self.db().row(sql, vec![]).await?;
        row.map(|row| row.int(0).map(Position::from_sql)).transpose()
    }

    /// Notes that everybody who changed up to `position` has been compared.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn put_linkage_followed(&self, position: Position) -> Result<(), StateError> {
        let sql = "INSERT INTO linkage_followed (id, position) VALUES (1, $1) \
                   ON CONFLICT (id) DO UPDATE SET position = excluded.position";
        self.db().execute(sql, vec![position.to_sql().into()]).await?;
        Ok(())
    }

    /// The decisions that `author` made and nobody took back, oldest first.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn edits_by(&self, author: &str) -> Result<Vec<Position>, StateError> {
        let sql = "SELECT id FROM identity_edits WHERE edited_by = $1 AND refusal IS NULL \
                   AND undoes IS NULL AND NOT EXISTS (SELECT 1 FROM identity_edits AS later \
                   WHERE later.undoes = identity_edits.id AND later.refusal IS NULL) ORDER BY id";
        let rows = self.db().rows(sql, vec![author.into()]).await?;
        rows.iter().map(|row| Ok(Position::from_sql(row.int(0)?))).collect()
    }

    /// Profiles of the customers behind `after`, in the order of their numbers.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn profiles_after(
        &self,
        after: CustomerId,
        n_max: usize,
    ) -> Result<Vec<(CustomerId, Vec<u8>)>, StateError> {
        let sql = "SELECT customer, fragments FROM profiles WHERE customer > $1 \
                   ORDER BY customer LIMIT $2";
        let rows = self.db().rows(sql, vec![after.into(), (n_max as i64).into()]).await?;
        rows.iter().map(|row| Ok((CustomerId::from_sql(row.int(0)?), row.blob(1)?))).collect()
    }

    /// The customer with the highest number who has a profile.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn last_profile(&self) -> Result<Option<CustomerId>, StateError> {
        let row = self.db().row("SELECT MAX(customer) FROM profiles", vec![]).await?;
        Ok(row.map(|row| row.int_opt(0)).transpose()?.flatten().map(CustomerId::from_sql))
    }

    /// Which of these customers have a user id, ascending.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn with_user_id(
        &self,
        customers: &[CustomerId],
    ) -> Result<Vec<CustomerId>, StateError> {
        let ids = crate::identity::sorted(customers);
        let rows = WITH_USER_ID.read(self.db(), &ids, |&id, values| values.push(id.into())).await?;
        let found = rows.iter().map(|row| row.int(0).map(CustomerId::from_sql));
        Ok(crate::identity::sorted(&found.collect::<Result<Vec<_>, _>>()?))
    }
}

async fn next_id(tx: &mut Tx, table: &'static str) -> Result<i64, StateError> {
    let sql = format!("SELECT COALESCE(MAX(id), CAST(0 AS BIGINT)) + 1 FROM {table}");
    tx.row(sql, vec![]).await?.map_or(Ok(1), |row| row.int(0))
}

fn new_pair(id: i64, pair: &PairRow) -> Vec<Value<'_>> {
    let probability = i64::from(pair.probability_ppm);
    let mut values: Vec<Value<'_>> = vec![id.into(), pair.a.into(), pair.b.into()];
    values.extend([pair.state.as_str().into(), probability.into()]);
    values.extend([(probability - 500_000).abs().into(), pair.weight_milli.into()]);
    values.extend([pair.run.map(LinkageRunId::to_sql).into(), pair.found_at.into()]);
    values.extend([pair.held_apart.as_deref().into(), pair.evidence.as_str().into()]);
    values
}

fn run_row(row: &Row) -> Result<LinkageRunRow, StateError> {
    let count = |at| row.int(at).map(i64::cast_unsigned);
    Ok(LinkageRunRow {
        id: LinkageRunId::from_sql(row.int(0)?),
        state: row.text(1)?,
        started_at: row.time(2)?,
        started_by: row.text(3)?,
        finished_at: row.time_opt(4)?,
        message: row.text_opt(5)?,
        counts: LinkageCounts {
            n_records: count(6)?,
            n_compared: count(7)?,
            n_links: count(8)?,
            n_review: count(9)?,
            n_held_apart: count(10)?,
            n_withdrawn: count(11)?,
        },
        undone_at: row.time_opt(12)?,
        undone_by: row.text_opt(13)?,
    })
}

fn pair_row(row: &Row) -> Result<PairRow, StateError> {
    let joined = row.int_opt(13)?.zip(row.int_opt(14)?);
    Ok(PairRow {
        id: PairId::from_sql(row.int(0)?),
        a: IdentifierId::from_sql(row.int(1)?),
        b: IdentifierId::from_sql(row.int(2)?),
        state: row.text(3)?,
        probability_ppm: u32::try_from(row.int(4)?).unwrap_or_default(),
        weight_milli: row.int(5)?,
        run: row.int_opt(6)?.map(LinkageRunId::from_sql),
        found_at: row.time(7)?,
        held_apart: row.text_opt(8)?,
        evidence: row.text(9)?,
        verdict: PairVerdict {
            at: row.time_opt(10)?,
            by: row.text_opt(11)?,
            decision: row.int_opt(12)?.map(Position::from_sql),
            joined: joined.map(|(a, b)| (IdentifierId::from_sql(a), IdentifierId::from_sql(b))),
        },
    })
}

#[cfg(test)]
mod tests;
