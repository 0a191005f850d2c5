"""Bytes -> text: UTF-8 with or without a byte order mark, any line ends."""

from __future__ import annotations

import codecs
import errno
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path, PurePath

from outreach import storage
from outreach.campaign.findings import Finding
from outreach.errors import Refused, reason_of

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
_SAVE_AS = "Save the file as UTF-8."
_INSTEAD: ContextVar[Mapping[str, bytes]] = ContextVar("_INSTEAD")


@contextmanager
def read_instead(contents: Mapping[str, bytes]) -> Iterator[None]:
    """The campaign as it would be if these files (paths below it) held these bytes: for a look before saving."""
    token = _INSTEAD.set(contents)
    try:
        yield
    finally:
        _INSTEAD.reset(token)


def is_instead() -> bool:
    """Whether files are read as they would be: what comes of that is not the campaign, and is kept nowhere."""
    return bool(_INSTEAD.get({}))


def names_instead(folder: str) -> list[str]:
    """The files directly in a folder of the campaign that are read as they would be, also those that would be new."""
    return [name for name in _INSTEAD.get({}) if PurePath(name).parent.as_posix() == folder]


def read_text(root: Path, name: str | PurePath) -> tuple[str | None, list[Finding]]:
    """The text of the file `name` below `root` with `\\n` as its only line end, and what is wrong with it.

    The text is None if it cannot be known (absent, a folder, a link that leads out, not UTF-8). A
    control character is a finding and reads as a space, so that the rest of the file can still be looked at.
    """
    instead = _INSTEAD.get({}).get(PurePath(name).as_posix())
    if instead is not None:
        return decode(instead)
    try:
        data = storage.read(root, name)
    except Refused as error:
        return None, [_unreadable(str(error.strerror), error.hint)]
    except FileNotFoundError:
        return None, [_unreadable("it does not exist", "Make the file, or run this in another folder.")]
    except OSError as error:
        if error.errno == errno.ELOOP:
            return None, [_unreadable("it is a link that leads back to itself", "Put the file itself in its place.")]
        reason = reason_of(error)
        return None, [_unreadable(reason, "Fix the file's permissions.")]
    return decode(data)


def decode(data: bytes) -> tuple[str | None, list[Finding]]:
    """`data` as text, as `read_text` gives it."""
    if data.startswith(_UTF_16):
        return None, [Finding(1, "not-utf-8", "This file is UTF-16, not UTF-8.", _SAVE_AS)]
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return None, [_not_utf_8(data, error.start)]
    text = normal(text)
    if not _CONTROL.search(text):
        return text, []
    return _CONTROL.sub(" ", text), _control_characters(text)


def normal(text: str) -> str:
    """`text` with `\\n` as its only line end, and without a byte order mark."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _unreadable(reason: str, hint: str) -> Finding:
    return Finding(1, "unreadable-file", f"This file cannot be read: {reason}.", hint)


def _not_utf_8(data: bytes, at: int) -> Finding:
    before = data[:at].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    number = before.count(b"\n") + 1
    begin = before.rfind(b"\n") + 1
    rest = re.split(rb"[\r\n]", data[at:], maxsplit=1)[0]
    line = (before[begin:] + rest).decode("cp1252", "replace").strip()
    hint = f"{_SAVE_AS} As Windows-1252 the line reads: {_CONTROL.sub(' ', line)[:120]}"
    return Finding(number, "not-utf-8", "This line holds bytes that are not UTF-8.", hint)


def _control_characters(text: str) -> list[Finding]:
    """One finding for each line that holds control characters."""
    findings = []
    for number, line in enumerate(text.split("\n"), start=1):
        if found := _CONTROL.search(line):
            message = f"This line holds an invisible control character (U+{ord(found.group()):04X})."
            findings.append(Finding(number, "bad-character", message, "Delete it, or type the line again."))
    return findings
