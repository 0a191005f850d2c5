"""Each single mistake gives one fitting Problem, at its file and line, and stops only what it touches."""

from __future__ import annotations

import os
import re
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from .broken import MISTAKES, Mistake
from .campaign import LETTERS
from .command import Answer, outreach, outreach_in_a_child
from .mail import read_letter

SECONDS = 2.0  # "found in a second", and room for a slow machine; processor time, not the clock on the wall
EVERY_LETTER = {f"{letter.wave}/{letter.contact}/0" for letter in LETTERS}

pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")
each_mistake = pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name.replace(" ", "-"))


def broken_copy(original: Path, folder: Path, mistake: Mistake) -> Path:
    shutil.copytree(original, folder)
    mistake.make(folder)
    return folder


def run(mistake: Mistake, command: str, folder: Path) -> Answer:
    return (outreach_in_a_child if mistake.apart else outreach)(command, "--json", folder=folder)


@pytest.fixture(scope="package")
def checked() -> dict[str, Answer]:
    """What `check` said about each mistake, so that the second test need not ask again."""
    return {}


def new_problems(before: Answer, after: Answer) -> list[dict[str, Any]]:
    """What `after` has and `before` had not, told apart by file and code: counts in old messages may move."""
    old = Counter((problem["file"], problem["code"]) for problem in before.json["problems"])
    known = {(problem["file"], problem["code"], problem["message"]) for problem in before.json["problems"]}
    fresh: list[dict[str, Any]] = []
    by_newness = sorted(
        after.json["problems"],
        key=lambda problem: (problem["file"], problem["code"], problem["message"]) not in known,
    )
    for problem in by_newness:  # the known ones use up the old count first
        key = (problem["file"], problem["code"])
        if old[key] > 0:
            old[key] -= 1
        else:
            fresh.append(problem)
    return fresh


def no_traceback(answer: Answer) -> None:
    for stream in (answer.out, answer.err):
        assert "Traceback (most recent call last)" not in stream
        assert 'File "' not in stream


@each_mistake
def test_a_mistake_is_one_fitting_problem(
    mistake: Mistake, original: Path, original_check: Answer, checked: dict[str, Answer], tmp_path: Path
) -> None:
    folder = broken_copy(original, tmp_path / "rios-vivos", mistake)
    answer = checked[mistake.name] = run(mistake, "check", folder)
    no_traceback(answer)
    assert answer.code in (1, 2), answer.err
    fresh = new_problems(original_check, answer)
    assert 1 <= len(fresh) <= 1 + mistake.extra, fresh
    problem = next((found for found in fresh if found["file"] in mistake.files), fresh[0])
    assert problem["file"] in mistake.files, problem
    line = mistake.expected_line(folder)
    assert line is None or problem["line"] == line or problem["file"] != mistake.files[0], (line, problem)
    assert problem["message"].strip(), problem
    assert problem["hint"], problem
    told = f"{problem['code']} {problem['message']} {problem['hint']}"
    assert re.search(mistake.words, told, re.IGNORECASE | re.DOTALL), (mistake.words, told)
    assert mistake.level in (None, problem["level"]), problem
    assert not mistake.never_said or mistake.never_said not in answer.out + answer.err
    assert len(problem["message"]) < 1000
    assert answer.seconds < SECONDS, answer.seconds


@each_mistake
def test_every_problem_is_said_in_sound_sentences(
    mistake: Mistake, original: Path, checked: dict[str, Answer], tmp_path: Path
) -> None:
    answer = checked.get(mistake.name)
    if answer is None:
        answer = run(mistake, "check", broken_copy(original, tmp_path / "rios-vivos", mistake))
    for problem in answer.json["problems"]:
        assert faults_of_style(problem["message"], problem["hint"]) == [], problem


def faults_of_style(message: str, hint: str) -> list[str]:
    """What an editor would mark in a Problem's sentences; what they quote is left alone."""
    said = re.sub(r"`[^`]*`|(?<!\w)'(?:[^'\\]|\\.)*'(?!\w)|\"[^\"]*\"|\.\.\.", "x", message)
    advice = re.sub(r"`[^`]*`|(?<=: ).*$", "x", hint)  # after a colon stands what to write, or what was read
    return [
        fault
        for fault, found in {
            "begins with neither a capital letter nor a date": not re.match(r"[A-Z`]|\d{4}-\d\d-\d\d ", message),
            "does not end with one mark": not re.search(r"[^.?!,;:][.?!]$", said),
            "marks that follow one another": re.search(r"[.?!,;:][.?!,;:]", said),
            "a space before a mark": re.search(r" [.?!,;:](?:\s|$)", said),
            "no hint": not hint.strip(),
            "the hint has marks that follow one another": re.search(r"(?<!\.)\.[.;,:](?!\.)|[?!;][.?!,;]", advice),
            "words of Python": re.search(r"\b(NoneType|TypeError|instances of|unsupported operand)\b", message),
        }.items()
        if found
    ]


