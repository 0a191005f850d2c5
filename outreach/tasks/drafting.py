"""`outreach draft`: one personal draft per organisation, into `drafts/`."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from outreach.campaign.drafts import FOLDER, DraftFolder
from outreach.checking.letters import recipient_problems
from outreach.checking.together import without_consequences
from outreach.errors import BadExpression, TemplateFault, UnknownName
from outreach.letters.drafted import Drafted, DraftedByHand, DraftedPost, DraftResult, Skipped
from outreach.letters.letter import Letter, ManualTask
from outreach.letters.materials import Materials
from outreach.letters.merger import Merger
from outreach.letters.mime import Message
from outreach.model.campaign import Wave
from outreach.model.ids import LetterId
from outreach.model.problem import Problem
from outreach.model.recipient import Recipient, Why
from outreach.model.records import dataclass
from outreach.networks.composing import Composed
from outreach.pages.letters import letter_page, manual_page
from outreach.pages.posts import post_page, post_record
from outreach.planning.context import Context
from outreach.planning.gates import facts_of
from outreach.planning.recipients import Decided, decide, first_letters
from outreach.planning.sent import is_draft, is_gone
from outreach.planning.world import World
from outreach.tasks.campaign import load
from outreach.tasks.posting import composed
from outreach.tasks.progress import report
from outreach.tasks.verdicts import KnownVerdicts, RenderedVerdicts
from outreach.tasks.world import looked_at
from outreach.templating.expressions import Expressions, selection_fault
from outreach.words.suggestions import nearest
from outreach.words.visible import visible_in_json, without_controls

LETTERS = f"{FOLDER}/letters"
POSTS = f"{FOLDER}/posts"
ONCE_ABOVE = 200_000_000
"""Bytes of attachments in one wave's drafts above which they are kept once and named."""
FEW = 500
"""Up to so many letters each has a page to read beside it; a person reads no more, and they take half of the time."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """Which drafts were asked for: all, or those of a wave, an expression, a contact.

    `full` writes every attachment into every draft, whatever that takes on disk; `pages` writes a page to read beside
    each draft, however many there are.
    """

    wave: str | None = None
    to: str | None = None
    contact: str | None = None
    full: bool = False
    pages: bool = False

    @property
    def is_some(self) -> bool:
        """Whether some letters are wanted, and not all."""
        return (self.wave, self.to, self.contact) != (None, None, None)


def draft(root: Path, wanted: Wanted) -> DraftResult:
    """Render what is wanted into `drafts/letters/WAVE/CONTACT.eml`, of few letters with a readable `.md` beside it.

    Where not all is wanted, the Problems are those that touch what is. Raises CampaignUnreadable, UnknownName,
    BadExpression, CannotWrite, DraftsBusy, DraftingStopped.
    """
    loaded = load(root)
    with looked_at(root, loaded) as opened:
        world = opened.world()
        facts, asked = facts_of(world), _Asked(world, wanted)
        result = DraftResult(names=world.names)
        merger = Merger(loaded.materials(facts))
        with DraftFolder(root) as folder:
            writer = _Writer(folder, result, _kept_once(world, merger.materials, wanted), len(world.contacts))
            writer.shows = wanted.pages
            decided = _written(world, merger, writer, asked)
            _skip(result, decided, asked)
            posts = composed(loaded, facts) if not wanted.is_some else None
            for post in posts.posts.values() if posts else ():
                writer.take_post(post)
            result.removed = folder.sweep(asked.answers_for)
            result.kept = folder.kept
    found = [*loaded.problems, *recipient_problems(world, decided, loaded.incomplete), *merger.problems()]
    found = without_consequences([*found, *(posts.problems if posts else ())])
    if wanted.is_some:
        concerned = asked.concerned(decided)
        found = [each for each in found if asked.is_touched_by(each, concerned)]
    result.problems = found
    return result


def _written(world: World, merger: Merger, writer: _Writer, asked: _Asked) -> Decided:
    """Write every letter that is asked for and can be made; what was decided about all of them.

    Where all are asked for, each is written as soon as it is rendered to see whether it can be.
    """
    if not asked.some:
        writer.shows = writer.shows or len(world.contacts) <= FEW
        rendering = RenderedVerdicts(merger, writer.take)
        decided = decide(Context(replace(world, verdicts=rendering)))
        rendering.rest(decided.recipients)
        return decided
    decided = decide(Context(world))
    wanted = [letter for letter in decided.recipients if letter.is_tried and asked.wants(letter)]
    writer.shows = writer.shows or len(wanted) <= FEW
    for letter in wanted:
        writer.take(letter, merger.make(letter))
    if isinstance(world.verdicts, KnownVerdicts):
        world.verdicts.save()
    return decided


def _skip(result: DraftResult, decided: Decided, asked: _Asked) -> None:
    """Say which of the letters that were asked for are not made, and why; and put all into the plan's order."""
    written = {*(each.id for each in result.letters), *(each.task.id for each in result.manual)}
    for letter in decided.recipients:
        is_told = letter.step == 0 or letter.why is not Why.LEFT_OUT
        if letter.id in written or letter.unselected or not is_told or not asked.wants(letter):
            continue
        if letter.sent is not None and (is_gone(letter.sent) or is_draft(letter.sent)):
            continue  # whatever its files came to since, nobody gets less than was sent
        reason = letter.reason if not letter.is_made else "the letter has an error; see `outreach check`"
        result.skipped.append(Skipped(wave=letter.wave.id, contact=letter.contact.id, reason=reason))
    place = {letter.id: number for number, letter in enumerate(decided.recipients)}
    result.letters.sort(key=lambda each: place[each.id])
    result.manual.sort(key=lambda each: place[each.task.id])


