"""绩效 forms that a style declares: filled in by a unit, checked, and computed in the part."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from pydantic_core import PydanticCustomError

from builder.accounts.figures import Figure
from builder.accounts.forms import check_fields, form_model
from builder.accounts.printed_forms import PrintedForm
from builder.context import FigureText, FigureValue, Names
from builder.form_filters import completion_of, difference_of, total
from builder.form_names import form_names
from builder.loading.forms import fill_in
from builder.loading.yaml_reader import read_yaml

FIELDS = {
    "项目名称": "文字 必填",
    "单位性质": "词语",
    "资金": {"省级": {"预算": "金额", "支出": "金额"}},
    "指标": [{"一级": "文字", "二级": "文字", "分值": "数", "得分": "数"}],
}
MODELS = {"自评表": form_model("自评表", FIELDS)}
FILLED = """\
表: 自评表
项目名称: 甲项目
单位性质: 行政机关
资金: {省级: {预算: 128673, 支出: 122750.25}}
指标:
  - {一级: 产出, 二级: 数量, 分值: 5, 得分: 5}
  - {一级: 产出, 二级: 质量, 分值: 7, 得分: 6.5}
  - {一级: 效益, 二级: 质量, 分值: 3, 得分: 3}
"""


def filled(tmp_path: Path, text: str) -> tuple[tuple, list[str]]:
    """Return the forms of one file, and what is said about it."""
    path = tmp_path / "content" / "甲" / "绩效.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    forms, findings = fill_in([read_yaml(path, tmp_path)], MODELS)
    return forms, [str(finding) for finding in findings]


def test_a_form_is_read_and_named(tmp_path: Path) -> None:
    (form,), said = filled(tmp_path, FILLED)
    assert said == []
    names = form_names(form)
    assert (names["项目名称"], names["单位性质"]) == ("甲项目", ["行政机关"])
    assert names["资金"]["省级"]["支出"].figure.value == Decimal(1227502500)  # 122,750.25 万元 in 元
    lines = names["指标"]
    assert [(line["一级首"], line["二级首"]) for line in lines] == [(True, True), (False, True), (True, True)]
    assert [(line["一级内序号"], line["二级内序号"]) for line in lines] == [(1, 1), (2, 1), (1, 1)]
    assert [str(line["得分"]) for line in lines] == ["5", "6.5", "3"]
    assert total(lines, "得分").figure == Figure("合计（得分）", Decimal("14.5"), lines[0]["得分"].figure.kind)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("项目名称: 甲项目\n", "", "content/甲/绩效.yaml:1:1: 错误：缺少「项目名称」；请补上"),
        ("支出: 122750.25", "支出: 十万", "content/甲/绩效.yaml:4:27: 错误：「支出」的金额写作「十万」，不是金额"),
        ("得分: 6.5", "得分: 六", "content/甲/绩效.yaml:7:33: 错误：「得分」写作「六」，不是数字；请填数字"),
        ("单位性质", "单位性貭", "content/甲/绩效.yaml:3:1: 错误：「单位性貭」不是这里的栏目名；应写作「单位性质」"),
        ("表: 自评表", "表: 自平表", "content/甲/绩效.yaml:1:4: 错误：「表」写作「自平表」，格式里没有这种绩效表；"),
    ],
)
def test_mistakes_are_told_where_they_stand(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert FILLED.count(old) == 1
    forms, said = filled(tmp_path, FILLED.replace(old, new))
    assert forms == ()
    assert len(said) == 1
    assert said[0].startswith(message)


@pytest.mark.parametrize("kind", ["文宇", "文字 必", "金额 必填 必填", ""])
def test_a_kind_that_there_is_not_is_refused(kind: str) -> None:
    with pytest.raises(PydanticCustomError, match="应是 文字、词语、金额、数、个数 之一"):
        check_fields({"资金": {"年初": kind}})


@pytest.mark.parametrize(
    ("result", "target", "rate"),
    [
        ("97.03%", ">=90%", "107.8111"),  # 97.03 / 90
        ("2.03倍", "≤2.07倍", "100"),
        ("4.89", "6-9个月", "81.5"),  # 4.89 / 6
        ("7个月", "6-9个月", "100"),
        ("27.69万件次", "≥26万件次", "106.5"),
        ("405家", "52家", "778.8462"),
        ("102.3万人次", "152万人次", "67.3026"),
        ("32191万元", ">=32750万元", "98.2931"),
        ("18小时", "≤24小时", "100"),
        ("0人", "0人", "100"),
        ("5.2", "≤4", "76.9231"),  # 4 / 5.2: over an upper bound
        ("1,314", ">=1,200", "109.5"),
        ("有所提升", "有所提升", "100"),
        ("2021-12-01", "2021-12-01", "100"),
        ("2022-03-01", "2021-12-01", None),
        ("按时拨付", "及时拨付", None),
        ("", "≥90%", None),
    ],
)
def test_completion_of_a_target(result: str, target: str, rate: str | None) -> None:
    figure = completion_of(result, target).figure
    if rate is None:
        assert figure is None
    else:
        assert figure is not None
        assert round(figure.value, 4) == Decimal(rate)


def test_sums_and_differences_of_figures() -> None:
    one, two = (FigureValue(name, Figure(name, Decimal(value))) for name, value in (("甲", 300), ("乙", 120)))
    unknown = FigureValue("丙", None)
    assert total([one, two, unknown]).figure == Figure("合计", Decimal(420))
    assert difference_of(one, two).figure == Figure("差", Decimal(180))
    assert difference_of(one, unknown).figure is None
    assert total([Names(得分=FigureText(""))], "得分").figure.value == 0  # type: ignore[union-attr]


PRINTED_FORM = """\
表: 公开自评表
标题: 项目支出绩效自评表
项目名称: 甲项目
年度: 2021
资金:
  - {名: 年度资金总额, 年初预算: 1,247.60, 执行: 约一千, 执行率: 98.5%, 分值: 10, 得分: 9.85}
  - {名: 其中：财政拨款, 层: 1, 年初预算: ""}
指标:
  - {一级: 产出, 三级: 整治社区数, 目标值: ≥12个, 完成值: 44531.0, 完成比例: 100, 权重: 5%}
一级权重: [{名: 产出, 权重: 5}]
总分: 九十
文字: [{名: 存在问题, 文: 无}]
"""


def test_a_printed_form_is_kept_as_printed_in_every_style(tmp_path: Path) -> None:
    (form,), said = filled(tmp_path, PRINTED_FORM)
    assert said == []
    assert isinstance(form, PrintedForm)
    total_line, part = form.money
    assert (total_line.initial, total_line.executed, total_line.execution_rate) == ("1,247.60", "约一千", "98.5%")
    assert (total_line.level, part.level, part.initial) == (0, 1, "")
    assert (form.indicators[0].actual, form.heads[0].weight, form.total) == ("44531.0", "5", "九十")


def test_an_unknown_key_of_a_printed_form_is_told(tmp_path: Path) -> None:
    forms, said = filled(tmp_path, PRINTED_FORM.replace("完成值", "完城值"))
    assert forms == ()
    assert said == ["content/甲/绩效.yaml:9:36: 错误：「完城值」不是这里的栏目名；应写作「完成值」"]
