"""One unbroken campaign for everybody; who wants to change it works on a copy."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .campaign import write_campaign
from .command import NOW, Answer, outreach


@pytest.fixture(scope="package", autouse=True)
def _same_clock_and_no_other_campaign() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OUTREACH_NOW", NOW)
        patch.delenv("OUTREACH_CAMPAIGN", raising=False)
        patch.setenv("NO_COLOR", "1")
        yield


@pytest.fixture(scope="package")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The campaign as written, never drafted: for reading and copying only."""
    return write_campaign(tmp_path_factory.mktemp("original") / "rios-vivos")


@pytest.fixture(scope="package")
def original_check(original: Path) -> Answer:
    return outreach("check", "--json", folder=original)


@pytest.fixture(scope="package")
def drafted(original: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Answer]:
    """A copy that was drafted once, and what `draft --json` said: for reading only."""
    folder = tmp_path_factory.mktemp("drafted") / "rios-vivos"
    shutil.copytree(original, folder)
    return folder, outreach("draft", "--json", folder=folder)


@pytest.fixture
def copy(original: Path, tmp_path: Path) -> Path:
    """A fresh, undrafted copy that a test may change."""
    return Path(shutil.copytree(original, tmp_path / "rios-vivos"))


@pytest.fixture
def drafted_copy(drafted: tuple[Path, Answer], tmp_path: Path) -> Path:
    """A drafted copy, times kept, that a test may change."""
    return Path(shutil.copytree(drafted[0], tmp_path / "rios-vivos"))


Change = Callable[[Path, str, str, str], None]


@pytest.fixture
def change() -> Change:
    """Replace one text by another in one file of a campaign; the old text must be there exactly once."""

    def replace(folder: Path, file: str, old: str, new: str) -> None:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    return replace
