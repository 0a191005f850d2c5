"""A finished example campaign: three invented contacts, one email, one post. Nothing in it can reach anyone."""

from __future__ import annotations

from pathlib import Path

from outreach import storage
from outreach.errors import raising_cannot_write
from outreach.tasks.importing.beginning import init

_FILES = {
    "campaign.yaml": """\
id: example
title: More Hedges (an example)
language: en
timezone: Europe/Brussels

sender:
  name: Ana Example
  email: ana@hedges.example
  signature: |
    Ana Example
    More Hedges

# Emails are written into outbox/ and reach nobody; so do all addresses that end in .example.
accounts:
  mail: {transport: outbox, inbox: {folder: mailbox}}

waves:
  - {id: first, to: "tier <= 2", template: hello}

decisions:
  - {id: councils, ask: Do we write to the councils as well?, choices: ["yes", "no"]}
""",
    "contacts/bees.yaml": """\
id: bees
name: Bees Belgium
tier: 1
country: BE
tags: [nature]
channels: [{email: info@bees.example}]
personal_text: Your count of wild bees last spring is why we write to you first.
""",
    "contacts/trees.yaml": """\
id: trees
name: Friends of Trees
tier: 2
country: IE
tags: [nature]
channels: [{email: hello@trees.example}]
personal_text: You planted four kilometres of hedges in a year. How did you find the land?
""",
    "contacts/council.yaml": """\
id: council
name: Green Valley Council
kind: institution
tier: 3
missing: the address of the parks department
""",
    "templates/hello.md": """\
---
subject: Four measures for more hedges
---
Dear {{ contact.name }} team,

{{ contact.personal_text }}

We ask the region for four measures that cost little and bring hedges back. Would you support them?

{{ sender.signature }}
""",
    "posts/hedges.md": """\
---
networks: [bluesky, mastodon]
at: 2030-03-21 09:00
---
A hedge holds water, birds and fields together. We ask for four measures to bring hedges back. #Hedges
""",
}


def example(folder: Path) -> None:
    """Make the example in an empty folder. Raises NotANewFolder, CannotWrite."""
    init(folder, [])
    for name, text in _FILES.items():
        with raising_cannot_write(name):
            storage.write(folder, name, [text.encode("utf-8")], storage.SHARED, durable=False)
