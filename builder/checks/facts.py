"""收支, 政府采购, 车辆, 机关运行经费: something at all, parts not larger than the whole, counts that agree."""

from __future__ import annotations

import re
from collections.abc import Iterator

from builder.accounts.ledger import Query
from builder.accounts.money import ZERO, printed
from builder.findings import Level

from .case import Case
from .engine import rule
from .results import HOLDS, Outcome, Result, fails

TOTALS = re.compile(r"合计|总计|小计|总数|共有")
AGENCY = re.compile(r"行政单位|参照公务员|参公")
"""What kinds of unit have 机关运行经费, as 单位.yaml writes 性质."""

FLOWS = ("收入", "支出")
"""The books of what came in and went out in the year."""


@rule(
    "政府采购", "政府采购的组成", severity=Level.ERROR,
    meaning="货物、工程、服务各自授予中小企业的不超过支出，其中授予小微企业的不超过授予中小企业的；总额是三项之和。",
    formula="授予小微企业 ≤ 授予中小企业 ≤ 政府采购支出（货物、工程、服务）；合计 ＝ 货物 ＋ 工程 ＋ 服务",
)
def procurement(case: Case) -> Iterator[Result]:
    """The three kinds of procurement. Source: 政府采购支出 note; 政府采购促进中小企业发展管理办法."""
    buying = case.facts.procurement
    for kind, bought in (("货物", buying.goods), ("工程", buying.works), ("服务", buying.services)):
        for part, amount, whole, most in (
            ("授予中小企业", bought.sme, "支出", bought.amount),
            ("授予小微企业", bought.small, "授予中小企业", bought.sme),
        ):
            if not amount:
                continue
            if amount <= most:
                yield HOLDS
                continue
            at = case.at("政府采购", kind, part)
            message = (
                f"政府采购{kind}：{part} {printed(amount):,} 万元，大于{whole} {printed(most):,} 万元，"
                f"多 {printed(amount - most):,} 万元；前者是后者的一部分，请核对"
            )
            whole_at = case.at("政府采购", kind, whole)
            yield Result(Outcome.FAILS, message, at, None, amount, most, (at, whole_at))
    yield from _procurement_totals(case)


def _procurement_totals(case: Case) -> Iterator[Result]:
    """The style's totals of procurement (政府采购.合计 …), each the sum of goods, works and services."""
    kinds = case.facts.procurement
    parts = (kinds.goods, kinds.works, kinds.services)
    for name, field in (("合计", "amount"), ("授予中小企业", "sme"), ("授予小微企业", "small")):
        indicator = f"政府采购.{name}"
        if indicator not in case.indicators.definitions:
            continue
        total = case.indicators.get(indicator).value
        expected = sum((getattr(part, field) for part in parts), ZERO)
        if total == expected:
            yield HOLDS
            continue
        message = (
            f"格式的指标「{indicator}」是 {printed(total):,} 万元，货物、工程、服务相加是 {printed(expected):,} 万元，"
            f"相差 {printed(total - expected):+,} 万元；请核对 style.yaml 里它的公式"
        )
        at = case.at("政府采购")
        yield Result(Outcome.FAILS, message, at, None, total, expected, (at,))


@rule(
    "没有收支", "收入和支出不会都没有数", meaning="编制决算的单位有收入或者支出；两样都没有数，多半是还没有填。",
    formula="Σ收入 ≠ 0 或 Σ支出 ≠ 0",
)
def flows(case: Case) -> Iterator[Result]:
    """Any revenue or expenditure at all. Source: 收入支出决算总表 (部门决算 is compiled by units with 收支)."""
    yield HOLDS if any(entry.amount for entry in case.indicators.ledger.entries if entry.book in FLOWS) else fails(
        "收入和支出都没有数，各表都会是零；请在 决算.yaml 的「收入」「支出」里填写，或填 采集表.xlsx 再导入",
        case.at("收入"), case.at("支出"),
    )


