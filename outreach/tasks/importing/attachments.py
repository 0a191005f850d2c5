"""PDFs and pictures that are beside the notes: copied into materials/, for letters and posts to carry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

from outreach import storage
from outreach.model.found import FoundSetting, Passage, Remark
from outreach.model.imported import FileCopy
from outreach.words.slugs import slug_of

FOLDER = "materials"
SUFFIXES = frozenset((".pdf", ".png", ".jpg", ".jpeg", ".webp"))
LARGEST = 25_000_000
"""Bytes; what is larger no mail server takes."""


def copies_of(root: Path, attachments: Mapping[str, bytes]) -> list[FileCopy]:
    """Where each goes, by the name of its document; under another name where another file has its own."""
    copies: list[FileCopy] = []
    taken: dict[str, bytes] = {}
    for document, content in attachments.items():
        name = PurePosixPath(document)
        stem, suffix, number = slug_of(name.stem) or "file", name.suffix.lower(), 1
        path = f"{FOLDER}/{stem}{suffix}"
        while _is_another(root, path, content) or taken.get(path, content) != content:
            number += 1
            path = f"{FOLDER}/{stem}-{number}{suffix}"
        taken[path] = content
        copies.append(FileCopy(path=path, content=content, source=document, is_there=storage.exists(root, path)))
    return copies


def passages_of(copies: Iterable[FileCopy]) -> list[Passage]:
    """A file that is copied is taken whole, as its one line."""
    return [
        Passage(file=copy.source, line=1, end=1, kind="taken", read_as="attachment", to=copy.path) for copy in copies
    ]


def attached(
    root: Path, settings: Iterable[FoundSetting], copies: Iterable[FileCopy]
) -> tuple[list[FoundSetting], list[Remark]]:
    """The settings; an attachment that is not there means the one PDF that came along, which is said."""
    known = {copy.path for copy in copies}
    documents = sorted({copy.path for copy in copies if copy.path.endswith(".pdf")})
    found, remarks = [], []
    for setting in settings:
        named = setting.value if setting.path[:1] == ("attachments",) and isinstance(setting.value, str) else None
        if named is None or named in known or storage.is_file(root, named) or len(documents) != 1:
            found.append(setting)
            continue
        found.append(replace(setting, value=documents[0]))
        message = f"The notes attach {PurePosixPath(named).name!r}; {documents[0]} was taken for it."
        hint = "It is the only PDF that came along: see `attachments` in campaign.yaml."
        remarks.append(Remark(file=setting.file, line=setting.line, message=message, hint=hint))
    return found, remarks


def _is_another(root: Path, path: str, content: bytes) -> bool:
    """Whether something else has the name; a link or folder always is."""
    if not storage.exists(root, path):
        return False
    try:
        return storage.read(root, path, LARGEST) != content
    except OSError:
        return True
