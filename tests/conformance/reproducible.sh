#!/usr/bin/env bash
# Two release builds of the same commit, in two folders, by two paths of the registry: the same bytes. About nine minutes of
# CPU on two cores, so no part of every change; run it before a release.
#
#   tests/conformance/reproducible.sh [COMMIT]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
commit=$(git rev-parse "${1:-HEAD}")
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT

build() {
    local place=$room/$1
    mkdir -p "$place"
    git archive "$commit" | tar -x -C "$place"
    # Where the sources lie must not be in the program: panic messages name files.
    (cd "$place" && RUSTFLAGS="--remap-path-prefix=$place=/portbook --remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=/cargo" \
        cargo build --release --locked --quiet)
    sha256sum "$place/target/release/portbook" | cut -d' ' -f1
}

one=$(build one)
two=$(build a/longer/path/two)
printf '{"commit": "%s", "one": "%s", "two": "%s", "same": %s}\n' "$commit" "$one" "$two" \
    "$([ "$one" = "$two" ] && echo true || echo false)"
[ "$one" = "$two" ]
