"""The versions of the plan, drafted: what they would say now, and whether that was approved."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from outreach.ledger import Ledger
from outreach.ledger.attempts import AttemptResult
from outreach.ledger.blobs import keep, kept_if_there, place
from outreach.model.facts import Facts
from outreach.model.post import PostVersion
from outreach.model.recipient import ApprovalState
from outreach.networks.drafting import VersionDraft, draft_of
from outreach.networks.freezing import is_same, thaw_part
from outreach.planning.gates import facts_of
from outreach.planning.world import World
from outreach.tasks.campaign import Loaded
from outreach.tasks.posting import asks_what_happened, composed


class PostVersions:
    """Drafts versions of one world."""

    def __init__(self, root: Path, loaded: Loaded, ledger: Ledger, world: World) -> None:
        self._root = root
        self._loaded = loaded
        self._ledger = ledger
        self._world = world
        self.all = world.versions

    @cached_property
    def _facts(self) -> Facts:
        return facts_of(self._world)

    def draft(self, version: PostVersion) -> VersionDraft | None:
        """The parts of a version; None if it cannot be made. Where only numbers came in since it was approved,
        it is what was approved.
        """
        asks = asks_what_happened(version)
        draft = self._made(version, self._facts if asks else None)
        approval = self._world.past.approvals.get(version.id)
        if draft is None or approval is None or approval.digest in (None, draft.digest) or not asks:
            return draft
        then = self._made(version, facts_of(self._world.before(self._ledger.events(), approval.number)))
        return then if then is not None and then.digest == approval.digest else draft

    def text(self, version: PostVersion) -> str:
        """What a person pastes, whole; "" where it cannot be made."""
        found = composed(self._loaded, self._facts, lambda each: each.id == version.id).posts.get(version.id)
        return "\n\n".join(found.parts) if found else ""

    def _made(self, version: PostVersion, facts: Facts | None) -> VersionDraft | None:
        found = composed(self._loaded, facts, lambda each: each.id == version.id).posts.get(version.id)
        if found is None:
            return None
        for medium in found.blobs:  # what is uploaded is taken from the frozen bytes, whatever becomes of the file
            keep(self._root, medium.content)
        return draft_of(found, place)

    def why_not(self, version: PostVersion, draft: VersionDraft | None) -> str:
        """Why it must not go out yet, "" where it may."""
        if draft is None:
            return "it cannot be made; see `outreach check`"
        if draft.later:
            return f"{draft.later[0]} is not known yet"
        if draft.unresolved:
            return f"the handle @{draft.unresolved[0]} was not looked up; `outreach lookup`"
        if self._world.campaign.approval == "none":
            return ""
        approval = self._world.past.approvals.get(version.id)
        if approval is None or approval.digest is None:
            return f"not approved; `outreach approve {version.post}`"
        if approval.digest != draft.digest:
            return f"changed since it was approved; `outreach approve {version.post}`"
        if self._world.approves_alone(approval.by, version.file):
            return f"{ApprovalState.ALONE}; `outreach approve {version.post}`"
        return ""

    def refused(self) -> dict[str, str]:
        """The versions that their network refused as they still are: by id, with what the server said."""
        said = {}
        for past in self._world.past.posts.values():
            version = self.all.get(past.id)
            if past.refused is not None and version is not None and self._is_still(version, past.revision):
                said[version.id] = past.refused
        return said

    def _is_still(self, version: PostVersion, revision: int) -> bool:
        """Whether the part that was refused would be the same again. One that cannot be made is."""
        draft = self.draft(version)
        for _, claim in self._ledger.claims_of(self._world.campaign.id, version.version_id, revision):
            for last in self._ledger.attempts(claim)[-1:]:
                if last.outcome is AttemptResult.REFUSED:
                    return draft is None or self._is_the_same(draft, last.digest)
        return False

    def _is_the_same(self, draft: VersionDraft, digest: str) -> bool:
        frozen = kept_if_there(self._root, digest)
        if frozen is None:
            return False
        then = thaw_part(frozen)
        return any(is_same(part, then) for part in draft.parts if part.number == then.number)


def account_of(world: World, network: str) -> dict[str, str] | None:
    """What campaign.yaml says about the account on a network."""
    found = world.campaign.accounts.networks.get(network)
    return dict(found) if found is not None else None
