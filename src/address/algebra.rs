//! Union, intersection and difference of interval sets, each in one pass over both.

use super::bits::Bits;
use super::interval::IntervalSet;

impl<T: Bits> IntervalSet<T> {
    /// The addresses that are in either set.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let mut intervals: Vec<_> = self.iter().chain(other.iter()).collect();
        // The stable sort merges two sorted runs in linear time.
        intervals.sort();
        Self::of_sorted(intervals)
    }

    /// The addresses that are in both sets.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        let (mut ours, mut theirs) = (self.iter().peekable(), other.iter().peekable());
        let mut common = Vec::new();
        while let (Some(&a), Some(&b)) = (ours.peek(), theirs.peek()) {
            let (first, last) = (a.0.max(b.0), a.1.min(b.1));
            if first <= last {
                common.push((first, last));
            }
            if a.1 < b.1 {
                ours.next()
            } else {
                theirs.next()
            };
        }
        Self::of_sorted(common)
    }

    /// The addresses of this set that are not in `other`.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        self.intersection(&other.complement())
    }

    /// The addresses that are not in this set.
    #[must_use]
    pub fn complement(&self) -> Self {
        let mut gaps = Vec::new();
        let mut next = Some(T::MIN);
        for (first, last) in self.iter() {
            if let (Some(start), Some(end)) = (next, first.previous())
                && start <= end
            {
                gaps.push((start, end));
            }
            next = last.next();
        }
        gaps.extend(next.map(|start| (start, T::MAX)));
        Self::of_sorted(gaps)
    }

    /// Whether every address of this set is in `other`.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.iter().all(|(first, last)| other.covers(first, last))
    }

    /// Whether no address is in both sets.
    pub fn is_disjoint(&self, other: &Self) -> bool {
        self.intersection(other).is_empty()
    }
}
