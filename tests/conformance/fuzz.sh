#!/usr/bin/env bash
# Runs every fuzz target, one after the other, and tells how it went.
#
#   tests/conformance/fuzz.sh [-s SECONDS] [-j JOBS] [-o FOLDER] [-n] [TARGET...]
#
# SECONDS is how long each target runs by the clock (1800), JOBS how many run at once (1), -n leaves out the build. FOLDER
# (fuzz/out) gets the corpus of each target, its logs, what crashed it, and summary.json: [{target, seconds, cpu, executions,
# crashes}], where `cpu` are the seconds of CPU that it got: fewer, where other work went before. A target that crashes, hangs
# for more than a minute, or takes more than 1 GiB counts one and starts again until its time is over; the exit code is then 1.
# libFuzzer goes by the clock: what hung while other work went before is tried again by itself, and counts if it hangs again.
# A corpus that is there already is gone on from.
#
# The toolchain of rust-toolchain.toml is enough: libFuzzer comes with its crate, and the flags below are those that
# `cargo fuzz` sets, without the address sanitizer (nothing here is `unsafe`).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

seconds=1800 jobs=1 out=$PWD/fuzz/out build=build
while getopts s:j:o:n flag; do
    case $flag in
        s) seconds=$OPTARG ;;
        j) jobs=$OPTARG ;;
        o) mkdir -p "$OPTARG" && out=$(cd "$OPTARG" && pwd) ;;
        n) build=: ;;
        *) exit 2 ;;
    esac
done
shift $((OPTIND - 1))

coverage='-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters'
coverage+=' -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares'
checks='-Cdebug-assertions=yes -Coverflow-checks=yes'
host=$(rustc -vV | sed -n 's/^host: //p')

build() {
    # A target of its own keeps the flags away from build scripts.
    (cd fuzz && RUSTFLAGS="$coverage $checks --cfg fuzzing" cargo build --locked --release --target "$host")
}

# A corpus to begin with: what the tests and the catalog have of each kind.
seed() {
    local target=$1 corpus=$out/$1/corpus
    mkdir -p "$corpus"
    case $target in
        range_json) cp tests/fixtures/ranges/*.json "$corpus" ;;
        range_xml) cp tests/fixtures/ranges/*.xml "$corpus" ;;
        site) find examples tests/fixtures -name 'portbook*.yaml' -exec cp --backup=numbered {} "$corpus" ';' ;;
        catalog) seed_catalog "$corpus" ;;
        manifest) find examples -name 'portbook.manifest.json' -size -200k -exec cp --backup=numbered {} "$corpus" ';' ;;
        rules) find snapshots -name 'rules.json' -size -100k -exec cp --backup=numbered {} "$corpus" ';' ;;
        template) find templates examples/templates -type f -exec cp --backup=numbered {} "$corpus" ';' ;;
        values) seed_values "$corpus" ;;
        expectation) printf 'login.microsoftonline.com:443' >"$corpus/name"; printf '[2001:db8::1]:53/udp' >"$corpus/v6" ;;
        range_list) printf '10.0.0.0/8\n2001:db8::/32\n' >"$corpus/list" ;;
        lock) seed_lock "$corpus" ;;
        audit_squid) seed_files "$corpus" snapshots/squid -name '*.conf' ;;
        audit_palo_alto_set) seed_files "$corpus" snapshots/palo-alto-set -name '*.set' ;;
        audit_palo_alto_xml) seed_files "$corpus" snapshots/palo-alto-xml -name '*.xml' ;;
        audit_palo_alto_edl) seed_files "$corpus" snapshots/palo-alto-edl -name '*.txt' ;;
        audit_windows_firewall) seed_files "$corpus" snapshots/windows-firewall -name '*.ps1' ;;
        audit_windows_registry) seed_files "$corpus" snapshots/windows-registry -name '*.reg' ;;
        audit_pac) seed_files "$corpus" snapshots/pac -type f ;;
        audit_csv) seed_files "$corpus" snapshots/csv -name '*.csv' ;;
        audit_json) seed_files "$corpus" snapshots/json -name '*.json' ;;
        audit_nftables) seed_files "$corpus" snapshots/nftables -type f ;;
        audit_iptables) seed_iptables "$corpus" ;;
        audit_markdown) seed_markdown "$corpus" ;;
        audit_haproxy) seed_files "$corpus" snapshots/haproxy -type f ;;
        page) printf '<a href="https://download.microsoft.com/x/ServiceTags_Public_20251103.json">' >"$corpus/link" ;;
    esac
}

# Files that `find` finds, small ones.
seed_files() {
    local corpus=$1
    shift
    find "$@" -size -100k -exec cp --backup=numbered {} "$corpus" ';'
}

# The three files with a NUL between, as the fuzz target takes them apart.
seed_iptables() {
    local folder number=0
    for folder in snapshots/iptables/*/iptables; do
        { cat "$folder/portbook.ipset"; printf '\0'; cat "$folder/portbook.v4.rules"; printf '\0'
          cat "$folder/portbook.v6.rules"; } >"$1/$number"
        number=$((number + 1))
    done
}

