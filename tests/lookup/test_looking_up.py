"""`outreach lookup`: what is asked, what is written, and what is left alone."""

from __future__ import annotations

import io
import ipaddress
import json
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from outreach.campaign.lookups import load_lookups, read_lookups
from outreach.campaign.lookups_writing import with_found
from outreach.cli.main import main
from outreach.connections.fetching import Fetcher
from outreach.errors import CannotWrite
from outreach.model.lookups import Card, ServerLimits
from outreach.networks.content_ids import blob_cid
from outreach.planning.gates import facts_of
from outreach.tasks.campaign import load
from outreach.tasks.looking_up import Found, look_up
from outreach.tasks.posting import composed
from outreach.tasks.world import known_world
from tests.lookup.web import Web, small_web

ALICE, BOB = "did:plc:aliceaaaaaaaaaaaaaaaaaaa", "did:plc:bobbbbbbbbbbbbbbbbbbbbbb"
RESOLVE = "/xrpc/com.atproto.identity.resolveHandle?handle="
PAGE = (
    '<meta property="og:title" content="The brief"><meta name="description" content="Four pages: all of it">'
    '<meta property="og:image" content="/thumb.png">'
)


@pytest.fixture
def web() -> Iterator[Web]:
    with small_web() as alive:
        yield alive


@cache
def noise() -> bytes:
    """A picture too large to be sent as it is."""
    into = io.BytesIO()
    Image.effect_noise((1600, 1200), 90).convert("RGB").save(into, "PNG")
    return into.getvalue()


@pytest.fixture
def root(tmp_path: Path, web: Web) -> Path:
    web.serve("/thumb.png", noise(), "image/png")
    web.serve("/page", PAGE.encode())
    for handle, did in {"alice.bsky.social": ALICE, "bob.example.org": BOB}.items():
        web.serve(RESOLVE + handle, json.dumps({"did": did}).encode(), "application/json")
    statuses = {"max_characters": 777, "max_media_attachments": 6, "characters_reserved_per_url": 23}
    instance = {"configuration": {"statuses": statuses, "media_attachments": {"description_limit": 10_000}}}
    web.serve("/api/v2/instance", json.dumps(instance).encode(), "application/json")
    (tmp_path / "posts").mkdir()
    (tmp_path / "contacts").mkdir()
    (tmp_path / "contacts" / "bob.yaml").write_text("{name: Bob, channels: [{bluesky: Bob.example.org}]}\n")
    (tmp_path / "campaign.yaml").write_text(
        "id: small\ntitle: Small\napproval: none\nsender: {name: Alex Example, email: alex@sender.example}\n"
        f"accounts:\n  bluesky: {{service: '{web.url}', handle: me.example.org}}\n  mastodon: {{server: '{web.url}'}}\n"
        f"links: {{page: '{web.url}/page'}}\n",
        encoding="utf-8",
    )
    (tmp_path / "posts" / "thread.md").write_text(
        "---\nnetworks: [bluesky, mastodon]\nwindow: {from: 2020-01-01, to: 2099-12-31}\n"
        "card: '{{ links.page }}'\n---\nHello @Alice.Bsky.Social and @{bob}: {{ links.page }}\n",
        encoding="utf-8",
    )
    return tmp_path


def asked(root: Path, web: Web, *, again: bool = False) -> Found:
    here = ipaddress.IPv4Address("127.0.0.1")
    fetcher = Fetcher(permitted=lambda address: address == here, ports={web.port}, seconds=5)
    return look_up(root, again=again, fetcher=fetcher)


