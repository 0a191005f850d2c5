"""A Git repository in which everything that can name a program names one that leaves a trace."""

from __future__ import annotations

import subprocess
from pathlib import Path

US = ("-c", "user.name=Alex", "-c", "user.email=alex@example.org", "-c", "init.defaultBranch=main")

CONFIG = """\
[core]
	repositoryformatversion = 0
	bare = false
	fsmonitor = {run} fsmonitor
	hooksPath = {hooks}
	sshCommand = {run} sshCommand
	askPass = {run} askPass
	gitProxy = {run} gitProxy
	editor = {run} editor
	pager = {run} pager
	alternateRefsCommand = {run} alternateRefsCommand
	attributesFile = {folder}/attributes
[sequence]
	editor = {run} sequenceEditor
[alias]
	status = !{run} alias-status
	log = !{run} alias-log
	outreach = !{run} alias-outreach
[pager]
	log = {run} pager-log
	config = {run} pager-config
	status = {run} pager-status
[diff]
	external = {run} diff-external
[diff "evil"]
	textconv = {run} textconv
	command = {run} diff-command
[filter "evil"]
	clean = {run} clean
	smudge = {run} smudge
	required = true
[filter "worse"]
	process = {run} filter-process
[merge "evil"]
	driver = {run} merge-driver
[interactive]
	diffFilter = {run} diffFilter
[commit]
	gpgSign = true
[tag]
	gpgSign = true
[log]
	showSignature = true
[gpg]
	program = {run}
[gpg "ssh"]
	program = {run}
	defaultKeyCommand = {run} defaultKeyCommand
[credential]
	helper = !{run} credential
[protocol]
	allow = always
[protocol "ext"]
	allow = always
[remote "origin"]
	url = ext::{run} ext
	fetch = +refs/heads/*:refs/remotes/origin/*
	uploadpack = {run} uploadpack
	receivepack = {run} receivepack
	vcs = outreach
	promisor = true
[remote "shell"]
	url = ssh://127.0.0.1:1/x
[branch "main"]
	remote = origin
	merge = refs/heads/main
[uploadpack]
	packObjectsHook = {run} packObjectsHook
[trailer "evil"]
	cmd = {run} trailer
[gc]
	auto = 1
	recentObjectsHook = {run} recentObjectsHook
[submodule]
	recurse = true
[submodule "evil"]
	url = ext::{run} submodule
	update = !{run} submodule-update
[url "ext::{run} insteadOf "]
	insteadOf = https://
[trace2]
	eventTarget = {folder}/trace2
[extensions]
	worktreeConfig = true
[include]
	path = {folder}/included
[includeIf "gitdir:**"]
	path = {folder}/included
[user]
	name = {name}
	email = folder@evil.example
"""
INCLUDED = """\
[core]
	fsmonitor = {run} included-fsmonitor
	sshCommand = {run} included-sshCommand
[user]
	name = Included
"""
ATTRIBUTES = "* diff=evil filter=evil merge=evil\n*.yaml filter=worse\n"
HOOKS = (
    "applypatch-msg", "commit-msg", "fsmonitor-watchman", "post-applypatch", "post-checkout", "post-commit",
    "post-index-change", "post-merge", "post-receive", "post-rewrite", "post-update", "pre-applypatch", "pre-auto-gc",
    "pre-commit", "pre-merge-commit", "pre-push", "pre-rebase", "pre-receive", "prepare-commit-msg", "proc-receive",
    "push-to-checkout", "reference-transaction", "sendemail-validate", "update",
)  # fmt: skip


def plain_git(root: Path, *words: str) -> str:
    """Git itself, as somebody without our care calls it; "" where it fails."""
    return subprocess.run(
        ["git", *US, *words],
        cwd=root,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        stdin=subprocess.DEVNULL,
    ).stdout


def plant(root: Path, beside: Path, name: str = "Folder") -> Path:
    """Make a repository of `root`, whose user has that name, with one commit and every trap; the file of the traces."""
    beside.mkdir()
    traces = beside / "traces"
    run = beside / "run"
    run.write_text(
        f'#!/bin/sh\necho "$1" >> {traces}\ncase "$1" in clean|filter-*) exec cat;; esac\n', encoding="utf-8"
    )
    run.chmod(0o755)
    plain_git(root, "init", "--quiet")
    plain_git(root, "add", ".")
    plain_git(root, "commit", "--quiet", "--message", "Begin")
    values = {"run": run, "folder": beside, "hooks": beside / "hooks", "name": name}
    (root / ".git" / "config").write_text(CONFIG.format(**values), encoding="utf-8")
    (root / ".git" / "config.worktree").write_text(INCLUDED.format(**values), encoding="utf-8")
    (beside / "included").write_text(INCLUDED.format(**values), encoding="utf-8")
    for place in (root / ".gitattributes", root / ".git/info/attributes", beside / "attributes"):
        place.parent.mkdir(exist_ok=True)
        place.write_text(ATTRIBUTES, encoding="utf-8")
    for folder in (beside / "hooks", root / ".git/hooks"):
        folder.mkdir(exist_ok=True)
        for name in HOOKS:
            (folder / name).write_text(f"#!/bin/sh\nexec {run} hook-{name}\n", encoding="utf-8")
            (folder / name).chmod(0o755)
    return traces


def ran(traces: Path) -> set[str]:
    """The names of the programs that ran."""
    return set(traces.read_text(encoding="utf-8").split()) if traces.exists() else set()
