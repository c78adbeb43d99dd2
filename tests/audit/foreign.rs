//! Configurations of others: what decides, what is beyond, what nobody can tell.

use std::fs;

use super::run::{AGENTS, Desk, project};

/// Everything that the newest Cloud Sync asks of a proxy, in the words of an administrator.
pub(crate) const GOOD: &str = "\
acl agents src 10.20.0.11-10.20.0.12
acl web port 80
acl tls port 443
acl crl dstdomain -n crl.microsoft.com mscrl.microsoft.com ocsp.msocsp.com www.microsoft.com
acl entra dstdomain -n aadcdn.msauth.net aadcdn.msftauth.net login.live.com login.windows.net www.msftconnecttest.com
acl entra dstdomain -n .microsoft.com .microsoftonline.com .msappproxy.com
acl entra dstdomain -n .msappproxy.net .servicebus.windows.net .windowsazure.com
acl apex dstdomain -n microsoft.com microsoftonline.com msappproxy.com msappproxy.net servicebus.windows.net windowsazure.com
http_access allow agents web crl
http_access allow agents tls entra !apex
http_access deny all
";

#[test]
fn a_configuration_that_is_exact_passes() {
    let run = Desk::new().squid(GOOD);
    assert_eq!((run.exit, run.lines("allowed").len(), run.lines("beyond").len()), (0, 15, 0), "{}", run.out);
}

/// What one line in front does: `status` of `host`, and the exit code.
pub(crate) fn in_front(line: &str, host: &str, status: &str, exit: i32) {
    let run = Desk::new().squid(&format!("{line}\n{GOOD}"));
    assert_eq!((run.status(host), run.exit), (status, exit), "{line}\n{}{}", run.out, run.talk);
}

#[test]
fn the_first_line_that_matches_decides() {
    for (line, host, status, exit) in [
        ("http_access deny all", "login.live.com", "blocked", 1),
        ("acl x dstdomain -n .live.com\nhttp_access deny x", "login.live.com", "blocked", 1),
        ("acl x dstdomain -n .live.com\nhttp_access deny x", "login.windows.net", "allowed", 1),
        ("acl x dstdomain -n a.b.msappproxy.net\nhttp_access deny x", "*.msappproxy.net", "blocked", 1),
        // A star is a character like others, and no name has it.
        ("acl x dstdomain -n *.msappproxy.net\nhttp_access deny x", "*.msappproxy.net", "allowed", 0),
        ("acl x src 10.20.0.12\nhttp_access deny x", "login.live.com", "blocked", 1),
        ("acl x src 10.20.1.0/24\nhttp_access deny x", "login.live.com", "allowed", 0),
        ("acl x port 1-442 444-65535\nhttp_access deny CONNECT x", "login.live.com", "allowed", 0),
        ("acl Safe port 80 443\nhttp_access deny !Safe", "login.live.com", "allowed", 0),
        ("acl Safe port 80\nhttp_access deny !Safe", "login.live.com", "blocked", 1),
        (
            "http_access deny manager\nhttp_access deny to_localhost\nhttp_access allow localhost",
            "login.live.com",
            "allowed",
            1,
        ),
        ("acl p method PUT\nhttp_access deny p", "login.live.com", "allowed", 0),
        ("acl p method CONNECT\nhttp_access deny p", "login.live.com", "blocked", 1),
        ("acl p method CONNECT\nhttp_access deny p", "crl.microsoft.com", "allowed", 1),
        (
            "acl a src 10.20.0.0/24\nacl b any-of a localhost\nhttp_access deny b",
            "login.live.com",
            "blocked",
            1,
        ),
        (
            "acl a src 10.20.0.0/24\nacl w port 80\nacl b all-of a w\nhttp_access deny b",
            "login.live.com",
            "allowed",
            1,
        ),
        (
            "acl a src 10.20.0.0/24\nacl w port 80\nacl b all-of a w\nhttp_access deny b",
            "crl.microsoft.com",
            "blocked",
            1,
        ),
        ("acl x dstdomain -n .live.com\nhttp_access deny \\\n  x", "login.live.com", "blocked", 1),
        ("acl x dstdomain -n .live.com # bad\n# http_access deny x", "login.live.com", "allowed", 0),
    ] {
        in_front(line, host, status, exit);
    }
}

