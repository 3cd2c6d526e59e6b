"""Texts: what a template left behind, other years and units, doubled words, and reasons against the figures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from builder.accounts.figures import UnknownIndicatorError
from builder.accounts.money import printed

from .case import AROUND, Case, Prose
from .engine import rule
from .results import HOLDS, Result, fails, undecided
from .unit_names import names_within
from .written import all_hold, all_texts, has_twice

RESIDUE = re.compile(
    r"示例[：:]|[（(]?文字说明[）)]|(?<![A-Za-z])[XxＸ]{2,}(?![A-Za-z])|某某|_{2,}|＿{2,}"
    r"|增加[（(/、]减少[）)]?|减少[（(/、]增加[）)]?|上升[（(/]下降[）)]?|增长[（(/]下降[）)]?"
    r"|[（(]此处[^）)]*[）)]|【\s*】|【[^】]*(?:填|补充|此处|示例|名称|年度|文字)[^】]*】|请(?:在此|自行)?填写|\{\{|\}\}"
)
PERHAPS_RESIDUE = re.compile(
    r"示例|文字说明|X[XxＸ]|x[XxＸ]|Ｘ[XxＸ]|某某|__|＿＿|××"
    r"|增加[（(/、]|减少[（(/、]|上升[（(/]|增长[（(/]|此处|【|填写|\{\{|\}\}"
)
"""What there is in every residue; quick, for each word begins with a character that few others begin with."""
CROSSES = re.compile(r"×{2,}")
CONTACT = re.compile(r"电话|手机|传真|联系人|联系方式|[-－—\d]$")
"""What stands before ×××× that a publisher has put for a number or a name of a person."""
DOUBLED_SIGNS = re.compile(r"[，、；：。](?:[，、；：]|(?<!。)。|。(?!。))")
DOUBLED_WORDS = re.compile(
    r"(主要原因是|主要是由于|万元|年度|较上年|与上年相比)\1|(?<!目)的的(?!确)|([\u4e00-\u9fff]{3,8})\2"
)
TWICE, SHORTEST, LONGEST = "的的", 2, 8
"""What there is in all of these: a word that is wrong twice in a row, and how long the others are."""
ANOTHER_YEAR = re.compile(
    r"(20\d\d)\s*年(?:度|本级)?\s*(?:部门|单位)?(?:财政拨款|一般公共预算|机关运行经费|政府采购|“三公”)?(?:决算|收入|支出|收支|经费)"
    r"|截[至止]\s*(20\d\d)\s*年\s*12\s*月\s*31\s*日"
)
CENTURY = "20"
SENTENCE_PART = re.compile(r"[^，,。；;\n]+")
OF_ANOTHER_TIME = {
    "较上年": re.compile(r"(?<![比较与和])(?:上年|去年|上一年|以前年度|往年)"),
    "较预算": re.compile(r"年初|预算|上年|去年|以前年度"),
}
"""Comparison → what a part of a reason speaks of where its direction is that of the base, not of this year's figure."""
NEGATED = re.compile(r"(?:没有|未|不再|不|无|避免)(?:发生|出现|安排)?(?:减少|下降|降低|增加|增长|上升|新增)")
LESS = re.compile(r"减少|下降|降低|压缩|压减|缩减|厉行节约|过紧日子")
MORE = re.compile(r"增加|增长|上升|新增|增大|增多|上涨|(?:标准|比例|基数|工资|待遇|费率|价格)[^，。；]{0,4}提高")
ALSO_MORE = re.compile(r"提高|增设|扩大|追加|补缴|补发|新录用|首次")
ALSO_LESS = re.compile(r"节约|取消|停止|推迟|结束|退休|调出|核减")
"""Words that explain an increase, or a decrease, beside others of the opposite direction."""
REVERSED = ("结转", "结余")
"""Figures that less expenditure makes larger."""
OTHER_SELF = {"单位": "本部门", "部门": "本单位"}
COMPARED = {"较上年": "last_year", "较预算": "budget"}


@rule(
    "模板残留", "没有模板的残留文字",
    meaning="文字里没有「示例：」「XX」「××」「____」「【】」「增加（减少）」「（文字说明）」等填写提示。",
    formula="文字不含填写提示",
)
def residue(case: Case) -> Iterator[Result]:
    """All texts; ×××× for a telephone or a contact is none. Source: what a form prints for the writer to replace."""
    return map(_residue, case.texts) if PERHAPS_RESIDUE.search(all_texts(case)) else all_hold(case)


def _residue(prose: Prose) -> Result:
    found = RESIDUE.search(prose.text) or next(
        (sign for sign in CROSSES.finditer(prose.text) if not CONTACT.search(prose.text[: sign.start()][-AROUND:])),
        None,
    )
    return HOLDS if found is None else _shown(found, prose, "像是模板里的填写提示，没有改成自己的内容；请改写")


