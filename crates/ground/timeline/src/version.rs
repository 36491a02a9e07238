//! Which of two versions of a program is the newer one?

use std::cmp::Ordering;
use std::fmt;

/// A version by the rules of Semantic Versioning 2.0. What is built (`+build`) says nothing about
/// precedence and is left out.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Version {
    core: [u64; 3],
    /// What comes before the version itself: `alpha`, `1`; empty for the version itself.
    before: Vec<Part>,
}

/// A part of what stands behind the hyphen: numbers come before words.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Part {
    Number(u64),
    Word(Box<str>),
}

impl Version {
    /// Reads `1.4.0`, `v1.4.0-rc.1+build`, and as `1.4.0` also `1.4`; `None` for anything else, such
    /// as four numbers.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
        let text = text.split_once('+').map_or(text, |(version, _)| version);
        let (core, before) = match text.split_once('-') {
            Some((core, before)) => (core, before.split('.').map(part).collect::<Option<_>>()?),
            None => (text, Vec::new()),
        };
        let mut numbers = [0; 3];
        for (k, digits) in core.split('.').enumerate() {
            *numbers.get_mut(k)? = number(digits)?;
        }
        Some(Self { core: numbers, before })
    }

    /// A text that compares with those of others, byte by byte, as the versions compare.
    #[must_use]
    pub fn key(&self) -> String {
        let [major, minor, patch] = self.core;
        let mut key = format!("{major:020}.{minor:020}.{patch:020}");
        // Behind a hyphen, as behind a dot: numbers, then words. `~` comes after a hyphen, and a
        // space before whatever a word may hold.
        key.push(if self.before.is_empty() { '~' } else { '-' });
        for part in &self.before {
            match part {
                Part::Number(number) => key.push_str(&format!("0{number:020} ")),
                Part::Word(word) => key.push_str(&format!("1{word} ")),
            }
        }
        key
    }
}

fn number(digits: &str) -> Option<u64> {
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { digits.parse().ok() } else { None }
}

fn part(text: &str) -> Option<Part> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    if text.is_empty() || !text.bytes().all(is_plain) {
        return None;
    }
    Some(number(text).map_or_else(|| Part::Word(text.into()), Part::Number))
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let before = match (self.before.is_empty(), other.before.is_empty()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) => self.before.cmp(&other.before),
        };
        self.core.cmp(&other.core).then(before)
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [major, minor, patch] = self.core;
        write!(f, "{major}.{minor}.{patch}")?;
        for (k, part) in self.before.iter().enumerate() {
            f.write_str(if k == 0 { "-" } else { "." })?;
            match part {
                Part::Number(number) => write!(f, "{number}")?,
                Part::Word(word) => f.write_str(word)?,
            }
        }
        Ok(())
    }
}

/// How something stands to a bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Than {
    /// It comes before it.
    Less,
    /// It does not come after it.
    AtMost,
    /// It is the same.
    Equal,
    /// It does not come before it.
    AtLeast,
    /// It comes after it.
    More,
}

impl Than {
    /// Whether what compares so with the bound is meant.
    #[must_use]
    pub fn takes(self, to_bound: Ordering) -> bool {
        match self {
            Self::Less => to_bound.is_lt(),
            Self::AtMost => to_bound.is_le(),
            Self::Equal => to_bound.is_eq(),
            Self::AtLeast => to_bound.is_ge(),
            Self::More => to_bound.is_gt(),
        }
    }
}

/// How a version must stand to another.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct VersionTest {
    /// How it must compare.
    pub is: Than,
    /// With which version.
    pub version: Version,
}

impl VersionTest {
    /// Whether a label is a version that compares so.
    #[must_use]
    pub fn takes(&self, label: &str) -> bool {
        Version::parse(label).is_some_and(|version| self.is.takes(version.cmp(&self.version)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn precedence_is_that_of_semantic_versioning() {
        // The chain of semver.org, section 11.
        let chain = [
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-alpha.beta",
            "1.0.0-alpha-x",
            "1.0.0-beta",
            "1.0.0-beta.2",
            "1.0.0-beta.11",
            "1.0.0-rc.1",
            "1.0.0",
            "1.9.0",
            "1.10.0",
        ];
        let read = |text| Version::parse(text).expect("a version");
        for pair in chain.windows(2) {
            assert!(read(pair[0]) < read(pair[1]), "{pair:?}");
            assert!(read(pair[0]).key() < read(pair[1]).key(), "{pair:?}");
            assert_eq!(read(pair[0]).to_string(), pair[0]);
        }
        assert_eq!(read("v1.2"), read("1.2.0+build.7"));
    }

    #[test]
    fn what_is_no_version_is_none() {
        for text in
            ["", "v", "1.", "1.2.3.4", "a.b", "1.2-", "1.2.3-a..b", "-1", "99999999999999999999"]
        {
            assert_eq!(Version::parse(text), None, "{text}");
        }
    }

    #[test]
    fn tests_hold_for_versions_alone() {
        let version = Version::parse("1.4.0").expect("a version");
        let test = |is| VersionTest { is, version: version.clone() };
        assert!(test(Than::AtLeast).takes("1.10"));
        assert!(test(Than::Less).takes("1.4.0-rc.1"));
        assert!(!test(Than::More).takes("newest"));
        assert!(!test(Than::Equal).takes("1.4.1") && !test(Than::AtMost).takes("1.4.1"));
    }
}
