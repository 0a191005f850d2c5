"""Who gets a letter is decided once: every command makes, holds and leaves out the same letters, in the same words."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from outreach.letters.making import LetterMaker
from outreach.planning import recipients
from outreach.tasks import campaign as loading
from outreach.tasks import world as worlds
from tests.sending.campaigns import run, said, write_campaign

NOW = "2026-03-03T10:00:00+01:00"
SOME = st.sampled_from
NO_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)
"""A campaign takes a second, and the smaller ones say no more."""

# --- campaigns of all kinds ------------------------------------------------------------------------------

TEMPLATES = {
    "hello.md": "---\nsubject: Hi {{ contact.name }}\n---\nDear {{ contact.name }}, hello.\n",
    "hello.de.md": "---\nsubject: Hallo\n---\nGuten Tag {{ contact.name }}.\n",
    "other.md": "---\nsubject: Hi\nattachments: [brief]\n---\nDear {{ contact.name }}, {{ contact.personal_text }}\n",
    "roles.md": "---\nsubject: Hi\nroles: [press]\n---\nDear {{ contact.name }}.\n",
    "form_only.form.md": "---\n---\nHello.\n",
    "broken.md": "---\nsubject: Hi\n---\n{% if x %}\n",
    "open.md": "---\nsubject: Hi\n---\nDear [Name], hello.\n",
    "later.md": "---\nsubject: Hi\n---\nSee {{ posts['thread'].url }}\n",
    "told.md": "---\nsubject: Hi\n---\n{% if contacts['c0'].contacted %}We wrote to them.{% endif %} Hello.\n",
}
NAMES = [*sorted({name.partition(".")[0] for name in TEMPLATES}), "missing"]
CHANNELS = [
    "{email: info@a.example, role: general}",
    "{email: Info@A.example}",
    "{email: press@b.example, role: press}",
    "{email: %s@c.example}",
    '{form: "https://x.example/f"}',
    '{mastodon: "@a@b.example"}',
    "{email: list@d.example, role: list}",
]
MORE_OF_CONTACTS = [
    "", "", "", "personal_text: An angle.\n", "personal_text: An angle.\n", "do_not_contact: true\n",
    "missing: an address\n", "via: c0\n", "attachments: [brief]\n", "language: de\n", "kind: person\n",
    "personal_text: As Contact C1 knows.\n",
]  # fmt: skip
MORE_OF_WAVES = [
    "", "", "", ", again: true", ", until: 2026-01-01", ", start: 2026-04-07", ", needs: \"decision('go') == 'yes'\"",
    ", needs: \"count('answered', teir=0) > 1\"", ", needs: \"contacts['c1'].answered\"",
    ", follow_up: {after: 14d, template: other}",
]  # fmt: skip


@st.composite
def waves(draw: st.DrawFn) -> list[str]:
    made = []
    for number in range(draw(st.integers(1, 3))):
        to = draw(SOME(["true", "tier == 0", "'a' in tags", "tier < 2", "kind != 'person'", "tier < name"]))
        name, other = draw(SOME(NAMES)), draw(SOME(["hello", "other", "later"]))
        choice = draw(
            SOME([name, f'[{{if: "tier == 0", use: {name}}}, {{use: {other}}}]', f'[{{if: "eu", use: {name}}}]'])
        )
        made.append(f'  - {{id: w{number}, to: "{to}", template: {choice}{draw(SOME(MORE_OF_WAVES))}}}\n')
    return made


@st.composite
def contacts(draw: st.DrawFn) -> list[str]:
    made = []
    for number in range(draw(st.integers(2, 7))):
        channels = dict.fromkeys(draw(st.lists(SOME(CHANNELS), max_size=2)))
        listed = "".join(f"  - {each.replace('%s', f'c{number}')}\n" for each in channels)
        more, tag = draw(SOME(MORE_OF_CONTACTS)), draw(SOME("ab"))
        text = f"id: c{number}\nname: Contact C{number}\ntier: {draw(st.integers(0, 2))}\ntags: [{tag}]\n{more}"
        made.append(text + (f"channels:\n{listed}" if listed else ""))
    return made


def write(root: Path, waves: list[str], contacts: list[str], *, sender: str, approval: str, brief: bool) -> None:
    shutil.rmtree(root, ignore_errors=True)
    for folder in ("contacts", "templates", "posts"):
        (root / folder).mkdir(parents=True)
    (root / "campaign.yaml").write_text(
        f"id: f\ntitle: F\ntimezone: Europe/Brussels\nsender: {{name: {sender}, email: alex@example.org}}\n"
        f"legal: {{basis: legitimate-interest, interest: x}}\nattachments: {{brief: brief.txt}}\napproval: {approval}\n"
        "decisions: [{id: go, ask: Go on?, choices: ['yes', 'no']}]\nwaves:\n" + "".join(waves)
    )
    if brief:
        (root / "brief.txt").write_text("x")
    for name, text in TEMPLATES.items():
        (root / "templates" / name).write_text(text)
    (root / "posts" / "thread.md").write_text("---\nnetworks: [reddit]\nat: 2026-04-06 14:00\n---\nText.\n")
    for number, text in enumerate(contacts):
        (root / "contacts" / f"c{number}.yaml").write_text(text)


# --- what every command says of every letter -------------------------------------------------------------


def by_id(found: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {each["id"]: each for each in found}


def disagreements(root: Path, now: str = NOW) -> list[str]:
    """Every letter of which two commands say different things."""
    draft = said(root, "draft", now=now)
    items = by_id([each for each in said(root, "agenda", now=now)["items"] if each["step"] is not None])
    status = by_id(said(root, "status", now=now)["contacts"])
    actions = by_id(said(root, "send", now=now)["actions"])
    approved = approvals(root, items, now)
    made = {each["id"] for each in [*draft["letters"], *draft["manual"]]}
    skipped = {f"{each['wave']}/{each['contact']}/0": each["reason"] for each in draft["skipped"]}
    told: set[str] = set()
    wrong = [f"{id}: made, and skipped: {skipped[id]!r}" for id in made & skipped.keys()]
    for id, item in items.items():
        state, reason = item["state"], item["reason"]
        if id not in made and (state, reason) != ("held", skipped.get(id)):
            wrong.append(f"{id}: agenda {state} {reason!r}, draft {skipped.get(id)!r}")
        if item["kind"] == "letter":
            wrong += [f"{id}: agenda {state} {reason!r}, {other}" for other in letter(item, actions[id], approved[id])]
            if (approved[id]["result"] == "refused") != (id not in made or "not known yet" in approved[id]["reason"]):
                wrong.append(f"{id}: approve {approved[id]}, drafted {id in made}")
        contact = status[item["contact"]]
        if id in made and contact["state"] == "new":
            wrong.append(f"{id}: status new, though it is made")
        if item["contact"] not in told and state == "held" and reason not in contact["next"]["what"]:
            wrong.append(f"{id}: agenda {reason!r}, status {contact['next']['what']!r}")
        told.add(item["contact"])
    return [*wrong, *checked(root, items, now)]


def letter(item: dict[str, Any], action: dict[str, Any], approved: dict[str, Any]) -> list[str]:
    """What `send` and `approve` say of a letter otherwise than the agenda."""
    wrong = []
    results = {"due": ["planned"], "waiting": ["planned", "held"], "held": ["held"], "missed": ["missed"]}[
        item["state"]
    ]
    unapproved = any(said in item["reason"] for said in (".url is not known yet", f"`outreach approve {item['wave']}`"))
    if action["result"] not in (["held"] if unapproved else results):
        wrong.append(f"send {action['result']}")
    if action["result"] != "planned" and action["reason"] != item["reason"]:
        wrong.append(f"send {action['reason']!r}")
    if approved["result"] == "refused" and "not known yet" not in approved["reason"]:
        wrong += [f"approve {approved['reason']!r}"] if approved["reason"] != item["reason"] else []
    return wrong


def approvals(root: Path, items: dict[str, dict[str, Any]], now: str) -> dict[str, dict[str, Any]]:
    """What `approve` says of every letter; nothing is approved afterwards."""
    letters = [each for each in items.values() if each["kind"] == "letter"]
    found: dict[str, dict[str, Any]] = {}
    for wave in {each["wave"] for each in letters}:
        found |= by_id(run(root, "approve", wave, "--json", now=now).json["letters"])
    for id in found:
        run(root, "approve", id, "--withdraw", now=now)
    return found


def checked(root: Path, items: dict[str, dict[str, Any]], now: str) -> list[str]:
    """Letters that an error is said to stop, where `check` finds none, or a gate that never holds and is none."""
    errors = [each for each in said(root, "check", now=now)["problems"] if each["level"] == "error"]
    stopped = [id for id, item in items.items() if "`outreach check`" in item["reason"]]
    found = " ".join(each["message"] for each in errors)
    unsaid = [id for id in stopped if "for email" in items[id]["reason"] and "for email" not in found]
    return [f"{id}: {items[id]['reason']}, and check finds no such error" for id in (unsaid if errors else stopped)]


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), phases=NO_SHRINKING)
@given(
    waves=waves(),
    contacts=contacts(),
    sender=SOME(["Alex", "Alex", "Alex", '"[Your name]"']),
    approval=SOME(["required", "none"]),
    brief=SOME([True, True, False]),
)
def test_all_commands_agree_on_every_letter(
    tmp_path: Path, waves: list[str], contacts: list[str], sender: str, approval: str, brief: bool
) -> None:
    root = tmp_path / "campaign"
    write(root, waves, contacts, sender=sender, approval=approval, brief=brief)
    assert disagreements(root) == []


def test_nobody_promises_a_letter_whose_sender_is_a_placeholder(tmp_path: Path) -> None:
    root = write_campaign(tmp_path)
    text = (root / "campaign.yaml").read_text().replace("name: Alex Example", 'name: "[Your name]"')
    (root / "campaign.yaml").write_text(text)
    reasons = {item["reason"] for item in said(root, "agenda", now=NOW)["items"]}
    assert reasons == {"the sender's name or address is not right yet; see `outreach check`"}
    assert {each["reason"] for each in said(root, "draft", now=NOW)["skipped"]} == reasons
    assert {each["reason"] for each in said(root, "send", now=NOW)["actions"]} == reasons
    assert disagreements(root) == []


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("c0001", "personal_text: Ask Contact 0 about it.", "the letter has an error; see `outreach check`"),
        ("c0001", "personal_text: Dear [Name]", "the letter has an error; see `outreach check`"),
        ("c0001", "do_not_contact: they asked", None),
    ],
)
def test_a_letter_that_does_not_render_is_promised_by_nobody_and_leaves_its_address(
    tmp_path: Path, key: str, value: str, reason: str | None
) -> None:
    root = write_campaign(tmp_path, contacts=1)
    for name, more in ((key, value), ("c0002", "personal_text: Fine.")):
        text = f"id: {name}\nname: Org {name}\ntier: 0\nchannels: [{{email: shared@x.example}}]\n{more}\n"
        (root / "contacts" / f"{name}.yaml").write_text(text)
    items = by_id(said(root, "agenda", now=NOW)["items"])
    assert items.get("one/c0001/0", {}).get("reason") == reason
    assert items["one/c0002/0"]["state"] == "due"
    assert "one/c0002/0" in by_id(said(root, "draft", now=NOW)["letters"])
    assert disagreements(root) == []


def test_a_contact_in_two_waves_hears_the_truth_about_the_second(tmp_path: Path) -> None:
    root = write_campaign(tmp_path, contacts=1, more="  - {id: two, to: 'tier == 0', template: hello}\n")
    (skipped,) = said(root, "draft", now=NOW)["skipped"]
    assert (skipped["wave"], skipped["reason"]) == ("two", "gets its first letter in `one`")


def test_whoever_names_an_email_that_is_not_made_hears_why(tmp_path: Path) -> None:
    root = write_campaign(tmp_path, contacts=1, more="  - {id: two, to: 'tier == 0', template: hello}\n")
    (root / "templates" / "hello.form.md").write_text("---\nsubject: Hello\n---\nDear {{ contact.name }}.\n")
    for name, more in {
        "no": "do_not_contact: they asked\nchannels: [{email: no@x.example}]\n",
        "open": "personal_text: Dear [Name]\nchannels: [{email: open@x.example}]\n",
        "hand": "channels: [{form: 'https://x.example/f'}]\n",
    }.items():
        (root / "contacts" / f"{name}.yaml").write_text(f"id: {name}\nname: Org {name}\ntier: 0\n{more}")
    skipped = {
        f"{each['wave']}/{each['contact']}/0": each["reason"] for each in said(root, "draft", now=NOW)["skipped"]
    }
    assert skipped.keys() >= {"two/c0000/0", "one/no/0", "two/no/0", "one/open/0", "two/hand/0"}
    for id, reason in skipped.items():
        assert said(root, "preview", id, now=NOW)["why_none"] == reason
        assert reason in run(root, "approve", id, now=NOW).err + run(root, "approve", id, now=NOW).out
    (text,) = said(root, "preview", "one/hand/0", now=NOW)["manual"]
    assert (text["how"], text["text"]) == ("form", "Dear Org hand.\n")
    assert "pasted by hand" in run(root, "approve", "one/hand/0", now=NOW).err
    assert run(root, "approve", "three/c0000/0", now=NOW).code == run(root, "preview", "one/c0009/0", now=NOW).code == 2


def test_a_follow_up_is_previewed_by_its_own_id(tmp_path: Path) -> None:
    root = write_campaign(tmp_path, contacts=1)
    run(root, "approve", "one", now=NOW)
    run(root, "send", "--go", now=NOW)
    (letter,) = said(root, "preview", "one/c0000/1", now=NOW)["letters"]
    assert (letter["id"], letter["subject"]) == ("one/c0000/1", "Re: Once more")


def test_a_verdict_is_asked_again_when_what_it_was_made_from_changed(tmp_path: Path) -> None:
    root = write_campaign(tmp_path)

    def reasons() -> dict[str, str]:
        return {item["id"]: item["reason"] for item in said(root, "agenda", now=NOW)["items"]}

    fine = reasons()
    assert (root / ".outreach/cache/verdicts.json").is_file()
    hello = root / "templates/hello.md"
    hello.write_text(hello.read_text() + "\n[Your name]\n")
    assert set(reasons().values()) == {"the letter has an error; see `outreach check`"}
    hello.write_text(hello.read_text().replace("[Your name]", ""))
    for damaged in ("{]", "[" * 100_000):
        (root / ".outreach/cache/verdicts.json").write_text(damaged)
        assert reasons() == fine
    contacts = root / "contacts" / "all.csv"
    contacts.write_text(contacts.read_text().replace("Angle 1.", "Ask Contact 2."))
    assert [id for id, reason in reasons().items() if "error" in reason] == ["one/c0001/0"]


def test_taking_an_outcome_back_asks_the_gate_again_that_it_opened(tmp_path: Path) -> None:
    gated = "  - {id: two, to: 'tier == 0', template: hello, again: true, needs: \"count('answered') >= 1\"}\n"
    root = write_campaign(tmp_path, more=gated)
    before = by_id(said(root, "agenda", now=NOW)["items"])["two/c0000/0"]
    assert before["reason"].startswith("count('answered') is 0")
    run(root, "outcome", "c0002", "supports", now=NOW)
    assert by_id(said(root, "agenda", now=NOW)["items"])["two/c0000/0"]["state"] != "held"
    run(root, "note", "c0002", "--undo", now=NOW)
    assert by_id(said(root, "agenda", now=NOW)["items"])["two/c0000/0"] == before


# --- work once -------------------------------------------------------------------------------------------


def test_sending_one_letter_of_forty_works_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At most one message is made: an approved one is sent as it was approved. A follow-up that comes into being would
    be rendered once more, to know whether it can be.
    """
    root = write_campaign(tmp_path, contacts=40)
    config = root / "campaign.yaml"
    config.write_text(config.read_text().replace(", follow_up: {after: 14d, template: again}", ""))
    run(root, "approve", "one/c0007/0", now=NOW)
    counted: dict[str, int] = {}

    def count(name: str, module: Any, attribute: str) -> None:
        real: Callable[..., Any] = getattr(module, attribute)

        def counting(*args: Any, **keys: Any) -> Any:
            counted[name] = counted.get(name, 0) + 1
            return real(*args, **keys)

        monkeypatch.setattr(module, attribute, counting)

    count("loads", loading, "kept_campaign")
    count("plans", worlds, "plan")
    count("selections", recipients._Deciding, "first_letters")
    count("messages", LetterMaker, "_message")
    assert by_id(said(root, "send", "--go", now=NOW)["actions"])["one/c0007/0"]["result"] == "done"
    assert counted.pop("plans") <= 2
    assert counted.pop("messages", 0) <= 1
    assert counted == {"loads": 1, "selections": 2}


@pytest.mark.parametrize("words", [["sync"], ["doctor"], ["run", "--go", "--once"], ["outcome", "c0001", "supports"]])
def test_a_command_loads_the_folder_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]) -> None:
    root = write_campaign(tmp_path)
    loads = []
    real = loading.kept_campaign
    monkeypatch.setattr(loading, "kept_campaign", lambda root: loads.append(root) or real(root))
    run(root, *words, now=NOW)
    assert loads == [root]
