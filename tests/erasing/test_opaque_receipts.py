"""What Git has of a letter to a person is a token: no id, and still nobody is written to twice."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from outreach.history.address_marks import person_token, sealed, unsealed
from outreach.ledger import open_ledger
from outreach.ledger.address_keys import address_key, read_address_keys
from outreach.ledger.receipts import elsewhere, read_receipts
from outreach.letters.mime.message import message_id
from outreach.tasks.erasing.erasing import Request, erase
from outreach.tasks.merging import merge
from tests.connections.planted import plain_git
from tests.erasing.people import bytes_with
from tests.sending.campaigns import results, run, said, write_campaign

ANN = (
    "{id: ann-canary, name: Ann Canary, kind: person, tier: 0, personal_text: Hi., "
    "channels: [{email: ann@canary.example}]}\n"
)
BOB = "{id: bob-keeper, name: Bob Keeper, tier: 0, personal_text: Hi., channels: [{email: bob@keeper.example}]}\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = write_campaign(tmp_path / "one", contacts=1, more="approval: none\n", mail="{transport: outbox}")
    (root / "contacts/private").mkdir()
    (root / "contacts/ann.yaml").write_text(ANN, encoding="utf-8")
    (root / "contacts/private/bob-keeper.yaml").write_text(BOB, encoding="utf-8")
    return root


def lines(root: Path) -> str:
    return (root / "receipts.jsonl").read_text(encoding="utf-8")


def ids(root: Path) -> list[str]:
    return sorted(receipt.id for receipt in read_receipts(root)[0])


def ann_in(root: Path) -> str:
    """Ann's letter as the lines have it. The key is random, so either person may come first."""
    key = address_key(root)
    return f"one/{person_token('ann-canary', key)}/0"


def clone(root: Path, target: Path) -> Path:
    """What another computer gets by Git."""
    return Path(shutil.copytree(root, target, ignore=shutil.ignore_patterns(".outreach", "private", "outbox")))


def unknown(root: Path) -> int:
    with open_ledger(root) as ledger:
        return len(elsewhere(ledger, read_receipts(root)[0], read_address_keys(root)[0]))


def test_a_person_has_a_token_in_receipts_and_an_organisation_its_id(root: Path) -> None:
    assert run(root, "send", "one", "--go").code == 0
    assert "canary" not in lines(root)
    assert "keeper" not in lines(root)
    assert [id.startswith("one/person-") for id in ids(root)] == [False, True, True]
    assert "one/c0000/0" in ids(root)
    assert unknown(root) == 0, "it is this computer's own"
    before = lines(root)
    run(root, "sync")
    assert lines(root) == before


def test_nobody_is_written_to_twice_by_a_clone_whether_it_knows_the_person_or_gets_to_know_them(
    root: Path, tmp_path: Path
) -> None:
    run(root, "send", "one", "--go")
    second = clone(root, tmp_path / "two")
    run(second, "sync")
    assert unknown(second) == 0
    (second / "contacts/private").mkdir()
    (second / "contacts/private/bob-keeper.yaml").write_text(BOB, encoding="utf-8")
    states = {each["id"]: each["state"] for each in said(second, "status")["contacts"]}
    assert states["ann-canary"] == states["bob-keeper"] == "contacted"
    assert "done" not in results(second, "one", "--go").values()
    assert not (second / "outbox").exists() or not list((second / "outbox").rglob("*.eml"))


def test_lines_of_an_older_version_are_understood_and_get_the_token(root: Path, tmp_path: Path) -> None:
    run(root, "send", "one", "--go")
    token = ann_in(root)
    old = [json.loads(line) for line in lines(root).splitlines()]
    for each in old:
        each["id"] = "one/ann-canary/0" if each.get("id") == token else each.get("id")
    text = "".join(json.dumps({k: v for k, v in each.items() if v is not None}) + "\n" for each in old)
    (root / "receipts.jsonl").write_text(text, encoding="utf-8")
    second = clone(root, tmp_path / "two")
    run(second, "sync")
    assert unknown(second) == unknown(root) == 0
    run(root, "sync")
    assert "canary" not in lines(root)
    assert len(ids(root)) == 3


def test_a_second_key_changes_no_line_and_adds_none(root: Path) -> None:
    run(root, "send", "one", "--go")
    keys = root / "receipts.key"
    keys.write_text(f"{'0' * 63}1\n{keys.read_text('utf-8')}", encoding="utf-8")
    run(root, "sync")
    assert len(ids(root)) == 3
    assert unknown(root) == 0


