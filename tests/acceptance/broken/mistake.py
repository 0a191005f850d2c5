"""What one mistake is: how it gets into the campaign, and which single Problem should come of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Level = Literal["error", "warning"] | None  # None: the design leaves it open


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """One mistake made in one file.

    `words` is a regular expression found (any case) in code, message and hint together. `line` is a text of
    the changed file: the Problem should name the line on which it first stands (a number is that line; None:
    the design does not say). `stops` are the contacts who must get no letter where the Problem is an error;
    `may_stop` those who may get none (None: anybody). `extra` counts further Problems that cannot be avoided,
    and `because` says why. `apart` runs it in a child process. `never_said` must not be repeated.
    """

    name: str
    file: str
    make: Callable[[Path], None]
    words: str
    line: str | int | None = None
    level: Level = None
    at: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    may_stop: tuple[str, ...] | None = ()
    extra: int = 0
    because: str = ""
    apart: bool = False
    never_said: str = ""

    @property
    def files(self) -> tuple[str, ...]:
        return self.at or (self.file,)

    def expected_line(self, folder: Path) -> int | None:
        """The line, counted from 1, that the Problem should name in the changed campaign."""
        if self.line is None or isinstance(self.line, int):
            return self.line
        text = (folder / self.files[0]).read_bytes().decode("utf-8", errors="replace")
        assert self.line in text, f"{self.name}: {self.line!r} is not in {self.files[0]}"
        return text[: text.index(self.line)].count("\n") + 1


def swapped(file: str, old: str, new: str | bytes) -> Callable[[Path], None]:
    """Replace the one place where `old` stands in `file`."""

    def make(folder: Path) -> None:
        content = (folder / file).read_bytes()
        before = old.encode("utf-8")
        assert content.count(before) == 1, f"{old!r} stands {content.count(before)} times in {file}"
        (folder / file).write_bytes(content.replace(before, new.encode("utf-8") if isinstance(new, str) else new))

    return make


def added(file: str, more: str | bytes) -> Callable[[Path], None]:
    """Add text at the end of `file`, which may be new."""

    def make(folder: Path) -> None:
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.read_bytes() if path.exists() else b""
        path.write_bytes(before + (more.encode("utf-8") if isinstance(more, str) else more))

    return make


def removed(file: str) -> Callable[[Path], None]:
    return lambda folder: (folder / file).unlink()


def directory_instead(file: str) -> Callable[[Path], None]:
    """Put a directory where a file should be."""

    def make(folder: Path) -> None:
        (folder / file).unlink(missing_ok=True)
        (folder / file).mkdir(parents=True)

    return make


def zeros(file: str, size: int) -> Callable[[Path], None]:
    """Put `size` zero bytes (a sparse file) where `file` stands."""

    def make(folder: Path) -> None:
        with (folder / file).open("wb") as stream:
            stream.truncate(size)

    return make
