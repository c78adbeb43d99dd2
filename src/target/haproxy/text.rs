//! What makes a text safe in haproxy.cfg, or refuses it.

use crate::address::Prefix;
use crate::host::HostName;
use crate::target::name::is_name_character;
use crate::target::{Filter, comment};

/// The filters of the templates of this target.
pub(super) const FILTERS: &[Filter] = &[
    ("haproxy_comment", comment::line),
    ("haproxy_name", haproxy_name),
    ("haproxy_host", haproxy_host),
    ("haproxy_family", haproxy_family),
    ("haproxy_server", haproxy_server),
    ("haproxy_block", haproxy_block),
];

/// The name of a section or acl.
fn haproxy_name(text: &str) -> Result<String, String> {
    let fine = text.starts_with("portbook") && text.len() <= 200 && text.chars().all(is_name_character);
    if fine { Ok(text.to_owned()) } else { Err(format!("`{}` is not a name", text.escape_debug())) }
}

/// A name, or a dot and a name.
fn haproxy_host(text: &str) -> Result<String, String> {
    let name = text.strip_prefix('.').unwrap_or(text);
    match HostName::parse(name) {
        Ok(parsed) if parsed.as_str() == name => Ok(text.to_owned()),
        _ => Err(format!("`{}` is not a host", text.escape_debug())),
    }
}

/// The family to prefer.
fn haproxy_family(text: &str) -> Result<String, String> {
    match text {
        "ipv4" | "ipv6" => Ok(text.to_owned()),
        _ => Err(format!("`{}` is no family", text.escape_debug())),
    }
}

/// `10.0.0.53:53`, `ipv6@2001:db8::53:53`.
fn haproxy_server(text: &str) -> Result<String, String> {
    let bare = text.strip_prefix("ipv6@").unwrap_or(text);
    let fine = bare.rsplit_once(':').is_some_and(|(address, port)| {
        address.parse::<std::net::IpAddr>().is_ok() && port.parse::<std::num::NonZeroU16>().is_ok()
    });
    if fine { Ok(text.to_owned()) } else { Err(format!("`{}` is not a server", text.escape_debug())) }
}

/// Lines `    acl NAME src PREFIX`.
fn haproxy_block(text: &str) -> Result<String, String> {
    let body = text.strip_suffix('\n').ok_or("a block of lines ends in a line break")?;
    for line in body.split('\n') {
        let words: Vec<&str> = line.strip_prefix("    ").unwrap_or_default().split(' ').collect();
        let fine = match words.as_slice() {
            ["acl", name, "src", prefix] => haproxy_name(name).is_ok() && Prefix::parse(prefix).is_ok(),
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
        for text in ["", "all", "portbook a", "portbook\n", "portbook\"", "portbook$x", "portbook#"] {
            assert!(haproxy_name(text).is_err(), "{text:?}");
        }
        for text in ["a b", "a#b", "\"a\"", "a\nb", "", "..a", ".", "*.x.net", "A.net", "-f", "a\\", "$a"] {
            assert!(haproxy_host(text).is_err(), "{text:?}");
        }
        for text in ["", "any", "ipv4 ", "IPV4"] {
            assert!(haproxy_family(text).is_err(), "{text:?}");
        }
        for text in ["", "dns:53", "10.0.0.1", "10.0.0.1:0", "10.0.0.1:53\n", "10.0.0.1:53 x", "::1"] {
            assert!(haproxy_server(text).is_err(), "{text:?}");
        }
        assert!(haproxy_server("10.0.0.53:53").is_ok() && haproxy_server("ipv6@2001:db8::53:53").is_ok());
        for text in [
            "",
            "\n",
            "acl portbook src 10.0.0.1\n",
            "    acl portbook src all\n",
            "    acl x src 10.0.0.1\n",
        ] {
            assert!(haproxy_block(text).is_err(), "{text:?}");
        }
        assert!(haproxy_block("    acl portbook_a src 10.0.0.1\n    acl portbook_a src ::/0\n").is_ok());
    }
}
