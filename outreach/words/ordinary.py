"""First and last names that are words of a sentence too (`may`, `will grant`), in several languages.

German nouns are not among them: they are written as names are.
"""

from __future__ import annotations

import re

ORDINARY = frozenset(
    """
    will may mark bill rob sue pat art drew chase frank hope grace faith joy june april august rose lily dawn eve
    gene guy miles rich rod nick penny pearl ruby skip summer autumn wade earl charity christian constant cliff
    daisy don gay hazel lance mercy olive patience peg pierce prudence reed robin sandy stew sterling grant willow
    win short long young white black brown green gray grey field fields hill wood woods rivers banks bridges
    brooks bush church cook baker butler carter carpenter cooper farmer fisher fox gardener hunter king knight
    lane law lord love major marsh mason miller moon moss page park parks pope porter potter power price read rice
    sharp shepherd singer small smart speed spring steel stone storm strong swift taylor turner walker wall ward
    waters weaver wise winter work best bishop blank block bloom bond book booth boss bright burns case cash
    chance childs close cross day drake early east english fair farm flood flowers ford forest free french friend
    frost gold good hand hands hart head hide high holder home horn house kind land light little low march mean
    might must new noble north pace paid paper peace pike pool post pound proud quick rain sample sands savage say
    self service shore sides silver south stand street sweet thrift trust upright vote wait want warm way west
    wild winner claire blanche marine juste grand petit legrand blanc noir roux aime parfait leal bueno rico
    blanco rubio moreno alegre franco claro feliz sol paz luz bello klein groot jong lang kort wit bruin ernst
    kurz gross groß weiss weiß schwarz braun grau reich stark frei froh fromm jung alt edel sanft klug ehrlich
    treu
    """.split()
)
_NO_SENTENCE = frozenset("\r\n\"'|;,:/@=<>(){}[]*&-")
"""Signs between which a word is no part of a sentence: it is a line, a cell or a value of its own."""
_MONTHS = frozenset("april may june august mai juin avril".split())
_BEGINS = re.compile(r"(?:^|[.!?:\u2026]\s|\n|[-*>#])[\s\"'(\u2018-\u201e\u00ab]*$")
_GOES_ON = re.compile(
    r"[ \t\n]+(?:I|you|we|they|he|she|it|this|that|these|those|the|a|an|my|your|our|their|there|not|be"
    r"|je|tu|il|elle|nous|vous|ils|elles|un|une|le|la|les|des|ce|cet|cette|ces|mon|ma|mes|notre|votre|vos"
    r"|ich|du|wir|ihr|sie|Sie|er|es|der|die|das|den|dem|ein|eine|einen|mein|dein|unser)\b"
)
"""Words before which no name begins a sentence: `May we`, `Will the`, `Hope you`."""
_DATE_BEFORE = re.compile(
    r"(?:\d(?:st|nd|rd|th)?\.?|\b(?:in|since|until|till|during|early|late|mid|next|last|im|ab|bis|seit|en))[ \t\n-]+$",
    re.IGNORECASE,
)
_DATE_AFTER = re.compile(r"[ \t]+(?:\d{1,2}(?:st|nd|rd|th)?\b(?!\S*[/:])|\d{4}\b)")


def is_in_sentence(found: re.Match[str]) -> bool:
    """Whether words in small letters are part of a sentence, and no line, cell or value of their own."""
    text, before, after = found.string, found.start() - 1, found.end()
    while before >= 0 and text[before] in " \t":
        before -= 1
    while after < len(text) and text[after] in " \t":
        after += 1
    stands_alone = before < 0 or text[before] in _NO_SENTENCE
    return not (stands_alone and (after == len(text) or text[after] in _NO_SENTENCE))


def is_no_name(found: re.Match[str]) -> bool:
    """Whether a word with a capital letter begins a sentence as a verb (`May I`), or is the month of a date."""
    before, after = found.string[max(0, found.start() - 12) : found.start()], found.string[found.end() :][:20]
    if _GOES_ON.match(after) and _BEGINS.search(before if found.start() <= 12 else "x" + before):
        return True
    return found[0].lower() in _MONTHS and bool(_DATE_AFTER.match(after) or _DATE_BEFORE.search(before))
