"""One class of tests for the port; every transport passes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.errors import NotSent
from outreach.mail.outbox import Outbox
from outreach.mail.smtp import Smtp
from outreach.mail.smtp_connecting import Server
from outreach.mail.smtp_handing_over import gathered, stuffed
from outreach.mail.transport import Transport
from outreach.model.dispatch import Accepted, Found, Parcel
from tests.sending.campaigns import run, said, write_campaign
from tests.servers.counting import counting


def test_drafts_without_a_mailbox_over_imap_are_said_and_hold_every_email(tmp_path: Path) -> None:
    root = write_campaign(tmp_path, mail="{transport: imap-drafts}")
    problems = said(root, "check")["problems"]
    assert [(each["code"], each["level"], each["line"]) for each in problems] == [("not-yet", "warning", 7)]
    assert len(said(root, "draft")["letters"]) == 3
    reason = "emails go into the drafts of your mailbox, and accounts.mail names no `imap` server"
    assert run(root, "approve", "one", "--yes").code == 0
    for words in ([], ["--go"]):
        code = run(root, "send", *words).code
        actions = said(root, "send")["actions"]
        assert [(each["result"], each["reason"]) for each in actions] == [("held", reason)] * 3, code
    assert {each["reason"] for each in said(root, "agenda")["items"] if each["kind"] == "letter"} == {reason}
    assert next(each for each in said(root, "doctor")["checks"] if each["name"] == "sending")["ok"] is False


BODY = b"Date: now\r\nMessage-ID: <%s@sender.example>\r\n\r\nDear ...\r\n.a line that begins with a dot\r\n"


def parcel(name: str = "fsfe", step: int = 0) -> Parcel:
    data = BODY % f"{name}{step}".encode()
    return Parcel(
        id=f"lobbying/{name}/{step}",
        message_id=f"<{name}{step}@sender.example>",
        sender="alex@sender.example",
        recipient=f"info@{name}.example",
        pieces=lambda: [data[:20], data[20:]],
    )


class TransportTests:
    """What every transport does. `received` gives the Message-IDs that arrived."""

    @pytest.fixture
    def received(self) -> Callable[[], list[str]]:
        raise NotImplementedError

    @pytest.fixture
    def transport(self, received: Callable[[], list[str]]) -> Any:
        raise NotImplementedError

    def test_a_letter_is_taken_and_proved(self, transport: Transport, received: Callable[[], list[str]]) -> None:
        transport.open()
        accepted = transport.send(parcel(), lambda: None)
        assert isinstance(accepted, Accepted)
        assert (accepted.via, accepted.proof) == (transport.via, "<fsfe0@sender.example>")
        assert received() == ["<fsfe0@sender.example>"]

    def test_the_mark_comes_before_anybody_has_the_letter(
        self, transport: Transport, received: Callable[[], list[str]]
    ) -> None:
        seen: list[list[str]] = []
        transport.open()
        transport.send(parcel(), lambda: seen.append(received()))
        assert seen == [[]]

    def test_a_mark_that_fails_means_not_sent(self, transport: Transport, received: Callable[[], list[str]]) -> None:
        def fail() -> None:
            raise OSError("the disk is full")

        transport.open()
        with pytest.raises(OSError, match="disk is full"):
            transport.send(parcel(), fail)
        assert received() == []
        transport.open()
        transport.send(parcel("osi"), lambda: None)
        assert received() == ["<osi0@sender.example>"]

    def test_many_letters_leave_one_after_the_other(
        self, transport: Transport, received: Callable[[], list[str]]
    ) -> None:
        transport.open()
        for name in ("fsfe", "osi", "edri"):
            transport.send(parcel(name), lambda: None)
            transport.send(parcel(name, 1), lambda: None)
        assert len(set(received())) == 6

    def test_closing_is_never_an_error(self, transport: Transport) -> None:
        transport.close()
        transport.open()
        transport.close()
        transport.close()


class TestOutbox(TransportTests):
    @pytest.fixture
    def received(self, tmp_path: Path) -> Callable[[], list[str]]:
        def read() -> list[str]:
            texts = [file.read_text() for file in sorted((tmp_path / "outbox").rglob("*.eml"))]
            return [text.split("Message-ID: ")[1].split("\n")[0].strip() for text in texts]

        return read

    @pytest.fixture
    def transport(self, tmp_path: Path, received: Callable[[], list[str]]) -> Transport:
        return Outbox(tmp_path)

    def test_it_can_tell_what_became_of_a_letter(self, transport: Transport) -> None:
        assert transport.find(parcel()) is Found.NOT_THERE
        transport.send(parcel(), lambda: None)
        assert transport.find(parcel()) is Found.THERE

    def test_a_letter_is_byte_for_byte_what_was_handed_over(self, transport: Transport, tmp_path: Path) -> None:
        transport.send(parcel(step=1), lambda: None)
        assert (tmp_path / "outbox/lobbying/fsfe.1.eml").read_bytes() == b"".join(parcel(step=1).pieces())

    def test_a_folder_in_its_place_is_said(self, transport: Transport, tmp_path: Path) -> None:
        (tmp_path / "outbox").write_text("a file")
        with pytest.raises(NotSent, match="cannot be written"):
            transport.send(parcel(), lambda: None)

    def test_another_letter_under_the_same_name_is_kept(self, transport: Transport, tmp_path: Path) -> None:
        """As after a rehearsal, or where a person put it there."""
        theirs = tmp_path / "outbox" / "lobbying" / "fsfe.eml"
        theirs.parent.mkdir(parents=True)
        theirs.write_text("theirs")
        transport.send(parcel(), lambda: None)
        assert "theirs" in [file.read_text() for file in theirs.parent.iterdir()]
        assert theirs.read_bytes() == b"".join(parcel().pieces())


class TestSmtp(TransportTests):
    @pytest.fixture
    def received(self, tmp_path: Path) -> Iterator[Callable[[], list[str]]]:
        with counting(tmp_path / "server") as server:
            self.port = server.port
            yield lambda: [letter["id"] for letter in server.letters()]

    @pytest.fixture
    def transport(self, received: Callable[[], list[str]]) -> Iterator[Transport]:
        made = Smtp(Server(host="127.0.0.1", port=self.port, security="none"))
        yield made
        made.close()

    def test_it_cannot_tell_what_became_of_a_letter(self, transport: Transport) -> None:
        assert transport.find(parcel()) is Found.CANNOT_TELL


@given(st.lists(st.binary(max_size=40) | st.sampled_from([b".", b"\r\n", b"\r\n.", b"..\r\n"]), max_size=12))
def test_a_server_that_takes_the_dots_off_has_the_letter_again(pieces: list[bytes]) -> None:
    whole = b"".join(pieces)
    on_the_wire = b"".join(gathered(stuffed(pieces)))
    lines = on_the_wire.split(b"\n")
    assert b"\n".join(line[1:] if line.startswith(b".") else line for line in lines) == whole
    assert not {b".", b".\r"} & set(lines)
