//! What does an event say about who belongs to an account, and as what?

use crate::text::text;
use base::{SourceId, Timestamp};
use lexicon::{Event, EventKind};
use serde_json::{Map, Value};

/// Bytes of a role that are kept.
const ROLE_BYTES_MAX: usize = 100;

/// What is said of somebody's place in an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountStatement {
    /// They belong to it.
    Joined,
    /// They do not belong to it any more.
    Left,
    /// What they are in it.
    Role(Box<str>),
}

impl AccountStatement {
    /// What it is about, as it is written in tables.
    #[must_use]
    pub fn slug(&self) -> &'static str {
        match self {
            Self::Joined => "joined",
            Self::Left => "left",
            Self::Role(_) => "role",
        }
    }

    /// What it says besides: the role, else nothing.
    #[must_use]
    pub fn value(&self) -> &str {
        match self {
            Self::Role(role) => role,
            Self::Joined | Self::Left => "",
        }
    }
}

/// A statement, about which account, when and where it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountClaim {
    /// The account by the sender's name for it.
    pub account_key: Box<str>,
    /// What is said.
    pub statement: AccountStatement,
    /// When it happened.
    pub at: Timestamp,
    /// Where it was said.
    pub source: SourceId,
}

/// The statements of an event about somebody's place in an account.
pub(crate) fn claims(event: &Event) -> Vec<AccountClaim> {
    let (key, said) = match (event.kind, &*event.name) {
        (EventKind::Group, _) => (event.account_key.clone(), of_group(event)),
        (EventKind::Identify, _) => of_identify(event),
        (EventKind::Track, "Account Added User" | "Account Removed User") => of_track(event),
        _ => (None, Vec::new()),
    };
    let Some(key) = key else { return Vec::new() };
    let claim = |statement| AccountClaim {
        account_key: key.clone(),
        statement,
        at: event.occurred_at,
        source: event.source,
    };
    said.into_iter().map(claim).collect()
}

/// Whether a trait of a group call is about the member rather than the account.
#[must_use]
pub fn is_of_member(name: &str) -> bool {
    matches!(name, "role" | "member_role" | "memberRole" | "membership")
}

fn of_group(event: &Event) -> Vec<AccountStatement> {
    let mut said = vec![AccountStatement::Joined];
    if event.traits.as_str().contains("ole\"") {
        let traits = event.traits.to_map();
        let inside = |map: &Map<String, Value>| text(map, &["role", "member_role", "memberRole"]);
        let nested = traits.get("membership").and_then(Value::as_object).and_then(inside);
        said.extend(nested.or_else(|| inside(&traits)).and_then(|role| role_of(&role)));
    }
    said
}

fn of_identify(event: &Event) -> (Option<Box<str>>, Vec<AccountStatement>) {
    let raw = event.traits.as_str();
    let may_tell_a_role =
        raw.contains("buying_role\"") || (raw.contains("\"company\"") && raw.contains("\"role\""));
    if !may_tell_a_role {
        return (None, Vec::new());
    }
    let traits = event.traits.to_map();
    let company = traits.get("company").and_then(Value::as_object);
    let company_key = company.and_then(|company| text(company, &["id"])).map(Box::from);
    let key = company_key.or_else(|| event.account_key.clone());
    let in_company = company.and_then(|company| text(company, &["role"]));
    let role = in_company.or_else(|| text(&traits, &["hs_buying_role", "buying_role"]));
    (key, role.and_then(|role| role_of(&role)).into_iter().collect())
}

fn of_track(event: &Event) -> (Option<Box<str>>, Vec<AccountStatement>) {
    let key = event.account_key.clone();
    if &*event.name == "Account Removed User" {
        return (key, vec![AccountStatement::Left]);
    }
    let role = text(&event.properties.to_map(), &["role"]).and_then(|role| role_of(&role));
    (key, [AccountStatement::Joined].into_iter().chain(role).collect())
}

fn role_of(raw: &str) -> Option<AccountStatement> {
    let roles = raw.split(';').map(|role| role.trim().replace('_', " ").to_lowercase());
    let roles: Vec<String> = roles.filter(|role| !role.is_empty()).collect();
    let role = roles.join(", ");
    let role = &role[..role.floor_char_boundary(ROLE_BYTES_MAX)];
    (!role.is_empty()).then(|| AccountStatement::Role(role.into()))
}
