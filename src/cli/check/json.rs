//! Results for programs; docs/check.md tells the keys.

use serde_json::{Value, json};

use portbook::check::{Checked, FORMAT, Outcome, Probe, Report, Standing};
use portbook::online::probe::Route;
use portbook::prerequisite::Way;
use portbook::rule::Citation;

use crate::cli::Failure;
use crate::cli::table::pretty;

pub(super) fn json(report: &Report<'_>, route: &Route) -> Result<Vec<u8>, Failure> {
    let plan = report.plan;
    let documents = plan.documents.iter().map(|(id, edition)| json!({"document": id, "edition": edition}));
    let counts = report.counts();
    pretty(&json!({
        "format": FORMAT,
        "title": plan.title,
        "scenarios": plan.scenarios,
        "cloud": plan.cloud,
        "roles": plan.roles,
        "documents": documents.collect::<Vec<Value>>(),
        "proxies": {
            "https": route.https.as_ref().map(ToString::to_string),
            "http": route.http.as_ref().map(ToString::to_string),
        },
        "summary": {
            "reachable": counts.reachable,
            "unreachable": counts.unreachable,
            "not-testable": counts.not_testable,
        },
        "results": report.checked.iter().map(result).collect::<Vec<Value>>(),
    }))
}

fn result(checked: &Checked<'_>) -> Value {
    let line = checked.line;
    let spec = checked.verdict.spec();
    let standing = match spec.standing {
        Standing::Reachable => "reachable",
        Standing::Unreachable => "unreachable",
        Standing::NotTestable => "not-testable",
    };
    let next = checked.reason.as_ref().map_or(spec.next, |reason| reason.next.as_str());
    json!({
        "endpoint": line.endpoint,
        "transport": line.rules.first().map(|rule| rule.flow.transport.as_str()),
        "need": if line.is_required() { "required" } else { "optional" },
        "standing": standing,
        "result": spec.id,
        "step": (spec.standing == Standing::Unreachable).then(|| spec.step.as_str()),
        "reason": checked.reason.as_ref().map(|reason| json!({"id": reason.id, "text": reason.text})),
        "next": Some(next).filter(|next| !next.is_empty()),
        "sample": line.sample().map(|sample| json!({
            "host": sample.host,
            "document": sample.document,
            "edition": sample.edition,
        })),
        "probe": checked.tried.map(|(probe, outcome)| tried(probe, outcome)),
        "rules": line.rules.iter().map(|rule| &rule.id).collect::<Vec<_>>(),
        "from": line.rules.iter().map(|rule| rule.flow.from.to_string()).collect::<Vec<_>>(),
        "citations": line.citations().map(citation).collect::<Vec<Value>>(),
    })
}

fn tried(probe: &Probe, outcome: &Outcome) -> Value {
    let way = match probe.way {
        Way::Tls => "tls",
        Way::Http => "http",
        Way::Tcp => "tcp",
    };
    json!({
        "host": probe.host.to_string(),
        "port": probe.port,
        "way": way,
        "path": (probe.way == Way::Http).then_some(&probe.path),
        "proxied": outcome.proxied,
        "address": outcome.address.map(|address| address.to_string()),
        "detail": outcome.detail,
        "status": outcome.status,
        "tls": outcome.tls.map(|tls| json!({"1.2": tls.v1_2.as_str(), "1.3": tls.v1_3.as_str()})),
        "certificate": outcome.certificate.as_ref().map(|certificate| json!({
            "subject": certificate.subject,
            "issuer": certificate.issuer,
            "not-before": certificate.not_before,
            "not-after": certificate.not_after,
        })),
        "milliseconds": u64::try_from(outcome.elapsed.as_millis()).unwrap_or(u64::MAX),
    })
}

fn citation(citation: &Citation) -> Value {
    json!({
        "scenario": citation.scenario,
        "document": citation.document,
        "edition": citation.edition,
        "requirement": citation.requirement,
        "documented-as": citation.documented_as,
    })
}
