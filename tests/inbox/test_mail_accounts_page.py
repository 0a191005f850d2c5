"""docs/mail-accounts.md shows what really comes: its transcripts are run again, on servers with the providers' names.

Postfix, Dovecot and the authorization server are real, and on this computer. A line beginning with `$` is a
command; what stands below it is what it prints. `python -m tests.inbox.test_mail_accounts_page` prints them again.
"""

from __future__ import annotations

import io
import re
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from outreach.cli import accounts
from outreach.cli.main import main
from tests.sending.test_access import in_background
from tests.servers.authorization import CLIENT, CLIENT_SECRET, authorizing, put_key
from tests.servers.realmail import RealMail, real_mail, what_is_missing

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "mail-accounts.md"
LIST = "name,email\nBee Friends of Brabant,info@bee-friends.example\n"
LETTER = """\
# Email template

Subject: Hedges for [Organisation]

Dear [Organisation] team,

would you look at a plan for three kilometres of hedges?

Best regards,
[Your name]
"""


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody with a mailbox at a provider: what they type, and the page that outreach opens."""

    auth: str
    user: str
    smtp: str
    imap: str
    types: tuple[str, ...]
    page: str


PEOPLE = {
    "google": Person(
        auth="google", user="alex.example@gmail.com", smtp="smtp.gmail.com", imap="imap.gmail.com",
        types=(CLIENT, CLIENT_SECRET), page="https://accounts.google.com/o/oauth2/v2/auth",
    ),
    "microsoft": Person(
        auth="microsoft", user="alex.example@outlook.com", smtp="smtp-mail.outlook.com", imap="outlook.office365.com",
        types=(CLIENT, ""), page="https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
    ),
}  # fmt: skip


def name_the_sender(root: Path, person: Person) -> None:
    config = root / "campaign.yaml"
    text = re.sub(r'"\[Your name\]" .*', "Alex Example", config.read_text())
    config.write_text(re.sub(r"you@example.org .*", person.user, text).replace("[Your name]", "Alex Example"))


def add_the_account(root: Path, person: Person) -> None:
    """The lines that `login mail` proposed, with `auth: google` in the place of an app password."""
    config = root / "campaign.yaml"
    lines = re.search(r"^accounts:\n(?:  .*\n)+", config.with_name("proposed").read_text(), re.MULTILINE)
    assert lines
    config.with_name("proposed").unlink()
    config.write_text(
        config.read_text() + lines[0].replace("# auth: google   # instead of an app password", "auth: google")
    )


Write = Callable[[Path, Person], None]
STEPS: list[tuple[str, Write | None]] = [
    ("outreach init bees --from organisations.csv letter.md", None),
    ("outreach check", name_the_sender),
    ("outreach login mail", None),
    ("outreach login mail", add_the_account),
    ("outreach doctor", None),
    ("outreach test bee-friends-of-brabant", None),
    ("outreach doctor", None),
]
"""Each command, and what the person writes into campaign.yaml before it."""
LOGIN = slice(2, 4)
"""The steps that differ from provider to provider."""


@contextmanager
def servers_of(person: Person, folder: Path) -> Iterator[RealMail]:
    """The provider's mail servers and its authorization server, as far as this process can tell."""
    names, domain = (person.smtp, person.imap), person.user.partition("@")[2]
    with (
        real_mail(domain, "bee-friends.example", names=names) as mail,
        authorizing(person.auth, servers=frozenset(names)) as provider,
        pytest.MonkeyPatch.context() as patch,
    ):
        mail.add_user(person.user, "no-password-is-used")
        put_key(provider, mail.folder)
        provider.user = person.user
        here, known = {(names[0], 587): mail.submission, (names[1], 993): mail.imaps}, socket.getaddrinfo

        def look_up(host: Any, port: Any = None, *args: Any, **keys: Any) -> Any:
            if (host, port) in here:
                return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", here[host, port]))]
            return known(host, port, *args, **keys)

        patch.setattr(socket, "getaddrinfo", look_up)
        patch.setenv("SSL_CERT_FILE", str(mail.ca))
        patch.setenv("OUTREACH_SECRETS", str(folder / "secrets.json"))
        patch.setattr("outreach.connections.browser.has_screen", lambda: True)
        patch.setattr("outreach.connections.browser.webbrowser.open", in_background)
        patch.setattr(accounts, "asked", typed(list(person.types)))
        patch.setattr(sys, "stdin", io.StringIO())
        patch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
        yield mail


def typed(answers: list[str]) -> Callable[..., str]:
    """What the person types, and what the terminal shows of it."""

    def asked(question: str, *, hidden: bool = False, **_: Any) -> str:
        answer = answers.pop(0)
        print(f"{question}:" + ("" if hidden or not answer else f" {answer}"))
        return answer

    return asked


def shown(command: str) -> str:
    """Everything that a command prints, as a terminal shows it."""
    screen = io.StringIO()
    with redirect_stdout(screen), redirect_stderr(screen), suppress(SystemExit), pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", command.split())
        main()
    return screen.getvalue()


def transcripts(person: Person, folder: Path) -> list[str]:
    """Each command and what it printed."""
    (folder / "organisations.csv").write_text(LIST)
    (folder / "letter.md").write_text(LETTER)
    said = []
    with servers_of(person, folder) as mail, pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for command, write in STEPS:
            if write:
                write(folder / "bees", person)
            printed = shown(command)
            if "init" in command:
                patch.chdir(folder / "bees")
                printed += "\n$ cd bees\n"
            if "Add to campaign.yaml" in printed:
                proposed = "\n".join(line for line in printed.splitlines() if line.startswith(("accounts:", "  ")))
                (folder / "bees" / "proposed").write_text(proposed + "\n")
            mail.drain()
            said.append(cleaned(f"$ {command}\n{printed}", folder, person))
    return said


def cleaned(text: str, folder: Path, person: Person) -> str:
    """Without what is another each time: where the test lies, the query of the page, the queue of the server."""
    text = text.replace(str(folder / "secrets.json"), "~/.config/outreach/secrets.json")
    text = re.sub(r"http://localhost:\d+/authorize\?\S+", f"{person.page}?...", text)
    text = re.sub(r"queued as \w+", "queued as ...", text)
    return "\n".join(line.rstrip() for line in text.splitlines())


def on_the_page(person: Person, folder: Path) -> str:
    """The transcript that the page shows for somebody at that provider."""
    said = transcripts(person, folder)
    return "\n\n".join(said if person.auth == "google" else said[LOGIN])


@pytest.mark.parametrize("auth", PEOPLE)
def test_the_page_shows_what_the_commands_print(tmp_path: Path, auth: str) -> None:
    if why := what_is_missing():
        pytest.skip(why)
    blocks = re.findall(r"```console\n(.*?)\n```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert on_the_page(PEOPLE[auth], tmp_path) in blocks


if __name__ == "__main__":
    for each in PEOPLE.values():
        with tempfile.TemporaryDirectory() as somewhere:
            print(f"```console\n{on_the_page(each, Path(somewhere).resolve())}\n```\n")
