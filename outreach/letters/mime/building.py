"""A letter becomes bytes: its parts, its header lines, its bodies.

Header lines are encoded once and kept, because most letters of a wave share most of them: RFC 5322 2.1.1 (lines of 78
characters, never above 998), RFC 2047 (names and subjects that are not ASCII). Python's own `policy.SMTP` is not used
for two reasons: it turns long tokens of `References` or `List-Unsubscribe` into encoded-words, which kills the header,
and two versions of it (3.11.7 and 3.12.1) can be made to write a header of the recipient's own. Bodies are
quoted-printable (RFC 2045, 6.7), made safe for every mailer on the way.
"""

from __future__ import annotations

import hashlib
import re
from binascii import b2a_qp
from collections.abc import Iterable
from dataclasses import replace
from email.charset import Charset
from email.utils import quote
from functools import lru_cache
from itertools import groupby

from outreach.letters.mime.message import Message
from outreach.model.records import dataclass

TRANSPORT_ONLY = frozenset({"date", "x-unsent"})
"""Headers that only a draft or a letter on its way has."""
_VERSION = b"MIME-Version: 1.0\r\n"
_TEXT = b'Content-Type: text/plain; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
_HTML = b'Content-Type: text/html; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'


def build(message: Message, *added: tuple[str, str]) -> list[bytes]:
    """The letter as pieces to write one after another; attachments are the encoded bytes themselves.

    `added` are headers (name, value) behind its own that only a draft has. Text alone is `text/plain`; with HTML
    `multipart/alternative`; with attachments `multipart/mixed` around either. All lines end in CRLF, are ASCII, and
    none starts with `.`, so that nothing has to be escaped on the way. Raises ValueError for a value that cannot stand
    in its header; ask `faults` first, which refuses more and says why.
    """
    return assembled(message).pieces(*added)


@dataclass(frozen=True, slots=True)
class Assembled:
    """The headers and the content of a letter as bytes, made once: for its digest, the look back and its file."""

    message: Message
    top: bytes
    content: bytes

    def pieces(self, *added: tuple[str, str], parts: Iterable[bytes] | None = None) -> list[bytes]:
        """As `build`; `parts` stand in for the attachments."""
        lines = self.top + b"".join([value_line(name, value) for name, value in added]) + _VERSION
        if not self.message.attachments:
            return [lines + self.content]
        parts = [each.encoded for each in self.message.attachments] if parts is None else parts
        mixed = _boundary("mixed", self.message)
        delimiter = b"\r\n--" + mixed + b"\r\n"
        pieces = [lines + _multipart("mixed", mixed) + b"--" + mixed + b"\r\n" + self.content]
        for part in parts:
            pieces += (delimiter, part)
        pieces.append(b"\r\n--" + mixed + b"--\r\n")
        return pieces

    def bare(self) -> Assembled:
        """The letter as if it had no attachments."""
        return Assembled(replace(self.message, attachments=()), self.top, self.content)

    def head(self) -> bytes:
        """The headers of the letter with the empty line that ends them."""
        message = self.message
        if message.attachments:
            return self.top + _VERSION + _multipart("mixed", _boundary("mixed", message))
        kind = _TEXT if message.html is None else _multipart("alternative", _boundary("alternative", message))
        return self.top + _VERSION + kind

    def without_attachments(self) -> bytes:
        """The letter with the sha256 of each attachment (hex) where its body would stand."""
        return b"".join(self.pieces(parts=_stand_ins(self.message)))

    def digest(self) -> str:
        """As `digest`."""
        extra = self.message.extra_headers
        kept = tuple([pair for pair in extra if pair[0].lower() not in TRANSPORT_ONLY])
        if len(kept) < len(extra):
            return digest(replace(self.message, extra_headers=kept))
        return hashlib.sha256(self.without_attachments()).hexdigest()


def assembled(message: Message) -> Assembled:
    """The letter's headers and content as bytes. Raises ValueError as `build` does."""
    return Assembled(message, _top(message), _content(message))


