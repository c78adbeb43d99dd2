//! What takes a firewall back, carried out on a model of its configuration.

use portbook::artifact::Artifact;
use portbook::finding::Code;
use portbook::target::{self, Back, DeviceObjects, Loaded, Templates, back};

use super::build::{Network, party, provisioning};
use super::device::Device;
use crate::{settings, text};

/// What a target wrote, and its objects as they were read back from a manifest.
pub(crate) struct State {
    files: Vec<Artifact>,
    objects: Option<DeviceObjects>,
}

const NOTHING: State = State { files: Vec::new(), objects: None };

impl State {
    pub(crate) fn of(target: &str, network: &Network, options: &[(&str, &str)]) -> Self {
        let spec = target::find(target).unwrap();
        let settings = settings(target, options);
        let lowered = (spec.pack)(&network.fit(target, &settings), &settings).unwrap();
        let objects = lowered
            .device_objects()
            .map(|objects| serde_json::from_str(&serde_json::to_string(&objects).unwrap()).unwrap());
        Self { files: lowered.render(&Templates::embedded()).unwrap(), objects }
    }

    /// What `since` takes in place of a file.
    pub(crate) fn recorded(&self) -> String {
        serde_json::to_string_pretty(self.objects.as_ref().unwrap()).unwrap()
    }

    pub(crate) fn text(&self) -> String {
        text(&self.files[0])
    }
}

pub(crate) fn way_back(target: &str, old: &State, new: &State) -> Back {
    let [old, new] = [old, new].map(|state| Loaded { files: &state.files, objects: state.objects.as_ref() });
    back(target::find(target).unwrap(), &old, &new).unwrap()
}

/// Loads the older file, the newer one in each way of loading it, and goes back; the same must be there as before.
pub(crate) fn check_set(old: &Network, new: &Network, options: &[(&str, &str)], location: &str) {
    let [old, new] = [old, new].map(|network| State::of("palo-alto-set", network, options));
    let back = way_back("palo-alto-set", &old, &new);
    let before = || {
        let mut device = Device::of_somebody();
        device.paste(&old.text(), location);
        device
    };
    if old.files == new.files {
        assert_eq!(back, Back::default());
    }
    // Loaded on top of the older one, and with deletions in front, which leaves the newer state alone.
    for mut device in [before(), Device::of_somebody()] {
        device.paste(&new.text(), location);
        for file in &back.files {
            assert!(back.steps.iter().any(|step| step.contains(&file.path)), "{}", file.path);
            device.paste(&text(file), location);
        }
        assert_eq!(device, before());
    }
}

/// A network that shares lists, objects and rules with `provisioning`, has others, and lacks some.
fn changed() -> Network {
    let mut network = Network::new();
    network.station("agents", "tier0", "10.20.0.12, 10.20.0.13");
    network.station("dcs", "servers", "10.10.0.16/28");
    network.allow_tls("agents", party("*.msappproxy.net"), "443/tcp", true);
    for name in ["login.windows.net", "new.example.net"] {
        network.allow("agents", party(name), "443/tcp");
    }
    network.allow("agents", party("amqp.example.net"), "5671/tcp");
    network.allow_station("agents", "dcs", "389/tcp", None);
    network
}

#[test]
fn the_older_file_is_set_before_anything_is_deleted() {
    for (options, location) in [
        (&[][..], ""),
        (&[("position", "top"), ("no-decrypt", "yes")], ""),
        (&[("position", "before"), ("anchor", "corp-deny")], ""),
        (&[("position", "after"), ("anchor", "corp-allow")], ""),
        (&[("vsys", "vsys2")], "vsys vsys2 "),
        (&[("device-group", "edge")], "device-group edge "),
    ] {
        check_set(&provisioning(), &changed(), options, location);
        check_set(&changed(), &provisioning(), options, location);
    }
}

#[test]
fn a_file_with_deletions_of_its_own_is_loaded_again_without_them() {
    let first = State::of("palo-alto-set", &changed(), &[]);
    let old = State::of("palo-alto-set", &provisioning(), &[("since", &first.recorded())]);
    let new = State::of("palo-alto-set", &changed(), &[("since", &old.recorded())]);
    let mut device = Device::of_somebody();
    for state in [&first, &old] {
        // Deletions in front of additions may leave a list empty on the way: the model of both is the older file alone.
        let sets: Vec<String> =
            state.text().lines().filter(|line| !line.starts_with("delete ")).map(str::to_owned).collect();
        device = Device::of_somebody();
        device.paste(&sets.join("\n"), "");
    }
    let before = device;
    let mut device = Device::of_somebody();
    device.paste(&State::of("palo-alto-set", &changed(), &[]).text(), "");
    let back = way_back("palo-alto-set", &old, &new);
    let file = text(&back.files[0]);
    device.paste(&file, "");
    assert_eq!(device, before);
    assert!(!file.contains("since the earlier file") && !file.contains("Nothing is removed"), "{file}");
    let lines: Vec<&str> = file.lines().collect();
    let last_set =
        lines.iter().rposition(|line| line.starts_with("set ") || line.starts_with("move ")).unwrap();
    assert!(!lines[..last_set].iter().any(|line| line.starts_with("delete ")));
}