#[test]
fn what_cannot_be_judged_is_named_and_never_guessed() {
    for (line, host) in [
        ("acl x time 09:00-17:00\nhttp_access deny x", "login.live.com"),
        ("acl x url_regex live\nhttp_access deny x", "login.live.com"),
        ("acl x dst 40.0.0.0/8\nhttp_access deny x", "login.live.com"),
        ("acl x dstdomain -n \"/nowhere/list\"\nhttp_access deny x", "login.live.com"),
        ("include /nowhere/more.conf", "login.live.com"),
        ("http_access deny undefined", "login.live.com"),
        ("acl x external ldap\nhttp_access deny x", "login.live.com"),
        ("http_reply_access deny all", "login.live.com"),
        ("if ${process_number} = 1", "login.live.com"),
        ("acl x src 10.20.0.300\nhttp_access deny x", "login.live.com"),
        ("acl x src 10.0.0.0/8\nacl x port 80\nhttp_access deny x", "login.live.com"),
        ("acl x dstdomain -i .live.com\nhttp_access deny x", "login.live.com"),
        ("acl x any-of x\nhttp_access deny x", "login.live.com"),
    ] {
        in_front(line, host, "undecided", 1);
    }
    // An allow in doubt changes nothing where all is allowed anyway; it may allow more, though.
    let run = Desk::new().squid(&format!(
        "acl x time 09:00-17:00\nacl l dstdomain -n .live.com\nhttp_access allow x l\n{GOOD}"
    ));
    assert_eq!((run.status("login.live.com"), run.exit), ("allowed", 1));
    assert!(run.lines("beyond").iter().all(|line| line.contains("perhaps")), "{}", run.out);
    assert!(run.lines("not judged")[0].contains("acl x is of type time"), "{}", run.out);
}

#[test]
fn without_a_last_line_that_denies_the_opposite_of_the_last_holds() {
    let open =
        GOOD.replace("http_access deny all\n", "acl never dstdomain -n x.invalid\nhttp_access deny never\n");
    let run = Desk::new().squid(&open.replace("http_access allow agents web crl\n", ""));
    assert_eq!(run.status("crl.microsoft.com"), "allowed", "{}", run.out);
    let run = Desk::new().squid("acl agents src 10.20.0.11\n");
    assert_eq!(run.status("crl.microsoft.com"), "blocked", "no line: Squid denies");
}

#[test]
fn includes_and_lists_are_read_from_beside_the_configuration() {
    let desk = Desk::new();
    desk.write(
        "lists/crl.txt",
        "# lists\ncrl.microsoft.com\r\n  mscrl.microsoft.com # two\nocsp.msocsp.com\nwww.microsoft.com\n",
    );
    desk.write("conf.d/entra.conf", GOOD);
    let text = GOOD.replace(
        "crl.microsoft.com mscrl.microsoft.com ocsp.msocsp.com www.microsoft.com",
        "\"lists/crl.txt\"",
    );
    assert_eq!(desk.squid(&text).exit, 0);
    let included = desk.squid("include conf.d/entra.conf\n");
    assert_eq!(included.exit, 0);
    assert!(
        included.talk.contains("read conf.d/entra.conf, which the configuration names"),
        "{}",
        included.talk
    );
    let deep = desk.squid("include squid.conf\n");
    assert!(deep.exit == 1 && deep.out.contains("files deep"), "{}", deep.out);
}

