"""Every kind of answer that a server gave where a post was to be made public, and what becomes of the post then.

The outcomes are those of docs/publishing.md. Each answer repeats our own secrets, and none of them is found anywhere
afterwards: not in what is said, not in an exception nor in those behind it, not in the ledger, not in the folder.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from outreach.connections.http_service import Limits
from outreach.connections.secrets import Secrets
from outreach.errors import ChannelError
from outreach.model.publication import Part, Publication
from outreach.publishing.bluesky import bluesky
from outreach.publishing.mastodon import mastodon
from tests.acceptance.command import outreach
from tests.publishing.campaigns import TEXTS
from tests.publishing.here import Here
from tests.servers.fault_proxy import Said
from tests.servers.mastodon import TOKEN
from tests.servers.pds import PASSWORD

SCOLDING = "文字数の上限を超えています"
"""What a server says in the account's language: that there are too many characters."""


def scolds(status: int, **headers: str) -> Said:
    """A complaint in Japanese, which repeats what was asked with all its secrets."""
    text = f'{{"error": "{SCOLDING} ECHO", "message": "{SCOLDING} ECHO"}}'
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Said(status=status, data=text.encode(), headers=named)


def secrets_of(world: Here) -> list[str]:
    """All that nobody may see: passwords, and the tokens of the session that was made."""
    found = [TOKEN, PASSWORD]
    kept = json.loads(Path(os.environ["OUTREACH_SECRETS"]).read_text(encoding="utf-8"))
    for name, value in kept.items():
        if name.startswith("bluesky-session:"):
            session = json.loads(value)
            found += [session[key] for key in ("accessJwt", "refreshJwt") if key in session]
    return found


def test_a_secret_that_is_written_otherwise_is_hidden_as_well(world: Here) -> None:
    """JSON may write any character as `\\u002d`."""
    assert outreach("adopt", folder=world.root).code == 0  # so that there is a session
    token = TOKEN if world.network == "mastodon" else secrets_of(world)[2]
    written = "".join(f"\\u{ord(letter):04x}" for letter in token)
    data = f'{{"error": "{written}", "message": "{written}"}}'.encode()
    world.proxy.will_say(world.write, Said(status=422, data=data))
    ((_, said, reason),) = world.go()
    assert (said, "[secret]" in reason) == ("failed", True)
    nothing_leaked(world, reason)


def nothing_leaked(world: Here, said: object) -> None:
    texts = {"what was said": str(said).encode()}
    texts |= {str(path): path.read_bytes() for path in world.root.rglob("*") if path.is_file()}
    for secret in secrets_of(world):
        assert not [where for where, data in texts.items() if secret.encode() in data]


@pytest.mark.parametrize("status", [400, 403, 404, 405, 406, 410, 413, 415, 421, 422, 451])
def test_a_plain_no_is_said_with_the_server_s_words_and_nothing_is_out(world: Here, status: int) -> None:
    world.proxy.will_say(world.write, scolds(status))
    ((_, said, reason),) = world.go()
    assert said == "failed"
    assert str(status) in reason
    assert "\n" not in reason
    assert (SCOLDING in reason) == (status != 403)
    assert world.out() == []
    nothing_leaked(world, reason)
    item = json.loads(outreach("agenda", "--json", folder=world.root).out)["items"][0]
    heard = len(world.proxy.heard)
    ((_, said, again),) = world.go()
    if status == 403:  # about the account, not about the post
        assert (item["state"], said) == ("due", "done")
    else:
        assert (item["state"], said) == ("held", "failed")
        assert "--again" in again
        assert again == item["reason"]
        assert world.proxy.heard[heard:] == []
        assert world.results(post="thread", again=True) == ["done"]
    assert world.out() == sorted(TEXTS)


def test_today_and_status_show_what_was_refused_and_what_nobody_knows(world: Here) -> None:
    world.proxy.will_say(world.write, scolds(422))
    assert world.results() == ["failed"]
    assert "Refused:" in outreach(folder=world.root).out
    status = outreach("status", folder=world.root)
    assert (status.code, "refused it (422" in status.out) == (1, True)
    world.proxy.will_say(world.write, *[Said(status=500)] * 3)
    assert world.results(post="thread", again=True) == ["unknown"]
    said = outreach(folder=world.root).out
    if world.network == "mastodon":  # on Bluesky it may be asked for again at once: it is due, and safely so
        assert "may or may not be published" in said
    assert "Refused:" not in said
    assert "Nothing to do today" not in said


def test_another_computer_learns_that_a_post_was_taken_down(world: Here) -> None:
    assert world.results() == ["done"]
    assert outreach("retract", "thread", "--go", folder=world.root).code == 0
    world.forget(receipts=False)
    assert outreach("adopt", folder=world.root).code == 0
    ((_, said, reason),) = world.go()
    assert said == "held"
    assert reason.startswith("taken down")
    assert world.out() == []
    assert world.results(post="thread", again=True) == ["done"]
    assert world.out() == sorted(TEXTS)


def test_who_is_not_let_in_is_told_to_log_in_and_nothing_else_is_tried(world: Here) -> None:
    world.proxy.will_say(world.write, scolds(401))
    ((_, said, reason),) = world.go()
    assert said == "failed"
    assert f"outreach login {world.network}" in reason
    assert world.out() == []
    nothing_leaked(world, reason)
    assert world.results() == ["done"]


