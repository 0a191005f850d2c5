"""What another computer, or a try of which nobody heard, left on a network: found, and not made twice."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from outreach.connections.identities import bluesky_password
from outreach.connections.secrets import Secret, Secrets
from outreach.tasks.publishing.correcting import correct
from tests.acceptance.command import outreach
from tests.publishing.campaigns import TEXTS, write_posts
from tests.publishing.here import QUICK, Here
from tests.servers.fault_proxy import Said, fault_proxy
from tests.servers.pds import PASSWORD, Pds


def change(here: Here, old: str, new: str) -> None:
    post = here.root / "posts" / "thread.md"
    post.write_text(post.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


@pytest.mark.parametrize("receipts", [True, False])
def test_a_post_that_was_published_anew_is_found_as_it_stands(world: Here, receipts: bool) -> None:
    assert world.results() == ["done"]
    change(world, "Third part", "Third part, corrected")
    assert outreach("correct", "thread", "--repost", "--go", folder=world.root).code == 0
    there = [*TEXTS[:2], "Third part, corrected"]
    assert world.out() == sorted(there)
    world.forget(receipts=not receipts)
    before = outreach("publish", "--go", folder=world.root)
    assert "outreach sync" in before.out + before.err
    assert world.out() == sorted(there)
    assert outreach("sync", folder=world.root).code == (world.network == "bluesky")  # a PDS alone counts nothing
    assert world.results() == ["done"]
    assert world.out() == sorted(there)
    assert outreach("retract", "thread", "--go", folder=world.root).code == 0
    assert world.out() == []


@pytest.mark.parametrize("world", ["bluesky"], indirect=True)
def test_another_pds_may_have_other_words_and_no_transactions(world: Here) -> None:
    """Those of the reference server until 2024, and of servers that know putRecord alone."""
    no_record = Said(status=400, data=b'{"error": "InvalidRequest", "message": "Could not locate record: at://x"}')
    no_method = Said(status=501, data=b'{"error": "MethodNotImplemented", "message": "Method Not Implemented"}')
    world.proxy.will_say("getRecord", *[no_record] * 9)
    world.proxy.will_say(world.write, no_method)
    world.proxy.will("putRecord", "pass", "drop-after")
    assert world.settled() == ["done"]
    world.proxy.answers.clear()
    assert world.out() == sorted(TEXTS)
    world.forget()
    assert world.results() == ["done"]
    assert world.out() == sorted(TEXTS)


@pytest.mark.parametrize("world", ["bluesky"], indirect=True)
def test_after_a_lost_ledger_only_what_differs_is_corrected(world: Here) -> None:
    assert world.results() == ["done"]
    change(world, "Third part", "Twenty")
    assert correct(world.root, "thread", go=True, limits=QUICK)[0].done
    world.forget()
    assert "adopted" in outreach("sync", "--json", folder=world.root).json
    assert "changed" not in outreach("agenda", "--all", folder=world.root).out
    assert correct(world.root, "thread", go=True, limits=QUICK)[0].how == "the same as its file"
    change(world, "alt: A picture", "alt: A river")
    for go in (False, True):
        (found,) = correct(world.root, "thread", go=go, limits=QUICK)
        assert (found.parts, found.done) == ((1,), go)
    assert world.out() == sorted([*TEXTS, "Correction: Twenty", "Correction: Image description: A river"])
    assert correct(world.root, "thread", go=False, limits=QUICK)[0].how == "the same as its file"


@pytest.mark.parametrize("world", ["bluesky"], indirect=True)
def test_a_try_that_landed_with_the_text_of_then_is_said(world: Here) -> None:
    world.proxy.will(world.write, "drop-before", "drop-before", "late-after=0.7")
    assert world.results() == ["unknown"]
    world.proxy.settle()
    assert outreach("status", "--json", folder=world.root).json["in_doubt"] == 1
    change(world, "We ask", "We kindly ask")
    assert world.results() == ["done"]
    (found,) = correct(world.root, "thread", go=False, limits=QUICK)
    assert (found.how, found.parts) == ("corrected by a reply", (1,))


def test_another_handle_of_the_same_account_makes_no_second_post(
    pds: Pds, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUTREACH_SECRETS", str(tmp_path / "secrets.json"))
    before, after = (f"handle{random.randrange(10**9)}" for _ in range(2))
    did = pds.account(before)
    with fault_proxy(pds.url) as proxy:
        for handle in (before, after):
            Secrets().put(bluesky_password({"service": proxy.url, "handle": f"{handle}.test"}), Secret(PASSWORD))
        account = f"  bluesky: {{service: '{proxy.url}', handle: {before}.test}}\n"
        here = Here(write_posts(tmp_path / "c", accounts=account, networks="bluesky"), proxy, (pds, did))
        assert here.results() == ["done"]
        login = pds.ask("com.atproto.server.createSession", {"identifier": f"{before}.test", "password": PASSWORD})
        pds.tell("com.atproto.identity.updateHandle", {"handle": f"{after}.test"}, str(login["accessJwt"]))
        path = here.root / "campaign.yaml"
        path.write_text(path.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
        here.forget()
        assert here.results() == ["done"]
        assert here.out() == sorted(TEXTS)


@pytest.mark.parametrize("world", ["mastodon"], indirect=True)
def test_a_part_that_landed_late_is_found_by_a_clone_that_knows_of_the_others(world: Here) -> None:
    world.proxy.will("POST /api/v1/statuses", "pass", "pass", "late-after=0.5")
    assert world.results() == ["unknown"]
    world.proxy.settle()
    (world.root / ".outreach").rename(world.root.parent / "the other computer")
    assert outreach("sync", folder=world.root).code == 0
    assert world.results() == ["done"]
    assert len(world.out()) == len(TEXTS)


@pytest.mark.parametrize("world", ["bluesky"], indirect=True)
def test_a_new_computer_with_another_text_is_told_what_stands_there(world: Here) -> None:
    assert world.results() == ["done"]
    world.forget()
    change(world, "Second part", "Another part")
    ((_, said, reason),) = world.go()
    assert (said, world.out()) == ("done", sorted(TEXTS))
    assert "an earlier text of part 2 is there" in reason
    assert correct(world.root, "thread", go=False, limits=QUICK)[0].parts == (2,)


@pytest.mark.parametrize("world", ["bluesky"], indirect=True)
def test_under_a_brake_the_network_is_still_asked_about_a_doubt(world: Here) -> None:
    world.proxy.will(world.write, "drop-before", "drop-before", "late-after=0.7")
    assert world.results() == ["unknown"]
    assert outreach("hold", "--because", "wait", folder=world.root).code == 0
    assert world.results() == ["unknown"]  # it may still land
    refused = outreach("retract", "thread", "--go", folder=world.root)
    assert refused.code != 0
    world.proxy.settle()
    assert world.results() == ["done"]
    assert world.out() == sorted(TEXTS)


@pytest.mark.parametrize("world", ["bluesky"], indirect=True)
def test_what_is_not_approved_any_more_is_not_forgotten_while_it_may_land(world: Here) -> None:
    campaign = world.root / "campaign.yaml"
    campaign.write_text(campaign.read_text(encoding="utf-8").replace("approval: none\n", ""), encoding="utf-8")
    assert outreach("approve", "thread", "--yes", folder=world.root).code == 0
    world.proxy.will(world.write, "drop-before", "drop-before", "late-after=0.7")
    assert world.results() == ["unknown"]
    change(world, "We ask", "We kindly ask")
    assert world.results() == ["unknown"]
    world.proxy.settle()
    assert world.results() == ["done"]
    assert world.out() == sorted(TEXTS)


@pytest.mark.parametrize("world", ["bluesky"], indirect=True)
def test_a_correction_that_landed_late_is_corrected_itself(world: Here) -> None:
    assert world.results() == ["done"]
    change(world, "Third part", "Twenty")
    world.proxy.will("putRecord", "drop-before", "drop-before", "late-after=0.7")
    assert not correct(world.root, "thread", go=True, limits=QUICK)[0].done
    world.proxy.settle()
    change(world, "Twenty", "Thirty")
    assert correct(world.root, "thread", go=True, limits=QUICK)[0].done
    assert world.out() == sorted([*TEXTS, "Correction: Twenty", "Correction: Thirty"])
    assert correct(world.root, "thread", go=True, limits=QUICK)[0].how == "the same as its file"


@pytest.mark.parametrize("world", ["bluesky"], indirect=True)
def test_a_new_computer_knows_the_corrections_too(world: Here) -> None:
    assert world.results() == ["done"]
    change(world, "Third part", "Twenty")
    assert correct(world.root, "thread", go=True, limits=QUICK)[0].done
    world.forget()
    adopted = outreach("sync", "--json", folder=world.root).json["adopted"]
    assert adopted == [*(f"thread/bluesky/{part}" for part in (1, 2, 3)), "thread~1/bluesky/1"]
    assert outreach("retract", "thread", "--go", folder=world.root).code == 0
    assert world.out() == []


@pytest.mark.parametrize("world", ["bluesky"], indirect=True)
@pytest.mark.parametrize("is_late", [False, True])
def test_a_correction_of_which_nobody_knew_is_taken_down_with_its_post(world: Here, is_late: bool) -> None:
    assert world.results() == ["done"]
    change(world, "Third part", "Twenty")
    world.proxy.will("putRecord", "drop-before", "drop-before", f"late-after={2 if is_late else 0.5}")
    assert not correct(world.root, "thread", go=True, limits=QUICK)[0].done
    if is_late:
        said = outreach("retract", "thread", "--go", folder=world.root)
        assert "A correction of thread/bluesky may or may not be published, so nothing was taken down" in said.err
        assert world.out() == sorted(TEXTS)
    world.proxy.settle()
    assert outreach("retract", "thread", "--go", folder=world.root).code == 0
    assert world.out() == []


@pytest.mark.parametrize("world", ["bluesky"], indirect=True)
def test_a_run_about_another_post_forgets_no_doubt(world: Here) -> None:
    world.proxy.will(world.write, "drop-before", "drop-before", "late-after=2")
    assert world.results() == ["unknown"]
    (world.root / "posts" / "other.md").write_text(
        "---\nnetworks: [bluesky]\nwindow: {from: 2020-01-01, to: 2099-12-31}\n---\nOne.\n", encoding="utf-8"
    )
    assert world.results(post="other") == ["done"]
    assert outreach("status", "--json", folder=world.root).json["in_doubt"] == 1
    world.proxy.settle()
    assert world.results(post="thread") == ["done"]
    assert world.out() == sorted(["One.", *TEXTS])
