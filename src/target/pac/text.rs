//! What makes a text safe in a script, or refuses it.

use crate::host::HostName;
use crate::site::ProxyListener;
use crate::target::{Filter, comment};

/// The filters of the templates of this target.
pub(super) const FILTERS: &[Filter] =
    &[("js_comment", js_comment), ("js_key", js_key), ("js_ports", js_ports), ("js_answer", js_answer)];

/// A line behind `// ` or inside `/* */`.
fn js_comment(text: &str) -> Result<String, String> {
    // JScript runs what follows `//@` and `/*@` (conditional compilation).
    Ok(comment::line(text)?.replace("*/", "*\\/").replace('@', "\\u{40}"))
}

/// A key of the table, for use between double quotes.
fn js_key(text: &str) -> Result<String, String> {
    let name = text.strip_prefix(['=', '.']);
    match name.map(HostName::parse) {
        Some(Ok(parsed)) if Some(parsed.as_str()) == name => Ok(text.to_owned()),
        _ => Err(format!("`{}` is not a key of the table", text.escape_debug())),
    }
}

/// Numbers with commas between, an even count of them.
fn js_ports(text: &str) -> Result<String, String> {
    let numbers: Vec<&str> = text.split(", ").collect();
    let fine = numbers.len().is_multiple_of(2)
        && numbers.iter().all(|number| crate::address::Port::parse(number).is_ok());
    if fine {
        Ok(text.to_owned())
    } else {
        Err(format!("`{}` is not a list of port ranges", text.escape_debug()))
    }
}

/// An answer of the script, for use between double quotes.
fn js_answer(text: &str) -> Result<String, String> {
    let proxy = text.strip_prefix("PROXY ").map(|rest| rest.strip_suffix("; DIRECT").unwrap_or(rest));
    let fine = match proxy {
        Some(proxy) => ProxyListener::parse(proxy).is_some_and(|listener| listener.to_string() == proxy),
        None => text == "DIRECT",
    };
    if fine { Ok(text.to_owned()) } else { Err(format!("`{}` is not an answer", text.escape_debug())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_becomes_syntax() {
        for text in ["x.net", "=", "=a\"", "=a\\", "=A.net", "=a\n", "==a", ".*.x.net", ".\u{2028}"] {
            assert!(js_key(text).is_err(), "{text:?}");
        }
        assert_eq!(js_key(".x.net").as_deref(), Ok(".x.net"));
        for text in ["", "443", "443, 443,", "443,443", "0, 1", "443, alert(1)"] {
            assert!(js_ports(text).is_err(), "{text:?}");
        }
        for text in
            ["", "PROXY", "PROXY a", "PROXY a:80\"", "PROXY a:80; DIRECT; DIRECT", "direct", "SOCKS a:80"]
        {
            assert!(js_answer(text).is_err(), "{text:?}");
        }
        assert!(js_answer("PROXY a:80; DIRECT").is_ok());
        assert_eq!(js_comment("*/ @if \u{2028}\n").unwrap(), "*\\/ \\u{40}if \\u{2028}\\u{a}");
    }
}
