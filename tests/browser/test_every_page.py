"""Every page and every answer to a form, by the routes: read aloud, in the dark and on a phone, axe finds nothing.

Both lists below are compared with the routes, so that a new page cannot be forgotten.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page

from outreach.web.application import ROUTES
from tests.browser.conftest import came_in
from tests.inbox.messages import message
from tests.inbox.test_sync import id_of, put
from tests.sending.campaigns import run
from tests.web.dashboards import NOW, served, write_full_campaign

NO_PAGES = {
    "/enter", "/static/{name}", "/changes", "/job", "/shown/{digest}", "/pictures/{sha256}",
    "/contacts.csv", "/report/as/{format}", "/report/month/{format}", "/report/whole", "/report/month",
}  # fmt: skip
"""What is loaded by pages or saved as a file; and reports, in which no script may run, so that axe is run on the same
document as a file (test_report.py)."""
MARKED = "to=%22'%3E%3C/option%3E%3Cx-hostile%3E"
"""What somebody else's link may say."""
OPENED: Mapping[str, tuple[str, ...]] = {
    "/": ("/", "/no-such-page"),
    "/too-much": ("/too-much", "/too-much?most=25000000"),
    "/letters": ("/letters", "/letters?q=nobody"),
    "/letters/{wave}/{contact}/{step:int}": ("/letters/one/c0001/0", "/letters/one/c0002/0", "/letters/one/c0000/0"),
    "/together/{wave}": ("/together/one",),
    "/send": ("/send",),
    "/sending": ("/sending",),
    "/texts": ("/texts",),
    "/text": (
        "/text?file=templates/hello.md",
        "/text?file=posts/thread.md",
        "/text?file=templates/no.md",
        "/text?file=templates/hello.md&whole=1",
    ),
    "/posts": ("/posts",),
    "/new-post": ("/new-post",),
    "/calendar": ("/calendar", "/calendar?by=week", "/calendar?by=list", "/calendar?by=list&at=2027-06-01"),
    "/move": ("/move?post=thread", "/move?post=thread&to=2026-02-03", "/move?wave=one&to=2026-01-01"),
    "/plan": (
        "/plan",
        "/plan?wave=one",
        "/plan?id=thread",
        "/plan?wave=no",
        f"/plan?wave=one&template=hello&{MARKED}&when=free",
        f"/plan?wave=&template=hello&when=at&day=&{MARKED}",
        f"/plan?id=thread&when=at&at={MARKED}",
        "/plan?id=thread&when=window&from=2026-02-03&to=2026-02-10&day=Tue",
        "/plan?wave=one&to=name+!%3D+''&template=hello&when=at&day=2026-02-03&hour=10:00&follow_days=14&follow_template=hello",
    ),
    "/contacts": ("/contacts", "/contacts?q=nobody"),
    "/contacts/{contact}": ("/contacts/c0001", "/contacts/c0003", "/contacts/c0004"),
    "/contacts/{contact}/edit": ("/contacts/c0001/edit", "/contacts/c0001/edit?add=new@c0001.example"),
    "/add-contact": ("/add-contact",),
    "/add-files": ("/add-files",),
    "/answers": ("/answers", "/answers?show=done", "/answers?show=later"),
    "/reply/{contact}": ("/reply/c0000", "/reply/c0001"),
    "/hold": ("/hold",),
    "/report": ("/report",),
    "/sender": ("/sender",),
    "/mailbox": ("/mailbox", "/mailbox?change=1"),
    "/networks": ("/networks",),
    "/folder": ("/folder",),
}
"""The pages that each route shows."""
CONTACT = {"contact": "c0001"}
SENT: Mapping[str, tuple[Mapping[str, str], ...]] = {
    "/approve": ({}, {"id": "one/c0001/0", "digest": "0" * 64}),
    "/withdraw": ({}, {"id": "one/c0001/0"}),
    "/approve-together": ({},),
    "/look-at-ask": ({"wave": "one", "address": "x@else.example"}, {"wave": "one", "address": "alex@sender.example"}),
    "/ask": ({},),
    "/test": ({}, {"id": "one/c0003/0"}),
    "/go": ({},),
    "/stop": ({},),
    "/save-text": (
        {"file": "templates/hello.md", "text": "---\nsubject: Hi\n---\nDear {{ nam }}", "act": "save"},
        {"file": "templates/hello.md", "fields": "1", "subject": "Hi: you", "text": "Dear", "act": "look"},
    ),
    "/save-post": ({}, {"networks": "bluesky", "text": "x" * 400, "at": "2026-01-20T10:00", "file": "materials/a.png"}),
    "/look-up": ({},),
    "/posted": ({}, {"id": "hand/hackernews", "url": "no address"}),
    "/look-at-change": ({}, {"id": "hand/hackernews", "what": "unpublish"}),
    "/change-post": ({},),
    "/approve-post": ({}, {"id": "thread/bluesky", "digest": "0" * 64}),
    "/withdraw-post": ({},),
    "/move-it": ({},),
    "/bulk": ({}, {"id": "c0002", "action": "tier", "value": "2"}, {"id": "c0002", "action": "leave-out:one"}),
    "/bulk-do": ({},),
    "/save-contact": (
        {**CONTACT, "name": "Another", "personal_text": "New.", "act": "save"},
        {**CONTACT, "name": "", "channel-kind": "email", "channel-address": "no address"},
    ),
    "/log": ({}, {**CONTACT, "what": "they-called", "text": "Warm."}),
    "/undo-event": ({},),
    "/mark": ({}, {**CONTACT, "outcome": "supports"}),
    "/look-at-merge": ({}, {**CONTACT, "other": "Contact 2"}),
    "/merge": ({},),
    "/look-at-erase": (CONTACT,),
    "/erase": ({},),
    "/never-again": (CONTACT,),
    "/judge": ({},),
    "/sort": ({},),
    "/sort-all": ({},),
    "/turn": ({},),
    "/match": ({},),
    "/hold": ({}, {"because": "The vote moved."}),
    "/release": ({"target": ""},),
    "/save-words": ({"month": "2026-01", "for": "us", "says": "Mine.", "digest": "0" * 64},),
    "/decide": ({}, {"decision": "go", "choice": "yes"}),
    "/look-at-confirm": ({}, {"wave": "one", "sent": "yes"}, {"id": "one/c0000/0", "sent": "no"}),
    "/confirm": ({},),
    "/write-reply": ({"contact": "c0000"}, {"contact": "c0000", "text": "Thank you."}),
    "/send-reply": ({},),
    "/begin": ({"what": "hand"},),
    "/save-sender": ({"name": "Alex Example", "email": "no address"},),
    "/save-times": ({}, {"hours": "noon"}),
    "/find-servers": ({}, {"address": "alex@gmail.com"}, {"address": "alex@sender.example"}),
    "/save-servers": ({},),
    "/sign-in": ({},),
    "/let-in": ({},),
    "/check-mailbox": ({},),
    "/keep-version": ({}, {"act": "begin"}),
    "/save-network": ({"network": "mastodon", "server": "a b"}, {"network": "bluesky", "handle": "no handle"}),
    "/begin-network": ({"network": "mastodon"},),
    "/sign-in-network": ({"network": "bluesky"},),
    "/new-text": ({}, {"subject": "A second letter"}),
    "/look-at-files": ({},),
    "/undo": ({},),
    "/read-mailbox": ({},),
    "/settings": ({"keys": "on"},),
}
"""What is sent to each route that takes a form: nothing, as an old tab may; and what it answers with a page."""
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
BY_LOOKS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
BY_WIDTH = {
    "runOnly": {
        "type": "rule",
        "values": [*BY_LOOKS["runOnly"]["values"], "target-size", "scrollable-region-focusable"],
    }
}
WIDE, PHONE = (1280, 844), (360, 740)
MODES: tuple[tuple[str, tuple[int, int], Mapping[str, Any]], ...] = (
    ("light", WIDE, RULES), ("dark", WIDE, BY_LOOKS), ("light", PHONE, BY_WIDTH),
)  # fmt: skip
"""Everything once, then what depends on colours or on the width. The document is the same in all three."""
RUN = """async (rules) => {
  const known = new Set(JSON.parse(sessionStorage.looks ?? "[]"));
  const looks = new Map();
  const fresh = [];
  for (const element of document.querySelectorAll("body, body *")) {
    const style = getComputedStyle(element);
    const own = [element.tagName, element.getAttribute("class"), element.matches(":disabled, [aria-disabled=true]"),
      element.control?.disabled, style.color, style.backgroundColor, style.backgroundImage, style.opacity, style.filter,
      style.fontSize, style.fontWeight, style.textShadow, style.mixBlendMode, style.position];
    const look = `${looks.get(element.parentElement) ?? innerWidth} / ${own}`;
    looks.set(element, look);
    element.toggleAttribute("data-new-look", !known.has(look));
    const says = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (says && !known.has(look) && element.checkVisibility()) fresh.push(look);
  }
  axe.configure({rules: [{id: "color-contrast", selector: "[data-new-look]"}]});
  const found = await axe.run({...rules, resultTypes: ["violations", "incomplete"]});
  const is_sure = !found.incomplete.some((each) => each.id === "color-contrast");
  if (is_sure) sessionStorage.looks = JSON.stringify([...known, ...new Set(fresh)]);
  return found.violations;
}"""
"""Half of axe's time goes to contrast. It is measured once for each look at each width: a text's colours, size and
classes, and those of all elements around it. Where axe is not sure, no look of the page counts as measured."""
BY_HAND = "---\nnetworks: [hackernews]\ntitles: [We wrote to many]\nlink: https://example.org/why\n---\nWhy.\n"
SUBMIT = """([path, fields]) => {
  const form = document.createElement("form");
  const all = {form_token: document.querySelector("[name=form_token]").value, ...fields};
  for (const [name, value] of Object.entries(all)) {
    const field = document.createElement("textarea");
    [field.name, field.value] = [name, value];
    form.append(field);
  }
  [form.method, form.action] = ["post", path];
  document.body.append(form);
  HTMLFormElement.prototype.submit.call(form);
}"""

