"""Templates, posts, checklists and notes of documents -> files of their own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import field
from pathlib import Path

from outreach import storage
from outreach.campaign.imports import Imports
from outreach.campaign.writing import document
from outreach.errors import not_written
from outreach.intake.updating import digest
from outreach.model.found import FoundText
from outreach.model.imported import Disagreement, FileChange
from outreach.model.records import dataclass
from outreach.words.slugs import slug_of

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(?:\.[A-Za-z0-9-]+)*\.md")


@dataclass
class TextFiles:
    """What becomes of the texts, and what is to be remembered of them."""

    changes: dict[str, FileChange] = field(default_factory=dict)
    unchanged: list[str] = field(default_factory=list)
    disagreements: list[Disagreement] = field(default_factory=list)
    places: dict[tuple[str, str], str] = field(default_factory=dict)
    """(document, path that it gave) -> the path that the text has now."""
    remembered: dict[str, str] = field(default_factory=dict)


@dataclass
class _Text:
    path: str
    first: FoundText
    content: str
    wanted: set[tuple[str, str]]


def text_files(found: Iterable[FoundText], root: Path, imports: Imports) -> TextFiles:
    """The files of the texts as they should be. Nothing is written here."""
    result = TextFiles(remembered=dict(imports.texts))
    for text in _distinct(found):
        for place in text.wanted:
            result.places[place] = text.path
        _decide(text, root, imports, result)
    return result


def _distinct(found: Iterable[FoundText]) -> Iterator[_Text]:
    """Each text with a path of its own; parts of one note of one document are one text."""
    texts: dict[str, _Text] = {}
    for each in found:
        wanted = f"{each.folder}/{each.name}"
        path, content = f"{each.folder}/{_safe(each.name)}", _content(each)
        same = texts.get(path.casefold())
        if same is not None and each.folder in ("notes", "checklists") and same.first.file == each.file:
            same.content = f"{same.content.rstrip()}\n\n{content}"
            same.wanted.add((each.file, wanted))
            continue
        number = 1
        while same is not None and same.content != content:
            number += 1
            stem, dot, rest = _safe(each.name).partition(".")
            path = f"{each.folder}/{stem}-{number}{dot}{rest}"
            same = texts.get(path.casefold())
        text = texts.setdefault(path.casefold(), _Text(path, each, content, set()))
        text.wanted.add((each.file, wanted))
    yield from texts.values()


def _safe(name: str) -> str:
    """The name of a file that leads nowhere else."""
    return name if _NAME.fullmatch(name) else f"{slug_of(name.removesuffix('.md'))}.md"


def _content(each: FoundText) -> str:
    body = each.body.strip("\n")
    front = f"---\n{document(each.front)}---\n" if each.front else ""
    return f"{front}{body}\n"


def _decide(text: _Text, root: Path, imports: Imports, result: TextFiles) -> None:
    new, before = digest(text.content), imports.texts.get(text.path)
    source = f"{text.first.file} line {text.first.line}"
    content = _standing(root, text.path)
    if content is None:
        if before is None:
            result.changes[text.path] = FileChange(path=text.path, before=None, after=text.content)
            result.remembered[text.path] = new
        else:
            message = f"{text.path} was imported before and is no longer there, so it is not brought back."
            result.disagreements.append(_differs(text, None, source, message))
        return
    standing = content.decode("utf-8-sig", "replace").replace("\r\n", "\n")
    if standing == text.content or before == new:
        result.unchanged.append(text.path)
    elif before is not None and digest(standing) == before:
        read = storage.digest(content)
        result.changes[text.path] = FileChange(path=text.path, before=standing, after=text.content, read=read)
    else:
        message = f"{text.path} exists already with other words, and was not changed."
        result.disagreements.append(_differs(text, standing, source, message))
        result.unchanged.append(text.path)
    result.remembered[text.path] = new


def _standing(root: Path, path: str) -> bytes | None:
    """What is there; None for nothing. Raises CannotWrite: nobody could write it either."""
    try:
        return storage.read(root, path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise not_written(path, error) from error


def _differs(text: _Text, kept: str | None, source: str, message: str) -> Disagreement:
    return Disagreement(file=text.path, key="", kept=kept, other=text.content, source=source, message=message)
