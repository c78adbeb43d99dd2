//! A set of addresses of one family as intervals.

use super::bits::Bits;
use super::count::AddressCount;

/// A set of addresses as sorted intervals that neither overlap nor touch, so that equal sets are equal values.
///
/// `T` is `u32` (IPv4) or `u128` (IPv6). Both ends of an interval are in the set.
///
/// ```
/// use portbook::address::IntervalSet;
///
/// let set = IntervalSet::from_iter([(8_u32, 11), (0, 3), (4, 7)]);
/// assert_eq!(set.iter().collect::<Vec<_>>(), [(0, 11)]);
/// assert_eq!(set.cidrs().map(|cidr| (cidr.first, cidr.length)).collect::<Vec<_>>(), [(0, 29), (8, 30)]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct IntervalSet<T>(Vec<(T, T)>);

/// One block of [`IntervalSet::cidrs`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Cidr<T> {
    /// The first address.
    pub first: T,
    /// The last address.
    pub last: T,
    /// The prefix length.
    pub length: u8,
}

impl<T: Bits> IntervalSet<T> {
    /// All addresses.
    pub fn whole() -> Self {
        Self(vec![(T::MIN, T::MAX)])
    }

    /// Whether the set holds no address.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The intervals `(first, last)`, ascending.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (T, T)> {
        self.0.iter().copied()
    }

    /// Whether the set holds an address. O(log n).
    pub fn contains(&self, address: T) -> bool {
        self.covers(address, address)
    }

    /// Whether the set holds every address from `first` to `last`. O(log n).
    pub fn covers(&self, first: T, last: T) -> bool {
        // No two intervals touch, so what is held is held by one of them.
        let behind = self.0.partition_point(|interval| interval.0 <= first);
        let interval = behind.checked_sub(1).and_then(|at| self.0.get(at));
        interval.is_some_and(|interval| last <= interval.1)
    }

    /// How many addresses the set holds.
    pub fn count(&self) -> AddressCount {
        self.iter().map(|(first, last)| first.count_to(last)).sum()
    }

    /// The fewest CIDR blocks that make up the set, ascending.
    pub fn cidrs(&self) -> impl Iterator<Item = Cidr<T>> {
        self.iter().flat_map(|(first, last)| {
            let cut = move |first: T| {
                let host_bits = first.block_bits(last);
                Cidr { first, last: first.block_last(host_bits), length: T::WIDTH - host_bits }
            };
            std::iter::successors(Some(cut(first)), move |block| {
                if block.last < last { block.last.next().map(cut) } else { None }
            })
        })
    }

    /// For intervals in any order, none of which ends before it starts.
    pub(super) fn of_blocks(mut intervals: Vec<(T, T)>) -> Self {
        // The order of last addresses does not matter: joining takes the highest. Half as much to compare, and for a
        // hundred thousand intervals a quarter faster than the stable sort.
        intervals.sort_unstable_by_key(|(first, _)| *first);
        Self::of_sorted(intervals)
    }

    /// For results that are sorted and disjoint already, and may touch at most.
    pub(super) fn of_sorted(intervals: Vec<(T, T)>) -> Self {
        Self(joined(intervals))
    }
}

impl<T> Default for IntervalSet<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

/// From intervals in any order, overlapping or not; an interval whose first address is above its last holds nothing.
///
/// O(n log n), O(n) if they are sorted already.
impl<T: Bits> FromIterator<(T, T)> for IntervalSet<T> {
    fn from_iter<I: IntoIterator<Item = (T, T)>>(intervals: I) -> Self {
        Self::of_blocks(intervals.into_iter().filter(|(first, last)| first <= last).collect())
    }
}

/// Joins sorted intervals that overlap or touch, in place.
fn joined<T: Bits>(mut intervals: Vec<(T, T)>) -> Vec<(T, T)> {
    intervals.dedup_by(|later, earlier| {
        let touches = earlier.1.next().is_none_or(|next| later.0 <= next);
        if touches {
            earlier.1 = earlier.1.max(later.1);
        }
        touches
    });
    intervals
}
