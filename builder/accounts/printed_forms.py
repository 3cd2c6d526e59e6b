"""公开自评表: a self-evaluation form (绩效自评表) as it was printed, mistakes included, so that it can be examined.

The counterpart of ``公开表.yaml`` for forms: every value is text as printed, and never rendered. What can be read as a
number the checks read as one; everything else is words.
"""

from __future__ import annotations

from pydantic import Field

from .forms import Form
from .values import Count, Model, Text

PRINTED = "公开自评表"
"""The kind (表) of such a file, in every style."""


class PrintedMoney(Model):
    """One line of the money block. ``level`` 0 is a total; a line is part of the nearest line above of lower level.

    ``group`` is the printed head of the parts where a total is divided more than once (资金来源, 资金结构): the parts
    of one group make up the total.
    """

    name: str = Field("", alias="名")
    level: Count = Field(0, alias="层")
    group: str = Field("", alias="组")
    initial: str = Field("", alias="年初预算")
    adjustment: str = Field("", alias="调整")
    budget: str = Field("", alias="全年预算")
    arrived: str = Field("", alias="到位")
    arrival_rate: str = Field("", alias="到位率")
    document: str = Field("", alias="拨付文号")
    executed: str = Field("", alias="执行")
    execution_rate: str = Field("", alias="执行率")
    balance: str = Field("", alias="结余")
    points: str = Field("", alias="分值")
    score: str = Field("", alias="得分")
    standard: str = Field("", alias="评分标准")


class PrintedSpending(Model):
    """A line of what the money was spent on; the printed 合计 is the last."""

    number: str = Field("", alias="序号")
    name: str = Field("", alias="名")
    amount: str = Field("", alias="金额")


class PrintedGoal(Model):
    """A goal whose completion stands in a block apart from the scored indicators."""

    first: str = Field("", alias="一级")
    second: str = Field("", alias="二级")
    name: str = Field("", alias="名")
    content: str = Field("", alias="内容")
    reference: str = Field("", alias="参考标准")
    target: str = Field("", alias="目标值")
    actual: str = Field("", alias="完成值")
    completion: str = Field("", alias="完成比例")


class PrintedIndicator(Model):
    """A scored indicator."""

    first: str = Field("", alias="一级")
    second: str = Field("", alias="二级")
    third: str = Field("", alias="三级")
    explanation: str = Field("", alias="指标说明")
    formula: str = Field("", alias="计算公式")
    target: str = Field("", alias="目标值")
    actual: str = Field("", alias="完成值")
    completion: str = Field("", alias="完成比例")
    weight: str = Field("", alias="权重")
    points: str = Field("", alias="分值")
    score: str = Field("", alias="得分")
    standard: str = Field("", alias="评分标准")
    score_reason: str = Field("", alias="得扣分原因")
    deviation: str = Field("", alias="偏差原因")
    done: str = Field("", alias="完成情况")
    suggestion: str = Field("", alias="建议")


class PrintedHead(Model):
    """A head (一级指标) that prints its share."""

    name: Text = Field(alias="名")
    weight: str = Field("", alias="权重")


class PrintedText(Model):
    """Another long cell, for the rules about texts."""

    name: str = Field("", alias="名")
    text: str = Field("", alias="文")


class PrintedForm(Form):
    """``绩效/*.yaml`` with ``表: 公开自评表``: one printed form."""

    title: Text = Field(alias="标题")
    name: Text = Field(alias="项目名称")
    year: str = Field("", alias="年度")
    filled_in: str = Field("", alias="填报日期")
    money: list[PrintedMoney] = Field(default_factory=list, alias="资金")
    execution_points: str = Field("", alias="执行率分值")
    execution_score: str = Field("", alias="执行率得分")
    spending: list[PrintedSpending] = Field(default_factory=list, alias="支出内容")
    goals: list[PrintedGoal] = Field(default_factory=list, alias="目标")
    indicators: list[PrintedIndicator] = Field(default_factory=list, alias="指标")
    heads: list[PrintedHead] = Field(default_factory=list, alias="一级权重")
    done: str = Field("", alias="完成情况")
    not_done_reason: str = Field("", alias="未完成原因")
    total_points: str = Field("", alias="总分值")
    total: str = Field("", alias="总分")
    grade: str = Field("", alias="评价等级")
    scale: str = Field("", alias="等级标准")
    texts: list[PrintedText] = Field(default_factory=list, alias="文字")
