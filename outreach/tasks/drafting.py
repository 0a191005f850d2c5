"""`outreach draft`: one personal draft per organisation, into `drafts/`."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import itertools
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from outreach.campaign.drafts import FOLDER, DraftFolder
from outreach.errors import BadExpression, TemplateFault, UnknownName
from outreach.letters.drafted import Drafted, DraftedByHand, DraftedPost, DraftResult
from outreach.letters.letter import Letter, ManualTask
from outreach.letters.materials import Materials
from outreach.letters.merger import Merger
from outreach.letters.mime import Message, build
from outreach.letters.threads import threads
from outreach.model.campaign import Wave
from outreach.model.contact import Contact
from outreach.model.ids import LetterId
from outreach.model.problem import Problem
from outreach.model.template import Variant
from outreach.networks.composing import Composed
from outreach.pages.letters import letter_page, manual_page
from outreach.pages.posts import post_page, post_record
from outreach.planning.gates import facts_of
from outreach.planning.plan import plan
from outreach.planning.selection import BadWave, Selected, Skipped, TemplateShelf, select, variant_for
from outreach.planning.world import World
from outreach.tasks.campaign import load
from outreach.tasks.posting import composed
from outreach.tasks.world import known_world
from outreach.templating.expressions import Expressions, selection_fault
from outreach.words.suggestions import nearest
from outreach.words.visible import visible_in_json, without_controls

LETTERS = f"{FOLDER}/letters"
POSTS = f"{FOLDER}/posts"
ONCE_ABOVE = 200_000_000
"""Bytes of attachments in one wave's drafts above which they are kept once and named."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """Which drafts were asked for: all, or those of a wave, an expression, a contact.

    `full` writes every attachment into every draft, whatever that takes on disk.
    """

    wave: str | None = None
    to: str | None = None
    contact: str | None = None
    full: bool = False

    @property
    def is_some(self) -> bool:
        """Whether some letters are wanted, and not all."""
        return (self.wave, self.to, self.contact) != (None, None, None)


def draft(root: Path, wanted: Wanted, progress: Callable[[int], None] = lambda done: None) -> DraftResult:
    """Render what is wanted into `drafts/letters/WAVE/CONTACT.eml` with a readable `.md` beside it.

    Where not all is wanted, the Problems are those that touch what is. `progress` is told how many
    letters are done. Raises CampaignUnreadable, UnknownName, BadExpression, CannotWrite,
    DraftsBusy, DraftingStopped.
    """
    loaded = load(root)
    world = known_world(root, loaded)
    facts = facts_of(world)
    materials = loaded.materials(facts)
    merger = Merger(materials)
    asked = _Asked(materials, wanted, merger.expressions)
    result = DraftResult()
    with DraftFolder(root) as folder:
        writer = _Writer(folder, result, _kept_once(materials, merger, wanted))
        outcomes = itertools.chain(merger.first_letters(asked.wants), _follow_ups(merger, world, asked))
        for number, outcome in enumerate(outcomes, start=1):
            writer.take(outcome)
            progress(number)
        posts = composed(loaded, facts) if not wanted.is_some else None
        for post in posts.posts.values() if posts else ():
            writer.take_post(post)
        result.removed = folder.sweep(asked.answers_for)
        result.kept = folder.kept
    found = sorted(dict.fromkeys([*loaded.problems, *merger.problems(), *(posts.problems if posts else ())]))
    result.problems = [problem for problem in found if asked.is_touched_by(problem)] if wanted.is_some else found
    return result


def _follow_ups(merger: Merger, world: World, asked: _Asked) -> Iterator[Letter | ManualTask | Skipped]:
    """The follow-ups that are wanted, of letters that have gone."""
    if not world.past.elsewhere and not any(past.letters for past in world.past.contacts.values()):
        return iter(())
    waves = {wave.id: wave for wave in world.campaign.waves}
    contacts = {contact.id: contact for contact in world.contacts}
    found = threads(world, plan(world)).items()
    wanted = {key: thread for key, thread in found if asked.wants(waves[key[0]], contacts[key[1]])}
    return merger.next_letters(wanted)


class _Asked:
    """What was asked for: the waves and contacts, and so the old drafts and the Problems that concern it.

    Raises UnknownName or BadExpression for words that mean nothing.
    """

    def __init__(self, materials: Materials, wanted: Wanted, expressions: Expressions) -> None:
        campaign = materials.campaign
        _known("wave", wanted.wave, [wave.id for wave in campaign.waves])
        _known("contact", wanted.contact, [contact.id for contact in materials.contacts])
        self._materials = materials
        self._wanted = wanted
        self._expressions = expressions
        self._contacts = self._of_contacts()

    def _of_contacts(self) -> frozenset[str]:
        wanted, language = self._wanted, self._materials.campaign.language
        named = [each for each in self._materials.contacts if wanted.contact in (None, each.id)]
        if wanted.to is None:
            return frozenset(each.id for each in named)
        try:
            fault = selection_fault(self._expressions, wanted.to)
            if fault is None:
                return frozenset(each.id for each in named if self._expressions.holds(wanted.to, each, language))
        except TemplateFault as raised:
            fault = raised
        raise BadExpression(wanted.to, str(fault).partition(": ")[2]) from fault

    def wants(self, wave: Wave, contact: Contact) -> bool:
        return self._wanted.wave in (None, wave.id) and contact.id in self._contacts

    def answers_for(self, path: str) -> bool:
        """Whether this run says what becomes of the old draft at `path`."""
        if path.startswith(f"{POSTS}/"):
            return not self._wanted.is_some
        if not path.startswith(f"{LETTERS}/"):
            return False
        wave, _, name = path.removeprefix(f"{LETTERS}/").partition("/")
        everybody = self._wanted.to is None and self._wanted.contact is None
        return self._wanted.wave in (None, wave) and (everybody or name.partition(".")[0] in self._contacts)

    def is_touched_by(self, problem: Problem) -> bool:
        """Whether a Problem concerns a letter that was asked for."""
        kind, _, name = problem.about.partition(":")
        if kind == "letter":
            letter = LetterId.parse(name)
            return self._wanted.wave in (None, letter.wave) and letter.contact in self._contacts
        if kind == "contact" and (self._wanted.wave is None or self._wanted.contact is not None):
            return name in self._contacts
        if kind == "contact-file":  # whoever stands there may have been meant
            return self._wanted.contact is None
        return kind == "campaign" or problem.about in self._concerned

    @functools.cached_property
    def _concerned(self) -> frozenset[str]:
        """The waves, contacts, templates and attachments that take part, as a Problem's `about` names them."""
        campaign, contacts = self._materials.campaign, self._materials.contacts
        found = {f"wave:{wave.id}" for wave in campaign.waves if self._may_have_been_meant(wave)}
        for each in select(campaign, contacts, self._expressions):
            if isinstance(each, BadWave):
                if self._wanted.wave is None:
                    found.add(f"wave:{each.wave.id}")
            elif self.wants(each.wave, each.contact):
                found |= {f"wave:{each.wave.id}", f"contact:{each.contact.id}"}
                if isinstance(each, Selected):
                    found |= self._of_letter(each.contact, each.template)
        return frozenset(found)

    def _may_have_been_meant(self, wave: Wave) -> bool:
        """Whether the wave was named, or would perhaps select somebody wanted if its words meant something."""
        if self._wanted.wave is not None:
            return self._wanted.wave == wave.id
        said = [wave.to, *(choice.condition for choice in wave.templates)]
        return any(selection_fault(self._expressions, each.source) is not None for each in said if each is not None)

    @functools.cached_property
    def _shelf(self) -> TemplateShelf:
        return TemplateShelf(self._materials.templates, self._materials.campaign.language)

    def _of_letter(self, contact: Contact, name: str) -> set[str]:
        """The template of that name for this contact, and what the letter carries."""
        channel = self._shelf.channel_for(contact, name)
        variant = variant_for(channel) if channel else Variant.MAIL
        template = self._shelf.find(name, variant, contact.language)
        if template is None:  # its file could not be read
            return {f"template:templates/{name}.md"}
        carried = {f"attachment:{each}" for each in (*template.attachments, *contact.attachments)}
        return {f"template:{template.file}", *carried}


