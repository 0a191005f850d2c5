"""Debian's Chromium, driven by Playwright, for a dashboard on this computer."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.web.dashboards import NOW

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
SHELL = shutil.which("chromium-headless-shell") or CHROMIUM
"""The same Chromium without the windows and menus that nobody sees here: a page costs it a third less."""

# A page is waited for, never timed: on two busy cores, with coverage, reading a first table takes over ten seconds.
PATIENCE = 120_000
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests; each page gets a context of its own."""
    if not Path(SHELL).is_file():
        pytest.skip("Chromium is not installed (Debian's package `chromium-headless-shell`)")
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=SHELL, args=root)
        yield started
        started.close()


@pytest.fixture
def january(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rehearsal on a January morning."""
    monkeypatch.setenv("OUTREACH_NOW", NOW)
    monkeypatch.setenv("OUTREACH_USER", "Robin")


def came_in(page: Page, address: str) -> Page:
    """The page, after the address that was printed was opened."""
    base = address.partition("/enter")[0]
    page.context.set_default_timeout(PATIENCE)
    page.goto(address)
    page.wait_for_url(f"{base}/")
    return page
