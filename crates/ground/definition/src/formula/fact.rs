//! Which fact does a formula look at?

use super::error::FormulaError;
use super::parse::{Parser, Read};
use crate::criterion::{Criterion, FactCriterion, FactIs};
use crate::vocabulary::Known;
use lexicon::{Channel, Purpose};
use timeline::{Fact, HeldBy, Op, Own, RelationCount};

/// The functions that give a fact.
pub(super) const FACTS: [&str; 10] = [
    "trait",
    "list",
    "account",
    "own",
    "holding",
    "relation",
    "permission",
    "consent",
    "segment",
    "computed",
];

impl Parser<'_> {
    /// A fact and what must hold for it, after its name; `None` where the name is none of a fact.
    pub(super) fn fact_test(&mut self, name: &str) -> Read<Option<Criterion>> {
        let fact = match name {
            "consents" => {
                let fact = self.purpose_and_channel()?;
                let fact = Fact::Permission(fact.0, fact.1);
                return Ok(Some(of(fact, Op::Is(vec!["yes".into()]))));
            }
            "in_segment" => {
                return self.segment().map(|fact| Some(of(fact, Op::Exists)));
            }
            _ if FACTS.contains(&name) => self.fact(name)?,
            _ => return Ok(None),
        };
        let is = match self.date_test()? {
            Some(test) => FactIs::Date(test),
            None => FactIs::Op(self.fact_op()?),
        };
        Ok(Some(FactCriterion { fact, is }.into()))
    }

    /// A test of a label, where a date is none: these are tested relative to today.
    fn fact_op(&mut self) -> Read<Op> {
        let begin = self.here();
        match self.op()? {
            Op::When(_) => Err(self.expected_at(
                begin,
                &[
                    "is in the last …",
                    "is in the next …",
                    "is before …",
                    "is after …",
                    "is on …",
                    "is yearly in the next …",
                ],
            )),
            op => Ok(op),
        }
    }

    fn fact(&mut self, name: &str) -> Read<Fact> {
        match name {
            "trait" => self.named(Known::Traits).map(Fact::Trait),
            "list" => self.named(Known::Traits).map(Fact::List),
            "account" => self.named(Known::AccountTraits).map(Fact::Account),
            "own" => self.one_of(Own::ALL, Own::word).map(Fact::Own),
            "relation" => self.one_of(RelationCount::ALL, RelationCount::word).map(Fact::Relation),
            "holding" => self.holding(),
            "permission" => {
                let (purpose, channel) = self.purpose_and_channel()?;
                Ok(Fact::Permission(purpose, channel))
            }
            "consent" => {
                let (purpose, channel) = self.purpose_and_channel()?;
                Ok(Fact::Consent(purpose, channel))
            }
            "segment" => self.segment(),
            _ => self.computed(),
        }
    }

    fn named(&mut self, kind: Known) -> Read<Box<str>> {
        self.sign("(")?;
        let begin = self.here();
        let name = self.text("the name of a trait in single quotes")?;
        self.doubt(begin, kind, &name);
        self.sign(")")?;
        Ok(name.into())
    }

    /// One of a closed set of words, as a text.
    fn one_of<T: Copy>(&mut self, all: &[T], word: impl Fn(T) -> &'static str) -> Read<T> {
        self.sign("(")?;
        let expected: Vec<String> = all.iter().map(|one| format!("'{}'", word(*one))).collect();
        let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
        let begin = self.here();
        let text = self.text(expected[0]).map_err(|_| self.expected(&expected))?;
        let found = all.iter().copied().find(|one| word(*one) == text);
        let found = found.ok_or_else(|| self.expected_at(begin, &expected))?;
        self.sign(")")?;
        Ok(found)
    }

    fn holding(&mut self) -> Read<Fact> {
        self.sign("(")?;
        let value = self.text("a product in single quotes")?;
        let mut by = HeldBy::Name;
        if self.takes_sign(",") {
            if !self.takes_word("by") {
                return Err(self.expected(&["by => 'product', 'name' or 'category'"]));
            }
            self.sign("=>")?;
            by = self.text_as("'product', 'name' or 'category'", HeldBy::from_word)?;
        }
        self.sign(")")?;
        Ok(Fact::Holding(by, value.into()))
    }

    fn purpose_and_channel(&mut self) -> Read<(Purpose, Channel)> {
        self.sign("(")?;
        let purpose = self.text_as("a purpose such as 'marketing'", Purpose::new)?;
        self.sign(",")?;
        let channel = self.text("a channel such as 'email'")?;
        self.sign(")")?;
        Ok((purpose, Channel::new(&channel)))
    }

    fn segment(&mut self) -> Read<Fact> {
        let (begin, key) = self.key()?;
        match self.names.segment(&key) {
            Some(id) => Ok(Fact::Segment(id)),
            None => Err(self.unknown((begin, &key), Known::Segments, "the key of a segment")),
        }
    }

    fn computed(&mut self) -> Read<Fact> {
        let (begin, key) = self.key()?;
        match self.names.computed(&key) {
            Some(id) => Ok(Fact::Computed(id)),
            None => {
                Err(self.unknown((begin, &key), Known::Computed, "the key of a computed trait"))
            }
        }
    }

    fn key(&mut self) -> Read<(usize, String)> {
        self.sign("(")?;
        let begin = self.here();
        let key = self.text("a key in single quotes")?;
        self.sign(")")?;
        Ok((begin, key))
    }

    fn unknown(&self, (token, key): (usize, &str), kind: Known, expected: &str) -> FormulaError {
        let near = self.names.near(kind, key);
        let suggest = near.into_iter().map(|key| format!("'{key}'")).collect();
        FormulaError { suggest, ..self.expected_at(token, &[expected]) }
    }
}

fn of(fact: Fact, op: Op) -> Criterion {
    FactCriterion { fact, is: FactIs::Op(op) }.into()
}
