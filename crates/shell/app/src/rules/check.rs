//! Do these rules hold together, and what is different in them?

use base::{Error, ErrorKind};
use identity::{IdentityRules, KindRules, is_country};
use lexicon::{Blocked, IdentifierKind};
use std::collections::HashSet;

/// Kinds with rules of their own.
const KINDS_MAX: usize = 50;
/// Letters of a kind's name.
const KIND_BYTES_MAX: usize = 100;
/// Blocked values and patterns.
const BLOCKED_MAX: usize = 1_000;
/// Letters of a blocked value or pattern.
const VALUE_BYTES_MAX: usize = 256;
/// The largest number that a limit may be; whoever wants more wants none.
const LIMIT_MAX: u32 = 1_000_000;

/// The rules, if they hold together.
pub(super) fn checked(rules: IdentityRules) -> Result<IdentityRules, Error> {
    if rules.kinds.len() > KINDS_MAX {
        return refuse(format!("at most {KINDS_MAX} kinds may have rules of their own"));
    }
    let mut kinds = HashSet::new();
    for (kind, own) in &rules.kinds {
        let name = kind.slug();
        if name.trim().is_empty() || name.len() > KIND_BYTES_MAX || name.contains('\0') {
            return refuse(format!("a kind's name has 1 to {KIND_BYTES_MAX} letters"));
        }
        if !kinds.insert(kind) {
            return refuse(format!("{name} stands twice in the list of kinds"));
        }
        check_kind(name, own)?;
        if *kind == IdentifierKind::UserId && *own != KindRules::default() {
            let message = "a customer has one user id unless it was stated otherwise, and a user \
                           id is one customer's: leave the rules of user_id empty";
            return refuse(message.to_owned());
        }
    }
    check_kind("every other kind", &rules.others)?;
    check_blocked(&rules.blocked)?;
    match rules.country.as_deref() {
        Some(code) if !is_country(code) => {
            refuse(format!("'{code}' is no country: expected two letters, like DE"))
        }
        _ => Ok(rules),
    }
}

fn check_kind(name: &str, own: &KindRules) -> Result<(), Error> {
    let limit = own.limit;
    let numbers = [limit.ever, limit.month, limit.week, own.users_max, own.visitors_max];
    if numbers.into_iter().flatten().any(|n| n == 0 || n > LIMIT_MAX) {
        let message = format!("the limits of {name} must be between 1 and {LIMIT_MAX}, or none");
        return refuse(message).map(drop);
    }
    Ok(())
}

fn check_blocked(blocked: &Blocked) -> Result<(), Error> {
    if blocked.values().len() > BLOCKED_MAX {
        return refuse(format!("at most {BLOCKED_MAX} values may be blocked")).map(drop);
    }
    for value in blocked.values() {
        let pattern = &value.pattern;
        if pattern.is_empty() || pattern.len() > VALUE_BYTES_MAX || pattern.contains('\0') {
            return refuse(format!("a blocked value has 1 to {VALUE_BYTES_MAX} letters")).map(drop);
        }
        if pattern.bytes().all(|byte| byte == b'*') {
            return refuse(format!("'{pattern}' would block everybody")).map(drop);
        }
    }
    Ok(())
}

fn refuse(message: String) -> Result<IdentityRules, Error> {
    Err(Error::new(ErrorKind::Invalid, message))
}

/// What is different, for the audit log.
pub(super) fn difference(before: &IdentityRules, after: &IdentityRules) -> String {
    let mut parts = Vec::new();
    let order = |rules: &IdentityRules| {
        let kinds: Vec<&str> = rules.kinds.iter().map(|(kind, _)| kind.slug()).collect();
        kinds.join(", ")
    };
    if order(before) != order(after) {
        parts.push(format!("priority: {}", order(after)));
    }
    for (kind, own) in &after.kinds {
        if before.of(kind) != own {
            parts.push(format!("{}: {}", kind.slug(), words(own)));
        }
    }
    if before.others != after.others {
        parts.push(format!("every other kind: {}", words(&after.others)));
    }
    if before.country != after.country {
        parts.push(format!("country: {}", after.country.as_deref().unwrap_or("none")));
    }
    if before.blocked.zeros() != after.blocked.zeros() {
        let what = if after.blocked.zeros() { "blocked" } else { "not blocked" };
        parts.push(format!("zeros: {what}"));
    }
    parts.extend(blocked_difference(&before.blocked, &after.blocked));
    parts.join("; ")
}

fn blocked_difference(before: &Blocked, after: &Blocked) -> Vec<String> {
    let missing = |of: &Blocked, from: &Blocked| {
        let gone = of.values().iter().filter(|value| !from.values().contains(value));
        let name = |value: &lexicon::BlockedValue| match &value.kind {
            Some(kind) => format!("{} {}", kind.slug(), value.pattern),
            None => value.pattern.to_string(),
        };
        gone.map(name).collect::<Vec<_>>()
    };
    let lists =
        [("blocked", missing(after, before)), ("no longer blocked", missing(before, after))];
    let some = lists.into_iter().filter(|(_, list)| !list.is_empty());
    some.map(|(what, list)| format!("{what}: {}", list.join(", "))).collect()
}

fn words(own: &KindRules) -> String {
    let limits = [
        ("ever", own.limit.ever),
        ("a month", own.limit.month),
        ("a week", own.limit.week),
        ("user ids", own.users_max),
        ("anonymous ids", own.visitors_max),
    ];
    let set = limits.into_iter().filter_map(|(what, n)| Some(format!("{} {what}", n?)));
    let set: Vec<String> = set.chain([own.trust.slug().to_owned()]).collect();
    set.join(", ")
}
