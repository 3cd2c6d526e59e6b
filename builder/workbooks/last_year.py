"""Last year's figures from last year's workbook: the indicators that its cells give, as 上年.yaml has them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from ruamel.yaml.comments import CommentedMap

from builder.accounts.definitions import ANY, Definition, plain_name
from builder.accounts.money import AmountUnit
from builder.accounts.statements import Place
from builder.accounts.subjects import Subjects
from builder.accounts.views import TableSpec

from .changing import UNIT_KEY, Changer, FileChange
from .meanings import Meanings
from .placing import Placed, Placing
from .yaml_files import flow, put_tail

INDICATORS, LAST = "指标", "上年"


def change_last_year(  # noqa: PLR0917 - a file, a workbook and the form that they are for
    name: str, text: str, placing: Placing, definitions: Mapping[str, Definition],
    tables: Mapping[str, TableSpec], subjects: Subjects, *, same_form: bool = True,
) -> FileChange:
    """Return 上年.yaml with each indicator that the workbook gives; entries of other indicators stay.

    ``definitions`` and ``tables`` are those of the unit's form; where the workbook's is another (not ``same_form``),
    its cells are known by what they mean. Formulas over indicators that the workbook gives are given too.
    """
    unit = placing.unit if UNIT_KEY not in text else AmountUnit.WAN
    head = "# 上年度的指标值，由 juesuan import --as-last-year 导入\n"
    changer = Changer(name, text, unit, head, rounds=True)
    node, tail = changer.section(INDICATORS, CommentedMap)
    cells = {place: cell for place, cell in placing.cells.items() if not _is_open(cell)}
    for key, amount in _Given(definitions, cells, tables, subjects, same_form=same_form).all():
        if key not in node or LAST not in node[key]:
            if key in node:
                before = "、".join(f"{word} {value}" for word, value in node[key].items())
                changer.changes.append(f"{key}：{before} 改为上年数")
            node[key] = flow({})
        changer.set(node[key], LAST, amount, f"{key} 上年")
    put_tail(changer.document, INDICATORS, tail)
    return changer.finish()


class _Given:
    """The indicators that a workbook gives; lives only while they are looked up."""

    def __init__(
        self, definitions: Mapping[str, Definition], cells: Mapping[Place, Placed],
        tables: Mapping[str, TableSpec], subjects: Subjects, *, same_form: bool,
    ) -> None:
        self.definitions = {plain_name(name): definition for name, definition in definitions.items()}
        self.cells, self.tables, self.same_form = cells, tables, same_form
        self.meanings = Meanings(cells.values(), tables, subjects)

    def all(self) -> Iterator[tuple[str, Decimal]]:
        """Yield each indicator's name and amount (元)."""
        for name, definition in self.definitions.items():
            if not name.endswith(ANY):
                amount = self.amount(name)
                if amount is not None:
                    yield name, amount
            elif isinstance(definition, Place):
                for code in self.meanings.codes(definition):
                    amount = self.at(definition._replace(row=code))
                    if amount is not None:
                        yield f"{name.removesuffix(ANY)}.{code}", amount

    def amount(self, name: str) -> Decimal | None:
        """Return an indicator's amount; None where the workbook does not give it, or it is no amount."""
        definition = self.definitions.get(plain_name(name))
        if definition is None:
            return None
        if isinstance(definition, Place):
            return self.at(definition)
        if definition.degree(lambda _: 1) != 1:
            return None
        return definition.evaluate(self.amount)

    def at(self, place: Place) -> Decimal | None:
        """Return what the workbook has at a place of the unit's form."""
        if self.same_form:
            printed = place._replace(table=self.tables[place.table].stated_in or place.table)
            cell = self.cells.get(place) or self.cells.get(printed)
            if cell is not None:
                return cell.amount
        return self.meanings.amount(place)


def _is_open(cell: Placed) -> bool:
    """Tell whether a row has no figure at all: whether that means zero is not known."""
    return cell.is_blank and cell.scope is None
