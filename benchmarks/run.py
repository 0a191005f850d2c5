"""Every benchmark, one after another: `make bench`. Read the ratios, never the absolute times.

`python benchmarks/run.py drafting sending` runs those. What lacks a server (Dovecot, `smtp-sink`) is left out.
"""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> None:
    wanted, sys.argv[1:] = sys.argv[1:], []
    for path in sorted(HERE.glob("[a-z]*.py")):
        if path.name != Path(__file__).name and (not wanted or path.stem in wanted):
            print(f"\n== {path.name}", flush=True)
            try:
                runpy.run_path(str(path), run_name="__main__")
            except (OSError, SystemExit) as missing:
                print(f"left out: {missing}")


if __name__ == "__main__":
    main()
