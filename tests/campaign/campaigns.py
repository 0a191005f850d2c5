"""Small campaign folders for the tests of the loaders."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from outreach.model.problem import Problem

CAMPAIGN = """\
id: alliance
title: Digital Infrastructure Alliance
language: en
timezone: Europe/Brussels
sender:
  name: Alex Example
  email: alex@example.org
  reply_to: replies@example.org
  signature: |
    Alex Example
    Alliance
  postal_address: 1 Example Street
attachments:
  brief: {file: materials/policy-brief.pdf, version: "1.1"}
  map: materials/map.png
links: {brief: https://example.org/brief, post: }
facts: {annual_funding: EUR 200-300 million, year: 2026, code: 01067}
accounts:
  mail:
    transport: smtp
    host: mail.example.org
    port: 587
    security: starttls
    user: alex
    inbox: {imap: mail.example.org, user: alex, folders: [INBOX, Sent]}
  bluesky: {service: https://bsky.social, handle: alliance.example.org}
  mastodon: {server: https://fosstodon.org}
calendar:
  days: [tue, wed, thu]
  hours: 09:00-17:00
  holidays: [BE]
  avoid:
    - {from: 12-24, to: 01-01, why: holiday period}
  prefer:
    - {from: 01-02, to: 01-15}
  recipient_time: false
pace: {per_hour: 10, gap: 60s-90s}
waves:
  - id: lobbying
    to: "tier == 0"
    template: advocacy
    start: 2026-01-13
    until: 2026-03-31
    needs: "decision('reddit') in ['go', 'go-strong']"
    follow_up: {times: 2, needs: "count('answered') < 3"}
  - id: community
    to: "tier == 2"
    template: [{if: "'research' in tags", use: research}, {use: advocacy}]
    after: {wave: lobbying, delay: 5d, or: "contacts['ofe'].answered"}
    follow_up: false
    pace: {per_day: 5}
    again: yes
  - id: press
    to: "kind == 'media'"
    template: media
    after: lobbying + 2w
follow_up: {after: 14d, template: follow-up, to: "kind != 'person'"}
decisions:
  - {id: reddit, ask: Go to the organisations?, after: r-linux + 3d, by: 2026-01-12, choices: [stop, go, go-strong]}
approval: none
legal: {basis: legitimate-interest, interest: asking them, assessment: docs/assessment.md, on: 2026-01-05, \
keep_for: 2y, sender: organisation, political_advertising: {assessed: no, why: an opinion, by: Alex, on: 2026-01-05}, \
lobby_registers: {DE: R001234, IE: "exempt: we employ nobody"}}
transparency_id: null
goals: [{name: tier 0 answered, is: "count('answered', tier=0)", target: 2, by: 2026-02-15}]
fill_links: [README.md]
suppressions: suppressed.txt
team: [pat@partner.example, "@friends.example"]
people: [{name: Pat Partner, email: pat@partner.example, roles: [write, send]}]
login: {issuer: https://id.example.org, client_id: outreach}
languages: {fallback: [en]}
senders: {maria: {name: Maria Lima, email: maria@example.org}}
repository: private
"""

CONTACTS = """\
- id: openforum-europe
  name: Open Forum Europe
  short: OFE
  was: ofe
  kind: organisation
  eu: false
  tier: 0
  tags: [brussels, policy]
  country: BE
  language: en
  timezone: Europe/Brussels
  website: https://openforumeurope.example
  owner: maria
  imported_from: list.csv line 3
  channels:
    - {email: policy@OpenForumEurope.example, role: policy}
    - {form: "https://openforumeurope.example/contact/"}
    - {mastodon: "@ofe@eupolicy.example"}
    - {bluesky: ofe.example}
  people:
    - {name: Maria Example, role: Director, email: m@ofe.example}
  personal_text: >-
    Your study began
    all this.
  internal_notes: They prefer the phone.
  found_at: their site
  collected_on: 2025-12-14
  do_not_contact: false
  not_before: 2025-12-15
  public_statement: {quote: We agree, url: https://ofe.example/we, agreed_on: 2026-01-02}
  attachments: [brief]
  fields: {postcode: 01067, members: 12, opens: 12:30, open: true, state: NO}
- name: Krügers Büro
  via: openforum-europe
"""

TEMPLATE = """\
---
subject: "A proposal for {{ contact.name }}"
attachments: [brief]
roles: [policy, general]
reply_to: other@example.org
format: text
unsubscribe: no
mentions: [openforum-europe]
---
Dear {{ contact.name }},
"""

POST = """\
---
networks: [bluesky, mastodon]
at: 2026-01-06 14:00
after: {post: other, delay: 2d}
needs: "decision('reddit') == 'go'"
hashtags: {bluesky: ["#OpenSource"], mastodon: [OpenSource, FOSS]}
media:
  - {file: materials/map.png, alt: A map, focus: "0.5,-0.2"}
card: https://example.org/brief
language: en
content_warning: politics
visibility: unlisted
split: auto
---
One.
---
Two.
"""

SAMPLE = {
    "campaign.yaml": CAMPAIGN,
    "contacts/all.yaml": CONTACTS,
    "templates/advocacy.md": TEMPLATE,
    "posts/start.md": POST,
    "posts/other.md": "---\nnetworks: reddit\ncommunity: r/linux\ntitles: A title\n---\nText\n",
}


def write(root: Path, files: dict[str, str | bytes] | dict[str, str]) -> Path:
    """The files under `root`, which is returned."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return root


def told(problems: Iterable[Problem]) -> list[tuple[str, int, str, str]]:
    """File, line, code and what is blocked, of each Problem."""
    return [(p.file, p.line, p.code, p.about) for p in problems]
