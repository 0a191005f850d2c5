"""Languages by their tags, and by their names in every language."""

from __future__ import annotations

import re
from functools import lru_cache

from outreach.words.local_names import code_of, folded

# ISO 639-1.
LANGUAGES = frozenset(
    """
    aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz
    ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik
    io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml
    mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd
    se sg sh si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve
    vi vo wa wo xh yi yo za zh zu
    """.split()
)
_TAG = re.compile(
    r"(?P<language>[A-Za-z]{2,3})(?P<script>-[A-Za-z]{4})?(?P<region>-(?:[A-Za-z]{2}|[0-9]{3}))?"
    r"(?P<variants>(?:-(?:[A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*)"
)


@lru_cache(maxsize=4096)
def language_tag(value: str) -> str | None:
    """The BCP 47 tag in its usual case (`de-AT`), or None if `value` is none."""
    found = _TAG.fullmatch(value)
    if not found or (len(found["language"]) == 2 and found["language"].lower() not in LANGUAGES):
        return None
    script, region = found["script"] or "", found["region"] or ""
    return found["language"].lower() + script.title() + region.upper() + found["variants"].lower()


# What people write and CLDR does not have. Bokmål is the Norwegian that a letter is written in.
_ALSO = {
    folded(name): tag
    for tag, names in {"es": ["castellano"], "et": ["Ests"], "nl": ["Holländisch", "flamand", "Vlaams"]}.items()
    for name in names
}
_WRITTEN = {"no": "nb"}


@lru_cache(maxsize=4096)
def language_named(name: str, *, everywhere: bool = True) -> str | None:
    """The tag of the language of that name (`German`, `allemand`); None if it is none."""
    code = _ALSO.get(folded(name)) or code_of(name, "languages", everywhere=everywhere)
    return _WRITTEN.get(code, code) if code in LANGUAGES else None


def language_of(text: str) -> str | None:
    """The tag that `text` means, be it a tag itself (`DE`, `de-AT`) or a name; None if it is neither."""
    word = text.strip()
    return language_tag(word) if len(word) == 2 else language_named(word) or language_tag(word)
