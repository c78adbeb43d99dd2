#!/usr/bin/env bash
# Runs the commands asked for and notes what came of them; what they find fails no step before the comment is written.
# Exit codes of portbook: 0 fine, 1 different, 2 could not, 3 refused.
# shellcheck disable=SC2016  # the back-quotes are Markdown
set -euo pipefail

refuse() {
    printf 'portbook: %s\n' "$1" >&2
    exit 2
}

# A path that no program takes for an option and no file of GitHub's takes for a second line.
path() {
    case $2 in
    -* | *$'\n'* | *$'\r'*) refuse "$1 cannot be \`$2\`" ;;
    esac
}

portbook=${PORTBOOK:-portbook}
site=${INPUT_SITE:-portbook.yaml}
ranges=${INPUT_RANGES_DIR:-ranges}
shard=${INPUT_SHARD:-}
base=${INPUT_COMPARE_WITH:-}
report=${INPUT_REPORT:-}
outputs=${INPUT_OUTPUTS_DIR:-$(dirname -- "$site")}
path site "$site"
path ranges-dir "$ranges"
path outputs-dir "$outputs"
path report "$report"
if [[ -n $shard && ! $shard =~ ^[1-9][0-9]{0,4}/[1-9][0-9]{0,4}$ ]]; then refuse "shard is NUMBER/COUNT, such as 3/16, not \`$shard\`"; fi
if [[ -n $base && ! $base =~ ^[A-Za-z0-9][A-Za-z0-9._/^~@-]*$ ]]; then refuse "compare-with is no git revision: \`$base\`"; fi
if [[ -n $report && -z $base ]]; then refuse 'report needs compare-with'; fi

flags=(--ranges-dir "$ranges")
if [ -n "$shard" ]; then flags+=(--shard "$shard"); fi
case ${INPUT_STRICT:-false} in
true) flags+=(--strict) ;;
false) ;;
*) refuse "strict is true or false, not \`$INPUT_STRICT\`" ;;
esac

work=${RUNNER_TEMP:?}/portbook-run
mkdir -p "$work"
summary=$work/summary.md
job_summary=${GITHUB_STEP_SUMMARY:-/dev/null}
: >"$summary"
changed=false
refused=false
different=false
failed=false

# Shows a text that others wrote, so that no line of it is taken for a command of the runner.
show() {
    local token
    token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    printf '::stop-commands::%s\n' "$token"
    cat -- "$1"
    printf '\n::%s::\n' "$token"
}

# Runs a command, shows and keeps what it says, and leaves its exit code in $code.
code=0
run() {
    local said=$work/said
    code=0
    "$portbook" "$@" >"$said" 2>&1 || code=$?
    show "$said"
    {
        printf '\n`portbook %s`: exit code %s\n\n~~~~~~~~text\n' "$1" "$code"
        head -c 100000 -- "$said"
        printf '\n~~~~~~~~\n'
    } >"$work/step.md"
    cat "$work/step.md" >>"$job_summary"
    head -c 20000 -- "$work/step.md" >"$work/short.md"
    if ! cmp -s "$work/step.md" "$work/short.md"; then printf '\n~~~~~~~~\nMore in the log of the job.\n' >>"$work/short.md"; fi
    cat "$work/short.md" >>"$work/said.md"
}

# What an exit code means for the verdict.
note() {
    case $code in
    0) ;;
    1) if [ "$1" = check ]; then changed=true; else failed=true; fi ;;
    3)
        refused=true
        # What is refused outweighs what differs in the code: the summary line tells both.
        if [ "$1" = check ] && grep -Eq '[1-9][0-9]* would be (written|removed)|changed by hand' "$work/said"; then changed=true; fi
        ;;
    *) failed=true ;;
    esac
}

: >"$work/said.md"
read -r -a commands <<<"$(tr '\n,' '  ' <<<"${INPUT_COMMANDS:-}")"
for command in "${commands[@]}"; do
    case $command in
    validate | test) run "$command" "$site" ;;
    check) run build "$site" --check "${flags[@]}" ;;
    build)
        run build "$site" --check "${flags[@]}"
        if [ "$code" -eq 1 ]; then changed=true; fi
        run build "$site" "${flags[@]}"
        ;;
    *) refuse "commands are validate, test, check and build, not \`$command\`" ;;
    esac
    note "$command"
    if [ "$failed" = true ]; then break; fi
done

# The committed outputs, beside those of another revision.
compare() {
    if ! git rev-parse --quiet --verify "$base^{commit}" >/dev/null; then
        refuse "compare-with: $base is not in this clone; check out with fetch-depth: 0"
    fi
    if ! git ls-tree -r --name-only "$base" -- "$outputs" | grep 'portbook\.manifest\.json$' >/dev/null; then
        printf 'Nothing was built before: there is no `portbook.manifest.json` to compare with.\n' >"$summary"
        return
    fi
    code=0
    "$portbook" diff "git:$base:$outputs" "$outputs" --format markdown >"$summary" 2>"$work/said" || code=$?
    show "$work/said"
    case $code in
    0) if [ ! -s "$summary" ]; then printf 'No rule, loss or output differs.\n' >"$summary"; fi ;;
    1) different=true ;;
    *)
        failed=true
        { printf 'The outputs could not be compared.\n\n~~~~~~~~text\n' && head -c 20000 -- "$work/said" && printf '\n~~~~~~~~\n'; } >"$summary"
        return
        ;;
    esac
    if [ -z "$report" ]; then return; fi
    code=0
    "$portbook" diff "git:$base:$outputs" "$outputs" --format html >"$report" || code=$?
    if [ "$code" -gt 1 ]; then failed=true; fi
}

if [ -n "$base" ]; then
    compare
    cat "$summary" >>"$job_summary"
    if [ "$changed" = true ]; then
        { printf '\n**The committed outputs do not match the site file.** Run `portbook build` and commit what it writes.\n' && cat "$work/said.md"; } >>"$summary"
    elif [ "$refused" = true ] || [ "$failed" = true ]; then
        cat "$work/said.md" >>"$summary"
    fi
else
    cat "$work/said.md" >"$summary"
fi

{
    printf 'changed=%s\nrefused=%s\ndifferent=%s\nfailed=%s\n' "$changed" "$refused" "$different" "$failed"
    printf 'summary-file=%s\n' "$summary"
} >>"${GITHUB_OUTPUT:?}"
