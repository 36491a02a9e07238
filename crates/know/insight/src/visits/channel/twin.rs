//! How is the channel of a visit asked in SQL?
//!
//! By the same lists and in the same order, step by step: tables with a name each, of which every
//! one has the rows and columns of the one before, and some columns more. Blanks around a word are
//! spaces here, and white space of any sort in [`channel`](super::channel).

use super::{Channel, MAIL_WORDS, MEDIA, NOTHING, PAID, SEARCH, SITES, SOCIAL, Site};
use crate::sql::{self, literal};
use crate::visits::{CLICK_IDS, GAP_DEFAULT, LOOK_AHEAD, page_views};
use base::Duration;
use std::sync::LazyLock;
use timeline::{Field, Label, View, Window};

/// Tables that end with `visited`: the events of `window`, and of [`LOOK_AHEAD`] before and after
/// it, with the `channel` of the visit in which each stands.
pub(crate) fn visited(window: Window, own_hosts: &[Box<str>]) -> Vec<String> {
    let seen = sql::window(Window {
        from: window.from.minus(LOOK_AHEAD),
        until: window.until.plus(LOOK_AHEAD),
    });
    let of_customer = "over (partition by customer_id order by occurred_at, event_id)";
    let begins = begins(GAP_DEFAULT);
    let is_view = sql::condition(&page_views());
    let first = format!(
        "over (partition by customer_id, visit\n    \
         order by case when {is_view} then 0 else 1 end, occurred_at, event_id)"
    );
    let mut tables = vec![
        format!(
            "marked as (\n  select *, case when {begins} then 1 else 0 end as begins\n  \
             from events where {seen}\n)"
        ),
        format!("numbered as (\n  select *, sum(begins) {of_customer} as visit\n  from marked\n)"),
    ];
    tables.push(hosted("numbered"));
    tables.extend(arrived(own_hosts));
    tables.push(format!(
        "visited as (\n  select *, first_value({}) {first} as channel\n  from arrived\n)",
        *CHANNEL
    ));
    tables
}

/// Whether a visit begins with an event.
pub(crate) fn begins(gap: Duration) -> String {
    let of_customer = "over (partition by customer_id order by occurred_at, event_id)";
    let gap = format!("interval '{} microseconds'", gap.0);
    format!("coalesce(occurred_at - lag(occurred_at) {of_customer} > {gap}, true)")
}

/// The table `hosted`: `events` (a table of them) with the hosts of the referrer and of the page.
pub(crate) fn hosted(events: &str) -> String {
    let host = |path: &str| {
        let label = Label { field: Field::Context(path.into()), view: View::Host };
        sql::label(&label)
    };
    format!(
        "hosted as (\n  select *, {} as referrer_host,\n    {} as page_host\n  from {events}\n)",
        host("page.referrer"),
        host("page.url")
    )
}

/// The host of the table `hosted` that the visitor came from, unless it is the company's own.
pub(crate) fn referrer(own_hosts: &[Box<str>]) -> String {
    let mut is_own = "referrer_host = page_host".to_owned();
    for own in own_hosts {
        let own = View::Host.of(own);
        let (inside, n) = (literal(&format!(".{own}")), own.chars().count() + 1);
        let own = literal(&own);
        is_own += &format!(" or referrer_host = {own} or right(referrer_host, {n}) = {inside}");
    }
    format!("case when {is_own} then null else referrer_host end")
}

/// Tables that end with `arrived`: the table `hosted` with the words from which the channel
/// follows that a visit has which begins with the event.
pub(crate) fn arrived(own_hosts: &[Box<str>]) -> [String; 2] {
    let context = |path: &str| sql::field(&Field::Context(path.into()));
    let (source, medium) = (context("campaign.source"), context("campaign.medium"));
    let url = context("page.url");
    let click = |id: &&str| format!("strpos({url}, {}) > 0", literal(id));
    let clicks: Vec<String> = CLICK_IDS.iter().map(click).collect();
    let (source, medium) = (word(&source), word(&medium));
    let host = word(&referrer(own_hosts));
    [
        format!(
            "worded as (\n  select *, {source} as came_source,\n    {medium} as came_medium,\n    \
             {host} as came_host,\n    coalesce({}, false) as is_ad_click\n  from hosted\n)",
            clicks.join(" or ")
        ),
        format!(
            "arrived as (\n  select *, coalesce({},\n    {}) as came_site\n  from worded\n)",
            site("came_source"),
            site("came_host")
        ),
    ]
}

/// The channel of the table `arrived`.
pub(crate) static CHANNEL: LazyLock<String> = LazyLock::new(|| {
    let mail = literals(&MAIL_WORDS);
    let paid =
        format!("(starts_with(came_medium, 'paid') or came_medium in ({}))", literals(&PAID));
    let mut rules = vec![
        (
            format!(
                "came_medium in ({mail}) or came_source in ({mail}) \
                 or came_medium = '' and came_site = 'mail'"
            ),
            Channel::Email,
        ),
        ("came_medium = '' and is_ad_click".into(), Channel::PaidSearch),
        ("came_medium = '' and came_site = 'social'".into(), Channel::OrganicSocial),
        ("came_medium = '' and came_site = 'search'".into(), Channel::OrganicSearch),
        ("came_medium = '' and came_source <> ''".into(), Channel::Other),
        ("came_medium = '' and came_host <> ''".into(), Channel::Referral),
        ("came_medium = ''".into(), Channel::Direct),
    ];
    let by_medium = |(channel, words): &(Channel, &[&str])| {
        (format!("came_medium in ({})", literals(words)), *channel)
    };
    rules.extend(MEDIA.iter().map(by_medium));
    rules.push((format!("{paid} and came_site = 'search'"), Channel::PaidSearch));
    rules.push((format!("{paid} and came_site = 'social'"), Channel::PaidSocial));
    let rule = |(when, then): &(String, Channel)| {
        format!("\n    when {when} then {}", literal(then.name()))
    };
    let rules: String = rules.iter().map(rule).collect();
    format!("case{rules}\n    else {} end", literal(Channel::Other.name()))
});

/// A word as rules compare it; empty where there is none.
fn word(text: &str) -> String {
    let word = format!("btrim(lower(btrim({text})), '()')");
    let nothing = |word: String, none: &&str| format!("nullif({word}, {})", literal(none));
    format!("coalesce({}, '')", NOTHING.iter().fold(word, nothing))
}

/// What kind of site a word names; null where it names none.
fn site(word: &str) -> String {
    let of = |site: Site| {
        let hosts = SITES.iter().filter(|(_, of)| *of == site).map(|(host, _)| *host);
        literals(&hosts.collect::<Vec<_>>())
    };
    let has = |words: &[&str]| literal(&format!("(^|[.])({})([.]|$)", words.join("|")));
    format!(
        "case when {word} in ({}) then 'mail' when {word} in ({}) then 'search'\n    \
         when {word} in ({}) then 'social' when starts_with({word}, 'mail.') then 'mail'\n    \
         when {word} ~ {} then 'search'\n    when {word} ~ {} then 'social' end",
        of(Site::Mail),
        of(Site::Search),
        of(Site::Social),
        has(&SEARCH),
        has(&SOCIAL)
    )
}

fn literals(texts: &[&str]) -> String {
    texts.iter().map(|text| literal(text)).collect::<Vec<_>>().join(", ")
}
