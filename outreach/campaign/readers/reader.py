"""What a reader is: one definition from which validation, the value, the hint and the schema come."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from enum import Enum
from typing import Any, Final

from pydantic_core import CoreSchema, core_schema

from outreach.campaign.definitions.definition import Known, Located, fault
from outreach.campaign.definitions.definition import wrong_kind as kind_fault
from outreach.campaign.findings import Finding
from outreach.campaign.strict_yaml import Faulty, Node, Scalar, kind_of
from outreach.words.suggestions import nearest

Schema = dict[str, Any]


class Missing(Enum):
    """The value that a node did not give, because of a fault that is already a finding."""

    MISSING = "missing"


MISSING: Final = Missing.MISSING


class Fault(Exception):
    """A text is not what its key expects; "" for what the reader itself can say."""

    def __init__(self, sentence: str = "", hint: str = "", code: str = "bad-value") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.hint = hint
        self.code = code


class Reader(ABC):
    """Reads a node as the value of the key `name`."""

    @abstractmethod
    def read(self, node: Node, name: str, findings: list[Finding]) -> Any:
        """The value, or MISSING after a finding has been added."""

    @abstractmethod
    def schema(self) -> Schema:
        """JSON Schema (2020-12) of the value as an editor's YAML 1.2 parser sees it."""


class TextReader(Reader):
    """A value that stands in one scalar; `expected` and `example` are what its faults say."""

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

    def read(self, node: Node, name: str, findings: list[Finding]) -> Any:
        if isinstance(node, Scalar):
            return self.read_text(node.text, name, node.line, findings)
        if not isinstance(node, Faulty):
            findings.append(wrong_kind(node, name, self.expected, self._example(name)))
        return MISSING

    def read_text(self, text: str, name: str, line: int, findings: list[Finding]) -> Any:
        """The value of `text`, or MISSING after a finding at `line` has been added."""
        try:
            return self.parse(text)
        except Fault as fault:
            findings.append(self._finding(fault, text, name, line))
            return MISSING

    def schema(self) -> Schema:
        return dict(self._schema)

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
        raise kind_fault(node, self.expected, f"For example `{{}}: {self.example}`.")

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.of)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: Any) -> Schema:
        return self.schema()

    def _finding(self, fault: Fault, text: str, name: str, line: int) -> Finding:
        sentence = str(fault) or f"`{name}: {shown(text)}` is not {self.expected}."
        code = fault.code if fault.code != "bad-value" else self.code
        return Finding(line, code, sentence, fault.hint or self._example(name))

    def _example(self, name: str) -> str:
        return f"For example `{name}: {self.example}`."


class LocatedText(Reader):
    """What `text` reads, as `Located`."""

    def __init__(self, text: TextReader) -> None:
        self.text = text

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self._of)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: Any) -> Schema:
        return self.text.schema()

    def read(self, node: Node, name: str, findings: list[Finding]) -> Any:
        value = self.text.read(node, name, findings)
        return value if value is MISSING else Located(value, node.line)

    def schema(self) -> Schema:
        return self.text.schema()

    def _of(self, node: Any) -> Any:
        return node.value if type(node) is Known else Located(self.text.of(node), node.line)


def wrong_kind(node: Node, name: str, expected: str, hint: str) -> Finding:
    message = f"`{name}` has to be {expected}, and here stands {kind_of(node)}."
    return Finding(node.line, "bad-value", message, hint)


def shown(text: str) -> str:
    """`text` short enough for a sentence, without anything invisible."""
    visible = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text.strip()[:60])
    return visible + ("..." if len(text.strip()) > 60 else "")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The hint with the nearest known word, "" where none is near."""
    found = nearest(word, known)
    return f"Did you mean `{found}`?" if found else ""
