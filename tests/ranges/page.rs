//! Links on download pages.

use portbook::ranges::page::links;

fn found(page: &str) -> Vec<(String, String)> {
    links(page, "Public").into_iter().map(|link| (link.date.to_string(), link.url)).collect()
}

const OLD: &str = r#"<a class="mscom-link failoverLink" data-bi-containername="download retry" id="failoverLink"
 href="https://download.microsoft.com/download/7/1/D/71D86715/ServiceTags_Public_20230102.json">click here</a>"#;

const NEW: &str = r#"<a class="dlcdetail__download-btn" href="https://download.microsoft.com/download/7/1/d/71d86715/ServiceTags_Public_20251103.json">Download</a>
<script>window.__DLCDetails__={"dlcDetailsView":{"downloadFile":[{"isPrimary":"true","name":"ServiceTags_Public_20251103.json",
"url":"https://download.microsoft.com/download/7/1/d/71d86715/ServiceTags_Public_20251103.json","size":"4182743","version":"2025.11.03"}]}};</script>"#;

#[test]
fn both_markups() {
    let old =
        "https://download.microsoft.com/download/7/1/D/71D86715/ServiceTags_Public_20230102.json".to_owned();
    assert_eq!(found(OLD), [("2023-01-02".to_owned(), old)]);
    let new =
        "https://download.microsoft.com/download/7/1/d/71d86715/ServiceTags_Public_20251103.json".to_owned();
    assert_eq!(found(NEW), [("2025-11-03".to_owned(), new)]);
}

#[test]
fn the_newest_of_several_wherever_it_stands() {
    let page = format!("{OLD}{NEW}{}", OLD.replace("20230102", "20240101"));
    let dates: Vec<String> = found(&page).into_iter().map(|(date, _)| date).collect();
    assert_eq!(dates, ["2025-11-03", "2024-01-01", "2023-01-02"]);
}

#[test]
fn escaped_addresses() {
    let json = NEW.replace('/', "\\/");
    assert_eq!(found(&json).len(), 1, "a block of JSON may escape its slashes");
    let attribute = OLD.replace('/', "&#47;");
    assert_eq!(found(&attribute)[0].0, "2023-01-02");
    let query = OLD.replace(".json", ".json?a=1&amp;b=2");
    assert!(found(&query)[0].1.ends_with("ServiceTags_Public_20230102.json"));
}

#[test]
fn what_is_no_link_to_the_file() {
    for page in [
        "",
        "<h1>We're sorry</h1>",
        "ServiceTags_Public_20251103.json",
        r#"<a href="/download/ServiceTags_Public_20251103.json">"#,
        r#"<a href="https://download.microsoft.com/ServiceTags_China_20251103.json">"#,
        r#"<a href="https://download.microsoft.com/ServiceTags_Public_20251399.json">"#,
        r#"<a href="https://download.microsoft.com/ServiceTags_Public_2025110.json">"#,
        r#"<a href="https://download.microsoft.com/ServiceTags_Public_20251103.json.exe">"#,
        r#"<a href="https://evil.example/?u=https://x/ServiceTags_Public_20251103.jsonp">"#,
        r#"<a href="ftp://download.microsoft.com/ServiceTags_Public_20251103.json">"#,
    ] {
        assert!(found(page).is_empty(), "{page}: {:?}", found(page));
    }
}

/// A page of addresses without an end is searched once, not once for each of them.
#[test]
fn a_hostile_page_takes_no_time() {
    let started = std::time::Instant::now();
    assert!(found(&"https://".repeat(20_000)).is_empty());
    assert!(started.elapsed() < std::time::Duration::from_secs(20), "{:?}", started.elapsed());
}
