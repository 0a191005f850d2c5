"""A refusal in words that no list foresaw is asked about; a remark with a "not" in it that refuses nothing is not."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.intake.no_means_no import Says, read_cell, read_text

TODAY = date(2026, 11, 30)
HOLDS = (Says.NO, Says.ASK)

REFUSED = """
told me on the phone he'd rather not hear from us | has had enough of our newsletters |
did not like being written to, drop | legal dept says we may not write to them again |
they'd prefer that we go through their agency, no direct mails | sent a cease and desist |
reached retirement, doesn't want anything more | hat gebeten, keine Infos mehr zu bekommen | bitte rausnehmen |
hat sich über unsere Mails beschwert | möchte in Zukunft verschont werden | Zustimmung zurückgezogen |
wünscht keine Werbung | hat um Streichung gebeten | bitte nichts mehr schicken |
ne veut plus entendre parler de nous | souhaite être retiré du fichier | plus aucun envoi |
s'est plaint de nos courriels | demande à sortir de la liste de diffusion | laisser tranquille |
nos ha pedido que lo dejemos en paz | no molestar | ya no quiere saber nada de nosotros |
se quejó de nuestros mensajes | retiró su consentimiento | ha pedido que no la contattiamo più |
togliere dalla lista | preferisce non essere contattata | ha revocato il consenso | basta mail |
has told two of us now to go away | keep her name, drop her from the mailing |
our mails annoy them, last one returned with an angry note | pls cross off |
not to be written to under any circumstances | asked for erasure under GDPR |
had asked in 2024 never to hear from us | Mail nervt ihn, bitte lassen |
legt auf, wenn wir anrufen, will auch keine Post | darf nicht mehr kontaktiert werden (Rechtsabteilung) |
hat sich austragen lassen | bat darum, seine Daten zu vernichten | schreibt, wir sollen aufhören |
Kontakt nur noch postalisch | a menacé de porter plainte si on réécrit | veut qu'on lui fiche la paix |
ôter du listing | ne plus importuner | a cliqué sur se désinscrire | contact à proscrire |
nos mandó a paseo, no insistir | que no se le escriba más | borrar de todas las listas |
solicita no ser contactado de nuevo | únicamente correo postal | dice que basta | ci ha diffidati dallo scrivere |
si è tolto dalla newsletter | cancellare dai contatti | da escludere dagli invii |
letters only please | asked us not to mail | no more newsletters | pls stop emailing her | opted for silence in 2022 |
left the list last year | unsubscribed in 2023 | not to be written to | has told us never to call again | phone only |
wants off the list | had enough of our mails | möchte nur Briefpost | will keine Post mehr von uns |
nicht mehr anschreiben | hat sich im Mai abgemeldet | bitte nie wieder anrufen | aus dem Verteiler nehmen |
nur per Telefon | wünscht keinen Kontakt | Newsletter abbestellt | lehnt Zusendungen ab |
ne veut plus recevoir nos courriels | s'est désinscrit en mars | ne jamais appeler | courrier papier uniquement |
à retirer de la liste | plus de mails svp | ne souhaite pas être contactée | par téléphone seulement |
ha pedido no recibir más correos | dada de baja en 2022 | no escribir | solo por carta | no quiere que la llamemos |
sin boletines, por favor | quitar de la lista | non vuole più ricevere mail | non scrivere |
si è cancellata dalla lista | solo posta cartacea | mai telefonare | togliere dalla lista | niente newsletter |
wil geen mail meer ontvangen | niet meer bellen | heeft zich uitgeschreven | alleen per post | nieuwsbrief opgezegd |
van de lijst halen | nie chce dostawać maili | prosi, żeby nie dzwonić | wypisała się z listy | tylko listem |
bez newslettera proszę | não quer receber mais e-mails | pediu para não ligar | só por carta | cancelou a inscrição |
tirar da lista | she'd prefer we left her alone | don't bother with email |
told Marta on the phone he'd rather not hear from us | no post | letters yes, mails no |
never again after the last mailing | our mails are unwelcome here | not for the mailing | skip for mailings |
off the mailing list since May | took offence at our letter, leave out | ended her subscription |
hat genug von unseren Rundbriefen | bitte streichen | keine Anrufe, keine Mails | will nichts mehr von uns hören |
nicht mehr auf die Liste setzen | Rundbrief gekündigt | wollte nicht in den Verteiler | bitte keine Einladungen mehr |
Mails unerwünscht | nur postalisch erreichbar, so gewünscht | ne pas inscrire sur la liste |
ne veut plus entendre parler de nous | stop aux mails | sortie de la liste de diffusion en juin |
ne désire pas de lettre d'information | ne plus inviter | pas de relance | refuse nos courriers |
que no le enviemos nada | no mandar invitaciones | no quiere saber nada de nosotros | se borró del boletín |
no volver a llamar | prefiere que no le contactemos | únicamente por teléfono | basta di mail | non mandare inviti |
non vuole stare nella lista | ha chiesto di essere tolto | uscita dalla mailing list | solo per telefono |
preferisce non essere contattata | wil niet gebeld worden | niet uitnodigen | geen brieven | liever geen mail |
stond op de lijst, wil eraf | heeft de nieuwsbrief stopgezet | nie zapraszać | nie życzy sobie telefonów |
zrezygnowała z listy | prosi o wykreślenie | kontakt tylko telefoniczny | não convidar | não mandar nada |
não quer que liguemos | saiu da lista | prefere não ser contactado |
does not wish further correspondence of any sort | email is a no-go for her | please spare him our circulars |
prefers that we don't get in touch | only reachable by letter, her wish | stop the reminders | cut from all mailings |
keine weitere Kontaktaufnahme erwünscht | hat um Ruhe gebeten | bitte von Zusendungen absehen |
will von uns nicht angesprochen werden | hat den Rundbrief gestoppt | lassen Sie sie aus dem Verteiler |
ne veut pas de nos messages | préfère le courrier au mail | nous a demandé d'arrêter | pas d'appels s'il vous plaît |
enlever de l'infolettre | no quiere estar en la lista | rechaza nuestros correos | que no la volvamos a invitar |
prefiere carta | non gradisce i nostri messaggi | vuole solo lettere | togliere dagli invii |
non disturbare per mail | wil niet meer op de lijst | stuur haar niets meer | heeft liever geen telefoontjes |
nie chce być na liście | proszę nie przysyłać zaproszeń | woli list | não gosta de receber e-mails |
deixar de enviar | prefere só cartas |
asked to be dropped from our mailings | says he gets too much mail already | will not read anything we send |
please, no circulars | contact unwanted since 2021 | wished not to be contacted by campaigns |
didn't want another letter | cancelled the bulletin last autumn | Adresse nicht mehr verwenden |
bitte keine Rundschreiben | möchte nicht mehr eingeladen werden | hat sich Anrufe verbeten |
aus der Liste ausgetreten | wünscht nur Briefe | ne pas diffuser de messages | ne veut aucun courrier |
souhaite sortir de la liste | ne répond pas et ne veut pas de mails | no desea llamadas | quiere salir de la lista |
que no se le mande nada | pide silencio | chiede di non ricevere inviti | non vuole telefonate | preferisce la posta |
niente inviti | wil geen uitnodigingen | nooit meer aanschrijven | heeft zich van de lijst laten halen |
nie chce zaproszeń | nie wysyłać zaproszeń | wypisana w 2022 | não quer convites | nunca mais ligar |
quer sair da lista | sem convites, por favor
"""
INNOCENT = """
hat sich über unsere Broschüre gefreut | complained about the cycle path, keen to help |
will im Herbst mehr hören | wants to hear more in autumn | souhaite être tenu informé |
ne connaît pas encore notre projet | demande un rendez-vous en mars | quiere recibir más información |
pide folletos en papel | vuole saperne di più | chiede una copia del rapporto | bitte Infos schicken |
aus der Liste des Ministeriums | on the list of speakers | never met, but reads our newsletter |
not yet decided, call again in May | keine Antwort bisher | pas encore de réponse | sin respuesta aún |
non ha ancora risposto | hat keine Zeit für Interviews im Juli | retired teacher, chairs the group |
campaigns against the removal of benches | lehnt den Ausbau der A100 ab | s'oppose au projet d'autoroute |
contra la tala de árboles | contrario alla diga | letters page editor | solo exhibitions and concerts |
Briefträger, kennt alle im Ort | nur vormittags erreichbar | joignable le matin uniquement |
disponible por las tardes | asked for two copies of the brief | annoyed about the road works |
wants the petition to stop the motorway | removed from office in 2019 | prefers meetings in the morning |
keine Zusage, aber freundlich | hat den Brief bekommen und will unterstützen | kündigt neue Studie an |
Anwalt für Umweltrecht | leitet die Post intern weiter | Postfach wird täglich gelesen |
liest unseren Newsletter | a demandé deux affiches | veut participer à la réunion | écrit pour la presse locale |
porte plainte contre la pollution | listes électorales: tête de liste | pide que le llamemos |
escribe en el periódico local | denuncia la contaminación del río | en la lista de candidatos |
ha chiesto materiale | scrive per il giornale locale | contattare la segreteria |
cancellata la riunione di maggio | Robinson Crusoe Theatre | Stop Ecocide Foundation | Basta! média indépendant |
Non Una Di Meno | Silent Majority Records | No Borders Network | Keine Macht den Drogen e.V. |
Aufstehen gegen Rassismus |
no email known | no contact person | no reply yet | not contacted yet | did not answer our email |
no. 12, list of members | we have not written to them yet | no newsletter signup needed | not a member |
never met, but reads our newsletter | not sure if this is the right contact | no phone number on the website |
contact form does not work without JavaScript | their mailing list is not public | works without an email address |
call not yet scheduled | not in our list last year | keine E-Mail-Adresse | noch nicht kontaktiert |
hat auf unsere Mail nicht geantwortet | kein Ansprechpartner bekannt | Telefonnummer nicht gefunden |
noch keine Antwort auf den Brief | nicht auf der Liste von 2022 | nie persönlich getroffen, nur per Mail gesprochen |
ohne Kontaktformular | schreibt nicht über Software | Anruf ohne Ergebnis | pas d'adresse mail | pas encore contacté |
n'a pas répondu à notre courriel | aucun contact connu | sans téléphone | ne figure pas dans la liste de 2022 |
n'écrit plus sur ce sujet | pas de formulaire de contact | sin correo conocido | aún no contactado |
no respondió a nuestro correo | no hay persona de contacto | no está en la lista de 2022 | nunca hemos escrito |
no escribe sobre software | non ancora contattati | nessun indirizzo mail | non ha risposto alla mail |
senza telefono | non scrive di software | non è nella lista 2022 | mai incontrata di persona, contatto di Anna |
geen e-mailadres bekend | nog niet benaderd | heeft niet op onze mail geantwoord | geen contactpersoon |
staat niet op de lijst van 2022 | brak adresu e-mail | jeszcze nie kontaktowaliśmy się | nie odpowiedziała na maila |
sem e-mail conhecido | ainda não contactado | no website, write to info@ | contact form not working last time |
does not speak English, write in German | never replied to letters | newsletter is not free |
no need to call before the visit | mail server was down, not reachable | not the right person, contact Ms Weber |
list incomplete, not checked | not on Mastodon, send by email | could not find a newsletter |
we did not call them last year | no invitation received so far | no objection to being contacted |
does not mind getting mail | without a letter from us they will not act | they have not sent their list |
just a letter box company | wrote without result | keine Website, Mail an info@ |
Sekretariat nicht besetzt freitags, besser mailen | schreibt nicht selbst, Mail geht an die Assistenz |
spricht kein Englisch, auf Deutsch schreiben | Liste nicht vollständig | Verteiler noch nicht geprüft |
hat nichts gegen unsere Mails | Brief nicht angekommen | nicht zuständig, Kontakt: Frau Weber |
Einladung noch nicht verschickt | kein Newsletter vorhanden | wir haben nie geschrieben |
pas de site, écrire à info@ | ne parle pas anglais, écrire en français | n'est pas sur Mastodon | liste non vérifiée |
n'a jamais reçu notre lettre | pas responsable, contacter Mme Weber | sans nouvelles depuis la lettre de mai |
lettre pas encore envoyée | no tiene web, escribir a info@ | no habla inglés, escribir en español |
lista no comprobada | nunca recibió la carta | no es responsable, contactar con Ana |
sin noticias desde la carta de mayo | non ha un sito, scrivere a info@ | non parla inglese, scrivere in italiano |
lista non verificata | non è responsabile, contattare Anna | lettera non ancora inviata |
geen website, mail naar info@ | spreekt geen Engels, schrijf in het Nederlands | lijst niet gecontroleerd |
brief nog niet verstuurd | nie ma strony, pisać na info@ | nie mówi po angielsku, pisać po polsku |
lista niesprawdzona | não tem site, escrever para info@ | não fala inglês, escrever em português |
invites nobody before spring | knows nobody at the ministry, ask her for a list | mail only in English |
letter not signed by the chair | our letter did not reach her | not sent: letter to the minister |
they do not publish a list of members | has no list of its own | never too late to write |
we cannot call from abroad | kennt unsere Liste nicht | Brief nur auf Deutsch | nicht vergessen: Einladung schicken |
Anruf nur vormittags möglich | hat keinen Verteiler | nicht verwechseln mit Kontaktstelle Berlin |
lettre uniquement en français | ne pas oublier d'envoyer le dossier | n'a pas de liste de diffusion |
le courriel n'est pas arrivé | carta no firmada | no olvidar enviar el dossier | no tiene boletín |
non dimenticare di mandare il dossier | non ha una newsletter | niet vergeten de brief te sturen |
heeft geen nieuwsbrief | nie zapomnieć wysłać listu | nie mają newslettera | não esquecer de enviar o dossier |
não tem newsletter |
mail not encrypted | does not use social media, writes letters | not the list we wanted |
wrote no newsletter this year | contact changed, not Mr Smith any more | send nothing larger than 5 MB |
reads mail only on Mondays | prefers English | prefers to talk in person | never on time | no fax |
Kontakt über Frau Weber, nicht direkt | schickt Protokolle nie pünktlich | keine eigene Liste im Parlament |
Newsletter erscheint nicht regelmäßig | bevorzugt Englisch | antwortet nur langsam auf Mails |
écrit surtout sur le climat, pas sur le numérique | préfère l'anglais | liste pas à jour | ne travaille pas le lundi |
prefiere inglés | no trabaja los lunes, llamar martes | lista sin actualizar | preferisce l'inglese |
non lavora il lunedì, chiamare martedì | elenco non aggiornato | werkt niet op maandag, bel dinsdag |
lijst niet actueel | nie pracuje w poniedziałki, dzwonić we wtorek | woli angielski |
não trabalha à segunda, ligar terça | prefere inglês | left a message on the phone | moved, left the old address
"""
COLUMNS = """
Zgoda na kontakt: NIE | Opt-in: FALSE | Opt-in: 0 | Opt-in: - | Opt-in: ✗ | Opt-in: nein |
Darf kontaktiert werden: nein | Kontakt erlaubt: NEIN | Consentement: non | Peut-on vous écrire: non |
Consentimiento: NO | Podemos escribirle: no |
Consenso al contatto: NO | Possiamo scriverle: no | Toestemming: nee | Mogen we mailen: Nee |
Czy możemy pisać: nie | Consentimento: não | Podemos contactar: Não | Happy to be contacted: no | Wants updates: no |
Bitte nichts schicken: x
"""
QUESTIONS = """
May we add you to the mailing list? no | May we add you to the mailing list? - No. | Dürfen wir Ihnen schreiben? Nein |
Möchten Sie weiter von uns hören? nein | Pouvons-nous vous ajouter à notre liste ? Non |
¿Desea recibir información? no | ¿Podemos añadirle a nuestra lista? No |
Possiamo aggiungerla alla nostra lista? No | Wil hij bericht ontvangen? nee |
Mogen wij u op de lijst zetten? Nee | Czy możemy dodać Państwa do listy? Nie | Podemos adicioná-lo à nossa lista? Não |
Would it be okay if we kept you informed about our campaign by mail? no
"""
OTHER_QUESTIONS = """
Answered our mail? no | Contacted? no | Written to? no | Email known? no | On Mastodon? no | Spoke at the event? no |
Letter sent? no | Can speak English: no | May publish: no | Kann Deutsch: nein | Wants a meeting: no | Do not call: 0 |
Nicht anrufen: nein | May we write to you? yes | Dürfen wir Ihnen schreiben? Ja
"""


def each(lines: str) -> list[str]:
    return [part.strip() for part in lines.replace("\n", " ").split("|")]


def held(lines: str) -> set[str]:
    return {text for text in each(lines) if (said := read_text(text, TODAY)) is not None and said.says in HOLDS}


def test_whoever_refuses_in_words_of_their_own_is_held_or_asked_about() -> None:
    assert not set(each(REFUSED)) - held(REFUSED)


def test_a_remark_that_refuses_nothing_asks_nothing() -> None:
    assert not held(INNOCENT)


@pytest.mark.parametrize(
    "words",
    ["not interested and no answer needed", "no mail, answer not needed", "kein Kontakt, Telefon nicht bekannt"],
)
def test_a_fact_beside_a_doubt_takes_it_away_from_nobody(words: str) -> None:
    assert held(words)


def test_a_no_to_a_question_for_leave_holds_the_letter() -> None:
    assert not set(each(QUESTIONS)) - held(QUESTIONS)
    assert not set(each(COLUMNS)) - held(COLUMNS)
    pairs = [text.partition(": ")[::2] for text in each(COLUMNS)]
    read = [(label, value, read_cell(label, value, TODAY)) for label, value in pairs]
    assert not [(label, value) for label, value, said in read if said is None or said.says not in HOLDS]
    consent = read_cell("Opt-in", False, TODAY)  # a cell of a spreadsheet
    assert consent is not None
    assert consent.says is Says.ASK


def test_a_no_to_another_question_holds_nobody() -> None:
    assert not held(OTHER_QUESTIONS)


WORDS = [
    ("never", "invite"), ("nie", "einladen"), ("jamais", "contacter"), ("nunca", "escribir"), ("mai", "scrivere"),
    ("nooit", "sturen"), ("nigdy", "pisać"), ("nunca", "escrever"), ("only", "paper"), ("nur", "brieflich"),
]  # fmt: skip


@given(st.sampled_from(WORDS), st.lists(st.text("xyz", min_size=2, max_size=5), max_size=4))
def test_up_to_four_words_between_hide_no_refusal(pair: tuple[str, str], between: list[str]) -> None:
    said = read_text(" ".join((pair[0], *between, pair[1])), TODAY)
    assert said is not None
    assert said.says in HOLDS


@pytest.mark.parametrize("pair", WORDS, ids=" ".join)
def test_words_of_two_clauses_are_no_refusal(pair: tuple[str, str]) -> None:
    assert read_text(f"{pair[0]} xyz, {pair[1]} xyz", TODAY) is None
    assert read_text(f"{pair[0]} x y z x y z x {pair[1]}", TODAY) is None
