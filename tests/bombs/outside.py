"""Runs bombs through the real command line as processes of their own, and measures them from outside.

    .venv/bin/python -m tests.bombs.outside [--count 500] [--only WORD] [--commands check,draft,agenda] [--jobs 2]

Prints what took more than 2 s of the processor or 300 MB, or ended with an exit code that is not 0, 1 or 2, and
the largest of each. It is run by hand: seconds are no property of a program that a test could ask for.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.bombs import BASE, Bomb, bombs, some

SECONDS, MEGABYTES = 2.0, 300
_GIVEN_SECONDS, _GIVEN_BYTES = 30, 4_000_000_000


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One command over one bomb: seconds of the processor, megabytes resident at most, exit code, what it said."""

    bomb: Bomb
    command: str
    seconds: float
    megabytes: float
    code: int
    said: str

    @property
    def holds(self) -> bool:
        return self.seconds <= SECONDS and self.megabytes <= MEGABYTES and self.code in (0, 1, 2)

    def __str__(self) -> str:
        return f"{self.seconds:6.2f} s {self.megabytes:5.0f} MB  exit {self.code:3}  {self.command:6} {self.bomb}"


def run(bomb: Bomb, commands: Sequence[str]) -> list[Measured]:
    """What each command does with the bomb, in a folder of its own."""
    with tempfile.TemporaryDirectory() as place:
        write(bomb, Path(place))
        return [_measured(bomb, command, place) for command in commands]


def write(bomb: Bomb, folder: Path) -> None:
    for name, text in bomb.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _measured(bomb: Bomb, command: str, place: str) -> Measured:
    surroundings = {
        "OUTREACH_NOW": "2026-01-05T09:00:00+01:00",
        "NO_COLOR": "1",
        "HOME": place,
        "PYTHONPATH": str(Path.cwd()),
    }
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "outreach", command, "--campaign", place],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            env={**os.environ, **surroundings},
            preexec_fn=_limited,
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        text = said.read(2000).decode("utf-8", "replace")
    return Measured(
        bomb=bomb,
        command=command,
        seconds=used.ru_utime + used.ru_stime,
        megabytes=used.ru_maxrss / 1000,
        code=process.returncode,
        said=text,
    )


def _limited() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (_GIVEN_SECONDS, _GIVEN_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (_GIVEN_BYTES, _GIVEN_BYTES))


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--count", type=int, default=500, help="how many bombs of all (0: all)")
    options.add_argument("--only", default="", help="a word of their kind or name")
    options.add_argument("--commands", default="check,draft,agenda")
    options.add_argument("--jobs", type=int, default=2)
    options.add_argument("--seed", type=int, default=15)
    asked = options.parse_args()
    commands = asked.commands.split(",")
    chosen = some(asked.count, asked.seed) if asked.count and not asked.only else bombs(asked.seed)
    chosen = [bomb for bomb in chosen if asked.only in str(bomb)]
    found: list[Measured] = []
    with ThreadPoolExecutor(asked.jobs) as pool:
        for measured in pool.map(lambda bomb: run(bomb, commands), chosen):
            found += measured
            for each in measured:
                if not each.holds:
                    print(each, each.said[:400], sep="\n", flush=True)
    idle = run(Bomb(kind="nothing", name="the campaign itself", files=BASE), commands)
    beyond = sum(not each.holds for each in found)
    print(
        f"{len(chosen)} bombs, {len(found)} runs, {beyond} beyond {SECONDS:.0f} s, {MEGABYTES} MB or exit codes 0, 1, 2"
    )
    print("slowest:", *sorted(found, key=lambda each: -each.seconds)[:8], sep="\n  ")
    print("largest:", *sorted(found, key=lambda each: -each.megabytes)[:4], sep="\n  ")
    print("without a bomb:", *idle, sep="\n  ")
    return 1 if beyond else 0


if __name__ == "__main__":
    sys.exit(main())
