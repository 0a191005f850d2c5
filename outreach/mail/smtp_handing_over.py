"""One transaction, phase by phase: what broke where decides whether the letter may be tried again.

smtplib's own `sendmail` says the same of a connection that broke before the final dot and after it; so the
commands are given one by one here, and the reply to the dot is judged by its digits (RFC 5321, 4.2.1):
2yz took it, 4yz and 5yz refused it, and everything else leaves open whether it was taken.
"""

from __future__ import annotations

import select
import smtplib
from collections.abc import Callable, Iterable

from outreach.errors import InDoubt, NotSent
from outreach.mail.smtp_connecting import COMMAND, FINAL, Closed
from outreach.model.dispatch import Parcel

ENOUGH = 64 * 1024
"""Bytes that are gathered before they are written to the socket."""
_NOT_AS_SENDER = (
    "sendasdenied", "send as this", "not owned by user", "not allowed to send as", "not one of your addresses",
    "unauthorized sender",
)  # fmt: skip
"""In what servers say of a From that the account may not use, also to RCPT and after the dot: each letter has it."""


class Gone(Exception):
    """The connection broke, or the server hung up (421), before the letter's last byte: it was not sent."""

    def __init__(self, phase: str, said: str = "") -> None:
        super().__init__(phase)
        self.phase = phase
        self.said = said


def hand_over(client: Closed, parcel: Parcel, before_commit: Callable[[], None], server: str) -> str:
    """Send one letter; the server's reply with its queue id.

    Raises Gone and NotSent (surely not sent), InDoubt (nobody can know), and what `before_commit` raises:
    then the connection was closed without the final dot.
    """
    _envelope(client, parcel, server)
    _body(client, parcel, server)
    try:
        before_commit()
    except BaseException:
        client.close()
        raise
    if _speaks(client):  # it hung up meanwhile: without its last byte nobody has a letter
        raise _cut_inside(client, server)
    return _let_go(client, server)


def _envelope(client: Closed, parcel: Parcel, server: str) -> None:
    """MAIL, RCPT and DATA; in one write where the server takes them so (RFC 2920)."""
    to = [f"RCPT TO:<{address}>" for address in (parcel.recipient, *parcel.cc)]
    commands = [f"MAIL FROM:<{parcel.sender}>{_size(client, parcel, server)}", *to, "DATA"]
    pipelined = client.has_extn("pipelining")
    try:
        if pipelined:
            client.send("".join(f"{command}\r\n" for command in commands))
        refused: tuple[str, int, bytes] | None = None
        for command in commands:
            if not pipelined:
                client.send(f"{command}\r\n")
            code, reply = client.getreply()
            phase = command[:4]
            expected = 354 if phase == "DATA" else 250
            if refused is None and code != expected and not (phase == "RCPT" and code == 251):
                refused = (phase, code, reply)
            if refused is not None and not pipelined:
                break
    except (smtplib.SMTPException, OSError) as error:
        client.close()
        raise Gone("envelope") from error
    if refused is None:
        return
    if pipelined and code == 354:  # it waits for a letter that has no recipient: end without the dot
        client.close()
    else:
        _reset(client)
    raise _refusal(*refused, server)


def _size(client: Closed, parcel: Parcel, server: str) -> str:
    """What the letter weighs, where the server wants to know it (RFC 1870). Raises NotSent if that is too much."""
    if not client.has_extn("size"):
        return ""
    size, limit = sum(map(len, parcel.pieces())), client.esmtp_features.get("size", "")
    if limit.isdecimal() and 0 < int(limit) < size:
        sentence = f"{server} takes emails up to {int(limit) / 1e6:.1f} MB, and this one has {size / 1e6:.1f} MB."
        hint = "Send smaller attachments, or links to them."
        raise NotSent(sentence, hint=hint, permanent=True, phase="SIZE", reply=f"552 5.3.4 {sentence}")
    return f" SIZE={size}"


def _reset(client: Closed) -> None:
    try:
        client.rset()
    except (smtplib.SMTPException, OSError):
        client.close()


def _body(client: Closed, parcel: Parcel, server: str) -> None:
    sock = client.sock
    assert sock is not None
    try:
        for piece in gathered(stuffed(parcel.pieces())):
            sock.sendall(piece)
    except OSError as error:
        raise _cut_inside(client, server) from error
    if _speaks(client):
        raise _cut_inside(client, server)


