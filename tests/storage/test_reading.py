"""Reading below a folder: only ordinary files, only inside, never more than a bound."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from outreach import storage
from outreach.errors import LeadsOut, LinkInTheWay, NotAFile, NotAFolder, OutreachError, TooLarge
from tests.storage.traps import CANARY, TRAPS, canary_tree, picture


@pytest.fixture(autouse=True)
def nothing_allowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A campaign folder, and a canary tree beside it."""
    canary_tree(tmp_path / "canary")
    made = tmp_path / "campaign"
    (made / "a/b").mkdir(parents=True)
    (made / "a/b/file.txt").write_text("inside")
    return made


@pytest.mark.parametrize("name", ["a/b/file.txt", "./a//b/./file.txt", "a/../a/b/file.txt", Path("a/b/file.txt")])
def test_a_file_inside_is_read_however_its_name_is_written(folder: Path, name: str) -> None:
    assert storage.read(folder, name) == b"inside"


def test_the_campaign_folder_itself_may_be_reached_through_a_link(folder: Path) -> None:
    (folder.parent / "here").symlink_to(folder)
    assert storage.read(folder.parent / "here", "a/b/file.txt") == b"inside"
    (folder / "link").symlink_to(folder / "a")  # absolute, and written with the folder's real name
    assert storage.read(folder.parent / "here", "link/b/file.txt") == b"inside"


@pytest.mark.parametrize("trap", TRAPS)
@pytest.mark.parametrize("place", ["x", "a/x", "new/er/x"])
def test_nothing_but_an_ordinary_file_inside_is_read(folder: Path, trap: str, place: str) -> None:
    (folder / place).parent.mkdir(parents=True, exist_ok=True)
    TRAPS[trap](folder / place, folder.parent / "canary")
    for name in (place, f"{place}/file.txt", f"{place}/out.yaml", f"{place}/new/1"):
        with pytest.raises(OSError):  # noqa: PT011 - refused, or as the system says
            storage.read(folder, name)
        assert not storage.is_file(folder, name)
    with pytest.raises(OSError):  # noqa: PT011
        storage.entries(folder, place)
    assert list(storage.walk(folder, place)) == []


def test_what_is_refused_says_what_it_is_and_what_to_do(folder: Path) -> None:
    canary = folder.parent / "canary"
    (folder / "out").symlink_to(canary / "file.txt")
    (folder / "zero").symlink_to("/dev/zero")
    os.mkfifo(folder / "pipe")
    for name, kind, words in [
        ("out", LeadsOut, f"outreach trust {canary}/file.txt"),
        ("zero", LeadsOut, "outreach trust /dev/zero"),
        ("../canary/file.txt", LeadsOut, "outreach trust"),
        (str(canary / "file.txt"), LeadsOut, "outreach trust"),
        ("pipe", NotAFile, "Put a file in its place"),
        ("a", NotAFile, "Put a file in its place"),
        ("a/b/file.txt/more", NotAFolder, "Rename it"),
    ]:
        with pytest.raises(kind) as caught:
            storage.read(folder, name)
        assert isinstance(caught.value, OutreachError)
        assert isinstance(caught.value, OSError)
        assert words in caught.value.hint
        assert str(caught.value).endswith(".")
        assert caught.value.strerror
        assert caught.value.strerror in str(caught.value)


def test_a_link_that_stays_inside_is_followed(folder: Path) -> None:
    (folder / "same.txt").symlink_to("a/b/file.txt")
    (folder / "again").symlink_to(folder / "a")
    (folder / "a/up").symlink_to("..")
    (folder / "out-and-in").symlink_to(f"../{folder.name}/a/b/file.txt")
    for name in ("same.txt", "again/b/file.txt", "a/up/a/up/same.txt", "out-and-in"):
        assert storage.read(folder, name) == b"inside"
        assert storage.is_file(folder, name)
    assert [each.name for each in storage.entries(folder, "again/b")] == ["file.txt"]


@pytest.mark.parametrize("hidden", [".git", ".outreach"])
def test_a_link_into_git_or_our_own_folder_is_not_followed(folder: Path, hidden: str) -> None:
    (folder / hidden).mkdir()
    (folder / hidden / "config").write_text("token")
    (folder / "brief.pdf").symlink_to(f"{hidden}/config")
    with pytest.raises(LeadsOut):
        storage.read(folder, "brief.pdf")
    assert storage.read(folder, f"{hidden}/config") == b"token"


def test_a_link_that_leads_back_to_itself_says_so(folder: Path) -> None:
    (folder / "one").symlink_to("two")
    (folder / "two").symlink_to("one")
    with pytest.raises(OSError, match="leads back to itself"):
        storage.read(folder, "one")


