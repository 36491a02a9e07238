//! Which customers does a fold look at, by what is known of them?

use crate::ask::Ask;
use crate::condition::Op;
use crate::fold::Fold;
use crate::rows::Rows;
use base::CustomerId;

/// One test of one trait of a customer, as it is now.
#[derive(Clone, Debug, PartialEq)]
pub struct TraitTest {
    /// The trait.
    pub name: Box<str>,
    /// What must hold for it.
    pub op: Op,
}

impl TraitTest {
    /// Whether it holds for a customer whose trait is written so (`None` being absent). Traits are
    /// known in their written form: what reads as a number is one where numbers are compared.
    #[must_use]
    pub fn takes(&self, label: Option<&str>) -> bool {
        if !self.op.is_numeric() {
            return self.op.takes_label(label);
        }
        let number = label.and_then(|label| label.trim().parse::<f64>().ok());
        number.is_some_and(|number| number.is_finite() && self.op.takes_number(number))
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
    pub fn new(fold: F, who: &[TraitTest]) -> Self {
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
        let test = TraitTest { name: "plan".into(), op };
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
