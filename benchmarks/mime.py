"""Letters as bytes against the obvious way: one `EmailMessage` per contact.

    python benchmarks/mime.py [ROUNDS]

Both make the same letters, turn about in one process; shown is the median of each and of the
ratios of the pairs. Absolute numbers differ between machines, the ratio hardly does.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from functools import partial

from outreach.letters.mime import EncodedAttachment, Message, as_bytes, build, encode_attachment, message_id

LETTERS = 200
PARAGRAPH = "We write to {name} because free software, used by all and kept by few, needs a home in März.\n\n"


def letter(number: int, attachments: tuple[EncodedAttachment, ...]) -> Message:
    """A letter of about 4 KB as it leaves, text and HTML together."""
    name = f"Förderverein für Infrastruktur Nr. {number}"
    text = PARAGRAPH.format(name=name) * 13
    return Message(
        sender_name="Alex Example",
        sender_email="alex@example.org",
        reply_to="replies@example.org",
        recipient_name=name,
        recipient_email=f"info{number}@verein.example",
        subject="Open infrastructure: a short request",
        message_id=message_id("alliance", "lobbying", str(number), 0, "example.org"),
        extra_headers=(("X-Unsent", "1"),),
        text=text,
        html="".join(f"<p>{paragraph}</p>\n" for paragraph in text.split("\n\n")),
        attachments=attachments,
    )


def the_obvious_way(message: Message, files: tuple[tuple[str, bytes], ...]) -> bytes:
    mail = EmailMessage(policy=policy.SMTP)
    user, _, domain = message.sender_email.partition("@")
    mail["From"] = Address(message.sender_name, user, domain)
    user, _, domain = message.recipient_email.partition("@")
    mail["To"] = Address(message.recipient_name, user, domain)
    mail["Reply-To"] = message.reply_to
    mail["Subject"] = message.subject
    mail["Message-ID"] = message.message_id
    mail["References"] = " ".join(message.thread)
    for name, value in message.extra_headers:
        mail[name] = value
    mail.set_content(message.text)
    if message.html is not None:
        mail.add_alternative(message.html, subtype="html")
    for name, content in files:
        mail.add_attachment(content, maintype="application", subtype="pdf", filename=name)
    return mail.as_bytes()


def seconds(make: Callable[[Message], object], letters: list[Message]) -> float:
    start = time.perf_counter()
    for each in letters:
        make(each)
    return time.perf_counter() - start


def compare(title: str, rounds: int, files: tuple[tuple[str, bytes], ...]) -> None:
    attachments = tuple(encode_attachment(name, content) for name, content in files)
    obvious = partial(the_obvious_way, files=files)
    turns = []
    for turn in range(rounds):
        letters = [letter(turn * LETTERS + number, attachments) for number in range(LETTERS)]
        turns.append([seconds(make, letters) for make in (build, as_bytes, obvious)])
    built, joined, slow = (statistics.median(column) / LETTERS * 1e6 for column in zip(*turns, strict=True))
    ratio = statistics.median(turn[2] / turn[0] for turn in turns)
    print(f"{title}: {ratio:.0f}x")
    print(f"  EmailMessage {slow:.0f} us, build {built:.0f} us, as_bytes {joined:.0f} us a letter")


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    size = len(as_bytes(letter(0, ())))
    compare(f"text and HTML, {size} bytes", rounds, ())
    compare("with a PDF of 230 kB", rounds, (("policy-brief.pdf", bytes(range(256)) * 900),))


if __name__ == "__main__":
    main()
