"""Words by which machines and people can be told apart, in the languages of the EU and some more.

Data, not rules: each list is used by one rule of `sorting`. Subjects are compared at their beginning, behind no
`Re:`, since a person may well answer to "Out of office".
"""

from __future__ import annotations

AUTOMATIC_SUBJECTS = (
    "automatic reply", "auto reply", "auto-reply", "autoreply", "automated reply", "auto response", "autoresponse",
    "out of office", "out of the office", "i am away", "automatische antwort", "automatische reaktion",
    "ich bin nicht im büro", "nicht im büro", "réponse automatique", "reponse automatique", "hors du bureau",
    "respuesta automática", "respuesta automatica", "fuera de la oficina", "risposta automatica", "fuori ufficio",
    "automatisch antwoord", "resposta automática", "resposta automatica", "fora do escritório",
    "automatyczna odpowiedź", "autoodpowiedź", "poza biurem", "automatické odpovědi", "automatická odpověď",
    "mimo kancelář", "automatická odpoveď", "mimo kancelárie", "autosvar", "automatiskt svar", "ej på kontoret",
    "automatisk svar", "ikke på kontoret", "automaattinen vastaus", "automaatvastus", "kontorist väljas",
    "automātiskā atbilde", "ārpus biroja", "automatinis atsakymas", "ne biure", "automatikus válasz", "házon kívül",
    "răspuns automat", "raspuns automat", "în afara biroului", "αυτόματη απάντηση", "εκτός γραφείου",
    "автоматичен отговор", "извън офиса", "automatski odgovor", "izvan ureda", "samodejni odgovor",
    "samodejen odgovor", "tweġiba awtomatika", "barra mill-uffiċċju", "freagra uathoibríoch", "as oifig",
    "автоматический ответ", "автоматична відповідь", "otomatik yanıt", "自動返信",
)  # fmt: skip

AWAY_SUBJECTS = (
    "away from", "absence", "absent", "en congé", "ausente", "ausencia", "assenza", "assente", "afwezig",
    "afwezigheid", "ausência", "nieobecność", "nepřítomnost", "neprítomnosť", "frånvaro", "frånvarande", "fraværende",
    "fravær", "poissa", "poissaolo", "lomalla", "puhkusel", "prombūtne", "atostogos", "szabadságon", "concediu",
    "απουσία", "отсъствие", "odsutan", "odsotnost", "odsoten", "abwesenheit", "abwesend", "im urlaub", "on leave",
    "on vacation", "on holiday", "不在",
)  # fmt: skip
"""Words that a person may begin a subject with as well: they count only where the text says that somebody is away."""

AWAY_TEXTS = (
    "out of office", "out of the office", "i am away", "i'm away", "currently away", "on annual leave", "on leave",
    "on vacation", "on holiday", "limited access to", "no access to my email", "not in the office", "nicht im büro",
    "außer haus", "im urlaub", "abwesend", "nicht erreichbar", "absent", "en congé", "hors du bureau",
    "fuera de la oficina", "de vacaciones", "ausente", "fuori ufficio", "in ferie", "assente", "niet aanwezig",
    "afwezig", "met vakantie", "fora do escritório", "de férias", "poza biurem", "na urlopie", "nieobecn",
    "mimo kancelář", "mimo kancelárie", "na dovolené", "na dovolenke", "inte på kontoret", "på semester",
    "frånvarande", "på ferie", "ikke på kontoret", "fraværende", "poissa", "lomalla", "puhkusel", "prombūtn",
    "atvaļinājum", "atostog", "szabadság", "nem vagyok elérhető", "concediu", "εκτός γραφείου", "απουσιάζω", "άδεια",
    "отпуск", "извън офиса", "na godišnjem", "odsut", "odsoten", "na dopustu", "bil-leave", "ar saoire", "不在",
)  # fmt: skip

TICKET_SUBJECTS = (
    "ticket", "case #", "case number", "request received", "we have received your", "we received your",
    "thank you for contacting", "thanks for contacting", "thank you for your message", "your request",
    "support request", "eingangsbestätigung", "ihre anfrage", "wir haben ihre", "anfrage erhalten",
    "accusé de réception", "accuse de reception", "nous avons bien reçu", "votre demande", "acuse de recibo",
    "hemos recibido", "conferma di ricezione", "abbiamo ricevuto", "ontvangstbevestiging", "wij hebben uw",
    "confirmação de receção", "recebemos", "potwierdzenie", "bekräftelse", "kvittering", "vahvistus",
    "potvrzení", "potvrdenie",
)  # fmt: skip

