"""SIGKILL at ten points of publishing, then more runs: no part twice, none lost, none under a wrong parent.

`OUTREACH_KILLS_OF_POSTS` says how often each point is tried (2 here, 50 in `make torture`), `OUTREACH_KILLS_SHARED` how
often with a ledger in PostgreSQL (some points once here).
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from outreach.ledger import Ledger
from outreach.publishing.mastodon.publisher import MastodonPublisher
from outreach.tasks.publishing import PublishOrder, publish
from outreach.tasks.publishing.delivery import PostDelivery
from tests.publishing.campaigns import TEXTS
from tests.publishing.here import QUICK, Here, wait_out
from tests.sending.test_kills import die, killed
from tests.servers.mastodon import Mastodon

# The servers are threads here, and a child that is killed needs none of them.
pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")
TIMES = int(os.environ.get("OUTREACH_KILLS_OF_POSTS", "2"))
TIMES_SHARED = int(os.environ.get("OUTREACH_KILLS_SHARED", "0"))


def before(owner: type, name: str) -> Callable[[int], None]:
    """Die when a method is called for the n-th time."""
    return _when(owner, name, lambda real, *a, **k: die())


def after(owner: type, name: str) -> Callable[[int], None]:
    """Die when the n-th call of a method has done its work."""
    return _when(owner, name, lambda real, *a, **k: (real(*a, **k), die()))


def _when(owner: type, name: str, act: Callable[..., Any]) -> Callable[[int], None]:
    def arm(nth: int) -> None:
        real, calls = getattr(owner, name), []

        def call(*args: Any, **keys: Any) -> Any:
            calls.append(1)
            return act(real, *args, **keys) if len(calls) == nth else real(*args, **keys)

        setattr(owner, name, call)

    return arm


POINTS: dict[str, Callable[[int], None] | str] = {
    "before the claims": before(PostDelivery, "_claim"),
    "after the claims": after(PostDelivery, "_claim"),
    "before the mark": before(Ledger, "mark"),
    "after the mark": after(Ledger, "mark"),
    "before the request is heard": "kill-before",
    "after the request is heard": "kill-after",
    "before it is read back": before(MastodonPublisher, "_read_back"),
    "after it is read back": after(MastodonPublisher, "_read_back"),
    "before the outcome": before(PostDelivery, "_accept"),
    "after the outcome": after(PostDelivery, "_accept"),
}


@pytest.mark.parametrize("point", POINTS)
def test_killed_and_run_again_everything_is_out_once(world: Here, tmp_path: Path, point: str) -> None:
    _kill_and_run_again(world, tmp_path, point, TIMES, lambda root: root)


@pytest.mark.parametrize("kept_in", ["postgresql"], indirect=True)
@pytest.mark.parametrize("world", ["mastodon", "bluesky"] if TIMES_SHARED else ["mastodon"], indirect=True)
@pytest.mark.parametrize("point", POINTS if TIMES_SHARED else ["after the mark", "after the request is heard"])
def test_the_same_with_a_shared_ledger(
    world: Here, tmp_path: Path, point: str, kept_in: Callable[[Path], Path]
) -> None:
    _kill_and_run_again(world, tmp_path, point, TIMES_SHARED or 1, kept_in)


def _kill_and_run_again(world: Here, tmp_path: Path, point: str, times: int, kept_in: Callable[[Path], Path]) -> None:
    network = world.network
    for number in range(times):
        root = Path(shutil.copytree(world.root, tmp_path / f"copy{number}"))
        _other_identity(root, number)
        kept_in(root)
        here = Here(root, world.proxy, world.server)
        _forget(here)
        nth = 1 if network == "bluesky" or "claims" in point else random.randint(1, 3)
        _die_at(here, point, nth, network)
        said = here.results()
        if said == ["unknown"]:
            wait_out(here)
            said = here.results()
        assert said == ["done"], (point, nth)
        assert _chain(here, number) == [(TEXTS[0], None), (TEXTS[1], TEXTS[0]), (TEXTS[2], TEXTS[1])], (point, nth)


def _other_identity(root: Path, number: int) -> None:
    path = root / "campaign.yaml"
    path.write_text(path.read_text().replace("id: small", f"id: small{number}"), encoding="utf-8")


def _forget(here: Here) -> None:
    here.proxy.faults.clear()
    if isinstance(here.server, Mastodon):
        here.server.statuses.clear()
        here.server.key_is = random.choice(["honours", "ignores", "stumbles"])


def _die_at(here: Here, point: str, nth: int, network: str) -> None:
    arm = POINTS[point]

    def prepare(pid: int) -> None:
        if isinstance(arm, str):
            here.proxy.will(here.write, *["pass"] * (nth - 1), f"{arm}={pid}")

    def work() -> None:
        if not isinstance(arm, str):
            arm(nth)
        publish(here.root, PublishOrder(go=True), limits=QUICK)

    assert killed(work, prepare) or ("read back" in point and network == "bluesky")


def _chain(here: Here, number: int) -> list[tuple[str, str | None]]:
    if isinstance(here.server, Mastodon):
        return here.server.chain()
    pds, did = here.server
    records = pds.records(did)
    assert len(records) == len(TEXTS) * (number + 1)
    texts = {record["uri"]: record["value"]["text"] for record in records}
    newest = sorted(records, key=lambda record: TEXTS.index(record["value"]["text"]))
    found = [(r["value"]["text"], texts.get(r["value"].get("reply", {}).get("parent", {}).get("uri"))) for r in newest]
    return list(dict.fromkeys(found))


def test_two_publishers_at_once_publish_once(world: Here) -> None:
    pids = []
    for _ in range(2):
        pid = os.fork()
        if pid == 0:
            try:
                publish(world.root, PublishOrder(go=True), limits=QUICK)
            finally:
                os._exit(0)
        pids.append(pid)
    for pid in pids:
        os.waitpid(pid, 0)
    assert world.results() == ["done"]
    if isinstance(world.server, Mastodon):
        assert len(world.server.statuses) == len(TEXTS)
    else:
        assert _chain(world, 0)
