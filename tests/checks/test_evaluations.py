"""Every rule on 绩效自评 holds on clean forms, and fails where one change breaks it; readings of targets and scales."""

from __future__ import annotations

import shutil
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from workspaces import ROOT, UNIT, YEAR, WorkspaceCopy

from builder.accounts.completion import is_met, is_reached, is_reached_otherwise
from builder.building import Builder
from builder.checks import performance
from builder.checks.performance_grades import scale_of
from builder.checks.performance_standards import deductions
from builder.checks.results import Outcome
from builder.findings import Level
from builder.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from builder.checks.engine import Report
    from builder.checks.results import Result

FIRST = """\
表: 公开自评表
标题: 项目支出绩效自评表
项目名称: 甲项目省级补助资金
年度: "2022"
填报日期: 2023年01月10日
资金:
  - {名: 合计, 年初预算: 50, 调整: -10, 全年预算: 40, 到位: 40, 到位率: 100%, 执行: 38, 执行率: 95%, 结余: 2,
     分值: 10, 得分: 9.5, 评分标准: 10分*执行率}
  - {名: 中央财政资金, 层: 1, 年初预算: 0, 全年预算: 0, 到位: 0, 到位率: 0%, 执行: 0, 执行率: 0%}
  - {名: 省级财政资金, 层: 1, 年初预算: 30, 调整: 0, 全年预算: 30, 到位: 30, 到位率: 100.0%, 执行: 30, 执行率: 100%}
  - {名: 其他资金, 层: 1, 年初预算: 20, 调整: "-10.00", 全年预算: 10, 到位: 10, 到位率: 100.00%, 执行: 8,
     执行率: 80%, 结余: "2.00"}
支出内容: [{名: 印刷费, 金额: 30}, {名: 差旅费, 金额: 8}, {名: 合计, 金额: 38}]
目标:
  - {一级: 产出, 二级: 数量, 内容: 培训人次, 参考标准: ≥500人次, 目标值: ≥500人次, 完成值: 480人次, 完成比例: 96%}
  - {一级: 产出, 二级: 成本, 内容: 2022年印刷费, 目标值: ≤30万元, 完成值: 30万元, 完成比例: 100%}
  - {一级: 产出, 二级: 时效, 内容: 完成时间, 目标值: 12月底前, 完成值: 12月底前, 完成比例: 100%}
  - {一级: 效益, 二级: 社会效益, 内容: 政策知晓率, 目标值: ≥80%, 完成值: 92%, 完成比例: 115%}
指标:
  - {一级: 产出(50分), 二级: 数量, 三级: 培训人次, 分值: 30, 得分: 28,
     评分标准: "达到500人次的得满分，每少10人次扣1分，扣完为止",
     得扣分原因: "培训480人次，少20人次，扣2分，得28分", 偏差原因: 一期培训推迟}
  - {一级: 产出(50分), 二级: 成本, 三级: 2022年印刷费, 分值: 20, 得分: 20, 得扣分原因: 没有超支，得满分}
  - {一级: 效益(40分), 二级: 社会效益, 三级: 政策知晓率, 评分标准: 达到80%，每低1%扣1分, 分值: 40, 得分: 40,
     得扣分原因: 知晓率92%，得满分}
一级权重: [{名: 产出, 权重: 50}, {名: 效益, 权重: 40}]
完成情况: 未完成
未完成原因: 一期培训推迟到下年
总分值: 100
总分: 97.5
评价等级: 优
等级标准: 优（S≥90）、良（90＞S≥80）、中（80＞S≥60）、差（60＞S）
文字: [{名: 项目实施单位, 文: 云溪市医疗保障中心}]
"""
SECOND = """\
表: 公开自评表
标题: 项目支出绩效自评表
项目名称: 乙项目
资金: [{名: 年度资金总额, 年初预算: 40, 全年预算: 20, 执行: 18, 执行率: 90%, 分值: 10, 得分: 9}]
指标:
  - {三级: 宣传场次, 目标值: ≥12场, 完成值: 15场, 完成比例: 125%, 分值: 50, 得分: 50}
  - {三级: 政策知晓率, 目标值: ≥80%, 完成值: 92%, 分值: 40, 得分: 40}
  - {三级: 群众满意程度, 目标值: ≥80%, 完成值: 88%, 完成比例: 110%}
总分: 99
评价等级: 优
文字: [{名: 项目实施单位, 文: 云溪市医疗保障中心}]
"""
TOLD = """\
表: 公开自评表
标题: 项目绩效自评结果
项目名称: 乙项目
资金: [{名: 项目, 全年预算: 20, 执行: 18}]
总分: 99
文字: [{文: 全年预算数20万元。}]
"""
THIRD = """\
表: 公开自评表
标题: 项目支出绩效自评表
项目名称: 丙项目
资金: [{名: 年度资金总额, 全年预算: 200, 执行: 100}]
指标: [{三级: 居民政策知晓率, 目标值: ≥80%, 完成值: 93%}, {三级: 群众满意程度, 目标值: ≥80%, 完成值: 88%}]
文字: [{名: 项目实施单位, 文: 云溪市医疗保障中心}, {名: 存在问题, 文: 印刷进度较慢}, {名: 项目类型, 文: 业务类☑ 其他□}]
"""
WHOLE = """\
表: 公开自评表
标题: 部门整体支出绩效自评表
项目名称: 本单位
资金: [{名: 基本支出, 执行: 816.42}, {名: 项目支出, 执行: 250.59}, {名: 财政拨款, 层: 1, 年初预算: 919.86}]
指标:
  - {三级: “三公”经费控制率, 完成值: 21.4%}
  - {三级: 参保人数, 完成值: 9021人}
  - {三级: 缴费人数, 完成值: 9000人}
"""
FILES = {"公开甲": FIRST, "公开乙": SECOND, "公开乙说明": TOLD, "公开丙": THIRD, "公开整体": WHOLE}

