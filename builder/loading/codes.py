"""Subject codes of a unit-year against the year's list, and lines that are entered twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from builder.accounts.eliminations import EliminatedExpenditure, Elimination, lines_of
from builder.accounts.facts import BudgetLine, CarryOverLine, ExpenditureLine, Facts, RevenueLine, UnitCard
from builder.accounts.subjects import LEVELS, Subjects, levels
from builder.findings import Finding, Level, Source

from .document import Path, Positions

ITEM_LENGTH = max(LEVELS)
SECTION_LENGTH = 5
EXAMPLES = 3
"""How many 项 under a 款 a message names."""

Line = ExpenditureLine | RevenueLine | BudgetLine | CarryOverLine


def check_codes(facts: Facts, card: UnitCard, subjects: Subjects, positions: Positions) -> list[Finding]:
    """Return what is wrong with the subject codes of ``决算.yaml``, and with lines that stand twice.

    A code that the year's list lacks is an error, or a warning where ``单位.yaml`` declares it; so is one above 项.
    """
    checker = _Checker(card.subjects, subjects, positions)
    for code in facts.economic:
        checker.economic(code, ("基本支出经济分类", code))
    books: tuple[tuple[str, Sequence[Line]], ...] = (
        ("收入", facts.revenue),
        ("支出", facts.expenditure),
        ("年初结转和结余", facts.opening),
        ("年末结转和结余", facts.closing),
        ("年初预算", facts.initial_budget or ()),
        ("全年预算", facts.adjusted_budget or ()),
    )
    for book, lines in books:
        for number, line in enumerate(lines):
            if line.subject is not None:
                checker.functional(line.subject, (book, number, "科目"))
        checker.findings += repeated(book, lines, positions)
    checker.findings += divided_twice(facts.expenditure, positions)
    return sorted(checker.findings, key=lambda finding: finding.source or Source(""))


def check_eliminated_codes(
    eliminations: Sequence[Elimination], card: UnitCard, subjects: Subjects, positions: Positions
) -> list[Finding]:
    """Return what is wrong with the subject codes of ``抵消.yaml``."""
    checker = _Checker(card.subjects, subjects, positions)
    for each in lines_of(eliminations):
        checker.functional(each.line.subject, (*each.path, "科目"))
        if isinstance(each.line, EliminatedExpenditure) and each.line.economic is not None:
            checker.economic(each.line.economic, (*each.path, "经济分类"))
    return checker.findings


class _Checker:
    """Checks codes against the lists, each code's trouble at each place where it stands."""

    def __init__(self, declared: Mapping[str, str], subjects: Subjects, positions: Positions) -> None:
        self.declared = declared
        self.subjects = subjects
        self.positions = positions
        self.findings: list[Finding] = []

    def find(self, message: str, path: Path, level: Level = Level.ERROR) -> None:
        """Keep a finding at a value's place."""
        self.findings.append(Finding(message, self.positions.nearest(path), level))

    def functional(self, code: str, path: Path) -> None:
        """Check a functional code of a ledger line."""
        year, listed = self.subjects.year, self.subjects.functional
        if code in self.declared:
            self.declared_code(code, path)
        elif code in self.subjects.economic and code not in listed:
            name = self.subjects.name(code, economic=True)
            self.find(f"{code}（{name}）是经济分类科目；这里请填 {ITEM_LENGTH} 位的功能分类科目", path)
        elif code in listed and len(code) < ITEM_LENGTH:
            what = f"{code}（{listed[code].name}）是{LEVELS[len(code)]}级科目"
            self.find(f"{what}；请填到项级{self.examples(code)}", path)
        elif code in self.subjects.discontinued and len(code) == ITEM_LENGTH:
            name = self.subjects.name(code)
            self.find(f"{code}（{name}）在 {year} 年度的科目表里已经取消；请核对应使用的科目", path, Level.WARNING)
        elif code not in listed:
            self.find(self.unknown(code), path)

    def declared_code(self, code: str, path: Path) -> None:
        """Check a code that ``单位.yaml`` declares: a subject of the place, or an exception to 项 level."""
        missing = [
            above
            for above in levels(code)
            if above != code and above not in self.subjects.functional and above not in self.declared
        ]
        if missing:
            level = LEVELS[len(missing[0])]
            advice = "请更正代码，或在 单位.yaml 的「科目」里也写上它"
            self.find(f"{code} 的上级{level}级科目 {missing[0]} 不在科目表里；{advice}", path)
        elif code not in self.subjects.functional:
            message = (
                f"{code} 不在 {self.subjects.year} 年度的科目表里，按 单位.yaml 写作「{self.declared[code]}」；请核对"
            )
            self.find(message, path, Level.WARNING)
        elif len(code) < ITEM_LENGTH:
            message = f"{code} 是{LEVELS[len(code)]}级科目，按 单位.yaml 的声明使用；决算表一般要填到项级，请核对"
            self.find(message, path, Level.WARNING)

    def unknown(self, code: str) -> str:
        """Say that a code is in no list, and which one was probably meant."""
        listed, near = self.subjects.functional, self.subjects.nearest(code)
        advice = f"是不是 {near.code}（{near.name}）？" if near else "请核对代码；"
        above = next((part for part in levels(code) if part not in listed), code)
        if above != code:
            advice = f"连上级{LEVELS[len(above)]}级科目 {above} 也没有，{advice}"
        own = "地方自设的科目请在 单位.yaml 的「科目」里写上名称"
        return f"{code} 不在 {self.subjects.year} 年度的功能分类科目表里；{advice}{own}"

    def examples(self, code: str) -> str:
        """Name some 项 under a 类 or 款."""
        under = [f"{item.code} {item.name}" for item in islice(self.subjects.items_under(code), EXAMPLES)]
        return f"，如 {'、'.join(under)}" if under else ""

    def economic(self, code: str, path: Path) -> None:
        """Check a code of 基本支出经济分类: a 款."""
        listed = self.subjects.economic
        if code in self.declared:
            return
        if code not in listed and (code in self.subjects.functional or len(code) == ITEM_LENGTH):
            name = self.subjects.functional[code].name if code in self.subjects.functional else ""
            what = f"{code}（{name}）" if name else code
            self.find(f"{what}是功能分类科目；这里请填 {SECTION_LENGTH} 位的经济分类款级科目，如 30101", path)
        elif code in listed and len(code) != SECTION_LENGTH:
            under = [item for item in self.subjects.economic_under(code) if item != code][:EXAMPLES]
            names = "、".join(f"{item} {self.subjects.name(item, economic=True)}" for item in under)
            self.find(f"{code}（{listed[code].name}）是类级科目；请填到款级，如 {names}", path)
        elif code not in listed:
            near = self.subjects.nearest(code, economic=True)
            hint = f"是不是 {near.code}（{near.name}）？" if near else "请核对代码"
            self.find(f"{code} 不在 {self.subjects.year} 年度的经济分类科目表里；{hint}", path)


