"""Every contact of a stranger's campaign gets one letter, complete and its own."""

from __future__ import annotations

import re
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from .campaign import LETTERS, MANUAL, RIVERS, SENDER_ADDRESS, SENDER_NAME, SKIPPED, Expected
from .command import REPOSITORY, Answer
from .mail import everything, flat, html_of, page_of, read_letter, text_of

Drafted = tuple[Path, Answer]
BRIEF_LINK = "https://rios-vivos.example/brief?lang=pt&v=2"
MAP_LINK = "https://rios-vivos.example/mapa"

each_letter = pytest.mark.parametrize("expected", LETTERS, ids=lambda expected: expected.contact)
each_html_letter = pytest.mark.parametrize(
    "expected", [letter for letter in LETTERS if letter.html], ids=lambda expected: expected.contact
)


def letter(drafted: Drafted, contact: str) -> EmailMessage:
    expected = next(expected for expected in LETTERS if expected.contact == contact)
    return read_letter(drafted[0] / f"drafts/letters/{expected.wave}/{contact}.eml")


def entries(answer: Answer, kind: str) -> dict[str, dict[str, Any]]:
    key = "id" if kind in ("letters", "posts") else "contact"
    return {entry[key]: entry for entry in answer.json[kind]}


def test_a_campaign_in_the_documented_format_has_warnings_at_most(original_check: Answer) -> None:
    errors = [problem for problem in original_check.json["problems"] if problem["level"] == "error"]
    assert errors == []
    assert original_check.code in (0, 1)
    assert original_check.code == (1 if original_check.json["problems"] else 0)


def test_counts_say_how_many_problems_there_are(original_check: Answer) -> None:
    found = original_check.json
    levels = [problem["level"] for problem in found["problems"]]
    assert found["counts"]["error"] == levels.count("error")
    assert found["counts"]["warning"] == levels.count("warning")


def test_each_problem_has_the_promised_keys_and_its_code_is_explained(original_check: Answer) -> None:
    explained = (REPOSITORY / "docs/problems.md").read_text(encoding="utf-8")
    for problem in original_check.json["problems"]:
        assert {"file", "line", "code", "level", "message", "hint"} <= problem.keys()
        assert re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", problem["code"])
        assert problem["code"] in explained


def test_drafting_needs_nobody_and_prints_one_object(drafted: Drafted) -> None:
    answer = drafted[1]
    assert answer.code == 0
    assert {"letters", "manual", "posts", "skipped", "problems"} <= answer.json.keys()
    assert [problem for problem in answer.json["problems"] if problem["level"] == "error"] == []


def test_there_is_one_letter_for_each_contact_with_a_mail_address_and_no_other(drafted: Drafted) -> None:
    found = sorted(entry["id"] for entry in drafted[1].json["letters"])
    assert found == sorted(f"{expected.wave}/{expected.contact}/0" for expected in LETTERS)
    files = sorted(path.relative_to(drafted[0]).as_posix() for path in drafted[0].rglob("*.eml"))
    assert files == sorted(entry["path"] for entry in drafted[1].json["letters"])


@each_letter
def test_json_describes_the_letter(drafted: Drafted, expected: Expected) -> None:
    entry = entries(drafted[1], "letters")[f"{expected.wave}/{expected.contact}/0"]
    assert {"id", "wave", "step", "contact", "to", "subject", "path", "digest", "changed"} <= entry.keys()
    assert (entry["wave"], entry["step"], entry["contact"]) == (expected.wave, 0, expected.contact)
    assert expected.address in entry["to"]
    assert entry["path"] == f"drafts/letters/{expected.wave}/{expected.contact}.eml"
    assert re.search(r"[0-9a-f]{64}", entry["digest"])
    assert entry["changed"] is True
    if expected.subject is not None:
        assert entry["subject"] == expected.subject


@each_letter
def test_headers_are_the_planned_ones(drafted: Drafted, expected: Expected) -> None:
    message = letter(drafted, expected.contact)
    assert [(to.display_name, to.addr_spec) for to in message["To"].addresses] == [(expected.name, expected.address)]
    assert [(who.display_name, who.addr_spec) for who in message["From"].addresses] == [(SENDER_NAME, SENDER_ADDRESS)]
    assert [who.addr_spec for who in message["Reply-To"].addresses] == [expected.reply_to]
    if expected.subject is not None:
        assert message["Subject"] == expected.subject
    assert message["X-Unsent"] == "1"
    assert re.fullmatch(r"<[^<>@\s]+@rios-vivos\.example>", message["Message-ID"])
    for absent in ("Date", "Cc", "Bcc", "Sender", "Resent-To"):
        assert absent not in message
    for header in message:
        assert len(message.get_all(header)) == 1, header


