"""Texts: what a template left behind, other years and units, doubled words, and reasons against the figures."""

from __future__ import annotations

import re
from collections.abc import Iterator

from builder.accounts.figures import UnknownIndicatorError
from builder.accounts.money import printed

from .case import Case, Prose
from .engine import rule
from .results import HOLDS, Result, fails, judged, undecided

RESIDUE = re.compile(
    r"示例[：:]|[（(]?文字说明[）)]|(?<![A-Za-z0-9])[Xx]{2,}(?![A-Za-z0-9])|增加[（(/]减少[）)]?|减少[（(/]增加[）)]?|[（(]此处[^）)]*[）)]"
    r"|【待补充[^】]*】|请(?:在此|自行)?填写|\{\{|\}\}"
)
DOUBLED_SIGNS = re.compile(r"([，、；：])\1|。。(?!。)|[，、；：][。，、；：]|。[，、；：]")
DOUBLED_WORDS = re.compile(r"(主要原因是|主要是由于|(?<!目)的|万元|年度|较上年|与上年相比)\1")
ANOTHER_YEAR = re.compile(r"(20\d\d)\s*年(?:度|本级)?\s*(?:部门|单位)?决算")
LESS, MORE = re.compile(r"减少|下降|降低|压缩|压减"), re.compile(r"增加|增长|上升|提高|新增|增大")
COMPARED = {"较上年": "last_year", "较预算": "budget"}
AROUND = 8
"""How many characters before and after what is found a message shows."""


@rule(
    "模板残留", "没有模板的残留文字", meaning="文字里没有「示例：」「XX」「增加（减少）」「（文字说明）」等填写提示。",
    formula="文字不含填写提示",
)
def residue(case: Case) -> Iterator[Result]:
    """All texts. Source: what the form of a province prints for the writer to replace."""
    for prose in case.texts:
        yield from _searched(RESIDUE, prose, "像是模板里的填写提示，没有改成自己的内容；请改写")


@rule(
    "重复字词",
    "没有重复的字词和标点",
    meaning="文字里没有连写两遍的标点和字词。",
    formula="文字不含「，，」「。。」「的的」等",
)
def doubled(case: Case) -> Iterator[Result]:
    """All texts. Source: slips found in published documents."""
    for prose in case.texts:
        yield from _searched(DOUBLED_SIGNS, prose, "标点重复；请删去多余的")
        yield from _searched(DOUBLED_WORDS, prose, "字词重复；请删去多余的")


@rule(
    "年度",
    "文字里的决算年度",
    meaning="文字说的「某年度决算」是本年度或上年度。",
    formula="「○○○○年度决算」＝ 本年度或上年度",
)
def year(case: Case) -> Iterator[Result]:
    """Texts that name a year's final accounts: those of an older year were copied. Source: the document's title."""
    wrong = f"年度与 {case.year} 年度决算不符；请核对是不是从别的年度抄来的"
    for prose in case.texts:
        for found in ANOTHER_YEAR.finditer(prose.text):
            near = int(found[1]) in {case.year, case.year - 1}
            yield HOLDS if near else _shown(found, prose, wrong)


@rule(
    "单位名称", "没有抄进别的单位的名称", meaning="文字里没有工作文件夹里别的单位的名称（主管部门和所属单位除外）。",
    formula="文字不含其他单位的名称",
)
def unit(case: Case) -> Iterator[Result]:
    """Texts naming another unit of the workspace. Source: documents made from another unit's."""
    own = " ".join((case.card.name, case.card.superior, *(each.name for each in case.facts.organisation.units)))
    foreign = [name for name in case.other_units if name not in own]
    for prose in case.texts if foreign else ():
        name = next((name for name in foreign if name in prose.text), "")
        message = f"{prose.name}里写着「{name}」，是另一个单位；请核对是不是从它的资料抄来的"
        yield judged(good=not name, message=message, sources=(prose.at(prose.text.find(name)),))


@rule(
    "原因方向", "原因与增减方向一致", meaning="数是增加的，原因里不只说减少；数是减少的，原因里不只说增加。",
    formula="增加时原因不只含「减少」「下降」；减少时原因不只含「增加」「增长」",
)
def direction(case: Case) -> Iterator[Result]:
    """Reasons with the figure they explain. Source: 决算情况说明, 主要原因."""
    for (name, against), reason in case.reasons.items():
        attribute = COMPARED.get(against)
        try:
            figure = case.indicators.get(name)
        except (UnknownIndicatorError, ValueError):
            continue
        before = getattr(figure, attribute) if attribute else None
        if before is None:
            yield undecided(f"「{name}」没有可比的数", source=reason.source)
            continue
        change = figure.value - before
        less, more = bool(LESS.search(reason.text)), bool(MORE.search(reason.text))
        wrong = (change > 0 and less and not more) or (change < 0 and more and not less)
        message = (
            f"「{name}」{against}{'增加' if change > 0 else '减少'} {printed(abs(change)):,} 万元，原因却只说"
            f"{'减少' if change > 0 else '增加'}：「{reason.text[:30]}」；请核对"
        )
        yield judged(good=not wrong, message=message, sources=(reason.source,))


def _searched(pattern: re.Pattern[str], prose: Prose, what: str) -> Iterator[Result]:
    found = pattern.search(prose.text)
    yield HOLDS if found is None else _shown(found, prose, what)


def _shown(found: re.Match[str], prose: Prose, what: str) -> Result:
    around = prose.text[max(found.start() - AROUND, 0) : found.end() + AROUND].replace("\n", " ")
    return fails(f"{prose.name}里的「{around}」，{what}", prose.at(found.start()))


RULES = (residue, doubled, year, unit, direction)