/// As Debian ships it: `include /etc/squid/conf.d/*.conf`, which is read in the order of the names, there or beside a copy.
#[test]
fn patterns_of_include_are_the_files_in_their_order() {
    let desk = Desk::new();
    let (deny, allow) = ("acl crl dstdomain -n crl.microsoft.com\nhttp_access deny crl\n", GOOD);
    desk.write("conf.d/20-entra.conf", allow);
    desk.write("conf.d/30-late.conf", deny);
    desk.write("conf.d/notes.txt", "http_access allow all\n");
    for include in ["conf.d/*.conf", "/nowhere/squid/conf.d/*.conf", "conf.d/[0-9]?-*.conf"] {
        assert_eq!(desk.squid(&format!("include {include}\n")).exit, 0, "{include}");
    }
    desk.write("conf.d/10-early.conf", deny);
    let run = desk.squid("include conf.d/*.conf\n");
    assert!(run.exit == 1 && run.out.contains("10-early.conf:2"), "{}", run.out);
    let none = desk.squid(&format!("include conf.d/*.acl\n{GOOD}"));
    assert!(none.exit == 1 && none.out.contains("conf.d/*.acl: no file is there"), "{}", none.out);
    let list = desk.squid(&GOOD.replace("crl.microsoft.com mscrl", "\"conf.d/*.txt\" mscrl"));
    assert!(list.exit == 1 && list.out.contains("conf.d/*.txt: the file is not there"), "{}", list.out);
    desk.write("conf.d/l[1].txt", "crl.microsoft.com\n");
    assert_eq!(desk.squid(&GOOD.replace("crl.microsoft.com mscrl", "\"conf.d/l[1].txt\" mscrl")).exit, 0);
}

/// Each was told otherwise than Squid 5.7 reads it: a file that denies was passed over, or one was read that Squid skips.
#[test]
fn patterns_of_include_mean_what_squid_reads() {
    let deny = "acl crl dstdomain -n crl.microsoft.com\nhttp_access deny crl\n";
    for (include, files, status) in [
        ("a*.conf", [("a*.conf", GOOD), ("a!.conf", deny)], "blocked"),
        ("a[1].conf", [("a[1].conf", GOOD), ("a1.conf", deny)], "blocked"),
        ("in.d/*", [("in.d/.hidden.conf", deny), ("in.d/a.conf", GOOD)], "allowed"),
        ("*/x.conf", [("a/x.conf", GOOD), ("a-b/x.conf", deny)], "blocked"),
        ("[^0]*.conf", [("5-x.conf", deny), ("0-x.conf", GOOD)], "undecided"),
        ("**/*.conf", [("a/b/x.conf", deny), ("a/x.conf", GOOD)], "undecided"),
        ("/nowhere/in.d/*.conf", [("other.conf", GOOD), ("more.conf", GOOD)], "undecided"),
        ("in.d/*", [("in.d/a.conf", GOOD), ("in.d/more/b.conf", GOOD)], "undecided"),
    ] {
        let desk = Desk::new();
        for (name, text) in files {
            desk.write(name, text);
        }
        let run = desk.squid(&format!("include {include}\n"));
        assert_eq!(run.status("crl.microsoft.com"), status, "{include}: {}", run.out);
    }
}

/// A link to nothing among the files, and more of them than are read.
#[cfg(unix)]
#[test]
fn what_a_pattern_means_is_read_or_told() {
    let desk = Desk::new();
    desk.write("in.d/a.conf", GOOD);
    std::os::unix::fs::symlink("/nowhere", desk.path().join("in.d/b.conf")).unwrap();
    let run = desk.squid("include in.d/*.conf\n");
    assert!(run.exit == 1 && run.out.contains("b.conf is no file"), "{}", run.out);
    fs::remove_file(desk.path().join("in.d/b.conf")).unwrap();
    for number in 0..1000 {
        desk.write(&format!("in.d/{number}.conf"), "");
    }
    let run = desk.squid("include in.d/*.conf\n");
    assert!(run.exit == 1 && run.out.contains("more than 1000 files"), "{}", run.out);
    // Files with holes: none of their bytes is on the disk.
    for number in 0..1000 {
        fs::remove_file(desk.path().join(format!("in.d/{number}.conf"))).unwrap();
    }
    for number in 0..40 {
        let file = fs::File::create(desk.path().join(format!("in.d/{number}.conf"))).unwrap();
        file.set_len(60 << 20).unwrap();
    }
    let run = desk.squid("include in.d/*.conf\n");
    assert!(run.exit == 1 && run.out.contains("have more than"), "{}", run.out);
}

