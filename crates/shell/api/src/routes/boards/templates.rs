//! Which boards can be made at once?
//!
//! Their cards ask for events by the names of the public specifications (Segment's e-commerce,
//! e-mail and B2B SaaS events). Where no source sends these, a card says that there is nothing.

use crate::error::ApiError;
use crate::wire::board::{BoardTemplate, Card, cards};

/// A board that can be made at once.
pub struct Template {
    pub key: &'static str,
    pub name: &'static str,
    pub note: &'static str,
    /// As JSON.
    cards: &'static str,
}

/// All of them, in the order in which they are offered.
pub fn all() -> &'static [Template] {
    &[
        Template {
            key: "shop",
            name: "Shop",
            note: "What is sold, to how many, and where those stop who do not buy.",
            cards: include_str!("templates/shop.json"),
        },
        Template {
            key: "web",
            name: "Web traffic",
            note: "Who comes, from where, and what they look at.",
            cards: include_str!("templates/web.json"),
        },
        Template {
            key: "subscription",
            name: "Subscriptions",
            note: "Trials that become subscriptions, and subscriptions that end.",
            cards: include_str!("templates/subscription.json"),
        },
        Template {
            key: "email",
            name: "E-mail",
            note: "What arrives, what is opened, and what comes of it.",
            cards: include_str!("templates/email.json"),
        },
    ]
}

/// The template with this key.
pub fn find(key: &str) -> Option<&'static Template> {
    all().iter().find(|template| template.key == key)
}

impl Template {
    /// Its cards.
    ///
    /// # Errors
    /// None: a test reads every template.
    pub fn cards(&self) -> Result<Vec<Card>, ApiError> {
        cards(self.cards)
    }

    /// The wire twin.
    ///
    /// # Errors
    /// None: a test reads every template.
    pub fn told(&self) -> Result<BoardTemplate, ApiError> {
        Ok(BoardTemplate {
            key: self.key.to_owned(),
            name: self.name.to_owned(),
            note: self.note.to_owned(),
            n_cards: self.cards()?.len(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routes::insights;
    use crate::wire::board::{CardAsk, content};
    use base::Timestamp;

    #[test]
    fn every_template_can_be_kept() {
        for template in all() {
            let cards = template.cards().unwrap_or_else(|e| panic!("{}: {e:?}", template.key));
            let kept = content((template.name.to_owned(), String::new()), &cards);
            let kept = kept.unwrap_or_else(|error| panic!("{}: {error:?}", template.key));
            assert!(kept.n_cards >= 5, "{}", template.key);
            let overlap = |a: &Card, b: &Card| {
                let (a, b) = (a.place, b.place);
                a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h
            };
            for (k, card) in cards.iter().enumerate() {
                let CardAsk::Question(question) = &card.ask else {
                    panic!("{}: a house may have no metric", card.id);
                };
                let now = Timestamp(1_767_571_200_000_000);
                let checked = insights::check(question, now);
                checked.unwrap_or_else(|error| panic!("{}: {error:?}", card.id));
                let under = cards[..k].iter().find(|other| overlap(card, other));
                assert!(under.is_none(), "{} lies on {:?}", card.id, under.map(|card| &card.id));
            }
        }
    }
}
