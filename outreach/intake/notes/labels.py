"""Labelled lines: `**Contact:** ...`, `Policy team: ...`, a bold line above a list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field

import regex

from outreach.intake.notes.words import meaning
from outreach.intake.outline import Block, Line
from outreach.model.records import dataclass

_LONGEST_LABEL = 60
# A colon that ends a label: not that of `https://`, of `12:30` or of an address.
_COLON = regex.compile(r"^(?P<label>[^:@\n]{1,60}?)\s*[::](?=\s|$)\s*(?P<value>.*)$", regex.DOTALL)
_INSIDE = regex.compile(
    r"^(?P<label>[^:@\n(]{1,60}\([^()@\n]{1,60}\)[^:@\n]{0,20})\s*:(?=\s|$)\s*(?P<value>.*)$", regex.DOTALL
)
"""The same where a colon is in parentheses before it: `Bike Loire (president: Ann Lee): info@bike.example`."""
_DASH = regex.compile(r"^\s*(?:[-\u2013\u2014:|>]|->|\u2192)\s*")


@dataclass(frozen=True, kw_only=True, slots=True)
class Labelled:
    """A label, what it means ("" where it is of their own), and the words behind it."""

    label: str
    means: str
    value: str
    line: Line


@dataclass(kw_only=True, slots=True)
class Group:
    """A label with all that is below it up to the next; `value` is what is on its own line."""

    label: str
    means: str
    value: str
    lines: list[Line] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)


def labelled(line: Line) -> Labelled | None:
    """`Label: value`, with the label bold or not; None for a line without a label."""
    lead = line.lead
    if lead and len(lead) <= _LONGEST_LABEL + 40:
        inside = lead.rstrip(": ")
        if lead.endswith(":") or line.rest.startswith(":") or (line.rest and meaning(inside)):
            within = _COLON.match(inside)
            if within and within["value"]:  # all of `**Label: value**` is bold
                value = f"{within['value']} {line.rest}".strip()
                return Labelled(label=within["label"], means=meaning(within["label"]), value=value, line=line)
            value = _DASH.sub("", line.rest)
            return Labelled(label=inside, means=meaning(inside), value=value, line=line)
    found = _COLON.match(line.text)
    if found and found["label"].count("(") > found["label"].count(")"):
        found = _INSIDE.match(line.text)
    if found and len(found["label"].split()) <= 7:
        label = found["label"].strip(" -*\u2022")
        return Labelled(label=label, means=meaning(label), value=found["value"].strip(), line=line)
    return None


def heads(line: Line) -> bool:
    """Whether a line is a label for what follows: bold from end to end, or a known label and nothing else."""
    if line.lead and not line.rest.strip(" :"):
        return True
    found = labelled(line)
    return found is not None and not found.value and (bool(found.means) or line.text.endswith(":"))


def groups(blocks: Iterable[Block]) -> Iterator[Group]:
    """The blocks, gathered below the labels that are outside of lists; the first group may have no label.

    A labelled item at the top of a list is a group of its own where it holds a nested list or a known label.
    """
    here = Group(label="", means="", value="")
    is_item = False
    for block in blocks:
        if block.kind in ("paragraph", "item") and block.depth <= 1:
            for begun, block_part in _split(block):
                if begun is None and is_item and here.value and block.kind == "item":
                    yield here  # `- Country: Ireland` says nothing of the item below it
                    here, is_item = Group(label="", means="", value=""), False
                if begun is None:
                    here.blocks.append(block_part)
                    here.lines += block_part.lines
                    continue
                if here.label or here.blocks:
                    yield here
                here = Group(label=begun.label, means=begun.means, value=begun.value)
                is_item = block.kind == "item"
                if begun.value:
                    here.lines.append(begun.line)
        else:
            here.blocks.append(block)
            here.lines += block.lines
    if here.label or here.blocks:
        yield here


def _split(block: Block) -> Iterator[tuple[Labelled | None, Block]]:
    """The block's lines: each that begins a group, and the others as blocks of one line."""
    for line in block.lines:
        found = labelled(line)
        begins = found is not None and (heads(line) if block.kind == "item" else _begins(found, line))
        if block.kind == "item" and found is not None and found.means in _ON_THEIR_OWN and block.depth == 1:
            begins = True
        if not begins and block.kind == "paragraph" and block.depth == 0 and heads(line):
            found, begins = Labelled(label=line.text.strip(" :"), means=meaning(line.text), value="", line=line), True
        part = Block(
            kind=block.kind,
            line=line.number,
            end=line.number,
            lines=(line,),
            depth=block.depth,
            number=block.number,
            ticked=block.ticked,
        )
        yield (found if begins else None), part


_ON_THEIR_OWN = frozenset(
    "personal_text internal_notes channels person kind country language tags tier stage short owner".split()
)
"""Labels that begin a group in a list too, so that what is below belongs to them."""


def _begins(found: Labelled | None, line: Line) -> bool:
    return found is not None and (bool(line.lead) or bool(found.means))