pytestmark = pytest.mark.usefixtures("january")


def lively(root: Path) -> Path:
    """Emails approved, changed since, saved, answered; mail to confirm and of nobody; a brake, and a post by hand."""
    write_full_campaign(root, contacts=6)
    (root / "posts" / "hand.md").write_text(BY_HAND, encoding="utf-8")
    (root / "mailbox").mkdir()
    for words in (
        ("approve", "one/c0000/0", "one/c0001/0", "one/c0002/0", "one/c0005/0", "--yes"),
        ("send", "one", "--go", "--limit", "1"),
        ("confirm", "one/c0000/0", "--sent"),
        ("log", "c0003", "they-wrote", "They would like to know more."),
        ("pause", "c0004", "--because", "They are on holiday."),
    ):
        assert run(root, *words, now=NOW).code in (0, 1), words
    put(root, message("c0000@c0000.example", "I am away until Monday.", answers=id_of(root, "c0000")))
    put(root, message("somebody@else.example", "About your letter.", subject="Re: Hello Contact 0"))
    assert run(root, "sync", now=NOW).code in (0, 1)
    file = root / "contacts" / "all.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("Angle 2.", "A better angle."), encoding="utf-8")
    return root


def violations(page: Page, name: str) -> list[str]:
    """What axe finds on the page that is open, and whether it is wider than the window."""
    found = []
    page.evaluate(AXE_SCRIPT)
    for scheme, (width, height), rules in MODES:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": height})
        for each in page.evaluate(RUN, dict(rules)):
            nodes = [f"{node['html'][:120]} {node.get('failureSummary', '')[:300]}" for node in each["nodes"][:3]]
            found.append(f"{name} ({scheme}, {width}) {each['id']}: {nodes}")
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{name} is wider than the window of {width}")
    return found


