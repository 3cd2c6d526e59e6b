"""The static check of a form: every tag and every name in it, without a unit's data.

The names that a context has are given as a tree, a `NameTree`: a nested mapping of names, as
``{"单位": {"名称": LEAF}, "公开03": {"行": {"*": {"科目代码": LEAF}}, "合计": ANY}}``.
``*`` stands for any name that is not listed, and for the items of a list; ``LEAF`` is a value with nothing below it,
``ANY`` one of which nothing is known, so nothing below it is wrong. An `Unprinted` value needs a filter to be printed.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

from jinja2 import nodes
from jinja2.visitor import NodeVisitor

from builder.findings import InputError
from builder.rendering.compiling import open_form
from builder.rendering.environment import UNKNOWN, Vocabulary, make_environment
from builder.rendering.form_charts import compile_charts
from builder.rendering.suggestions import is_it
from builder.rendering.templates import StoryTemplate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, MutableMapping

    from jinja2 import Environment

    from builder.findings import Finding
    from builder.rendering.compiling import FormFiles
    from builder.rendering.joining import Joined

NameTree: TypeAlias = "Mapping[str, NameTree] | None"
ANY: NameTree = None
LEAF: NameTree = {}
ITEMS = "*"


class Unprinted(dict[str, "NameTree"]):
    """The tree of a figure that prints only through a filter (``| 万元``)."""


_SAME_ITEMS = {"list", "sort", "reverse", "unique", "select", "reject", "selectattr", "rejectattr"}
_ONE_ITEM = {"first", "last", "max", "min"}
_LOOP = dict.fromkeys(
    ("index", "index0", "revindex", "revindex0", "first", "last", "length", "depth", "depth0"), LEAF
) | dict.fromkeys(("previtem", "nextitem", "cycle", "changed"), ANY)
_IN_MACROS = ("caller", "varargs", "kwargs")
_Scope: TypeAlias = "MutableMapping[str, NameTree]"


def check_form(form: FormFiles, vocabulary: Vocabulary, names: NameTree) -> list[Finding]:
    """Return all that is wrong with a form's parts and tags, each with part and paragraph; nothing is raised.

    ``names`` are the context's names; of those in a ``{% set %}`` or loop variable the form itself is the source.
    """
    try:
        joined = open_form(form)
    except InputError as error:
        return list(error.findings)
    environment = make_environment(vocabulary)
    findings = [*joined.findings, *_chart_findings(joined, environment, vocabulary)]
    known = dict(names or {}) | dict.fromkeys(environment.globals, ANY)
    for story, xml in joined.sources():
        try:
            template = StoryTemplate(story, xml, environment)
        except InputError as error:
            findings += error.findings
            continue
        checker = _Checker(template.tree, vocabulary, any_root=names is ANY)
        checker.body(template.tree.body, ChainMap({}, known))
        findings += [story.finding(message, template.place(line)) for line, message in checker.mistakes]
    return list(dict.fromkeys(findings))


def _chart_findings(joined: Joined, environment: Environment, vocabulary: Vocabulary) -> list[Finding]:
    try:
        charts = compile_charts(joined, environment)
    except InputError as error:
        return list(error.findings)
    series = vocabulary.charts
    return [] if series is None else [found for chart in charts if (found := chart.check(series)) is not None]


class _Checker(NodeVisitor):
    """Follows the names of one template, with the variables of its loops and sets.

    Visiting an expression returns what is known below it; names that are not there are noted in ``mistakes``.
    """

    def __init__(self, tree: nodes.Template, vocabulary: Vocabulary, *, any_root: bool) -> None:
        self.mistakes: list[tuple[int, str]] = []
        self._vocabulary, self._any_root = vocabulary, any_root
        # a name that the form asks after (is defined) may be missing, also where it is then used
        tests = (test for test in tree.find_all(nodes.Test) if test.name in {"defined", "undefined"})
        self._optional = {_written(test.node) for test in tests}

    def body(self, body: Iterable[nodes.Node], scope: _Scope) -> None:
        """Check statements in order."""
        for node in body:
            self.visit(node, scope)

    def generic_visit(self, node: nodes.Node, scope: _Scope) -> NameTree:
        """Check what is inside a node that gives no names of its own."""
        self.body(node.iter_child_nodes(), scope)
        return LEAF if isinstance(node, (nodes.Const, nodes.Compare, nodes.BinExpr)) else ANY

    def visit_Output(self, node: nodes.Output, scope: _Scope) -> None:
        for part in node.nodes:
            if isinstance(self.visit(part, scope), Unprinted):
                name = _written(part)
                message = f"「{name}」没有写明怎样印；请写作 {{{{ {name} | 万元 }}}} 或 {{{{ {name} | 数 }}}}"
                self.mistakes.append((part.lineno, message))

    def visit_For(self, node: nodes.For, scope: _Scope) -> None:
        items = _below(self.visit(node.iter, scope), ITEMS)
        inner = _inside(scope)
        inner["loop"] = _LOOP
        _bind(node.target, items, inner)
        self.body([node.test] if node.test is not None else [], inner)
        self.body(node.body, inner)
        self.body(node.else_, _inside(scope))

    def visit_Assign(self, node: nodes.Assign, scope: _Scope) -> None:
        _bind(node.target, self.visit(node.node, scope), scope)

    def visit_AssignBlock(self, node: nodes.AssignBlock, scope: _Scope) -> None:
        self.body(node.body, scope)
        _bind(node.target, LEAF, scope)

    def visit_With(self, node: nodes.With, scope: _Scope) -> None:
        inner = _inside(scope)
        for target, value in zip(node.targets, node.values, strict=True):
            _bind(target, self.visit(value, scope), inner)
        self.body(node.body, inner)

    def visit_Macro(self, node: nodes.Macro, scope: _Scope) -> None:
        scope[node.name] = ANY
        inner = _inside(scope)
        inner.update(dict.fromkeys((*(argument.name for argument in node.args), *_IN_MACROS), ANY))
        self.body(node.body, inner)

    def visit_Name(self, node: nodes.Name, scope: _Scope) -> NameTree:
        if node.name in scope:
            return scope[node.name]
        if not self._any_root and node.name not in self._optional:
            self.mistakes.append((node.lineno, f"没有「{node.name}」这个名称{is_it(node.name, scope)}"))
        return ANY

    def visit_Getattr(self, node: nodes.Getattr, scope: _Scope) -> NameTree:
        return self._step(node, node.attr, self.visit(node.node, scope))

    def visit_Getitem(self, node: nodes.Getitem, scope: _Scope) -> NameTree:
        owner: NameTree = self.visit(node.node, scope)
        if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
            return self._step(node, node.arg.value, owner)
        self.visit(node.arg, scope)
        return owner if isinstance(node.arg, nodes.Slice) else _below(owner, ITEMS)

    def visit_CondExpr(self, node: nodes.CondExpr, scope: _Scope) -> NameTree:
        self.visit(node.test, scope)
        found: list[NameTree] = [self.visit(part, scope) for part in (node.expr1, node.expr2) if part is not None]
        return found[0] if found[0] == found[-1] else ANY

    def visit_Filter(self, node: nodes.Filter, scope: _Scope) -> NameTree:
        before = len(self.mistakes)
        given: NameTree = self.visit(node.node, scope) if node.node is not None else ANY
        if node.name in {"default", "d"}:  # for a name that may be missing
            del self.mistakes[before:]
        self.body((*node.args, *node.kwargs), scope)
        if node.dyn_args is None and node.dyn_kwargs is None:
            named = {str(pair.key): _constant(pair.value) for pair in node.kwargs}
            if mistake := self._vocabulary.mistake(node.name, [_constant(given) for given in node.args], named):
                self.mistakes.append((node.lineno, mistake))
        if node.name in _SAME_ITEMS:
            return given
        return _below(given, ITEMS) if node.name in _ONE_ITEM else ANY

    def _step(self, node: nodes.Getattr | nodes.Getitem, name: str, owner: NameTree) -> NameTree:
        if owner is None or name in owner or ITEMS in owner or _written(node) in self._optional:
            return _below(owner, name)
        what = f"里没有「{name}」这个名称{is_it(name, owner)}" if owner else f"是一个值，下面没有「{name}」。"
        self.mistakes.append((node.lineno, f"「{_written(node.node)}」{what}"))
        return ANY


def _constant(node: nodes.Node) -> object:
    return node.value if isinstance(node, nodes.Const) else UNKNOWN


def _inside(scope: _Scope) -> _Scope:
    return ChainMap({}, scope)


def _below(tree: NameTree, name: str) -> NameTree:
    """Return what is below a name; ANY where the tree does not say."""
    return ANY if tree is None else tree.get(name, tree.get(ITEMS, ANY))


def _bind(target: nodes.Node, tree: NameTree, scope: _Scope) -> None:
    if isinstance(target, nodes.Name):
        scope[target.name] = tree
    elif isinstance(target, nodes.Tuple):
        for item in target.items:
            _bind(item, _below(tree, ITEMS), scope)


def _written(node: nodes.Node) -> str:
    """Return a chain of names as the form writes it: 收入.财政拨款收入."""
    return "".join(reversed(list(_steps(node)))) or "这里"


def _steps(node: nodes.Node) -> Iterator[str]:
    while isinstance(node, (nodes.Getattr, nodes.Getitem)):
        if isinstance(node, nodes.Getattr):
            yield f".{node.attr}"
        else:
            yield f'["{node.arg.value}"]' if isinstance(node.arg, nodes.Const) else "[…]"
        node = node.node
    if isinstance(node, nodes.Name):
        yield node.name
