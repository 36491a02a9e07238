//! How does a person read whom they belong to, and with whom they were compared?

use super::{day, escape, put, section, source, table};
use crate::linkage::{PairState, PairTold};
use crate::privacy::Exported;
use crate::relations::{HomeTold, InfluenceView, Reference, RelationKind, StatementTold};
use crate::sources::Sources;

/// Whom they brought or mentioned, with whom they live, where they belong, and whom they moved.
pub(super) fn relations(page: &mut String, told: &Exported, sources: &Sources) {
    let relations = &told.relations;
    if !relations.statements.is_empty() {
        section(page, "Whom you brought or mentioned, and who did so with you");
        let row = |one: &StatementTold| vec![day(one.at), said(one), source(sources, one.source)];
        table(page, &["When", "What", "From"], relations.statements.iter().map(row));
    }
    if !relations.codes.is_empty() {
        section(page, "Codes that you gave others");
        let rows = relations.codes.iter().map(|code| {
            let whose = if code.is_theirs { "yours" } else { "somebody used it before you" };
            vec![code.code.clone(), day(code.at), whose.to_owned()]
        });
        table(page, &["Code", "Since", "Whose"], rows);
    }
    if !relations.homes.is_empty() {
        section(page, "With whom you seem to live");
        let row = |home: &HomeTold| vec![home.evidence.clone().unwrap_or_default(), live(home)];
        table(page, &["By what", "With whom"], relations.homes.iter().map(row));
    }
    if !relations.places.is_empty() {
        section(page, "What people said of you and organisations");
        let rows = relations.places.iter().map(|place| {
            let what = if place.is_member { "you belong to it" } else { "you do not" };
            vec![day(place.at), place.account.clone(), what.to_owned(), place.by.clone()]
        });
        table(page, &["When", "Which", "What", "Who"], rows);
    }
    influence(page, &relations.influence);
}

fn said(one: &StatementTold) -> String {
    let did = match one.kind {
        RelationKind::Referral => "brought",
        RelationKind::Mention => "mentioned",
    };
    let named = match &one.named {
        Reference::Identifier(identifier) => identifier.value.to_string(),
        Reference::Code(code) => format!("the owner of the code {code}"),
    };
    let by = match &one.named {
        Reference::Identifier(identifier) => identifier.value.to_string(),
        Reference::Code(code) => format!("your code {code}"),
    };
    match (one.is_own_word, one.is_acting) {
        (true, true) => format!("You said that you {did} {named}"),
        (true, false) => format!("You said that {named} {did} you"),
        (false, true) => format!("Somebody said that you {did} them, naming {by}"),
        (false, false) => format!("Somebody {did} you, naming {by}"),
    }
}

fn live(home: &HomeTold) -> String {
    match (&home.removed, home.n_others) {
        (Some((at, by)), _) => format!("with nobody: {by} took you out of it, {}", day(*at)),
        (None, None) => "with nobody: too many people share this".to_owned(),
        (None, Some(1)) => "with one other customer".to_owned(),
        (None, Some(n)) => format!("with {n} other customers"),
    }
}

fn influence(page: &mut String, view: &InfluenceView) {
    let days = view.window_days;
    let Ok(estimate) = &view.estimate else { return };
    section(page, "Whom you moved");
    let words = format!(
        "Of {} people whom you brought or mentioned, {:.1} more ordered within {days} days than \
         would have anyway (95 %: {:.1} to {:.1}). This is an estimate.",
        estimate.n, estimate.extra, estimate.interval.0, estimate.interval.1
    );
    put(page, "p", &words);
}

/// With whom they were compared, and what of theirs was looked at.
pub(super) fn pairs(page: &mut String, told: &Exported) {
    if told.pairs.is_empty() {
        return;
    }
    section(page, "Records that were compared with yours");
    put(
        page,
        "p class=note",
        "Somebody else, or you a second time? Of the other record nothing is told here.",
    );
    for pair in &told.pairs {
        let percent = pair.probability * 100.0;
        let (found, became) = (day(pair.found_at), became(pair));
        let line = format!("{found}: one person with a probability of {percent:.1} % · {became}");
        page.push_str(&format!("<details><summary>{}</summary>", escape(&line)));
        let rows = pair.fields.iter().map(|field| {
            let level = field.level.clone().unwrap_or_else(|| "nothing to compare".to_owned());
            vec![field.name.clone(), field.values.join(", "), level]
        });
        table(page, &["What", "Yours", "How alike"], rows);
        page.push_str("</details>\n");
    }
}

fn became(pair: &PairTold) -> String {
    let what = match pair.state {
        PairState::Open => return "nobody has decided yet".to_owned(),
        PairState::Gone => return "no question any more".to_owned(),
        PairState::Same => "decided: it is you",
        PairState::Different => "decided: it is not you",
        PairState::Skipped => "put aside",
        PairState::Linked => "taken for you without a question",
    };
    match (pair.decided_at, &pair.decided_by) {
        (Some(at), Some(by)) => format!("{what} ({by}, {})", day(at)),
        _ => what.to_owned(),
    }
}
