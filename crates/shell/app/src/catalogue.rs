//! What can somebody choose from who puts a question together?
//!
//! Events and values are counted by folds like the answers themselves; which fields there are is
//! known from observing what came; traits are those of the profiles. What was counted is kept for a
//! few seconds: typing asks again with every letter.

mod events;
mod keep;
mod properties;
mod search;
mod traits;
mod values;

pub use events::EventFound;
pub use properties::{PropertyFound, Side};
pub use search::Found;
pub use traits::{TraitFound, TraitsFound};
pub use values::ValuesFound;

use crate::engine::Engine;
use base::Position;
use insight::catalogue::NameCount;
use keep::Keep;
use std::sync::Arc;
use std::time::{Duration, Instant};
use timeline::Field;
use traits::Census;
use values::Counted;

/// Fields whose values are kept at most.
const FIELDS_MAX: usize = 64;
/// How much longer than other things what is known of traits is kept: profiles cost more to read.
const REST_OF_TRAITS: u32 = 20;

/// What was counted a moment ago.
pub(crate) struct Catalogue {
    names: Keep<(), Vec<NameCount>>,
    values: Keep<(Option<Box<str>>, Field), Counted>,
    traits: Keep<(), Census>,
}

impl Default for Catalogue {
    fn default() -> Self {
        Self { names: Keep::new(1), values: Keep::new(FIELDS_MAX), traits: Keep::new(1) }
    }
}

impl Catalogue {
    /// Forgets everything: somebody was erased, or their data rest or are used again.
    pub fn clear(&self) {
        self.names.clear();
        self.values.clear();
        self.traits.clear();
    }
}

/// How fresh what is kept must be.
#[derive(Clone, Copy)]
struct Freshness {
    /// The last log entry that is processed: what was counted since is fresh.
    through: Position,
    /// What is younger than this is fresh as well …
    rest: Duration,
    /// … at this moment.
    now: Instant,
}

/// What was found, shared with others who ask.
type Shared<T> = Arc<T>;

impl Engine {
    fn freshness(&self) -> Freshness {
        let through = *self.shared.processed.borrow();
        Freshness { through, rest: self.shared.options.catalogue_rest, now: Instant::now() }
    }
}
