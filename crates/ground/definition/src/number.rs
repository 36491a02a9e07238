//! What must hold for a number that is counted or summed up?

/// A test of a number. No number (the mean of nothing) holds for none of them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum NumberTest {
    /// It is this.
    Equal(f64),
    /// It is another.
    NotEqual(f64),
    /// It is less.
    Less(f64),
    /// It is this or less.
    AtMost(f64),
    /// It is more.
    More(f64),
    /// It is this or more.
    AtLeast(f64),
    /// It is from the first to the second, both included.
    Between(f64, f64),
}

impl NumberTest {
    /// Whether it holds for a number; NaN stands for none.
    #[must_use]
    pub fn takes(&self, number: f64) -> bool {
        match *self {
            Self::Equal(bound) => number == bound,
            Self::NotEqual(bound) => number != bound && !number.is_nan(),
            Self::Less(bound) => number < bound,
            Self::AtMost(bound) => number <= bound,
            Self::More(bound) => number > bound,
            Self::AtLeast(bound) => number >= bound,
            Self::Between(low, high) => (low..=high).contains(&number),
        }
    }

    /// The bounds, the lower one first.
    #[must_use]
    pub fn bounds(&self) -> (f64, Option<f64>) {
        match *self {
            Self::Equal(bound)
            | Self::NotEqual(bound)
            | Self::Less(bound)
            | Self::AtMost(bound)
            | Self::More(bound)
            | Self::AtLeast(bound) => (bound, None),
            Self::Between(low, high) => (low, Some(high)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_holds_for_no_number() {
        let bounds = [NumberTest::Equal(0.0), NumberTest::NotEqual(0.0), NumberTest::Less(1.0)];
        assert!(bounds.iter().all(|test| !test.takes(f64::NAN)));
        assert!(NumberTest::NotEqual(0.0).takes(1.0));
        assert!(NumberTest::Between(1.0, 2.0).takes(2.0));
    }
}
