"""The facts of one unit-year as typed models: what ``决算.yaml``, ``单位.yaml`` and ``绩效/*.yaml`` may hold.

The YAML keys are the aliases, in the words of the tables. Every amount is a ``Decimal`` in 元, whatever unit the file
declares: the loader passes ``{"unit": AmountUnit, "places": int}`` as validation context. Totals, roll-ups and
growth are not facts and have no place here.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from .money import ZERO
from .values import FUNDS, Amount, Code, Count, Fund, Model, Text, Unit, one_of


class ExpenditureLine(Model):
    """Ledger line 支出: one 项 and one 资金来源, with its amount (元) for each 支出类型."""

    subject: Code = Field(alias="科目")
    fund: Fund = Field(FUNDS[0], alias="资金来源")
    basic: Amount = Field(ZERO, alias="基本支出")
    personnel: Amount = Field(ZERO, alias="人员经费")
    operating: Amount = Field(ZERO, alias="公用经费")
    project: Amount = Field(ZERO, alias="项目支出")
    to_superior: Amount = Field(ZERO, alias="上缴上级支出")
    business: Amount = Field(ZERO, alias="经营支出")
    to_subordinate: Amount = Field(ZERO, alias="对附属单位补助支出")


class RevenueLine(Model):
    """Ledger line 收入: one 项 with its amount (元) for each source; 财政拨款 is split by fund."""

    subject: Code = Field(alias="科目")
    general: Amount = Field(ZERO, alias="一般公共预算财政拨款")
    fund: Amount = Field(ZERO, alias="政府性基金预算财政拨款")
    capital: Amount = Field(ZERO, alias="国有资本经营预算财政拨款")
    from_superior: Amount = Field(ZERO, alias="上级补助收入")
    undertaking: Amount = Field(ZERO, alias="事业收入")
    tuition: Amount = Field(ZERO, alias="其中教育收费")
    business: Amount = Field(ZERO, alias="经营收入")
    from_subordinate: Amount = Field(ZERO, alias="附属单位上缴收入")
    other: Amount = Field(ZERO, alias="其他收入")


class BudgetLine(Model):
    """One 项 of the 年初预算 or 全年预算, in 元; 基本支出 and 项目支出 apart where known."""

    subject: Code = Field(alias="科目")
    fund: Fund = Field(FUNDS[0], alias="资金来源")
    amount: Amount | None = Field(None, alias="金额")
    basic: Amount | None = Field(None, alias="基本支出")
    project: Amount | None = Field(None, alias="项目支出")

    @model_validator(mode="after")
    def entered_once(self) -> BudgetLine:
        """Refuse the whole beside its parts (it would count twice), and neither of them. Raises ``exactly_one``."""
        parts = [name for name, amount in (("基本支出", self.basic), ("项目支出", self.project)) if amount is not None]
        if (self.amount is None) != bool(parts):
            given = ["金额", *parts] if parts else []
            raise PydanticCustomError("exactly_one", "", {"allowed": ["金额", "基本支出和项目支出"], "given": given})
        return self


class CarryOverLine(Model):
    """结转和结余 of one fund (元), by 项 and 支出类型 where known."""

    fund: Fund = Field(alias="资金来源")
    subject: Code | None = Field(None, alias="科目")
    kind: Annotated[str, one_of("基本支出", "项目支出")] | None = Field(None, alias="类型")
    amount: Amount = Field(alias="金额")


class BudgetAndFinal(Model):
    """An expense with its budgets and final figure, in 元."""

    initial: Amount | None = Field(None, alias="年初预算")
    adjusted: Amount | None = Field(None, alias="全年预算")
    final: Amount = Field(ZERO, alias="决算")


class OverseasTrips(BudgetAndFinal):
    """因公出国（境）费."""

    groups: Count = Field(0, alias="团组")
    persons: Count = Field(0, alias="人次")


class VehiclePurchase(BudgetAndFinal):
    """公务用车购置费."""

    bought: Count = Field(0, alias="购置数")


class VehicleRunning(BudgetAndFinal):
    """公务用车运行维护费."""

    held: Count = Field(0, alias="保有量")


class Visits(Model):
    """Batches (批次) and persons (人次) received."""

    batches: Count = Field(0, alias="批次")
    persons: Count = Field(0, alias="人次")


class ForeignVisits(Visits):
    """外宾接待, with its part of 公务接待费 (元); the rest is domestic."""

    final: Amount = Field(ZERO, alias="决算")


class Receptions(BudgetAndFinal):
    """公务接待费."""

    domestic: Visits = Field(Visits(), alias="国内")
    foreign: ForeignVisits = Field(ForeignVisits(), alias="外宾")


class ThreePublic(Model):
    """“三公”经费."""

    overseas: OverseasTrips = Field(OverseasTrips(), alias="因公出国境费")
    purchase: VehiclePurchase = Field(VehiclePurchase(), alias="公务用车购置费")
    running: VehicleRunning = Field(VehicleRunning(), alias="公务用车运行维护费")
    receptions: Receptions = Field(Receptions(), alias="公务接待费")


class Meetings(BudgetAndFinal):
    """会议费 or 培训费."""

    times: Count = Field(0, alias="次数")
    persons: Count = Field(0, alias="人次")


class AgencyOperating(BudgetAndFinal):
    """机关运行经费. ``口径: 公用经费`` says that it equals the 公用经费 of 公开06, and 决算 is then not given."""

    basis: Annotated[str, one_of("公用经费", "单列", "无")] = Field("无", alias="口径")

    @model_validator(mode="after")
    def final_figure_is_not_lost(self) -> AgencyOperating:
        """Refuse a 决算 beside a 口径 that says another. Raises ``exactly_one``."""
        says_otherwise = "basis" in self.model_fields_set and self.basis != "单列"
        if says_otherwise and "final" in self.model_fields_set and (self.final or self.basis == "公用经费"):
            given = [f"「口径: {self.basis}」", "「决算」"]
            raise PydanticCustomError("exactly_one", "", {"allowed": ["口径", "决算"], "given": given})
        return self


class Purchase(Model):
    """One kind of 政府采购 (货物, 工程 or 服务), in 元."""

    amount: Amount = Field(ZERO, alias="支出")
    sme: Amount = Field(ZERO, alias="授予中小企业")
    small: Amount = Field(ZERO, alias="授予小微企业")


class Procurement(Model):
    """政府采购支出."""

    goods: Purchase = Field(Purchase(), alias="货物")
    works: Purchase = Field(Purchase(), alias="工程")
    services: Purchase = Field(Purchase(), alias="服务")


class Assets(Model):
    """国有资产占用: counts by the names that the house uses."""

    vehicles: dict[Text, Count] = Field(default_factory=dict, alias="车辆")
    equipment: dict[Text, Count] = Field(default_factory=dict, alias="设备")
    bought: dict[Text, Count] = Field(default_factory=dict, alias="当年购置")


class Staffing(Model):
    """人员: established posts (编制) and persons actually there, by the names that the unit uses."""

    posts: dict[Text, Count] = Field(default_factory=dict, alias="编制")
    serving: dict[Text, Count] = Field(default_factory=dict, alias="在职")
    others: dict[Text, Count] = Field(default_factory=dict, alias="编外")
    retired: dict[Text, Count] = Field(default_factory=dict, alias="离退休")


class IncludedUnit(Model):
    """A unit whose accounts are included."""

    name: Text = Field(alias="名称")
    nature: str = Field("", alias="性质")
    persons: Count | None = Field(None, alias="在职人数")


class Organisation(Model):
    """机构: internal offices, by name or only how many, and the units whose accounts are in this document."""

    offices: list[Text] = Field(default_factory=list, alias="内设机构")
    unnamed_offices: Count | None = Field(None, alias="内设机构数")
    units: list[IncludedUnit] = Field(default_factory=list, alias="决算单位")

    @model_validator(mode="after")
    def is_counted_once(self) -> Organisation:
        """Refuse a number beside the names that give it. Raises ``exactly_one``."""
        if self.offices and self.unnamed_offices is not None:
            names = ["内设机构", "内设机构数"]
            raise PydanticCustomError("exactly_one", "", {"allowed": names, "given": names})
        return self

    @property
    def office_count(self) -> int:
        """How many internal offices there are."""
        return self.unnamed_offices or len(self.offices)


class Facts(Model):
    """``决算.yaml``: the facts of one unit-year."""

    accepts_amounts: ClassVar[bool] = True

    unit: Unit = Field(alias="金额单位")
    revenue: list[RevenueLine] = Field(alias="收入")
    expenditure: list[ExpenditureLine] = Field(alias="支出")
    economic: dict[Code, Amount] = Field(default_factory=dict, alias="基本支出经济分类")
    opening: list[CarryOverLine] = Field(default_factory=list, alias="年初结转和结余")
    closing: list[CarryOverLine] = Field(default_factory=list, alias="年末结转和结余")
    surplus_used: Amount = Field(ZERO, alias="使用非财政拨款结余")
    surplus_distributed: Amount = Field(ZERO, alias="结余分配")
    initial_budget: list[BudgetLine] | None = Field(None, alias="年初预算")
    adjusted_budget: list[BudgetLine] | None = Field(None, alias="全年预算")
    three_public: ThreePublic = Field(ThreePublic(), alias="三公经费")
    meetings: Meetings = Field(Meetings(), alias="会议费")
    training: Meetings = Field(Meetings(), alias="培训费")
    agency_operating: AgencyOperating = Field(AgencyOperating(), alias="机关运行经费")
    procurement: Procurement = Field(Procurement(), alias="政府采购")
    assets: Assets = Field(default_factory=Assets, alias="国有资产")
    staffing: Staffing = Field(default_factory=Staffing, alias="人员")
    organisation: Organisation = Field(default_factory=Organisation, alias="机构")


class UnitCard(Model):
    """``单位.yaml``: who the unit is, in every year.

    ``superior`` (主管部门) is printed, and may be anybody; ``department`` (部门) is the folder of the department whose
    accounts include the unit's.
    """

    name: Text = Field(alias="名称")
    short_name: str = Field("", alias="简称")
    code: str = Field("", alias="代码")
    superior: str = Field("", alias="主管部门")
    department: str = Field("", alias="部门")
    kind: Annotated[str, one_of("单位", "部门")] = Field("单位", alias="类型")
    nature: str = Field("", alias="性质")
    style: Text = Field(alias="风格")
    subjects: dict[Code, Text] = Field(default_factory=dict, alias="科目")
