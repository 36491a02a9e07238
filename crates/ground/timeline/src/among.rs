//! Which customers does a fold look at, by what is known of them?

use crate::ask::Ask;
use crate::condition::Op;
use crate::fact::Fact;
use crate::fold::Fold;
use crate::rows::Rows;
use base::CustomerId;

/// One test of one fact of a customer, as it is now.
#[derive(Clone, Debug, PartialEq)]
pub struct FactTest {
    /// The fact.
    pub fact: Fact,
    /// What must hold for it.
    pub op: Op,
}

impl FactTest {
    /// A test of a trait.
    #[must_use]
    pub fn of_trait(name: &str, op: Op) -> Self {
        Self { fact: Fact::Trait(name.into()), op }
    }

    /// Whether it holds for a customer of whom the fact is written so (`None` being absent); see
    /// [`Op::takes_fact`].
    #[must_use]
    pub fn takes(&self, label: Option<&str>) -> bool {
        self.op.takes_fact(label)
    }
}

/// A fold that looks only at customers for whom all of some tests hold, as if there were nobody
/// else. Whoever gives it timelines leaves the others out, because [`Ask::who`] says so.
#[derive(Clone, Debug)]
pub struct Among<F> {
    fold: F,
    ask: Ask,
}

impl<F: Fold> Among<F> {
    /// Looks with `fold` at customers for whom all of `who` holds.
    #[must_use]
    pub fn new(fold: F, who: &[FactTest]) -> Self {
        let mut ask = fold.ask().clone();
        ask.who.extend(who.iter().cloned());
        Self { fold, ask }
    }

    /// The fold that looks at them: it tells what the total says.
    #[must_use]
    pub fn into_fold(self) -> F {
        self.fold
    }
}

impl<F: Fold> Fold for Among<F> {
    type State = F::State;
    type Total = F::Total;

    fn ask(&self) -> &Ask {
        &self.ask
    }

    fn start(&self) -> F::State {
        self.fold.start()
    }

    fn step(&self, state: &mut F::State, rows: Rows<'_>) {
        self.fold.step(state, rows);
    }

    fn finish(&self, state: F::State, customer: CustomerId, total: &mut F::Total) {
        self.fold.finish(state, customer, total);
    }

    #[inline]
    fn whole(&self, rows: Rows<'_>, total: &mut F::Total) {
        self.fold.whole(rows, total);
    }

    fn total(&self) -> F::Total {
        self.fold.total()
    }

    fn merge(&self, into: &mut F::Total, other: F::Total) {
        self.fold.merge(into, other);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(op: Op, label: Option<&str>, holds: bool) {
        let test = FactTest::of_trait("plan", op);
        assert_eq!(test.takes(label), holds, "{test:?} of {label:?}");
    }

    #[test]
    fn traits_are_compared_as_they_are_written() {
        check(Op::Is(vec!["pro".into()]), Some("pro"), true);
        check(Op::Is(vec!["pro".into()]), None, false);
        check(Op::IsNot(vec!["pro".into()]), None, true);
        check(Op::Missing, None, true);
        check(Op::Exists, Some(""), true);
        check(Op::AtLeast(5.0), Some("5"), true);
        check(Op::AtLeast(5.0), Some("-5.5"), false);
        check(Op::Less(5.0), Some("few"), false);
        check(Op::Less(5.0), Some("-inf"), false);
        check(Op::Less(5.0), None, false);
    }
}
