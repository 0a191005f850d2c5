"""Git runs nothing that a folder names, tells a person's name, and fetches from confirmed remotes only."""

from __future__ import annotations

import os
import re
import select
import stat
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.connections import git as module
from outreach.connections.git import fetch, git, user_name
from outreach.connections.remotes import confirm_remote, confirmed_transport, transport
from outreach.errors import RemoteNotAllowed, RemoteNotConfirmed
from outreach.tasks.person import whoever
from tests.acceptance.command import outreach
from tests.cli.every import NOW, every_command, write_everything
from tests.connections.planted import US, plain_git, plant, ran
from tests.web.dashboards import Visitor, served


@pytest.fixture(autouse=True)
def person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home of a person whose Git knows her as Robin; of the one who runs the tests nothing counts."""
    home = tmp_path / "home"
    home.mkdir()
    (home / ".gitconfig").write_text("[user]\n\tname = Robin\n\temail = robin@example.org\n", encoding="utf-8")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("OUTREACH_SECRETS", str(home / "secrets.json"))
    for name in [name for name in os.environ if name.startswith(("GIT_", "XDG_"))]:
        monkeypatch.delenv(name)
    return home


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository without traps, with one commit."""
    root = tmp_path / "campaign"
    root.mkdir()
    (root / "a.yaml").write_text("one: 1\n", encoding="utf-8")
    plain_git(root, "init", "--quiet")
    plain_git(root, "add", ".")
    plain_git(root, "commit", "--quiet", "--message", "Begin")
    return root


# --- what a folder names -----------------------------------------------------------------------------

WORDS = (
    ["status"], ["diff"], ["log", "-p"], ["add", "."], ["commit", "--message", "More"], ["show"], ["fetch"],
    ["fetch", "shell"], ["fetch", "https://127.0.0.1:1/x"], ["blame", "a.yaml"], ["stash"], ["checkout", "-B", "other"],
    ["merge", "main"], ["archive", "HEAD"], ["grep", "two"], ["outreach"], ["gc", "--auto"], ["rev-parse", "HEAD"],
    ["submodule", "update", "--init"], ["tag", "--annotate", "v1", "--message", "One"], ["push"], ["pull"],
)  # fmt: skip


def planted(tmp_path: Path) -> tuple[Path, Path]:
    root = tmp_path / "planted"
    root.mkdir()
    (root / "a.yaml").write_text("one: 1\n", encoding="utf-8")
    traces = plant(root, tmp_path / "beside")
    (root / "a.yaml").write_text("two: 2\n", encoding="utf-8")
    return root, traces


def test_the_traps_are_real(tmp_path: Path) -> None:
    root, traces = planted(tmp_path)
    for words in WORDS[:8]:
        plain_git(root, *words)
    assert ran(traces) >= {
        "included-fsmonitor", "filter-process", "textconv", "diff-command", "clean", "hook-pre-commit",
        "hook-commit-msg", "included-sshCommand", "ext",
    }  # fmt: skip


def test_a_planted_configuration_runs_nothing_whatever_git_is_asked(tmp_path: Path) -> None:
    root, traces = planted(tmp_path)
    for words in WORDS:
        git(root, *US[:4], *words)
    assert ran(traces) == set()
    assert not (tmp_path / "beside/trace2").exists()


def test_it_is_still_the_git_that_one_knows(root: Path, tmp_path: Path) -> None:
    (root / "a.yaml").write_text("two: 2\n", encoding="utf-8")
    assert git(root, "status", "--porcelain") == b" M a.yaml\n"
    assert b"+two: 2" in (git(root, "diff") or b"")
    assert git(root, "add", ".") == b""
    assert git(root, *US[:4], "commit", "--quiet", "--message", "More") == b""
    assert plain_git(root, "log", "--format=%s").split() == ["More", "Begin"]
    assert plain_git(root, "status", "--porcelain") == ""
    assert plain_git(root, "fsck", "--strict") == ""
    assert git(root, "no-such-command") is None
    assert git(tmp_path, "log") is None