@rule(
    "车辆", "公务用车保有量不超过车辆总数", meaning="财政拨款开支运行维护费的公务用车，是单位车辆的一部分。",
    formula="公务用车保有量 ≤ Σ各类车辆",
)
def vehicles(case: Case) -> Iterator[Result]:
    """Vehicles by kind, where the unit lists them. Source: 国有资产占用情况 and the note of “三公”."""
    listed = case.facts.assets.vehicles
    held = case.facts.three_public.running.held
    if not held or "vehicles" not in case.facts.assets.model_fields_set:
        return
    total = sum(listed.values())
    yield HOLDS if held <= total else fails(
        f"公务用车保有量 {held} 辆，国有资产里各类车辆共 {total} 辆；请核对两处",
        case.at("三公经费", "公务用车运行维护费", "保有量"), case.at("国有资产", "车辆"),
    )


@rule(
    "购置车辆", "购置的公务用车不超过保有量", meaning="本年购置的公务用车年末仍在保有量里。", formula="购置数 ≤ 保有量",
)
def bought(case: Case) -> Iterator[Result]:
    """Vehicles bought and held. Source: the note of “三公” (购置数、保有量)."""
    public = case.facts.three_public
    if public.purchase.bought:
        yield HOLDS if public.purchase.bought <= public.running.held else fails(
            f"购置公务用车 {public.purchase.bought} 辆，年末保有量只有 {public.running.held} 辆；请核对两处",
            case.at("三公经费", "公务用车购置费", "购置数"), case.at("三公经费", "公务用车运行维护费", "保有量"),
        )


@rule(
    "数量合计", "按种类填的数量里没有合计", meaning="车辆、设备、人员按种类填写，合计由程序相加；填了合计会算两遍。",
    formula="种类 ≠ 合计、总计、小计、共有",
)
def counted(case: Case) -> Iterator[Result]:
    """Counts by kind. Source: 国有资产占用情况 (车辆 ＝ Σ各种车辆) and 人员情况."""
    for group, parts in (("国有资产", case.facts.assets), ("人员", case.facts.staffing)):
        for field, description in type(parts).model_fields.items():
            alias, kinds = description.alias or field, getattr(parts, field)
            for name, count in kinds.items() if len(kinds) > 1 else ():
                yield HOLDS if not TOTALS.search(name) else fails(
                    f"「{group}」的「{alias}」里「{name}」{count}，其余各项相加 {sum(kinds.values()) - count}；"
                    "合计由程序相加，请删去这一项，或改写种类的名称",
                    case.at(group, alias, name),
                )


@rule(
    "机关运行经费", "机关运行经费与公用经费", severity=Level.NOTE,
    meaning=(
        "单列的机关运行经费一般不超过一般公共预算基本支出的公用经费；行政单位和参照公务员法管理的事业单位有公用经费就有机关运行经费。"
    ),
    formula="机关运行经费 ≤ 基本支出表 公用经费合计；行政单位、参公单位：公用经费 ＞ 0 ⇒ 机关运行经费 ＞ 0",
)
def agency_operating(case: Case) -> Iterator[Result]:
    """机关运行经费 entered apart (口径: 单列), or not at all. Source: 机关运行经费 note and 公开06."""
    running = case.facts.agency_operating
    if not case.facts.economic or running.basis == "公用经费":
        return
    public = case.indicators.ledger.total(Query(("经济分类",), (), (), ("公用经费",))).amount
    if running.final:
        yield HOLDS if running.final <= public else fails(
            f"机关运行经费 {printed(running.final):,} 万元，"
            f"大于基本支出的公用经费 {printed(public):,} 万元；请核对口径",
            case.at("机关运行经费", "决算"), case.at("基本支出经济分类"),
        )
    else:
        lacking = AGENCY.search(case.card.nature) and public
        yield HOLDS if not lacking else fails(
            f"{case.card.nature}的公用经费 {printed(public):,} 万元，没有机关运行经费；"
            "请补填，等于公用经费的写「机关运行经费: {口径: 公用经费}」",
            case.at("机关运行经费", "决算"),
        )


RULES = (flows, procurement, vehicles, bought, counted, agency_operating)