def opened(browser: Browser, address: str) -> tuple[Page, str]:
    """A page in a window of its own, and where the dashboard is."""
    context = browser.new_context(reduced_motion="reduce")
    return came_in(context.new_page(), address), address.partition("/enter")[0]


def made_of(page: Page) -> tuple[str, ...]:
    """What tells one answer from another: its page, and every kind of thing that stands on it."""
    heading = page.locator("h1").inner_text()
    return (heading, *page.evaluate("[...new Set([...document.querySelectorAll('main *')].map((e) => e.className))]"))


def test_every_route_is_in_one_of_the_lists() -> None:
    reading = {route.path for route in ROUTES if "GET" in (route.methods or ())}
    writing = {route.path for route in ROUTES if "POST" in (route.methods or ())}
    assert reading - NO_PAGES == set(OPENED)
    assert writing == set(SENT)


def test_axe_finds_nothing_on_any_page_of_a_full_campaign(browser: Browser, tmp_path: Path) -> None:
    with served(lively(tmp_path)) as address:
        page, base = opened(browser, address)
        found = []
        for path in (path for paths in OPENED.values() for path in paths):
            page.goto(f"{base}{path}")
            found += violations(page, path)
        page.context.close()
    assert found == []


def test_axe_finds_nothing_on_any_answer_to_a_form(browser: Browser, tmp_path: Path) -> None:
    """Refused, shown first, changed in between, done: whatever each route answers, and where it leads then."""
    with served(lively(tmp_path)) as address:
        page, base = opened(browser, address)
        found: list[str] = []
        seen: set[tuple[str, ...]] = set()
        for path, forms in SENT.items():
            for number, fields in enumerate(forms, 1):
                page.goto(f"{base}/hold")
                with page.expect_navigation() as answered:
                    page.evaluate(SUBMIT, [path, dict(fields)])
                assert answered.value is not None
                assert answered.value.status < 500, (path, fields)
                kind = made_of(page)
                if kind not in seen:  # many say in the same words that they are old
                    seen.add(kind)
                    found += violations(page, f"{path} {number}")
        page.context.close()
    assert found == []


