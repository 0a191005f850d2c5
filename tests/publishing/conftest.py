"""The real PDS, started once for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.servers.pds import Pds, running_pds


@pytest.fixture(scope="package")
def pds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pds]:
    with running_pds(tmp_path_factory.mktemp("pds")) as server:
        yield server
