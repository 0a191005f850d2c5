"""A text that is percent-encoded already, so that no link encodes it again."""

from __future__ import annotations

from urllib.parse import unquote


class Encoded(str):
    """What the filter `urlencode` gives. Inside a link's target it stands as it is."""

    __slots__ = ()

    @property
    def readable(self) -> str:
        """The text that was encoded."""
        return unquote(self)
