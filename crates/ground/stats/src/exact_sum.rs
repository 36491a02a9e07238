//! What do many numbers add up to, whatever their order?
//!
//! Sums of `f64` depend on the order in which they are added; the parts of an answer are computed
//! side by side and come together in any order. An [`ExactSum`] holds the sum itself, not a rounded
//! one, and rounds once, at the end: the same numbers give the same result to the last bit.
//!
//! Mostly the sum is one integer, in units of 2⁻⁷⁰. Numbers that do not fit (very large, or with
//! digits behind 2⁻⁷⁰) go to a list of partial sums that do not overlap: Shewchuk 1997, "Adaptive
//! precision floating-point arithmetic and fast robust geometric predicates", Discrete &
//! Computational Geometry 18:305–363, as in Python's `math.fsum`.

/// Bits behind the point of the integer part.
const FRACTION_BITS: i32 = 70;
/// 2⁻⁷⁰.
const UNIT: f64 = 1.0 / (1_u128 << FRACTION_BITS) as f64;

/// An exact sum of finite numbers.
#[derive(Clone, Debug, Default)]
pub struct ExactSum {
    /// Most of it, in units of 2⁻⁷⁰.
    fixed: i128,
    /// The rest, which most sums do not have.
    partials: Option<Box<Partials>>,
}

/// Partial sums, smallest first, none overlapping the next.
#[derive(Clone, Debug, Default)]
struct Partials(Vec<f64>);

impl ExactSum {
    /// Adds a number.
    ///
    /// # Panics
    /// If it is infinite or NaN: what is no number is left out before.
    #[inline]
    pub fn add(&mut self, number: f64) {
        if let Some(sum) = in_units(number).and_then(|units| self.fixed.checked_add(units)) {
            self.fixed = sum;
        } else {
            self.add_to_partials(number);
        }
    }

    /// Adds `a × b`, exactly.
    ///
    /// # Panics
    /// As [`add`](Self::add), and if the product is beyond the largest or below the smallest
    /// number that there is (2¹⁰²³ and 2⁻⁹⁶⁹ are safe).
    #[inline]
    pub fn add_product(&mut self, a: f64, b: f64) {
        let product = a * b;
        self.add(product);
        // What the product lost when it was rounded is itself a number.
        self.add(a.mul_add(b, -product));
    }

    /// Adds all that another sum holds.
    pub fn merge(&mut self, other: &Self) {
        match self.fixed.checked_add(other.fixed) {
            Some(sum) => self.fixed = sum,
            None => pieces(other.fixed).into_iter().for_each(|piece| self.add_to_partials(piece)),
        }
        let partials = other.partials.iter().flat_map(|partials| &partials.0);
        partials.for_each(|partial| self.add_to_partials(*partial));
    }

    /// The sum, rounded once to the nearest number (ties to even). Infinite where numbers beyond
    /// 10³⁰⁰ add up to more than there is, be it on the way.
    #[must_use]
    pub fn value(&self) -> f64 {
        if self.partials.is_none() {
            return self.fixed as f64 * UNIT;
        }
        rounded(&self.all())
    }

    /// The sum as the unevaluated sum of two numbers: the rounded one, and what was lost by
    /// rounding, rounded. Together they carry more than 100 bits.
    #[must_use]
    pub fn value_twice(&self) -> (f64, f64) {
        let high = self.value();
        let mut rest = self.clone();
        rest.add(-high);
        (high, rest.value())
    }

    /// What it holds, to be stored: most of it in units of 2⁻⁷⁰, and the partial sums of the rest.
    #[must_use]
    pub fn parts(&self) -> (i128, &[f64]) {
        (self.fixed, self.partials.as_deref().map_or(&[], |partials| &partials.0))
    }

    /// The sum that had these [`parts`](Self::parts); `None` where one of them is no number.
    #[must_use]
    pub fn from_parts(fixed: i128, partials: &[f64]) -> Option<Self> {
        let mut sum = Self { fixed, partials: None };
        for partial in partials {
            if !partial.is_finite() {
                return None;
            }
            sum.add_to_partials(*partial);
        }
        Some(sum)
    }

