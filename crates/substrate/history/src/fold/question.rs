//! Which columns does a fold need, and which rows count for it?
//!
//! Fields are codes in memory, so whether a name counts, whether a label passes a test and which
//! part of an address is looked at is decided once per text of the dictionary, not once per row.

use super::options::FactColumns;
use super::slab::{Slab, Strip};
use crate::error::HistoryError;
use crate::hot::{Codes, ColumnKey, Dictionaries, Dictionary};
use base::CustomerId;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use timeline::{
    ABSENT, Ask, Condition, Fact, FactTest, Field, Label, Marks, Test, Texts, View, Window,
};

/// The columns and traits that several folds need together.
#[derive(Debug, Default)]
pub(crate) struct Wanted {
    pub columns: Vec<ColumnKey>,
    pub traits: Vec<Fact>,
}

impl Wanted {
    fn column(&mut self, key: ColumnKey) -> usize {
        place_of(&mut self.columns, key)
    }
}

fn place_of<T: PartialEq>(all: &mut Vec<T>, one: T) -> usize {
    all.iter().position(|known| *known == one).unwrap_or_else(|| {
        all.push(one);
        all.len() - 1
    })
}

/// What a fold asks, in terms of the columns of [`Wanted`].
#[derive(Debug)]
pub(crate) struct Question {
    pub window: Window,
    conditions: Vec<Condition>,
    /// The column of names, where a condition names events.
    names: Option<usize>,
    tests: Vec<TestAt>,
    pub numbers: Vec<usize>,
    pub labels: Vec<LabelAt>,
    pub traits: Vec<usize>,
    /// What must hold for customers, each with the place of its trait.
    who: Vec<(usize, FactTest)>,
}

#[derive(Debug)]
struct TestAt {
    bit: Marks,
    column: usize,
    test: Test,
}

#[derive(Debug)]
pub(crate) struct LabelAt {
    pub column: usize,
    field: Field,
    view: View,
    /// What the codes stand for, where only a part of the field is looked at.
    parts: Mutex<Texts>,
}

impl Question {
    /// What `ask` needs, with its columns added to `wanted`.
    pub fn new(ask: &Ask, wanted: &mut Wanted) -> Self {
        let has_names = ask.conditions.iter().any(|condition| !condition.events.is_empty());
        let names = has_names.then(|| wanted.column(ColumnKey::Label(Field::Name)));
        let mut tests = Vec::new();
        for (k, condition) in ask.conditions.iter().enumerate() {
            for test in &condition.tests {
                let field = test.field.clone();
                let is_numeric = test.op.is_numeric();
                let key =
                    if is_numeric { ColumnKey::Number(field) } else { ColumnKey::Label(field) };
                let column = wanted.column(key);
                tests.push(TestAt { bit: 1 << k, column, test: test.clone() });
            }
        }
        let number = |field: &Field| wanted.column(ColumnKey::Number(field.clone()));
        let numbers = ask.numbers.iter().map(number).collect();
        let label = |Label { field, view }: &Label| LabelAt {
            column: wanted.column(ColumnKey::Label(field.clone())),
            field: field.clone(),
            view: *view,
            parts: Mutex::default(),
        };
        let labels = ask.labels.iter().map(label).collect();
        let facts = ask.traits.iter().cloned();
        let traits = facts.map(|fact| place_of(&mut wanted.traits, fact)).collect();
        let test =
            |test: &FactTest| (place_of(&mut wanted.traits, test.fact.clone()), test.clone());
        let who = ask.who.iter().map(test).collect();
        let (window, conditions) = (ask.window, ask.conditions.clone());
        Self { window, conditions, names, tests, numbers, labels, traits, who }
    }

    /// Which of some customers are looked at, into `whom`; nothing where all are. `of` has the
    /// codes of all traits by customer.
    pub fn choose(&self, traits: &Traits, of: &[&[u32]], whom: &mut Vec<bool>) {
        whom.clear();
        for (k, (place, test)) in self.who.iter().enumerate() {
            let texts = traits.lock(*place);
            let takes = |code: u32| test.takes(texts.text(code).map(|text| &**text));
            if k == 0 {
                whom.extend(of[*place].iter().map(|&code| takes(code)));
            } else {
                let both = whom.iter_mut().zip(of[*place]);
                both.for_each(|(is_one, &code)| *is_one = *is_one && takes(code));
            }
        }
    }

