"""`outreach draft`: one personal draft per organisation, into `drafts/`."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from outreach.errors import BadExpression, TemplateFault, UnknownName
from outreach.files.drafts import FOLDER, DraftFolder
from outreach.model.campaign import Wave
from outreach.model.contact import Contact
from outreach.pages.letters import letter_page, manual_page
from outreach.rules.expressions import Expressions, selection_fault
from outreach.rules.merging import Drafted, DraftedByHand, DraftResult, Letter, ManualTask, Materials, Merger
from outreach.rules.mime import Message, build
from outreach.rules.selection import Skipped
from outreach.rules.suggestions import nearest
from outreach.tasks.campaign import load

LETTERS = f"{FOLDER}/letters"
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


def draft(root: Path, wanted: Wanted, progress: Callable[[int], None] = lambda done: None) -> DraftResult:
    """Render what is wanted into `drafts/letters/WAVE/CONTACT.eml` with a readable `.md` beside it.

    `progress` is told how many letters are done. Raises CampaignUnreadable, UnknownName,
    BadExpression, CannotWrite.
    """
    loaded = load(root)
    materials = loaded.materials()
    merger = Merger(materials)
    is_wanted = _chooser(materials, wanted, merger.expressions)
    result = DraftResult()
    with DraftFolder(root) as folder:
        writer = _Writer(folder, result, _kept_once(materials, merger, wanted))
        for number, outcome in enumerate(merger.first_letters(is_wanted), start=1):
            writer.take(outcome)
            progress(number)
        result.removed = folder.sweep(_belongs(wanted))
        result.kept = folder.kept
    result.problems = sorted(dict.fromkeys([*loaded.problems, *merger.problems()]))
    return result


def _chooser(materials: Materials, wanted: Wanted, expressions: Expressions) -> Callable[[Wave, Contact], bool]:
    """Whether a letter is wanted. Raises UnknownName or BadExpression for words that mean nothing."""
    campaign = materials.campaign
    _known("wave", wanted.wave, [wave.id for wave in campaign.waves])
    _known("contact", wanted.contact, [contact.id for contact in materials.contacts])
    if wanted.to is not None:
        fault = selection_fault(expressions, wanted.to)
        if fault is not None:
            raise BadExpression(wanted.to, str(fault).partition(": ")[2])

    def holds(contact: Contact) -> bool:
        if wanted.to is None:
            return True
        try:
            return expressions.holds(wanted.to, contact, campaign.language)
        except TemplateFault as fault:
            raise BadExpression(wanted.to, str(fault).partition(": ")[2]) from fault

    def is_wanted(wave: Wave, contact: Contact) -> bool:
        named = wanted.wave in (None, wave.id) and wanted.contact in (None, contact.id)
        return named and holds(contact)

    return is_wanted


def _known(kind: str, name: str | None, names: Iterable[str]) -> None:
    names = list(names)
    if name is not None and name not in names:
        raise UnknownName(kind, name, nearest(name, names))


def _belongs(wanted: Wanted) -> Callable[[str], bool]:
    """Which of our old drafts this run answers for, and so may remove."""

    def belongs(path: str) -> bool:
        if not path.startswith(f"{LETTERS}/"):
            return False
        if wanted.to is not None or wanted.contact is not None:
            return False
        return wanted.wave is None or path.startswith(f"{LETTERS}/{wanted.wave}/")

    return belongs


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

    def _page(self, path: str, text: str) -> bool:
        content = text.encode()
        return self._folder.put(path, hashlib.sha256(content).hexdigest(), lambda: [content])


def _with_attachments_named(message: Message) -> Message:
    """The letter without its attachments, and with their names (percent-encoded) in a header."""
    names = ", ".join(quote(each.name) for each in message.attachments)
    headers = (*message.extra_headers, ("X-Outreach-Attachments", names))
    return dataclasses.replace(message, attachments=(), extra_headers=headers)


def _stem(letter: Letter | ManualTask) -> str:
    suffix = f".{letter.step}" if letter.step else ""
    return f"{LETTERS}/{letter.wave}/{letter.contact}{suffix}"
