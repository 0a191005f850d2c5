"""The class of all of them, and the exit codes."""

from __future__ import annotations

DONE = 0
NEEDS_A_HUMAN = 1
NOTHING_DONE = 2
FAULT_OF_OURS = 70
"""EX_SOFTWARE of sysexits.h, so that a crash of ours is never taken for "needs a human"."""


BEYOND_REACH = (MemoryError, OverflowError, RecursionError)
"""What Python raises where something is too deep or too large for it. Bounds come first, so that nothing gets that
far; whoever reads one file or makes one letter catches it all the same, so that it stops that file or letter only."""


class OutreachError(Exception):
    """Something the campaigner can fix.

    `str(error)` is one sentence; `hint` says what would fix it ("" when nothing would).
    """

    exit_code = NOTHING_DONE

    def __init__(self, sentence: str, *, hint: str = "") -> None:
        super().__init__(sentence)
        self.hint = hint

    @property
    def in_full(self) -> str:
        """The sentence, and what would fix it."""
        return f"{self} {self.hint}".rstrip()
