"""Letters are sent for real here: no clock but the computer's, and no campaign but the test's own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="module", autouse=True)
def _no_rehearsal() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("OUTREACH_NOW", "OUTREACH_CAMPAIGN", "OUTREACH_SECRETS", "OUTREACH_USER"):
            patch.delenv(name, raising=False)
        yield
