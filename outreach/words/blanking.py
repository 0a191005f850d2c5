"""Find and blank what names a person in text: names, addresses, handles, numbers, ids.

A word is found in any case, at whatever width of white space, as JSON, HTML and web addresses write it, and a name also
without its accents (`Juergen`, `Zoe`). A part of a longer word is none: `Ann` is not found in `Annual`, nor `anna` in
`anna-maria`, nor in the longer name of somebody else.
"""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from urllib.parse import quote, quote_plus, unquote

from outreach.words.name_signs import PLAIN, Signs, any_allows, signs_of
from outreach.words.ordinary import ORDINARY, is_in_sentence, is_no_name

ERASED = "(erased)"
"""What is in the place of a name in notes and settings."""
_PHONE = re.compile(r"\+?[\d\s()/.\-]{7,}")
_BETWEEN = r"[\s()/.\-]*"
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_GAP = r"(?:[\s*_>]|</?[A-Za-z][^<>]*>)+"
"""Between the words of a name: spaces, and what marks letters as bold or a line as quoted."""
_ALIKE = {"'": "['\u2019\u02bc\u2018`\u00b4]", r"\-": "[-\u2010\u2011\u2012\u2013]"}
"""Signs that programs put in the place of one another."""
_FEWEST_DIGITS = 6
_SHORT_LINE = 60
"""Characters; whoever writes prose fills their lines."""
_RUN_ON = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Letters beside which a name has no space: Thai, Lao, Burmese, Khmer, Japanese, Chinese, Korean."""
_KATAKANA = "[\u30a1-\u30fa\u30fc]"
_TITLES = frozenset("dra prof professor mrs miss frau herr herrn madame monsieur senhora senhor dott ing mag".split())
_ASCII = re.compile(r"[a-z0-9]+")
_QUOTED = re.compile(r"%[0-9a-f]{2}")
_HEADING = re.compile(r"(#{1,6})\s")
_ITEM = re.compile(r"(\s*)(?:[-*+]|\d+[.)])\s")


class Needles:
    """What is looked for. `words` become `ERASED`, `ids` (and names as they are in file names) become `token`.

    `others` are names of other people: where one of them holds a word, as `Ana Lima` holds `Ana`, it stays.

    A name of ordinary words is none where a sentence has these words (`they will grant it`, `May I`, `in May 2026`).
    """

    def __init__(
        self,
        words: Iterable[str],
        ids: Iterable[str] = (),
        token: str = ERASED,
        others: Iterable[str] = (),
    ) -> None:
        found = sorted({each.strip() for each in words if each.strip()}, key=lambda each: (-len(each), each))
        self.words = tuple(each for each in found if not _digits(each))
        self.numbers = tuple(filter(_digits, found))
        self.ids = tuple(sorted({*ids} - {""}, key=lambda each: (-len(each), each)))
        self.token = token
        plain = [each for each in self.words if ORDINARY.issuperset(each.lower().split())]
        self.doubtful = frozenset({each.lower() for each in plain if each != each.lower()} - {*self.words})
        said = [each.casefold() for each in self.words]
        self.longer = tuple(dict.fromkeys(each for each in others if any(_is_longer(each.casefold(), w) for w in said)))

    @cached_property
    def _word(self) -> re.Pattern[str]:
        kept = "|".join(each for name in self.longer for each in _patterns(name))
        found = _any(each for word in self.words for each in _patterns(word))
        return re.compile(f"(?P<kept>{kept})|{found.pattern}", re.IGNORECASE) if kept else found

    @cached_property
    def _number(self) -> re.Pattern[str]:
        return _any(each for number in self.numbers for each in _ways_to_dial(number))

    @cached_property
    def _end_of_number(self) -> re.Pattern[str]:
        """How every way of writing a number ends; to look for it takes a fraction of the time of `_number`."""
        return re.compile("|".join(_BETWEEN.join(_digits(each).lstrip("0")[3:]) for each in self.numbers) or r"(?!)")

    @cached_property
    def _id(self) -> re.Pattern[str]:
        return _any(map(_id_pattern, self.ids))

    @cached_property
    def _signs(self) -> tuple[Signs, ...]:
        """Of all of them, without those that are only more than another one."""
        found = sorted(map(signs_of, {*self.words, *self.ids}), key=lambda each: len(each.longest))
        kept: list[Signs] = []
        for each in found:
            if not any(less.covers(each) for less in kept):
                kept.append(each)
        return tuple(kept)

    def may_be_in(self, text: str) -> bool:
        """Whether any of them may stand in the text, or in cells of it side by side: False is certain."""
        return any_allows(self._signs, text) or self._end_of_number.search(text) is not None

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where anything stands that is looked for."""
        yield from (found.span() for found in self._found(text) if not self._is_doubtful(found))

    def _is_doubtful(self, found: re.Match[str]) -> bool:
        """Whether it may as well be words of the sentence, so that a person has to look."""
        said = " ".join(found[0].split())
        return (said in self.doubtful and is_in_sentence(found)) or (
            said.lower() in self.doubtful and said.istitle() and is_no_name(found)
        )

    def _found(self, text: str) -> Iterator[re.Match[str]]:
        patterns = [self._word, self._id] if any_allows(self._signs, text) else []
        for pattern in [*patterns, *([self._number] if self._end_of_number.search(text) else [])]:
            yield from (found for found in pattern.finditer(text) if found.lastgroup is None)

    def are_in(self, text: str) -> bool:
        """Whether any of them is in the text."""
        return next(self.spans(text), None) is not None

    def lines_of(self, text: str) -> list[int]:
        """The numbers of the lines (from 1) in which one of them begins."""
        return sorted({text.count("\n", 0, begin) + 1 for begin, _ in self.spans(text)})

    def own_a_row(self, cells: Sequence[str]) -> bool:
        """Whether a row of a table is theirs: a cell says nothing but them, or cells side by side are their name.

        Lists often have first and last name in columns of their own, in either order.
        """
        said = [each for each in cells if each.strip()]
        if any(self._is_all_of(each) for each in said):
            return True
        parts = [frozenset(_name_words(each)) for each in said]
        wide = {part for number, _ in enumerate(parts) for many in (2, 3, 4) if (part := _joined(parts, number, many))}
        return any(len(name) > 1 and name in wide for name in self._names)

    @cached_property
    def _names(self) -> tuple[frozenset[str], ...]:
        return tuple(frozenset(_name_words(each)) for each in self.words if " " in each and "@" not in each)

    def _is_all_of(self, cell: str) -> bool:
        rest = cell
        for begin, end in sorted((found.span() for found in self._found(cell)), reverse=True):
            rest = f"{rest[:begin]} {rest[end:]}"
        return rest != cell and _TITLES.issuperset(_name_words(rest))

    def blanked(self, text: str, word: str = ERASED) -> str:
        """The text with `word` in the place of each name, and the token in that of each id; tags within one stay."""
        if any_allows(self._signs, text):
            text = self._word.sub(
                lambda found: (
                    found[0]
                    if found.lastgroup or self._is_doubtful(found)
                    else "".join((word, *_TAG.findall(found[0])))
                ),
                text,
            )
            text = self._id.sub(lambda _: self.token, text)
        return self._number.sub(lambda _: word, text) if self._end_of_number.search(text) else text

    def name_a_file(self, path: str) -> bool:
        """Whether a part of a path is, or holds, one of the ids, as words between hyphens, dots and spaces.

        An id that is one plain word has to be the whole name: `ana.md`, and not `call with ana.md`.
        """
        for part in unquote(path).split("/"):
            apart = "-".join(_slug_words(re.sub(r"(?<=[^\W\d_A-Z])(?=[A-Z])", " ", part)))  # `AnaLima.pdf`
            words = f"-{'-'.join(_slug_words(part))}--{apart}-"
            for name in self.longer:
                words = words.replace(f"-{'-'.join(_slug_words(name))}-", "--")
            stem = "-".join(_slug_words(part.split(".")[0]))
            for id in self.ids:
                of_id = _slug_words(id)
                if id == stem or (re.search(r"[-\d]", id) and f"-{'-'.join(of_id)}-" in words):
                    return True
                if len(of_id) > 1 and f"-{''.join(of_id)}-" in words:
                    return True
        return False


