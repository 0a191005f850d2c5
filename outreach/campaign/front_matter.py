"""A file with YAML front matter between two lines `---`, and a body."""

from __future__ import annotations

import re
from collections.abc import Mapping as Changing
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path, PurePath
from typing import Any, NamedTuple

from outreach.campaign.findings import Finding
from outreach.campaign.splicing import changed
from outreach.campaign.strict_yaml import Faulty, Mapping, Node, read_yaml
from outreach.campaign.text import normal, read_text

_FENCE = "---"
_PARTS = re.compile(r"(\ufeff?(?:[ \t]*\r?\n)*---[ \t]*\r?\n)(.*?)(^---[ \t]*(?:\r?\n|\Z))", re.DOTALL | re.MULTILINE)
_KEY_LINE = re.compile(r"(?:[\w\"'-][^:]*:(?:\s|$)|#(?!#)|[\]}])")


class FrontMatter(NamedTuple):
    """`node` is Faulty where the keys cannot be known."""

    node: Mapping | Faulty
    body: str
    body_line: int
    findings: list[Finding]


class Parts(NamedTuple):
    """A file's text: to the end of the first fence, the lines of the keys, the second fence, and the body."""

    begin: str
    keys: str
    fence: str
    body: str


def parts_of(text: str) -> Parts | None:
    """The parts of a text with every byte in one of them; None where its keys cannot be known."""
    front = split_front_matter(normal(text.removeprefix("\ufeff")))
    found = _PARTS.match(text)
    if front.findings or isinstance(front.node, Faulty) or (found is None and front.node.entries):
        return None
    return Parts(found[1], found[2], found[3], text[found.end() :]) if found else Parts("---\n", "", "---\n", text)


def with_values(text: str, changes: Changing[str, Any], body: str, order: Sequence[str] = ()) -> str | None:
    """`text` with other values for some keys (REMOVED: none), and another body; comments and other keys stay.

    None if its keys cannot be known, or a comment would be lost.
    """
    parts = parts_of(text)
    keys = changed(parts.keys, (), changes, order=order) if parts and changes else parts and parts.keys
    if parts is None or keys is None:
        return None
    return f"{parts.begin}{keys}{parts.fence}{body}" if keys or parts.begin in text else body


def read_front_matter(root: Path, name: str | PurePath) -> FrontMatter:
    """The file `name` below `root`, taken apart."""
    text, findings = read_text(root, name)
    if text is None:
        return FrontMatter(Faulty(1), "", 1, findings)
    read = split_front_matter(text)
    return read._replace(findings=[*findings, *read.findings])


def split_front_matter(text: str) -> FrontMatter:
    """`text` taken apart; without a line `---` at its beginning it is all body."""
    lines = text.split("\n")
    begin = next((index for index, line in enumerate(lines) if line.strip()), 0)
    if lines[begin].rstrip() != _FENCE:
        return FrontMatter(Mapping((), 1), text, 1, [])
    end = next((i for i in range(begin + 1, len(lines)) if lines[i].rstrip() == _FENCE), None)
    if end is None:
        return _endless(begin)
    node, findings = read_yaml("\n".join(lines[begin + 1 : end]), first_line=begin + 2)
    if any(finding.code == "yaml-syntax" for finding in findings) and _holds_body(lines[begin + 1 : end]):
        return _endless(begin)
    body = "\n".join(lines[end + 1 :])
    return FrontMatter(_as_mapping(node, findings, begin + 2), body, end + 2, findings)


def _endless(begin: int) -> FrontMatter:
    message = "The front matter that begins here has no end."
    finding = Finding(begin + 1, "no-front-matter-end", message, "Put a line `---` between the keys and the text.")
    return FrontMatter(Faulty(begin + 1), "", begin + 1, [finding])


def _holds_body(lines: list[str]) -> bool:
    """Whether a paragraph stands among the keys: the `---` found is one of the text's own."""
    after_blank = (line for before, line in pairwise(lines) if not before.strip())
    headings = any(line.startswith("##") for line in lines)
    return headings or any(line[:1].strip() and not _KEY_LINE.match(line) for line in after_blank)


def _as_mapping(node: Node | None, findings: list[Finding], line: int) -> Mapping | Faulty:
    if isinstance(node, Mapping | Faulty):
        return node
    if node is None:
        return Faulty(line) if findings else Mapping((), line)
    hint = 'For example `subject: "A proposal"`.'
    findings.append(Finding(node.line, "yaml-syntax", "The front matter has to be lines `key: value`.", hint))
    return Faulty(line)
