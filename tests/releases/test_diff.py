"""One fact is corrected after the release: exactly the cells and sentences that depend on it are listed, with it.

The expected changes are computed by hand from the published figures (万元), each with its sum beside it.
"""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from correcting import ANYANG, EZHOU, MEIXIAN, NINGDE, XIAMEN, YEARS, Edit, Released, listed, released

from builder.building import Builder
from builder.releases.causes import difference
from builder.releases.facts import Kind
from builder.releases.lines import Line
from builder.tracing import Tracer
from builder.workspace import Workspace

FACTS, LAST_YEAR, NOTES = "决算.yaml", "上年.yaml", "说明.yaml"
Expected = list[tuple[str, str | None, str | None]]

XM, ND = "第三部分　2020年度部门决算情况说明 › ", "第三部分　2021年度部门决算情况说明 › "
THREE = "六、一般公共预算财政拨款“三公”经费支出决算情况说明 "
GENERAL = "五、一般公共预算财政拨款支出决算情况说明 › "
EZ = "九、财政拨款“三公”经费支出决算情况说明 › "


def part(place: str, text: str, *changed: tuple[str, str]) -> tuple[str, str | None, str | None]:
    """A sentence in which these pieces, each standing there once, have become others."""
    new = text
    for before, after in changed:
        assert new.count(before) == 1, before
        new = new.replace(before, after)
    return place, text, new


RECEPTION = (
    "3.公务接待费预算为0.7万元，支出决算为0.15万元，完成预算的21.43%，决算数较上年减少0.3万元，下降66.67%。"
)
RECEIVED = (
    "国内公务接待支出0.15万元，接待对象主要是省医疗保障部门和省内其他市州医疗保障部门，主要是开展医保改革、"
    "信息化建设和基金交叉检查等方面的学习、检查和调研工作。"
)
NINGDE_RECEPTION = (
    "（三）公务接待费支出7.72万元，比本年预算的6.00万元，增长28.67%，主要是全市医保稽查任务增加，"
    "组织稽查人员到各县（市、区）开展检查，接待次数随之增加。"
)
NINGDE_THREE = "2021年度“三公”经费财政拨款支出7.72万元，比本年预算的16.00万元，下降51.75%。"
XIAMEN_THREE = "2020年度“三公”经费财政拨款支出1.81万元，比年初预算的5.00万元下降63.80%。"
XIAMEN_RECEPTION = "（三）公务接待费支出1.81万元，比年初预算的5.00万元下降63.80%。"
RELIEF = "主要原因是当年下达的医疗救助资金比上年减少。"
LESS = ("当年下达的医疗救助资金比上年减少", "医疗救助资金减少")
AGENCY = "2020年机关运行经费预算为24.76万元，支出决算为24.76万元，完成预算的100%。"
LACKING = "，决算数较预算数减少1.00万元，主要原因是【待补充：机关运行经费.决算减少的原因】。"
MEIXIAN_06 = "「六、一般公共预算财政拨款基本支出决算表」"
SUBTOTAL = "一般公共预算财政拨款基本支出决算表（按经济分类科目） 本年…"
WHOLE = "「市级预算部门（单位）整体预算绩效自评表 （2021年度）」"
PENSION = (
    "2.社会保障和就业支出（类）行政事业单位养老支出（款）机关事业单位基本养老保险缴费支出（项）年初预算为73.11万元，"
    "支出决算为73.11万元，完成年初预算的100%。"
)

