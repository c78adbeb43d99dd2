//! Squid configurations that were judged otherwise than Squid reads them, or took too long.

use std::fs;

use super::foreign::{GOOD, in_front};
use super::run::{AGENTS, Desk};

/// An open proxy passed as exact: its last line denies one address, so Squid lets everything else through.
#[test]
fn a_default_that_allows_goes_beyond() {
    let open = GOOD.replace("http_access deny all\n", "acl pbx src 192.0.2.77\nhttp_access deny pbx\n");
    let run = Desk::new().squid(&open);
    let beyond = run.lines("beyond");
    assert!(run.exit == 1 && run.status("login.live.com") == "allowed", "{}", run.out);
    assert!(
        beyond.iter().any(|line| line.contains("the default: also any other destination")),
        "{}",
        run.out
    );
    assert!(run.out.contains("the opposite of the last one, squid.conf:"), "{}", run.out);
    // What a last line denies to all is denied, whatever the default is.
    assert_eq!(Desk::new().squid(GOOD).exit, 0);
}

/// Squid 5.7: "Access line contains no ACL's, skipping". It was judged as `all`.
#[test]
fn an_access_line_without_acls_is_skipped_and_named() {
    for line in ["http_access deny", "http_access allow"] {
        let run = Desk::new().squid(&format!("{line}\n{GOOD}"));
        assert_eq!((run.status("login.live.com"), run.lines("beyond").len()), ("allowed", 0), "{}", run.out);
        assert!(run.lines("not judged")[0].contains("names no acl: Squid skips the line"), "{}", run.out);
    }
    // Nor is it the last line, whose opposite is the default.
    let run = Desk::new().squid(&GOOD.replace("http_access deny all", "http_access deny"));
    assert_eq!((run.exit, run.lines("beyond").len()), (0, 0), "{}", run.out);
}

/// Squid compares names of acls and methods without regard to case: two spellings are one list.
#[test]
fn names_of_acls_and_methods_have_no_case() {
    for (line, host, status) in [
        (
            "acl Pbx dstdomain -n x.invalid\nacl pBX dstdomain -n .live.com\nhttp_access deny PBX",
            "login.live.com",
            "blocked",
        ),
        ("http_access deny connect", "login.live.com", "blocked"),
        ("http_access deny !All", "login.live.com", "allowed"),
        ("acl p method connect\nhttp_access deny p", "login.live.com", "blocked"),
        ("acl p method get head post\nhttp_access deny p", "crl.microsoft.com", "blocked"),
        ("acl A dstdomain -n .live.com\nacl g any-of a\nhttp_access deny G", "login.live.com", "blocked"),
    ] {
        in_front(line, host, status, i32::from(status != "allowed"));
    }
    in_front(
        "acl twice port 443\nacl TWICE src 10.0.0.0/8\nhttp_access deny twice",
        "login.live.com",
        "undecided",
        1,
    );
}

/// Directives that stop or change what `http_access` allows put its allows in doubt; denials stay certain.
#[test]
fn what_bears_on_allowed_requests_puts_them_in_doubt() {
    for (line, why) in [
        ("ssl_bump bump all", "`ssl_bump bump all` decrypts"),
        ("ssl_bump server-first all", "`ssl_bump server-first all` decrypts"),
        ("ssl_bump client-first all", "`ssl_bump client-first all` decrypts"),
        ("icap_enable on", "a service may change or stop it"),
        ("ecap_enable on", "a service may change or stop it"),
        ("adaptation_access s allow all", "a service may change or stop it"),
    ] {
        let run = Desk::new().squid(&format!("{line}\n{GOOD}"));
        assert_eq!((run.status("login.live.com"), run.exit), ("undecided", 1), "{line}\n{}", run.out);
        assert!(run.out.contains(why), "{line}\n{}", run.out);
        let run = Desk::new().squid(&format!("{line}\nhttp_access deny all\n{GOOD}"));
        assert_eq!(run.status("login.live.com"), "blocked", "{line}\n{}", run.out);
    }
    for line in ["icap_enable off", "ecap_enable off", "ssl_bump splice all", "http_port 3128"] {
        assert_eq!(Desk::new().squid(&format!("{line}\n{GOOD}")).exit, 0, "{line}");
    }
}