def test_everything_is_asked_for_and_written_with_its_day(
    root: Path, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUTREACH_NOW", "2026-01-06T09:00:00+01:00")
    found = asked(root, web)
    assert (found.problems, found.troubles) == ([], [])
    lookups, problems = load_lookups(root)
    assert problems == []
    assert lookups.handles == {"alice.bsky.social": ALICE, "bob.example.org": BOB}
    card = lookups.cards[f"{web.url}/page"]
    assert (card.title, card.description) == ("The brief", "Four pages: all of it")
    assert (lookups.mastodon.characters, lookups.mastodon.media, lookups.mastodon.description) == (777, 6, 10_000)
    text = (root / "lookups.yaml").read_text(encoding="utf-8")
    assert text.count("2026-01-06") == 4
    # Drafting uses it: mentions are marked, the card has its picture, the server's limit holds.
    loaded = load(root)
    posts = composed(loaded, facts_of(known_world(root, loaded)))
    assert posts.problems == ()
    (record,) = posts.posts["thread/bluesky"].records
    dids = {facet["features"][0].get("did") for facet in record["facets"]}
    assert {ALICE, BOB} <= dids
    thumb = posts.posts["thread/bluesky"].thumb
    assert thumb is not None
    assert thumb.size <= 1_000_000
    assert record["embed"]["external"]["title"] == "The brief"
    assert record["embed"]["external"]["thumb"]["ref"]["$link"] == blob_cid(thumb.sha256)
    assert posts.posts["thread/mastodon"].counts[0].limit == 777


def test_a_second_time_nothing_is_written_and_no_card_is_fetched(root: Path, web: Web) -> None:
    asked(root, web)
    before = (root / "lookups.yaml").read_bytes(), (root / "lookups.yaml").stat().st_mtime_ns
    web.asked.clear()
    assert not asked(root, web).changed
    assert ((root / "lookups.yaml").read_bytes(), (root / "lookups.yaml").stat().st_mtime_ns) == before
    assert "/page" not in {path for path, _ in web.asked}
    assert not asked(root, web, again=True).changed
    assert "/page" in {path for path, _ in web.asked}


def test_what_people_wrote_stays(root: Path, web: Web) -> None:
    mine = (
        "# mine\nhandles:\n  # a friend\n  zoe.example.org: {did: 'did:plc:zoe', on: 2025-01-01}  # sure\n"
        f"  bob.example.org: {{did: '{BOB}'}}\n# about cards\ncards:\n  https://example.org/x:\n    title: Mine # own\n"
    )
    (root / "lookups.yaml").write_text(mine, encoding="utf-8")
    asked(root, web)
    text = (root / "lookups.yaml").read_text(encoding="utf-8")
    assert set(mine.splitlines()) <= set(text.splitlines())
    assert [line.strip().split(":")[0] for line in text.splitlines() if "did:plc" in line] == [
        "alice.bsky.social", "zoe.example.org", "bob.example.org",
    ]  # fmt: skip


def test_a_handle_that_moved_is_a_problem_and_stays(
    root: Path, web: Web, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OUTREACH_NOW", "2026-01-06T09:00:00+01:00")
    (root / "lookups.yaml").write_text("handles:\n  bob.example.org: {did: 'did:plc:older'}\n", encoding="utf-8")
    assert main(["lookup", "--campaign", str(root)]) == 1
    said = capsys.readouterr().out
    assert (
        f"lookups.yaml:2: error: The handle @bob.example.org points to {BOB} now, and pointed to did:plc:older." in said
    )
    lookups, _ = load_lookups(root)
    assert lookups.handles == {"alice.bsky.social": ALICE, "bob.example.org": "did:plc:older"}


def test_one_that_fails_is_one_sentence_and_the_rest_goes_on(
    root: Path, web: Web, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OUTREACH_NOW", "2026-01-06T09:00:00+01:00")
    refusal = json.dumps({"error": "InvalidRequest", "message": "Unable to resolve handle"}).encode()
    web.pages[RESOLVE + "alice.bsky.social"] = (400, {"Content-Type": "application/json"}, refusal)
    assert main(["lookup", "--json", "--campaign", str(root)]) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["handles"] == {"bob.example.org": BOB}
    assert [each["message"] for each in said["troubles"]] == [
        "The handle @alice.bsky.social belongs to no account.",
        f"Under OUTREACH_NOW the page {web.url}/page is not fetched.",
    ]
    assert said["mastodon"]["characters"] == 777


@pytest.mark.parametrize("thumb", [b"", b"no picture", b"<svg xmlns='http://www.w3.org/2000/svg'/>"])
def test_a_card_without_a_usable_picture_goes_without(thumb: bytes, root: Path, web: Web) -> None:
    web.serve("/thumb.png", thumb, "image/png")
    found = asked(root, web)
    assert len(found.troubles) == 1
    assert found.cards[f"{web.url}/page"].thumb is None


def test_without_a_network_nothing_changes_and_it_is_said(root: Path, web: Web) -> None:
    text = (root / "campaign.yaml").read_text(encoding="utf-8").replace(f"{web.port}", "9")
    (root / "campaign.yaml").write_text(text, encoding="utf-8")
    found = asked(root, web)
    assert len(found.troubles) == 3
    assert "2 handles were not looked up" in found.troubles[0][0]
    assert not (root / "lookups.yaml").exists()


def test_a_rehearsal_asks_nobody_outside(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTREACH_NOW", "2026-01-06T09:00:00+01:00")
    text = "id: small\ntitle: S\nsender: {name: A B, email: a@b.example}\naccounts: {mastodon: {server: https://m.example}}\n"
    (root / "campaign.yaml").write_text(text + "links: {page: https://example.org}\n", encoding="utf-8")
    found = look_up(root)
    assert [sentence for sentence, _ in found.troubles] == [
        "Under OUTREACH_NOW nothing is sent to public.api.bsky.app. 2 handles were not looked up.",
        "Under OUTREACH_NOW nothing is sent to m.example.",
        "Under OUTREACH_NOW the page https://example.org is not fetched.",
    ]


@pytest.mark.parametrize("text", ["handles: [1]\n", "cards: {\n"])
def test_a_file_that_cannot_be_changed_is_left_alone(text: str, root: Path, web: Web) -> None:
    (root / "lookups.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(CannotWrite):
        asked(root, web)
    assert (root / "lookups.yaml").read_text(encoding="utf-8") == text


KEYS = st.from_regex(r"https://[a-z]{1,5}\.example/[!-~ä-ö]{0,8}", fullmatch=True).filter(lambda key: " " not in key)
LINE = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), max_size=20).map(
    lambda text: " ".join(text.split())
)


@given(st.lists(st.dictionaries(KEYS, st.tuples(LINE.filter(bool), LINE), max_size=4), max_size=4))
def test_whatever_a_page_says_is_read_back_as_it_was(rounds: list[dict[str, tuple[str, str]]]) -> None:
    text, wanted = "", {}
    for found in rounds:
        cards = {url: Card(url=url, title=title, description=words) for url, (title, words) in found.items()}
        wanted |= cards
        text = with_found(text, {}, cards.values(), None, date(2026, 1, 2))
    lookups, problems = read_lookups(text) if text else (None, [])
    assert problems == []
    assert (dict(lookups.cards) if lookups else {}) == wanted


def test_the_limits_are_written_over_their_old_ones() -> None:
    text = "mastodon:\n  # asked\n  server: https://a.example\n  characters: 500\nhandles:\n"
    text = with_found(text, {}, [], ServerLimits(server="https://b.example", characters=9), date(2026, 1, 2))
    assert text.startswith("mastodon:\n  # asked\n  server: https://b.example\n  characters: 9\nhandles:")


def test_check_measures_by_the_limits_of_the_account_s_own_server(root: Path, web: Web) -> None:
    post = root / "posts" / "thread.md"
    text = post.read_text(encoding="utf-8").replace("[bluesky, mastodon]", "[mastodon]")
    post.write_text(text + "word " * 120, encoding="utf-8")
    asked(root, web)
    assert "too-long" not in {problem.code for problem in load(root).problems}
    lookups = (root / "lookups.yaml").read_text(encoding="utf-8")
    (root / "lookups.yaml").write_text(lookups.replace(web.url, "https://other.example"), encoding="utf-8")
    assert "too-long" in {problem.code for problem in load(root).problems}
