//! What makes a text safe in squid.conf, or refuses it.

use super::name::LONGEST;
use crate::address::{PortRange, Prefix};
use crate::host::HostName;
use crate::target::{Filter, comment};

/// The filters of the templates of this target.
pub(super) const FILTERS: &[Filter] = &[
    ("squid_comment", squid_comment),
    ("squid_acl", squid_acl),
    ("squid_domain", squid_domain),
    ("squid_ports", squid_ports),
    ("squid_block", squid_block),
];

/// A line behind `# `.
fn squid_comment(text: &str) -> Result<String, String> {
    let text = comment::line(text)?;
    // Squid joins a line that ends in a backslash with the next one; 5.7 does not do so in comments.
    Ok(match text.strip_suffix('\\') {
        Some(front) => format!("{front}\\u{{5c}}"),
        None => text,
    })
}

/// The name of an acl.
fn squid_acl(text: &str) -> Result<String, String> {
    let fine = (1..=LONGEST).contains(&text.len())
        && text.starts_with("portbook_")
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'));
    if fine {
        Ok(text.to_owned())
    } else {
        Err(format!("`{}` is not the name of an acl", text.escape_debug()))
    }
}

/// A value of `dstdomain` or `ssl::server_name`: a name, or a dot and a name.
fn squid_domain(text: &str) -> Result<String, String> {
    let name = text.strip_prefix('.').unwrap_or(text);
    match HostName::parse(name) {
        Ok(parsed) if parsed.as_str() == name => Ok(text.to_owned()),
        _ => Err(format!("`{}` is not a domain", text.escape_debug())),
    }
}

/// Ports and ranges of them with spaces between.
fn squid_ports(text: &str) -> Result<String, String> {
    for part in text.split(' ') {
        PortRange::parse(part).map_err(|error| error.to_string())?;
    }
    Ok(text.to_owned())
}

/// Lines `acl NAME src|dst PREFIX`.
fn squid_block(text: &str) -> Result<String, String> {
    let body = text.strip_suffix('\n').ok_or("a block of lines ends in a line break")?;
    for line in body.split('\n') {
        let words: Vec<&str> = line.split(' ').collect();
        let fine = match words.as_slice() {
            ["acl", name, "src" | "dst", prefix] => {
                squid_acl(name).is_ok() && Prefix::parse(prefix).is_ok_and(|prefix| prefix.length() > 0)
            }
            _ => false,
        };
        if !fine {
            return Err(format!("`{}` is not a line of addresses", line.escape_debug()));
        }
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_becomes_syntax() {
        for text in ["a b", "a#b", "\"/etc/passwd\"", "a\nb", "", "..a", ".", "*.x.net", "A.net", "-n", "a\\"]
        {
            assert!(squid_domain(text).is_err(), "{text:?}");
        }
        assert_eq!(squid_domain(".x.net").as_deref(), Ok(".x.net"));
        for text in [
            "all",
            "portbook_a b",
            "portbook_!a",
            "portbook_\n",
            "portbook_0123456789012345678901234567890123456789012345678901234",
        ] {
            assert!(squid_acl(text).is_err(), "{text:?}");
        }
        for text in ["", "443 ", "0", "443;80", "443\n80"] {
            assert!(squid_ports(text).is_err(), "{text:?}");
        }
        for text in
            ["", "\n", "acl portbook_a src 0.0.0.0/0\n", "acl portbook_a src all\n", "acl x src 10.0.0.1\n"]
        {
            assert!(squid_block(text).is_err(), "{text:?}");
        }
        assert!(squid_block("acl portbook_a src 10.0.0.1\nacl portbook_a src fd00::/8\n").is_ok());
        assert_eq!(
            squid_comment("a\nhttp_access allow all\\").unwrap(),
            "a\\u{a}http_access allow all\\u{5c}"
        );
    }
}
