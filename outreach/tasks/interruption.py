"""Ctrl-C and SIGTERM: finish the current email or post, then end the run and say what remains."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Interruption:
    """Whether somebody asked the run to stop, and a sleep that ends when they do."""

    def __init__(self) -> None:
        self._asked = threading.Event()

    @property
    def asked(self) -> bool:
        """Whether somebody asked."""
        return self._asked.is_set()

    def ask(self) -> None:
        """Ask the run to stop."""
        self._asked.set()

    def sleep(self, seconds: float) -> bool:
        """Sleep, unless somebody asks to stop; whether the time has passed."""
        return not self._asked.wait(seconds)


@contextmanager
def interruptible(given: Interruption | None = None) -> Iterator[Interruption]:
    """Turn the first Ctrl-C or SIGTERM into a wish; the second one ends the process as always.

    `given` is one on which somebody else may ask as well.
    """
    interruption = given or Interruption()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def wish(number: int, frame: FrameType | None) -> None:
        if interruption.asked:
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
        interruption.ask()

    if threading.current_thread() is not threading.main_thread():
        yield interruption  # only the main thread may say what becomes of signals
        return
    try:
        for number in before:
            signal.signal(number, wish)
        yield interruption
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
