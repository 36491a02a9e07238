//! What do people say about doubtful pairs, and what becomes of it?
//!
//! "Same" merges the two customers, as a statement of that person, which is an entry of the log;
//! "different" is remembered and never asked again; "skip" puts the question aside. Each can be
//! taken back. What is sent twice (an answer was lost on its way) is done once and answered as done.
//! All of it is taught to the model.

use super::pairs::{Pair, PairState};
use crate::access::Actor;
use crate::edits::{EditChange, anchor};
use crate::engine::Engine;
use crate::traits::Sight;
use base::{CustomerId, Error, ErrorKind, IdentifierId, PairId};
use identity::Inert;
use lexicon::LinkRule;
use state::{PairRow, PairVerdict};
use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::Ordering;

/// Verdicts in one request.
pub const VERDICTS_MAX: usize = 200;

/// What a person says about a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// They are one.
    Same,
    /// They are two.
    Different,
    /// Not now.
    Skip,
}

impl Verdict {
    /// Where a pair stands of which this was said.
    fn state(self) -> PairState {
        match self {
            Self::Same => PairState::Same,
            Self::Different => PairState::Different,
            Self::Skip => PairState::Skipped,
        }
    }
}

/// What became of a verdict, or of taking one back.
#[derive(Clone, Debug)]
pub struct VerdictResult {
    /// On which pair.
    pub id: PairId,
    /// The pair as it is now; `None` where there is none.
    pub pair: Option<Pair>,
    /// Why it was not carried out.
    pub problem: Option<String>,
}

type Joined = (IdentifierId, IdentifierId);

impl Engine {
    /// Takes what a person says about pairs.
    ///
    /// # Errors
    /// `Invalid` for none or too many; `Conflict` and `Unavailable` where customers could not be
    /// merged: those questions are open again.
    pub async fn judge_pairs(
        &self,
        actor: &Actor,
        verdicts: &[(PairId, Verdict)],
        sight: &Sight,
    ) -> Result<Vec<VerdictResult>, Error> {
        check_number(verdicts.len())?;
        let linkage = &self.shared.linkage;
        let _turn = linkage.turn.lock().await;
        let wanted: HashMap<PairId, Verdict> = verdicts.iter().copied().collect();
        let mut problems: HashMap<PairId, String> = HashMap::new();
        let ids: Vec<PairId> = wanted.keys().copied().collect();
        let rows = self.shared.state.pairs_by_id(&ids).await?;
        let (mut same, mut decided) = (Vec::new(), Vec::new());
        for row in rows {
            let wanted = wanted[&row.id];
            if row.state == wanted.state().slug() {
                continue;
            }
            if !matches!(row.state.as_str(), "open" | "skipped") {
                problems.insert(row.id, format!("it is no open question: {}", row.state));
                continue;
            }
            let verdict = self.verdict_of(actor);
            match wanted {
                Verdict::Same => same.push(row),
                Verdict::Different => {
                    decided.push((row.id, PairState::Different.slug(), verdict));
                }
                Verdict::Skip => decided.push((row.id, PairState::Skipped.slug(), verdict)),
            }
        }
        self.shared.state.decide_pairs(&decided).await?;
        self.merge_pairs(actor, same, &mut problems).await?;
        linkage.has_new_verdicts.store(true, Ordering::Relaxed);
        linkage.news.wake();
        let ids: Vec<PairId> = verdicts.iter().map(|(id, _)| *id).collect();
        self.results(&ids, problems, sight).await
    }

    /// Takes verdicts back: the questions are open again, and who was merged is parted. One that is
    /// open already stays as it is.
    ///
    /// # Errors
    /// As [`Engine::judge_pairs`].
    pub async fn unjudge_pairs(
        &self,
        actor: &Actor,
        ids: &[PairId],
        sight: &Sight,
    ) -> Result<Vec<VerdictResult>, Error> {
        check_number(ids.len())?;
        let linkage = &self.shared.linkage;
        let _turn = linkage.turn.lock().await;
        let mut problems: HashMap<PairId, String> = HashMap::new();
        let (mut joined, mut open) = (Vec::new(), Vec::new());
        for row in self.shared.state.pairs_by_id(ids).await? {
            match row.state.as_str() {
                "same" => joined.extend(row.verdict.joined),
                "different" | "skipped" => {}
                "open" => continue,
                state => {
                    problems.insert(row.id, format!("nobody has judged it: {state}"));
                    continue;
                }
            }
            open.push((row.id, PairState::Open.slug(), PairVerdict::default()));
        }
        self.part_pairs(actor, &joined).await?;
        self.shared.state.decide_pairs(&open).await?;
        linkage.has_new_verdicts.store(true, Ordering::Relaxed);
        linkage.news.wake();
        self.results(ids, problems, sight).await
    }

