"""Printing: plain sentences for people, one JSON object for scripts."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from time import monotonic

from outreach.cli.terminal import can_show, redraw, styled, write, write_line
from outreach.model.problem import Level, Problem
from outreach.words.visible import visible_in_json

MOST_LINES = 40
"""So many lines of a list fit on two screens."""
SHOWN_AFTER, DRAWN_EVERY = 2.0, 0.2
"""Seconds: what is shorter needs no progress, and no eye reads faster."""
AT_ONCE = 1_000
"""Entries of a list that become text together."""
_first: list[tuple[Callable[[], Iterable[str]], bool]] = []
"""What the next `say` says before anything else, and whether aside; at most one, of the command that runs."""


def announce(lines: Callable[[], Iterable[str]], *, aside: bool = False) -> None:
    """Say these lines before the first line of this command, if it says any; `aside`: on standard error."""
    _first[:] = [(lines, aside)]


def say(*parts: str) -> None:
    """A line for people, on standard output."""
    while _first:
        lines, aside = _first.pop()
        for line in lines():
            write_line(line, aside=aside)
    write_line(*parts)


def say_new_name(old: str, new: str) -> None:
    """Say, aside, that a word of the command line has a better one; the old one does the same."""
    write_line(f'"{old}" is now "{new}". The old name still works.', aside=True)


def print_object(value: Mapping[str, object]) -> None:
    """The one JSON object of `--json`, on standard output; in ASCII where that cannot show it as it is.

    Of a hundred thousand entries nobody can hold the text: a long list is written a thousand at a time.
    """
    write("{")
    for number, (key, each) in enumerate(value.items()):
        write("," if number else "")
        for piece in _pieces(key, each):
            write(piece)
    write_line("\n}" if value else "}")


def _pieces(key: str, value: object) -> Iterator[str]:
    """The lines that `json.dumps` writes with an indent of 2 for one key of an object."""
    entries = iter(value) if isinstance(value, list | Iterator) else iter(())
    some = list(islice(entries, AT_ONCE))
    if not some:
        yield _json({key: value if not isinstance(value, Iterator) else []})[1:-2]
        return
    opening, closing = _json({key: [0]})[1:-2].split("\n    0")
    yield opening
    begun = ""
    while some:
        yield begun + (_flat(some) or _entries(_json({"": some})[1:-2].removesuffix(closing)))
        begun, some = ",", list(islice(entries, AT_ONCE))
    yield closing


def _entries(text: str) -> str:
    """The lines behind the first one, that of the key, which may be in ASCII where they are not."""
    return text[text.index("\n", 1) :]


def _flat(entries: Sequence[object]) -> str:
    """The same lines of entries that are objects without lists or objects in them; "" of others.

    With an indent, Python's encoder is one in Python, which takes five times as long; a separator may be anything.
    """
    if not all(isinstance(each, dict) and each for each in entries):
        return ""
    kinds = {kind for each in entries if isinstance(each, dict) for kind in map(type, each.values())}
    if not all(issubclass(kind, str | int | float | None) for kind in kinds):
        return ""
    text = json.dumps(entries, ensure_ascii=False, separators=(",\n      ", ": "))[2:-2]
    text = text.replace("},\n      {", "\n    },\n    {\n      ")  # no text in JSON holds a line break
    text = visible_in_json(f"\n    {{\n      {text}\n    }}")
    return text if can_show(text) else ""


def _json(value: Mapping[str, object]) -> str:
    text = visible_in_json(json.dumps(value, ensure_ascii=False, indent=2))
    return text if can_show(text) else json.dumps(value, indent=2)


def reader_width() -> int | None:
    """How many columns the terminal has that shows standard output; None for a pipe or a file."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def say_some(lines: Sequence[str], rest: str, *, most: int | None = MOST_LINES) -> None:
    """At most so many lines, then how many more there are and where they are: `rest`. `most` None: all."""
    shown = lines if most is None or len(lines) <= most else lines[:most]
    for line in shown:
        say(line)
    if len(shown) < len(lines):
        say(f"  ... and {len(lines) - len(shown):,} more: {rest}")


def most_lines(*, everything: bool) -> int | None:
    """How many lines of a list a person sees: a pipe or a file gets all, and so does a terminal that asked for them."""
    return None if everything or not sys.stdout.isatty() else MOST_LINES


def say_problems(problems: Iterable[Problem]) -> None:
    """Each Problem: where, what, and what would fix it."""
    colours = {Level.ERROR: "red", Level.WARNING: "yellow"}
    for problem in problems:
        level = styled(str(problem.level), fg=colours[problem.level], bold=True)
        say(f"{problem.file}:{problem.line}: ", level, f": {problem.message} [{problem.code}]")
        if problem.hint:
            say(f"    {problem.hint}")


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """`1 letter`, `3 letters`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


@contextmanager
def showing_progress() -> Iterator[None]:
    """On a terminal: how far a task is and how long it still takes, once it has run for two seconds."""
    if not sys.stderr.isatty():
        yield
        return
    from outreach.tasks.progress import watched_by

    began: dict[str, float] = {}
    drawn = 0.0

    def show(noun: str, done: int, total: int | None) -> None:
        nonlocal drawn
        now = monotonic()
        seconds = now - began.setdefault(noun, now)
        if seconds >= SHOWN_AFTER and now - drawn >= DRAWN_EVERY:
            drawn = now
            redraw(how_far(noun, done, total, seconds))

    with watched_by(show):
        try:
            yield
        finally:
            if drawn:
                redraw("")


def how_far(noun: str, done: int, total: int | None, seconds: float) -> str:
    """`1,200 of 10,000 emails, about 40 s left`, after `seconds` of work."""
    if total is None or done >= total:
        return f"{done:,} {noun}"
    left = (total - done) * seconds / max(done, 1)
    return f"{done:,} of {total:,} {noun}, about {f'{left / 60:.0f} min' if left >= 90 else f'{left:.0f} s'} left"
