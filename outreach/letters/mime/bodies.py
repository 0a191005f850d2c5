"""Bodies as quoted-printable (RFC 2045, 6.7), made safe for every mailer on the way."""

from __future__ import annotations

import re
from binascii import b2a_qp
from functools import lru_cache

_LINE = 76
_SUSPECTS = (b"\n.", b"\nFrom ", b"=20\r\n", b"=09\r\n")
_TO_MEND = re.compile(rb"\n((?:\.|From )[^\r\n]*|[^\r\n]{77,})")
_ESCAPED = {b".": b"=2E", b"F": b"=46"}


def normalised(text: str) -> str:
    """Text with CRLF for every line end, the last line's included."""
    unix = text.replace("\r\n", "\n").replace("\r", "\n")
    return (unix if unix.endswith("\n") else unix + "\n").replace("\n", "\r\n")


@lru_cache(maxsize=8)  # a letter is encoded for its digest, for the look back and for its file
def quoted_printable(text: str) -> bytes:
    """UTF-8 text as quoted-printable lines of at most 76 characters, each ending in CRLF.

    No line starts with `.` or `From `, so that neither SMTP nor an mbox file has to change it.
    Raises UnicodeEncodeError for half a surrogate pair.
    """
    # b2a_qp looks at the first line end to choose its own: there must be one, and it must be CRLF.
    encoded = b"\n" + b2a_qp(normalised(text).encode("utf-8"), istext=True)
    if any(suspect in encoded for suspect in _SUSPECTS):
        encoded = _TO_MEND.sub(_mended, encoded)
    return encoded[1:]


def _mended(match: re.Match[bytes]) -> bytes:
    """A line that b2a_qp left with a bad start, or one character too long before a last space."""
    line = _start_escaped(match.group(1))
    if len(line) <= _LINE:
        return b"\n" + line
    cut = _LINE - 1
    cut -= next((back for back in (1, 2) if line[cut - back : cut - back + 1] == b"="), 0)
    return b"\n" + line[:cut] + b"=\r\n" + _start_escaped(line[cut:])


def _start_escaped(line: bytes) -> bytes:
    if line.startswith((b".", b"From ")):
        return _ESCAPED[line[:1]] + line[1:]
    return line
