"""Values for campaign.yaml, put under their keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Any

from outreach.campaign.adding import put, said
from outreach.campaign.imports import Imports
from outreach.intake.updating import digest
from outreach.model.found import FoundSetting
from outreach.model.imported import Disagreement
from outreach.model.records import dataclass

FILE = "campaign.yaml"


@dataclass
class Settings:
    """campaign.yaml as it should be, and what is to be remembered of what documents said of it."""

    text: str
    disagreements: list[Disagreement] = field(default_factory=list)
    remembered: dict[str, tuple[str, ...]] = field(default_factory=dict)


def settings_in(text: str, found: Iterable[FoundSetting], imports: Imports, *, fresh: bool) -> Settings:
    """`text` with what documents say. `fresh`: nobody has written in it yet, so that its values may be replaced."""
    result = Settings(text=text, remembered=dict(imports.settings))
    taken: set[tuple[str, ...]] = set()
    for setting in found:
        for path, value in _single(setting.path, setting.value):
            _put(result, path, value, setting, imports, replace=fresh and path not in taken)
            taken.add(path)
    return result


def _single(path: tuple[str, ...], value: Any) -> Iterable[tuple[tuple[str, ...], Any]]:
    """Mappings key by key, so that each value is decided for itself."""
    if isinstance(value, Mapping) and value:
        for key, each in value.items():
            yield from _single((*path, str(key)), each)
    else:
        yield path, list(value) if isinstance(value, tuple) else value


def _put(
    result: Settings, path: tuple[str, ...], value: Any, setting: FoundSetting, imports: Imports, *, replace: bool
) -> None:
    name = ".".join(path)
    before = imports.settings.get(name, ())
    if isinstance(value, list):
        new = [each for each in value if digest(said(each)) not in before]
        digests = [digest(said(each)) for each in value]
    else:
        new, digests = value, [digest(said(value))]
        if digests[0] in before:
            return
    result.remembered[name] = tuple(dict.fromkeys([*(before if isinstance(value, list) else ()), *digests]))
    if new == []:
        return
    done = put(result.text, path, new, replace=replace)
    if done[-1].outcome == "differs" and digest(said(done[-1].standing)) in before:
        done = put(result.text, path, new, replace=True)  # nobody touched it since the last import
    result.text = done[-1].text
    for each in done:
        if each.outcome == "differs":
            key = ".".join(each.path)
            message = f"`{key}` keeps its value in {FILE}; this document has another one."
            result.disagreements.append(
                Disagreement(
                    file=FILE,
                    key=key,
                    kept=each.standing,
                    other=_other(each.path, path, value),
                    source=f"{setting.file} line {setting.line}",
                    message=message,
                )
            )


def _other(at: tuple[str, ...], path: tuple[str, ...], value: Any) -> Any:
    """What the document says there: an item of the list by its name, or the value."""
    if isinstance(value, list) and len(at) > len(path):
        return next((each for each in value if isinstance(each, Mapping) and at[-1] in map(str, each.values())), value)
    return value
