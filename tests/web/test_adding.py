"""Files come in through a form: bounded, kept below the campaign only, read and never run; nothing is added unasked."""

from __future__ import annotations

import ast
import re
import shutil
from html import unescape
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.campaign.imports import read_imports
from outreach.tasks.importing.contacts import _SOURCES
from outreach.tasks.uploads import ASIDE, plain_name
from outreach.web.pages.adding import CHOICES
from tests.sending.campaigns import run
from tests.web.dashboards import NOW, Answer, Visitor, served, written

LIST = """Organisation,E-mail,Notes
Bees Belgium,info@bees.example,They like bees
Trees,hello@trees.example,do not contact
"""
LINE = "------line"
ROOT = Path(__file__).resolve().parents[2] / "outreach"


def upload(visitor: Visitor, *files: tuple[str, bytes], **fields: str) -> Answer:
    """Send a form with files, as a browser does."""
    parts = {"form_token": visitor.token(), **fields}
    body = b"".join(
        f'--{LINE}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in parts.items()
    )
    for name, content in files:
        head = f'--{LINE}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'
        body += head.encode() + content + b"\r\n"
    text = (body + f"--{LINE}--\r\n".encode()).decode("latin-1")
    return visitor.ask(
        "POST", "/look-at-files", text, Content_Type=f"multipart/form-data; boundary={LINE}",
        Content_Length=str(len(text.encode())),
    )  # fmt: skip


def files(campaign: Path) -> dict[str, str]:
    """Everything but what is kept aside, and what is rebuilt."""
    return {
        name: digest for name, digest in written(campaign).items() if not name.startswith((ASIDE, ".outreach/cache"))
    }


