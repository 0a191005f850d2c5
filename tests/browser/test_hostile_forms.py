"""Whatever is typed into whatever field of whatever form is only words: no dialog, no request elsewhere, no element.

The forms and their fields are read from the pages of every route, so that a new one is tried without being named here.
"""

from __future__ import annotations

import json
import os
import re
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.hostile import HOSTILE
from tests.browser.test_every_page import OPENED, SUBMIT, lively, opened
from tests.inbox.messages import message
from tests.inbox.test_sync import id_of, put
from tests.sending.campaigns import run
from tests.web.dashboards import NOW, served

WEB = Path(__file__).resolve().parents[2] / "outreach" / "web"
MARK = "\"'></textarea></title><x-hostile></x-hostile>"
"""Stands before each hostile text: an element of that name says that something took it for markup."""
FORMS = """async (path) => {
  const page = new DOMParser().parseFromString(await (await fetch(path)).text(), "text/html");
  return [...page.forms].filter((form) => form.method === "post").map((form) => ({
  action: form.getAttribute("action"),
  typed: [...new Set([...form.elements].filter((e) => e.name && e.matches(
    "textarea, select, input:not([type=hidden], [type=checkbox], [type=radio], [type=file])")).map((e) => e.name))],
  pairs: [...new FormData(form)].filter(([, value]) => typeof value === "string"),
  acts: [...form.elements].filter((e) => e.matches("button[name]")).map((e) => [e.name, e.value]),
}))}"""
ASK = """async ([path, pairs]) => {
  const answer = await fetch(path, {method: "POST", body: new URLSearchParams(pairs)});
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return [answer.status, answer.redirected, page.querySelectorAll("x-hostile").length];
}"""
ACTS = int(os.environ.get("OUTREACH_HOSTILE_ACTS", "1"))
"""So many buttons of a form are pressed: 3 are all that do different things, and then hidden fields are hostile too."""
NOT_CHANGED = ("form_token", "word", "digest")
"""Without these nothing else would be looked at."""
NOT_DONE = ("/read-mailbox", "/look-up", "/let-in", "/undo", "/release")
"""What waits for another server, or takes back what the others do."""

pytestmark = pytest.mark.usefixtures("january")


def of_templates() -> dict[str, list[str]]:
    """The forms as the templates write them: where they go, and the names of their fields."""
    found: dict[str, list[str]] = {}
    for file in (WEB / "templates").glob("*.html"):
        for form in re.findall(r'(?s)<form method="post" action="([^"{]+)"(.*?)</form>', file.read_text("utf-8")):
            found.setdefault(form[0], []).extend(re.findall(r'\bname="([a-z_-]+)"', form[1]))
    return found


def hostile(number: int) -> str:
    return MARK + HOSTILE[number % len(HOSTILE)]


def prepared(root: Path) -> Path:
    """A campaign with a hostile name for each contact, and hostile answers, one of them to a question of approval."""
    lively(root)
    table = root / "contacts" / "all.csv"
    text = table.read_text(encoding="utf-8")
    for number in range(6):
        text = text.replace(f"Contact {number}", f'"{(hostile(number) + str(number)).replace(chr(34), chr(34) * 2)}"')
    table.write_text(text, encoding="utf-8")
    campaign = root / "campaign.yaml"
    said = campaign.read_text(encoding="utf-8").replace("ask: Shall we?", f"ask: {json.dumps(hostile(7))}")
    campaign.write_text(said, encoding="utf-8")
    assert run(root, "approve", "one", "--ask", "alex@sender.example", now=NOW).code in (0, 1, 2)
    put(root, message("alex@sender.example", hostile(8), subject=f"Re: {hostile(9)}", id="<ok@sender.example>"))
    put(root, message("c0000@c0000.example", f"Yes. {hostile(10)}", subject=hostile(11), answers=id_of(root, "c0000")))
    assert run(root, "sync", now=NOW).code in (0, 1)
    return root


def test_every_field_of_every_form_takes_hostile_words_for_words(browser: Browser, tmp_path: Path) -> None:
    with served(prepared(tmp_path)) as address:
        page, base = opened(browser, address)
        dialogs: list[str] = []
        elsewhere: list[str] = []
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda request: None if request.url.startswith(base) else elsewhere.append(request.url))
        paths = [path for paths in OPENED.values() for path in paths]
        forms: dict[tuple[str, ...], dict[str, Any]] = {}
        page.goto(f"{base}/hold")
        for form in (form for path in paths for form in page.evaluate(FORMS, path)):
            forms.setdefault((form["action"].partition("?")[0], *form["typed"]), form)
        typed = {(form["action"], name) for form in forms.values() for name in form["typed"]}
        assert len(typed) > 60, "the fields of the forms were not found"
        assert {"/save-post", "/write-reply", "/look-at-ask", "/save-contact"} <= {action for action, _ in typed}
        token = [pair for pair in next(iter(forms.values()))["pairs"] if pair[0] == "form_token"]
        for action, names in of_templates().items():  # those that no page shows just now are tried all the same
            if action not in {form["action"].partition("?")[0] for form in forms.values()}:
                forms[action,] = {
                    "action": action,
                    "typed": names,
                    "pairs": [*token, *((n, "") for n in names)],
                    "acts": [],
                }
        shown, number = [], 0
        for form in forms.values():
            acts = form["acts"][:ACTS] or [[]]
            for act, all_of_it in product(acts, (False, True) if ACTS > 1 else (not form["typed"],)):
                pairs = []
                for name, value in [*form["pairs"], *([act] if act else [])]:
                    number += 1
                    is_hostile = name in form["typed"] or (all_of_it and name not in NOT_CHANGED)
                    pairs.append((name, hostile(number) if is_hostile else value))
                if form["action"] in NOT_DONE and not all_of_it:
                    continue
                status, redirected, elements = page.evaluate(ASK, [form["action"], pairs])
                assert status < 500, (form["action"], pairs)
                assert not elements, (form["action"], pairs)
                if not redirected:
                    shown.append((form["action"], dict(pairs)))
        for action, fields in {action: (action, fields) for action, fields in shown}.values():
            with page.expect_navigation():
                page.evaluate(SUBMIT, [action, {n: v for n, v in fields.items() if n != "form_token"}])
            assert page.locator("x-hostile").count() == 0, action
        for path in dict(zip((path.partition("?")[0].split("/")[1] for path in paths), paths, strict=True)).values():
            page.goto(f"{base}{path}")
            assert page.locator("x-hostile").count() == 0, path
            assert page.evaluate("window.hacked === undefined"), path
        page.context.close()
    assert dialogs == []
    assert elsewhere == []
