"""The shipped campaign from December 2025 on, as a person lives through it at the command line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from .command import REPOSITORY, Answer, outreach

FILES = ("campaign.yaml", "contacts", "templates", "posts", "checklists", "notes", "materials")
LOBBYING = ("fsfe", "linux-foundation-europe", "openforum-europe", "osi")


class Day:
    """The campaign at an instant: `day("agenda", "--json")`."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self._patch = patch

    def at(self, instant: str) -> Day:
        self._patch.setenv("OUTREACH_NOW", instant)
        return self

    def __call__(self, *arguments: str) -> Answer:
        answer = outreach(*arguments, folder=self.folder)
        assert "Traceback" not in answer.err
        return answer

    def items(self) -> dict[str, dict[str, Any]]:
        return {item["id"]: item for item in self("agenda", "--json").json["items"]}

    def states(self) -> dict[str, str]:
        return {contact["id"]: contact["state"] for contact in self("status", "--json").json["contacts"]}


def copied(target: Path) -> Path:
    target.mkdir()
    for name in FILES:
        source = REPOSITORY / name
        copy = shutil.copytree if source.is_dir() else shutil.copyfile
        copy(source, target / name)
    return target


@pytest.fixture
def day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Day:
    monkeypatch.setenv("OUTREACH_USER", "Maria")
    return Day(copied(tmp_path / "campaign"), monkeypatch).at("2025-12-14T10:00:00+01:00")


def posted(day: Day) -> None:
    day.at("2026-01-06T16:00:00+01:00")
    url = "https://www.reddit.com/r/linux/comments/1"
    answer = day("note", "r-linux", "posted", "--at", "2026-01-06 14:30", "--url", url, "upvotes=153", "comments=40")
    assert answer.code == 0, answer.err


def test_in_december_the_window_without_a_day_is_named_with_its_nearest_moment(day: Day) -> None:
    words = "Tuesday 6 January 2026, 14:00-16:00 CET (08:00-10:00 EST)"
    item = day.items()["r-linux/reddit"]
    assert item["state"] == "held"
    assert words in item["reason"]
    assert words in day("check").out


def test_nobody_is_written_to_before_the_decision_and_the_reason_quotes_it(day: Day) -> None:
    letters = [item for item in day.items().values() if item["wave"]]
    assert letters
    assert {item["state"] for item in letters} == {"held"}
    assert all("you have not decided 'reddit' yet" in item["reason"] for item in letters)


def test_the_decision_is_asked_before_the_organisations_are_written_to(day: Day) -> None:
    decision = day.items()["decision/reddit"]
    assert decision["due"] < "2026-01-13"
    posted(day)
    assert day.items()["decision/reddit"]["due"] == "2026-01-09T14:30:00+01:00"


def test_the_thread_follows_two_days_after_the_reddit_post_was_really_noted(day: Day) -> None:
    assert {day.items()[f"thread/{network}"]["state"] for network in ("bluesky", "mastodon")} == {"held"}
    posted(day)
    for network in ("bluesky", "mastodon"):
        item = day.items()[f"thread/{network}"]
        assert (item["state"], item["due"]) == ("waiting", "2026-01-08T14:30:00+01:00")


def decided(day: Day) -> None:
    posted(day)
    day.at("2026-01-10T12:00:00+01:00")
    assert day("decide", "reddit", "go", "Went well").code == 0


def test_once_decided_the_letters_leave_from_tuesday_13_january_on_allowed_days_only(day: Day) -> None:
    decided(day)
    letters = [item for item in day.items().values() if item["wave"]]
    assert min(item["due"] for item in letters) == "2026-01-13T09:00:00+01:00"
    assert {item["id"] for item in letters if item["due"].startswith("2026-01-13")} == {
        f"lobbying/{name}/0" for name in LOBBYING
    }
    assert {item["state"] for item in letters} == {"waiting"}


