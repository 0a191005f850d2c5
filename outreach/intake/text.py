"""Bytes that people bring along -> text, in whatever encoding, with what was decoded wrongly before put right."""

from __future__ import annotations

import codecs
import re
import unicodedata

from outreach.errors import SourceNotText, SourceTooLarge
from outreach.model.records import dataclass

LARGEST = 50_000_000
"""Bytes. The longest notes of a campaign have some hundred thousand, its longest tables a few million."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark is its beginning
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BEGINNINGS = {
    b"%PDF-": "a PDF",
    b"PK\x03\x04": "an archive or an office document",
    b"\xd0\xcf\x11\xe0": "an old office document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\x1f\x8b": "an archive",
    b"\x7fELF": "a program",
    b"SQLite format 3": "a database",
}
# Tab, line end and form feed are text; so is escape in nothing that people write.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
_CONTROL_BYTES = bytes(set(range(32)) - {9, 10, 12, 13})
_MOST_CONTROLS = 0.02
# What people in Europe and elsewhere saved before UTF-8, the likeliest first.
_OLD_ENCODINGS = ["cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "mac_roman", "cp932", "gb18030", "big5", "euc_kr"]


@dataclass(frozen=True, kw_only=True)
class Decoded:
    """The text with `\\n` as its only line end, and each line that was put right: its number, and `was -> is`."""

    text: str
    repaired: tuple[tuple[int, str], ...] = ()


def decoded(data: bytes, name: str, said: str | None = None) -> Decoded:
    """`data` as text. `name` is the file's, for the sentences, `said` the encoding that it names itself.

    UTF-8 is tried first, then what the bytes look like (charset-normalizer). A line that is not UTF-8 in
    a text that otherwise is, and mojibake (`Ã¼` for `ü`; ftfy), are put right and said.

    Raises SourceTooLarge above `LARGEST` bytes, SourceNotText for what is no text.
    """
    if len(data) > LARGEST:
        raise SourceTooLarge(name, f"{len(data) / 1_000_000:.0f} MB", f"{LARGEST // 1_000_000} MB")
    text, foreign = _text(data, name, said)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    put_right = {number: ("bytes that were not UTF-8", lines[number - 1]) for number in foreign}
    for number, line in enumerate(lines, 1):
        fixed = line if line.isascii() and line.isprintable() else _fixed(line)
        if fixed != line:
            put_right[number] = _difference(line, fixed)
            lines[number - 1] = fixed
    repaired = tuple((number, " -> ".join(put_right[number])) for number in sorted(put_right))
    return Decoded(text="\n".join(lines), repaired=repaired)


def _text(data: bytes, name: str, said: str | None) -> tuple[str, list[int]]:
    """The text, and the lines of it that had another encoding than the rest."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace").removeprefix("\ufeff"), []
    _refuse_what_is_no_text(data, name)
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError:
        if said is not None:
            try:
                return data.decode(said), []
            except (LookupError, UnicodeDecodeError):
                pass
        return _mixed(data) or (_guessed(data, name), [])


def _refuse_what_is_no_text(data: bytes, name: str) -> None:
    for beginning, what in _BEGINNINGS.items():
        if data.startswith(beginning):
            raise SourceNotText(name, what)
    beginning = data[:65536]
    controls = len(beginning) - len(beginning.translate(None, _CONTROL_BYTES))
    if b"\0" in data or controls > len(beginning) * _MOST_CONTROLS:
        raise SourceNotText(name, "a binary file")


def _mixed(data: bytes) -> tuple[str, list[int]] | None:
    """UTF-8 but for some lines, as when two files were pasted together; None if no line is UTF-8."""
    lines = re.split(rb"\r\n|\r|\n", data)
    texts, foreign = [], []
    for number, line in enumerate(lines, 1):
        try:
            texts.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            texts.append(line.decode("cp1252", "replace"))
            foreign.append(number)
    outside_ascii = sum(not line.isascii() for line in lines)
    return ("\n".join(texts), foreign) if len(foreign) * 2 < outside_ascii else None


def _guessed(data: bytes, name: str) -> str:
    import charset_normalizer

    matches = charset_normalizer.from_bytes(data, cp_isolation=_OLD_ENCODINGS)
    best = matches.best()
    if best is None:
        raise SourceNotText(name, "in an unknown encoding")
    # Short texts fit several code pages alike; then it is the one that most files are in.
    # (Encodings that give the same text are one match, under the name of any of them.)
    alike = [m for m in matches if _OLD_ENCODINGS[0] in m.could_be_from_charset and m.chaos <= best.chaos]
    return str(alike[0] if alike else best)


def _fixed(line: str) -> str:
    import ftfy

    words = re.split("([ \t]+)", line)
    line = "".join(word if word.isascii() else _from_an_old_mac(word) for word in words)
    return _CONTROL.sub(" ", ftfy.fixes.fix_c1_controls(ftfy.fix_encoding(line)))


def _from_an_old_mac(word: str) -> str:
    """UTF-8 that was read as Mac Roman (the euro as three signs), which ftfy takes for Windows' letters in part.

    Every `Ã` of Windows' mojibake would give an accent without its letter here: that is ftfy's.
    """
    try:
        fixed = word.encode("mac_roman").decode("utf-8")
    except UnicodeError:
        return word
    return word if any(unicodedata.combining(sign) for sign in fixed) else fixed


def _difference(was: str, now: str) -> tuple[str, str]:
    """The first words that differ, of each."""
    before, after = was.split(), now.split()
    for old, new in zip(before, after, strict=False):
        if old != new:
            return old, new
    return was.strip()[:40], now.strip()[:40]