CASES: dict[str, tuple[str, Edit, Expected]] = {
    "厦门 公务接待费": (XIAMEN, Edit(FACTS, "决算: 1.81", "决算: 1.91"), [
        ("「七、一般公共预算财政拨款“三公”经费支出决算表」「合计」行「公开07表 决算数」栏", "1.81", "1.91"),
        ("「七、一般公共预算财政拨款“三公”经费支出决算表」「3.公务接待费」行「公开07表 决算数」栏", "1.81", "1.91"),
        # 5.00 − 1.91 = 3.09, ÷ 5.00 = 61.8%
        part(f"{XM}{THREE}第1段第1句", XIAMEN_THREE, ("1.81", "1.91"), ("63.80", "61.80")),
        part(f"{XM}{THREE}第6段第1句", XIAMEN_RECEPTION, ("1.81", "1.91"), ("63.80", "61.80")),
    ]),
    "厦门 三公预算": (XIAMEN, Edit(FACTS, "年初预算: 5.00", "年初预算: 4.00"), [
        # 4.00 − 1.81 = 2.19, ÷ 4.00 = 54.75%
        part(f"{XM}{THREE}第1段第1句", XIAMEN_THREE, ("5.00", "4.00"), ("63.80", "54.75")),
        part(f"{XM}{THREE}第6段第1句", XIAMEN_RECEPTION, ("5.00", "4.00"), ("63.80", "54.75")),
    ]),
    "厦门 原因": (XIAMEN, Edit(NOTES, "当年新增退休人员", "当年增加退休人员"), [
        part(
            f"{XM}二、一般公共预算财政拨款支出决算情况说明 第5段第2句", "主要原因是当年新增退休人员。", ("新增", "增加")
        ),
    ]),
    "厦门 上年变为零": (XIAMEN, Edit(LAST_YEAR, "2080501: {上年: 1.02}", "2080501: {上年: 0}"), [
        # from nothing: the whole 8.53, which this house prints as 100%
        part(
            f"{XM}二、一般公共预算财政拨款支出决算情况说明 第5段第1句",
            "（四）行政单位离退休8.53万元，较上年决算数增加7.51万元，增加736%。", ("7.51", "8.53"), ("736%", "100%"),
        ),
    ]),
    "厦门 尾差以内": (XIAMEN, Edit(LAST_YEAR, "{增减率: -0.07%}", "{增减率: -0.074%}"), []),
    "宁德 公务接待费由增变减": (NINGDE, Edit(FACTS, "决算: 7.72", "决算: 5.72"), [
        ("「七、一般公共预算财政拨款“三公”经费支出决算表」「合计」行「公开07表 决算数」栏", "7.72", "5.72"),
        ("「七、一般公共预算财政拨款“三公”经费支出决算表」「3.公务接待费」行「公开07表 决算数」栏", "7.72", "5.72"),
        # (16.00 − 5.72) ÷ 16.00 = 64.25%; (6.00 − 5.72) ÷ 6.00 = 4.67%
        part(f"{ND}{THREE}第1段第1句", NINGDE_THREE, ("7.72", "5.72"), ("51.75", "64.25")),
        part(f"{ND}{THREE}第6段第1句", NINGDE_RECEPTION, ("7.72", "5.72"), ("增长28.67", "下降4.67")),
    ]),
    "宁德 三公预算": (NINGDE, Edit(FACTS, "全年预算: 6.00", "全年预算: 9.00"), [
        # (19.00 − 7.72) ÷ 19.00 = 59.37%; (9.00 − 7.72) ÷ 9.00 = 14.22%
        part(f"{ND}{THREE}第1段第1句", NINGDE_THREE, ("16.00", "19.00"), ("51.75", "59.37")),
        part(f"{ND}{THREE}第6段第1句", NINGDE_RECEPTION, ("6.00", "9.00"), ("增长28.67", "下降14.22")),
    ]),
    "宁德 原因": (NINGDE, Edit(NOTES, "当年新增专项经费", "当年增加专项经费"), [
        part(
            f"{ND}二、一般公共预算财政拨款支出决算情况说明 第7段第2句", "主要原因是当年新增专项经费。", ("新增", "增加")
        ),
    ]),
    "宁德 上年由增变减": (NINGDE, Edit(LAST_YEAR, "2080505: {增减: 2.96}", "2080505: {增减: -2.96}"), [
        # 31.57 + 2.96 = 34.53; 2.96 ÷ 34.53 = 8.57%
        part(
            f"{ND}二、一般公共预算财政拨款支出决算情况说明 第2段第1句",
            "（一）2080505-机关事业单位基本养老保险缴费支出31.57万元，较上年决算增加2.96万元，增长10.35%。",
            ("增加2.96万元，增长10.35", "减少2.96万元，下降8.57"),
        ),
    ]),
    "眉县 办公费": (MEIXIAN, Edit(FACTS, "30201: 8.00", "30201: 7.00"), [
        # the leaves add up to 471.54, printed 471.55 as 尾差; less 1.00 they are 470.54
        (f"{MEIXIAN_06}「合计」行「{SUBTOTAL}」栏", "471.55", "470.54"),
        (f"{MEIXIAN_06}「合计」行「公开06表 公用经费」栏", "24.76", "23.76"),
        (f"{MEIXIAN_06}「商品和服务支出」行「{SUBTOTAL}」栏", "24.76", "23.76"),
        (f"{MEIXIAN_06}「商品和服务支出」行「公开06表 公用经费」栏", "24.76", "23.76"),
        (f"{MEIXIAN_06}「办公费」行「{SUBTOTAL}」栏", "8.00", "7.00"),
        (f"{MEIXIAN_06}「办公费」行「公开06表 公用经费」栏", "8.00", "7.00"),
        part(
            "第三部分　2020年部门决算情况说明 › 六、一般公共预算财政拨款基本支出决算情况说明 第1段",
            "2020年一般公共预算财政拨款基本支出471.55万元，包括：人员经费支出446.79万元和公用经费支出24.76万元。",
            ("24.76", "23.76"),
        ),
        part(
            "第三部分　2020年部门决算情况说明 › 六、一般公共预算财政拨款基本支出决算情况说明 第3段",
            "公用经费24.76万元，主要包括商品和服务支出24.76万元，其中：办公费8万元，印刷费5万元，水电费1.5万元，"
            "物业管理费0.5万元，培训费8万元，其他交通费用1.76万元。",
            ("公用经费24.76", "公用经费23.76"), ("支出24.76", "支出23.76"), ("办公费8", "办公费7"),
        ),
        part(  # 23.76 ÷ 24.76 = 95.96%; that the office spent less asks for a reason
            "第三部分　2020年部门决算情况说明 › 十、机关运行经费支出情况说明 第1段", AGENCY,
            ("决算为24.76", "决算为23.76"), ("100%。", f"96%{LACKING}"),
        ),
    ]),
    "眉县 机关运行经费预算": (MEIXIAN, Edit(FACTS, "全年预算: 24.76", "全年预算: 25.76"), [
        part(  # 24.76 ÷ 25.76 = 96.1%
            "第三部分　2020年部门决算情况说明 › 十、机关运行经费支出情况说明 第1段", AGENCY,
            ("预算为24.76", "预算为25.76"), ("100%。", f"96%{LACKING}"),
        ),
    ]),
    "眉县 五处引用的原因": (MEIXIAN, Edit(NOTES, *LESS), [
        part(f"第三部分　2020年部门决算情况说明 › {place}", f"{words}比上年减少1058.39万元，{RELIEF}", LESS)
        for place, words in (
            ("一、收入支出决算总体情况说明 第1段", "2020年收入606.81万元，"),
            ("一、收入支出决算总体情况说明 第2段", "2020年支出606.81万元，"),
            ("四、财政拨款收入支出决算总体情况说明 第1段", "2020年财政拨款收入606.81万元，"),
            ("四、财政拨款收入支出决算总体情况说明 第2段", "2020年财政拨款支出606.81万元，"),
        )
    ] + [
        part(
            f"{GENERAL}（一）财政拨款支出决算总体情况说明。 第1段第2句",
            f"与上年相比，财政拨款支出减少1058.39万元，减少64%，{RELIEF}", LESS,
        ),
    ]),
    "眉县 上年由减变增": (MEIXIAN, Edit(LAST_YEAR, "  收入.合计: {上年: 1665.20}", "  收入.合计: {上年: 565.20}"), [
        part(  # 606.81 − 565.20 = 41.61
            "第三部分　2020年部门决算情况说明 › 一、收入支出决算总体情况说明 第1段",
            f"2020年收入606.81万元，比上年减少1058.39万元，{RELIEF}", ("减少1058.39", "增加41.61"),
        ),
        ("「图表：收入变动」「2019年」行「收入」栏", "1665.2", "565.2"),
    ]),
    "安阳 政府采购": (ANYANG, Edit(FACTS, "货物: {支出: 299.95,", "货物: {支出: 309.95,"), [
        (  # 651.92 of 641.92: 101.56%, in a form with one decimal
            f"{WHOLE}「政府采购执行率=（实际政府采购金额/政府采购预算数）×10…」行「执行率」栏", "100.0", "101.6",
        ),
        part(
            f"{ND}十、政府采购支出情况说明 第1段第1句",
            "2021年度政府采购支出总额641.92万元，其中：政府采购货物支出299.95万元、政府采购工程支出0万元、"
            "政府采购服务支出341.97万元。", ("641.92", "651.92"), ("299.95", "309.95"),
        ),
        part(  # 641.92 ÷ 651.92 = 98.466%
            f"{ND}十、政府采购支出情况说明 第1段第2句",
            "授予中小企业合同金额641.92万元，占政府采购支出总额的100%，其中：授予小微企业合同金额0万元，"
            "占政府采购支出总额的0%。", ("100%", "98.47%"),
        ),
    ]),
    "安阳 年初预算": (ANYANG, Edit(FACTS, "科目: 2080505, 金额: 73.11", "科目: 2080505, 金额: 70.11"), [
        part(  # 1360.68 − 3.00; 2203.76 ÷ 1357.68 = 162.32%
            f"{GENERAL}（三）具体情况。 第1段第1句",
            "2021年度一般公共预算财政拨款支出年初预算为1,360.68万元，支出决算为2,203.76万元，完成年初预算的161.96%。",
            ("1,360.68", "1,357.68"), ("161.96", "162.32"),
        ),
        part(  # 73.11 ÷ 70.11 = 104.28%
            f"{GENERAL}（三）具体情况。 第3段第1句", PENSION,
            ("年初预算为73.11", "年初预算为70.11"), ("100%", "104.28%"),
        ),
        (
            f"{GENERAL}（三）具体情况。 第3段第2句", None,
            "决算数与年初预算数存在差异的主要原因是【待补充：一般公共预算支出.2080505增加的原因】。",
        ),
    ]),
    "安阳 原因": (ANYANG, Edit(NOTES, "项目资金660.55万元", "项目资金660.56万元"), [
        part(
            f"{GENERAL}（一）总体情况。 第1段第3句", "主要原因是当年调剂使用项目资金660.55万元。", ("660.55", "660.56")
        ),
    ]),
    "安阳 上年由增变减": (ANYANG, Edit(LAST_YEAR, "{上年: 1446.39}", "{上年: 2446.39}"), [
        part(  # 2203.76 − 2446.39 = −242.63; ÷ 2446.39 = 9.92%
            f"{GENERAL}（一）总体情况。 第1段第2句",
            "与上年度相比，一般公共预算财政拨款支出增加757.37万元，增长52.36%。",
            ("增加757.37万元，增长52.36", "减少242.63万元，下降9.92"),
        ),
    ]),
    "鄂州 公务接待费": (EZHOU, Edit(FACTS, "决算: 0.15", "决算: 0.25"), [
        ("「九、财政拨款“三公”经费支出决算表」第8行「决算数 合计」栏", "0.15", "0.25"),
        ("「九、财政拨款“三公”经费支出决算表」第8行「决算数 公务接待费」栏", "0.15", "0.25"),
        part(  # 0.25 ÷ 0.70 = 35.71%
            f"{EZ}（一）“三公”经费财政拨款支出决算总体情况说明。 第1段第1句",
            "2022年度“三公”经费财政拨款支出预算为0.7万元，支出决算为0.15万元，完成预算的21.43%。",
            ("0.15", "0.25"), ("21.43", "35.71"),
        ),
        part(  # 0.45 − 0.25 = 0.20; ÷ 0.45 = 44.44%
            f"{EZ}（一）“三公”经费财政拨款支出决算总体情况说明。 第1段第2句", "较上年减少0.3万元，下降66.67%。",
            ("0.3", "0.2"), ("66.67", "44.44"),
        ),
        part(
            f"{EZ}（二）“三公”经费财政拨款支出决算具体情况说明。 第6段第1句", RECEPTION,
            ("0.15", "0.25"), ("21.43", "35.71"), ("0.3万元", "0.2万元"), ("66.67", "44.44"),
        ),
        part(f"{EZ}（二）“三公”经费财政拨款支出决算具体情况说明。 第8段第1句", RECEIVED, ("0.15", "0.25")),
    ]),
    "鄂州 绩效预算": (EZHOU, Edit("绩效/2医保信息化.yaml", "调整预算: 170.96", "调整预算: 180.96"), [
        part(  # 102.17 ÷ 180.96 = 56.46%
            "十三、预算绩效情况说明 › （二）部门决算中项目绩效自评结果。 第5段第1句",
            "医保信息化建设：项目全年预算数为247.96万元，调整预算数为170.96万元，执行数为102.17万元，完成预算59.76%。",
            ("170.96", "180.96"), ("59.76", "56.46"),
        ),
        *(
            ("「单位名称：鄂州市医疗保障服务中心」「年度财政 资金总额」行「医疗保险业务信息化」栏", old, new)
            for old, new in (("170.96", "180.96"), ("59.76%", "56.46%"), ("12", "11"))  # 20 分 × 56.46% = 11.3
        ),
        ("「单位名称：鄂州市医疗保障服务中心」「总分」行「医疗保险业务信息化」栏", "92", "91"),
    ]),
    "鄂州 原因": (EZHOU, Edit(NOTES, "按政策追加了离退休人员的绩效工资部分", "按政策追加离退休人员绩效工资"), [
        part(
            f"{GENERAL}（三）一般公共预算财政拨款支出决算具体情况。 第3段第2句",
            "年初预算为1.78万元，支出决算为5.3万元，完成年初预算的298%，支出决算数大于年初预算数的主要原因："
            "按政策追加了离退休人员的绩效工资部分。",
            ("按政策追加了离退休人员的绩效工资部分", "按政策追加离退休人员绩效工资"),
        ),
    ]),
    "鄂州 上年": (EZHOU, Edit(LAST_YEAR, "  收入.合计: {上年: 927.84}", "  收入.合计: {上年: 1100.00}"), [
        part(  # 1067.01 − 1100.00 = −32.99; ÷ 1100.00 = 3%
            "第三部分　2022年度部门决算情况说明 › 二、收入决算情况说明 第1段第1句",
            "2022年度收入合计1067.01万元，与2021年度相比，收入合计增加139.17万元，增长15%。",
            ("增加139.17万元，增长15%", "减少32.99万元，下降3%"),
        ),
    ]),
}


