"""What a person allows outside of a folder, and whose folder it is."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from outreach import storage
from outreach.errors import LeadsOut, TrustUnusable
from outreach.storage import trust


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config"


@pytest.fixture
def campaigns(tmp_path: Path) -> tuple[Path, Path]:
    for name in ("one", "two", "shared/mail/new"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "shared/list.txt").write_text("shared")
    for name in ("one", "two"):
        (tmp_path / name / "list.txt").symlink_to(tmp_path / "shared/list.txt")
    return tmp_path / "one", tmp_path / "two"


def test_a_path_is_allowed_for_one_campaign_with_what_lies_below(campaigns: tuple[Path, Path], tmp_path: Path) -> None:
    one, two = campaigns
    with pytest.raises(LeadsOut):
        storage.read(one, "list.txt")
    trust.allow_path(one, tmp_path / "shared")
    assert storage.read(one, "list.txt") == b"shared"
    assert storage.place(one, "../shared/mail") == tmp_path / "shared/mail"
    with pytest.raises(LeadsOut):
        storage.read(two, "list.txt")
    with pytest.raises(LeadsOut):
        storage.read(one, "../shared-too")
    trust.allow_path(one, tmp_path / "shared", undo=True)
    with pytest.raises(LeadsOut):
        storage.read(one, "list.txt")


def test_a_path_can_be_allowed_for_every_campaign(campaigns: tuple[Path, Path], tmp_path: Path) -> None:
    trust.allow_path(None, tmp_path / "shared/list.txt")
    assert [storage.read(each, "list.txt") for each in campaigns] == [b"shared", b"shared"]
    with pytest.raises(LeadsOut):
        storage.place(campaigns[0], "../shared/mail")


def test_what_is_allowed_is_read_and_not_written(campaigns: tuple[Path, Path], tmp_path: Path) -> None:
    one, _ = campaigns
    trust.allow_path(None, tmp_path / "shared")
    read = storage.digest(storage.read(one, "list.txt"))
    with pytest.raises(OSError, match="link"):
        storage.replace(one, "list.txt", read, b"ours")
    assert (tmp_path / "shared/list.txt").read_text() == "shared"


def test_the_list_lies_outside_of_the_campaign_and_is_its_owners(campaigns: tuple[Path, Path], config: Path) -> None:
    before = os.umask(0)
    try:
        trust.allow_path(campaigns[0], config.parent / "shared")
    finally:
        os.umask(before)
    assert trust.trusted_file() == config / "outreach/trusted.json"
    assert stat.S_IMODE(trust.trusted_file().stat().st_mode) == 0o600
    assert not list(campaigns[0].glob(".*"))


def test_without_xdg_it_lies_in_the_persons_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for value in ("", "not/absolute"):
        monkeypatch.setenv("XDG_CONFIG_HOME", value)
        assert trust.trusted_file() == tmp_path / ".config/outreach/trusted.json"


@pytest.mark.parametrize("content", ["", "[", "[]", "{}", '{"paths": 1, "folders": []}', '{"paths": {"*": 1}}', "null"])
def test_a_damaged_list_allows_nothing_and_is_said_when_it_is_changed(
    campaigns: tuple[Path, Path], tmp_path: Path, content: str
) -> None:
    trust.allow_path(None, tmp_path / "shared")
    trust.trusted_file().write_text(content)
    with pytest.raises(LeadsOut):
        storage.read(campaigns[0], "list.txt")
    with pytest.raises(TrustUnusable):
        trust.allow_path(None, tmp_path / "shared")


def test_a_list_that_others_can_write_allows_nothing(campaigns: tuple[Path, Path], tmp_path: Path) -> None:
    trust.allow_path(None, tmp_path / "shared")
    trust.trusted_file().chmod(0o666)
    with pytest.raises(LeadsOut):
        storage.read(campaigns[0], "list.txt")
    with pytest.raises(TrustUnusable, match="others can write it"):
        trust.allow_path(None, tmp_path / "shared")


def test_a_folder_of_ones_own_has_no_other_owner(campaigns: tuple[Path, Path]) -> None:
    (campaigns[0] / "campaign.yaml").write_text("")
    assert trust.other_owner(campaigns[0], "campaign.yaml") is None


def owned_by(uid: int, paths: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """As if `paths` were somebody else's; only the superuser may give files away."""
    for name in ("stat", "lstat"):
        real = getattr(os, name)

        def look(asked: object, *more: object, real=real, **named: object) -> os.stat_result:  # type: ignore[no-untyped-def]
            values = list(real(asked, *more, **named))
            values[4] = uid if asked in paths else values[4]
            return os.stat_result(values)

        monkeypatch.setattr(os, name, look)


@pytest.mark.parametrize("which", [".", "campaign.yaml"])
def test_a_folder_or_its_campaign_file_of_another_owner_is_named_until_it_is_allowed(
    campaigns: tuple[Path, Path], which: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = campaigns
    (one / "campaign.yaml").write_text("")
    owned_by(54321, [one / which], monkeypatch)
    assert trust.other_owner(one, "campaign.yaml") == "user 54321"
    trust.allow_folder(one)
    assert trust.other_owner(one, "campaign.yaml") is None


def test_under_sudo_the_folder_of_whoever_called_it_is_their_own(
    campaigns: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = campaigns
    (one / "campaign.yaml").write_text("")
    owned_by(54321, [one, one / "campaign.yaml"], monkeypatch)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    for caller, owner in [("54321", None), ("999", "user 54321"), ("", "user 54321"), ("me", "user 54321")]:
        monkeypatch.setenv("SUDO_UID", caller)
        assert trust.other_owner(one, "campaign.yaml") == owner
    monkeypatch.setattr(os, "geteuid", lambda: 7)  # anybody can set a variable; only root is called by sudo
    monkeypatch.setenv("SUDO_UID", "54321")
    assert trust.other_owner(one, "campaign.yaml") == "user 54321"