def test_letters_say_what_was_noted_and_until_then_what_is_missing(day: Day) -> None:
    assert "⟦posts.r-linux.url⟧" in day("draft", "--contact", "fsfe").out
    posted(day)
    letter = day("draft", "--contact", "fsfe").out
    assert "https://www.reddit.com/r/linux/comments/1" in letter
    assert "⟦" not in letter


def test_undo_takes_back_what_a_person_said_and_not_the_gate_that_opened_by_itself(day: Day) -> None:
    decided(day)
    day.items()  # here the gates open
    assert day("note", "--undo", "--json").json["name"] == "reddit"
    assert day.items()["decision/reddit"]["state"] == "due"


def test_a_gate_once_open_stays_open(day: Day) -> None:
    decided(day)
    day.items()
    assert day("note", "reddit", "--undo").code == 0
    assert day.items()["lobbying/fsfe/0"]["state"] == "waiting"


def with_receipts(day: Day) -> None:
    lines = [
        {
            "id": f"lobbying/{name}/0",
            "instant": f"2026-01-13T08:0{number}:00+00:00",
            "via": "smtp",
            "proof": f"<{name}@example.org>",
            "ledger": "0f8fad5b-d9cb-469f-a165-70867728950e",
        }
        for number, name in enumerate(LOBBYING)
    ]
    text = "".join(json.dumps(line) + "\n" for line in lines)
    (day.folder / "receipts.jsonl").write_text(text, encoding="utf-8")
    day.at("2026-01-20T10:00:00+01:00")


def test_a_clone_whose_receipts_say_that_four_letters_left_plans_none_of_them_again(day: Day) -> None:
    with_receipts(day)
    items = day.items()
    for name in LOBBYING:
        assert items[f"lobbying/{name}/0"]["state"] == "done"
        assert "another computer" in items[f"lobbying/{name}/0"]["reason"]
        assert day.states()[name] == "contacted"
    assert "Another computer sent 4 emails or posts of this campaign (last on 13 Jan)" in day("agenda").out
    assert len(day("adopt", "--json").json["adopted"]) == 4
    assert day("adopt", "--json").json["adopted"] == []
    assert "another computer (last" not in day("agenda").out
    assert day.items()["lobbying/fsfe/0"]["state"] == "done"


def test_one_follow_up_after_two_weeks_and_only_if_the_mailbox_was_read(day: Day) -> None:
    with_receipts(day)
    follow_up = day.items()["lobbying/fsfe/1"]
    assert follow_up["state"] == "waiting"
    assert follow_up["due"].startswith("2026-01-27")
    day.at("2026-01-27T12:00:00+01:00")
    held = day.items()["lobbying/fsfe/1"]
    assert held["state"] == "held"
    assert "mailbox" in held["reason"]
    assert not any(item.endswith("/2") for item in day.items())


def test_an_answer_stops_the_follow_up_and_makes_it_our_turn(day: Day) -> None:
    with_receipts(day)
    assert day("note", "fsfe", "reply", "They will read it.").code == 0
    assert "lobbying/fsfe/1" not in day.items()
    found = {each["id"]: each for each in day("status", "--json").json["contacts"]}["fsfe"]
    assert (found["state"], found["turn"]) == ("answered", "ours")
    assert day("note", "fsfe", "--undo").code == 0
    assert "lobbying/fsfe/1" in day.items()


def test_people_get_no_follow_up_and_the_press_only_with_news(day: Day) -> None:
    with_receipts(day)
    lines = (day.folder / "receipts.jsonl").read_text(encoding="utf-8").splitlines()
    for letter in ("community/robin-example/0", "media/lwn/0"):
        line = {"id": letter, "instant": "2026-01-13T09:00:00+00:00", "via": "smtp", "proof": "<x@y>", "ledger": "a"}
        lines.append(json.dumps(line))
    (day.folder / "receipts.jsonl").write_text("\n".join(sorted(lines)) + "\n", encoding="utf-8")
    items = day.items()
    assert "community/robin-example/1" not in items
    assert items["media/lwn/1"]["state"] == "held"
    assert "you have not decided 'news-hook' yet" in items["media/lwn/1"]["reason"]


