"""No letter contains a word that belongs to another contact, whatever the campaign."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from .command import outreach
from .mail import everything, read_letter

EXAMPLES = int(os.environ.get("OUTREACH_CANARY_EXAMPLES", "200"))
FIELDS = ("short", "personal_text", "internal_notes", "found_at", "website", "owner", "quote")
PLAIN = some.text(
    some.characters(min_codepoint=0x20, max_codepoint=0x1F9FF, exclude_categories=("C", "Zl", "Zp", "Zs")),
    min_size=0,
    max_size=12,
)
SNIPPETS = (
    "Dear {{ contact.name }},",
    "{{ contact.personal_text | default('We wrote to nobody else like this.') }}",
    "{% if contact.short is defined %}**{{ contact.short }}** is short{% endif %}",
    "{% for tag in contact.tags | default([]) %}\n- {{ tag | upper }}\n{% endfor %}",
    "{% set both = contact.name ~ ' & ' ~ contact.id %}{{ both }}: {{ both | length }}",
    "{% if (contact.fields | default({})).note is defined %}> {{ contact.fields.note }}{% endif %}",
    "{% if contact.website is defined %}[your page]({{ contact.website }}){% endif %}",
    "{{ contact.name[:4] }} and {{ contact.name | upper | reverse }}",
    "{% macro greet(who) %}*{{ who }}*{% endmacro %}{{ greet(contact.name) }}",
    "{% filter upper %}{{ contact.personal_text | default('nothing') }}{% endfilter %}",
    "1. {{ contact.name }}\n2. `{{ contact.id }}`",
    "Wave {{ wave.id }}, step {{ step }}, {{ campaign.title }}",
)  # fmt: skip


def canary(number: int, field: str) -> str:
    return f"zq{number:02d}{field}qz"


@some.composite
def contacts(draw: some.DrawFn) -> list[dict[str, Any]]:
    """Two to five contacts, every value of which carries a word of its own."""
    found = []
    for number in range(draw(some.integers(2, 5))):
        contact: dict[str, Any] = {
            "id": f"c{number}-{canary(number, 'id')}",
            "name": f"N{canary(number, 'name')} {draw(PLAIN)}".strip(),
            "kind": draw(some.sampled_from(["organisation", "media", "person"])),
            "channels": [{"email": f"{canary(number, 'box')}@{canary(number, 'host')}.example"}],
        }
        for field in draw(some.sets(some.sampled_from(["short", "personal_text", "internal_notes", "found_at"]))):
            contact[field] = f"{canary(number, field)} {draw(PLAIN)} end"
        if draw(some.booleans()):
            contact["website"] = f"https://{canary(number, 'site')}.example/?a=1&b=2"
        if draw(some.booleans()):
            contact["fields"] = {"note": f"{canary(number, 'note')} {draw(PLAIN)}"}
        if draw(some.booleans()):
            contact["tags"] = [f"t{canary(number, 'tag')}", "common"]
        if draw(some.booleans()):
            contact["people"] = [
                {"name": canary(number, "person"), "email": f"{canary(number, 'mate')}@x{number}.example"}
            ]
        found.append(contact)
    return found


def write(folder: Path, people: list[dict[str, Any]], bodies: list[list[str]]) -> None:
    waves = [
        {"id": kind, "to": f"kind == '{kind}'", "template": kind, "start": "2026-03-03"}
        for kind in ("organisation", "media", "person")
    ]
    campaign = {
        "id": "canaries", "title": "Canaries", "language": "en", "timezone": "Europe/Lisbon", "waves": waves,
        "sender": {"name": "Us", "email": "us@ours.example", "signature": "Us"},
    }  # fmt: skip
    (folder / "contacts").mkdir()
    (folder / "templates").mkdir()
    (folder / "campaign.yaml").write_text(json.dumps(campaign), encoding="utf-8")  # JSON is YAML
    (folder / "contacts/all.yaml").write_text(json.dumps(people, ensure_ascii=False), encoding="utf-8")
    for wave, snippets in zip(waves, bodies, strict=True):
        text = '---\nsubject: "For {{ contact.name }}"\n---\n' + "\n\n".join(["Hello.", *snippets]) + "\n"
        (folder / f"templates/{wave['template']}.md").write_text(text, encoding="utf-8")


LETTERS_SEEN = {"examples": 0, "letters": 0}


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(
    people=contacts(),
    bodies=some.lists(some.lists(some.sampled_from(SNIPPETS), max_size=5), min_size=3, max_size=3),
)
def test_no_letter_contains_a_word_of_another_contact(people: list[dict[str, Any]], bodies: list[list[str]]) -> None:
    LETTERS_SEEN["examples"] += 1
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, people, bodies)
        answer = outreach("draft", "--json", folder=folder)
        assert answer.code in (0, 1), answer.err
        for entry in answer.json["letters"]:
            LETTERS_SEEN["letters"] += 1
            shown = everything(read_letter(folder / entry["path"]))
            readable = (folder / entry["path"]).with_suffix(".md").read_text(encoding="utf-8").lower()
            own = int(entry["contact"][1])
            assert canary(own, "name") in shown
            for other in range(len(people)):
                for text in (shown, readable) if other != own else ():
                    assert f"zq{other:02d}" not in text
                    assert f"zq{other:02d}"[::-1] not in text
            assert canary(own, "context") not in shown
            assert canary(own, "person") not in shown


def test_most_generated_letters_were_really_made() -> None:
    """Guards the test above: letters that are refused prove nothing."""
    assert LETTERS_SEEN["letters"] >= LETTERS_SEEN["examples"]
