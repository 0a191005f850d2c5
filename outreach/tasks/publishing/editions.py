"""The editions of the plan, drafted: what they would say now, and whether that was approved."""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Iterable
from pathlib import Path

from outreach.errors import TemplateFault
from outreach.model.post import Edition, Network
from outreach.model.publication import PartMedium
from outreach.rules.edition_text import EditionText, edition_text
from outreach.rules.gates import facts_of
from outreach.rules.planning.world import World
from outreach.rules.publishing.drafting import EditionDraft, draft_edition
from outreach.rules.templating.rendering import Renderer
from outreach.rules.templating.scope import Scope
from outreach.tasks.world import Session


class Editions:
    """Drafts editions of one world."""

    def __init__(self, opened: Session, world: World) -> None:
        self._root = opened.root
        self._world = world
        self._renderer = Renderer()
        files = {name: file.facts for name, file in opened.loaded.attachments.items()}
        self._scope = Scope(
            world.campaign, world.contacts, world.posts, files, self._renderer.will_come, facts_of(world)
        )
        self._contacts = {contact.id: contact for contact in world.contacts}
        self.all = {edition.id: edition for post in world.posts for edition in post.editions}

    def text(self, edition: Edition) -> EditionText:
        """What it says. Raises TemplateFault."""
        return edition_text(edition, self._contacts, self._renderer, self._scope)

    def draft(self, edition: Edition) -> EditionDraft | None:
        """The parts of an edition on a network that takes them from us; None where it cannot be made."""
        try:
            text = self.text(edition)
            media = dict(_media(self._root, edition))
        except (TemplateFault, OSError):
            return None
        return draft_edition(edition, text.parts, tuple(text.later), self._world.campaign.language, media)

    def why_not(self, edition: Edition, draft: EditionDraft | None) -> str:
        """Why it must not go out yet, "" where it may."""
        if draft is None:
            return "it cannot be made; see `outreach check`"
        if draft.later:
            return f"{draft.later[0]} is not known yet"
        if self._world.campaign.approval != "required":
            return ""
        approval = self._world.past.approvals.get(edition.id)
        if approval is None or approval.digest is None:
            return f"not approved; `outreach approve {edition.post}`"
        if approval.digest != draft.digest:
            return f"changed since it was approved; `outreach approve {edition.post}`"
        return ""


def account_of(world: World, network: Network) -> dict[str, str] | None:
    """What campaign.yaml says about the account on a network."""
    accounts = world.campaign.accounts
    found = accounts.bluesky if network is Network.BLUESKY else accounts.mastodon
    return dict(found) if found is not None else None


def _media(root: Path, edition: Edition) -> Iterable[tuple[PartMedium, int]]:
    for medium in edition.media:
        data = (root / medium.file).read_bytes()
        media_type = mimetypes.guess_type(medium.file)[0] or "application/octet-stream"
        sha256 = hashlib.sha256(data).hexdigest()
        made = PartMedium(file=medium.file, sha256=sha256, media_type=media_type, alt=medium.alt, focus=medium.focus)
        yield made, len(data)
