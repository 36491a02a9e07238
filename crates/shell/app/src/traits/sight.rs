//! Which traits may this caller see?
//!
//! The one place where values are withheld: whoever shows something of a customer asks for the
//! caller's sight and lets it look over what is shown. That a trait is there is shown to
//! everybody; its value is not. A trait that is called like a kind of identifier (`email`) stands
//! for identifiers of that kind too, and a field of an event that is called like a trait for the
//! trait.

use super::TraitSettings;
use crate::access::{Caller, Credential, Role, Scope};
use crate::edits::{Preview, ToldDecision};
use base::{Error, ErrorKind};
use lexicon::{Identifier, Json};
use profile::Summary;
use serde_json::Value;
use state::CustomerRow;
use timeline::{Ask, Fact, Field, Own};

/// What stands in the place of a value that may not be seen.
pub const WITHHELD: &str = "(withheld)";

/// What a caller may not see of customers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sight {
    /// The patterns of what is withheld, in lower case.
    hidden: Vec<Box<str>>,
}

impl TraitSettings {
    /// What `caller` may see.
    #[must_use]
    pub fn sight(&self, caller: &Caller) -> Sight {
        let role = role_of(caller);
        let hidden = self
            .sensitive
            .iter()
            .filter(|sensitive| role != Role::Admin && !sensitive.roles.contains(&role));
        Sight { hidden: hidden.map(|sensitive| sensitive.pattern.to_lowercase().into()).collect() }
    }
}

impl TraitSettings {
    /// What somebody may see of whom nothing is known: nothing that is withheld from anybody.
    #[must_use]
    pub fn least_sight(&self) -> Sight {
        let patterns = self.sensitive.iter().map(|sensitive| sensitive.pattern.to_lowercase());
        Sight { hidden: patterns.map(Into::into).collect() }
    }
}

/// The role as which somebody looks: a token that only reads sees what those who only read see.
fn role_of(caller: &Caller) -> Role {
    match &caller.credential {
        Credential::Session { role, .. } => *role,
        Credential::Token { scopes, .. } if scopes.contains(&Scope::Admin) => Role::Admin,
        Credential::Token { .. } => Role::ReadOnly,
        Credential::AdminToken => Role::Admin,
    }
}

impl Sight {
    /// The sight of somebody who may see everything.
    #[must_use]
    pub fn everything() -> Self {
        Self::default()
    }

    /// Whether nothing is withheld.
    #[must_use]
    pub fn is_clear(&self) -> bool {
        self.hidden.is_empty()
    }

    /// Whether the values of the trait `name` are withheld.
    #[must_use]
    pub fn hides(&self, name: &str) -> bool {
        if self.is_clear() {
            return false;
        }
        let name = name.to_lowercase();
        self.hidden.iter().any(|pattern| is_match(pattern, &name))
    }