def word_of(page: str) -> str:
    found = re.search(r'name="word" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_a_list_is_looked_at_before_it_is_added_and_taken_back_again(visitor: Visitor, campaign: Path) -> None:
    before = files(campaign)
    answer = upload(visitor, ("partners.csv", LIST.encode()))
    assert answer.status == 200, answer.text[:300]
    page = unescape(answer.text)
    assert "2 rows." in page
    assert files(campaign) == before
    added = visitor.post("/look-at-files", {"word": word_of(page), "act": "add"})
    assert (added.status, added.headers["location"]) == (303, "/contacts")
    assert "Bees Belgium" in visitor.page("/contacts")
    assert not [name for name in written(campaign) if ASIDE in name]
    act = re.search(r'name="act" value="([^"]+)"', visitor.page("/contacts"))
    if act is not None:
        visitor.post("/undo", {"act": act[1]})
        assert "Bees Belgium" not in visitor.page("/contacts")


def test_a_campaign_begun_in_german_greets_in_german(tmp_path: Path) -> None:
    root = tmp_path / "mieten"
    root.mkdir()
    with served(root) as address:
        visitor = Visitor(address, language="de").come_in()
        token = re.search(r'name="form_token" value="([^"]+)"', visitor.page("/"))
        assert token is not None
        visitor.ask("POST", "/begin", f"form_token={token[1]}&what=hand")
        assert "\nlanguage: de\n" in (root / "campaign.yaml").read_text(encoding="utf-8")
        visitor.post("/new-text", {"subject": "Mieten"})
        assert "{{ contact.greeting }}," in (root / "templates/mieten.md").read_text(encoding="utf-8")
        upload_of = upload(visitor, ("liste.csv", b"Organisation,E-Mail,Telefon\nRat,rat@m.example,089 1\n"))
        visitor.post("/look-at-files", {"word": word_of(upload_of.text), "act": "add"})
        page = unescape(visitor.page("/contacts/rat"))
        assert "liste.csv, Zeile 2" in page
        assert "<dt>Telefon</dt>" in page
        visitor.post("/save-sender", {"name": "Jule", "email": "jule@miete.example", "language": "el"})
        assert "\nlanguage: el\n" in (root / "campaign.yaml").read_text(encoding="utf-8")
        visitor.post("/new-text", {"subject": "Ohne Anrede"})
        assert "Dear {{ contact.name }}," in (root / "templates/ohne-anrede.md").read_text(encoding="utf-8")


def test_files_without_anything_to_add_are_said_to_be_so(visitor: Visitor) -> None:
    """Also those whose kind is none that an import reads."""
    for name, content in (("setup.exe", b"MZ"), ("empty.csv", b"")):
        assert "Nothing to add was found" in upload(visitor, (name, content)).text, name
    assert "Nothing to add was found" not in upload(visitor, ("partners.csv", LIST.encode())).text


def test_one_file_that_cannot_be_read_is_named_and_the_others_are_added(visitor: Visitor, campaign: Path) -> None:
    """The others come in, and the page says of each why not and what to do."""
    broken = (("old.doc", b"\xd0\xcf\x11\xe0"), ("torn.xlsx", b"PK\x03\x04 torn"), ("slides.pptx", b"PK"))
    page = unescape(upload(visitor, broken[0], ("partners.csv", LIST.encode()), *broken[1:]).text)
    for name in ("old.doc", "torn.xlsx", "slides.pptx"):
        assert re.search(rf"<li>[^<]*{re.escape(name)}[^<]*\. <span class=\"dim\">\w[^<]+\.</span>", page), name
    assert "2 rows." in page
    visitor.post("/look-at-files", {"word": word_of(page), "act": "add"})
    shown = visitor.page("/contacts")
    assert "Bees Belgium" in shown
    assert "Not read: old.doc, torn.xlsx, slides.pptx" in shown
    alone = unescape(upload(visitor, broken[0]).text)
    assert "Save a text as .docx" in alone
    assert 'value="add"' not in alone


def test_a_columns_meaning_is_changed_on_the_page_with_the_files_that_imports_yaml_gives(
    visitor: Visitor, campaign: Path, tmp_path: Path
) -> None:
    """`imports.yaml` is edited by hand in the other campaign, and the list is imported by the command."""
    by_hand = Path(shutil.copytree(campaign, tmp_path / "by-hand"))
    page = unescape(upload(visitor, ("partners.csv", LIST.encode())).text)
    assert '<option value="email" selected>Email address</option>' in page
    before = files(campaign)
    page = visitor.post("/look-at-files", {"word": word_of(page), "c-0-2": "personal_text", "act": "look"}).text
    assert '<option value="personal_text" selected>Personal paragraph' in page
    assert files(campaign) == before
    visitor.post("/look-at-files", {"word": word_of(unescape(page)), "act": "add"})
    assert "personal_text: They like bees" in (campaign / "contacts/bees-belgium.yaml").read_text(encoding="utf-8")
    (tmp_path / "partners.csv").write_text(LIST, encoding="utf-8")
    (by_hand / "imports.yaml").write_text("columns: {partners.csv: {Notes: personal_text}}\n", encoding="utf-8")
    assert run(by_hand, "import", str(tmp_path / "partners.csv"), "--go", now=NOW).code in (0, 1)
    for file in ("contacts/bees-belgium.yaml", "contacts/trees.yaml"):
        assert (campaign / file).read_bytes() == (by_hand / file).read_bytes()
    assert read_imports((campaign / "imports.yaml").read_text()) == read_imports((by_hand / "imports.yaml").read_text())


def test_a_button_pressed_while_the_page_still_reads_a_change_loses_no_files(visitor: Visitor, campaign: Path) -> None:
    page = unescape(upload(visitor, ("partners.csv", LIST.encode())).text)
    shown = {"word": word_of(page), "c-0-2": "personal_text"}
    visitor.post("/look-at-files", shown)  # sent by the field itself; its answer comes too late
    page = unescape(visitor.post("/look-at-files", {**shown, "act": "look"}).text)
    assert '<option value="personal_text" selected>Personal paragraph' in page
    visitor.post("/look-at-files", {"word": word_of(page), "act": "add"})
    assert (campaign / "contacts/trees.yaml").exists()
    assert visitor.post("/look-at-files", {**shown, "act": "look"}).headers["location"] == "/add-files"


def test_what_is_only_proposed_is_no_answer_when_something_else_is_changed(visitor: Visitor) -> None:
    """The page sends its whole form when one thing is changed."""
    page = unescape(upload(visitor, ("partners.csv", LIST.encode())).text)
    proposed = dict(re.findall(r'name="(q-[^"]+)" value="([^"]+)" checked', page))
    assert proposed
    page = unescape(visitor.post("/look-at-files", {"word": word_of(page), "c-0-1": "fields", **proposed}).text)
    assert "Questions" in page
    assert "<h2>Answered</h2>" not in page
    page = unescape(visitor.post("/look-at-files", {"word": word_of(page), "act": "look", **proposed}).text)
    assert "<h2>Answered</h2>" in page


def test_one_answer_is_that_of_all_questions_like_it_that_nobody_answered(visitor: Visitor, campaign: Path) -> None:
    said = [f"{word} do not contact before March 2028" for word in ("please", "sorry", "really", "again")]
    rows = "".join(f"Club {n},club{n}@club{n}.example,{words}\n" for n, words in enumerate(said))
    page = unescape(upload(visitor, ("clubs.csv", f"Organisation,E-mail,Notes\n{rows}".encode())).text)
    asked = dict.fromkeys(re.findall(r'name="(q-no-mail[^"]+)" value="do-not', page))
    ids = [name.removeprefix("q-") for name in asked]
    choice = "do-not-contact"
    assert "Same answer for 3 more like this" in page, ids
    page = unescape(visitor.post("/look-at-files", {"word": word_of(page), f"q-{ids[0]}": "ignore"}).text)
    assert "Same answer for 2 more like this" in page
    one = {"word": word_of(page), "act": f"alike:{ids[1]}", f"q-{ids[1]}": choice}
    page = unescape(visitor.post("/look-at-files", one).text)
    assert "more like this" not in page
    visitor.post("/look-at-files", {"word": word_of(page), "act": "add"})
    stopped = [
        (campaign / f"contacts/club-{n}.yaml").read_text("utf-8").count("do not contact before") for n in range(4)
    ]
    assert stopped == [0, 1, 1, 1]


def test_every_choice_of_a_question_is_said_in_words() -> None:
    words = {word for file in (ROOT / "intake").rglob("*.py") for word in asked_choices(file)}
    assert {"keep", "different", "take"} <= words
    assert words | set(_SOURCES) <= set(CHOICES)


def asked_choices(file: Path) -> set[str]:
    calls = [each for each in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(each, ast.Call)]
    asked = [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "ask"]
    given = [word.value for call in asked for word in call.keywords if word.arg == "choices"]
    constants = [each for tree in given for each in ast.walk(tree) if isinstance(each, ast.Constant)]
    return {each.value for each in constants if isinstance(each.value, str)}


def test_the_same_button_twice_adds_once(visitor: Visitor, campaign: Path) -> None:
    word = word_of(unescape(upload(visitor, ("partners.csv", LIST.encode())).text))
    visitor.post("/look-at-files", {"word": word, "act": "add"})
    after = sorted(path.name for path in (campaign / "contacts").iterdir())
    assert visitor.post("/look-at-files", {"word": word, "act": "add"}).headers["location"] == "/add-files"
    assert sorted(path.name for path in (campaign / "contacts").iterdir()) == after


def test_a_name_leads_nowhere(visitor: Visitor, campaign: Path) -> None:
    beside = sorted(path.name for path in campaign.parent.iterdir())
    for name in ("../../evil.csv", "/etc/evil.csv", "C:\\evil.csv", ".bashrc", "..", "a\x00b.csv"):
        upload(visitor, (name, LIST.encode()))
        assert sorted(path.name for path in campaign.parent.iterdir()) == beside, name
        assert all(ASIDE in path.as_posix() for path in campaign.rglob("*evil*")), name


def test_too_much_is_not_read(visitor: Visitor, campaign: Path) -> None:
    before = written(campaign)
    answer = visitor.ask("POST", "/look-at-files", "x", Content_Length=str(26_000_000))
    assert answer.status == 413
    assert written(campaign) == before


def test_what_no_form_holds_is_one_sentence_in_the_language_of_the_page(visitor: Visitor, campaign: Path) -> None:
    visitor.language = "de"
    before = files(campaign)
    named = upload(visitor, (f"{'x' * 5000}.csv", LIST.encode()))
    assert named.status == 400
    assert "Vielleicht hat eine Datei einen zu langen Namen" in unescape(named.text)
    many = upload(visitor, *((f"{n}.csv", b"a,b\n") for n in range(60)))
    assert "mehr als 50 Dateien" in unescape(many.text)
    long = visitor.post("/save-text", {"file": "templates/hello.md", "text": "ж" * 210_000, "act": "save"})
    assert long.status == 413
    assert "Dieser Text ist zu lang" in unescape(long.text)
    inside = visitor.post("/save-text", {"file": "templates/hello.md", "text": "x" * 210_000, "act": "save"})
    assert inside.status == 409
    assert "Ein Text darf 200,000 Zeichen haben, und dieser hat 210,000." in unescape(inside.text)
    assert files(campaign) == before


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=300))
def test_a_plain_name_is_one_part_of_a_path(name: str) -> None:
    made = plain_name(name)
    assert made
    assert not made.startswith(".")
    assert not re.search(r"[/\\\x00-\x1f]", made)
    assert len(made) < 140


def test_two_contacts_become_one_after_a_preview_and_two_again(visitor: Visitor, campaign: Path) -> None:
    for id, name in (("bees", "Bees BE"), ("bees-belgium", "Bees Belgium")):
        text = f"id: {id}\nname: {name}\nchannels: [{{email: {id}@bees.example}}]\n"
        (campaign / "contacts" / f"{id}.yaml").write_text(text, encoding="utf-8")
    before = files(campaign)
    page = visitor.post("/look-at-merge", {"contact": "bees", "other": "bees belgium"})
    assert page.status == 200, page.text[:300]
    assert files(campaign) == before
    assert visitor.post("/merge", {"word": word_of(page.text)}).headers["location"] == "/contacts/bees"
    assert not (campaign / "contacts" / "bees-belgium.yaml").exists()
    assert "bees-belgium@bees.example" in (campaign / "contacts" / "bees.yaml").read_text(encoding="utf-8")
    act = re.search(r'name="act" value="([^"]+)"', visitor.page("/contacts"))
    assert act is not None
    visitor.post("/undo", {"act": act[1]})
    assert files(campaign) == before
