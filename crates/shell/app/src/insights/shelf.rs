//! Which customer has which value of a trait, for those who group by it?
//!
//! A column is made the first time that somebody asks for its trait, by one look at all profiles,
//! and kept. Who commits a batch notes whose profiles it has changed; the next question reads those
//! anew before it begins. A change of the rules by which values count drops all columns.

use crate::engine::Shared;
use crate::traits::Traits;
use base::{CustomerId, Error, ErrorKind};
use history::{Cause, FactColumns};
use profile::{Fragments, Look, TraitRules};
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use timeline::{Fact, Scalar};

/// Columns kept at most, more than one question can ask for; the one that was not asked for longest
/// gives way.
const COLUMNS_MAX: usize = 32;
/// Profiles read at once.
const PAGE: usize = 1_000;
/// Changed profiles above which a column is rather made anew.
const CHANGED_MAX: usize = 100_000;

/// The columns that were asked for.
#[derive(Default)]
pub(crate) struct Shelf {
    kept: Mutex<HashMap<Box<str>, Kept>>,
    /// One question at a time makes or mends columns.
    mending: tokio::sync::Mutex<()>,
}

/// A column, and what it does not know yet.
struct Kept {
    column: Arc<Column>,
    rules: Arc<TraitRules>,
    changed: BTreeSet<CustomerId>,
    /// Too many to note one by one.
    is_stale: bool,
    asked: u64,
}

/// The customers who have the trait, ascending, with their value.
#[derive(Default)]
struct Column(Vec<(CustomerId, Arc<str>)>);

/// The columns of one question.
pub(crate) struct Columns(HashMap<Box<str>, Arc<Column>>);

impl Shelf {
    /// Notes whose profiles have changed or gone.
    pub fn note(&self, changed: &[CustomerId]) {
        for kept in self.kept().values_mut().filter(|kept| !kept.is_stale) {
            kept.changed.extend(changed);
            if kept.changed.len() > CHANGED_MAX {
                kept.changed.clear();
                kept.is_stale = true;
            }
        }
    }

    /// Forgets everything: somebody was erased, whose values must not stay.
    pub fn clear(&self) {
        self.kept().clear();
    }

    /// The columns of `facts` as profiles are now.
    pub async fn bring(&self, shared: &Shared, facts: &[Fact]) -> Result<Columns, Error> {
        let mut columns = HashMap::new();
        if facts.is_empty() {
            return Ok(Columns(columns));
        }
        let names: Vec<&str> = facts.iter().map(name_of).collect::<Result<_, Error>>()?;
        let _mending = self.mending.lock().await;
        for name in names {
            columns.insert(name.into(), self.column(shared, name).await?);
        }
        Ok(Columns(columns))
    }

    async fn column(&self, shared: &Shared, name: &str) -> Result<Arc<Column>, Error> {
        let rules = shared.traits.rules();
        let (old, changed) = match self.take(name, &shared.traits) {
            Some((old, changed)) => (old, Some(changed)),
            None => (Arc::default(), None),
        };
        let column = match changed {
            None => read_all(shared, name, &rules).await,
            Some(changed) if changed.is_empty() => Ok(old),
            Some(changed) => match mend(shared, name, &rules, &old, &changed).await {
                Ok(mended) => Ok(mended),
                Err(error) => {
                    self.note(&Vec::from_iter(changed));
                    return Err(error);
                }
            },
        };
        let mut kept = self.kept();
        match column {
            Ok(column) => {
                if let Some(entry) = kept.get_mut(name) {
                    entry.column = Arc::clone(&column);
                }
                Ok(column)
            }
            Err(error) => {
                kept.remove(name);
                Err(error)
            }
        }
    }

