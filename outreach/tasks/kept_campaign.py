"""`.outreach/cache/campaign`: a campaign as it was read, so that files that are as they were are not read again.

It holds what the folder answered while it was read (`outreach.storage.tracing`), and what came out, pickled. Pickled
bytes can do anything, and a folder may come from anybody: so they are behind a code (HMAC-SHA256) by a key that only
this person has, and are looked at after that fits. It can be deleted at any time, and is written only where there is
an `.outreach/` already.
"""

from __future__ import annotations

import hmac
import os
import pickle
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import outreach
from outreach import storage
from outreach.campaign.private import CACHE, FOLDER, make_cache, write_whole
from outreach.tasks.clock import now
from outreach.tasks.noun_digests import noun_digest
from outreach.words.calendar import Holidays, holidays_of, remember

if TYPE_CHECKING:
    from outreach.model.contact import Contact
    from outreach.model.template import Template
    from outreach.tasks.campaign import Loaded

FILE = f"{CACHE}/campaign"
LARGEST = 500_000_000
"""Bytes that are read; a hundred thousand contacts are a fifth of that."""
_CODE = 32
_unpickled: dict[tuple[Path, bytes], tuple[storage.Answers, Loaded]] = {}
"""What this process read last: a watch and the dashboard ask again and again."""


def kept_campaign(root: Path) -> Loaded | None:
    """What was read, if this program kept it and the folder answers as it did; else None."""
    try:
        kept = memoryview(storage.read(root, FILE, LARGEST))
    except OSError:
        return None
    key, code = storage.own_key(), bytes(kept[:_CODE])
    if key is None:
        return None
    if (root, code) not in _unpickled:
        if not hmac.compare_digest(_code(key, kept[_CODE:]), code):
            return None
        begin = _CODE + 8
        size = int.from_bytes(kept[_CODE:begin], "big")
        answers, holidays = pickle.loads(kept[begin : begin + size])
        if not storage.still_answers(root, answers):
            return None
        remember(holidays)
        loaded: Loaded
        loaded, digests = pickle.loads(kept[begin + size :])
        loaded.digests.update(zip(map(id, _nouns(loaded)), digests, strict=True))
        _unpickled.clear()
        _unpickled[root, code] = answers, loaded
    elif not storage.still_answers(root, _unpickled[root, code][0]):
        return None
    return _with_attachments(root, _unpickled[root, code][1])


def keep_campaign(root: Path, loaded: Loaded, trace: storage.Trace) -> None:
    """Keep what was read. Where that cannot be done, the next command reads the files again."""
    key = storage.own_key()
    if key is None or not trace.is_whole:
        return
    bare = {name: replace(file, content=b"") for name, file in loaded.attachments.items()}
    with suppress(OSError):
        if storage.is_folder(root, FOLDER):
            head = pickle.dumps((trace.answers, _holidays(loaded)), pickle.HIGHEST_PROTOCOL)
            digests = [noun_digest(noun) for noun in _nouns(loaded)]
            loaded.digests.update(zip(map(id, _nouns(loaded)), digests, strict=True))
            body = pickle.dumps((replace(loaded, attachments=bare, digests={}), digests), pickle.HIGHEST_PROTOCOL)
            content = len(head).to_bytes(8, "big") + head + body
            make_cache(root)
            write_whole(root, FILE, _code(key, content) + content)


def _nouns(loaded: Loaded) -> list[Contact | Template]:
    """What has a digest, without which no verdict is looked up; to make them takes longer than to read the nouns."""
    return [*loaded.folder.contacts, *loaded.folder.templates]


def _holidays(loaded: Loaded) -> Holidays:
    """The holidays on which nothing leaves, this year and in the two after it."""
    campaign, year = loaded.folder.campaign, now().year
    return holidays_of(campaign.calendar.holidays if campaign else (), range(year, year + 3))


def _code(key: bytes, content: bytes | memoryview) -> bytes:
    """The code of this person and this program over what is kept: another program's is not even unpickled."""
    code = hmac.new(key, program().encode(), "sha256")
    code.update(content)
    return code.digest()


def _with_attachments(root: Path, loaded: Loaded) -> Loaded | None:
    """The campaign with the bytes of its attachments, which are in the folder and not in the cache."""
    if loaded.folder.campaign is None:
        return loaded
    read = {}
    for name, file in loaded.attachments.items():
        try:
            content = storage.read(root, loaded.folder.campaign.attachments[name].file)
        except OSError:
            return None
        if storage.digest(content) != file.facts.sha256:
            return None
        read[name] = replace(file, content=content)
    return replace(loaded, attachments=read)


@cache
def program() -> str:
    """What another version of this program, or of the packages it uses, differs in; also where it is worked on."""
    packages = [
        Path(path).stat().st_mtime_ns for path in sys.path if path.endswith("-packages") and Path(path).is_dir()
    ]
    said = [outreach.__version__, sys.version, packages]
    return repr([*said, *sorted(_modules(os.path.dirname(outreach.__file__)))])


def _modules(folder: str) -> Iterator[tuple[str, int, int]]:
    """The path, time and size of each module; every command asks, so nothing slower than the system's own listing."""
    with os.scandir(folder) as found:
        for each in found:
            if each.name.endswith(".py"):
                state = each.stat()
                yield each.path, state.st_mtime_ns, state.st_size
            elif each.name != "__pycache__" and each.is_dir():
                yield from _modules(each.path)
