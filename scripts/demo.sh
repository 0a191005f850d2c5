#!/bin/sh
# The shipped campaign, as it looked on the second morning of January 2026: checked, drafted, one letter
# shown, the drafts listed. It sends nothing, and looks the same on any day.
set -eu
cd "$(dirname "$0")/.."

letter=${1:-fsfe}
unset OUTREACH_SECRETS
export OUTREACH_CAMPAIGN="$PWD" # named, so that it works in a checkout of another owner as well
export OUTREACH_NOW=2026-01-02T09:00:00+01:00

say() { printf '\n%s\n' "$*"; }

outreach() { # shown as a person would type it; 1 means "done, but something needs a human"
  printf '\n$ outreach %s\n' "$*"
  code=0
  .venv/bin/outreach "$@" || code=$?
  [ "$code" -le 1 ] || { say "The demo stops here: outreach $1 ended with exit code $code."; exit "$code"; }
}

say "1. Is anything wrong with the campaign's files?"
outreach check
if [ "$code" = 1 ]; then say "check found things to look at (exit code 1); the demo goes on."; fi

say "2. One personal draft per organisation."
outreach draft

say "3. One of the letters."
outreach draft --contact "$letter"

say "4. What lies in drafts/ now."
if [ -z "$(find drafts -name '*.eml' 2>/dev/null)" ]; then say "No letter was drafted, so the demo stops here."; exit 1; fi
find drafts -type f | LC_ALL=C sort | sed 's/^/  /'

say "5. The second week of January, rehearsed in a copy: the post went well, the letters are approved and leave."
here=$PWD
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
cp -R campaign.yaml contacts templates posts checklists materials notes "$copy"
sed 's/to: 2026-01-05/to: 2026-01-06/' posts/r-linux.md >"$copy/posts/r-linux.md"
export OUTREACH_CAMPAIGN="$copy"
export OUTREACH_NOW=2026-01-09T15:00:00+01:00
outreach log r-linux posted --at "2026-01-06 14:20" --url https://www.reddit.com/r/linux/comments/example upvotes=153
outreach decide reddit go
OUTREACH_NOW=2026-01-13T09:30:00+01:00
outreach test fsfe
outreach approve lobbying | tail -n 30
outreach send lobbying
outreach send lobbying --go
find "$copy/outbox" -name '*.eml' | LC_ALL=C sort | sed "s|$copy/|  |"
cd "$here"

cat <<'TXT'

Where to look next:
  drafts/letters/    every letter: the .md to read, the .eml to open in a mail program
  campaign.yaml      whom, with what, when; then contacts/, templates/ and posts/
  docs/format.md     how these files are written

Now approve a letter yourself, in the browser, in the same rehearsal (nothing can leave):
  OUTREACH_NOW=2026-01-02T09:00:00+01:00 .venv/bin/outreach dashboard
  Press "Review", read it, press a. The next one is j. Ctrl-C here ends it.

Change something in contacts/, then run `.venv/bin/outreach draft` again: only that letter changes.
TXT
