"""First and last names that are words of a sentence in small letters (`may`, `will grant`), in several languages.

German nouns are not among them: they are written as names are.
"""

from __future__ import annotations

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
