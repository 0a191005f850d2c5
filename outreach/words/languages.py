"""Languages by their tags, and by their names in the languages that people keep their lists in."""

from __future__ import annotations

import re
from functools import lru_cache

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
    """The BCP 47 tag in its usual case (`de-AT`), or None where `value` is none."""
    found = _TAG.fullmatch(value)
    if not found or (len(found["language"]) == 2 and found["language"].lower() not in LANGUAGES):
        return None
    script, region = found["script"] or "", found["region"] or ""
    return found["language"].lower() + script.title() + region.upper() + found["variants"].lower()


_NAMES = """
bg Bulgarian, Bulgarisch, bulgare, búlgaro, bulgaro, bułgarski
cs Czech, Tschechisch, tchèque, checo, ceco, Tsjechisch, czeski, čeština
da Danish, Dänisch, danois, danés, danese, Deens, duński, dansk
de German, Deutsch, allemand, alemán, tedesco, Duits, niemiecki
el Greek, Griechisch, grec, griego, greco, Grieks, grecki
en English, Englisch, anglais, inglés, inglese, Engels, angielski
es Spanish, Spanisch, espagnol, español, castellano, spagnolo, Spaans, hiszpański
et Estonian, Estnisch, estonien, estonio, estone, Ests, estoński, eesti
fi Finnish, Finnisch, finnois, finlandés, finlandese, Fins, fiński, suomi
fr French, Französisch, français, francés, francese, Frans, francuski
ga Irish, Irisch, irlandais, irlandés, irlandese, Iers, irlandzki, Gaeilge
hr Croatian, Kroatisch, croate, croata, croato, chorwacki, hrvatski
hu Hungarian, Ungarisch, hongrois, húngaro, ungherese, Hongaars, węgierski, magyar
it Italian, Italienisch, italien, italiano, Italiaans, włoski
lt Lithuanian, Litauisch, lituanien, lituano, Litouws, litewski, lietuvių
lv Latvian, Lettisch, letton, letón, lettone, Lets, łotewski, latviešu
nb Norwegian, Norwegisch, norvégien, noruego, norvegese, Noors, norweski, norsk
nl Dutch, Niederländisch, Holländisch, néerlandais, neerlandés, holandés, olandese, Nederlands, niderlandzki
pl Polish, Polnisch, polonais, polaco, polacco, Pools, polski
pt Portuguese, Portugiesisch, portugais, portugués, portoghese, Portugees, portugalski, português
ro Romanian, Rumänisch, roumain, rumano, rumeno, Roemeens, rumuński, română
sk Slovak, Slowakisch, slovaque, eslovaco, slovacco, Slowaaks, słowacki, slovenčina
sl Slovene, Slovenian, Slowenisch, slovène, esloveno, sloveno, Sloveens, słoweński
sv Swedish, Schwedisch, suédois, sueco, svedese, Zweeds, szwedzki, svenska
uk Ukrainian, Ukrainisch, ukrainien, ucraniano, ucraino, Oekraïens, ukraiński
"""
LANGUAGE_NAMES = {
    name.strip().casefold(): line[:2] for line in _NAMES.strip().splitlines() for name in line[3:].split(",")
}


def language_of(text: str) -> str | None:
    """The tag that `text` means, be it a tag itself (`DE`, `de-AT`) or a name; None where it is neither."""
    word = text.strip()
    return LANGUAGE_NAMES.get(word.casefold()) or language_tag(word)