def as_bytes(message: Message) -> bytes:
    """The letter in one piece. Raises ValueError as `build` does."""
    return b"".join(build(message))


def without_attachments(message: Message) -> bytes:
    """The letter with the sha256 of each attachment (hex) where its body would stand."""
    return assembled(message).without_attachments()


def _stand_ins(message: Message) -> list[bytes]:
    return [each.head + each.sha256.encode("ascii") + b"\r\n" for each in message.attachments]


def digest(message: Message) -> str:
    """What an approval binds to: sha256 (hex) of the letter, attachments by their own digests.

    `Date`, which is only fixed when sending, and `X-Unsent`, which only drafts have, do not count.
    """
    return assembled(message).digest()


def _top(message: Message) -> bytes:
    """The headers of the letter, in the order of `header_names`, up to `MIME-Version`."""
    lines = [
        address_line("From", message.sender_name, message.sender_email),
        address_line("To", message.recipient_name, message.recipient_email),
    ]
    if message.cc:
        lines.append(addresses_line("Cc", message.cc))
    if message.reply_to is not None:
        lines.append(address_line("Reply-To", "", message.reply_to))
    lines.append(text_line("Subject", message.subject))
    lines.append(ids_line("Message-ID", [message.message_id]))
    if message.in_reply_to is not None:
        lines.append(ids_line("In-Reply-To", [message.in_reply_to]))
    lines.append(ids_line("References", message.thread))
    lines += [value_line(name, value) for name, value in message.extra_headers]
    return b"".join(lines)


def _content(message: Message) -> bytes:
    """The text part, or text and HTML as alternatives, with its own content headers."""
    text = _TEXT + quoted_printable(message.text)
    if message.html is None:
        return text
    boundary = _boundary("alternative", message)
    return b"".join(
        [
            _multipart("alternative", boundary),
            *(b"--", boundary, b"\r\n", text),
            *(b"\r\n--", boundary, b"\r\n", _HTML, quoted_printable(message.html)),
            *(b"\r\n--", boundary, b"--\r\n"),
        ]
    )


def _multipart(kind: str, boundary: bytes) -> bytes:
    return f"Content-Type: multipart/{kind};\r\n boundary=".encode() + b'"' + boundary + b'"\r\n\r\n'


def _boundary(kind: str, message: Message) -> bytes:
    """A boundary of this letter alone; `=_` can stand neither in quoted-printable nor in base64."""
    known_by = hashlib.sha256(message.message_id.encode("ascii")).hexdigest()[:24]
    return f"=_{kind}_{known_by}".encode("ascii")


LONGEST_TOKEN = 900
"""The longest piece that cannot be folded; with a header's name in front it stays under 998."""

_FOLD = 78  # characters of a line, as a rule (RFC 5322, 2.1.1); 998 is the end
_ENCODED_FOLD = 76  # RFC 2047, 2: a line that holds an encoded-word
_ENCODED_WORD = 75  # at most, with its delimiters (RFC 2047, 2)
_ENVELOPE = len("=?utf-8?b??=")
_PLAIN_TOKEN = 64  # a longer ASCII piece is encoded, so that it can be folded

_UTF_8 = Charset("utf-8")
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_PLAIN = re.compile(rf"[!-~]{{1,{_PLAIN_TOKEN}}}(?: [!-~]{{1,{_PLAIN_TOKEN}}})*")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
_SINGLE_SPACE = re.compile(r"(?<=[!-~]) (?=[!-~])")
_VALUE = re.compile(r"[!-~](?:[ -~]*[!-~])?")

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = "[A-Za-z0-9_-]+"
ADDRESS = re.compile(rf"(?=[^@]{{1,64}}@.{{1,253}}$){_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*")
MESSAGE_ID = re.compile(r"<[!-;=?A-~]{1,250}@[!-;=?A-~]{1,253}>")
HEADER_NAME = re.compile(r"[!-9;-~]{1,70}")


