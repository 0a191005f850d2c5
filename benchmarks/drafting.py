"""`outreach draft` of a whole campaign, against the obvious way and against the disk.

Three ways, in turn, in fresh folders, in one run: `draft`; Jinja2, then Markdown, then
`EmailMessage` for each contact (as mail mergers do it), writing one file each; and a bare loop
that writes files of the same sizes as `draft` does, which is the limit. Medians of pairs.
"""

from __future__ import annotations

import csv
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from email import policy
from email.message import EmailMessage
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import jinja2
import markdown

from outreach.tasks.drafting import Wanted, draft

CONTACTS = 2_000
ROUNDS = 3
CAMPAIGN = """\
id: bench
title: Bench
sender: {name: Alex Example, email: alex@example.org}
waves: [{id: all, to: "tier == 0", template: letter}]
legal: {basis: legitimate-interest}
"""
BODY = """\
Dear {{ contact.name }} team,

{{ contact.personal_text }}

We have **three** questions:

- Is it right?
- Is it [useful](https://example.org/?who={{ contact.id }})?
- What is missing for {{ contact.website }}?

> Somebody said this, and it is worth repeating in a letter of this length.

{% if contact.tier == 0 %}You are among the first to read this.{% else %}Others read it before.{% endif %} It costs
little, and we would like to hear what you think about it when you have ten minutes to spare.

Best regards,
{{ sender.name }}
"""
SUBJECT = "A proposal for {{ contact.name }}"


def rows() -> list[dict[str, str]]:
    return [
        {
            "id": f"organisation-{number}",
            "name": f"Organisation {number}",
            "email": f"info@organisation-{number}.example",
            "tier": "0",
            "personal_text": f"Your work on river number {number} is where this began.",
            "website": f"https://organisation-{number}.example",
        }
        for number in range(CONTACTS)
    ]


def ours(folder: Path) -> None:
    draft(folder, Wanted())


def the_obvious_way(folder: Path) -> None:
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined)
    body, subject = environment.from_string(BODY), environment.from_string(SUBJECT)
    sender = {"name": "Alex Example"}
    (folder / "plain").mkdir()
    with (folder / "contacts/all.csv").open(newline="", encoding="utf-8") as table:
        for row in csv.DictReader(table):
            contact = {**row, "tier": int(row["tier"])}
            text = body.render(contact=contact, sender=sender)
            message = EmailMessage(policy=policy.SMTP)
            message["From"] = "Alex Example <alex@example.org>"
            message["To"] = f"{row['name']} <{row['email']}>"
            message["Subject"] = subject.render(contact=contact)
            message.set_content(text)
            message.add_alternative(markdown.markdown(text), subtype="html")
            (folder / "plain" / f"{row['id']}.eml").write_bytes(message.as_bytes())


def the_disk_alone(folder: Path, sizes: list[int]) -> None:
    (folder / "bare").mkdir()
    for number, size in enumerate(sizes):
        (folder / "bare" / str(number)).write_bytes(b"x" * size)


def campaign_in(folder: Path) -> None:
    for name in ("contacts", "templates"):
        (folder / name).mkdir()
    (folder / "campaign.yaml").write_text(CAMPAIGN, encoding="utf-8")
    (folder / "templates/letter.md").write_text(f'---\nsubject: "{SUBJECT}"\n---\n{BODY}', encoding="utf-8")
    with (folder / "contacts/all.csv").open("w", newline="", encoding="utf-8") as table:
        writer = csv.DictWriter(table, fieldnames=list(rows()[0]))
        writer.writeheader()
        writer.writerows(rows())


def seconds(work: Callable[[], None]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def main() -> None:
    peers, limits = [], []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            campaign_in(folder)
            own = seconds(lambda folder=folder: ours(folder))
            sizes = [path.stat().st_size for path in sorted((folder / "drafts").rglob("*")) if path.is_file()]
            peer = seconds(lambda folder=folder: the_obvious_way(folder))
            limit = seconds(lambda folder=folder, sizes=sizes: the_disk_alone(folder, sizes))
            peers.append(peer / own)
            limits.append(own / limit)
            print(f"{CONTACTS / own:6.0f} letters/s; the obvious way {CONTACTS / peer:6.0f}/s")
    print(f"draft is {statistics.median(peers):.1f} times as fast as the obvious way,")
    print(f"and takes {statistics.median(limits):.1f} times as long as writing the same files takes")


if __name__ == "__main__":
    main()
