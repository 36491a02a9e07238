//! How are facts and tests of them written as JSON?

use super::event;
use super::fields::{Fields, expected};
use crate::criterion::{FactCriterion, FactIs};
use crate::dates::{DateTest, Moment};
use crate::error::{BadDefinition, Problem};
use crate::length::Length;
use crate::vocabulary::Vocabulary;
use jiff::civil::Date;
use lexicon::{Channel, Purpose};
use serde_json::{Map, Value, json};
use timeline::{Fact, HeldBy, Own, RelationCount};

type Read<T> = Result<T, BadDefinition>;

pub(super) fn write(of: &FactCriterion, names: &dyn Vocabulary, json: &mut Map<String, Value>) {
    json.insert("fact".into(), write_fact(&of.fact, names));
    match &of.is {
        FactIs::Op(op) => event::write_op(op, json),
        FactIs::Date(test) => {
            if let Value::Object(fields) = write_date(test) {
                json.extend(fields);
            }
        }
    }
}

pub(super) fn read(fields: &Fields<'_>, names: &dyn Vocabulary) -> Read<FactCriterion> {
    let fact = read_fact(fields.get("fact")?, &fields.path("fact"), names)?;
    let is = match read_date(fields)? {
        Some(test) => FactIs::Date(test),
        None => FactIs::Op(event::read_op(fields)?),
    };
    Ok(FactCriterion { fact, is })
}

fn write_fact(fact: &Fact, names: &dyn Vocabulary) -> Value {
    match fact {
        Fact::Trait(name) => json!({ "of": "trait", "name": name }),
        Fact::List(name) => json!({ "of": "list", "name": name }),
        Fact::Account(name) => json!({ "of": "account", "name": name }),
        Fact::Own(own) => json!({ "of": "own", "name": own.word() }),
        Fact::Relation(count) => json!({ "of": "relation", "name": count.word() }),
        Fact::Permission(purpose, channel) => json!({
            "of": "permission", "purpose": purpose.as_str(), "channel": channel.as_str(),
        }),
        Fact::Consent(purpose, channel) => json!({
            "of": "consent", "purpose": purpose.as_str(), "channel": channel.as_str(),
        }),
        Fact::Holding(by, value) => json!({ "of": "holding", "by": by.word(), "value": value }),
        Fact::Segment(id) => json!({ "of": "segment", "segment": names.key_of_segment(*id) }),
        Fact::Computed(id) => json!({ "of": "computed", "trait": names.key_of_computed(*id) }),
    }
}

fn read_fact(value: &Value, path: &str, names: &dyn Vocabulary) -> Read<Fact> {
    let fields = Fields::of(value, path)?;
    let name = || fields.text("name").map(Into::into);
    let about = || -> Read<(Purpose, Channel)> {
        let purpose = fields.read("purpose", "a purpose such as marketing", Purpose::new)?;
        Ok((purpose, Channel::new(fields.text("channel")?)))
    };
    let fact = match fields.text("of")? {
        "trait" => Fact::Trait(name()?),
        "list" => Fact::List(name()?),
        "account" => Fact::Account(name()?),
        "own" => Fact::Own(fields.read("name", &words(Own::ALL, Own::word), Own::from_word)?),
        "relation" => {
            let words = words(RelationCount::ALL, RelationCount::word);
            Fact::Relation(fields.read("name", &words, RelationCount::from_word)?)
        }
        "permission" => about().map(|(purpose, channel)| Fact::Permission(purpose, channel))?,
        "consent" => about().map(|(purpose, channel)| Fact::Consent(purpose, channel))?,
        "holding" => {
            let by = fields.read("by", &words(HeldBy::ALL, HeldBy::word), HeldBy::from_word)?;
            Fact::Holding(by, fields.text("value")?.into())
        }
        "segment" => {
            let key = fields.text("segment")?;
            Fact::Segment(names.segment(key).ok_or_else(|| unknown(&fields, "segment", key))?)
        }
        "computed" => {
            let key = fields.text("trait")?;
            Fact::Computed(names.computed(key).ok_or_else(|| unknown(&fields, "trait", key))?)
        }
        _ => return Err(expected(&fields.path("of"), FACTS)),
    };
    fields.done()?;
    Ok(fact)
}

const FACTS: &str = "trait, list, account, own, relation, permission, consent, holding, segment or \
                     computed";

fn unknown(fields: &Fields<'_>, field: &str, key: &str) -> BadDefinition {
    let what = format!("the key of one that there is, not '{key}'");
    BadDefinition::new(fields.path(field), Problem::Expected { what })
}

fn words<T: Copy>(all: &[T], word: impl Fn(T) -> &'static str) -> String {
    let all: Vec<String> = all.iter().map(|one| word(*one).to_owned()).collect();
    crate::words::list(&all, "or")
}

fn write_date(test: &DateTest) -> Value {
    let of_length = |op: &str, length: &Length| json!({ "op": op, "length": length.to_string() });
    match test {
        DateTest::InLast(length) => of_length("in_last", length),
        DateTest::InNext(length) => of_length("in_next", length),
        DateTest::MoreThanAgo(length) => of_length("more_than_ago", length),
        DateTest::MoreThanAhead(length) => of_length("more_than_ahead", length),
        DateTest::Before(moment) => json!({ "op": "before", "at": moment.to_string() }),
        DateTest::After(moment) => json!({ "op": "after", "at": moment.to_string() }),
        DateTest::On(day) => json!({ "op": "on", "day": day.to_string() }),
        DateTest::YearlyInNext { n_days } => json!({ "op": "yearly_in_next", "days": n_days }),
        DateTest::YearlyInLast { n_days } => json!({ "op": "yearly_in_last", "days": n_days }),
    }
}

/// The test of a date, where it is one.
fn read_date(fields: &Fields<'_>) -> Read<Option<DateTest>> {
    let length = || fields.read("length", "a length such as 30 days", Length::parse);
    let moment = || fields.read("at", "a date or a time", Moment::parse);
    let day = |text: &str| text.parse::<Date>().ok();
    Ok(Some(match fields.text("op")? {
        "in_last" => DateTest::InLast(length()?),
        "in_next" => DateTest::InNext(length()?),
        "more_than_ago" => DateTest::MoreThanAgo(length()?),
        "more_than_ahead" => DateTest::MoreThanAhead(length()?),
        "before" => DateTest::Before(moment()?),
        "after" => DateTest::After(moment()?),
        "on" => DateTest::On(fields.read("day", "a date such as 2026-01-31", day)?),
        "yearly_in_next" => DateTest::YearlyInNext { n_days: fields.whole("days")? },
        "yearly_in_last" => DateTest::YearlyInLast { n_days: fields.whole("days")? },
        _ => return Ok(None),
    }))
}
