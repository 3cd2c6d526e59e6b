"""What a form mentions: every name in its tags, with the filter it goes through and the heading it stands under.

For finding out what a form wants to be told, without a unit's data.
"""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jinja2 import nodes
from jinja2.visitor import NodeVisitor

from builder.rendering.checking import ITEMS
from builder.rendering.compiling import open_form
from builder.rendering.environment import Vocabulary, make_environment
from builder.rendering.templates import StoryTemplate

if TYPE_CHECKING:
    from collections.abc import Iterator, MutableMapping

    from builder.rendering.compiling import FormFiles

Path = tuple[str, ...]
"""A name as steps: ``("预算执行", "项级", "*", "年初预算")``; ``*`` is any item of a list."""

_PARAGRAPH = re.compile(r"(<w:p(?: [^>]*)?>|</w:p>)")
_STYLE = re.compile(r'<w:pStyle w:val="([^"]*)"')
_MARKUP = re.compile(r"<[^>]*>|^[^<]*/>")


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a form; ``asked`` tells that it is only asked after (``if``), which does not print it.

    ``filter`` is what it goes through first, with the constants ``given`` and ``named`` in its brackets.
    """

    path: Path
    heading: str
    asked: bool = False
    filter: str = ""
    given: tuple[object, ...] = ()
    named: Mapping[str, object] = field(default_factory=dict)


def mentions(form: FormFiles, vocabulary: Vocabulary) -> list[Mention]:
    """Return every name in a form's parts, in order. Raises InputError where the form cannot be compiled."""
    joined = open_form(form)
    environment = make_environment(vocabulary)
    collector = _Collector(frozenset(joined.styles.headings()))
    for story, xml in joined.sources():
        tree = StoryTemplate(story, xml, environment).tree
        for node in tree.body:
            collector.visit(node, ChainMap({}))
    return collector.found


class _Collector(NodeVisitor):
    """Follows names through loops and sets, and keeps the heading above."""

    def __init__(self, heading_styles: frozenset[str]) -> None:
        self.found: list[Mention] = []
        self._styles = heading_styles
        self._heading, self._text, self._is_heading = "", "", False
        self._asking = False

    def visit_TemplateData(self, node: nodes.TemplateData, _scope: MutableMapping[str, Path]) -> None:
        for piece in _PARAGRAPH.split(node.data):
            if piece == "</w:p>":
                if self._is_heading and self._text.strip():
                    self._heading = self._text.strip()
                self._is_heading = False
            elif piece.startswith("<w:p") and _PARAGRAPH.fullmatch(piece):
                self._text = ""
            else:
                style = _STYLE.search(piece)
                self._is_heading = style[1] in self._styles if style else self._is_heading
                self._text += _MARKUP.sub("", piece)

    def visit_If(self, node: nodes.If, scope: MutableMapping[str, Path]) -> None:
        self._asking, before = True, self._asking
        self.visit(node.test, scope)
        self._asking = before
        for part in (*node.body, *node.elif_, *node.else_):
            self.visit(part, scope)

    visit_CondExpr = NodeVisitor.generic_visit

    def visit_For(self, node: nodes.For, scope: MutableMapping[str, Path]) -> None:
        self.visit(node.iter, scope)
        inner: MutableMapping[str, Path] = ChainMap({}, scope)
        path = _path(node.iter, scope)
        if isinstance(node.target, nodes.Name) and path is not None:
            inner[node.target.name] = (*path, ITEMS)
        for part in (*node.body, *node.else_):
            self.visit(part, inner)

    def visit_Assign(self, node: nodes.Assign, scope: MutableMapping[str, Path]) -> None:
        self.visit(node.node, scope)
        path = _path(node.node, scope)
        if isinstance(node.target, nodes.Name) and path is not None:
            scope[node.target.name] = path

    def visit_Filter(self, node: nodes.Filter, scope: MutableMapping[str, Path]) -> None:
        path = _path(node.node, scope) if node.node is not None else None
        if path is not None:
            given = tuple(part.value for part in node.args if isinstance(part, nodes.Const))
            named = {str(pair.key): pair.value.value for pair in node.kwargs if isinstance(pair.value, nodes.Const)}
            self.found.append(Mention(path, self._heading, self._asking, node.name, given, named))
        elif node.node is not None:
            self.visit(node.node, scope)
        for part in (*node.args, *node.kwargs):
            self.visit(part, scope)

    def visit_Getattr(self, node: nodes.Getattr, scope: MutableMapping[str, Path]) -> None:
        self._name(node, scope)

    def visit_Getitem(self, node: nodes.Getitem, scope: MutableMapping[str, Path]) -> None:
        self._name(node, scope)

    def visit_Call(self, node: nodes.Call, scope: MutableMapping[str, Path]) -> None:
        self._name(node, scope)

    def visit_Name(self, node: nodes.Name, scope: MutableMapping[str, Path]) -> None:
        self._name(node, scope)

    def _name(self, node: nodes.Expr, scope: MutableMapping[str, Path]) -> None:
        path = _path(node, scope)
        if path is not None:
            self.found.append(Mention(path, self._heading, self._asking))
        else:
            for part in node.iter_child_nodes():
                self.visit(part, scope)


def _path(node: nodes.Node, scope: Mapping[str, Path]) -> Path | None:
    """Return the steps of a name; None where an expression is no name."""
    steps = list(_steps(node, scope))
    return None if None in steps else tuple(step for step in reversed(steps) if step is not None)


def _steps(node: nodes.Node, scope: Mapping[str, Path]) -> Iterator[str | None]:
    """Yield the steps of a name from its end, None where it is none."""
    while not isinstance(node, nodes.Name):
        if isinstance(node, nodes.Getattr):
            yield node.attr
        elif isinstance(node, nodes.Getitem) and not isinstance(node.arg, nodes.Slice):
            yield str(node.arg.value) if isinstance(node.arg, nodes.Const) else ITEMS
        elif isinstance(node, nodes.Call) and isinstance(node.node, nodes.Getattr):
            node = node.node  # 人员.编制.items()
        elif not (isinstance(node, nodes.Filter) and node.name in {"selectattr", "rejectattr", "list", "sort"}):
            yield None
            return
        node = node.node  # type: ignore[assignment]
    yield from reversed(scope.get(node.name, (node.name,)))
