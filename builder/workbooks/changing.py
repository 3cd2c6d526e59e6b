"""What an import changes in a unit's files, first as a list to be shown, then in the text of the files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from builder.accounts.facts import ExpenditureLine, RevenueLine
from builder.accounts.money import ZERO, AmountUnit, round_half_up
from builder.accounts.values import FUNDS
from builder.findings import InputError

from .amounts import read_amount
from .importing import BASIC, LedgerParts
from .placing import BLANK, PLACES, Placed, Placing
from .yaml_files import dump, flow, load, note, put_tail, take_tail

CODE_KEY, TITLE_KEY, OWNER_KEY, LABEL_KEY = "表号", "标题", "编制单位", "标签"
"""Keys of 公开表.yaml for words that are not the form's."""
ORIGIN = "出处："
"""Begins the remark behind a row of 公开表.yaml that says where in the workbook it stands."""
DETAILS = ("人员经费", "公用经费")
UNIT_KEY, SUBJECT, FUND, THREE_PUBLIC = "金额单位", "科目", "资金来源", "三公经费"
REVENUE_KEYS = tuple(field.alias or "" for name, field in RevenueLine.model_fields.items() if name != "subject")
EXPENDITURE_KEYS = tuple(
    field.alias or "" for name, field in ExpenditureLine.model_fields.items() if name not in {"subject", "fund"}
)
TOP_KEY = re.compile(r"\n(?=[^\s#-])")
"""Where a new file has a blank line: before each key at the top."""
Lines = dict[tuple[str, ...], tuple[dict[str, str], dict[str, Decimal]]]
"""Lines of a list by what tells them apart: their labels and their amounts by key."""
LISTS = ("收入", "支出", "年初结转和结余", "年末结转和结余")


@dataclass(slots=True)
class FileChange:
    """A file's text after the import, and each change of it in words."""

    name: str
    text: str
    changes: list[str] = field(default_factory=list)


class Changer:
    """Changes one document, keeping a line for each change.

    Where it ``rounds``, amounts finer than the file's unit holds are kept as they are printed in that unit.
    """

    def __init__(self, name: str, text: str, unit: AmountUnit, head: str, *, rounds: bool = False) -> None:
        self.name, self.before = name, text
        self.document = load(text or f"{head}{UNIT_KEY}: {unit.value}\n", name)
        declared = str(self.document.get(UNIT_KEY, "万元"))
        self.unit = AmountUnit(declared) if declared in list(AmountUnit) else AmountUnit.WAN
        self.changes: list[str] = []
        self.too_fine: list[str] = []
        self.rounds = rounds

    def text_of(self, amount: Decimal, what: str) -> str:
        """Return an amount (元) as the file writes it."""
        exact = self.in_unit(amount)
        if exact != round(exact, PLACES):
            self.too_fine.append(what)
        return f"{exact:.{PLACES}f}"

    def in_unit(self, amount: Decimal) -> Decimal:
        """Return an amount (元) in the file's unit."""
        exact = amount / self.unit.yuan
        return round_half_up(exact, PLACES) if self.rounds else exact

    def set(self, node: Any, key: str, amount: Decimal, what: str) -> None:
        """Set one amount where it is another."""
        old = node.get(key)
        if old is not None and read_amount(old) == self.in_unit(amount):
            return
        new = self.text_of(amount, what)
        self.changes.append(f"{what}：{old} → {new}" if old is not None else f"{what}：新增 {new}")
        node[key] = new

    def set_text(self, node: Any, key: str, text: str, what: str) -> None:
        """Set words where they are others; without words, take away what stands there."""
        old = node.get(key)
        if not text:
            if old is not None:
                self.remove(node, key, what)
        elif old != text:
            self.changes.append(f"{what}：{old} → {text}" if old is not None else f"{what}：新增 {text}")
            node[key] = text

    def remove(self, node: Any, key: str | int, what: str) -> None:
        """Take away an entry that the workbook does not have."""
        gone = node[key]
        words = "、".join(f"{name} {value}" for name, value in gone.items()) if isinstance(gone, CommentedMap) else gone
        self.changes.append(f"{what}：删去 {words}")
        del node[key]

    def section(self, key: str, kind: type[CommentedMap | CommentedSeq]) -> tuple[Any, str]:
        """Return a key's mapping or list for changing, and the comment lines that follow it."""
        node = self.document.get(key)
        tail = ""
        if isinstance(node, kind) and (not node.fa.flow_style() or node):
            tail = take_tail(node) if not node.fa.flow_style() else ""
            return node, tail
        fresh = kind()
        fresh.fa.set_block_style()
        tokens = self.document.ca.items.get(key)
        if tokens and tokens[2] is not None:
            own, newline, rest = tokens[2].value.partition("\n")
            tail, tokens[2] = newline + rest if rest else "", None
            del own
        self.document[key] = fresh
        return fresh, tail

    def finish(self) -> FileChange:
        """Return the file as it becomes. Raises InputError where its unit cannot hold the amounts."""
        if self.too_fine:
            places = "、".join(self.too_fine[:3])
            raise InputError(
                f"{self.name} 的金额单位是{self.unit.value}，工作簿里有 {len(self.too_fine)} 个数换算后超过两位小数"
                f"（{places} 等）；请先把这个文件改为以元填写，或导入同一单位的工作簿"
            )
        text = dump(self.document) if self.changes else self.before
        if not self.before:
            text = TOP_KEY.sub("\n\n", text)
        return FileChange(self.name, text, self.changes)