@pytest.mark.parametrize("name", CASES)
def test_exactly_what_depends_on_the_correction(name: str) -> None:
    unit, edit, expected = CASES[name]
    found, _new = released(unit).corrected(edit)
    assert listed(found) == expected
    (changed,) = found.inputs
    assert changed.source.path == f"content/{unit}/{YEARS[unit]}/{edit.file}"
    assert all([cause.input for cause in each.causes] == [changed] for each in found.changes)
    assert found.without_effect == ([] if expected else [changed])


def test_an_income_that_turns_to_zero_takes_its_rows_with_it() -> None:
    found, _new = released(EZHOU).corrected(Edit(FACTS, "2299999, 其他收入: 2.51", "2299999, 其他收入: 0"))
    gone = [(place, old) for place, old, new in listed(found) if new is None]
    amounts = "2.51　0.00　0.00　0.00　0.00　0.00　2.51"
    assert gone == [
        *(("「二、收入决算表」「其他支出」行", f"{code}　其他支出　{amounts}") for code in ("229", "22999", "2299999")),
        ("「图表：收入结构」「其他收入」行", "其他收入　2.51"),
    ]
    cells = [(old, new) for place, old, new in listed(found) if place.endswith("栏")]
    # the leaves without it: 1064.51
    assert cells == [
        ("2.51", "0.00"), ("1,067.01", "1,064.51"), ("1,067.01", "1,064.51"), ("1,067.01", "1,064.51"),
        ("2.51", "0.00"), ("1067.01", "1064.51"),
    ]
    assert not found.unexplained


