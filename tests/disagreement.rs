//! Documents that disagree, superseded ones, and what a text says of one need only.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests")]

use portbook::catalog::Catalog;
use portbook::explain::{HostQuestion, explain_host};
use portbook::resolve::{Request, Resolved, Selection, resolve};
use portbook::rule::{Need, Phase, Rule, TlsInspection};

fn selected(scenario: &str, cloud: &str, change: impl FnOnce(&mut Request)) -> Resolved {
    let catalog = Catalog::embedded().unwrap();
    let mut request = Request {
        scenarios: vec![scenario.to_owned()],
        cloud: cloud.to_owned(),
        set: vec!["application-ports=443".to_owned()],
        ..Request::default()
    };
    change(&mut request);
    resolve(&catalog, &Selection::check(&request, &catalog).unwrap()).unwrap()
}

fn rule<'a>(resolved: &'a Resolved, to: &str, port: &str) -> &'a Rule {
    let found = resolved
        .rules
        .iter()
        .find(|rule| rule.flow.to.to_string() == to && rule.flow.ports.to_string() == port);
    found.unwrap_or_else(|| panic!("no rule for {to}:{port}"))
}

#[test]
fn disagreement_surfaces_with_the_reason() {
    for (scenario, other, names) in [
        ("cloud-sync", "cloud-sync-troubleshooting", "crl3.digicert.com:80"),
        ("ad-fs", "ad-fs-securing", "web-application-proxy:443/udp"),
        ("ad-fs", "ad-fs-securing", "ad-fs-server:80"),
        ("private-network-connector", "connector-proxy-servers", "policykeyservice.dc.ad.msft.net:443"),
        ("pass-through-authentication", "connect-ports", "ranges:public:443"),
    ] {
        let resolved = selected(scenario, "public", |_| ());
        let elsewhere = resolved.elsewhere.iter().find(|each| each.document.as_str() == other).unwrap();
        assert!(elsewhere.names.iter().any(|name| name == names), "{scenario}: {:?}", elsewhere.names);
        let because = elsewhere.because.as_deref().unwrap();
        assert!(because.contains(other), "{scenario}: {because}");
        // Asked for by name it is read, and nothing is left to tell.
        let with = selected(scenario, "public", |request| request.also = vec![other.to_owned()]);
        assert!(with.documents.iter().any(|(id, _)| id.as_str() == other));
        assert!(!with.elsewhere.iter().any(|each| each.document.as_str() == other));
    }
}

#[test]
fn a_superseded_page_is_selected_by_name_only() {
    let registers =
        |resolved: &Resolved| resolved.rules.iter().any(|rule| rule.flow.ports.to_string() == "9090");
    let also_all = selected("private-network-connector", "public", |request| request.also_all = true);
    let read: Vec<&str> = also_all.documents.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(read, ["connector-configure", "connector-proxy-servers", "government-cloud"]);
    assert!(!registers(&also_all) && also_all.elsewhere.is_empty());
    let named = selected("private-network-connector", "public", |request| {
        request.also = vec!["application-proxy-enable".to_owned()];
    });
    assert!(registers(&named));
}

#[test]
fn an_explanation_says_what_took_the_place_of_a_page() {
    let catalog = Catalog::embedded().unwrap();
    let question = HostQuestion::parse("a.servicebus.windows.net:9090").unwrap();
    let spans = explain_host(&catalog, &question).unwrap().needs;
    let by = |document: &str| {
        let span = spans.iter().find(|span| span.document.as_str() == document)?;
        span.superseded_by.as_ref().map(ToString::to_string)
    };
    assert_eq!(by("application-proxy-enable").as_deref(), Some("application-proxy-add-application"));
}

#[test]
fn a_list_keeps_its_words() {
    let resolved = selected("application-provisioning", "public", |_| ());
    let registration = rule(&resolved, "login.live.com", "443");
    assert_eq!(registration.phases.iter().copied().collect::<Vec<_>>(), [Phase::Registration]);
    assert_eq!((registration.need, registration.tls_inspection), (Need::Required, TlsInspection::Exclude));
    assert!(rule(&resolved, "*.msappproxy.net", "443").phases.is_empty());
    assert!(rule(&resolved, "*.msappproxy.net", "443").ranges_offered, "the list offers the ranges");
    // Group provisioning is on the same page, and on other ports.
    assert!(!resolved.rules.iter().any(|rule| rule.flow.ports.to_string() == "389"));

    // The connector's own applications are not those of password protection.
    let resolved = selected("password-protection", "public", |_| ());
    assert!(!resolved.rules.iter().any(|rule| rule.flow.to.to_string() == "application-server"));
    let told = |message: &str| resolved.findings.iter().any(|each| each.message.contains(message));
    assert!(told("names `published backend applications` on {application-ports}/tcp"));
}

#[test]
fn a_fallback_for_one_need_is_not_that_of_its_page() {
    let enabling = selected("seamless-sso", "us-government", |request| {
        request.when = vec!["sign-in-by-password-hash-sync".to_owned()];
    });
    assert!(rule(&enabling, "*.msappproxy.us", "443").ranges_offered);
    assert!(!rule(&enabling, "autologon.microsoft.us", "443").ranges_offered);
    let agents = selected("pass-through-authentication", "us-government", |_| ());
    assert!(!rule(&agents, "*.msappproxy.us", "443").ranges_offered);
    let china = selected("password-writeback", "china", |_| ());
    assert!(china.rules.iter().all(|rule| !rule.ranges_offered));
}
