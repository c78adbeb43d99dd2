//! Files that are no review texts of Portbook's, as far as a renderer shows it.

use rayon::prelude::*;

use super::{ADDRESSES, BOTH, RULES, audit, desk, edit};

/// A file, an edit, how far below it the line stands that is told, and why it is refused.
type Refusal = (&'static str, &'static str, &'static str, isize, &'static str);

const REFUSED: &[Refusal] = &[
    // What a renderer does not show, or shows otherwise.
    (RULES, "| `login.live.com`", "<!--\n| `login.live.com`", 0, "HTML"),
    (RULES, "documented elsewhere", "text <b hidden>documented</b> elsewhere", 0, "HTML"),
    (RULES, "\n- domain-services", "\n- <i>domain-services", 1, "HTML"),
    (RULES, "| `login.live.com`", "\n| `login.live.com`", 1, "a bar outside of a table"),
    (RULES, "\n|---|---|---|", "\n|---|---|", 0, "a bar outside of a table"),
    (RULES, "| DNS |", "| DNS | DNS |", 0, "12 cells stand in a row of a table with 11 columns"),
    (RULES, "| DNS |", "DNS |", 0, "10 cells stand in a row of a table with 11 columns"),
    (RULES, "| `login.live.com`", "> | `login.live.com`", 0, "a bar outside of a table"),
    (RULES, "| `login.live.com`", "lost\n| `login.live.com`", 0, "1 cells stand in a row"),
    // What cmark-gfm shows otherwise than the parser here: rows more, a table that ends, no table at all.
    (
        RULES,
        "| `login.live.com`",
        "\u{c}\n`*.evil.example` (wildcard)\n| `login.live.com`",
        0,
        "a control character",
    ),
    (RULES, "| `login.live.com`", "    | `login.live.com`", 0, "a row with blanks in front of it"),
    (RULES, "| `login.live.com`", "\t| `login.live.com`", 0, "a row with blanks in front of it"),
    (RULES, "\n|---|---|---|", "\n|- -|---|---|", 0, "second line has more than dashes"),
    (RULES, "\n|---|---|---|", "\n|--:-|---|---|", 0, "second line has more than dashes"),
    (
        RULES,
        "\n| Destination |",
        "\n[^1]: note\n| Destination |",
        1,
        "an element that Portbook does not write",
    ),
    (RULES, "\n| Destination |", "\nnote\n| Destination |", 2, "no empty line parts"),
    (RULES, "| DNS |", "| ~~DNS~~ |", 0, "text that is struck out in a cell"),
    (RULES, "| DNS |", "| [DNS](x) |", 0, "a link in a cell"),
    (RULES, "| DNS |", "| *DNS* |", 0, "emphasis in a cell"),
    (
        RULES,
        "## managed-domain: TCP 53 from",
        "```\n## managed-domain: TCP 53 from",
        0,
        "a table or list without a heading",
    ),
    (
        RULES,
        "## managed-domain: TCP 53 from",
        "    x\n\n## managed-domain: TCP 53 from",
        0,
        "a code block that is no list",
    ),
    (RULES, "## managed-domain: TCP 53 from", "### managed-domain: TCP 53 from", 0, "a heading of a level"),
    (
        RULES,
        "## managed-domain: TCP 53 from",
        "- ## managed-domain: TCP 53 from",
        0,
        "a heading inside of a list",
    ),
    (RULES, "\n\nSource: managed", "\n\n- Source: managed", 0, "no `Source:` stands between"),
    // What says something that is not understood.
    (RULES, "TCP 53 from source", "SCTP 53 from source", 6, "SCTP"),
    (RULES, "TCP 53 from source", "TCP 0 from source", 6, "port 0"),
    (RULES, "TCP 53 from source ports 53,", "TCP 53 from source ports x,", 6, "`x`"),
    (RULES, ", internal, direct", ", sideways, direct", 0, "is no heading of a table of rules"),
    (
        RULES,
        ", internal, direct",
        ", internal, to-proxy",
        6,
        "a destination of the kind `role` on a way that is to-proxy",
    ),
    (
        RULES,
        ", outbound, from-proxy",
        ", outbound, direct",
        2,
        "is no source of what provisioning-agent needs",
    ),
    (
        RULES,
        "## managed-domain: TCP 53 from",
        "## provisioning-agent: TCP 53 from",
        2,
        "is no source of what",
    ),
    (RULES, "Source: managed-domain", "Source: managed-*domain*", 0, "a source that is no plain text"),
    (RULES, "Source: managed-domain", "Sourced: managed-domain", -2, "no `Source:` stands between"),
    (
        RULES,
        "Source: managed-domain",
        "Source: any\n\nSource: managed-domain",
        2,
        "a source that is not the only one",
    ),
    (
        RULES,
        "zone managed: 10.5.0.0/24",
        "zone managed: 10.5.0.0/24 and more",
        4,
        "`10.5.0.0/24 and more` is no prefix",
    ),
    (RULES, "(role) | 10.5.0.0/24", "(role) | 10.5.0.0/x", 0, "`10.5.0.0/x` is no prefix"),
    (
        RULES,
        "`*.microsoft.com` (wildcard)",
        "`microsoft.com` (wildcard)",
        0,
        "is no destination of the kind `wildcard`",
    ),
    (
        RULES,
        "`*.microsoft.com` (wildcard)",
        "`*.microsoft.com` (any)",
        0,
        "is no destination of the kind `any`",
    ),
    (
        RULES,
        "`*.microsoft.com` (wildcard)",
        "*.microsoft.com (wildcard)",
        0,
        "a destination that is no name and kind",
    ),
    (RULES, "`login.live.com` (exact)", "`live.com` (exact)", 0, "`live.com` is not what the row is for"),
    (
        RULES,
        "| `login.live.com` | req",
        "| login.live.com | req",
        0,
        "`login.live.com` is not what the row is for",
    ),
    (
        RULES,
        "| Destination | Addresses |",
        "| Destination | Address |",
        0,
        "the table has no column `Addresses`",
    ),
    (RULES, "| Need | When |", "| Action | When |", 0, "a column `Action`"),
    (RULES, "| Need | When |", "| Zone | When |", 0, "two columns of the table have one name"),
    (RULES, "| Need | When |", "| `Need` | When |", 0, "a column whose name is no plain text"),
    // Sets.
    (
        RULES,
        "(21 prefixes: see Addresses)",
        "(20 prefixes: see Addresses)",
        0,
        "has 21 prefixes, and `20 prefixes",
    ),
    (RULES, "| 21 | 20 |", "| 22 | 20 |", 0, "does not have as many"),
    (RULES, "| 21 | 20 |", "| 21 | 19 |", 0, "does not have as many"),
    (RULES, "| provisioning-agent |", "| others |", 0, "the list of others is not among the files"),
    (RULES, "\n## Addresses", "\n## Sets", 1, "puts below `Addresses`"),
    (RULES, ": provisioning-agent (21", ": others (21", 0, "the list of others is not among the files"),
    (ADDRESSES, "10.20.2.1/32\n", "", 0, ""),
    (ADDRESSES, "10.20.2.1/32", "10.20.2.1/32\n10.99.0.0/16", 0, ""),
    (ADDRESSES, "10.20.2.1/32", "10.20.2.1/24", 0, "no line of a list"),
    (ADDRESSES, "10.20.2.1/32", "any", 0, "no line of a list"),
    (ADDRESSES, "```\n10", "```mermaid\n10", 0, "a code block that is no list"),
    (ADDRESSES, "## provisioning-agent", "## others", 0, ""),
    (
        ADDRESSES,
        "## provisioning-agent",
        "## more\n\n```\n10.0.0.0/8\n```\n\n## provisioning-agent",
        0,
        "more, which is not summed up",
    ),
    (ADDRESSES, "## provisioning-agent", "provisioning-agent\n", 5, "a table or list without a heading"),
    (
        ADDRESSES,
        "addresses of the site\n\n",
        "addresses of the site\n\n```\n10.0.0.0/8\n```\n\n",
        6,
        "a second table or list",
    ),
];

#[test]
fn what_is_hidden_or_not_understood_is_refused_with_its_line() {
    let missed = REFUSED.par_iter().filter_map(|(file, from, to, below, why)| {
        let desk = desk();
        let line = edit(&desk, file, &[(from, to)]);
        let run = audit(&desk, &BOTH);
        // Of what two files say otherwise, the place in the rules is told.
        let place = if why.is_empty() {
            RULES.to_owned()
        } else {
            format!("{file}:{}: ", line.checked_add_signed(*below).unwrap())
        };
        let told = run.exit == 2 && run.talk.contains(&place) && run.talk.contains(why);
        (!told).then(|| format!("{from} -> {to}: {place} {why}\n{}{}", run.out, run.talk))
    });
    let missed: Vec<String> = missed.collect();
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}