@each_letter
def test_a_letter_is_clean_on_the_wire(drafted: Drafted, expected: Expected) -> None:
    raw = (drafted[0] / f"drafts/letters/{expected.wave}/{expected.contact}.eml").read_bytes()
    head = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[0]
    assert head.isascii()
    assert max(map(len, raw.splitlines())) <= 998
    assert letter(drafted, expected.contact).defects == []


def test_message_ids_differ(drafted: Drafted) -> None:
    assert len({letter(drafted, expected.contact)["Message-ID"] for expected in LETTERS}) == len(LETTERS)


@each_letter
def test_attachments_have_their_names_types_and_bytes(drafted: Drafted, expected: Expected) -> None:
    found = {part.get_filename(): part for part in letter(drafted, expected.contact).iter_attachments()}
    assert set(found) == set(expected.attachments)
    for name, part in found.items():
        assert part.get_content_type() == ("image/png" if name.endswith(".png") else "application/pdf")
        assert part.get_content() == (drafted[0] / "materials" / name).read_bytes()


def test_a_file_name_beyond_ascii_is_written_by_rfc_2231(drafted: Drafted) -> None:
    raw = (drafted[0] / "drafts/letters/municipios/camara-arruzela.eml").read_bytes()
    assert re.search(rb"filename\*(0\*)?=utf-8''Ficha%20t%C3%A9cnica", raw, re.IGNORECASE)


@each_letter
def test_the_name_stands_in_the_text_as_written(drafted: Drafted, expected: Expected) -> None:
    shown = {"amigos-mirante": "Olá AdM", "camara-peneda-longarela": "Longarela"}
    assert flat(shown.get(expected.contact, expected.name)) in flat(text_of(letter(drafted, expected.contact)))


@each_html_letter
def test_the_name_stands_in_the_html_as_text_and_never_as_markup(drafted: Drafted, expected: Expected) -> None:
    message = letter(drafted, expected.contact)
    shown = {"amigos-mirante": "Olá AdM"}.get(expected.contact, expected.name)
    assert flat(shown) in flat("".join(page_of(message).words))
    assert "<Norte>" not in html_of(message)
    assert "<I&D>" not in html_of(message)


@each_html_letter
def test_html_needs_nothing_from_elsewhere_and_runs_nothing(drafted: Drafted, expected: Expected) -> None:
    page = page_of(letter(drafted, expected.contact))
    assert page.tags.isdisjoint({"script", "style", "link", "img", "iframe", "object", "form", "input"})
    assert page.remote == set()
    own = {"https://arruzela.example/camara?ano=2026&lang=pt", "https://brimelva.example/"}
    assert page.links <= {BRIEF_LINK, MAP_LINK, "mailto:" + SENDER_ADDRESS} | own


@pytest.mark.parametrize("contact", ["ana-felgares", "per-olav"])
def test_a_text_only_template_makes_a_text_only_letter(drafted: Drafted, contact: str) -> None:
    message = letter(drafted, contact)
    assert message.get_content_type() == "text/plain"
    assert MAP_LINK in text_of(message)


@each_letter
def test_no_letter_contains_the_river_of_another_contact(drafted: Drafted, expected: Expected) -> None:
    shown = everything(letter(drafted, expected.contact))
    readable = (drafted[0] / f"drafts/letters/{expected.wave}/{expected.contact}.md").read_text(encoding="utf-8")
    strangers = {river for contact, river in RIVERS.items() if contact != expected.contact}
    assert [river for river in strangers if river in shown] == []
    assert [river for river in strangers if river in readable.lower()] == []
    assert RIVERS[expected.contact] in shown


def test_notes_for_us_and_people_are_never_mailed(drafted: Drafted) -> None:
    for contact, secret in [
        ("camara-arruzela", "segredo nosso"), ("camara-arruzela", "rui@arruzela"), ("skarvaa", "uenig"),
        ("brimelva-kommune", "aase@"), ("hemrask", "war laut"), ("eu-hidralux", "moved offices"),
    ]:  # fmt: skip
        assert secret not in everything(letter(drafted, contact))


def test_contact_values_are_plain_text_in_both_parts(drafted: Drafted) -> None:
    angle = "O açude do Tordela <b>pode</b> sair & *ninguém* perde água; vejam [aqui](javascript:alert(1))."
    message = letter(drafted, "camara-tordela")
    assert angle in flat(text_of(message))
    assert angle in flat("".join(page_of(message).words))
    assert "b" not in page_of(message).tags


def test_both_paragraphs_of_a_long_value_arrive(drafted: Drafted) -> None:
    message = letter(drafted, "camara-peneda-longarela")
    for shown in (text_of(message), "".join(page_of(message).words)):
        assert "O Longarela nasce em dois concelhos." in flat(shown)
        assert "E o Longarela morre num terceiro." in flat(shown)


