"""The sheet of a 采集表 that shows, by formulas, whether its figures agree: ✓ or ✗ with the difference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from builder.accounts.values import FUNDS

from .pages import CARD_PAGE, KEY, SURPLUS, VALUE, WHEN, Page

CHECK = "检查"
FIRST_LINE = 5
EDGE = Side(style="thin", color="999999")
RED, BLUE = (PatternFill("solid", bgColor=c, fgColor=c) for c in ("F8CBAD", "DDEBF7"))
HEADS = ("核对的关系", "左边", "右边", "差额", "结果")
BASIC = ("基本支出", "人员经费", "公用经费")
GRANTS = {fund: f"{fund}财政拨款" for fund in FUNDS[:3]}


@dataclass(frozen=True, slots=True)
class Relation:
    """Two sums that should be the same; with ``at_most``, the left one should not be more."""

    name: str
    left: str
    right: str
    at_most: bool = False


class _Places:
    """Formulas over the columns of pages."""

    def __init__(self, pages: Mapping[str, Page], ends: Mapping[str, int]) -> None:
        self.pages, self.ends = pages, ends

    def area(self, page: str, key: str) -> str:
        """Return the cells of a column."""
        keys = [column.key for column in self.pages[page].columns]
        letter = get_column_letter(keys.index(key) + 1)
        return f"'{page}'!${letter}${FIRST_LINE}:${letter}${self.ends[page]}"

    def total(self, page: str, key: str, **where: str) -> str:
        """Return the sum of a column, of the lines where other columns say so."""
        if not where:
            return f"SUM({self.area(page, key)})"
        conditions = ",".join(f'{self.area(page, name)},"{word}"' for name, word in where.items())
        return f"SUMIFS({self.area(page, key)},{conditions})"

    def leaf(self, page: str, name: str) -> str:
        """Return the value of the line of that name; nothing where there is none."""
        return f'SUMIFS({self.area(page, VALUE)},{self.area(page, KEY)},"{name}")'


def relations(pages: Mapping[str, Page], ends: Mapping[str, int]) -> Iterator[Relation]:
    """Yield the relations that hold in every unit's accounts. Source: 收入支出决算总表 and the tables of each fund."""
    at = _Places(pages, ends)
    revenue = [column.key for column in pages["收入"].columns if column.key not in {"科目", "其中教育收费"}]
    spending = [column.key for column in pages["支出"].columns if column.key not in {"科目", "资金来源"}]
    opening, closing = (at.total("结转结余", "金额", 时点=when) for when in WHEN)
    used, distributed = (at.leaf(CARD_PAGE, name) for name in SURPLUS)
    yield Relation(
        "收入合计＋使用非财政拨款结余＋年初结转和结余＝支出合计＋结余分配＋年末结转和结余",
        "+".join([*(at.total("收入", key) for key in revenue), used, opening]),
        "+".join([*(at.total("支出", key) for key in spending), distributed, closing]),
    )
    for fund, grant in GRANTS.items():
        yield Relation(
            f"{fund}：收入＋年初结转和结余＝支出＋年末结转和结余",
            "+".join([at.total("收入", grant), at.total("结转结余", "金额", 时点="年初", 资金来源=fund)]),
            "+".join([
                *(at.total("支出", key, 资金来源=fund) for key in spending),
                at.total("结转结余", "金额", 时点="年末", 资金来源=fund),
            ]),
        )
    yield Relation(
        "一般公共预算基本支出＝经济分类合计",
        "+".join(at.total("支出", key, 资金来源=FUNDS[0]) for key in BASIC),
        at.total("基本支出经济分类", "金额"),
    )
    tuition, whole = (at.total("收入", key) for key in ("其中教育收费", "事业收入"))
    yield Relation("其中教育收费不大于事业收入", tuition, whole, at_most=True)
    yield from _of_expenses(pages, at)


def _of_expenses(pages: Mapping[str, Page], at: _Places) -> Iterator[Relation]:
    page = "三公和采购"
    names = {label[0] for label in pages[page].labels} if page in pages else set()
    for kind in ("货物", "工程", "服务"):
        whole, sme, small = (f"政府采购 {kind} {key}" for key in ("支出", "授予中小企业", "授予小微企业"))
        if {whole, sme, small} <= names:
            name = f"政府采购{kind}：授予小微企业不大于授予中小企业"
            yield Relation(name, at.leaf(page, small), at.leaf(page, sme), at_most=True)
    foreign, all_of_it = "三公经费 公务接待费 外宾 决算", "三公经费 公务接待费 决算"
    if {foreign, all_of_it} <= names:
        yield Relation("外宾接待不大于公务接待费", at.leaf(page, foreign), at.leaf(page, all_of_it), at_most=True)


def check_sheet(sheet: Worksheet, pages: Mapping[str, Page], ends: Mapping[str, int]) -> None:
    """Write the relations, each with both sides, the difference and ✓ or ✗."""
    border = Border(left=EDGE, right=EDGE, top=EDGE, bottom=EDGE)
    sheet.append(["核对（自动计算，不用填）"])
    sheet["A1"].font = Font(name="宋体", size=14, bold=True)
    sheet.append(HEADS)
    found = list(relations(pages, ends))
    for row, relation in enumerate(found, 3):
        wrong = f"D{row}>0" if relation.at_most else f"D{row}<>0"
        cells = (
            relation.name, f"=ROUND({relation.left},2)", f"=ROUND({relation.right},2)", f"=ROUND(B{row}-C{row},2)",
            f'=IF({wrong},"✗","✓")',
        )  # fmt: skip
        for column, value in enumerate(cells, 1):
            sheet.cell(row, column, value)
    for cells_of_row in sheet.iter_rows(min_row=2, max_row=len(found) + 2):
        for cell in cells_of_row:
            cell.border, cell.font = border, Font(name="宋体", bold=cell.row == 2)  # noqa: PLR2004
            cell.number_format = "#,##0.00"
            cell.alignment = Alignment(wrap_text=True, horizontal="center" if cell.column == len(HEADS) else None)
    for letter, width in zip("ABCDE", (64, 18, 18, 18, 10), strict=True):
        sheet[f"{letter}2"].fill = BLUE
        sheet.column_dimensions[letter].width = width
    area = f"E3:E{len(found) + 2}"
    sheet.conditional_formatting.add(area, FormulaRule(['E3="✗"'], fill=RED))  # type: ignore[no-untyped-call]
    sheet.freeze_panes = "A3"