# Each review text with a NUL and the list of addresses beside it, where there is one.
seed_markdown() {
    local rules list
    while IFS= read -r rules; do
        list=${rules%.md}.addresses.md
        { cat "$rules"; printf '\0'; [ ! -f "$list" ] || cat "$list"; } >"$1/$(basename "$(dirname "$rules")")"
    done < <(find snapshots/markdown -name rules.md -size -100k)
}

# The first byte says which file of a catalog the rest is, in the order of the fuzz target.
seed_catalog() {
    local number=0 which file
    while IFS= read -r file; do
        case $file in
            */choices.yaml) which=0 ;; */clouds.yaml) which=1 ;; */conditions.yaml) which=2 ;; */hosts.yaml) which=3 ;;
            */parameters.yaml) which=4 ;; */roles.yaml) which=5 ;; */scenarios.yaml) which=6 ;; */document.yaml) which=7 ;;
            */address-lists.yaml) which=9 ;; *) which=8 ;;
        esac
        { printf "\\x0$which"; cat "$file"; } >"$1/$number"
        number=$((number + 1))
    done < <(find tests/fixtures/broken tests/fixtures/hard-cases catalog -name '*.yaml' -size -12k | sort)
}

seed_values() {
    local number=0 text
    for text in '*.msappproxy.net' '[*.]windows.net' 'certauth.{federation-service}' 'https://a.b/c' 10.0.0.0/8 2001:db8::/32 \
        443 49152-65535 tcp 2019-12-06.2 'any(all(phase:configuration, a), not(b))' r-aaaaaaaaaa 'path-dropped@squid' \
        proxy.corp.example:8080 palo-alto/edge.set; do
        printf '%s' "$text" >"$1/$number"
        number=$((number + 1))
    done
}

seed_lock() {
    find examples tests -name portbook.lock -exec cp --backup=numbered {} "$1" ';'
    printf '{"format": "portbook-lock/1"}' >"$1/empty"
}

# One target until its time is over, whatever it finds on the way.
run() {
    local target=$1 place=$out/$1 begun=$SECONDS cpu=0 executions=0 crashes=0 round=0 log used
    mkdir -p "$place/found"
    seed "$target"
    while [ $((SECONDS - begun)) -lt "$seconds" ]; do
        round=$((round + 1)) log=$place/log.$((round % 10)) TIMEFORMAT=%U
        used=$({ time fuzzed "$target" $((seconds - SECONDS + begun)) >"$log" 2>&1; } 2>&1) ||
            { again "$target" "$log" || crashes=$((crashes + 1)); }
        cpu=$((cpu + ${used%.*}))
        executions=$((executions + $(sed -n 's/^stat::number_of_executed_units: *//p' "$log" | tail -n 1 | grep . || echo 0)))
        # One that crashes at once would do nothing else.
        [ "$crashes" -lt 50 ] || break
    done
    printf '{"target": "%s", "seconds": %d, "cpu": %d, "executions": %d, "crashes": %d}\n' \
        "$target" $((SECONDS - begun)) "$cpu" "$executions" "$crashes" | tee "$place/summary"
}

# Whether a run ended by an input that took its time once and does not again.
again() {
    local input
    input=$(sed -n 's/^artifact_prefix=.*Test unit written to //p' "$2" | tail -n 1)
    [[ $input == */timeout-* ]] && "fuzz/target/$host/release/$1" -timeout=60 "$input" >/dev/null 2>&1 && mv "$input" "${input/timeout-/slow-once-}"
}

fuzzed() {
    nice -n 19 "fuzz/target/$host/release/$1" "$out/$1/corpus" -max_total_time="$2" -timeout=60 -rss_limit_mb=1024 \
        -max_len=16384 -artifact_prefix="$out/$1/found/" -print_final_stats=1
}

# The lines of all targets as one list.
summary() {
    (cd "$out" && cat "$@") | sed -e '$!s/$/,/' | sed -e '1s/^/[/' -e '1!s/^/ /' -e '$s/$/]/'
}

$build
[ $# -gt 0 ] || mapfile -t names < <(sed -n '/^\[\[bin\]\]/{n;s/^name = "\(.*\)"/\1/p}' fuzz/Cargo.toml)
[ $# -gt 0 ] || set -- "${names[@]}"
for target; do
    while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do wait -n || true; done
    run "$target" &
done
wait
summary "${@/%//summary}" >"$out/summary.json"
! grep -q '"crashes": [1-9]' "$out/summary.json"
