//! Which channel brought a visit?
//!
//! By what the link said (`utm_source`, `utm_medium`), the click id of an advertisement, and the
//! host that the visitor came from. The first rule that holds decides; letter case never matters.
//!
//! | channel | rule |
//! |---|---|
//! | email | medium or source is `email`, `e-mail`, `mail` or `newsletter`; or no medium, and the host is one of webmail |
//! | affiliate | medium is `affiliate`, `affiliates` or `partner` |
//! | display | medium is `display`, `banner`, `cpm`, `expandable` or `interstitial` |
//! | paid search | medium is paid and the source (else the host) is a search engine; medium is `sem`, `paidsearch` or `paid-search`; or no medium, and the click id of a search advertisement |
//! | paid social | medium is paid and the source (else the host) is a social network; medium is `paidsocial` or `paid-social` |
//! | organic social | medium is `social`, `social-network`, `social-media` or `sm`; or no medium, and the source or host is a social network |
//! | organic search | medium is `organic`; or no medium, and the source or host is a search engine |
//! | referral | medium is `referral`, `link` or `app`; or neither medium nor source, and a host |
//! | other | any other medium or source |
//! | direct | nothing of all that; also source `direct` and medium `none`, with or without brackets |
//!
//! Paid media are `cpc`, `ppc`, `cpa`, `cpv`, `retargeting`, and all that begin with `paid`. The
//! order and most of the words are those of the default channel group of Google Analytics 4.

mod twin;

pub(crate) use twin::{CHANNEL, arrived, begins, hosted, referrer, visited};

/// A channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Channel {
    /// Nobody sent them.
    Direct,
    /// A result of a search engine.
    OrganicSearch,
    /// An advertisement in a search engine.
    PaidSearch,
    /// A link in a social network.
    OrganicSocial,
    /// An advertisement in a social network.
    PaidSocial,
    /// An e-mail.
    Email,
    /// A link elsewhere.
    Referral,
    /// A partner who is paid for it.
    Affiliate,
    /// A banner.
    Display,
    /// A marked link that no rule knows.
    Other,
}

impl Channel {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Direct,
        Self::OrganicSearch,
        Self::PaidSearch,
        Self::OrganicSocial,
        Self::PaidSocial,
        Self::Email,
        Self::Referral,
        Self::Affiliate,
        Self::Display,
        Self::Other,
    ];

    /// What it is called.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::OrganicSearch => "organic search",
            Self::PaidSearch => "paid search",
            Self::OrganicSocial => "organic social",
            Self::PaidSocial => "paid social",
            Self::Email => "email",
            Self::Referral => "referral",
            Self::Affiliate => "affiliate",
            Self::Display => "display",
            Self::Other => "other",
        }
    }
}

/// What is known of how a visit came.
#[derive(Clone, Copy, Debug, Default)]
pub struct Arrival<'a> {
    /// `utm_source`.
    pub source: Option<&'a str>,
    /// `utm_medium`.
    pub medium: Option<&'a str>,
    /// The host that the visitor came from, unless it is the company's own.
    pub host: Option<&'a str>,
    /// Whether the address carries the click id of a search advertisement.
    pub is_ad_click: bool,
}

/// What kind of site this is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Site {
    Search,
    Social,
    Mail,
}

const MAIL_WORDS: [&str; 4] = ["email", "e-mail", "mail", "newsletter"];

/// What is written where there is nothing.
const NOTHING: [&str; 3] = ["none", "not set", "direct"];

/// Media that say the channel by themselves.
const MEDIA: [(Channel, &[&str]); 7] = [
    (Channel::Affiliate, &["affiliate", "affiliates", "partner"]),
    (Channel::Display, &["display", "banner", "cpm", "expandable", "interstitial"]),
    (Channel::PaidSearch, &["sem", "paidsearch", "paid-search"]),
    (Channel::PaidSocial, &["paidsocial", "paid-social"]),
    (Channel::OrganicSocial, &["social", "social-network", "social-media", "sm"]),
    (Channel::OrganicSearch, &["organic"]),
    (Channel::Referral, &["referral", "link", "app"]),
];

/// Paid media, beside those that begin with "paid".
const PAID: [&str; 5] = ["cpc", "ppc", "cpa", "cpv", "retargeting"];

/// Hosts, and apps by their ids.
const SITES: [(&str, Site); 9] = [
    ("com.google.android.gm", Site::Mail),
    ("com.google.android.googlequicksearchbox", Site::Search),
    ("outlook.live.com", Site::Mail),
    ("outlook.office.com", Site::Mail),
    ("outlook.office365.com", Site::Mail),
    ("x.com", Site::Social),
    ("t.co", Site::Social),
    ("t.me", Site::Social),
    ("lnkd.in", Site::Social),
];

