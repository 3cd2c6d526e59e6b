"""政府采购, 车辆, 机关运行经费: parts that must not be larger than the whole, and counts that must agree."""

from __future__ import annotations

from collections.abc import Iterator

from builder.accounts.ledger import Query
from builder.accounts.money import printed
from builder.findings import Level

from .case import Case
from .engine import rule
from .results import Outcome, Result, judged


@rule(
    "政府采购", "授予中小企业、小微企业的合同额", severity=Level.ERROR,
    meaning="货物、工程、服务各自授予中小企业的不超过支出，其中授予小微企业的不超过授予中小企业的。",
    formula="授予小微企业 ≤ 授予中小企业 ≤ 政府采购支出（货物、工程、服务）",
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
            at = case.at("政府采购", kind, part)
            message = (
                f"政府采购{kind}：{part} {printed(amount):,} 万元，大于{whole} {printed(most):,} 万元，"
                f"多 {printed(amount - most):,} 万元；前者是后者的一部分，请核对"
            )
            outcome = Outcome.HOLDS if amount <= most else Outcome.FAILS
            yield Result(outcome, message, at, None, amount, most, (at, case.at("政府采购", kind, whole)))


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
    at = case.at("三公经费", "公务用车运行维护费", "保有量")
    message = f"公务用车保有量 {held} 辆，国有资产里各类车辆共 {sum(listed.values())} 辆；请核对两处"
    yield judged(good=held <= sum(listed.values()), message=message, sources=(at, case.at("国有资产", "车辆")))


@rule(
    "购置车辆", "购置的公务用车不超过保有量", meaning="本年购置的公务用车年末仍在保有量里。", formula="购置数 ≤ 保有量",
)
def bought(case: Case) -> Iterator[Result]:
    """Vehicles bought and held. Source: the note of “三公” (购置数、保有量)."""
    public = case.facts.three_public
    if public.purchase.bought:
        at = case.at("三公经费", "公务用车购置费", "购置数")
        message = f"购置公务用车 {public.purchase.bought} 辆，年末保有量只有 {public.running.held} 辆；请核对两处"
        suspects = (at, case.at("三公经费", "公务用车运行维护费", "保有量"))
        yield judged(good=public.purchase.bought <= public.running.held, message=message, sources=suspects)


@rule(
    "机关运行经费", "机关运行经费不超过公用经费", severity=Level.NOTE,
    meaning="单列的机关运行经费一般不超过一般公共预算基本支出的公用经费。",
    formula="机关运行经费 ≤ 基本支出表 公用经费合计",
)
def agency_operating(case: Case) -> Iterator[Result]:
    """Where 机关运行经费 is entered apart (口径: 单列). Source: 机关运行经费 note and 公开06."""
    running = case.facts.agency_operating
    if running.basis != "单列" or not running.final or not case.facts.economic:
        return
    public = case.indicators.ledger.total(Query(("经济分类",), (), (), ("公用经费",)))
    at = case.at("机关运行经费", "决算")
    message = (
        f"机关运行经费 {printed(running.final):,} 万元，"
        f"大于基本支出的公用经费 {printed(public.amount):,} 万元；请核对口径"
    )
    yield judged(good=running.final <= public.amount, message=message, sources=(at, case.at("基本支出经济分类")))


RULES = (procurement, vehicles, bought, agency_operating)
