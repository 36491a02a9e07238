//! What is said in a small world, and what is left of it when somebody is forgotten?

use super::Dice;
use base::{Duration, Timestamp};
use lexicon::{Identifier, IdentifierKind, LinkRule};
use std::collections::BTreeSet;

/// The identifiers that a world may come to have.
pub fn names_of(world: u64) -> Vec<Identifier> {
    let all = |name: fn(u64, u64) -> Identifier, n| (0..n).map(move |i| name(i, world));
    all(user, 4).chain(all(browser, 4)).chain(all(email, 3)).collect()
}

fn user(n: u64, world: u64) -> Identifier {
    formed(IdentifierKind::UserId, &format!("u{n}w{world}"))
}

fn browser(n: u64, world: u64) -> Identifier {
    formed(IdentifierKind::AnonymousId, &format!("a{n}w{world}"))
}

fn email(n: u64, world: u64) -> Identifier {
    formed(IdentifierKind::Email, &format!("m{n}w{world}@example.com"))
}

fn formed(kind: IdentifierKind, value: &str) -> Identifier {
    Identifier::formed(kind, value).unwrap()
}

/// An event of a world: somebody looks around, says who they are, or buys something.
#[derive(Clone, Debug)]
pub struct Said {
    n: u64,
    world: u64,
    user: Option<u64>,
    browser: Option<u64>,
    what: What,
    /// When it happened.
    pub at: Timestamp,
    /// When it reaches us.
    pub heard_at: Timestamp,
    /// Whether it counts: nobody whom it is about was erased.
    pub is_left: bool,
}

#[derive(Clone, Debug)]
enum What {
    Order { total: u64 },
    Address { email: Option<u64>, is_verified: bool, city: u64 },
    Name(u64),
    Page(u64),
}

impl Said {
    /// Anything, as the `n`th event of a world, at the time `now`: it happened lately, or before all
    /// of this.
    pub fn any(world: u64, n: u64, now: Timestamp, dice: &mut Dice) -> Self {
        let (user, browser) = (Some(dice.below(4)), Some(dice.below(4)));
        let (user, browser) = match dice.below(3) {
            0 => (None, browser),
            1 => (user, None),
            _ => (user, browser),
        };
        let at = match dice.below(2) {
            0 => now.minus(Duration::seconds(60 * dice.below(240) as i64)),
            _ => now.minus(Duration::hours(24 + dice.below(400) as i64)),
        };
        let what = match dice.below(4) {
            0 => What::Order { total: dice.below(90) },
            1 => What::Address {
                email: Some(dice.below(3)),
                is_verified: dice.below(3) == 0,
                city: dice.below(3),
            },
            2 => What::Name(dice.below(5)),
            _ => What::Page(dice.below(5)),
        };
        Self { n, world, user, browser, what, at, heard_at: now, is_left: true }
    }

    /// The identifier that it comes under.
    pub fn came_under(&self) -> Identifier {
        let by_user = self.user.map(|n| user(n, self.world));
        by_user.or_else(|| self.browser.map(|n| browser(n, self.world))).expect("somebody said it")
    }

    /// Everybody whom it names.
    pub fn names(&self) -> Vec<Identifier> {
        let by_browser = self.browser.map(|n| browser(n, self.world));
        let by_email = self.email().map(|n| email(n, self.world));
        let under = self.came_under();
        let others = by_browser.into_iter().chain(by_email).filter(|name| *name != under);
        std::iter::once(under.clone()).chain(others).collect()
    }

    /// Which of them it says belong together, and how sure that is.
    pub fn links(&self) -> Vec<(BTreeSet<Identifier>, LinkRule)> {
        let under = self.came_under();
        let to = |name: Identifier, rule| (BTreeSet::from([under.clone(), name]), rule);
        let by_browser = self.browser.map(|n| to(browser(n, self.world), LinkRule::SameEvent));
        let by_email = match self.what {
            What::Address { email: Some(n), is_verified, .. } => {
                let rule = if is_verified { LinkRule::Verified } else { LinkRule::Trait };
                Some(to(email(n, self.world), rule))
            }
            _ => None,
        };
        let all = by_browser.into_iter().chain(by_email);
        all.filter(|(ends, _)| ends.len() == 2).collect()
    }

    fn email(&self) -> Option<u64> {
        match self.what {
            What::Address { email, .. } => email,
            What::Order { .. } | What::Name(_) | What::Page(_) => None,
        }
    }

    /// Takes what it says of these out of it; it does not come under any of them.
    pub fn redact(&mut self, erased: &BTreeSet<Identifier>) {
        assert!(!erased.contains(&self.came_under()));
        self.browser = self.browser.filter(|&n| !erased.contains(&browser(n, self.world)));
        if let What::Address { email: said, .. } = &mut self.what {
            *said = said.filter(|&n| !erased.contains(&email(n, self.world)));
        }
    }

    /// The event as a sender says it.
    pub fn json(&self) -> String {
        let Self { n, world, at, .. } = self;
        let user = self.user.map(|user| format!(r#""userId":"u{user}w{world}","#));
        let browser = self.browser.map(|n| format!(r#""anonymousId":"a{n}w{world}","#));
        let head = format!(
            r#"{{{}{}"messageId":"e{n}w{world}","timestamp":"{at}","#,
            user.unwrap_or_default(),
            browser.unwrap_or_default()
        );
        let rest = match &self.what {
            What::Order { total } => format!(
                r#""type":"track","event":"Order Completed","properties":{{"order_id":"o{n}",
                   "total":{total},"currency":"EUR"}}"#
            ),
            What::Address { email, is_verified, city } => {
                let email = email.map(|n| format!(r#""email":"m{n}w{world}@example.com","#));
                format!(
                    r#""type":"identify","traits":{{{}"email_verified":{is_verified},
                       "city":"c{city}"}}"#,
                    email.unwrap_or_default()
                )
            }
            What::Name(name) => format!(r#""type":"identify","traits":{{"name":"n{name}"}}"#),
            What::Page(page) => format!(r#""type":"page","name":"p{page}""#),
        };
        format!("{head}{rest}}}")
    }
}