CHALLENGES = (
    "confirm your message", "confirm that you", "verify your email to deliver", "please confirm your email",
    "click the link below to deliver", "boxtrapper", "spamarrest", "your message requires verification",
    "to complete the delivery", "bestätigen sie ihre nachricht", "confirmez votre message", "sender verification",
)  # fmt: skip

DAEMONS = (
    "mailer-daemon", "postmaster", "mail-daemon", "maildaemon", "mailerdaemon", "mail delivery", "mdaemon",
    "bounce", "bounces", "noreply-bounce", "microsoftexchange",
)  # fmt: skip

BOUNCE_SUBJECTS = (
    "undelivered mail returned to sender", "undeliverable", "undelivered", "delivery status notification (failure)",
    "mail delivery failed", "mail delivery failure", "delivery failure", "delivery failed", "failure notice",
    "returned mail", "returned to sender", "message not delivered", "could not be delivered", "mail system error",
    "non remis", "non distribuable", "unzustellbar", "nicht zustellbar", "zustellung fehlgeschlagen",
    "no se puede entregar", "no entregado", "mancata consegna", "impossibile recapitare", "onbestelbaar",
    "niet bezorgd", "não entregue", "niedostarczalne", "nedoručiteľné", "nedoručitelné", "kan inte levereras",
    "kunne ikke leveres", "ei toimitettu", "kézbesíthetetlen", "nu a putut fi livrat", "недоставено", "αδύνατη η παράδοση",
    "message delivery has failed", "email delivery failure", "delivery notification: delivery has failed",
    "mail could not be delivered", "mail not delivered", "mail delivery problem", "error during delivery",
    "delivery status notification", "mail failed", "failed mail", "non-delivery", "mail error", "failure delivery",
    "message could not be delivered", "your message wasn't delivered", "address not found",
)  # fmt: skip

BOUNCE_WORDS = (
    "user unknown", "unknown user", "no such user", "user doesn't exist", "user does not exist", "mailbox unavailable",
    "mailbox not found", "mailbox is full", "mailbox full", "over quota", "quota exceeded", "recipient rejected",
    "recipient address rejected", "address rejected", "does not exist", "permanent error", "permanent fatal errors",
    "this is a permanent error", "i'm afraid i wasn't able to deliver", "could not be delivered to",
    "delivery to the following recipient", "delivery has failed to these recipients", "relay access denied",
    "host or domain name not found", "unrouteable address", "account has been disabled", "mailbox disabled",
    "blocked using", "message rejected", "rejected by", "550 ", "552 ", "553 ", "554 ", "5.1.1", "5.2.1", "5.2.2",
)  # fmt: skip

SOFT_WORDS = ("mailbox full", "mailbox is full", "over quota", "quota exceeded", "4.2.2", "5.2.2", "552 ", "too large")
DELAY_WORDS = (
    "delayed", "delay", "warning: message", "still being retried", "has not yet been delivered", "will be retried",
    "will keep trying", "no action is required on your part", "verzögert", "retardé", "message delivery is delayed",
    "delivery status notification (delay)",
)  # fmt: skip

OPT_OUTS = (
    "please remove me", "remove me from", "take me off", "unsubscribe me", "please unsubscribe", "stop emailing me", "stop emailing us", "stop emailing",
    "stop contacting me", "stop contacting us", "do not contact me", "do not contact us", "don't contact me", "don't contact us", "do not email me", "do not email us", "don't email me", "do not write to me", "do not write to us",
    "no further emails", "no more emails", "never contact me", "never contact us", "opt me out", "opt us out", "wish to opt out", "like to opt out", "want to opt out", "remove our address", "remove our organisation", "remove us",
    "please delete my", "delete our address", "delete my address", "nehmen sie mich", "nehmen sie uns",
    "keine weiteren e-mails", "keine weiteren mails", "keine e-mails mehr", "keine mails mehr", "austragen",
    "von ihrer liste", "aus ihrem verteiler", "aus dem verteiler", "schreiben sie uns nicht mehr",
    "ne plus recevoir", "retirer de votre liste", "me désinscrire", "désinscrivez", "ne nous contactez plus",
    "ne me contactez plus", "darme de baja", "denme de baja", "dar de baja", "no me escriban más", "no nos escriban",
    "cancellatemi", "cancellarmi", "rimuovetemi", "non contattatemi", "non scriveteci", "uitschrijven",
    "verwijder mij", "verwijder ons", "geen e-mails meer", "remova-me", "remover o meu", "não me contacte",
    "proszę o usunięcie", "proszę usunąć", "wypisać", "ta bort mig", "avregistrera", "fjern mig", "fjern meg",
    "afmeld", "poistakaa", "poista minut", "odhlásit", "odhlásiť", "leiratkozás", "dezabonare", "dezabonați",
    "отпишете", "διαγραφή", "odjava", "odjavite",
)  # fmt: skip
OPT_OUT_WORDS = frozenset(("unsubscribe", "stop", "remove", "abmelden", "désinscription", "baja", "cancella"))
"""A whole answer of one of these words is an opt-out."""

