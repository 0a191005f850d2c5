# `make demo` and `make test` set everything up by themselves, in .venv, from the locks.
.DEFAULT_GOAL := help
.PHONY: help demo screenshots test test-newest torture lint check docs reference release format lock brief schemas bench clean set-up set-up-run apt-packages
MAKEFLAGS += --no-print-directory

python := .venv/bin/python
# Two processes per core, since tests of servers and browsers wait half of their time; each file in one of them, in the
# order of their names: a short file with few slow tests would come last by the number of its tests, and all would wait.
side_by_side := --numprocesses=$(shell python3 -c 'import os; print(2 * len(os.sched_getaffinity(0)))' 2>/dev/null || echo 2) \
  --dist=loadfile --no-loadscope-reorder
SCHEMAS := campaign contacts templates posts lookups
export PYTHON

help:
	@echo "make demo     the shipped campaign: checked, drafted, shown (sends nothing)"
	@echo "make test     all tests; COVERAGE=1 measures which branches they reach"
	@echo "make test-newest  the tests without the browser, on newest.lock; COVERAGE=1 as well"
	@echo "make torture  sending and publishing, killed at two thousand moments"
	@echo "make lint     ruff, mypy and the import map"
	@echo "make check    test and lint"
	@echo "make docs     the manual as a site, in build/manual"
	@echo "make reference  docs/commands.md and docs/json.md, from the program"
	@echo "make release  dist/: wheel and sdist, built twice and compared, and their SBOM"
	@echo "make format   ruff's formatter and its safe fixes"
	@echo "make brief    materials/policy-brief.pdf from its Markdown"
	@echo "make screenshots  docs/images/*.png, with Debian's Chromium"
	@echo "make schemas  schemas/*.json for editors"
	@echo "make lock     the lock files, from pyproject.toml"
	@echo "make bench    the speed of the main jobs"
	@echo "make clean    removes everything made here but campaigns' records"

set-up:
	@scripts/set-up.sh all

set-up-run:
	@scripts/set-up.sh run

demo: set-up-run
	@scripts/demo.sh

test: set-up apt-packages
	scripts/in-memory.sh $(python) -m pytest $(side_by_side) $(if $(COVERAGE),--cov=outreach)

# The same tests on the newest packages that pyproject.toml allows, with few examples of each property: what a release of
# theirs breaks shows in the first. The pages are looked at in `make test`.
test-newest: apt-packages
	@scripts/set-up.sh newest
	HYPOTHESIS_PROFILE=few OUTREACH_KILLS=20 scripts/in-memory.sh .venv-newest/bin/python -m pytest $(side_by_side) \
	  --ignore=tests/browser $(if $(COVERAGE),--cov=outreach)

torture: set-up
	OUTREACH_KILLS=1000 OUTREACH_KILLS_OF_POSTS=50 OUTREACH_KILLS_SHARED=100 OUTREACH_HISTORIES=1000 OUTREACH_PATIENCE=5 \
	  $(python) -m pytest tests/sending/test_kills.py tests/publishing/test_kills.py tests/ledger/test_port.py
	OUTREACH_WORKED_LETTERS=10000 OUTREACH_RESTARTS=5 OUTREACH_CUTS=5 $(python) -m pytest -s tests/sending/test_workers.py -k killed

lint: set-up
	$(python) -m ruff check .
	$(python) -m mypy
	.venv/bin/lint-imports --no-cache --no-logo

check: test lint

# Strict: a dead link or a page without a place in mkdocs.yml fails. Nothing is fetched, by the build or by the pages.
docs: set-up
	NO_MKDOCS_2_WARNING=1 $(python) -m mkdocs build --quiet --strict
	@echo "The manual is in build/manual: open build/manual/index.html"

release: set-up
	PYTHONPATH=. $(python) scripts/release.py

reference: set-up
	PYTHONPATH=. $(python) scripts/reference.py

format: set-up
	$(python) -m ruff format .
	$(python) -m ruff check --fix .

lock: set-up
	scripts/lock.sh

brief: set-up
	$(python) materials/build_brief.py

schemas: set-up
	@mkdir -p schemas
	@for kind in $(SCHEMAS); do \
	  .venv/bin/outreach schema $$kind >schemas/$$kind.schema.json || exit; echo schemas/$$kind.schema.json; done

screenshots: set-up apt-packages
	$(python) scripts/screenshots.py

bench: set-up
	$(python) benchmarks/run.py

# What the tests need from Debian stands in tests/apt-packages.txt, and nowhere else.
apt-packages:
	@missing=$$(grep -v '^#' tests/apt-packages.txt | while read -r name; do \
	  dpkg -s "$$name" >/dev/null 2>&1 || echo "$$name"; done); \
	[ -z "$$missing" ] || [ "$$(id -u)" != 0 ] || ! command -v apt-get >/dev/null || { \
	  echo "Installing Debian's" $$missing "..."; \
	  apt-get update -qq >/dev/null || true; \
	  for name in $$missing; do RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -yqq "$$name" >/dev/null || \
	    echo "$$name cannot be installed; tests that need it say so."; done; }

clean:
	rm -rf .venv .venv-newest .node .venv.log .venv-newest.log build dist drafts .coverage .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find outreach tests -name __pycache__ -type d -prune -exec rm -rf {} +
