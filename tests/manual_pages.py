"""Follows a page of the manual as a reader would: writes the files that it shows, and runs its commands.

A block whose info string has `title="PATH"` is that file. A block `console` is a transcript, in which a line `...` is
any number of lines. `python -m tests.manual_pages docs/PAGE.md` writes today's output into the transcripts of a page.
"""

from __future__ import annotations

import os
import re
import shlex
import sys
import tempfile
from pathlib import Path

from tests.acceptance.command import outreach

NOW = "2026-02-03T10:00:00+01:00"
"""A Tuesday morning in Brussels, so that what a page prints is the same on every day."""
_BLOCK = re.compile(r'^```(\w+)?(?: title="([^"]+)")?\n(.*?)^```$', re.MULTILINE | re.DOTALL)


def followed(page: str, folder: Path) -> str:
    """The page with the output that its commands print now, run in `folder`, which becomes the working directory."""
    os.chdir(folder)

    def follow(block: re.Match[str]) -> str:
        kind, title, text = block.groups()
        if title:
            Path(title).parent.mkdir(parents=True, exist_ok=True)
            Path(title).write_text(text, encoding="utf-8")
        elif kind == "console":
            text = "\n".join(_ran(each) for each in re.split(r"\n*(?=^\$ )", text, flags=re.MULTILINE) if each.strip())
        return block.group(0).replace(block.group(3), text) if kind == "console" else block.group(0)

    return _BLOCK.sub(follow, page)


def _ran(shown: str) -> str:
    """One command with its output; as it was shown, where that is what it prints now."""
    line, _, before = shown.partition("\n")
    words = shlex.split(line.removeprefix("$ "))
    if words[0] in ("cd", "export"):
        if words[0] == "cd":
            os.chdir(words[1])
        else:
            os.environ.update(dict([words[1].split("=", 1)]))
        return f"{line}\n"
    assert words[0] == "outreach", f"a page shows a command that is not outreach: {line}"
    answer = outreach(*words[1:])
    printed = [each.rstrip() for each in (answer.out + answer.err).splitlines()]
    lines = before.rstrip().splitlines()
    pattern = ".*".join(re.escape(part) for part in "".join(f"\n{each}" for each in lines).split("\n..."))
    if re.fullmatch(pattern, "".join(f"\n{each}" for each in printed), re.DOTALL):
        return shown.rstrip() + "\n"
    if "..." in lines:  # shortened as before: as many lines at the beginning and at the end
        tail = lines[::-1].index("...")
        printed = [*printed[: lines.index("...")], "...", *printed[len(printed) - tail :]]
    return "\n".join([line, *printed]) + "\n"


if __name__ == "__main__":
    os.environ["OUTREACH_NOW"] = NOW
    for file in [Path(name).resolve() for name in sys.argv[1:]]:
        file.write_text(followed(file.read_text("utf-8"), Path(tempfile.mkdtemp())), encoding="utf-8")
