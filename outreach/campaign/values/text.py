"""A value in one scalar: what it accepts, its message for anything else, and its JSON Schema."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from pydantic_core import CoreSchema, core_schema

from outreach.campaign.definitions.definition import Known, Located, Schema, fault, shown, wrong_kind
from outreach.campaign.findings import Finding
from outreach.campaign.strict_yaml import Node, Scalar
from outreach.words.suggestions import nearest


class Fault(Exception):
    """A text is not what its key expects; "" for what the value itself can say."""

    def __init__(self, sentence: str = "", hint: str = "", code: str = "bad-value") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.hint = hint
        self.code = code


class Text:
    """The annotation of a key's type; `expected` and `example` are what its faults say.

    `parse` raises Fault; `schema` (2020-12) is of the value as an editor's YAML 1.2 parser sees it.
    """

    def __init__(
        self,
        parse: Callable[[str], Any],
        *,
        expected: str,
        example: str,
        schema: Schema,
        code: str = "bad-value",
    ) -> None:
        self.parse = parse
        self.expected = expected
        self.example = example
        self.code = code
        self._schema = schema

    def of(self, node: Any, *, at: Node | None = None) -> Any:
        """The value at `node`, which stands `at` another one; raises the error that a Definition makes a Finding of."""
        if type(node) is Scalar:
            try:
                return self.parse(node.text)
            except Fault as found:
                caught = found
            raise fault(at or node, lambda name: self._finding(caught, node.text, name, node.line))
        if type(node) is Known:
            return node.value
        raise wrong_kind(node, self.expected, f"For example `{{}}: {self.example}`.")

    def schema(self) -> Schema:
        return dict(self._schema)

    def _finding(self, fault: Fault, text: str, name: str, line: int) -> Finding:
        sentence = str(fault) or f"`{name}: {shown(text)}` is not {self.expected}."
        code = fault.code if fault.code != "bad-value" else self.code
        return Finding(line, code, sentence, fault.hint or f"For example `{name}: {self.example}`.")

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.of)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: Any) -> Schema:
        return self.schema()


def reads(
    *, expected: str, example: str, schema: Schema, code: str = "bad-value"
) -> Callable[[Callable[[str], Any]], Text]:
    """Makes a function that reads a value, or raises Fault, the annotation of a key's type."""
    return lambda parse: Text(parse, expected=expected, example=example, schema=schema, code=code)


class LocatedText(Text):
    """What `text` reads, as `Located`."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.parse, expected=text.expected, example=text.example, schema=text.schema(), code=text.code)

    def of(self, node: Any, *, at: Node | None = None) -> Any:
        """The value with its line."""
        return node.value if type(node) is Known else Located(super().of(node, at=at), node.line)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The hint with the nearest known word, "" where none is near."""
    found = nearest(word, known)
    return f"Did you mean `{found}`?" if found else ""