    /// The texts of its labels.
    pub fn texts(&self, dictionaries: &Dictionaries) -> Vec<Texts> {
        let texts = |label: &LabelAt| match label.view {
            View::Whole => dictionaries.of(&label.field).read().clone(),
            View::Host | View::Path => label.parts().clone(),
        };
        self.labels.iter().map(texts).collect()
    }

    /// Which conditions hold for each row, into `marks`; nothing where it has no conditions.
    pub fn mark(&self, slab: &Slab<'_>, tables: &Tables, marks: &mut Vec<Marks>) {
        let columns = &slab.columns;
        marks.clear();
        if self.conditions.is_empty() {
            return;
        }
        match self.names.map(|column| columns[column].codes()) {
            Some(Codes::Narrow(codes)) => {
                marks.extend(codes.iter().map(|&code| tables.marks[usize::from(code)]));
            }
            Some(Codes::Wide(codes)) => {
                marks.extend(codes.iter().map(|&code| tables.marks[code as usize]));
            }
            None => {
                let all = (0..self.conditions.len()).fold(0, |all, k| all | 1 << k);
                marks.resize(slab.times.len(), all);
            }
        }
        for (test, table) in self.tests.iter().zip(&tables.tests) {
            test.apply(columns[test.column], table, marks);
        }
    }

    /// The names of events of which all rows that count are; `None` where any may be.
    pub fn names(&self) -> Option<impl Iterator<Item = &Box<str>>> {
        let names_all = self.conditions.iter().all(|condition| !condition.events.is_empty());
        let conditions = (names_all && !self.conditions.is_empty()).then_some(&self.conditions)?;
        Some(conditions.iter().flat_map(|condition| &condition.events))
    }

    /// Whether some condition holds for every row, if all have names that conditions name
    /// (`are_named`).
    pub fn all_count(&self, are_named: bool) -> bool {
        let takes_all = |c: &Condition| c.tests.is_empty() && c.events.is_empty();
        self.conditions.iter().any(takes_all) || (are_named && self.tests.is_empty())
    }

    /// Whether any row of these columns may count, by the names alone.
    pub fn may_count(&self, tables: &Tables) -> bool {
        self.names.is_none() || tables.marks.iter().any(|marks| *marks != 0)
    }
}

impl TestAt {
    /// Takes the bit from rows for which the test does not hold.
    fn apply(&self, strip: Strip<'_>, table: &[bool], marks: &mut [Marks]) {
        let bit = self.bit;
        let without = |marks: &mut Marks, holds: bool| *marks &= !(bit * Marks::from(!holds));
        match strip {
            Strip::Numbers(numbers) => {
                for (marks, number) in marks.iter_mut().zip(numbers) {
                    without(marks, self.test.op.takes_number(*number));
                }
            }
            Strip::Codes(Codes::Narrow(codes)) => {
                for (marks, code) in marks.iter_mut().zip(codes) {
                    without(marks, table[usize::from(*code)]);
                }
            }
            Strip::Codes(Codes::Wide(codes)) => {
                for (marks, code) in marks.iter_mut().zip(codes) {
                    without(marks, table[*code as usize]);
                }
            }
        }
    }
}