BROKEN = {
    "执行率": ("公开甲", "执行率: 80%", "执行率: 85%", ()),
    "执行率口径": ("公开甲", "执行率: 80%", "执行率: 40%", ()),
    "执行率空缺": ("公开乙", "执行率: 90%", '执行率: "%"', ()),
    "到位率": ("公开甲", "到位率: 100.00%", "到位率: 90%", ()),
    "结余": ("公开甲", '结余: "2.00"', "结余: 3", ("资金合计",)),
    "预算调整": ("公开甲", '调整: "-10.00"', "调整: -9", ("资金合计",)),
    "资金合计": ("公开甲", "{名: 印刷费, 金额: 30}", "{名: 印刷费, 金额: 29}", ()),
    "执行数": ("公开乙说明", "全年预算: 20", "全年预算: 17", ("项目两处",)),
    "执行率得分": ("公开甲", "得分: 9.5", "得分: 8.5", ("总分",)),
    "执行率评分": ("公开乙", "得分: 9}", "得分: 6}", ("总分",)),
    "资金层级": ("公开甲", "甲项目省级补助", "甲项目中央补助", ()),
    "完成比例": ("公开甲", "完成比例: 96%", "完成比例: 97%", ()),
    "完成比例口径": ("公开乙", "完成比例: 125%", "完成比例: 100%", ()),
    "表格日期": ("公开甲", "完成值: 12月底前", "完成值: 44531.0", ()),
    "目标与说明": ("公开甲", "参考标准: ≥500人次", "参考标准: ≥600人次", ()),
    "完成值与原因": ("公开甲", "知晓率92%", "知晓率93%", ()),
    "总体完成": ("公开甲", "完成情况: 未完成", "完成情况: 完成", ()),
    "表内年度": ("公开甲", "内容: 2022年印刷费", "内容: 2021年印刷费", ()),
    "成本指标": ("公开甲", "完成值: 30万元", "完成值: 29.9万元", ()),
    "得分": ("公开乙", "得分: 50}", "得分: 51}", ("总分",)),
    "分值合计": ("公开甲", "总分值: 100", "总分值: 110", ()),
    "一级权重": ("公开甲", "{名: 效益, 权重: 40}", "{名: 效益, 权重: 45}", ()),
    "总分": ("公开甲", "总分: 97.5", "总分: 96.5", ()),
    "得分空缺": ("公开乙", ", 得分: 50}", "}", ()),
    "扣分原因": (
        "公开甲", '得扣分原因: "培训480人次，少20人次，扣2分，得28分", 偏差原因: 一期培训推迟', "偏差原因: 无", (),
    ),
    "得分文字": ("公开甲", "得28分", "得29分", ()),
    "达标与得分": ("公开乙", "目标值: ≥12场", "目标值: ≥18场", ("完成比例",)),
    "评分标准": ("公开甲", "每少10人次扣1分", "每少10人次扣2分", ()),
    "等级标准": ("公开甲", "差（60＞S）", "差（60<S）", ()),
    "评价等级": ("公开甲", "评价等级: 优", "评价等级: 良", ()),
    "评价等级口径": ("公开乙", "评价等级: 优", "评价等级: 良", ()),
    "指标重复": ("公开乙", "三级: 宣传场次", "三级: 政策知晓率", ()),
    "指标不一": ("公开乙", "完成值: 92%", "完成值: 91%", ()),
    "数字颠倒": ("公开整体", "完成值: 9000人", "完成值: 9012人", ()),
    "项目两处": ("公开乙说明", "执行: 18", "执行: 17", ()),
    "整体与决算": ("公开整体", "执行: 816.42", "执行: 800", ()),
    "基本项目互换": ("公开整体", "执行: 816.42", "执行: 250.59", ()),
    "整体年初预算": ("公开整体", "年初预算: 919.86", "年初预算: 991.86", ()),
    "项目与决算": ("公开丙", "执行: 100", "执行: 199", ()),
    "单位一致": ("公开丙", "云溪市医疗保障中心", "云溪市医疗保险中心", ()),
    "指标名称": ("公开丙", "群众满意程度", "群众满意程序", ()),
    "表内重复": ("公开丙", "印刷进度较慢", "印刷进度进度较慢", ()),
    "表内标点": ("公开丙", "印刷进度较慢", "印刷厂、快递等、等单位进度较慢", ()),
    "资金文字": ("公开乙说明", "全年预算数20万元", "共涉及资金2.00万元", ()),
    "一格一选": ("公开丙", "文: 印刷进度较慢", "文: 印刷进度较慢}, {名: 项目属性, 文: 持续性☑ 新增性☑", ()),
    "执行空缺": (
        "公开甲", '到位: 10, 到位率: 100.00%, 执行: 8,\n     执行率: 80%, 结余: "2.00"', "到位: 10", ("资金合计",),
    ),
    "比率与决算": ("公开整体", "完成值: 21.4%", "完成值: 30.0%", ()),
}
"""Rule → the form, what stands there, what breaks it, and the rules that cannot but fail with it."""


