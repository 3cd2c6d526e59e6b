"""绩效自评: points and scores, weights, execution, and values that a spreadsheet has spoilt."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from builder.accounts.money import ZERO, printed
from builder.accounts.values import AMOUNT
from builder.findings import Level, Source

from .case import Case
from .engine import rule
from .results import HOLDS, Result, fails, judged

Path = tuple[str | int, ...]
FULL = Decimal(100)
SERIAL_DATE = re.compile(r"(?<![\d.])(?:3[6-9]|4\d|5[0-4])\d{3}\.0(?!\d)")
"""A date as a spreadsheet counts it, in days, read as a number: 44531.0."""
POINTS, SCORE, NAMES = "分值", "得分", ("三级", "三级指标", "名称", "二级")
TARGETS = ("年初目标值", "目标值", "年度指标值")


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator of a self-evaluation form."""

    form: str
    name: str
    target: str
    points: Decimal | None
    score: Decimal | None
    source: Source
    texts: tuple[str, ...]
    group: str = ""


@rule(
    "得分", "得分不超过分值", severity=Level.ERROR, meaning="每个绩效指标的得分不超过它的分值，也不小于零。",
    formula="0 ≤ 得分 ≤ 分值",
)
def scores(case: Case) -> Iterator[Result]:
    """Each line that has both. Source: 项目支出绩效自评表, columns 分值 and 得分."""
    for line in lines(case):
        if line.points is not None and line.score is not None:
            message = f"{line.form}：「{line.name}」得分 {line.score}，分值 {line.points}；得分应在零和分值之间"
            yield judged(good=0 <= line.score <= line.points, message=message, sources=(line.source,))


@rule(
    "分值合计", "分值合计 100", meaning="项目自评表里，执行率和各绩效指标的分值合计 100 分。",
    formula="执行率分值 ＋ Σ分值 ＝ 100",
)
def weights(case: Case) -> Iterator[Result]:
    """Forms of which every indicator has points. Source: 项目支出绩效自评表, 总分 100."""
    for project, places in case.projects:
        points = [target.points for target in project.targets]
        given = [each for each in points if each is not None]
        if not given or len(given) < len(points):
            continue
        total = project.execution_points + sum(given, ZERO)
        message = (
            f"「{project.name}」执行率分值 {project.execution_points} 与各指标分值合计 {sum(given, ZERO)}，"
            f"共 {total} 分，应为 100 分；请核对分值"
        )
        yield judged(good=total == FULL, message=message, sources=(places.nearest(("绩效指标",)),))


@rule(
    "执行数", "项目执行数不超过预算", meaning="项目的执行数不超过调整后的预算数，执行率不超过 100%。",
    formula="执行数 ≤ 预算数（有调整的用调整预算）",
)
def execution(case: Case) -> Iterator[Result]:
    """Projects with a budget. Source: 项目支出绩效自评表, 预算执行情况."""
    for project, places in case.projects:
        if not project.budget:
            continue
        message = (
            f"「{project.name}」执行数 {printed(project.executed, places=4).normalize():f} 万元，大于预算数 "
            f"{printed(project.budget, places=4).normalize():f} 万元；请核对，年中有追加的填「调整预算」"
        )
        good = project.executed <= project.budget
        yield judged(good=good, message=message, sources=(places.nearest(("执行数",)),))


@rule(
    "表格日期", "电子表格的日期没有变成数字", meaning="从电子表格抄来的日期没有变成 44531.0 这样的天数。",
    formula="目标值、完成值里没有五位数加「.0」",
)
def serial_dates(case: Case) -> Iterator[Result]:
    """Texts of the forms. Source: dates that a spreadsheet gives as days since 1900."""
    for line in lines(case):
        if not line.texts:
            continue
        spoilt = next((found[0] for text in line.texts if (found := SERIAL_DATE.search(text))), "")
        message = f"{line.form}：「{line.name}」写着 {spoilt}，像是电子表格里的日期变成了数字；请改写成年月日"
        yield judged(good=not spoilt, message=message, sources=(line.source,))


@rule(
    "指标重复", "同一个绩效指标只有一个目标值", meaning="同一张自评表里，同名的绩效指标没有两个不同的目标值。",
    formula="同名指标的目标值相同",
)
def repeated(case: Case) -> Iterator[Result]:
    """Indicators of one name under the same heads of a form. Source: 项目支出绩效自评表."""
    seen: dict[tuple[str, str, str], Line] = {}
    for line in lines(case):
        if not line.target:
            continue
        first = seen.setdefault((line.form, line.group, line.name), line)
        message = f"{line.form}：「{line.name}」有两个目标值，{first.target} 和 {line.target}；请核对"
        sources = (line.source, first.source)
        yield HOLDS if line.target == first.target else fails(message, *sources)


def lines(case: Case) -> Iterator[Line]:
    """Yield every indicator of every self-evaluation form."""
    for project, places in case.projects:
        for number, given in enumerate(project.targets):
            yield Line(
                project.name, given.third, given.target, given.points, given.score,
                places.nearest(("绩效指标", number)), (given.target, given.result), f"{given.first}/{given.second}",
            )
    for form in case.forms:
        title = str(form.data.get("项目名称") or form.data.get("表", ""))
        for path, data in _records(form.data, ()):
            group = "/".join(str(data.get(level, "")) for level in ("一级", "二级"))
            name = next((str(data[key]) for key in NAMES if data.get(key)), str(path[-1]))
            target = next((str(data[key]) for key in TARGETS if data.get(key)), "")
            texts = tuple(text for text in data.values() if isinstance(text, str))
            place = form.places.nearest(path)
            yield Line(title, name, target, _number(data.get(POINTS)), _number(data.get(SCORE)), place, texts, group)


def _records(value: object, path: Path) -> Iterator[tuple[Path, Mapping[str, object]]]:
    """Yield each mapping inside a form that is a line of it."""
    if isinstance(value, Mapping):
        if path and any(key in value for key in (POINTS, SCORE, *TARGETS)):
            yield path, value
        for key, inner in value.items():
            yield from _records(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _records(inner, (*path, number))


def _number(text: object) -> Decimal | None:
    return Decimal(text.replace(",", "")) if isinstance(text, str) and AMOUNT.fullmatch(text) else None


RULES = (scores, weights, execution, serial_dates, repeated)
