"""What is written as YAML is read back as it was, by our strict reading and by any YAML 1.1 reader."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from outreach.campaign.strict_yaml import Mapping, Scalar, Sequence, read_yaml
from outreach.campaign.values.plain import free_value
from outreach.campaign.writing import _DAY_KEYS as DAY_KEYS
from outreach.campaign.writing import document, scalar

LINES = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
TEXTS = st.lists(st.text("ab :#-'\"\\{}[],&*!|>%@`\n\té0129.~?=<", max_size=200) | LINES, max_size=3).map("\n".join)
WORDS = st.sampled_from(
    "NO no yes y on ~ null true 12:30 01067 08 1.10 1e5 2026-01-13 0x1F .inf = << - -- #a @b".split()
)
SCALARS = WORDS | TEXTS
KEYS = SCALARS.filter(lambda key: key.strip() != "")
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


def keys(value: Any) -> Iterator[str]:
    """Every key in it, at any depth."""
    for key, inner in value.items() if isinstance(value, dict) else ():
        yield key
        yield from keys(inner)
    for inner in value if isinstance(value, list) else ():
        yield from keys(inner)


def plain(node: Any) -> Any:
    """What our reading has, as plain data."""
    if isinstance(node, Mapping):
        return {entry.key: plain(entry.value) for entry in node.entries}
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    assert isinstance(node, Scalar)
    return node.text


@given(st.dictionaries(KEYS, VALUES, min_size=1, max_size=5))
@example({"a": "long " * 60 + "\n\nnext paragraph", "b": "one\ntwo\n\n\nthree", "c": " x", "d": "x  y " * 40})
@example({"country": "NO", "hours": "12:30", "zip": "01067", "handle": "@a@b.example", "url": "https://x.example/#a"})
@example({"from": "2026-01-13"})
@example({"NO": {"on": "2026-01-13"}})
def test_everything_is_read_back_as_it_was_written(values: dict[str, Any]) -> None:
    text = document(values)
    node, findings = read_yaml(text)
    assert not findings, text
    assert plain(node) == values, text
    if not DAY_KEYS & set(keys(values)):  # a day stands there without quotation marks, and other readers make it a date
        assert yaml.safe_load(text) == values, text


@given(st.integers() | st.booleans() | st.text(max_size=40))
def test_a_free_value_keeps_its_type(value: Any) -> None:
    node, findings = read_yaml(document({"fields": {"x": value}}))
    assert not findings
    assert isinstance(node, Mapping)
    found = node.entries[0].value.entries[0].value  # type: ignore[union-attr]
    assert isinstance(found, Scalar)
    if isinstance(value, str):
        assert found.text == value
        assert not found.plain or isinstance(free_value(found.text, plain=True), str)
    else:
        assert str(free_value(found.text, found.plain)).lower() == str(value).lower()


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("NO", '"NO"'), ("12:30", '"12:30"'), ("01067", '"01067"'), ("08", '"08"'), ("@a@b.example", '"@a@b.example"'),
        ("Open Forum Europe", "Open Forum Europe"), (0, "0"), (True, "true"), ("Say: yes", '"Say: yes"'),
        ("https://example.org/", "https://example.org/"), ("09:00-17:00", "09:00-17:00"), ("null", '"null"'),
    ],
)  # fmt: skip
def test_quotation_marks_stand_only_where_they_are_needed(value: object, written: str) -> None:
    assert scalar(value) == written
