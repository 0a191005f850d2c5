"""Git, which never runs a program that a folder names.

A folder that travels brings its `.git` along, and Git runs what that names: hooks, `core.fsmonitor`, filters, textconv
and diff drivers, `gpg.program`, `core.sshCommand`, `remote.*.uploadpack`, credential helpers, `ext::` remotes, aliases.
No list of these stays complete, so Git does not read that configuration at all. It works in a Git directory of ours,
which links the folder's history and has its own `config`, as git-new-workdir does it (Git's `contrib/workdir`). What
attributes in the folder name does not exist then, and `GIT_*` of the environment does not count.

Not used: a `.git` that is a link or a file (linked worktrees), or belongs to another user (Git's `safe.directory`).
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from threading import Timer

from outreach.connections.remotes import confirmed_transport
from outreach.model.records import dataclass

SECONDS = 5.0
"""So long one call may take; then it is ended, with all that it began."""
LARGEST = 64_000_000
"""So many bytes one call may print."""
LONGEST_NAME = 200
FETCH_SECONDS = 60.0
"""So long a fetch may take, over a slow line."""

_HISTORY = ("objects", "refs", "packed-refs", "reftable", "shallow", "logs")
# How history and files are stored: words and numbers, none of which is a program or a path.
_KEPT = r"^(core\.(filemode|ignorecase|symlinks|autocrlf|eol|precomposeunicode)|extensions\.(objectformat|refstorage))$"
# Also for what the person's own configuration turns on: nothing runs in the background, asks, or is led elsewhere.
_OURS = """\
[core]
	repositoryformatversion = 1
	bare = false
	hooksPath = /dev/null
	fsmonitor = false
	askPass =
[gc]
	auto = 0
[maintenance]
	auto = false
[submodule]
	recurse = false
[http]
	followRedirects = false
"""
# The person's own files stay where they say they are.
_PERSONS = ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM")
_NEVER_ASK = {"GIT_TERMINAL_PROMPT": "0", "GCM_INTERACTIVE": "never", "SSH_ASKPASS_REQUIRE": "never"}
_TOUCH_NOTHING = {"GIT_NO_LAZY_FETCH": "1", "GIT_OPTIONAL_LOCKS": "0", "GIT_ALLOW_PROTOCOL": "none"}


def user_name(root: Path) -> str:
    """The name that Git's user has in the folder `root`: one line, at most LONGEST_NAME, "" where there is none.

    The folder's own configuration comes first, without the files that it includes, then the person's.
    """
    theirs = _git_directory(root)
    own = [("--file", str(theirs / "config"), "--no-includes")] if theirs else []
    place = {"GIT_DIR": str(theirs)} if theirs else {}  # for the person's `includeIf "gitdir:..."`
    persons = [("--global", "--includes")] if _has_own_settings() else []
    for scope in (*own, *persons):
        found = _call(("config", *scope, "--get", "user.name"), Path(os.sep), place)
        if found and (name := " ".join(found.decode("utf-8", "replace").split())):
            return name[:LONGEST_NAME]
    return ""


def _has_own_settings() -> bool:
    """Whether the person has a configuration: Git need not be asked what stands in none."""
    named, home = os.environ.get("GIT_CONFIG_GLOBAL"), os.environ.get("HOME", "")
    places = [f"{home}/.gitconfig", f"{os.environ.get('XDG_CONFIG_HOME') or f'{home}/.config'}/git/config"]
    return named != os.devnull and any(os.path.lexists(place) for place in ([named] if named else places))


def git(root: Path, *words: str) -> bytes | None:
    """What Git prints for these words (`"log", "-p"`) in the folder `root`; no configuration is read but ours.

    None if Git or a history is missing, and where it fails, takes longer than SECONDS or prints too much.
    """
    with _opened(root, {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}) as call:
        return call(*words)


def may_begin(root: Path) -> bool:
    """Whether Git is here and neither the folder nor one above it has a history."""
    top = root.resolve()
    is_free = not any(os.path.lexists(each / ".git") for each in (top, *top.parents))
    return is_free and _call(("version",), Path(os.sep), {}) is not None


def begin_history(root: Path) -> bool:
    """Make a history in the folder, without a version yet; False where that fails. No template of anybody counts."""
    words = ("init", "--quiet", "--template=", "--initial-branch=main")
    return (
        may_begin(root)
        and _call(words, root, {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}) is not None
    )


def keep_version(root: Path, name: str, message: str) -> bool:
    """Keep all files of the folder as they are now, but what `.gitignore` names; False where that fails.

    Only where the folder itself has the history: one above it is somebody else's. No hook and no filter runs.
    """
    if _git_directory(root) != root.resolve() / ".git":
        return False
    who = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in
           (("NAME", name), ("EMAIL", "outreach@localhost"))}  # fmt: skip
    with _opened(root, {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, **who}) as call:
        if call("add", "--all", seconds=FETCH_SECONDS) is None:
            return False
        return call("commit", "--quiet", "--no-verify", "-m", message, seconds=FETCH_SECONDS) is not None


@dataclass(frozen=True, kw_only=True, slots=True)
class Upstream:
    """Where the branch of a folder is shared: the address of its remote, and the name that the branch has there."""

    url: str
    branch: str


def upstream(root: Path) -> Upstream | None:
    """Where the folder's present branch is shared: its own remote, else `origin`; None if there is none.

    The folder says so itself, so nothing is fetched from there before a person has confirmed the address.
    """
    theirs = _git_directory(root)
    if theirs is None:
        return None
    with (theirs / "HEAD").open("rb") as head:
        branch = re.fullmatch(r"ref: refs/heads/(\S+)\n?", head.read(1_000).decode("utf-8", "replace"))
    if branch is None:
        return None
    pattern = r"^(branch\..*\.(remote|merge)|remote\..*\.url)$"
    words = ("config", "--file", str(theirs / "config"), "--no-includes", "-z", "--get-regexp", pattern)
    found = (_call(words, Path(os.sep), {}) or b"").decode("utf-8", "replace")
    named = dict(pair for each in found.split("\0") if len(pair := each.split("\n", 1)) == 2)
    remote = named.get(f"branch.{branch[1]}.remote", "origin")
    url = named.get(f"remote.{remote}.url")
    merged = named.get(f"branch.{branch[1]}.merge", "").removeprefix("refs/heads/")
    return Upstream(url=url, branch=merged or branch[1]) if url else None


def fetch(root: Path, url: str, branch: str) -> str | None:
    """Bring the history of `branch` at `url` into the folder's; its last commit, or None if it was not reached.

    No branch of the folder changes. The person's own configuration counts (credentials, proxies), the folder's does
    not. Raises RemoteNotAllowed, RemoteNotConfirmed.
    """
    transport = confirmed_transport(url)
    options = ("--quiet", "--no-tags", "--no-recurse-submodules", "--refmap=", "--upload-pack=git-upload-pack")
    with _opened(root, {"GIT_ALLOW_PROTOCOL": transport}) as call:
        if call("fetch", *options, "--", url, f"refs/heads/{branch}", seconds=FETCH_SECONDS) is None:
            return None
        commit = call("rev-parse", "--verify", "FETCH_HEAD")
        return commit.decode("ascii").strip() if commit else None


@contextmanager
def _opened(root: Path, environment: dict[str, str]) -> Iterator[Callable[..., bytes | None]]:
    """Calls Git in a Git directory of ours that has the history, the index and the files of the folder."""
    theirs = _git_directory(root)
    if theirs is None:
        yield lambda *words, **keys: None
        return
    with tempfile.TemporaryDirectory(prefix="outreach-git-") as made:
        ours = Path(made)
        for name in _HISTORY:
            if (theirs / name).exists() and not (theirs / name).is_symlink():
                (ours / name).symlink_to(theirs / name)
        with (theirs / "HEAD").open("rb") as head:
            (ours / "HEAD").write_bytes(head.read(1_000))
        (ours / "config").write_text(_OURS + _kept(theirs / "config"), encoding="ascii")
        place = {"GIT_DIR": made, "GIT_WORK_TREE": str(theirs.parent), "GIT_INDEX_FILE": str(theirs / "index")}
        yield lambda *words, **keys: _call(words, root, {**place, **environment}, **keys)


def _kept(config: Path) -> str:
    """Of the folder's configuration only what is needed to read its history."""
    words = ("config", "--file", str(config), "--no-includes", "-z", "--get-regexp", _KEPT)
    found = (_call(words, Path(os.sep), {}) or b"").decode("utf-8", "replace")
    pairs = re.findall(r"([a-z]+)\.([a-z]+)\n([A-Za-z0-9]+)\0", found)
    return "".join(f"[{section}]\n\t{name} = {value}\n" for section, name, value in pairs)


