"""What the pages say of sending: what may go now, how far it is, and why the rest waits."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from types import SimpleNamespace

import pytest
from starlette.requests import Request

from outreach.errors import CannotTell
from outreach.model.action import Action, ActionResult
from outreach.tasks.interruption import Interruption
from outreach.tasks.publishing.orders import PublishOrder, PublishResult
from outreach.tasks.sending.orders import Progress, SendResult
from outreach.web import keeper
from outreach.web.jobs import Job
from outreach.web.pages import sending
from outreach.web.sessions import BrowserSession
from outreach.web.visit import Dashboard, dashboard_of
from tests.sending.campaigns import run
from tests.web.dashboards import NOW, Visitor, served, write_full_campaign

BEGAN = datetime(2026, 1, 13, 8, 30, tzinfo=UTC)


@pytest.fixture
def dashboard(campaign: Path) -> Dashboard:
    return dashboard_of(campaign)


@pytest.fixture
def progress(dashboard: Dashboard) -> Callable[[Job], str]:
    """The page of a job."""

    def shown(job: Job) -> str:
        dashboard.jobs.last[job.kind] = job
        app = SimpleNamespace(state=SimpleNamespace(dashboard=dashboard), routes=[])
        scope = {"type": "http", "method": "GET", "path": "/sending", "query_string": b"", "headers": [], "app": app,
                 "browser_session": BrowserSession(), "server": ("127.0.0.1", 1), "scheme": "http"}  # fmt: skip
        return bytes(sending.show_progress(Request(scope)).body).decode()

    return shown


def result(dashboard: Dashboard, actions: list[Action], note: str = "") -> SendResult:
    campaign = dashboard.keeper.seen().world.campaign
    return SendResult(campaign=campaign, actions=tuple(actions), now=BEGAN, note=note)


def held(contact: str, reason: str) -> Action:
    return Action(id=f"one/{contact}/0", kind="letter", result=ActionResult.HELD, reason=reason)


def test_so_many_are_counted_as_the_button_said(progress: Callable[[Job], str]) -> None:
    """What is left in the run's plan may hold letters that the button did not offer."""
    job = Job(kind="send", title="2", progress=Progress(done=1, left=7, began=BEGAN, now=BEGAN))
    assert "1 of 2 done" in progress(job)


def test_what_waits_for_the_same_reason_is_said_once_and_how_to_go_on(
    dashboard: Dashboard, progress: Callable[[Job], str]
) -> None:
    done = Action(id="one/c0000/0", kind="letter", result=ActionResult.DONE)
    actions = [done, *(held(f"c000{n}", "paused since 13 Jan: The vote moved.") for n in (1, 2, 3))]
    note = "Another computer sent 1 email or post of this campaign; recorded here."
    page = progress(Job(kind="send", title="4", is_over=True, result=result(dashboard, actions, note)))
    assert page.count("The vote moved.") == 1
    assert "3 emails" in page
    assert "Contact 1, Contact 2, Contact 3" in page.replace("\n", "")
    assert "Another computer sent 1 email or post" in page
    assert 'href="/send"' in page


def test_a_post_is_called_as_people_call_it(dashboard: Dashboard, progress: Callable[[Job], str]) -> None:
    done = Action(id="thread/mastodon", kind="post", result=ActionResult.DONE)
    assert "thread (Mastodon)" in progress(
        Job(kind="publish", title="1", is_over=True, result=result(dashboard, [done]))
    )


def test_what_became_due_meanwhile_has_its_button_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a file nor the ledger changed: time alone did, by less than a look is good for else."""
    monkeypatch.setenv("OUTREACH_NOW", NOW)
    root = write_full_campaign(tmp_path, contacts=2)
    config = root / "campaign.yaml"
    config.write_text(config.read_text(encoding="utf-8").replace("gap: 0s", "gap: 40s"), encoding="utf-8")
    assert "gap: 40s" in config.read_text(encoding="utf-8")
    assert run(root, "approve", "one", "--yes", now=NOW).code == 0
    assert run(root, "send", "one", "--go", "--no-wait", now=NOW).code in (0, 1)
    with served(root) as address:
        visitor = Visitor(address).come_in()
        page = visitor.page("/send")
        assert "The next one may go out" in page
        assert "Save 1 email" not in page
        since = f"/changes?since={visitor.page('/send').partition('/changes?since=')[2].partition(chr(34))[0]}"
        assert visitor.get(since).status == 204
        monkeypatch.setenv("OUTREACH_NOW", "2026-01-13T09:30:50+01:00")
        assert keeper.OLD.total_seconds() > 50
        assert visitor.get(since).headers.get("hx-trigger") == "campaign-changed"
        assert "Save 1 email" in visitor.page("/send")
        assert visitor.get(since).status == 204


def test_publishing_ends_where_somebody_asks_it_to_stop(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """The button's word reaches the run, as it reaches one that sends."""
    handed: list[Interruption] = []
    ended = Event()

    def publish(root: Path, order: PublishOrder, *, interruption: Interruption) -> PublishResult:
        handed.append(interruption)
        ended.wait(60)
        raise CannotTell("Nothing was published", "")

    monkeypatch.setattr(sending, "publish", publish)
    monkeypatch.setenv("OUTREACH_NOW", "2026-01-15T10:00:00+01:00")
    visitor.post(
        "/approve-post", {"id": "thread/mastodon", "digest": visitor.shown_digest("/posts", "thread/mastodon")}
    )
    word = re.search(r'name="word" value="([^"]+)"', visitor.page("/send"))
    assert word is not None
    assert visitor.post("/go", {"word": word[1]}).headers["location"] == "/sending"
    assert "Stop after this one" in visitor.page("/sending")
    assert not handed[0].asked
    visitor.post("/stop", {"back": "/sending"})
    assert handed[0].asked
    ended.set()
