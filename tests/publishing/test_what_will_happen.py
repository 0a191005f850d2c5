"""What a person is told before a post is approved, and once its file says something else than what is out."""

from __future__ import annotations

import pytest

from outreach.campaign.lookups import load_lookups
from tests.acceptance.command import outreach
from tests.publishing.here import Here
from tests.servers.fault_proxy import Said

ONLY_BLUESKY = pytest.mark.parametrize("world", ["bluesky"], indirect=True)
GHOST = "Hello @ghost.bsky.social, @fsfe.example and @{eff}, see https://example.org/page"


def write(here: Here, front: str, body: str, networks: str = "bluesky, mastodon") -> None:
    """The post `thread`, whose moment has come."""
    head = f"networks: [{networks}]\nwindow: {{from: 2020-01-01, to: 2099-12-31}}\n{front}"
    (here.root / "posts" / "thread.md").write_text(f"---\n{head}---\n{body}\n", encoding="utf-8")


def needs_approval(here: Here) -> None:
    path = here.root / "campaign.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("approval: none\n", ""), encoding="utf-8")


def change(here: Here, old: str, new: str) -> None:
    path = here.root / "posts" / "thread.md"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


@ONLY_BLUESKY
def test_approve_shows_what_will_happen_on_each_network(world: Here) -> None:
    (world.root / "contacts").mkdir()
    (world.root / "contacts" / "eff.yaml").write_text("name: EFF\nchannels: [{mastodon: '@eff@social.example'}]\n")
    (world.root / "lookups.yaml").write_text(
        "handles:\n  fsfe.example: {did: 'did:plc:fsfe'}\n  ghost.bsky.social: {did: none}\n"
        "cards:\n  https://example.org/page:\n    title: The brief\n    description: All of it\n",
        encoding="utf-8",
    )
    write(world, "content_warning: Violence\ncard: https://example.org/page\n", GHOST)
    needs_approval(world)
    said = outreach("approve", "thread", "--yes", folder=world.root).out
    bluesky, mastodon = said.split("thread on mastodon")
    for line in (
        "Content warning: “Violence” is left out: Bluesky only has the labels",
        "This notifies @fsfe.example",
        "@ghost.bsky.social belongs to no account and stays plain text",
        "eff has no account there: the name stays plain text, and nobody is notified",
        "Card: The brief: All of it (https://example.org/page, without a picture)",
    ):
        assert line in bluesky, said
    assert "Content warning: “Violence” is shown, and the text when readers ask for it" in mastodon
    assert "@eff@social.example" in mastodon
    write(world, "content_warning: porn\n", "One")
    assert "Label: porn" in outreach("approve", "thread", "--yes", folder=world.root).out


@ONLY_BLUESKY
def test_a_handle_that_belongs_to_nobody_is_remembered_and_holds_nothing(world: Here) -> None:
    write(world, "", "Hello @ghost.test", "bluesky")
    ((_, said, reason),) = world.go()
    assert (said, "outreach lookup" in reason) == ("held", True)
    for status in (500, 502, 404):
        world.proxy.will_say("resolveHandle", Said(status=status, data=b"<html>"))
        assert "belongs to no account" not in outreach("lookup", folder=world.root).out
        assert world.results() == ["held"]
    assert "@ghost.test belongs to no account" in outreach("lookup", folder=world.root).out
    lookups, problems = load_lookups(world.root)
    assert (lookups.handles, lookups.dids, problems) == ({"ghost.test": "none"}, {}, [])
    assert world.results() == ["done"]
    pds, did = world.server
    (record,) = pds.records(did)
    assert "facets" not in record["value"]


