"""A version of a post, composed: its parts as they go out, their counts, who is notified, what is not known yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from outreach.model.contact import Contact
from outreach.model.lookups import NOBODY, Lookups
from outreach.model.media import FittedMedium
from outreach.model.post import PostVersion
from outreach.model.records import dataclass
from outreach.networks.base import Limits
from outreach.networks.limits import limits_of
from outreach.networks.measuring import Count, measure
from outreach.networks.records import digest_of, records_of
from outreach.networks.registry import network_of
from outreach.networks.splitting import split
from outreach.networks.version_text import handle_of, mentioned_contacts, version_text
from outreach.templating.rendering import Renderer
from outreach.templating.scope import Scope

NUMBERED = "numbered"
"""`split: numbered` cuts as `auto` does, and puts `(1/4)` behind each part."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Composed:
    """One version as it would go out now.

    `notifies` are the contacts whose handles notify them, `notified` all such handles; `unresolved` handles have to be
    looked up, `nobodys` belong to no account, and `unnamed` are contacts without a handle there. `later` are the paths
    of values that are not known yet, `link` and `card` what a link post submits and shows, `effects` see `Network`.
    """

    version: PostVersion
    parts: tuple[str, ...]
    counts: tuple[Count, ...]
    records: tuple[Mapping[str, Any], ...]
    media: tuple[FittedMedium, ...] = ()
    later: tuple[str, ...] = ()
    notifies: tuple[str, ...] = ()
    notified: tuple[str, ...] = ()
    unresolved: tuple[str, ...] = ()
    nobodys: tuple[str, ...] = ()
    unnamed: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    link: str | None = None
    card: str | None = None
    thumb: FittedMedium | None = None
    titles: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return self.version.id

    @property
    def blobs(self) -> tuple[FittedMedium, ...]:
        """All that is uploaded: the media, and the picture of the card."""
        return (*self.media, *((self.thumb,) if self.thumb else ()))

    @property
    def digest(self) -> str:
        """What an approval binds to."""
        return digest_of(self.records)


class Composer:
    """Composes versions of one campaign. Raises TemplateFault if a text fails."""

    def __init__(
        self,
        scope: Scope,
        renderer: Renderer,
        contacts: Iterable[Contact],
        lookups: Lookups,
        thumbs: Mapping[str, FittedMedium] | None = None,
    ) -> None:
        self._scope = scope
        self._renderer = renderer
        self._contacts = {contact.id: contact for contact in contacts}
        self._lookups = lookups
        self._thumbs = thumbs or {}

    def compose(self, version: PostVersion, media: Sequence[FittedMedium], language: str) -> Composed:
        """The version with its fitted media; `language` is BCP 47. Raises TemplateFault."""
        text = version_text(version, self._contacts, self._renderer, self._scope)
        limits = self.limits(version.network)
        parts = fitted(text.parts, version, limits)
        link, link_later = self._rendered(version.link, version)
        card, card_later = self._rendered(version.card, version)
        network = network_of(version.network)
        shows = network.shows_cards and card and not media  # one embed in a post: pictures go first
        thumb = self._thumbs.get(card or "") if shows else None
        records = records_of(
            version, parts, media, self._lookups, language=version.language or language, card=card, thumb=thumb
        )
        named = {each: handle_of(self._contacts[each], network.name) for each in mentioned_contacts(version.body)}
        notified = dict.fromkeys(handle for part in parts for handle in network.notified(part, self._lookups))
        folded = {handle.casefold() for handle in notified}
        handles = [handle for part in parts for handle in network.handles_in(part)]
        return Composed(
            version=version,
            parts=tuple(parts),
            counts=tuple(
                measure(p, network.name, content_warning=version.content_warning, limits=limits) for p in parts
            ),
            records=tuple(records),
            media=tuple(media),
            later=tuple(dict.fromkeys([*text.later, *link_later, *card_later])),
            notifies=tuple(each for each, name in named.items() if name.removeprefix("@").casefold() in folded),
            notified=tuple(notified),
            unresolved=tuple(handle for handle in dict.fromkeys(handles) if handle not in self._lookups.handles),
            nobodys=tuple(h for h in dict.fromkeys(handles) if self._lookups.handles.get(h) == NOBODY),
            unnamed=tuple(each for each, name in named.items() if network.handle and not name.startswith("@")),
            effects=tuple(network.effects(version, records)),
            link=link,
            card=card if shows else None,
            thumb=thumb,
            titles=version.titles,
        )

    def limits(self, network: str) -> Limits:
        """The server's own limits where they were looked up, else the documented ones."""
        return limits_of(network, self._lookups.mastodon)

    def _rendered(self, source: str | None, version: PostVersion) -> tuple[str | None, Iterable[str]]:
        """The text, and the paths in it that are not known yet."""
        if source is None or "{{" not in source:
            return source, ()
        rendered = self._renderer.render(source, self._scope.post(version.network, version.language))
        return rendered.plain().strip(), rendered.later


def fitted(parts: Sequence[str], version: PostVersion, limits: Limits) -> list[str]:
    """The parts, those that are too long cut where the version says `split`; what cannot be cut stays whole."""
    if version.split is None or not network_of(version.network).has_threads:
        return list(parts)
    room = limits
    if version.split == NUMBERED and limits.characters is not None:
        room = Limits(characters=limits.characters - len(" (99/99)"), bytes=limits.bytes, per_url=limits.per_url)
    pieces = [piece for part in parts for piece in _cut(part, version, room)]
    if version.split != NUMBERED or len(pieces) < 2:
        return pieces
    return [f"{piece} ({number}/{len(pieces)})" for number, piece in enumerate(pieces, start=1)]


def _cut(part: str, version: PostVersion, limits: Limits) -> list[str]:
    try:
        cut = split(part, version.network, content_warning=version.content_warning, limits=limits)
    except ValueError:  # said as `too-long`
        return [part]
    return [piece.strip() for piece in cut if piece.strip()]
