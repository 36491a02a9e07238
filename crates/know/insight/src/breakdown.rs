//! Into which groups does an answer fall?
//!
//! Events are grouped by what stands in one of their fields, or by a trait of their customer. The
//! values with the most events get a group of their own, the rest is "other", and what has no
//! value at all is a group as well: groups always add up to the whole.

use crate::error::{self, BadDefinition, Problem};
use crate::visits::Arrivals;
use crate::words;
use std::sync::Arc;
use timeline::{ABSENT, Ask, Fact, Field, Label, Op, Rows, Test, Texts};

/// Groups where a definition does not say how many.
pub const GROUPS_DEFAULT: usize = 10;
/// Groups of their own at most.
pub const GROUPS_MAX: usize = 100;

/// What is grouped by, and into how many groups.
#[derive(Clone, Debug, PartialEq)]
pub struct Breakdown {
    /// What is looked at.
    pub by: By,
    /// Values with a group of their own at most; the rest is "other".
    pub n_groups: usize,
}

/// What is looked at.
#[derive(Clone, Debug, PartialEq)]
pub enum By {
    /// A field of the event.
    Label(Label),
    /// A trait of the customer as it is now.
    Trait(Box<str>),
    /// The channel of the visit in which the event stands; see [`visits`](crate::visits).
    Channel {
        /// Hosts of the company besides that of the page itself: a visit from there has no
        /// referrer.
        own_hosts: Vec<Box<str>>,
    },
}

/// A group of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Group {
    /// Everything: there is no breakdown.
    All,
    /// This value.
    Value(Arc<str>),
    /// One of the values that have no group of their own.
    Other {
        /// How many values that are.
        n_values: usize,
    },
    /// No value.
    Absent,
}

/// Where a fold finds the code of a row's group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codes {
    /// Everything is one group.
    None,
    /// In this column of labels, row by row.
    Label(usize),
    /// In this column of traits, the same for all rows of a customer.
    Trait(usize),
    /// It is the number of a kind of visit, as [`Arrivals`] tells them.
    Visit,
}

impl Breakdown {
    /// That it can be used where channels are not told apart.
    ///
    /// # Errors
    /// Names the field that cannot.
    pub fn check(&self) -> Result<(), BadDefinition> {
        if matches!(self.by, By::Channel { .. }) {
            let problem = Problem::Unfit("only trends and funnels can be asked by channel");
            return Err(BadDefinition::new("by", problem));
        }
        self.check_with_channel()
    }

    /// That it can be used where channels may be told apart.
    ///
    /// # Errors
    /// Names the field that cannot.
    pub(crate) fn check_with_channel(&self) -> Result<(), BadDefinition> {
        error::some("n_groups", self.n_groups, GROUPS_MAX)?;
        let path = match &self.by {
            By::Label(Label { field: Field::Property(path) | Field::Context(path), .. }) => path,
            By::Trait(name) => name,
            By::Label(_) | By::Channel { .. } => return Ok(()),
        };
        if path.is_empty() {
            return Err(BadDefinition::new("by", Problem::Empty));
        }
        Ok(())
    }

    /// Asks for what it looks at, and says where the fold will find it.
    pub fn ask(&self, ask: &mut Ask) -> Codes {
        match &self.by {
            By::Label(label) => {
                ask.labels.push(label.clone());
                Codes::Label(ask.labels.len() - 1)
            }
            By::Trait(name) => {
                ask.traits.push(Fact::Trait(name.clone()));
                Codes::Trait(ask.traits.len() - 1)
            }
            By::Channel { .. } => Codes::Visit,
        }
    }

    /// Asks for what tells channels apart, where these are looked at; called after all conditions
    /// were asked for.
    pub(crate) fn ask_arrivals(&self, ask: &mut Ask) -> Option<Arrivals> {
        match &self.by {
            By::Channel { own_hosts } => Some(Arrivals::of(own_hosts, ask)),
            By::Label(_) | By::Trait(_) => None,
        }
    }

    /// In words, after "by": "country", "the customer's plan".
    #[must_use]
    pub fn words(&self) -> String {
        match &self.by {
            By::Label(label) => words::label(label),
            By::Trait(name) => format!("the customer's {name}"),
            By::Channel { .. } => "channel".into(),
        }
    }