    /// The column as it is, with what has changed since; from now on changes are noted for the one
    /// that takes its place. `None` where it must be made from nothing.
    fn take(&self, name: &str, traits: &Traits) -> Option<(Arc<Column>, BTreeSet<CustomerId>)> {
        let mut kept = self.kept();
        let asked = 1 + kept.values().map(|kept| kept.asked).max().unwrap_or(0);
        let rules = traits.rules();
        if let Some(entry) = kept.get_mut(name)
            && !entry.is_stale
            && Arc::ptr_eq(&entry.rules, &rules)
        {
            entry.asked = asked;
            return Some((Arc::clone(&entry.column), std::mem::take(&mut entry.changed)));
        }
        if kept.len() >= COLUMNS_MAX
            && !kept.contains_key(name)
            && let Some(oldest) = kept.iter().min_by_key(|(_, kept)| kept.asked)
        {
            let oldest = oldest.0.clone();
            kept.remove(&oldest);
        }
        let column = Arc::default();
        let changed = BTreeSet::new();
        kept.insert(name.into(), Kept { column, rules, changed, is_stale: false, asked });
        None
    }

    fn kept(&self) -> MutexGuard<'_, HashMap<Box<str>, Kept>> {
        // Nothing under the lock can panic in the middle of a change.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The trait that a fact is; other facts have no column yet, and an empty one would be a wrong answer.
fn name_of(fact: &Fact) -> Result<&str, Error> {
    fact.trait_name().ok_or_else(|| {
        let message = format!("questions cannot look at the {fact} yet");
        Error::new(ErrorKind::Invalid, message)
    })
}

async fn read_all(shared: &Shared, name: &str, rules: &TraitRules) -> Result<Arc<Column>, Error> {
    let (mut rows, mut texts, mut after) = (Vec::new(), Texts::default(), CustomerId(0));
    loop {
        let page = shared.state.profiles_after(after, PAGE).await?;
        let Some((last, _)) = page.last() else { break };
        after = *last;
        for (customer, blob) in page {
            rows.extend(texts.of(name, &blob, rules).map(|text| (customer, text)));
        }
        // Reading a million profiles takes seconds of one core; others come in between.
        tokio::task::yield_now().await;
    }
    Ok(Arc::new(Column(rows)))
}

async fn mend(
    shared: &Shared,
    name: &str,
    rules: &TraitRules,
    old: &Column,
    changed: &BTreeSet<CustomerId>,
) -> Result<Arc<Column>, Error> {
    let mut texts = Texts::default();
    let mut rows: Vec<(CustomerId, Arc<str>)> =
        old.0.iter().filter(|(customer, _)| !changed.contains(customer)).cloned().collect();
    let changed: Vec<CustomerId> = changed.iter().copied().collect();
    for customers in changed.chunks(PAGE) {
        let blobs = shared.profile_blobs(customers).await?;
        for (customer, blob) in customers.iter().zip(blobs) {
            let text = blob.and_then(|blob| texts.of(name, &blob, rules));
            rows.extend(text.map(|text| (*customer, text)));
        }
    }
    rows.sort_by_key(|(customer, _)| *customer);
    Ok(Arc::new(Column(rows)))
}

/// Values that were met, each kept once.
#[derive(Default)]
struct Texts(std::collections::HashSet<Arc<str>>);

impl Texts {
    /// The value of a trait on a profile; a profile that cannot be read has none.
    fn of(&mut self, name: &str, blob: &[u8], rules: &TraitRules) -> Option<Arc<str>> {
        let fragments = Fragments::decode(blob).ok()?;
        let value = Look::at(&fragments, rules).value(name)?;
        let scalar = Scalar::of(&value)?;
        let text = scalar.label();
        if let Some(known) = self.0.get(&*text) {
            return Some(Arc::clone(known));
        }
        let text: Arc<str> = Arc::from(&*text);
        self.0.insert(Arc::clone(&text));
        Some(text)
    }
}

impl FactColumns for Columns {
    fn labels(
        &self,
        fact: &Fact,
        customers: &[CustomerId],
        put: &mut dyn FnMut(usize, &str),
    ) -> Result<(), Cause> {
        let column = fact.trait_name().and_then(|name| self.0.get(name));
        let Some(column) = column else { return Ok(()) };
        let first = customers
            .first()
            .map_or(0, |first| column.0.partition_point(|(customer, _)| customer < first));
        let mut rows = column.0[first..].iter().peekable();
        for (place, customer) in customers.iter().enumerate() {
            while rows.next_if(|(has, _)| has < customer).is_some() {}
            if let Some((_, text)) = rows.next_if(|(has, _)| has == customer) {
                put(place, text);
            }
        }
        Ok(())
    }
}
