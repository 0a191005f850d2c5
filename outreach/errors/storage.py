"""About files that outreach does not open, and edits that it does not overwrite."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager

from outreach.errors.base import NEEDS_A_HUMAN, OutreachError
from outreach.errors.campaign import CannotWrite


class Refused(OutreachError, OSError):
    """A file that is not opened, whatever the operating system would say.

    An OSError, so that whoever reads many files treats it like any other that cannot be read; and an
    OutreachError, so that nobody else has to. `strerror` is the end of a sentence: "it is a link".
    """

    def __init__(self, name: str, reason: str, *, hint: str) -> None:
        super().__init__(f"{name} was not opened: {reason}.", hint=hint)
        self.name = name
        self.strerror = reason

    def __str__(self) -> str:
        return str(self.args[0])


class LeadsOut(Refused):
    """A link or a path that leads out of the campaign folder, to a place that this person has not allowed."""

    def __init__(self, name: str, target: str) -> None:
        hint = f"Copy it into the folder. To use it where it is, allow it once: outreach trust {shlex.quote(target)}"
        super().__init__(name, "it leads out of the campaign folder", hint=hint)
        self.target = target


class LinkInTheWay(Refused):
    """A link where outreach writes: what it points to would be changed as well."""

    def __init__(self, name: str) -> None:
        super().__init__(
            name, "it is a link", hint=f"Remove the link {name}; put what it points to in its place, if you need it."
        )


class NotAFile(Refused):
    """A folder, pipe, socket or device where a file is expected; reading it might never end."""

    def __init__(self, name: str, kind: str) -> None:
        super().__init__(name, f"it is {kind}, not an ordinary file", hint="Put a file in its place, or rename it.")
        self.kind = kind


class NotAFolder(Refused):
    """A file where a folder is expected."""

    def __init__(self, name: str) -> None:
        super().__init__(name, "there is a file where a folder is expected", hint="Rename it.")


class TooLarge(Refused):
    """More than outreach reads of a file of this kind. `most` and `size` are in bytes."""

    def __init__(self, name: str, most: int, size: int) -> None:
        super().__init__(name, f"it is larger than {most / 1_000_000:g} MB", hint="Split it into several files.")
        self.size = size


class EditedMeanwhile(OutreachError):
    """Somebody changed a file between our reading and our writing it. Their words stay."""

    exit_code = NEEDS_A_HUMAN

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} was edited while this ran. The edit was kept, and nothing was written to the file.",
            hint="Run the same command again: it starts from your edit.",
        )
        self.name = name


class TrustUnusable(OutreachError):
    """The list of what a person has allowed cannot be read or written, or others could have written it."""

    def __init__(self, file: str, reason: str, hint: str) -> None:
        super().__init__(f"The list of allowed paths, {file}, cannot be used: {reason}.", hint=hint)


class OtherOwner(OutreachError):
    """A campaign was found by looking upwards, in a folder that belongs to somebody else."""

    def __init__(self, folder: str, owner: str) -> None:
        super().__init__(
            f"The campaign folder {folder} belongs to {owner}, not to you, so nothing was done.",
            hint=f"If you trust it, name it: --campaign {shlex.quote(folder)}",
        )


def not_written(name: str, error: OSError) -> OutreachError:
    """The exception to raise where writing `name` failed with `error`."""
    if isinstance(error, OutreachError):
        return error
    return CannotWrite(name, reason_of(error))


@contextmanager
def raising_cannot_write(name: str) -> Iterator[None]:
    """Raises `not_written` where writing `name` fails inside."""
    try:
        yield
    except OSError as error:
        raise not_written(name, error) from error


def reason_of(error: OSError) -> str:
    """What the operating system says, as the end of a sentence."""
    return (error.strerror or type(error).__name__).lower()
