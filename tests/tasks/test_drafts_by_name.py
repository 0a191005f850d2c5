"""Attachments of many drafts are named in them and not carried, wave by wave."""

from __future__ import annotations

from pathlib import Path

import pytest

from outreach.tasks import drafting
from tests.sending.campaigns import write_campaign

LARGE, SMALL = 6, 2
BETWEEN = 30_000
"""More bytes than the brief has in two emails, and fewer than in six."""


def carrying(root: Path, wave: str) -> list[bool]:
    """Whether each draft of the wave carries its attachment; else it has its name."""
    drafts = [path.read_bytes() for path in sorted((root / "drafts" / "letters" / wave).glob("*.eml"))]
    carried = [b"Content-Disposition: attachment" in draft for draft in drafts]
    assert [b"X-Outreach-Attachments: brief.txt\r\n" not in draft for draft in drafts] == carried
    return carried


@pytest.mark.parametrize(("first", "second"), [(LARGE, SMALL), (SMALL, LARGE), (LARGE, LARGE), (SMALL, SMALL)])
def test_only_the_drafts_of_a_wave_that_would_take_too_much_name_their_attachments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: int, second: int
) -> None:
    root = write_campaign(
        tmp_path, contacts=first, more="  - {id: two, to: 'tier == 1', template: hello, asks_for: nothing}\n"
    )
    rows = "".join(f"d{n:04},Other {n},1,info@d{n:04}.example,Angle {n}.\n" for n in range(second))
    with (root / "contacts" / "all.csv").open("a", encoding="utf-8") as table:
        table.write(rows)
    monkeypatch.setattr(drafting, "ONCE_ABOVE", BETWEEN)

    drafting.draft(root, drafting.Wanted())
    assert carrying(root, "one") == [first == SMALL] * first
    assert carrying(root, "two") == [second == SMALL] * second
    drafting.draft(root, drafting.Wanted(full=True))
    assert carrying(root, "one") + carrying(root, "two") == [True] * (first + second)