/// What decides how lines are read, or what requests look like, puts denials in doubt too: a dead one was `blocked`.
#[test]
fn conditionals_and_interception_put_everything_in_doubt() {
    for line in [
        "if false\nhttp_access deny all\nendif",
        "http_port 3128 intercept\nhttp_access deny all",
        "https_port 3129 tproxy ssl-bump cert=/x.pem\nhttp_access deny all",
        "http_port 80 accel\nhttp_access deny all",
    ] {
        in_front(line, "login.live.com", "undecided", 1);
    }
    in_front("https_port 3129 intercept", "login.live.com", "undecided", 1);
}

/// A name with a dot at its end, and one with `#` inside, are names that no request has: nothing is allowed by them.
#[test]
fn names_that_squid_reads_otherwise_allow_nothing_for_certain() {
    for (name, told) in
        [("login.live.com.", "with a dot at its end"), (".live.com.", "with a dot at its end")]
    {
        let run = Desk::new().squid(&GOOD.replace(" login.live.com ", &format!(" {name} ")));
        assert_eq!((run.status("login.live.com"), run.exit), ("undecided", 1), "{}", run.out);
        assert!(run.out.contains(told), "{}", run.out);
    }
    let desk = Desk::new();
    desk.write("l.txt", "login.live.com#old\nlogin.windows.net #old\n#login.example.com\n");
    let run = desk.squid(&GOOD.replace(" login.live.com login.windows.net ", " \"l.txt\" "));
    let found = (run.status("login.live.com"), run.status("login.windows.net"));
    assert_eq!(found, ("undecided", "allowed"), "{}", run.out);
    assert!(run.out.contains("login.live.com#old, which is no name"), "{}", run.out);
}

/// Files that name themselves, or each other, thrice: 3^16 and 3^12 of them were read.
#[test]
fn includes_are_bounded() {
    let desk = Desk::new();
    let start = std::time::Instant::now();
    desk.write("inc.conf", &"include inc.conf\n".repeat(3));
    let run = desk.squid(&format!("{GOOD}include inc.conf\n"));
    assert!(run.exit == 1 && run.out.contains("it includes itself"), "{}", run.out);
    for number in 0..12 {
        desk.write(&format!("f{number}.conf"), &format!("include f{}.conf\n", number + 1).repeat(3));
    }
    desk.write("f12.conf", "");
    let run = desk.squid(&format!("{GOOD}include f0.conf\n"));
    assert!(run.exit == 1 && run.out.contains("more than 1000 files are named"), "{}", run.out);
    assert_eq!(run.status("login.live.com"), "undecided", "{}", run.out);
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}

/// A pipe is a file too where somebody writes to it; a folder and a device are told as what they are.
#[cfg(unix)]
#[test]
fn pipes_and_devices_end() {
    let desk = Desk::new();
    let pipe = desk.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let writer = std::thread::spawn(move || fs::write(pipe, GOOD));
    let flags = format!("--scenario cloud-sync --cloud public --address {AGENTS}");
    let run = desk.run(&format!("audit squid pipe {flags}"));
    writer.join().unwrap().unwrap();
    assert_eq!(run.exit, 0, "{}{}", run.out, run.talk);
    for file in ["/dev/zero", "."] {
        let run = desk.run(&format!("audit squid {file} {flags}"));
        assert!(run.exit == 2 && run.talk.contains("cannot-read"), "{}", run.talk);
    }
    // A list that a configuration names is read of regular files only: nobody waits for a pipe.
    assert!(std::process::Command::new("mkfifo").arg(desk.path().join("list")).status().unwrap().success());
    let run = desk.squid(&GOOD.replace(" login.live.com ", " \"list\" "));
    assert!(run.exit == 1 && run.out.contains("the file is not there"), "{}", run.out);
}
