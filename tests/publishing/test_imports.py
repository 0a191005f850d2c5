"""What the SDKs of the networks cost is paid only where a network is asked."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.publishing.campaigns import write_posts

SDKS = ("mastodon", "requests", "urllib3", "certifi", "atproto", "httpx")
ACCOUNTS = "  mastodon: {server: 'http://localhost:9'}\n  bluesky: {service: 'http://localhost:9', handle: a.test}\n"
RUN = """
import sys
from outreach.cli.main import main
sys.argv = ["outreach", *sys.argv[1:]]
try:
    main()
except SystemExit:
    pass
print(*(name for name in {sdks!r} if name in sys.modules), file=sys.stderr)
"""


@pytest.mark.parametrize(
    "words", ["", "check", "draft", "preview", "agenda", "status", "publish", "approve thread", "report", "run --once"]
)
def test_commands_that_ask_no_network_import_no_sdk(tmp_path: Path, words: str) -> None:
    root = write_posts(tmp_path / "c", accounts=ACCOUNTS, networks="bluesky, mastodon")
    command = [sys.executable, "-c", RUN.replace("{sdks!r}", repr(SDKS)), *words.split(), "--campaign", str(root)]
    said = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    assert said.stderr.splitlines()[-1] == "", said.stderr
