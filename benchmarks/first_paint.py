"""When a page of the dashboard is first painted, with 5,000 contacts: `python benchmarks/first_paint.py`.

Each page is opened in Chromium five times; the figures are medians of the browser's own first contentful paint, in
milliseconds, and how many times that of a page of the same server with nothing on it. Chromium and Playwright (of the
tests) are needed; without them it says so. Read the ratios.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import CHROMIUM, came_in
from tests.sending.campaigns import run
from tests.web.dashboards import NOW, served, write_full_campaign

CONTACTS, ROUNDS = 5000, 5
EMPTY = "/no"
PAGES = (
    "/", "/answers", "/letters", "/letters/one/c0001/0", "/send", "/texts", "/text?file=templates/hello.md", "/posts",
    "/contacts", "/contacts/c0001", "/contacts/c0001/edit", "/calendar", "/calendar?by=list", "/report",
    "/report/month", "/report/whole", "/sender", "/mailbox", "/networks",
    "/plan", "/plan?wave=one", "/plan?id=thread", "/folder",
)  # fmt: skip
PAINT = """() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime"""
PATIENCE = 600
"""Tenths of a second until a page that painted nothing is given up."""


def painted(page: Page, address: str) -> float:
    """The median first contentful paint of a page, in milliseconds after it was asked for."""
    found = []
    for _ in range(ROUNDS):
        page.goto(address)
        found.append(first_paint(page))
    return statistics.median(found)


def first_paint(page: Page) -> float:
    """Asked again and again: in a report no script runs, so that nothing could say when it is painted."""
    for _ in range(PATIENCE):
        at = page.evaluate(PAINT)
        if at is not None:
            return float(at)
        page.wait_for_timeout(100)
    raise TimeoutError(f"{page.url} painted nothing")


def main() -> None:
    if not Path(CHROMIUM).is_file():
        print("Chromium is not installed (Debian's package `chromium`)")
        return
    os.environ |= {"OUTREACH_NOW": NOW, "OUTREACH_USER": "Robin"}
    with tempfile.TemporaryDirectory() as folder:
        root = write_full_campaign(Path(folder), contacts=CONTACTS)
        assert run(root, "approve", "one", "--yes", now=NOW).code in (0, 1)
        os.environ["OUTREACH_NOW"] = NOW
        with served(root) as address, sync_playwright() as playwright:
            sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=sandbox)
            page = came_in(browser.new_page(), address)
            base = address.partition("/enter")[0]
            empty = painted(page, f"{base}{EMPTY}")
            print(f"{CONTACTS} contacts; an empty page: {empty:.0f} ms")
            for path in PAGES:
                took = painted(page, f"{base}{path}")
                print(f"{path:<32} {took:6.0f} ms  {took / empty:5.1f} x")
            browser.close()


if __name__ == "__main__":
    main()