def test_a_published_post_that_changed_and_was_approved_again_says_what_to_run(world: Here) -> None:
    needs_approval(world)
    assert outreach("approve", "thread", "--yes", folder=world.root).code == 0
    assert world.results() == ["done"]
    preview = outreach("publish", folder=world.root).out
    assert ("outreach correct" in preview, "the others wait" in preview, "1 of 1 are out." in preview) == (0, 0, 1)
    change(world, "Third part", "Third part\n\n---\n\nFourth part")
    assert "outreach correct" not in outreach("publish", folder=world.root).out
    run = f"outreach correct thread/{world.network}"
    approved = outreach("approve", "thread", "--yes", folder=world.root).out
    assert (f"Next: {run}" in approved, "outreach run" in approved) == (True, False)
    for words in (["publish"], ["publish", "--go"], ["agenda"], []):
        assert run in outreach(*words, folder=world.root).out, words
    said = outreach("publish", "--go", "--json", folder=world.root)
    (action,) = said.json["actions"]
    assert (said.code, action["result"], "part 4 was added since it was published" in action["reason"]) == (
        1,
        "done",
        True,
    )
    assert "outreach" not in action["receipt"]
    change(world, "\n\n---\n\nFourth part", "")
    change(world, "Third part", "Third partly")
    assert outreach("approve", "thread", "--yes", folder=world.root).code == 0
    assert "part 3 changed" in outreach("agenda", folder=world.root).out
    assert outreach("correct", "thread", "--go", folder=world.root).code == 0
    for words in (["publish"], ["agenda"], []):
        assert "outreach correct" not in outreach(*words, folder=world.root).out, words


@pytest.mark.parametrize("world", ["mastodon"], indirect=True)
def test_a_post_that_a_person_published_is_a_task_with_its_new_text_once_it_changed(world: Here) -> None:
    write(world, "", "We ask for funding.", "mastodon, reddit")
    assert "done" in world.results()
    url = "https://www.reddit.com/r/linux/comments/1"
    assert outreach("publish", "thread/reddit", "--url", url, folder=world.root).code == 0
    assert "outreach correct" not in outreach("agenda", folder=world.root).out
    change(world, "We ask", "We kindly ask")
    assert 'Correct: the post "thread" on Reddit' in outreach(folder=world.root).out
    for words in (["agenda"], ["publish"]):
        assert "outreach correct thread/reddit" in outreach(*words, folder=world.root).out, words
    said = outreach("correct", "thread", "--go", folder=world.root)
    assert (said.code, world.out()) == (1, ["We kindly ask for funding."])
    assert f"by hand: change it at {url}" in said.out
    assert "We kindly ask for funding." in said.out
    assert "outreach correct thread/reddit" in outreach("agenda", folder=world.root).out
    assert outreach("log", "thread/reddit", "posted", "--url", url, folder=world.root).code == 0
    assert "outreach correct" not in outreach("agenda", folder=world.root).out


@ONLY_BLUESKY
def test_one_post_that_is_unfit_stops_only_itself(world: Here) -> None:
    needs_approval(world)
    (world.root / "moves.gif").write_bytes(b"no picture")
    write(world, "media: [{file: moves.gif, alt: Waves}]\n", "One", "bluesky")
    for name, text in {"good": "Two", "long": "word " * 100}.items():
        head = "networks: [bluesky]\nwindow: {from: 2020-01-01, to: 2099-12-31}\n"
        (world.root / "posts" / f"{name}.md").write_text(f"---\n{head}---\n{text}\n", encoding="utf-8")
    said = outreach("approve", "thread", "good", "long", "--json", folder=world.root)
    verdicts = {each["id"]: each["result"] for each in said.json["posts"]}
    assert (said.code, verdicts["thread/bluesky"], verdicts["good/bluesky"]) == (1, "refused", "approved")
    results = {id: (result, reason) for id, result, reason in world.go()}
    assert results["good/bluesky"][0] == "done", results
    assert world.out() == ["Two"]


def test_publish_lists_what_is_new(world: Here) -> None:
    assert "thread/" in outreach("publish", folder=world.root).out
    assert "1 post out now; 0 not sure or not done." in outreach("publish", "--go", folder=world.root).out
    old = world.root / "posts" / "thread.md"
    (world.root / "posts" / "other.md").write_text(old.read_text(encoding="utf-8").replace("We ask", "We also ask"))
    said = outreach("publish", folder=world.root).out
    assert f"  other/{world.network}  new" in said
    assert "thread/" not in said
    said = outreach("publish", "--go", folder=world.root).out
    assert f"  other/{world.network}  published" in said
    assert "1 post out now, 1 post before; 0 not sure or not done." in said
    assert "thread/" not in said
    assert f"thread/{world.network}  published" in outreach("publish", "thread", folder=world.root).out
