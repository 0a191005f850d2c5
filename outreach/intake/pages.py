"""Web pages -> the text that notes are read from: headings, lists, links, and tables."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import field
from html.parser import HTMLParser

from outreach.intake.account import Account
from outreach.intake.addresses import addresses
from outreach.intake.decoration import is_refusal
from outreach.intake.marks import shade_of
from outreach.model.found import Place
from outreach.model.records import dataclass

FOOT = "Imprint"
"""The heading above the foot of a page: who is in it made the page, and is asked about."""
_SILENT = frozenset("script style head template svg noscript iframe object select textarea".split())
_VOID = frozenset("br hr img input meta link area base col embed source track wbr".split())
_BLOCKS = frozenset(
    "p div section article header footer main aside address blockquote figure figcaption form fieldset "
    "pre details summary center body html ul ol table thead tbody tfoot caption".split()
)
_LISTS = frozenset("ul ol dl li dt dd".split())
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_STRUCK = re.compile(r"text-decoration[\w-]*\s*:[^;}]*line-through", re.IGNORECASE)
_ENDED_BY_THE_NEXT = frozenset("p li dt dd tr td th option".split())
_COLOUR = re.compile(r"(?:^|[;{\s])(?:background(?:-color)?|color)\s*:\s*([^;}]+)", re.IGNORECASE)
_FADED = re.compile(r"opacity\s*:\s*0?\.\d", re.IGNORECASE)
_RULE = re.compile(r"\.([\w-]+)\s*\{([^{}]*)\}")
_SIGNS = {"red": "\ue002", "grey": "\ue003"}
"""What is before words in a colour until it is known whether few have it."""
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_MARK = re.compile(r"^(\s*)([#>]|[-+*](?=\s)|\d{1,3}[.)](?=\s)|={3,}|-{3,})")
_LOGO = "\ue000"
"""What is before the words of a picture until they are known to be a logo's."""
_LOGOS = re.compile(rf"(?:\s*\[\s*{_LOGO}[^\]]*\]\([^)]*\)\s*)+")
_ONE_LOGO = re.compile(rf"\[\s*{_LOGO}([^\]]*?)\s*\]\(([^)]*)\)")
_OF_LOGO = re.compile(r"\W*\blogo(?: of| de| von)?\b\W*", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\n\f\u00a0]+")
_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)


@dataclass
class _Cell:
    text: str
    columns: int = 1
    rows: int = 1


@dataclass
class _Table:
    rows: list[list[_Cell]] = field(default_factory=list)
    in_row: bool = False


