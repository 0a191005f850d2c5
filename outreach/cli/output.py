"""Printing: plain sentences for people, one JSON object for scripts."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterable
from typing import Any, TextIO

import typer

from outreach.model.problem import Level, Problem

_first: list[tuple[Callable[[], Iterable[str]], bool]] = []
"""What the next `say` says before anything else, and whether aside; at most one, of the command that runs."""


def announce(lines: Callable[[], Iterable[str]], *, aside: bool = False) -> None:
    """Say these lines before the first line of this command, if it says any; `aside`: on standard error."""
    _first[:] = [(lines, aside)]


def say(text: str = "") -> None:
    """A line for people, on standard output; a character it cannot show is written as `\\xe9`."""
    while _first:
        lines, aside = _first.pop()
        for line in lines():
            write_line(line, sys.stderr if aside else sys.stdout)
    write_line(text, sys.stdout)


def write_line(text: str, stream: TextIO) -> None:
    """One line on `stream`, whatever its encoding."""
    encoding = _encoding(stream)
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")


def print_object(value: dict[str, Any]) -> None:
    """The one JSON object of `--json`, on standard output; all ASCII where that cannot show it as it is."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    try:
        text.encode(_encoding(sys.stdout))
    except UnicodeEncodeError:
        text = json.dumps(value, indent=2)
    sys.stdout.write(f"{text}\n")


def _encoding(stream: TextIO) -> str:
    return getattr(stream, "encoding", None) or "utf-8"


def reader_width() -> int | None:
    """How many columns the terminal has that shows standard output; None for a pipe or a file."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def styled(text: str, **style: Any) -> str:
    """`text` in a colour on a terminal, plain elsewhere and under NO_COLOR."""
    plain = not sys.stdout.isatty() or os.environ.get("NO_COLOR")
    return text if plain else typer.style(text, **style)


def say_problems(problems: Iterable[Problem]) -> None:
    """Each Problem: where, what, and what would mend it."""
    colours = {Level.ERROR: "red", Level.WARNING: "yellow"}
    for problem in problems:
        level = styled(str(problem.level), fg=colours[problem.level], bold=True)
        say(f"{problem.file}:{problem.line}: {level}: {problem.message} [{problem.code}]")
        if problem.hint:
            say(f"    {problem.hint}")


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """`1 letter`, `3 letters`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def progress(total_noun: str) -> Callable[[int], None]:
    """A counter that a terminal shows and a pipe does not."""
    if not sys.stderr.isatty():
        return lambda done: None

    def show(done: int) -> None:
        if done % 100 == 0:
            sys.stderr.write(f"\r{done:,} {total_noun}")
            sys.stderr.flush()

    return show
