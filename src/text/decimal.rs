//! Exact decimal quantities: what a printed figure is worth, without binary fractions.
//! In: digits and a power of ten. Out: a value that adds, compares and prints. It knows nothing of text around it.

use std::fmt;

/// Digits kept behind the decimal point.
const PLACES: u32 = 6;

/// Largest power of ten a figure may be multiplied with: 万亿.
const LARGEST: u32 = 12;

/// A quantity in millionths. Sums saturate, so that no text can make them overflow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Decimal(i128);

impl Decimal {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// More than any figure.
    pub const MAX: Self = Self(i128::MAX);

    /// A whole number.
    pub fn whole(value: u64) -> Self {
        Self(i128::from(value) * 10i128.pow(PLACES))
    }

    /// `digits` × 10^`power` / 10^`fraction`, when that is a multiple of a millionth and `power` is 12 at most.
    pub fn scaled(digits: u64, fraction: u32, power: u32) -> Option<Self> {
        if power > LARGEST || fraction > LARGEST {
            return None;
        }
        let raised = i128::from(digits).checked_mul(10i128.checked_pow(power + PLACES)?)?;
        let divisor = 10i128.pow(fraction);
        (raised % divisor == 0).then_some(Self(raised / divisor))
    }

    /// The sum; the largest value where it would overflow.
    pub fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// The difference; the smallest value where it would overflow.
    pub fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// `self` × `factor`; the largest value where it would overflow.
    pub fn times(self, factor: u32) -> Self {
        Self(self.0.saturating_mul(i128::from(factor)))
    }

    /// Half of it, rounded towards zero at the millionth.
    pub fn half(self) -> Self {
        Self(self.0 / 2)
    }

    /// How many `step`s it is, rounded to the nearest; `None` for a step of zero or a result below zero.
    pub fn in_steps(self, step: Self) -> Option<u128> {
        if step.0 <= 0 || self.0 < 0 {
            return None;
        }
        u128::try_from(self.0.saturating_add(step.0 / 2) / step.0).ok()
    }

    /// The number of times ten divides it, in millionths; `None` for zero.
    pub fn tens(self) -> Option<u32> {
        let (mut rest, mut tens) = (self.0, 0);
        while rest != 0 && rest % 10 == 0 {
            (rest, tens) = (rest / 10, tens + 1);
        }
        (rest != 0).then_some(tens)
    }

    /// Whether it is at least 100 units of 10^`tens` millionths.
    pub fn has_three_places_above(self, tens: u32) -> bool {
        10i128.checked_pow(tens.saturating_add(2)).is_some_and(|least| self.0 >= least)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let one = 10u128.pow(PLACES);
        let (whole, rest) = (self.0.unsigned_abs() / one, self.0.unsigned_abs() % one);
        if self.0 < 0 {
            f.write_str("-")?;
        }
        write!(f, "{whole}")?;
        if rest > 0 {
            write!(f, ".{}", format!("{rest:06}").trim_end_matches('0'))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantity_is_exact_and_prints_as_one_reads_it() {
        let known = [(35, 1, 8, "350000000"), (953, 1, 0, "95.3"), (12, 0, 4, "120000"), (5, 3, 0, "0.005")];
        for (digits, fraction, power, shown) in known {
            assert_eq!(Decimal::scaled(digits, fraction, power).map(|d| d.to_string()).as_deref(), Some(shown));
        }
        assert_eq!(Decimal::whole(1).minus(Decimal::whole(3)).to_string(), "-2");
    }

    #[test]
    fn what_cannot_be_kept_exactly_is_none_and_the_largest_figure_fits() {
        assert_eq!(Decimal::scaled(1, 7, 0), None);
        assert_eq!(Decimal::scaled(1, 0, 13), None);
        assert!(Decimal::scaled(u64::MAX, 0, 12).is_some());
        assert_eq!(Decimal::MAX.plus(Decimal::whole(1)), Decimal::MAX);
    }
}
