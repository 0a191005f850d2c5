"""The person's own browser."""

from __future__ import annotations

import os
import sys
import webbrowser


def has_screen() -> bool:
    """Whether a browser could show itself here."""
    return sys.platform == "darwin" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def open_browser(address: str) -> bool:
    """Open the address in the person's browser; False if there is no screen."""
    return has_screen() and webbrowser.open(address)
