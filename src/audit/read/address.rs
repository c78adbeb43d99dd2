//! Addresses as configurations write them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::address::{IntervalSet, Prefix, PrefixSet};

/// A host, a block by length or by mask, or a range; host bits are masked, as products do. Nothing for any other text.
pub(super) fn block(text: &str) -> Option<PrefixSet> {
    if let Ok(prefix) = Prefix::parse(text) {
        return Some(prefix.into());
    }
    let (range, length) = match text.split_once('/') {
        Some((range, length)) => (range, Some(length)),
        None => (text, None),
    };
    match range.split_once('-') {
        // A range of blocks means nothing that all products agree on.
        Some(_) if length.is_some() => None,
        Some((first, last)) => span(first.parse().ok()?, last.parse().ok()?),
        None => masked(range.parse().ok()?, length?),
    }
}

fn span(first: IpAddr, last: IpAddr) -> Option<PrefixSet> {
    match (first, last) {
        (IpAddr::V4(first), IpAddr::V4(last)) if first <= last => {
            let block = [(first.to_bits(), last.to_bits())].into_iter().collect();
            Some(PrefixSet::new(block, IntervalSet::default()))
        }
        (IpAddr::V6(first), IpAddr::V6(last)) if first <= last => {
            let block = [(first.to_bits(), last.to_bits())].into_iter().collect();
            Some(PrefixSet::new(IntervalSet::default(), block))
        }
        _ => None,
    }
}

fn masked(address: IpAddr, length: &str) -> Option<PrefixSet> {
    let length = match (address, length.parse::<Ipv4Addr>()) {
        (IpAddr::V4(_), Ok(mask)) => {
            let bits = mask.to_bits();
            // A mask with a hole is no block.
            (bits.leading_ones() + bits.trailing_zeros() >= 32).then(|| bits.leading_ones())?
        }
        _ if length.bytes().all(|byte| byte.is_ascii_digit()) => length.parse().ok()?,
        _ => return None,
    };
    let network = match address {
        IpAddr::V4(address) if length <= 32 => {
            let mask = u32::MAX.checked_shl(32 - length).unwrap_or(0);
            IpAddr::V4(Ipv4Addr::from_bits(address.to_bits() & mask))
        }
        IpAddr::V6(address) if length <= 128 => {
            let mask = u128::MAX.checked_shl(128 - length).unwrap_or(0);
            IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & mask))
        }
        _ => return None,
    };
    Some(Prefix::new(network, u8::try_from(length).ok()?).ok()?.into())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_write_a_block() {
        for (text, wanted) in [
            ("10.0.0.5", "10.0.0.5/32"),
            ("10.0.0.5/8", "10.0.0.0/8"),
            ("10.0.0.0/255.0.0.0", "10.0.0.0/8"),
            ("0.0.0.0/0.0.0.0", "0.0.0.0/0"),
            ("10.0.0.4-10.0.0.7", "10.0.0.4/30"),
            ("2001:db8::1/32", "2001:db8::/32"),
            ("2001:db8::-2001:db8::1", "2001:db8::/127"),
        ] {
            assert_eq!(block(text).unwrap().to_string(), wanted, "{text}");
        }
        for text in [
            "",
            "x",
            "10.0.0.7-10.0.0.4",
            "10.0.0.0/255.0.255.0",
            "10.0.0.0/33",
            "10.0.0.0/+8",
            "1-2",
            "::-1.2.3.4",
        ] {
            assert_eq!(block(text), None, "{text}");
        }
    }
}
