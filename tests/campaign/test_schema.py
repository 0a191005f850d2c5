"""The schemas an editor checks with are those of the loaders."""

from __future__ import annotations

import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from outreach.campaign.definitions.campaign import CampaignKeys
from outreach.campaign.schema import KINDS, json_schema
from outreach.campaign.strict_yaml import Mapping, Node, Scalar, Sequence, read_yaml
from outreach.errors import UnknownName
from tests.campaign.campaigns import CAMPAIGN, CONTACTS, POST, TEMPLATE
from tests.campaign.variations import LOOKUPS


def in_yaml_1_2(node: Node | None) -> Any:
    """What an editor's parser makes of it: the core schema of YAML 1.2."""
    if isinstance(node, Sequence):
        return [in_yaml_1_2(item) for item in node.items]
    if isinstance(node, Mapping):
        return {entry.key: in_yaml_1_2(entry.value) for entry in node.entries}
    assert isinstance(node, Scalar)
    if not node.plain:
        return node.text
    if node.text in ("", "~", "null", "Null", "NULL"):
        return None
    if node.text.lower() in ("true", "false"):
        return node.text.lower() == "true"
    if re.fullmatch(r"[-+]?[0-9]+", node.text):
        return int(node.text)
    if re.fullmatch(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", node.text):
        return float(node.text)
    return node.text


def parsed(text: str) -> Any:
    node, findings = read_yaml(text)
    assert findings == []
    return in_yaml_1_2(node)


SAMPLES = {
    "campaign": CAMPAIGN,
    "contacts": CONTACTS,
    "templates": TEMPLATE.split("---\n")[1],
    "posts": POST.split("---\n")[1],
    "lookups": LOOKUPS,
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_schema_is_correct_and_takes_what_the_loader_takes(kind: str) -> None:
    schema = json_schema(kind)
    Draft202012Validator.check_schema(schema)
    assert [error.message for error in Draft202012Validator(schema).iter_errors(parsed(SAMPLES[kind]))] == []


def test_one_contact_alone_is_a_file_too() -> None:
    validator = Draft202012Validator(json_schema("contacts"))
    assert validator.is_valid({"name": "A", "country": "NO", "short": None})
    assert not validator.is_valid({"short": "A"})


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("campaign", CAMPAIGN + "langauge: en\n"),
        ("campaign", CAMPAIGN.replace("approval: none", "approval: perhaps")),
        ("campaign", CAMPAIGN.replace("start: 2026-01-13", "start: soon")),
        ("campaign", CAMPAIGN.replace("after: 14d", "after: two weeks")),
        ("contacts", CONTACTS.replace("kind: organisation", "kind: NO")),
        ("contacts", CONTACTS.replace("tier: 0", "tier: x")),
        ("contacts", CONTACTS.replace("country: BE", "country: Belgium")),
        ("templates", "subject: S\nformat: html\n"),
        ("posts", "networks: [mastadon]\n"),
        ("posts", "at: 14:00\n"),
    ],
)
def test_a_schema_refuses_what_the_loader_refuses(kind: str, text: str) -> None:
    assert not Draft202012Validator(json_schema(kind)).is_valid(parsed(text))


def test_every_key_is_described() -> None:
    def undescribed(schema: Any, path: str) -> list[str]:
        found = []
        if isinstance(schema, dict):
            for key, value in schema.get("properties", {}).items():
                found += [] if "description" in value else [f"{path}.{key}"]
            for key, value in schema.items():
                found += undescribed(value, f"{path}.{key}")
        elif isinstance(schema, list):
            found += [name for item in schema for name in undescribed(item, path)]
        return found

    assert [name for kind in KINDS for name in undescribed(json_schema(kind), kind)] == []


def test_unknown_keys_are_refused_everywhere() -> None:
    def open_objects(schema: Any) -> int:
        if isinstance(schema, list):
            return sum(map(open_objects, schema))
        if not isinstance(schema, dict):
            return 0
        own = int("properties" in schema and schema.get("additionalProperties") is not False)
        return own + sum(map(open_objects, schema.values()))

    assert sum(open_objects(json_schema(kind)) for kind in KINDS) == 0


def test_an_unknown_kind_names_the_nearest() -> None:
    with pytest.raises(UnknownName) as raised:
        json_schema("contact")
    assert raised.value.hint == "Did you mean 'contacts'?"


def test_every_key_of_the_campaign_reads_an_example_of_itself() -> None:
    node, findings = read_yaml(CAMPAIGN)
    given = CampaignKeys.read(node, findings) if node else None
    assert given is not None
    assert findings == []
    assert {key for key in CampaignKeys.keys if key not in given.where.lines} == {"digest", "ledger"}
