//! Which number is it, in the one form that the whole world dials?

use crate::IdentityRules;
use lexicon::{Event, Identifier, IdentifierKind};
use phonenumber::{Mode, country};

/// `value` in E.164 (`+4930123456`), where it is a number that somebody can have; `country` says
/// which country is meant where it names none. Numbers without a country, and texts that only look
/// like numbers, have no such form.
#[must_use]
pub fn e164(value: &str, country: Option<&str>) -> Option<String> {
    let country = country.and_then(|code| code.parse::<country::Id>().ok());
    if country.is_none() && !value.starts_with('+') {
        return None;
    }
    let number = phonenumber::parse(country, value).ok()?;
    phonenumber::is_valid(&number).then(|| number.format().mode(Mode::E164).to_string())
}

/// Whether `code` is a country whose numbers are known here (two capital letters, ISO 3166-1).
#[must_use]
pub fn is_country(code: &str) -> bool {
    code.parse::<country::Id>().is_ok()
}

impl IdentityRules {
    /// The identifier as the rules write it: telephone numbers in E.164 where they have that form.
    /// Others stay as they are, so that they still equal themselves.
    #[must_use]
    pub fn normal(&self, identifier: Identifier) -> Identifier {
        match self.normal_phone(&identifier) {
            Some(value) => Identifier { kind: IdentifierKind::Phone, value },
            None => identifier,
        }
    }

    /// Writes the identifiers of `event` as the rules do.
    pub fn tidy(&self, event: &mut Event) {
        for identifier in &mut event.identifiers {
            self.tidy_one(identifier);
        }
        for link in &mut event.links {
            self.tidy_one(&mut link.a);
            self.tidy_one(&mut link.b);
        }
    }

    fn tidy_one(&self, identifier: &mut Identifier) {
        if let Some(value) = self.normal_phone(identifier) {
            identifier.value = value;
        }
    }

    fn normal_phone(&self, identifier: &Identifier) -> Option<Box<str>> {
        if identifier.kind != IdentifierKind::Phone {
            return None;
        }
        e164(&identifier.value, self.country.as_deref()).map(Into::into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_has_one_form() {
        let check = |value: &str, country: Option<&str>, expected: Option<&str>| {
            assert_eq!(e164(value, country).as_deref(), expected, "{value} {country:?}");
        };
        check("+49301234567", None, Some("+49301234567"));
        check("0301234567", Some("DE"), Some("+49301234567"));
        check("00493012345670", Some("DE"), Some("+493012345670"));
        check("2125550123", Some("US"), Some("+12125550123"));
        check("+442083661177", Some("DE"), Some("+442083661177"));
        // Without a country there is no telling whose 030 it is.
        check("0301234567", None, None);
        check("12345", Some("DE"), None);
        check("99999999999999999999", Some("DE"), None);
        check("+", Some("DE"), None);
        check("0301234567", Some("Germany"), None);
        assert!(is_country("CH") && !is_country("ch2") && !is_country(""));
    }

    #[test]
    fn other_identifiers_stay_as_they_are() {
        let rules = IdentityRules { country: Some("DE".into()), ..IdentityRules::default() };
        let formed = |kind, raw| Identifier::formed(kind, raw).expect("it has its form");
        let phone = rules.normal(formed(IdentifierKind::Phone, "030 / 123 45 67"));
        assert_eq!(&*phone.value, "+49301234567");
        let user = formed(IdentifierKind::UserId, "0301234567");
        assert_eq!(rules.normal(user.clone()), user);
        let odd = formed(IdentifierKind::Phone, "12345");
        assert_eq!(rules.normal(odd.clone()), odd);
    }
}
