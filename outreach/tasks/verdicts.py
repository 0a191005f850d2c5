"""Whether letters render: kept by the digests of all that a letter is made from, so that nothing is rendered twice."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from outreach.campaign.verdicts import CHECKED, keep_verdicts, read_verdicts
from outreach.ledger import Ledger
from outreach.model.contact import Contact
from outreach.model.facts import Facts
from outreach.model.past import Approval
from outreach.model.recipient import NO_THREAD, Recipient, Verdict
from outreach.model.template import Template
from outreach.model.unsubscribe import LARGE_WAVE
from outreach.planning.gates import facts_of
from outreach.planning.law import RULES
from outreach.planning.world import World
from outreach.tasks.campaign import Loaded
from outreach.tasks.kept_campaign import program
from outreach.tasks.noun_digests import channels_of, noun_digest

if TYPE_CHECKING:
    from outreach.letters.letter import Letter, ManualTask
    from outreach.letters.merger import Merger

    Outcome = Letter | ManualTask | None

_OF_CAMPAIGN = (
    "id", "title", "sender", "senders", "language", "timezone", "attachments", "links", "facts", "team",
    "transparency_id", "legal",
)  # fmt: skip
"""What a letter may be made from of campaign.yaml; the rest says to whom and when."""


class KnownVerdicts:
    """The verdicts of one campaign as its files are and its ledger is; what is not kept is rendered, and kept."""

    def __init__(self, root: Path, loaded: Loaded, world: World, ledger: Ledger) -> None:
        self._root = root
        self._loaded = loaded
        self._world = world
        self._ledger = ledger
        self._used: dict[str, Verdict] = {}
        self._is_new = False
        self._digests = loaded.digests
        self._groups: dict[tuple[object, ...], str] = {}
        self._now = _Knowing(loaded, lambda: facts_of(world))
        self._then: dict[int, _Knowing] = {}

    def verdict(self, letter: Recipient) -> Verdict:
        """Whether the letter renders now."""
        return self._of(letter, self._now)

    def digest_then(self, letter: Recipient, approval: Approval) -> str | None:
        """Its digest with what was known when it was approved, and the files of now.

        Numbers that came in later take no approval away; only a file that renders otherwise does.
        """
        if not asks_what_happened(letter):
            return None
        if approval.number not in self._then:
            self._then[approval.number] = _Knowing(self._loaded, lambda: facts_of(self._world_before(approval)))
        return self._of(letter, self._then[approval.number]).digest or None

    def key(self, letter: Recipient) -> str:
        """The digest of all that the letter would be made from now."""
        return self._key(letter, self._now)

    @cached_property
    def _kept(self) -> dict[str, Verdict]:
        """Those that nobody asked for yet."""
        return read_verdicts(self._root)

    @cached_property
    def _checked(self) -> dict[str, Verdict]:
        return read_verdicts(self._root, CHECKED)

    def save(self) -> None:
        """Keep what was asked, for the next command, if that is anything new."""
        if self._is_new or self._kept:
            keep_verdicts(self._root, self._used)

    def _of(self, letter: Recipient, knowing: _Knowing) -> Verdict:
        key = self._key(letter, knowing)
        verdict = self._used.get(key) or self._kept.pop(key, None)  # each key is in memory once
        if verdict is None:
            verdict = self._checked.get(key) or verdict_of(knowing.merger.make(letter))
            self._is_new = True
        self._used[key] = verdict
        return verdict

    def _key(self, letter: Recipient, knowing: _Knowing) -> str:
        """The digest of all that the letter is made from."""
        channel = letter.channel.identity if letter.channel is not None else ""
        thread = "" if letter.thread is NO_THREAD else repr(letter.thread)  # it has none, as most first letters
        parts = (self._digest_of_group(letter, knowing), self._digest(letter.contact), channel, thread)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:40]

    def _digest_of_group(self, letter: Recipient, knowing: _Knowing) -> str:
        """The digest of what a letter shares with the others of its wave, step and template."""
        version, first, is_large = letter.version, letter.first, letter.selected >= LARGE_WAVE
        named = id(first) if isinstance(first, Template) else first
        group = (id(knowing), id(version), named, letter.wave.id, letter.step, is_large)
        if group not in self._groups:
            parts = (
                self._shared,
                self._digest(version) if version is not None else "",
                self._digest(first) if isinstance(first, Template) else first,
                knowing.digest if asks_what_happened(letter) else "",
                letter.wave.id,
                letter.wave.sender,
                letter.step,
                is_large,
            )
            self._groups[group] = hashlib.sha256(repr(parts).encode()).hexdigest()
        return self._groups[group]

    def _digest(self, noun: Contact | Template) -> str:
        """The digest of all that a contact or template says; where it is in its file makes no difference."""
        if id(noun) not in self._digests:
            self._digests[id(noun)] = noun_digest(noun)
        return self._digests[id(noun)]

    @cached_property
    def _shared(self) -> str:
        """The digest of what all letters share: the program, the sender, attachments, links, everybody's names."""
        campaign, contacts = self._loaded.campaign, self._loaded.folder.contacts
        files = {name: file.facts for name, file in self._loaded.attachments.items()}
        names = [(each.id, each.name, each.short, each.people, channels_of(each), each.website) for each in contacts]
        free = sorted({name for each in contacts for name in each.fields})
        said = [getattr(campaign, name) for name in _OF_CAMPAIGN]
        wants_number = campaign.transparency_id is not None and RULES["register-number"].is_checked(
            self._now.facts.today
        )
        return hashlib.sha256(repr((program(), said, files, names, free, wants_number)).encode()).hexdigest()

    def _world_before(self, approval: Approval) -> World:
        before = self._world.before(self._ledger.events(), approval.number)
        return replace(before, now=approval.at or before.now)


