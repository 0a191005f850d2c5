"""Countries by their names in the languages that people keep their lists in -> ISO 3166-1 codes."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

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
# In English, German, French, Spanish, Italian, Dutch, Polish, and as the country calls itself.
_NAMES = """
AT Austria, Österreich, Autriche, Oostenrijk, Austria
AU Australia, Australien, Australie, Australië
BE Belgium, Belgien, Belgique, Bélgica, Belgio, België, Belgia
BG Bulgaria, Bulgarien, Bulgarie, Bulgarije, Bułgaria, България
BR Brazil, Brasilien, Brésil, Brasil, Brasile, Brazilië, Brazylia
CA Canada, Kanada, Canadá
CH Switzerland, Schweiz, Suisse, Suiza, Svizzera, Zwitserland, Szwajcaria
CN China, Chine, Cina, Chiny, PRC
CY Cyprus, Zypern, Chypre, Chipre, Cipro, Cypr, Κύπρος
CZ Czechia, Czech Republic, Tschechien, Tschechische Republik, Tchéquie, République tchèque, Chequia, República Checa, Cechia, Repubblica Ceca, Tsjechië, Czechy, Česko
DE Germany, Deutschland, Allemagne, Alemania, Germania, Duitsland, Niemcy, Federal Republic of Germany, BRD
DK Denmark, Dänemark, Danemark, Dinamarca, Danimarca, Denemarken, Dania, Danmark
EE Estonia, Estland, Estonie, Eesti
ES Spain, Spanien, Espagne, España, Spagna, Spanje, Hiszpania
FI Finland, Finnland, Finlande, Finlandia, Suomi
FR France, Frankreich, Francia, Frankrijk, Francja
GB United Kingdom, UK, Great Britain, England, Scotland, Wales, Vereinigtes Königreich, Großbritannien, Royaume-Uni, Grande-Bretagne, Reino Unido, Gran Bretaña, Regno Unito, Gran Bretagna, Verenigd Koninkrijk, Groot-Brittannië, Wielka Brytania, Zjednoczone Królestwo
GR Greece, EL, Griechenland, Grèce, Grecia, Griekenland, Grecja, Ελλάδα
HR Croatia, Kroatien, Croatie, Croacia, Croazia, Kroatië, Chorwacja, Hrvatska
HU Hungary, Ungarn, Hongrie, Hungría, Ungheria, Hongarije, Węgry, Magyarország
IE Ireland, Irland, Irlande, Irlanda, Ierland, Irlandia, Éire
IL Israel, Israël, Israele, Izrael
IN India, Indien, Inde, Indie
IS Iceland, Island, Islande, Islandia, Islanda, IJsland, Ísland
IT Italy, Italien, Italie, Italia, Italië, Włochy
JP Japan, Japon, Japón, Giappone, Japonia
KR South Korea, Südkorea, Corée du Sud, Corea del Sur, Corea del Sud, Zuid-Korea, Korea Południowa, Republic of Korea
LI Liechtenstein
LT Lithuania, Litauen, Lituanie, Lituania, Litouwen, Litwa, Lietuva
LU Luxembourg, Luxemburg, Luxemburgo, Lussemburgo, Luksemburg, Lëtzebuerg
LV Latvia, Lettland, Lettonie, Letonia, Lettonia, Letland, Łotwa, Latvija
MT Malta, Malte
MX Mexico, Mexiko, Mexique, México, Messico, Meksyk
NL Netherlands, The Netherlands, Holland, Niederlande, Die Niederlande, Pays-Bas, Países Bajos, Paesi Bassi, Olanda, Nederland, Holandia, Niderlandy
NO Norway, Norwegen, Norvège, Noruega, Norvegia, Noorwegen, Norwegia, Norge
NZ New Zealand, Neuseeland, Nouvelle-Zélande, Nueva Zelanda, Nuova Zelanda, Nieuw-Zeeland, Nowa Zelandia
PL Poland, Polen, Pologne, Polonia, Polska
PT Portugal, Portogallo, Portugalia
RO Romania, Rumänien, Roumanie, Rumania, Roemenië, Rumunia, România
RS Serbia, Serbien, Serbie, Servië, Srbija
RU Russia, Russland, Russie, Rusia, Rusland, Rosja
SE Sweden, Schweden, Suède, Suecia, Svezia, Zweden, Szwecja, Sverige
SI Slovenia, Slowenien, Slovénie, Eslovenia, Slovenië, Słowenia, Slovenija
SK Slovakia, Slowakei, Slovaquie, Eslovaquia, Slovacchia, Slowakije, Słowacja, Slovensko
TR Turkey, Türkei, Turquie, Turquía, Turchia, Turkije, Turcja, Türkiye
TW Taiwan, Taïwan
UA Ukraine, Ucrania, Ucraina, Oekraïne, Ukraina, Україна
US United States, United States of America, USA, U.S.A., U.S., Vereinigte Staaten, États-Unis, Estados Unidos, Stati Uniti, Verenigde Staten, Stany Zjednoczone
ZA South Africa, Südafrika, Afrique du Sud, Sudáfrica, Sudafrica, Zuid-Afrika, Republika Południowej Afryki
"""
COUNTRY_NAMES = {
    name.strip().casefold(): line[:2] for line in _NAMES.strip().splitlines() for name in line[3:].split(",")
}


@lru_cache(maxsize=4096)
def country_code(text: str) -> str | None:
    """The ISO 3166-1 code that `text` means, be it a code itself or a name; None where it is neither."""
    word = text.strip()
    if word.upper() in COUNTRIES:
        return word.upper()
    folded = _folded(word)
    return _FOLDED.get(folded) or _FOLDED.get(folded.replace(" ", ""))


def _folded(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.casefold().replace("ł", "l"))
    return " ".join("".join(c if c.isalnum() else " " for c in letters if not unicodedata.combining(c)).split())


_FOLDED = {_folded(name): code for name, code in COUNTRY_NAMES.items()}
