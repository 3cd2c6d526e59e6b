"""What is wrong with a department's ``抵消.yaml`` by itself: sides that do not balance, one unit on both sides."""

from __future__ import annotations

from collections.abc import Iterator

from builder.accounts.eliminations import ELIMINATIONS, Elimination, EliminationsFile
from builder.accounts.facts import UnitCard
from builder.accounts.ledger import GENERAL
from builder.accounts.money import in_unit
from builder.accounts.subjects import Subjects
from builder.findings import Finding

from .codes import check_eliminated_codes
from .document import Path, Positions

DEPARTMENT = "部门"


def check_eliminations(
    file: EliminationsFile, card: UnitCard, positions: Positions, subjects: Subjects | None
) -> Iterator[Finding]:
    """Yield an error for every elimination that cannot be one; with ``subjects``, the codes are checked too."""
    if file.eliminations and card.kind != DEPARTMENT:
        message = f"只有部门才有抵消，单位.yaml 的「类型」是{card.kind}；请改「类型」，或移走这个文件"
        yield Finding(message, positions.nearest((ELIMINATIONS,)))
    for number, each in enumerate(file.eliminations):
        yield from _check(each, (ELIMINATIONS, number), file, positions)
    if subjects is not None:
        yield from check_eliminated_codes(file.eliminations, card, subjects, positions)


def _check(each: Elimination, path: Path, file: EliminationsFile, positions: Positions) -> Iterator[Finding]:
    unit = file.amount_unit
    paid, received = in_unit(each.paid, unit), in_unit(each.received, unit)
    at = positions.nearest((*path, "说明"))
    if paid != received:
        yield Finding(
            f"抵消「{each.note}」两边不相等：支出 {paid:,} {unit}，收入 {received:,} {unit}，"
            f"相差 {paid - received:+,} {unit}；付出的和收到的应是同一笔钱，请核对两个单位的账",
            at,
        )
    elif not paid:
        yield Finding(f"抵消「{each.note}」没有金额；请补填，或删去这一项", at)
    payers = {line.unit for line in each.expenditure}
    if len(payers | {line.unit for line in each.revenue}) == 1:
        yield Finding(f"抵消「{each.note}」两边都是「{payers.pop()}」；单位内部的往来不在这里抵消，请更正单位", at)
    for place, line in enumerate(each.expenditure):
        basic = line.basic + line.personnel + line.operating
        if line.fund == GENERAL and basic and line.economic is None:
            message = f"抵消{GENERAL}的基本支出时，还要写「经济分类」（款级代码），基本支出表才能一起抵消"
            yield Finding(message, positions.nearest((*path, "支出", place)))