    /// What holds for the events of a group besides the condition, where it is a field of the event
    /// that is looked at; `shown` are the values with a group of their own.
    #[must_use]
    pub fn tests(&self, group: &Group, shown: &[Arc<str>]) -> Vec<Test> {
        let By::Label(label) = &self.by else { return Vec::new() };
        let test = |op| Test { field: label.field.clone(), view: label.view, op };
        match group {
            Group::All => Vec::new(),
            Group::Value(text) => vec![test(Op::Is(vec![(**text).into()]))],
            Group::Absent => vec![test(Op::Missing)],
            Group::Other { .. } => {
                let shown = shown.iter().map(|text| (**text).into()).collect();
                vec![test(Op::IsNot(shown)), test(Op::Exists)]
            }
        }
    }
}

impl Group {
    /// Whether a value (`None`: absent) belongs to it, `shown` being those with a group of their own.
    #[must_use]
    pub fn takes(&self, value: Option<&str>, shown: &[Arc<str>]) -> bool {
        match (self, value) {
            (Self::All, _) | (Self::Absent, None) => true,
            (Self::Value(text), Some(value)) => **text == *value,
            (Self::Other { .. }, Some(value)) => shown.iter().all(|text| **text != *value),
            _ => false,
        }
    }
}

impl Codes {
    /// The texts of the codes, of those that came with a total; `None` without a breakdown, and
    /// where codes are numbers of kinds.
    #[must_use]
    pub fn texts<'t>(&self, ask: &Ask, texts: &'t [Texts]) -> Option<&'t Texts> {
        match *self {
            Self::None | Self::Visit => None,
            Self::Label(k) => Some(&texts[k]),
            Self::Trait(k) => Some(&texts[ask.labels.len() + k]),
        }
    }

    /// The code of the customer's group where it is the same for all of their rows.
    #[must_use]
    pub fn of_customer(&self, rows: &Rows<'_>) -> u32 {
        match *self {
            Self::None | Self::Label(_) | Self::Visit => ABSENT,
            Self::Trait(k) => rows.trait_(k),
        }
    }

    /// The code of the group of an event of the customer, by its row.
    #[inline]
    #[must_use]
    pub fn at(&self, rows: &Rows<'_>, row: usize) -> u32 {
        match *self {
            Self::Label(k) => rows.labels(k)[row],
            codes => codes.of_customer(rows),
        }
    }
}

/// Which group each code belongs to.
#[derive(Clone, Debug, PartialEq)]
pub struct Groups {
    groups: Vec<Group>,
    of_code: Vec<u16>,
}

/// A code that belongs to no group.
const NOWHERE: u16 = u16::MAX;

impl Groups {
    /// Without a breakdown: one group, that of the code of what is absent.
    #[must_use]
    pub fn all() -> Self {
        Self { groups: vec![Group::All], of_code: vec![0] }
    }

    /// The `n_max` codes that weigh most, ties by text; then other and absent, where there is any.
    /// `weights` goes by code and may end early; codes that weigh nothing belong to no group.
    ///
    /// # Panics
    /// If the texts are not those of the codes.
    #[must_use]
    pub fn rank(weights: &[u64], texts: &Texts, n_max: usize) -> Self {
        let text = |code: usize| texts.text(code as u32).expect("a code that is not absent");
        let mut codes: Vec<usize> = (1..weights.len()).filter(|code| weights[*code] > 0).collect();
        let order =
            |a: &usize, b: &usize| weights[*b].cmp(&weights[*a]).then(text(*a).cmp(text(*b)));
        if codes.len() > n_max {
            codes.select_nth_unstable_by(n_max, order);
        }
        let others = codes.split_off(codes.len().min(n_max));
        codes.sort_unstable_by(order);

        let mut groups: Vec<Group> =
            codes.iter().map(|code| Group::Value(text(*code).clone())).collect();
        if !others.is_empty() {
            groups.push(Group::Other { n_values: others.len() });
        }
        if weights.first().is_some_and(|weight| *weight > 0) {
            groups.push(Group::Absent);
        }
        Self::like(&groups, weights, texts)
    }

