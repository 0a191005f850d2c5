"""Headings that say no, in notes without marks for headings: whom they are about, and that they are nobody."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.acceptance.command import Answer, outreach


@pytest.fixture(autouse=True)
def on_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTREACH_NOW", "2026-11-01T09:00:00+00:00")


def imported(folder: Path, name: str, text: str) -> tuple[dict[str, Any], Answer]:
    """The contacts of a document by name, each with its `do_not_contact`."""
    (folder / name).write_text(textwrap.dedent(text), encoding="utf-8")
    answer = outreach("init", str(folder / "new"), "--from", str(folder / name), "--no-ask", "--json")
    found = [yaml.safe_load(each.read_text(encoding="utf-8")) for each in (folder / "new/contacts").glob("*.yaml")]
    return {each["name"]: each.get("do_not_contact") for each in found}, answer


LISTS = """\
    Partners

    Alder Group - alder@alder.example
    Birch Group - birch@birch.example

    {title}

    Cedar Group - cedar@cedar.example
    Elder Group - elder@elder.example
    rook@rook.example

    Press

    Fir Post - fir@fir.example
    Gorse Post - gorse@gorse.example
    """


@pytest.mark.parametrize("title", ["Unsubscribed", "Do not contact:", "Partners who asked us to stop", "Abgemeldet"])
def test_a_line_alone_that_says_no_is_about_those_below_it_up_to_the_next(tmp_path: Path, title: str) -> None:
    found, answer = imported(tmp_path, "list.txt", LISTS.format(title=title))
    held = {name for name, says in found.items() if says}
    assert held == {"Cedar Group", "Elder Group"}
    assert set(found) == {"Alder Group", "Birch Group", "Fir Post", "Gorse Post", *held}
    assert "rook@rook.example" in str(answer.json["suppressed"])


def test_a_remark_below_a_contact_stays_with_it(tmp_path: Path) -> None:
    text = """\
        Moth Trust
        moth@moth.example

        Do not contact any more.

        Newt Trust
        newt@newt.example
        """
    found, _ = imported(tmp_path, "list.txt", text)
    assert found == {"Moth Trust": "Do not contact any more. (list.txt)", "Newt Trust": None}


def test_a_line_on_which_it_is_not_clear_whom_it_is_about_holds_both(tmp_path: Path) -> None:
    text = """\
        Moth Trust
        moth@moth.example

        Unsubscribed

        Newt Trust
        newt@newt.example
        """
    found, _ = imported(tmp_path, "list.txt", text)
    assert all(found.values())


def test_a_bold_line_that_says_what_follows_is_nobody(tmp_path: Path) -> None:
    text = """\
        # Kontakte

        **Vereine**

        - Hasenbund: info@hasenbund.example
        - Igelbund: info@igelbund.example

        **Nicht mehr anschreiben:**

        - Jagdbund: info@jagdbund.example
        """
    found, _ = imported(tmp_path, "list.md", text)
    assert set(found) == {"Hasenbund", "Igelbund", "Jagdbund"}
    assert [name for name, says in found.items() if says] == ["Jagdbund"]
