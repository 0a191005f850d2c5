"""The form that says on which days and hours emails go out, and how fast: each field is a key of campaign.yaml."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from outreach.tasks import setting_up
from outreach.tasks.campaign import load
from tests.web.dashboards import Visitor
from tests.web.test_adding import files


def form(visitor: Visitor) -> dict[str, str]:
    """The form as it is shown; no day is marked in it."""
    page = visitor.page("/sender").partition('action="/save-times"')[2]
    return dict(re.findall(r'name="(\w+)" value="([^"]*)"', page.replace('name="days"', ""))) | {"recipient_time": ""}


def test_what_is_typed_is_written_and_nothing_else_and_it_can_be_taken_back(visitor: Visitor, campaign: Path) -> None:
    before = files(campaign)
    shown = form(visitor)
    assert shown["per_hour"]
    typed = {"hours": "10:00-16:00", "holidays": "D, France", "per_hour": "7", "days": "mon"}
    assert visitor.post("/save-times", shown | typed).status == 303
    now = load(campaign).campaign
    assert (now.calendar.days, str(now.calendar.hours), now.calendar.holidays) == ((1,), "10:00-16:00", ("DE", "FR"))
    assert now.pace.per_hour == 7
    assert "recipient_time" not in (campaign / "campaign.yaml").read_text("utf-8")
    assert re.search(r'value="mon" checked', visitor.page("/sender"))
    emptied = {"hours": "", "holidays": "", "per_hour": ""}
    assert visitor.post("/save-times", form(visitor) | emptied).status == 303
    assert setting_up.times_of(load(campaign).campaign)["hours"] == ""
    assert "null" not in (campaign / "campaign.yaml").read_text("utf-8")
    for _ in range(2):
        act = re.search(r'name="act" value="([^"]+)"', visitor.page("/sender"))
        assert act is not None
        visitor.post("/undo", {"act": act[1]})
    assert files(campaign) == before


@pytest.mark.parametrize(
    ("field", "typed"),
    [("hours", "noon"), ("per_hour", "0"), ("per_day", "many"), ("gap", "9"), ("holidays", "XX"), ("days", "monday")],
)
def test_what_cannot_be_read_is_said_beside_its_field(visitor: Visitor, campaign: Path, field: str, typed: str) -> None:
    before = files(campaign)
    answer = visitor.post("/save-times", form(visitor) | {field: typed})
    assert answer.status == 409
    assert f'id="fault-{field}"' in answer.text
    assert field == "days" or f'name="{field}" value="{typed}"' in answer.text
    assert files(campaign) == before


def test_a_file_that_changed_meanwhile_is_not_written(visitor: Visitor, campaign: Path) -> None:
    shown = form(visitor)
    file = campaign / "campaign.yaml"
    file.write_text(file.read_text("utf-8") + "# mine\n", encoding="utf-8")
    before = files(campaign)
    answer = visitor.post("/save-times", shown | {"hours": "10:00-16:00"})
    assert answer.status == 409
    assert "was edited while this ran" in answer.text
    assert 'value="10:00-16:00"' in answer.text
    assert files(campaign) == before
