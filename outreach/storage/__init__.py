"""The only place that opens files below a campaign folder.

A campaign folder may come from anybody. So nothing in it is opened by a path that the operating system follows on
its own: each name is looked up in the folder that was opened before it, without following links, and only ordinary
files are read, up to a size. `reading` says which links are allowed, `writing` how a file is replaced; `folders`
makes and renames, and `trust` knows what a person has allowed outside.

`root` is always the campaign folder (or a folder that the person named), `name` a path below it with forward slashes.
What is refused raises `Refused`, which is an OSError as well.
"""

from __future__ import annotations

from outreach.storage.descriptors import folders_kept_open
from outreach.storage.folders import (
    PRIVATE,
    SHARED,
    database,
    link,
    make_folder,
    open_lock,
    remove,
    remove_empty,
    rename,
    why_not_written,
)
from outreach.storage.own_key import own_key
from outreach.storage.reading import (
    LARGEST,
    Entry,
    digest,
    digest_of,
    entries,
    exists,
    is_file,
    is_folder,
    named,
    open_reading,
    place,
    read,
    stat_of,
    walk,
    why_not_read,
)
from outreach.storage.tracing import Answers, Trace, still_answers, traced
from outreach.storage.writing import UNFINISHED, Unfinished, begin, make_private_folder, replace, write, write_new
