"""Our own variations of what people and machines write, in many languages: what each is to be taken for.

Invented for the ideas of docs/mailbox.md: `variations.tsv` has what it is, the subject and the text. `no` asks for no
more mail, `yes` is a person, `auto` a machine, `data` asks for their data.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from outreach.inbox.reading import read
from outreach.inbox.sorting import sort
from outreach.model.mail import PROPOSALS, Matched
from tests.inbox.messages import message

THREAD = Matched(contact="org", rung="a reply in the thread", thread=True)
PROPOSED = {"no": "opt-out", "auto": "automatic", "data": "data-request", "yes": None}
VARIATIONS = [
    tuple(line.replace("\\n", "\n").split("\t"))
    for line in Path(__file__).with_name("variations.tsv").read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize(("what", "subject", "text"), VARIATIONS)
def test_each_is_taken_for_what_it_is(what: str, subject: str, text: str) -> None:
    found = sort(read(message("Kim <kim@org.example>", text, subject=subject, answers="<a@b>")), THREAD)
    assert PROPOSALS.get(found.kind) == PROPOSED[what], found
    assert what != "yes" or found.certain