HELD = [
    ("公开丙", "印刷进度较慢", "（一）印刷“进度”较慢；1)《通知》（〔2018〕105号）(印发)较晚"),
    ("公开乙说明", "全年预算数20万元", "共涉及资金20.00万元，执行数18万元"),
    ("公开丙", "文: 印刷进度较慢", "文: 印刷进度较慢}, {名: 项目属性, 文: 持续性☑ 新增性□"),
    ("公开丙", "文: 印刷进度较慢", "文: 印刷进度较慢}, {名: 资金来源, 文: 省级☑ 市级☑"),
    ("公开乙", "执行率: 90%", "执行率: 0.9"),
    ("公开乙", "完成比例: 125%", "完成比例: 1.25"),
    ("公开乙", "名: 年度资金总额", "名: 其中：财政拨款"),
    ("公开甲", "得28分", "理论得20分，实操得8分"),
    ("公开甲", "{名: 产出, 权重: 50}", "{名: 产出, 权重: 55.6%}"),  # 50 of 90
    ("公开甲", "总分: 97.5", "总分: 98"),
    ("公开甲", "等级标准: 优（S≥90）、良（90＞S≥80）、中（80＞S≥60）、差（60＞S）",
     "等级标准: 优（90≤S≤100）、良（80≤S≤89）、中（60≤S≤79）、差（0≤S≤59）"),
    ("公开甲", "每少10人次扣1分，扣完为止", "每少10人次扣2分，最多扣2分"),
]
"""What other houses write, and is not wrong."""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> WorkspaceCopy:
    return WorkspaceCopy.make(tmp_path_factory.mktemp("workspace"))