def _speaks(client: Closed) -> bool:
    """Whether the server says something (or hung up) before it was asked: it does not want the rest."""
    sock = client.sock
    assert sock is not None
    decrypted = getattr(sock, "pending", None)
    waiting = select.poll()  # `select` itself takes no descriptor above 1,023
    waiting.register(sock, select.POLLIN)
    return bool(waiting.poll(0) or (decrypted and decrypted()))


def _cut_inside(client: Closed, server: str) -> Exception:
    """The server stopped us inside the letter: what it said, if anything, and no final dot in any case."""
    assert client.sock is not None
    try:
        client.sock.settimeout(5)
        code, reply = client.getreply()
    except (smtplib.SMTPException, OSError):
        return Gone("body")
    finally:
        client.close()
    return _refusal("body", code, reply, server)


def _let_go(client: Closed, server: str) -> str:
    """The final dot and its reply."""
    sock = client.sock
    assert sock is not None
    try:
        sock.settimeout(FINAL)
        sock.sendall(b".\r\n")
        code, reply = client.getreply()
        if client.sock is not None:
            client.sock.settimeout(COMMAND)
    except (smtplib.SMTPException, OSError) as error:
        client.close()
        raise _in_doubt(server, "the connection broke after the letter's last byte") from error
    except BaseException:
        client.close()
        raise
    if 200 <= code <= 299:
        return f"{code} {_text(reply)}"
    if 400 <= code <= 599:
        if code == 421:
            client.close()
        raise _refusal("final dot", code, reply, server)
    client.close()
    raise _in_doubt(server, "its answer could not be understood")


def _in_doubt(server: str, why: str) -> InDoubt:
    return InDoubt(
        f"{server} may have accepted the email: {why}.", hint="Look in your Sent folder, then: outreach status"
    )


def _refusal(phase: str, code: int, reply: bytes, server: str) -> Exception:
    said = f"{code} {_text(reply)}".strip()
    if code == 421 or code < 0:
        return Gone(phase, said)
    what = {"MAIL": "the sender", "RCPT": "the recipient"}.get(phase, "the letter")
    permanent = 500 <= code <= 599
    later = "" if permanent else " for now"
    hint = (
        "Correct what it says, then run the same command again."
        if permanent
        else "The next `outreach send` tries it again."
    )
    is_about_sender = permanent and any(sign in said.casefold() for sign in _NOT_AS_SENDER)
    if is_about_sender:
        hint = "Allow your account to send as this address (at your provider), or use an address that it may send as."
    # 530 and 535 say that we are not logged in, and a refused sender is every letter's: each would hear the same.
    return NotSent(
        f"{server} refused {what}{later}: {said[:200]}.",
        hint=hint,
        permanent=permanent,
        phase=phase,
        reply=said,
        stops_run=code in (530, 535) or is_about_sender or (phase == "MAIL" and permanent and not _is_about_size(said)),
    )


def _is_about_size(said: str) -> bool:
    """Whether MAIL was refused for what the letter weighs (RFC 1870): another one may be lighter."""
    return said.startswith("552") or "5.3.4" in said


def _text(reply: bytes) -> str:
    return " ".join(reply.decode("utf-8", "replace").split())


def stuffed(pieces: Iterable[bytes]) -> Iterable[bytes]:
    """The pieces with a dot more on each line that begins with one (RFC 5321, 4.5.2)."""
    at_start = True
    for piece in pieces:
        if b"." in piece and b"\n." in piece:  # base64 has no dot, and one byte is looked for much faster than two
            piece = bytes(piece).replace(b"\n.", b"\n..")
        if at_start and piece[:1] == b".":
            piece = b"." + piece
        at_start = piece[-1:] == b"\n" if piece else at_start
        if piece:
            yield piece


def gathered(pieces: Iterable[bytes]) -> Iterable[bytes]:
    """Small pieces put together, large ones as they are: no attachment is copied."""
    waiting: list[bytes] = []
    size = 0
    for piece in pieces:
        if len(piece) >= ENOUGH:
            if waiting:
                yield b"".join(waiting)
            waiting, size = [], 0
            yield piece
            continue
        waiting.append(piece)
        size += len(piece)
        if size >= ENOUGH:
            yield b"".join(waiting)
            waiting, size = [], 0
    if waiting:
        yield b"".join(waiting)
