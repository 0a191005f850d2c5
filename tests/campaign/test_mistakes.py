"""What people read of each mistake in each key: the whole list, so that a change of any sentence is seen.

`python -m tests.campaign.test_mistakes` writes the list again; its diff says what became of it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.campaign.variations import said, variations

LIST = Path(__file__).with_name("mistakes.txt")
KINDS = ("word", "group", "Norway", "gone", "misspelt")
ALWAYS = {"not-yet", "unknown-reference"}  # of the samples, whatever is changed in them


def mistakes(root: Path) -> Iterator[str]:
    for name, file, text in variations():
        if name.endswith(tuple(f": {kind}" for kind in KINDS)):
            findings = [each for each in said(root, file, text)[0] if each[1] not in ALWAYS]
            yield name
            yield from (f"  {line} {code}: {message} / {hint}" for line, code, message, hint in findings)


def test_every_mistake_is_told_in_the_words_of_the_list(tmp_path: Path) -> None:
    assert list(mistakes(tmp_path)) == LIST.read_text(encoding="utf-8").splitlines()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        LIST.write_text("".join(f"{line}\n" for line in mistakes(Path(folder))), encoding="utf-8")