def test_nothing_leaves_between_the_years_or_in_august(day: Day) -> None:
    decided(day)
    for instant in ("2026-07-30T18:00:00+02:00", "2026-12-23T18:00:00+01:00"):
        day.at(instant)
        dues = [item["due"] for item in day.items().values() if item["wave"] and item["due"]]
        assert dues
        assert not [due for due in dues if due[5:7] == "08" or "12-24" <= due[5:10] <= "12-31"]


def test_the_brake_stops_everything_and_is_the_first_line(day: Day) -> None:
    decided(day)
    assert day("hold", "--because", "The vote was moved").code == 0
    assert {item["state"] for item in day.items().values() if item["wave"]} == {"held"}
    assert day("agenda").out.startswith("Everything is paused since 10 Jan 2026, by Maria: The vote was moved")
    assert day("release").code == 0
    assert day.items()["lobbying/fsfe/0"]["state"] == "waiting"
    assert day("release").code == 2


def test_the_counts_of_status_add_up(day: Day) -> None:
    status = day("status", "--json").json
    assert sum(status["counts"].values()) == len(status["contacts"]) == 25
    assert status["counts"]["drafted"] == 16
    assert (status["unmatched"], status["in_doubt"]) == (0, 0)


def test_what_status_and_agenda_print_is_what_their_schemas_promise(day: Day) -> None:
    posted(day)
    schemas = day("schema", "--output").json
    for command in ("agenda", "status", "check", "draft"):
        jsonschema.validate(day(command, "--json").json, schemas[command])


def test_show_tells_the_whole_story(day: Day) -> None:
    decided(day)
    assert day("note", "fsfe", "promise", "--due", "2026-01-20", "--owner", "maria", "Send numbers").code == 0
    story = day("show", "fsfe", "--json").json
    assert [event["kind"] for event in story["events"]] == ["promise"]
    assert story["events"][0]["by"] == "Maria"
    assert any(
        item["id"].startswith("promise/") and item["due"].startswith("2026-01-20") for item in day.items().values()
    )


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("note", "fsf", "call"), "Did you mean 'fsfe'"),
        (("note", "fsfe", "cal"), "Did you mean 'call'"),
        (("note", "r-linux", "posted"), "--url"),
        (("note", "thread", "posted", "--url", "https://x.example"), "thread/bluesky"),
        (("note", "fsfe", "call", "--at", "2030-01-01"), "has not come yet"),
        (("note",), "outreach log"),
        (("note", "fsfe", "--undo"), "nothing to undo"),
        (("decide", "redit", "go"), "Did you mean 'reddit'"),
        (("decide", "reddit", "going"), "There are: stop, revise, go, go-strong"),
        (("open", "loby", "--because", "x"), "condition"),
        (("outcome", "fsfe", "meh"), "receipt-only"),
        (("hold", "fsfee", "--because", "x"), "Did you mean 'fsfe'"),
        (("show", "nobody"), "nobody"),
        (("restore", "nothing.zip"), "OUTREACH_NOW"),
    ],
)
def test_a_word_that_means_nothing_is_one_sentence_and_changes_nothing(
    day: Day, arguments: tuple[str, ...], says: str
) -> None:
    answer = day(*arguments)
    assert answer.code == 2
    assert says in answer.err
    assert day("show", "fsfe", "--json").json["events"] == []


def test_a_rehearsal_leaves_the_real_ledger_alone(day: Day) -> None:
    decided(day)
    assert (day.folder / ".outreach/rehearsal.db").exists()
    day._patch.delenv("OUTREACH_NOW")
    assert day("show", "r-linux", "--json").json["events"] == []