pub(crate) fn palo_alto(desk: &Desk, target: &str, file: &str, more: &str) -> super::run::Run {
    desk.run(&format!(
        "audit {target} {file} --scenario cloud-sync --cloud public --address {AGENTS} --zone provisioning-agent=trust --outside-zone untrust {more}"
    ))
}

#[test]
fn xml_and_set_of_one_firewall_say_the_same() {
    let desk = Desk::new();
    let files = project().join("tests/audit/files");
    for name in ["firewall.xml", "firewall.set"] {
        fs::copy(files.join(name), desk.path().join(name)).unwrap();
    }
    let (xml, set) = (
        palo_alto(&desk, "palo-alto-xml", "firewall.xml", ""),
        palo_alto(&desk, "palo-alto-set", "firewall.set", ""),
    );
    let bare = |text: &str| -> String {
        let words =
            text.split_inclusive(' ').map(|word| if word.starts_with("firewall.") { "AT " } else { word });
        words.collect()
    };
    let mut lines: Vec<Vec<String>> =
        [&xml, &set].map(|run| bare(&run.out).lines().map(str::to_owned).collect()).into();
    for lines in &mut lines {
        lines.sort();
    }
    assert_eq!(lines[0], lines[1]);
    assert_eq!(xml.status("*.msappproxy.com"), "blocked");
    assert!(
        xml.out.contains("firewall.xml:48: quarantined is")
            || xml.out.contains("quarantined is a dynamic address group")
    );
}

/// A firewall with one rule, and what a change of it does to login.live.com.
fn rule(from: &str, to: &str) -> String {
    let base = "set profiles custom-url-category entra list login.live.com/\n\
                set address inside ip-netmask 10.20.0.0/16\n\
                set rulebase security rules one from trust to untrust source inside destination any category entra application any service service-https action allow\n";
    assert!(base.contains(from), "{from}");
    let desk = Desk::new();
    desk.write("one.set", &base.replace(from, to));
    let run = palo_alto(&desk, "palo-alto-set", "one.set", "");
    assert_ne!(run.exit, 2, "{from} -> {to}: {}", run.talk);
    run.status("login.live.com").to_owned()
}

#[test]
fn a_rule_of_pan_os_decides_as_it_is_written() {
    for (from, to, status) in [
        ("action allow", "action allow", "allowed"),
        ("action allow", "action reset-both", "blocked"),
        ("action allow", "action allow disabled yes", "blocked"),
        ("from trust", "from dmz", "blocked"),
        ("from trust", "from [ dmz trust ]", "allowed"),
        ("to untrust", "to any", "allowed"),
        ("source inside", "source 10.20.0.11", "blocked"),
        ("source inside", "source inside negate-source yes", "blocked"),
        ("destination any", "destination 10.0.0.0/8", "undecided"),
        ("destination any", "destination 10.0.0.0/8 negate-destination yes", "undecided"),
        ("destination any", "destination US", "undecided"),
        ("category entra app", "category any app", "allowed"),
        ("category entra app", "category business-and-economy app", "undecided"),
        ("login.live.com/", "*.live.com/", "allowed"),
        ("login.live.com/", "^.live.com/", "undecided"),
        ("login.live.com/", "live.com/", "blocked"),
        ("login.live.com/", "login.live.com/oauth/", "undecided"),
        ("login.live.com/", "*.com", "allowed"),
        ("service service-https", "service application-default", "undecided"),
        ("service service-https", "service service-http", "blocked"),
        ("service service-https", "service gone", "undecided"),
        ("application any", "application ssl", "undecided"),
        ("application any", "application any source-user jane", "undecided"),
        ("application any", "application any schedule nights", "undecided"),
        ("application any", "application any new-thing yes", "undecided"),
        // What stands behind words that match nothing counts too.
        ("action allow", "action allow profile-setting profiles virus default disabled yes", "blocked"),
        ("action allow", "action allow profile-setting profiles virus default spyware [ strict ]", "allowed"),
        ("action allow", "action allow profile-setting group g disabled yes", "blocked"),
        ("action allow", "action allow profile-setting other x disabled yes", "undecided"),
        ("action allow", "option disable-server-response-inspection yes action deny", "blocked"),
        ("action allow", "option other yes action allow", "undecided"),
        ("action allow", "qos marking ip-dscp af11 action deny", "blocked"),
    ] {
        assert_eq!(rule(from, to), status, "{from} -> {to}");
    }
}

