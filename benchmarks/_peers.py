"""What the benchmarks share: one campaign in our files and in mailmerge's, processes that are measured, and mailmerge.

mailmerge 2.3.0 is taken from $MAILMERGE, from PATH, or put into a virtual environment of its own in a temporary folder.
"""

from __future__ import annotations

import csv
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
VERSION = "2.3.0"
PDF = 230_000
"""Bytes of the attachment."""
COLUMNS = "id name email country tier language city website personal_text topic members founded".split()
SUBJECT = "A proposal for {{ contact.name }}"
BODY = """\
Dear {{ contact.name }} team,

{{ contact.personal_text }} I am a Linux user, not a policy professional, and I would like to ask for your judgement.

The idea: democracies found a **joint fund for open source maintenance** by treaty, each paying by the size of its
economy. Germany's Sovereign Tech Fund is the model:

- maintainers are paid for maintenance, not for features
- audits and bug bounties are paid for the libraries that everybody uses and nobody owns
- no project has to become a company for it

{% if contact.tier == 0 %}You are among the first to read this, because you wrote about {{ contact.fields.topic }}.{% \
else %}Others in {{ contact.fields.city }} read it before, and said that {{ contact.fields.topic }} is yours.{% endif %}

The brief is [on our page](https://example.org/brief?who={{ contact.id }}), and what it means for you at \
{{ contact.website }}, too.

> People looked for weak points first, and found some; they are listed on the last page of the brief.

{% if contact.country == 'DE' %}In Germany the parliament has asked for it twice.{% endif %}

Does it add anything to your work, and what would have to change before you could use it? A plain "no" helps me too.
Everything is under CC BY 4.0, so take what you can use, change it, and say nothing if you like; an answer of one line
is as welcome as a page of *objections*, in the language that you like best, whenever you have ten minutes to spare.

Thank you,
{{ sender.name }}
"""
CAMPAIGN = """\
id: bench
title: Bench
timezone: Europe/Brussels
sender: {{name: Alex Example, email: alex@example.org}}
accounts: {{mail: {account}}}
pace: {{gap: 0s, per_hour: 100000, per_day: 100000, per_domain_per_hour: 100000}}
waves: [{{id: all, to: "tier <= 2", template: letter}}]
legal: {{basis: legitimate-interest, interest: asking}}
attachments: {{{attachments}}}
"""


class Took(NamedTuple):
    """Seconds on the wall, seconds of the processor, and the most memory in MB, of one process."""

    wall: float
    cpu: float
    memory: int


def row(number: int) -> list[str]:
    """A contact; every tenth has a name beyond ASCII."""
    name = f"Förderverein {number} & Söhne" if number % 10 == 9 else f"Organisation {number}"
    return [
        *(f"organisation-{number}", name, f"info@organisation-{number}.example", ("DE", "FR", "PT", "NL")[number % 4]),
        *(str(number % 3), "en", f"City {number}", f"https://organisation-{number}.example/about"),
        f"Your work on river number {number} is where this began, and we remember it well.",
        *(("rivers", "lakes", "seas")[number % 3], str(100 + number), str(1950 + number % 70)),
    ]


def write_both(folder: Path, contacts: int, *, pdf: bool = False, port: int = 2525) -> None:
    """The same campaign for us (`ours/`) and for mailmerge (`mm/`)."""
    ours, theirs = folder / "ours", folder / "mm"
    for each in (ours / "contacts", ours / "templates", theirs):
        each.mkdir(parents=True)
    for path in (ours / "contacts" / "all.csv", theirs / "mailmerge_database.csv"):
        with path.open("w", newline="", encoding="utf-8") as table:
            csv.writer(table).writerows([COLUMNS, *map(row, range(contacts))])
    account = f"{{transport: smtp, host: 127.0.0.1, port: {port}, insecure_loopback: true}}"
    attached = "attachments: [brief]\n" if pdf else ""
    named = CAMPAIGN.format(account=account, attachments="brief: brief.bin" if pdf else "")
    (ours / "campaign.yaml").write_text(named, encoding="utf-8")
    (ours / "templates" / "letter.md").write_text(f'---\nsubject: "{SUBJECT}"\n{attached}---\n{BODY}', "utf-8")
    if pdf:
        (ours / "brief.bin").write_bytes(os.urandom(PDF))
        shutil.copy(ours / "brief.bin", theirs)
    (theirs / "mailmerge_server.conf").write_text(f"[smtp_server]\nhost = 127.0.0.1\nport = {port}\n", "utf-8")
    head = f"TO: {{{{name}}}} <{{{{email}}}}>\nSUBJECT: {as_theirs(SUBJECT)}\nFROM: Alex Example <alex@example.org>\n"
    kind = "ATTACHMENT: brief.bin\n" if pdf else ""
    text = f"{head}{kind}Content-Type: text/markdown\n\n{as_theirs(BODY)}"
    (theirs / "mailmerge_template.txt").write_text(text, encoding="utf-8")


