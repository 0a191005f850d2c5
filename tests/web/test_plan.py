"""A wave is planned and a post gets its time from a page: shown first, written once, as a person would write it."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.sending.campaigns import run
from tests.web.dashboards import NOW, Visitor, written

PLAN = {
    "wave": "", "to": "name != ''", "template": "hello", "when": "at", "day": "2026-02-03", "hour": "10:00",
    "again": "yes", "until": "", "follow_days": "", "follow_template": "", "follow_times": "",
}  # fmt: skip


def word_of(page: str) -> str:
    found = re.search(r'name="word" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def files(root: Path) -> dict[str, str]:
    """Every file and row, but what is only kept to be faster."""
    return {name: digest for name, digest in written(root).items() if not name.startswith(".outreach/cache/")}


def planned(visitor: Visitor, **form: str) -> str:
    return unescape(visitor.page(f"/plan?{urlencode(form)}"))


def test_a_wave_is_shown_planned_once_and_taken_back(visitor: Visitor, campaign: Path) -> None:
    assert 'href="/plan?wave=one"' in visitor.page("/letters")
    before, file = files(campaign), campaign / "campaign.yaml"
    text = file.read_text(encoding="utf-8")
    page = planned(visitor, **PLAN)
    assert "hello: " in page
    assert "Tue 10 Feb 2026" in page, "two weeks after the email that they get already"
    assert files(campaign) == before
    word = word_of(page)
    assert visitor.post("/move-it", {"word": word, "what": "hello", "saves": "1"}).status == 303
    assert "Saved: hello" in visitor.page("/letters")
    assert 'start: "2026-02-03 10:00"' in file.read_text(encoding="utf-8").replace("'", '"')
    once = file.read_text(encoding="utf-8")
    visitor.post("/move-it", {"word": word, "what": "hello", "saves": "1"})
    assert file.read_text(encoding="utf-8") == once
    assert run(campaign, "check", now=NOW).code in (0, 1)
    act = re.search(r'name="act" value="([^"]+)"', visitor.page("/letters"))
    assert act is not None
    visitor.post("/undo", {"act": act[1]})
    assert file.read_text(encoding="utf-8") == text


def test_a_file_that_somebody_edited_since_is_not_written(visitor: Visitor, campaign: Path) -> None:
    word, file = word_of(planned(visitor, **PLAN)), campaign / "campaign.yaml"
    theirs = f"{file.read_text(encoding='utf-8')}\n# theirs\n"
    file.write_text(theirs, encoding="utf-8")
    assert visitor.post("/move-it", {"word": word, "what": "hello", "saves": "1"}).status == 409
    assert file.read_text(encoding="utf-8") == theirs


def test_a_wave_shows_what_its_file_says_and_a_mistake_at_its_field(visitor: Visitor, campaign: Path) -> None:
    page = planned(visitor, wave="one")
    assert '<option value="tier == 0" selected>' in page
    answer = visitor.get(f"/plan?{urlencode({**PLAN, 'day': ''})}")
    assert answer.status == 409
    assert 'id="fault-day"' in answer.text
    assert answer.text.count('class="fault"') == 1
    answer = visitor.get(f"/plan?{urlencode({**PLAN, 'to_own': 'tier =='})}")
    assert answer.status == 409
    assert answer.text.count('class="fault"') == 1
    assert visitor.get("/plan?wave=nothing").status == 409


@pytest.mark.parametrize(
    ("form", "line"),
    [
        ({"when": "at", "at": "2026-02-03T10:30"}, "at: 2026-02-03 10:30"),
        ({"when": "window", "from": "2026-02-03", "to": "2026-02-05", "since": "09:00", "until": "12:00"},
         'window: {from: 2026-02-03, to: 2026-02-05, hours: "09:00-12:00"}'),
        ({"when": "after", "post": "thread", "delay": "2"}, "after: thread + 2d"),
        ({"when": "free"}, "window: {from: 2026-01-13, to: 2027-01-12}"),
    ],
)  # fmt: skip
def test_a_post_without_a_time_gets_one(visitor: Visitor, campaign: Path, form: dict[str, str], line: str) -> None:
    file = campaign / "posts" / "later.md"
    file.write_text("---\nnetworks: [mastodon]\n---\nThe end.\n", encoding="utf-8")
    page = unescape(visitor.page("/posts"))
    assert "it has no time yet" in page
    assert "window" not in page
    assert 'href="/plan?id=later"' in page
    assert "Say when it goes out." in planned(visitor, id="later", when="at", at="")
    before = files(campaign)
    word = word_of(planned(visitor, id="later", **form))
    assert files(campaign) == before
    visitor.post("/move-it", {"word": word, "what": "later", "saves": "1"})
    assert file.read_text(encoding="utf-8") == f"---\nnetworks: [mastodon]\n{line}\n---\nThe end.\n"
    again = planned(visitor, id="later")
    assert (
        f'value="{"at" if form["when"] == "at" else "after" if form["when"] == "after" else "window"}" checked' in again
    )


def test_a_text_that_no_wave_sends_says_so_and_leads_to_the_plan(visitor: Visitor, campaign: Path) -> None:
    (campaign / "templates" / "more.md").write_text("---\nsubject: More\n---\nHi.\n", encoding="utf-8")
    page = visitor.page("/texts")
    assert re.findall(r'href="(/plan\?template=[^"]+)"', page) == ["/plan?template=more"]
    assert '<option value="more" selected>' in visitor.page("/plan?template=more")


def test_a_text_in_fields_is_saved_only_over_the_file_that_was_shown(visitor: Visitor, campaign: Path) -> None:
    file = campaign / "templates" / "hello.md"
    address = "/text?file=templates/hello.md"
    page = visitor.page(address)
    assert "---" not in page
    assert 'name="subject" value="Hello {{ contact.name }}"' in page
    assert "---" in visitor.page(f"{address}&whole=1")
    digest = re.search(r'name="digest" value="([0-9a-f]+)"', page)
    assert digest is not None
    form = {"file": "templates/hello.md", "fields": "1", "subject": "Hi: you", "text": "Dear you,", "act": "save"}
    theirs = file.read_text(encoding="utf-8") + "Theirs.\n"
    file.write_text(theirs, encoding="utf-8")
    answer = visitor.post("/save-text", {**form, "digest": digest[1]})
    assert answer.status == 409
    assert "Somebody changed the file" in answer.text
    assert 'value="Hi: you"' in answer.text
    assert file.read_text(encoding="utf-8") == theirs
    digest = re.search(r'name="digest" value="([0-9a-f]+)"', answer.text)
    assert digest is not None
    assert visitor.post("/save-text", {**form, "digest": digest[1]}).status == 303
    assert file.read_text(encoding="utf-8") == '---\nsubject: "Hi: you"\nattachments: [brief]\n---\nDear you,\n'


def test_the_button_says_so_where_what_is_approved_could_go_out_today(visitor: Visitor, campaign: Path) -> None:
    today, later = {"when": "free"}, {"when": "at", "at": "2026-02-03T10:30"}
    assert "let it go out today" not in planned(visitor, id="thread", **today)
    digest = visitor.shown_digest("/posts", "thread/bluesky")
    visitor.post("/approve-post", {"id": "thread/bluesky", "digest": digest})
    page = planned(visitor, id="thread", **today)
    assert "Save, and let it go out today" in page
    assert "Saving sends nothing." not in page
    assert "let it go out today" not in planned(visitor, id="thread", **later)