/// A device group of Panorama, with rules of the shared level in front of and behind its own.
const PANORAMA: &str = "\
set shared address inside ip-netmask 10.20.0.0/16
set device-group edge profiles custom-url-category entra list login.live.com/
set device-group edge pre-rulebase security rules own from trust to untrust source inside destination any category entra application any service any action allow
set device-group lab pre-rulebase security rules other from any to any source any destination any application any service any action allow
set readonly devices localhost.localdomain device-group edge id 11
set readonly devices localhost.localdomain device-group lab id 12
";

#[test]
fn panorama_looks_at_shared_rules_first_and_last() {
    let desk = Desk::new();
    let status = |text: &str, option: &str| {
        desk.write("p.set", text);
        let run = palo_alto(&desk, "palo-alto-set", "p.set", option);
        if run.exit == 2 { run.talk } else { run.status("login.live.com").to_owned() }
    };
    let edge = "--option device-group=edge";
    assert!(status(PANORAMA, "").contains("several places"));
    assert_eq!(status(PANORAMA, edge), "allowed");
    let shut = "from any to any source any destination any application any service any action deny\n";
    assert_eq!(
        status(&format!("{PANORAMA}set shared pre-rulebase security rules shut {shut}"), edge),
        "blocked"
    );
    assert_eq!(
        status(&format!("{PANORAMA}set shared post-rulebase security rules shut {shut}"), edge),
        "allowed"
    );
    assert!(status(PANORAMA, "--option device-group=nowhere").contains("it has no"));
}

/// A device group above another one has the first word, in both forms; where nobody knows which one is above, nothing is sure.
#[test]
fn device_groups_stand_below_others() {
    let desk = Desk::new();
    let any = "from any to any source any destination any application any service any action";
    let rules = format!(
        "set device-group Parent pre-rulebase security rules block {any} deny\n\
         set device-group Child pre-rulebase security rules ok {any} allow\n"
    );
    let above = "set readonly devices localhost.localdomain device-group Child parent-dg";
    let middle = "set readonly devices localhost.localdomain device-group Middle parent-dg Parent";
    let alone = "set readonly devices localhost.localdomain device-group Child id 11";
    for (more, status) in [
        (String::new(), "undecided"),
        (format!("{above} Parent"), "blocked"),
        (format!("{above} Middle\n{middle}"), "blocked"),
        (format!("{above} Gone"), "undecided"),
        (alone.to_owned(), "allowed"),
    ] {
        desk.write("p.set", &format!("{rules}{more}\n"));
        let run = palo_alto(&desk, "palo-alto-set", "p.set", "--option device-group=Child");
        assert_eq!(run.status("login.live.com"), status, "{more}");
    }
    let group = |name: &str, action: &str| {
        let any = ["from", "to", "source", "destination", "application", "service"]
            .map(|tag| format!("<{tag}><member>any</member></{tag}>"))
            .concat();
        format!(
            "<entry name=\"{name}\"><pre-rulebase><security><rules><entry name=\"r\">{any}<action>{action}</action>\
             </entry></rules></security></pre-rulebase></entry>"
        )
    };
    let device = |content: &str| {
        format!(
            "<devices><entry name=\"localhost.localdomain\"><device-group>{content}</device-group></entry></devices>"
        )
    };
    let groups = device(&(group("Parent", "deny") + &group("Child", "allow")));
    let readonly = device("<entry name=\"Child\"><parent-dg>Parent</parent-dg></entry>");
    for (more, status) in [("", "undecided"), (&format!("<readonly>{readonly}</readonly>"), "blocked")] {
        desk.write("p.xml", &format!("<config>{groups}{more}</config>"));
        let run = palo_alto(&desk, "palo-alto-xml", "p.xml", "--option device-group=Child");
        assert_eq!(run.status("login.live.com"), status, "{more}");
    }
}

