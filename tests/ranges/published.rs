//! The files that Microsoft published, where a copy of them lies beside the checkout; the project's own small files stand in
//! otherwise (see `shapes`).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use portbook::address::{Family, Prefix};
use portbook::catalog::Catalog;
use portbook::explain::tags_of_catalog;
use portbook::ranges::accept::{self, Bounds};
use portbook::ranges::diff::{RangeDiff, TagChange};
use portbook::ranges::{Figures, RangeFile, Shape};

use crate::parse;

fn shared() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    if beside.join("data").is_dir() {
        return Some(beside);
    }
    eprintln!("left out: no published files beside this checkout");
    None
}

fn read(shared: &Path, path: &str) -> Vec<u8> {
    std::fs::read(shared.join("data").join(path)).unwrap()
}

/// The rows of the reference's table of figures: file to its numbers.
fn table(shared: &Path) -> BTreeMap<String, Vec<String>> {
    let text = std::fs::read_to_string(shared.join("reference/ip-ranges.md")).unwrap();
    let rows = text.lines().filter(|line| line.starts_with("| ServiceTags_"));
    let cells =
        rows.map(|line| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect());
    cells.map(|row: Vec<String>| (row[0].clone(), row[1..].to_vec())).collect()
}

/// Figures that the table of the reference does not have: counted in the files themselves by another program
/// (`jq '[.values[].properties.addressPrefixes[]] | length'`, and `netaddr` for the aggregates).
const OTHERS: [(&str, [&str; 9]); 4] = [
    (
        "ServiceTags_Public_20200803.json",
        ["1615", "27891", "15242", "15242", "0", "1568", "0", "25731", "16039959"],
    ),
    (
        "ServiceTags_Public_20210412.json",
        ["2045", "43415", "23403", "18083", "5320", "1917", "683", "40508", "18674495"],
    ),
    (
        "ServiceTags_AzureGovernment_20260323.json",
        ["328", "6458", "3659", "2729", "930", "172", "95", "6187", "1061952"],
    ),
    ("ServiceTags_AzureGermany_20220307.json", ["79", "372", "201", "193", "8", "28", "8", "356", "152128"]),
];

#[test]
fn all_service_tag_files_have_the_figures_of_the_reference() {
    let Some(shared) = shared() else { return };
    let table = table(&shared);
    let mut compared = 0;
    for entry in std::fs::read_dir(shared.join("data/service-tags")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let bytes = read(&shared, &format!("service-tags/{name}"));
        let file = parse(&name, &bytes);
        let figures = Figures::of(&file).unwrap();
        let ours = [
            figures.tags,
            figures.prefixes,
            figures.unique_prefixes,
            figures.ipv4_unique,
            figures.ipv6_unique,
            figures.ipv4_aggregated,
            figures.ipv6_aggregated,
            figures.aggregated_by_tag,
        ];
        let mut ours: Vec<String> = ours.iter().map(ToString::to_string).collect();
        ours.push(figures.ipv4_addresses.get().unwrap().to_string());
        let word = name.split('_').nth(1).unwrap();
        assert_eq!((file.shape(), file.cloud()), (Shape::ServiceTags, Some(word)), "{name}");
        if let Some(row) = table.get(&name) {
            assert_eq!(bytes.len().to_string(), row[0], "{name}");
            assert_eq!(file.change_number().unwrap().to_string(), row[2], "{name}");
            assert_eq!(ours, row[3..], "{name}");
        } else {
            let (_, others) =
                OTHERS.iter().find(|(known, _)| *known == name).unwrap_or_else(|| panic!("{name}"));
            assert_eq!(ours, others.map(str::to_owned), "{name}");
        }
        compared += 1;
    }
    assert_eq!(compared, 17);
}

#[test]
fn the_old_xml_and_the_answer_of_the_api() {
    let Some(shared) = shared() else { return };
    let files = [
        ("public-ips/PublicIPs_20200824.xml", 45, 3543, Some(1322)),
        ("public-ips/PublicIPs_committed_2018-10-25.xml", 36, 2268, None),
        ("public-ips/AndrewBryson_azureIPs_2015.xml", 15, 491, None),
        ("discovery-api/ServiceTagsList.example.2023-09-01.json", 5, 13, Some(12)),
    ];
    for (path, tags, prefixes, aggregated) in files {
        let bytes = read(&shared, path);
        let file = parse(path, &bytes);
        let figures = Figures::of(&file).unwrap();
        assert_eq!((figures.tags, figures.prefixes, figures.ipv6_unique), (tags, prefixes, 0), "{path}");
        if let Some(aggregated) = aggregated {
            assert_eq!(figures.ipv4_aggregated, aggregated, "{path}");
        }
    }
}