@pytest.mark.parametrize("options", [["--object-format=sha256"], ["--bare"]])
def test_other_kinds_of_repository_are_read_or_left_alone(tmp_path: Path, options: list[str]) -> None:
    root = tmp_path / "other"
    root.mkdir()
    plain_git(root, "init", "--quiet", *options)
    (root / "a.yaml").write_text("one: 1\n", encoding="utf-8")
    plain_git(root, "add", ".")
    plain_git(root, "commit", "--quiet", "--message", "Begin")
    assert git(root, "log", "--format=%s") == (None if "--bare" in options else b"Begin\n")


@pytest.mark.parametrize("more", [(), ("--json",)], ids=["for people", "for scripts"])
def test_a_planted_configuration_runs_nothing_in_any_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: tuple[str, ...]
) -> None:
    root = write_everything(tmp_path / "campaign")
    traces = plant(root, tmp_path / "beside", name="Mal\x1b[2J\u202elory")
    document = tmp_path / "list.csv"
    document.write_text("name,email\nUnion of Bees,info@bees.example\n", encoding="utf-8")
    monkeypatch.setenv("OUTREACH_NOW", NOW)
    shown = ""
    for words in every_command("text", tmp_path / "beside", document):
        answer = outreach(*words, *more, folder=root)
        assert answer.code in (0, 1, 2), (words, answer)
        shown += answer.out + answer.err
    with served(root) as address:
        Visitor(address).come_in().page("/")
    assert ran(traces) == set()
    assert ("Mal\\u001b[2J\\u202elory" if more else "Mal\\x1b[2J\\u202elory") in shown
    assert "\x1b" not in shown


# --- who is at the keyboard --------------------------------------------------------------------------


def test_the_folders_own_user_comes_before_the_persons(root: Path) -> None:
    assert user_name(root) == "Robin"
    plain_git(root, "config", "user.name", "Folder \x1b[2J  of\nlines" + 500 * "!")
    assert user_name(root) == ("Folder \x1b[2J of lines" + 500 * "!")[:200]
    (root / "contacts").mkdir()
    assert user_name(root / "contacts") == user_name(root)


def test_a_person_may_be_somebody_else_below_a_folder(root: Path, person: Path) -> None:
    there = f'[includeIf "gitdir:{root.parent}/"]\n\tpath = {person}/other\n'
    (person / ".gitconfig").write_text(f"[user]\n\tname = Robin\n{there}", encoding="utf-8")
    (person / "other").write_text("[user]\n\tname = Robin at work\n", encoding="utf-8")
    assert user_name(root) == "Robin at work"


def test_what_the_folder_includes_is_not_read(root: Path, tmp_path: Path) -> None:
    (tmp_path / "beside").write_text("[user]\n\tname = Secret\n", encoding="utf-8")
    with (root / ".git/config").open("a", encoding="utf-8") as config:
        config.write(f"[include]\n\tpath = {tmp_path}/beside\n")
    assert user_name(root) == "Robin"


def test_a_pipe_keeps_nobody_waiting(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "pipe")
    with (root / ".git/config").open("a", encoding="utf-8") as config:
        config.write(f"[include]\n\tpath = {tmp_path}/pipe\n[user]\n\tname = Folder\n")
    assert user_name(root) == "Folder"
    (root / ".git/config").unlink()
    os.mkfifo(root / ".git/config")
    asked: list[tuple[str, ...]] = []
    call = module._call
    monkeypatch.setattr(module, "_call", lambda words, *rest: asked.append(words) or call(words, *rest))
    assert user_name(root) == "Robin"
    assert [words[1] for words in asked] == ["--global"]


