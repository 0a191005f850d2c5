"""Promises about the text of a letter: no placeholder, no false claim, no internal notes."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

import regex

_PLACEHOLDER_WORDS = (
    r"your|insert|add|fill|name|first name|last name|organi[sz]ation|company|recipient|contact|"
    r"date|title|topic|address|e-?mail|phone|url|city|country|if true|field|relevant|specific|something|"
    r"placeholder|tbd|tba|todo|xx+|ihr|dein|euer|vorname|nachname|firma|datum|adresse|stadt|"
    r"votre|nom|lien|adresse|tu|su|nombre|enlace|vostro|nome|uw|naam|koppeling"
)
_LINK_WORDS = r"when|once|to|where|wherever|here|hosted|goes|will|if|follows|tbd"
_FIELD = (
    r"(?:(?:first|last|full|your|contact|recipient|company|organi[sz]ation)[ _-]?)?"
    r"(?:name|company|organi[sz]ation|recipient|contact|title|date|e-?mail|address|phone|city|country|link|url|"
    r"vorname|nachname|firma|organisation|anrede|datum|adresse|ort|nom|pr[eé]nom|soci[eé]t[eé]|nombre|empresa|"
    r"nome|naam|bedrijf)"
)
_WHOLE = (
    r"salutation|greeting|opening|closing|signature|dear|position|role|job title|surname|family name|forename|"
    r"given name|fname|lname|sender|outlet|newspaper|publication|journalist|editor|minister|project|article|amount|"
    r"quote|personal (?:note|line|paragraph|sentence)|anrede|begr[uü][sß]+ung|gru(?:ss|ß)|unterschrift|funktion|"
    r"pers[oö]nlicher satz|zeitung|medium|salutations?|formule de politesse|pr[eé]nom|saluda?[cç][aã]o|saludo|"
    r"apellidos?|apelido|sobrenome|firma|saluto|cognome|aanhef|achternaam|voornaam"
)
"""In square brackets and alone, these are placeholders; with more words they may be somebody's aside."""
_NAME_FIELD = (
    r"(?:(?:first|last|full|your|contact|recipient|company|organi[sz]ation)[ _-]?)?(?:name|company|organi[sz]ation)|"
    r"salutation|recipient|address[ _-]?block|greeting[ _-]?line|vorname|nachname|anrede|firma|organisation|pr[eé]nom|"
    r"soci[eé]t[eé]|nombre|apellidos?|empresa|apelido|sobrenome|voornaam|achternaam|bedrijf|nome?|naam"
)
"""What mail merges put between guillemets, where people quote single words, too."""


@cache  # compiled when it is first used
def _placeholders() -> regex.Pattern[str]:
    """All placeholders that people leave standing."""
    return regex.compile(
        rf"(?i:\[(?:(?:{_PLACEHOLDER_WORDS})\b[^\[\]\n]{{0,60}}|link(?:\s+(?:{_LINK_WORDS})\b[^\[\]\n]{{0,60}})?"
        r"|[^\[\]\n]{0,40}\b(?:name|here|link|url)\b)\](?!\())"
        rf"|\[(?i:{_WHOLE})\](?!\()"
        rf"|<<\s?(?i:{_FIELD})\s?>>"
        rf"|(?<![\w<])<\s?(?:(?i:{_FIELD}|(?:your|insert|ihre?|dein|votre|uw)\b[^<>\n=:@]{{0,40}})"
        r"|\p{Lu}[\p{Lu}\d' _-]{2,40}|\p{Lu}[\w'-]*(?: [\w'-]+){1,5})\s?>(?!>)"
        rf"|«(?i:{_NAME_FIELD})»|«\w{{1,40}}_\w{{1,40}}»"
        r"|[*_]\|[A-Za-z][\w: ]{1,40}\|[*_]"
        rf"|(?i:\binsert (?:your |the |a |an |their )?(?:\w+ )?(?:{_FIELD}) here\b|\blorem ipsum\b)"
        r"|\b(?:INSERT|FILL IN) (?:\p{Lu}+ ){1,5}HERE\b|\b(?:FIRST|LAST|FULL|COMPANY|CONTACT) NAME HERE\b"
        r"|\b(?:INS[EÉ]RER|INSERTAR|INSERIRE?) (?:\p{Lu}+ ){1,5}(?:ICI|AQU[IÍ]|QUI)\b"
        r"|\bHIER (?:\p{Lu}+ ){1,4}EINF[UÜ]GEN\b"
        r"|%%[A-Za-z][\w .]{1,40}%%|(?<![#\w])##[A-Z][A-Z_]{2,30}##(?![#\w])|@@[A-Z][A-Z_]{2,30}@@|<%[^<>%\n]{1,80}%>"
        r"|\{[!$][A-Za-z][\w. ]{1,40}\}|\$[A-Z][A-Z_]{3,30}\$"
        r"|(?<![{\w])\{[A-Za-z][\w .-]{0,40}\}(?!\})"
        r"|\{\{[^{}\n]{0,80}\}\}|\{%[^%\n]{0,80}%\}"
        rf"|(?<![\w%])%(?:[A-Z][A-Z_]{{2,30}}|(?i:{_FIELD}))%(?![0-9A-Fa-f]{{2}})"
        r"|\b(?:FIXME|TBD|TBA|XXX+)\b"
        # The word itself is looked for first: what is before it is as long as the line.
        r"|\bTODO(?=\s*:)|(?=TODO)(?:(?<=[\[(])|(?<=[.!?:;]\s)|(?<=^[\s>*-]*))TODO(?=[ \t]*(?:$|[.!?\])]))",
        regex.MULTILINE,
    )


