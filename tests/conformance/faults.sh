#!/usr/bin/env bash
# Faults of the system while Portbook writes (tests/faults): full and read-only disks, limits, and an error of every system
# call by strace. Needs Linux, root, strace and util-linux; some minutes. Writes a summary: {tests, failed, faults}.
#
#   tests/conformance/faults.sh [SUMMARY.json]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
summary=${1:-target/faults.json}

missing=0
for program in strace mount umount setpriv dd; do
    command -v "$program" >/dev/null || { echo "install $program" >&2; missing=1; }
done
[ "$(id -u)" -eq 0 ] || { echo 'run as root: disks are mounted' >&2; missing=1; }
[ "$missing" -eq 0 ] || exit 2

log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
cargo test --locked --test faults -- --ignored --nocapture --test-threads=2 2>&1 | tee "$log" || status=$?

count() { sed -n "s/$1/\1/p" "$log" | awk '{ sum += $1 } END { print sum + 0 }'; }
printf '{"tests": %d, "failed": %d, "faults": {"calls": %d, "sizes": %d, "limits": %d}}\n' \
    "$(grep -c '^test .* \.\.\. ' "$log" || true)" \
    "$(count '^test result: .* \([0-9]*\) failed;.*')" \
    "$(count '.*: \([0-9]*\) failed one after the other')" \
    "$(count '.*: \([0-9]*\) sizes refused.*')" \
    "$(count '.*: \([0-9]*\) values refused.*')" >"$summary"
cat "$summary"
exit "$status"
