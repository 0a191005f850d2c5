"""A checklist: what a person ticks off, and what gates can wait for."""

from __future__ import annotations

from outreach.model.records import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class ChecklistItem:
    """A line `- [ ] ...` (or `- [x] ...`) of a checklist."""

    text: str
    ticked: bool
    line: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Checklist:
    """The file `checklists/NAME.md`. It holds as a gate when every item is ticked and there is one."""

    name: str
    file: str
    items: tuple[ChecklistItem, ...] = ()

    @property
    def done(self) -> bool:
        return bool(self.items) and all(item.ticked for item in self.items)
