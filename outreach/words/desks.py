"""Words that are not people: organisations and desks, and the roles of addresses. Folded, as they are compared."""

from __future__ import annotations

import re
from functools import cache


@cache  # compiled when it is first used
def organised() -> re.Pattern[str]:
    """Words of organisations' names."""
    return re.compile(
        r"\b(?:foundation|organi[sz]ers?|organi[sz]ations?|project|institute?|e\s?v|association|verband|verein|stiftung|"
        r"initiative|alliance|network|netzwerk|group|team|society|gesellschaft|gmbh|ltd|inc|union|federation|bund|"
        r"europe|international|conference|consortium|university|linux|software|center|centre|zentrum|museum|office|"
        r"council|parliament|commission|magazine|news|the|for|of|and|fur|und|der|die|das|freunde|club|committee|agency|"
        r"\w+(?:bund|verband|verein|werk|kreis|zeitung|rat|amt|haus)|radio|press|party|partei|lab|labs|board|members|watch|"
        r"action|digital|open|free|european|city|stadt|org|post|times|daily|weekly|herald|journal|gazette|tribune|forum|trust|"
        r"associacao|associazione|asociacion|fondation|fundacion|fundacao|fondazione|stichting|vereniging|stowarzyszenie|"
        r"fundacja|instytut|instituto|institut|jornal|journal|diario|giornale|gazeta|krant|radio|televisao|rede|reseau|red|"
        r"rete|sindicato|syndicat|sindacato|vakbond|ministerio|ministere|ministero|ministerie|ministerstwo|camara|"
        r"universidade|universidad|universite|universita|universiteit|uniwersytet|colectivo|coletivo|collectif|movimento|"
        r"movimiento|mouvement|beweging|ruch|greenpeace|amnesty|caritas|homes|house|housing|roads|rivers?|farm|works?|"
        r"ressort|\w*redaktion|redaction|redazione|redaccion|redactie|redacao|redakcja|sekretariat|secretariat|segreteria|"
        r"service|newsroom|pressestelle|geschaftsstelle|buro|biuro|ufficio|oficina|zentrale|rubrik|rubrique|afdeling|dzial|"
        r"lobby|register|budget|title|contact|info|registered|revenue|score|status|official)\b"
    )


@cache  # compiled when it is first used
def not_names() -> re.Pattern[str]:
    """Words of desks and offices."""
    return re.compile(
        r"\b(?:e?mail|team|equipo|equipe|desk|office|unit|director|board|press|policy|general|info|manager|editor|officer|contact|news|tips|"
        r"article|tech|secretariat|chair|president|redaktion|vorstand|leitung|buro|presse|allgemein|kontakt|zentrale|"
        r"referat|abteilung|website|mailing|list|business|leader|chief|executive|head|ceo|cto|sprecher\w*|department|"
        r"redaction|redaccion|redazione|redactie|redakcja|redacao|secretaria\w*|segreteria|sekretariat|ufficio|oficina|"
        r"rubrik|seccion|sezione|secao|fachbereich|umwelt|politik|wirtschaft|kultur|"
        r"newsdesk|switchboard|hotline|media|medien|enquir\w*|inquir\w*|queries|organi[sz]er|liaison|affairs|relations|"
        r"communications?|comunicacion|comunicazione|comunicacao|communicatie|kommunikation|komunikacja|"
        r"newsroom|reception|support|service\w*|servizio|dienst|zespol|biuro|imprensa|prensa|stampa|pers|geral|accueil)\b"
    )


ROLES = (
    ("list", r"mailing[ -]?list|mailingliste|discussion|diskussion|verteiler"),
    ("policy", r"policy|politi\w*|public affairs|advocacy|eu affairs|interessenvertretung|lobby"),
    ("editorial", r"editor\w*|redaktion\w*|newsroom|submit\w*|articles?|artikel|r[eé]daction|redacci[oó]n|redazione"),
    ("tips", r"tips?|tipps?|hinweise?|whistle\w*|scoops?"),
    ("press", r"press|presse\w*|media|medien\w*|communications?|prensa|stampa|spokes\w*|kommunikation"),
    ("board", r"board|vorstand\w*|directors|pr[aä]sidium"),
    ("leader", r"(?:project |team )?lead(?:er)?|projektleit\w*|leitung|chair\w*|president|pr[aä]sident\w*|vorsitz\w*"),
    (
        "general",
        r"general|info\w*|main|e-?mail|mail|contact|contacts|kontakt|allgemein\w*|zentrale|office|b[uü]ro|sekretariat|"
        r"secretariat|hello|hallo|team|g[eé]n[eé]ral|geral|generale?|post|mailbox|enquiries|inquiries|anfragen|servus|moin",
    ),
)
"""What an address is for, and the words that say so."""


@cache  # compiled when it is first used
def machines() -> re.Pattern[str]:
    """What is before the @ of addresses that are a task's or a machine's."""
    return re.compile(
        r"\b(?:no\s?reply|do\s?not\s?reply|admin\w*|webmaster|postmaster|hostmaster|privacy|datenschutz|dpo|dsb|gdpr|rgpd|"
        r"legal|jobs?|career\w*|hr|sales|shop|billing|accounts?|finance|events?|newsletter|marketing|members?|membership|"
        r"donations?|spenden|donat\w+|help|hilfe|feedback|request|abuse|security|it|web|data|unit|dg|comm?|staff|student\w*|"
        r"cabinet|kabinett|gabinete|registry|registo|archive?|library|volunteer\w*|local|regional|national|north|south|east|"
        r"west|nord|sud|est|ouest|norte|sul|ost)\b"
    )


@cache  # compiled when it is first used
def offices() -> re.Pattern[str]:
    """What is beside a place or another word in an office's address (`customer.care@`, `bureau.paris@`)."""
    return re.compile(
        r"\b(?:customers?|clients?|care|public|resources|ressources|recursos|risorse|bureaux?|buero|kantoor|kontor|ufficio|"
        r"oficina|escritorio|helpdesk|delegation|antenne|filiale|kunden\w*|personalabteilung|complaints|bookings?|orders|"
        r"campaigns?|kampagnen?|campagnes?|projects?|projekte?|research|visitors?|visits|protocol|protokoll)\b"
    )


SHORT_WORDS = frozenset(
    "eu uk us un de fr nl be at ch es pt pl ie lu en tv pr pa hr it dg hq ep ec ai no do re my go".split()
)
"""Parts of addresses that are an office's, a country's or a language's: `eu.pa@` is nobody, `bo.li@` is somebody."""


def role_in(words: str) -> str:
    """The role that folded `words` name, "" where they name none."""
    return next((role for role, pattern in ROLES if re.search(rf"\b(?:{pattern})\b", words)), "")
