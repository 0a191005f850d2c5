"""`split: numbered`: the parts fit with their numbers, and without them they are the text."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from outreach.model.post import PostVersion
from outreach.networks.composing import fitted
from outreach.networks.measuring import measure
from outreach.networks.registry import network_of

PIECES = st.sampled_from(
    ["word", "Ende.", "! ", "\n\n", "👩\u200d👩\u200d👧\u200d👦", "🇧🇪", "e\u0301", "日本語。",
     "https://example.org/" + "a" * 60, "@alice.bsky.social", "#tag", "1,000.50", "(2/9)"]
)  # fmt: skip


@given(st.lists(PIECES, min_size=1, max_size=300), st.sampled_from(["bluesky", "mastodon", "x"]))
def test_numbered_parts_fit_and_are_the_text_without_their_numbers(pieces: list[str], network: str) -> None:
    text = " ".join(pieces).strip()
    for split in ("auto", "numbered"):
        version = PostVersion(post="p", network=network, file="posts/p.md", body=text, split=split)
        parts = fitted([text], version, network_of(network).limits)
        assert all(measure(part, network).fits for part in parts)
        if split == "numbered" and len(parts) > 1:
            ends = [f" ({number}/{len(parts)})" for number in range(1, len(parts) + 1)]
            assert all(part.endswith(end) for part, end in zip(parts, ends, strict=True))
            parts = [part.removesuffix(end) for part, end in zip(parts, ends, strict=True)]
        assert re.sub(r"\s", "", "".join(parts)) == re.sub(r"\s", "", text)
