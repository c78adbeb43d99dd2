#!/usr/bin/env bash
# Puts a text into the one comment that this action keeps in a pull request. A token that may not write, as in a pull
# request from a fork, is no failure: the text is in the summary of the job.
set -euo pipefail

[[ ${REPOSITORY:?} =~ ^[A-Za-z0-9._-]+/[A-Za-z0-9._-]+$ ]] || exit 2
[[ ${PULL_REQUEST:?} =~ ^[0-9]+$ ]] || exit 2

# Which site it is about, in letters that mean nothing to HTML or to jq.
site=$(printf '%s' "${INPUT_SITE:-portbook.yaml}" | LC_ALL=C tr -c 'A-Za-z0-9._/' '_')
marker="<!-- portbook: $site -->"
body=$(mktemp)
{
    printf '%s\n' "$marker"
    cat -- "${COMMENT_FILE:?}"
} >"$body"
# GitHub takes 65,536 characters; portbook keeps within 60,000, and what else is said may be long.
if [ "$(wc -c <"$body")" -gt 65000 ]; then
    printf '%s\nThe comparison is too long for a comment: it is in the summary of the job.\n' "$marker" >"$body"
fi

comments=repos/$REPOSITORY/issues/$PULL_REQUEST/comments
# Only what a bot wrote: anybody can write the marker, and would keep the right to change the comment.
mine=".[] | select(.user.type == \"Bot\" and (.body | startswith(\"$marker\"))) | .id"
if ! found=$(gh api --paginate "$comments" --jq "$mine"); then
    printf '::warning title=Portbook::The comments of the pull request cannot be read; the text is in the summary of the job.\n'
    exit 0
fi
id=${found%%$'\n'*}
if [[ $id =~ ^[0-9]+$ ]]; then
    written=(--method PATCH "repos/$REPOSITORY/issues/comments/$id")
else
    written=(--method POST "$comments")
fi
if ! gh api --silent "${written[@]}" -F "body=@$body"; then
    printf '::warning title=Portbook::No comment could be written, as in pull requests from forks; the text is in the summary of the job.\n'
fi
