"""mastodon-mock, a server of Mastodon's API that others wrote, as a process of its own."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MOCK_TOKEN = "mock_token"


@contextmanager
def running_mock(folder: Path) -> Iterator[str]:
    """Its address, on a free port; it keeps nothing."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "mastodon_mock", "serve", "--in-memory", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--log-level", "critical"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield _answering(f"http://localhost:{port}", process)
        finally:
            process.kill()


def _answering(url: str, process: subprocess.Popen[bytes]) -> str:
    until = time.monotonic() + 30
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(f"{url}/api/v2/instance", timeout=5).close()
        except urllib.error.URLError:
            time.sleep(0.05)
        else:
            return url
    raise AssertionError("mastodon-mock does not answer")
