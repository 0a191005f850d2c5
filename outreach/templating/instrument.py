"""A parsed template is made safe: what does not exist here is refused, what can repeat is metered."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from jinja2 import TemplateSyntaxError, nodes
from jinja2.visitor import NodeTransformer

from outreach.words.suggestions import nearest

_OWN_WORDS = set("sender campaign links facts attachments posts contacts wave step previous objection".split())
"""Roots whose values the campaign itself wrote; anything else may hold a contact's data."""

_REFUSED: dict[type[nodes.Node], str] = {
    nodes.Include: "{% include %}",
    nodes.Import: "{% import %}",
    nodes.FromImport: "{% from ... import %}",
    nodes.Extends: "{% extends %}",
    nodes.Block: "{% block %}",
    nodes.FilterBlock: "{% filter %}",
    nodes.CallBlock: "{% call %}",
    nodes.ScopedEvalContextModifier: "{% autoescape %}",
    nodes.Dict: "{'a': 'mapping'}",
}
_REFUSED_NAMES = frozenset(("kwargs", "varargs"))
"""Mappings and lists that a macro would get without their being measured."""

_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, line separators, and what turns the direction of writing: no file of ours holds them as they
are, but `"\\x1b"` in a tag would write one."""


class NotThere(TemplateSyntaxError):
    """What templates do not have or may not write; `hint` says what to write instead."""

    def __init__(self, message: str, lineno: int, hint: str) -> None:
        super().__init__(message, lineno)
        self.hint = hint


def refuse(tree: nodes.Node, filters: Collection[str], tests: Collection[str]) -> None:
    """Refuse statements, filters and tests that templates do not have, and texts that nobody could read.

    Raises TemplateSyntaxError with its line.
    """
    for kind, written in _REFUSED.items():
        for node in tree.find_all(kind):
            raise NotThere(f"there is no `{written}` here", node.lineno, "Write the text out.")
    for name in tree.find_all(nodes.Name):
        if name.name in _REFUSED_NAMES:
            raise NotThere(f"there is no `{name.name}` here", name.lineno, "Name what a macro takes: macro NAME(a, b).")
    for text in tree.find_all(nodes.Const):
        if isinstance(text.value, str) and (found := _UNSEEN.search(text.value)):
            message = f"a text in quotation marks holds an invisible character (U+{ord(found[0]):04X})"
            raise NotThere(message, text.lineno, "Delete it. A line break is `\\n`, and a tab `\\t`.")
    for what, known, kind in (
        ("filter", filters, nodes.Filter),
        ("test", tests, nodes.Test),
    ):
        for node in tree.find_all(kind):
            if node.name not in known:
                near = nearest(node.name, known)
                hint = f"Did you mean `{near}`?" if near else f"There are: {', '.join(sorted(known))}."
                raise NotThere(f"there is no {what} {node.name!r}", node.lineno, hint)


class Instrument(NodeTransformer):
    """Puts the internal filters into a parsed template."""

    def visit_Output(self, node: nodes.Output) -> nodes.Output:
        self.generic_visit(node)
        node.nodes = [child if isinstance(child, nodes.TemplateData) else _written(child) for child in node.nodes]
        return node

    def visit_For(self, node: nodes.For) -> nodes.For:
        self.generic_visit(node)
        characters = sum(len(data.data) for data in node.find_all(nodes.TemplateData))
        node.iter = _filter(node.iter, "_steps", characters)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Filter:
        self.generic_visit(node)
        return _filter(nodes.List(node.nodes, lineno=node.lineno), "_joined")

    def visit_List(self, node: nodes.List) -> nodes.Filter:
        self.generic_visit(node)
        return _filter(node, "_sized")

    def visit_Tuple(self, node: nodes.Tuple) -> nodes.Expr:
        self.generic_visit(node)
        return _filter(node, "_sized_tuple") if node.ctx == "load" else node

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Expr:
        self.generic_visit(node)
        if not isinstance(node.arg, nodes.Slice):
            return node
        bounds = [part or nodes.Const(None) for part in (node.arg.start, node.arg.stop, node.arg.step)]
        return nodes.Filter(node.node, "_sliced", bounds, [], None, None, lineno=node.lineno)

    def visit_Compare(self, node: nodes.Compare) -> nodes.Compare:
        self.generic_visit(node)
        node.expr = _filter(node.expr, "_weighed")
        for operand in node.ops:
            operand.expr = _filter(operand.expr, "_weighed")
        return node

    def visit_AssignBlock(self, node: nodes.AssignBlock) -> nodes.AssignBlock:
        self.generic_visit(node)
        captured = nodes.Filter(None, "_captured", [], [], None, None, lineno=node.lineno)
        if node.filter is None:
            node.filter = captured
        else:
            innermost = node.filter
            while isinstance(innermost.node, nodes.Filter):
                innermost = innermost.node
            innermost.node = captured
        return node


def _filter(node: Any, name: str, *arguments: Any) -> nodes.Filter:
    constants: list[nodes.Expr] = [nodes.Const(argument, lineno=node.lineno) for argument in arguments]
    return nodes.Filter(node, name, constants, [], None, None, lineno=node.lineno)


def _written(node: Any) -> nodes.Filter:
    path = _path(node)
    roots = {name.name for name in node.find_all(nodes.Name)}
    if isinstance(node, nodes.Name):
        roots.add(node.name)
    plain = path != ""
    return _filter(node, "_value", path or "this expression", node.lineno, plain, not roots <= _OWN_WORDS)


def _path(node: nodes.Node | None) -> str:
    """`contact.fields.city` for such an expression, with or without filters; "" for any other."""
    if isinstance(node, nodes.Filter):
        return _path(node.node) if node.name not in ("default", "d") else ""
    if isinstance(node, nodes.Name):
        return str(node.name)
    if isinstance(node, nodes.Getattr):
        owner = _path(node.node)
        return f"{owner}.{node.attr}" if owner else ""
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        owner = _path(node.node)
        return f"{owner}.{node.arg.value}" if owner else ""
    return ""
