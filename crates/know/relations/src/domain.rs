//! Of which organisation is an e-mail address, if of any?

use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Bytes of a domain name (RFC 1035).
const DOMAIN_BYTES_MAX: usize = 253;

/// The kept list, one domain on each line.
static KEPT: LazyLock<BTreeSet<&'static str>> = LazyLock::new(|| {
    let lines = include_str!("domain/free_mail.txt").lines().map(str::trim);
    lines.filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
});

/// Which domains say nothing about an organisation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FreeMail {
    /// Domains that do not, besides the kept list.
    pub added: BTreeSet<String>,
    /// Domains of the kept list that do.
    pub exempted: BTreeSet<String>,
}

impl FreeMail {
    /// Whether an address of `domain` says nothing about an organisation.
    #[must_use]
    pub fn includes(&self, domain: &str) -> bool {
        let is_added = self.added.iter().any(|added| is_within(domain, added));
        is_added || (KEPT.contains(domain) && !self.exempted.contains(domain))
    }

    /// Whether the kept list has `domain`.
    #[must_use]
    pub fn is_kept(domain: &str) -> bool {
        KEPT.contains(domain)
    }

    /// How many domains the kept list has.
    #[must_use]
    pub fn n_kept() -> usize {
        KEPT.len()
    }
}

/// The domain of an e-mail address, in lower case.
#[must_use]
pub fn domain_of(email: &str) -> Option<String> {
    email.rsplit_once('@').and_then(|(_, domain)| checked(domain))
}

/// The domain that a trait names, be it a domain, an address or a web page; without `www.`.
#[must_use]
pub fn domain_of_site(text: &str) -> Option<String> {
    let text = text.trim();
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    let host = host.split_once(':').map_or(host, |(host, _)| host);
    let domain = checked(host)?;
    Some(domain.strip_prefix("www.").map(str::to_owned).unwrap_or(domain))
}

/// Whether `domain` is `claimed` or lies below it.
#[must_use]
pub fn is_within(domain: &str, claimed: &str) -> bool {
    domain.strip_suffix(claimed).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// The name in lower case, if it has the form of a domain of at least two labels.
fn checked(raw: &str) -> Option<String> {
    let domain = raw.trim().trim_end_matches('.').to_lowercase();
    let good = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    let n_labels = domain.split('.').count();
    let is_number =
        domain.rsplit('.').next().is_some_and(|l| l.bytes().all(|b| b.is_ascii_digit()));
    let whole = n_labels >= 2 && domain.len() <= DOMAIN_BYTES_MAX && !is_number;
    (whole && domain.split('.').all(good)).then_some(domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_are_found_or_refused() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(domain_of_site(text).as_deref(), expected, "{text}");
        };
        check("Acme.com", Some("acme.com"));
        check("https://www.acme.co.uk/about?x=1", Some("acme.co.uk"));
        check("http://acme.com:8080", Some("acme.com"));
        check("info@acme.com", Some("acme.com"));
        check("bücher.example", Some("bücher.example"));
        for nothing in ["acme", "", "10.0.0.1", "a..b", "acme com", "https://"] {
            check(nothing, None);
        }
        assert_eq!(domain_of("Ann@Mail.Acme.com").as_deref(), Some("mail.acme.com"));
        assert_eq!(domain_of("ann"), None);
    }

    #[test]
    fn a_domain_includes_those_below_it_and_no_others() {
        assert!(is_within("acme.com", "acme.com"));
        assert!(is_within("mail.acme.com", "acme.com"));
        assert!(!is_within("notacme.com", "acme.com"));
        assert!(!is_within("acme.com", "mail.acme.com"));
    }

    #[test]
    fn free_mail_is_a_kept_list_with_exceptions() {
        let mut free = FreeMail::default();
        assert!(free.includes("gmail.com") && free.includes("gmx.de"));
        assert!(!free.includes("acme.com"));
        free.added.insert("campus.example".to_owned());
        free.exempted.insert("vodafone.de".to_owned());
        assert!(free.includes("mail.campus.example") && !free.includes("vodafone.de"));
        assert!(KEPT.iter().all(|domain| checked(domain).as_deref() == Some(domain)));
        assert!(FreeMail::n_kept() > 100 && FreeMail::is_kept("web.de"));
    }
}
