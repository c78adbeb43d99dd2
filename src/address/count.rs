//! Numbers of addresses, which no built-in number holds: all of IPv6 is 2^128.

use std::fmt;
use std::iter::Sum;
use std::ops::Add;

/// A number of addresses from 0 to 2^129 - 1, enough for both families together.
///
/// Displays exactly: with thousands separators (`78,302`), and from 2^64 on, where the number has a round binary form, as that
/// (`2^80`, `5 x 2^64`).
///
/// ```
/// use portbook::address::{Family, Prefix};
///
/// assert_eq!(Prefix::parse("10.0.0.0/14")?.count().to_string(), "262,144");
/// assert_eq!(Prefix::parse("2603:1000::/40")?.count().to_string(), "2^88");
/// assert_eq!(Prefix::whole(Family::V6).count().to_string(), "2^128");
/// # Ok::<(), portbook::address::AddressError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct AddressCount {
    /// Whether 2^128 comes on top of `low`; first, for the derived order.
    carry: bool,
    low: u128,
}

impl AddressCount {
    /// No address.
    pub const ZERO: Self = Self { carry: false, low: 0 };
    const MAX: Self = Self { carry: true, low: u128::MAX };

    /// The number, if it is below 2^128.
    pub fn get(self) -> Option<u128> {
        (!self.carry).then_some(self.low)
    }

    /// Whether there is no address.
    pub fn is_zero(self) -> bool {
        self == Self::ZERO
    }

    /// This number in percent of another one, rounded; 0 of nothing.
    pub fn percent_of(self, whole: Self) -> f64 {
        if whole.is_zero() { 0.0 } else { 100.0 * self.rounded() / whole.rounded() }
    }

    #[expect(clippy::cast_precision_loss, reason = "a share needs no more than 53 bits")]
    fn rounded(self) -> f64 {
        self.low as f64 + if self.carry { 128_f64.exp2() } else { 0.0 }
    }

    /// The number of addresses from one to another that is `distance` further, both included.
    pub(super) fn of_distance(distance: u128) -> Self {
        let (low, carry) = distance.overflowing_add(1);
        Self { carry, low }
    }
}

impl From<u128> for AddressCount {
    fn from(low: u128) -> Self {
        Self { carry: false, low }
    }
}

/// Stays at 2^129 - 1 beyond that.
impl Add for AddressCount {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        let (low, carry) = self.low.overflowing_add(other.low);
        match u8::from(self.carry) + u8::from(other.carry) + u8::from(carry) {
            0 => Self { carry: false, low },
            1 => Self { carry: true, low },
            _ => Self::MAX,
        }
    }
}

impl Sum for AddressCount {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::ZERO, Add::add)
    }
}

impl fmt::Display for AddressCount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.carry, self.low) {
            (false, low) => f.pad(&text(low)),
            (true, 0) => f.pad("2^128"),
            (true, low) => f.pad(&format!("2^128 + {}", text(low))),
        }
    }
}

fn text(number: u128) -> String {
    let exponent = number.checked_ilog2().map_or(0, |_| number.trailing_zeros());
    // A number this long is read by its exponent; below 40 the factor would be long itself.
    if number >> 64 == 0 || exponent < 40 {
        return grouped(number);
    }
    match number >> exponent {
        1 => format!("2^{exponent}"),
        factor => format!("{} x 2^{exponent}", grouped(factor)),
    }
}

/// A comma before each group of three digits.
fn grouped(number: u128) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::AddressCount;

    #[test]
    fn shown_exactly_at_every_size() {
        let shown = |number: u128| AddressCount::from(number).to_string();
        assert_eq!(shown(0), "0");
        assert_eq!(shown(999), "999");
        assert_eq!(shown(1_000), "1,000");
        assert_eq!(shown(1 << 32), "4,294,967,296");
        assert_eq!(shown(1 << 64), "2^64");
        assert_eq!(shown(5 << 80), "5 x 2^80");
        assert_eq!(shown((1 << 64) + 1), "18,446,744,073,709,551,617");
    }

    #[test]
    fn adds_past_128_bits_and_then_stays() {
        let whole = AddressCount::of_distance(u128::MAX);
        assert_eq!(whole.get(), None);
        assert_eq!((whole + AddressCount::from(1 << 32)).to_string(), "2^128 + 4,294,967,296");
        assert_eq!(whole + whole, AddressCount::MAX);
        assert!(whole > AddressCount::from(u128::MAX));
        assert_eq!(
            [AddressCount::from(u128::MAX), AddressCount::from(1)].into_iter().sum::<AddressCount>(),
            whole
        );
    }
}
