#!/bin/sh
# Makes the locks again from pyproject.toml. All hold hashes for every system, but no host and no path.
#   requirements.lock      everything; pinned versions stay where they still fit (`--upgrade` takes the newest)
#   requirements-run.lock  what the commands alone need, at the same versions
#   newest.lock            for `make test-newest`: everything at the newest versions that pyproject.toml allows, so that
#                          a release that breaks us is seen before a person installs it
# Each holds the build backend, so that installing outreach itself needs nothing more.
set -eu
cd "$(dirname "$0")/.."

if command -v uv >/dev/null 2>&1; then
  uv=uv
else
  uv=.venv/bin/uv
  [ -x "$uv" ] || .venv/bin/python -m pip install --quiet "uv>=0.9,<1"
fi

backend=$(mktemp)
trap 'rm -f "$backend"' EXIT
.venv/bin/python -c '
import tomllib
print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")' >"$backend"

lock() { # lock FILE UV-OPTIONS...
  file=$1
  shift
  "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
    --no-emit-find-links --no-header --no-annotate --output-file "$file" "$@" pyproject.toml "$backend"
}

lock requirements.lock --all-extras "$@"
lock requirements-run.lock --constraint requirements.lock "$@"
lock newest.lock --extra test --extra oauth --extra team --upgrade