def test_more_than_the_bound_is_not_read(folder: Path) -> None:
    assert storage.read(folder, "a/b/file.txt", 6) == b"inside"
    with pytest.raises(TooLarge):
        storage.read(folder, "a/b/file.txt", 5)


def test_a_file_that_grows_while_it_is_read_is_not_read_for_ever(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, asked = os.read, []

    def endless(handle: int, number: int) -> bytes:
        asked.append(number)
        real(handle, 0)
        return b"x" * number

    monkeypatch.setattr(os, "read", endless)
    with pytest.raises(TooLarge):
        storage.read(folder, "a/b/file.txt", 3_000_000)
    assert sum(asked) == 3_000_001


def test_entries_say_what_stands_there_and_follow_nothing(folder: Path) -> None:
    (folder / "link").symlink_to("a")
    os.mkfifo(folder / "pipe")
    (folder / "file").write_text("")
    assert [(each.name, each.is_file, each.is_folder, each.is_link) for each in storage.entries(folder)] == [
        ("a", False, True, False),
        ("file", True, False, False),
        ("link", False, False, True),
        ("pipe", False, False, False),
    ]
    assert list(storage.walk(folder, "a")) == ["a/b/file.txt"]


def test_stat_of_looks_at_the_link_and_not_behind_it(folder: Path) -> None:
    (folder / "link").symlink_to("nowhere")
    assert storage.exists(folder, "link")
    assert not storage.exists(folder, "nowhere")
    assert not storage.exists(folder, "no/where")
    assert storage.exists(folder, "a/b")
    (folder / "out").symlink_to(folder.parent / "canary")
    with pytest.raises(LeadsOut):
        storage.exists(folder, "out/file.txt")


def test_a_file_that_a_person_named_is_the_campaigns_or_their_own(folder: Path) -> None:
    assert storage.named(folder, folder / "a/x.html") == (folder, "a/x.html")
    assert storage.named(folder, folder.parent / "x.html") == (folder.parent, "x.html")
    (folder.parent / "way").symlink_to(folder / "a")  # a person's own link into the folder
    assert storage.named(folder, folder.parent / "way/b/x.html") == (folder, "a/b/x.html")
    (folder / "out").symlink_to(folder.parent / "canary")
    base, name = storage.named(folder, folder / "out/x.html")
    with pytest.raises(LinkInTheWay):
        storage.write(base, name, [b"x"], storage.SHARED)


# --- any tree of links -------------------------------------------------------------------------------

_NAMES = st.sampled_from(["a", "b", "c", "file", "file.txt", "contacts", "out.yaml"])
_STEPS = st.lists(st.one_of(_NAMES, st.sampled_from(["..", "."])), min_size=1, max_size=5).map("/".join)
_TARGETS = st.one_of(
    _STEPS,
    _STEPS.map(lambda way: f"../canary/{way}"),
    _STEPS.map(lambda way: f"CANARY/{way}"),
    _STEPS.map(lambda way: f"ROOT/{way}"),
)
_PLACES = st.lists(_NAMES, min_size=1, max_size=3).map("/".join)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(links={"b": "..", "b/a": "a"}, names=[])
@given(links=st.dictionaries(_PLACES, _TARGETS, max_size=6), names=st.lists(st.one_of(_PLACES, _STEPS), max_size=6))
def test_whatever_the_links_nothing_outside_is_read_or_changed(
    tmp_path_factory: pytest.TempPathFactory, links: dict[str, str], names: list[str]
) -> None:
    place = tmp_path_factory.mktemp("any")
    canary, root = canary_tree(place / "canary"), place / "root"
    (root / "a").mkdir(parents=True)
    (root / "a/file").write_text("inside")
    for name, target in links.items():
        try:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).symlink_to(target.replace("CANARY", str(canary)).replace("ROOT", str(root)))
        except OSError:
            continue
    before, beside = picture(canary), sorted(place.iterdir())  # a link may have been made through another one
    for name in [*links, *names]:
        with suppress(OSError):
            assert CANARY.encode() not in storage.read(root, name)
        with suppress(OSError):
            storage.entries(root, name)
            assert (root / name).resolve().is_relative_to(root)
        for act in (
            lambda name=name: storage.write(root, name, [b"ours"], storage.PRIVATE),
            lambda name=name: storage.replace(root, f"{name}.new", None, b"ours"),
            lambda name=name: storage.open_lock(root, f"{name}.lock").close(),
            lambda name=name: storage.database(root, f"{name}.db", make=True),
            lambda name=name: storage.rename(root, name, f"{name}.kept"),
            lambda name=name: storage.remove(root, f"{name}.kept"),
        ):
            with suppress(OSError, OutreachError):
                act()
    assert picture(canary) == before
    assert sorted(place.iterdir()) == beside
