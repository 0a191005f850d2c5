"""A status as its server shows it, compared with what it should say."""

from __future__ import annotations

from dataclasses import replace
from html import unescape
from typing import Any

from outreach.connections.http_service import Answer, objects
from outreach.errors import NotSent
from outreach.model.publication import ReadyPart
from outreach.model.records import dataclass
from outreach.networks.mastodon_thread import drawn, is_same_text, is_shown_in, reads_as
from outreach.publishing.mastodon.client import MastodonClient


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """`source` is the text as it was written, None if the server does not say; `content` is its HTML."""

    source: str | None
    content: str
    edited: str
    warning: str
    language: str
    is_sensitive: bool
    alts: tuple[str, ...]

    def is_all_of(self, part: ReadyPart) -> bool:
        """Whether nothing is left to be edited."""
        is_sensitive = self.is_sensitive or not part.record.get("sensitive")
        return self._says_exactly(part) and self._is_in(str(part.record.get("language") or "")) and is_sensitive

    def as_part(self, part: ReadyPart) -> ReadyPart:
        """The part as readers see it: it itself where they see it all."""
        if self.is_all_of(part):
            return part
        text = drawn(self.content) if self.source is None else self.source
        alts = [*self.alts, *[""] * len(part.media)]
        beside = {"spoiler_text": self.warning, "sensitive": self.is_sensitive}
        return replace(
            part,
            text=part.text if self._says(part) else text,
            record={**part.record, **beside, **({"language": self.language} if self.language else {})},
            media=tuple(replace(medium, alt=alt) for medium, alt in zip(part.media, alts, strict=False)),
        )

    def _is_in(self, language: str) -> bool:
        """Whether it is in that language, as far as its server says: some do not, some leave out the country."""
        said, wanted = self.language.casefold(), language.casefold()
        return said in ("", wanted) or not wanted or wanted.startswith(f"{said}-")

    def became(self, part: ReadyPart, before: Standing) -> bool:
        """Whether an edit was carried out: it says the part letter by letter, or was changed and says its words.

        For a server that does not tell what was written, and draws it in its own way.
        """
        mark = (self.source, self.content, self.edited)
        is_changed = mark != (before.source, before.content, before.edited)
        return self._says_exactly(part) or (
            is_changed and is_shown_in(part.text, self.content) and self._has_all_beside(part)
        )

    def _says_exactly(self, part: ReadyPart) -> bool:
        return self._says(part) and self._has_all_beside(part)

    def _says(self, part: ReadyPart) -> bool:
        return reads_as(part.text, self.content) if self.source is None else is_same_text(part.text, self.source)

    def _has_all_beside(self, part: ReadyPart) -> bool:
        alts = tuple(medium.alt.strip() for medium in part.media)
        warning = str(part.record.get("spoiler_text") or "").strip()
        return self.alts == alts and warning in (self.warning, unescape(self.warning))


def is_there(client: MastodonClient, id: str, *, is_said: bool = False) -> bool:
    """Whether a status is there, by an answer that can only be its server's own. Raises NotSent for any other.

    A page in the place of an answer (of a captive portal, of a service before the server) says nothing about it,
    unless it `is_said` already: the server gave back the status that it deleted.
    """
    answer = client.status(id)
    found = answer.object()
    if answer.status in (404, 410) and "id" not in found and (found or is_said):
        return False
    if answer.status == 200 and str(found.get("id")) == id:
        return True
    if answer.status in (200, 404, 410):
        raise NotSent(f"{client.host} does not say whether {id} is there ({answer.status}).", stops_run=True)
    raise client.refused(answer)


def standing(client: MastodonClient, id: str) -> Standing:
    """A status as it is there now. Raises NotSent."""
    answer = client.status(id)
    found = answer.object()
    if answer.status != 200 or str(found.get("id")) != id:
        raise client.refused(answer)
    return Standing(
        source=source_of(client, id),
        content=str(found.get("content")),
        edited=str(found.get("edited_at")),
        warning=str(found.get("spoiler_text") or "").strip(),
        language=str(found.get("language") or ""),
        is_sensitive=found.get("sensitive") is True,
        alts=tuple(str(each.get("description") or "").strip() for each in _media(found)),
    )


def source_of(client: MastodonClient, id: str) -> str | None:
    """The text of a status as it was written (`GET /api/v1/statuses/:id/source`), None if its server does not say.

    Akkoma says "" where it does not know.

    Raises NotSent if there is no answer.
    """
    answer: Answer = client.read(lambda m: m.status_source(id))
    text = answer.object().get("text")
    return text if answer.status == 200 and isinstance(text, str) and text else None


def _media(status: dict[str, Any]) -> list[dict[str, Any]]:
    return objects(status.get("media_attachments"))