/// Words that stand alone as a source, or between the dots of a host.
const SEARCH: [&str; 18] = [
    "360",
    "aol",
    "ask",
    "baidu",
    "bing",
    "brave",
    "duckduckgo",
    "ecosia",
    "google",
    "kagi",
    "mojeek",
    "naver",
    "qwant",
    "seznam",
    "sogou",
    "startpage",
    "yahoo",
    "yandex",
];
const SOCIAL: [&str; 24] = [
    "bsky",
    "facebook",
    "fb",
    "ig",
    "instagram",
    "linkedin",
    "mastodon",
    "messenger",
    "pinterest",
    "quora",
    "reddit",
    "snapchat",
    "telegram",
    "threads",
    "tiktok",
    "tumblr",
    "twitter",
    "vimeo",
    "vk",
    "wechat",
    "weibo",
    "whatsapp",
    "xing",
    "youtube",
];

/// The channel of a visit; see the table above.
#[must_use]
pub fn channel(arrival: Arrival<'_>) -> Channel {
    let word = |text: Option<&str>| {
        let text = text.map(|text| text.trim().to_lowercase()).unwrap_or_default();
        let text = text.trim_matches(['(', ')']).to_owned();
        if NOTHING.contains(&text.as_str()) { String::new() } else { text }
    };
    let (source, medium) = (word(arrival.source), word(arrival.medium));
    let host = word(arrival.host);
    let is_mail = |word: &str| MAIL_WORDS.contains(&word);
    let site = site(&source).or_else(|| site(&host));

    if is_mail(&medium) || is_mail(&source) || medium.is_empty() && site == Some(Site::Mail) {
        return Channel::Email;
    }
    if medium.is_empty() {
        return unmarked(&source, &host, (site, arrival.is_ad_click));
    }
    by_medium(&medium, site)
}

fn by_medium(medium: &str, site: Option<Site>) -> Channel {
    if let Some((channel, _)) = MEDIA.iter().find(|(_, words)| words.contains(&medium)) {
        return *channel;
    }
    match site {
        Some(Site::Search) if is_paid(medium) => Channel::PaidSearch,
        Some(Site::Social) if is_paid(medium) => Channel::PaidSocial,
        _ => Channel::Other,
    }
}

fn unmarked(source: &str, host: &str, (site, is_ad_click): (Option<Site>, bool)) -> Channel {
    match site {
        _ if is_ad_click => Channel::PaidSearch,
        Some(Site::Social) => Channel::OrganicSocial,
        Some(Site::Search) => Channel::OrganicSearch,
        _ if !source.is_empty() => Channel::Other,
        _ if !host.is_empty() => Channel::Referral,
        _ => Channel::Direct,
    }
}

fn is_paid(medium: &str) -> bool {
    medium.starts_with("paid") || PAID.contains(&medium)
}

fn site(text: &str) -> Option<Site> {
    if let Some((_, site)) = SITES.iter().find(|(host, _)| *host == text) {
        return Some(*site);
    }
    if text.starts_with("mail.") {
        return Some(Site::Mail);
    }
    let has = |words: &[&str]| text.split('.').any(|part| words.contains(&part));
    match text {
        _ if has(&SEARCH) => Some(Site::Search),
        _ if has(&SOCIAL) => Some(Site::Social),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_rule_by_rule() {
        // source, medium, host, channel; "-" is absent.
        let table = "
            - - - direct
            (direct) (none) - direct
            newsletter - - email
            crm EMAIL - email
            - - mail.google.com email
            - - outlook.live.com email
            awin affiliate awin1.com affiliate
            criteo display - display
            google cpc google.com paid-search
            google CPC - paid-search
            - cpc bing.com paid-search
            facebook cpc - paid-social
            ig paid - paid-social
            podcast cpc - other
            - paid-social - paid-social
            facebook social facebook.com organic-social
            - - l.facebook.com organic-social
            - - t.co organic-social
            instagram - - organic-social
            - organic - organic-search
            - - google.co.uk organic-search
            - - duckduckgo.com organic-search
            - - search.brave.com organic-search
            blog referral - referral
            - - blog.example.org referral
            - - notgoogle.example referral
            partner-x - - other
            flyer print - other
            google - - organic-search
        ";
        for line in table.lines().filter(|line| !line.trim().is_empty()) {
            let words: Vec<&str> = line.split_whitespace().collect();
            let [source, medium, host, name] = words[..] else { panic!("four words: {line}") };
            let text = |word| Some(word).filter(|word| *word != "-");
            let (source, medium, host) = (text(source), text(medium), text(host));
            let arrival = Arrival { source, medium, host, is_ad_click: false };
            assert_eq!(channel(arrival).name().replace(' ', "-"), name, "{line}");
        }
    }

    #[test]
    fn a_click_id_speaks_where_no_medium_does() {
        let host = Some("google.com");
        let click = Arrival { host, is_ad_click: true, ..Arrival::default() };
        assert_eq!(channel(click), Channel::PaidSearch);
        let marked = Arrival { medium: Some("email"), ..click };
        assert_eq!(channel(marked), Channel::Email);
    }

    #[test]
    fn lists_are_in_order() {
        assert!(SEARCH.is_sorted() && SOCIAL.is_sorted());
        let names: std::collections::BTreeSet<_> = Channel::ALL.iter().map(|c| c.name()).collect();
        assert_eq!(names.len(), Channel::ALL.len());
    }
}
