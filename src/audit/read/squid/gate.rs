//! Directives beside `http_access` that bear on what passes.

use super::line::Line;

/// What such a directive may do.
pub(super) enum Gate {
    /// Stop what `http_access` allows.
    Stops(String),
    /// Stop it, or let pass what `http_access` denies by its words.
    Changes(String),
}

/// What a line may do, and why; nothing where it has no part in it.
pub(super) fn gate(line: &Line) -> Option<Gate> {
    let directive = line.words.first()?.as_str();
    let second = line.words.get(1).map(String::as_str);
    let text = &line.text;
    match directive {
        "if" | "else" | "endif" | "configuration_includes_quoted_values" => Some(Gate::Changes(format!(
            "`{directive}` decides how other lines are read; they are read as if it were not there"
        ))),
        "http_port" | "https_port" => mode(line).map(|mode| {
            Gate::Changes(format!(
                "`{directive}` with `{mode}`: what comes there asks for no proxy, and may show an address in place of a name"
            ))
        }),
        "adapted_http_access" | "http_access2" | "http_reply_access" | "miss_access" => {
            (second != Some("allow")).then(|| Gate::Stops(format!("`{text}` may stop it later")))
        }
        "url_rewrite_program" | "redirect_program" | "store_id_program" => {
            Some(Gate::Stops(format!("`{directive}` may send requests elsewhere")))
        }
        "ssl_bump" => match second? {
            "terminate" => Some(Gate::Stops(format!("`{text}` may end TLS connections"))),
            "bump" | "server-first" | "client-first" => Some(Gate::Stops(format!(
                "`{text}` decrypts: each request inside a tunnel has to pass http_access once more"
            ))),
            _ => None,
        },
        "icap_enable" | "ecap_enable" => {
            (second != Some("off")).then(|| Gate::Stops(format!("`{text}`: a service may change or stop it")))
        }
        "adaptation_access" => Some(Gate::Stops(format!("`{text}`: a service may change or stop it"))),
        _ => None,
    }
}

/// The mode of a port that no client asks as its proxy.
fn mode(line: &Line) -> Option<&str> {
    const MODES: [&str; 4] = ["intercept", "transparent", "tproxy", "accel"];
    line.words.iter().skip(2).map(String::as_str).find(|word| MODES.contains(word))
}