@rule(
    "重复字词",
    "没有重复的字词和标点",
    meaning="文字里没有连写两遍的标点和字词。",
    formula="文字不含「，，」「。。」「的的」等",
)
def doubled(case: Case) -> Iterator[Result]:
    """All texts. Source: slips found in published documents."""
    text = all_texts(case)
    if not (DOUBLED_SIGNS.search(text) or TWICE in text or has_twice(text, SHORTEST, LONGEST)):
        yield from all_hold(case)  # of the signs
        yield from all_hold(case)  # and of the words
        return
    for prose in case.texts:
        yield _searched(DOUBLED_SIGNS, prose, "标点重复；请删去多余的")
        yield _searched(DOUBLED_WORDS, prose, "字词重复；请删去多余的")


@rule(
    "年度",
    "文字里的决算年度",
    meaning="文字说的「某年度决算」「某年收入、支出」「截至某年12月31日」是本年度或上年度。",
    formula="「○○○○年度决算」「截至○○○○年12月31日」＝ 本年度或上年度",
)
def year(case: Case) -> Iterator[Result]:
    """Texts that name a year's final accounts: those of an older year were copied. Source: the document's title."""
    wrong = f"年度与 {case.year} 年度决算不符；请核对是不是从别的年度抄来的"
    for prose in case.texts:
        for found in ANOTHER_YEAR.finditer(prose.text) if CENTURY in prose.text else ():
            near = int(found[1] or found[2]) in {case.year, case.year - 1}
            yield HOLDS if near else _shown(found, prose, wrong)


@rule(
    "单位名称", "没有抄进别的单位的名称", meaning="文字里没有工作文件夹里别的单位的名称（主管部门和所属单位除外）。",
    formula="文字不含其他单位的名称",
)
def unit(case: Case) -> Iterator[Result]:
    """Texts naming another unit of the workspace. Source: documents made from another unit's."""
    organisation = case.facts.organisation
    own = " ".join((case.folder, case.card.name, case.card.superior, *(each.name for each in organisation.units)))
    foreign = [name for name in names_within(all_texts(case), tuple(case.unit_names)) if name not in own]
    if not foreign:
        yield from all_hold(case)
        return
    for prose in case.texts:
        name = next((name for name in foreign if name in prose.text), "")
        yield HOLDS if not name else fails(
            f"{prose.name}里写着「{name}」，是另一个单位；请核对是不是从它的资料抄来的", prose.at(prose.text.find(name))
        )


@rule(
    "自称", "部门和单位不混用",
    meaning="单位决算的文字里不写「本部门」，部门决算的文字里不写「本单位」。",
    formula="单位：文字不含「本部门」；部门：文字不含「本单位」",
)
def own_name(case: Case) -> Iterator[Result]:
    """All texts, by 类型 of 单位.yaml. Source: 部门决算 is of a department with its units, 单位决算 of one unit."""
    other = OTHER_SELF[case.card.kind]
    if other not in all_texts(case):
        yield from all_hold(case)
        return
    for prose in case.texts:
        yield HOLDS if other not in prose.text else fails(
            f"{prose.name}里写着「{other}」，但这是{case.card.kind}决算；请改写，或核对 单位.yaml 的「类型」",
            prose.at(prose.text.find(other)),
        )


@rule(
    "原因方向", "原因与增减方向一致",
    meaning="数是增加的，原因里不只说减少；数是减少的，原因里不只说增加。说上年、年初预算的话不算本年的方向。",
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
        if any(word in name for word in REVERSED):
            yield undecided(f"「{name}」是结转结余，支出减少会使它增加", source=reason.source)
            continue
        change = printed(figure.value) - printed(before)
        if not _contradicts(reason.text, against, change):
            yield HOLDS
            continue
        found, said = ("增加", "减少") if change > 0 else ("减少", "增加")
        message = (
            f"「{name}」{against}{found} {abs(change):,} 万元，原因却只说{said}：「{reason.text[:30]}」；请核对"
        )
        yield fails(message, reason.source)


def _contradicts(text: str, against: str, change: Decimal) -> bool:
    """Tell whether a reason speaks of the other direction alone."""
    other, own, also = (LESS, MORE, ALSO_MORE) if change > 0 else (MORE, LESS, ALSO_LESS)
    if not change or not other.search(text):
        return False
    about_this = " ".join(
        NEGATED.sub("", part[0])
        for part in SENTENCE_PART.finditer(text)
        if not OF_ANOTHER_TIME[against].search(part[0])
    )
    return bool(other.search(about_this)) and not own.search(about_this) and not also.search(text)


def _searched(pattern: re.Pattern[str], prose: Prose, what: str) -> Result:
    found = pattern.search(prose.text)
    return HOLDS if found is None else _shown(found, prose, what)


def _shown(found: re.Match[str], prose: Prose, what: str) -> Result:
    around = prose.around(found.start(), found.end())
    return fails(f"{prose.name}里的「{around}」，{what}", prose.at(found.start()))


RULES = (residue, doubled, year, unit, own_name, direction)
