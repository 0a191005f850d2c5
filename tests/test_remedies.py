"""Whatever goes wrong, the second line says what to do about it."""

from __future__ import annotations

import inspect
from datetime import UTC, datetime
from typing import Any

import pytest

from outreach import errors
from outreach.errors import OutreachError

GIVEN = {
    "str": "x",
    "int": 1,
    "object": "x",
    "datetime": datetime(2026, 1, 1, tzinfo=UTC),
    "Iterable[str]": ["x"],
    "list[str]": ["x"],
    "tuple[str, ...]": (),
    "str | None": None,
}
WAITS = {"Forbidden", "MayBeSent", "TooSoon", "InDoubt", "MayStandThere", "TemplateFault"}
"""What becomes the reason of an email or a Problem, which has its own remedy."""


def classes() -> list[type[OutreachError]]:
    found = [each for each in vars(errors).values() if inspect.isclass(each) and issubclass(each, OutreachError)]
    return [each for each in found if each is not OutreachError]


def made(kind: type[OutreachError]) -> OutreachError:
    """One of them, with what its signature asks for."""
    arguments: dict[str, Any] = {}
    for name, parameter in inspect.signature(kind).parameters.items():
        if parameter.default is inspect.Parameter.empty:
            arguments[name] = "Do this" if name == "hint" else GIVEN[parameter.annotation]
    return kind(**arguments)


@pytest.mark.parametrize("kind", classes(), ids=lambda kind: kind.__name__)
def test_an_error_says_what_to_do(kind: type[OutreachError]) -> None:
    parameters = inspect.signature(kind).parameters
    if kind.__name__ in WAITS or ("hint" in parameters and parameters["hint"].default == ""):
        return  # whoever raises it knows
    error = made(kind)
    assert str(error)[-1] in ".?x", str(error)  # x: a sentence that was handed in
    assert len(error.hint) > 5, str(error)


@pytest.mark.parametrize("error", [errors.NotSent("x"), errors.NotSent("x", permanent=True), errors.InDoubt("x")])
def test_whatever_a_server_refuses_says_what_comes_next(error: OutreachError) -> None:
    assert "un the same command again" in error.hint


def test_a_remedy_of_its_own_is_said_alone() -> None:
    assert errors.NotSent("x", hint="Log in again.", permanent=True).hint == "Log in again."
