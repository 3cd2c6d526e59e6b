"""Last year's figures from last year's workbook: the indicators that are cells, as 上年.yaml gives them."""

from __future__ import annotations

from collections.abc import Mapping

from ruamel.yaml.comments import CommentedMap

from builder.accounts.definitions import ANY, Definition, plain_name
from builder.accounts.money import AmountUnit
from builder.accounts.statements import Place

from .changing import UNIT_KEY, Changer, FileChange
from .placing import Placed, Placing
from .yaml_files import flow, put_tail

INDICATORS, LAST = "指标", "上年"


def change_last_year(
    name: str, text: str, placing: Placing, definitions: Mapping[str, Definition]
) -> FileChange:
    """Return 上年.yaml with each indicator whose cell the workbook has; entries of other indicators stay."""
    unit = placing.unit if UNIT_KEY not in text else AmountUnit.WAN
    changer = Changer(name, text, unit, "# 上年度的指标值，由 juesuan import --as-last-year 导入\n")
    node, tail = changer.section(INDICATORS, CommentedMap)
    for indicator, definition in definitions.items():
        if not isinstance(definition, Place):
            continue
        for key, cell in _cells(plain_name(indicator), definition, placing.cells):
            if key not in node or LAST not in node[key]:
                if key in node:
                    changer.changes.append(f"{key}：{dict(node[key])} 改为上年数")
                node[key] = flow({})
            changer.set(node[key], LAST, cell.amount, f"{key} 上年")
    put_tail(changer.document, INDICATORS, tail)
    return changer.finish()


def _cells(name: str, place: Place, cells: Mapping[Place, Placed]) -> list[tuple[str, Placed]]:
    """Return the cell that an indicator is, or one a subject."""
    if not name.endswith(ANY):
        return [(name, cells[place])] if place in cells and not _is_open(cells[place]) else []
    stem = name.removesuffix(ANY)
    return [
        (f"{stem}.{cell.place.row}", cell)
        for cell in cells.values()
        if cell.code and not _is_open(cell) and (cell.place.table, cell.place.column) == (place.table, place.column)
    ]


def _is_open(cell: Placed) -> bool:
    """Tell whether a row has no figure at all: whether that means zero is not known."""
    return cell.is_blank and cell.scope is None