INSTEAD = (
    "please contact", "please write to", "please email", "please e-mail", "please send", "get in touch with", "write to",
    "contact instead", "the right person", "right address", "responsible for", "no longer work", "left the organisation",
    "has left", "better placed", "please direct", "forward this to", "reach out to", "wenden sie sich", "zuständig",
    "schreiben sie", "richten sie", "kontaktieren sie", "arbeitet nicht mehr", "veuillez contacter", "veuillez écrire",
    "adressez", "merci de contacter", "ne travaille plus", "póngase en contacto", "escriba a", "diríjase", "ya no trabaja",
    "contattare", "scrivere a", "rivolgersi", "non lavora più", "neem contact op", "contacteer", "stuur", "werkt niet meer",
    "contacte", "escreva para", "dirija-se", "prosimy o kontakt", "proszę pisać", "kontakta", "kontakt", "skriv til", "ota yhteyttä",
)  # fmt: skip

RETURNS = (
    "until", "back on", "back in the office on", "return on", "returning on", "returning", "return to the office on", "through",
    "bis zum", "bis einschließlich", "bis", "zurück am", "wieder am", "wieder ab", "ab dem", "jusqu'au", "de retour le",
    "à partir du", "reviendrai le", "hasta el", "hasta", "de vuelta el", "a partir del", "fino al", "rientro il", "rientrerò il",
    "sarò di nuovo", "tot en met", "t/m", "tot", "terug op", "weer op", "até", "de volta a", "regresso a", "do dnia", "do",
    "wracam", "till och med", "t.o.m.", "till", "tillbaka", "til og med", "indtil", "tilbage den", "asti", "takaisin", "saakka",
    "kuni", "līdz", "iki", "ig", "până la", "până pe", "μέχρι", "έως", "до", "dok", "vraćam se",
)  # fmt: skip

MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar januari janvier enero ene gennaio gen janeiro styczen stycznia ledna januára tammikuuta jaanuar janvāris sausio január ianuarie ιανουαρίου януари siječnja januarja",
            "february feb februar februari février fevrier febrero febbraio fevereiro fev luty lutego února februára helmikuuta veebruar februāris vasario február februarie φεβρουαρίου февруари veljače februarja",
            "march mar märz maerz mars marzo março marco maart marca marzec března maaliskuuta märts marts kovo március martie μαρτίου март ožujka",
            "april apr avril abril abr aprile kwietnia kwiecień dubna apríla huhtikuuta aprill aprīlis balandžio április aprilie απριλίου април travnja aprila",
            "may mai mayo maggio mag maio mei maj maja května mája toukokuuta maijs gegužės május μαΐου май svibnja",
            "june jun juni juin junio giugno giu junho czerwca června júna kesäkuuta juuni jūnijs birželio június iunie ιουνίου юни lipnja junija",
            "july jul juli juillet julio luglio lug julho lipca července júla heinäkuuta juuli jūlijs liepos július iulie ιουλίου юли srpnja julija",
            "august aug août aout agosto ago augustus augusti sierpnia srpna augusta elokuuta augusts rugpjūčio augusztus αυγούστου август kolovoza avgusta",
            "september sep sept septembre septiembre settembre set setembro september września září septembra syyskuuta septembris rugsėjo szeptember septembrie σεπτεμβρίου септември rujna",
            "october oct oktober okt octobre octubre ottobre ott outubro października října októbra lokakuuta oktoober oktobris spalio október octombrie οκτωβρίου октомври listopada oktobra",
            "november nov novembre noviembre novembro listopad listopadu novembra marraskuuta novembris lapkričio noiembrie νοεμβρίου ноември studenoga",
            "december dec dezember dez décembre decembre diciembre dic dicembre dezembro grudnia prosince decembra joulukuuta detsember decembris gruodžio decembrie δεκεμβρίου декември prosinca",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