class Names:
    """The names of other people, in any case: thousands, so a text is only searched for those that its words allow."""

    def __init__(self, names: Iterable[str]) -> None:
        self._by_word: defaultdict[str, list[str]] = defaultdict(list)
        self._rest: list[tuple[Signs, str]] = []
        for each in sorted({each.strip() for each in names if each.strip()}, key=lambda each: (-len(each), each)):
            signs = signs_of(each)
            if each.isascii() and signs.pieces:
                self._by_word[signs.longest].append(each)  # in every writing it is a word of its own there
            else:
                self._rest.append((signs, each))

    def _patterns_for(self, text: str) -> Iterator[re.Pattern[str]]:
        folded = text.lower()
        for word in dict.fromkeys(_ASCII.findall(_QUOTED.sub(" ", folded) if "%" in folded else folded)):
            yield from map(_name_pattern, self._by_word.get(word, ()))
        yield from (_name_pattern(name) for signs, name in self._rest if signs.allow(text, folded))

    def are_in(self, text: str) -> bool:
        """Whether any of them stands in the text."""
        return any(pattern.search(text) for pattern in self._patterns_for(text))

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where any of them is."""
        for pattern in self._patterns_for(text):
            yield from (found.span() for found in pattern.finditer(text))


@lru_cache(maxsize=20_000)
def _name_pattern(name: str) -> re.Pattern[str]:
    return _any(_patterns(name))


def runs_on(word: str) -> bool:
    """Whether a text has a name without spaces around it: several letters of Chinese, Japanese, Korean, Thai ..."""
    return len(word) > 1 and _RUN_ON.match(word) is not None and _RUN_ON.match(word[-1]) is not None


def _is_longer(name: str, word: str) -> bool:
    """Whether a name holds the word and says more than a title beside it."""
    if runs_on(word):
        return word in name and word != name
    more = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", " ", name)
    return more != name and any(len(e) > 2 and e not in _TITLES for e in re.findall(r"[^\W\d_]+", more))


def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(dict.fromkeys(patterns)) or r"(?!)", re.IGNORECASE)


def _patterns(word: str) -> Iterator[str]:
    """The ways in which a word may be in a text."""
    plain = unicodedata.normalize("NFC", word)
    bare = without_accents(plain) if " " in plain else ()
    more = [unicodedata.normalize("NFD", word), json.dumps(plain)[1:-1], html.escape(plain), quote(plain)]
    more += [quote_plus(plain), plain.encode("ascii", "xmlcharrefreplace").decode("ascii")]
    written = (plain, *bare, *more)
    for each in sorted(dict.fromkeys(written), key=len, reverse=True):  # `&amp;` before `&`
        gap = f"(?:{_GAP})?" if runs_on(plain) else _GAP
        pattern = gap.join(map(re.escape, each.split()))
        for sign, alike in _ALIKE.items():
            pattern = pattern.replace(sign, alike)
        rest = r"[^\s<>\"')\]]*" if plain.startswith(("http://", "https://")) else ""
        yield _bounded(pattern, each, rest)


_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})


def without_accents(name: str) -> Iterator[str]:
    """A name as people write it without the letters on their keyboard."""
    yield from (name.replace("ß", "ss"), name.translate(_GERMAN))
    folded = unicodedata.normalize("NFKD", name.translate(PLAIN))
    yield "".join(each for each in folded if not unicodedata.combining(each))


def _digits(word: str) -> str:
    """The digits of a phone number; "" for any other word."""
    digits = re.sub(r"\D", "", word)
    return digits if _PHONE.fullmatch(word) and len(digits) >= _FEWEST_DIGITS else ""


def _ways_to_dial(number: str) -> Iterator[str]:
    """A phone number with or without its country's code, whatever is between its digits."""
    local = _digits(number).lstrip("0")
    # The country's code has one to three digits, and the number at home begins with 0 instead.
    ways = [local, *(f"0{local[cut:]}" for cut in (1, 2, 3) if number.lstrip().startswith(("+", "00")))]
    yield from (rf"(?<!\d)\(?(?:\+|00|0)?{_BETWEEN.join(way)}(?!\d)" for way in ways if len(way) > 5)


