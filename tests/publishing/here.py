"""A campaign beside the server that it publishes to, and what stands there."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from outreach.connections.http_service import Limits
from outreach.ledger import open_ledger
from outreach.tasks.publishing import PublishOrder, publish
from tests.servers.fault_proxy import FaultProxy
from tests.servers.mastodon import Mastodon

PATIENCE = float(os.environ.get("OUTREACH_PATIENCE", "1"))
"""Seconds for which an answer is awaited: more where a long run shares the machine with others."""
QUICK = Limits(connect=2 * PATIENCE, answer=PATIENCE)
WRITES = {"mastodon": "POST /api/v1/statuses", "bluesky": "com.atproto.repo.applyWrites"}


@dataclass
class Here:
    """A campaign, the proxy before its server, and the server."""

    root: Path
    proxy: FaultProxy
    server: Any

    def go(self, **keys: Any) -> list[tuple[str, str, str]]:
        result = publish(self.root, PublishOrder(go=True, **keys), limits=QUICK)
        return [(action.id, str(action.result), action.reason) for action in result.actions]

    def results(self, **keys: Any) -> list[str]:
        return [result for _, result, _ in self.go(**keys)]

    @property
    def network(self) -> str:
        """The network of its server."""
        return "mastodon" if isinstance(self.server, Mastodon) else "bluesky"

    @property
    def write(self) -> str:
        """The request that makes something public."""
        return WRITES[self.network]

    def out(self) -> list[str]:
        """What stands there, sorted."""
        if isinstance(self.server, Mastodon):
            return sorted(self.server.texts())
        pds, did = self.server
        return sorted(record["value"]["text"] for record in pds.records(did))

    def forget(self, *, receipts: bool = True) -> None:
        """As on a new computer, with or without the receipts that Git brought."""
        shutil.rmtree(self.root / ".outreach")
        if receipts:
            (self.root / "receipts.jsonl").unlink()

    def settled(self, **keys: Any) -> list[str]:
        """What comes of it in the end, where it was unknown at first."""
        said = self.results(**keys)
        if said == ["unknown"]:
            wait_out(self)
            said = self.results(**keys)
        return said


def wait_out(here: Here) -> None:
    """Until a request without an answer cannot land any more, by the ledger's clock."""
    earlier = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    with open_ledger(here.root) as ledger:
        ledger._db.execute("UPDATE attempts SET committed = ? WHERE outcome = 'unknown'", (earlier,))