_BLANK = regex.compile(r"_{4,}|(?<!\w)_{3}(?!\w)")
_TICKS = regex.compile("`+")
_URL = regex.compile(r"(?:https?://|mailto:|www\.)[^\s<>]*", regex.IGNORECASE)


@cache  # compiled when it is first used
def _pages() -> regex.Pattern[str]:
    """A number of pages, in the languages of Europe."""
    return regex.compile(
        r"\b(\d{1,4})[\s\u00a0-]?(?:-?pages?|Seiten|p[aá]ginas?|pagine|pagina's|strony?|stron|sider|sidor|sivua)\b",
        regex.IGNORECASE,
    )


_SENTENCE_END = regex.compile(r"(?<=[.!?;])\s+|\n\s*\n|\n(?=\s*[-*•])")
_DOCUMENT_WORDS = (
    r"(?:policy )?briefs?|briefing|documents?|papers?|reports?|attach(?:ed|ing|ment|ments)?|enclosed|pdfs?|"
    r"\w*papier|dokument|anhang|anlage|angeh[aä]ngte?\w?|beigef[uü]gte?\w?|beiliegende?\w?|kurzfassung|bericht|"
    r"rapport|dossier|ci-joint|annexe|pi[eè]ce jointe|documento|informe|adjunto|rapporto|relazione|allegato|bijlage"
)


@cache  # compiled when it is first used
def _theirs() -> regex.Pattern[str]:
    """Words that say whose document it is: the reader's own."""
    return regex.compile(
        r"\b(?:yours?|their|his|her|its|ihre?[nmrs]?|euer|eure[nmrs]?|dein(?:e[nmrs]?)?|votre|vos|leurs?|tus?|sus?|"
        r"vuestr[oa]s?|vostr[oaei]|uw|jullie|hun|you (?:wrote|published|have|had|made|issued|released))\b",
        regex.IGNORECASE,
    )


@cache  # compiled when it is first used
def _part_of_it() -> regex.Pattern[str]:
    """Words before a number that say that it counts a part."""
    return regex.compile(
        r"\b(?:first|last|next|top|ersten|letzten|premi[eè]res|derni[eè]res|primeras|prime|eerste)\s+$",
        regex.IGNORECASE,
    )


LEAK_LENGTH = 20
"""Shorter pieces of `context` are everyday phrases that a letter may hold by chance."""


_MAY_HOLD_ONE = re.compile(
    r"[\[<\u00ab*{%$]|##|@@|_\||___"
    r"|name here|hier|lorem|fixme|tb[da]|xxx|todo|ins[e\u00e9]r|fill",
    re.IGNORECASE,
)
"""What every placeholder holds some of; most texts hold nothing of it."""
_SIGNS = re.compile(r"[\[<*{%$#@_]")
_ASCII_WORDS = ("name here", "hier", "lorem", "fixme", "tbd", "tba", "xxx", "todo", "inser", "fill")


