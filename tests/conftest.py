"""What holds for every test: no network, no environment of the person who runs it, no silent skip.

Tests assume no time zone, locale or working directory; a test that needs one sets it itself.
"""

from __future__ import annotations

import gc
import ipaddress
import os
import socket
import sys
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
SHARED_IS_ABSENT = "../shared is absent"
NO_NAMESPACES = "network namespaces cannot be made here: that takes root and `ip`"
MAY_BE_ABSENT = (SHARED_IS_ABSENT, NO_NAMESPACES)
UNDER_CI = os.environ.get("CI") == "true"

# What is compiled once is kept, whatever the environment says: each process that runs tests takes all of them, their
# asserts rewritten, and the tests start the program a thousand times. `make clean` removes it.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Wall time is no property of the code under test, so there is no deadline. Under CI the examples are
# the same every time: a change is judged by what it changes. HYPOTHESIS_PROFILE=long searches for more.
settings.register_profile("quick", deadline=None, max_examples=60)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True, max_examples=100)
settings.register_profile("few", deadline=None, derandomize=True, print_blob=True, max_examples=15)
settings.register_profile("long", deadline=None, max_examples=3000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if UNDER_CI else "quick"))


def missing_part(outcome: str, reason: object) -> str | None:
    """Why a skip counts as a failure under CI, or None.

    A skip says "a part is missing here"; under CI every part is installed, so that skip is a test which
    nobody ran. Only what lies beside the checkout may be absent, and a kernel that lets us make computers.
    """
    if not UNDER_CI or outcome != "skipped" or any(each in str(reason) for each in MAY_BE_ABSENT):
        return None
    return f"skipped, and under CI no test may be: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is imported and collected lives to the end, so the garbage collector need not look at it, nor at the rest
    as often as in a program that has less."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(50_000, 20, 50)
        gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if hasattr(report, "wasxfail"):  # an expected failure is reported as a skip, and is none
        return report
    why = missing_part(report.outcome, report.longrepr)
    if why:
        report.outcome, report.longrepr = "failed", why
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    why = missing_part(report.outcome, report.longrepr)
    if why:
        report.outcome, report.longrepr = "failed", why
    return report


def is_loopback(address: object) -> bool:
    """Whether a socket address, as `socket.connect` takes it, stays on this machine."""
    if not isinstance(address, tuple):
        return True  # a Unix socket
    host = str(address[0])
    if host in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Sockets reach this machine only, and no name is looked up; a test that tries fails."""

    def guarded(name: str, act: Callable[..., Any], position: int) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            if not is_loopback(args[position]):
                pytest.fail(f"{name} would reach the network: {args[position]!r}")
            return act(*args, **kwargs)

        return call

    def look_up(host: str | bytes | None, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if not is_loopback((name or "",)):
            pytest.fail(f"getaddrinfo would ask the network for {name!r}")
        return resolve(host, *args, **kwargs)

    resolve = socket.getaddrinfo
    with pytest.MonkeyPatch.context() as patch:
        for name, position in (("connect", 1), ("connect_ex", 1), ("sendto", -1)):
            patch.setattr(socket.socket, name, guarded(name, getattr(socket.socket, name), position))
        patch.setattr(socket, "getaddrinfo", look_up)
        yield


@pytest.fixture(scope="session", autouse=True)
def no_settings_of_ours() -> Iterator[None]:
    """The OUTREACH_* variables, the folder of settings and Git's settings of whoever runs the tests are not used."""
    with pytest.MonkeyPatch.context() as patch, TemporaryDirectory() as settings_folder:
        patch.setenv("XDG_CONFIG_HOME", settings_folder)
        patch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
        for name in [name for name in os.environ if name.startswith("OUTREACH_")]:
            patch.delenv(name)
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL of the tests' own; where none is installed, the test is skipped and says so."""
    from tests.servers.postgres import running_postgres

    with running_postgres() as server:
        yield server.address


@pytest.fixture(params=["sqlite", "postgresql"])
def kept_in(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], Path]:
    """Once for each database that a ledger may lie in: called with a campaign's folder, it puts the ledger there."""
    if request.param == "sqlite":
        return lambda root: root
    from tests.servers.postgres import put_into_postgres

    address = request.getfixturevalue("postgres")

    def shared(root: Path) -> Path:
        put_into_postgres(root, address, monkeypatch)
        return root

    return shared


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout: pyproject.toml, the shipped campaign and everything else."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of materials beside the checkout; where there is none, the test is skipped and says so."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip(SHARED_IS_ABSENT)
    return folder
