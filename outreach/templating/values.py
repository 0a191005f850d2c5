"""What templates and expressions see: read-only records, values that come later, missing ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NoReturn, TypeVar

from jinja2 import Undefined
from jinja2.utils import missing

from outreach.errors import TemplateFault
from outreach.words.suggestions import nearest

T = TypeVar("T")


class Record:
    """Named values, read by attribute or by item: `contact.name`, `links['brief']`.

    Never a dict, so that a value called `items` or `keys` is a value like any other. `known` are
    keys that exist in the format but were not given here: they may be tested, not written out.
    `private` maps keys that must never reach a letter to the reason.
    """

    __slots__ = ("data", "known", "path", "private")

    def __init__(
        self,
        path: str,
        data: Mapping[str, Any],
        known: frozenset[str] = frozenset(),
        private: Mapping[str, str] | None = None,
    ) -> None:
        self.path = path
        self.data = data
        self.known = known
        self.private = private or {}

    def __str__(self) -> str:
        raise TemplateFault(
            "template-failed",
            f"`{self.path}` is a group of values, so it cannot be written into a sentence",
            hint=f"Name one of its values: {{{{ {self.path}.{next(iter(self.data), 'name')} }}}}.",
        )

    __repr__ = __str__

    def lookup(self, key: object) -> Any:
        """The value of `key`, or an undefined that knows its path and the nearest spelling."""
        if key in self.private:
            raise TemplateFault(
                "private-variable",
                f"`{self.path}.{key}` is never mailed",
                hint=self.private[str(key)],
            )
        value = self.data.get(key, missing) if isinstance(key, str) else missing
        if value is not missing:
            return value
        path = f"{self.path}.{key}"
        if key in self.known:
            return NotGiven(name=path)
        near = nearest(str(key), [*self.data, *self.known])
        return Missing(name=path, hint=near and f"{self.path}.{near}")


SCOPE_NAMES = frozenset(
    "contact sender campaign links facts attachments posts contacts wave step previous network range objection "
    "source_notice".split()
)
"""What a template may name, besides what it sets itself."""

LANGUAGE = "_language"
"""Where the filters `date` and `number` find the language of the text (BCP 47)."""

WHERE_NAMES_STAND = "`outreach help templates` shows what a template may name."

_OF_CONTACTS = frozenset("country email greeting language name people personal_text tags tier website".split())
"""What people write without `contact.` before it."""

_ARITHMETIC = (
    "__add__ __radd__ __sub__ __rsub__ __mul__ __rmul__ __truediv__ __rtruediv__ __floordiv__ "
    "__rfloordiv__ __mod__ __rmod__ __pow__ __rpow__ __neg__ __pos__"
).split()
_COMPARISONS = ["__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__contains__", "__bool__"]
_OTHER_USES = ["__str__", "__iter__", "__len__", "__hash__", "__int__", "__float__", "__call__", "__getitem__"]


def _every_use(names: list[str], behaviour: Callable[..., Any]) -> Callable[[type[T]], type[T]]:
    """A class decorator: the special methods `names` all do the same."""

    def decorate(cls: type[T]) -> type[T]:
        for name in names:
            setattr(cls, name, behaviour)
        return cls

    return decorate


def _refuse(self: Missing, *others: object) -> NoReturn:
    self.refuse()


@_every_use([*_ARITHMETIC, *_COMPARISONS, *_OTHER_USES], _refuse)
class Missing(Undefined):
    """A name nobody could ever fill: every use of it is an error that says the nearest one."""

    __slots__ = ("nearest_name",)

    def __init__(
        self, hint: str | None = None, obj: Any = missing, name: str | None = None, exc: Any = TemplateFault
    ) -> None:
        super().__init__(hint, obj, name, exc)
        self.nearest_name = hint if obj is missing else None

    @property
    def path(self) -> str:
        return str(self._undefined_name)

    def refuse(self) -> NoReturn:
        """Raise the fault of its being written out."""
        if self._undefined_name is None:  # Jinja2's answer to `[]|first` and its like
            raise TemplateFault(
                "missing-variable",
                "an empty list has no first, last, smallest or largest thing",
                hint="Ask first whether there is something in it: {% if contact.tags %} ... {% endif %}",
            )
        near = self.nearest_name or ("." not in self.path and nearest(self.path, SCOPE_NAMES)) or None
        if self.path in _OF_CONTACTS:
            near = f"contact.{self.path}"
        if near == self.path:
            near = None  # it exists, but not here: `network` in a letter, `contact` in a post
        raise TemplateFault(
            "missing-variable",
            f"`{self.path}` is not given",
            hint=self._hint(near),
            variable=self.path,
        )

    def _hint(self, near: str | None) -> str:
        if near:
            return f"Did you mean `{near}`?"
        # What a contact lacks is told with the contact, by whoever knows it.
        return "" if self.path.startswith("contact.") else WHERE_NAMES_STAND

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        self.refuse()


class Wordless(Missing):
    """Sentences that outreach writes in some languages, and in this one not; whoever writes the text can say them."""

    __slots__ = ("language",)

    def __init__(self, name: str, language: str) -> None:
        super().__init__(name=name)
        self.language = language

    def refuse(self) -> NoReturn:
        raise TemplateFault(
            "missing-variable",
            f"there are no words for `{self.path}` in the language `{self.language}`",
            hint=f"Write them yourself, above {{{{ {self.path} }}}}: {{% set {self.path} %}}...{{% endset %}}",
            variable=self.path,
        )


class NotGiven(Missing):
    """A key of the format that this contact does not have: may be tested, may not be written."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False

    def __eq__(self, other: object) -> bool:
        return False

    def __ne__(self, other: object) -> bool:
        return True

    def __contains__(self, item: object) -> bool:
        return False

    def __hash__(self) -> int:
        return hash(self.path)


def _false(self: Any, *others: object) -> bool:
    return False


def _used(self: Later, *others: object) -> bool:
    self.on_use(self.path)
    return False


def _itself(self: Any, *others: object) -> Any:
    return self


@_every_use(_ARITHMETIC, _itself)
@_every_use(_COMPARISONS, _used)
class Later:
    """A value that can only come later, such as the address of a post not yet published.

    It is written as ⟦posts.r-linux.url⟧, compares as false, and says to `on_use` that it was used,
    so that the letter is not approvable yet.
    """

    __slots__ = ("on_use", "path")

    def __init__(self, path: str, on_use: Any) -> None:
        self.path = path
        self.on_use = on_use

    def child(self, key: object) -> Later:
        return Later(f"{self.path}.{key}", self.on_use)

    def __str__(self) -> str:
        self.on_use(self.path)
        return f"⟦{self.path}⟧"

    def __hash__(self) -> int:
        return hash(self.path)

    def __iter__(self) -> Iterator[Any]:
        self.on_use(self.path)
        return iter(())

    def __len__(self) -> int:
        self.on_use(self.path)
        return 0


@_every_use([*_ARITHMETIC, "__call__", "__getitem__"], _itself)
@_every_use(_COMPARISONS, _false)
class Absent(Undefined):
    """A missing key in an expression: never raises, and makes its comparison false."""

    __slots__ = ()

    def __hash__(self) -> int:
        return id(self)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __str__(self) -> str:
        return ""
