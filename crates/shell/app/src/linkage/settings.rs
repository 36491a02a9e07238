//! How are customers linked who share no identifier: of which traits, from which probability on?

use crate::access::{Actor, audit_line};
use base::{Error, ErrorKind, Timestamp};
use linkage::{Bands, DateNotation, Field, Kind, LinkageError, Schema};
use serde::{Deserialize, Serialize};
use state::admin::Admin;
use std::sync::{Arc, PoisonError, RwLock};
use tokio::sync::Mutex;

/// The name of the setting in the table.
const SETTING: &str = "linkage";
/// Fields at most: a whole name becomes two columns, and generations are one more.
const FIELDS_MAX: usize = 14;
/// Traits that a field may be taken from.
const TRAITS_MAX: usize = 12;
/// Letters of a name.
const NAME_BYTES_MAX: usize = 128;
/// Customers that are held in memory for it: about 400 bytes each.
const RECORDS_MAX: u64 = 10_000_000;

/// How customers are linked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LinkageSettings {
    /// Whether new records are matched as they come, once a first run has learned a model, and a
    /// large import is followed by a run.
    pub is_automatic: bool,
    /// From this probability on customers are linked, reversibly.
    pub link_at: f64,
    /// From this one on they are put up for review.
    pub review_at: f64,
    /// With more customers than these there is no linkage.
    pub records_max: u64,
    /// Whether `1/7/80` is the first of July.
    pub day_first: bool,
    /// What a record has.
    pub fields: Vec<RecordField>,
}

/// One field of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordField {
    /// What people call it.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// The traits that it is taken from: the first that has a value counts; a dot looks inside an
    /// object (`address.city`).
    pub traits: Vec<String>,
}

impl Default for LinkageSettings {
    /// The names that Segment's specification gives to traits, and their usual spellings.
    fn default() -> Self {
        let field = |(name, kind, traits): &(&str, Kind, &[&str])| RecordField {
            name: (*name).to_owned(),
            kind: *kind,
            traits: traits.iter().map(|&name| name.to_owned()).collect(),
        };
        let bands = Bands::default();
        Self {
            is_automatic: true,
            link_at: bands.link_at,
            review_at: bands.review_at,
            records_max: 2_000_000,
            day_first: DateNotation::default().day_first,
            fields: USUAL_FIELDS.iter().map(field).collect(),
        }
    }
}