@each_mistake
def test_a_mistake_stops_only_the_letters_it_touches(
    mistake: Mistake, original: Path, original_check: Answer, checked: dict[str, Answer], tmp_path: Path
) -> None:
    folder = broken_copy(original, tmp_path / "rios-vivos", mistake)
    answer = run(mistake, "draft", folder)
    no_traceback(answer)
    on_disk = {path.relative_to(folder).as_posix() for path in folder.rglob("*.eml")}
    if answer.code == 2:
        assert mistake.may_stop is None, f"only campaign.yaml may stop everything: {answer.err}"
        assert on_disk == set()
        return
    made = {entry["id"] for entry in answer.json["letters"]}
    assert on_disk == {entry["path"] for entry in answer.json["letters"]}
    for path in on_disk:
        letter = read_letter(folder / path)
        assert letter.defects == []
        assert len(letter["To"].addresses) == 1
        assert letter["Subject"]
        assert "Bcc" not in letter
    fresh = new_problems(original_check, checked.get(mistake.name) or run(mistake, "check", folder))
    is_error = any(problem["level"] == "error" for problem in fresh)
    assert answer.code == 1 or not is_error
    lost = {identity.split("/")[1] for identity in EVERY_LETTER - made}
    if mistake.may_stop is not None:
        assert lost <= {*mistake.stops, *mistake.may_stop}, sorted(lost)
    if is_error:
        assert lost >= set(mistake.stops), sorted(lost)
    elif mistake.level == "warning":
        assert lost == set()
    assert not (tmp_path / "evil.eml").exists()
    assert not list(tmp_path.rglob("owned"))


def forbidden(path: Path) -> None:
    path.chmod(0)


def linked_to_itself(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.name)


@pytest.mark.parametrize("file", ["contacts/media.yaml", "templates/ciencia.md", "campaign.yaml"])
def test_a_file_that_cannot_be_read_is_a_problem(copy: Path, file: str) -> None:
    ways = [linked_to_itself]  # nobody can read that
    if hasattr(os, "geteuid") and os.geteuid() != 0:
        ways.insert(0, forbidden)  # the superuser may read everything
    for make in ways:
        make(copy / file)
        answer = outreach("check", "--json", folder=copy)
        no_traceback(answer)
        assert answer.code in (1, 2)
        found = [problem["code"] for problem in answer.json["problems"] if problem["file"] == file]
        assert found == ["unreadable-file"], make.__name__


def test_an_error_in_campaign_yaml_blocks_every_letter(copy: Path) -> None:
    path = copy / "campaign.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("id: rios-vivos", "id: Rios Vivos/.."), encoding="utf-8")
    answer = outreach("draft", "--json", folder=copy)
    assert answer.code in (1, 2)
    assert list(copy.rglob("*.eml")) == []


def test_two_mistakes_are_shown_at_once(copy: Path, original_check: Answer) -> None:
    for file, old, new in [
        ("contacts/media.yaml", "kind: media\n  tier: 3", "kind: press\n  tier: 3"),
        ("templates/ciencia.md", "{{ contact.personal_text }}", "{{ contact.angel }}"),
        ("posts/cartao.md", "networks: [bluesky, mastodon]", "networks: [bluesky, mastadon]"),
    ]:
        path = copy / file
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    fresh = new_problems(original_check, outreach("check", "--json", folder=copy))
    assert {problem["file"] for problem in fresh} == {
        "contacts/media.yaml",
        "templates/ciencia.md",
        "posts/cartao.md",
    }


def test_a_template_fault_names_the_first_contact_and_the_number_of_letters(copy: Path, original_check: Answer) -> None:
    path = copy / "templates/ciencia.md"
    path.write_text(
        path.read_text(encoding="utf-8").replace("contact.personal_text", "contact.angel"), encoding="utf-8"
    )
    (problem,) = new_problems(original_check, outreach("check", "--json", folder=copy))
    assert problem["file"] == "templates/ciencia.md"
    assert re.search(r"\b4\b", problem["message"]), problem["message"]
    names = ["instituto-fluvarim", "Instituto Fluvarim", "elveforsk", "eu-hidralux", "inst-paludra"]
    assert any(name in problem["message"] for name in names), problem["message"]


def test_check_for_people_names_file_and_line(copy: Path) -> None:
    path = copy / "posts/cartao.md"
    path.write_text(path.read_text(encoding="utf-8").replace("mastodon]", "mastadon]"), encoding="utf-8")
    answer = outreach("check", folder=copy)
    assert answer.code == 1
    assert "posts/cartao.md:2" in answer.out + answer.err
    no_traceback(answer)