def test_two_corrections_are_told_apart_and_what_both_change_has_both() -> None:
    reception, budget = Edit(FACTS, "决算: 1.81", "决算: 1.91"), Edit(FACTS, "年初预算: 5.00", "年初预算: 4.00")
    found, _new = released(XIAMEN).corrected(reception, budget)
    by = {each.change.place: [cause.input.new for cause in each.causes] for each in found.changes}
    assert by == {
        "「七、一般公共预算财政拨款“三公”经费支出决算表」「合计」行「公开07表 决算数」栏": ["1.91"],
        "「七、一般公共预算财政拨款“三公”经费支出决算表」「3.公务接待费」行「公开07表 决算数」栏": ["1.91"],
        f"{XM}{THREE}第1段第1句": ["4.00", "1.91"],
        f"{XM}{THREE}第6段第1句": ["4.00", "1.91"],
    }


def test_the_way_from_the_fact_to_the_sentence() -> None:
    found, _new = released(ANYANG).corrected(Edit(FACTS, "项目支出: 763.41", "项目支出: 736.41"))
    place = "第三部分　2021年度部门决算情况说明 › 三、支出决算情况说明 第1段第1句"
    (cause,) = next(each.causes for each in found.changes if each.change.place == place)
    assert cause.input.where == ("支出", "科目 2101599、资金来源 一般公共预算", "项目支出")
    assert "支出.合计" in cause.figures
    assert "公开03/合计/本年支出合计" in cause.cells


