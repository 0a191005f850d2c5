"""How far a long task is. A task reports; whoever started it may watch, as the command line does on a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Watcher = Callable[[str, int, int | None], None]
"""Gets what is counted ("emails"), how many are done, and of how many (None: nobody knows)."""

_watcher: ContextVar[Watcher | None] = ContextVar("watcher", default=None)


@contextmanager
def watched_by(watcher: Watcher) -> Iterator[None]:
    """Let `watcher` know what is reported in this block."""
    token = _watcher.set(watcher)
    try:
        yield
    finally:
        _watcher.reset(token)


def report(noun: str, done: int, total: int | None = None) -> None:
    """`done` of `total` are done. Costs nothing where nobody watches."""
    watcher = _watcher.get()
    if watcher is not None:
        watcher(noun, done, total)
