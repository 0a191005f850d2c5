"""When a wave or post goes out, and who gets the wave: only what was typed otherwise is written."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from outreach.errors import CannotTell, UnknownName
from outreach.tasks.campaign import load
from outreach.tasks.editing import save
from outreach.tasks.moving import what_moves
from outreach.tasks.timing import EVERYBODY, plan_wave, time_post, wave_as_form
from tests.web.dashboards import NOW, write_full_campaign

NEW = {
    "to": EVERYBODY, "template": "hello", "when": "at", "day": "2026-02-03", "hour": "10:00", "until": "2026-03-01",
    "follow_days": "14", "follow_template": "hello", "follow_times": "2",
}  # fmt: skip


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OUTREACH_NOW", NOW)
    return write_full_campaign(tmp_path / "campaign")


def with_waves(root: Path, waves: str) -> None:
    file = root / "campaign.yaml"
    text = file.read_text(encoding="utf-8")
    begin = text.index("waves:")
    rest = text[begin:].partition("\n")[2].splitlines(keepends=True)
    end = next((n for n, line in enumerate(rest) if line[:1] not in (" ", "-", "#")), len(rest))
    file.write_text(f"{text[:begin]}{waves}{''.join(rest[end:])}", encoding="utf-8")


@pytest.mark.parametrize(
    "waves",
    [
        "", "waves:\n", "waves: []\n", "waves: [{id: one, to: \"name != ''\", template: hello}]\n",
        "waves:\n  # the first\n  - {id: one, to: \"name != ''\", template: hello}   # ours\n\n",
        "waves:\n- id: one\n  to: name != ''   # all\n  template: hello\n",
    ],
)  # fmt: skip
def test_a_wave_is_added_behind_the_others_however_they_are_written(root: Path, waves: str) -> None:
    with_waves(root, waves)
    before = (root / "campaign.yaml").read_text(encoding="utf-8")
    old = [each.id for each in load(root).campaign.waves]
    save(root, plan_wave(root, "", NEW))
    campaign = load(root).campaign
    assert [each.id for each in campaign.waves] == [*old, "hello"]
    wave = campaign.waves[-1]
    assert (wave.start, wave.until) == (datetime(2026, 2, 3, 10), date(2026, 3, 1))
    assert wave.follow_up is not None
    assert (wave.follow_up.after.text, wave.follow_up.template, wave.follow_up.times) == ("14d", "hello", 2)
    after = (root / "campaign.yaml").read_text(encoding="utf-8")
    assert all(line in after for line in before.splitlines() if "#" in line)
    assert wave_as_form(wave) == {**wave_as_form(wave), **NEW}


def test_a_form_that_says_what_is_there_changes_nothing(root: Path) -> None:
    for wave in load(root).campaign.waves:
        assert not plan_wave(root, wave.id, wave_as_form(wave)).changes


def test_a_wave_gets_a_day_another_wave_before_it_or_none(root: Path) -> None:
    save(root, plan_wave(root, "", {**NEW, "id": "second"}))
    form = wave_as_form(load(root).campaign.waves[-1])
    save(root, plan_wave(root, "second", {**form, "when": "after", "wave_before": "one", "days_after": "3"}))
    text = (root / "campaign.yaml").read_text(encoding="utf-8")
    assert "after: one + 3d" in text
    assert "2026-02-03" not in text
    save(root, plan_wave(root, "second", {**form, "when": "free"}))
    wave = load(root).campaign.waves[-1]
    assert (wave.start, wave.after, wave.until) == (None, None, date(2026, 3, 1))
    save(root, plan_wave(root, "second", {**wave_as_form(wave), "follow_days": ""}))
    assert load(root).campaign.waves[-1].follow_up is None


def test_the_follow_up_of_all_waves_is_left_out_of_one(root: Path) -> None:
    with_waves(root, "waves:\n  - {id: one, to: \"name != ''\", template: hello}\n")
    file = root / "campaign.yaml"
    file.write_text(f"{file.read_text('utf-8')}\nfollow_up: {{after: 9d, template: hello}}\n", encoding="utf-8")
    form = wave_as_form(load(root).campaign.waves[0])
    assert form["follow_days"] == "9"
    save(root, plan_wave(root, "one", {**form, "follow_days": ""}))
    assert load(root).campaign.waves[0].follow_up is None


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"when": "at", "day": ""}, "day"), ({"when": "after"}, "wave_before"), ({"to": "tier =="}, "to")],
)
def test_what_cannot_be_is_said_at_its_field(root: Path, typed: dict[str, str], field: str) -> None:
    form = wave_as_form(load(root).campaign.waves[0])
    with pytest.raises(CannotTell) as said:
        plan_wave(root, "one", {**form, **typed})
    assert said.value.field == field or form.get(field) != typed[field] in str(said.value)
    with pytest.raises(UnknownName):
        plan_wave(root, "nothing", form)


def test_a_new_wave_shows_its_emails_before_it_is_saved(root: Path) -> None:
    (root / "templates" / "more.md").write_text("---\nsubject: More\n---\nHi.\n", encoding="utf-8")
    form = {"to": "id == 'c0001'", "template": "more", "when": "at", "day": "2026-02-03"}
    assert [each for each in what_moves(root, plan_wave(root, "", form)) if each.item.wave == "more"] == []
    edit = plan_wave(root, "", {**form, "again": "yes"})
    new = [each for each in what_moves(root, edit) if each.item.wave == "more"]
    assert [(each.item.contact, each.before) for each in new] == [("c0001", None)]


def test_a_post_says_when_in_one_way_and_keeps_every_other_line(root: Path) -> None:
    file = root / "posts" / "later.md"
    file.write_text("---\nnetworks: [mastodon]   # ours\n---\nat: some point\n---\nThe end.\n", encoding="utf-8")
    save(root, time_post(root, "later", {"at": "2026-01-22 10:30"}))
    text = "---\nnetworks: [mastodon]   # ours\nat: 2026-01-22 10:30\n---\nat: some point\n---\nThe end.\n"
    assert file.read_text(encoding="utf-8") == text
    save(root, time_post(root, "later", {"after": "thread + 2d"}))
    assert file.read_text(encoding="utf-8") == text.replace("at: 2026-01-22 10:30", "after: thread + 2d", 1)


def test_the_zone_of_a_window_stays_and_a_post_that_says_more_is_for_an_editor(root: Path) -> None:
    file = root / "posts" / "later.md"
    window = "window: {from: 2026-01-20, to: 2026-01-30, timezone: America/New_York}"
    file.write_text(f"---\nnetworks: [mastodon]\n{window}\n---\nText.\n", encoding="utf-8")
    save(root, time_post(root, "later", {"window": {"from": "2026-02-01", "to": "2026-02-02"}}))
    assert "{from: 2026-02-01, to: 2026-02-02, timezone: America/New_York}" in file.read_text(encoding="utf-8")
    file.write_text(f"---\nnetworks: [mastodon]\n{window}\nafter: thread\n---\nText.\n", encoding="utf-8")
    with pytest.raises(CannotTell, match="in more than one way"):
        time_post(root, "later", {"at": "2026-01-22 10:30"})