@pytest.mark.parametrize("name", [".git", ".git/config", ".git/HEAD", ".git/objects", ".git/refs", ".git/index"])
def test_a_git_folder_that_leads_elsewhere_is_not_used(root: Path, tmp_path: Path, name: str) -> None:
    plain_git(root, "config", "user.name", "Folder")
    (root / name).rename(tmp_path / "elsewhere")
    (root / name).symlink_to(tmp_path / "elsewhere")
    assert user_name(root) == "Robin"
    assert git(root, "log") is None


def test_a_git_folder_of_another_user_breaks_nothing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain_git(root, "config", "user.name", "Folder")
    monkeypatch.setattr(os, "geteuid", lambda: os.stat(root).st_uid + 1)
    assert (user_name(root), git(root, "log")) == ("Robin", None)


@pytest.mark.parametrize("config", [b"", b"[[[\n", b"\0\xff", b"[extensions]\n\tnoSuch = true\n[core]\nbare = what\n"])
def test_a_broken_configuration_is_no_reason_to_refuse(root: Path, config: bytes) -> None:
    (root / ".git/config").write_bytes(config)
    assert whoever(root)


def test_without_git_somebody_is_still_at_the_keyboard(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert (user_name(root), git(root, "log")) == ("", None)
    assert whoever(root)


def test_no_program_of_the_folder_is_taken_for_git(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "git").write_text(f"#!/bin/sh\ntouch {root}/ran\n", encoding="utf-8")
    (root / "git").chmod(0o755)
    monkeypatch.chdir(root)
    monkeypatch.setenv("PATH", f".:{os.environ['PATH']}")
    assert user_name(root) == "Robin"
    assert git(root, "log")
    assert not (root / "ran").exists()


def test_the_environment_of_another_repository_does_not_count(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (
        ("GIT_DIR", str(tmp_path / "nowhere")), ("GIT_SSH_COMMAND", "false"), ("GIT_EXTERNAL_DIFF", "false"),
        ("GIT_CONFIG_COUNT", "1"), ("GIT_CONFIG_KEY_0", "user.name"), ("GIT_CONFIG_VALUE_0", "Nobody"),
    ):  # fmt: skip
        monkeypatch.setenv(name, value)
    assert user_name(root) == "Robin"
    assert git(root, "log", "--format=%s") == b"Begin\n"


SLOW = """\
#!{python}
import os, sys, time
if "config" in sys.argv:
    sys.exit(1)
if "much" in sys.argv:
    while True:
        os.write(1, b"y" * 65536)
if os.fork() == 0:
    open({pids!r}, "a").write(f"{{os.getpid()}}\\n")
time.sleep(600)
"""


@pytest.mark.parametrize("words", ["wait", "much"])
def test_time_and_room_are_bounded_and_nothing_is_left_behind(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    (tmp_path / "bin").mkdir()
    slow, pids = tmp_path / "bin/git", tmp_path / "pids"
    slow.write_text(SLOW.format(python=sys.executable, pids=str(pids)), encoding="utf-8")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(module, "SECONDS", 5.0 if words == "much" else 1.0)
    monkeypatch.setattr(module, "LARGEST", 1_000_000)
    began = time.monotonic()
    assert git(root, words) is None
    assert time.monotonic() - began < 30
    for pid in pids.read_text(encoding="utf-8").split() if pids.exists() else ():
        assert has_ended(int(pid))


def has_ended(pid: int) -> bool:
    """Whether a process ends within ten seconds: on a full machine, one that was killed gets to it later."""
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        (ended := select.poll()).register(process, select.POLLIN)
        return bool(ended.poll(10_000))
    finally:
        os.close(process)


# --- remotes -----------------------------------------------------------------------------------------


@pytest.fixture
def remote(root: Path, tmp_path: Path) -> Path:
    """A clone of the repository with one commit more."""
    remote = tmp_path / "remote"
    plain_git(tmp_path, "clone", "--quiet", str(root), str(remote))
    (remote / "b.yaml").write_text("more: 1\n", encoding="utf-8")
    plain_git(remote, "add", ".")
    plain_git(remote, "commit", "--quiet", "--message", "Elsewhere")
    return remote


def test_nothing_is_fetched_from_a_remote_that_was_not_confirmed(root: Path, remote: Path) -> None:
    with pytest.raises(RemoteNotConfirmed):
        fetch(root, str(remote), "main")
    confirm_remote(f"{remote}/")
    with pytest.raises(RemoteNotConfirmed):
        fetch(root, str(remote), "main")


def test_a_confirmed_remote_is_fetched_and_no_branch_changes(root: Path, remote: Path, person: Path) -> None:
    before = plain_git(root, "for-each-ref"), (root / ".git/config").read_bytes()
    confirm_remote(str(remote))
    branch = plain_git(remote, "branch", "--show-current").strip()
    commit = fetch(root, str(remote), branch)
    assert commit == plain_git(remote, "rev-parse", "HEAD").strip()
    assert git(root, "show", f"{commit}:b.yaml") == b"more: 1\n"
    assert (plain_git(root, "for-each-ref"), (root / ".git/config").read_bytes()) == before
    assert fetch(root, str(remote), "no-such-branch") is None
    file = person / ".config/outreach/remotes"
    assert (stat.S_IMODE(file.stat().st_mode), stat.S_IMODE(file.parent.stat().st_mode)) == (0o600, 0o700)


def test_a_planted_configuration_runs_nothing_when_a_confirmed_remote_is_fetched(tmp_path: Path, remote: Path) -> None:
    root, traces = planted(tmp_path)
    branch = plain_git(remote, "branch", "--show-current").strip()
    for url in (str(remote), f"file://{remote}", "ssh://127.0.0.1:1/x", "https://127.0.0.1:1/x"):
        confirm_remote(url)
        fetch(root, url, branch)
    assert git(root, "cat-file", "-t", plain_git(remote, "rev-parse", "HEAD").strip()) == b"commit\n"
    assert ran(traces) == set()


@pytest.mark.parametrize(
    ("url", "how"),
    [
        ("https://git.example.org/bees.git", "https"), ("https://alex@git.example.org:8443/bees", "https"),
        ("ssh://git@git.example.org/bees.git", "ssh"), ("git@git.example.org:bees/campaign.git", "ssh"),
        ("/srv/git/Bienen für alle.git", "file"), ("file:///srv/git/bees.git", "file"),
    ],
)  # fmt: skip
def test_a_remote_is_reached_by_https_ssh_or_a_path(url: str, how: str) -> None:
    assert transport(url) == how
    with pytest.raises(RemoteNotConfirmed):
        confirmed_transport(url)
    confirm_remote(url)
    assert confirmed_transport(url) == how


@pytest.mark.parametrize(
    "url",
    [
        "ext::sh -c id", "ext::id", "http://git.example.org/x", "git://git.example.org/x", "ftp://git.example.org/x",
        "-oProxyCommand=id", "--upload-pack=id", "ssh://-oProxyCommand=id/x", "-x@host:path", "git@-host:path",
        "https://", "https:///x", "https::x", "fd::7", "file://host/x", "../beside", "origin", "", "a b:c",
        "https://alex:secret@git.example.org/x", "https://git.example.org/\x1b", "/srv/\nhttps://evil.example/x",
        "https://[::1", "user@host::x",
    ],
)  # fmt: skip
def test_any_other_remote_is_refused_and_cannot_be_confirmed(url: str) -> None:
    with pytest.raises(RemoteNotAllowed):
        confirm_remote(url)
    with pytest.raises(RemoteNotAllowed):
        confirmed_transport(url)


@given(st.text(st.sampled_from("ab:/@-.\n ext ssh https file"), max_size=12))
def test_a_remote_that_may_be_confirmed_is_one_line_and_no_option(url: str) -> None:
    try:
        how = transport(url)
    except RemoteNotAllowed:
        return
    assert how in ("https", "ssh", "file")
    assert url.isprintable()
    assert not url.startswith("-")
    assert not re.match(r"[a-z]*::", url)
