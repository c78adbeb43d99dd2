//! Portbook's own files of nftables and iptables, as somebody finds them on a machine later.

use super::run::{Desk, Run};

const SITE: &str = "--address ad-fs-server=10.1.0.1,2001:db8:1::1 --address web-application-proxy=10.2.0.1,2001:db8:2::1 \
    --address connect-server=10.3.0.1,2001:db8:3::1 --address domain-controller=10.4.0.1";
const NFT: &str = "out/nftables/portbook.nft";
const IPTABLES: [&str; 3] =
    ["out/iptables/portbook.ipset", "out/iptables/portbook.v4.rules", "out/iptables/portbook.v6.rules"];

/// A desk with the files of a target for AD FS, between addresses only.
fn desk(target: &str, options: &str) -> Desk {
    let desk = Desk::new();
    let run = desk.run(&format!("generate ad-fs --cloud public --target {target} {options} {SITE} -o out"));
    assert_eq!(run.exit, 0, "{}", run.talk);
    desk
}

fn audit(desk: &Desk, target: &str, files: &str, options: &str) -> Run {
    desk.run(&format!("audit {target} {files} --scenario ad-fs --cloud public {options} {SITE}"))
}

fn edit(desk: &Desk, file: &str, from: &str, to: &str) {
    let text = std::fs::read_to_string(desk.path().join(file)).unwrap();
    assert!(text.contains(from), "{text}");
    desk.write(file, &text.replacen(from, to, 1));
}

#[test]
fn what_is_written_is_exact_in_both_forms() {
    for options in ["", "--option form=standalone"] {
        for (target, files) in [("nftables", NFT.to_owned()), ("iptables", IPTABLES.join(" "))] {
            let run = audit(&desk(target, options), target, &files, options);
            let lines = (run.lines("allowed").len(), run.lines("beyond").len());
            assert_eq!((run.exit, lines), (0, (8, 0)), "{target} {options}\n{}{}", run.out, run.talk);
        }
    }
}

#[test]
fn an_edited_file_is_judged_as_far_as_it_is_understood() {
    let desk = desk("nftables", "--option form=standalone");
    let options = "--option form=standalone";
    edit(
        &desk,
        NFT,
        "{ 443 } accept comment \"portbook r-qya5qt7t7q\"",
        "{ 442-443 } accept comment \"portbook r-qya5qt7t7q\"",
    );
    let run = audit(&desk, "nftables", NFT, options);
    assert_eq!(run.exit, 1);
    assert!(run.lines("beyond")[0].contains("on ports 442"), "{}", run.out);
    edit(&desk, NFT, "{ 442-443 }", "{ 442 }");
    let run = audit(&desk, "nftables", NFT, options);
    assert_eq!(run.lines("blocked").len(), 1, "{}", run.out);
    assert!(run.out.contains("drops what no line accepts"), "{}", run.out);
    edit(&desk, NFT, "\t\tcounter drop", "\t\tmeta skuid 0 accept\n\t\tcounter drop");
    let run = audit(&desk, "nftables", NFT, options);
    assert_eq!((run.exit, run.lines("allowed").len()), (1, 0), "{}", run.out);
    assert!(run.lines("not judged")[0].contains("`meta skuid 0 accept` stands where"), "{}", run.out);
}

#[test]
fn the_form_is_that_of_the_options() {
    let desk = desk("nftables", "--option form=standalone");
    let run = audit(&desk, "nftables", NFT, "");
    assert!(run.exit == 2 && run.talk.contains("as the options form=fragment"), "{}", run.talk);
}

#[test]
fn iptables_without_one_of_its_files_is_refused() {
    let desk = desk("iptables", "");
    for left_out in 0..3 {
        let files: Vec<&str> = IPTABLES
            .iter()
            .enumerate()
            .filter(|(index, _)| *index != left_out)
            .map(|(_, file)| *file)
            .collect();
        let run = audit(&desk, "iptables", &files.join(" "), "");
        assert!(run.exit == 2 && run.talk.contains("give all three files"), "{}", run.talk);
    }
    let run = audit(&desk, "iptables", &format!("{} {}", IPTABLES.join(" "), IPTABLES[1]), "");
    assert!(run.exit == 2 && run.talk.contains("a second file"), "{}", run.talk);
}

#[test]
fn a_ruleset_of_others_is_refused() {
    let desk = Desk::new();
    desk.write("nftables.conf", "flush ruleset\ntable inet filter { }\n");
    let run = audit(&desk, "nftables", "nftables.conf", "");
    assert!(
        run.exit == 2 && run.talk.contains("only files as Portbook writes them are judged"),
        "{}",
        run.talk
    );
    desk.write("haproxy.cfg", "global\n    daemon\n");
    let run = desk.run("audit haproxy haproxy.cfg --scenario cloud-sync --cloud public");
    assert!(
        run.exit == 2 && run.talk.contains("only files as Portbook writes them are judged"),
        "{}",
        run.talk
    );
}
