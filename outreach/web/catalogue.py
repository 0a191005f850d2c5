"""The words of the pages: sentences as they stand in them -> what is said, from `words/LANGUAGE.toml`.

What has no entry is said as it stands, which is English.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

LANGUAGES = {"en": "English", "de": "Deutsch", "fr": "Français"}


@dataclass(frozen=True, slots=True)
class Words:
    """Says the sentences of the pages in one language."""

    language: str
    translations: Mapping[str, str]

    def __call__(self, sentence: str, **values: object) -> str:
        """The sentence, its `{names}` filled in."""
        said = self.translations.get(sentence, sentence)
        return said.format(**values) if values else said

    def counted(self, number: int, one: str, many: str, **values: object) -> str:
        """`one` for 1, else `many`; both may hold `{n}`."""
        return self(one if number == 1 else many, n=f"{number:,}", **values)


class Catalogue:
    """All languages of the pages."""

    def __init__(self) -> None:
        self._words = {name: Words(name, _read(name)) for name in LANGUAGES}

    def words(self, wanted: str | None, accepted: str) -> Words:
        """In the language that was chosen, else in the first that the browser accepts (RFC 9110, 12.5.4)."""
        if wanted in self._words:
            return self._words[wanted]
        return self._words[next((name for name in _by_preference(accepted) if name in self._words), "en")]


def _read(name: str) -> dict[str, str]:
    text = (files("outreach.web") / "words" / f"{name}.toml").read_text(encoding="utf-8")
    return {sentence: str(said) for sentence, said in tomllib.loads(text).items()}


def _by_preference(accepted: str) -> list[str]:
    """The primary tags of an Accept-Language header, the most wanted first."""
    wanted = []
    for place, entry in enumerate(accepted.split(",")):
        tag, _, weight = entry.partition(";")
        try:
            quality = float(weight.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        if quality > 0:
            wanted.append((-quality, place, tag.strip().lower().partition("-")[0]))
    return [name for _, _, name in sorted(wanted)]
