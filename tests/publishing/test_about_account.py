"""What networks and providers ask of an account is said by `doctor`, many mentions by `check`; none is a law."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from outreach.connections.secrets import Secrets
from outreach.tasks.adapters import about_account
from outreach.tasks.campaign import load
from tests.publishing.here import Here
from tests.sending.campaigns import run, said, write_campaign
from tests.servers.fault_proxy import Said


def heard(here: Here, **answers: Any) -> list[tuple[bool, str]]:
    for endpoint, answer in answers.items():
        here.proxy.will_say(endpoint, Said(status=200, data=json.dumps(answer).encode()))
    account = load(here.root).campaign.accounts.networks[here.network]
    return about_account(here.network, account, Secrets(), loopback_only=True)


@pytest.mark.parametrize("world", ["mastodon"], indirect=True)
def test_mastodon_says_whether_the_account_is_marked_and_which_rules_are_about_such_posts(world: Here) -> None:
    me = {"id": "7", "acct": "campaign"}
    rules = [
        {"id": "1", "text": "Be kind."},
        {"id": "2", "text": "No automated posts without a label."},
        5,
        {"id": "3"},
    ]
    unmarked, rule = heard(world, verify_credentials={**me, "bot": False}, rules=rules)
    assert "is not marked as automated" in unmarked[1]
    assert "“No automated posts without a label.”" in rule[1]
    assert (unmarked[0], rule[0]) == (False, True)
    assert heard(world, verify_credentials={**me, "bot": True}, rules={"error": "no"}) == []


@pytest.mark.parametrize("world", ["bluesky"], indirect=True)
def test_bluesky_says_which_labels_others_put_on_the_account(world: Here) -> None:
    _, did = world.server
    labels = [
        {"src": "did:plc:mod", "val": "spam"},
        {"src": "did:plc:mod", "val": "rude", "neg": True},
        {"src": did, "val": "!no-unauthenticated"},
        7,
    ]
    ((_, sentence),) = heard(world, getProfile={"did": did, "labels": labels})
    assert "the label “spam”" in sentence
    assert heard(world, getProfile={"did": did}) == []


def test_a_pace_above_what_the_provider_takes_is_said(tmp_path: Path) -> None:
    mail = "{transport: smtp, host: smtp.gmail.com, port: 587, user: a@gmail.com}"
    root = write_campaign(tmp_path, contacts=1, mail=mail)
    now = "2026-12-01T10:00:00+01:00"
    checks = {each["name"]: each for each in said(root, "doctor", now=now)["checks"]}
    assert "Gmail takes about 500 emails a day from an account; your pace is 100,000." in checks["pace"]["message"]
    file = root / "campaign.yaml"
    file.write_text(file.read_text("utf-8").replace("per_day: 100000", "per_day: 500"), encoding="utf-8")
    assert "pace" not in {each["name"] for each in said(root, "doctor", now=now)["checks"]}


@pytest.mark.parametrize(("number", "days", "warns"), [(20, 1, False), (21, 1, True), (30, 2, False)])
def test_more_mentions_in_a_day_than_a_conversation_has_are_one_warning(
    tmp_path: Path, number: int, days: int, warns: bool
) -> None:
    root = write_campaign(tmp_path, contacts=1, more="")
    (root / "posts").mkdir()
    handles = [f"@a{each}@social.example" for each in range(number)]
    for day in range(days):
        words = " ".join(handles[day::days])
        parts = "\n---\n".join(words[at : at + 400] for at in range(0, len(words), 400))
        text = f"---\nnetworks: [mastodon]\nat: 2026-12-0{day + 1} 09:00\n---\n{parts}\n"
        (root / f"posts/p{day}.md").write_text(text, encoding="utf-8")
    found = [each for each in said(root, "check")["problems"] if each["code"] == "many-mentions"]
    assert len(found) == warns
    assert all(each["level"] == "warning" for each in found)
    assert run(root, "check").code == 1