def _id_pattern(id: str) -> str:
    """An id in a text; one that is a plain word, such as `linux`, only where settings and paths have ids."""
    if re.search(r"[-\d]", id):
        return rf"(?<![\w-]){re.escape(id)}(?![\w@-])"
    return rf"(?<=['\"{{/:]){re.escape(id)}(?=['\"}}/.])"


def _bounded(pattern: str, word: str, more: str = "") -> str:
    """The pattern where no longer word goes on before or behind it."""
    # A name of several words may be part of a file's name (`CV_Ana Lima.pdf`), one word of an address or a domain.
    letter, goes_on = (r"[^\W_]", r"[-+@]") if " " in word else (r"\w", r"[-+@.]")
    if runs_on(word):
        katakana = [bool(re.match(_KATAKANA, each)) for each in (word[0], word[-1])]
        return (f"(?<!{_KATAKANA})" if katakana[0] else "") + pattern + (f"(?!{_KATAKANA})" if katakana[1] else "")
    before = rf"(?<!{letter})(?<!\w[-.+])" if word[0].isalnum() else ""
    after = rf"(?!{letter})(?!{goes_on}\w)" if word[-1].isalnum() and not more else ""
    return f"{before}{pattern}{more}{after}"


def is_about(cells: Sequence[str], needles: Needles, others: Names) -> bool:
    """Whether a row of a table is about them: it is theirs, or names them and nobody else."""
    text = "\n".join(cells)
    return needles.own_a_row(cells) or (needles.are_in(text) and not others.are_in(text))


