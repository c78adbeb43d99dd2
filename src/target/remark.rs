//! What a comment says of a rule.

use std::fmt::Write as _;

use super::{Effect, FittedRule};
use crate::rule::TlsInspection;

/// `r-0123456789 www.microsoft.com/pkiops: certificate revocation [wider: path-dropped]`.
pub(super) fn remark(fitted: &FittedRule) -> String {
    let rule = &fitted.rule;
    let mut text =
        format!("{} {} {}: {}", rule.id, rule.flow.to, rule.flow.service(), rule.purposes().join("; "));
    for loss in &fitted.losses {
        let effect = match loss.effect {
            Effect::Wider => "wider",
            Effect::Narrower => "narrower",
            Effect::Refused | Effect::NotApplicable => continue,
        };
        let _ = write!(text, " [{effect}: {}]", loss.code);
    }
    if let Some(doubt) = &rule.doubt {
        let _ = write!(text, " [doubtful: {doubt}]");
    }
    if rule.gap {
        text.push_str(" [not documented: Portbook's reading]");
    }
    if rule.tls_inspection == TlsInspection::Exclude {
        text.push_str(" [no TLS inspection]");
    }
    text
}
