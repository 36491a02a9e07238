//! Which customers of which group are behind a point, while groups are codes yet?

use crate::Behind;
use crate::breakdown::Group;
use base::CustomerId;
use std::collections::BTreeMap;
use std::sync::Arc;
use timeline::Texts;

/// Customers by the code of their group.
#[derive(Clone, Debug, Default)]
pub struct Listed {
    by_code: Vec<Behind>,
    /// Who is in several groups, by their codes, ascending; they are not in `by_code`.
    several: BTreeMap<Box<[u32]>, Behind>,
}

impl Listed {
    /// One more of a group, who is not in it yet.
    pub(crate) fn add(&mut self, code: u32, customer: CustomerId, limit: usize) {
        self.of_code(code).add(customer, limit);
    }

    /// One more of all groups of `codes`, which differ; the customer is in none of them yet, and is
    /// listed once where a group of an answer takes several of them.
    pub(crate) fn add_in(&mut self, codes: &[u32], customer: CustomerId, limit: usize) {
        match codes {
            [] => {}
            [code] => self.add(*code, customer, limit),
            codes => {
                let mut codes = codes.to_vec();
                codes.sort_unstable();
                self.several.entry(codes.into()).or_default().add(customer, limit);
            }
        }
    }

    /// The same under new codes, by the old ones; several may have become one.
    pub(crate) fn renumbered(self, codes: &[u32], limit: usize) -> Self {
        let mut all = Self::default();
        for (&code, behind) in codes.iter().zip(self.by_code) {
            all.of_code(code).merge(behind, limit);
        }
        for (of, behind) in self.several {
            let mut new: Vec<u32> = of.iter().map(|code| codes[*code as usize]).collect();
            new.sort_unstable();
            new.dedup();
            match new[..] {
                [code] => all.of_code(code).merge(behind, limit),
                _ => all.several.entry(new.into()).or_default().merge(behind, limit),
            }
        }
        all
    }

    fn of_code(&mut self, code: u32) -> &mut Behind {
        let code = code as usize;
        if self.by_code.len() <= code {
            self.by_code.resize_with(code + 1, Behind::default);
        }
        &mut self.by_code[code]
    }

    /// Both together; nobody is in both.
    pub(crate) fn merge(&mut self, other: Self, limit: usize) {
        if self.by_code.len() < other.by_code.len() {
            self.by_code.resize_with(other.by_code.len(), Behind::default);
        }
        for (into, other) in self.by_code.iter_mut().zip(other.by_code) {
            into.merge(other, limit);
        }
        for (codes, behind) in other.several {
            self.several.entry(codes).or_default().merge(behind, limit);
        }
    }

    /// Those of one group of an answer; `shown` are the values with a group of their own, and
    /// there are texts where there is a breakdown.
    pub(crate) fn of(
        &self,
        group: &Group,
        (shown, texts): (&[Arc<str>], Option<&Texts>),
        limit: usize,
    ) -> Behind {
        let takes = |code: u32| {
            let text = texts.and_then(|texts| texts.text(code));
            group.takes(text.map(|text| &**text), shown)
        };
        let mut all = Behind::default();
        for (_, behind) in (0..).zip(&self.by_code).filter(|(code, _)| takes(*code)) {
            all.merge(behind.clone(), limit);
        }
        let is_in = |codes: &[u32]| codes.iter().any(|code| takes(*code));
        for (_, behind) in self.several.iter().filter(|(codes, _)| is_in(codes)) {
            all.merge(behind.clone(), limit);
        }
        all
    }
}
