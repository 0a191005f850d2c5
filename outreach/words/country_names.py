"""Countries by their names in every language -> ISO 3166-1 codes."""

from __future__ import annotations

from functools import lru_cache

from outreach.words.local_names import code_of, folded

# ISO 3166-1 alpha-2, officially assigned.
COUNTRIES = frozenset(
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW
    BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI
    FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN
    IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME
    MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF
    PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV
    SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE
    YT ZA ZM ZW
    """.split()
)
# What people write and CLDR does not have.
_ALSO = """
AL Shqipëria
AT Republik Österreich
BA Bosnia, Bosnien
BY Weißrussland
CD DR Congo
CI Elfenbeinküste, Wybrzeże Kości Słoniowej
CN PRC, People's Republic of China, Volksrepublik China
CZ Tschechische Republik, République tchèque, República Checa, Repubblica Ceca, Česká republika
DE Federal Republic of Germany, Bundesrepublik Deutschland, BRD
ES Kingdom of Spain
GB UK, Great Britain, England, Scotland, Wales, Northern Ireland, Großbritannien, Schottland, Nordirland, Grande-Bretagne, Angleterre, Écosse, Gran Bretaña, Gran Bretagna, Inglaterra, Inghilterra, Escocia, Groot-Brittannië, Engeland, Anglia, Zjednoczone Królestwo
GM The Gambia
GR EL, Hellenic Republic
IE Republic of Ireland
KR Republic of Korea
LU Grand Duchy of Luxembourg
MD Republic of Moldova
MK Macedonia, Mazedonien
NL The Netherlands, Die Niederlande, Holland
PS Palestine
RS Republic of Serbia
RU Russian Federation, Russische Föderation
SK Slovak Republic, Slowakische Republik
TW Republic of China
US United States of America, USA, U.S.A., U.S., EUA, EEUU, EE. UU., Vereinigte Staaten von Amerika, États-Unis d'Amérique, Estados Unidos de América, Estados Unidos da América, Stati Uniti d'America, Verenigde Staten van Amerika
VA Holy See
"""
_ALSO_FOLDED = {folded(name): line[:2] for line in _ALSO.strip().splitlines() for name in line[3:].split(",")}
# The signs on cars (UNECE, distinguishing signs of vehicles) that are not an ISO 3166-1 code and that lists have.
_ON_CARS = dict(
    each.split("=")
    for each in (
        "A=AT AND=AD AUS=AU B=BE BIH=BA CDN=CA D=DE E=ES EST=EE F=FR FIN=FI FL=LI GBG=GG GBJ=JE GBM=IM GBZ=GI H=HU "
        "I=IT IND=IN IRL=IE J=JP L=LU M=MT MEX=MX MNE=ME N=NO NMK=MK P=PT ROK=KR RSM=SM RUS=RU S=SE SLO=SI SRB=RS V=VA"
    ).split()
)


def stated_country(text: str) -> str | None:
    """As `country_code`, for what is said to be a country: also the sign on its cars (`D`), or its ISO 3166-1 alpha-3.

    Elsewhere a single letter is a grade, a tier or an initial.
    """
    sign = text.strip().upper()
    if code := _ON_CARS.get(sign) or country_code(text):
        return code
    from babel.core import get_global  # a tenth of a second, as for a name

    known = get_global("territory_aliases").get(sign, ())
    return known[0] if len(known) == 1 and known[0] in COUNTRIES else None


@lru_cache(maxsize=4096)
def country_code(text: str, *, everywhere: bool = True) -> str | None:
    """The ISO 3166-1 code that `text` means, be it a code itself or a name; None if it is neither.

    `everywhere` asks all languages, not only the most usual.
    """
    word = text.strip()
    if word.upper() in COUNTRIES:
        return word.upper()
    name = folded(word)
    code = (
        _ALSO_FOLDED.get(name)
        or _ALSO_FOLDED.get(name.replace(" ", ""))
        or code_of(word, "territories", everywhere=everywhere)
    )
    return code if code in COUNTRIES else None
