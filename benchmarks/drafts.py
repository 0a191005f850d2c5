"""Drafts into a real Dovecot that is 40 ms away: round trips and time for each.

    python benchmarks/drafts.py [DRAFTS] [MILLISECONDS]

A proxy delays both directions, half of the time each. Once as servers do that have LITERAL+ but no MULTIAPPEND, one
APPEND a draft, and once fifty at a time. The tests hold the round trips (tests/sending/test_drafts.py) and wait for
nothing.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DRAFTS, MILLISECONDS = 500, 40
sys.path.insert(0, str(ROOT))

from tests.sending.conftest import USER, connected, emptied  # noqa: E402
from tests.sending.test_drafts import ids, transport_to  # noqa: E402
from tests.sending.test_transports import parcel  # noqa: E402
from tests.servers.imap_proxy import imap_proxy  # noqa: E402
from tests.servers.realmail import RealMail, real_mail, what_is_missing  # noqa: E402


def written(mail: RealMail, drafts: int, delay: float, *, at_once: bool) -> tuple[float, int]:
    """Seconds and round trips of so many drafts, `delay` seconds from here to the server."""
    parcels = [parcel(f"{'m' if at_once else 's'}{number}") for number in range(drafts)]
    with imap_proxy(mail.imap) as proxy:
        proxy.delay = delay
        began = time.perf_counter()
        made = transport_to(proxy.port)
        made.open()
        if at_once:
            for begin in range(0, drafts, made.at_once):
                made.send_all(parcels[begin : begin + made.at_once], lambda: None)
        else:
            made._box.client._cached_capabilities = (b"LITERAL+", b"UIDPLUS")  # type: ignore[union-attr]
            for each in parcels:
                made.send(each, lambda: None)
        made.close()
        return time.perf_counter() - began, proxy.round_trips


def main() -> None:
    drafts, milliseconds = (
        int(each) for each in [*sys.argv[1:], *map(str, (DRAFTS, MILLISECONDS)[len(sys.argv[1:]) :])]
    )
    if missing := what_is_missing():
        raise SystemExit(missing)
    with real_mail("sender.example") as mail:
        mail.add_user(USER, "pw")
        for at_once in (False, True):
            seconds, trips = written(mail, drafts, milliseconds / 2000, at_once=at_once)
            with connected(mail.imap) as box:
                there = ids(box)
                assert len(there) == len(set(there)) == drafts, "a draft is missing, or there twice"
                emptied(box, "Drafts")
            name = "fifty at a time (MULTIAPPEND)" if at_once else "one by one (LITERAL+)"
            print(f"{name}: {seconds:.1f} s for {drafts}, {trips / drafts:.2f} round trips each, {trips} in all")


if __name__ == "__main__":
    main()