    /// Whether any of these traits is withheld.
    #[must_use]
    pub fn hides_any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.hides(name))
    }

    /// Nothing where a question about behaviour looks at nothing that is withheld: who could group
    /// by a withheld value, or test for it, would see it.
    ///
    /// # Errors
    /// `Denied`, naming what is withheld.
    pub fn allow(&self, ask: &Ask) -> Result<(), Error> {
        let tests = ask.conditions.iter().flat_map(|condition| &condition.tests);
        let fields = tests.map(|test| &test.field);
        let fields = fields.chain(ask.labels.iter().map(|label| &label.field)).chain(&ask.numbers);
        let paths = fields.filter_map(|field| match field {
            Field::Property(path) | Field::Context(path) => Some(path),
            Field::Name | Field::Kind | Field::Source => None,
        });
        let step = paths.flat_map(|path| path.split('.')).find(|step| self.hides(step));
        let mut facts = ask.traits.iter().chain(ask.who.iter().map(|test| &test.fact));
        let hidden = step.map(|step| format!("'{step}'"));
        match hidden.or_else(|| facts.find_map(|fact| self.hidden_of(fact))) {
            None => Ok(()),
            Some(hidden) => {
                let message = format!("values of {hidden} are withheld from you");
                Err(Error::new(ErrorKind::Denied, message))
            }
        }
    }

    /// What of a fact is withheld, where something is: of a trait its name, of what profiles show
    /// one of the traits that it is taken from. What a segment or a computed trait looks at is not
    /// known here: they are withheld from whoever may not see everything.
    fn hidden_of(&self, fact: &Fact) -> Option<String> {
        let any = |names: &[&str]| self.hides_any(names).then(|| format!("the {fact}"));
        match fact {
            Fact::Trait(name) | Fact::List(name) | Fact::Account(name) => {
                let step = name.split('.').find(|step| self.hides(step));
                step.map(|step| format!("'{step}'"))
            }
            Fact::Own(Own::Country) => any(Summary::COUNTRY_TRAITS),
            Fact::Own(Own::City) => any(Summary::CITY_TRAITS),
            Fact::Own(Own::Company) => any(Summary::COMPANY_TRAITS),
            Fact::Own(Own::Email) => any(Summary::EMAIL_TRAITS),
            Fact::Own(Own::Phone) => any(Summary::PHONE_TRAITS),
            Fact::Segment(_) | Fact::Computed(_) => {
                (!self.is_clear()).then(|| format!("the {fact}"))
            }
            Fact::Own(_)
            | Fact::Permission(..)
            | Fact::Consent(..)
            | Fact::Holding(..)
            | Fact::Relation(_) => None,
        }
    }

    /// Withholds the value of an identifier whose kind is called like a withheld trait.
    #[must_use]
    pub fn identifier(&self, mut identifier: Identifier) -> Identifier {
        if self.hides(identifier.kind.slug()) {
            identifier.value = WITHHELD.into();
        }
        identifier
    }

    /// Withholds what a list would show.
    #[must_use]
    pub fn row(&self, mut row: CustomerRow) -> CustomerRow {
        if self.is_clear() {
            return row;
        }
        let fields = [
            (&mut row.name, Summary::NAME_TRAITS),
            (&mut row.email, Summary::EMAIL_TRAITS),
            (&mut row.phone, Summary::PHONE_TRAITS),
            (&mut row.country, Summary::COUNTRY_TRAITS),
            (&mut row.city, Summary::CITY_TRAITS),
            (&mut row.company, Summary::COMPANY_TRAITS),
        ];
        for (field, traits) in fields {
            if self.hides_any(traits) {
                *field = None;
            }
        }
        row
    }

    /// Withholds what the preview of a merge would show.
    #[must_use]
    pub fn preview(&self, mut preview: Preview) -> Preview {
        for card in preview.before.iter_mut().chain(&mut preview.after) {
            if self.hides_any(Summary::NAME_TRAITS) {
                card.name = None;
            }
            let identifiers = std::mem::take(&mut card.identifiers);
            card.identifiers = identifiers.into_iter().map(|i| self.identifier(i)).collect();
        }
        for conflict in preview.conflicts.iter_mut().filter(|conflict| self.hides(&conflict.name)) {
            conflict.winner = WITHHELD.into();
            conflict.said.iter_mut().for_each(|said| said.value = WITHHELD.into());
        }
        preview
    }

    /// Withholds what the list of decisions would show.
    #[must_use]
    pub fn told(&self, mut told: ToldDecision) -> ToldDecision {
        if self.hides_any(Summary::NAME_TRAITS) {
            told.customers.iter_mut().for_each(|customer| customer.name = None);
        }
        for link in &mut told.links {
            link.a = link.a.take().map(|identifier| self.identifier(identifier));
            link.b = link.b.take().map(|identifier| self.identifier(identifier));
        }
        told
    }

    /// Withholds, at any depth, the values of fields that are called like a withheld trait.
    pub fn look_over(&self, value: &mut Value) {
        if self.is_clear() {
            return;
        }
        match value {
            Value::Object(fields) => {
                self.look_over_identifier(fields);
                for (name, field) in fields {
                    if !field.is_null() && self.hides(name) {
                        *field = Value::String(WITHHELD.to_owned());
                    } else {
                        self.look_over(field);
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.look_over(item)),
            _ => {}
        }
    }

    /// An identifier is told as its kind and its value.
    fn look_over_identifier(&self, fields: &mut serde_json::Map<String, Value>) {
        let is_hidden = fields.get("kind").and_then(Value::as_str).is_some_and(|k| self.hides(k));
        if let Some(value) = fields.get_mut("value").filter(|_| is_hidden) {
            *value = Value::String(WITHHELD.to_owned());
        }
    }

    /// The same for an object that is passed on as text.
    #[must_use]
    pub fn json(&self, json: &Json) -> Json {
        if self.is_clear() {
            return json.clone();
        }
        let mut value = Value::Object(json.to_map());
        self.look_over(&mut value);
        match value {
            Value::Object(map) => Json::from_map(&map),
            _ => Json::empty(),
        }
    }
}

/// Whether `name` has the form of `pattern`, where `*` stands for any letters.
fn is_match(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(place) => rest = &rest[place + part.len()..],
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::{Actor, Role};
    use crate::edits::{SaidOfTrait, TraitConflict};
    use crate::traits::Sensitive;
    use lexicon::IdentifierKind;
    use serde_json::json;

    fn sight(patterns: &[&str]) -> Sight {
        Sight { hidden: patterns.iter().map(|pattern| (*pattern).into()).collect() }
    }

    #[test]
    fn patterns() {
        let check = |pattern: &str, name: &str, expected: bool| {
            assert_eq!(sight(&[pattern]).hides(name), expected, "{pattern} {name}");
        };
        check("ssn", "ssn", true);
        check("ssn", "SSN", true);
        check("ssn", "ssn2", false);
        check("health_*", "health_notes", true);
        check("health_*", "ill_health_notes", false);
        check("*health*", "ill_health_notes", true);
        check("*_id", "tax_id", true);
        check("*_id", "tax_id_kind", false);
        check("a*b*c", "a-b-b-c", true);
        check("a*b*c", "a-c", false);
        check("*", "anything", true);
        check("a*a", "a", false);
    }

    #[test]
    fn values_are_withheld_at_any_depth_and_presence_is_shown() {
        let mut event = json!({"traits": {"ssn": 7, "plan": "Pro", "iban": null},
                               "$set": [{"SSN": {"a": 1}}], "iban": "DE1"});
        sight(&["ssn", "iban"]).look_over(&mut event);
        let expected = json!({"traits": {"ssn": WITHHELD, "plan": "Pro", "iban": null},
                              "$set": [{"SSN": WITHHELD}], "iban": WITHHELD});
        assert_eq!(event, expected);
        let mut identifier = json!({"kind": "ssn", "value": "1"});
        sight(&["ssn"]).look_over(&mut identifier);
        assert_eq!(identifier, json!({"kind": "ssn", "value": WITHHELD}));
        let json = Json::from_checked_text(r#"{"ssn":1}"#);
        assert_eq!(sight(&["ssn"]).json(&json).as_str(), r#"{"ssn":"(withheld)"}"#);
        assert_eq!(Sight::everything().json(&json), json);
    }

    #[test]
    fn an_identifier_is_withheld_with_the_trait_of_its_kind() {
        let email = Identifier::new(IdentifierKind::Email, "ann@example.com").unwrap();
        assert_eq!(&*sight(&["email"]).identifier(email.clone()).value, WITHHELD);
        assert_eq!(sight(&["phone"]).identifier(email.clone()), email);
    }

    #[test]
    fn the_preview_of_a_merge_tells_no_more_than_the_page() {
        let conflict = |name: &str| TraitConflict {
            name: name.to_owned(),
            customer: base::CustomerId(1),
            winner: json!("a"),
            said: vec![SaidOfTrait {
                customer: base::CustomerId(2),
                value: json!("b"),
                at: base::Timestamp(0),
                source: base::SourceId(1),
            }],
        };
        let (before, after) = (Vec::new(), Vec::new());
        let conflicts = vec![conflict("ssn"), conflict("plan")];
        let preview = Preview { before, after, conflicts, is_without_effect: false };
        let seen = sight(&["ssn"]).preview(preview).conflicts;
        assert_eq!((&seen[0].winner, &seen[0].said[0].value), (&json!(WITHHELD), &json!(WITHHELD)));
        assert_eq!((&seen[1].winner, &seen[1].said[0].value), (&json!("a"), &json!("b")));
    }

    #[test]
    fn each_role_sees_what_the_setting_says() {
        let settings = TraitSettings {
            sensitive: vec![
                Sensitive { pattern: "salary".into(), roles: vec![] },
                Sensitive { pattern: "birthday".into(), roles: vec![Role::Sales, Role::Marketer] },
            ],
            ..TraitSettings::default()
        };
        let by = |credential| settings.sight(&Caller { actor: Actor::cli(), credential });
        let session = |role| by(Credential::Session { user: base::UserId(1), role });
        let token = |scopes| by(Credential::Token { token: base::TokenId(1), scopes });
        let hidden = |sight: Sight| (sight.hides("salary"), sight.hides("birthday"));
        assert_eq!(hidden(session(Role::Admin)), (false, false));
        assert_eq!(hidden(session(Role::Sales)), (true, false));
        assert_eq!(hidden(session(Role::Analyst)), (true, true));
        assert_eq!(hidden(token(vec![Scope::Read, Scope::Import])), (true, true));
        assert_eq!(hidden(token(vec![Scope::Admin])), (false, false));
        assert_eq!(hidden(by(Credential::AdminToken)), (false, false));
    }
}
