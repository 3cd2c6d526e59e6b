"""The names that a form's tags can use for 绩效: projects, their figures, and their self-evaluation forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from builder.accounts.figures import Figure, Kind
from builder.accounts.money import ZERO
from builder.accounts.performance import Overall, Project, totals
from builder.context import Account, FigureValue, Names, Texts, bag
from builder.rendering.marks import Writer
from builder.wording.numbers import NumberFormat, format_number

WRITTEN = "绩效"
"""How the keys of these texts' marks begin: ``绩效/项目.yaml/偏差原因分析``."""
SCORE = NumberFormat.model_validate({"去零": "是", "单位": "个"})
POINTS = 1024
"""Of how many different points the text is kept: nearly all lines of all forms have 2, 5 or 10."""


def evaluation_names(
    account: Account, projects: Sequence[Project], overall: Overall, forms_by_kind: Mapping[str, list[Names]],
    files: Sequence[str] = (),
) -> Names:
    """Return ``绩效``: all projects with their sums, the overall self-evaluation, and the filled-in forms by kind.

    ``files`` are those of the projects; where they are given and the account is marked, texts know their places.
    """
    initial, budget, executed = totals(projects)
    forms = [
        project_names(account, project, writer_of(file, marked=account.marked))
        for project, file in zip(projects, files or [""] * len(projects), strict=True)
    ]
    return Names(
        项目=forms,
        自评表=forms,
        项目数=figure_value("绩效.项目数", Decimal(len(projects)), Kind.COUNT),
        年初预算合计=figure_value("绩效.年初预算合计", initial),
        预算合计=figure_value("绩效.预算合计", budget),
        执行合计=figure_value("绩效.执行合计", executed),
        整体得分=score(overall.score),
        表=Names(**forms_by_kind),
    )


def figure_value(name: str, value: Decimal, kind: Kind = Kind.MONEY) -> FigureValue:
    """Return a figure of 绩效 under its name."""
    return FigureValue(name, Figure(name, value, kind))


def writer_of(file: str, *, marked: bool) -> Writer:
    """Return what marks the texts of a file, where they are to be marked and it is known."""
    return Writer(f"{WRITTEN}/{file.rpartition('/')[2]}", marked and bool(file))


def project_names(account: Account, project: Project, writer: Writer) -> Names:
    """Return one project as parts use it; amounts are figures, scores are text."""

    def figure(what: str, value: Decimal | None, kind: Kind = Kind.MONEY) -> FigureValue | None:
        return None if value is None else figure_value(f"绩效.{project.name}.{what}", value, kind)

    text = writer.text
    texts = Texts(
        account,
        f"绩效「{project.name}」",
        {
            "主要产出和效益": text(project.effects, "主要产出和效益"),
            "发现的问题及原因": text(project.problems, "发现的问题及原因"),
            "下一步改进措施": text(project.next_steps, "下一步改进措施"),
        },
        f"请在项目「{project.name}」的绩效文件里补写 {{name}}",
    )
    names: dict[str, Any] = {
        "名称": text(project.short_name, "简称") or text(project.name, "项目名称"),
        "全称": text(project.name, "项目名称"),
        "主管部门": text(project.superior, "主管部门"),
        "项目实施单位": text(project.implementer, "项目实施单位"),
        "项目类别": project.category,
        "项目属性": project.attribute,
        "项目类型": project.type,
        "年初预算": figure("年初预算", project.initial),
        "调整预算": figure("调整预算", project.adjusted),
        "预算": figure("预算", project.budget),
        "执行": figure("执行", project.executed),
        "有调整": project.adjusted is not None and project.adjusted != project.initial,
        "执行率": figure("执行率", project.execution_rate, Kind.COUNT),
        "执行率分值": score(project.execution_points),
        "执行得分": score(project.execution_score),
        "总分": score(project.total_score),
        "目标分值": score(sum((target.points or ZERO for target in project.targets), ZERO)),
        "指标行": target_rows(project, writer.below("绩效指标")),
        "偏差原因": text(project.deviation, "偏差原因分析"),
        "改进措施": text(project.improvement, "改进措施及结果应用"),
        "主要产出和效益": texts["主要产出和效益"],
        "发现的问题及原因": texts["发现的问题及原因"],
        "下一步改进措施": texts["下一步改进措施"],
    }
    return bag(names)


def target_rows(project: Project, writer: Writer) -> list[Names]:
    """Return the lines of a form; 一级首 and 二级首 say where a merged label begins."""
    rows: list[Names] = []
    before = ("", "")
    for number, target in enumerate(project.targets):
        text = writer.below(str(number)).text
        first, second = labels = (target.first, target.second)
        names: dict[str, Any] = {
            "一级": text(first, "一级指标"),
            "二级": text(second, "二级指标"),
            "三级": text(target.third, "三级指标"),
            "目标值": text(target.target, "年初目标值"),
            "完成值": text(target.result, "实际完成值"),
            "分值": score(target.points),
            "得分": score(target.score),
            "一级首": first != before[0],
            "二级首": labels != before,
        }
        rows.append(bag(names))
        before = labels
    return rows


@lru_cache(maxsize=POINTS)
def score(points: Decimal | None) -> str:
    """Return points as text: 12, 94.2; nothing where there are none."""
    return "" if points is None else format_number(points, SCORE)
