"""A small campaign with posts for networks on this computer."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image


def picture(colour: str = "navy") -> bytes:
    """A small picture that goes out as it is."""
    into = io.BytesIO()
    Image.new("RGB", (8, 6), colour).save(into, "PNG")
    return into.getvalue()


PICTURE = picture()
TEXTS = ("We ask for funding. https://example.org/brief", "Second part, with #OpenSource", "Third part")


def write_posts(root: Path, *, accounts: str, parts: tuple[str, ...] = TEXTS, networks: str = "mastodon") -> Path:
    """A campaign with the post `thread`, whose moment has come."""
    (root / "posts").mkdir(parents=True, exist_ok=True)
    (root / "picture.png").write_bytes(PICTURE)
    (root / "campaign.yaml").write_text(
        "id: small\ntitle: Small\napproval: none\n"
        "sender: {name: Alex Example, email: alex@sender.example}\n"
        f"accounts:\n{accounts}",
        encoding="utf-8",
    )
    body = "\n\n---\n\n".join(parts)
    (root / "posts" / "thread.md").write_text(
        f"---\nnetworks: [{networks}]\nwindow: {{from: 2020-01-01, to: 2099-12-31}}\n"
        f"language: en\nmedia: [{{file: picture.png, alt: A picture}}]\n---\n{body}\n",
        encoding="utf-8",
    )
    return root
