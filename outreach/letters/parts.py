"""One part of all letters of a skeleton: values are joined in, and only the lines that hold one are encoded again."""

from __future__ import annotations

from collections.abc import Sequence

from outreach.letters.markup import Piece, Slot, writer_of
from outreach.letters.mime import Printable, printable_line


class Part:
    """A part as Python's `%` fills it: whole, and line by line, where those without a value are encoded already."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._slots = [(writer_of(each.context), each.number) for each in pieces if isinstance(each, Slot)]
        self._text = "".join(["%s" if isinstance(each, Slot) else each.replace("%", "%%") for each in pieces])
        self._lines: list[tuple[bytes, str, slice]] = []
        """The lines before one that holds values, encoded; that one, and which of the values are its own."""
        between: list[str] = []
        first = 0
        lines = self._text.split("\n")
        for line in lines:
            holds = line.replace("%%", "").count("%s")
            if holds:
                self._lines.append((_printable(between), line, slice(first, first + holds)))
                between, first = [], first + holds
            else:
                between.append(line.replace("%%", "%"))
        self._ends_in_value = not between
        self._end = _printable(between[:-1] if between[-1:] == [""] and len(lines) > 1 else between)

    def filled(self, values: Sequence[str]) -> str:
        """The part with these values. Raises BadLink as `fill` does."""
        written = tuple([write(values[number], number) for write, number in self._slots])
        text = self._text % written
        if "\r" in text or (self._ends_in_value and text.endswith("\n")):  # not made of these lines
            return text
        encoded: list[bytes] = []
        try:
            for before, line, own in self._lines:
                words = line % written[own]
                encoded += (before, _printable(words.split("\n")) if "\n" in words else printable_line(words))
        except UnicodeEncodeError:  # half a character, which is refused later
            return text
        return Printable.of(text, b"".join(encoded) + self._end)


def _printable(lines: list[str]) -> bytes:
    return b"".join(map(printable_line, lines))
