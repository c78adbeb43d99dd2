//! Sets cut into pieces that a target can hold, so that a small change touches one piece.

use std::num::NonZeroUsize;

use super::family::Family;
use super::prefix::Prefix;
use super::set::PrefixSet;

/// A piece of a set.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Chunk {
    /// The part of the address space that this piece stands for; names the piece. Not the tightest prefix around its content, which
    /// would change with the content.
    pub cover: Prefix,
    /// The fewest prefixes that make up the set within `cover`, ascending; never none.
    pub prefixes: Vec<Prefix>,
}

impl PrefixSet {
    /// Cuts the set into pieces of at most `limit` prefixes, one family a piece: IPv4 ascending, then IPv6 ascending.
    ///
    /// The address space of a family is halved, and its halves again, as long as a piece has more than `limit` prefixes; pieces without
    /// content vanish. Cutting by position instead would move every later prefix when one comes in; here a prefix more or less changes
    /// the piece that it is in, and at most splits it or joins it with its neighbours.
    ///
    /// A family within the limit is one piece whose cover is the whole space.
    ///
    /// ```
    /// use portbook::address::{Prefix, PrefixSet};
    ///
    /// let set: PrefixSet = ["10.0.0.0/8", "172.16.0.0/12", "192.0.2.1"].iter().map(|text| Prefix::parse(text).unwrap()).collect();
    /// let covers: Vec<_> = set.chunks(2.try_into().unwrap()).iter().map(|chunk| chunk.cover.to_string()).collect();
    /// assert_eq!(covers, ["0.0.0.0/1", "128.0.0.0/1"]);
    /// ```
    pub fn chunks(&self, limit: NonZeroUsize) -> Vec<Chunk> {
        let prefixes: Vec<_> = self.prefixes().collect();
        let (v4, v6) = prefixes.split_at(prefixes.partition_point(|prefix| prefix.family() == Family::V4));
        let mut chunks = Vec::new();
        cut(Prefix::whole(Family::V4), v4, limit, &mut chunks);
        cut(Prefix::whole(Family::V6), v6, limit, &mut chunks);
        chunks
    }
}

/// A minimal list of two or more prefixes within `cover` holds no prefix that reaches into both halves, since that would be `cover`
/// itself and alone. So no prefix is ever split. The recursion is as deep as an address has bits.
fn cut(cover: Prefix, prefixes: &[Prefix], limit: NonZeroUsize, chunks: &mut Vec<Chunk>) {
    match cover.halves() {
        _ if prefixes.is_empty() => {}
        Some((lower, upper)) if prefixes.len() > limit.get() => {
            let (below, above) = prefixes.split_at(prefixes.partition_point(|&prefix| prefix < upper));
            cut(lower, below, limit, chunks);
            cut(upper, above, limit, chunks);
        }
        _ => chunks.push(Chunk { cover, prefixes: prefixes.to_vec() }),
    }
}
