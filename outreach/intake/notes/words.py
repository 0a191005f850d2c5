"""The vocabulary of notes: what labels and headings mean, in English, German, and the commonest words of others.

The words are those of address lists, press lists and campaign plans as people keep them; there is no standard.
They are compared without accents, case, punctuation and what stands in parentheses.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping

import regex

_PARENTHESES = regex.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_NO_WORD = regex.compile(r"[^\p{L}\p{N}/&+-]+")
_ACCENTS = regex.compile(r"\p{M}+")
_ARTICLES = ("your ", "our ", "the ", "my ", "ihre ", "ihr ", "unsere ", "unser ", "der ", "die ", "das ", "mein ")


def folded(text: str) -> str:
    """`text` as it is compared: without case, accents, punctuation and what stands in parentheses."""
    bare = _PARENTHESES.sub(" ", text)
    bare = bare if bare.strip(" :*") else text.strip("()[]")
    without = _ACCENTS.sub("", unicodedata.normalize("NFKD", bare.casefold().replace("ß", "ss")))
    return _NO_WORD.sub(" ", without).strip(" -/&+")


def _table(words: Mapping[str, str]) -> dict[str, str]:
    return {folded(phrase): meaning for meaning, phrases in words.items() for phrase in phrases.split(";")}


_LABELS = _table(
    {
        "channels": "contact;contacts;contact info;contact information;contact details;how to reach;reach them;"
        "addresses;kontakt;kontakte;kontaktdaten;kontaktinfo;kontaktinformationen;erreichbarkeit;erreichbar unter;"
        "erreichbar;contacto;contatto;contatti;coordonnées",
        "people": "key people;people;key contact;key contacts;contact person;contact persons;staff;team;leadership;"
        "who to talk to;names;ansprechpartner;ansprechpartnerin;ansprechpartner:innen;ansprechpartnerinnen;"
        "ansprechperson;ansprechpersonen;kontaktperson;kontaktpersonen;personen;wichtige personen;leitung;"
        "schlüsselpersonen;köpfe;wer;interlocuteur;interlocuteurs;personnes;personas;persone;personne de contact;"
        "contact name",
        "website": "website;web site;web;site;homepage;home page;url;webseite;web-seite;internetseite;internet;"
        "netz;im netz;site web;sitio web;sito;sito web;online;www",
        "form": "contact form;form;web form;kontaktformular;formular;formulaire;formulaire de contact;"
        "formulario;formulario de contacto;contact page;kontaktseite",
        "email": "email;e-mail;mail;mail address;email address;e-mail address;e-mail-adresse;mailadresse;"
        "emailadresse;courriel;adresse e-mail;adresse mail;correo;correo electrónico;posta elettronica;mailto;"
        "general email;emails;e-mails",
        "phone": "phone;telephone;tel;telefon;mobile;mobil;fax;téléphone;teléfono;telefono;phone number",
        "address": "address;postal address;post address;mailing address;office;street address;visit;anschrift;"
        "adresse;postanschrift;postadresse;sitz;büro;dirección;indirizzo;adresse postale;headquarters;hq",
        "mastodon": "mastodon;fediverse;fediversum;mastodon account;mastodon handle",
        "bluesky": "bluesky;bsky;bluesky handle;blue sky",
        "angle": "angle;how to approach;approach;how to approach them;pitch;the pitch;ask;the ask;key message;"
        "message;hook;opening;opener;personal note;personal line;suggested angle;talking point;how to pitch;"
        "personalisation;personalization;way in;entry point;aufhänger;ansatz;ansprache;anknüpfungspunkt;anknüpfung;"
        "persönlicher aufhänger;einstieg;so ansprechen;wie ansprechen;unser ansatz;botschaft;kernbotschaft;"
        "argument;zugang;accroche;approche;angle d'approche;enfoque;approccio;hook for them;what to say;our angle",
        "context": "context;background;about;description;what they do;why;why them;why him;why her;why first;"
        "note;notes;strengths;philosophy;relevance;reason;reasons;summary;comment;comments;remarks;profile;focus;"
        "hintergrund;warum;wieso;weshalb;darum;warum sie;warum die;warum zuerst;notiz;notizen;anmerkung;"
        "anmerkungen;hinweis;hinweise;bemerkung;bemerkungen;beschreibung;kontext;begründung;grund;profil;"
        "schwerpunkt;was sie tun;was sie machen;worum es geht;über sie;pourquoi;contexte;remarque;remarques;"
        "por qué;contexto;notas;perché;contesto;note interne;internal notes;intern",
        "kind": "type;kind;category;art;typ;kategorie;type of organisation;type of organization",
        "country": "country;land;based in;location;located in;pays;país;paese;standort;ort;city",
        "language": "language;languages;sprache;langue;idioma;lingua",
        "tags": "tags;topics;topic;themes;themen;thema;schlagworte;schlagwörter;stichworte;keywords;sujets",
        "tier": "tier;priority;rank;prio;priorität;stufe;rang;level;phase;wave;welle;priorité;prioridad;priorità;"
        "ebene;gruppe;group;batch",
        "status": "status;stage;state;stand;recherche;to research;to do;todo;missing;research;offen;fehlt;"
        "zu recherchieren;noch zu recherchieren;statut;estado;open question;find;to find",
        "name": "name;organisation;organization;organisations;organizations;org;outlet;institution;medium;project;"
        "projekt;verband;verein;einrichtung;initiative;firma;company;publication;group name;organisme;nom;"
        "nombre;nome;organización;organizzazione;association;ngo;contact organisation;wer/was;zeitung;redaktion name;"
        "institut;institute;maintainer;person",
        "role": "role;position;title;job title;funktion;rolle;amt;fonction;cargo;ruolo;aufgabe",
        "short": "abbreviation;acronym;short;short name;abk;abkürzung;kurz;kurzname;kürzel;sigle;siglas",
        "owner": "owner;assigned to;responsible;zuständig;verantwortlich;betreut von;responsable",
        "via": "via;reached through;introduced by;über;durch;zu erreichen über",
        "no": "do not contact;don't contact;nicht kontaktieren;nicht anschreiben;ne pas contacter",
        "source": "source;found at;found on;quelle;fundstelle;fuente;fonte",
        "collected": "collected;collected on;last checked;checked;as of;last updated;updated;date;erhoben am;"
        "stand vom;geprüft am;zuletzt geprüft;datum;aktualisiert;mis à jour;last update;last modified",
        # templates
        "subject": "subject;subject line;email subject;betreff;betreffzeile;objet;sujet;asunto;oggetto;onderwerp",
        "body": "body;text;email body;message body;mail text;mailtext;textkörper;inhalt;brieftext;corps;cuerpo;"
        "testo;nachricht;wortlaut;nachrichtentext;email text;letter;body text;message text;haupttext;anschreiben",
        "attachments": "attachments;attachment;attach;attached;enclosures;anhang;anhänge;anlage;anlagen;"
        "pièces jointes;pièce jointe;pj;adjuntos;allegati;beilage;beilagen",
        "audience": "audience;for;to;send to;recipients;target;target audience;target group;use for;who;an;für;"
        "empfänger;zielgruppe;geht an;adressaten;destinataires;destinatarios;destinatari;addressees;intended for;"
        "verwenden für;gedacht für",
        # timing
        "avoid": "avoid;don't send;do not send;not;never;bad;worst;blackout;meiden;vermeiden;nicht senden;"
        "ungünstig;schlecht;sperrzeiten;sperrzeit;keine mails;éviter;à éviter;evitar;evitare;bad times;"
        "nicht verschicken;worst times;no-go;tabu",
        "prefer": "best;optimal;prefer;preferred;ideal;good;recommended;best time;best times;good times;best window;"
        "bevorzugt;am besten;beste zeit;günstig;gut;empfohlen;beste zeiten;idéal;meilleur;mejor;"
        "migliore;optimal window;bester zeitraum;good windows;best windows;ideal times;idealerweise",
        "days": "days;weekdays;day;tage;wochentage;tag;best days;send on;jours;días;versandtage;sending days",
        "hours": "hours;time of day;times;uhrzeit;uhrzeiten;stunden;zeiten;best hours;heures;horas;sending hours;"
        "time;zeit;zeitfenster;best time of day;tageszeit;window",
        # posts
        "titles": "title options;titles;title;headline;headlines;title ideas;titel;überschrift;titelvorschläge;"
        "titelvarianten;titeloptionen;mögliche titel;überschriften;titres;títulos;titre;titel zur auswahl",
        "hashtags": "hashtags;hashtag;tags to use;hashtags that matter;schlagwörter mit raute;mots-dièse",
        "timing": "timing;when;when to post;best time to post;posting time;post at;wann;zeitpunkt;quand;cuándo;"
        "quando;when to send;posting window;wann posten;veröffentlichung;zeitplanung",
        "where": "where;where to post;community;communities;primary targets;targets;subreddit;subreddits;forum;"
        "wo;ort der veröffentlichung;zielforen;communitys",
        "handles": "tag people;tag;mention;mentions;accounts to tag;people to tag;tag relevant people;"
        "accounts;erwähnen;markieren;personen markieren;konten",
    }
)


def meaning(label: str) -> str:
    """What `label` means: `channels`, `angle`, `subject` and so on, "" for a label of their own."""
    words = folded(label)
    for article in ("", *_ARTICLES):
        if article and not words.startswith(article):
            continue
        bare = words.removeprefix(article)
        if found := _LABELS.get(bare):
            return found
    for part in words.split("/"):
        if "/" in words and (found := _LABELS.get(part.strip())):
            return found
    return _by_beginning(words)


def _by_beginning(words: str) -> str:
    """Longer labels that begin as a known one: `why they matter`, `notes on approach`."""
    for count in (3, 2):
        beginning = " ".join(words.split()[:count])
        if beginning != words and (found := _LABELS.get(beginning)) and len(words.split()) <= 7:
            return found
    first = words.split(" ", 1)[0]
    if first in ("why", "warum", "pourquoi", "wieso", "weshalb", "background", "hintergrund") and first != words:
        return "context"
    if first in ("avoid", "vermeiden", "hashtags", "best", "betreff", "subject", "optimal", "title") and first != words:
        return _LABELS[first]
    return ""


_FUNCTION_WORDS = {
    "de": frozenset("und der die das den dem für mit nicht wir ist zu von ein eine auf sie ihr ihre im".split()),
    "en": frozenset("the and of to for with is we a an on you your in not it that this are".split()),
    "fr": frozenset("le la les et des du pour avec est nous une dans vous votre sur que qui pas au".split()),
    "es": frozenset("el los las y del para con es una en su que por no se al nos como más".split()),
}
_LEAST = 8
_CLEARLY = 3


def language_of(lines: Iterable[str]) -> str | None:
    """The language that a document is written in, by its function words; None where that is not clear."""
    words = [word for line in lines for word in regex.findall(r"\p{L}+", line.casefold())]
    counts = {language: sum(word in known for word in words) for language, known in _FUNCTION_WORDS.items()}
    first, second = sorted(counts, key=lambda language: counts[language], reverse=True)[:2]
    return first if counts[first] >= _LEAST and counts[first] >= _CLEARLY * counts[second] else None