def test_who_is_erased_is_erased_on_a_clone_that_has_the_token_alone(root: Path, tmp_path: Path) -> None:
    run(root, "send", "one", "--go")
    second = clone(root, tmp_path / "two")
    (second / "contacts/ann.yaml").unlink()
    run(second, "sync")
    erase(root, Request(who="ann-canary", go=True))
    assert sum("/erased-" in id for id in ids(root)) == 1
    for name in ("receipts.jsonl", "receipts.key"):
        shutil.copy(root / name, second / name)
    run(second, "send", "one", "--go")
    assert ids(second) == ids(root)
    with open_ledger(second) as ledger:
        names = {event.contact for event in ledger.events() if event.contact}
    assert sum(name.startswith("person-") for name in names) == 1, "Bob's"


def test_lines_that_a_merge_brings_back_lose_the_name_again(root: Path) -> None:
    """A clone that has not erased yet has the old lines, and Git keeps the lines of both."""
    run(root, "send", "one", "--go")
    token = ann_in(root)
    before = lines(root)
    erase(root, Request(who="ann-canary", go=True))
    erase(root, Request(who="bob-keeper", go=True))
    after = set(ids(root))
    plain = before.replace(token, "one/ann-canary/0")
    for old in (before, plain):
        merged = sorted({*old.splitlines(), *lines(root).splitlines()})
        (root / "receipts.jsonl").write_text("\n".join(merged) + "\n", encoding="utf-8")
        run(root, "send", "one", "--go")
        assert set(ids(root)) == after
        assert "canary" not in lines(root)


def test_a_guessed_id_cannot_be_confirmed_by_the_proof_and_a_clone_still_knows_the_message_id(
    root: Path, tmp_path: Path
) -> None:
    """A Message-ID is a plain hash of campaign, wave, contact and step: whoever guesses these four could compare."""
    run(root, "send", "one", "--go")
    guessed = {id: message_id("small", "one", id, 0, "sender.example") for id in ("ann-canary", "bob-keeper")}
    assert not [id for id, each in guessed.items() if each in lines(root)]
    assert message_id("small", "one", "c0000", 0, "sender.example") in lines(root), "an organisation is no secret"
    second = clone(root, tmp_path / "two")
    run(second, "sync")
    with open_ledger(second) as ledger:
        known = {letter.message_id for past in ledger.past().contacts.values() for letter in past.letters}
    assert set(guessed.values()) <= known, "follow-ups and answers need it"
    before = lines(second)
    run(second, "sync")
    assert lines(second) == before == lines(root)
    erase(root, Request(who="ann-canary", go=True))
    assert guessed["ann-canary"] not in lines(root)


def test_a_plain_proof_of_an_older_version_is_sealed_and_is_the_same_letter(root: Path, tmp_path: Path) -> None:
    run(root, "send", "one", "--go")
    new, token = lines(root), ann_in(root)
    plain = {receipt.id: receipt.proof for receipt in read_receipts(root)[0]}
    old = [json.loads(line) for line in new.splitlines()]
    assert [each["proof"] == plain[each["id"]] for each in old if each["id"] == token] == [False]
    text = "".join(json.dumps({**each, "proof": plain[each["id"]]}) + "\n" for each in old)
    (root / "receipts.jsonl").write_text(text, encoding="utf-8")
    second = clone(root, tmp_path / "two")
    for each in (second, root):
        run(each, "sync")
        assert unknown(each) == 0
    assert lines(root) == lines(second) == new


@pytest.fixture
def merged(root: Path) -> Path:
    """Ann, who was written to and called, became part of an organisation that nobody wrote to."""
    (root / "contacts/ann.yaml").rename(root / "contacts/private/ann-canary.yaml")
    run(root, "send", "one", "--go")
    run(root, "log", "ann-canary", "they-called", "spoke of canary-call")
    (root / "contacts/org.yaml").write_text(
        "{id: org, name: Org, tier: 0, personal_text: Hi., channels: [{email: info@org.example}]}\n", encoding="utf-8"
    )
    merge(root, "org", "ann-canary", go=True)
    return root


def test_files_in_git_never_name_a_person_who_was_merged_renamed_or_removed(merged: Path, tmp_path: Path) -> None:
    bob = merged / "contacts/private/bob-keeper.yaml"
    bob.write_text(BOB.replace("id: bob-keeper", "id: robert, was: bob-keeper"), encoding="utf-8")
    run(merged, "sync")
    bob.unlink()
    run(merged, "sync")
    assert [name for name in ("canary", "keeper") if name in lines(merged)] == []
    assert "canary" not in (merged / "contacts/org.yaml").read_text(encoding="utf-8")
    second = clone(merged, tmp_path / "two")
    run(second, "sync")
    assert "done" not in results(second, "one", "--go").values(), "the organisation was written to, as Ann"


