//! Which sets of customers do tests come to, and which do definitions?

use super::{BatchPlan, LeafTotal};
use crate::compile::{FactLeaf, Shape, Test, TestOf};
use base::CustomerId;
use definition::NodeNo;
use roaring::RoaringTreemap;
use timeline::Fact;

/// Whoever knows a fact of everybody.
pub trait FactSets {
    /// Tells `each` of every customer of whom there is a label of the fact, and the label.
    fn labels(&self, fact: &Fact, each: &mut dyn FnMut(CustomerId, &str));
}

/// Who is in a definition.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DefinitionSet {
    /// They.
    pub set: RoaringTreemap,
    /// How many there are for whom each node holds, by itself; without what is inside of a keyed
    /// test.
    pub parts: Vec<(NodeNo, u64)>,
}

impl BatchPlan {
    /// The set of each definition among `everybody`, from the totals of all folds.
    #[must_use]
    pub fn sets(
        &self,
        totals: Vec<LeafTotal>,
        facts: &dyn FactSets,
        everybody: &RoaringTreemap,
    ) -> Vec<DefinitionSet> {
        let mut differ = vec![RoaringTreemap::new(); self.asked.len()];
        for (number, set) in totals.into_iter().flat_map(|total| total.differ) {
            differ[number] |= set;
        }
        let of = Of { plan: self, differ: &differ, facts, everybody };
        self.shapes.iter().map(|shape| of.definition(shape)).collect()
    }
}

/// What sets are made of.
struct Of<'s> {
    plan: &'s BatchPlan,
    differ: &'s [RoaringTreemap],
    facts: &'s dyn FactSets,
    everybody: &'s RoaringTreemap,
}

impl Of<'_> {
    fn definition(&self, shape: &Shape) -> DefinitionSet {
        let mut parts = Vec::new();
        let set = self.shape(shape, &mut parts);
        parts.sort_unstable();
        DefinitionSet { set, parts }
    }

    fn shape(&self, shape: &Shape, parts: &mut Vec<(NodeNo, u64)>) -> RoaringTreemap {
        let (node, set) = match shape {
            Shape::All(node, of) => {
                let sets = of.iter().map(|part| self.shape(part, parts));
                (node, sets.fold(self.everybody.clone(), |all, part| all & part))
            }
            Shape::Any(node, of) => {
                let sets = of.iter().map(|part| self.shape(part, parts));
                (node, sets.fold(RoaringTreemap::new(), |any, part| any | part))
            }
            Shape::Not(node, part) => (node, self.everybody - self.shape(part, parts)),
            Shape::Test(test) => (&test.node, self.test(test)),
        };
        parts.push((*node, set.len()));
        set
    }

    fn test(&self, test: &Test) -> RoaringTreemap {
        match &test.of {
            TestOf::Leaf(number, _) => {
                let differ = &self.differ[*number];
                match self.plan.asked[*number].1.holds_of_nothing() {
                    true => self.everybody - differ,
                    false => self.everybody & differ,
                }
            }
            TestOf::Fact(number) => self.fact(&self.plan.facts[*number]),
            TestOf::Share(share) => {
                let takes = |id: &u64| share.takes(CustomerId(*id));
                self.everybody.iter().filter(takes).collect()
            }
            TestOf::Program { .. } => panic!("a question about sets has no programs"),
        }
    }

    fn fact(&self, fact: &FactLeaf) -> RoaringTreemap {
        let at = (self.plan.t, &fact.calendar);
        let is_so_of_none = fact.criterion.judge(None, at).holds;
        let mut differ = RoaringTreemap::new();
        self.facts.labels(&fact.criterion.fact, &mut |customer, label| {
            if fact.criterion.judge(Some(label), at).holds != is_so_of_none {
                differ.insert(customer.0);
            }
        });
        if is_so_of_none { self.everybody - differ } else { self.everybody & differ }
    }
}
