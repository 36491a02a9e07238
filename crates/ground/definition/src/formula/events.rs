//! Which events does a formula mean, and which of their fields?

use super::lex::Token;
use super::parse::{Parser, Read};
use crate::vocabulary::Known;
use timeline::{Condition, Field, Label, Test, View};

impl Parser<'_> {
    /// `'Order Completed'`, `any_of('A', 'B')` or `any_event()`, with `[where …]` behind it.
    pub(super) fn events(&mut self) -> Read<Condition> {
        let mut condition = Condition { events: self.event_names()?, tests: Vec::new() };
        if self.takes_sign("[") {
            if !self.takes_word("where") {
                return Err(self.expected(&["'where'"]));
            }
            condition.tests = self.tests()?;
            self.sign("]")?;
        }
        Ok(condition)
    }

    fn event_names(&mut self) -> Read<Vec<Box<str>>> {
        if self.takes_word("any_event") {
            self.sign("(")?;
            self.sign(")")?;
            return Ok(Vec::new());
        }
        if !self.takes_word("any_of") {
            return Ok(vec![self.event_name()?]);
        }
        self.sign("(")?;
        let mut names = vec![self.event_name()?];
        while self.takes_sign(",") {
            names.push(self.event_name()?);
        }
        self.sign(")")?;
        Ok(names)
    }

    fn event_name(&mut self) -> Read<Box<str>> {
        let begin = self.here();
        let name = self.text("the name of an event in single quotes, any_of(…) or any_event()")?;
        self.doubt(begin, Known::Events, &name);
        Ok(name.into())
    }

    /// What must hold for an event, all of it; brackets around it mean nothing.
    pub(super) fn tests(&mut self) -> Read<Vec<Test>> {
        let mut tests = self.some_tests()?;
        while self.takes_word("and") {
            tests.extend(self.some_tests()?);
        }
        Ok(tests)
    }

    fn some_tests(&mut self) -> Read<Vec<Test>> {
        if self.is_sign("(") {
            return self.nested(|parser| {
                parser.sign("(")?;
                let tests = parser.tests()?;
                parser.sign(")")?;
                Ok(tests)
            });
        }
        let Label { field, view } = self.label()?;
        Ok(vec![Test { field, view, op: self.op()? }])
    }

    /// A field, or the host or the path in it.
    pub(super) fn label(&mut self) -> Read<Label> {
        for (word, view) in [("host", View::Host), ("path", View::Path)] {
            let begin = self.here();
            if self.takes_word(word) {
                if self.takes_sign("(") {
                    let field = self.field()?;
                    self.sign(")")?;
                    return Ok(Label { field, view });
                }
                self.back_to(begin);
            }
        }
        Ok(Label { field: self.field()?, view: View::Whole })
    }

    /// A field: a bare name or one in double quotes is a property.
    pub(super) fn field(&mut self) -> Read<Field> {
        let begin = self.here();
        let field = match self.peek() {
            Some(Token::Name(name)) => Field::Property(name.as_str().into()),
            Some(Token::Word(word)) => match field_of(word) {
                Some(field) => field,
                None => return Err(self.expected(&["a property; one that is called so in \"…\""])),
            },
            _ => return Err(self.expected(&["a property", "a part of the context"])),
        };
        self.back_to(begin + 1);
        if matches!(&field, Field::Property(path) if &**path == "context") && self.takes_sign("(") {
            let path = match self.peek() {
                Some(Token::Name(name)) => Field::Context(name.as_str().into()),
                _ => return Err(self.expected(&["a part of the context in \"…\""])),
            };
            self.back_to(begin + 3);
            self.sign(")")?;
            return Ok(path);
        }
        if let Field::Property(path) = &field {
            self.doubt(begin, Known::Properties, path);
        }
        Ok(field)
    }
}

/// The field that a bare word means.
fn field_of(word: &str) -> Option<Field> {
    match word {
        "event.name" => return Some(Field::Name),
        "event.kind" => return Some(Field::Kind),
        "event.source" => return Some(Field::Source),
        _ => {}
    }
    if let Some(path) = word.strip_prefix("context.") {
        return Some(Field::Context(path.into()));
    }
    super::is_plain_path(word).then(|| Field::Property(word.into()))
}
