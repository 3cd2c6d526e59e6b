"""The names known from a style alone are those that a form really meets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from workspaces import EXAMPLES, ROOT

from builder.building import Builder, context_of, open_book
from builder.cli import main
from builder.context import FigureNode, Names, Texts
from builder.names import known_names
from builder.rendering.checking import ITEMS, NameTree
from builder.vocabulary import ACCOUNT
from builder.workspace import Workspace

BUILDER = Builder(Workspace(ROOT))
examples = pytest.mark.parametrize(("unit", "year"), EXAMPLES, ids=[unit for unit, _ in EXAMPLES])


def attributes(value: object) -> Iterator[tuple[str, object]]:
    """Yield what a part may ask of a value, with its value; of a list, the first item under ``*``."""
    if isinstance(value, Names):
        yield from ((name, value[name]) for name in dir(value) if not name.startswith("_"))
    elif isinstance(value, list) and value:
        yield ITEMS, value[0]


def unknown(value: object, tree: NameTree, path: str) -> Iterator[str]:
    """Yield the names that a context has and the tree has not."""
    if tree is None or isinstance(value, FigureNode | Texts):
        return
    for name, below in attributes(value):
        if name not in tree and ITEMS not in tree:
            yield f"{path}.{name}"
        else:
            yield from unknown(below, tree.get(name, tree.get(ITEMS)), f"{path}.{name}")


def names_below(tree: NameTree, path: str = "") -> Iterator[str]:
    """Yield all dotted names of a tree."""
    for name, below in (tree or {}).items():
        yield f"{path}{name}"
        yield from names_below(below, f"{path}{name}.")


@examples
def test_every_name_of_the_context_is_known(unit: str, year: int) -> None:
    accounts = BUILDER.accounts(unit, year)
    form = BUILDER.form(accounts.unit_year.card.style)
    context = context_of(open_book(accounts, year), accounts, form)
    tree = known_names(form.style)
    assert isinstance(tree, Mapping)
    assert context.keys() - tree.keys() - {ACCOUNT} == set()
    tables = accounts.statements.keys()
    missing = [name for root, value in context.items() if root not in tables and root != ACCOUNT
               for name in unknown(value, tree[root], root)]
    assert missing == []
    for table in tables:
        row = next(iter(context[table].行), None)  # type: ignore[attr-defined]
        assert list(unknown(row, tree[table]["行"][ITEMS], table)) == []  # type: ignore[index]


@examples
def test_every_known_indicator_can_be_calculated(unit: str, year: int) -> None:
    accounts = BUILDER.accounts(unit, year)
    for name in accounts.style.definitions:
        if not name.endswith("[]"):
            accounts.indicators.get(name)


def test_the_tree_has_figures_with_their_counterparts_and_no_others() -> None:
    tree = known_names(BUILDER.style(BUILDER.workspace.styles()[0]))
    names = set(names_below(tree))
    assert {"收入.合计.上年", "三公经费.公务接待费.国内.批次", "支出.*.年初预算", "公开03.行.*.基本支出"} <= names
    assert "收入.总和" not in names


def test_text_views_are_current(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["template", "text", "--check", "--workspace", str(ROOT)]) == 0, capsys.readouterr().err


def test_forms_have_no_broken_tags_and_no_unknown_names(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["template", "check", "--workspace", str(ROOT)]) == 0, capsys.readouterr().err
