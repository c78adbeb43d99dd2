//! Finding the file: both markups, several links, none, other hosts.

use crate::network::server::{Reply, Request, Server};
use crate::{Desk, NEW, OLD, fixture, refused, stderr, stdout};

/// How the page names files.
#[derive(Clone, Copy)]
enum Markup {
    Old,
    New,
    Both,
}

/// A site with a page and the files that it names.
fn site(markup: Markup) -> Server {
    Server::start(move |request| match request.target.as_str() {
        "/page" => Reply::page(page(markup, &host(request))),
        path => file(path).map_or_else(|| Reply::status(404), Reply::file),
    })
}

pub(crate) fn host(request: &Request) -> String {
    format!("http://{}", request.headers["host"])
}

pub(crate) fn file(path: &str) -> Option<Vec<u8>> {
    let name = path.split('?').next()?.rsplit('/').next()?;
    [OLD, NEW].contains(&name).then(|| fixture(name))
}

fn page(markup: Markup, host: &str) -> String {
    let old = format!(
        r#"<p>If not, <a class="mscom-link failoverLink" href="{host}/download/7/1/D/{OLD}" id="failoverLink">click here</a></p>"#
    );
    let new = format!(
        r#"<a class="dlcdetail__download-btn" href="{host}/download/7/1/d/{NEW}">Download</a>
<script>window.__DLCDetails__={{"dlcDetailsView":{{"downloadFile":[{{"isPrimary":"true","name":"{NEW}","url":"{}\/download\/7\/1\/d\/{NEW}","size":"9"}}]}}}}</script>"#,
        host.replace('/', "\\/")
    );
    match markup {
        Markup::Old => old,
        Markup::New => new,
        Markup::Both => format!("<html>{old}{new}</html>"),
    }
}

