"""`outreach draft` of a whole campaign, beside mailmerge and beside the bare limit, in turns, in fresh folders.

    python benchmarks/drafting.py [CONTACTS ...]

One Markdown template, text and HTML. mailmerge makes the same letters and prints them to nothing; the limit reads the
CSV, renders one Jinja2 template for each row and writes one file for each.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from _peers import Took, bare_process, in_turns, mailmerge, outreach, process, ratio, write_both

SIZES = (2_000, 10_000)
ROUNDS = 3


def fresh(folder: Path) -> Took:
    """`draft` where nothing was drafted or kept."""
    for name in ("drafts", ".outreach"):
        shutil.rmtree(folder / "ours" / name, ignore_errors=True)
    return outreach(folder / "ours", "draft")


def main() -> None:
    merge = [mailmerge(), "--dry-run", "--no-limit", "--output-format", "raw"]
    for size in [int(word) for word in sys.argv[1:] if word.isdecimal()] or SIZES:
        with tempfile.TemporaryDirectory() as name, tempfile.TemporaryDirectory() as other:
            folder, with_pdf = Path(name), Path(other)
            write_both(folder, size)
            write_both(with_pdf, size, pdf=True)
            took = in_turns(
                ROUNDS,
                mailmerge=lambda folder=folder: process(merge, cwd=folder / "mm"),  # type: ignore[misc]
                ours=lambda folder=folder: fresh(folder),  # type: ignore[misc]
                bare=lambda folder=folder: bare_process(folder),  # type: ignore[misc]
                pdf=lambda folder=with_pdf: fresh(folder),  # type: ignore[misc]
                again=lambda folder=folder: outreach(folder / "ours", "draft"),  # type: ignore[misc]
            )
        print(f"{size:,} contacts: mailmerge takes {ratio(took['mailmerge'], took['ours'])} times as long")
        print(f"  the bare limit takes {ratio(took['bare'], took['ours'])} of the time")
        print(f"  with the PDF {ratio(took['pdf'], took['ours'])}, a second time {ratio(took['again'], took['ours'])}")
        print(f"  {max(each.memory for each in took['ours'])} MB")


if __name__ == "__main__":
    main()