    /// The groups of another answer. A value that is not shown there is "other" where there is such
    /// a group, and else belongs to none.
    ///
    /// # Panics
    /// If the texts are not those of the codes.
    #[must_use]
    pub fn like(groups: &[Group], weights: &[u64], texts: &Texts) -> Self {
        let place = |is: &dyn Fn(&Group) -> bool| {
            groups.iter().position(is).map_or(NOWHERE, |place| place as u16)
        };
        let other = place(&|group| matches!(group, Group::Other { .. }));
        let mut of_code: Vec<u16> =
            weights.iter().map(|weight| if *weight > 0 { other } else { NOWHERE }).collect();
        if weights.first().is_some_and(|weight| *weight > 0) {
            of_code[ABSENT as usize] = place(&|group| *group == Group::Absent);
        }
        for (place, group) in (0..).zip(groups) {
            let Group::Value(text) = group else { continue };
            let code = texts.find(text).map(|code| code as usize);
            if let Some(code) = code.filter(|code| weights.get(*code).is_some_and(|w| *w > 0)) {
                of_code[code] = place;
            }
        }
        Self { groups: groups.to_vec(), of_code }
    }

    /// The groups in their order.
    #[must_use]
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// How many there are.
    #[must_use]
    #[allow(clippy::len_without_is_empty, reason = "is_empty would have no caller")]
    pub fn len(&self) -> usize {
        self.groups.len()
    }

    /// The place of the group of a code; `None` for a code that belongs to none.
    #[must_use]
    pub fn find(&self, code: u32) -> Option<usize> {
        let place = self.of_code.get(code as usize).filter(|place| **place != NOWHERE);
        place.map(|place| usize::from(*place))
    }

    /// The place of the group of a code that weighed something.
    ///
    /// # Panics
    /// If the code belongs to no group.
    #[must_use]
    pub fn of(&self, code: u32) -> usize {
        self.find(code).expect("a code that weighed something")
    }

    /// The values with a group of their own.
    #[must_use]
    pub fn shown(&self) -> Vec<Arc<str>> {
        shown(&self.groups)
    }
}

/// Those of `groups` that are a value.
#[must_use]
pub fn shown(groups: &[Group]) -> Vec<Arc<str>> {
    let value = |group: &Group| match group {
        Group::Value(text) => Some(text.clone()),
        _ => None,
    };
    groups.iter().filter_map(value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use timeline::View;

    fn texts(of: &[&str]) -> Texts {
        let mut texts = Texts::default();
        of.iter().for_each(|text| {
            texts.code(text);
        });
        texts
    }

    fn value(text: &str) -> Group {
        Group::Value(text.into())
    }

    #[test]
    fn the_heaviest_are_shown_and_the_rest_is_other() {
        let texts = texts(&["a", "b", "c", "d", "e"]);
        let groups = Groups::rank(&[7, 1, 5, 5, 0, 2], &texts, 2);
        let other = Group::Other { n_values: 2 };
        assert_eq!(groups.groups(), [value("b"), value("c"), other, Group::Absent]);
        assert_eq!([0, 1, 2, 3, 5].map(|code| groups.of(code)), [3, 2, 0, 1, 2]);
        assert_eq!(groups.find(4), None, "weighs nothing");
        let earlier = Groups::like(groups.groups(), &[0, 3, 0, 1], &texts);
        assert_eq!([0, 1, 2, 3].map(|code| earlier.find(code)), [None, Some(2), None, Some(1)]);
        let groups = Groups::rank(&[0, 5, 5], &texts, 10);
        assert_eq!(groups.groups(), [value("a"), value("b")]);
        assert_eq!(Groups::rank(&[], &texts, 10).len(), 0);
    }

    #[test]
    fn the_tests_of_a_group_hold_for_its_values_alone() {
        let label = Label { field: Field::Property("p".into()), view: View::Whole };
        let breakdown = Breakdown { by: By::Label(label), n_groups: 2 };
        let shown: Vec<Arc<str>> = vec!["a".into(), "b".into()];
        let other = Group::Other { n_values: 1 };
        for group in [value("a"), value("b"), other, Group::Absent, Group::All] {
            for seen in [None, Some("a"), Some("b"), Some("c")] {
                let tests = breakdown.tests(&group, &shown);
                let holds = tests.iter().all(|test| test.takes_label(seen));
                assert_eq!(holds, group.takes(seen, &shown), "{group:?} of {seen:?}");
            }
        }
    }

    #[test]
    fn an_empty_name_is_refused() {
        let breakdown = Breakdown { by: By::Trait("".into()), n_groups: 10 };
        assert_eq!(breakdown.check().unwrap_err().to_string(), "by: must not be empty");
        let breakdown = Breakdown { by: By::Trait("plan".into()), n_groups: 0 };
        assert_eq!(breakdown.check().unwrap_err().field, "n_groups");
        assert_eq!(breakdown.words(), "the customer's plan");
    }
}
