"""The real PDS, asked about texts around the limits, says what our counting says; and it takes a card's picture."""

from __future__ import annotations

import json
import random
import urllib.error
import urllib.request

from outreach.networks.measuring import measure
from tests.servers.pds import PASSWORD, Pds

LETTERS = ["a", " ", "é", "e\u0301", "日", "👩\u200d👩\u200d👧\u200d👦", "🇧🇪", "क्षि", "한", "👍🏽",
           "\u1100\u1161\u11a8", "1\ufe0f\u20e3", "ü", "\r\n", "🏳️\u200d🌈"]  # fmt: skip
TEXTS = 1000


def around_the_limits() -> list[str]:
    chance = random.Random(6)
    texts = []
    for _ in range(TEXTS):
        kinds = chance.sample(LETTERS, chance.randint(1, 4))
        texts.append(
            "".join(chance.choice(kinds) for _ in range(chance.choice([299, 300, 301, 298, 302, 120, 119, 121])))
        )
    return texts


def test_the_server_takes_exactly_the_texts_that_fit(pds: Pds) -> None:
    did = pds.account("verdicts")
    login = pds.ask("com.atproto.server.createSession", {"identifier": "verdicts.test", "password": PASSWORD})
    wrong, took = [], 0
    for text in around_the_limits():
        record = {"$type": "app.bsky.feed.post", "text": text, "createdAt": "2026-01-06T09:00:00Z"}
        value = {"repo": did, "collection": "app.bsky.feed.post", "record": record, "validate": True}
        fits = accepted(pds, value, str(login["accessJwt"]))
        took += fits
        if fits != measure(text, "bluesky").fits:
            wrong.append(text)
    assert not wrong
    assert 100 < took < TEXTS - 100


def accepted(pds: Pds, value: object, token: str) -> bool:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    data = json.dumps(value).encode()
    request = urllib.request.Request(f"{pds.url}/xrpc/com.atproto.repo.createRecord", data, headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return bool(answer.status == 200)
    except urllib.error.HTTPError as error:
        with error:
            said = error.read()
        if b"InvalidRe" not in said:
            raise
        return False