#[test]
fn the_old_markup() {
    let (desk, server) = (Desk::new(), site(Markup::Old));
    let output = desk.fetch(&["--page-url", &server.url("/page")]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(desk.kept().as_deref(), Some(OLD));
    assert_eq!(desk.url().unwrap(), server.url(&format!("/download/7/1/D/{OLD}")));
}

#[test]
fn the_new_markup_and_what_changed() {
    let (desk, server) = (Desk::with_old(), site(Markup::New));
    let output = desk.fetch(&["--page-url", &server.url("/page"), "--exit-code"]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert_eq!(desk.kept().as_deref(), Some(NEW));
    let said = stdout(&output);
    assert!(said.contains(&format!("replaces {OLD}")) && said.contains("+8 IPv4 addresses"), "{said}");
    assert!(
        said.contains(
            "2 tags of the catalog are touched: AzureActiveDirectory +8 IPv4 addresses; ServiceBus -32"
        ),
        "{said}"
    );
    assert_eq!(server.asked().len(), 2, "the page and the file, once each");
    let agent = &server.asked()[0].headers["user-agent"];
    assert!(agent.contains("Portbook"), "{agent}");
}

#[test]
fn the_newest_of_several_links() {
    let (desk, server) = (Desk::new(), site(Markup::Both));
    assert!(desk.fetch(&["--page-url", &server.url("/page")]).status.success());
    assert_eq!(desk.kept().as_deref(), Some(NEW));
}

#[test]
fn a_name_of_its_own_for_the_program() {
    let server = Server::start(|request| match request.headers.get("user-agent").map(String::as_str) {
        Some("Browser") => Reply::page(page(Markup::New, &host(request))),
        _ => Reply::status(403),
    });
    let desk = Desk::with_old();
    let said = refused(&desk, &desk.fetch(&["--page-url", &server.url("/page")]), "fetch-failed");
    assert!(said.contains("403") && said.contains("--user-agent"), "{said}");
    assert_eq!(server.asked().len(), 1, "a refusal is not repeated");
    // The page is given now; the file is refused under the same name, which this server tells by its path only.
    let output = desk.fetch(&["--page-url", &server.url("/page"), "--user-agent", "Browser"]);
    assert!(
        stderr(&output).contains("error[ranges-unreadable]"),
        "a page in place of the file: {}",
        stderr(&output)
    );
}

#[test]
fn a_page_without_a_link_and_an_error_page_with_status_200() {
    let server = Server::start(|request| match request.target.as_str() {
        "/empty" => Reply::page("<html><h1>We're sorry, this download is no longer available</h1></html>"),
        "/other-cloud" => Reply::page(page(Markup::New, &host(request)).replace("Public", "China")),
        "/link" => Reply::page(page(Markup::New, &host(request))),
        // A page where the file should be.
        _ => Reply::page("<!DOCTYPE html><html><body>Error</body></html>"),
    });
    let desk = Desk::with_old();
    for path in ["/empty", "/other-cloud"] {
        let said = refused(&desk, &desk.fetch(&["--page-url", &server.url(path)]), "link-missing");
        assert!(said.contains("--from FILE"), "{said}");
    }
    let said = refused(&desk, &desk.fetch(&["--page-url", &server.url("/link")]), "ranges-unreadable");
    assert!(said.contains("it is a web page"), "{said}");
}

/// Files come from Microsoft's host or the mirror's, over a protected way.
#[test]
fn links_and_redirections_that_lead_elsewhere() {
    let elsewhere =
        Server::start(|request| file(&request.target).map_or_else(|| Reply::status(404), Reply::file));
    let other = elsewhere.url("");
    let server = Server::start(move |request| match request.target.as_str() {
        "/page" => Reply::page(page(Markup::New, &other)),
        "/http" => Reply::page(page(Markup::New, "http://download.microsoft.com")),
        "/page-moved" => Reply::redirect(format!("{other}/page")),
        "/page-moved-here" => Reply::redirect("/page-here"),
        "/page-here" => Reply::page(page(Markup::New, &host(request))),
        "/file-moved" => Reply::page(page(Markup::New, &format!("{}/moved", host(request)))),
        path if path.starts_with("/moved") => Reply::redirect(format!("{other}/{NEW}")),
        "/circle" => Reply::redirect("/circle"),
        path => file(path).map_or_else(|| Reply::status(404), Reply::file),
    });
    let desk = Desk::with_old();
    for path in ["/page", "/page-moved", "/file-moved"] {
        let said = refused(&desk, &desk.fetch(&["--page-url", &server.url(path)]), "fetch-elsewhere");
        assert!(said.contains(&elsewhere.address.to_string()), "{path}: {said}");
    }
    let said = refused(&desk, &desk.fetch(&["--page-url", &server.url("/http")]), "fetch-elsewhere");
    assert!(said.contains("only https is taken"), "{said}");
    refused(&desk, &desk.fetch(&["--page-url", &server.url("/circle")]), "fetch-failed");
    refused(&desk, &desk.fetch(&["--page-url", "http://mirror.example/page"]), "fetch-elsewhere");
    refused(&desk, &desk.fetch(&["--page-url", "ftp://127.0.0.1/page"]), "fetch-elsewhere");
    refused(&desk, &desk.fetch(&["--page-url", "no address"]), "invalid-value");
    assert!(elsewhere.asked().is_empty(), "nothing was asked elsewhere");
    assert!(desk.fetch(&["--page-url", &server.url("/page-moved-here")]).status.success());
    assert_eq!(desk.kept().as_deref(), Some(NEW));
}

#[test]
fn an_address_in_place_of_the_page() {
    let (desk, server) = (Desk::new(), site(Markup::New));
    let url = server.url(&format!("/mirror/{NEW}?sig=secret")).replace("http://", "http://user:word@");
    let output = desk.fetch(&["--from", &url]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(desk.url().unwrap(), server.url(&format!("/mirror/{NEW}")), "no secret in the lock");
    let said = stderr(&desk.fetch(&["--from", &server.url("/nothing.json?sig=secret")]));
    assert!(said.contains("404") && !said.contains("secret"), "{said}");
}

/// The server says whether the kept file is the newest; a kept file that is damaged is fetched whole.
#[test]
fn etag_and_last_modified() {
    const ETAG: &str = "\"w/45\"";
    const DATE: &str = "Mon, 03 Nov 2025 10:00:00 GMT";
    let server = Server::start(|request| {
        let same = request.headers.get("if-none-match").is_some_and(|tag| tag == ETAG)
            || request.headers.get("if-modified-since").is_some_and(|date| date == DATE);
        let headers = match request.target.as_str() {
            _ if same => return Reply::Whole(304, Vec::new(), Vec::new()),
            "/tagged/ServiceTags_Public_Latest.json" => {
                vec![("ETag", ETAG.to_owned()), ("Last-Modified", DATE.to_owned())]
            }
            _ => vec![("Last-Modified", DATE.to_owned())],
        };
        Reply::Whole(200, headers, fixture(NEW))
    });
    for path in ["/tagged/ServiceTags_Public_Latest.json", "/dated/ServiceTags_Public_Latest.json"] {
        let desk = Desk::new();
        let fetch = || desk.fetch(&["--from", &server.url(path), "--exit-code"]);
        assert_eq!(fetch().status.code(), Some(1));
        // The name tells no date, the server does.
        assert_eq!(desk.kept().as_deref(), Some(NEW));
        let again = fetch();
        assert_eq!(
            (again.status.code(), stdout(&again).contains("unchanged")),
            (Some(0), true),
            "{}",
            stderr(&again)
        );
        let lock = std::fs::read(desk.path().join("ranges/portbook.lock")).unwrap();
        std::fs::write(desk.path().join("ranges").join(NEW), "damaged").unwrap();
        assert!(stdout(&fetch()).contains("restored"));
        assert_eq!(desk.kept().as_deref(), Some(NEW));
        assert_eq!(std::fs::read(desk.path().join("ranges/portbook.lock")).unwrap(), lock);
    }
    let conditional: Vec<bool> = server
        .asked()
        .iter()
        .map(|request| request.headers.keys().any(|name| name.starts_with("if-")))
        .collect();
    assert_eq!(conditional, [false, true, false, false, true, false]);
}

/// A server that says "the same" unasked knows nothing of what is kept.
#[test]
fn a_304_that_nobody_asked_for() {
    let server = Server::start(|request| match request.target.as_str() {
        "/never" => Reply::Whole(304, Vec::new(), Vec::new()),
        _ if request.headers.contains_key("if-none-match") => Reply::Whole(304, Vec::new(), Vec::new()),
        _ => Reply::Whole(200, vec![("ETag", "\"1\"".to_owned())], fixture(NEW)),
    });
    let desk = Desk::with_old();
    let said = refused(&desk, &desk.fetch(&["--from", &server.url("/never")]), "fetch-failed");
    assert!(said.contains("nobody asked"), "{said}");
    // The lock keeps no query, so that two of them are not taken for one address.
    for query in ["a", "b"] {
        assert!(desk.fetch(&["--from", &server.url(&format!("/{NEW}?{query}"))]).status.success());
    }
    assert!(server.asked().iter().all(|request| !request.headers.contains_key("if-none-match")));
}
