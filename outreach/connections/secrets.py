"""Passwords, tokens and sessions: in the keyring, in the environment, or in a file that only its owner reads.

They are looked for in this order, and written to the first place that takes them. The file is `$OUTREACH_SECRETS`,
else `outreach/secrets.json` below `$XDG_CONFIG_HOME` (`~/.config`): a JSON object of names and values, never inside
a campaign. Each is under the identity of the one server that it was entered for (`SecretIdentity.name`, in the
environment `SecretIdentity.variable`), and is found under no other.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any

from outreach.errors import SecretsUnusable
from outreach.model.secret import SecretIdentity, identity_named, identity_of_old_name, name_in_variable

SERVICE = "outreach"
_INDEX = "names"
"""What a keyring holds is not listed by it, so the names of what we put there lie under this one."""


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

    def get(self, identity: SecretIdentity, *, environment: bool = True) -> Secret | None:
        """The secret that was entered for exactly that, or None; without `environment`, only one that can be replaced.

        Raises SecretsUnusable for a file others can read.
        """
        found = self._found(identity.name, identity.variable if environment else None)
        for name in identity.old_names:
            found = found or self._found(name, None)
        return Secret(found) if found else None

    def _found(self, name: str, variable: str | None) -> str | None:
        return (
            (self._keyring.get_password(SERVICE, name) if self._keyring is not None else None)
            or (self._environment.get(variable) if variable else None)
            or self._read().get(name)
        )

    def entered(self) -> list[SecretIdentity]:
        """Where secrets were entered, as far as this computer tells. Raises SecretsUnusable."""
        in_environment = [name for each in self._environment if (name := name_in_variable(each))]
        names = [*self._index(), *in_environment, *self._read()]
        return [found for name in names if (found := identity_named(name) or identity_of_old_name(name))]

    def old_variable(self, identity: SecretIdentity) -> str | None:
        """A variable that is set under an old name, which may be meant for that identity or for another one."""
        return next((each for each in identity.old_variables if self._environment.get(each)), None)

    def put(self, identity: SecretIdentity, secret: Secret) -> str:
        """Store a secret; where, in words. Raises SecretsUnusable."""
        with self._locked():
            if self._keyring is None:
                self._write({**self._read(), identity.name: secret.reveal()})
                return f"{self.file} (only you can read it)"
            self._keyring.set_password(SERVICE, identity.name, secret.reveal())
            names = sorted({*self._index(), identity.name})
            self._keyring.set_password(SERVICE, _INDEX, json.dumps(names))
            return "the keyring of this computer"

    def delete(self, identity: SecretIdentity) -> None:
        """Forget a secret. Raises SecretsUnusable."""
        with self._locked():
            if self._keyring is not None and self._keyring.get_password(SERVICE, identity.name):
                self._keyring.delete_password(SERVICE, identity.name)
                self._keyring.set_password(SERVICE, _INDEX, json.dumps(sorted({*self._index()} - {identity.name})))
            if identity.name in (kept := self._read()):
                self._write({name: value for name, value in kept.items() if name != identity.name})

    @contextmanager
    def alone(self, identity: SecretIdentity) -> Iterator[None]:
        """Nobody else of this user renews that secret meanwhile. Raises SecretsUnusable."""
        mark = hashlib.sha256(identity.name.encode("utf-8", "surrogatepass")).hexdigest()[:32]
        with self._locked(self.file.with_name(f".{mark}.lock")):
            yield

    def _index(self) -> list[str]:
        kept = self._keyring.get_password(SERVICE, _INDEX) if self._keyring is not None else None
        try:
            found = json.loads(kept or "[]")
        except (ValueError, RecursionError):
            found = []
        return [name for name in found if isinstance(name, str)] if isinstance(found, list) else []

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
            raise SecretsUnusable(str(path), "it cannot be read", "Fix its permissions.") from error
        except (ValueError, RecursionError):
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
            raise SecretsUnusable(str(path), "it cannot be written", "Fix the permissions of its folder.") from error

    @contextmanager
    def _locked(self, file: Path | None = None) -> Iterator[None]:
        file = file or self.file.with_name(f".{self.file.name}.lock")
        try:
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            lock = open(file, "ab")  # noqa: SIM115 - closed below; what its holder raises is not about it
            fcntl.flock(lock, fcntl.LOCK_EX)
        except OSError as error:
            raise SecretsUnusable(str(self.file), "it cannot be written", "Fix its folder's permissions.") from error
        with lock:
            yield


def _usable_keyring() -> Any:
    """The keyring module where this computer has a keyring; headless ones have none."""
    try:
        keyring = import_module("keyring")
        backend = keyring.get_keyring()
    except Exception:  # a keyring may fail in any way its desktop likes; then there is none
        return None
    return keyring if getattr(backend, "priority", 0) > 0 else None