def _known(kind: str, name: str | None, names: Iterable[str]) -> None:
    names = list(names)
    if name is not None and name not in names:
        raise UnknownName(kind, name, nearest(name, names))


def _kept_once(materials: Materials, merger: Merger, wanted: Wanted) -> frozenset[str]:
    """The waves whose drafts name their attachments instead of carrying them."""
    if wanted.full or not materials.attachments:
        return frozenset()
    return frozenset(wave for wave, size in merger.attachment_bytes().items() if size > ONCE_ABOVE)


class _Writer:
    """Puts each outcome of the merge into the drafts folder."""

    def __init__(self, folder: DraftFolder, result: DraftResult, kept_once: frozenset[str]) -> None:
        self._folder = folder
        self._result = result
        self._kept_once = kept_once

    def take(self, outcome: Letter | ManualTask | Skipped) -> None:
        if isinstance(outcome, Skipped):
            self._result.skipped.append(outcome)
        elif isinstance(outcome, ManualTask):
            self._take_manual(outcome)
        else:
            self._take_letter(outcome)

    def _take_letter(self, letter: Letter) -> None:
        path = f"{_stem(letter)}.eml"
        message = dataclasses.replace(letter.message, extra_headers=(*letter.message.extra_headers, ("X-Unsent", "1")))
        digest = identity = letter.digest
        if letter.wave in self._kept_once and message.attachments:
            message, identity = _with_attachments_named(message), f"{identity} by name"
        changed = self._folder.put(path, identity, lambda: build(message))
        self._page(f"{_stem(letter)}.md", letter_page(letter))
        self._result.letters.append(Drafted(letter=letter, path=path, digest=digest, changed=changed))

    def _take_manual(self, task: ManualTask) -> None:
        path = f"{_stem(task)}.{task.how}.md"
        changed = self._page(path, manual_page(task))
        self._result.manual.append(DraftedByHand(task=task, path=path, changed=changed))

    def take_post(self, post: Composed) -> None:
        """The records of the wire, and the post to read beside them."""
        stem = f"{POSTS}/{post.edition.post}.{post.edition.network}"
        text = visible_in_json(json.dumps(post_record(post), ensure_ascii=False, indent=1))
        changed = self._page(f"{stem}.json", f"{text.removeprefix('{').lstrip()}\n")
        self._page(f"{stem}.md", post_page(post))
        self._result.posts.append(DraftedPost(post=post, path=f"{stem}.json", changed=changed))

    def _page(self, path: str, text: str) -> bool:
        content = without_controls(text).encode()
        return self._folder.put(path, hashlib.sha256(content).hexdigest(), lambda: [content])


def _with_attachments_named(message: Message) -> Message:
    """The letter without its attachments, and with their names (percent-encoded) in a header."""
    names = ", ".join(quote(each.name) for each in message.attachments)
    headers = (*message.extra_headers, ("X-Outreach-Attachments", names))
    return dataclasses.replace(message, attachments=(), extra_headers=headers)


def _stem(letter: Letter | ManualTask) -> str:
    suffix = f".{letter.step}" if letter.step else ""
    return f"{LETTERS}/{letter.wave}/{letter.contact}{suffix}"