@pytest.fixture
def copy(workspace: WorkspaceCopy) -> Iterator[WorkspaceCopy]:
    for name, text in FILES.items():
        workspace.write(f"绩效/{name}.yaml", text)
    yield workspace
    workspace.restore()


def report_of(root: Path, unit: str = UNIT, year: int = YEAR) -> Report:
    return Builder(Workspace(root)).accounts(unit, year).report


def failures(report: Report) -> list[Result]:
    ours = {rule.id for rule in performance.RULES}
    return [result for result in report.failures if result.rule in ours]


def test_clean_forms_break_no_rule_and_try_each(copy: WorkspaceCopy) -> None:
    report = report_of(copy.root)
    assert [result.message for result in failures(report)] == []
    tried = {rule.id for rule in performance.RULES if Outcome.HOLDS in {each.outcome for each in report.of(rule.id)}}
    assert tried == {rule.id for rule in performance.RULES}
    assert tried == BROKEN.keys()


@pytest.mark.parametrize("rule", BROKEN)
def test_one_change_breaks_a_rule(copy: WorkspaceCopy, rule: str) -> None:
    file, old, new, others = BROKEN[rule]
    copy.edit(f"绩效/{file}.yaml", old, new)
    found = failures(report_of(copy.root))
    assert rule in {result.rule for result in found}
    assert {result.rule for result in found} - {rule} <= set(others)
    result = next(result for result in found if result.rule == rule)
    assert result.place is not None or rule == "分值合计"
    assert result.source is not None
    assert result.source.path.endswith(".yaml")
    assert result.source.line


@pytest.mark.parametrize(("file", "old", "new"), HELD)
def test_another_houses_way_breaks_no_rule(copy: WorkspaceCopy, file: str, old: str, new: str) -> None:
    copy.edit(f"绩效/{file}.yaml", old, new)
    assert [result.message for result in failures(report_of(copy.root))] == []


def test_the_only_part_of_a_total_need_not_be_all_of_it(copy: WorkspaceCopy) -> None:
    part = "\n  - {名: 其中：财政拨款, 层: 1, 全年预算: 150, 执行: 80}\n"
    copy.edit("绩效/公开丙.yaml", "资金: [{名: 年度资金总额, 全年预算: 200, 执行: 100}]\n",
              f"资金:\n  - {{名: 年度资金总额, 全年预算: 200, 执行: 100}}{part}")
    assert failures(report_of(copy.root)) == []


def broken_by(copy: WorkspaceCopy, rule: str) -> Result:
    file, old, new, _ = BROKEN[rule]
    copy.edit(f"绩效/{file}.yaml", old, new)
    return next(result for result in failures(report_of(copy.root)) if result.rule == rule)


def test_a_rate_is_found_with_both_numbers_and_its_cell(copy: WorkspaceCopy) -> None:
    result = broken_by(copy, "执行率")
    assert (result.stated, result.expected, result.difference) == (Decimal(85), Decimal(80), Decimal(5))
    assert not result.is_money
    assert str(result.place) == "甲项目省级补助资金/其他资金/执行率"
    assert result.source is not None
    line = FIRST.replace("执行率: 80%", "执行率: 85%").splitlines()[result.source.line - 1]
    assert line[result.source.column - 1 :].startswith("85%")


def test_an_amount_is_found_in_yuan(copy: WorkspaceCopy) -> None:
    result = broken_by(copy, "资金合计")
    assert (result.stated, result.expected) == (Decimal(380000), Decimal(370000))  # 38 and 29 + 8 万元
    assert result.is_money


def test_a_score_says_what_the_standard_gives(copy: WorkspaceCopy) -> None:
    result = broken_by(copy, "评分标准")
    # 20 persons short: two steps of 2 points, of 30
    assert (result.stated, result.expected) == (Decimal(28), Decimal(26))


