"""Corrections on the real PDS: a reply that says it, or the post taken down and out anew; each once."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from outreach.connections.identities import bluesky_password
from outreach.connections.secrets import Secret, Secrets
from outreach.tasks.publishing.correcting import correct, retract
from tests.acceptance.command import outreach
from tests.publishing.campaigns import TEXTS, write_posts
from tests.publishing.here import QUICK, Here
from tests.servers.fault_proxy import fault_proxy
from tests.servers.pds import PASSWORD, Pds


@pytest.fixture
def here(pds: Pds, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Here]:
    monkeypatch.setenv("OUTREACH_SECRETS", str(tmp_path / "secrets.json"))
    handle = f"mend{random.randrange(10**9)}"
    did = pds.account(handle)
    with fault_proxy(pds.url) as proxy:
        Secrets().put(bluesky_password({"service": proxy.url, "handle": f"{handle}.test"}), Secret(PASSWORD))
        account = f"  bluesky: {{service: '{proxy.url}', handle: {handle}.test}}\n"
        here = Here(write_posts(tmp_path / "c", accounts=account, networks="bluesky"), proxy, (pds, did))
        assert here.results() == ["done"]
        yield here


def records(here: Here) -> dict[str, Any]:
    pds, did = here.server
    return {record["value"]["text"]: record for record in pds.records(did)}


def change(here: Here, old: str, new: str) -> None:
    post = here.root / "posts" / "thread.md"
    post.write_text(post.read_text().replace(old, new), encoding="utf-8")


def test_a_correction_is_a_reply_to_the_part_that_was_wrong(here: Here) -> None:
    change(here, "Second part", "Zweiter Teil öffentlich")
    (planned,) = correct(here.root, "thread", go=False, limits=QUICK)
    assert (planned.how, planned.parts, planned.done) == ("corrected by a reply", (2,), False)
    assert len(records(here)) == 3
    here.proxy.will("putRecord", "drop-after")
    (done,) = correct(here.root, "thread", go=True, limits=QUICK)
    assert done.done
    there = records(here)
    reply = there["Correction: Zweiter Teil öffentlich, with #OpenSource"]["value"]
    assert reply["reply"]["parent"] == {name: there[TEXTS[1]][name] for name in ("uri", "cid")}
    assert reply["reply"]["root"] == {name: there[TEXTS[0]][name] for name in ("uri", "cid")}
    (facet,) = reply["facets"]
    index = facet["index"]
    assert reply["text"].encode()[index["byteStart"] : index["byteEnd"]] == b"#OpenSource"
    (again,) = correct(here.root, "thread", go=True, limits=QUICK)
    assert (again.how, again.parts) == ("the same as its file", ())
    assert len(records(here)) == 4
    assert here.results() == ["done"]
    assert len(records(here)) == 4
    retract(here.root, "thread", go=True, limits=QUICK)
    assert records(here) == {}


def test_by_choice_it_is_taken_down_and_out_anew(here: Here) -> None:
    before = {record["uri"] for record in records(here).values()}
    change(here, "Third part", "Third part, corrected")
    (planned,) = correct(here.root, "thread", go=False, repost=True, limits=QUICK)
    assert not planned.done
    assert {record["uri"] for record in records(here).values()} == before
    (done,) = correct(here.root, "thread", go=True, repost=True, limits=QUICK)
    assert done.done
    assert sorted(records(here)) == sorted([*TEXTS[:2], "Third part, corrected"])
    assert before.isdisjoint(record["uri"] for record in records(here).values())
    assert here.results() == ["done"]


def test_several_parts_and_alt_texts_are_corrected_by_one_reply(here: Here) -> None:
    change(here, "Second part", "Part two")
    change(here, "Third part", "Part three")
    change(here, "alt: A picture", "alt: A river between two hills")
    (planned,) = correct(here.root, "thread", go=False, limits=QUICK)
    assert (planned.how, planned.parts) == ("corrected by a reply", (1, 2, 3))
    here.proxy.will("putRecord", "drop-after")
    (done,) = correct(here.root, "thread", go=True, limits=QUICK)
    assert done.done
    there = records(here)
    (text,) = set(there) - set(TEXTS)
    assert text == (
        "Correction: Image description: A river between two hills\n\nPart two, with #OpenSource\n\nPart three"
    )
    (facet,) = there[text]["value"]["facets"]
    index = facet["index"]
    assert text.encode()[index["byteStart"] : index["byteEnd"]] == b"#OpenSource"
    assert there[text]["value"]["reply"]["parent"]["uri"] == there[TEXTS[2]]["uri"]
    assert correct(here.root, "thread", go=True, limits=QUICK)[0].how == "the same as its file"
    change(here, "Part three", "Part 3")
    assert correct(here.root, "thread", go=True, limits=QUICK)[0].parts == (3,)
    assert "Correction: Part 3" in records(here)
    assert len(records(here)) == 5
    assert correct(here.root, "thread", go=True, limits=QUICK)[0].how == "the same as its file"
    here.forget()
    assert outreach("sync", folder=here.root).code in (0, 1)  # there is neither a mailbox nor an AppView to be read
    retract(here.root, "thread", go=True, limits=QUICK)
    assert records(here) == {}


def test_what_no_single_reply_can_say_takes_as_few_as_it_needs(here: Here) -> None:
    change(here, "Second part", "b" * 150)
    change(here, "Third part", "c" * 200)
    assert correct(here.root, "thread", go=True, limits=QUICK)[0].done
    assert sorted(len(text) for text in set(records(here)) - set(TEXTS)) == [12 + 150 + len(", with #OpenSource"), 212]
