"""A new post from a form: the file that would be written, by the writer of all files, and the pictures it carries."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import Any

from outreach import storage
from outreach.campaign.listing import same_elsewhere
from outreach.campaign.media import MEDIA_SUFFIXES
from outreach.campaign.writing import document
from outreach.errors import CannotTell, raising_cannot_write
from outreach.tasks.campaign import load
from outreach.tasks.editing import MOST, Edit
from outreach.tasks.uploads import plain_name
from outreach.words.slugs import free, slug_of

FOLDER = "materials"
"""Where pictures are kept that come through a form."""
_LONGEST = 40


def new_post(root: Path, name: str, keys: Mapping[str, Any], text: str) -> tuple[Edit, str]:
    """The edit that adds a post in a file of its own, and its id, which is made of `name`, else of the first words.

    `keys` are those of docs/format.md, as plain values; empty ones are left out. Raises CampaignUnreadable.
    """
    body = text.replace("\r\n", "\n").strip("\n")[:MOST]
    first = next((line for line in body.splitlines() if line.strip(" -")), "")
    wanted = slug_of(name.strip() or first)[:_LONGEST].strip("-") or "post"
    posts = storage.entries(root, "posts") if storage.is_folder(root, "posts") else []
    taken = {same_elsewhere(each.name.partition(".")[0]) for each in posts}
    taken |= {post.id for post in load(root).folder.posts}
    id = free(wanted, taken.__contains__)
    given = {key: value for key, value in keys.items() if value not in ("", None, [], {})}
    after = f"---\n{document(given)}---\n{body}\n"
    return Edit(file=f"posts/{id}.md", read=None, before="", after=after), id


def pictures(root: Path) -> list[str]:
    """Every picture, sound and film in `materials/`, by its path below the campaign folder."""
    return sorted(name for name in storage.walk(root, FOLDER) if PurePath(name).suffix.lower() in MEDIA_SUFFIXES)


def add_picture(root: Path, name: str, content: bytes) -> tuple[str, bool]:
    """Keep a picture, sound or film in `materials/`; its path, and whether it is new there.

    Raises CannotTell for a file of another kind, CannotWrite.
    """
    plain = PurePath(plain_name(name))
    if plain.suffix.lower() not in MEDIA_SUFFIXES:
        known = ", ".join(sorted(each.removeprefix(".") for each in MEDIA_SUFFIXES))
        raise CannotTell(f"{plain.name} is not a picture, sound or film", f"Posts can carry: {known}.")
    stem, digest = slug_of(plain.stem)[:_LONGEST].strip("-") or "picture", storage.digest(content)
    number, path = 1, f"{FOLDER}/{stem}{plain.suffix.lower()}"
    while storage.exists(root, path):
        if storage.digest_of(root, path) == digest:
            return path, False
        number += 1
        path = f"{FOLDER}/{stem}-{number}{plain.suffix.lower()}"
    with raising_cannot_write(path):
        storage.replace(root, path, None, content)
    return path, True


def remove_picture(root: Path, path: str, content: bytes) -> None:
    """Take a picture back that was added, if it still is the same."""
    if storage.digest_of(root, path) == storage.digest(content):
        storage.remove(root, path, missing_ok=True)