def repeated(book: str, lines: Sequence[Line], positions: Positions) -> Iterator[Finding]:
    """Find lines for the same 科目, 资金来源 and 类型: their amounts belong into one."""
    first: dict[tuple[str | None, ...], int] = {}
    for number, line in enumerate(lines):
        fund = None if isinstance(line, RevenueLine) else line.fund
        kind = line.kind if isinstance(line, CarryOverLine) else None
        key = (line.subject, fund, kind)
        if key not in first:
            first[key] = number
            continue
        what = "、".join(part for part in key if part)
        before = positions.nearest((book, first[key])).line
        here = positions.nearest((book, number))
        again = f"第 {here.line} 行又填了一次"
        message = f"「{book}」里「{what}」在第 {before} 行已经有了，{again}；请合并成一项，或更正科目"
        yield Finding(message, here)


def divided_twice(lines: Sequence[ExpenditureLine], positions: Positions) -> Iterator[Finding]:
    """Find lines that give 基本支出 and its parts 人员经费 and 公用经费 as well: it would be counted twice."""
    for number, line in enumerate(lines):
        parts = line.model_fields_set & {"personnel", "operating"}
        if "basic" in line.model_fields_set and parts:
            names = "、".join(f"「{ExpenditureLine.model_fields[name].alias}」" for name in sorted(parts, reverse=True))
            message = f"科目 {line.subject} 同时填了「基本支出」和{names}；基本支出由人员经费与公用经费相加，请只填一种"
            yield Finding(message, positions.nearest(("支出", number, "基本支出")))
