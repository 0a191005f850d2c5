"""Write, approve, send and publish in the browser: what the button says is what goes out, once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from tests.browser.conftest import came_in
from tests.browser.test_workday import Day
from tests.sending.campaigns import run
from tests.web.dashboards import NOW, served, write_full_campaign

BY_HAND = """---
networks: [hackernews]
titles: [We wrote to many]
link: https://example.org/why
at: 2026-01-12 10:00
---
Why we wrote.
"""
AGAIN = "([path, pairs]) => fetch(path, {method: 'POST', body: new URLSearchParams(pairs)}).then((a) => a.text())"


@pytest.fixture(scope="module")
def day(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    """A campaign whose emails were neither approved nor sent."""
    root = tmp_path_factory.mktemp("writing")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OUTREACH_NOW", NOW)
        patch.setenv("OUTREACH_USER", "Robin")
        write_full_campaign(root, contacts=5)
        (root / "posts" / "hand.md").write_text(BY_HAND, encoding="utf-8")
        with served(root) as address:
            context = browser.new_context()
            page = came_in(context.new_page(), address)
            yield Day(page, root, address.partition("/enter")[0])
            context.close()


def sent(root: Path) -> list[str]:
    return sorted(path.name for path in (root / "outbox").rglob("*.eml") if "tests" not in path.parts)


def test_a_text_is_edited_beside_the_email_that_it_makes(day: Day) -> None:
    file = day.root / "templates" / "hello.md"
    was = file.read_text(encoding="utf-8")
    words = was.rpartition("---\n")[2]
    page = day.open("/texts")
    page.get_by_role("main").get_by_role("link").filter(has_text="Hello").first.click()
    expect(page.get_by_label("Text", exact=True)).to_have_value(words.strip("\n"))
    page.get_by_label("Subject").fill("Another: subject")
    expect(page.locator(".diff ins").first).to_contain_text('subject: "Another: subject"')
    page.get_by_label("Subject").fill("Hello {{ contact.name }}")
    page.get_by_label("Text", exact=True).fill(f"{words}\nA line for {{{{ contact.name }}}}.\n")
    expect(page.frame_locator("iframe.letter").first.locator("body")).to_contain_text("A line for Contact 0")
    expect(page.locator(".diff ins").last).to_contain_text("A line for {{ contact.name }}")
    assert file.read_text(encoding="utf-8") == was
    page.get_by_label("Text", exact=True).fill(f"{words}\nA line for {{{{ contact.nam }}}}.\n")
    expect(page.locator(".problems")).to_contain_text("nam")
    page.get_by_label("Text", exact=True).fill("ж" * 150_000)
    expect(page.locator("#trouble")).to_have_text("This text is too long for the form, so nothing was saved.")
    page.get_by_label("Text", exact=True).fill(f"{words}\nOne more line.\n")
    expect(page.locator(".diff ins").last).to_contain_text("One more line.")
    expect(page.locator("#trouble")).to_be_hidden()
    page.get_by_role("link", name="Cancel").click()
    page.go_back()
    expect(page.locator(".diff ins").last).to_contain_text("One more line.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Saved: hello")
    assert file.read_text(encoding="utf-8") == f"{was}\nOne more line.\n"


def test_all_of_a_wave_are_approved_after_one_of_each_kind_was_opened_and_sent_once(day: Day) -> None:
    page, before = day.open("/together/one"), len(day.events())
    expect(page.get_by_text("You opened 0 of 5.")).to_be_visible()
    expect(page.get_by_role("button", name="Approve 5 emails")).to_have_count(0)
    page.get_by_role("list").get_by_role("link", name="Hello Contact 0").click()
    page.get_by_role("button", name="Test to me").click()
    expect(page.get_by_role("status")).to_contain_text("The test is saved on this computer")
    page = day.open("/together/one")
    expect(page.get_by_text("You opened 1 of 5.")).to_be_visible()
    page.get_by_role("button", name="Approve 5 emails").click()
    expect(page.get_by_role("status")).to_contain_text("Approved: 5 emails")
    approved = day.events()[before + 1 :]
    assert [(str(event.kind), event.text) for event in approved] == [("approved", "seen 1 of 5")] * 5
    pairs = page.locator("form[action='/go']").first.evaluate("(form) => [...new FormData(form)]")
    stale = day.root / "contacts" / "all.csv"
    was = stale.read_text(encoding="utf-8")
    stale.write_text(was.replace("Angle 1.", "Another angle."), encoding="utf-8")
    page.get_by_role("button", name="Save 5 emails on this computer").click()
    expect(page.get_by_text("Something changed after you looked, so nothing was sent.")).to_be_visible()
    assert sent(day.root) == []
    stale.write_text(was, encoding="utf-8")
    page = day.open("/send")
    expect(page.get_by_text("alex@sender.example")).to_be_visible()
    pairs = page.locator("form[action='/go']").first.evaluate("(form) => [...new FormData(form)]")
    page.get_by_role("button", name="Save 5 emails on this computer").click()
    expect(page.get_by_role("heading", name="5 done")).to_be_visible()
    assert "This was started already. Nothing is sent twice." in page.evaluate(AGAIN, ["/go", pairs])
    page.reload()
    expect(page.get_by_role("heading", name="5 done")).to_be_visible()
    assert sent(day.root) == [f"c000{number}.eml" for number in range(5)]
    assert day.kinds().count("accepted") == 5


def test_the_same_by_commands_gives_the_same_events(day: Day, tmp_path: Path) -> None:
    write_full_campaign(tmp_path, contacts=5)
    for words in (("test", "c0000"), ("approve", "one", "--yes"), ("send", "one", "--go")):
        assert run(tmp_path, *words, now=NOW).code in (0, 1)
    told = run(tmp_path, "show", "c0001", "--json", now=NOW).json["events"]
    ours = run(day.root, "show", "c0001", "--json", now=NOW).json["events"]
    assert [each["kind"] for each in told] == [each["kind"] for each in ours]


def test_a_post_is_begun_as_networks_will_show_it_and_saved_once(day: Day, tmp_path: Path) -> None:
    picture = tmp_path / "Map of hedges.png"
    Image.new("RGB", (40, 20), "green").save(picture)
    page = day.open("/posts")
    page.get_by_role("link", name="Write a post").click()
    page.get_by_label("Bluesky").check()
    page.get_by_label("Mastodon", exact=True).check()
    page.get_by_label("Text", exact=True).fill("Hedges are full of life.")
    expect(page.get_by_text("Say when it goes out.")).to_be_visible()
    page.get_by_label("Day and time").fill("2026-01-20T10:00")
    expect(page.get_by_text("24 of 500 characters")).to_be_visible()
    page.get_by_label("From this computer").set_input_files(picture)
    page.get_by_role("button", name="Add the picture").click()
    page.get_by_label("Alt text 1").fill("Hedges between two fields")
    page.get_by_role("button", name="Preview").click()
    page.get_by_text("Details").last.click()
    expect(page.locator(".diff ins").filter(has_text="Hedges between two fields")).to_be_visible()
    pairs = page.locator("#edit").evaluate("(form) => [...new FormData(form)].filter(([name]) => name !== 'picture')")
    page.get_by_role("button", name="Save", exact=True).dblclick()
    expect(page.get_by_role("status")).to_contain_text("New post: hedges-are-full-of-life")
    file = day.root / "posts" / "hedges-are-full-of-life.md"
    assert file.read_text(encoding="utf-8") == (
        "---\nnetworks: [bluesky, mastodon]\nat: 2026-01-20 10:00\nmedia:\n"
        "  - {file: materials/map-of-hedges.png, alt: Hedges between two fields}\n---\nHedges are full of life.\n"
    )
    expect(page.get_by_role("img", name="Hedges between two fields").first).to_be_visible()
    assert "This was done already" in page.evaluate(AGAIN, ["/save-post", [*pairs, ["act", "save"]]])
    assert len(list((day.root / "posts").glob("hedges*"))) == 1
    page = day.open("/posts")
    page.locator(".trust").get_by_role("button", name="Undo: New post").click()
    expect(page.get_by_role("status")).to_contain_text("Undone: New post")
    assert not file.exists()


def test_a_post_that_a_person_publishes_counts_with_its_address(day: Day) -> None:
    page = day.open("/posts")
    page.get_by_label("Where hand/hackernews is published").fill("https://news.ycombinator.com/item?id=1")
    page.get_by_role("button", name="It is published there").click()
    expect(page.get_by_role("status")).to_contain_text("Published by hand: hand")
    assert [(e.post, e.url) for e in day.events() if e.kind == "posted"] == [
        ("hand", "https://news.ycombinator.com/item?id=1")
    ]
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(page.get_by_label("Where hand/hackernews is published")).to_be_visible()
