"""How much a text counts on a network."""

from __future__ import annotations

from outreach.model.records import dataclass
from outreach.networks.base import Limits
from outreach.networks.registry import network_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Count:
    """How long a text is and may be: `value` of `limit` as the network counts, `bytes` of `byte_limit`."""

    value: int
    limit: int | None
    bytes: int
    byte_limit: int | None

    @property
    def fits(self) -> bool:
        """Whether the network takes it."""
        fits_value = self.limit is None or self.value <= self.limit
        return fits_value and (self.byte_limit is None or self.bytes <= self.byte_limit)


def count(text: str, network: str, *, content_warning: str | None = None, limits: Limits | None = None) -> int:
    """How many characters `text` is on `network`, counted as that network counts (see its module).

    `limits` are a server's own instead of the documented ones.
    """
    rules = network_of(network)
    return rules.count(text, content_warning, limits or rules.limits)


def measure(text: str, network: str, *, content_warning: str | None = None, limits: Limits | None = None) -> Count:
    """`count`, beside what is allowed, and the UTF-8 bytes of the text, which Bluesky limits too."""
    rules = limits or network_of(network).limits
    return Count(
        value=count(text, network, content_warning=content_warning, limits=rules),
        limit=rules.characters,
        bytes=len(text.encode("utf-8", "surrogatepass")),
        byte_limit=rules.bytes,
    )