/// Pairs of files with what is known of them: tags added, removed, changed; prefixes added, removed, summed over the tags.
#[test]
fn neighbouring_weeks_differ_as_measured() {
    let Some(shared) = shared() else { return };
    let leaned = tags_of_catalog(&Catalog::embedded().unwrap()).unwrap();
    assert!(leaned.contains("AzureActiveDirectory"));
    let pairs = [
        ("Public_20250908", "Public_20250929", [37, 0, 167, 748, 105]),
        ("Public_20250929", "Public_20251006", [0, 0, 128, 542, 49]),
        ("Public_20251006", "Public_20251013", [0, 0, 111, 487, 105]),
        ("Public_20251013", "Public_20251020", [0, 0, 32, 170, 119]),
        ("Public_20251020", "Public_20251028", [0, 0, 0, 0, 0]),
        ("Public_20251028", "Public_20251103", [2, 0, 64, 2616, 172]),
        ("AzureGovernment_20260713", "AzureGovernment_20260720", [0, 0, 2, 2, 0]),
        ("China_20260713", "China_20260720", [0, 0, 2, 8, 16]),
        ("AzureGovernment_20260323", "AzureGovernment_20260713", [3, 32, 38, 260, 16]),
    ];
    for (old, new, expected) in pairs {
        let (old_bytes, new_bytes) =
            [old, new].map(|name| read(&shared, &format!("service-tags/ServiceTags_{name}.json"))).into();
        let (before, after) = (parse(old, &old_bytes), parse(new, &new_bytes));
        let diff = RangeDiff::of(&before, &after).unwrap();
        // Whatever was published may be kept, but for the retirement of a region, which somebody must see.
        accept::plausible(&after).unwrap();
        let kept = accept::compare((&before, None), (&after, None), &leaned, Bounds::default());
        assert_eq!(kept.is_err(), new == "AzureGovernment_20260713", "{old} {new}");
        let count = |change| diff.tags_of(change).count();
        let changed = count(TagChange::Widened) + count(TagChange::Narrowed) + count(TagChange::Regrouped);
        // The measured sums of prefixes are those of the tags that both files have.
        let both =
            || diff.tags.iter().filter(|tag| !matches!(tag.change, TagChange::Added | TagChange::Removed));
        let sums: [usize; 2] =
            [both().map(|tag| tag.prefixes_added).sum(), both().map(|tag| tag.prefixes_removed).sum()];
        let all: [usize; 2] = [
            diff.tags.iter().map(|tag| tag.prefixes_added).sum(),
            diff.tags.iter().map(|tag| tag.prefixes_removed).sum(),
        ];
        assert_eq!(
            [count(TagChange::Added), count(TagChange::Removed), changed],
            expected[..3],
            "{old} {new}"
        );
        assert!(
            sums == expected[3..] || all == expected[3..],
            "{old} {new}: {sums:?} {all:?}, not {:?}",
            &expected[3..]
        );
    }
}

/// The union of all tags is exact and minimal: it equals what another implementation makes of the same prefixes.
#[test]
fn the_union_of_all_tags_is_that_of_ipnet() {
    let Some(shared) = shared() else { return };
    let bytes = read(&shared, "service-tags/ServiceTags_Public_20251103.json");
    let file = parse("f.json", &bytes);
    let ours: Vec<String> = file.whole().unwrap().prefixes().map(|prefix| prefix.to_string()).collect();
    let all: Vec<Prefix> = file.tags().iter().flat_map(|tag| file.prefixes(tag).unwrap().to_vec()).collect();
    let nets: Vec<ipnet::IpNet> = all.iter().map(|prefix| prefix.net()).collect();
    let mut theirs = ipnet::IpNet::aggregate(&nets);
    theirs.sort();
    let theirs: Vec<String> = theirs.iter().map(ToString::to_string).collect();
    assert_eq!(ours.len(), 3148);
    assert_eq!(ours, theirs);
    let v4 = file.whole().unwrap().count(Family::V4);
    assert_eq!(v4.get(), Some(48_479_246));
}

/// A file that is read lazily says the same as one that is read whole.
#[test]
fn a_checked_file_gives_the_same_sets() {
    let Some(shared) = shared() else { return };
    let bytes = read(&shared, "service-tags/ServiceTags_AzureGovernment_20260720.json");
    let (whole, lazy) = (parse("f.json", &bytes), RangeFile::open_checked("f.json", &bytes).unwrap());
    assert_eq!(whole.whole().unwrap(), lazy.whole().unwrap());
    for tag in whole.tags() {
        assert_eq!(whole.tag(tag.name()).unwrap(), lazy.tag(tag.name()).unwrap(), "{}", tag.name());
    }
}
