"""The pictures of the dashboard in docs/images/: the shipped campaign in the second week of January 2026, in Chromium.

`make screenshots` runs it. It works in a copy, in a rehearsal, and sends nothing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from outreach.web.serving import serve

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
NOW = "2026-01-14T09:30:00+01:00"
PARTS = ("campaign.yaml", "contacts", "templates", "posts", "checklists", "materials", "notes")
HAPPENED = (
    (
        "2026-01-09T15:00:00+01:00",
        "note r-linux posted --at 2026-01-06 --url https://www.reddit.com/r/linux upvotes=153",
    ),
    ("2026-01-09T15:00:00+01:00", "decide reddit go"),
    ("2026-01-13T09:30:00+01:00", "test fsfe"),
    ("2026-01-13T09:30:00+01:00", "approve lobbying --yes"),
    ("2026-01-13T09:30:00+01:00", "send lobbying --go --no-wait"),
    (NOW, "note fsfe reply Interesting,_thank_you._Could_we_talk_next_week?"),
)
LIGHT = {"viewport": {"width": 1200, "height": 760}}
DARK = {**LIGHT, "color_scheme": "dark"}
PHONE = {"viewport": {"width": 390, "height": 760}, "is_mobile": True}
PICTURES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("today", "/", LIGHT),
    ("letter", "/letters/community/debian/0", LIGHT),
    ("letter-dark", "/letters/community/debian/0", DARK),
    ("posts", "/posts#thread/bluesky", LIGHT),
    ("calendar", "/calendar", LIGHT),
    ("answers", "/answers", LIGHT),
    ("contact", "/contacts/fsfe", LIGHT),
    ("phone", "/", PHONE),
)


def main() -> None:
    """Make every picture anew."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        campaign = _campaign(Path(folder))
        os.environ["OUTREACH_NOW"] = NOW
        root = ["--no-sandbox"] if os.geteuid() == 0 else []
        with _served(campaign) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=root)
            _picture_all(browser, address)
            browser.close()


def _campaign(folder: Path) -> Path:
    """A copy of the shipped campaign, in which a few things have happened."""
    for name in PARTS:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    post = folder / "posts" / "r-linux.md"
    post.write_text(post.read_text(encoding="utf-8").replace("to: 2026-01-05", "to: 2026-01-06"), encoding="utf-8")
    for now, words in HAPPENED:
        command = [sys.executable, "-m", "outreach", *(word.replace("_", " ") for word in words.split())]
        environment = {**os.environ, "OUTREACH_NOW": now, "OUTREACH_USER": "Robin", "OUTREACH_CAMPAIGN": str(folder)}
        subprocess.run(command, env=environment, cwd=ROOT, check=False, stdout=subprocess.DEVNULL)
    return folder


@contextmanager
def _served(campaign: Path) -> Iterator[str]:
    addresses: Queue[str] = Queue()
    servers: Queue[Any] = Queue()
    Thread(target=serve, args=(campaign, 0, addresses.put, servers.put), daemon=True).start()
    yield addresses.get(timeout=60)
    servers.get().should_exit = True


def _picture_all(browser: Browser, address: str) -> None:
    base = address.partition("/enter")[0]
    first = browser.new_context()
    page = first.new_page()
    page.goto(address)
    page.wait_for_url(f"{base}/")
    state = first.storage_state()
    for name, path, options in PICTURES:
        context = browser.new_context(storage_state=state, locale="en-GB", **options)
        page = context.new_page()
        page.goto(f"{base}{path}")
        page.wait_for_load_state("networkidle")
        target = IMAGES / f"dashboard-{name}.png"
        page.screenshot(path=target)
        Image.open(target).convert("RGB").quantize(128).save(target, optimize=True)
        print(f"{target.relative_to(ROOT)}  {target.stat().st_size // 1000} kB")
        context.close()


if __name__ == "__main__":
    main()
