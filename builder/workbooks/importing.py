"""The ledger that follows from a workbook's tables, and what cannot be followed; nothing is guessed in silence.

Tables are not known by number: every cell says by its scope (book, fund, kind, detail) what it is a sum of, and the
ledger is read back from the cells of 项, whatever table gives them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from builder.accounts.facts import ExpenditureLine, RevenueLine
from builder.accounts.ledger import BUDGET_BOOKS, EXPENDITURE_KINDS, REVENUE_KINDS, THREE_PUBLIC
from builder.accounts.money import ZERO, in_unit, is_rounding_difference, printed
from builder.accounts.subjects import LEVELS
from builder.accounts.values import FUNDS
from builder.accounts.views import Scope
from builder.findings import Finding, Level, Source

from .placing import Placed

FISCAL = FUNDS[:3]
GENERAL, GOVERNMENT, CAPITAL, NON_FISCAL = FUNDS
GRANT = "财政拨款收入"
BASIC = "基本支出"
ITEM_LENGTH, SECTION_LENGTH = 7, 5
CARRIED = ("年初结转和结余", "年末结转和结余")
SURPLUS = ("使用非财政拨款结余", "结余分配")

Amounts = Mapping[str, Decimal]


@dataclass(slots=True)
class LedgerParts:
    """What ``决算.yaml`` says by the workbook; None where the workbook does not tell. Amounts in 元.

    ``revenue`` and ``expenditure`` are by 科目 (and 资金来源), then by key of the line; ``expenses`` by path.
    """

    revenue: dict[str, dict[str, Decimal]] | None = None
    expenditure: dict[tuple[str, str], dict[str, Decimal]] | None = None
    economic: dict[str, Decimal] | None = None
    carried: dict[str, dict[tuple[str, str], Decimal]] = field(default_factory=dict)
    surplus: dict[str, Decimal] = field(default_factory=dict)
    expenses: dict[tuple[str, ...], Decimal] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def follow_ledger(cells: Iterable[Placed], name: str) -> LedgerParts:
    """Return the ledger that follows from placed cells; ``name`` is what messages call the workbook."""
    return _Follower(cells, name).parts()


class _Follower:
    """Reads the ledger back; lives only while it does."""

    def __init__(self, cells: Iterable[Placed], name: str) -> None:
        self.name = name
        self.result = LedgerParts()
        self.by_scope: dict[tuple[tuple[str, ...], ...], dict[str, Placed]] = {}
        for cell in cells:
            if cell.scope is not None and not cell.scope.subjects:
                self.by_scope.setdefault(_key(cell.scope), {}).setdefault(cell.code, cell)

    def find(self, message: str, cell: Placed | None = None, level: Level = Level.WARNING) -> None:
        """Keep a finding, at a cell where it is about one."""
        at = f"{cell.address}：" if cell else ""
        self.result.findings.append(Finding(at + message, Source(self.name), level))

    def seen(
        self, book: str, funds: tuple[str, ...] = (), kind: str = "", detail: str = ""
    ) -> dict[str, Placed]:
        """Return what the workbook says about a book, fund, kind and detail, by code (empty: as a total)."""
        return self.by_scope.get(((book,), funds, (kind,) if kind else (), (detail,) if detail else ()), {})

    def total(self, book: str, funds: tuple[str, ...] = (), kind: str = "") -> Decimal | None:
        """Return a total that the workbook gives."""
        cell = self.seen(book, funds, kind).get("")
        return cell.amount if cell else None

    def items(self, found: Mapping[str, Placed], length: int = ITEM_LENGTH) -> dict[str, Decimal]:
        """Return the amounts of the lowest subjects; those that end above, or have another length, are listed."""
        items = {code: cell.amount for code, cell in found.items() if len(code) == length}
        for code, cell in found.items():
            if not cell.amount or not code or len(code) == length:
                continue
            if not any(other != code and other.startswith(code) for other in found):
                level = LEVELS[length]
                self.find(f"科目 {code} 的 {_shown(cell.amount)}没有列到{level}级（或代码位数不对），没有记入账", cell)
        return items

    def parts(self) -> LedgerParts:
        """Follow every book."""
        self.expenditure()
        self.revenue()
        economic = self.seen("经济分类")
        if economic:
            items = self.items(economic, SECTION_LENGTH)
            self.result.economic = {code: amount for code, amount in items.items() if amount}
        for book in CARRIED:
            self.carried(book)
        for book in SURPLUS:
            if (amount := self.total(book)) is not None:
                self.result.surplus[book] = amount
        self.expenses()
        return self.result

    def revenue(self) -> None:
        """收入 by 项: kinds as they stand; 财政拨款 split by fund as far as the tables of the funds tell."""
        grants = self.seen("收入", (), GRANT)
        if not grants:
            self.find("工作簿里没有按科目的收入决算表，「收入」没有改动", level=Level.NOTE)
            return
        lines = self.grants(grants)
        columns = {
            _alias(RevenueLine, name): self.seen("收入", (), kind)
            for name, (kind, fund) in REVENUE_KINDS.items()
            if fund == NON_FISCAL
        }
        columns[_alias(RevenueLine, "tuition")] = self.seen("其中教育收费")
        for alias, found in columns.items():
            for code, amount in self.items(found).items():
                if amount:
                    lines.setdefault(code, {})[alias] = amount
        self.result.revenue = dict(sorted(lines.items()))

    def grants(self, grants: Mapping[str, Placed]) -> dict[str, dict[str, Decimal]]:
        """Return 财政拨款收入 of each 项 by fund."""
        lines: dict[str, dict[str, Decimal]] = {}
        government = self.items(self.seen("收入", (GOVERNMENT,)))
        spent = self.by_fund(CAPITAL)
        general = self.by_fund(GENERAL)
        capital_total = self.total("收入", (CAPITAL,), GRANT) or self.total("收入", (CAPITAL,)) or ZERO
        for code, amount in self.items(grants).items():
            rest = amount - government.get(code, ZERO)
            if rest < 0:
                self.find(f"科目 {code} 的财政拨款收入小于政府性基金预算的本年收入，请核对", grants[code])
            is_capital = bool(capital_total and spent.get(code))
            if is_capital and general.get(code):
                message = f"科目 {code} 的财政拨款收入分不清是否国有资本经营预算，暂记一般公共预算，请核对"
                self.find(message, grants[code])
                is_capital = False
            split = {"fund": government.get(code, ZERO), "capital" if is_capital else "general": rest}
            if any(split.values()):
                lines[code] = {_alias(RevenueLine, name): part for name, part in split.items() if part}
        return lines

    def by_fund(self, fund: str) -> dict[str, Decimal]:
        """Return expenditure of a fund by 项, all kinds together."""
        return self.kinds_of(fund, BASIC, self.kinds_of(fund, "项目支出"))

    def kinds_of(self, fund: str, kind: str, more: Mapping[str, Decimal] | None = None) -> dict[str, Decimal]:
        """Return expenditure of a fund and kind by 项, added to ``more``."""
        sums = dict(more or {})
        for code, cell in self.seen("支出", (fund,), kind).items():
            if len(code) == ITEM_LENGTH:
                sums[code] = sums.get(code, ZERO) + cell.amount
        return sums

    def expenditure(self) -> None:
        """支出 by 项 and fund: the funds from their tables, non-fiscal money as what remains of the total."""
        whole = self.seen("支出", (), BASIC)
        if not whole or not self.seen("支出", (GENERAL,), BASIC):
            self.find("支出决算表或一般公共预算支出决算表不在工作簿里，「支出」没有改动", level=Level.NOTE)
            return
        lines: dict[tuple[str, str], dict[str, Decimal]] = {}
        undivided = self.undivided()
        for name, (kind, detail) in EXPENDITURE_KINDS.items():
            if detail:
                continue
            total = self.items(self.seen("支出", (), kind))
            left = dict(total)
            for fund in FISCAL:
                found = self.seen("支出", (fund,), kind)
                for code, amount in self.items(found).items():
                    left[code] = left.get(code, ZERO) - amount
                    if amount:
                        lines.setdefault((code, fund), {}).update(self.split(name, fund, code, amount))
            for code, amount in left.items():
                if code in undivided:
                    continue
                cell = self.seen("支出", (), kind).get(code)
                self.remaining(lines, code, _alias(ExpenditureLine, name), amount, cell)
        self.result.expenditure = dict(sorted(lines.items(), key=lambda item: (item[0][0], FUNDS.index(item[0][1]))))
        self.compare_totals()

    def compare_totals(self) -> None:
        """List the fiscal funds whose total is not the sum of their subjects."""
        for fund in FISCAL:
            stated = self.total("支出", (fund,))
            listed = sum(self.by_fund(fund).values(), ZERO)
            if stated is not None and not is_rounding_difference(listed, stated, max(len(self.by_fund(fund)), 1)):
                self.find(f"{fund}财政拨款支出合计 {_shown(stated)}，各项科目相加 {_shown(listed)}；请核对")

    def undivided(self) -> set[str]:
        """Return the 项 whose kinds do not make their own 本年支出合计: what they say beyond the funds is no fact."""
        found: set[str] = set()
        kinds = [self.seen("支出", (), kind) for kind, detail in EXPENDITURE_KINDS.values() if not detail]
        for code, cell in self.seen("支出").items():
            amounts = [seen[code].amount for seen in kinds if code in seen]
            if len(code) != ITEM_LENGTH or is_rounding_difference(sum(amounts, ZERO), cell.amount, len(amounts)):
                continue
            found.add(code)
            message = (
                f"科目 {code} 的支出合计 {_shown(cell.amount)}，各类型相加 {_shown(sum(amounts, ZERO))}；"
                "只按财政拨款各表记账，请核对"
            )
            self.find(message, cell)
        return found

    def remaining(
        self, lines: dict[tuple[str, str], dict[str, Decimal]], code: str, alias: str, amount: Decimal,
        cell: Placed | None,
    ) -> None:
        """Enter what is left of a 项 after the fiscal funds as non-fiscal, unless it is 尾差 or less than nothing."""
        if not amount:
            return
        fiscal = any((code, fund) in lines for fund in FISCAL)
        if fiscal and is_rounding_difference(amount, ZERO, 1):
            self.find(f"科目 {code} 的{alias}与财政拨款各表相差 {_shown(amount)}，视为尾差", cell, Level.NOTE)
        elif amount < 0:
            self.find(f"科目 {code} 的{alias}比财政拨款各表的合计少 {_shown(-amount)}；请核对", cell)
        else:
            lines.setdefault((code, NON_FISCAL), {})[alias] = amount

    def split(self, name: str, fund: str, code: str, amount: Decimal) -> dict[str, Decimal]:
        """Return 基本支出 as 人员经费 and 公用经费 where the tables divide it and the parts make the whole."""
        alias = _alias(ExpenditureLine, name)
        if alias == BASIC:
            parts = {}
            for key, (_, detail) in EXPENDITURE_KINDS.items():
                cell = self.seen("支出", (fund,), BASIC, detail).get(code) if detail else None
                if cell is not None and cell.amount:
                    parts[_alias(ExpenditureLine, key)] = cell.amount
            if parts and sum(parts.values()) == amount:
                return parts
            if parts:
                self.find(f"科目 {code} 的人员经费、公用经费相加不等于基本支出，只记了基本支出")
        return {alias: amount}

    def carried(self, book: str) -> None:
        """结转和结余 by fund: the fiscal funds, 政府性基金 by 项 where it is listed, the rest non-fiscal."""
        total = self.total(book)
        if total is None:
            return
        funds: dict[tuple[str, str], Decimal] = {}
        for fund in FISCAL:
            amount = self.total(book, (fund,)) or ZERO
            items = {code: value for code, value in self.items(self.seen(book, (fund,))).items() if value}
            if items and sum(items.values()) == amount:
                funds |= {(fund, code): value for code, value in items.items()}
            elif amount:
                funds[fund, ""] = amount
        fiscal = self.total(book, FISCAL)
        known = sum(funds.values(), ZERO)
        if fiscal is None and not any(self.total(book, (fund,)) is not None for fund in FISCAL) and total:
            self.find(f"{book} {_shown(total)}：没有财政拨款收入支出决算总表，分不清资金来源，没有记入账")
            return
        if fiscal is not None and not is_rounding_difference(known, fiscal, 1):
            self.find(f"{book}：财政拨款合计 {_shown(fiscal)}，各项资金相加 {_shown(known)}；请核对")
        rest = total - known
        if rest < 0:
            self.find(f"{book}的总数比财政拨款的还少 {_shown(-rest)}；请核对")
        elif rest:
            funds[NON_FISCAL, ""] = rest
        self.result.carried[book] = funds

    def expenses(self) -> None:
        """“三公”, 会议费 and 培训费: budgets and final figures, of each kind alone."""
        paths: dict[str, tuple[str, ...]] = {kind: ("三公经费", kind) for kind in THREE_PUBLIC.values()}
        paths |= {kind: (kind,) for kind in ("会议费", "培训费")}
        for (books, _, kinds, _), found in self.by_scope.items():
            if len(kinds) != 1 or kinds[0] not in paths or "" not in found:
                continue
            path = paths[kinds[0]]
            finals = "三公决算" if len(path) > 1 else "其他费用决算"
            keys = dict(zip((finals, *BUDGET_BOOKS[finals]), ("决算", "年初预算", "全年预算"), strict=True))
            for book in books:
                if book in keys:
                    self.result.expenses[*path, keys[book]] = found[""].amount


def _key(scope: Scope) -> tuple[tuple[str, ...], ...]:
    return scope.books, scope.funds, scope.kinds, scope.details


def _shown(amount: Decimal) -> str:
    """Return an amount (元) in 万元 as tables print it; in 元 where it has more digits than that."""
    return f"{printed(amount):,} 万元" if printed(amount) == in_unit(amount) else f"{amount:,f} 元"


def _alias(model: type[ExpenditureLine | RevenueLine], name: str) -> str:
    return model.model_fields[name].alias or name
