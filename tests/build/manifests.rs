//! The manifest: read back as it was written, the same everywhere, and told when it was changed.

use crate::Desk;
use crate::desk::SOUND;

const MANIFEST: &str = "portbook.manifest.json";

fn built() -> (Desk, String) {
    let desk = Desk::with(SOUND);
    desk.build().ended(0);
    let text = desk.read(MANIFEST);
    (desk, text)
}

#[test]
fn two_builds_are_the_same_bytes_wherever_they_are() {
    let (desk, _) = built();
    let other = Desk::empty();
    other.write("deep/er/portbook.yaml", SOUND);
    let mut command = other.command(&["build", "deep/er/portbook.yaml"]);
    command.env("TZ", "Pacific/Kiritimati").env("LC_ALL", "tr_TR.UTF-8").env("RAYON_NUM_THREADS", "1");
    assert!(command.status().unwrap().success());
    let files: Vec<_> = desk.files().into_iter().collect();
    let others: Vec<_> =
        other.files().into_iter().filter(|(path, _)| !path.ends_with("portbook.yaml")).collect();
    assert_eq!(files.len(), others.len());
    for ((path, bytes), (other, bytes_there)) in files.iter().zip(&others) {
        assert_eq!(format!("deep/er/{path}"), *other);
        assert!(bytes == bytes_there, "{path}");
    }
    let text = String::from_utf8_lossy(&files[1].1).into_owned();
    assert!(!text.contains(desk.path(".").to_str().unwrap()));
}

#[test]
fn it_is_read_back_as_it_was_written() {
    let (_, text) = built();
    let manifest = portbook::manifest::Manifest::parse(MANIFEST, &text).unwrap();
    assert_eq!(manifest.to_text().unwrap(), text);
    assert!(text.starts_with("{\n  \"format\": \"portbook-manifest/1\",\n"));
}

/// Every line taken out, doubled, cut and changed: refused, or another manifest than the one that was written; and the
/// build never takes it for its own.
#[test]
fn no_change_of_a_line_goes_unseen() {
    let (_, text) = built();
    let good = portbook::manifest::Manifest::parse(MANIFEST, &text).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let rebuilt = |lines: &[String]| lines.join("\n") + "\n";
    let step = lines.len() / 150 + 1;
    let (mut refused, mut other) = (0, 0);
    for at in (0..lines.len()).step_by(step) {
        let owned = || lines.iter().map(|line| (*line).to_owned()).collect::<Vec<String>>();
        let mut mutants = vec![owned(), owned(), owned(), owned()];
        mutants[0].remove(at);
        mutants[1].insert(at, lines[at].to_owned());
        mutants[2][at] = lines[at].chars().map(|c| if c.is_ascii_digit() { '7' } else { c }).collect();
        mutants[3][at] = lines[at].replace(['e', 'a'], "o");
        for mutant in mutants {
            let mutant = rebuilt(&mutant);
            if mutant == text {
                continue;
            }
            match portbook::manifest::Manifest::parse(MANIFEST, &mutant) {
                Err(_) => refused += 1,
                Ok(manifest) => {
                    other += 1;
                    let canonical = manifest.to_text().unwrap() == mutant;
                    assert!(manifest != good || !canonical, "line {}: {}", at + 1, lines[at]);
                }
            }
        }
    }
    assert!(refused > 50 && other > 10, "{refused} {other}");
}

#[test]
fn paths_that_lead_out_are_never_removed() {
    let (desk, text) = built();
    desk.write("victim", "precious");
    // Somebody lists a file that no build made, with its right digest.
    let digest = portbook::manifest::sha256(b"precious");
    let at = text.find("\"path\": \"agents.ps1\"").unwrap();
    for path in ["../victim", "/etc/hostname", "a/../../victim"] {
        let entry = format!(
            "\"path\": \"{path}\",\n          \"sha256\": \"{digest}\"\n        }},\n        {{\n          "
        );
        let inner = Desk::empty();
        inner.write("victim", "precious");
        inner.write("site/portbook.yaml", SOUND);
        inner.write(&format!("site/{MANIFEST}"), format!("{}{entry}{}", &text[..at], &text[at..]));
        inner.run(&["build", "site"]);
        assert_eq!(inner.read("victim"), "precious", "{path}");
    }
    for path in ["", "a//b", "a/./b", "a\\\\b", "a\\u0000"] {
        let mutant = text.replacen("agents.ps1", path, 1);
        desk.write(MANIFEST, &mutant);
        desk.build().ended(2).says("manifest-unreadable");
    }
}
