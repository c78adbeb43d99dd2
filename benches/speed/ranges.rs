//! The range file: the one that is named, the project's shared copy, or one of the same shape made here.

use std::env;
use std::fs;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

/// Where a checkout beside the project's shared files finds a real one.
const SHARED: &str = "../shared/data/service-tags/ServiceTags_Public_20251103.json";

pub(crate) fn file() -> PathBuf {
    if let Some(named) = env::var_os("PORTBOOK_BENCH_RANGES") {
        return named.into();
    }
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join(SHARED);
    if shared.is_file() { shared } else { made(1, 0) }
}

/// The week before: the one that is named, the project's shared copy, or one of the same shape made here.
pub(crate) fn before(weekly: &Path, folder: &Path) -> PathBuf {
    if let Some(named) = env::var_os("PORTBOOK_BENCH_RANGES_BEFORE") {
        return named.into();
    }
    let beside = weekly.with_file_name("ServiceTags_Public_20251028.json");
    if beside.is_file() && beside != weekly {
        return beside;
    }
    // A week in which nothing but the order of a list changed would be too easy: some prefixes come and go.
    let text = fs::read_to_string(weekly).expect("readable").replace("20.0.1.0/24", "20.9.1.0/24");
    let path = folder.join("before.json");
    fs::write(&path, text).expect("a writable target folder");
    path
}

/// Like Microsoft's, `factor` times as large: a tag of 13,000 prefixes that aggregate to a quarter, and 3,000 regional tags
/// that have nearly all of their prefixes from it. Another `week` has some other prefixes in every hundredth tag.
pub(crate) fn made(factor: u32, week: u32) -> PathBuf {
    let cloud: Vec<String> =
        (0..9_600 * factor).map(v4).chain((0..3_400 * u128::from(factor)).map(v6)).collect();
    let mut tags = vec![tag("AzureCloud", &cloud)];
    for index in 0..3_000 * factor as usize {
        let shift = if index % 100 == 0 { week as usize } else { 0 };
        let mut own: Vec<String> =
            (0..27).map(|step| cloud[(index * 31 + step * 463 + shift) % cloud.len()].clone()).collect();
        own.push(format!("198.{}.{}.{}/32", 18 + index / 65_536, index / 256 % 256, index % 256));
        tags.push(tag(&format!("Service{}.Region{}", index / 50, index % 50), &own));
    }
    let file = json!({ "changeNumber": 1 + week, "cloud": "Public", "values": tags });
    let path =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("ServiceTags_Public_made_{factor}_{week}.json"));
    fs::write(&path, serde_json::to_string_pretty(&file).expect("JSON")).expect("a writable target folder");
    path
}

/// Four neighbours of /24, then a gap as large.
fn v4(index: u32) -> String {
    format!("{}/24", Ipv4Addr::from(0x1400_0000 + (index / 4 * 8 + index % 4) * 256))
}

/// Four neighbours of /48, then a gap as large.
fn v6(index: u128) -> String {
    let network = 0x2603_1000_u128 << 96;
    format!("{}/48", Ipv6Addr::from(network + ((index / 4 * 8 + index % 4) << 80)))
}

fn tag(name: &str, prefixes: &[String]) -> Value {
    json!({
        "name": name,
        "id": name,
        "properties": {
            "changeNumber": 1,
            "region": "",
            "regionId": 0,
            "platform": "Azure",
            "systemService": "",
            "addressPrefixes": prefixes,
            "networkFeatures": ["API", "NSG"],
        },
    })
}
