"""What became of every line, and all that was found, as it comes together while a document is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from outreach.intake.account import Account as Values
from outreach.intake.contact import with_via
from outreach.intake.outline import Block, Document, Section
from outreach.intake.settling import Settling
from outreach.model.found import Found, FoundContact, FoundSetting, FoundText, Hint, Kind, Passage, Place, Remark
from outreach.model.records import dataclass
from outreach.words.slugs import slug_of

_Owner = tuple[Kind, str, str]
_NOTHING: _Owner = ("not-understood", "nothing", "")


@dataclass(kw_only=True, slots=True)
class Draft:
    """A contact while it is read: `values` as in its file."""

    values: dict[str, Any]
    line: int
    marks: tuple[str, ...] = ()


class Account:
    """Everything found in one document. A line is given away once; who comes later does not take it."""

    def __init__(self, document: Document, values: Values | None = None) -> None:
        self.document = document
        self.values = values or Values()
        self.settling = Settling(document.name, self.values)
        self.contacts: list[Draft] = []
        self.texts: list[FoundText] = []
        self.settings: list[FoundSetting] = []
        self.remarks: list[Remark] = []
        self.hints: list[Hint] = []
        self._owners: list[_Owner | None] = [None] * (len(document.source) + 1)
        self._ids: set[str] = set()
        self._names: set[tuple[str, str]] = set()

    # --- lines ---

    def take(self, line: int, end: int, read_as: str, to: str, kind: Kind = "taken") -> None:
        """Lines `line` to `end` became `to`; those that have an owner keep it."""
        for number in range(line, min(end, len(self._owners) - 1) + 1):
            if self._owners[number] is None:
                self._owners[number] = (kind, read_as, to)

    def place(self, line: int) -> Place:
        """Where a line stands."""
        return Place(file=self.document.name, line=line)

    def owner(self, number: int) -> str:
        """What the line was read as; "" while nobody has it."""
        owner = self._owners[number]
        return owner[1] if owner else ""

    def take_block(self, block: Block, read_as: str, to: str) -> None:
        """The lines of a block became `to`."""
        self.take(block.line, block.end, read_as, to)

    def take_heading(self, section: Section, read_as: str, to: str) -> None:
        """The heading of a section became `to`, and the line below it where that only underlines it."""
        if section.level:
            self.take(section.line, section.line, read_as, to)

    def is_free(self, number: int) -> bool:
        """Whether nobody has the line yet, and something is on it."""
        return self._owners[number] is None and bool(self.document.source[number - 1].strip())

    # --- things ---

    def add_contact(self, values: dict[str, Any], line: int, marks: tuple[str, ...] = ()) -> str:
        """A contact, with an id of its own; the id."""
        wanted = slug_of(values["name"])
        found, count = wanted, 2
        while found in self._ids:
            found, count = f"{wanted}-{count}", count + 1
        self._ids.add(found)
        self.contacts.append(Draft(values={"id": found, **values}, line=line, marks=marks))
        return found

    def add_text(
        self,
        folder: Literal["templates", "posts", "checklists", "notes"],
        stem: str,
        front: Mapping[str, Any],
        body: str,
        line: int,
    ) -> str:
        """A file of its own, with a name that nothing else in its folder has; its path."""
        name, count = stem, 2
        while (folder, name) in self._names:
            name, count = f"{stem}-{count}", count + 1
        self._names.add((folder, name))
        file = self.document.name
        self.texts.append(FoundText(folder=folder, name=f"{name}.md", front=front, body=body, file=file, line=line))
        return f"{folder}/{name}.md"

    def add_setting(self, path: tuple[str, ...], value: Any, line: int) -> None:
        """A value for campaign.yaml."""
        self.settings.append(FoundSetting(path=path, value=value, file=self.document.name, line=line))

    def ask(self, line: int, message: str, hint: str) -> None:
        """Something that nobody may guess; said once."""
        remark = Remark(file=self.document.name, line=line, message=message, hint=hint)
        if all(remark.message != each.message for each in self.remarks):
            self.remarks.append(remark)

    def hint(self, about: Literal["phase", "audience", "condition"], values: Mapping[str, Any], line: int) -> None:
        """Something that other documents are needed for."""
        self.hints.append(Hint(about=about, values=values, file=self.document.name, line=line))

    # --- the end ---

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found that a campaign could use."""
        return not (self.contacts or self.texts or self.settings or self.hints)

    def found(self) -> Found:
        """All of it."""
        file = self.document.name
        for each in self.contacts:
            each.values = with_via(each.values, self._ids)
        contacts = [
            FoundContact(id=each.values["id"], values=each.values, file=file, line=each.line, marks=each.marks)
            for each in self.contacts
        ]
        return Found(
            contacts=tuple(contacts),
            texts=tuple(self.texts),
            settings=tuple(self.settings),
            passages=tuple(self._passages()),
            remarks=tuple(self.remarks),
            hints=tuple(self.hints),
        )

    def _passages(self) -> list[Passage]:
        """Neighbouring lines with one owner, as one. A line without any word goes with what is above it."""
        passages: list[Passage] = []
        before: _Owner = _NOTHING
        begun = last = 0
        for number, text in enumerate(self.document.source, 1):
            if not text.strip():
                continue
            owner = self._owners[number] or (_NOTHING if any(sign.isalnum() for sign in text) else before)
            if begun and owner != before:
                passages.append(_passage(self.document.name, begun, last, before))
                begun = 0
            begun, last, before = begun or number, number, owner
        return [*passages, _passage(self.document.name, begun, last, before)] if begun else passages


def _passage(file: str, line: int, end: int, owner: _Owner) -> Passage:
    kind, read_as, to = owner
    return Passage(file=file, line=line, end=end, kind=kind, read_as=read_as, to=to)
