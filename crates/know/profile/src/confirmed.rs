//! Which addresses did the customer show to be theirs?

use crate::bounds::evict;
use crate::loose::{Loose, read_fields};
use crate::origin::{Origin, Telling};
use lexicon::{Identifier, IdentifierKind};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Confirmed addresses kept per fragment.
const CONFIRMED_MAX: usize = 16;

/// What was confirmed: an address of this kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Address {
    /// By a link in an e-mail.
    Email,
    /// By a code in a short message or a call.
    Phone,
}

impl Address {
    fn kind(self) -> IdentifierKind {
        match self {
            Self::Email => IdentifierKind::Email,
            Self::Phone => IdentifierKind::Phone,
        }
    }

    /// The trait that holds such an address.
    fn trait_name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
        }
    }
}

/// The confirmed addresses of one fragment, each as identifiers of its kind are compared, with the
/// latest event that confirms it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Confirmed(pub(crate) BTreeMap<(Address, Box<str>), Arc<Origin>>);

#[derive(Default, Deserialize)]
#[serde(default)]
struct Fields<'a> {
    #[serde(borrow)]
    email: Loose<'a>,
    #[serde(borrow)]
    phone: Loose<'a>,
}

impl Confirmed {
    /// Takes an event that confirms an address: the one in its properties, else the identifier that
    /// it came under where that is of the kind.
    pub(crate) fn absorb(&mut self, telling: &Telling<'_>, address: Address) {
        let event = telling.event;
        let said = read_fields(&event.properties, |text| {
            let fields: Fields<'_> = serde_json::from_str(text).ok()?;
            let field = match address {
                Address::Email => fields.email,
                Address::Phone => fields.phone,
            };
            Some(field.text().map(|text| text.into_owned()))
        });
        let confirmed = match said.flatten() {
            Some(said) => Identifier::new(address.kind(), &said),
            None => Some(event.came_under()).filter(|id| id.kind == address.kind()).cloned(),
        };
        if let Some(identifier) = confirmed {
            self.put((address, identifier.value), telling.origin());
            evict(&mut self.0, CONFIRMED_MAX, |_, origin| origin.at);
        }
    }

    pub(crate) fn join(&mut self, other: Self) {
        for (key, origin) in other.0 {
            self.put(key, origin);
        }
    }

    /// The event that confirms that the trait `name` has the value with this JSON text.
    pub(crate) fn of(&self, name: &str, value: &str) -> Option<&Arc<Origin>> {
        if self.0.is_empty() {
            return None;
        }
        let address = [Address::Email, Address::Phone].into_iter();
        let address = address.into_iter().find(|address| address.trait_name() == name)?;
        let text: String = serde_json::from_str(value).ok()?;
        self.0.get(&(address, Identifier::new(address.kind(), &text)?.value))
    }

    fn put(&mut self, key: (Address, Box<str>), origin: Arc<Origin>) {
        match self.0.get_mut(&key) {
            Some(held) if *held >= origin => {}
            Some(held) => *held = origin,
            None => drop(self.0.insert(key, origin)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::{Tell, day, track};
    use serde_json::json;

    #[test]
    fn an_address_is_confirmed_however_it_is_written() {
        let mut confirmed = Confirmed::default();
        let said = json!({"email": " Ann@Example.com", "phone": "+49 30 1234567"});
        let event = track(day(2), "Email Confirmed").properties(&said);
        confirmed.absorb(&Telling::new(&event), Address::Email);
        assert!(confirmed.of("email", r#""ann@example.com""#).is_some());
        assert!(confirmed.of("email", r#""ann@example.org""#).is_none());
        assert!(confirmed.of("phone", r#""+49 30 1234567""#).is_none(), "it was about the address");
        assert!(confirmed.of("work_email", r#""ann@example.com""#).is_none());
        confirmed.absorb(&Telling::new(&event), Address::Phone);
        assert!(confirmed.of("phone", r#""+49 (30) 123-4567""#).is_some());
    }

    #[test]
    fn without_an_address_it_is_the_one_that_the_event_came_under() {
        let mut confirmed = Confirmed::default();
        let mut event = track(day(2), "Email Verified");
        confirmed.absorb(&Telling::new(&event), Address::Email);
        assert_eq!(confirmed, Confirmed::default(), "it came under a user id");
        let address = Identifier::new(IdentifierKind::Email, "ann@example.com");
        event.identifiers = vec![address.expect("a good address")];
        confirmed.absorb(&Telling::new(&event), Address::Email);
        assert!(confirmed.of("email", r#""ann@example.com""#).is_some());
    }
}