def change_stated(name: str, text: str, placing: Placing) -> FileChange:
    """Return 公开表.yaml with the workbook's cells, and with its words where they are not the form's.

    Tables that the workbook has are as it has them: rows and cells that it no longer has go; other tables stay.
    """
    head = "# 由 juesuan import 从工作簿导入的出表数：表 → 行（科目代码或行名）→ 列。\n"
    changer = Changer(name, text, placing.unit, head, rounds=True)
    tables: dict[str, dict[str, list[Placed]]] = {table: {} for table in placing.tables}
    for cell in placing.cells.values():
        tables[cell.place.table].setdefault(cell.place.row, []).append(cell)
    for table, rows in tables.items():
        if not rows:
            continue
        node, tail = changer.section(table, CommentedMap)
        heads = {CODE_KEY: placing.codes, TITLE_KEY: placing.titles, OWNER_KEY: placing.signatures}
        for key, words in heads.items():
            changer.set_text(node, key, words.get(table, ""), f"{table}/{key}")
        for row in [row for row in node if isinstance(node[row], CommentedMap) and row not in rows]:
            changer.remove(node, row, f"{table}/{row}")
        for row, placed in rows.items():
            if row not in node:
                node[row] = flow({})
            changer.set_text(node[row], LABEL_KEY, placing.labels.get((table, row), ""), f"{table}/{row}/{LABEL_KEY}")
            _change_row(changer, node[row], f"{table}/{row}", placed)
            note(node, row, ORIGIN, placed[0].address)
        put_tail(changer.document, table, tail)
    return changer.finish()


def _change_cell(changer: Changer, row: Any, cell: Placed) -> None:
    if cell.is_blank:
        changer.set_text(row, cell.place.column, BLANK, str(cell.place))
    else:
        changer.set(row, cell.place.column, cell.amount, str(cell.place))


def _change_row(changer: Changer, node: Any, what: str, placed: list[Placed]) -> None:
    """Bring a row's cells to the workbook's."""
    columns = {LABEL_KEY, *(cell.place.column for cell in placed)}
    for column in [column for column in node if column not in columns]:
        changer.remove(node, column, f"{what}/{column}")
    for cell in placed:
        if cell.is_blank:
            changer.set_text(node, cell.place.column, BLANK, str(cell.place))
        else:
            changer.set(node, cell.place.column, cell.amount, str(cell.place))


def change_facts(name: str, text: str, parts: LedgerParts, unit: AmountUnit, year: int) -> FileChange:
    """Return 决算.yaml with the ledger that follows from the workbook; all other facts stay."""
    head = f"# {year} 年度决算事实；收入、支出等由 juesuan import 从工作簿导入。\n"
    changer = Changer(name, text, unit, head)
    if parts.revenue is not None:
        lines: Lines = {(code,): ({SUBJECT: code}, amounts) for code, amounts in parts.revenue.items()}
        _change_lines(changer, "收入", lines, REVENUE_KEYS)
    if parts.expenditure is not None:
        spent: Lines = {key: ({SUBJECT: key[0], FUND: key[1]}, amounts) for key, amounts in parts.expenditure.items()}
        _change_lines(changer, "支出", spent, EXPENDITURE_KEYS)
    if parts.economic is not None:
        _change_mapping(changer, "基本支出经济分类", parts.economic)
    for book, funds in parts.carried.items():
        _change_carried(changer, book, funds)
    for book, amount in parts.surplus.items():
        if amount or book in changer.document:
            changer.set(changer.document, book, amount, book)
    arisen = {path[:-1] for path, amount in parts.expenses.items() if amount}
    for path, amount in parts.expenses.items():
        if path[0] == THREE_PUBLIC or path[:-1] in arisen or path[0] in changer.document:
            _change_leaf(changer, path, amount)
    for book in LISTS[:2]:
        changer.document.setdefault(book, CommentedSeq())
    return changer.finish()


