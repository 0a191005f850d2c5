"""What a body says and its letter would not: angle brackets that read as HTML, tags never closed, words that get lost.

Markdown passes HTML on, and a letter keeps a few tags of it. So `<First Name>` is a tag that nobody knows, and is
gone without a trace; an unclosed `<b>` takes the paragraphs and lists behind it in. What is in code or behind a
backslash arrives: it is looked for in the letter, so that Markdown is not read here a second time.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from html import unescape
from typing import NamedTuple

from outreach.letters.markup import Piece, Shape
from outreach.letters.markup.tree import READ_AS, TAGS

_HTML = (
    TAGS
    | READ_AS.keys()
    | frozenset(
        """abbr acronym address area article aside audio base big body button caption center cite col colgroup data dd
    details dfn dl dt embed fieldset figcaption figure font footer form head header html iframe input ins kbd label
    legend link main map mark meta nav nobr noscript object option output param picture q rp rt ruby samp script
    section select small source span strike style sub summary sup svg template textarea tfoot time title tt u var
    video wbr""".split()
    )
)
_VOID = frozenset("area base br col embed hr img input link meta param source wbr".split())
_ALONE = frozenset(("br", "hr", "img", "wbr"))
"""Void tags that mean something without attributes; `<Link>` is a placeholder."""
_ENDS_WITH = {"li": ("ul", "ol"), "dt": ("dl",), "dd": ("dl",), "option": ("select",)} | dict.fromkeys(
    ("td", "th", "tr", "tbody", "thead", "tfoot", "colgroup", "caption"), ("table",)
)
"""Tags that HTML lets end with the one around them."""
_BARE = frozenset("checked compact disabled hidden nowrap noshade open readonly required reversed selected".split())
_ATTRIBUTE = r"""\s+([A-Za-z_:][\w:.-]*)(\s*=\s*(?:"[^"<>]*"|'[^'<>]*'|[^\s"'=<>`]+))?"""
_TAG = re.compile(rf"<(/?)([A-Za-z][A-Za-z0-9]*)((?:{_ATTRIBUTE})*)\s*/?>")
_ATTRIBUTES = re.compile(_ATTRIBUTE)
_ANGLE = re.compile(r"<?</?[A-Za-z][^<>]*>>?")
_AUTOLINK = re.compile(r"<(?:(?:https?|ftps?)://[^<>]*|[^<>\s!]+@[^@<>\s]+)>", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_FENCED = re.compile(r"^ *(`{3,}|~{3,}).*?(?:^ *\1|\Z)", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"(?<!`)(`+)(?!`)(?:(?!\n\s*\n).){1,1000}?(?<!`)\1(?!`)|\\<", re.DOTALL)
_HTML_CODE = re.compile(r"<code\b[^>]*>.*?</code>", re.DOTALL)

_DEFINITION = re.compile(
    r"^ {0,3}\[([^\[\]\n]+)\]: *\n? *(\S+) *(?:\n? *(?:\"[^\n]*\"|'[^\n]*'|\([^\n]*\)) *)?$", re.MULTILINE
)
_NO_WORDS = re.compile(
    r"^[ >]*(?:`{3,}|~{3,})[^\n]*$"  # a fence, with the name of its language
    r"|^[ >]*\d{1,9}[.)](?= )"  # the number of a list item
    r"|\]\((?:[^()\n]|\([^()\n]*\))*\)|\]\[[^\[\]\n]*\]"  # where a link leads
    r"|(?:https?|ftps?)://[^\s<>]+|mailto:[^\s<>]+",
    re.MULTILINE | re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+")
_MOST_LOOKED_FOR = 200
_EXTRA = "Write what belongs there, a variable such as {{ contact.name }}, or \\< for the sign itself."


class Loss(NamedTuple):
    """`found`, as the template says it, does not arrive: the code of the Problem, its sentence, and what to do."""

    code: str
    found: str
    sentence: str
    hint: str


def vanishing(skeleton: str, shape: Shape) -> list[Loss]:
    """What of `skeleton` (Markdown with tokens for its values) the letter of that shape would not say as meant."""
    source, text = skeleton.replace("\r\n", "\n"), _literals(shape.text)
    found = {loss.found: loss for loss in (*_unclosed(source, text), *_brackets(source, text), *_comments(shape))}
    return list(found.values()) or list(_lost_words(source, text, _literals(shape.html)))


def _literals(pieces: Iterable[Piece]) -> str:
    return "\n".join(piece for piece in pieces if isinstance(piece, str))


# --- angle brackets ----------------------------------------------------------------------------------


def _brackets(source: str, text: str) -> Iterator[Loss]:
    """`<First Name>`, `<<Company>>`, `<www.example.org>`: no tag, no link, and not in the letter."""
    flat, arrived = _flat(_COMMENT.sub(" ", source)), _flat(text)
    closed = {match[2].lower() for match in _TAG.finditer(flat) if match[1]}
    for found in dict.fromkeys(match.group() for match in _ANGLE.finditer(flat)):
        if not _is_meant(found, closed) and flat.count(found) > arrived.count(found):
            yield Loss("placeholder", found, f"the placeholder {found} was not replaced, and looks like HTML", _EXTRA)


def _is_meant(found: str, closed: set[str]) -> bool:
    """Whether it is a link, or a tag of HTML that does something."""
    inner = found.removeprefix("<") if found.startswith("<<") else found
    if _AUTOLINK.match(inner):
        return True
    tag = _TAG.match(inner)
    if tag is None or tag[2].lower() not in _HTML:
        return False
    name, attributes = tag[2].lower(), list(_ATTRIBUTES.finditer(tag[3]))
    if any(not each[2] and each[1].lower() not in _BARE for each in attributes):
        return False  # <i, the author>, <b and c>
    if name in TAGS or name in READ_AS or name in _ALONE or tag[1] or attributes:
        return True
    return name in closed or name in _ENDS_WITH  # <address> is HTML with its end, else somebody's placeholder


def _unclosed(source: str, text: str) -> Iterator[Loss]:
    """Tags that are never closed: what they were meant to mark nobody knows."""
    flat, arrived = _flat(source), _flat(text)
    marked = _CODE.sub(" ", _FENCED.sub(" ", _COMMENT.sub(" ", source)))
    is_text: dict[str, bool] = {}
    opened: list[tuple[str, str, bool]] = []
    ended: set[str] = set()
    for tag in _TAG.finditer(marked):
        name, written = tag[2].lower(), _flat(tag.group())
        if name not in _HTML or name in _VOID or not _is_meant(written, {name}):
            continue
        if written not in is_text:
            is_text[written] = flat.count(written) <= arrived.count(written)
        if is_text[written]:
            continue
        if not tag[1]:
            begins = not marked[marked.rfind("\n", 0, tag.start()) + 1 : tag.start()].strip()
            opened.append((name, written, begins))
            continue
        ended.add(name)
        if any(each == name for each, _, _ in opened):
            while opened[-1][0] != name:
                yield from _never_closed(*opened.pop(), ended={*ended, *(each for each, _, _ in opened)})
            opened.pop()
    for each in opened:
        yield from _never_closed(*each, ended=ended)


def _never_closed(name: str, written: str, begins: bool, *, ended: set[str]) -> Iterator[Loss]:
    if not ended.isdisjoint(_ENDS_WITH.get(name, ())) or (name == "p" and not begins):
        return
    hint = f"Write </{name}> where it ends, or \\< for the sign itself; in Markdown, bold is **bold**."
    yield Loss("unclosed-tag", written, f"the tag {written} is never closed", hint)


def _comments(shape: Shape) -> Iterator[Loss]:
    """A comment that a reader would see: one that is never closed, or that spans paragraphs."""
    if "<!--" in unescape(_HTML_CODE.sub("", _literals(shape.html))):
        hint = "End it with --> in the same paragraph, or use {# ... #}, which never gets into a letter."
        yield Loss("unclosed-tag", "<!--", "the comment <!-- would be read by everybody", hint)


def _flat(text: str) -> str:
    return " ".join(text.split())


# --- words -------------------------------------------------------------------------------------------


def _lost_words(source: str, text: str, html: str) -> Iterator[Loss]:
    """The first word (or link that nothing refers to) that is in one of the two parts less often than in the body."""
    source = _TAG.sub(lambda tag: " " if tag[2].lower() in _HTML else tag.group(), _COMMENT.sub(" ", source))
    folded = source.casefold()
    for definition in _DEFINITION.finditer(source):
        if folded.count(f"[{definition[1].casefold()}]") < 2:
            sentence = f"the line [{definition[1]}]: ... defines a link that is not used, so it would disappear"
            yield Loss(
                "text-lost", f"[{definition[1]}]:", sentence, f"Refer to it: [words][{definition[1]}]; or reword it."
            )
            return
    wanted = Counter(_words(_NO_WORDS.sub(" ", _DEFINITION.sub(" ", source))))
    for part in (text, re.sub(r"<[^<>]*>", "", html.partition("<body")[2])):
        words = list(_words(part))
        missing = list((wanted - Counter(words)).items())
        stream = "".join(words)
        lost = [
            word
            for number, (word, _) in enumerate(missing)
            if number >= _MOST_LOOKED_FOR or stream.count(word) < wanted[word]
        ]
        if lost:
            word = max(lost, key=len)
            hint = (
                "Look for a table row with too many cells, HTML that letters do not keep, or a line like [word]: word."
            )
            yield Loss("text-lost", word, f"the word {word!r} is in the text and would be missing from the email", hint)
            return


def _words(text: str) -> Iterator[str]:
    return (match.group() for match in _WORD.finditer(unicodedata.normalize("NFC", unescape(text))))