def may_hold_placeholder(text: str) -> bool:
    """Whether it is worth looking for a placeholder in `text`, or in a piece of it; for plain text the quick way."""
    if not text.isascii():
        return _MAY_HOLD_ONE.search(text) is not None
    if _SIGNS.search(text) is not None:
        return True
    lower = text.lower()
    return any([word in lower for word in _ASCII_WORDS])  # noqa: C419 - a generator takes twice as long


@lru_cache(maxsize=4096)  # what the sender and the campaign say is in every letter
def placeholder(text: str) -> str | None:
    """The first placeholder left standing in `text` (`[Your name]`, `{Name}`, `<<Company>>`, `TODO:`, `Dear ____,`).

    Braces, angle brackets and underscores in code, quotation marks `<<...>>` and `«...»` around words, and what stands
    in a URL are none.
    """
    if not may_hold_placeholder(text):
        return None
    in_addresses = in_code = None
    for match in _placeholders().finditer(text):
        found: str = match.group()
        if found[0] in "%#@$":
            if in_addresses is None:
                in_addresses = [span.span() for span in _URL.finditer(text)]
            if _stands_in(in_addresses, match.start()):
                continue
        if found[0] in "{<" and found[1] not in "{%":
            if in_code is None:
                in_code = list(_code(text))
            if _stands_in(in_code, match.start()):
                continue
        return found
    return _blank(text)


def _blank(text: str) -> str | None:
    """`____` inside a line of text; alone on its line it is a rule, or a line to sign on."""
    for line in text.split("\n") if "___" in text else ():
        ends = [0, *(at for span in _code(line) for at in span), len(line)]
        plain = _URL.sub(" ", " ".join(line[start:end] for start, end in zip(ends[::2], ends[1::2], strict=True)))
        found = _BLANK.search(plain)
        if found and regex.search(r"[^\W_]", plain):
            return str(found.group())
    return None


def _code(text: str) -> Iterator[tuple[int, int]]:
    """Where code stands: from some backticks in a line to the next ones that are as many."""
    start = 0
    for line in text.split("\n"):
        ticks = [found.span() for found in _TICKS.finditer(line)]
        closing: dict[int, list[int]] = {}
        for begin, end in reversed(ticks):
            closing.setdefault(end - begin, []).append(end)
        last = 0
        for begin, end in ticks:
            same = closing[end - begin]
            same.pop()
            if begin >= last and same:
                last = same[-1]
                yield start + begin, start + last
        start += len(line) + 1


def _stands_in(spans: list[tuple[int, int]], position: int) -> bool:
    """Whether `position` is in one of the spans, which do not overlap and stand in order."""
    at = bisect_right(spans, position, key=lambda span: span[0])
    return at > 0 and position < spans[at - 1][1]


def wrong_page_claim(text: str, pages: Iterable[int], names: Iterable[str] = ()) -> str | None:
    """A claim such as "the brief (17 pages)" in `text` where no PDF attached has that many, or None.

    `pages` are the page counts of the attached PDFs; where there is none, nothing is claimed of it.
    `names` are the attachments' names and those of their files. A number says something of an
    attachment only where its sentence names a document that is not said to be the reader's own.
    """
    true_counts = set(pages)
    if not true_counts:
        return None
    if not _pages().search(text):
        return None
    document = _documents(tuple(names))
    for sentence in _SENTENCE_END.split(text):
        for match in _pages().finditer(sentence):
            before = sentence[: match.start()]
            if int(match.group(1)) in true_counts or not document.search(sentence):
                continue
            if not _theirs().search(before) and not _part_of_it().search(before):
                return str(match.group())
    return None


@lru_cache(maxsize=256)
def _documents(names: tuple[str, ...]) -> regex.Pattern[str]:
    """Words for a document, and those of the attachments' names."""
    own = [regex.escape(word) for name in names for word in regex.findall(r"\p{L}{4,}", name)]
    return regex.compile(rf"\b(?:{'|'.join([_DOCUMENT_WORDS, *own])})\b", regex.IGNORECASE)


def leaked(context: str, text: str) -> str | None:
    """A sentence of a contact's private `context` that is in `text`, in whatever case, or None."""
    flat = " ".join(text.split()).casefold()
    for sentence in regex.split(r"(?<=[.!?;])\s+|\n+", context.strip()):
        piece = " ".join(sentence.split())
        if len(piece) >= LEAK_LENGTH and piece.casefold().rstrip(".!?;") in flat:
            return piece
    whole = " ".join(context.split())
    return whole if len(whole) >= 12 and whole.casefold() in flat else None
