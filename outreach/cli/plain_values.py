"""Options that are text or a path are taken as they are given, and help names an argument by its metavar alone.

Typer makes a pydantic adapter for every parameter, given or not, and importing pydantic takes longer than most
commands. So each parameter first looks at its value: nothing, a text where text is wanted, a path. Whatever else there
is (a number, a choice) goes Typer's way. This hooks into a private module of Typer; tests/cli/test_imports.py says when
a new version no longer has it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer.core
from typer._coercion import RuntimeParam, TypeDescriptor, build_runtime_param


@dataclass(frozen=True)
class _AsGiven(RuntimeParam):
    descriptor: TypeDescriptor

    def _coerce_value(self, value: Any, param: Any, ctx: Any) -> Any:
        if isinstance(value, str) and self.annotation is str:
            return value
        if isinstance(value, bool) and self.annotation is bool:
            return value
        if isinstance(value, str) and self.annotation is Path:
            return Path(value)
        if isinstance(value, (list, tuple)) and self.annotation in (list[str], list[Path]):
            return [Path(each) if self.annotation == list[Path] else each for each in value]
        return build_runtime_param(self.descriptor)._coerce_value(value, param, ctx)


def _as_given(parameter: Any) -> RuntimeParam:
    kind: TypeDescriptor = parameter.type_descriptor
    return _AsGiven(kind.parameter_info, kind.annotation, kind)


def _usage(argument: typer.core.TyperArgument) -> str:
    """`WAVE`, or `[WAVE]` where it may be left out; Typer would write `[[WAVE]]`."""
    name = argument.display_name_raw
    return name if argument.required or name.startswith("[") else f"[{name}]"


def take_as_given() -> None:
    """From now on, Typer's parameters ask pydantic only where they have to, and show no types of Python."""
    typer.core.TyperArgument._usage_display_name = _usage  # type: ignore[method-assign,assignment]
    typer.core.TyperArgument.display_type_rich = lambda self, ctx: None  # type: ignore[method-assign]
    for kind in (typer.core.TyperOption, typer.core.TyperArgument):
        kind.get_runtime_param = _as_given  # type: ignore[assignment,method-assign]
