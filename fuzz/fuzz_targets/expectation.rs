//! Expectations of a site: read or refused; the text of what is read reads as the same.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use portbook::catalog::Catalog;
use portbook::finding::{Place, Source};
use portbook::plan::{Expectation, PlanFile};
use portbook::site::Site;

const SITE: &str = "\
name: hq
cloud: public
scenarios: [cloud-sync]
hosts:
  agents: {addresses: [10.20.0.11], roles: [provisioning-agent], zone: tier0}
  a.b: {addresses: [10.20.0.12], roles: [domain-controller]}
targets: [{target: csv, output: out.csv}]
";

static PLACED: LazyLock<(Site, Place)> = LazyLock::new(|| {
    let source = Source::new("portbook.yaml", SITE);
    let catalog = Catalog::embedded().expect("the catalog that comes with the program");
    let plan = PlanFile::read(&source, &catalog).expect("a sound site").sites.remove(0);
    (plan.site, Place::whole(&source))
});

fuzz_target!(|text: &str| {
    let (site, place) = &*PLACED;
    for text in [text.to_owned(), format!("allow agents -> {text}"), format!("deny a.b -> {text}:443")] {
        match Expectation::parse(&text, site, place.clone()) {
            Ok(expectation) => {
                let again =
                    Expectation::parse(&expectation.to_string(), site, place.clone()).expect("its own text");
                assert_eq!(again, expectation);
            }
            Err(finding) => assert!(!finding.message.contains(char::is_control)),
        }
    }
});