class _Asked:
    """What was asked for: the waves and contacts, and so the old drafts and the Problems that concern it.

    Raises UnknownName or BadExpression for words that mean nothing.
    """

    def __init__(self, world: World, wanted: Wanted) -> None:
        _known("wave", wanted.wave, [wave.id for wave in world.campaign.waves])
        _known("contact", wanted.contact, [contact.id for contact in world.contacts])
        self.some = wanted.is_some
        self._world = world
        self._wanted = wanted
        self._expressions = Expressions()
        self._contacts = self._of_contacts()

    def _of_contacts(self) -> frozenset[str]:
        wanted, language = self._wanted, self._world.campaign.language
        if not self.some:
            return frozenset()
        named = [each for each in self._world.contacts if wanted.contact in (None, each.id)]
        if wanted.to is None:
            return frozenset(each.id for each in named)
        try:
            fault = selection_fault(self._expressions, wanted.to)
            if fault is None:
                return frozenset(each.id for each in named if self._expressions.holds(wanted.to, each, language))
        except TemplateFault as raised:
            fault = raised
        raise BadExpression(wanted.to, str(fault).partition(": ")[2]) from fault

    def wants(self, letter: Recipient) -> bool:
        if not self.some:
            return True
        return self._wanted.wave in (None, letter.wave.id) and letter.contact.id in self._contacts

    def answers_for(self, path: str) -> bool:
        """Whether this run says what becomes of the old draft at `path`."""
        if path.startswith(f"{POSTS}/"):
            return not self._wanted.is_some
        if not path.startswith(f"{LETTERS}/"):
            return False
        wave, _, name = path.removeprefix(f"{LETTERS}/").partition("/")
        everybody = self._wanted.to is None and self._wanted.contact is None
        return self._wanted.wave in (None, wave) and (everybody or name.partition(".")[0] in self._contacts)

    def is_touched_by(self, problem: Problem, concerned: frozenset[str]) -> bool:
        """Whether a Problem concerns a letter that was asked for; `concerned` takes part, as `about` names it."""
        kind, _, name = problem.about.partition(":")
        if kind == "letter":
            letter = LetterId.parse(name)
            return self._wanted.wave in (None, letter.wave) and letter.contact in self._contacts
        if kind == "contact" and (self._wanted.wave is None or self._wanted.contact is not None):
            return name in self._contacts
        if kind == "contact-file":  # whoever is there may have been meant
            return self._wanted.contact is None
        return kind in ("campaign", "sender") or problem.about in concerned

    def concerned(self, decided: Decided) -> frozenset[str]:
        """The waves, contacts, templates and attachments that take part, as a Problem's `about` names them."""
        found = {f"wave:{wave.id}" for wave in self._world.campaign.waves if self._may_have_been_meant(wave)}
        if self._wanted.wave is None:
            found |= {problem.about for problem in decided.problems}
        for letter in decided.recipients:
            if letter.unselected or not self.wants(letter):
                continue
            found |= {f"wave:{letter.wave.id}", f"follow-up:{letter.wave.id}", f"contact:{letter.contact.id}"}
            if letter.template is not None and letter.why is not Why.LEFT_OUT:
                version = letter.version  # None: its file could not be read
                found.add(f"template:{version.file if version else f'templates/{letter.template}.md'}")
                carried = (*(version.attachments if version else ()), *letter.contact.attachments)
                found |= {f"attachment:{each}" for each in carried}
        return frozenset(found)

    def _may_have_been_meant(self, wave: Wave) -> bool:
        """Whether the wave was named, or would perhaps select somebody wanted if its words meant something."""
        if self._wanted.wave is not None:
            return self._wanted.wave == wave.id
        said = [wave.to, *(choice.condition for choice in wave.templates)]
        return any(selection_fault(self._expressions, each.source) is not None for each in said if each is not None)


