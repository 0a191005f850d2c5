"""A link's target, as both parts write it."""

from __future__ import annotations

from outreach.letters.markup.letters import Letters
from outreach.letters.markup.pieces import Context
from outreach.letters.markup.tree import Node, words

_MAILTO = "mailto:"


class Link:
    """The target of an `a` element.

    `address` is the e-mail address of a mailto: target, else "". `bare` says that the link's own text
    is its target or address, or nothing.
    """

    def __init__(self, node: Node) -> None:
        self.target = node.attributes["href"].strip()
        mailto = self.target[: len(_MAILTO)].lower() == _MAILTO
        rest = self.target[len(_MAILTO) :] if mailto else ""
        self.address, mark, query = rest.partition("?")
        self._query = mark + query
        self.bare = words(node.children).strip() in ("", self.target, self.address)

    def has_only_values(self, letters: Letters) -> bool:
        """Whether the target is a single value, or an address that holds one."""
        return self.target in letters if len(self.target) == 1 else letters.within(self.address) > 0

    def marked(self, letters: Letters, start: Context, part: Context, address: Context) -> str:
        """The whole target in marks: values at its `start`, in an e-mail `address`, further in (`part`)."""
        if self.address:
            written = letters.marked(self.address, address) + letters.marked(self._query, part)
            return _MAILTO + written
        return letters.marked(self.target[:1], start) + letters.marked(self.target[1:], part)

    def shown(self, letters: Letters) -> str:
        """The target as the text part shows it, in marks: an address without "mailto:"."""
        whole = self.marked(letters, Context.TEXT_URL, Context.TEXT_URL_PART, Context.TEXT)
        if not self.address:
            return whole
        shown = whole[len(_MAILTO) :]
        return shown if letters.within(self._query) else shown.partition("?")[0]
