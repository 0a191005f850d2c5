"""Every benchmark, one after another: `make bench`. Read the ratios, never the absolute times."""

from __future__ import annotations

import runpy
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> None:
    for path in sorted(HERE.glob("*.py")):
        if path.name != Path(__file__).name:
            print(f"\n== {path.name}")
            runpy.run_path(str(path), run_name="__main__")


if __name__ == "__main__":
    main()