class Reader(HTMLParser):
    """The tree, as text: a block a paragraph, a cell a piece of a line."""

    def __init__(self, rules: Mapping[str, str] | None = None) -> None:
        """`rules` say how words of a class look."""
        super().__init__(convert_charrefs=True)
        self._rules = rules or {}
        self._looks: list[tuple[str, tuple[int, int], str]] = []
        """The open elements whose words are struck out or in a colour: tag, how deep in lists and tables, and how."""
        self.out: list[str] = []
        self.hidden: list[str] = []
        self._here: list[str] = []
        self._silent: list[str] = []
        self._lists: list[int | None] = []
        self._menus: list[int] = []
        """Where each menu that is open begins; it leads to other pages, and nobody in it is on this one."""
        self._tables: list[_Table] = []
        self._links: list[tuple[str, int]] = []
        self._heading = 0
        self._page = ""
        """Where a link around the heading leads."""
        self._item = ""
        self._is_hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {key: value or "" for key, value in attrs}
        if self._silent:
            if tag not in _VOID:
                self._silent.append(tag)
            return
        is_hidden = "hidden" in said or _HIDDEN.search(said.get("style", "")) is not None
        if (tag in _SILENT or is_hidden) and tag not in _VOID:
            self._silent.append(tag)
            self._is_hidden = int(is_hidden)
            return
        self._begin_look(tag, said)
        if said.get("data-cfemail"):
            self._here.append(_uncovered(said["data-cfemail"]))
        if tag in ("td", "th"):
            self._flush_cell()
            if not self._tables:
                self._tables.append(_Table())
            if not self._tables[-1].rows:
                self._tables[-1].rows.append([])
            spans = _number(said.get("colspan")), _number(said.get("rowspan"))
            self._tables[-1].rows[-1].append(_Cell("", *spans))
            self._tables[-1].in_row = True
            self._here = []
        elif tag == "tr":
            self._flush_cell()
            if self._tables:
                self._tables[-1].rows.append([])
        elif tag == "table":
            if not self._tables or not self._tables[-1].in_row:
                self._flush()
            else:
                self._here.append(" ")  # a table in a cell is words of that cell
            self._tables.append(_Table())
        elif tag in _HEADINGS:
            self._begin_heading(tag)
        elif tag in _LISTS:
            self._flush()
            self._begin_list(tag)
        elif tag == "nav":
            self._flush()
            self._menus.append(len(self.out))
        elif tag == "br":
            self._here.append("\n")
        elif tag == "hr":
            self._flush()
            self._line("---")
        elif tag in ("b", "strong"):
            self._here.append("**")
        elif tag == "a":
            self._links.append((said.get("href", ""), len(self._here)))
        elif tag == "img" and said.get("alt"):
            self._here.append(f" {_LOGO}{_OF_LOGO.sub(' ', said['alt']).strip()} ")
        elif tag in _BLOCKS:
            self._flush()
            if not self._tables and (tag == "footer" or "footer" in (said.get("id"), *said.get("class", "").split())):
                self._line(f"# {FOOT}")  # what is in it belongs to nobody above

    def _begin_look(self, tag: str, said: Mapping[str, str]) -> None:
        """What strikes its words out or has a colour, whatever element it is."""
        depth = len(self._lists), len(self._tables)
        if tag in _ENDED_BY_THE_NEXT:
            self._looks = [each for each in self._looks if each[:2] != (tag, depth)]
        if tag in _VOID:
            return
        style = ";".join(
            (said.get("style", ""), *(self._rules.get(each, "") for each in said.get("class", "").split()))
        )
        style += f";color:{said['color']}" if "color" in said else ""
        style += f";background:{said['bgcolor']}" if "bgcolor" in said else ""
        is_struck = tag in ("s", "strike", "del") or _STRUCK.search(style) is not None
        if tag in ("li", "tr", "p"):  # `<tr class="removed">`, whose rules are elsewhere
            is_struck = is_struck or is_refusal(re.sub("[_-]", " ", said.get("class", "")))
        colour = next((shade for value in _COLOUR.findall(style) if (shade := shade_of(value))), "")
        colour = colour or ("grey" if _FADED.search(style) else "")
        if is_struck or colour or any(each[0] == tag for each in self._looks):
            self._looks.append((tag, depth, "~~" if is_struck else _SIGNS.get(colour, "")))

    def _begin_heading(self, tag: str) -> None:
        around = self._links[-1][0] if self._links else ""
        self._flush()
        self._heading, self._page = _HEADINGS[tag], around

    def _begin_list(self, tag: str) -> None:
        """A list, or one of its items; what a term means is in its list as what is nested in an item."""
        if tag in ("ul", "ol", "dl"):
            self._lists.append(1 if tag == "ol" else None)
            return
        self._item = self._bullet() if tag != "dd" else f"   {self._bullet()}"
        self._here += ["**"] if tag == "dt" else []

    def handle_endtag(self, tag: str) -> None:
        if self._silent:
            if tag in self._silent:
                while self._silent and self._silent.pop() != tag:
                    pass
            return
        last = next((at for at in reversed(range(len(self._looks))) if self._looks[at][0] == tag), None)
        if last is not None:
            del self._looks[last:]
        if tag in ("td", "th", "tr"):
            self._flush_cell()
        elif tag == "table":
            self._end_of_table()
        elif tag in _HEADINGS:
            self._flush()
            self._heading = 0
        elif tag in ("ul", "ol", "dl"):
            self._flush()
            self._lists[-1:] = []
            self._item = ""
        elif tag == "dt":
            self._here.append("**")
            self._flush()
        elif tag == "nav" and self._menus:
            self._flush()
            begun = self._menus.pop()
            self.hidden += self.out[begun:]
            del self.out[begun:]
        elif tag in ("b", "strong"):
            self._here.append("**")
        elif tag == "a" and self._links:
            self._link(*self._links.pop())
        elif tag in _BLOCKS or tag == "li":
            self._flush()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            words, looks = _SPACES.sub(" ", data), {look for _, _, look in self._looks} if data.strip() else set()
            struck = "~~" if "~~" in looks else ""
            self._here.append(f"{struck}{''.join(sorted(looks - {'~~'}))}{words}{struck}")
        elif self._is_hidden and "@" in data:
            self.hidden.append(data)

    def finished(self) -> str:
        """All of the text."""
        self.close()
        while self._tables:
            self._flush_cell()
            self._end_of_table()
        self._flush()
        return "\n".join(self.out).strip("\n").replace(_LOGO, "") + "\n"

    def _bullet(self) -> str:
        depth = "   " * (len(self._lists) - 1) if self._lists else ""
        number = self._lists[-1] if self._lists else None
        if number is not None:
            self._lists[-1] = number + 1
        return f"{depth}{f'{number}.' if number is not None else '-'} "

    def _link(self, target: str, begun: int) -> None:
        words = "".join(self._here[begun:]).strip()
        address = next((each.address for each in addresses(html.unescape(target)) if each.kind == "email"), "")
        is_mail = target.lower().startswith("mailto:")
        if is_mail and (not address or address.casefold() in words.casefold()):
            return
        is_page = target.startswith(("http://", "https://"))
        if (is_mail or is_page) and words and target not in words and "]" not in words:
            to = f"mailto:{address}" if is_mail else target.replace(" ", "%20").replace(")", "%29")
            self._here[begun:] = [f"[{words}]({to})"]

    def _words(self) -> str:
        text = "".join(self._here)
        self._here, self._links = [], []
        text = re.sub(r"\*\*(\s*)\*\*", r"\1", re.sub(r"~~([\s*]*)~~", r"\1", text))
        text = re.sub(r"\*\*(\s+)(?=\S)([^*]*?)\*\*", r"\1**\2**", text)  # a space is not a part of what is bold
        text = re.sub(r"\*\*([^*]*?)(\s+)\*\*", r"**\1**\2", text)
        return "\n".join(line.strip() for line in text.split("\n")).strip()

    def _line(self, text: str) -> None:
        self.out += [text, ""]

    def _flush(self) -> None:
        """The paragraph so far, unless it is a part of a cell."""
        if self._tables and self._tables[-1].in_row:
            if self._here and self._here[-1] != "\n":
                self._here.append("\n")
            return
        text = self._words()
        if not text:
            return
        lines = [_MARK.sub(r"\1\\\2", line) for line in text.split("\n") if line]
        if self._heading:
            words = " ".join(lines).replace("**", "").replace(_LOGO, "")
            self._line("#" * self._heading + " " + self._linked(words))
        elif _LOGOS.fullmatch(text) and not self._item:
            for words, target in _ONE_LOGO.findall(text):
                self._line(f"- [{_LOGO}{words}]({target})")
        elif self._item or self._lists:
            indent = self._item or "   " * len(self._lists)
            self.out += [indent + lines[0], *(" " * len(indent) + line for line in lines[1:])]
            self._item = ""
            if len(self._lists) <= 1:
                self.out.append("")
        else:
            self.out += [*lines, ""]

    def _linked(self, words: str) -> str:
        """A heading, with the page to which the logo above it leads, or the link around it."""
        above = _ONE_LOGO.fullmatch(self.out[-2].removeprefix("- ")) if len(self.out) > 1 else None
        page, self._page = self._page, ""
        if above and above[1].casefold() in words.casefold():
            del self.out[-2:]
            page = page or above[2]
        is_page = page.startswith(("http://", "https://")) and not any(sign in words for sign in "[]")
        return f"[{words}]({page})" if is_page else words

    def _flush_cell(self) -> None:
        if not self._tables or not self._tables[-1].in_row:
            return
        self._tables[-1].rows[-1][-1].text = self._words()
        self._tables[-1].in_row = False

    def _end_of_table(self) -> None:
        self._flush_cell()
        if not self._tables:
            return
        table = self._tables.pop()
        grid = [row for row in _spread(table.rows) if any(row)]
        if self._tables and self._tables[-1].in_row:
            self._here.append("\n".join(" ".join(filter(None, row)) for row in grid))
            return
        if not grid:
            return
        cards = {at for row in grid for at, cell in enumerate(row) if "\n" in cell and "@" in cell}
        are_cards = len(cards) > 1 or (len(grid) == 1 and bool(cards))
        only_lays_out = max(map(len, grid)) == 1 or (len(grid) == 1 and "@" not in "".join(grid[0]))
        if only_lays_out or are_cards:  # cells side by side, each with a name and an address below it
            for row in grid:
                for cell in row:
                    self.out += [*filter(None, cell.split("\n")), *([""] if are_cards else [])]
                self.out.append("")
            return
        width = max(map(len, grid))
        lines = [[*row, *[""] * (width - len(row))] for row in grid]
        self.out += [_row(lines[0]), _row(["---"] * width), *map(_row, lines[1:]), ""]


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", "<br>") for cell in cells) + " |"


