"""What a person thinks is not written down, unless they said it in public."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sending.campaigns import run, write_campaign


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_campaign(tmp_path, contacts=1)
    (tmp_path / "contacts/maria.yaml").write_text(
        "name: Maria Sousa\nkind: person\nchannels: [{email: maria.sousa@jornal.example}]\n", encoding="utf-8"
    )
    return tmp_path


@pytest.mark.parametrize("word", ["supports", "critical"])
def test_a_position_is_recorded_of_an_organisation_and_not_of_a_person(root: Path, word: str) -> None:
    assert run(root, "outcome", "c0000", word).code == 0
    answer = run(root, "outcome", "maria-sousa", word)
    assert answer.code != 0
    assert f"Maria Sousa is a person, and outreach does not record what a person thinks ({word})." in answer.err


@pytest.mark.parametrize("word", ["supports", "critical"])
def test_what_a_person_of_an_organisation_thinks_is_not_written_down_under_its_name(root: Path, word: str) -> None:
    (root / "contacts/rios.yaml").write_text("name: Rios\npeople: [{name: Ana Lima}]\n", encoding="utf-8")
    answer = run(root, "outcome", "rios", word, "so says ANA LIMA")
    assert "Ana Lima is a person" in answer.err
    assert run(root, "outcome", "rios", word, "so says their board").code == 0
    assert run(root, "outcome", "rios", "meeting", "with Ana Lima").code == 0


@pytest.mark.parametrize("word", ["meeting", "interested", "declines", "receipt-only"])
def test_whether_they_answered_or_want_to_meet_is(root: Path, word: str) -> None:
    assert run(root, "outcome", "maria-sousa", word).code == 0


def test_what_they_said_in_public_is(root: Path) -> None:
    file = root / "contacts/maria.yaml"
    said = "public_statement: {quote: I support this, url: https://jornal.example/a}\n"
    file.write_text(file.read_text("utf-8") + said, encoding="utf-8")
    assert run(root, "outcome", "maria-sousa", "supports").code == 0
