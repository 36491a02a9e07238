//! How far is the demo filled in, if somebody stopped it on the way?

use anyhow::{Context, Result};
use base::{Duration, Error, ErrorKind, Timestamp};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use world::WorldSpec;

/// The file that says that a data directory holds the demo.
const MARK: &str = "demo.json";
/// Months that the simulated world covers.
pub const MONTHS: u32 = 18;

/// The world of a data directory, and how much of it is there. It is the same world at every
/// start, so that filling can go on in the middle.
#[derive(Debug, Serialize, Deserialize)]
pub struct Filling {
    /// How many customers it has.
    pub customers: u64,
    /// Which company it is.
    seed: u64,
    /// Where it ends, in µs; directories of old do not say.
    ends_at: Option<i64>,
    /// Customers whose older events are in the log.
    #[serde(default)]
    pub n_lives: u64,
    /// Of the freshest events, those that were sent.
    #[serde(default)]
    pub n_sent: u64,
    /// Whether everything is there; directories of old do not say.
    #[serde(default = "yes")]
    pub is_whole: bool,
    #[serde(skip)]
    path: PathBuf,
}

fn yes() -> bool {
    true
}

impl Filling {
    /// A world of which nothing is there yet.
    pub fn new(data: &Path, customers: u64, seed: u64, ends_at: i64) -> Self {
        let (n_lives, n_sent) = (0, 0);
        let path = data.join(MARK);
        Self { customers, seed, ends_at: Some(ends_at), n_lives, n_sent, is_whole: false, path }
    }

    /// What the data directory says, if it holds a demo.
    ///
    /// # Errors
    /// `Conflict` where a part is there that nothing can be added to.
    pub fn load(data: &Path) -> Result<Option<Self>> {
        let path = data.join(MARK);
        if !path.exists() {
            return Ok(None);
        }
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("could not read {}", path.display()))?;
        match serde_json::from_str::<Self>(&text) {
            Ok(filling) if filling.is_whole || filling.ends_at.is_some() => {
                Ok(Some(Self { path, ..filling }))
            }
            _ => {
                let data = data.display();
                let message = format!("the demo in {data} was not filled in to its end");
                let hint = format!("delete {data}, then start the demo again");
                Err(Error::new(ErrorKind::Conflict, message).with_hint(hint).into())
            }
        }
    }

    /// Writes down how far it is: wholly or not at all.
    pub fn save(&self) -> Result<()> {
        let fresh = self.path.with_extension("json.new");
        let write = || {
            std::fs::write(&fresh, serde_json::to_vec(self)?)?;
            std::fs::rename(&fresh, &self.path)?;
            anyhow::Ok(())
        };
        write().with_context(|| format!("could not write {}", self.path.display()))
    }

    /// The world.
    pub fn spec(&self) -> WorldSpec {
        let (seed, n_customers) = (self.seed, self.customers);
        let ends_at = self.ends_at.unwrap_or_default();
        WorldSpec { seed, n_customers, ends_at, months: MONTHS }
    }

    /// The world's last moment, where that is a day ago or more.
    pub fn stale_since(&self, now: Timestamp) -> Option<Timestamp> {
        let ends_at = Timestamp(self.ends_at?);
        (ends_at < now.minus(Duration::days(1))).then_some(ends_at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_down_is_gone_on_with() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Filling::load(folder.path()).unwrap().is_none());
        let mut filling = Filling::new(folder.path(), 20, 7, 1_000_000);
        filling.n_lives = 12;
        filling.save().unwrap();
        let again = Filling::load(folder.path()).unwrap().unwrap();
        assert_eq!((again.n_lives, again.is_whole, again.spec()), (12, false, filling.spec()));
        assert!(again.stale_since(Timestamp(2_000_000)).is_none());
        let later = Timestamp(1_000_000).plus(Duration::days(3));
        assert_eq!(again.stale_since(later), Some(Timestamp(1_000_000)));
    }

    #[test]
    fn a_half_world_of_old_is_not_guessed_at() {
        let folder = tempfile::tempdir().unwrap();
        let load = |text: &str| {
            std::fs::write(folder.path().join(MARK), text).unwrap();
            Filling::load(folder.path())
        };
        assert!(load(r#"{"customers":5,"seed":7}"#).unwrap().unwrap().is_whole);
        for half in [r#"{"customers":5,"seed":7,"is_whole":false}"#, "", "{"] {
            let error = load(half).unwrap_err();
            let error = error.downcast_ref::<Error>().unwrap();
            assert_eq!(error.kind(), ErrorKind::Conflict, "{half}");
            assert!(error.hint().is_some_and(|hint| hint.contains("delete")));
        }
    }
}