@lru_cache(maxsize=4096)
def address_line(field: str, name: str, email: str) -> bytes:
    """`To: Name <address>`, folded. Raises ValueError for what must not be in a header."""
    _refuse_unsafe(name)
    if not ADDRESS.fullmatch(email):
        raise ValueError(f"{field}: {email!r} is not a plain mail address")
    if not name:
        return _folded(field, [email])
    if len(name) <= _PLAIN_TOKEN and _is_plain(name):
        phrase = [name] if _ATOMS.fullmatch(name) else [f'"{quote(name)}"']
    else:
        phrase = _encoded_words(field, name)
        if len(phrase) > 1:
            phrase = _mixed_phrase(field, name)
    return _folded(field, [*phrase, f"<{email}>"])


def addresses_line(field: str, emails: tuple[str, ...]) -> bytes:
    """`Cc: address, address`, folded. Raises ValueError for what is not a plain address."""
    for email in emails:
        if not ADDRESS.fullmatch(email):
            raise ValueError(f"{field}: {email!r} is not a plain mail address")
    return _folded(field, [*(f"{email}," for email in emails[:-1]), emails[-1]])


@lru_cache(maxsize=4096)
def text_line(field: str, text: str) -> bytes:
    """`Subject: text`, folded. Raises ValueError for what must not be in a header."""
    _refuse_unsafe(text)
    return _folded(field, text.split(" ") if _is_plain(text) else _encoded_words(field, text))


@lru_cache(maxsize=64)
def value_line(field: str, value: str) -> bytes:
    """A header whose value is data for machines: folded at single spaces only, never encoded.

    Raises ValueError for a name or value that is not printable ASCII, or cannot be folded.
    """
    stands = HEADER_NAME.fullmatch(field) and _VALUE.fullmatch(value)
    if not stands or has_long_token(value):
        raise ValueError(f"{field!r}: {value!r} cannot be a header")
    return _folded(field, _SINGLE_SPACE.split(value) if "  " in value else value.split(" "))


def ids_line(field: str, ids: Iterable[str]) -> bytes:
    """`Message-ID: <...>` or `References: <...> <...>`, folded between the ids only.

    Not kept, since every letter has its own. Raises ValueError for anything but Message-IDs.
    """
    listed = list(ids)
    if not listed or not all(map(MESSAGE_ID.fullmatch, listed)):
        raise ValueError(f"{field}: {listed!r} are not Message-IDs")
    return _folded(field, listed)


def has_long_token(value: str) -> bool:
    """Whether a value has a piece that is too long for a line and that `value_line` cannot fold."""
    return len(value) > LONGEST_TOKEN and max(map(len, _SINGLE_SPACE.split(value))) > LONGEST_TOKEN


def _refuse_unsafe(text: str) -> None:
    if _UNSAFE.search(text):
        raise ValueError(f"control characters in a header: {text!r}")


def _is_plain(text: str) -> bool:
    """Whether ASCII text survives as it is: no odd spaces, nothing that looks encoded."""
    return "=?" not in text and _PLAIN.fullmatch(text) is not None


def _mixed_phrase(field: str, name: str) -> list[str]:
    """A long display name with its ASCII words left as they are between the encoded ones.

    Python's own parser shows a space between two encoded-words of a name where there is none;
    between an encoded and a plain one it is right.
    """
    words = name.split(" ")
    if "" in words:
        return _encoded_words(field, name)
    tokens: list[str] = []
    for is_atoms, run in groupby(words, _is_atom):
        together = list(run)
        tokens += together if is_atoms else _encoded_words(field, " ".join(together))
    return tokens


def _is_atom(word: str) -> bool:
    return len(word) <= _PLAIN_TOKEN and _is_plain(word) and _ATOMS.fullmatch(word) is not None


