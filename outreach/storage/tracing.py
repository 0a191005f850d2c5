"""What a folder answered while something was read from it, so that it can be asked later whether all is as it was.

As build systems do (redo, Shake): not which files could matter is kept, but which questions were asked, and what was
said: a file's digest, the names in a folder, or why something cannot be read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

Answers = Mapping[tuple[str, str, tuple[object, ...]], str]
"""What was asked: the question's name, the file's name and what else was asked; and a digest of what was said."""

P = ParamSpec("P")
R = TypeVar("R")

_listening: ContextVar[Trace | None] = ContextVar("listening", default=None)
_questions: dict[str, Callable[..., object]] = {}


class Trace:
    """The questions asked of one folder and what it answered. Questions to another folder make it useless."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.answers: dict[tuple[str, str, tuple[object, ...]], str] = {}
        self.is_whole = True

    def hears(self, root: Path, key: tuple[str, str, tuple[object, ...]], answer: object) -> None:
        said = _said(answer)
        if root != self._root or self.answers.setdefault(key, said) != said:  # it changed while it was read
            self.is_whole = False


@contextmanager
def traced(root: Path) -> Iterator[Trace]:
    """Listen to what is asked of `root` by this thread."""
    trace = Trace(root)
    before = _listening.set(trace)
    try:
        yield trace
    finally:
        _listening.reset(before)


def still_answers(root: Path, answers: Answers) -> bool:
    """Whether the folder gives the same answers now. It is asked one question after the other, until one differs."""
    for (question, name, more), said in answers.items():
        try:
            answer = _questions[question](root, name, *more)
        except OSError as error:
            answer = error
        if _said(answer) != said:
            return False
    return True


def heard(ask: Callable[Concatenate[Path, P], R]) -> Callable[Concatenate[Path, P], R]:
    """A question about a folder that a trace hears."""

    @wraps(ask)
    def asking(root: Path, /, *more: P.args, **options: P.kwargs) -> R:
        trace = _listening.get()
        if trace is None:
            return ask(root, *more, **options)
        name, *rest = [*more, *options.values()] or [""]
        key = (ask.__name__, str(name), tuple(rest))
        try:
            answer = ask(root, *more, **options)
        except OSError as error:
            trace.hears(root, key, error)
            raise
        trace.hears(root, key, answer)
        return answer

    _questions[ask.__name__] = ask
    return asking


def _said(answer: object) -> str:
    """An answer as text that is equal where the answer is; of an error, what kind it is and what it says."""
    if isinstance(answer, bytes):
        return hashlib.sha256(answer).hexdigest()
    return f"{type(answer).__name__}: {answer}" if isinstance(answer, OSError) else repr(answer)
