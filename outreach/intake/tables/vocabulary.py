"""What columns of lists are called, in seven languages -> what they mean here.

English, German, French, Spanish, Italian, Dutch, Polish. Words stand as `folded` leaves them: small letters
without accents, one space between them.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_WORDS = """
name: name, organisation, organization, organisation name, organization name, company, company name, institution name, account name, contact name, display name, full name, formatted name, title of organisation, verein, firma, unternehmen, einrichtung, bezeichnung, verband, name der organisation, organisationsname, nom, nom complet, societe, entreprise, structure, association, organisme, nom de l organisation, nom de la structure, denomination, nombre, nombre completo, organizacion, empresa, entidad, asociacion, nombre de la organizacion, denominacion, nome, organizzazione, azienda, societa, ente, associazione, nome dell organizzazione, denominazione, naam, organisatie, bedrijf, vereniging, instelling, naam organisatie, naam van de organisatie, nazwa, organizacja, firma, instytucja, stowarzyszenie, nazwa organizacji
short: short, short name, abbreviation, acronym, abbr, kurz, kurzname, abkurzung, kurzel, sigle, abreviation, acronyme, abreviatura, sigla, siglas, acronimo, abbreviazione, afkorting, acroniem, skrot, akronim
email: email, e mail, emails, e mails, mail, mail address, email address, e mail address, mails, emailadresse, e mail adresse, mailadresse, mail adresse, courriel, adresse courriel, adresse email, adresse e mail, adresse mail, adresse electronique, mel, correo, correo electronico, direccion de correo, direccion de correo electronico, posta elettronica, indirizzo email, indirizzo e mail, indirizzo mail, emailadres, e mailadres, mailadres, adres email, adres e mail, poczta, mejl
email_role: email role, role of email, address role, email type, type of address, art der adresse, e mail art, e mail typ
website: website, web site, web, url, homepage, home page, site, web page, webpage, link, internet, webseite, internetseite, webauftritt, internetadresse, site web, site internet, page web, sitio web, pagina web, pagina, sito, sito web, sito internet, indirizzo web, webstek, webpagina, internetpagina, strona, strona www, strona internetowa, witryna, www
country: country, country code, nation, land, staat, landercode, pays, pais, paese, nazione, stato, kraj, panstwo
language: language, lang, preferred language, sprache, korrespondenzsprache, langue, idioma, lengua, lingua, taal, jezyk
timezone: timezone, time zone, zeitzone, fuseau horaire, zona horaria, fuso orario, tijdzone, strefa czasowa
tier: tier, priority, prio, level, rank, prioritat, stufe, wichtigkeit, rang, priorite, niveau, prioridad, nivel, priorita, livello, prioriteit, priorytet, poziom
tags: tags, tag, keywords, keyword, labels, label, topics, topic, categories, groups, group, schlagworte, schlagwort, schlagworter, stichworte, stichwort, themen, thema, gruppe, gruppen, etiquettes, mots cles, mot cle, themes, theme, groupe, etiquetas, etiqueta, palabras clave, temas, grupo, etichette, parole chiave, temi, tema, gruppo, trefwoorden, labels, groep, onderwerpen, tagi, etykiety, slowa kluczowe, grupa, tematy
kind: kind, type, category, sector, art, typ, kategorie, sparte, branche, categorie, genre, tipo, categoria, settore, soort, sector, rodzaj, kategoria
internal_notes: notes, note, context, comment, comments, remarks, remark, background, description, about, details, notizen, notiz, bemerkung, bemerkungen, anmerkung, anmerkungen, kommentar, kommentare, hintergrund, beschreibung, hinweis, hinweise, remarque, remarques, commentaire, commentaires, contexte, observations, notas, nota, comentario, comentarios, observaciones, contexto, descripcion, commento, commenti, osservazioni, contesto, descrizione, notities, notitie, opmerking, opmerkingen, toelichting, achtergrond, omschrijving, notatki, uwagi, uwaga, komentarz, opis, kontekst
personal_text: angle, your angle, our angle, approach, how to approach, why them, hook, pitch, opening, personal line, personal paragraph, personalisation, personalization, aufhanger, ansprache, ansatz, warum sie, personlicher absatz, personlicher satz, accroche, approche, pourquoi eux, enfoque, gancho, por que ellos, aggancio, approccio, perche loro, aanpak, invalshoek, waarom zij, podejscie, dlaczego oni
person: person, contact, contact person, name of contact, key contact, key person, people, key people, ansprechpartner, ansprechpartnerin, ansprechperson, kontakt, kontaktperson, personen, interlocuteur, interlocutrice, personne, personne de contact, nom du contact, personnes, persona, persona de contacto, contacto, personas, referente, contatto, persona di contatto, persone, contactpersoon, contactpersonen, personen, osoba, osoba kontaktowa, osoby, imie i nazwisko
first_name: first name, given name, forename, vorname, prenom, nombre de pila, nome di battesimo, voornaam, imie
last_name: last name, surname, family name, nachname, familienname, zuname, nom de famille, apellido, apellidos, cognome, achternaam, familienaam, nazwisko
person_role: role, position, job title, title, function, job, funktion, rolle, stelle, amt, fonction, poste, cargo, puesto, funcion, rol, ruolo, funzione, carica, incarico, functie, functietitel, stanowisko, funkcja, rola
person_email: email of person, email person, person email, contact email, personal email, e mail person, email contact, e mail ansprechpartner, email du contact, correo de la persona, correo del contacto, email persona, e mail contactpersoon, email osoby
mastodon: mastodon, fediverse, fedi, mastodon account, mastodon handle, mastodon konto, compte mastodon, cuenta mastodon
bluesky: bluesky, bsky, bluesky handle, bluesky account, bluesky konto
form: form, contact form, contact page, form url, formular, kontaktformular, kontaktseite, formulaire, formulaire de contact, page de contact, formulario, formulario de contacto, modulo, modulo di contatto, contactformulier, contactpagina, formularz, formularz kontaktowy
social: social, social media, socials, soziale medien, soziale netzwerke, reseaux sociaux, redes sociales, redes, social network, sociale media, media spolecznosciowe
owner: owner, responsible, assigned to, assignee, who, zustandig, verantwortlich, bearbeiter, bearbeiterin, wer, responsable, suivi par, encargado, asignado a, responsabile, incaricato, assegnato a, verantwoordelijke, eigenaar, odpowiedzialny, opiekun
do_not_contact: do not contact, do not mail, dnc, no contact, opt out, opted out, unsubscribed, nicht kontaktieren, nicht anschreiben, kontaktsperre, gesperrt, sperre, ne pas contacter, desabonne, no contactar, baja, non contattare, disiscritto, niet contacteren, niet mailen, niet benaderen, nie kontaktowac, nie pisac
eu: eu, eu institution, institution of the eu, eu einrichtung, institution europeenne, institucion europea, istituzione europea, eu instelling, instytucja ue
stage: stage, status, state, stand, phase, statut, etat, estado, etapa, stato contatto, fase, etap
missing: find, to find, missing, to research, what is missing, fehlt, zu recherchieren, recherche, a chercher, manque, falta, por investigar, da cercare, manca, te zoeken, ontbreekt, do znalezienia, brakuje
via: via, through, uber, via contact
found_at: source, found at, found in, quelle, fundstelle, herkunft, fuente, origen, fonte, bron, zrodlo
collected_on: collected on, collected, date collected, found on, added on, erhoben am, erfasst am, gefunden am, collecte le, releve le, recogido el, raccolto il, verzameld op, zebrano
id: id, slug, key, identifier, kennung, identifiant, identificador, identificatore, identyfikator
phone: phone, telephone, tel, phone number, telephone number, mobile, telefon, telefonnummer, handy, mobil, telefone, numero de telephone, portable, telefono, movil, cellulare, telefoon, telefoonnummer, mobiel, numer telefonu, komorka
address: address, postal address, street address, street, mailing address, adresse, anschrift, postanschrift, postadresse, strasse, adresse postale, rue, direccion, direccion postal, calle, indirizzo, indirizzo postale, via e numero, adres, postadres, straat, adres pocztowy, ulica
postcode: postcode, zip, zip code, postal code, plz, postleitzahl, code postal, codigo postal, cap, kod pocztowy
city: city, town, place, ort, stadt, wohnort, sitz, ville, ciudad, localidad, citta, comune, stad, plaats, miasto, miejscowosc
"""
_ROLES = """
policy: policy, politik, politique, politica, beleid, polityka, public affairs, advocacy
press: press, presse, prensa, stampa, pers, prasa, media, medien
general: general, allgemein, generale, zentrale, algemeen, ogolny, office, info, main, standard, sekretariat, secretariat, buro
personal: personal, personlich, personnel, persoonlijk, osobisty, private, privat
work: work, business, geschaftlich, dienstlich, professionnel, trabajo, lavoro, werk, praca
research: research, forschung, recherche, ricerca, onderzoek, investigacion, badania
legal: legal, recht, juridique, legale, juridisch, prawny
funding: funding, grants, forderung, financement, fondi, financiering, finansowanie
"""
_KINDS = """
organisation: organisation, organization, ngo, non profit, nonprofit, association, verein, verband, ong, asociacion, organizacion, associazione, organizzazione, organisatie, vereniging, organizacja, stowarzyszenie, fundacja, foundation, stiftung, fondation, fundacion, fondazione, stichting, think tank, advocacy, lobby, company, firma, unternehmen, entreprise, empresa, azienda, bedrijf
project: project, projekt, projet, proyecto, progetto, software project, open source project, community
institution: institution, behorde, authority, government, ministry, ministerium, agency, agentur, autorite, ministere, institucion, ministerio, gobierno, istituzione, ministero, instelling, ministerie, overheid, instytucja, ministerstwo, urzad, public body, parliament, parlament, eu institution
research: research, forschung, university, universitat, institute, institut, recherche, universite, universidad, investigacion, universita, ricerca, universiteit, onderzoek, uniwersytet, badania, academia, academic, wissenschaft, hochschule
media: media, press, presse, medien, zeitung, newspaper, magazine, magazin, journal, medium, medias, medios, prensa, stampa, giornale, pers, krant, prasa, blog, podcast, outlet, news
person: person, individual, einzelperson, personne, persona, persoon, osoba, journalist, expert, expertin, experte
"""
_FILLERS = frozenset(
    "the of der die das des von vom zur zum fur le la les de du d l del los las el di della dell van het een do na "
    "main primary haupt your our their und and et y e en i a an first 1".split()
)
ADDRESSES = frozenset({"email", "mastodon", "bluesky", "form"})
FIELDS = frozenset({"phone", "address", "postcode", "city"})
"""What has no key of its own, and is kept under `fields` by this name."""


def _table(text: str) -> dict[str, str]:
    lines = (line.partition(":") for line in text.strip().splitlines())
    found: dict[str, str] = {}
    for target, _, words in lines:
        for word in words.split(","):
            found.setdefault(word.strip(), target)
    return found


@lru_cache(maxsize=8192)
def folded(text: str) -> str:
    """`E-Mail-Adresse` is `e mail adresse`: small letters and digits without accents, one space between."""
    spread = re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", text)
    letters = unicodedata.normalize("NFKD", spread.casefold().replace("ł", "l"))
    kept = "".join(c if c.isalnum() else " " for c in letters if not unicodedata.combining(c))
    return " ".join(kept.split())


COLUMNS = _table(_WORDS)
ROLES = _table(_ROLES)
KINDS = _table(_KINDS)
TARGETS = frozenset(COLUMNS.values()) | {"fields", "ignore"}
_NUMBERED = re.compile(r"(second|secondary|alternative|other|zweite|weitere|andere|deuxieme|autre|segundo|otro|"
                       r"secondo|altra|altro|tweede|andere|drugi|inny|[2-9])")  # fmt: skip


@lru_cache(maxsize=4096)
def meaning(label: str) -> tuple[str, str] | None:
    """What a column of that label holds: its target and, of an address, its role; None where it is not known.

    `E-Mail (Presse)` is `("email", "press")`, `Zweite E-Mail` is `("email", "")`.
    """
    word = folded(label)
    if word in COLUMNS:
        return COLUMNS[word], ""
    unnumbered = " ".join(part for part in word.split() if not _NUMBERED.fullmatch(part))
    if unnumbered in COLUMNS:
        return COLUMNS[unnumbered], ""
    parts = [part for part in unnumbered.split() if part not in _FILLERS]
    if " ".join(parts) in COLUMNS:
        return COLUMNS[" ".join(parts)], ""
    for at, part in enumerate(parts):
        rest = COLUMNS.get(" ".join([*parts[:at], *parts[at + 1 :]]))
        if rest in ADDRESSES and part in ROLES:
            return rest, ROLES[part]
    compound = re.fullmatch(r"(\w+?)s?(email|mail|e mail)(?:adresse|adres)?", unnumbered)
    if compound and compound[1] in ROLES:
        return "email", ROLES[compound[1]]
    return None


def kind_of(text: str) -> str | None:
    """The kind of contact that a cell such as `NGO` or `Medien` names."""
    word = folded(text)
    return KINDS.get(word) or KINDS.get(word.removesuffix("s")) or KINDS.get(word.removesuffix("en"))


def role_of(text: str) -> str:
    """The role that words beside an address mean (`Pressestelle`), as it is written where none is known."""
    word = folded(text)
    if word in ROLES:
        return ROLES[word]
    known = [ROLES[part] for part in word.split() if part in ROLES]
    return known[0] if known else text.strip()
