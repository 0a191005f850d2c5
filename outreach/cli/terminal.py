"""The only way to the terminal: every text is made visible first (`words/visible`), whoever prints it.

`guarded` puts a `Terminal` in the place of both standard streams, so that what libraries print (usage errors,
warnings, logs, tracebacks) goes the same way. Colours and the line that a progress bar draws over are ours: they are
`TerminalText`, made here and nowhere else. In an f-string that is plain text again, and its codes become visible.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterable, Iterator
from typing import Any, TextIO, cast

import typer

from outreach.words.visible import visible

_CLEAR_LINE = "\r\x1b[K"


class TerminalText(str):
    """Text that was made visible, with colours of ours."""

    __slots__ = ()


class Terminal:
    """A standard stream that shows every character that it is given, in whatever encoding it has."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write `text`, made visible unless it is `TerminalText`; what the encoding lacks is written as `\\xe9`."""
        shown = text if isinstance(text, TerminalText) else visible(text)
        encoding = _encoding(self._stream)
        self._stream.write(shown.encode(encoding, "backslashreplace").decode(encoding))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Write them one after another."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        if name in ("buffer", "detach"):  # ways around `write`, which Typer takes where the encoding is ASCII
            raise AttributeError(name)
        return getattr(self._stream, name)


@contextlib.contextmanager
def guarded() -> Iterator[None]:
    """Within it everything that is printed in this process is made visible."""
    with (
        contextlib.redirect_stdout(cast(TextIO, _terminal(sys.stdout))),
        contextlib.redirect_stderr(cast(TextIO, _terminal(sys.stderr))),
    ):
        yield


def _terminal(stream: TextIO) -> Terminal:
    return stream if isinstance(stream, Terminal) else Terminal(stream)


def styled(text: str, **style: Any) -> TerminalText:
    """`text`, visible, in a colour on a terminal, plain elsewhere and under NO_COLOR. Say it as a part of its own."""
    plain = not sys.stdout.isatty() or os.environ.get("NO_COLOR")
    return TerminalText(visible(text) if plain else typer.style(visible(text), **style))


def write_line(*parts: str, aside: bool = False) -> None:
    """One line of these parts, on standard output or, `aside`, on standard error."""
    write(*parts, TerminalText("\n"), aside=aside)


def write(*parts: str, aside: bool = False) -> None:
    """These parts, on standard output or, `aside`, on standard error; no line end follows."""
    shown = "".join(part if isinstance(part, TerminalText) else visible(part) for part in parts)
    _terminal(sys.stderr if aside else sys.stdout).write(TerminalText(shown))


def can_show(text: str) -> bool:
    """Whether standard output has every character of `text`."""
    try:
        text.encode(_encoding(sys.stdout))
    except UnicodeEncodeError:
        return False
    return True


def _encoding(stream: TextIO) -> str:
    return getattr(stream, "encoding", None) or "utf-8"


def redraw(text: str) -> None:
    """`text` in the place of the line that standard error is at; only for a terminal."""
    _terminal(sys.stderr).write(TerminalText(f"{_CLEAR_LINE}{visible(text)}"))
    sys.stderr.flush()


def page(text: str) -> None:
    """`text` in the person's pager ($PAGER); as it is where no terminal would show it, or NO_PAGER is set."""
    import pydoc

    if os.environ.get("NO_PAGER") or not sys.stdout.isatty():
        write_line(text)
    else:
        pydoc.pager(visible(text))


def agrees(question: str, *, aside: bool = False) -> bool:
    """Whether the person at the keyboard says yes; `aside`: asked on standard error."""
    return typer.confirm(visible(question), err=aside)


def asked(question: str, *, hidden: bool = False, may_be_empty: bool = False) -> str:
    """What the person at the keyboard types."""
    default = "" if may_be_empty else None
    return str(typer.prompt(visible(question), default=default, show_default=False, hide_input=hidden))


def pressed(question: str, keys: str) -> str | None:
    """One of these keys, in small letters; without a terminal the first letter of a line. None at the end of input."""
    while True:
        write_line(question)
        try:
            key = typer.getchar() if sys.stdin.isatty() else (sys.stdin.readline()[:1] or None)
        except (EOFError, KeyboardInterrupt):
            return None
        if key is None or key in ("\x03", "\x04"):
            return None
        if key.lower() in keys:
            return key.lower()