def test_a_person_who_became_part_of_an_organisation_is_erased_under_their_old_id_and_it_stays(
    merged: Path, tmp_path: Path
) -> None:
    second = Path(shutil.copytree(merged, tmp_path / "second"))
    third = clone(merged, tmp_path / "third")
    run(third, "sync")
    done = erase(merged, Request(who="ann-canary", go=True))
    assert (done.erased.name, done.erased.within, done.is_complete) == ("Ann Canary", ("org",), True)
    assert bytes_with(merged, "canary") == []
    for each in (second, third):
        for name in ("receipts.jsonl", "receipts.key", "contacts/org.yaml"):
            shutil.copy(merged / name, each / name)
        assert "done" not in results(each, "one", "--go").values()
        assert bytes_with(each, "canary") == []
    for each in (merged, second, third):
        states = {each["id"]: each["state"] for each in said(each, "status")["contacts"]}
        assert states["org"] in ("answered", "contacted"), "it is not finished, only one of its people is"


HOUSE = "{id: house, name: Bee House, tier: 0, channels: [{email: info@house.example}], people: [%s]}\n"
CLEO = "{name: Cleo Canary, email: cleo@house.example}"


def house(root: Path, people: str = CLEO) -> Path:
    (root / "contacts/house.yaml").write_text(HOUSE % people, encoding="utf-8")
    return root


def pulled(root: Path, second: Path) -> None:
    for name in ("receipts.jsonl", "receipts.key", "contacts/house.yaml"):
        shutil.copy(root / name, second / name)


@pytest.mark.parametrize("people", [CLEO, "{name: Cleo Canary}"])
def test_a_clone_whose_files_lost_the_name_by_git_finds_it_in_the_history_of_git(
    root: Path, tmp_path: Path, people: str
) -> None:
    house(root, people)
    plain_git(root, "init", "--quiet")
    plain_git(root, "add", "contacts")
    plain_git(root, "commit", "--quiet", "--message", "Contacts")
    second = Path(shutil.copytree(root, tmp_path / "two"))
    run(second, "log", "c0000", "other", "I met Cleo Canary there")
    assert erase(root, Request(who="Cleo Canary", go=True)).is_complete
    pulled(root, second)
    sent = run(second, "send", "one", "--go")
    assert "not known here" not in sent.out + sent.err
    assert bytes_with(second, "cleo") == []


def test_a_clone_without_git_finds_the_name_in_what_it_wrote_down_of_the_contact(root: Path, tmp_path: Path) -> None:
    second = Path(shutil.copytree(house(root), tmp_path / "two"))
    run(second, "log", "house", "they-called", "Then Cleo Canary called")
    run(second, "log", "c0000", "other", "Cleo Canary, again")
    erase(root, Request(who="Cleo Canary", go=True))
    pulled(root, second)
    run(second, "send", "one", "--go")
    assert bytes_with(second, "cleo") == []


@pytest.mark.parametrize("words", [("send", "one", "--go"), ("sync",)])
def test_a_clone_that_finds_no_name_says_once_what_to_run(root: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    second = Path(shutil.copytree(house(root), tmp_path / "two"))
    run(second, "log", "house", "they-called", "spoke to us", "--from", "cleo@house.example")
    run(second, "suppress", "cleo@house.example")
    run(second, "log", "c0000", "other", "Cleo Canary came")
    erase(root, Request(who="Cleo Canary", go=True))
    pulled(root, second)
    done = run(second, *words)
    assert "whose name is not known here" in done.out + done.err
    again = run(second, *words)
    assert "whose name is not known here" not in again.out + again.err
    run(second, "erase", "Cleo Canary", "--go")
    assert bytes_with(second, "cleo") == []


def test_an_address_that_stands_in_files_of_a_clone_alone_is_found_by_its_mark(root: Path, tmp_path: Path) -> None:
    """Neither Git nor the history of that computer knows them."""
    second = Path(shutil.copytree(house(root), tmp_path / "two"))
    (second / "mine").mkdir()
    (second / "mine/list.csv").write_text("name,email\nCleo,Cleo@house.example\nBob,bob@x.example\n", encoding="utf-8")
    (second / "mine/old.txt").write_text("Ask <cleo@house.example> and bob@x.example.\n", encoding="utf-8")
    erase(root, Request(who="cleo@house.example", go=True))
    pulled(root, second)
    done = run(second, "send", "one", "--go")
    assert "whose name is not known here" in done.out + done.err
    assert bytes_with(second, "cleo@") == []
    assert "bob@x.example" in (second / "mine/list.csv").read_text(encoding="utf-8")


@given(some.text(max_size=200), some.binary(min_size=32, max_size=32), some.binary(min_size=32, max_size=32))
@settings(max_examples=60, deadline=None)
def test_a_proof_is_unsealed_with_its_key_and_with_no_other(proof: str, key: bytes, other: bytes) -> None:
    id = f"one/{person_token('ann', key)}/0"
    hidden = sealed(id, proof, [key])
    assert unsealed(hidden, [other, key]) == proof.encode("utf-8", "replace").decode("utf-8")
    assert sealed(id, hidden, [key]) == hidden, "once is enough"
    assert sealed("one/ann/0", proof, [key]) == proof
    if key != other and proof:
        assert unsealed(hidden, [other]) == hidden == sealed(id, hidden, [other])
