"""A person of a team logs in by a link, in a real browser, sees what their role allows, and logs out."""

from __future__ import annotations

import re
import socket
from email import message_from_string, policy
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.browser.conftest import PATIENCE
from tests.servers.counting import counting
from tests.team.teams import by_smtp, served_team, write_people
from tests.team.test_links import all_sent
from tests.web.dashboards import write_full_campaign


def test_a_reader_logs_in_by_a_link_and_out_again(browser: Browser, january: None, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with counting(tmp_path / "server", "--text") as mail:
        root = write_people(by_smtp(write_full_campaign(tmp_path / "campaign"), mail.port))
        with served_team(root, f"http://127.0.0.1:{port}", port=port) as team, browser.new_context() as context:
            context.set_default_timeout(PATIENCE)
            page = context.new_page()
            page.goto(f"{team.address}/contacts")
            page.get_by_label("Your email address").fill("rita@team.example")
            page.get_by_role("button", name="Send me a link to log in").click()
            expect(page.get_by_text("a link is on its way")).to_be_visible()
            all_sent()
            message = message_from_string(mail.letters()[0]["text"], policy=policy.default)
            link = re.search(r"http://\S+", message.get_content())  # type: ignore[attr-defined]
            assert link is not None
            page.goto(link[0])
            page.get_by_role("button", name="Log in as Rita Reader").click()
            page.goto(f"{team.address}/letters/one/c0000/0")
            expect(page.get_by_role("button", name="Approve")).to_be_disabled()
            page.get_by_role("button", name="Deutsch").click()
            expect(page.get_by_text("Angemeldet als Rita Reader.")).to_be_visible()
            page.get_by_role("button", name="Abmelden").click()
            page.goto(f"{team.address}/contacts")
            expect(page).to_have_url(f"{team.address}/login")
