"""`outreach report` over a ledger of 200,000 events, against a tenth of it and against reading the events alone.

    python benchmarks/reporting.py [EVENTS]

Two thousand contacts with letters, answers and notes. Each report is a process of its own, so that its memory can be
read; ten times the events
should take about ten times as long. Memory grows with what is listed: every letter and answer has its line.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from outreach.ledger import open_ledger
from outreach.model.event import Event, EventKind

ROOT = Path(__file__).resolve().parent.parent
EVENTS = 200_000
CONTACTS = 2_000
KINDS = (EventKind.ACCEPTED, EventKind.ANSWERED, EventKind.CALL, EventKind.OTHER, EventKind.OUTCOME)


def campaign(folder: Path, events: int) -> None:
    """A campaign whose ledger holds so many events."""
    for name in ("contacts", "templates"):
        (folder / name).mkdir(parents=True)
    (folder / "campaign.yaml").write_text(
        "id: bench\ntitle: Bench\nsender: {name: Alex, email: alex@sender.example}\n"
        "waves: [{id: one, to: 'tier == 0', template: hello}]\n",
        encoding="utf-8",
    )
    rows = [f"c{n},Contact {n},{n % 3},info@c{n}.example" for n in range(CONTACTS)]
    (folder / "contacts" / "all.csv").write_text("\n".join(["id,name,tier,email", *rows]), encoding="utf-8")
    (folder / "templates" / "hello.md").write_text("---\nsubject: Hello\n---\nDear {{ contact.name }}\n", "utf-8")
    with open_ledger(folder) as ledger:
        for first in range(0, events, 5_000):
            ledger.append_all(event(number) for number in range(first, min(first + 5_000, events)))


def event(number: int) -> Event:
    kind = KINDS[number // CONTACTS % len(KINDS)]
    at = datetime(2026, 1, 13, tzinfo=UTC) + timedelta(seconds=number)
    letter = {"wave": "one", "step": number // CONTACTS // len(KINDS)} if kind is EventKind.ACCEPTED else {}
    value = "outbox" if letter else "supports"
    contact = f"c{number % CONTACTS}"
    return Event(kind=kind, at=at, recorded=at, by="bench", contact=contact, value=value, text="words " * 10, **letter)  # type: ignore[arg-type]


def report(folder: Path) -> tuple[float, int]:
    """Seconds, and the most memory in MB, of one `outreach report --out`."""
    began = time.perf_counter()
    words = ["report", "--out", str(folder / "report.html"), "--campaign", str(folder)]
    child = os.posix_spawn(
        sys.executable,
        [sys.executable, "-m", "outreach", *words],
        {**os.environ, "PYTHONPATH": str(ROOT)},
        file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)],
    )
    usage = os.wait4(child, 0)[2]
    return time.perf_counter() - began, usage.ru_maxrss // 1024


def reading(folder: Path) -> float:
    """Seconds to read all events and do nothing with them."""
    began = time.perf_counter()
    with open_ledger(folder) as ledger:
        for _ in ledger.stream():
            pass
    return time.perf_counter() - began


def main() -> None:
    events = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdecimal() else EVENTS
    os.environ.pop("OUTREACH_NOW", None)
    with tempfile.TemporaryDirectory() as name:
        small, whole = Path(name) / "small", Path(name) / "whole"
        campaign(small, events // 10)
        campaign(whole, events)
        a_tenth, its_memory = report(small)
        all_of_it, memory = report(whole)
        alone = reading(whole)
        size = (whole / "report.html").stat().st_size
    print(f"{events:,} events: {all_of_it:.1f} s, {all_of_it / a_tenth:.1f} times a tenth of them")
    print(f"that is {all_of_it / alone:.1f} times reading the events alone; the page has {size / 1e6:.1f} MB")
    print(f"memory: {memory} MB, for a tenth {its_memory} MB ({memory / its_memory:.1f} times)")


if __name__ == "__main__":
    main()