#[test]
fn what_was_not_there_before_leaves_nothing_but_the_tag() {
    for target in ["palo-alto-set", "palo-alto-xml"] {
        let new = State::of(target, &provisioning(), &[("vsys", "vsys2")]);
        let back = way_back(target, &NOTHING, &new);
        assert_eq!(back.files.len(), 1, "{target}");
        assert_eq!(back.files[0].path, "palo-alto/portbook.remove.set");
        let mut device = Device::of_somebody();
        match target {
            "palo-alto-set" => device.paste(&new.text(), "vsys vsys2 "),
            _ => device.load(&new.text()),
        }
        device.paste(&text(&back.files[0]), "vsys vsys2 ");
        assert_eq!(device.without_tag(), Device::of_somebody());
        assert!(
            back.steps.iter().any(|step| step.contains("`delete vsys vsys2 tag portbook`")),
            "{:?}",
            back.steps
        );
    }
}

#[test]
fn xml_comes_first_and_commands_delete() {
    let old = State::of("palo-alto-xml", &provisioning(), &[]);
    let new = State::of("palo-alto-xml", &changed(), &[]);
    let back = way_back("palo-alto-xml", &old, &new);
    let paths: Vec<&str> = back.files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(paths, ["palo-alto/portbook.xml", "palo-alto/portbook.remove.set"]);
    assert_eq!(back.files[0], old.files[0]);
    let mut before = Device::of_somebody();
    before.load(&old.text());
    let mut device = Device::of_somebody();
    device.load(&old.text());
    device.load(&new.text());
    device.load(&text(&back.files[0]));
    device.paste(&text(&back.files[1]), "");
    assert_eq!(device.read, before.read);

    // The commands are those that the older file itself gives.
    let command = "load config partial from portbook.xml ";
    let given = |text: &str| {
        text.split(command)
            .skip(1)
            .map(|rest| rest.split(" mode").next().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let steps = back.steps.join("\n");
    assert_eq!(given(&steps), given(&old.text()));
    assert_eq!(given(&steps).len(), 7);
    assert!(steps.find(command).unwrap() < steps.find("portbook.remove.set").unwrap());
}

#[test]
fn a_place_that_changed_is_left_and_the_older_one_filled() {
    let old = State::of("palo-alto-set", &provisioning(), &[]);
    let new = State::of("palo-alto-set", &changed(), &[("device-group", "edge")]);
    let back = way_back("palo-alto-set", &old, &new);
    let [first, second] = &back.files[..] else { panic!("{:?}", back.files) };
    let (mut firewall, mut before, mut panorama) =
        (Device::of_somebody(), Device::of_somebody(), Device::of_somebody());
    before.paste(&old.text(), "");
    firewall.paste(&text(first), "");
    assert_eq!(firewall, before);
    panorama.paste(&new.text(), "device-group edge ");
    panorama.paste(&text(second), "device-group edge ");
    assert_eq!(panorama.without_tag(), Device::of_somebody());
    assert!(
        back.steps[0].contains("of the firewall") && back.steps[1].contains("of Panorama"),
        "{:?}",
        back.steps
    );

    // A target that the newer build has no more: the older file is enough.
    let back = way_back("palo-alto-set", &old, &NOTHING);
    assert_eq!(back.files.len(), 1);
    assert!(!text(&back.files[0]).contains("\ndelete "));
}

#[test]
fn objects_that_were_not_recorded_are_no_reason_to_guess() {
    let mut new = State::of("palo-alto-set", &provisioning(), &[]);
    new.objects = None;
    let loaded = Loaded { files: &new.files, objects: None };
    let findings = back(target::find("palo-alto-set").unwrap(), &Loaded::default(), &loaded).unwrap_err();
    assert_eq!(findings.iter().next().unwrap().code, Code::InvalidValue);
}

#[test]
fn recorded_objects_serve_as_since() {
    let old = State::of("palo-alto-set", &provisioning(), &[]);
    let by_file = crate::set(&changed(), &[("since", &old.text())]);
    let by_record = crate::set(&changed(), &[("since", &old.recorded())]);
    assert!(by_file.contains("\ndelete address pb-10.20.0.11\n"));
    assert_eq!(by_file, by_record);
    let moved = [("since", old.recorded()), ("vsys", "vsys2".to_owned())];
    let moved: Vec<(&str, &str)> = moved.iter().map(|(key, value)| (*key, value.as_str())).collect();
    assert_eq!(crate::refused("palo-alto-set", &changed(), &moved), [Code::InvalidValue]);
}
