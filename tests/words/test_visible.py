"""Control characters made visible: for a terminal, in JSON, in files."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.words.visible import visible, visible_in_json, without_controls

CONTROLS = [chr(each) for each in (*range(32), *range(127, 160))]
DIRECTIONS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
texts = st.text(st.one_of(st.sampled_from([*CONTROLS, *DIRECTIONS, "\u2028", "\u2029", "\ud800"]), st.characters()))


def test_every_control_character_of_unicode_is_visible() -> None:
    acting = [
        each
        for each in map(chr, range(0x110000))
        if unicodedata.category(each) in ("Cc", "Zl", "Zp", "Cs")
        or unicodedata.bidirectional(each) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
    ]
    assert len(acting) > 2000
    for each in {*acting, *DIRECTIONS} - {"\n"}:
        assert visible(f"a{each}b").isascii(), hex(ord(each))
        assert visible(f"a{each}b").isprintable(), hex(ord(each))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b]8;;http://evil\x07click", "\\x1b]8;;http://evil\\x07click"),
        ("a\x9b31mb\x7f\x08", "a\\x9b31mb\\x7f\\x08"),
        ("exe.\u202egpj", "exe.\\u202egpj"),
        ("one\r\ntwo\rthree\n", "one\ntwo\\rthree\n"),
        ("a\tb\n\tc", "a       b\n        c"),
        ("a\u2028b\udc80", "a\\u2028b\\udc80"),
    ],
)
def test_each_is_shown_as_programmers_write_it(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize(
    "name",
    ["Zoë Łódź", "שלום", "عبد الله", "نامه\u200cای", "क्\u200dष", "東京", "👩\u200d👩\u200d👧", "🏳️\u200d🌈",
     "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "so\u00adft", "a\u00a0b", ""],
)  # fmt: skip
def test_a_name_in_any_writing_stays_as_it_is(name: str) -> None:
    assert visible(name) == name
    assert visible_in_json(json.dumps(name, ensure_ascii=False)) == json.dumps(name, ensure_ascii=False)


@given(texts)
def test_what_is_visible_stays_as_it_is(text: str) -> None:
    assert visible(visible(text)) == visible(text)


@given(st.recursive(texts, lambda inner: st.lists(inner) | st.dictionaries(texts, inner), max_leaves=5))
def test_json_means_the_same(value: object) -> None:
    said = visible_in_json(json.dumps(value, ensure_ascii=False, indent=1))
    assert json.loads(said) == value
    assert visible(said) == said


@given(texts)
def test_a_file_keeps_its_lines_tabs_and_the_order_of_writing(text: str) -> None:
    kept = without_controls(text)
    assert not [each for each in kept if unicodedata.category(each) == "Cc" and each not in "\t\r\n"]
    assert [each for each in kept if each in f"\t\r\n{DIRECTIONS}"] == [
        each for each in text if each in f"\t\r\n{DIRECTIONS}"
    ]