    #[cold]
    fn add_to_partials(&mut self, number: f64) {
        assert!(number.is_finite(), "only finite numbers are added");
        let partials = self.partials.get_or_insert_default();
        grow(&mut partials.0, number);
    }

    fn all(&self) -> Vec<f64> {
        let mut all = self.partials.as_deref().cloned().unwrap_or_default().0;
        pieces(self.fixed).into_iter().for_each(|piece| grow(&mut all, piece));
        all
    }
}

impl PartialEq for ExactSum {
    /// Whether both hold the same sum.
    fn eq(&self, other: &Self) -> bool {
        let mut difference = other.clone();
        let negative = Self {
            fixed: self.fixed.wrapping_neg(),
            partials: self.partials.as_ref().map(|partials| {
                Box::new(Partials(partials.0.iter().map(|partial| -partial).collect()))
            }),
        };
        difference.merge(&negative);
        difference.value() == 0.0
    }
}

impl FromIterator<f64> for ExactSum {
    fn from_iter<I: IntoIterator<Item = f64>>(numbers: I) -> Self {
        let mut sum = Self::default();
        numbers.into_iter().for_each(|number| sum.add(number));
        sum
    }
}

/// A number in units of 2⁻⁷⁰, where it is a whole number of them and at most 2⁵⁶ large: room for
/// a sum of two.
#[inline]
fn in_units(number: f64) -> Option<i128> {
    const EXPONENT_BIAS: i32 = 1_023;
    const MANTISSA_BITS: i32 = 52;
    let bits = number.to_bits();
    let exponent = (bits >> MANTISSA_BITS & 0x7ff) as i32;
    if exponent == 0 {
        return (number == 0.0).then_some(0);
    }
    let mantissa = (bits & ((1 << MANTISSA_BITS) - 1)) | 1 << MANTISSA_BITS;
    // number = ± mantissa × 2^(exponent − 1023 − 52) = ± mantissa × 2^shift units.
    let shift = exponent - EXPONENT_BIAS - MANTISSA_BITS + FRACTION_BITS;
    let units = match shift {
        0..=73 => i128::from(mantissa) << shift,
        -52..0 if mantissa.trailing_zeros() as i32 >= -shift => i128::from(mantissa >> -shift),
        _ => return None,
    };
    Some(if number < 0.0 { -units } else { units })
}

/// An integer of units as numbers that add up to it exactly, smallest first.
fn pieces(fixed: i128) -> [f64; 3] {
    let piece = |shift: u32| {
        let bits = fixed.unsigned_abs() >> shift & ((1 << 43) - 1);
        let size = bits as f64 * (1_u128 << shift) as f64 * UNIT;
        if fixed < 0 { -size } else { size }
    };
    [piece(0), piece(43), piece(86)]
}

/// Adds a number to partial sums that do not overlap (Shewchuk's Grow-Expansion).
fn grow(partials: &mut Vec<f64>, number: f64) {
    let mut number = number;
    let mut n_kept = 0;
    for k in 0..partials.len() {
        let mut partial = partials[k];
        if number.abs() < partial.abs() {
            std::mem::swap(&mut number, &mut partial);
        }
        let high = number + partial;
        let low = partial - (high - number);
        if low != 0.0 {
            partials[n_kept] = low;
            n_kept += 1;
        }
        number = high;
    }
    partials.truncate(n_kept);
    partials.push(number);
}

