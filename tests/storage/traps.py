"""What a stranger may put in the place of a file or folder, and a tree beside the campaign that nobody may touch."""

from __future__ import annotations

import hashlib
import os
import socket
from collections.abc import Callable, Mapping
from pathlib import Path

CANARY = "canary-7f3a9c"
"""Stands in every file beside the campaign, and must stand in nothing else."""


def canary_tree(place: Path) -> Path:
    """A folder with files of every kind that a campaign has, each with the canary in it."""
    texts = {
        "file.txt": f"{CANARY}\n",
        "contacts/out.yaml": f"- name: {CANARY}\n  channels: [{{email: {CANARY}@canary.example}}]\n",
        "templates/hello.md": f"---\nsubject: {CANARY}\n---\n{CANARY} [link when posted]\n",
        "deep/er/doc.md": f"{CANARY} [link when posted]\n",
        "mail/new/1": f"From: {CANARY}@canary.example\nSubject: {CANARY}\n\n{CANARY}\n",
    }
    for name, text in texts.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text, encoding="utf-8")
    for name in ("mail/cur", "mail/tmp", "empty"):
        (place / name).mkdir()
    return place


def picture(folder: Path) -> dict[str, str]:
    """Every name below a folder, with what stands there; nothing is followed."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            found[name] = f"-> {os.readlink(path)}"
        elif path.is_dir():
            found[name] = f"folder {path.stat().st_mode:o}"
        else:
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            found[name] = f"{content} {path.stat().st_mode:o} {path.stat().st_mtime_ns}"
    return found


def a_pipe(place: Path, canary: Path) -> None:
    os.mkfifo(place)


def a_socket(place: Path, canary: Path) -> None:
    here = os.getcwd()
    os.chdir(place.parent)  # the address of a socket may have a hundred letters at most
    try:
        with socket.socket(socket.AF_UNIX) as tube:
            tube.bind(place.name)
    finally:
        os.chdir(here)


def link_to(target: str) -> Callable[[Path, Path], None]:
    def make(place: Path, canary: Path) -> None:
        place.symlink_to(target.replace("CANARY", str(canary)))

    return make


def relative_link(place: Path, canary: Path) -> None:
    place.symlink_to(os.path.relpath(canary / "file.txt", place.parent))


def chain(place: Path, canary: Path) -> None:
    """A link to a link inside, which leads out."""
    between = place.with_name(f"{place.name}.between")
    between.symlink_to(canary / "file.txt")
    place.symlink_to(between.name)


def through_a_folder(place: Path, canary: Path) -> None:
    """A link inside through a linked folder."""
    between = place.with_name(f"{place.name}.folder")
    between.symlink_to(canary)
    place.symlink_to(f"{between.name}/file.txt")


def fitting_target(place: Path, canary: Path) -> Path:
    """What a stranger would let a link of that name lead to, so that it would be taken for the real thing."""
    folders = {"contacts": "contacts", "templates": "templates", "posts": "templates", "docs": "deep/er"}
    if place.name in folders:
        return canary / folders[place.name]
    if "mailbox" in place.parts:
        return {"mailbox": canary / "mail", "new": canary / "mail/new"}.get(place.name, canary / "mail/new/1")
    if not place.suffix:
        return canary
    of_folder = {"contacts": "contacts/out.yaml", "templates": "templates/hello.md", "posts": "templates/hello.md"}
    return canary / of_folder.get(place.parent.name, "file.txt" if place.suffix != ".md" else "deep/er/doc.md")


def fitting_link(place: Path, canary: Path) -> None:
    place.symlink_to(fitting_target(place, canary))


def relative_fitting_link(place: Path, canary: Path) -> None:
    place.symlink_to(os.path.relpath(fitting_target(place, canary), place.parent))


TRAPS: Mapping[str, Callable[[Path, Path], None]] = {
    "a fitting link": fitting_link,
    "a relative fitting link": relative_fitting_link,
    "a link to a file": link_to("CANARY/file.txt"),
    "a relative link": relative_link,
    "a link to a contact": link_to("CANARY/contacts/out.yaml"),
    "a link to a template": link_to("CANARY/templates/hello.md"),
    "a link to a folder": link_to("CANARY"),
    "a link to a folder of contacts": link_to("CANARY/contacts"),
    "a link to a mailbox": link_to("CANARY/mail"),
    "a link to an empty folder": link_to("CANARY/empty"),
    "a link to nothing": link_to("CANARY/nothing"),
    "a chain of links": chain,
    "a link through a linked folder": through_a_folder,
    "a link to itself": lambda place, canary: place.symlink_to(place.name),
    "a link to a device": link_to("/dev/zero"),
    "a pipe": a_pipe,
    "a socket": a_socket,
}
