"""Guards the guards: the stranger's campaign is what its tables say, by a plain reading of its files."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import yaml

from .broken import MISTAKES
from .campaign import LETTERS, MANUAL, RIVERS, SKIPPED


def every_contact(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for path in sorted((folder / "contacts").rglob("*.yaml")):
        read = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)
        found += read if isinstance(read, list) else [read]
    with (folder / "contacts/ngos.csv").open(encoding="utf-8", newline="") as rows:
        found += list(csv.DictReader(rows, strict=True))
    return found


def test_there_are_forty_contacts_and_each_is_accounted_for(original: Path) -> None:
    assert len(every_contact(original)) == len(RIVERS) == 40
    accounted = [*(letter.contact for letter in LETTERS), *MANUAL, *SKIPPED, "joana-ruivela"]
    assert sorted(accounted) == sorted(RIVERS)


def test_each_river_stands_in_one_contact_only(original: Path) -> None:
    told = [json.dumps(contact, ensure_ascii=False).lower() for contact in every_contact(original)]
    for contact, river in RIVERS.items():
        # one contact names another as the one to write to instead: by its id, which holds a river
        told_of = [text for text in told if river in text.replace('"via": "camara-arruzela"', "")]
        assert len(told_of) == 1, contact


def test_each_name_in_the_tables_is_a_name_in_the_files(original: Path) -> None:
    assert {letter.name for letter in LETTERS} <= {contact["name"] for contact in every_contact(original)}


def test_each_mistake_changes_the_campaign_and_has_a_name_of_its_own(original: Path, tmp_path: Path) -> None:
    assert len({mistake.name for mistake in MISTAKES}) == len(MISTAKES) >= 60
    for number, mistake in enumerate(MISTAKES):
        folder = Path(shutil.copytree(original, tmp_path / str(number)))
        mistake.make(folder)
        mistake.expected_line(folder)
        assert picture(folder) != picture(original), mistake.name
        shutil.rmtree(folder)


def picture(folder: Path) -> dict[str, int | bytes | str]:
    return {path.relative_to(folder).as_posix(): look(path) for path in folder.rglob("*")}


def look(path: Path) -> int | bytes | str:
    if path.is_symlink():
        return "link"
    if path.is_dir():
        return "folder"
    size = path.stat().st_size
    return size if size > 1_000_000 else path.read_bytes()
