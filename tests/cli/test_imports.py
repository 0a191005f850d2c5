"""Which modules a command may import: start-up is what a person waits for most often.

Measured with `python -X importtime`; the figures stand in docs/speed.md. A command imports only what it uses, and where
nothing has changed it reads and checks nothing again.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.acceptance.campaign import write_campaign
from tests.acceptance.command import NOW
from tests.sending.campaigns import write_campaign as small_campaign

READING = {"pydantic", "pydantic_core", "yaml", "ruamel", "email_validator", "pypdf", "PIL"}
SLOW = {"babel", "holidays", "rich", "httpx", "requests", "atproto", "mastodon", "imapclient", "keyring", "starlette",
        "asyncio", "smtplib", "tomllib", "psycopg", "psycopg_pool", "procrastinate", "asgiref"}  # fmt: skip
WRITING = {"markdown", "nh3", "css_inline"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A campaign that was looked at before: the first time made its records, the second kept what it read there."""
    root = write_campaign(tmp_path_factory.mktemp("warm") / "campaign")
    imported("status", root)
    imported("status", root)
    return root


def imported(command: str, folder: Path) -> set[str]:
    """The packages from outside and our rooms that are imported when the command ends."""
    script = (
        "import sys\nfrom outreach.cli.main import main\n"
        f"code = main({command.split()!r})\n"
        "print('IMPORTED', *{n.split('.')[0] for n in sys.modules}, *(n for n in sys.modules if n[:9] == 'outreach.'))"
    )
    environment = {"OUTREACH_CAMPAIGN": str(folder), "OUTREACH_NOW": NOW, "XDG_CONFIG_HOME": str(folder.parent)}
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environment)
    return set(run.stdout.rpartition("IMPORTED")[2].split())


@pytest.mark.parametrize("command", ["--version", "--help"])
def test_what_reads_no_file_imports_no_reader_of_files(command: str, folder: Path) -> None:
    found = imported(command, folder)
    assert not found & (READING | SLOW | WRITING | {"jinja2", "sqlite3", "regex"})


@pytest.mark.parametrize("command", ["--version", "--help"])
def test_help_and_version_are_said_without_the_commands(command: str, folder: Path) -> None:
    found = imported(command, folder)
    assert {each for each in found if each.startswith("outreach.cli.")} == {
        "outreach.cli.commands", "outreach.cli.looking", "outreach.cli.main", "outreach.cli.options",
        "outreach.cli.output", "outreach.cli.plain_values", "outreach.cli.terminal",
    }  # fmt: skip


@pytest.mark.parametrize("words", ["--json --campaign {}", "--campaign {} agenda", "--campaign={} --json agenda"])
def test_options_before_a_command_build_no_other_command(words: str, folder: Path) -> None:
    assert "outreach.cli.sending" not in imported(words.format(folder), folder)


@pytest.mark.parametrize("command", ["status", "status --json", "agenda", "agenda --json", "show rio-livre"])
def test_where_nothing_changed_nothing_is_read_again(command: str, folder: Path) -> None:
    found = imported(command, folder)
    assert not found & (READING | SLOW | WRITING)
    assert "outreach.tasks.reading_campaign" not in found


def test_today_makes_no_letter_that_is_known_to_render(folder: Path) -> None:
    found = imported("", folder)
    assert not {each for each in found if each.startswith(("outreach.letters.merger", "outreach.letters.markup"))}


def test_status_imports_neither_the_letters_nor_the_checks(folder: Path) -> None:
    found = imported("status", folder)
    assert not {each for each in found if each.startswith(("outreach.letters", "outreach.checking", "outreach.mail"))}


def test_a_sync_without_posts_imports_nothing_that_publishes_or_renders(tmp_path: Path) -> None:
    (tmp_path / "mailbox").mkdir()
    found = imported("sync", small_campaign(tmp_path, mail="{inbox: {folder: mailbox}}"))
    assert not {each for each in found if each.startswith("outreach.tasks.publishing")}
    assert not found & {"outreach.letters.merger", "outreach.tasks.approving", "markdown", "httpx"}
    assert "outreach.tasks.looking" not in found