def test_a_budget_of_zero_with_execution(copy: WorkspaceCopy) -> None:
    copy.edit("绩效/公开丙.yaml", "全年预算: 200", "全年预算: 0")
    assert {result.rule for result in failures(report_of(copy.root))} == {"执行数"}


def test_a_budget_is_not_what_a_cost_came_to(copy: WorkspaceCopy) -> None:
    copy.edit("绩效/公开丙.yaml", "执行: 100}]\n指标: [",
              "执行: 199}]\n指标: [{三级: 项目经费总额, 目标值: ≤200万元, 完成值: 200万元}, ")
    result = next(each for each in failures(report_of(copy.root)) if each.rule == "成本指标")
    # 200 is the budget, 199 was spent
    assert (result.stated, result.expected) == (Decimal(200), Decimal(199))


def test_a_declared_form_is_read_by_its_words(copy: WorkspaceCopy) -> None:
    style = (copy.form / "style.yaml").read_text(encoding="utf-8")
    declared = """
绩效表:
  自评表:
    项目名称: 文字
    资金: {省级: {年初预算: 金额, 支出: 金额}}
    目标: [{三级: 文字, 年度指标值: 文字, 全年完成值: 文字, 满分: 数, 得分: 数}]
    总体完成情况: 文字
"""
    assert "绩效表:" not in style
    copy.write("templates/湖北/style.yaml", style + declared)
    copy.write("绩效/丁.yaml", """\
表: 自评表
项目名称: 丁项目
资金: {省级: {年初预算: 10, 支出: 12}}
目标:
  - {三级: 检查家数, 年度指标值: ≥30家, 全年完成值: 28家, 满分: 60, 得分: 60}
  - {三级: 宣传场次, 年度指标值: ≥3场, 全年完成值: 3场, 满分: 40, 得分: 41}
总体完成情况: 完成
""")
    found = {(result.rule, str(result.source).rsplit("/", 1)[-1]) for result in failures(report_of(copy.root))}
    assert found == {
        ("执行数", "丁.yaml:3:25"), ("达标与得分", "丁.yaml:5:53"), ("得分", "丁.yaml:6:51"),
        ("总体完成", "丁.yaml:7:9"),
    }


def test_a_built_in_form_is_seen_too(copy: WorkspaceCopy) -> None:
    copy.edit("绩效/1基本医疗经办.yaml", "年初目标值: ≥25类, 实际", "年初目标值: ≥45类, 实际")
    (result,) = failures(report_of(copy.root))
    assert result.rule == "达标与得分"
    assert "目标值 ≥45类，完成值 37类，没有达到目标，却得满分" in result.message


@pytest.mark.parametrize(
    ("actual", "target", "met"),
    [
        ("91%", "≥90%", True), ("89.99%", ">=90%", False), ("18小时", "≤24小时", True), ("11.95%", "<=10%", False),
        ("1.5万元", "<1.5万元", False), ("4.89个月", "6-9个月", False), ("7个月", "6-9个月", True),
        ("0人", "0人", True), ("1次", "0次", False), ("有所提升", "有所提升", True), ("一般", "有所提升", None),
        ("100", "≥30家", True),  # 100 of 30, or done by 100%
        ("100", "<=30万", None),  # 100 is more than 30, or done by 100%
        ("3家", "≥2次", None),  # of another kind
        ("1015.66万元", "1020.5万元", False),
        ("90", "=10月份", None), ("44531.0", "2021-12-01", None), ("", "≥90%", None),
    ],
)
def test_whether_a_target_is_met(actual: str, target: str, met: bool | None) -> None:
    assert is_met(actual, target) is met