/// The sum of partial sums that do not overlap, rounded once.
fn rounded(partials: &[f64]) -> f64 {
    let mut from_top = partials.iter().rev();
    let Some(mut high) = from_top.next().copied() else { return 0.0 };
    if partials.iter().any(|partial| !partial.is_finite()) {
        return f64::INFINITY;
    }
    let mut low = 0.0;
    for partial in from_top.by_ref() {
        let before = high;
        high = before + partial;
        low = partial - (high - before);
        if low != 0.0 {
            break;
        }
    }
    // Exactly halfway, unless something smaller of the same sign follows: then away from even.
    if let Some(next) = from_top.next()
        && ((low < 0.0 && *next < 0.0) || (low > 0.0 && *next > 0.0))
    {
        let twice = low * 2.0;
        let further = high + twice;
        if further - high == twice {
            high = further;
        }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sum(numbers: &[f64]) -> f64 {
        numbers.iter().copied().collect::<ExactSum>().value()
    }

    /// As Python's `math.fsum` has them.
    #[test]
    fn sums_are_rounded_once() {
        assert_eq!(sum(&[]), 0.0);
        assert_eq!(sum(&[1e100, 1.0, -1e100, 1e-100, 1e50, -1.0, -1e50]), 1e-100);
        let big = 2.0_f64.powi(53);
        assert_eq!(sum(&[big, -0.5, -(2.0_f64.powi(-54))]), big - 1.0);
        assert_eq!(sum(&[big, 1.0, 2.0_f64.powi(-100)]), big + 2.0);
        assert_eq!(sum(&[big + 10.0, 1.0, 2.0_f64.powi(-100)]), big + 12.0);
        assert_eq!(sum(&[big - 4.0, 0.5, 2.0_f64.powi(-54)]), big - 3.0);
        assert_eq!(sum(&[1e16, 1.0, 1e-16]), 1.000_000_000_000_000_2e16);
        let harmonic: Vec<f64> = (1..=1000).map(|n| 1.0 / f64::from(n)).collect();
        assert_eq!(sum(&harmonic), 7.485_470_860_550_345);
        assert_eq!(sum(&[0.1; 10]), 1.0);
    }

    #[test]
    fn large_sums_spill_over() {
        let mut total = ExactSum::default();
        for _ in 0..100_000 {
            total.add(1e16);
            total.add(0.25);
        }
        assert_eq!(total.value(), 1e21 + 25_000.0);
        let mut twice = total.clone();
        twice.merge(&total);
        assert_eq!(twice.value(), 2e21 + 50_000.0);
        assert_eq!(total.value_twice(), (1e21, 25_000.0));
    }

    #[test]
    fn products_are_exact() {
        let mut squares = ExactSum::default();
        squares.add_product(1e8 + 0.1, 1e8 + 0.1);
        squares.add_product(-1e8, 1e8);
        // (1e8 + 0.1)² − 1e16, where 1e8 + 0.1 is the nearest number to that.
        let d = (1e8 + 0.1) - 1e8;
        assert_eq!(squares.value(), 2e8_f64.mul_add(d, d * d));
    }

    #[test]
    #[should_panic(expected = "only finite numbers")]
    fn infinity_is_no_number_to_add() {
        ExactSum::default().add(f64::INFINITY);
    }

    fn number() -> impl Strategy<Value = f64> {
        let any = prop::num::f64::NORMAL | prop::num::f64::ZERO | prop::num::f64::SUBNORMAL;
        let tame = any.prop_map(|n| if n.abs() > 1e290 { n * 1e-20 } else { n });
        let money = (-10_000_000..10_000_000_i64).prop_map(|cents| cents as f64 / 100.0);
        prop_oneof![money, tame, -1e18..1e18_f64]
    }

    proptest! {
        #[test]
        fn order_and_grouping_do_not_matter(
            (numbers, shuffled) in prop::collection::vec(number(), 0..60)
                .prop_flat_map(|numbers| (Just(numbers.clone()), Just(numbers).prop_shuffle())),
            split in 0..60_usize,
        ) {
            let whole: ExactSum = numbers.iter().copied().collect();
            let (left, right) = shuffled.split_at(split.min(shuffled.len()));
            let mut merged: ExactSum = right.iter().copied().collect();
            merged.merge(&left.iter().copied().collect());
            prop_assert_eq!(whole.value().to_bits(), merged.value().to_bits());
            prop_assert_eq!(&whole, &merged);
            // Independent of the integer part: partial sums alone.
            let mut partials = Vec::new();
            numbers.iter().for_each(|number| grow(&mut partials, *number));
            prop_assert_eq!(whole.value(), rounded(&partials));
            let (fixed, partials) = whole.parts();
            prop_assert_eq!(&ExactSum::from_parts(fixed, partials), &Some(whole.clone()));
            // What is taken away again leaves nothing.
            let mut none = whole.clone();
            numbers.iter().for_each(|number| none.add(-number));
            prop_assert_eq!(none.value(), 0.0);
        }
    }
}
