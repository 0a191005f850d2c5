"""What letters, versions and parts are called: written and read in one place, and read back as what was written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.model.event import Receipt
from outreach.model.ids import LetterId, PartId, VersionId
from tests.planning.worlds import NOW

words = st.text(st.characters(exclude_characters="/"), min_size=1, max_size=12)
numbers = st.integers(0, 10**6)


@given(words, words, numbers)
def test_a_letter_is_read_as_it_was_written(wave: str, contact: str, step: int) -> None:
    letter = LetterId(wave=wave, contact=contact, step=step)
    assert str(letter) == f"{wave}/{contact}/{step}"
    assert LetterId.parse(str(letter)) == letter


@given(st.text(min_size=1, max_size=12), words)
def test_an_version_is_read_as_it_was_written(post: str, network: str) -> None:
    version = VersionId(post=post, network=network)
    assert VersionId.parse(str(version)) == version


@given(words, words, numbers)
def test_a_part_is_read_as_it_was_written_and_belongs_to_its_version(post: str, network: str, part: int) -> None:
    found = PartId.parse(str(PartId(post=post, network=network, part=part, revision=3, account="@us")))
    assert found == PartId(post=post, network=network, part=part)
    assert str(found.version) == f"{post}/{network}"


@pytest.mark.parametrize(
    "text", ["", "a", "a/b", "a/b/c", "a/b/", "a/b/0/1", "a/b/-1", "a/b/+1", "a/b/ 1", "a/b/٣", "a/b/²"]
)
def test_what_is_no_letter_is_refused(text: str) -> None:
    for kind in (LetterId, PartId):
        with pytest.raises(ValueError):  # noqa: PT011 - whatever its words
            kind.parse(text)


def test_what_names_no_network_is_no_version() -> None:
    with pytest.raises(ValueError, match="names no network"):
        VersionId.parse("launch")


@pytest.mark.parametrize(
    ("proof", "about"),
    [
        ("<one.fsfe.0@example.org>", LetterId(wave="one", contact="fsfe", step=2)),
        ("at://did:plc:a/app.bsky.feed.post/3 bafy", PartId(post="one", network="fsfe", part=2)),
        ("https://mastodon.example/@us/1 1", PartId(post="one", network="fsfe", part=2)),
    ],
)
def test_a_receipt_says_by_its_proof_whether_it_is_a_letters(proof: str, about: LetterId | PartId) -> None:
    assert Receipt(id="one/fsfe/2", at=NOW, via="", proof=proof, ledger="").about == about
