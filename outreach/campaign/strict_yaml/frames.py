"""What is known of a collection while its events are read."""

from __future__ import annotations

from typing import Any


class Frame:
    """A collection that is being read."""

    __slots__ = ("event", "faulty", "items", "key", "key_event", "keys", "last", "merging")

    def __init__(self, event: Any, is_mapping: bool) -> None:
        self.event = event
        self.items: list[Any] = []
        self.keys: dict[str, int] | None = {} if is_mapping else None
        self.key: str | None = None
        self.key_event: Any = None
        self.merging = False  # whether the key is `<<` without quotation marks
        self.faulty = False
        self.last: Any = None  # the event of the value read last
