//! Which tags hold an address or a prefix, for many of them.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::net::IpAddr;

use ipnet::IpNet;

use crate::address::{AddressCount, Bits, IntervalSet, Prefix};
use crate::finding::Findings;

use super::file::{RangeFile, Tag};

/// All prefixes of a file, by address.
///
/// CIDR blocks nest or are disjoint, so the blocks that hold an address are one chain: the last block that starts at or
/// before it, and what that lies in. A look-up is a binary search and a walk of a few steps.
#[derive(Debug)]
pub struct HolderIndex<'f, 'a> {
    file: &'f RangeFile<'a>,
    /// How many prefixes each tag has, in the order of the file.
    sizes: Vec<usize>,
    v4: Nested<u32>,
    v6: Nested<u128>,
}

/// A tag that holds what was asked for, or a part of it.
#[derive(Debug)]
pub struct Held<'f, 'a> {
    /// The tag.
    pub tag: &'f Tag<'a>,
    /// How much of it.
    pub extent: Extent,
}

/// How much of a prefix a tag holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// All of it lies in this prefix, the longest of the tag that does.
    Within(Prefix),
    /// All of it, in this many prefixes.
    Pieces(usize),
    /// So many of its addresses.
    Part(AddressCount),
}

impl<'f, 'a> HolderIndex<'f, 'a> {
    /// Sorts all prefixes of a file. O(n log n).
    ///
    /// # Errors
    /// As [`RangeFile::prefixes`].
    pub fn new(file: &'f RangeFile<'a>) -> Result<Self, Findings> {
        Self::of(file, |_| true)
    }

    /// Sorts the prefixes that are `wanted`: for a few questions, those that touch one of them are enough.
    ///
    /// # Errors
    /// As [`RangeFile::prefixes`].
    pub fn of(file: &'f RangeFile<'a>, wanted: impl Fn(Prefix) -> bool) -> Result<Self, Findings> {
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        let mut sizes = Vec::with_capacity(file.tags().len());
        for (tag, number) in file.tags().iter().zip(0_u32..) {
            let prefixes = file.prefixes(tag)?;
            sizes.push(prefixes.len());
            for prefix in prefixes.iter().filter(|prefix| wanted(**prefix)) {
                match prefix.net() {
                    IpNet::V4(net) => {
                        v4.push(Block::new(net.network().into(), net.broadcast().into(), number));
                    }
                    IpNet::V6(net) => {
                        v6.push(Block::new(net.network().into(), net.broadcast().into(), number));
                    }
                }
            }
        }
        Ok(Self { file, sizes, v4: Nested::new(v4), v6: Nested::new(v6) })
    }

    /// The file.
    pub fn file(&self) -> &'f RangeFile<'a> {
        self.file
    }

    /// The tags that hold an address, the closest prefix first, of equal ones the smaller tag.
    pub fn address(&self, address: IpAddr) -> Vec<Held<'f, 'a>> {
        match address {
            IpAddr::V4(address) => self.whole(self.v4.around(address.into(), address.into())),
            IpAddr::V6(address) => self.whole(self.v6.around(address.into(), address.into())),
        }
    }

    /// Whether any tag holds an address.
    pub fn holds(&self, address: IpAddr) -> bool {
        match address {
            IpAddr::V4(address) => self.v4.around(address.into(), address.into()).next().is_some(),
            IpAddr::V6(address) => self.v6.around(address.into(), address.into()).next().is_some(),
        }
    }

    /// The tags that hold a prefix, then those that hold a part of it, the largest part first.
    pub fn prefix(&self, prefix: Prefix) -> Vec<Held<'f, 'a>> {
        match prefix.net() {
            IpNet::V4(net) => self.of_block(&self.v4, net.network().into(), net.broadcast().into()),
            IpNet::V6(net) => self.of_block(&self.v6, net.network().into(), net.broadcast().into()),
        }
    }

