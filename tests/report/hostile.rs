//! No text of a report becomes markup, script or an attribute.

use portbook::report::{AddressChange, AddressRow, Report, page};
use proptest::prelude::*;

use crate::sample::hostile;

/// The tags of a page, without their texts.
fn tags(page: &str) -> Vec<String> {
    page.split('<').skip(1).filter_map(|piece| piece.split_once('>')).map(|(tag, _)| tag.to_owned()).collect()
}

/// What is no text of the report: tags without the attributes that hold words.
fn skeleton(page: &str) -> Vec<String> {
    tags(page).into_iter().map(|tag| tag.split([' ', '\n']).next().unwrap().to_owned()).collect()
}

const PLAIN: &str = "plain";

#[test]
fn hostile_texts_stay_texts() {
    let fine = skeleton(&page(&[hostile(PLAIN)]).unwrap());
    for evil in [
        "</script><script>alert(1)</script>",
        "</title></style><svg onload=alert(1)>",
        "\" onmouseover=\"alert(1)",
        "' onmouseover='alert(1)",
        "<!-- --> <![CDATA[ ]]>",
        "{{ 7 * 7 }}{% if x %}{# #}",
        "&lt;b&gt;&#60;b>",
        "javascript:alert(1)",
        "a\u{0}b\u{202e}c\u{2066}d\u{61c}\u{feff}\u{fffe}",
    ] {
        let page = page(&[hostile(evil)]).unwrap();
        assert_eq!(skeleton(&page), fine, "{evil:?} changes the page");
        assert_eq!(page.matches("<script>").count(), 1);
        for hidden in ['\u{0}', '\u{202e}', '\u{2066}', '\u{61c}', '\u{feff}', '\u{fffe}'] {
            assert!(!page.contains(hidden), "{hidden:?}");
        }
        // No attribute runs an event, and an address only ever names a place in the page.
        for tag in tags(&page) {
            assert!(!tag.contains(" on"), "{tag}");
            assert!(!tag.contains(" src="), "{tag}");
            assert!(!tag.contains(" href=") || tag.contains(" href=\"#"), "{tag}");
        }
    }
}

#[test]
fn hostile_texts_stay_texts_in_a_page_of_several_too() {
    let several = |evil: &str| skeleton(&page(&[hostile(evil), hostile(evil)]).unwrap());
    assert_eq!(several("\"></nav></script><script>alert(1)</script>"), several(PLAIN));
}

#[test]
fn what_hides_is_shown() {
    let page = page(&[hostile("a\u{202e}b\u{0}c")]).unwrap();
    assert!(page.contains(r"<h1>a\u{202e}b\u{0}c</h1>"));
}

#[test]
fn the_script_is_the_same_whatever_the_report_says() {
    let script = |report: Report| {
        let page = page(&[report]).unwrap();
        page.split_once("<script>").unwrap().1.split_once("</script>").unwrap().0.to_owned()
    };
    assert_eq!(script(hostile("x</script>")), script(Report::default()));
}

#[test]
fn a_prefix_that_is_none_is_refused() {
    let row = AddressRow { added: vec!["<b>".to_owned()], ..AddressRow::default() };
    let addresses = Some(AddressChange { rows: vec![row], ..AddressChange::default() });
    let refused = page(&[Report { addresses, ..Report::default() }]).unwrap_err();
    assert!(refused.iter().any(|finding| finding.message.contains("`<b>` is not a prefix")));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_text_at_all_becomes_markup(evil in "\\PC{0,12}[<>\"'&`{}%#=/\\\\\u{0}\u{202e}]{0,12}\\PC{0,6}") {
        let fine = skeleton(&page(&[hostile(PLAIN)]).unwrap());
        let evil = if evil.trim().is_empty() { PLAIN.to_owned() } else { evil };
        prop_assert_eq!(skeleton(&page(&[hostile(&evil)]).unwrap()), fine);
    }
}