class _Knowing:
    """What is rendered with the same knowledge of what happened."""

    def __init__(self, loaded: Loaded, facts: Callable[[], Facts]) -> None:
        self._loaded = loaded
        self._ask = facts

    @cached_property
    def facts(self) -> Facts:
        return self._ask()

    @cached_property
    def digest(self) -> str:
        """What texts may say of posts and contacts."""
        posts = [(post.id, [str(each.network) for each in post.versions]) for post in self._loaded.folder.posts]
        return hashlib.sha256(repr((posts, self.facts.posts, self.facts.contacts)).encode()).hexdigest()

    @cached_property
    def merger(self) -> Merger:
        from outreach.letters.merger import Merger

        return Merger(self._loaded.materials(self.facts))


class RenderedVerdicts:
    """Verdicts of letters that are all rendered now, because somebody wants to see them or their faults."""

    def __init__(self, merger: Merger, take: Callable[[Recipient, Outcome], None] = lambda letter, made: None) -> None:
        self.merger = merger
        self._take = take
        self._asked: dict[tuple[str, int], set[str]] = defaultdict(set)

    def verdict(self, letter: Recipient) -> Verdict:
        """Render it, and hand it on."""
        made = self.merger.make(letter)
        self._has_asked(letter)
        self._take(letter, made)
        return verdict_of(made)

    def rest(self, letters: Iterable[Recipient]) -> None:
        """Render those too that nobody asked about, such as letters that were sent."""
        for letter in letters:
            if letter.is_made and letter.contact.id not in self._asked[letter.wave.id, letter.step]:
                self.verdict(letter)

    def _has_asked(self, letter: Recipient) -> None:
        self._asked[letter.wave.id, letter.step].add(letter.contact.id)

    def digest_then(self, letter: Recipient, approval: Approval) -> str | None:
        """Nobody approves here."""
        return None


class CheckedVerdicts(RenderedVerdicts):
    """Verdicts of letters that are rendered for their faults, but for those in which an earlier check found nothing.

    Those are not rendered as long as all that they are made from (`KnownVerdicts.key`) is the same.
    """

    def __init__(self, root: Path, merger: Merger, known: KnownVerdicts) -> None:
        super().__init__(merger)
        self._root = root
        self._known = known
        self._kept = read_verdicts(root, CHECKED)
        self._sound: dict[str, Verdict] = {}

    def verdict(self, letter: Recipient) -> Verdict:
        """Render it, unless it is known to be sound."""
        key, booked = self._known.key(letter), self.merger.booked
        verdict = self._kept.get(key)
        if verdict is not None:
            self.merger.passed(letter)
            self._has_asked(letter)
        else:
            verdict = super().verdict(letter)
        if verdict.digest and self.merger.booked == booked:
            self._sound[key] = verdict
        return verdict

    def save(self) -> None:
        """Keep what was sound, for the next check, if that is anything new."""
        if self._sound.keys() != self._kept.keys():
            keep_verdicts(self._root, self._sound, CHECKED)


def verdict_of(made: Outcome) -> Verdict:
    """The verdict over what was rendered."""
    from outreach.letters.letter import Letter

    if made is None:
        return Verdict(digest="")
    digest = made.digest if isinstance(made, Letter) else hashlib.sha256(repr(made).encode()).hexdigest()
    return Verdict(digest=digest, later=made.later)


def asks_what_happened(letter: Recipient) -> bool:
    """Whether its text may say what is known of posts or contacts: only then does it change when something happens."""
    first = letter.first.subject if isinstance(letter.first, Template) else None
    version = letter.version
    texts = (version.subject, version.body, first) if version is not None else (first,)
    return any(word in text for text in texts if text for word in ("posts", "contacts"))