@pytest.mark.parametrize(
    ("headers", "until"),
    [
        ({"X_RateLimit_Reset": "2027-03-01T10:00:00.000Z"}, "until 1 Mar 2027, 10:00 UTC"),
        ({"X_RateLimit_Reset": "2027-03-01T10:00:00"}, "until 1 Mar 2027, 10:00 UTC"),
        ({"X_RateLimit_Reset": "2027-03-01T11:00:00+01:00"}, "until 1 Mar 2027, 10:00 UTC"),
        ({"RateLimit_Reset": "1803895200"}, "until 1 Mar 2027, 10:00 UTC"),
        ({"X_RateLimit_Reset": "1803895200"}, "until 1 Mar 2027, 10:00 UTC"),
        ({"Retry_After": "Mon, 01 Mar 2027 10:00:00 GMT"}, "until 1 Mar 2027, 10:00 UTC"),
        ({"Retry_After": "90"}, "until "),
        ({"RateLimit_Reset": "99999999999999"}, "for now"),
        ({"X_RateLimit_Reset": "soon"}, "for now"),
        ({"Retry_After": "-5"}, "for now"),
        ({"Retry_After": "Mon, 01 Mar 2021 10:00:00 GMT"}, "for now"),
        (
            {"RateLimit_Reset": "1600000000", "Retry_After": "Mon, 01 Mar 2027 10:00:00 GMT"},
            "until 1 Mar 2027, 10:00 UTC",
        ),
        ({"Retry_After": "9" * 400}, "for now"),
        ({"Retry_After": "nan"}, "for now"),
        ({}, "for now"),
    ],
)
def test_too_much_names_the_time_if_the_server_does(world: Here, headers: dict[str, str], until: str) -> None:
    world.proxy.will_say(world.write, scolds(429, **headers))
    ((_, said, reason),) = world.go()
    assert said == "failed"
    assert f"accepts no more requests {until}" in reason
    assert world.out() == []
    nothing_leaked(world, reason)
    assert world.results() == ["done"]
    assert world.out() == sorted(TEXTS)


@pytest.mark.parametrize("heard", [False, True])
@pytest.mark.parametrize("status", [302, 303, 408, 409, 425, 500, 501, 502, 503, 504, 520, 599])
def test_trouble_is_a_doubt_that_the_network_ends(world: Here, status: int, heard: bool) -> None:
    said = scolds(status)
    world.proxy.will_say(world.write, Said(status=status, data=said.data, heard=heard))
    assert world.settled() == ["done"]
    assert world.out() == sorted(TEXTS)
    nothing_leaked(world, outreach("agenda", folder=world.root).out)


@pytest.mark.parametrize("heard", [False, True])
@pytest.mark.parametrize("data", [b"", b"<html>ECHO", b"null", b"[]", b"{}", b'"yes"', b'{"id": ', b'{"id": null}'])
@pytest.mark.parametrize("status", [200, 202])
def test_a_yes_that_nobody_understands_is_a_doubt(world: Here, data: bytes, status: int, heard: bool) -> None:
    world.proxy.will_say(world.write, Said(status=status, data=data, heard=heard))
    assert world.settled() == ["done"]
    assert world.out() == sorted(TEXTS)


def test_a_server_that_drips_is_left_when_its_time_is_up(world: Here) -> None:
    world.proxy.will_say(world.write, Said(status=200, data=b"{}", pause=0.3))
    world.results()
    assert world.settled() == ["done"]
    assert world.out() == sorted(TEXTS)


def test_no_exception_knows_a_secret(world: Here) -> None:
    network, secrets = world.network, Secrets()
    account = {"server": world.proxy.url}
    if network == "bluesky":
        name = next(key for key in json.loads(Path(os.environ["OUTREACH_SECRETS"]).read_text()) if "bluesky:" in key)
        account = {"service": world.proxy.url, "handle": name.partition(":")[2].partition("@")[0]}
    make: Any = bluesky if network == "bluesky" else mastodon
    publication = Publication(
        campaign="c", post="p", network=network, account="a", revision=1, at=datetime.now(UTC), parts=parts(network)
    )
    for answer in [scolds(status) for status in (400, 401, 403, 429, 500)] + [Said(status=200, data=b"<ECHO>")]:
        publisher = make(account, world.root, secrets, limits=Limits(connect=2, answer=5))
        publisher.open()
        world.proxy.will_say(world.write, answer)
        with pytest.raises(ChannelError) as caught:
            publisher.publish(publisher.ready(publication), {}, lambda parts: None, lambda part: None)
        said = [each for error in chain(caught.value) for each in (error, vars(error), error.args)]
        assert not [secret for secret in secrets_of(world) if secret in f"{said!r} {said}"]


def parts(network: str) -> tuple[Part, ...]:
    record = {"$type": "app.bsky.feed.post"} if network == "bluesky" else {}
    key = "text" if network == "bluesky" else "status"
    return tuple(Part(number=n, text=text, record={**record, key: text}) for n, text in enumerate(TEXTS, 1))


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """An exception and all those behind it."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


@pytest.mark.parametrize("world", ["mastodon"], indirect=True)
def test_a_part_above_is_not_taken_down_where_a_server_names_it_in_the_answer(world: Here) -> None:
    heard = world.proxy.answer_for

    def answer_for(line: str) -> Said | None:
        if line != "POST /api/v1/statuses" or len(world.server.statuses) != 1:
            return heard(line)
        id = next(iter(world.server.statuses))
        return Said(status=200, data=json.dumps({"id": id}).encode(), heard=True)

    world.proxy.answer_for = answer_for  # type: ignore[method-assign]
    world.settled()
    assert world.out() == sorted(TEXTS)
