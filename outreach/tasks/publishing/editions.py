"""The editions of the plan, drafted: what they would say now, and whether that was approved."""

from __future__ import annotations

from dataclasses import replace

from outreach.ledger.blobs import keep, place
from outreach.model.facts import Facts
from outreach.model.post import Edition, Network
from outreach.rules.gates import facts_of
from outreach.rules.history import fold, renamed
from outreach.rules.planning.world import World
from outreach.rules.publishing.drafting import EditionDraft, draft_of
from outreach.tasks.posting import composed
from outreach.tasks.world import Session


class Editions:
    """Drafts editions of one world."""

    def __init__(self, opened: Session, world: World) -> None:
        self._opened = opened
        self._world = world
        self._facts = facts_of(world)
        self.all = {edition.id: edition for post in world.posts for edition in post.editions}

    def draft(self, edition: Edition) -> EditionDraft | None:
        """The parts of an edition; None where it cannot be made. Where only numbers came in since it was approved,
        it is what was approved.
        """
        draft = self._made(edition, self._facts)
        approval = self._world.past.approvals.get(edition.id)
        if draft is None or approval is None or approval.digest in (None, draft.digest):
            return draft
        then = self._made(edition, self._facts_then(approval.number))
        return then if then is not None and then.digest == approval.digest else draft

    def text(self, edition: Edition) -> str:
        """What a person pastes, whole; "" where it cannot be made."""
        found = composed(self._opened.loaded, self._facts, lambda each: each.id == edition.id).posts.get(edition.id)
        return "\n\n".join(found.parts) if found else ""

    def _made(self, edition: Edition, facts: Facts) -> EditionDraft | None:
        found = composed(self._opened.loaded, facts, lambda each: each.id == edition.id).posts.get(edition.id)
        if found is None:
            return None
        for medium in found.blobs:  # what is uploaded is taken from the frozen bytes, whatever becomes of the file
            keep(self._opened.root, medium.content)
        return draft_of(found, place)

    def _facts_then(self, number: int) -> Facts:
        """What was known before the event of that number."""
        events = (event for event in self._opened.ledger.events() if event.number < number)
        past = renamed(fold(events), self._world.contacts)
        return facts_of(replace(self._world, past=replace(past, elsewhere=self._world.past.elsewhere)))

    def why_not(self, edition: Edition, draft: EditionDraft | None) -> str:
        """Why it must not go out yet, "" where it may."""
        if draft is None:
            return "it cannot be made; see `outreach check`"
        if draft.later:
            return f"{draft.later[0]} is not known yet"
        if draft.unresolved:
            return f"the handle @{draft.unresolved[0]} was not looked up; `outreach lookup`"
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
