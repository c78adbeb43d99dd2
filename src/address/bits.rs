//! Addresses as numbers.

use std::fmt::Debug;
use std::hash::Hash;

use super::count::AddressCount;

mod sealed {
    pub trait Sealed {}
    impl Sealed for u32 {}
    impl Sealed for u128 {}
}

/// An address as a number: `u32` for IPv4, `u128` for IPv6, and nothing else.
pub trait Bits: sealed::Sealed + Copy + Ord + Hash + Debug + 'static {
    /// Bits of the number.
    const WIDTH: u8;
    /// The lowest address.
    const MIN: Self;
    /// The highest address.
    const MAX: Self;

    /// The address after this one; none after the highest.
    fn next(self) -> Option<Self>;

    /// The address before this one; none before the lowest.
    fn previous(self) -> Option<Self>;

    /// Host bits of the largest prefix that starts at this address and does not pass `last`, which is not below this address.
    fn block_bits(self, last: Self) -> u8;

    /// The last address of the prefix with `host_bits` that starts here.
    #[must_use]
    fn block_last(self, host_bits: u8) -> Self;

    /// How many addresses there are from this one to `last`, both included.
    fn count_to(self, last: Self) -> AddressCount;
}

macro_rules! bits {
    ($number:ty, $width:literal) => {
        impl Bits for $number {
            const WIDTH: u8 = $width;
            const MIN: Self = <$number>::MIN;
            const MAX: Self = <$number>::MAX;

            fn next(self) -> Option<Self> {
                self.checked_add(1)
            }

            fn previous(self) -> Option<Self> {
                self.checked_sub(1)
            }

            #[expect(clippy::cast_possible_truncation, reason = "a number of bits is 128 at most")]
            fn block_bits(self, last: Self) -> u8 {
                let aligned = self.trailing_zeros() as u8;
                // The whole space has one address more than its number type can count.
                let fitting = last.abs_diff(self).checked_add(1).map_or($width, |size| size.ilog2() as u8);
                aligned.min(fitting)
            }

            fn block_last(self, host_bits: u8) -> Self {
                let network_bits = $width - u32::from(host_bits.min($width));
                self | <$number>::MAX.checked_shr(network_bits).unwrap_or(0)
            }

            fn count_to(self, last: Self) -> AddressCount {
                AddressCount::of_distance(last.abs_diff(self).into())
            }
        }
    };
}

bits!(u32, 32);
bits!(u128, 128);
