//! Which customers of which group are behind a point, while groups are codes yet?

use crate::Behind;
use crate::breakdown::Group;
use base::CustomerId;
use std::sync::Arc;
use timeline::Texts;

/// Customers by the code of their group. A customer may be in several groups.
#[derive(Clone, Debug, Default)]
pub struct Listed {
    by_code: Vec<Behind>,
}

impl Listed {
    /// One more of a group, who is not in it yet.
    pub(crate) fn add(&mut self, code: u32, customer: CustomerId, limit: usize) {
        let code = code as usize;
        if self.by_code.len() <= code {
            self.by_code.resize_with(code + 1, Behind::default);
        }
        self.by_code[code].add(customer, limit);
    }

    /// Both together; nobody is in both.
    pub(crate) fn merge(&mut self, other: Self, limit: usize) {
        if self.by_code.len() < other.by_code.len() {
            self.by_code.resize_with(other.by_code.len(), Behind::default);
        }
        for (into, other) in self.by_code.iter_mut().zip(other.by_code) {
            into.merge(other, limit);
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
        let mut all = Behind::default();
        for (code, behind) in (0..).zip(&self.by_code) {
            let text = texts.and_then(|texts| texts.text(code));
            if group.takes(text.map(|text| &**text), shown) {
                all.merge(behind.clone(), limit);
            }
        }
        all
    }
}
