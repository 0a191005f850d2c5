"""`imports.yaml` is written by import and edited by people: what they wrote into it stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.campaign.imports import Imports, imports_text, read_imports
from outreach.campaign.splicing import changed
from outreach.cli.main import main
from outreach.errors import ImportsUnreadable

DIGESTS = st.lists(st.from_regex(r"[0-9a-f]{6}", fullmatch=True), min_size=1, max_size=2).map(tuple)
KEYS = st.one_of(
    st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True),
    st.sampled_from('Vereine & Co.csv|a b.xlsx|ü.md|on|NO|it\'s.csv|say "x".md|1.csv|a: b|# c|a\tb'.split("|")),
)
LABELS = st.dictionaries(KEYS, st.sampled_from(["name", "", "email", "a # b", "NO"]), max_size=3)
DOCUMENTS = st.dictionaries(KEYS, st.dictionaries(st.just("name"), DIGESTS), max_size=2)
IMPORTS = st.builds(
    Imports,
    columns=st.dictionaries(KEYS, LABELS, max_size=3),
    contacts=st.dictionaries(KEYS, DOCUMENTS, max_size=4),
    texts=st.dictionaries(KEYS, st.from_regex(r"[0-9a-f]{6}", fullmatch=True), max_size=3),
    settings=st.dictionaries(KEYS, DIGESTS, max_size=3),
)


def merged(old: Imports, new: Imports) -> Imports:
    return Imports(
        columns={**old.columns, **new.columns},
        contacts={**old.contacts, **new.contacts},
        texts={**old.texts, **new.texts},
        settings={**old.settings, **new.settings},
    )


@settings(max_examples=60)
@given(IMPORTS, IMPORTS, st.randoms(use_true_random=False))
def test_what_is_new_is_read_back_and_every_comment_and_unknown_part_stays(old: Imports, new: Imports, chance) -> None:  # type: ignore[no-untyped-def]
    lines = imports_text(old, Imports(), "").splitlines()
    commented, count = [], 0
    for line in lines:
        if chance.random() < 0.4:
            commented.append(" " * chance.choice((0, 2, 4)) + f"# note {count}")
            count += 1
        if chance.random() < 0.4 and not line.startswith("#"):
            line += f'  # note {count}, don\'t "lose" it'
            count += 1
        commented.append(line)
    text = "\n".join([*commented, "mine:", "  - kept: {as: it is}", ""])
    assert read_imports(text) == old
    wanted = merged(old, new)
    after = imports_text(wanted, old, text)
    assert read_imports(after) == wanted
    assert all(f"# note {number}" in after for number in range(count))
    assert "mine:\n  - kept: {as: it is}\n" in after
    assert imports_text(wanted, wanted, after) == after


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("contacts: [a]\n", 1),
        ("texts:\n  a.md: [b]\n", 2),
        ("columns:\n  t.csv:\n    Name: {a: b}\n", 3),
        ("contacts:\n  a: b\n", 2),
        ("- a\n", 1),
    ],
)
def test_what_could_not_be_kept_is_said_at_its_line_before_anything_is_written(text: str, line: int) -> None:
    with pytest.raises(ImportsUnreadable, match=rf"line {line}\)"):
        read_imports(text)


def test_a_section_between_braces_is_changed_between_them() -> None:
    text = "texts: {a.md: '1'}  # mine\n"
    after = imports_text(Imports(texts={"a.md": "1", "b.md": "2"}), Imports(texts={"a.md": "1"}), text)
    assert after == "texts: {a.md: '1', b.md: \"2\"} # mine\n"


def test_a_key_with_any_escape_is_known_again() -> None:
    text = changed('texts:\n  "\\x41\\U0001F41D.md": "1" # why\n', ("texts",), {"A\U0001f41d.md": "2"})
    assert text is not None
    assert " ".join(text.split()) == 'texts: "A🐝.md": "2" # why'


def test_import_keeps_what_a_person_wrote_into_the_file(tmp_path: Path) -> None:
    (tmp_path / "campaign.yaml").write_text("id: c\ntitle: C\nsender: {name: A, email: a@b.example}\n")
    (tmp_path / "t.csv").write_text("Name,E-Mail,Was\nBee Friends,bees@bees.example,x\n")
    assert main(["import", "--go", str(tmp_path / "t.csv"), "--campaign", str(tmp_path)]) == 0
    file = tmp_path / "imports.yaml"
    edited = file.read_text().replace("contacts:\n", "contacts:\n  # the first ones\n") + "team: {who: Ann}  # mine\n"
    file.write_text(edited)
    (tmp_path / "t.csv").write_text("Name,E-Mail,Was\nBee Friends,bees@bees.example,x\nArbor,a@arbor.example,y\n")
    assert main(["import", "--go", str(tmp_path / "t.csv"), "--campaign", str(tmp_path)]) == 0
    after = file.read_text()
    assert "arbor" in after
    assert "  # the first ones\n  bee-friends:" in after
    assert after.endswith("team: {who: Ann}  # mine\n")