def _encoded_words(field: str, text: str) -> list[str]:
    """RFC 2047 encoded-words, each of at most 75 characters and whole characters; the first fits beside the field."""
    words: list[str] = []
    room = _room(_ENCODED_FOLD - len(field) - 2)
    while text:
        piece = text.encode("utf-8")[:room].decode("utf-8", "ignore")
        if len(piece) < len(text):
            # Cut behind a space where there is one, so that a reader's slip stays harmless.
            piece = piece[: piece.rfind(" ") + 1] or piece
        words.append(_UTF_8.header_encode(piece))
        text = text[len(piece) :]
        room = _room(_ENCODED_WORD)
    return words


def _room(characters: int) -> int:
    """How many bytes an encoded-word of so many characters holds in base64, its longest form."""
    return (characters - _ENVELOPE) // 4 * 3


def _folded(field: str, tokens: list[str]) -> bytes:
    """One header with its CRLF, as many tokens to a line as fit; the first stays beside the name."""
    whole = " ".join([f"{field}:", *tokens])
    if len(whole) <= _ENCODED_FOLD:
        return f"{whole}\r\n".encode("ascii")
    lines = [f"{field}: {tokens[0]}" if tokens else f"{field}:"]
    for token in tokens[1:]:
        limit = _ENCODED_FOLD if "=?" in lines[-1] or "=?" in token else _FOLD
        if len(lines[-1]) + 1 + len(token) <= limit:
            lines[-1] += f" {token}"
        else:
            lines.append(f" {token}")
    return ("\r\n".join(lines) + "\r\n").encode("ascii")


_LINE = 76  # of quoted-printable and base64, at most (RFC 2045, 6.7 and 6.8)
_TO_ENCODE = re.compile(rb"\n((?:\.|From )[^\r\n]*|[^\r\n]{77,})")
_ESCAPED = {b".": b"=2E", b"F": b"=46"}
_BAD_STARTS = (".", "From ")


class Printable(str):
    """A text whose quoted-printable form is known already. Whatever is done to it is done to the text alone."""

    __slots__ = ("quoted",)
    quoted: bytes

    @classmethod
    def of(cls, text: str, quoted: bytes) -> Printable:
        made = cls(text)
        made.quoted = quoted
        return made


def quoted_printable(text: str) -> bytes:
    """UTF-8 text as quoted-printable lines of at most 76 characters, each ending in CRLF.

    No line starts with `.` or `From `, so that neither SMTP nor an mbox file has to change it.
    Raises UnicodeEncodeError for half a surrogate pair.
    """
    if type(text) is Printable:
        return text.quoted
    unix = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    return b"".join([_encoded_line(line) for line in unix.removesuffix("\n").split("\n")])


def printable_line(line: str) -> bytes:
    """One line of text as quoted-printable lines, soft line breaks between them."""
    if not line.isascii() or not line.isprintable() or line[-1:] == " ":
        return _encoded_by_library(line)
    pieces: list[str] = []
    rest = line.replace("=", "=3D")  # printable ASCII: what follows takes a third of the library's time
    while len(rest) >= _LINE:
        cut = _LINE - 1
        cut -= 1 if rest[cut - 1] == "=" else 2 if rest[cut - 2] == "=" else 0
        pieces += (rest[:cut], "=\r\n")
        rest = rest[cut:]
    encoded = "".join([*pieces, rest, "\r\n"])
    if encoded.startswith(_BAD_STARTS) or "\n." in encoded or "\nFrom " in encoded:
        return _encoded_by_library(line)
    return encoded.encode()


def _encoded_by_library(line: str) -> bytes:
    """As `printable_line`, for any line."""
    # b2a_qp looks at the first line end to choose its own: there must be one, and it must be CRLF.
    encoded = b"\n" + b2a_qp(f"{line}\r\n".encode(), istext=True)
    if b"\n." in encoded or b"\nFrom " in encoded or b"=20\r\n" in encoded or b"=09\r\n" in encoded:
        encoded = _TO_ENCODE.sub(_fixed, encoded)
    return encoded[1:]


_encoded_line = lru_cache(maxsize=1024)(printable_line)  # letters that are written by hand share some


def _fixed(match: re.Match[bytes]) -> bytes:
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
