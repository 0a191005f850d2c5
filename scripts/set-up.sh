#!/bin/sh
# Makes .venv with exactly the locked packages and this checkout in it: `set-up.sh run` for the commands
# alone, `set-up.sh all` for tests and checks as well. `set-up.sh newest` makes .venv-newest for the tests, with the
# newest packages that pyproject.toml allows. Does nothing where nothing has changed: the stamp in the environment
# remembers the Python, the place, the locks and pyproject.toml it was made from.
set -eu
cd "$(dirname "$0")/.."

what=${1:-all}
case $what in
  run) venv=.venv lock=requirements-run.lock ;;
  all) venv=.venv lock=requirements.lock ;;
  newest) venv=.venv-newest lock=newest.lock ;;
  *) echo "set-up.sh knows 'run', 'all' and 'newest', not '$what'. Use make demo, make test or make lint." >&2; exit 2 ;;
esac
python=$venv/bin/python
stamp=$venv/made-for
log=$venv.log

say() { printf '%s\n' "$*" >&2; }

stop() { say "$1"; say "$2"; exit 2; }

find_python() { # sets `base`; a name may exist and still not run (a pyenv shim), so each is asked
  for base in "${PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11 python; do
    [ -n "$base" ] && "$base" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && return
  done
  stop "outreach needs Python 3.11 or newer, and none was found." \
    "Install it, or name it: make PYTHON=path/to/python3 ..."
}

fingerprint() { # of everything an environment depends on; the place too, since its scripts name it
  "$base" -c 'import sys; print(sys.version, sys.base_prefix)'
  pwd
  cksum pyproject.toml *.lock
}

quietly() { # runs a command, and shows the end of what it said only if it failed
  "$@" >>"$log" 2>&1
}

can_install_debian_packages() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }

install_debian_venv() { # Debian ships Python without the part that makes environments
  can_install_debian_packages || return 1
  say "Installing Debian's $1 ..."
  export DEBIAN_FRONTEND=noninteractive
  quietly apt-get install -y -q "$1" || { quietly apt-get update -q && quietly apt-get install -y -q "$1"; }
}

make_environment() { # the ways to one, the plainest first; each starts from nothing
  version=$("$base" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
  rm -rf $venv && quietly "$base" -m venv $venv && return
  rm -rf $venv && quietly "$base" -m virtualenv $venv && return
  rm -rf $venv && command -v virtualenv >/dev/null 2>&1 && quietly virtualenv -p "$base" $venv && return
  rm -rf $venv && command -v uv >/dev/null 2>&1 && quietly uv venv --seed --python "$base" $venv && return
  rm -rf $venv && install_debian_venv "python$version-venv" && quietly "$base" -m venv $venv && return
  rm -rf $venv && quietly "$base" -m venv --without-pip $venv &&
    quietly "$base" -m pip --python "$python" install pip && return
  rm -rf $venv
  stop "This Python ($version) cannot make a virtual environment: its venv part is missing." \
    "Install it (on Debian and Ubuntu: sudo apt install python3-venv), then run the same command again."
}

install() {
  say "Installing the locked packages ..."
  # The lock is complete, so nothing is resolved again: pip 23.2 would look at a package asked for with an
  # extra (`coverage[toml]`) anew, take a release younger than the lock, and stop for want of its hash.
  quietly "$python" -m pip install --no-deps --require-hashes -r "$lock" || failed
  say "Installing outreach ..."
  quietly "$python" -m pip install --no-deps --no-build-isolation --no-index -e . || failed
}

failed() {
  tail -n 15 "$log" >&2
  stop "The installation failed; what pip said stands above, and whole in $log." \
    "Is the package registry within reach? Then run the same command again."
}

find_python
wanted=$(fingerprint)
made_for=$(cat "$stamp" 2>/dev/null || true)
# An environment with everything serves whoever needs less.
[ "$made_for" = "all
$wanted" ] && exit 0
[ "$made_for" = "$what
$wanted" ] && exit 0

: >"$log"
# The packages of `run` are among those of `all`: only then is an environment built upon.
if [ "$made_for" != "run
$wanted" ] || ! "$python" -m pip --version >/dev/null 2>&1; then
  say "Making $venv with $("$base" --version) ..."
  make_environment
fi
rm -f "$stamp"
install
printf '%s\n%s\n' "$what" "$wanted" >"$stamp"
rm -f "$log"