def _spread(rows: list[list[_Cell]]) -> Iterator[list[str]]:
    """The cells by their columns; one that spans rows is in each of them."""
    below: dict[int, tuple[str, int]] = {}
    for row in rows[:100_000]:
        found: list[str] = []
        waiting = list(row)
        while waiting or any(at >= len(found) for at in below):
            at = len(found)
            if at in below:
                text, left = below[at]
                found.append(text)
                below[at] = (text, left - 1)
                if left <= 1:
                    del below[at]
            elif waiting:
                cell = waiting.pop(0)
                for column in range(cell.columns):
                    found.append(cell.text if not column else "")
                    if cell.rows > 1:
                        below[at + column] = (found[-1], cell.rows - 1)
            else:
                found.append("")
        yield found


def _number(said: str | None) -> int:
    return min(int(said), 1000) if said and said.isdigit() and int(said) > 0 else 1


def _uncovered(code: str) -> str:
    """An address as Cloudflare hides it from robots: each byte combined with the first."""
    try:
        key, *rest = bytes.fromhex(code)
        return bytes(each ^ key for each in rest).decode("utf-8", "replace")
    except ValueError:
        return ""


def text_of_page(name: str, page: str, account: Account) -> str:
    """The words of a web page, as notes have them; addresses in parts that nobody sees are refused."""
    reader = Reader(dict(_RULE.findall(page[: page.lower().find("</style>")])))
    reader.feed(page)
    text = without_signs(name, reader.finished(), account)
    for hidden in reader.hidden:
        for each in addresses(hidden):
            if each.kind == "email" and each.address not in text:
                account.refuse(Place(file=name, line=1), each.address, "it is in a menu or a hidden part of the page")
    return text


def without_signs(name: str, text: str, account: Account) -> str:
    """The text; which of its lines are in a colour with which people mark whom to leave out, is noted."""
    lines = enumerate(text.split("\n"), 1) if any(sign in text for sign in _SIGNS.values()) else ()
    account.looks |= {(name, at): look for at, line in lines for look, sign in _SIGNS.items() if sign in line}
    return re.sub("[\ue002\ue003]", "", text)


def charset_of(page: bytes) -> str | None:
    """The encoding that a page names in its head."""
    found = _CHARSET.search(page[:4096])
    return found[1].decode("ascii") if found else None
