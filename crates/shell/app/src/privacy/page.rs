//! How does a person read what is known of them, or that they were erased?
//!
//! One page by itself: no script, no picture from elsewhere, plain words, fit to be printed. Every
//! text is escaped.

mod belonging;

use super::Exported;
use crate::customers::{CustomerView, TimelineEvent};
use crate::sources::Sources;
use base::{SourceId, Timestamp};
use lexicon::ConsentState;
use serde_json::Value;
use std::fmt::Write;

const STYLE: &str = "<style>
:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem;margin-bottom:.2rem}h2{font-size:1.15rem;margin-top:2rem}
p.note{opacity:.75}table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.3rem .6rem .3rem 0}
th{font-weight:600}tr+tr>*{border-top:1px solid #8884}
td{overflow-wrap:anywhere}details{border-top:1px solid #8884;padding:.35rem 0}
summary{cursor:pointer}pre{white-space:pre-wrap;overflow-wrap:anywhere;font-size:.85rem}
</style>";

/// What is known of a customer, up to where the events begin.
#[must_use]
pub fn customer_page_head(told: &Exported, sources: &Sources) -> String {
    let view = &told.view;
    let name = view.name.clone().unwrap_or_else(|| "you".to_owned());
    let mut page = head(&format!("What we know about {name}"));
    let day = day(told.at);
    put(&mut page, "p class=note", &format!("As of {day}. Number: {}.", view.id));
    put(&mut page, "p", &view.sentence);
    if let Some(suspension) = &told.suspension {
        let since = self::day(suspension.since);
        put(&mut page, "p", &format!("The use of these data is suspended since {since}."));
    }
    identifiers(&mut page, view, sources);
    traits(&mut page, told, sources);
    consents(&mut page, view, sources);
    bought(&mut page, view);
    messages(&mut page, view);
    rest(&mut page, told);
    belonging::relations(&mut page, told, sources);
    belonging::pairs(&mut page, told);
    section(&mut page, "What happened");
    let n = view.n_events;
    put(
        &mut page,
        "p class=note",
        &format!("{n} events, the latest first. Open one to see all of it."),
    );
    page
}

/// One event of the page.
#[must_use]
pub fn customer_page_event(event: &TimelineEvent, sources: &Sources) -> String {
    let mut text = String::from("<details><summary>");
    let at = minute(event.occurred_at);
    text.push_str(&escape(&format!("{at} · {} · {}", event.name, source(sources, event.source))));
    text.push_str("</summary>");
    let mut lines = vec![format!("came under {}", event.came_under)];
    for (what, json) in
        [("properties", &event.properties), ("traits", &event.traits), ("context", &event.context)]
    {
        if !json.is_empty() {
            lines.push(format!("{what}: {}", pretty(json.as_str())));
        }
    }
    put(&mut text, "pre", &lines.join("\n"));
    text.push_str("</details>\n");
    text
}

/// What closes the page.
#[must_use]
pub fn customer_page_end() -> String {
    "</main></body></html>\n".to_owned()
}

/// A certificate, as a page to be read. `certificate` is its JSON.
#[must_use]
pub fn certificate_page(certificate: &str) -> String {
    let document: Value = serde_json::from_str(certificate).unwrap_or_default();
    let text = |name: &str| document[name].as_str().unwrap_or("").to_owned();
    let mut page = head("Certificate of erasure");
    put(
        &mut page,
        "p",
        "Everything that was kept of one customer was erased, and every file was \
        searched for what they were known by. Nothing was found.",
    );
    let verified = &document["verified"];
    table(
        &mut page,
        &["", ""],
        [
            vec!["Erasure".to_owned(), text("erasure_id")],
            vec!["Customer (the number points to nobody)".to_owned(), text("customer_id")],
            vec!["Ordered".to_owned(), format!("{} by {}", text("ordered_at"), text("ordered_by"))],
            vec!["Reason".to_owned(), text("reason")],
            vec!["Seen by nobody from".to_owned(), text("carried_out_at")],
            vec!["Finished and verified".to_owned(), text("finished_at")],
            vec![
                "Searched".to_owned(),
                format!(
                    "{} files, {} bytes, for {} identifiers; found {}",
                    verified["n_files"],
                    verified["n_bytes"],
                    verified["n_needles"],
                    verified["n_found"]
                ),
            ],
            vec![
                "Identifiers that cannot come back".to_owned(),
                document["tombstones"].to_string(),
            ],
            vec!["Installation".to_owned(), text("installation")],
            vec!["SHA-256 of this document".to_owned(), text("digest")],
        ],
    );
    section(&mut page, "What was erased");
    let rows = |list: &Value, columns: &[&str]| -> Vec<Vec<String>> {
        let cell = |row: &Value, column: &str| match &row[column] {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let rows = list.as_array().into_iter().flatten();
        rows.map(|row| columns.iter().map(|column| cell(row, column)).collect()).collect()
    };
    table(&mut page, &["What", "How many"], rows(&document["erased"], &["words", "n"]));
    section(&mut page, "What stays, because it is about nobody");
    table(&mut page, &["What"], rows(&document["kept"], &["words"]));
    section(&mut page, "What was searched");
    let columns = ["path", "how", "n_files", "bytes"];
    table(&mut page, &["Where", "How", "Files", "Bytes"], rows(&verified["files"], &columns));
    section(&mut page, "What this does not cover");
    let lines = verified["not_covered"].as_array().into_iter().flatten();
    let lines = lines.map(|line| vec![line.as_str().unwrap_or("").to_owned()]);
    table(&mut page, &["What"], lines.collect::<Vec<_>>());
    page.push_str(&customer_page_end());
    page
}

fn identifiers(page: &mut String, view: &CustomerView, sources: &Sources) {
    section(page, "What you are known by");
    let row = |i: &crate::customers::IdentifierView| {
        let since = i.customer_since.unwrap_or(i.first_seen);
        vec![kind(i.identifier.kind.slug()), i.identifier.value.to_string(), day(since)]
    };
    table(page, &["What", "Value", "Since"], view.identifiers.iter().map(row));
    if view.links.is_empty() {
        return;
    }
    put(page, "p", "Why we think that these belong together:");
    let row = |link: &crate::customers::LinkView| {
        let from = link.source.map_or_else(String::new, |id| source(sources, id));
        let both = format!("{} and {}", link.a.value, link.b.value);
        vec![both, link.rule.words().to_owned(), day(link.occurred_at), from]
    };
    table(page, &["Which", "Because", "When", "From"], view.links.iter().map(row));
}

fn traits(page: &mut String, told: &Exported, sources: &Sources) {
    if told.traits.is_empty() {
        return;
    }
    section(page, "What was said about you");
    let rows = told.traits.iter().flat_map(|history| {
        history.entries.iter().map(|entry| {
            let value = match &entry.said.value {
                Some(Value::String(text)) => text.clone(),
                Some(other) => other.to_string(),
                None => "(taken away)".to_owned(),
            };
            let from = entry.said.last.source.map_or_else(String::new, |id| source(sources, id));
            vec![history.name.clone(), value, day(entry.said.last.at), from]
        })
    });
    table(page, &["What", "Value", "Said last", "By"], rows);
}

fn consents(page: &mut String, view: &CustomerView, sources: &Sources) {
    section(page, "What you allowed, and what you refused");
    if view.consents.is_empty() {
        return put(page, "p", "You never said yes or no to anything.");
    }
    let rows = view.consents.iter().map(|consent| {
        let answer = match consent.state {
            ConsentState::Granted => "you agreed",
            ConsentState::Denied => "you refused, or took it back",
            ConsentState::Pending => "you were asked, and did not confirm yet",
        };
        let channel = if consent.channel == "all" { "every channel" } else { &consent.channel };
        let text = consent.text_version.clone().unwrap_or_default();
        let from = consent.evidence.source.map_or_else(String::new, |id| source(sources, id));
        let what = format!("{} by {channel}", consent.purpose);
        vec![what, answer.to_owned(), day(consent.since), text, from]
    });
    table(page, &["What for", "Answer", "Since", "Text", "From"], rows);
}

fn bought(page: &mut String, view: &CustomerView) {
    if !view.orders.is_empty() {
        section(page, "What you ordered");
        let rows = view.orders.iter().map(|order| {
            let names = order.products.iter().map(|line| {
                let name = line.name.as_ref().unwrap_or(&line.product_id);
                format!("{} × {name}", line.quantity)
            });
            let total = order.total.map_or_else(String::new, money);
            let names = names.collect::<Vec<_>>().join(", ");
            vec![day(order.at), order.order_id.clone(), names, total, kind(order.status)]
        });
        table(page, &["When", "Order", "What", "Total", "State"], rows);
    }
    if !view.holdings.is_empty() {
        section(page, "What you have");
        let rows = view.holdings.iter().map(|holding| {
            let name = holding.name.clone().unwrap_or_else(|| holding.product_id.clone());
            vec![name, holding.quantity.to_string(), day(holding.since)]
        });
        table(page, &["What", "How many", "Since"], rows);
    }
}

fn messages(page: &mut String, view: &CustomerView) {
    if view.messages.is_empty() {
        return;
    }
    section(page, "What we wrote to you");
    let rows = view.messages.iter().map(|message| {
        let what = message.subject.clone().or_else(|| message.campaign.clone());
        let at = message.sent_at.or(message.delivered_at).or(message.opened_at);
        let at = at.map_or_else(String::new, day);
        vec![at, what.unwrap_or_else(|| message.id.clone()), kind(message.status)]
    });
    table(page, &["When", "What", "What became of it"], rows);
}

fn rest(page: &mut String, told: &Exported) {
    let view = &told.view;
    if !view.accounts.is_empty() {
        section(page, "Organisations that you belong to");
        let rows = view
            .accounts
            .iter()
            .map(|one| vec![one.name.clone().unwrap_or_else(|| one.key.clone()), day(one.since)]);
        table(page, &["Which", "Since"], rows);
    }
    if !view.agents.is_empty() {
        section(page, "Browsers and devices");
        let rows = view.agents.iter().map(|seen| {
            let agent = [&seen.agent.browser, &seen.agent.os, &seen.agent.device];
            let words: Vec<&str> = agent.into_iter().flatten().map(String::as_str).collect();
            vec![words.join(", "), day(seen.last_seen)]
        });
        table(page, &["Which", "Seen last"], rows);
    }
    if !told.decisions.is_empty() {
        section(page, "What people decided about who you are");
        let rows = told
            .decisions
            .iter()
            .map(|decided| vec![day(decided.at), decided.by.clone(), decided.reason.clone()]);
        table(page, &["When", "Who", "Why"], rows);
    }
    if !told.requests.is_empty() {
        section(page, "What you asked for");
        let rows = told.requests.iter().map(|request| {
            let row = &request.row;
            vec![day(row.received_at), kind(&row.kind), kind(&row.status), row.outcome.clone()]
        });
        table(page, &["When", "What", "State", "Outcome"], rows);
    }
}

fn head(title: &str) -> String {
    let title = escape(title);
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <meta name=\"robots\" content=\"noindex\"><title>{title}</title>{STYLE}</head>\
         <body><main><h1>{title}</h1>\n"
    )
}

fn section(page: &mut String, title: &str) {
    put(page, "h2", title);
}

/// An element with a text; `tag` may carry attributes.
fn put(page: &mut String, tag: &str, text: &str) {
    let name = tag.split(' ').next().unwrap_or(tag);
    writeln!(page, "<{tag}>{}</{name}>", escape(text)).expect("writing to a string does not fail");
}

fn table(page: &mut String, heads: &[&str], rows: impl IntoIterator<Item = Vec<String>>) {
    page.push_str("<table>");
    if heads.iter().any(|head| !head.is_empty()) {
        let cells = heads.iter().map(|head| format!("<th scope=\"col\">{}</th>", escape(head)));
        page.push_str(&format!("<thead><tr>{}</tr></thead>", cells.collect::<String>()));
    }
    page.push_str("<tbody>");
    for row in rows {
        let cells = row.iter().map(|cell| format!("<td>{}</td>", escape(cell)));
        page.push_str(&format!("<tr>{}</tr>\n", cells.collect::<String>()));
    }
    page.push_str("</tbody></table>\n");
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

fn pretty(json: &str) -> String {
    let value = serde_json::from_str::<Value>(json);
    let pretty = value.and_then(|value| serde_json::to_string_pretty(&value));
    pretty.unwrap_or_else(|_| json.to_owned())
}

fn day(at: Timestamp) -> String {
    at.to_string().chars().take(10).collect()
}

fn minute(at: Timestamp) -> String {
    at.to_string().chars().take(16).collect::<String>().replace('T', " ")
}

fn money(money: base::Money) -> String {
    let decimals = money.currency.exponent() as usize;
    format!("{:.decimals$} {}", money.to_major(), money.currency.code())
}

fn kind(slug: &str) -> String {
    slug.replace('_', " ")
}

fn source(sources: &Sources, id: SourceId) -> String {
    sources.get(id).map_or_else(|| id.to_string(), |source| source.name.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_becomes_a_tag() {
        let mut page = String::new();
        put(&mut page, "p class=note", "<b>&\"'");
        assert_eq!(page, "<p class=note>&lt;b&gt;&amp;&quot;&#39;</p>\n");
        let certificate = r#"{"reason":"<script>","verified":{"not_covered":["<i>"]}}"#;
        let page = certificate_page(certificate);
        assert!(!page.contains("<script>") && !page.contains("<i>"));
    }
}