    /// Merges the customers of each pair by one decision.
    async fn merge_pairs(
        &self,
        actor: &Actor,
        rows: Vec<PairRow>,
        problems: &mut HashMap<PairId, String>,
    ) -> Result<(), Error> {
        let joins = self.joins_of(&rows, problems).await?;
        if joins.is_empty() {
            return Ok(());
        }
        // Written down before it is carried out: what a crash leaves half done is asked again.
        let said =
            |(id, _): &(PairId, Joined)| (*id, PairState::Same.slug(), self.verdict_of(actor));
        self.shared.state.decide_pairs(&joins.iter().map(said).collect::<Vec<_>>()).await?;
        let distinct: BTreeSet<Joined> = joins.iter().map(|(_, joined)| *joined).collect();
        let changes = distinct.into_iter().map(|(a, b)| EditChange::Join { a, b }).collect();
        let by = (actor.name.clone(), "reviewed: one person".to_owned());
        let decided = match self.shared.carry_out(by, changes, None).await {
            Ok(decided) => decided,
            Err(error) => {
                let open = |(id, _): &(PairId, Joined)| {
                    (*id, PairState::Open.slug(), PairVerdict::default())
                };
                self.shared.state.decide_pairs(&joins.iter().map(open).collect::<Vec<_>>()).await?;
                return Err(error);
            }
        };
        let detail = format!("{} pairs are one person each", joins.len());
        let audit = ("identity.decided", decided.id.to_string());
        self.shared.access.audit(actor, audit.0, (&audit.1, &detail), decided.at).await?;
        let done = joins.into_iter().map(|(id, joined)| {
            let verdict = PairVerdict {
                decision: Some(decided.id),
                joined: Some(joined),
                ..self.verdict_of(actor)
            };
            (id, PairState::Same.slug(), verdict)
        });
        Ok(self.shared.state.decide_pairs(&done.collect::<Vec<_>>()).await?)
    }

    /// The identifiers by which the two customers of each pair are joined.
    async fn joins_of(
        &self,
        rows: &[PairRow],
        problems: &mut HashMap<PairId, String>,
    ) -> Result<Vec<(PairId, Joined)>, Error> {
        let named = rows.iter().flat_map(|row| [CustomerId(row.a.0), CustomerId(row.b.0)]);
        let now = self.shared.present(&named.collect::<Vec<_>>()).await?;
        let present: BTreeSet<CustomerId> = now.values().copied().collect();
        let present: Vec<CustomerId> = present.into_iter().collect();
        let clusters = self.shared.state.clusters(&present).await?;
        let mut joins = Vec::new();
        for row in rows {
            match (now.get(&CustomerId(row.a.0)), now.get(&CustomerId(row.b.0))) {
                (Some(a), Some(b)) if a != b => {
                    let (a, b) = (anchor(*a, &clusters), anchor(*b, &clusters));
                    joins.push((row.id, (a.min(b), a.max(b))));
                }
                (Some(_), Some(_)) => {
                    problems.insert(row.id, "they are one customer already".to_owned());
                }
                _ => {
                    problems.insert(row.id, "one of the two is gone".to_owned());
                }
            }
        }
        Ok(joins)
    }

    /// Withdraws the statements that joined pairs, where they still count.
    async fn part_pairs(&self, actor: &Actor, joined: &[Joined]) -> Result<(), Error> {
        let keys: BTreeSet<_> = joined.iter().map(|&(a, b)| (a, b, LinkRule::Stated)).collect();
        let keys: Vec<_> = keys.into_iter().collect();
        let links = self.shared.state.links_known(&keys).await?;
        let counts = |inert: Option<&str>| inert != Some(Inert::Withdrawn.slug());
        let changes: Vec<EditChange> = keys
            .into_iter()
            .zip(links)
            .filter(|(_, link)| link.as_ref().is_some_and(|link| counts(link.inert.as_deref())))
            .map(|((a, b, rule), _)| EditChange::Withdraw { a, b, rule })
            .collect();
        if changes.is_empty() {
            return Ok(());
        }
        let n_links = changes.len();
        let by = (actor.name.clone(), "a review was taken back".to_owned());
        let decided = self.shared.carry_out(by, changes, None).await?;
        let detail = format!("{n_links} reviews were taken back");
        let target = decided.id.to_string();
        self.shared.access.audit(actor, "identity.undone", (&target, &detail), decided.at).await
    }

    async fn results(
        &self,
        ids: &[PairId],
        problems: HashMap<PairId, String>,
        sight: &Sight,
    ) -> Result<Vec<VerdictResult>, Error> {
        let rows = self.shared.state.pairs_by_id(ids).await?;
        let pairs = self.pair_views(rows, sight).await?;
        let pairs: HashMap<PairId, Pair> = pairs.into_iter().map(|pair| (pair.id, pair)).collect();
        let result = |id: &PairId| {
            let pair = pairs.get(id).cloned();
            let missing = pair.is_none().then(|| "there is no such pair".to_owned());
            VerdictResult { id: *id, problem: problems.get(id).cloned().or(missing), pair }
        };
        Ok(ids.iter().map(result).collect())
    }

    fn verdict_of(&self, actor: &Actor) -> PairVerdict {
        PairVerdict {
            at: Some(self.now()),
            by: Some(actor.name.clone()),
            decision: None,
            joined: None,
        }
    }
}

fn check_number(n: usize) -> Result<(), Error> {
    if (1..=VERDICTS_MAX).contains(&n) {
        return Ok(());
    }
    let message = format!("say something about 1 to {VERDICTS_MAX} pairs at a time");
    Err(Error::new(ErrorKind::Invalid, message))
}
