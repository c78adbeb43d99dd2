//! Words that nft takes for its own where a name of a table stands.

/// Those that nft 1.0.6 refuses as `table inet WORD`, each tried, of its manual's words and the tokens of src/scanner.l;
/// `destroy` is one since 1.0.7. Sorted.
#[rustfmt::skip]
const WORDS: &[&str] = &[
    "accept", "add", "ah", "all", "and", "arp", "auto-merge", "bridge", "cgroup", "chain", "comment",
    "comp", "constant", "continue", "counter", "cpu", "create", "ct", "day", "dccp", "define", "delete",
    "describe", "destroy", "device", "devices", "dnat", "drop", "dst", "dup", "dynamic", "ecn",
    "element", "elements", "eq", "esp", "ether", "exists", "expires", "export", "exthdr", "fib",
    "flags", "flow", "flowtable", "flush", "frag", "fwd", "gc-interval", "ge", "get", "goto", "gt",
    "handle", "hbh", "hook", "hour", "ibriport", "ibrname", "icmp", "icmpv6", "igmp", "iif", "iifgroup",
    "iifname", "iiftype", "import", "include", "index", "inet", "insert", "interval", "ip", "ip6",
    "ipsec", "jhash", "jump", "le", "limit", "list", "log", "lshift", "lt", "map", "mark", "masquerade",
    "meta", "meter", "mh", "missing", "monitor", "ne", "netdev", "nftrace", "not", "notrack", "numgen",
    "obriport", "obrname", "offload", "oif", "oifgroup", "oifname", "oiftype", "or", "osf", "pkttype",
    "policy", "position", "priority", "queue", "quota", "random", "redefine", "redirect", "reject",
    "rename", "replace", "reset", "return", "rshift", "rt", "rt0", "rt2", "rtclassid", "rule",
    "ruleset", "sctp", "secmark", "set", "size", "skgid", "skuid", "snat", "socket", "srh", "symhash",
    "synproxy", "table", "tcp", "th", "time", "timeout", "tproxy", "type", "typeof", "udp", "udplite",
    "undefine", "update", "vlan", "vmap", "xor", "xt",
];

/// Whether a table cannot have this name.
pub(super) fn is_reserved(name: &str) -> bool {
    WORDS.binary_search(&name).is_ok()
}

#[cfg(test)]
mod tests {
    use super::{WORDS, is_reserved};

    #[test]
    fn words_are_sorted_so_that_each_is_found() {
        assert!(WORDS.is_sorted() && WORDS.iter().all(|word| is_reserved(word)));
        assert!(!is_reserved("filter") && !is_reserved("Table") && !is_reserved("flags1"));
    }
}