def test_axe_finds_nothing_in_an_empty_campaign_or_folder(browser: Browser, tmp_path: Path) -> None:
    text = "id: empty\ntitle: Empty\nsender: {name: Alex Example, email: alex@sender.example}\n"
    found = []
    for name, paths in (
        ("folder", ("/", "/contacts")),
        ("campaign", ("/", "/answers", "/letters", "/posts", "/texts", "/send", "/contacts", "/calendar?by=list")),
    ):
        root = tmp_path / name
        root.mkdir()
        if name == "campaign":
            (root / "campaign.yaml").write_text(text, encoding="utf-8")
        with served(root) as address:
            page, base = opened(browser, address)
            for path in paths:
                page.goto(f"{base}{path}")
                found += violations(page, f"{name} {path}")
            page.context.close()
    assert found == []


def test_axe_finds_nothing_where_somebody_is_erased(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With OUTREACH_NOW set, nothing is erased, so this is on the clock of the computer."""
    monkeypatch.delenv("OUTREACH_NOW")
    write_full_campaign(tmp_path, contacts=2)
    with served(tmp_path) as address:
        page, base = opened(browser, address)
        page.goto(f"{base}/contacts/c0001")
        page.get_by_text("Erase their data (GDPR)").click()
        page.get_by_role("button", name="Show every place").click()
        found = violations(page, "erase, first")
        page.get_by_role("button", name="Erase Contact 1").click()
        page.get_by_text("It is stored nowhere.").wait_for()
        found += violations(page, "erase, done")
        page.context.close()
    assert found == []
