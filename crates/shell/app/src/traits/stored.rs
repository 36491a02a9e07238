//! How is what is agreed about traits kept in the table of settings?

use super::{Sensitive, TraitSettings};
use crate::access::Role;
use base::{Error, ErrorKind, SourceId, Timestamp};
use profile::{TraitRule, TraitRules};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The setting as JSON; words are kept as words, so that the table can be read by people.
#[derive(Serialize, Deserialize)]
struct Stored {
    version: u64,
    changed_at: Option<Timestamp>,
    changed_by: Option<String>,
    default_rule: String,
    rules: BTreeMap<Box<str>, String>,
    trusted: Vec<SourceId>,
    verified: Vec<SourceId>,
    sensitive: Vec<(String, Vec<String>)>,
}

pub(super) fn write(settings: &TraitSettings) -> String {
    let rules = &settings.rules;
    let sensitive = settings.sensitive.iter().map(|sensitive| {
        let roles = sensitive.roles.iter().map(|role| role.slug().to_owned());
        (sensitive.pattern.clone(), roles.collect())
    });
    let by_name = rules.by_name.iter().map(|(name, rule)| (name.clone(), rule.slug().to_owned()));
    let stored = Stored {
        version: settings.version,
        changed_at: settings.changed_at,
        changed_by: settings.changed_by.clone(),
        default_rule: rules.default.slug().to_owned(),
        rules: by_name.collect(),
        trusted: rules.trusted.clone(),
        verified: rules.verified.iter().copied().collect(),
        sensitive: sensitive.collect(),
    };
    serde_json::to_string(&stored).expect("words and numbers are JSON")
}

pub(super) fn read(text: &str) -> Result<TraitSettings, Error> {
    let stored: Stored =
        serde_json::from_str(text).map_err(|error| corrupt().with_source(error))?;
    let rule = |word: &str| TraitRule::from_slug(word).ok_or_else(corrupt);
    let by_name = stored.rules.into_iter().map(|(name, word)| Ok((name, rule(&word)?)));
    let sensitive = stored.sensitive.into_iter().map(|(pattern, roles)| {
        let roles = roles.iter().map(|word| Role::from_slug(word).ok_or_else(corrupt));
        Ok(Sensitive { pattern, roles: roles.collect::<Result<_, Error>>()? })
    });
    Ok(TraitSettings {
        version: stored.version,
        changed_at: stored.changed_at,
        changed_by: stored.changed_by,
        rules: Arc::new(TraitRules {
            default: rule(&stored.default_rule)?,
            by_name: by_name.collect::<Result<_, Error>>()?,
            trusted: stored.trusted,
            verified: stored.verified.into_iter().collect(),
        }),
        sensitive: sensitive.collect::<Result<_, Error>>()?,
    })
}

fn corrupt() -> Error {
    Error::new(ErrorKind::Corrupt, "the settings of traits cannot be read")
}