def as_theirs(text: str) -> str:
    """Our template in mailmerge's words: its columns are names, and its values texts."""
    for ours, theirs in (
        ("contact.fields.", ""),
        ("contact.", ""),
        ("sender.name", "'Alex Example'"),
        ("== 0", "== '0'"),
    ):
        text = text.replace(ours, theirs)
    return text


def bare(folder: Path) -> None:
    """The limit: read the CSV, render one Jinja2 template for each row, write one file for each."""
    import jinja2

    out = folder / "bare"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    source = (folder / "mm" / "mailmerge_template.txt").read_text(encoding="utf-8")
    template = jinja2.Environment(undefined=jinja2.StrictUndefined).from_string(source)
    with (folder / "mm" / "mailmerge_database.csv").open(newline="", encoding="utf-8") as table:
        for values in csv.DictReader(table):
            (out / f"{values['id']}.eml").write_bytes(template.render(values).encode())


def mailmerge() -> str:
    """Where mailmerge is, made if need be."""
    found = os.environ.get("MAILMERGE") or shutil.which("mailmerge")
    if found:
        return found
    place = Path(tempfile.gettempdir()) / f"mailmerge-{VERSION}"
    if not (place / "bin" / "mailmerge").exists():
        subprocess.run([sys.executable, "-m", "venv", place], check=True)
        subprocess.run([place / "bin" / "pip", "install", "-q", f"mailmerge=={VERSION}"], check=True)
    return str(place / "bin" / "mailmerge")


def process(words: Sequence[str | Path], *, cwd: Path | None = None) -> Took:
    """Run a program to its end. Raises RuntimeError where it fails."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # what pip installs is compiled
    began = perf_counter()
    running = subprocess.Popen(
        [str(word) for word in words], cwd=cwd, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, used = os.wait4(running.pid, 0)
    running.returncode = os.waitstatus_to_exitcode(status)
    if running.returncode not in (0, 1):
        raise RuntimeError(f"{words[0]} ended with {running.returncode}")
    return Took(perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss // 1024)


def outreach(folder: Path, *words: str) -> Took:
    """One command of ours over a campaign folder."""
    return process([sys.executable, "-m", "outreach", *words, "--campaign", folder])


def bare_process(folder: Path) -> Took:
    """`bare` in a process of its own."""
    code = f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r}); import _peers, pathlib; "
    return process([sys.executable, "-c", f"{code}_peers.bare(pathlib.Path({str(folder)!r}))"])


def in_turns(rounds: int, **ways: Callable[[], Took]) -> dict[str, list[Took]]:
    """Each way once in every round, so that what else the computer does falls on all of them."""
    found: dict[str, list[Took]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, work in ways.items():
            found[name].append(work())
    return found


def ratio(one: Sequence[Took], other: Sequence[Took]) -> str:
    """How many times as long `one` took as `other`, median of the pairs: on the wall, and of the processor."""
    wall = statistics.median(a.wall / b.wall for a, b in zip(one, other, strict=True))
    cpu = statistics.median(a.cpu / b.cpu for a, b in zip(one, other, strict=True))
    return f"{wall:.2f} ({cpu:.2f} of the processor)"
