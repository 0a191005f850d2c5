"""The only place that opens files below a campaign folder.

A campaign folder may come from anybody. So nothing in it is opened by a path that the operating system follows on
its own: each name is looked up in the folder that was opened before it, without following links, and only ordinary
files are read, up to a size. `reading` says which links are allowed, `writing` how a file is replaced, and `trust`
what a person has allowed outside.

`root` is always the campaign folder (or a folder that the person named), `name` a path below it with forward slashes.
What is refused raises `Refused`, which is an OSError as well.
"""

from __future__ import annotations

from outreach.storage.reading import (
    LARGEST,
    Entry,
    digest,
    entries,
    exists,
    is_file,
    named,
    open_reading,
    place,
    read,
    stat_of,
    walk,
)
from outreach.storage.writing import (
    PRIVATE,
    SHARED,
    UNFINISHED,
    Unfinished,
    begin,
    database,
    make_folder,
    open_lock,
    remove,
    remove_empty,
    rename,
    replace,
    write,
)

__all__ = [
    "LARGEST",
    "PRIVATE",
    "SHARED",
    "UNFINISHED",
    "Entry",
    "Unfinished",
    "begin",
    "database",
    "digest",
    "entries",
    "exists",
    "is_file",
    "make_folder",
    "named",
    "open_lock",
    "open_reading",
    "place",
    "read",
    "remove",
    "remove_empty",
    "rename",
    "replace",
    "stat_of",
    "walk",
    "write",
]