def _name_words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFC", text).casefold())


def _joined(parts: Sequence[frozenset[str]], begin: int, many: int) -> frozenset[str]:
    """The words of so many cells from one on; none if there are fewer."""
    return frozenset().union(*parts[begin : begin + many]) if begin + many <= len(parts) else frozenset()


def _slug_words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKD", re.sub(r"['\u2019]", "", text.casefold()).translate(PLAIN))
    return re.findall(r"[^\W_]+", "".join(each for each in folded if not unicodedata.combining(each)))


def without_blocks(text: str, needles: Needles, others: Names) -> str:
    """Notes in Markdown without what is said of a person: the item, paragraph or row that names them.

    What is below a heading that names them goes whole. Where a block names `others` as well, only the name in it
    is blanked.
    """
    kept: list[str] = []
    below = 0  # the depth of a heading that named them, while what is below it goes
    for block in _blocks(text):
        heading = _HEADING.match(block)
        if heading and below and len(heading[1]) <= below:
            below = 0
        if below:
            continue
        is_row = block.lstrip().startswith("|") and needles.own_a_row(block.split("|"))
        if not is_row and not needles.are_in(block):
            kept.append(block)
        elif others.are_in(block) and not is_row:
            kept.append(needles.blanked(block))
        elif heading:
            below = len(heading[1])
    return "".join(kept)


def _blocks(text: str) -> Iterator[str]:
    """A Markdown text in pieces: headings, items with their further lines, rows, paragraphs, empty lines.

    Short lines below one another are a list, each a piece of its own, and no paragraph.
    """
    block: list[str] = []
    for line in text.splitlines(keepends=True):
        begins = not line.strip() or _HEADING.match(line) or _ITEM.match(line) or line.lstrip().startswith("|")
        if block and (begins or not block[-1].strip() or _HEADING.match(block[-1])):
            yield from _pieces(block)
            block = []
        block.append(line)
    yield from _pieces(block)


def _pieces(block: list[str]) -> Iterator[str]:
    if block and not block[0].startswith(">") and not _ITEM.match(block[0]) and max(map(len, block)) <= _SHORT_LINE:
        yield from block
    elif block:
        yield "".join(block)
