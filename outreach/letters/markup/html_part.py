"""The tree -> a small complete HTML document with inline styles, nothing remote, in marks."""

from __future__ import annotations

import re
from functools import cache
from html import escape

from css_inline import CSSInliner

from outreach.letters.markup.letters import Letters
from outreach.letters.markup.links import Link
from outreach.letters.markup.pieces import LINK_STYLE, Context
from outreach.letters.markup.tree import HEADINGS, Child, Node, first_number

RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "syr", "ug", "ur", "yi"})
"""Languages written from right to left unless a script says otherwise (CLDR)."""

# No colour of text or ground is set, so that a mail client's dark mode can; the greys suit both.
_STYLES = """
body { max-width: 600px; margin: 0; padding: 8px; font-size: 16px; line-height: 1.5;
  font-family: -apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif }
p { margin: 0 0 1em }
h1 { font-size: 1.5em; line-height: 1.25; margin: 0 0 0.6em }
h2 { font-size: 1.25em; line-height: 1.3; margin: 0 0 0.6em }
h3, h4 { font-size: 1.05em; line-height: 1.35; margin: 0 0 0.5em }
ul, ol { margin: 0 0 1em; padding: 0; padding-START: 1.6em }
li { margin: 0 0 0.25em }
li > ul, li > ol { margin: 0.25em 0 0 }
blockquote { margin: 0 0 1em; padding: 0; padding-START: 0.9em; border-START: 3px solid #8a8a8a }
code, pre { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: 0.9em }
pre { margin: 0 0 1em; white-space: pre-wrap; overflow-wrap: break-word }
pre code { font-size: 1em }
table { border-collapse: collapse; margin: 0 0 1em }
th, td { border: 1px solid #8a8a8a; padding: 4px 8px; text-align: START; vertical-align: top }
hr { border: 0; border-top: 1px solid #8a8a8a; margin: 1.5em 0 }
a { LINK }
""".replace("LINK", LINK_STYLE)

_DOCUMENT = """<!DOCTYPE html>
<html lang="{language}"><head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<style>{styles}</style></head>
<body dir="{direction}">
{body}
</body></html>
"""

_DIRECTED = HEADINGS | {"p", "li", "blockquote", "th", "td"}
_ON_A_LINE = HEADINGS | {"p", "ul", "ol", "blockquote", "pre", "hr", "table", "tr"}
_PLAIN = frozenset({"a", "code", "pre"})


def html_part(root: Node, letters: Letters, language: str) -> str:
    """The whole document, marks in place of values; `language` is a BCP 47 tag."""
    start, direction = ("right", "rtl") if is_right_to_left(language) else ("left", "auto")
    document = _DOCUMENT.format(
        language=escape(language),
        styles=_STYLES.replace("START", start),
        direction=direction,
        body=_Writer(letters).all(root.children, plain=False).strip("\n"),
    )
    return _inliner().inline(document).rstrip("\n") + "\n"


def is_right_to_left(language: str) -> bool:
    """Whether `language` (a BCP 47 tag) is written from right to left."""
    primary, *rest = re.split("[-_]", language.lower())
    if any(part in ("arab", "hebr", "thaa", "syrc") for part in rest):
        return True
    return primary in RIGHT_TO_LEFT and not any(part in ("latn", "cyrl") for part in rest)


@cache
def _inliner() -> CSSInliner:
    return CSSInliner(keep_style_tags=False, keep_link_tags=False, load_remote_stylesheets=False)


class _Writer:
    def __init__(self, letters: Letters) -> None:
        self._letters = letters

    def all(self, children: list[Child], *, plain: bool) -> str:
        """`children` as HTML; `plain` says that no value may become a link in here."""
        return "".join(
            self._text(child, Context.HTML_PLAIN if plain else Context.HTML)
            if isinstance(child, str)
            else self._element(child, plain)
            for child in children
        )

    def _text(self, text: str, context: Context) -> str:
        return self._letters.marked(escape(text, quote=False), context)

    def _element(self, node: Node, plain: bool) -> str:
        tag = node.tag
        if tag in ("br", "hr"):
            return f"<{tag}>" + "\n" * (tag == "hr")
        if tag == "a":
            return self._link(node)
        inside = self.all(node.children, plain=plain or tag in _PLAIN)
        directed = ' dir="auto"' if tag in _DIRECTED else ""
        first = f' start="{first_number(node)}"' if tag == "ol" and first_number(node) != 1 else ""
        return f"<{tag}{directed}{first}>{inside}</{tag}>" + "\n" * (tag in _ON_A_LINE)

    def _link(self, node: Node) -> str:
        link, letters = Link(node), self._letters
        if link.bare and link.has_only_values(letters):
            return self._text(link.address or link.target, Context.HTML)  # becomes a link by itself
        if link.bare:
            inside = self._text(link.address or link.target, Context.HTML_SHOWN)
        else:
            inside = self.all(node.children, plain=True)
        target = link.marked(letters, Context.HTML_URL, Context.HTML_URL_PART, Context.HTML_ADDRESS)
        title = letters.marked(node.attributes.get("title", ""), Context.HTML_PLAIN)
        titled = f' title="{escape(title)}"' if title else ""
        return f'<a href="{escape(target)}"{titled}>{inside}</a>'
