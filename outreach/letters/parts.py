"""One part of all letters of a skeleton: values are joined in, and only the lines that hold one are encoded again."""

from __future__ import annotations

from collections.abc import Sequence

from outreach.letters.markup import Piece, Slot, fill
from outreach.letters.mime import Printable, printable_lines


class Part:
    """A part in lines: those without a value are encoded once."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        lines: list[list[Piece]] = [[]]
        for piece in pieces:
            first, *others = piece.split("\n") if isinstance(piece, str) else [piece]
            lines[-1].append(first)
            lines += [[each] for each in others]
        self._steps: list[tuple[str, bytes, list[Piece]]] = []
        """The lines before one that holds values, as text and encoded; and that one."""
        between: list[str] = []
        for line in lines:
            if not any(isinstance(piece, Slot) for piece in line):
                between.append("".join(map(str, line)))
                continue
            text = "".join(f"{each}\n" for each in between)
            self._steps.append((f"\n{text}" if self._steps else text, printable_lines(between), line))
            between = []
        text = "\n".join(["", *between] if self._steps else between)
        last = between[:-1] if between and not between[-1] and len(lines) > 1 else between
        self._end = text, printable_lines(last)

    def filled(self, values: Sequence[str]) -> str:
        """The part with these values. Raises BadLink as `fill` does."""
        written, encoded = [], []
        for before, known, line in self._steps:
            words = fill(line, values)
            written += (before, words)
            encoded += (known, printable_lines(words.split("\n")))
        end, known = self._end
        text = "".join(written) + end
        if "\r" in text or (text[-1:] == "\n" and not end):  # other line ends are encoded as a whole
            return text
        return Printable.of(text, b"".join(encoded) + known)