/// What commands take away or rename is gone; what is not carried out leaves nothing certain.
#[test]
fn commands_behind_others_change_what_these_set() {
    let desk = Desk::new();
    let any = "from any to any source any destination any application any service any action";
    let base = format!(
        "set address them ip-netmask 192.0.2.1\n\
         set address us ip-netmask 10.20.0.0/16\n\
         set address-group g static [ them us ]\n\
         set rulebase security rules stop from any to any source g destination any application any service any action deny\n\
         set rulebase security rules ok {any} allow\n"
    );
    for (more, status) in [
        ("", "blocked"),
        ("delete rulebase security rules stop", "allowed"),
        ("delete rulebase security rules ok", "blocked"),
        ("delete rulebase security rules gone", "blocked"),
        ("delete address-group g static us", "allowed"),
        ("delete address-group g static them", "blocked"),
        ("delete address us", "undecided"),
        ("delete rulebase security rules stop action", "undecided"),
        ("delete rulebase security rules stop option", "undecided"),
        ("delete vsys vsys1", "undecided"),
        ("delete rulebase nat rules stop", "blocked"),
        (
            "set rulebase security rules ok disabled yes\ndelete rulebase security rules stop\ndelete rulebase security rules ok disabled",
            "allowed",
        ),
        ("rename rulebase security rules stop to halt\nmove rulebase security rules halt bottom", "allowed"),
        ("rename rulebase security rules ok to stop", "undecided"),
        ("rename address us to you", "undecided"),
        ("rename vsys vsys1 to vsys2", "undecided"),
        ("copy rulebase security rules ok to fine", "undecided"),
        ("move rulebase security rules stop after gone", "undecided"),
        ("move rulebase security rules gone top", "undecided"),
        ("rename network profiles a to b", "blocked"),
    ] {
        desk.write("c.set", &format!("{base}{more}\n"));
        let run = palo_alto(&desk, "palo-alto-set", "c.set", "");
        assert_eq!(run.status("login.live.com"), status, "{more}\n{}", run.out);
    }
}

/// Either default rule may be changed, for both forms of connection.
#[test]
fn default_rules_of_pan_os_count_where_no_rule_matches() {
    let desk = Desk::new();
    let rule = "set rulebase security rules one from dmz to dmz source any destination any application any service any action allow\n";
    let (within, between) = ("--outside-zone trust", "--outside-zone untrust");
    let unknown = "";
    for (name, action, zones, status) in [
        ("tag", "", within, "allowed"),
        ("tag", "", between, "blocked"),
        ("intrazone-default", "deny", within, "blocked"),
        ("intrazone-default", "deny", between, "blocked"),
        ("intrazone-default", "drop", unknown, "blocked"),
        ("interzone-default", "allow", between, "allowed"),
        ("interzone-default", "allow", within, "allowed"),
        ("interzone-default", "allow", unknown, "allowed"),
    ] {
        let change = format!("set rulebase default-security-rules rules {name} action {action}\n");
        desk.write("d.set", &format!("{rule}{}", if action.is_empty() { "" } else { &change }));
        let run = desk.run(&format!(
            "audit palo-alto-set d.set --scenario cloud-sync --cloud public --address {AGENTS} \
             --zone provisioning-agent=trust {zones}"
        ));
        assert_eq!(run.status("login.live.com"), status, "{name} {action} {zones}\n{}", run.out);
    }
    // Both are changed: what passes within a zone does not, and the other way round.
    let both = "set rulebase default-security-rules rules intrazone-default action deny\n\
                set rulebase default-security-rules rules interzone-default action allow\n";
    desk.write("d.set", &format!("{rule}{both}"));
    let run = desk.run(&format!(
        "audit palo-alto-set d.set --scenario cloud-sync --cloud public --address {AGENTS} --zone provisioning-agent=trust {within}"
    ));
    assert_eq!(run.status("login.live.com"), "blocked");
}

