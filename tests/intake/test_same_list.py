"""One list gives the same contacts in whatever file it stands, and importing it twice changes nothing."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.intake.account import Account
from outreach.model.found import Found
from outreach.tasks.importing.documents import read_documents
from tests.intake.written import KINDS, Entry

RUNS = int(os.environ.get("OUTREACH_INTAKE_RUNS", "15"))
FIRST = "Open River Green Casa Réseau Vrije Wolne Ciudad Łąka Blauer Hidden Free Clear Novo Große".split()
SECOND = "Roads Watch Bench Aberta Libre Netten Media Nueva Polska Himmel Works Homes Sky Tempo Brücke Society".split()
NAMES = st.builds("{} {}".format, st.sampled_from(FIRST), st.sampled_from(SECOND))
COUNTRIES = {"Belgium": "BE", "Deutschland": "DE", "Polska": "PL", "Portugal": "PT", "Italia": "IT"}


@st.composite
def lists(draw: st.DrawFn) -> list[Entry]:
    names = draw(st.lists(NAMES, min_size=2, max_size=6, unique_by=str.casefold))
    found = []
    for number, name in enumerate(names):
        locals_ = draw(
            st.lists(st.sampled_from("info office press hello contact".split()), min_size=1, max_size=2, unique=True)
        )
        emails = tuple(f"{local}@site{number}.example" for local in locals_)
        found.append(Entry(name, emails, draw(st.sampled_from(sorted(COUNTRIES)))))
    return found


def read(folder: Path, name: str, content: bytes) -> tuple[dict[str, tuple[set[str], str]], Account]:
    (folder / name).write_bytes(content)
    account = Account()
    found: tuple[Found, ...] = read_documents([folder / name], {}, folder / "campaign", account).found
    said = {
        str(each.values["name"]): (
            {channel["email"] for channel in each.values.get("channels", ())},
            str(each.values.get("country", "")),
        )
        for every in found
        for each in every.contacts
    }
    return said, account


@settings(max_examples=RUNS)
@given(lists())
def test_one_list_is_the_same_in_every_kind_of_file(entries: list[Entry]) -> None:
    expected = {each.name: (set(each.emails), COUNTRIES[each.country]) for each in entries}
    with tempfile.TemporaryDirectory() as folder:
        for name, written in KINDS.items():
            said, account = read(Path(folder), name, written(entries))
            assert said == expected, name
            assert not account.refusals, name
            assert not [each for each in account.questions if not each.optional], name