    fn of_block<T: Bits + IntoPrefix>(&self, nested: &Nested<T>, first: T, last: T) -> Vec<Held<'f, 'a>> {
        let mut held = self.whole(nested.around(first, last));
        let known: Vec<&str> = held.iter().map(|held| held.tag.name()).collect();
        let mut inside: BTreeMap<u32, Vec<(T, T)>> = BTreeMap::new();
        for block in nested.inside(first, last) {
            inside.entry(block.tag).or_default().push((block.first, block.last));
        }
        let mut parts: Vec<(AddressCount, Held<'f, 'a>)> = Vec::new();
        for (tag, blocks) in inside {
            let Some(tag) = self.tag(tag).filter(|tag| !known.contains(&tag.name())) else { continue };
            let pieces = blocks.len();
            let set: IntervalSet<T> = blocks.into_iter().collect();
            let all = set.covers(first, last);
            let extent = if all { Extent::Pieces(pieces) } else { Extent::Part(set.count()) };
            parts.push((set.count(), Held { tag, extent }));
        }
        // Stable, so that equal parts stay in the order of the file.
        parts.sort_by_key(|(addresses, _)| Reverse(*addresses));
        held.extend(parts.into_iter().map(|(_, part)| part));
        held
    }

    /// The innermost block of each tag, in order.
    fn whole<T: Bits + IntoPrefix>(&self, chain: impl Iterator<Item = Block<T>>) -> Vec<Held<'f, 'a>> {
        let mut found: Vec<(u32, Prefix)> = Vec::new();
        for block in chain {
            if !found.iter().any(|(tag, _)| *tag == block.tag) {
                found.push((block.tag, T::prefix(block.first, block.last)));
            }
        }
        found.sort_by_key(|(tag, prefix)| (u8::MAX - prefix.length(), self.size(*tag), *tag));
        let held = |(tag, prefix)| Some(Held { tag: self.tag(tag)?, extent: Extent::Within(prefix) });
        found.into_iter().filter_map(held).collect()
    }

    fn tag(&self, number: u32) -> Option<&'f Tag<'a>> {
        self.file.tags().get(usize::try_from(number).ok()?)
    }

    fn size(&self, number: u32) -> usize {
        usize::try_from(number).ok().and_then(|at| self.sizes.get(at)).copied().unwrap_or_default()
    }
}

/// Blocks as prefixes again.
trait IntoPrefix: Sized {
    fn prefix(first: Self, last: Self) -> Prefix;
}

impl IntoPrefix for u32 {
    fn prefix(first: Self, last: Self) -> Prefix {
        Prefix::of_block_v4(first, last)
    }
}

impl IntoPrefix for u128 {
    fn prefix(first: Self, last: Self) -> Prefix {
        Prefix::of_block_v6(first, last)
    }
}

/// One prefix of one tag.
#[derive(Debug, Clone, Copy)]
struct Block<T> {
    first: T,
    last: T,
    /// The tag's place in the file.
    tag: u32,
    /// The place of the innermost block that this one lies in; its own where it lies in none.
    parent: u32,
}

impl<T> Block<T> {
    fn new(first: T, last: T, tag: u32) -> Self {
        Self { first, last, tag, parent: 0 }
    }
}

/// Blocks in the order of their first address, what holds before what is held.
#[derive(Debug)]
struct Nested<T>(Vec<Block<T>>);

impl<T: Bits> Nested<T> {
    fn new(mut blocks: Vec<Block<T>>) -> Self {
        blocks.sort_unstable_by(|a, b| (a.first, b.last, a.tag).cmp(&(b.first, a.last, b.tag)));
        let mut open: Vec<(T, u32)> = Vec::new();
        for (block, place) in blocks.iter_mut().zip(0_u32..) {
            while open.last().is_some_and(|(last, _)| *last < block.first) {
                open.pop();
            }
            block.parent = open.last().map_or(place, |(_, parent)| *parent);
            open.push((block.last, place));
        }
        Self(blocks)
    }

    /// The blocks that hold all addresses from `first` to `last`, from the innermost outwards.
    fn around(&self, first: T, last: T) -> impl Iterator<Item = Block<T>> {
        let behind = self.0.partition_point(|block| block.first <= first);
        let mut place = behind.checked_sub(1);
        let chain = std::iter::from_fn(move || {
            let at = place?;
            let block = *self.0.get(at)?;
            place = usize::try_from(block.parent).ok().filter(|parent| *parent != at);
            Some(block)
        });
        chain.filter(move |block| block.last >= last)
    }

    /// The blocks that lie from `first` to `last`.
    fn inside(&self, first: T, last: T) -> &[Block<T>] {
        let start =
            self.0.partition_point(|block| block.first < first || block.first == first && block.last > last);
        let end = self.0.partition_point(|block| block.first <= last);
        self.0.get(start..end).unwrap_or_default()
    }
}