@pytest.mark.parametrize("unit", YEARS)
def test_nothing_has_changed(unit: str) -> None:
    found, _new = released(unit).corrected()
    assert (found.changes, found.inputs) == ((), ())


def test_words_that_no_input_explains_are_named_whatever_else_was_corrected() -> None:
    one = released(EZHOU)
    where = next(i for i, line in enumerate(one.snapshot.lines) if "授予中小企业" in line.text)
    line = one.snapshot.lines[where]
    altered = (*one.snapshot.lines[:where], other(line), *one.snapshot.lines[where + 1 :])
    _found, new = one.corrected(Edit(FACTS, "决算: 0.15", "决算: 0.25"))
    found = difference(one.builder, replace(one.snapshot, lines=altered), new)
    assert [change.line.text for change in found.unexplained] == [line.text]
    assert len(found.changes) == 6 + 1


def test_where_the_program_is_another_version_that_is_the_cause() -> None:
    one = released(EZHOU)
    lines = tuple(other(line) for line in one.snapshot.lines)
    old = replace(one.snapshot, lines=lines, state=replace(one.snapshot.state, program="juesuan 0.0.1"))
    _found, new = one.corrected()
    found = difference(one.builder, old, new)
    assert found.changes
    assert {cause.input.kind for each in found.changes for cause in each.causes} == {Kind.PROGRAM}
    assert not found.unexplained