@pytest.mark.parametrize(
    ("printed", "actual", "target", "by_rule", "otherwise"),
    [
        ("107", "27.69万", "≥26万", True, True),
        ("67.30", "102.3万人次", "152万人次", True, True),  # 67.3026…
        ("101", "100%", "99%", True, True), ("101.00", "100%", "99%", False, False),  # 101.01
        ("100", "100%", "99%", False, True),  # at most 100
        ("119.50", "11.95%", "<=10%", False, True),  # over the bound, taken as it is
        ("83.68", "11.95%", "<=10%", True, True),
        ("0", "0人", "0人", False, True), ("0", "44531.0", "44531.0", False, False),
        ("97", "480人", "≥500人", False, False),
    ],
)
def test_a_printed_share_follows_from_the_rule_or_another_convention(
    printed: str, actual: str, target: str, by_rule: bool, otherwise: bool
) -> None:
    step = Decimal(1).scaleb(-len(printed.partition(".")[2]))
    assert is_reached(Decimal(printed), step, actual, target) is by_rule
    assert is_reached_otherwise(Decimal(printed), step, actual, target) is otherwise


@pytest.mark.parametrize(
    ("standard", "read"),
    [
        ("达到550元及以上，每少10元扣1分，扣完为止。", [(False, 10, "元", 1)]),
        ("不高于2.07倍，每高0.1倍扣1分", [(True, Decimal("0.1"), "倍", 1)]),
        ("应在6-9个月之间，每低1个月扣0.5分，每高1个月扣0.2分", [(False, 1, "个月", Decimal("0.5")),
                                                  (True, 1, "个月", Decimal("0.2"))]),
        ("每增加0.1个百分点扣0.1分", [(True, Decimal("0.1"), "%", Decimal("0.1"))]),
        ("全部符合5分，有1项不符扣2分", []),
    ],
)
def test_deductions_are_read_from_a_standard(standard: str, read: list[tuple[bool, Decimal, str, Decimal]]) -> None:
    assert [(each.upwards, each.step, each.unit, each.points) for each in deductions(standard)] == read


def test_a_scale_is_read_with_its_signs_as_they_stand() -> None:
    good, above = scale_of("☑优（S≥90） □差（60＞S）"), scale_of("□差（60<S）")
    assert [(each.word, each.low, each.high) for each in good] == [("优", Decimal(90), None), ("差", None, Decimal(60))]
    assert [(each.low, each.high) for each in above] == [(Decimal(60), None)]


PUBLISHED = {
    "000": ("厦门市医疗保障中心", {("3信息化专项资金.yaml", "执行率")}),
    "001": ("宁德市医疗保障局（本级）", {
        ("4健康扶贫补充保险.yaml", "完成比例"), ("1居民医保省级补助.yaml", "得分文字"),
        ("3居民医保县级配套.yaml", "得分文字"), ("1居民医保省级补助.yaml", "等级标准"),
        ("2医疗救助省级补助.yaml", "等级标准"), ("3居民医保县级配套.yaml", "等级标准"),
        ("4健康扶贫补充保险.yaml", "等级标准"), ("5医保工作经费.yaml", "等级标准"),
        ("6医疗救助县级配套.yaml", "等级标准"),
    }),
    "002": ("眉县医疗保障局", set()),
    "003": ("鄂州市医疗保障服务中心", {("3基金监管.yaml", "执行率得分"), ("4能力提升.yaml", "执行率得分")}),
    "004": ("安阳市医疗保障局", {("1整体预算.yaml", "基本项目互换")}),
}
"""Document → its unit, and the errors that reading its forms by hand finds: what cannot be right in any house."""


@pytest.mark.parametrize("document", PUBLISHED)
def test_the_errors_of_the_published_forms_are_found_and_no_others(document: str, tmp_path: Path) -> None:
    unit, expected = PUBLISHED[document]
    shutil.copytree(ROOT / "content" / unit, tmp_path / "content" / unit)
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    year = Workspace(tmp_path).years(unit)[-1]
    forms = tmp_path / "content" / unit / str(year) / "绩效"
    shutil.rmtree(forms)
    shutil.copytree(ROOT / "tests" / "published" / document / "绩效", forms)
    found = failures(report_of(tmp_path, unit, year))
    severe = [result for result in found if result.severity is Level.ERROR]
    assert {(str(result.source).rsplit("/", 1)[-1].partition(":")[0], result.rule) for result in severe} == expected