/// A device group's own object hides a shared one of another kind.
#[test]
fn the_nearest_object_of_a_name_holds_whatever_its_kind() {
    let desk = Desk::new();
    let any = "application any service";
    for (more, source, service) in [
        (
            "set shared address who ip-netmask 203.0.113.1\nset device-group DG address-group who static all\n",
            "who",
            "any",
        ),
        (
            "set shared service web protocol tcp port 9\nset device-group DG service-group web members [ service-https service-http ]\n",
            "any",
            "web",
        ),
    ] {
        desk.write(
            "n.set",
            &format!(
                "{more}set device-group DG address all ip-netmask 10.0.0.0/8\n\
                 set device-group DG pre-rulebase security rules block from any to any source {source} destination any {any} {service} action deny\n\
                 set device-group DG pre-rulebase security rules ok from any to any source any destination any {any} any action allow\n"
            ),
        );
        let run = palo_alto(&desk, "palo-alto-set", "n.set", "");
        assert_eq!(run.status("login.live.com"), "blocked", "{more}");
    }
}

#[test]
fn zones_and_addresses_that_were_not_given_leave_it_open() {
    let desk = Desk::new();
    let files = project().join("tests/audit/files");
    fs::copy(files.join("firewall.set"), desk.path().join("f.set")).unwrap();
    let run = desk
        .run(&format!("audit palo-alto-set f.set --scenario cloud-sync --cloud public --address {AGENTS}"));
    assert!(run.out.contains("the zone that it comes from was not given"), "{}", run.out);
    desk.write("squid.conf", GOOD);
    let run = desk.run("audit squid squid.conf --scenario cloud-sync --cloud public");
    assert_eq!(run.lines("undecided").len(), 15, "{}", run.out);
    let run = desk.run("audit squid squid.conf --scenario cloud-sync --cloud public --format json");
    let json: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!((json["format"].as_str(), json["exact"].as_bool()), (Some("portbook-audit/1"), Some(false)));
}

/// Stored rules of a domain controller.
pub(crate) fn registry(rules: &str) -> super::run::Run {
    let desk = Desk::new();
    let key = "[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy\\FirewallRules]";
    desk.write("host.reg", &format!("Windows Registry Editor Version 5.00\n\n{key}\n{rules}\n"));
    desk.run(
        "audit windows-registry host.reg --scenario connect-sync --cloud public --for connect-server \
         --address connect-server=10.20.0.21 --address domain-controller=10.10.0.0/28",
    )
}