def test_a_code_corrected_in_both_places_stays_one_row() -> None:
    line = "资金来源: 一般公共预算, 项目支出: 138.02"
    found, _new = released(EZHOU).corrected(
        Edit(FACTS, f"2101504, {line}", f"2101505, {line}"),
        Edit(FACTS, "2101504, 一般公共预算财政拨款", "2101505, 一般公共预算财政拨款"),
    )
    causes = {each.change.place: [cause.input.where[0] for cause in each.causes] for each in found.changes}
    assert causes["「二、收入决算表」第19行「科目代码 栏次」栏"] == ["收入"]
    assert causes["「三、支出决算表」第20行「科目代码 栏次」栏"] == ["支出"]
    assert not found.unexplained


def test_a_changed_sentence_of_the_form_is_a_cause() -> None:
    """The form's file is named for its sentence, the fact for the others."""
    one = Released(EZHOU)
    _rewritten(one.root / "templates" / "湖北" / "说明.docx", "主要用于以下方面", "主要用于下列方面")
    one.builder = Builder(Workspace(one.root))
    one.tracer = Tracer(one.builder)
    found, _new = one.corrected(Edit(FACTS, "决算: 0.15", "决算: 0.25"))
    files = [[cause.input.file.rpartition("/")[2] for cause in each.causes] for each in found.changes]
    assert files == [[FACTS], [FACTS], ["说明.docx"], [FACTS], [FACTS], [FACTS], [FACTS]]


def _rewritten(path: Path, old: str, new: str) -> None:
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    text = members["word/document.xml"].decode()
    assert old in text
    members["word/document.xml"] = text.replace(old, new).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)


def other(line: Line) -> Line:
    return replace(line, text=line.text.replace("授予中小企业", "给予中小企业", 1))