@pytest.mark.parametrize(
    ("contact", "sentence"),
    [
        ("camara-arruzela", "código 01067, aberta às 12:30."),
        ("aguas-quelmira", "código 00420, aberta às 09:05."),
        ("camara-arruzela", "MUNICIPIO"),
        ("camara-arruzela", "ARRUZELA-TAG"),
        ("camara-arruzela", "Rios Vivos – Levende Elver"),
        ("camara-tordela", "Código postal 4000-123."),
        ("camara-tordela", "12,5 milhões de euros & mais"),
        ("camara-tordela", "tem 3 páginas (versão 2.10)"),
        ("vasconde-rio-limpo", "Em Vasconde os miúdos contam trutas: 🐟🐟🐟."),
        ("freguesia-barrosmar", "Escrevemos a todos os municípios da bacia."),
        ("yarkelet", "since 0099."),
        ("zarqamar", "ngo + rios"),
        ("zarqamar", "Zarqamar counts eels: \"عدّ\" every spring."),
        ("zarqamar", "“نهر Zarqamar” is a fine motto."),
        ("hemrask", "Hemrask planted 1,000 willows."),
        ("glenmorva", "Join us."),
        ("amigos-mirante", "Olá AdM,"),
        ("amigos-mirante", "Desde 1987."),
        ("instituto-fluvarim", "Caros colegas de Instituto Fluvarim <I&D>,"),
        ("instituto-fluvarim", "Temas: peixes, sedimentos."),
        ("eu-hidralux", "Registo de transparência: 123456789012-34"),
        ("diario-corvelo", "⟦posts.arranque.url⟧"),
    ],
)  # fmt: skip
def test_values_arrive_in_both_parts(drafted: Drafted, contact: str, sentence: str) -> None:
    message = letter(drafted, contact)
    assert sentence in flat(text_of(message))
    assert sentence in flat("".join(page_of(message).words))


def test_a_sentence_about_another_contact_waits_until_it_is_true(drafted: Drafted) -> None:
    assert "Também escrevemos" not in text_of(letter(drafted, "ribalume"))


def test_markdown_becomes_html_and_stays_readable_text(drafted: Drafted) -> None:
    message = letter(drafted, "camara-tordela")
    page = page_of(message)
    assert {"strong", "em", "ol", "li", "a"} <= page.tags
    assert BRIEF_LINK in page.links
    text = text_of(message)
    assert f"<{BRIEF_LINK}>" in text
    assert f"]({BRIEF_LINK})" not in text
    assert "Comentário" not in text
    assert "\n\n\n" not in text.replace("\r\n", "\n")


def test_a_website_in_a_link_keeps_its_query(drafted: Drafted) -> None:
    assert "https://brimelva.example/" in page_of(letter(drafted, "brimelva-kommune")).links


def test_a_list_of_one_field_is_a_list(drafted: Drafted) -> None:
    assert {"ul", "li", "h1"} <= page_of(letter(drafted, "brimelva-kommune")).tags


@pytest.mark.parametrize("contact", MANUAL)
def test_a_contact_without_mail_address_is_a_task_with_ready_text(drafted: Drafted, contact: str) -> None:
    wave, how = MANUAL[contact]
    entry = entries(drafted[1], "manual")[contact]
    assert {"id", "contact", "how", "path"} <= entry.keys()
    assert entry["id"] == f"{wave}/{contact}/0"
    assert how in entry["how"]
    ready = (drafted[0] / entry["path"]).read_text(encoding="utf-8").lower()
    assert RIVERS[contact] in ready
    assert [river for other, river in RIVERS.items() if other != contact and river in ready] == []


def test_only_contacts_without_mail_address_are_tasks(drafted: Drafted) -> None:
    assert sorted(entry["contact"] for entry in drafted[1].json["manual"]) == sorted(MANUAL)


@pytest.mark.parametrize("contact", SKIPPED)
def test_who_is_not_to_be_written_to_is_skipped_with_a_reason(drafted: Drafted, contact: str) -> None:
    entry = entries(drafted[1], "skipped")[contact]
    assert entry["wave"] == SKIPPED[contact]
    assert len(entry["reason"]) > 3


def test_the_reason_given_by_the_campaigner_is_repeated(drafted: Drafted) -> None:
    assert "Pediram por telefone" in entries(drafted[1], "skipped")["camara-montelar"]["reason"]
    assert "camara-arruzela" in entries(drafted[1], "skipped")["empresa-vilacota"]["reason"]


def test_every_selected_contact_is_counted_once(drafted: Drafted) -> None:
    found = drafted[1].json
    counted = [entry["contact"] for kind in ("letters", "manual", "skipped") for entry in found[kind]]
    assert sorted(counted) == sorted(set(RIVERS) - {"joana-ruivela"})


def test_the_readable_copy_shows_recipient_subject_and_text(drafted: Drafted) -> None:
    for expected in LETTERS:
        readable = (drafted[0] / f"drafts/letters/{expected.wave}/{expected.contact}.md").read_text(encoding="utf-8")
        assert expected.address.split("@")[0] in readable
        assert expected.subject is None or expected.subject in readable
