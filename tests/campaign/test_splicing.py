"""One entry of a file is changed: it says what it should, its comments stay, and so does every byte outside of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.campaign.splicing import REMOVED, changed
from outreach.campaign.strict_yaml import Mapping, Node, Scalar, Sequence, read_yaml
from outreach.campaign.text import normal
from outreach.campaign.writing import document
from tests.intake.test_writing_yaml import VALUES

ROOT = Path(__file__).resolve().parents[2]
NEW = ["NO", "12:30", "yes", "01067", "on", "~", "a: b", "# no comment", "@a@b.example", "word " * 60 + "end", "x\n\ny"]
HEADS = st.sampled_from(["", "# head\n", "\ufeff# head\n\n"])
PLAIN_KEYS = st.from_regex(r"[a-z]{1,6}", fullmatch=True).filter(
    lambda key: key not in "y n no on yes off null true".split()
)


def said(node: Node | None) -> Any:
    """What a file says, as text."""
    if isinstance(node, Mapping):
        return {entry.key: said(entry.value) for entry in node.entries}
    if isinstance(node, Sequence):
        return [said(item) for item in node.items]
    return (None if node.is_null else node.text) if isinstance(node, Scalar) else None


def read(text: str) -> Any:
    node, findings = read_yaml(normal(text))
    assert [f for f in findings if f.code != "yaml-comment"] == [], text
    return said(node)


def groups(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every group of keys."""
    if isinstance(value, dict):
        yield path
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in pairs:
        yield from groups(each, (*path, key))


def at(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def entry_lines(text: str, step: Any) -> tuple[int, int]:
    """The lines (from 0) of the first step on the way: a key of the file, or an item of its list."""
    node, _ = read_yaml(normal(text))
    begins = [each.line - 1 for each in (node.entries if isinstance(node, Mapping) else node.items)]  # type: ignore[union-attr]
    place = [each.key for each in node.entries].index(step) if isinstance(node, Mapping) else step
    return begins[place], [*begins, len(text.split("\n"))][place + 1]


def outside(text: str, step: Any) -> list[str]:
    """The lines of the file that are not in the entry, with their ends."""
    begin, end = entry_lines(text, step)
    lines = text.split("\n")
    return lines[:begin] + lines[end:]


def check(text: str, path: tuple[Any, ...], key: str, value: Any) -> None:
    before = read(text)
    after = changed(text, path, {key: value})
    assert after is not None, (path, key)
    found = read(after)
    assert at(found, path)[key] == value
    at(found, path)[key] = at(before, path)[key] = None
    assert found == before
    if path:
        assert outside(after, path[0]) == outside(text, path[0])
    assert all(comment in after for comment in re.findall(r"^#.*", normal(text), re.MULTILINE))


def shipped() -> list[str]:
    files = [ROOT / "campaign.yaml", *sorted((ROOT / "contacts").rglob("*.yaml"))]
    return [str(file.relative_to(ROOT)) for file in files]


@pytest.mark.parametrize("file", shipped())
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_every_group_of_the_shipped_campaign_takes_a_new_value_and_nothing_else_changes(file: str, ends: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8").replace("\n", ends)
    for number, path in enumerate(groups(read(text))):
        group = at(read(text), path)
        check(text, path, "brand_new", NEW[number % len(NEW)])
        key = list(group)[number % len(group)] if group else "other"
        check(text, path, key, NEW[(number + 3) % len(NEW)])


@st.composite
def files(draw: st.DrawFn) -> str:
    """A file with comments and empty lines between its entries, and its own line ends."""
    values = draw(st.dictionaries(PLAIN_KEYS, VALUES, min_size=1, max_size=4))
    text = ""
    for key, value in values.items():
        if draw(st.booleans()):
            text += "# about it: 'so'\n"
        text += document({key: value}) + draw(st.sampled_from(["", "\n"]))
    text = draw(HEADS) + (text.rstrip("\n") if draw(st.booleans()) else text)
    return text.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))


@settings(max_examples=120, deadline=None)
@given(files(), st.data())
def test_in_any_file_only_the_entry_changes(text: str, data: st.DataObject) -> None:
    before = read(text)
    path = data.draw(st.sampled_from(list(groups(before))))
    key = data.draw(st.sampled_from([*at(before, path), "fresh"]))
    is_new = key not in at(before, path)
    value = data.draw(VALUES)
    after = changed(text, path, {key: value})
    assert after is not None
    found = read(after)
    assert at(found, path)[key] == value
    if not {"from", "to", "at", "by", "on", "start", "until"} & set(re.findall(r"\w+", str(path) + key + str(value))):
        assert at(yaml.safe_load(after), path)[key] == value
    at(found, path)[key] = at(before, path)[key] = None
    assert found == before
    if path:
        assert outside(after, path[0]) == outside(text, path[0])
    elif is_new:
        assert after.startswith(text.rstrip("\r\n"))
    else:
        assert outside(after, key) == outside(text, key)


@settings(max_examples=40, deadline=None)
@given(files(), st.data())
def test_a_key_that_is_taken_out_leaves_the_rest_as_it_is(text: str, data: st.DataObject) -> None:
    before = read(text)
    key = data.draw(st.sampled_from(list(before)))
    after = changed(text, (), {key: REMOVED})
    assert after is not None
    assert read(after) == ({k: v for k, v in before.items() if k != key} or None)
    assert all(line in text for line in after.splitlines())


def test_comments_and_quotation_marks_in_the_entry_stay() -> None:
    text = "- name: 'A'  # first\n  tags: [x, \"y\"]  # two\n- {name: B, tier: 1}  # in braces\n"
    assert changed(text, (0,), {"tags": ["x", "y", "NO"]}) == text.replace('"y"]', '"y", "NO"]').replace("]  #", "] #")
    assert changed(text, (1,), {"tier": 2}) == text.replace("tier: 1", "tier: 2")


def test_new_keys_stand_where_they_belong() -> None:
    text = "contacts:\n  # b's own\n  b: 1\n  d: 2\n# end\n"
    after = changed(text, ("contacts",), {"c": "3", "a": "4", "e": "5"}, order=None)
    assert after == 'contacts:\n  a: "4"\n  # b\'s own\n  b: 1\n  c: "3"\n  d: 2\n  e: "5"\n# end\n'


@pytest.mark.parametrize(
    "text", ["a: [\n", "a: *x\n", "a:\n  # why\n  - 1\nb: 2\n", "- name: A\n  tier: 1\n", "a: 1  # why\nb: 2\n"]
)
def test_what_would_lose_something_is_not_done(text: str) -> None:
    path = (0,) if text.startswith("-") else ()
    assert changed(text, path, {"a" if not path else "name": REMOVED}) is None