#[test]
fn blocks_of_windows_win_over_allows_whatever_their_order() {
    let allow = "\"a\"=\"v2.10|Action=Allow|Active=TRUE|Dir=Out|Protocol=6|RPort=88|RA4=10.10.0.0/255.255.0.0|Name=a|\"";
    let status = |rules: &str| {
        let run = registry(rules);
        let line = run
            .out
            .lines()
            .find(|line| line.contains("-> domain-controller, TCP 88"))
            .unwrap_or_else(|| panic!("{}", run.talk));
        line.split(' ').next().unwrap().to_owned()
    };
    assert_eq!(status(allow), "allowed");
    for (from, to, wanted) in [
        ("Active=TRUE|", "", "undecided"),
        ("RPort=88", "RPort2_10=80-90", "allowed"),
        ("Protocol=6", "Protocol=17", "undecided"),
        ("Dir=Out", "Dir=In", "undecided"),
        ("|RA4=10.10.0.0/255.255.0.0", "", "allowed"),
        ("RA4=10.10.0.0/255.255.0.0", "RA4=LocalSubnet", "undecided"),
        ("Name=a", "App=C:\\\\x.exe|Name=a", "undecided"),
        ("Name=a", "Profile=Domain|Name=a", "undecided"),
    ] {
        assert!(allow.contains(from), "{from}");
        assert_eq!(status(&allow.replace(from, to)), wanted, "{from} -> {to}");
    }
    let block = allow.replace("\"a\"", "\"z\"").replace("Action=Allow", "Action=Block");
    assert_eq!(status(&format!("{allow}\n{block}")), "blocked");
    assert_eq!(status(&format!("{allow}\n{block}\n\"z\"=-")), "allowed", "a later line takes it away");
}

#[test]
fn the_default_of_windows_counts_where_all_profiles_agree() {
    let profile = |name: &str, out: u8| {
        format!(
            "\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\WindowsFirewall\\{name}]\n\"DefaultOutboundAction\"=dword:0000000{out}"
        )
    };
    let all = |outs: [u8; 3]| -> String {
        ["DomainProfile", "PrivateProfile", "PublicProfile"]
            .iter()
            .zip(outs)
            .map(|(name, out)| profile(name, out))
            .collect()
    };
    assert!(registry(&all([1, 1, 1])).lines("blocked").len() > 8);
    assert_eq!(registry(&all([1, 1, 0])).lines("blocked").len(), 0);
    let open = registry(&all([0, 0, 0]));
    assert!(open.lines("allowed").len() > 8);
    let told =
        open.lines("beyond").iter().any(|line| line.contains("the default: also any other destination"));
    assert!(told && open.exit == 1, "an open default passed as exact: {}", open.out);
    assert_eq!(registry(&all([1, 1, 1])).lines("beyond").len(), 0);
}

#[test]
fn what_is_no_such_configuration_is_refused_with_its_place() {
    let desk = Desk::new();
    let text = |target: &str, text: &str| {
        desk.write("x", text);
        let run = desk.run(&format!("audit {target} x --scenario cloud-sync --cloud public"));
        let told =
            ["configuration-unreadable", "rules-unreadable"].iter().any(|code| run.talk.contains(code));
        assert!(run.exit == 2 && told, "{target}: {}", run.talk);
        run.talk
    };
    text("palo-alto-xml", "<config><devices>");
    text("palo-alto-xml", "<nothing/>");
    text("palo-alto-xml", &format!("<config>{}", "<a>".repeat(100)));
    text("palo-alto-xml", "<!DOCTYPE x [<!ENTITY a \"b\">]><config>&a;</config>");
    text("palo-alto-set", "http_access allow all");
    assert!(text("palo-alto-set", "set address a ip-netmask 10.0.0.1\nset tag \"x").contains("x:2:"));
    text("windows-registry", "acl x src 1.2.3.4");
    text("windows-firewall", "New-NetFirewallRule -DisplayName x");
    text("pac", "function FindProxyForURL(url, host) { return 'DIRECT'; }");
    text("json", "{}");
    text("csv", "a,b\n1,2\n");
    let run = desk.run("audit squid nowhere.conf --scenario cloud-sync --cloud public");
    assert!(run.exit == 2 && run.talk.contains("cannot-read"), "{}", run.talk);
    let run = desk.run("audit squidd x --scenario cloud-sync --cloud public");
    assert!(run.exit == 2 && run.talk.contains("did you mean `squid`"), "{}", run.talk);
}
