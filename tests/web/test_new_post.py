"""A post is begun in the browser: what is shown is written, once, as a person would write it."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import pytest

from outreach.tasks.campaign import load
from outreach.tasks.uploads import ASIDE
from tests.sending.campaigns import run
from tests.web.dashboards import NOW, Answer, Visitor, written

FORM = {"networks": "bluesky", "text": "Hedges are full of life.", "when": "at", "at": "2026-01-20T10:00"}
WHOLE = """---
networks: [bluesky, mastodon]
window: {from: 2026-01-20, to: 2026-01-27, days: [tue, thu], hours: "09:00-12:00"}
needs: decision('go') == 'yes'
media:
  - {file: materials/map.png, alt: A map of hedges}
hashtags: [hedges, bees]
language: de
---
Hedges: full of life.
---
And bees.
"""


def sent(visitor: Visitor, *pairs: tuple[str, str], **form: str) -> Answer:
    return visitor.ask("POST", "/save-post", urlencode([("form_token", visitor.token()), *form.items(), *pairs]))


def word_of(page: str) -> str:
    found = re.search(r'name="word" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def picture(visitor: Visitor, name: str, content: bytes) -> Answer:
    fields = {"form_token": visitor.token(), **FORM, "act": "picture"}
    body = "".join(f'--x\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in fields.items())
    head = f'--x\r\nContent-Disposition: form-data; name="picture"; filename="{name}"\r\n\r\n'
    text = f"{body}{head}{content.decode('latin-1')}\r\n--x--\r\n"
    return visitor.ask("POST", "/save-post", text, Content_Type="multipart/form-data; boundary=x")


def test_a_post_is_looked_at_saved_once_and_taken_back(visitor: Visitor, campaign: Path) -> None:
    assert 'href="/new-post"' in visitor.page("/posts")
    before = written(campaign)
    page = unescape(sent(visitor, act="look", **FORM).text)
    assert "24 of 300 characters" in page
    assert written(campaign) == before
    word = word_of(page)
    saved = sent(visitor, act="save", word=word, **FORM)
    assert (saved.status, saved.headers["location"]) == (303, "/posts#hedges-are-full-of-life/bluesky")
    file = campaign / "posts" / "hedges-are-full-of-life.md"
    assert file.read_text() == "---\nnetworks: [bluesky]\nat: 2026-01-20 10:00\n---\nHedges are full of life.\n"
    assert "Hedges are full of life." in visitor.page("/posts")
    assert sent(visitor, act="save", word=word, **FORM).status == 303
    assert sent(visitor, act="save", **FORM).status == 303
    assert sorted(path.name for path in (campaign / "posts").iterdir()) == [file.name, "thread.md"]
    act = re.search(r'name="act" value="([^"]+)"', visitor.page("/posts"))
    assert act is not None
    visitor.post("/undo", {"act": act[1]})
    assert not file.exists()


def test_a_post_for_as_soon_as_it_is_approved_can_go_out_once_it_is(visitor: Visitor, campaign: Path) -> None:
    form = {"networks": "bluesky", "text": "Bees need hedges.", "when": "free"}
    word = word_of(unescape(sent(visitor, act="look", **form).text))
    sent(visitor, act="save", word=word, **form)
    assert "window: {from: 2026-01-13, to: 2027-01-12}" in (campaign / "posts/bees-need-hedges.md").read_text("utf-8")
    digest = visitor.shown_digest("/posts", "bees-need-hedges/bluesky")
    visitor.post("/approve-post", {"id": "bees-need-hedges/bluesky", "digest": digest})
    assert "Publish 1 post" in visitor.page("/send")


@pytest.mark.parametrize("network", ["linkedin", "x", "reddit", "mailing-list"])
def test_the_text_of_a_post_that_a_person_publishes_can_be_copied(visitor: Visitor, network: str) -> None:
    form = {**FORM, "networks": network}
    sent(visitor, act="save", word=word_of(unescape(sent(visitor, act="look", **form).text)), **form)
    page = visitor.page("/posts")
    (copied,) = re.findall(r'data-copy="([^"]+)"', page)
    found = re.search(rf'<pre[^>]* id="{re.escape(copied)}"[^>]*>([^<]+)</pre>', page)
    assert found is not None
    assert found[1] == FORM["text"]


def test_every_part_of_the_form_is_written_as_a_file_says_it(visitor: Visitor, campaign: Path) -> None:
    form = {
        "name": "The hedges", "text": "Hedges: full of life.\r\n---\r\nAnd bees.", "when": "window",
        "at": "2026-01-20T10:00", "from": "2026-01-20", "to": "2026-01-27", "since": "09:00", "until": "12:00",
        "needs": "decision('go') == 'yes'", "file": "materials/map.png", "alt": "A map of hedges",
        "hashtags": "#hedges, bees", "language": "de",
    }  # fmt: skip
    pairs = [("networks", "bluesky"), ("networks", "mastodon"), ("day", "tue"), ("day", "thu")]
    page = sent(visitor, *pairs, act="look", **form).text
    assert "materials/map.png" in page  # which is not there: the same problem as for a file that somebody wrote
    assert sent(visitor, *pairs, act="save", word=word_of(page), **form).status == 303
    assert (campaign / "posts" / "the-hedges.md").read_text() == WHOLE
    said = {each.message for each in load(campaign).problems if each.file == "posts/the-hedges.md"}
    assert said
    assert all(message in unescape(page).replace("“", "`").replace("”", "`") for message in said)


@pytest.mark.parametrize(
    ("left_out", "said"),
    [("networks", "Choose at least one network."), ("text", "Write a text."), ("at", "Say when it goes out.")],
)
def test_what_is_missing_is_said_and_nothing_is_saved(
    visitor: Visitor, campaign: Path, left_out: str, said: str
) -> None:
    word = word_of(sent(visitor, act="look", **FORM).text)
    before = written(campaign)
    answer = sent(visitor, act="save", word=word, **{**FORM, left_out: ""})
    assert answer.status == 409
    assert said in unescape(answer.text)
    assert written(campaign) == before


def test_another_post_goes_first_and_a_name_that_is_taken_gets_a_number(visitor: Visitor, campaign: Path) -> None:
    form = {**FORM, "name": "thread", "when": "after", "post": "thread", "delay": "2"}
    sent(visitor, act="save", word=word_of(sent(visitor, act="look", **form).text), **form)
    assert "after: thread + 2d\n" in (campaign / "posts" / "thread-2.md").read_text()
    assert run(campaign, "check", now=NOW).code in (0, 1)


def test_a_picture_is_kept_in_the_campaign_only_and_taken_back(visitor: Visitor, campaign: Path) -> None:
    beside = sorted(path.name for path in campaign.parent.iterdir())
    page = picture(visitor, "../../Map of hedges.PNG", b"not really").text
    file = campaign / "materials" / "map-of-hedges.png"
    assert file.read_bytes() == b"not really"
    assert '<option value="materials/map-of-hedges.png" selected>' in page
    assert "Hedges are full of life." in page
    assert picture(visitor, "Map of hedges.png", b"not really").status == 200
    assert len(list((campaign / "materials").iterdir())) == 1, "the same picture is kept once"
    answer = picture(visitor, "evil.html", b"<script>")
    assert answer.status == 409
    assert "evil.html is not a picture, sound or film" in answer.text
    assert "Hedges are full of life." in answer.text, "what was typed is still there"
    assert sorted(path.name for path in campaign.parent.iterdir()) == beside
    assert not list(campaign.rglob("*evil*"))
    assert not (campaign / ASIDE).exists()
    act = re.search(r'name="act" value="([^"]+)"', visitor.page("/posts"))
    assert act is not None
    visitor.post("/undo", {"act": act[1]})
    assert not file.exists()


def test_handles_are_looked_up_with_a_button_and_no_command_is_named(visitor: Visitor, campaign: Path) -> None:
    """In a rehearsal no other computer is asked, and the page says what was not found out."""
    post = campaign / "posts" / "ask.md"
    post.write_text("---\nnetworks: [bluesky]\nat: 2026-01-20 10:00\n---\nWith @bees.example.org.\n", encoding="utf-8")
    page = visitor.page("/posts")
    assert "was not looked up, so the post waits." in unescape(page)
    assert "outreach lookup" not in page
    assert visitor.post("/look-up", {}).headers["location"] == "/posts"
    for _ in range(600):
        page = visitor.page("/posts")
        if "What was looked up" in page:
            break
    assert "Handles: 0." in unescape(page)
    assert "outreach lookup" not in page
