//! Which of a PostHog event's properties are kept, and under which names?

use super::super::{Raw, fault};
use super::circumstances::is_direct;
use crate::fields::Fields;
use crate::json_text::ObjectText;
use lexicon::{EventKind, Json, Refusal};

/// What has a place of its own in our event.
fn moves_away(name: &str) -> bool {
    matches!(
        name,
        "token" | "distinct_id" | "$set" | "$set_once" | "$unset" | "$ip" | "$anon_distinct_id"
    )
}

/// The name that a page's property has in Segment's specification, which reports ask for.
fn page_name(name: &str) -> &str {
    match name {
        "$current_url" => "url",
        "$pathname" => "path",
        "$referrer" => "referrer",
        "$title" => "title",
        _ => name,
    }
}

fn screen_name(name: &str) -> &str {
    if name == "$screen_name" { "name" } else { name }
}

/// The properties as they are stored.
pub(super) fn kept(raw: &Raw<'_>, kind: EventKind, fields: &Fields<'_>) -> Result<Json, Refusal> {
    let n_max = raw.limits.properties_per_event_max;
    if fields.0.len() > n_max {
        return Err(fault::too_many_fields("properties", fields.0.len(), n_max));
    }
    let renamed = |name| match kind {
        EventKind::Page => page_name(name),
        EventKind::Screen => screen_name(name),
        _ => name,
    };
    let mut text = ObjectText::with_capacity(raw.object("properties")?.len());
    for (name, value) in fields.0.iter().filter(|(name, _)| !moves_away(name)) {
        let own = renamed(name);
        if own != name && is_direct(name, value) {
            continue;
        }
        // Where the sender has both names, its own `url` stands and `$current_url` stays.
        let is_taken = own != name && fields.get(own).is_some();
        text.raw(if is_taken { name } else { own }, value.get());
    }
    Ok(Json::from_checked_text(text.finish()))
}
