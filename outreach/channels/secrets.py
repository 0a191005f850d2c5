"""Passwords, tokens and sessions: in the keyring, in the environment, or in a file that only its owner reads.

They are looked for in this order, and written to the first place that takes them. The file is `$OUTREACH_SECRETS`,
else `outreach/secrets.json` below `$XDG_CONFIG_HOME` (`~/.config`): a JSON object of names and values, never inside
a campaign. In the environment `mail:alex@mail.example.org` is `OUTREACH_SECRET_MAIL_ALEX_MAIL_EXAMPLE_ORG`.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any

from outreach.errors import SecretsUnusable

SERVICE = "outreach"


class Secret:
    """A value that nobody sees by accident: it prints as dots."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The value itself, for the one call that needs it."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(...)"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    def __hash__(self) -> int:
        return hash((Secret, self._value))


class Secrets:
    """The places where secrets are. `environment` is the process's own."""

    def __init__(self, environment: dict[str, str] | None = None, *, keyring: bool = True) -> None:
        self._environment = os.environ if environment is None else environment
        self._may_use_keyring = keyring

    @cached_property
    def _keyring(self) -> Any:
        return _usable_keyring() if self._may_use_keyring and not self._named_file else None

    @property
    def _named_file(self) -> str | None:
        return self._environment.get("OUTREACH_SECRETS")

    @property
    def file(self) -> Path:
        """The file for this user; it need not exist."""
        if self._named_file:
            return Path(self._named_file)
        config = self._environment.get("XDG_CONFIG_HOME")
        return (Path(config) if config else Path.home() / ".config") / "outreach" / "secrets.json"

    def get(self, name: str) -> Secret | None:
        """The secret of that name, or None. Raises SecretsUnusable for a file that others can read."""
        if self._keyring is not None and (found := self._keyring.get_password(SERVICE, name)):
            return Secret(found)
        if found := self._environment.get(variable(name)):
            return Secret(found)
        value = self._read().get(name)
        return Secret(value) if value else None

    def put(self, name: str, secret: Secret) -> str:
        """Store a secret; where, in words. Raises SecretsUnusable."""
        if self._keyring is not None:
            self._keyring.set_password(SERVICE, name, secret.reveal())
            return "the keyring of this computer"
        with self._locked():
            self._write({**self._read(), name: secret.reveal()})
        return f"{self.file} (only you can read it)"

    def delete(self, name: str) -> None:
        """Forget a secret. Raises SecretsUnusable."""
        if self._keyring is not None and self._keyring.get_password(SERVICE, name):
            self._keyring.delete_password(SERVICE, name)
        with self._locked():
            left = {key: value for key, value in self._read().items() if key != name}
            self._write(left)

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        """Nobody else of this user renews the secret of that name meanwhile. Raises SecretsUnusable."""
        mark = re.sub(r"[^a-z0-9]+", "-", name.casefold())
        with self._locked(self.file.with_name(f".{mark}.lock")):
            yield

    def _read(self) -> dict[str, str]:
        path = self.file
        try:
            mode = path.stat().st_mode
            if stat.S_IMODE(mode) & 0o077:
                raise SecretsUnusable(str(path), "others can read it", f"Run `chmod 600 {path}`.")
            found = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise SecretsUnusable(str(path), "it cannot be read", "Mend its permissions.") from error
        except ValueError:
            found = None  # no word of it may get into a message, so the error's own is not passed on
        if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
            raise SecretsUnusable(str(path), "it cannot be read", "It holds one JSON object of names and values.")
        return found

    def _write(self, values: dict[str, str]) -> None:
        path, aside = self.file, self.file.with_name(f".{self.file.name}.{os.getpid()}.new")
        try:
            handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with open(handle, "w", encoding="utf-8") as file:
                json.dump(values, file, indent=1, sort_keys=True)
                file.flush()
                os.fsync(file.fileno())
            os.replace(aside, path)
        except OSError as error:
            aside.unlink(missing_ok=True)
            raise SecretsUnusable(str(path), "it cannot be written", "Mend the permissions of its folder.") from error

    @contextmanager
    def _locked(self, file: Path | None = None) -> Iterator[None]:
        file = file or self.file.with_name(f".{self.file.name}.lock")
        try:
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            lock = open(file, "ab")  # noqa: SIM115 - closed below; what its holder raises is not about it
            fcntl.flock(lock, fcntl.LOCK_EX)
        except OSError as error:
            raise SecretsUnusable(str(self.file), "it cannot be written", "Mend its folder's permissions.") from error
        with lock:
            yield


def variable(name: str) -> str:
    """The environment's name for a secret."""
    return "OUTREACH_SECRET_" + re.sub(r"[^A-Z0-9]+", "_", name.upper())


def _usable_keyring() -> Any:
    """The keyring module where this computer has a keyring; headless ones have none."""
    try:
        keyring = import_module("keyring")
        backend = keyring.get_keyring()
    except Exception:  # a keyring may fail in any way its desktop likes; then there is none
        return None
    return keyring if getattr(backend, "priority", 0) > 0 else None