type UsualField = (&'static str, Kind, &'static [&'static str]);

const USUAL_FIELDS: [UsualField; 11] = [
    (
        "first name",
        Kind::GivenName,
        &["firstName", "first_name", "firstname", "given_name", "$first_name"],
    ),
    (
        "last name",
        Kind::FamilyName,
        &["lastName", "last_name", "lastname", "family_name", "surname", "$last_name"],
    ),
    ("name", Kind::FullName, &["name", "full_name", "fullName", "$name"]),
    ("e-mail", Kind::Email, &["email", "$email"]),
    ("phone", Kind::Phone, &["phone", "phone_number", "phoneNumber", "$phone"]),
    (
        "birthday",
        Kind::Date,
        &["birthday", "birthdate", "birthDate", "date_of_birth", "dateOfBirth", "dob"],
    ),
    ("street", Kind::Street, &["address.street", "street", "street_address", "address_line_1"]),
    (
        "postcode",
        Kind::Postcode,
        &[
            "address.postalCode",
            "address.postal_code",
            "address.postcode",
            "address.zip",
            "postcode",
            "postal_code",
            "postalCode",
            "zip",
        ],
    ),
    ("city", Kind::Town, &["address.city", "city", "town"]),
    ("country", Kind::Region, &["address.country", "country"]),
    ("company", Kind::Organisation, &["company.name", "company", "company_name", "companyName"]),
];

impl LinkageSettings {
    /// The fields and the notation of dates, as they are compared.
    ///
    /// # Errors
    /// Where there are no fields, or too many.
    pub fn schema(&self) -> Result<Schema, LinkageError> {
        let fields = self.fields.iter().map(|field| Field::new(&field.name, field.kind)).collect();
        let notation = DateNotation { day_first: self.day_first, ..DateNotation::default() };
        Schema::new(fields, notation)
    }

    /// From which probability on, and down to which, what is done.
    #[must_use]
    pub fn bands(&self) -> Bands {
        Bands { link_at: self.link_at, review_at: self.review_at }
    }

    /// The settings, if they hold together.
    fn checked(self) -> Result<Self, Error> {
        let refuse = |message: String| Err(Error::new(ErrorKind::Invalid, message));
        if !(0.5..=0.9999).contains(&self.link_at) {
            return refuse("link_at lies between 0.5 and 0.9999".to_owned());
        }
        if !(0.01..=self.link_at).contains(&self.review_at) {
            return refuse("review_at lies between 0.01 and link_at".to_owned());
        }
        if !(1..=RECORDS_MAX).contains(&self.records_max) {
            return refuse(format!("records_max lies between 1 and {RECORDS_MAX}"));
        }
        if self.fields.len() > FIELDS_MAX {
            return refuse(format!("at most {FIELDS_MAX} fields"));
        }
        for field in &self.fields {
            let is_named = |name: &str| !name.trim().is_empty() && name.len() <= NAME_BYTES_MAX;
            if !is_named(&field.name) || !field.traits.iter().all(|name| is_named(name)) {
                return refuse(format!(
                    "fields and their traits have names of 1 to {NAME_BYTES_MAX} bytes"
                ));
            }
            if field.traits.is_empty() || field.traits.len() > TRAITS_MAX {
                return refuse(format!(
                    "the field '{}' is taken from 1 to {TRAITS_MAX} traits",
                    field.name
                ));
            }
        }
        match self.schema() {
            Ok(_) => Ok(self),
            Err(error) => refuse(error.to_string()),
        }
    }
}

/// The settings, in memory and in the table.
pub(super) struct Settings {
    admin: Admin,
    now: RwLock<Arc<LinkageSettings>>,
    turn: Mutex<()>,
}

impl Settings {
    pub(super) async fn open(admin: Admin) -> Result<Self, Error> {
        let settings = match admin.setting(SETTING).await? {
            Some(text) => serde_json::from_str(&text).map_err(|error| {
                Error::new(ErrorKind::Corrupt, "the settings of linkage cannot be read")
                    .with_source(error)
            })?,
            None => LinkageSettings::default(),
        };
        Ok(Self { admin, now: RwLock::new(Arc::new(settings)), turn: Mutex::new(()) })
    }

    pub(super) fn now(&self) -> Arc<LinkageSettings> {
        Arc::clone(&self.now.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) async fn change(
        &self,
        actor: &Actor,
        settings: LinkageSettings,
        now: Timestamp,
    ) -> Result<Arc<LinkageSettings>, Error> {
        let settings = settings.checked()?;
        let _turn = self.turn.lock().await;
        let text = serde_json::to_string(&settings).expect("words and numbers are JSON");
        let detail = format!(
            "automatic: {}, link at {}, review at {}, {} fields",
            settings.is_automatic,
            settings.link_at,
            settings.review_at,
            settings.fields.len()
        );
        let line = audit_line(actor, "linkage.changed", (SETTING, &detail), now);
        self.admin.put_setting(SETTING, &text, &line).await?;
        let settings = Arc::new(settings);
        let mut held = self.now.write().unwrap_or_else(PoisonError::into_inner);
        *held = Arc::clone(&settings);
        Ok(settings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_hold_together_is_refused() {
        let usual = LinkageSettings::default();
        assert_eq!(usual.clone().checked().unwrap(), usual);
        type Spoil = fn(&mut LinkageSettings);
        let spoil: [(&str, Spoil); 6] = [
            ("link_at", |s| s.link_at = 0.4),
            ("review_at", |s| s.review_at = 0.95),
            ("records_max", |s| s.records_max = 0),
            ("no fields", |s| s.fields.clear()),
            ("at most", |s| s.fields = vec![s.fields[0].clone(); 15]),
            ("taken from", |s| s.fields[0].traits.clear()),
        ];
        for (word, spoil) in spoil {
            let mut settings = usual.clone();
            spoil(&mut settings);
            let error = settings.checked().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Invalid);
            let text = error.to_string();
            assert!(text.contains(word) || word == "no fields", "{word}: {text}");
        }
    }
}
