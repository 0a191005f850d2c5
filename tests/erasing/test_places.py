"""Places where a name does not stand as one writes it: rows of two columns, runs of a document, escapes, file names."""

from __future__ import annotations

import base64
import bz2
import io
import json
import quopri
import shutil
import unicodedata
import zipfile
from pathlib import Path

import docx
import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from outreach.history.address_marks import token_of, unsealed
from outreach.ledger import open_ledger
from outreach.ledger.address_keys import read_address_keys
from outreach.letters.mime import message_id
from outreach.model.erasure import Fate
from outreach.tasks.approving import approve
from outreach.tasks.erasing import settings
from outreach.tasks.erasing.contents import names_them
from outreach.tasks.erasing.erasing import Request, erase
from outreach.words.blanking import Needles
from tests.inbox.messages import bounce
from tests.sending.campaigns import run, said, write_campaign

NAME = "Jörg O'Qzcanary-Löwe"
FIRST, LAST = NAME.split(" ", 1)
OTHER = "Mia Andere"
ADDRESS = "jo.qzcanary@mail.example"
SECRET = "qzcanary-said"
"""What is said of them beside the name, in a cell or a line of its own."""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = write_campaign(tmp_path, contacts=1, mail="{transport: outbox, inbox: {folder: mailbox}}")
    person = {"id": "joerg", "name": NAME, "kind": "person", "tier": 0, "channels": [{"email": ADDRESS}],
              "personal_text": "Hello."}  # fmt: skip
    (root / "contacts/joerg.yaml").write_text(json.dumps(person), encoding="utf-8")
    return root


def put(root: Path, name: str, content: bytes | str) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def workbook(*rows: tuple[str, ...]) -> bytes:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made)
    sheet = book.add_worksheet("People")
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    sheet.write_comment(1, 2, SECRET)
    book.close()
    return made.getvalue()


def document() -> bytes:
    made, page = io.BytesIO(), docx.Document()
    page.core_properties.author = NAME
    page.add_paragraph("All came.")
    split = page.add_paragraph()
    for piece in (NAME[:3], NAME[3:9], NAME[9:], f" {SECRET}"):
        split.add_run(piece)
    page.add_heading(NAME, 2)
    page.add_paragraph(SECRET)
    page.add_heading("Next", 2)
    page.add_paragraph("Bread.")
    row = page.add_table(rows=1, cols=3).rows[0].cells
    row[0].text, row[1].text, row[2].text = LAST, FIRST, SECRET
    page.save(made)
    return made.getvalue()


