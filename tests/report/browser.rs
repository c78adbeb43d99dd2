//! Pages for `browser.sh`, which opens them in a browser.

use std::path::PathBuf;
use std::process::Command;

use portbook::report::{Report, page};

use crate::sample;

#[test]
#[ignore = "writes pages for browser.sh to the folder that REPORT_PAGES names"]
fn pages_for_browsers() {
    let folder = PathBuf::from(std::env::var_os("REPORT_PAGES").unwrap());
    let write =
        |name: &str, reports: &[Report]| std::fs::write(folder.join(name), page(reports).unwrap()).unwrap();
    write("rich.html", &[sample::report(300, 2_000)]);
    let other = Report { title: "contoso-branch: nothing changed".to_owned(), ..sample::report(12, 40) };
    write(
        "sites.html",
        &[sample::report(40, 60), other, Report { title: "contoso-lab".to_owned(), ..Report::default() }],
    );
    write(
        "hostile.html",
        &[sample::hostile("</script><img src=x onerror=alert(1)>\"'`&\u{202e}\u{0}{{ 7 }}")],
    );
    write("empty.html", &[]);
    let shown = Command::new(env!("CARGO_BIN_EXE_portbook"))
        .args(["show", "connect-sync", "ad-fs", "--cloud", "public", "--format", "html"])
        .env_remove("PORTBOOK_CATALOG")
        .output()
        .unwrap();
    assert!(shown.status.success());
    std::fs::write(folder.join("show.html"), shown.stdout).unwrap();
    std::fs::write(folder.join("diff.html"), company(true)).unwrap();
    std::fs::write(folder.join("new.html"), company(false)).unwrap();
}

/// The page that `build --report` makes of the example company: of what some changes change, or of all of it as new.
fn company(compared: bool) -> Vec<u8> {
    let desk = tempfile::tempdir().unwrap();
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/contoso/portbook.yaml");
    let site = std::fs::read_to_string(example).unwrap();
    let build = |site: &str, more: &[&str]| {
        std::fs::write(desk.path().join("portbook.yaml"), site).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_portbook"));
        command.args(["build", "--quiet"]).args(more).current_dir(desk.path()).env_remove("PORTBOOK_CATALOG");
        let output = command.env("SOURCE_DATE_EPOCH", "1764115200").output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    if compared {
        build(&site, &[]);
    }
    let changed = site
        .replace("10.20.0.13", "10.20.0.14")
        .replace("zone: clients", "zone: users")
        .replace("clients, dmz", "users, dmz");
    build(if compared { &changed } else { &site }, &["--report", "report.html"]);
    std::fs::read(desk.path().join("report.html")).unwrap()
}