def _known(kind: str, name: str | None, names: Iterable[str]) -> None:
    names = list(names)
    if name is not None and name not in names:
        raise UnknownName(kind, name, nearest(name, names))


def _kept_once(world: World, materials: Materials, wanted: Wanted) -> frozenset[str]:
    """The waves whose drafts name their attachments instead of carrying them."""
    encoded = {name: len(each.encoded) for name, each in materials.attachments.items()}
    most = sum(encoded.values()) * max(1, len(world.contacts))
    if wanted.full or most <= ONCE_ABOVE:
        return frozenset()
    sizes: Counter[str] = Counter()
    last = world.campaign.waves[-1].id if world.campaign.waves else ""
    for letter in first_letters(Context(replace(world, verdicts=None))):
        if sizes[last] > ONCE_ABOVE:
            break
        if letter.is_made:
            carried = {*(letter.version.attachments if letter.version else ()), *letter.contact.attachments}
            sizes[letter.wave.id] += sum(encoded.get(name, 0) for name in carried)
    return frozenset(wave for wave, size in sizes.items() if size > ONCE_ABOVE)


_UNSENT = ("X-Unsent", "1")
"""With this header, mail programs open the file as a draft."""


class _Writer:
    """Puts each letter and text into the drafts folder.

    Where it `shows` letters, each has a page to read beside it.
    """

    def __init__(self, folder: DraftFolder, result: DraftResult, kept_once: frozenset[str], contacts: int) -> None:
        self._folder = folder
        self._result = result
        self._kept_once = kept_once
        self._contacts = contacts
        self.shows = True

    def take(self, letter: Recipient, made: Letter | ManualTask | None) -> None:
        if isinstance(made, ManualTask):
            self._take_manual(made)
        elif made is not None:
            self._take_letter(made)
        # Most contacts get one email, so their number is a fair guess until there are more.
        done = len(self._result.letters) + len(self._result.manual)
        report("emails", done, max(self._contacts, done))

    def _take_letter(self, letter: Letter) -> None:
        stem, message, digest = _stem(letter), letter.message, letter.digest
        path = f"{stem}.eml"
        if letter.wave in self._kept_once and message.attachments:
            named = _named(message)
            changed = self._folder.put(
                path, f"{digest} by name", lambda: letter.assembled.bare().pieces(_UNSENT, named)
            )
        else:
            changed = self._folder.put(path, digest, lambda: letter.assembled.pieces(_UNSENT))
        if self.shows:
            self._page(f"{stem}.md", letter_page(letter))
        self._result.letters.append(
            Drafted(
                id=letter.id,
                wave=letter.wave,
                step=letter.step,
                contact=letter.contact,
                to=message.recipient_email,
                subject=message.subject,
                letter=letter if self.shows else None,
                path=path,
                digest=digest,
                changed=changed,
            )
        )

    def _take_manual(self, task: ManualTask) -> None:
        path = f"{_stem(task)}.{task.how}.md"
        changed = self._page(path, manual_page(task))
        self._result.manual.append(DraftedByHand(task=task, path=path, changed=changed))

    def take_post(self, post: Composed) -> None:
        """The records of the wire, and the post to read beside them."""
        stem = f"{POSTS}/{post.version.post}.{post.version.network}"
        text = visible_in_json(json.dumps(post_record(post), ensure_ascii=False, indent=1))
        changed = self._page(f"{stem}.json", f"{text.removeprefix('{').lstrip()}\n")
        self._page(f"{stem}.md", post_page(post))
        self._result.posts.append(DraftedPost(post=post, path=f"{stem}.json", changed=changed))

    def _page(self, path: str, text: str) -> bool:
        content = without_controls(text).encode()
        return self._folder.put(path, hashlib.sha256(content).hexdigest(), lambda: [content])


def _named(message: Message) -> tuple[str, str]:
    """The header that names the attachments (percent-encoded) of a draft that does not carry them."""
    return "X-Outreach-Attachments", ", ".join(quote(each.name) for each in message.attachments)


def _stem(letter: Letter | ManualTask) -> str:
    suffix = f".{letter.step}" if letter.step else ""
    return f"{LETTERS}/{letter.wave}/{letter.contact}{suffix}"