def _change_lines(
    changer: Changer, book: str, wanted: Lines,
    owned: tuple[str, ...],
) -> None:
    """Bring a list of lines to what the workbook says: same lines in place, new ones at the end, others away."""
    node, tail = changer.section(book, CommentedSeq)
    kept: set[tuple[str, ...]] = set()
    for number in reversed(range(len(node))):
        line = node[number]
        key = (str(line.get(SUBJECT)), str(line.get(FUND, FUNDS[0])))[: len(next(iter(wanted), ("",) * 2))]
        what = f"{book} {' '.join(key)}"
        if key not in wanted or key in kept:
            changer.remove(node, number, what)
            continue
        kept.add(key)
        shown = _with_details(changer, line, wanted[key][1])
        for alias in [alias for alias in line if alias in owned and alias not in shown]:
            if read_amount(line[alias]):
                changer.remove(line, alias, f"{what} {alias}")
        for alias, amount in shown.items():
            changer.set(line, alias, amount, f"{what} {alias}")
    for key, (labels, amounts) in wanted.items():
        if key not in kept:
            line = flow(labels)
            for alias, amount in amounts.items():
                changer.set(line, alias, amount, f"{book} {' '.join(key)} {alias}")
            node.append(line)
    put_tail(changer.document, book, tail)


def _with_details(changer: Changer, line: Any, amounts: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Return a line's amounts; 基本支出 that the file divides already, with the same sum, stays divided."""
    given = {alias: (read_amount(line[alias]) or ZERO) * changer.unit.yuan for alias in DETAILS if alias in line}
    if given and BASIC in amounts and sum(given.values()) == amounts[BASIC]:
        return {alias: amount for alias, amount in amounts.items() if alias != BASIC} | given
    return dict(amounts)


def _change_mapping(changer: Changer, key: str, wanted: Mapping[str, Decimal]) -> None:
    node, tail = changer.section(key, CommentedMap)
    for code in [code for code in node if code not in wanted and read_amount(node[code])]:
        changer.remove(node, code, f"{key} {code}")
    for code, amount in wanted.items():
        changer.set(node, code, amount, f"{key} {code}")
    put_tail(changer.document, key, tail)


def _change_carried(changer: Changer, book: str, wanted: Mapping[tuple[str, str], Decimal]) -> None:
    """Bring carry-overs to the workbook's; lines of a fund that make its sum already stay, with all their detail."""
    node, tail = changer.section(book, CommentedSeq)
    sums: dict[str, Decimal] = {}
    for line in node:
        fund = str(line.get(FUND))
        sums[fund] = sums.get(fund, ZERO) + (read_amount(line.get("金额")) or ZERO) * changer.unit.yuan
    goal: dict[str, Decimal] = {}
    for (fund, _), amount in wanted.items():
        goal[fund] = goal.get(fund, ZERO) + amount
    same = {fund for fund, amount in sums.items() if goal.get(fund, ZERO) == amount}
    for number in reversed(range(len(node))):
        if str(node[number].get(FUND)) not in same:
            changer.remove(node, number, f"{book} {node[number].get(FUND)}")
    for (fund, code), amount in wanted.items():
        if fund not in same:
            line = flow({FUND: fund} | ({SUBJECT: code} if code else {}))
            changer.set(line, "金额", amount, " ".join(filter(None, (book, fund, code))))
            node.append(line)
    if not node:
        node.fa.set_flow_style()
    put_tail(changer.document, book, tail)


def _change_leaf(changer: Changer, path: tuple[str, ...], amount: Decimal) -> None:
    node: Any = changer.document
    for key in path[:-1]:
        if not isinstance(node.get(key), CommentedMap):
            node[key] = CommentedMap() if key == THREE_PUBLIC else flow({})
        node = node[key]
    changer.set(node, path[-1], amount, "/".join(path))