def words_in(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


QP = [quopri.encodestring(each.encode()).decode() for each in (LAST, FIRST)]
ESCAPED = NAME.encode("ascii", "xmlcharrefreplace").decode()
EVENT = "BEGIN:VEVENT\r\nSUMMARY:{}\r\nDESCRIPTION:{}\r\nEND:VEVENT\r\n"
LISTS: dict[str, tuple[bytes | str, str]] = {
    "a.csv": (f"first;last;note\n{FIRST};{LAST};{SECRET}\nMia;Andere;stays\n", "first;last;note\nMia;Andere;stays\n"),
    "no-heading.csv": (f"{LAST},{FIRST},{SECRET}\nAndere,Mia,stays\n", "Andere,Mia,stays\n"),
    "lines.csv": (f'name;note\n{NAME};"one\n{SECRET}"\n{OTHER};stays\n', f"name;note\n{OTHER};stays\n"),
    "latin.csv": (f"name\r\n{NAME};{SECRET}\r\nMüller\r\n".encode("cp1252"), "name\r\nMüller\r\n"),
    "wide.csv": (f"name\r\n{NAME}\t{SECRET}\r\nMüller\r\n".encode("utf-16"), "name\r\nMüller\r\n"),
    "list.csv~": (f"name\n{NAME},{SECRET}\n{OTHER}\n", f"name\n{OTHER}\n"),
    "rows.md": (f"| a | b |\n|---|---|\n| {LAST} | {FIRST} | {SECRET} |\n| c |\n", "| a | b |\n|---|---|\n| c |\n"),
    "quoted.md": (f"> {FIRST}\n> {LAST} {SECRET}\n\nstays\n", "\nstays\n"),
    "bold.md": (f"**{FIRST}** {LAST} {SECRET}{' and so on' * 9}\n\nstays\n", "\nstays\n"),
    "smart.md": (NAME.replace("'", "’").replace("-", "‑") + f" {SECRET}\n\nstays\n", "\nstays\n"),
    "a.vcf": (
        f"BEGIN:VCARD\nN;ENCODING=QUOTED-PRINTABLE:{QP[0]};{QP[1]}\nNOTE:{SECRET}\nEND:VCARD\nBEGIN:VCARD\nFN:{OTHER}\nEND:VCARD\n",
        f"BEGIN:VCARD\nFN:{OTHER}\nEND:VCARD\n",
    ),
    "a.ics": (f"BEGIN:VCALENDAR\r\n{EVENT.format(NAME, SECRET)}{EVENT.format('Bread', '')}END:VCALENDAR\r\n",
              f"BEGIN:VCALENDAR\r\n{EVENT.format('Bread', '')}END:VCALENDAR\r\n"),
    "a.json": (json.dumps([{"first": FIRST, "last": LAST, "note": SECRET}, {"name": "Mia"}]), '[{"name": "Mia"}]\n'),
    "a.html": (f"<ul><li><b>{ESCAPED}</b> {SECRET}</li><li>stays</li></ul>", "<ul><li><b></b></li><li>stays</li></ul>"),
    "a.mbox": (f"From x\nFrom: {ADDRESS}\n\n{SECRET}\n\nFrom y\nFrom: m@andere.example\n\nstays\n",
               "From y\nFrom: m@andere.example\n\nstays\n"),
}  # fmt: skip
"""A file of a person's own, and what stays of it."""
NAMED = [f"{NAME}.md", f"{LAST}, {FIRST} CV.pdf", f"{NAME.upper()} 2026.txt", f"talk_{FIRST}_{LAST}.txt",
         unicodedata.normalize("NFD", f"{NAME}.txt"), "JoergOQzcanaryLoewe.txt",
         "Joerg Oqzcanary-Loewe.txt"]  # fmt: skip


def test_rows_passages_and_names_of_files_go_however_a_name_stands_in_them(root: Path) -> None:
    for name, (content, _) in LISTS.items():
        put(root, name, content)
    for name in NAMED:
        put(root, f"materials/{name}", SECRET)
    put(root, f"{NAME}/talk.txt", SECRET)
    put(root, "saved.eml", f"From: {ADDRESS}\nSubject: Hi\n\n{SECRET}\n")
    put(root, "mine.yaml", json.dumps({"note": f"{NAME} was here"}))
    book = put(
        root, "list.xlsx", workbook(("First", "Last", "Note"), (FIRST, LAST, SECRET), ("Mia", "Andere", "stays"))
    )
    page = put(root, "minutes.docx", document())
    done = erase(root, Request(who="joerg", go=True))
    assert [place for place in done.places if place.fate is Fate.DECIDE] == []
    for name, (content, after) in LISTS.items():
        codec = {"latin.csv": "cp1252", "wide.csv": "utf-16"}.get(name, "utf-8")
        assert (root / name).read_bytes().decode(codec) == after, name
        assert content != after
    left = [path.relative_to(root).as_posix() for path in root.rglob("*")]
    gone = [each for each in left if "oqz" in each.lower().replace("'", "") or "talk" in each or each == "saved.eml"]
    assert gone == []
    rows = [row for row in CalamineWorkbook.from_path(book).get_sheet_by_index(0).to_python() if any(row)]
    assert rows == [["First", "Last", "Note"], ["Mia", "Andere", "stays"]]
    assert "qzcanary" not in words_in(book.read_bytes()).lower()
    assert [each.text for each in docx.Document(str(page)).paragraphs if each.text] == ["All came.", "Next", "Bread."]
    assert "qzcanary" not in words_in(page.read_bytes()).lower()


def test_what_is_packed_so_that_nobody_can_change_it_is_named_again_until_somebody_did(root: Path) -> None:
    files = {
        "old.msg": b"\xd0\xcf\0\0" + NAME.encode("utf-16-le"),
        "a.b64": base64.b64encode(f"{NAME} {SECRET}".encode()),
        "a.bz2": bz2.compress(NAME.encode()),
        ".a.swp": b"b0VIM\0" + NAME.encode() + b"\xff\xfe",
    }
    for name, content in files.items():
        put(root, name, content)
    for _ in range(2):
        done = erase(root, Request(who="joerg", go=True))
        assert {place.where for place in done.places if place.fate is Fate.DECIDE} == {*files}
        assert not done.is_complete
    shown = run(root, "erase", "joerg")
    assert (shown.code, "old.msg" in shown.out) == (1, True)
    assert said(root, "erase", "joerg", "--go")["reply"] == [], "that all was erased is not said before it is so"
    for name in files:
        (root / name).unlink()
    assert erase(root, Request(who="joerg", go=True)).is_complete
    assert "Nothing is left" in run(root, "erase", "joerg", "--go").out
    assert not (root / ".outreach/erasing").exists()


def test_a_first_or_last_name_alone_is_shown_with_its_line_and_goes_where_it_is_said_to_be_theirs(root: Path) -> None:
    put(root, "contacts/mia.yaml", "{id: mia, name: Jörg Andere, kind: person}\n")
    note = put(root, "notes/n.md", f"- Jörg Andere came\n\n- J. {LAST} is ill\n\n- {NAME} called\n\n- ask Jörg\n")
    run(root, "log", "c0000", "other", f"{FIRST} was there")
    shown = said(root, "erase", "joerg")["places"]
    places = [(each["where"], each["lines"]) for each in shown if each["fate"] == "look"]
    assert places == [("notes/n.md", [3, 7]), ("the history", [])]
    other = "".join(f" {each['says']}" for each in shown if each["where"] == "the history" and each["fate"] == "look")
    assert "outreach show c0000" in other
    assert '--also "A. Lima"' in run(root, "erase", "joerg").out
    names = ("--also", f"J. {LAST}", "--also", "Jörg")
    assert run(root, "erase", "joerg", *names, "--go").code == 0
    assert note.read_text("utf-8") == "- Jörg Andere came\n\n\n\n"
    assert "Jörg" not in run(root, "show", "c0000").out


def test_the_message_id_of_a_letter_to_somebody_erased_cannot_be_guessed_and_a_late_bounce_finds_it(root: Path) -> None:
    approve(root, ["one"])
    run(root, "send", "one", "--go")
    put(
        root,
        "mailbox/Jörg.eml",
        f"From: {ADDRESS}\nTo: alex@sender.example\nSubject: Re: Hello\nMessage-ID: <a@b>\n\nYes\n",
    )
    run(root, "sync")
    guessed = message_id("small", "one", "joerg", 0, "sender.example")
    erase(root, Request(who="joerg", go=True))
    with open_ledger(root) as ledger:
        dump = str([ledger._db.execute(f"SELECT * FROM {each}").fetchall() for each in ("events", "receipts", "state")])
    assert guessed not in dump
    keys, _ = read_address_keys(root)
    assert guessed in {unsealed(each, keys) for each in dump.split("'")}, "whoever has the key still knows it"
    assert guessed not in (root / "receipts.jsonl").read_text("utf-8")
    before = len(list(open_events(root)))
    put(root, "mailbox/late.eml", bounce(ADDRESS, returned=guessed).replace(b"2026", b"2031"))
    run(root, "sync")
    late = [event.contact for event in open_events(root)][before:]
    assert token_of("joerg", keys[0]) in late
    assert run(root, "sync").code in (0, 1)
    assert guessed not in str(list(open_events(root)))


def test_a_clone_erases_a_person_without_an_address_whom_its_private_files_name(
    root: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    put(root, "contacts/house.yaml", "{id: house, name: Bee House}\n")
    put(root, "contacts/private/house.yaml", "people: [{name: Cleo Canary}, {name: Bob Keeper}]\n")
    second = Path(shutil.copytree(root, tmp_path_factory.mktemp("two") / "second"))
    put(second, "notes/call.md", "- Cleo Canary called\n\n- Bread\n")
    assert erase(root, Request(who="Cleo Canary", go=True)).is_complete
    for name in ("receipts.jsonl", "receipts.key"):
        shutil.copy(root / name, second / name)
    run(second, "send", "one", "--go")
    assert (second / "notes/call.md").read_text("utf-8") == "\n- Bread\n"
    assert "Cleo" not in (second / "contacts/private/house.yaml").read_text("utf-8")


def open_events(root: Path) -> list[object]:
    with open_ledger(root) as ledger:
        return list(ledger.events())


def test_a_short_name_and_an_address_like_the_id_of_another_harm_nobody_else(tmp_path: Path) -> None:
    root = write_campaign(tmp_path, contacts=1)
    others = {"john-smith": "John Smith Senior", "siobhan": "Siobhán O'Brien"}
    for id, name in others.items():
        text = f"id: {id}\nname: {name}\nkind: person\nchannels: [{{email: {id}@other.example}}]\n"
        (root / f"contacts/{id}.yaml").write_text(text, encoding="utf-8")
    before = {id: (root / f"contacts/{id}.yaml").read_bytes() for id in others}
    (root / "contacts/o.yaml").write_text(
        "id: o\nname: O\nkind: person\nchannels: [{email: john.smith@qz.example}]\n", encoding="utf-8"
    )
    (root / "contacts/verein.yaml").write_text("name: Verein\npeople: [{name: 李雷}]\n", encoding="utf-8")
    (root / "notes").mkdir(exist_ok=True)
    (root / "notes/all.md").write_text("O came.\n\n我和李雷谈过。\n\nO'Brien too.\n", encoding="utf-8")
    done = erase(root, Request(who="o", go=True))
    assert done.is_complete
    assert [(e.where, e.lines) for e in done.places if e.fate is Fate.LOOK] == [("notes/all.md", (1, 5))]
    assert erase(root, Request(who="李雷", go=True)).is_complete
    assert "李雷" not in (root / "notes/all.md").read_text(encoding="utf-8")
    assert {id: (root / f"contacts/{id}.yaml").read_bytes() for id in others} == before


def test_a_name_that_is_ordinary_words_leaves_sentences_alone_and_shows_their_lines(root: Path) -> None:
    put(root, "contacts/will-grant.yaml", "{id: will-grant, name: Will Grant, kind: person}\n")
    put(root, "contacts/may.yaml", "{id: may, name: May, kind: person}\n")
    ours = put(root, "templates/ask.md", "Hello,\n\nthey will grant it, and you may answer.\n")
    note = put(root, "notes/n.md", "- they will grant it\n\n- Will Grant called\n\n- will-grant is his id\n")
    before = ours.read_bytes()
    for who, lines in (("will-grant", (1,)), ("may", None)):
        done = erase(root, Request(who=who, go=True))
        assert done.is_complete
        looked = {each.where: each.lines for each in done.places if each.fate is Fate.LOOK}
        assert looked == {"templates/ask.md": (3,)} | ({"notes/n.md": lines} if lines else {})
        assert ours.read_bytes() == before
    assert note.read_text("utf-8") == "- they will grant it\n\n\n"


def test_mailbox_and_sent_folder_are_named_also_for_a_person_of_an_organisation(root: Path) -> None:
    house = """{id: house, name: Bee House, tier: 0, personal_text: Hi., channels: [{email: cleo@bees.example}],
                people: [{name: Cleo Canary, role: chair, email: cleo@bees.example}]}"""
    put(root, "contacts/house.yaml", house)
    approve(root, ["one"])
    run(root, "send", "one", "--go")
    answer = "From: Cleo@bees.example\nTo: alex@sender.example\nSubject: Re: Hello\nMessage-ID: <c@d>\n\nYes\n"
    put(root, "mailbox/answer.eml", answer)
    run(root, "sync")
    asked = Request(who="Cleo Canary")
    named = [each.where for each in erase(root, asked).places if each.fate is Fate.BEYOND]
    assert named[:2] == ["your Sent folder", "your mailbox (mailbox)"]
    assert erase(root, asked).erased.within == ("house",)


def test_an_answer_to_an_access_request_says_which_notes_it_does_not_have(root: Path) -> None:
    out = str(root / "theirs.json")
    assert "All that is kept about joerg is in" in run(root, "access-request", "joerg", "--out", out).out
    put(root, "notes/a.md", f"# Calls\n\n- {NAME} called\n")
    put(root, "checklists/b.md", f"- [ ] Call {NAME}\n- [ ] Bread\n- [ ] Ask {NAME}\n")
    answered = run(root, "access-request", "joerg", "--out", out).out
    assert "All that is kept" not in answered
    assert "name them: checklists/b.md lines 1, 3, notes/a.md line 3. Copy what is about them." in answered


GREEK = "Παπαδόπουλος Γιώργος"
RUSSIAN = "Анна Петрова"
HEAD = "From: x@y.example\r\nSubject: "


def in_two(name: str) -> str:
    """A header that goes on in a second encoded word, each with its own padding."""
    pieces = (name[: len(name) // 2].encode(), name[len(name) // 2 :].encode())
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(each).decode()}?=" for each in pieces)


@pytest.mark.parametrize(
    ("word", "mail"),
    [
        (GREEK, f"{HEAD}{in_two(GREEK)}\r\n\r\nx\r\n"),
        (RUSSIAN, f"{HEAD}=?koi8-r?b?{base64.b64encode(RUSSIAN.encode('koi8-r')).decode()}?=\r\n\r\nx\r\n"),
        ("Ann Lee", f"{HEAD}=?utf-8?q?Ann_L?=\r\n =?utf-8?q?ee?=\r\n\r\nx\r\n"),
        ("+49 30 5550001", f"{HEAD}=?utf-8?q?+49_30_5550001?=\r\n\r\nx\r\n"),
        ("Ann Lee", f"{HEAD}x\r\nContent-Transfer-Encoding: base64\r\n\r\n{base64.b64encode(b'Ann Lee').decode()}\r\n"),
        ("Ann Lee", f"{HEAD}x\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nAnn=\r\n L=65e\r\n"),
        ("Ann Lee", f"{HEAD}x\r\n\r\nx\r\n\r\n{base64.encodebytes(b'x' * 3000 + b' Ann Lee ' + b'x' * 99).decode()}"),
    ],
)
def test_a_name_in_an_email_is_found_however_it_is_coded_and_no_other_name_is(word: str, mail: str) -> None:
    assert names_them(Needles([word]), "a.eml", mail.encode(), set())
    assert not names_them(Needles(["Bob Ray", "Мария", "+49 30 5550002"]), "a.eml", mail.encode(), set())


def test_a_file_that_is_too_large_to_look_into_is_named(root: Path) -> None:
    with (root / "film.bin").open("wb") as file:
        file.truncate(200_000_001)
    done = erase(root, Request(who="joerg", go=True))
    assert [(e.where, e.says) for e in done.places if e.where == "film.bin"] == [
        ("film.bin", "outreach could not look into it: it is larger than 200 MB")
    ]
    assert done.is_complete


def test_where_only_the_name_goes_that_is_said_with_the_line(root: Path) -> None:
    put(root, "notes/both.md", f"# Calls\n\n- {NAME} and Contact 0 quarrelled\n")
    run(root, "log", "c0000", "other", f"{NAME} was ill")
    for go in (False, True):
        places = erase(root, Request(who="joerg", go=go)).places
        (note,) = [each for each in places if each.where == "notes/both.md" and each.fate is Fate.BLANK]
        assert (note.lines, "what is said beside (erased) stays" in note.says) == ((3,), True)
        assert [e.says for e in places if "(outreach show c0000)" in e.says and "beside the name stays" in e.says]
    assert (root / "notes/both.md").read_text(encoding="utf-8").endswith("- (erased) and Contact 0 quarrelled\n")


def test_a_file_of_contacts_is_read_as_often_as_it_changes_not_for_each_contact(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a dossier among 1,000 contacts takes 40 seconds."""
    write_campaign(tmp_path, contacts=60)
    read, reads = settings.read_all, [""]
    monkeypatch.setattr(settings, "read_all", lambda text, file: (reads.append(file), read(text, file))[1])
    assert "contacts/all.csv" in {place.where for place in erase(tmp_path, Request(who="c0007")).places}
    assert 0 < reads.count("contacts/all.csv") <= 8
