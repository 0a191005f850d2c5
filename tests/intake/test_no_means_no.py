"""No means no: whoever asked for no more mail in a list, in whatever words, gets none, or a person is asked."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.intake.no_means_no import Says, _grams, _tables, read_cell, read_row, read_text
from outreach.words.phrases import compiled, folded

TODAY = date(2026, 11, 29)

NO = """
does not wish to be on our list | please take them off | won't receive our mails any more | wants out of the list |
bitte aus Verteiler nehmen | gesperrt auf eigenen Wunsch | will in Ruhe gelassen werden |
a demandé qu'on ne lui écrive plus | ha pedido que no le escribamos | da rimuovere | prosi o niewysyłanie wiadomości |
não enviar mais |
DO NOT CONTACT, asked us in 2025 | do not email | Don't contact them again | unsubscribed |
Unsubscribed 3 May 2025 | opted out | Opted-out | opt out | asked to be removed | please remove from list |
no more emails | wants no mail | Blacklisted | do-not-contact | requested deletion (GDPR) | consent withdrawn |
withdrew consent in March | marked us as spam | DNC | does not want to be contacted |
no longer wishes to receive our newsletter | stop writing to them | asked us to stop | never contact again |
objects to processing | suppressed | must not be contacted | removed from mailing list | abgemeldet |
nicht kontaktieren | bitte nicht mehr anschreiben | keine Mails mehr | Keine E-Mails | wünscht keinen Kontakt |
will keine Post mehr | Einwilligung widerrufen | hat der Verarbeitung widersprochen |
aus dem Verteiler gestrichen | Kontaktsperre | gesperrt | Newsletter abbestellt |
möchte nicht mehr angeschrieben werden | bittet um Löschung | Abmeldung am 3.5.2025 | kein Kontakt erwünscht |
NICHT ANSCHREIBEN! | Werbewiderspruch | ne pas contacter | ne plus contacter | Ne plus écrire | désinscrit |
désabonnée le 3 mai 2025 | ne souhaite plus recevoir de courriels | plus de mails svp | a demandé sa suppression |
retrait du consentement | consentement retiré | liste noire | opposition RGPD |
s'oppose au traitement de ses données | à ne pas recontacter | rayé de la liste | ne veut pas être contacté |
ne pas envoyer de mail | no contactar | No contactar más | baja | dado de baja | se dio de baja |
ha solicitado la baja | no escribir | no quiere recibir correos | no enviar más correos | lista negra |
consentimiento retirado | pidió ser eliminado de la lista | no desea ser contactado | Lista Robinson |
non contattare | da non contattare | disiscritto | non vuole essere contattato | consenso revocato |
ha chiesto la cancellazione | lista nera | non scrivere più | non desidera ricevere comunicazioni |
cancellato dalla newsletter | niet contacteren | niet meer mailen | afgemeld | uitgeschreven |
wil geen mail meer ontvangen | geen contact meer | toestemming ingetrokken | heeft bezwaar gemaakt |
niet benaderen | van de lijst gehaald | geen e-mails sturen | zwarte lijst | nie kontaktować |
nie kontaktować się | proszę nie pisać | wypisany | wypisał się z newslettera | zgoda wycofana | wycofał zgodę |
nie życzy sobie kontaktu | czarna lista | prosi o usunięcie danych z bazy | nie wysyłać maili |
sprzeciw wobec przetwarzania | não contactar | não contatar | não escrever | descadastrado |
took himself off | asked to be left off the list | wants nothing from us | please delete my data |
removed at own request | no longer wants info | said please stop | not on the list any more | Widerspruch am 3.4. |
Löschung verlangt | verbittet sich weitere Mails | à supprimer | si è cancellata | wil niet benaderd worden |
wenst niet gecontacteerd te worden | Opt-outs |
people who must not get mail | Ausschlussliste | Exclusion list | no-mail list | À exclure | Ne pas envoyer à |
Non inviare a | Niet sturen naar | Nie wysyłać do | Não enviar para | No enviar a | Robinsonliste | Removed contacts |
Former subscribers | Left the list | Abmeldungen | Afmeldingen | DNC list | Gesperrte Adressen |
não quer receber e-mails | consentimento retirado | pediu para ser removida da lista | não enviar mais e-mails |
lista negra | subscrição cancelada | não deseja ser contactado | pediu remoção
"""
BOUNCED = """
bounced | hard bounce | E-Mail unzustellbar | Adresse ungültig | mail came back | adresse invalide |
correo rebotado | indirizzo errato | e-mail kwam terug | mail wrócił | endereço inválido | user unknown |
undeliverable | Tote Adressen | Adresses invalides | Indirizzi errati | Ongeldige adressen | Błędne adresy |
Endereços inválidos | Direcciones inválidas
"""
ASK = """
ne pas contacter avant janvier | do not contact until March 2027 | nicht vor Februar anschreiben |
not interested | kein Interesse | pas intéressé | no le interesa | non interessato | geen interesse |
nie jest zainteresowany | não interessado | only by phone | do not contact by phone before 9 |
bitte nicht im Sommer | deceased | sagt: "nein"; später nochmal | ~~Open Roads~~ | no contactar hasta enero |
non contattare prima di marzo | niet mailen voor 1 februari | nie pisać przed styczniem |
não contactar antes de janeiro | unsubscribed but wants the annual report | nur telefonisch | décédé |
nessuna mail | no contact | kein Kontakt | replied: no | hat mit Nein geantwortet, nein gesagt |
a répondu non le 12/09 | respondió que no | ha detto di no | heeft nee gezegd | odpowiedziała nie | respondeu não
"""
NOTHING = """
Do not hesitate to contact us | n'hésitez pas à nous contacter | never contacted before | not yet contacted |
Contacted 3 May - no reply | has not opted out | zögern Sie nicht, uns zu schreiben | noch nicht kontaktiert |
They fund open source; budget 2M | Works on cycling. Met in 2024. | info@x.example | Policy team |
Not for profit | nonprofit | No website | no email address found | Nordic | nicht eingetragener Verein | Do-Tank |
Press office | Contact via form | our strongest ally | ONG | sans but lucratif | sem fins lucrativos |
sin ánimo de lucro | organizzazione senza scopo di lucro | zonder winstoogmerk | Community Interest Company |
bitte nicht weitergeben | Liste 2026 (bitte nicht weitergeben!) | please do not share this list |
liste interne, ne pas partager | non condividere la lista | à contacter | à relancer |
Stop the Bomb campaign | Amnesty International | Casa Aberta | Greenpeace | member since 2019 | prioridad baja |
Baja California | Remove barriers for cyclists | Anti-spam working group | Data protection officer |
wrote a study on consent | campaigns against tracking | They call for a stop to deforestation | unsubscribed: no
"""
CELLS_NO = """
Do Not Email = 1 | No Bulk Emails (User Opt Out) = 1 | UNSUB_TIME = 2025-02-02 |
UNSUB_REASON = NO_LONGER_INTERESTED | donotContact = TRUE | doNotEmail = 1 | Email Opt Out = 1 |
HasOptedOutOfEmail = true | Subscription status = unsubscribed | Consent = withdrawn |
Unsubscribed from all email = Yes | hs_email_optout = true | hs_email_optout_12345 = true |
emailBlacklisted = true | BLOCKLISTED = 1 | On Hold = On Hold Opt Out | Status = DO NOT CONTACT |
Status = unsubscribed 3 May 2025 | Status = abgemeldet | Group Membership = * myContacts ::: Do not email |
Categories = Unsubscribed;Press | TAGS = "VIP","Do Not Contact" | Labels = Opted out ::: * myContacts |
Custom 1 = do not mail | Privacy = Do not email | Abgemeldet = ja | Abgemeldet am = 3.5.2025 |
Nicht anschreiben = x | Ne pas contacter = oui | No contactar = sí | Baja = sí | Einwilligung = widerrufen |
Consentement = retiré | Consentimiento = revocado | Toestemming = ingetrokken | Zgoda = wycofana |
Consenso = revocato | Consentimento = retirado | Opted out of email: Marketing Information = true | DNC = x |
Notes = DO NOT CONTACT, asked us in 2025 | Email permission = denied | email_marketing = unsubscribed |
dontMail = 1 | dnc_email = 1 | dnc_email = Unsubscribed
"""
CELLS_BOUNCED = """
CLEAN_TIME = 2025-02-02 10:00:00 | CLEAN_CAMPAIGN_TITLE = Launch | Email hard bounce reason = UNKNOWN_USER |
Invalid email address = true | EmailBouncedReason = 550 no such user | EmailBouncedDate = 2025-01-01 |
On Hold = On Hold Bounce | Status = cleaned | Bounced = yes | Bounces = 3 | pi__pardot_hard_bounced__c = 1
"""
CELLS_ASK = """
Kein Newsletter = x | Contact preference = Phone only |
E-Mail-Verteiler = nein |
Subscribed = no | Consent = no | Marketing contact status = Non-marketing contact | OPT_IN = 0 | On Hold = 1 |
Is Deceased = 1 | Newsletter = nein | Do not contact = until March 2027 | Do not contact = by phone |
Email Address Quarantined = true | May we contact? = no | Accepts Marketing = no | Contact status = inactive
"""
CELLS_NOTHING = """
Kein Newsletter = nein | Werbesperre = nein |
Do Not Email = 0 | dnc_email = 0 | OPTIN_TIME = 2024-01-01 |
doNotEmail = false | HasOptedOutOfFax = true | Do Not Call = 1 |
DoNotCall = 1 | Subscription status = subscribed | Consent = yes | Marketing contact status = Marketing contact |
smsBlacklisted = true | EMAIL_BLACKLISTED = 0 | OPT_IN = 1 | OPT_IN = 2 | DOUBLE_OPT-IN = 1 | On Hold = No |
Do Not Phone = 1 | Do Not Sms = 1 | Do Not Trade = 1 | Status = Open - Not Contacted | Nicht anschreiben = nein |
Désinscrit = non | Newsletter = weekly | Einwilligung = erteilt | Zgoda = tak | Bounce count = 0 |
Do not contact = n/a | Opt-out = opt-in | Sends Since Last Engagement = 3 |
Email Confirmation Status = confirmed | Legal basis for processing contact's data = Not applicable |
Country = NO | Kind = NGO | Tier = 0 | Phone = 0 | Member status = archived
"""
CELLS_CONTACTED = """
Status = Contacted 3 May - no reply | Status = Working - Contacted | Last Contacted = 2025-05-03 |
Stand = angeschrieben 3. Mai 2025 | Kontaktiert am = 03.05.2025
"""
CELLS_DECLINED = """
Status = Declined | Status = Abgelehnt am 3.5.2025 | Statut = refusé
"""
CELLS_ANSWERED = """
Status = Replied 4 May | Statut = a répondu le 3 mai 2026 | Statut = a répondu
"""
UNTIL = """
do not contact until March 2027 |
nicht vor Februar anschreiben | niet mailen voor 1 februari | do not contact before 15 June 2027 |
nicht vor dem 1. März anschreiben | bitte erst ab 1. März anschreiben | contact only after 1 March
"""


def each(lines: str) -> list[str]:
    return [part.strip() for part in re.split(r"[|\n]", lines) if part.strip()]


def wrong(lines: str, expected: Says | None) -> list[tuple[str, Says | None]]:
    read = [(text, read_text(text, TODAY)) for text in each(lines)]
    return [(text, got and got.says) for text, got in read if (got and got.says) is not expected]


def test_whoever_asks_for_no_mail_in_words_of_eight_languages_gets_none() -> None:
    assert not wrong(NO, Says.NO)


def test_an_address_that_is_dead_is_said() -> None:
    assert not wrong(BOUNCED, Says.BOUNCED)


def test_words_that_leave_a_doubt_hold_the_letter_until_a_person_decides() -> None:
    assert not wrong(ASK, Says.ASK)


def test_what_says_nothing_of_the_kind_holds_nobody() -> None:
    assert not wrong(NOTHING, None)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(name, says, id=str(says))
        for name, says in (
            (CELLS_NO, Says.NO), (CELLS_BOUNCED, Says.BOUNCED), (CELLS_ASK, Says.ASK), (CELLS_NOTHING, None),
            (CELLS_CONTACTED, Says.CONTACTED), (CELLS_DECLINED, Says.DECLINED), (CELLS_ANSWERED, Says.ANSWERED),
        )
    ],
)  # fmt: skip
def test_the_columns_of_other_tools_mean_what_they_mean_there(lines: str, expected: Says | None) -> None:
    pairs = [text.partition(" = ") for text in each(lines)]
    read = [(label, value, read_cell(label, value, TODAY)) for label, _, value in pairs]
    assert not [(label, value, got) for label, value, got in read if (got and got.says) is not expected]


def test_a_day_until_which_to_wait_is_the_next_such_day() -> None:
    read = read_text("ne pas contacter avant janvier", TODAY)
    assert read is not None
    assert (read.says, read.until) == (Says.ASK, date(2027, 1, 1))
    assert [found.until for found in (read_text(text, TODAY) for text in each(UNTIL)) if found] == [
        date(2027, 3, 1), date(2027, 2, 1), date(2027, 2, 1), date(2027, 6, 15),
        date(2027, 3, 1), date(2027, 3, 1), date(2027, 3, 1),
    ]  # fmt: skip


def test_the_day_of_an_event_is_the_last_such_day() -> None:
    contacted = read_cell("Status", "Contacted 3 May - no reply", TODAY)
    assert contacted is not None
    assert (contacted.says, contacted.on) == (Says.CONTACTED, date(2026, 5, 3))


def test_do_not_mail_beside_do_not_email_is_about_letters_on_paper() -> None:
    assert not read_row([("Do Not Email", "0"), ("Do Not Mail", "1")], TODAY)
    assert [found.says for found in read_row([("Do Not Mail", "1")], TODAY)] == [Says.NO]


def test_the_strongest_words_stand_first() -> None:
    row = [("Status", "Contacted 3 May"), ("Notes", "not interested"), ("Opt-out", "yes")]
    assert [found.says for found in read_row(row, TODAY)] == [Says.NO, Says.ASK, Says.CONTACTED]


def test_no_phrase_is_lost_by_the_quick_look_that_comes_first() -> None:
    for tag, table in _tables():
        for key in ("no", "maybe", "bounced"):
            for phrase in table[key]:
                for pick in (0, -1):
                    text = example(phrase, pick)
                    assert compiled([phrase]).search(folded(text)), (tag, phrase, text)
                    assert any(gram in folded(text) for gram in _grams(phrase)), (tag, phrase, text)


def example(phrase: str, pick: int) -> str:
    """A text that the phrase means, with the first or the last of its alternatives."""
    words = []
    for token in re.findall(r"\((?:[^()]|\([^()]*\))*\)\??\S*|\S+", phrase):
        if token == "*":
            words.append("x")
        elif not token.endswith("?"):
            inner = re.sub(r"\(([^()|]*)[^()]*\)\??", r"\1", token[1:-1]) if token.startswith("(") else token
            words.append(inner.split("|")[pick].replace("*", ""))
    return " ".join(words)


def test_every_complete_language_has_the_same_lists() -> None:
    keys = {tag: set(table) for tag, table in _tables()}
    assert set(keys) >= {"de", "en", "es", "fr", "it", "nl", "pl", "pt"}
    assert all(found == keys["en"] for found in keys.values())


@pytest.mark.parametrize(
    "words",
    "vill inte bli kontaktad | avregistrerad | ønsker ikke at blive kontaktet | afmeldt | ei saa ottaa yhteyttä | "
    "už nekontaktovat | odhlášen z odběru | neželajú si ďalšie maily | ne kontaktirati | kérik, hogy ne írjunk | "
    "leiratkozott | nu mai dorește emailuri | απεγγραφή | отписан | не писать | не писати | atsisakė naujienlaiškių | "
    "ei soovi kirju | yazılmasın | عدم الاتصال | הוסר | 请勿联系 | 連絡不可 | 연락 금지".split(" | "),
)
def test_a_no_is_known_in_every_language_of_the_mailbox(words: str) -> None:
    read = read_text(words, TODAY)
    assert read is not None
    assert read.says is Says.NO


def test_every_language_of_the_mailbox_has_words_for_a_no_in_lists() -> None:
    assert not [tag for tag, table in _tables() if not table["no"]]


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_is_read_without_a_fault_and_twice_alike(label: str, text: str) -> None:
    assert read_cell(label, text, TODAY) == read_cell(label, text, TODAY)
    assert read_text(f"{label}: {text}", TODAY) == read_text(f"{label}: {text}", TODAY)


@given(
    st.sampled_from(["DO NOT CONTACT", "unsubscribed", "Nicht anschreiben", "désinscrit"]),
    st.text("xyz ,", max_size=30),
)
def test_words_around_a_no_never_take_it_away(no: str, around: str) -> None:
    read = read_text(f"{around} {no} {around}", TODAY)
    assert read is not None
    assert read.says in (Says.NO, Says.ASK)
