"""绩效 (performance): projects and their self-evaluation, and what is computed from them.

执行率, 得分 of the execution and 总分 are computed here and never typed in.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field

from .money import ZERO, AmountUnit, round_half_up
from .values import Amount, Model, Number, Text, Unit


def as_list(value: object) -> object:
    """Accept one word where a list of words may stand."""
    return [value] if isinstance(value, str) else value


Words = Annotated[list[Text], BeforeValidator(as_list)]


class Target(Model):
    """One line of a self-evaluation form: an indicator, its target, its result and its points."""

    first: Text = Field(alias="一级指标")
    second: Text = Field(alias="二级指标")
    third: Text = Field(alias="三级指标")
    target: str = Field("", alias="年初目标值")
    result: str = Field("", alias="实际完成值")
    points: Number | None = Field(None, alias="分值")
    score: Number = Field(ZERO, alias="得分")


class Project(Model):
    """``绩效/*.yaml``: a project, its money (元) and its self-evaluation form (项目支出绩效自评表)."""

    unit: Unit = Field(AmountUnit.WAN, alias="金额单位")
    order: Number = Field(ZERO, alias="顺序")
    name: Text = Field(alias="项目名称")
    short_name: str = Field("", alias="简称")
    superior: str = Field("", alias="主管部门")
    implementer: str = Field("", alias="项目实施单位")
    category: Words = Field(default_factory=list, alias="项目类别")
    attribute: Words = Field(default_factory=list, alias="项目属性")
    type: Words = Field(default_factory=list, alias="项目类型")
    initial: Amount = Field(ZERO, alias="年初预算")
    adjusted: Amount | None = Field(None, alias="调整预算")
    executed: Amount = Field(ZERO, alias="执行数")
    execution_points: Number = Field(Decimal(20), alias="执行率分值")
    targets: list[Target] = Field(default_factory=list, alias="绩效指标")
    deviation: str = Field("", alias="偏差原因分析")
    improvement: str = Field("", alias="改进措施及结果应用")
    effects: str = Field("", alias="主要产出和效益")
    problems: str = Field("", alias="发现的问题及原因")
    next_steps: str = Field("", alias="下一步改进措施")

    @property
    def budget(self) -> Decimal:
        """The budget (元) that execution is measured against: the adjusted one where there is one."""
        return self.initial if self.adjusted is None else self.adjusted

    @property
    def execution_rate(self) -> Decimal | None:
        """执行率 = 执行数 ÷ 预算数, in %, exact; None where the budget is zero."""
        return self.executed / self.budget * 100 if self.budget else None

    @property
    def execution_score(self) -> Decimal | None:
        """得分 of the execution: 分值 × 执行率 (at most 100%), whole points half up; None without a rate."""
        rate = self.execution_rate
        if rate is None:
            return None
        return round_half_up(self.execution_points * min(rate, Decimal(100)) / 100, 0)

    @property
    def total_score(self) -> Decimal:
        """总分: the execution's and the indicators' points together."""
        return sum((target.score for target in self.targets), self.execution_score or ZERO)


class Overall(Model):
    """``绩效/整体.yaml``: the unit's overall self-evaluation (整体支出绩效自评)."""

    unit: Unit = Field(AmountUnit.WAN, alias="金额单位")
    score: Number | None = Field(None, alias="自评得分")


def totals(projects: Sequence[Project]) -> tuple[Decimal, Decimal, Decimal]:
    """Return the sums (元) of 年初预算, budget after adjustment and 执行数 over projects."""
    return (
        sum((project.initial for project in projects), ZERO),
        sum((project.budget for project in projects), ZERO),
        sum((project.executed for project in projects), ZERO),
    )
