"""Lines that fit the reader's terminal: wrapped with a hanging indent, and tables whose columns keep step.

`width` is the terminal's, in columns; None if nobody reads along (a pipe, a file), and nothing is wrapped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap

LEAST = 30
"""So many columns a sentence needs beside a table; with fewer it is on lines of its own."""


def hanging(text: str, width: int | None, *, first: str = "", rest: str = "") -> Iterator[str]:
    """`text` behind `first`, and what does not fit into the line behind `rest`."""
    if width is None or len(first) + len(text) <= width:
        yield f"{first}{text}".rstrip()
        return
    room = max(width, len(rest) + LEAST // 2)
    yield from wrap(
        text, room, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )


def table(rows: Sequence[Sequence[str]], width: int | None, *, indent: str = "  ") -> Iterator[str]:
    """The rows with all columns but the last as wide as their widest cell; the last one is a sentence."""
    if not rows:
        return
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    taken = len(indent) + sum(each + 2 for each in widths if each)
    for *cells, sentence in rows:
        padded = (f"{cell:<{each}}  " for cell, each in zip(cells, widths, strict=True) if each)
        first = indent + "".join(padded)
        if width is None or taken + min(LEAST, len(sentence)) <= width:
            yield from hanging(sentence, width, first=first, rest=" " * taken)
            continue
        yield first.rstrip()
        if sentence:
            yield from hanging(sentence, width, first=f"{indent}    ", rest=f"{indent}    ")