impl LabelAt {
    fn parts(&self) -> MutexGuard<'_, Texts> {
        // A text is added whole or not at all.
        self.parts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What has been decided about the texts of the dictionaries so far; each worker has its own.
#[derive(Debug, Default)]
pub(crate) struct Tables {
    /// By code of a name: the conditions that take it.
    marks: Vec<Marks>,
    /// By test of labels and code: whether it holds.
    tests: Vec<Vec<bool>>,
    /// By label and code of the whole: the code of the part; empty where the whole is looked at.
    parts: Vec<Vec<u32>>,
}

impl Tables {
    /// Decides about what the dictionaries have learnt since. Called after the columns of a slab
    /// are loaded and before its rows are looked at.
    pub fn extend(&mut self, question: &Question, dictionaries: &[Option<Arc<Dictionary>>]) {
        if let Some(names) = question.names.and_then(|column| dictionaries[column].as_ref()) {
            let marks_of = |name: Option<&str>| {
                let holds = |k: &usize| {
                    let condition = &question.conditions[*k];
                    name.map_or(condition.events.is_empty(), |name| condition.takes_name(name))
                };
                (0..question.conditions.len()).filter(holds).fold(0, |marks, k| marks | 1 << k)
            };
            grow(&mut self.marks, names, marks_of);
        }
        self.tests.resize_with(question.tests.len(), Vec::new);
        for (table, test) in self.tests.iter_mut().zip(&question.tests) {
            if let Some(dictionary) = &dictionaries[test.column] {
                grow(table, dictionary, |text| test.test.takes_label(text));
            }
        }
        self.parts.resize_with(question.labels.len(), Vec::new);
        for (table, label) in self.parts.iter_mut().zip(&question.labels) {
            let dictionary = dictionaries[label.column].as_ref();
            if label.view != View::Whole
                && let Some(dictionary) = dictionary
            {
                let part = |text: Option<&str>| {
                    text.map_or(ABSENT, |text| label.parts().code(&label.view.of(text)))
                };
                grow(table, dictionary, part);
            }
        }
    }

    /// The codes of the `k`-th label of each row, as [`Question::texts`] resolves them.
    pub fn label_codes<'o>(
        &self,
        question: &Question,
        k: usize,
        columns: &[Strip<'o>],
        out: &'o mut Vec<u32>,
    ) -> &'o [u32] {
        let LabelAt { column, view, .. } = &question.labels[k];
        let codes = columns[*column].codes();
        if *view == View::Whole {
            return match codes {
                Codes::Wide(codes) => codes,
                Codes::Narrow(codes) => {
                    out.clear();
                    out.extend(codes.iter().map(|&code| u32::from(code)));
                    out
                }
            };
        }
        let table = &self.parts[k];
        out.clear();
        match codes {
            Codes::Wide(codes) => out.extend(codes.iter().map(|&code| table[code as usize])),
            Codes::Narrow(codes) => {
                out.extend(codes.iter().map(|&code| table[usize::from(code)]));
            }
        }
        out
    }
}

/// Extends a table by code over the whole dictionary.
fn grow<T>(table: &mut Vec<T>, dictionary: &Dictionary, of: impl Fn(Option<&str>) -> T) {
    let texts = dictionary.read();
    for code in table.len()..=texts.len() {
        let text = texts.text(u32::try_from(code).expect("codes are below 2^32"));
        table.push(of(text.map(|text| &**text)));
    }
}

/// What is known of customers as codes, for one pass.
#[derive(Debug)]
pub(crate) struct Traits {
    facts: Vec<Fact>,
    texts: Vec<Mutex<Texts>>,
}

impl Traits {
    pub fn new(facts: Vec<Fact>) -> Self {
        let texts = facts.iter().map(|_| Mutex::default()).collect();
        Self { facts, texts }
    }

    /// The codes of each trait for each of `customers`.
    pub fn codes(
        &self,
        of: &dyn FactColumns,
        customers: &[CustomerId],
    ) -> Result<Vec<Vec<u32>>, HistoryError> {
        let codes_of = |k: usize| {
            let fact = &self.facts[k];
            let mut codes = vec![ABSENT; customers.len()];
            let mut texts = self.lock(k);
            let put = &mut |place: usize, label: &str| codes[place] = texts.code(label);
            of.labels(fact, customers, put)
                .map_err(|source| HistoryError::Facts { fact: fact.to_string(), source })?;
            Ok(codes)
        };
        (0..self.texts.len()).map(codes_of).collect()
    }

    /// What the codes of the `k`-th trait stand for.
    pub fn texts(&self, k: usize) -> Texts {
        self.lock(k).clone()
    }

    fn lock(&self, k: usize) -> MutexGuard<'_, Texts> {
        // A text is added whole or not at all.
        self.texts[k].lock().unwrap_or_else(PoisonError::into_inner)
    }
}
