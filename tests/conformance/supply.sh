#!/usr/bin/env bash
# What the program is made of: licences, sources and bans of every crate (cargo-deny), advisories where their database can be
# reached, and a bill of materials (CycloneDX) of what is shipped.
#
#   tests/conformance/supply.sh [FOLDER]
#
# FOLDER (target/supply) gets portbook.cdx.json and summary.json. Needs cargo-deny and cargo-cyclonedx
# (`cargo install --locked cargo-deny cargo-cyclonedx`). A database that cannot be reached is said and counts as not checked,
# not as checked: `advisories` in the summary is then "unreachable".
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
out=${1:-target/supply}
mkdir -p "$out"

missing=0
for program in cargo-deny cargo-cyclonedx python3; do
    command -v "$program" >/dev/null || { echo "install $program" >&2; missing=1; }
done
[ "$missing" -eq 0 ] || exit 2

cargo fetch --locked --quiet
cargo deny --offline --all-features check bans licenses sources

advisories=clean
if ! cargo deny --all-features check advisories 2>"$out/advisories.log"; then
    # Its own words for a database that could not be fetched; anything else is a finding.
    grep -qiE 'failed to (fetch|load|open|clone).*advisor|unable to.*advisory' "$out/advisories.log" ||
        { cat "$out/advisories.log" >&2; exit 1; }
    advisories=unreachable
    echo 'the database of advisories cannot be reached: advisories are not checked' >&2
fi

# The date of the last commit, no clock: the same commit has the same bill.
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH
cargo cyclonedx --target all --format json --spec-version 1.5 --override-filename portbook.cdx --quiet
mv portbook.cdx.json "$out/portbook.cdx.json"

# Every crate that `cargo tree` has in the shipped program is in the bill.
cargo tree --locked --edges normal,build --target all --prefix none --format '{p}' | cut -d' ' -f1,2 | sort -u >"$out/tree"
python3 - "$out" "$advisories" <<'PY'
import json, sys
out, advisories = sys.argv[1:]
bill = json.load(open(f"{out}/portbook.cdx.json"))
listed = {(c["name"], c["version"]) for c in bill["components"]}
tree = {tuple(line.split()) for line in open(f"{out}/tree")}
shipped = {(name, version.lstrip("v")) for name, version in tree if name != "portbook"}
missing = sorted(shipped - listed)
without = sorted(c["name"] for c in bill["components"] if not c.get("licenses"))
summary = {"components": len(listed), "shipped": len(shipped), "missing": missing, "without-licence": without, "advisories": advisories}
json.dump(summary, open(f"{out}/summary.json", "w"))
print(json.dumps(summary))
sys.exit(bool(missing or without))
PY
