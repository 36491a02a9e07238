//! How is what a role may not see taken out of events?

use app::traits::Sight;
use lexicon::Json;
use sql::Veil;

/// Withholds what a sight hides. Made only for somebody from whom something is withheld.
pub(crate) struct SightVeil(pub Sight);

impl Veil for SightVeil {
    fn veil(&self, json: &str) -> Option<String> {
        let seen = self.0.json(&Json::from_checked_text(json));
        Some(seen.as_str().to_owned())
    }
}