def _git_directory(root: Path) -> Path | None:
    """The nearest `.git` at or above `root`, if it is this user's own folder and no part of it leads elsewhere."""
    top = root.resolve()
    found = next((each / ".git" for each in (top, *top.parents) if os.path.lexists(each / ".git")), None)
    if found is None:
        return None
    kinds = {found: stat.S_ISDIR, **{found / name: stat.S_ISDIR for name in ("objects", "refs")}}
    kinds |= {found / name: stat.S_ISREG for name in ("config", "HEAD")}
    try:
        is_plain = all(is_kind(os.lstat(path).st_mode) for path, is_kind in kinds.items())
        is_own = os.lstat(found).st_uid == os.geteuid()
    except OSError:
        return None
    return found if is_plain and is_own and not (found / "index").is_symlink() else None


def _call(words: tuple[str, ...], folder: Path, more: dict[str, str], *, seconds: float | None = None) -> bytes | None:
    """What Git prints; None if it is missing or fails, and where its time or room is up."""
    path = os.pathsep.join(each for each in os.get_exec_path() if os.path.isabs(each))  # no program of the folder
    program = shutil.which("git", path=path)
    if program is None:
        return None
    kept = {name: value for name, value in os.environ.items() if name in _PERSONS or not name.startswith("GIT_")}
    environment = {**kept, **_NEVER_ASK, **_TOUCH_NOTHING, "PATH": path, "LC_ALL": "C", **more}
    environment.pop("SSH_ASKPASS", None)
    try:  # in a session of its own there is no terminal to ask at
        process = Popen(
            [program, *words], cwd=folder, env=environment, stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL,
            start_new_session=True,
        )  # fmt: skip
    except OSError:
        return None

    def end() -> None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)

    timer = Timer(seconds or SECONDS, end)
    timer.start()
    with process:
        assert process.stdout is not None
        printed = process.stdout.read(LARGEST + 1)
        if len(printed) > LARGEST:
            end()
        code = process.wait()
        timer.cancel()
    return printed if code == 0 else None


def in_editor(text: str) -> str | None:
    """`text` as the person leaves it in their editor ($VISUAL, $EDITOR); None if they name none, or it failed.

    It is here because this module alone runs programs: the editor is the person's, and no folder can name one.
    """
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not editor:
        return None
    with tempfile.TemporaryDirectory(prefix="outreach-") as folder:
        path = Path(folder) / "reply.md"
        path.write_text(text, encoding="utf-8")
        try:
            if Popen([*shlex.split(editor), str(path)]).wait() != 0:
                return None
        except (OSError, ValueError):
            return None
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
