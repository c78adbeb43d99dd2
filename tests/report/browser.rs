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
}
